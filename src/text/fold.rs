//! Folds the spellings of a word into one form.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

use super::Script;

/// Folds a word: lower case, one form of apostrophe and hyphen, no final dot of an acronym, ё as е, the dotless and
/// dotted capital I of Turkish as i.
pub fn fold(word: &str, out: &mut String) {
    out.clear();
    if word.is_ascii() {
        out.push_str(word);
        out.make_ascii_lowercase();
    } else {
        for c in word.chars() {
            match c {
                'a'..='z' | 'а'..='я' => out.push(c),
                '’' | 'ʼ' | '‘' | '`' | '´' => out.push('\''),
                '‐' | '‑' => out.push('-'),
                'ё' | 'Ё' => out.push('е'),
                'İ' => out.push('i'),
                '\u{ad}' | '\u{307}' | '\u{301}' => {}
                _ => out.extend(c.to_lowercase()),
            }
        }
    }
    if out.len() > 1 && out.ends_with('.') {
        out.pop();
    }
}

/// A folded word without its diacritics, as people type it whose keyboards lack them; `None` unless it is in Latin
/// letters and has any.
pub fn unmarked(folded: &str) -> Option<String> {
    if folded.is_ascii() || folded.chars().next().map(Script::of) != Some(Script::Latin) {
        return None;
    }
    let mut out = String::with_capacity(folded.len());
    for c in folded.nfkd().filter(|c| canonical_combining_class(*c) == 0) {
        match c {
            'ı' => out.push('i'),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'þ' => out.push_str("th"),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            _ => out.push(c),
        }
    }
    (out != folded).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_latin_letters_are_taken_off() {
        for (word, want) in [
            ("erdoğan", Some("erdogan")),
            ("łódź", Some("lodz")),
            ("straße", Some("strasse")),
            ("əliyev", None),
            ("oil", None),
            ("война", None),
            ("баку", None),
        ] {
            assert_eq!(unmarked(word).as_deref(), want, "{word}");
        }
    }
}
