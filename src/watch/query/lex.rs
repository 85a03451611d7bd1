//! Splits a query into brackets, quoted strings, names of tags and fields, and words.

use std::borrow::Cow;

use super::error::Wrong;
use super::{Part, TagKind};

/// A piece of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind<'q> {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// The text between quotation marks, and the `~` or `*` after it.
    Quoted(Cow<'q, str>, Option<char>),
    /// A name with its colon.
    Name(&'q str),
    /// Anything else up to white space or a mark.
    Word(&'q str),
    /// The end of the query.
    End,
}

/// A piece and the position of its first byte.
#[derive(Debug, Clone)]
pub(super) struct Piece<'q> {
    pub kind: Kind<'q>,
    pub at: usize,
}

/// Whether a character ends a word that is not in quotation marks.
pub(super) fn ends_word(c: char) -> bool {
    is_space(c) || is_quote(c) || matches!(c, '(' | ')' | ',')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”')
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// All pieces of a query, the end last.
pub(super) fn lex(query: &str) -> Result<Vec<Piece<'_>>, Wrong> {
    let mut out = Vec::with_capacity(query.len() / 6 + 2);
    let mut at = 0;
    while let Some(c) = query[at..].chars().next() {
        let kind = match c {
            '(' => Kind::Open,
            ')' => Kind::Close,
            ',' => Kind::Comma,
            _ => Kind::End,
        };
        if kind != Kind::End {
            out.push(Piece { kind, at });
            at += 1;
        } else if is_space(c) {
            at += c.len_utf8();
        } else if is_quote(c) {
            let (text, end) = quoted(query, at + c.len_utf8()).ok_or_else(|| {
                Wrong::new(at, "this quotation mark is never closed", "a second `\"`", unclosed(query))
            })?;
            let mark = query[end..].chars().next().filter(|c| matches!(c, '~' | '*'));
            out.push(Piece { kind: Kind::Quoted(text, mark), at });
            at = end + usize::from(mark.is_some());
        } else {
            let end = query[at..].find(ends_word).map_or(query.len(), |n| at + n);
            let word = &query[at..end];
            match word.split_once(':').filter(|(name, _)| is_name(name)) {
                Some((name, rest)) => {
                    out.push(Piece { kind: Kind::Name(name), at });
                    if !rest.is_empty() {
                        out.push(Piece { kind: Kind::Word(rest), at: at + name.len() + 1 });
                    }
                }
                None => out.push(Piece { kind: Kind::Word(word), at }),
            }
            at = end;
        }
    }
    out.push(Piece { kind: Kind::End, at: query.len() });
    Ok(out)
}

/// What to write if a quotation mark is never closed.
fn unclosed(query: &str) -> &'static str {
    if query.contains(['„', '«', '‚']) {
        "write the phrase as \"…\""
    } else {
        "close it where the phrase ends; a mark that is part of the text is written \\\""
    }
}

fn is_name(name: &str) -> bool {
    name == "raw" || Part::of_name(name).is_some() || TagKind::of_name(name).is_some()
}

/// The text from a byte up to the closing quotation mark, and the byte after that. A backslash escapes a mark that
/// belongs to the text.
fn quoted(query: &str, from: usize) -> Option<(Cow<'_, str>, usize)> {
    let end = from + query[from..].find(|c| is_quote(c) || c == '\\')?;
    let closing = query[end..].chars().next().filter(|c| is_quote(*c));
    if let Some(c) = closing {
        return Some((query[from..end].into(), end + c.len_utf8()));
    }
    let mut text = query[from..end].to_owned();
    let mut chars = query[end..].char_indices();
    while let Some((at, c)) = chars.next() {
        if is_quote(c) {
            return Some((text.into(), end + at + c.len_utf8()));
        }
        // a backslash at the end of the query stands for itself; the closing mark is then missing
        text.push(if c == '\\' { chars.next().map_or(c, |(_, c)| c) } else { c });
    }
    None
}
