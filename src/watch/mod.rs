//! Watches: stored queries over articles as they come, and why each of them matches.
//!
//! In go the [`Document`](crate::document::Document) and its tags as an [`Article`], out come the watches that match it.
//! [`query`] reads the language, `program` makes each query a row of bytes, [`view`] lays an article out once for all
//! of them, `eval` runs a program over it, `segment` tells which programs are worth running, [`set`] holds the watches
//! in force while they change.

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
pub mod view;
pub mod warn;
pub mod why;
pub mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::Span;
pub use query::{Expr, QueryError, parse};
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
    /// Different for each.
    pub id: String,
    /// For people.
    pub name: String,
    /// Who alone is told of its matches; none: whoever gets the alert.
    pub owner: Option<String>,
    /// How much a match matters.
    pub severity: Severity,
    /// The query.
    pub when: String,
    /// Whether bare words of the query mean all their forms.
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
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// As it stands in files, keys and alerts.
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
    /// See [`Watch::owner`]. Never handed out: it tells where the match goes.
    #[serde(skip)]
    pub owner: Option<String>,
    /// See [`Watch::severity`].
    pub severity: Severity,
    /// The clauses of the query that hold, in its order.
    pub clauses: Vec<Clause>,
}

/// A clause of a query that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Clause {
    /// In the canonical form of the language.
    pub expr: String,
    /// Where, the first of them; none for what holds of the whole article.
    pub spans: Vec<Span>,
}

/// Why a watch is set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aside {
    /// It took more steps on an article than it may: about 5 ms.
    TooDear,
    /// It panicked on an article: a fault of the program.
    Panicked,
}
