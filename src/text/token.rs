//! Cuts text into tokens: words, numbers and marks.
//!
//! A word is a run of letters, digits and combining marks. Hyphens and apostrophes are separate marks ("U.S.-led",
//! "O'Brien", "Almanya'nın"), so a name is found with whatever is attached to it; lexicon phrases are cut by the same
//! rules. Dotted acronyms ("U.S.", "a.m.", "Ph.D.") are one word, including their dots.

use super::is_letter;

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters, perhaps followed by digits ("G20", "Əliyev", "U.S.").
    Word,
    /// Starts with a digit: "1,200.5", "45th", "11:42" is three tokens.
    Number,
    /// One punctuation mark or symbol.
    Mark,
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// All lower case, or a script without case, or not a word.
    Lower,
    /// A capital first and at least one lower-case letter: "Baku", "McDonald".
    Title,
    /// Capitals only: "US", "A", "U.S.".
    Upper,
    /// A lower-case letter first and capitals later: "iPhone".
    Mixed,
}

/// The white space before a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// None: the token touches the one before it.
    None,
    /// Spaces or tabs.
    Space,
    /// A line break within a paragraph of hard-wrapped text.
    Line,
    /// The start of a paragraph, or of the text.
    Paragraph,
}

/// A word, number or mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
    /// Code points before the token.
    pub chars: u32,
    /// What it is made of.
    pub kind: Kind,
    /// How it is written.
    pub case: Case,
    /// The white space before it.
    pub gap: Gap,
    /// Whether it is already folded: only ASCII lower case, digits and marks.
    pub plain: bool,
    /// Its first character, which is the only one of a [`Kind::Mark`].
    pub first: char,
}

impl Token {
    /// Whether this is the mark `c`.
    #[inline]
    pub fn is(&self, c: char) -> bool {
        self.kind == Kind::Mark && self.first == c
    }

    /// Whether this is a word whose first letter is a capital.
    #[inline]
    pub fn is_capital(&self) -> bool {
        matches!(self.case, Case::Title | Case::Upper)
    }
}

/// Cuts `raw` into tokens, in linear time.
pub(super) fn cut(raw: &str) -> Vec<Token> {
    let bytes = raw.as_bytes();
    let mut wrapped = None;
    let mut tokens: Vec<Token> = Vec::with_capacity(raw.len() / 5);
    let (mut at, mut chars) = (0, 0u32);
    let mut gap = Gap::Paragraph;
    while let Some(&byte) = bytes.get(at) {
        // nearly all words are ASCII and need no decoding
        let sort = SORTS[usize::from(byte)];
        if sort & LETTER != 0 {
            let (mut end, mut seen) = (at, 0);
            while let Some(&byte) = bytes.get(end) {
                let sort = SORTS[usize::from(byte)];
                if sort & (LETTER | DIGIT) == 0 {
                    break;
                }
                seen |= sort;
                end += 1;
            }
            let behind = bytes.get(end).copied().unwrap_or(b' ');
            // only a group of one or two letters starts an acronym
            if behind.is_ascii() && !(behind == b'.' && end - at <= 2) {
                let case = match (sort == UPPER, seen & UPPER != 0, seen & LOWER != 0) {
                    (true, _, false) => Case::Upper,
                    (true, ..) => Case::Title,
                    (false, false, _) => Case::Lower,
                    (false, ..) => Case::Mixed,
                };
                let plain = seen & UPPER == 0;
                let first = char::from(byte);
                let (start, last) = (at as u32, end as u32);
                tokens.push(Token { start, end: last, chars, kind: Kind::Word, case, gap, plain, first });
                gap = Gap::None;
                chars += last - start;
                at = end;
                continue;
            }
        }
        if byte == b' ' && bytes.get(at + 1).is_some_and(u8::is_ascii_graphic) {
            at += 1;
            chars += 1;
            gap = gap.max(Gap::Space);
            continue;
        }
        if sort == MARK {
            let (start, first) = (at as u32, char::from(byte));
            let (kind, case) = (Kind::Mark, Case::Lower);
            tokens.push(Token { start, end: start + 1, chars, kind, case, gap, plain: true, first });
            gap = Gap::None;
            chars += 1;
            at += 1;
            continue;
        }
        let Some(first) = first_char(raw, at) else { break };
        if first.is_whitespace() || is_invisible(first) {
            let mut breaks = 0;
            let mut indent = 0;
            while let Some(c) = first_char(raw, at).filter(|c| c.is_whitespace() || is_invisible(*c)) {
                match c {
                    '\n' | '\u{2029}' => (breaks, indent) = (breaks + 1, 0),
                    ' ' | '\t' | '\u{a0}' => indent += 1,
                    _ => {}
                }
                at += c.len_utf8();
                chars += 1;
            }
            gap = gap.max(match breaks {
                0 => Gap::Space,
                1 if indent < 2 && *wrapped.get_or_insert_with(|| is_hard_wrapped(raw)) => Gap::Line,
                _ => Gap::Paragraph,
            });
            continue;
        }
        let mut token = token_at(raw, at, first);
        token.chars = chars;
        token.gap = gap;
        gap = Gap::None;
        let end = token.end as usize;
        chars +=
            if bytes[at..end].is_ascii() { (end - at) as u32 } else { raw[at..end].chars().count() as u32 };
        at = end;
        tokens.push(token);
    }
    tokens
}

const LOWER: u8 = 1;
const UPPER: u8 = 2;
const LETTER: u8 = LOWER | UPPER;
const DIGIT: u8 = 4;
const MARK: u8 = 8;

/// The class of each ASCII byte; 0 for white space, control characters and all other bytes.
static SORTS: [u8; 256] = {
    let mut sorts = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        sorts[byte] = match byte as u8 {
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'0'..=b'9' => DIGIT,
            b if b.is_ascii_graphic() => MARK,
            _ => 0,
        };
        byte += 1;
    }
    sorts
};

#[inline]
fn first_char(raw: &str, at: usize) -> Option<char> {
    match raw.as_bytes().get(at) {
        Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
        Some(_) => raw[at..].chars().next(),
        None => None,
    }
}

/// Invisible format characters that scraped text has between words: zero-width space, direction marks, byte order mark.
/// Not the soft hyphen, which occurs within words.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn is_word_char(c: char) -> bool {
    is_letter(c)
        || c.is_numeric()
        || matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{dff}')
}

/// The token that starts at byte `at` with the character `first`.
fn token_at(raw: &str, at: usize, first: char) -> Token {
    let make = |end: usize, kind, case| Token {
        start: at as u32,
        end: end as u32,
        chars: 0,
        kind,
        case,
        gap: Gap::None,
        plain: kind == Kind::Mark && first.is_ascii(),
        first,
    };
    if first.is_ascii_digit() || (!first.is_ascii() && first.is_numeric()) {
        return make(number_end(raw, at), Kind::Number, Case::Lower);
    }
    if !(first.is_ascii_alphabetic() || (!first.is_ascii() && is_word_char(first))) {
        return make(at + first.len_utf8(), Kind::Mark, Case::Lower);
    }
    let Letters { end, upper, lower, ascii } = word_end(raw, at);
    // only a group of one or two letters starts an acronym
    if end - at <= 8
        && raw.as_bytes().get(end) == Some(&b'.')
        && let Some(end) = acronym_end(raw, at)
    {
        let case = if first.is_uppercase() { Case::Upper } else { Case::Lower };
        return make(end, Kind::Word, case);
    }
    let case = match (first.is_uppercase(), upper, lower) {
        (true, _, false) => Case::Upper,
        (true, ..) => Case::Title,
        (false, false, _) => Case::Lower,
        (false, ..) => Case::Mixed,
    };
    Token { plain: ascii && !upper, ..make(end, Kind::Word, case) }
}

/// A run of word characters.
struct Letters {
    /// Where it ends.
    end: usize,
    /// Whether it has capitals.
    upper: bool,
    /// Whether it has lower-case letters.
    lower: bool,
    /// Whether it is all ASCII.
    ascii: bool,
}

/// The run of word characters from `at` on.
fn word_end(raw: &str, at: usize) -> Letters {
    let bytes = raw.as_bytes();
    let (mut end, mut upper, mut lower, mut ascii) = (at, false, false, true);
    loop {
        // nearly all words are ASCII and need no decoding
        while let Some(byte) = bytes.get(end) {
            if byte.is_ascii_lowercase() {
                lower = true;
            } else if byte.is_ascii_uppercase() {
                upper = true;
            } else if !byte.is_ascii_digit() {
                break;
            }
            end += 1;
        }
        let Some(c) = bytes.get(end).filter(|b| !b.is_ascii()).and_then(|_| raw[end..].chars().next()) else {
            break;
        };
        if !is_word_char(c) {
            break;
        }
        ascii = false;
        upper |= c.is_uppercase();
        lower |= c.is_lowercase();
        end += c.len_utf8();
    }
    Letters { end, upper, lower, ascii }
}

/// The end of a number: digits with points and commas inside and letters attached ("1,200.5", "45th", "1980s").
fn number_end(raw: &str, at: usize) -> usize {
    let mut end = at;
    while let Some(c) = first_char(raw, end) {
        let inner = matches!(c, '.' | ',') && first_char(raw, end + 1).is_some_and(|n| n.is_ascii_digit());
        if !(is_word_char(c) || c.is_numeric() || inner) {
            break;
        }
        end += c.len_utf8();
    }
    end
}

/// Groups in the longest acronym. Otherwise an "a.a.a.…" that is no acronym would be read to its end from each group.
const GROUPS: usize = 16;

/// The end of a dotted acronym that starts at `at`: at least two groups of a letter (or a capital and a lower-case
/// letter, as in "Ph.D.") and a dot. The last dot may be missing ("U.S-led").
fn acronym_end(raw: &str, at: usize) -> Option<usize> {
    let mut end = at;
    let mut groups = 0;
    while groups < GROUPS {
        let first = first_char(raw, end).filter(|c| c.is_alphabetic())?;
        let mut next = end + first.len_utf8();
        if first.is_uppercase()
            && let Some(second) = first_char(raw, next).filter(|c| c.is_lowercase())
        {
            next += second.len_utf8();
        }
        match first_char(raw, next) {
            Some('.') => {
                groups += 1;
                end = next + 1;
                if !first_char(raw, end).is_some_and(char::is_alphabetic) {
                    return (groups >= 2).then_some(end);
                }
            }
            // "U.S" without its last dot; "Mr.Smith" and "etc.The" are no acronyms
            Some(c) if is_word_char(c) => return None,
            _ => {
                return (groups >= 1 && next - end <= first.len_utf8() && first.is_uppercase())
                    .then_some(next);
            }
        }
    }
    None
}

/// Whether lines break for width rather than for paragraphs, as in wire copy: most lines are of similar length, under
/// 90 characters, and end in mid-sentence.
fn is_hard_wrapped(raw: &str) -> bool {
    let (mut lines, mut middle) = (0, 0);
    for line in raw.lines().map(str::trim_end).filter(|l| !l.is_empty()).take(200) {
        lines += 1;
        let open = || line.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ',' | '-'));
        middle += usize::from((35..=90).contains(&line.len()) && open());
    }
    lines >= 3 && middle * 2 >= lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(raw: &str) -> Vec<&str> {
        cut(raw).iter().map(|t| &raw[t.start as usize..t.end as usize]).collect()
    }

    #[test]
    fn cuts_words_numbers_and_marks() {
        for (raw, want) in [
            ("U.S.-led talks", vec!["U.S.", "-", "led", "talks"]),
            ("the U.S-led", vec!["the", "U.S", "-", "led"]),
            ("O’Brien's", vec!["O", "’", "Brien", "'", "s"]),
            ("1,200.5 dlrs, 45th", vec!["1,200.5", "dlrs", ",", "45th"]),
            ("J. Smith, Ph.D.", vec!["J", ".", "Smith", ",", "Ph.D."]),
            ("He met Mr.Smith.", vec!["He", "met", "Mr", ".", "Smith", "."]),
            ("Almanya'nın", vec!["Almanya", "'", "nın"]),
            ("«Да»—сказал", vec!["«", "Да", "»", "—", "сказал"]),
            ("end.Then", vec!["end", ".", "Then"]),
        ] {
            assert_eq!(words(raw), want, "{raw}");
        }
    }

    #[test]
    fn tells_case() {
        let case = |raw: &str| cut(raw)[0].case;
        assert_eq!(case("Baku"), Case::Title);
        assert_eq!(case("US"), Case::Upper);
        assert_eq!(case("iPhone"), Case::Mixed);
        assert_eq!(case("баку"), Case::Lower);
    }

    #[test]
    fn a_line_break_in_wire_copy_is_no_paragraph() {
        let raw = "LOS ANGELES, Feb 26 - The corporation is not under\npressure to act quickly on its proposed offering and\nwould do well to delay it because of the stock's recent\nperformance.\n    Some analysts said.";
        let gaps: Vec<Gap> = cut(raw).iter().map(|t| t.gap).filter(|g| *g >= Gap::Line).collect();
        assert_eq!(gaps, [Gap::Paragraph, Gap::Line, Gap::Line, Gap::Line, Gap::Paragraph]);
    }
}
