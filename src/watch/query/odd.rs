//! What a query has that is valid here, but means something else in other languages: a minus, a star in quotation marks.

use super::hint;
use super::lex::{Kind, Piece, lex};
use super::{Part, folded, parser};

/// Marks that are looked for in the text of an article only by `raw:`.
const MARKS: [char; 8] = ['@', '#', '$', '€', '£', '%', '+', '='];

/// Marks between two words that join them into a phrase.
const BETWEEN: [char; 10] = ['|', ';', '+', '^', '=', '<', '>', '#', '@', '~'];

/// The words of a query that stand for themselves: neither operators nor values of tags, nor text that is found as
/// written. Each with whether it is in quotation marks.
pub(in crate::watch) fn bare_words(query: &str) -> Vec<(String, bool)> {
    let Ok(pieces) = lex(query) else { return Vec::new() };
    let mut out = Vec::new();
    for (at, piece) in pieces.iter().enumerate().filter(|(at, _)| is_term(&pieces, *at)) {
        match &piece.kind {
            Kind::Word(word) if !is_operator(word, pieces.get(at + 1)) => {
                out.push(((*word).to_owned(), false));
            }
            Kind::Quoted(text, _) => out.push((text.to_string(), true)),
            _ => {}
        }
    }
    out
}

/// What is probably not meant, worded for the author; empty if nothing is.
pub(in crate::watch) fn oddities(query: &str) -> Vec<String> {
    let words = bare_words(query);
    words.iter().filter_map(|(word, quoted)| if *quoted { in_quotes(word) } else { bare(word) }).collect()
}

/// Whether a piece is a term rather than the value of a tag.
fn is_term(pieces: &[Piece], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map(|at| &pieces[at].kind);
    match before(1) {
        Some(Kind::Name(name)) => Part::of_name(name).is_some(),
        Some(Kind::Open) => {
            !(matches!(before(2), Some(Kind::Word("office"))) && matches!(before(3), Some(Kind::Name(_))))
        }
        Some(Kind::Comma) => false,
        // country:"AM" of an office
        Some(Kind::Word(word)) => !word.ends_with(':'),
        _ => true,
    }
}

fn is_operator(word: &str, next: Option<&Piece>) -> bool {
    let scope = next.is_some_and(|next| next.kind == Kind::Open)
        && (matches!(word, "SENTENCE" | "PARAGRAPH" | "QUOTE") || word.starts_with("ATLEAST/"));
    parser::OPERATORS.contains(&word) || parser::near_of(word).is_some() || scope
}

fn in_quotes(text: &str) -> Option<String> {
    if text.split_whitespace().any(|word| word.len() > 1 && word.ends_with('*')) {
        let parts: Vec<&str> = text.split_whitespace().collect();
        return Some(format!(
            "\"{text}\": a star within quotation marks finds nothing; {} finds the beginning",
            parts.join(" ONEAR/0 ")
        ));
    }
    let operator = |word: &str| matches!(word, "AND" | "OR" | "NOT") || word.starts_with("NEAR/");
    (text.split_whitespace().count() > 1 && text.split_whitespace().any(operator))
        .then(|| format!("\"{text}\": AND, OR, NOT and NEAR are words within quotation marks"))
}

fn bare(word: &str) -> Option<String> {
    let own = word.trim_end_matches(['~', '*']);
    let first = own.chars().next()?;
    let rest = &own[first.len_utf8()..];
    if matches!(first, '-' | '!' | '–') && rest.starts_with(char::is_alphanumeric) {
        return Some(format!("`{word}` finds `{rest}`: NOT {rest} excludes it"));
    }
    if first == '+' && rest.starts_with(char::is_alphanumeric) {
        return Some(format!("`{word}` finds `{rest}`: a plus asks for nothing, AND asks for both"));
    }
    if let Some(inner) = own.strip_prefix(['{', '[']).and_then(|rest| rest.strip_suffix(['}', ']'])) {
        return Some(format!("`{word}` finds `{inner}` in any case: raw:\"{inner}\" finds it as written"));
    }
    if let Some(bare) = own.strip_suffix('!').filter(|bare| bare.ends_with(char::is_alphanumeric)) {
        return Some(format!(
            "`{word}` finds `{bare}` alone: {bare}* finds what begins so, {bare}~ its forms"
        ));
    }
    let between = own.trim_matches(|c: char| !c.is_alphanumeric());
    let found = folded(own);
    if found.len() > 1 && between.contains(BETWEEN) {
        let what = format!("`{word}` is found as the phrase \"{}\"", found.join(" "));
        return Some(
            match between.split_once('=').and_then(|(name, value)| Some((hint::field(name)?, value))) {
                Some((field, value)) => format!("{what}: write {field}{value}"),
                None if between.contains(['<', '>']) => {
                    format!("{what}: lengths, dates and numbers are not compared")
                }
                None if between.contains(['|', ';']) => format!("{what}: write {}", found.join(" OR ")),
                None => format!("{what}, and the mark is not looked for: raw:\"{own}\" finds it as written"),
            },
        );
    }
    let marked = own.starts_with(MARKS) || own.ends_with(MARKS);
    marked.then(|| format!("`{word}` finds `{}`: raw:\"{own}\" finds it with its marks", found.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_else_elsewhere_is_told() {
        for (query, want) in [
            ("oil AND -gas", "NOT gas excludes it"),
            ("oil AND !gas", "NOT gas excludes it"),
            ("bank! AND oil", "bank* finds what begins so"),
            ("{US} AND oil", "raw:\"US\""),
            ("oil|gas", "write oil OR gas"),
            ("wc>500 AND oil", "are not compared"),
            ("hd=oil", "write title:oil"),
            ("oil^2", "phrase \"oil 2\""),
            ("@bbc AND oil", "raw:\"@bbc\""),
            ("C++ AND oil", "raw:\"C++\""),
            ("\"oil pric*\"", "oil ONEAR/0 pric*"),
            ("\"oil AND gas\"", "are words within quotation marks"),
        ] {
            let told = oddities(query).join("; ");
            assert!(told.contains(want), "{query}: {told}");
        }
        for query in [
            "vice-president AND AT&T AND O'Brien AND e.g. AND 24/7 AND 3.5",
            "oil~ AND agree* AND \"oil, price\"~",
            "raw:\"Google+\" AND raw:@bbc AND site:bbc.co.uk AND source:\"A|B\"",
            "said:office(\"foreign minister\", country:AM) AND title:oil",
            "\"research and development\" OR a NEAR/5 b",
            "SENTENCE(a AND b) OR ATLEAST/3(c)",
        ] {
            assert_eq!(oddities(query), [""; 0], "{query}");
        }
        let words: Vec<String> = bare_words("a AND \"US\" AND QUOTE(by:office(\"UN chief\") AND title:EU)")
            .into_iter()
            .map(|(word, _)| word)
            .collect();
        assert_eq!(words, ["a", "US", "EU"]);
    }
}
