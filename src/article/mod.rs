//! Incoming articles: events in several formats, and the cleaning that leaves headline and body.
//!
//! [`decode`] turns a message into an [`Article`], [`clean`] turns that into a [`Cleaned`] one. Both are pure.

pub mod clean;
mod date;
pub mod decode;
pub mod junk;
mod published;

pub use published::Published;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::Language;

/// An article as received, decoded and within the limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// As given, or derived from the URL, else from the content.
    pub id: String,
    /// Where it was published.
    pub url: Option<String>,
    /// The headline; empty if the event has none and it must be found in the content.
    pub title: String,
    /// The body, not yet cleaned.
    pub content: Content,
    /// What the event declares, if readable.
    pub language: Option<Language>,
    /// When it was published.
    pub published_at: Option<Published>,
    /// Who published it.
    pub source: Source,
    /// As given.
    pub authors: Vec<String>,
    /// Whether it came as a body alone, so that its headline may be the first line.
    pub bare: bool,
}

impl Article {
    /// Whether title or body has a letter.
    fn holds_a_letter(&self) -> bool {
        holds_a_letter(&self.title)
            || match &self.content {
                Content::Text(text) => holds_a_letter(text),
                Content::Html(html) => clean::html::holds_a_letter(html),
            }
    }
}

fn holds_a_letter(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// The body of an article.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Plain text, perhaps with the page's menus around it.
    Text(String),
    /// A page or a part of one.
    Html(String),
}

/// The publisher of an article. All that is not given is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Source {
    /// "Caliber.az".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// "caliber.az"; taken from the URL if the event has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// An article whose headline and body are free of everything around them.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleaned {
    /// See [`Article::id`].
    pub id: String,
    /// See [`Article::url`].
    pub url: Option<String>,
    /// The headline; empty if there is none.
    pub title: String,
    /// The body, with line breaks between paragraphs as in the source.
    pub text: String,
    /// The declared language if it fits the text, else the one found in it, else [`Language::UND`].
    pub language: Language,
    /// See [`Article::published_at`]; from the page if the event has none.
    pub published_at: Option<Published>,
    /// See [`Source`].
    pub source: Source,
    /// See [`Article::authors`].
    pub authors: Vec<String>,
}
