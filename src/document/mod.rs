//! An article as all taggers read it: title and body, cut into tokens, with what is known of each token and the phrases
//! found there.

mod known;
pub mod scan;
pub(crate) mod short_form;
mod strings;
mod vocabulary;

pub use known::Known;
pub use scan::{Builder, Forms, Hit, Letters, Meaning, Scanner};
pub use strings::Strings;
pub use vocabulary::{PlaceWord, Vocabulary};

use crate::article::{Cleaned, Published, Source};
use crate::text::{Field, Language, Span, Text};

/// Title and body, cut and scanned, which all taggers share.
#[derive(Debug, Clone)]
pub struct Document {
    /// The headline.
    pub title: Scanned,
    /// The body.
    pub body: Scanned,
    /// The language of the body.
    pub language: Language,
    /// Whether words of the language stay whole before their endings.
    pub hangs_on: bool,
    /// When it was published; an official's office is the one held on this day.
    pub published_at: Option<Published>,
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
    /// Phrases, ordered by their first token.
    pub hits: Vec<Hit>,
}

/// Tokens of the longest phrases that [`Scanned::hits_over`] finds.
const LONGEST: usize = 8;

impl Scanned {
    /// The phrases that start at a token.
    pub fn hits_at(&self, token: usize) -> impl Iterator<Item = &Hit> {
        let from = self.hits.partition_point(|hit| (hit.start as usize) < token);
        self.hits[from..].iter().take_while(move |hit| hit.start as usize == token)
    }

    /// The phrases of no more than [`LONGEST`] tokens that cover a token.
    pub fn hits_over(&self, token: usize) -> impl Iterator<Item = &Hit> {
        let from = self.hits.partition_point(|hit| (hit.start as usize) + LONGEST <= token);
        let near = self.hits[from..].iter().take_while(move |hit| hit.start as usize <= token);
        near.filter(move |hit| hit.end as usize > token)
    }
}

impl Document {
    /// Cuts and scans title and body once.
    pub fn new(
        title: String,
        body: String,
        language: Language,
        published_at: Option<Published>,
        source: Source,
        vocabulary: &Vocabulary,
    ) -> Self {
        let scanned = |field, raw| {
            let text = Text::new(field, raw, &vocabulary.abbreviations);
            let words = vocabulary.known(&text, language);
            let mut hits = vocabulary.scanner.scan(&text, &words);
            hits.retain(|hit| vocabulary.fits(hit.meaning, language));
            Scanned { text, words, hits }
        };
        let (title, body) = (scanned(Field::Title, title), scanned(Field::Text, body));
        let hangs_on = vocabulary.scanner.hangs_on(language);
        Self { title, body, language, hangs_on, published_at, source }
    }

    /// The document of a cleaned article.
    pub fn of(article: Cleaned, vocabulary: &Vocabulary) -> Self {
        let Cleaned { title, text, language, published_at, source, .. } = article;
        Self::new(title, text, language, published_at, source, vocabulary)
    }

    /// Title and body, in this order.
    pub fn parts(&self) -> [&Scanned; 2] {
        [&self.title, &self.body]
    }

    /// The part for a field.
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
    /// Range of tokens of that part.
    pub tokens: std::ops::Range<usize>,
}

impl Mention {
    /// The stretch as a span for the output.
    pub fn span(&self, document: &Document) -> Span {
        document.part(self.field).text.span(&self.tokens)
    }
}

/// Most mentions listed under one tag: as many as a reader looks at. Without such a bound an alert can be many times as
/// large as its article.
const MOST_MENTIONS: usize = 50;

/// The first mentions as spans, and how many were left out.
pub(crate) fn spans<'m>(
    mentions: impl Iterator<Item = &'m Mention>,
    document: &Document,
) -> (Vec<Span>, u32) {
    let mut mentions = mentions;
    let first = mentions.by_ref().take(MOST_MENTIONS).map(|m| m.span(document)).collect();
    (first, mentions.count() as u32)
}

/// For fields that are left out of the output when zero.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(crate) fn is_zero(count: &u32) -> bool {
    *count == 0
}
