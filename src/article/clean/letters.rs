//! Repairs letters that were garbled on the way: decoded with the wrong charset, escaped once too often, decomposed,
//! hyphenated.
//!
//! A text without such letters is returned unchanged, byte for byte.

mod recode;

use std::borrow::Cow;

use html_escape::decode_html_entities;
use unicode_normalization::UnicodeNormalization as _;

use recode::recoded;

use super::html::looks_like_html;
use crate::article::junk::{Hyphen, Junk};

/// Most times that a text may be escaped.
const ESCAPED: usize = 3;

/// Bytes of the longest inline tag.
const TAG: usize = 2048;

/// Most marks on one letter; more of them are for show.
const MARKS: usize = 4;

/// Inline tags.
const INLINE: [&str; 22] = [
    "a", "abbr", "b", "bdi", "big", "cite", "code", "em", "font", "i", "ins", "mark", "q", "s", "small",
    "span", "strike", "strong", "sub", "sup", "time", "u",
];

/// Lookalike letters: Latin, Cyrillic.
const ALIKE: [(char, char); 24] = [
    ('A', 'А'),
    ('a', 'а'),
    ('B', 'В'),
    ('C', 'С'),
    ('c', 'с'),
    ('E', 'Е'),
    ('e', 'е'),
    ('H', 'Н'),
    ('I', 'І'),
    ('i', 'і'),
    ('J', 'Ј'),
    ('j', 'ј'),
    ('K', 'К'),
    ('M', 'М'),
    ('O', 'О'),
    ('o', 'о'),
    ('P', 'Р'),
    ('p', 'р'),
    ('S', 'Ѕ'),
    ('T', 'Т'),
    ('X', 'Х'),
    ('x', 'х'),
    ('Y', 'У'),
    ('y', 'у'),
];

/// The body of a text whose tags were escaped; `None` for other texts.
pub(super) fn escaped_markup(text: &str) -> Option<String> {
    if !text.contains("lt;") && !text.contains("#60;") {
        return None;
    }
    let plain = unescaped(text);
    (matches!(plain, Cow::Owned(_)) && looks_like_html(&plain)).then(|| plain.into_owned())
}

/// Repairs a headline and puts it on one line.
pub(super) fn headline(title: String) -> String {
    let title = changed(title, without_tags);
    let mut title = text(title);
    if title.contains(['\n', '\r']) {
        title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    title
}

/// Repairs a text that came as plain text: also removes its inline tags and joins its hyphenated words.
pub(super) fn plain(body: String, junk: &Junk) -> String {
    let body = changed(text(body), without_tags);
    rejoined(body, junk)
}

/// Repairs the letters of any text.
pub(super) fn text(text: String) -> String {
    let text = changed(text, recoded);
    let text = changed(text, unescaped);
    if text.is_ascii() {
        return text;
    }
    let text = changed(text, composed);
    changed(text, of_one_script)
}

/// Applies a step that borrows the text if it changes nothing.
pub(super) fn changed(text: String, step: fn(&str) -> Cow<'_, str>) -> String {
    match step(&text) {
        Cow::Owned(new) => new,
        Cow::Borrowed(_) => text,
    }
}

/// Decodes entities, including doubly escaped ones.
fn unescaped(text: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(text);
    for _ in 0..ESCAPED {
        if memchr::memchr(b'&', out.as_bytes()).is_none() {
            break;
        }
        let decoded = decode_html_entities(&out);
        if *decoded == *out {
            break;
        }
        out = Cow::Owned(decoded.into_owned());
    }
    out
}

/// Composes letters and their marks, expands ligatures and removes invisible characters.
fn composed(text: &str) -> Cow<'_, str> {
    if !text.contains(is_odd) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = rest.next() {
        match c {
            _ if is_unseen(c) => {
                let mut run = String::from(c);
                while let Some(next) = rest.next_if(|c| is_unseen(*c)) {
                    run.push(next);
                }
                let within = |c: char| c.is_alphanumeric() || is_mark(c);
                let joins = run.contains(['\u{200c}', '\u{200d}']);
                let breaks =
                    before < '\u{590}' || matches!(before, '\u{10a0}'..='\u{10ff}' | '\u{1e00}'..='\u{1fff}');
                // Persian uses joiners, and languages without blanks use zero-width breaks
                let removable = breaks || !joins && before < '\u{780}';
                if !(removable && within(before) && rest.peek().is_some_and(|next| within(*next))) {
                    out.push_str(&run);
                    before = c;
                }
                continue;
            }
            '\u{fb00}'..='\u{fb06}' | '\u{fb13}'..='\u{fb17}' => out.extend([c].into_iter().nfkc()),
            'ǝ' => out.push('ə'),
            'Ǝ' => out.push('Ə'),
            _ if c.is_alphabetic() && rest.peek().is_some_and(|next| is_mark(*next)) => {
                let mut letter = vec![c];
                while letter.len() <= MARKS
                    && let Some(mark) = rest.next_if(|c| is_mark(*c))
                {
                    letter.push(mark);
                }
                out.extend(letter.into_iter().nfc());
            }
            _ => out.push(c),
        }
        before = c;
    }
    Cow::Owned(out)
}

fn is_odd(c: char) -> bool {
    c > '\u{ac}'
        && (is_unseen(c)
            || is_mark(c)
            || matches!(c, 'ǝ' | 'Ǝ' | '\u{fb00}'..='\u{fb06}' | '\u{fb13}'..='\u{fb17}'))
}

/// Whether a character is a soft hyphen, a zero-width break or joiner, or a direction mark.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Whether a character is a mark that follows its letter in decomposed text.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{653}'..='\u{655}')
}

/// Replaces letters of another script that look like those of the word's own.
fn of_one_script(text: &str) -> Cow<'_, str> {
    let is_cyrillic = |c: char| matches!(c, '\u{400}'..='\u{52f}');
    let is_latin =
        |c: char| c.is_ascii_alphabetic() || matches!(c, 'À'..='\u{24f}' | 'ə' | '\u{1e00}'..='\u{1eff}');
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    for word in text.split(|c: char| !is_cyrillic(c) && !is_latin(c)) {
        let start = at;
        at += word.len();
        at += text[at..].chars().next().map_or(0, char::len_utf8);
        if word.is_ascii() {
            continue;
        }
        let cyrillic = word.chars().filter(|c| is_cyrillic(*c)).count();
        let latin = word.chars().count() - cyrillic;
        if cyrillic == 0 || latin == 0 || cyrillic.min(latin) * 2 > cyrillic.max(latin) {
            continue;
        }
        let own = |c: char| {
            if is_cyrillic(c) == (cyrillic > latin) {
                return Some(c);
            }
            ALIKE.iter().find_map(|&(l, y)| if c == l { Some(y) } else { (c == y).then_some(l) })
        };
        if let Some(word_of_one) = word.chars().map(own).collect::<Option<String>>() {
            out.push_str(&text[copied..start]);
            out.push_str(&word_of_one);
            copied = start + word.len();
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// The length of the inline tag that the text begins with, and whether it is a closing one.
fn tag(text: &str) -> Option<(bool, usize)> {
    let inner = text.strip_prefix('<')?;
    let closes = inner.starts_with('/');
    let name = inner.trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric())?;
    let known = INLINE.iter().any(|tag| tag.eq_ignore_ascii_case(&name[..end]));
    if !known || !name[end..].starts_with(|c: char| c == '>' || c == '/' || c.is_ascii_whitespace()) {
        return None;
    }
    let close = text.bytes().take(TAG).skip(1).position(|b| matches!(b, b'<' | b'>'))? + 1;
    (text.as_bytes()[close] == b'>').then_some((closes, close + 1))
}

/// Removes inline tags, if one of them is closed and there is no other kind of tag. Otherwise the text is about tags,
/// or was made to look like a page, and is returned unchanged.
fn without_tags(text: &str) -> Cow<'_, str> {
    let starts = || memchr::memchr_iter(b'<', text.as_bytes());
    let other = |at: usize| {
        let name = text[at + 1..].trim_start_matches('/');
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && tag(&text[at..]).is_none()
    };
    if starts().any(other) || !starts().any(|at| tag(&text[at..]).is_some_and(|(closes, _)| closes)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for at in starts() {
        if let Some((_, length)) = tag(&text[at..]) {
            out.push_str(&text[copied..at]);
            copied = at + length;
        }
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Joins words that were hyphenated at the end of a line.
fn rejoined(text: String, junk: &Junk) -> String {
    let mut out = String::new();
    let mut copied = 0;
    for hyphen in memchr::memchr_iter(b'-', text.as_bytes()) {
        let behind = &text[hyphen + 1..];
        let Some(next) = behind.strip_prefix('\n').or_else(|| behind.strip_prefix("\r\n")) else { continue };
        let broken = text[..hyphen].chars().rev().take(2).filter(|c| c.is_alphabetic()).count() == 2;
        if !broken || !next.starts_with(char::is_lowercase) {
            continue;
        }
        let end = next.find(|c: char| !c.is_alphabetic()).unwrap_or(next.len());
        let word = &next[..end];
        let kept = match junk.hyphen(word) {
            Some(Hyphen::Apart) => continue,
            kept => usize::from(kept == Some(Hyphen::Kept)),
        };
        out.push_str(&text[copied..hyphen + kept]);
        copied = text.len() - next.len();
    }
    if copied == 0 {
        return text;
    }
    out.push_str(&text[copied..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;

    #[test]
    fn spoilt_letters_are_mended() {
        let knowledge = Knowledge::compiled_in();
        let junk = &knowledge.junk;
        for (name, spoilt, want) in [
            ("decomposed", "Cafe\u{301} in Du\u{308}zce", "Café in Düzce"),
            ("decomposed Cyrillic", "боевои\u{306}", "боевой"),
            ("soft hyphen", "Aser\u{ad}bai\u{ad}dschan", "Aserbaidschan"),
            ("zero width", "Ka\u{200b}zakh\u{2060}stan and\u{200b} so", "Kazakhstan and\u{200b} so"),
            ("ligatures", "o\u{fb03}ce \u{fb02}ood", "office flood"),
            ("entities", "Tom &amp; Ann&#8217;s &quot;trip&quot;", "Tom & Ann’s \"trip\""),
            ("escaped twice", "Tom &amp;amp; &amp;ldquo;Ann&amp;rdquo;", "Tom & “Ann”"),
            ("controls", "\u{93}Yes\u{94}, it\u{92}s so", "“Yes”, it’s so"),
            ("wrong charset", "â€œYesâ€\u{9d}, itâ€™s cafÃ©", "“Yes”, it’s café"),
            ("wrong charset, a byte lost", "â€œYesâ€ he said", "“Yes” he said"),
            ("wrong charset, Cyrillic", "Ð¿Ð¾Ñ€Ñ‚", "порт"),
            ("Latin in Cyrillic", "в Mоcкве", "в Москве"),
            ("Cyrillic in Latin", "the Pоrt board", "the Port board"),
            ("an old schwa", "Gǝncǝ, Ǝli", "Gəncə, Əli"),
            ("tags", "He <b>said</b> <a href=\"x\">so</a>", "He said so"),
            ("broken words", "the har-\nbour, a Baku-\nbased firm", "the harbour, a Baku-based firm"),
        ] {
            assert_eq!(plain(spoilt.to_owned(), junk), want, "{name}");
        }
        assert_eq!(headline("One &#10;<i>two</i>".to_owned()), "One two");
        assert_eq!(escaped_markup("&lt;p&gt;One&lt;/p&gt;").as_deref(), Some("<p>One</p>"));
        assert_eq!(escaped_markup("a &lt; b"), None);
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        let knowledge = Knowledge::compiled_in();
        let junk = &knowledge.junk;
        for text in [
            "AT&T said so & left; 3 < 4 > 2, <br> and <p>",
            "He wrote <b> where bold was due",
            "<script>run()</script><b>title</b>",
            "Außen- und\nInnen-\nund Sicherheit, pre-\n\nwar",
            "می\u{200c}خواهم",
            "👩\u{200d}🚀 and e\u{200d}",
            "CAFÉ» und «É” naïve NÃO",
            "IT-компания, СМИ, USB-порт, VIPов",
            "\u{200b}Start, end\u{200b}",
            "ไทย\u{200b}ไทย",
        ] {
            assert_eq!(plain(text.to_owned(), junk), text);
        }
    }
}
