//! A tree in its canonical form, which parses to the same tree again.

use std::fmt::{self, Write as _};

use super::lex::ends_word;
use super::{Expr, Tag, Term, Value};

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) => joined(parts, " AND ", f),
            Self::Or(parts) => joined(parts, " OR ", f),
            Self::Not(inner) => write!(f, "NOT {inner}"),
            Self::Near { ordered, words, left, right } => {
                write!(f, "{left} {}NEAR/{words} ", if *ordered { "O" } else { "" })?;
                // rows of NEAR associate to the left
                if matches!(**right, Self::Near { .. }) {
                    write!(f, "({right})")
                } else {
                    write!(f, "{right}")
                }
            }
            Self::AtLeast(count, inner) => write!(f, "ATLEAST/{count}({inner})"),
            Self::Within(part, inner) => write!(f, "{}:({inner})", part.name()),
            Self::Scope(scope, inner) => write!(f, "{}({inner})", scope.name()),
            Self::Term(term) => write!(f, "{term}"),
            Self::Tag(tag) => write!(f, "{tag}"),
        }
    }
}

fn joined(parts: &[Expr], joint: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('(')?;
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(joint)?;
        }
        write!(f, "{part}")?;
    }
    f.write_char(')')
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prefix(word) => write!(f, "{word}*"),
            Self::Raw(tokens) => {
                f.write_str("raw:\"")?;
                for (i, (word, gap)) in tokens.iter().enumerate() {
                    if *gap && i > 0 {
                        f.write_char(' ')?;
                    }
                    escaped(word, f)?;
                }
                f.write_char('"')
            }
            Self::Words { words, forms } => {
                // an acronym keeps its last dot, and a group of two letters the capital that it needs
                let whole = |w: &String| {
                    let acronym = w.contains('.') && w.ends_with(char::is_alphabetic);
                    if acronym { w.split('.').map(group).collect() } else { w.clone() }
                };
                let body = words.iter().map(whole).collect::<Vec<_>>().join(" ");
                let operator = matches!(body.as_str(), "and" | "or" | "not");
                let quote = if words.len() > 1 || operator { "\"" } else { "" };
                write!(f, "{quote}{body}{quote}{}", if *forms { "~" } else { "" })
            }
        }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.kind.name())?;
        match &self.value {
            Value::Office { words, country: None } => write!(f, "office(\"{}\")", words.join(" ")),
            Value::Office { words, country: Some(country) } => {
                write!(f, "office(\"{}\", country:{country})", words.join(" "))
            }
            Value::Text(text) if text.is_empty() || text.contains(|c| ends_word(c) || c == '\\') => {
                f.write_char('"')?;
                escaped(text, f)?;
                f.write_char('"')
            }
            Value::Text(text) => f.write_str(text),
        }
    }
}

/// A group of an acronym with its dot: "u" as "u.", "ph" as "Ph.".
fn group(letters: &str) -> String {
    let mut rest = letters.chars();
    let first = rest.next().filter(|_| letters.chars().count() > 1);
    match first {
        Some(first) => format!("{}{}.", first.to_uppercase(), rest.as_str()),
        None => format!("{letters}."),
    }
}

fn escaped(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for c in text.chars() {
        if matches!(c, '"' | '“' | '”' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    Ok(())
}
