//! Watches: stored queries over incoming articles, and why each of them matches.
//!
//! The input is the [`Document`](crate::document::Document) and its tags as an [`Article`], the output the watches that
//! match it. [`query`] parses the language, `program` compiles each query to bytecode, [`view`] lays an article out
//! once for all of them, `eval` runs a program over it, `segment` selects the programs worth running, and [`set`] holds
//! the watches in force while they change.

mod codes;
mod cost;
mod dictionary;
pub mod entry;
mod eval;
mod explain;
pub mod file;
mod forms;
pub mod import;
mod key;
pub mod ledger;
pub mod matched;
pub mod owner;
mod present;
mod program;
pub mod query;
mod segment;
pub mod set;
pub mod shared;
mod store;
#[cfg(test)]
mod tests;
pub mod unasked;
pub mod view;
pub mod warn;
pub mod why;
pub mod words;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::Span;
pub use codes::Codes;
pub use cost::Cost;
pub use query::{Expr, QueryError, TagKind, parse};
pub use segment::Work;
pub use set::{Refused, WatchSet, Workspace};
pub use shared::Watches;
pub use view::{Article, Story};
pub use warn::warnings;
pub use why::{Reason, why};
pub use words::Words;

/// A stored query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watch {
    /// Unique.
    pub id: String,
    /// For people.
    pub name: String,
    /// The only one notified of its matches; `None`: everyone who gets the alert.
    pub owner: Option<String>,
    /// How much a match matters.
    pub severity: Severity,
    /// The query.
    pub when: String,
    /// Whether bare words in the query match all their forms.
    pub forms: bool,
}

/// How much a match matters.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Severity {
    Low,
    #[default]
    Medium,
    High,
    Critical,
}

impl Severity {
    /// All severities, in ascending order.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// As written in files, keys and alerts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// A watch that matches an article.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Match {
    /// See [`Watch::id`].
    pub id: String,
    /// See [`Watch::name`].
    pub name: String,
    /// See [`Watch::owner`]. Not serialized: it decides where the match goes.
    #[serde(skip)]
    pub owner: Option<String>,
    /// See [`Watch::severity`].
    pub severity: Severity,
    /// The clauses that hold, in the order of the query.
    pub clauses: Vec<Clause>,
}

/// A clause of a query that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Clause {
    /// In the canonical form of the query language.
    pub expr: String,
    /// The first places where it holds; empty for a clause about the article as a whole.
    pub spans: Vec<Span>,
}

/// Why a watch was set aside; displayed for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aside {
    /// It took more steps on an article than allowed: about 5 ms.
    TooDear,
    /// It panicked on an article: a bug in the program.
    Panicked,
}

impl fmt::Display for Aside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooDear => "it took too long on an article",
            Self::Panicked => "it failed on an article, which is a bug of presswatch",
        })
    }
}
