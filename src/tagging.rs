//! Tags a cleaned article: countries, topics, officials, quotes.
//!
//! Owns the [`Document`] that all taggers read and the [`Tagged`] article that comes out. Each tagger is a
//! function of the document and the knowledge; none changes the text.

mod citation;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::article::{Cleaned, Source};
use crate::country::{self, Country, Dateline};
use crate::document::Document;
use crate::knowledge::Knowledge;
use crate::official::{self, Official};
use crate::quote::{self, Quote};
use crate::topic::{self, Topic};

/// An article with all that was found in it; what `presswatch tag` prints and an alert carries.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "the fields of `Cleaned` and the taggers' own")]
pub struct Tagged {
    pub id: String,
    pub url: Option<String>,
    pub title: String,
    pub language: String,
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub published_at: Option<Timestamp>,
    pub source: Source,
    pub text: String,
    pub dateline: Option<Dateline>,
    pub countries: Vec<Country>,
    pub topics: Vec<Topic>,
    pub officials: Vec<Official>,
    pub quotes: Vec<Quote>,
}

impl Tagged {
    /// Whether anything was found that an alert could be routed by.
    pub fn has_tags(&self) -> bool {
        !(self.countries.is_empty() && self.topics.is_empty() && self.officials.is_empty())
    }
}

/// Tags an article.
pub fn tag(article: Cleaned, knowledge: &Knowledge) -> Tagged {
    let (id, url) = (article.id.clone(), article.url.clone());
    let document = Document::of(article, &knowledge.vocabulary);
    let people = official::people(&document, knowledge.of_people());
    let country::Found { dateline, story, countries } = country::tag(&document, &knowledge.places, &people);
    let topics = topic::tag(&document, &knowledge.topics);
    let attributions = quote::attributions(&document, knowledge.of_quotes(), &people, story);
    let quotes = attributions.iter().map(|a| a.quote(&document, &people)).collect();
    let officials = citation::officials(&document, &people, &attributions);
    Tagged {
        id,
        url,
        title: document.title.text.raw,
        language: document.language.as_str().to_owned(),
        published_at: document.published_at,
        source: document.source,
        text: document.body.text.raw,
        dateline,
        countries,
        topics,
        officials,
        quotes,
    }
}
