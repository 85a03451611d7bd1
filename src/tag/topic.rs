//! Which IPTC Media Topics an article is about.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Document;
use crate::lexicon::Lexicon;
use crate::text::Span;

/// A topic of the article.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Topic {
    /// `medtop:20000642`, or an operator's own `x:…`.
    pub code: String,
    /// In English.
    pub name: String,
    /// 0 to 1.
    pub relevance: f32,
    /// The words that it was found by.
    pub evidence: Vec<Span>,
}

/// Finds the topics, in order of relevance; the most specific that hold.
pub fn tag(_document: &Document, _lexicon: &Lexicon) -> Vec<Topic> {
    Vec::new()
}
