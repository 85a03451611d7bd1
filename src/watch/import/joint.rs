//! The operators of other languages.

use super::Dialect;

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    And,
    AndNot,
    Or,
    Near {
        ordered: bool,
        words: u32,
    },
    /// In the same SENTENCE or PARAGRAPH.
    Same(&'static str),
    /// The first somewhere without the second near it.
    Apart,
}

/// Words between two terms that Meltwater joins by NEAR without a number.
const USUAL: u32 = 4;

pub(super) fn number(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) { None } else { text.parse().ok() }
}

/// The operator that a word is, if any.
pub(super) fn joint(word: &str, dialect: Dialect, notes: &mut Vec<String>) -> Option<Joint> {
    let upper = word.to_uppercase();
    let plain = match upper.as_str() {
        "AND" | "&" | "&&" => Some(Joint::And),
        "OR" | "||" => Some(Joint::Or),
        "NOT" | "ANDNOT" => Some(Joint::AndNot),
        _ => None,
    };
    if plain.is_some() {
        if upper != word && !matches!(dialect, Dialect::Lexis | Dialect::Factiva) {
            notes.push(format!("`{word}` was taken for {upper}"));
        }
        return plain;
    }
    match dialect {
        Dialect::Meltwater => of_media(&upper),
        Dialect::Brandwatch => {
            if matches!(upper.as_str(), "NEAR" | "ONEAR") {
                notes.push(format!("`{word}` without a number became {upper}/{USUAL}"));
            }
            of_media(&upper)
        }
        Dialect::Lexis => of_lexis(&upper, notes),
        Dialect::Factiva => of_factiva(&upper, notes),
    }
}

fn of_media(upper: &str) -> Option<Joint> {
    let (ordered, rest) = match upper.strip_prefix("ONEAR") {
        Some(rest) => (true, rest),
        None => (false, upper.strip_prefix("NEAR")?),
    };
    if rest.is_empty() {
        return Some(Joint::Near { ordered, words: USUAL });
    }
    let rest = rest.strip_prefix('/')?;
    match rest.strip_suffix('F').and_then(number) {
        Some(words) => Some(Joint::Near { ordered: true, words }),
        None => Some(Joint::Near { ordered, words: number(rest)? }),
    }
}

fn of_lexis(upper: &str, notes: &mut Vec<String>) -> Option<Joint> {
    let of = |prefix: &str| upper.strip_prefix(prefix);
    match upper {
        "W/S" | "/S" | "W/SENT" | "NEAR/S" => Some(Joint::Same("SENTENCE")),
        "W/P" | "/P" | "W/PARA" | "NEAR/P" => Some(Joint::Same("PARAGRAPH")),
        "W/SEG" | "/SEG" | "NEAR/SEG" => {
            notes.push(format!("{upper} became AND: the whole article, not one of its segments"));
            Some(Joint::And)
        }
        _ if of("NOT/").is_some() || of("NOTW/").is_some() => {
            notes.push("`NOT` before nearness became one sentence without the second term".to_owned());
            Some(Joint::Apart)
        }
        _ => {
            let (ordered, n) = match of("PRE/").or_else(|| of("ONEAR/")) {
                Some(n) => (true, n),
                None => (false, of("W/").or_else(|| of("NEAR/")).or_else(|| of("/"))?),
            };
            Some(Joint::Near { ordered, words: number(n)? })
        }
    }
}

/// Factiva counts the steps from word to word, not the words between; `w/5` is in order, as `adj5` is.
fn of_factiva(upper: &str, notes: &mut Vec<String>) -> Option<Joint> {
    let steps = |ordered, n: &str| number(n).map(|n| Joint::Near { ordered, words: n.saturating_sub(1) });
    match upper {
        "SAME" => Some(Joint::Same("PARAGRAPH")),
        "ADJ" => steps(true, "1"),
        "%" => {
            notes.push("`%`, exactly one word, became at most one".to_owned());
            steps(true, "2")
        }
        _ => match upper.strip_prefix("ADJ").or_else(|| upper.strip_prefix("W/")) {
            Some(n) => steps(true, n),
            None => steps(false, upper.strip_prefix("NEAR")?),
        },
    }
}
