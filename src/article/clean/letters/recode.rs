//! Repairs text that was decoded with the wrong charset.

use std::borrow::Cow;

/// The characters of windows-1252 from 0x80 to 0x9f; zero where it has none.
const WINDOWS: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“',
    '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// The byte that windows-1252 or Latin-1 decodes to this character; `None` for ASCII and for characters in neither.
fn byte(c: char) -> Option<u8> {
    match c {
        '\u{80}'..='\u{ff}' => Some(c as u8),
        '\u{100}'.. => WINDOWS.iter().position(|w| *w == c).map(|at| 0x80 + at as u8),
        _ => None,
    }
}

/// Repairs UTF-8 decoded as windows-1252 (`â€œ` for a quotation mark), and windows-1252 decoded as Latin-1.
pub(super) fn recoded(text: &str) -> Cow<'_, str> {
    let controls = text.contains(|c| matches!(c, '\u{80}'..='\u{9f}'));
    let quotes = text.contains("â€") || text.contains("â\u{80}");
    let wrong = quotes || {
        let mut pairs = 0;
        each_recoded(text, |_, read| pairs += usize::from(read), false);
        // a single pair may be a capital before a closing mark
        pairs >= 3
    };
    if !controls && !wrong {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut push = |c: char| match c {
        '\u{80}'..='\u{9f}' => out.extend(Some(WINDOWS[c as usize - 0x80]).filter(|c| *c != '\0')),
        c => out.push(c),
    };
    if wrong {
        each_recoded(text, |c, _| push(c), quotes);
    } else {
        text.chars().for_each(push);
    }
    Cow::Owned(out)
}

/// Calls `call` with each character, and whether it was made of several.
fn each_recoded(text: &str, mut call: impl FnMut(char, bool), quotes: bool) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let mut bytes = [0; 3];
        let mut ends = [0; 3];
        let mut length = 0;
        // only letters of Europe and its punctuation are restored
        if matches!(byte(first), Some(0xc2..=0xc5 | 0xd0..=0xd1 | 0xe2)) {
            for (at, c) in rest.char_indices().take(3) {
                let Some(byte) = byte(c) else { break };
                bytes[length] = byte;
                length += 1;
                ends[length - 1] = at + c.len_utf8();
            }
        }
        let wanted = if bytes[0] == 0xe2 { 3 } else { 2 };
        let read =
            (length >= wanted).then(|| std::str::from_utf8(&bytes[..wanted]).ok()?.chars().next()).flatten();
        let taken = match read {
            Some(c) => {
                call(c, true);
                ends[wanted - 1]
            }
            // the last byte of a closing mark has no character in windows-1252, and many omit it
            None if quotes && length >= 2 && bytes[..2] == [0xe2, 0x80] => {
                call('”', true);
                ends[1]
            }
            None => {
                call(first, false);
                first.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
}
