//! The fields and functions of other languages.

use super::Dialect;
use super::joint::number;
use super::lex::{Piece, Spelling};
use super::term::term;

/// What a word is that may be the name of a field.
pub(super) enum Field {
    /// None.
    None,
    /// This.
    Piece(Piece),
    /// A field whose value follows it in quotation marks.
    Quoted(String),
    /// What has no equivalent here, and neither has what follows it in brackets.
    WithBrackets,
}

/// A field that exists here too, or what is left of one that does not. `followed`: an opening bracket comes next;
/// `quoted`: a quotation mark.
pub(super) fn field(
    word: &str,
    followed: bool,
    quoted: bool,
    dialect: Dialect,
    notes: &mut Vec<String>,
) -> Field {
    let upper = word.to_uppercase();
    if let Some(count) = upper.strip_prefix("ATLEAST").and_then(number) {
        return Field::Piece(Piece::Inside(format!("ATLEAST/{count}")));
    }
    if dialect == Dialect::Lexis
        && followed
        && let Some(found) = function(&upper, notes)
    {
        return found;
    }
    let mark = if dialect == Dialect::Factiva { '=' } else { ':' };
    let Some((name, value)) = word.split_once(mark) else { return Field::None };
    let name = name.to_lowercase();
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)) {
        return Field::None;
    }
    // a clock has a colon too
    if name.bytes().all(|b| b.is_ascii_digit()) {
        return Field::None;
    }
    let here = match name.as_str() {
        "title" | "headline" | "hd" => Some("title:"),
        "ingress" | "hlp" | "hl" => Some("top:"),
        "lead" | "lp" => Some("lead:"),
        "body" | "text" | "td" | "bd" => Some("body:"),
        _ => None,
    };
    match here {
        Some(here) if value.is_empty() => Field::Piece(Piece::Inside(here.to_owned())),
        Some(here) => Field::Piece(match term(value, dialect, notes) {
            Piece::Word(text) | Piece::Leaf(text) => Piece::Leaf(format!("{here}({text})")),
            other => other,
        }),
        None if value.is_empty() && quoted => Field::Quoted(format!("{name}{mark}")),
        None if value.is_empty() && followed => {
            notes.push(format!("`{name}{mark}( )` was left out: {}", instead(&name)));
            Field::WithBrackets
        }
        None => Field::Piece(valued(&name, value, word, notes)),
    }
}

/// The tag for a field with its value.
fn valued(name: &str, value: &str, word: &str, notes: &mut Vec<String>) -> Piece {
    let letters = value.len() == 2 && value.bytes().all(|b| b.is_ascii_alphabetic());
    match name {
        "raw" if !value.is_empty() => Piece::Leaf(format!("raw:\"{}\"", value.replace(['"', '\\'], ""))),
        "site" | "url" | "domain" if !value.is_empty() => site(value, notes),
        "source" | "publication" if !value.is_empty() => {
            Piece::Leaf(format!("source:\"{}\"", value.replace(['"', '\\'], "")))
        }
        "language" | "lang" | "la" | "languagecode" if letters => {
            Piece::Leaf(format!("lang:{}", value.to_lowercase()))
        }
        "country" | "countrycode" if letters => Piece::Leaf(format!("from:{}", value.to_uppercase())),
        _ => {
            notes.push(format!("`{word}` was left out: {}", instead(name)));
            Piece::Lost
        }
    }
}

/// What to look at in place of a field that does not exist here.
fn instead(name: &str) -> &'static str {
    match name {
        "country" | "language" | "lang" | "la" | "languagecode" | "countrycode" => {
            "a country or a language has a code of two letters here, from:AZ, lang:en"
        }
        "re" | "region" | "city" | "state" | "county" | "continent" | "location" | "geo" => {
            "see about: and mentions:"
        }
        "ns" | "in" | "subject" | "category" => "see topic:",
        "pe" | "person" | "author" | "by" => "see named: and said:, of those whom an article names",
        "rst" | "sn" | "sc" | "pub" | "source" => "see source: and site:",
        _ => "there is no such field here",
    }
}

/// A site without its scheme, `www.` and path.
fn site(value: &str, notes: &mut Vec<String>) -> Piece {
    let bare = value.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let (host, path) = bare.split_once('/').unwrap_or((bare, ""));
    if !path.trim_matches(['*', '/']).is_empty() {
        notes.push(format!("`{value}` became the whole site: `/{path}` was left out"));
    }
    let host = host.trim_matches(['*', '.']);
    if host.is_empty() || host.contains(['*', '?']) {
        notes.push(format!("`{value}` was left out: a site is named in full"));
        return Piece::Lost;
    }
    Piece::Leaf(format!("site:{host}"))
}

/// A command or a section of Lexis, with brackets after it.
fn function(upper: &str, notes: &mut Vec<String>) -> Option<Field> {
    let inside = |name: &str| Some(Field::Piece(Piece::Inside(name.to_owned())));
    let written = |spelling| Some(Field::Piece(Piece::Written(spelling)));
    match upper {
        "HEADLINE" | "TITLE" => inside("title:"),
        "HLEAD" => inside("top:"),
        "LEAD" => inside("lead:"),
        "BODY" | "TEXT" => inside("body:"),
        "ALLCAPS" => written(Spelling::Capitals),
        "NOCAPS" => written(Spelling::Small),
        "SINGULAR" => written(Spelling::Form),
        "PLURAL" => {
            notes.push("PLURAL( ): words are found only as they stand there".to_owned());
            written(Spelling::Form)
        }
        "CAPS" => {
            notes.push("CAPS( ) was left out, small letters are found too: see raw:".to_owned());
            Some(Field::Piece(Piece::Nothing))
        }
        "SUBJECT" | "COMPANY" | "PERSON" | "GEOGRAPHIC" | "INDUSTRY" | "TERMS" | "COUNTRY" | "CITY"
        | "STATE" | "ORGANIZATION" => {
            notes.push(format!(
                "{upper}( ) was left out, its words are found anywhere: see about:, topic: and named:"
            ));
            Some(Field::Piece(Piece::Nothing))
        }
        "LENGTH" | "DATE" | "LOAD-DATE" => {
            Some(without(upper, "a watch reads what comes in, of any length", notes))
        }
        "PUBLICATION" | "SOURCE" => Some(without(upper, "see source: and site:", notes)),
        "LANGUAGE" => Some(without(upper, "see lang:", notes)),
        "BYLINE" | "SECTION" | "TYPE" | "GRAPHIC" | "TICKER" | "CITE" => {
            Some(without(upper, "there is no such section here", notes))
        }
        _ => None,
    }
}

/// A section that is left out with what is in it.
fn without(name: &str, instead: &str, notes: &mut Vec<String>) -> Field {
    notes.push(format!("{name}( ) was left out with what is in it: {instead}"));
    Field::WithBrackets
}
