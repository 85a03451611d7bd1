//! Tags a cleaned article: countries, topics, officials, quotes.
//!
//! Owns the [`Document`] that all taggers read and the [`Tagged`] article that comes out. Each tagger is a
//! function of the document and the lexicon; none changes the text.

pub mod country;
pub mod official;
pub mod quote;
pub mod topic;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use country::{Country, Dateline};
pub use official::{Citation, Official};
pub use quote::Quote;
pub use topic::Topic;

use crate::article::{Cleaned, Source};
use crate::lexicon::{Hit, Known, Lexicon};
use crate::text::{Field, Language, Span, Text};

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

/// Title and body, cut and scanned: what all taggers share.
#[derive(Debug, Clone)]
pub struct Document {
    /// The headline.
    pub title: Scanned,
    /// The body.
    pub body: Scanned,
    /// Of the body.
    pub language: Language,
    /// When it was published; offices are given as of this day.
    pub published_at: Option<Timestamp>,
    /// Who published it.
    pub source: Source,
}

/// A text with the phrases found in it.
#[derive(Debug, Clone)]
pub struct Scanned {
    /// The text.
    pub text: Text,
    /// What the lexicon knows of each token.
    pub words: Vec<Known>,
    /// In order of their first token.
    pub hits: Vec<Hit>,
}

impl Document {
    /// Cuts and scans title and body once.
    pub fn new(
        title: String,
        body: String,
        language: Language,
        published_at: Option<Timestamp>,
        source: Source,
        lexicon: &Lexicon,
    ) -> Self {
        let scanned = |field, raw| {
            let text = Text::new(field, raw, &lexicon.abbreviations);
            let words = lexicon.known(&text, language);
            let hits = lexicon.scanner.scan(&text, &words);
            Scanned { text, words, hits }
        };
        let (title, body) = (scanned(Field::Title, title), scanned(Field::Text, body));
        Self { title, body, language, published_at, source }
    }

    /// The document of a cleaned article.
    pub fn of(article: Cleaned, lexicon: &Lexicon) -> Self {
        let Cleaned { title, text, language, published_at, source, .. } = article;
        Self::new(title, text, language, published_at, source, lexicon)
    }

    /// Title and body, in this order.
    pub fn parts(&self) -> [&Scanned; 2] {
        [&self.title, &self.body]
    }

    /// The part of a field.
    pub fn part(&self, field: Field) -> &Scanned {
        match field {
            Field::Title => &self.title,
            Field::Text => &self.body,
        }
    }
}

/// A stretch of tokens of one part of the document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mention {
    /// Title or body.
    pub field: Field,
    /// In the tokens of that part.
    pub tokens: std::ops::Range<usize>,
}

impl Mention {
    /// The span for the output.
    pub fn span(&self, document: &Document) -> Span {
        document.part(self.field).text.span(&self.tokens)
    }
}

/// Mentions that stand under one tag: as many as a reader looks at. An alert without such a bound can be many times as
/// large as its article.
const MOST_MENTIONS: usize = 50;

/// The first mentions as spans, and how many more there are.
fn spans<'m>(mentions: impl Iterator<Item = &'m Mention>, document: &Document) -> (Vec<Span>, u32) {
    let mut mentions = mentions;
    let first = mentions.by_ref().take(MOST_MENTIONS).map(|m| m.span(document)).collect();
    (first, mentions.count() as u32)
}

/// For fields that stand only where they say something.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// Tags an article.
pub fn tag(article: Cleaned, lexicon: &Lexicon) -> Tagged {
    let (id, url) = (article.id.clone(), article.url.clone());
    let document = Document::of(article, lexicon);
    let people = official::people(&document, lexicon);
    let country::Found { dateline, story, countries } = country::tag(&document, lexicon, &people);
    let topics = topic::tag(&document, lexicon);
    let attributions = quote::attributions(&document, lexicon, &people, story);
    let quotes = attributions.iter().map(|a| a.quote(&document, &people)).collect();
    let officials = official::officials(&document, &people, &attributions);
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
