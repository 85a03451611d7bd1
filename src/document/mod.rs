//! An article as all taggers read it: title and body, cut into tokens, with what is known of each token and the phrases
//! that stand there.

mod known;
pub mod scan;
pub(crate) mod short_form;
mod vocabulary;

pub use known::Known;
pub use scan::{Builder, Forms, Hit, Letters, Meaning, Scanner};
pub use vocabulary::{PlaceWord, Vocabulary};

use crate::article::{Cleaned, Published, Source};
use crate::text::{Field, Language, Span, Text};

/// Title and body, cut and scanned: what all taggers share.
#[derive(Debug, Clone)]
pub struct Document {
    /// The headline.
    pub title: Scanned,
    /// The body.
    pub body: Scanned,
    /// Of the body.
    pub language: Language,
    /// Whether words of the language stand whole before their endings.
    pub hangs_on: bool,
    /// When it was published; offices are given as of this day.
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
    /// In order of their first token.
    pub hits: Vec<Hit>,
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
pub(crate) fn spans<'m>(
    mentions: impl Iterator<Item = &'m Mention>,
    document: &Document,
) -> (Vec<Span>, u32) {
    let mut mentions = mentions;
    let first = mentions.by_ref().take(MOST_MENTIONS).map(|m| m.span(document)).collect();
    (first, mentions.count() as u32)
}

/// For fields that stand only where they say something.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(crate) fn is_zero(count: &u32) -> bool {
    *count == 0
}
