//! Who is named: the persons of an article, and which of them hold public office.

use serde::Serialize;

use super::quote::Attribution;
use super::{Document, Mention};
use crate::lexicon::Lexicon;
use crate::text::Span;

/// A person named in the article, official or not, with every place where they are named.
#[derive(Debug, Clone)]
pub struct Person {
    /// The fullest form of the name.
    pub name: String,
    /// The office, for officials.
    pub office: Option<Office>,
    /// In order; title first, then body. The span is the name without its title.
    pub mentions: Vec<Mention>,
}

/// Public office that a person holds or held.
#[derive(Debug, Clone, Serialize)]
pub struct Office {
    /// `wd:Q…`, where checked.
    pub id: Option<String>,
    /// The name in small ASCII letters with hyphens; what routing keys hold.
    pub slug: String,
    /// "Secretary of State".
    pub title: String,
    /// ISO 3166-1 alpha-2, or `EU`, `UN`.
    pub country: Option<String>,
}

/// How an official appears in the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Citation {
    /// Named.
    Mentioned,
    /// Speaker of indirect speech.
    Paraphrased,
    /// Speaker of a direct or mixed quote.
    Quoted,
}

/// An official of the article.
#[derive(Debug, Clone, Serialize)]
pub struct Official {
    /// `wd:Q…`, where checked.
    pub id: Option<String>,
    /// See [`Office::slug`].
    pub slug: String,
    /// Full name.
    pub name: String,
    /// As of the article's date.
    pub office: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The strongest that holds.
    pub citation: Citation,
    /// Every place where the name stands.
    pub mentions: Vec<Span>,
}

/// Finds the persons of the article.
pub fn people(_document: &Document, _lexicon: &Lexicon) -> Vec<Person> {
    Vec::new()
}

/// The officials among the people, with how they are cited.
pub fn officials(_document: &Document, _people: &[Person], _attributions: &[Attribution]) -> Vec<Official> {
    Vec::new()
}
