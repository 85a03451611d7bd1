//! Evidence: a stretch of a field of the tagged article.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The field of the tagged article that a span points into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// The headline.
    Title,
    /// The cleaned body.
    Text,
}

/// A stretch of text, in Unicode code points as in the W3C `TextPositionSelector`:
/// <https://www.w3.org/TR/annotation-model/#text-position-selector>.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// The field that `start` and `end` count in.
    pub field: Field,
    /// Code points before the stretch.
    pub start: u32,
    /// Code points up to its end.
    pub end: u32,
    /// The characters from `start` to `end`.
    pub exact: String,
}
