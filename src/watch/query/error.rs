//! Errors in queries.

use std::fmt;

use serde::Serialize;

/// What is wrong with a query, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueryError {
    /// Column of the first wrong code point, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What may be written there.
    pub expected: String,
    /// What to write instead, as far as it can be guessed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl QueryError {
    /// The part of the query around the error, with a mark below its column.
    pub fn marked(&self, query: &str) -> String {
        let skip = self.column.saturating_sub(BEFORE);
        let line: String =
            query.chars().skip(skip).take(WIDTH).map(|c| if c.is_control() { ' ' } else { c }).collect();
        format!("  {line}\n  {}^", " ".repeat(self.column - 1 - skip))
    }
}

/// Columns of a query that are shown, and how many of them before an error.
const WIDTH: usize = 100;
const BEFORE: usize = 60;

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}; expected: {}", self.column, self.message, self.expected)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for QueryError {}

/// What may be written where a term is missing.
pub(super) const TERM: &str = "a word, a phrase or a tag";

/// What may follow a term.
pub(super) const JOINT: &str = "AND, OR, NOT, NEAR/n or the end";

/// An error at a byte of a query, before its column is known.
#[derive(Debug)]
pub(super) struct Wrong {
    pub at: usize,
    pub message: String,
    pub expected: String,
    /// Empty if nothing can be guessed.
    pub hint: String,
}

impl Wrong {
    pub fn new(
        at: usize,
        message: impl Into<String>,
        expected: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { at, message: message.into(), expected: expected.into(), hint: hint.into() }
    }

    pub fn of(self, query: &str) -> QueryError {
        let Self { at, message, expected, hint } = self;
        let column = query.char_indices().take_while(|(own, _)| *own < at).count() + 1;
        QueryError { column, message, expected, hint: Some(hint).filter(|h| !h.is_empty()) }
    }
}
