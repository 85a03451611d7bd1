//! One form for the spellings of a word.

/// Small letters, one form of apostrophe and hyphen, no final dot of an acronym, ё as е, the dotless and dotted
/// capital I of Turkish as i.
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
