//! What to write in place of what other query languages have: hints beside errors.

use super::lex::{Kind, Piece};
use super::{Part, TagKind};

/// Words of a phrase that a hint repeats.
const FEW: usize = 6;

/// What a person probably meant by two terms side by side, of which `pieces[next]` is the second: what is wrong and what
/// to write instead.
pub(super) fn side_by_side(query: &str, pieces: &[Piece], next: usize) -> (String, String) {
    let message = "two terms without an operator between them".to_owned();
    let before = next.checked_sub(1).map(|at| &pieces[at].kind);
    if let Some(Kind::Word(word)) = before
        && word.eq_ignore_ascii_case("not")
    {
        return (format!("`{word}` is a word here"), "write NOT, in capitals".to_owned());
    }
    if let Kind::Word(word) = pieces[next].kind
        && let Some(here) = operator(word)
    {
        let is = if word.bytes().all(|b| b.is_ascii_alphabetic()) { "a word" } else { "no operator" };
        return (format!("`{word}` is {is} here"), format!("write {here}"));
    }
    let hint = of_term(query, pieces, next).or_else(|| of_bracket(pieces, next));
    (message, hint.unwrap_or_else(|| "write AND or OR, or put a phrase in quotation marks".to_owned()))
}

/// A term that belongs to the one before it.
fn of_term(query: &str, pieces: &[Piece], next: usize) -> Option<String> {
    let own = match &pieces[next].kind {
        Kind::Word(word) => (*word).to_owned(),
        Kind::Quoted(text, _) => format!("\"{text}\""),
        _ => return None,
    };
    let before = next.checked_sub(1).map(|at| &pieces[at].kind)?;
    let number = own.bytes().all(|b| b.is_ascii_digit());
    match before {
        // "oil price"~5
        Kind::Quoted(text, Some('~')) if number && query[..pieces[next].at].ends_with('~') => {
            let words: Vec<&str> = text.split_whitespace().take(FEW + 1).collect();
            return Some(if words.len() > FEW {
                format!("join its words by NEAR/{own}")
            } else {
                format!("write {}", words.join(&format!(" NEAR/{own} ")))
            });
        }
        Kind::Word(word) if number && word.eq_ignore_ascii_case("atleast") => {
            return Some(format!("write ATLEAST/{own}( )"));
        }
        Kind::Word(word) => {
            let marks = ['\'', '‘', '‚', '«', '‹', '„', '`'];
            if word.starts_with(marks) || word.split_once(':').is_some_and(|(_, v)| v.starts_with(marks)) {
                return Some("a phrase stands in double quotation marks: \"…\"".to_owned());
            }
            if let Some(Kind::Name(name)) = next.checked_sub(2).map(|at| &pieces[at].kind) {
                return Some(if Part::of_name(name).is_some() {
                    format!(
                        "write {name}:\"{word} {own}\" for the phrase, {name}:({word} AND {own}) for both"
                    )
                } else {
                    format!("put the whole of it in quotation marks: {name}:\"{word} {own}\"")
                });
            }
        }
        _ => {}
    }
    // -gas, +gas, !gas
    let bare = |mark: &[char]| own.strip_prefix(mark).filter(|rest| rest.starts_with(char::is_alphanumeric));
    if let Some(rest) = bare(&['-', '!', '–']) {
        return Some(format!("write NOT {rest}"));
    }
    bare(&['+', '&']).map(|rest| format!("write AND {rest}"))
}

/// A bracket after a word: the name of an operator as others write it.
fn of_bracket(pieces: &[Piece], next: usize) -> Option<String> {
    let (Kind::Open, Kind::Word(word)) = (&pieces[next].kind, &pieces[next.checked_sub(1)?].kind) else {
        return None;
    };
    let lower = word.to_ascii_lowercase();
    let digits: String = lower.chars().filter(char::is_ascii_digit).collect();
    let before = next.checked_sub(2).map(|at| &pieces[at].kind);
    Some(match lower.as_str() {
        "sentence" | "paragraph" | "quote" => format!("write {}( ), in capitals", lower.to_uppercase()),
        "office" => "write named:office(\"…\") or said:office(\"…\")".to_owned(),
        "allcaps" | "caps" => "write raw:\"…\" for what is found as written".to_owned(),
        _ if lower.starts_with("atleast") && !digits.is_empty() => format!("write ATLEAST/{digits}( )"),
        _ if before == Some(&Kind::Word("ATLEAST")) && !digits.is_empty() => {
            format!("write ATLEAST/{digits}( )")
        }
        name => format!("write {}( )", field(name)?),
    })
}

/// An operator of another language, as it is written here; AND, OR and NOT in other letters too.
pub(super) fn operator(word: &str) -> Option<String> {
    let lower = word.to_ascii_lowercase();
    let here = match lower.as_str() {
        "and" | "&" | "&&" | "+" => "AND",
        "or" | "|" | "||" | "and/or" => "OR",
        "not" | "!" | "-" | "–" => "NOT",
        "andnot" | "and-not" | "but" | "without" => "AND NOT",
        "w/s" | "/s" | "w/sent" | "near/s" => "SENTENCE(a AND b)",
        "w/p" | "/p" | "w/para" | "w/seg" | "near/p" | "same" => "PARAGRAPH(a AND b)",
        _ => return near(&lower),
    };
    Some(here.to_owned())
}

/// `w/5`, `near5`, `near/5f`, `pre/3`, `adj5`, `~5`: near, with at most so many words between.
fn near(lower: &str) -> Option<String> {
    let digit = lower.find(|c: char| c.is_ascii_digit()).unwrap_or(lower.len());
    let (name, rest) = lower.split_at(digit);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let tail = &rest[digits.len()..];
    let bare = name.trim_end_matches(['/', ':', '=', '~', '-']);
    if !(tail.is_empty() || tail == "f" || tail.starts_with('.')) {
        return None;
    }
    let ordered = match bare {
        "near" | "n" | "within" => tail == "f",
        "w" if bare != name => false,
        "onear" => true,
        "pre" | "adj" if !digits.is_empty() => true,
        "" if name.starts_with(['/', '~']) && !digits.is_empty() => false,
        _ => return None,
    };
    if digits.is_empty() && bare != "near" && bare != "onear" || bare == "n" && bare == name {
        return None;
    }
    let number: u32 = if digits.is_empty() { 5 } else { digits.parse().ok()? };
    // near5 and adj5 count the steps from word to word
    let steps = bare == name && matches!(bare, "near" | "adj");
    let (words, told) = if steps && !digits.is_empty() {
        (number.saturating_sub(1), ": it counts the words between")
    } else {
        (number, "")
    };
    Some(format!("{}NEAR/{words}{told}", if ordered { "O" } else { "" }))
}

/// The name here of a field or tag of another language, or of one that is written otherwise; with its colon.
pub(super) fn field(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    Some(match lower.as_str() {
        "title" | "headline" | "intitle" | "hd" | "head" | "subjectline" => "title:",
        "body" | "text" | "bd" | "td" | "intext" | "content" => "body:",
        "lead" | "lp" | "intro" => "lead:",
        "top" | "hlead" | "hlp" | "ingress" => "top:",
        "about" | "region" | "re" | "location" | "geographic" | "geo" => "about:",
        "country" => "about: (the story) or from: (the publisher)",
        "mentions" | "mention" | "place" => "mentions:",
        "topic" | "subject" | "ns" | "category" | "industry" | "topics" => "topic:",
        "named" | "person" | "people" | "pe" | "who" | "name" | "official" | "entity" => "named:",
        "said" | "speaker" | "says" | "quoted" => "said:",
        "quote" | "quotes" => "QUOTE( )",
        "from" | "sourcecountry" => "from:",
        "site" | "url" | "domain" | "host" | "inurl" | "http" | "https" => "site:",
        "source" | "publisher" | "publication" | "outlet" | "rst" | "sn" => "source:",
        "lang" | "language" | "la" => "lang:",
        "is" => "is:",
        "by" => "by:",
        "cue" => "cue:",
        "kind" => "kind:",
        "raw" | "exact" | "case" => "raw:",
        _ => return None,
    })
}

/// The names of all fields and tags, each with its colon.
pub(super) fn names() -> Vec<String> {
    let tags = TagKind::ALL.iter().map(|(name, _)| *name);
    let all = tags.chain(Part::ALL.iter().map(|(name, _)| *name)).chain(["raw"]);
    let mut all: Vec<String> = all.map(|name| format!("{name}:")).collect();
    all.sort();
    all
}

/// What to write where a comma stands.
pub(super) fn comma(pieces: &[Piece], at: usize) -> String {
    let digits = |kind: Option<&Kind>| match kind {
        Some(Kind::Word(word)) if word.bytes().all(|b| b.is_ascii_digit()) => Some((*word).to_owned()),
        _ => None,
    };
    let kind = |at: usize| pieces.get(at).map(|piece| &piece.kind);
    match (digits(at.checked_sub(1).and_then(kind)), digits(kind(at + 1))) {
        (Some(first), Some(rest)) => format!("put the number in quotation marks: \"{first},{rest}\""),
        _ => "write AND or OR in place of the comma".to_owned(),
    }
}

/// What to write for several values of a tag in brackets, whose first piece is `pieces[next]`.
pub(super) fn values(name: &str, pieces: &[Piece], next: usize) -> String {
    let text = |kind: &Kind| match kind {
        Kind::Word("AND" | "OR" | "NOT") => None,
        Kind::Word(word) => Some(format!("{name}:{word}")),
        Kind::Quoted(text, _) => Some(format!("{name}:\"{text}\"")),
        _ => None,
    };
    let inside =
        pieces[next..].iter().take(9).map(|piece| &piece.kind).take_while(|kind| **kind != Kind::Close);
    let inside: Vec<&Kind> = inside.collect();
    let joint = if inside.contains(&&Kind::Word("AND")) { " AND " } else { " OR " };
    let all: Vec<String> = inside.into_iter().filter_map(text).take(3).collect();
    if all.is_empty() {
        return format!("write {name}: before each: ({name}:… OR {name}:…)");
    }
    format!("write {name}: before each: ({})", all.join(joint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_of_others_have_their_names_here() {
        for (word, here) in [
            ("And", "AND"),
            ("||", "OR"),
            ("w/5", "NEAR/5"),
            ("/5", "NEAR/5"),
            ("near/5", "NEAR/5"),
            ("NEAR:7", "NEAR/7"),
            ("near", "NEAR/5"),
            ("near5", "NEAR/4: it counts the words between"),
            ("adj3", "ONEAR/2: it counts the words between"),
            ("NEAR/5f", "ONEAR/5"),
            ("pre/3", "ONEAR/3"),
            ("NEAR/5.5", "NEAR/5"),
            ("~4", "NEAR/4"),
            ("w/s", "SENTENCE(a AND b)"),
            ("same", "PARAGRAPH(a AND b)"),
        ] {
            assert_eq!(operator(word).as_deref(), Some(here), "{word}");
        }
        for word in ["oil", "5", "w5", "n95", "adjourned", "pretend", "w", "pre", "nearly", "2024", "/", ""] {
            assert_eq!(operator(word), None, "{word}");
        }
    }
}
