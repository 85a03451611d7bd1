//! Splits a query of another language into pieces that mean something here.

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
}

/// A piece, its words already in this syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Open,
    Close,
    Joint(Joint),
    /// A field or ATLEAST: `title:`, `ATLEAST/3`.
    Inside(String),
    /// A phrase or a tag.
    Leaf(String),
    /// A word that may be part of a phrase.
    Word(String),
    /// What has no equivalent here.
    Lost,
    /// What leaves no trace in the query: the name of a field whose brackets stay.
    Nothing,
}

/// Splits a query into pieces, noting what can't be carried over.
pub(super) fn lex(query: &str, dialect: Dialect, notes: &mut Vec<String>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut rest = query.trim_start();
    while let Some(c) = rest.chars().next() {
        let (piece, length) = match c {
            '(' => (Piece::Open, 1),
            ')' => (Piece::Close, 1),
            '"' | '“' | '”' => quoted(rest, dialect),
            '{' if dialect == Dialect::Brandwatch => {
                let end = rest.find('}').unwrap_or(rest.len());
                let text = rest[1..end].replace('"', "");
                (Piece::Leaf(format!("raw:\"{text}\"")), (end + 1).min(rest.len()))
            }
            _ => {
                let end =
                    rest.find(|c: char| c.is_whitespace() || "()\"“”".contains(c)).unwrap_or(rest.len());
                let followed = rest[end..].trim_start().starts_with('(');
                (word(&rest[..end], followed, dialect, notes), end)
            }
        };
        // `AND NOT` is one operator
        if piece == Piece::Joint(Joint::AndNot) && out.last() == Some(&Piece::Joint(Joint::And)) {
            out.pop();
        }
        out.extend(Some(piece).filter(|piece| *piece != Piece::Nothing));
        rest = rest[length..].trim_start();
    }
    out
}

/// The piece for a quoted string.
fn quoted(rest: &str, dialect: Dialect) -> (Piece, usize) {
    let open = rest.chars().next().map_or(0, char::len_utf8);
    let inner = &rest[open..];
    let (end, close) = inner
        .char_indices()
        .find(|(_, c)| "\"“”".contains(*c))
        .map_or((inner.len(), 0), |(at, c)| (at, c.len_utf8()));
    let text = &inner[..end];
    let mut after = open + end + close;
    // Brandwatch and Meltwater write a loose phrase like this: "oil price"~5
    let digits = rest[after..].strip_prefix('~').map(|d| d.chars().take_while(char::is_ascii_digit).count());
    let mut piece = format!("\"{text}\"");
    if let Some(count) = digits {
        let number = &rest[after + 1..after + 1 + count];
        if let (Ok(number), [first, second]) =
            (number.parse::<u32>(), &text.split_whitespace().collect::<Vec<_>>()[..])
        {
            piece = format!("({first} NEAR/{} {second})", number.min(100));
        }
        after += 1 + count;
    }
    if dialect == Dialect::Lexis && text.split_whitespace().count() > 0 && !piece.starts_with('(') {
        // plurals match by default
        piece.push('~');
    }
    (if text.trim().is_empty() { Piece::Nothing } else { Piece::Leaf(piece) }, after)
}

fn number(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) { None } else { text.parse().ok() }
}

/// A word, an operator or the name of a field. `followed`: an opening bracket comes next.
fn word(word: &str, followed: bool, dialect: Dialect, notes: &mut Vec<String>) -> Piece {
    let upper = word.to_uppercase();
    let operator = upper == word || matches!(dialect, Dialect::Lexis | Dialect::Factiva);
    if operator {
        match upper.as_str() {
            "AND" | "&" => return Piece::Joint(Joint::And),
            "OR" => return Piece::Joint(Joint::Or),
            "NOT" | "ANDNOT" => return Piece::Joint(Joint::AndNot),
            _ => {}
        }
    }
    if let Some(joint) = near(&upper, dialect) {
        return Piece::Joint(joint);
    }
    if let Some(piece) = field(word, &upper, followed, dialect, notes) {
        return piece;
    }
    term(word, dialect, notes)
}

fn near(upper: &str, dialect: Dialect) -> Option<Joint> {
    let of = |prefix: &str| upper.strip_prefix(prefix);
    let joint = |ordered, words| Some(Joint::Near { ordered, words });
    match dialect {
        Dialect::Meltwater | Dialect::Brandwatch => {
            if let Some(n) = of("ONEAR/").and_then(number) {
                return joint(true, n);
            }
            let rest = of("NEAR/")?;
            match rest.strip_suffix('F').and_then(number) {
                Some(n) => joint(true, n),
                None => joint(false, number(rest)?),
            }
        }
        Dialect::Lexis => match upper {
            "W/S" | "/S" | "W/SENT" => Some(Joint::Same("SENTENCE")),
            "W/P" | "/P" | "W/PARA" | "W/SEG" => Some(Joint::Same("PARAGRAPH")),
            _ => match (of("PRE/"), of("W/").or_else(|| of("NEAR/")).or_else(|| of("/"))) {
                (Some(n), _) => joint(true, number(n)?),
                (None, n) => joint(false, number(n?)?),
            },
        },
        Dialect::Factiva => match upper {
            "SAME" => Some(Joint::Same("PARAGRAPH")),
            // Factiva counts the steps from word to word, not the words between
            _ => match (of("ADJ"), of("NEAR").or_else(|| of("W/"))) {
                (Some(n), _) => joint(true, number(n)?.saturating_sub(1)),
                (None, n) => joint(false, number(n?)?.saturating_sub(1)),
            },
        },
    }
}

/// A field that exists here too, or what is left of one that does not; `None` if it is not a field.
fn field(
    word: &str,
    upper: &str,
    followed: bool,
    dialect: Dialect,
    notes: &mut Vec<String>,
) -> Option<Piece> {
    let inside = |name: &str| Some(Piece::Inside(name.to_owned()));
    let at_least = upper.strip_prefix("ATLEAST").and_then(number);
    if let Some(n) = at_least {
        return inside(&format!("ATLEAST/{n}"));
    }
    if dialect == Dialect::Lexis && followed {
        match upper {
            "HEADLINE" | "TITLE" => return inside("title:"),
            "HLEAD" => return inside("top:"),
            "LEAD" => return inside("lead:"),
            "BODY" | "TEXT" => return inside("body:"),
            "ALLCAPS" | "CAPS" | "NOCAPS" | "SINGULAR" | "PLURAL" | "SUBJECT" | "COMPANY" | "PERSON"
            | "GEOGRAPHIC" | "BYLINE" | "SECTION" | "LENGTH" | "DATE" | "PUBLICATION" | "INDUSTRY"
            | "TERMS" => {
                notes.push(format!("{upper}( ) was left out: see about:, topic:, named: and raw:"));
                return Some(Piece::Nothing);
            }
            _ => {}
        }
    }
    let mark = if dialect == Dialect::Factiva { '=' } else { ':' };
    let (name, value) = word.split_once(mark)?;
    let name = name.to_lowercase();
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let here = match name.as_str() {
        "title" | "headline" | "hd" => "title:",
        "ingress" | "hlp" | "hl" => "top:",
        "lead" | "lp" => "lead:",
        "body" | "text" | "td" | "bd" => "body:",
        "site" | "url" | "domain" if !value.is_empty() => {
            let host =
                value.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
            let host = host.split('/').next().unwrap_or(host).trim_matches('*');
            return Some(Piece::Leaf(format!("site:{host}")));
        }
        "language" | "lang" | "la" if value.len() == 2 => {
            return Some(Piece::Leaf(format!("lang:{}", value.to_lowercase())));
        }
        "country" if value.len() == 2 => {
            return Some(Piece::Leaf(format!("from:{}", value.to_uppercase())));
        }
        _ => {
            notes.push(format!("`{word}` was left out: there is no such field here"));
            // what the brackets after it contain is still searched for, anywhere
            return Some(if value.is_empty() { Piece::Nothing } else { Piece::Lost });
        }
    };
    if value.is_empty() {
        return inside(here);
    }
    Some(match term(value, dialect, notes) {
        Piece::Word(text) | Piece::Leaf(text) => Piece::Leaf(format!("{here}({text})")),
        other => other,
    })
}

/// A word in this syntax: open-ended, in all forms, or as it is.
fn term(word: &str, dialect: Dialect, notes: &mut Vec<String>) -> Piece {
    let word = word.trim_matches(|c: char| matches!(c, ',' | ';' | '\''));
    let (bare, open) = match dialect {
        Dialect::Lexis => (word.trim_end_matches('!'), word.ends_with('!')),
        _ => (word.trim_end_matches(['*', '$']), word.ends_with(['*', '$'])),
    };
    if !bare.chars().any(char::is_alphanumeric) {
        notes.push(format!("`{word}` was left out: no word is in it"));
        return Piece::Lost;
    }
    if bare.contains(['*', '?', '!', '$']) {
        notes.push(format!("`{word}`: an open letter within a word can't be carried over; list the words"));
        let kept: String = bare.chars().take_while(|c| !"*?!$".contains(*c)).collect();
        let long = kept.chars().filter(|c| c.is_alphanumeric()).count() >= 4;
        return if long { Piece::Word(format!("{kept}*")) } else { Piece::Lost };
    }
    if open && bare.chars().count() < 4 {
        notes
            .push(format!("`{word}`: at least four letters stand before a star; only `{bare}` is found now"));
        return Piece::Word(bare.to_owned());
    }
    let mark = match dialect {
        _ if open => "*",
        Dialect::Lexis => "~",
        _ => "",
    };
    Piece::Word(format!("{bare}{mark}"))
}
