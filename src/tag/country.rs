//! Which countries an article names, and which it is about.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Document;
use super::official::Person;
use crate::lexicon::Lexicon;
use crate::text::Span;

/// A country that the article names.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Country {
    /// ISO 3166-1 alpha-2, or `XK`.
    pub code: String,
    /// In English.
    pub name: String,
    /// Whether the story is about it.
    pub focus: bool,
    /// 0 to 1: its share of the story.
    pub salience: f32,
    /// Where it is named: by name, demonym, capital, city, region, dateline.
    pub mentions: Vec<Span>,
}

/// The place at the head of the body from which the story was filed ("BAKU, April 15").
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Dateline {
    /// As written.
    pub place: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Of the place.
    pub span: Span,
}

/// What [`tag`] finds.
#[derive(Debug, Default)]
pub struct Found {
    /// See [`Dateline`].
    pub dateline: Option<Dateline>,
    /// In order of salience.
    pub countries: Vec<Country>,
}

/// Finds the countries. `people` are the persons of the article: a surname is no place.
pub fn tag(_document: &Document, _lexicon: &Lexicon, _people: &[Person]) -> Found {
    Found::default()
}
