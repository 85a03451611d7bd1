//! Errors in queries.

use std::fmt;

/// What is wrong with a query, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// Column of the first wrong code point, from 1.
    pub column: usize,
    /// What is wrong, or what was expected there.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for QueryError {}

/// An error at a byte of a query, before its column is known.
#[derive(Debug)]
pub(super) struct Wrong {
    pub at: usize,
    pub message: String,
    pub hint: String,
}

impl Wrong {
    pub fn new(at: usize, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { at, message: message.into(), hint: hint.into() }
    }

    pub fn of(self, query: &str) -> QueryError {
        let column = query.char_indices().take_while(|(at, _)| *at < self.at).count() + 1;
        QueryError { column, message: self.message, hint: Some(self.hint).filter(|h| !h.is_empty()) }
    }
}
