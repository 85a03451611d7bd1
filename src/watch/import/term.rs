//! The words and phrases of other languages.

use super::Dialect;
use super::lex::Piece;
use crate::watch::query::folded;

/// Letters before a star.
const LETTERS: usize = 4;

/// The piece for a quoted string. `loose`: the number of words that may lie between its own.
pub(super) fn phrase(text: &str, loose: Option<u32>, dialect: Dialect, notes: &mut Vec<String>) -> Piece {
    // a backslash would keep the closing mark from closing
    let text = &text.replace('\\', " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    if !text.contains(char::is_alphanumeric) {
        notes.push(format!("\"{text}\" was left out: no word is in it"));
        return Piece::Lost;
    }
    let near = loose.filter(|_| words.len() > 1).map(|number| format!(" NEAR/{} ", number.min(100)));
    let open = text.contains(['*', '?', '$']) || dialect == Dialect::Lexis && text.contains('!');
    if !open && near.is_none() {
        let plural = if dialect == Dialect::Lexis { "~" } else { "" };
        return Piece::Leaf(format!("\"{text}\"{plural}"));
    }
    if near.is_some() && words.len() > 2 {
        notes.push(format!("\"{text}\": each word has to be near the next"));
    }
    if open && near.is_none() && words.len() > 1 {
        notes.push("a phrase with an open word became ONEAR/0".to_owned());
    }
    let mut told = Vec::new();
    for word in words {
        match term(word, dialect, notes) {
            Piece::Word(word) | Piece::Leaf(word) => told.push(word),
            _ => return Piece::Lost,
        }
    }
    if told.len() == 1 {
        return Piece::Leaf(told.remove(0));
    }
    Piece::Leaf(format!("({})", told.join(near.as_deref().unwrap_or(" ONEAR/0 "))))
}

/// A word in this syntax: open-ended, in all forms, or as it is.
pub(super) fn term(word: &str, dialect: Dialect, notes: &mut Vec<String>) -> Piece {
    let word = word.trim_matches(|c: char| matches!(c, ',' | ';' | '\'' | '’' | '‘' | '\\'));
    if let Some(left) = left_out(word) {
        notes.push(format!("`{word}` was left out: {left}"));
        return Piece::Lost;
    }
    if word.starts_with('#') {
        notes.push(format!("`{word}` is found as written only"));
        return Piece::Leaf(format!("raw:\"{}\"", word.replace(['"', '\\'], "")));
    }
    let word = weighed(word, notes);
    let (bare, open) = opened(word, dialect);
    if !bare.contains(char::is_alphanumeric) {
        notes.push(format!("`{word}` was left out: no word is in it"));
        return Piece::Lost;
    }
    if bare.contains(['*', '?', '!', '$']) {
        let kept: String = bare.chars().take_while(|c| !"*?!$".contains(*c)).collect();
        let became = if takes_star(&kept) { format!("became {kept}*") } else { "was left out".to_owned() };
        notes.push(format!("`{word}` {became}: no letter within a word is open here; list the words"));
        return if takes_star(&kept) { written(&kept, "*") } else { Piece::Lost };
    }
    if open && !takes_star(bare) {
        notes.push(format!(
            "`{word}`: at least four letters of one word stand before a star; only `{bare}` is found now"
        ));
        return written(bare, "");
    }
    let mark = match dialect {
        _ if open => "*",
        Dialect::Lexis => "~",
        _ => "",
    };
    written(bare, mark)
}

/// Whether a star may follow.
fn takes_star(bare: &str) -> bool {
    let words = folded(bare);
    words.len() == 1 && words[0].chars().count() >= LETTERS && folded(&words[0]) == words
}

/// A word with its mark, in quotation marks if it would be something else here without them: an operator, the name of a
/// field, two terms.
fn written(bare: &str, mark: &str) -> Piece {
    let operator = matches!(bare, "AND" | "OR" | "NOT") || bare.trim_start_matches('O').starts_with("NEAR");
    let harmless = |c: char| c.is_alphanumeric() || "-'’&./+#".contains(c);
    if operator || !bare.chars().all(harmless) {
        return Piece::Leaf(format!("\"{bare}\"{mark}"));
    }
    Piece::Word(format!("{bare}{mark}"))
}

/// Why a word is left out, if it is.
fn left_out(word: &str) -> Option<&'static str> {
    if word.starts_with('@') && word.len() > 1 {
        return Some("an account is not followed here, see site: and source:");
    }
    if !word.chars().any(char::is_alphanumeric) || word.starts_with('~') {
        return Some("no word is in it");
    }
    if word.contains(['<', '>']) {
        return Some("no length, date or number is compared here");
    }
    None
}

/// A word without its weight: `oil^9`.
fn weighed<'w>(word: &'w str, notes: &mut Vec<String>) -> &'w str {
    match word.split_once('^') {
        Some((bare, weight)) if weight.bytes().all(|b| b.is_ascii_digit()) => {
            notes.push(format!("the weight ^{weight} was left out"));
            bare
        }
        _ => word,
    }
}

/// A word without what makes its end open, and whether it is.
fn opened(word: &str, dialect: Dialect) -> (&str, bool) {
    match dialect {
        Dialect::Lexis => (word.trim_end_matches('!'), word.ends_with('!')),
        // up to so many letters: engineer$3
        Dialect::Factiva => match word.rsplit_once('$') {
            Some((bare, count)) if count.bytes().all(|b| b.is_ascii_digit()) => (bare, true),
            _ => (word.trim_end_matches('*'), word.ends_with('*')),
        },
        _ => (word.trim_end_matches('*'), word.ends_with('*')),
    }
}
