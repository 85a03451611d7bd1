//! Tags a cleaned article with its countries, topics, officials and quotes.
//!
//! Owns the [`Document`] that all taggers read and the [`Tagged`] article they produce. Each tagger is a function of
//! the document and the knowledge; none changes the text.

mod citation;

use std::mem::take;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::article::{Cleaned, Published, Source};
use crate::country::{self, Country, Dateline};
use crate::document::Document;
use crate::knowledge::Knowledge;
use crate::official::{self, Official};
use crate::quote::{self, Quote};
use crate::topic::{self, Topic};
use crate::watch;

/// An article with all that was found in it; what `presswatch tag` prints and an alert carries.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "the fields of `Cleaned` and the taggers' own")]
pub struct Tagged {
    pub id: String,
    pub url: Option<String>,
    pub title: String,
    pub language: String,
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub published_at: Option<Published>,
    pub source: Source,
    pub text: String,
    pub dateline: Option<Dateline>,
    pub countries: Vec<Country>,
    pub topics: Vec<Topic>,
    pub officials: Vec<Official>,
    pub quotes: Vec<Quote>,
}

impl Tagged {
    /// Whether it has any tag that an alert could be routed by.
    pub fn has_tags(&self) -> bool {
        !(self.countries.is_empty() && self.topics.is_empty() && self.officials.is_empty())
    }
}

/// A tagged article with the document in which its tags were found.
#[derive(Debug)]
pub struct Analysed {
    /// The document that all taggers read.
    pub document: Document,
    /// The tags.
    pub tagged: Tagged,
}

impl Analysed {
    /// The article as watches see it.
    pub fn article(&self) -> watch::Article<'_> {
        let Tagged { url, countries, topics, officials, quotes, .. } = &self.tagged;
        let (document, url) = (&self.document, url.as_deref());
        watch::Article { document, url, countries, topics, officials, quotes, story: watch::Story::default() }
    }
}

/// Tags an article and keeps its document.
pub fn analyse(article: Cleaned, knowledge: &Knowledge) -> Analysed {
    let (id, url) = (article.id.clone(), article.url.clone());
    let document = Document::of(article, &knowledge.vocabulary);
    let found = Found::of(&document, knowledge);
    let (title, text) = (document.title.text.raw.clone(), document.body.text.raw.clone());
    let tagged = found.tagged(id, url, &document, title, text);
    Analysed { document, tagged }
}

/// Tags an article.
pub fn tag(article: Cleaned, knowledge: &Knowledge) -> Tagged {
    let (id, url) = (article.id.clone(), article.url.clone());
    let mut document = Document::of(article, &knowledge.vocabulary);
    let found = Found::of(&document, knowledge);
    let (title, text) = (take(&mut document.title.text.raw), take(&mut document.body.text.raw));
    found.tagged(id, url, &document, title, text)
}

/// What can be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Explained {
    /// Why a topic was or was not found.
    Topic(u16),
    /// Why the story is about a country or not.
    Focus,
    /// Why words are thought to be somebody's or not.
    Quotes,
}

/// Why something was or was not found, for a person to read.
pub fn explain(document: &Document, knowledge: &Knowledge, what: Explained) -> String {
    if let Explained::Topic(topic) = what {
        return topic::explain(document, &knowledge.topics, topic);
    }
    let people = official::people(document, knowledge.of_people());
    if what == Explained::Focus {
        return country::explain(document, &knowledge.places, &people);
    }
    let story = country::tag(document, &knowledge.places, &people).story;
    quote::explain(document, knowledge.of_quotes(), &people, story)
}

/// What the taggers find in a document.
struct Found {
    dateline: Option<Dateline>,
    countries: Vec<Country>,
    topics: Vec<Topic>,
    officials: Vec<Official>,
    quotes: Vec<Quote>,
}

impl Found {
    fn of(document: &Document, knowledge: &Knowledge) -> Self {
        let people = official::people(document, knowledge.of_people());
        let country::Found { dateline, story, countries } =
            country::tag(document, &knowledge.places, &people);
        let topics = topic::tag(document, &knowledge.topics);
        let attributions = quote::attributions(document, knowledge.of_quotes(), &people, story);
        let quotes = attributions.iter().map(|a| a.quote(document, &people)).collect();
        let officials = citation::officials(document, &people, &attributions);
        Self { dateline, countries, topics, officials, quotes }
    }

    fn tagged(
        self,
        id: String,
        url: Option<String>,
        document: &Document,
        title: String,
        text: String,
    ) -> Tagged {
        let Self { dateline, countries, topics, officials, quotes } = self;
        Tagged {
            id,
            url,
            title,
            language: document.language.as_str().to_owned(),
            published_at: document.published_at,
            source: document.source.clone(),
            text,
            dateline,
            countries,
            topics,
            officials,
            quotes,
        }
    }
}
