//! Finds the persons of an article, and which of them hold public office.
//!
//! [`marks`] finds what each token can be in the name of an office; [`office`] reads offices from sequences of such
//! tokens, [`complement`] and [`shared`] the parts of them that are on no list, [`served`] tells whose of two they are;
//! [`name`] finds names, [`doubt`] and [`thing`] what only looks like one; [`sighting`] records every name with its
//! evidence, [`uncased`] in scripts without case; [`identity`] gathers the sightings into persons, [`described`] finds
//! what else the text says about them, [`who`] and [`matching`] which holders in the data they are, [`ruler`] which
//! sovereigns.

pub mod check;
mod complement;
mod described;
mod display;
mod doubt;
pub mod holders;
mod identity;
pub mod import;
mod marks;
mod matching;
mod name;
mod nobody;
mod office;
mod rows;
mod ruler;
mod served;
mod shared;
mod sighting;
mod thing;
pub mod titles;
mod uncased;
mod who;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::{Document, Mention, Vocabulary, is_zero};
use crate::official::holders::Officials;
use crate::official::titles::{Kind, Titles};
use crate::text::Span;

/// The data that persons are looked up in.
#[derive(Debug, Clone, Copy)]
pub struct Data<'d> {
    /// Words, names and what other parts register of their phrases.
    pub vocabulary: &'d Vocabulary,
    /// Holders of office known by name.
    pub holders: &'d Officials,
    /// Words of offices.
    pub titles: &'d Titles,
}

/// A person named in the article, official or not, with all mentions.
#[derive(Debug, Clone)]
pub struct Person {
    /// The fullest form of the name.
    pub name: String,
    /// The office, for officials.
    pub office: Option<Office>,
    /// Title first, then body, in order. The tokens are the name without its title.
    pub mentions: Vec<Mention>,
}

/// A public office that a person holds or held.
#[derive(Debug, Clone, Serialize)]
pub struct Office {
    /// `wd:Q…`, if verified.
    pub id: Option<String>,
    /// The name in lower-case ASCII letters with hyphens, as in routing keys.
    pub slug: String,
    /// "Secretary of State".
    pub title: String,
    /// ISO 3166-1 alpha-2, or `EU`, `UN`.
    pub country: Option<String>,
    /// What kind of office it is, if the data shows it.
    #[serde(skip)]
    pub kind: Option<Kind>,
}

/// How an official appears in the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Citation {
    /// Named.
    Mentioned,
    /// Speaker of indirect speech.
    Paraphrased,
    /// Speaker of a direct or mixed quote.
    Quoted,
}

impl Citation {
    /// All of them, weakest first.
    pub const ALL: [Self; 3] = [Self::Mentioned, Self::Paraphrased, Self::Quoted];

    /// The citation as written in the output and in labels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mentioned => "mentioned",
            Self::Paraphrased => "paraphrased",
            Self::Quoted => "quoted",
        }
    }
}

/// An official of the article.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
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
    /// Where the name stands.
    pub mentions: Vec<Span>,
    /// How many more there are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub mentions_left_out: u32,
}

/// Finds the persons of the article, ordered by the first mention of their full name or title.
pub fn people(document: &Document, data: Data<'_>) -> Vec<Person> {
    let parts = document.parts().map(|part| marks::Marked::new(part, document.language, data));
    let day = document.published_at.map(|t| t.day().to_string());
    identity::Gathering::new(parts, data, day).gather()
}

#[cfg(test)]
mod tests;
