//! The language of watches: text → [`Expr`], or an error that says where, what was expected and what to write instead.
//!
//! [`lex`] cuts a query into marks and words, [`parser`] makes a tree of them and refuses what can't be meant, [`show`]
//! writes a tree in its one canonical form.

mod error;
mod lex;
mod parser;
mod show;
#[cfg(test)]
mod tests;

pub use error::QueryError;
pub(super) use parser::folded;

use super::words::Words;

/// Code points of the longest query.
pub const MOST_CHARS: usize = 65_536;
/// Brackets within brackets, and NOT before NOT.
pub const MOST_DEPTH: usize = 64;
/// Levels of the deepest tree: a row of NEAR is one too.
const MOST_LEVELS: usize = 200;
/// Words that NEAR may span.
pub const MOST_NEAR: u32 = 100;
/// Places that ATLEAST may ask for.
pub const MOST_PLACES: u32 = 100;

/// What a watch asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// All hold.
    And(Vec<Expr>),
    /// One holds.
    Or(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// Both stand in one field, with at most so many words between them.
    Near {
        /// The left one first.
        ordered: bool,
        /// The most words between the two.
        words: u32,
        /// One of them.
        left: Box<Expr>,
        /// The other.
        right: Box<Expr>,
    },
    /// It stands at so many places.
    AtLeast(u32, Box<Expr>),
    /// It holds in a part of the article.
    Within(Part, Box<Expr>),
    /// There is one sentence, paragraph or quote in which it holds.
    Scope(Scope, Box<Expr>),
    /// Words of the text.
    Term(Term),
    /// What presswatch or the publisher says of the article.
    Tag(Tag),
}

/// A part of the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The headline.
    Title,
    /// The text.
    Body,
    /// The text up to the end of the sentence with the 50th word.
    Lead,
    /// Headline and lead.
    Top,
}

/// A stretch of which an article has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Scope {
    Sentence,
    Paragraph,
    Quote,
}

/// Words, folded as in [`crate::text::fold`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// One word, or a phrase: its words follow each other within a sentence.
    Words {
        /// At least one.
        words: Vec<String>,
        /// Whether inflected forms count too.
        forms: bool,
    },
    /// Words that begin so.
    Prefix(String),
    /// Tokens as written, each with whether space stands before it.
    Raw(Vec<(String, bool)>),
}

/// A tag and the value that it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Which tag.
    pub kind: TagKind,
    /// Of what or of whom.
    pub value: Value,
}

/// Which tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TagKind {
    /// A country that the article is about.
    About,
    /// A country that it names.
    Mentions,
    /// A topic or one of its narrower ones.
    Topic,
    /// A person.
    Named,
    /// The speaker of some quote.
    Said,
    /// The country of the publisher.
    From,
    /// The publisher's site, or the one above it.
    Site,
    /// The publisher's name.
    Source,
    /// The language of the article.
    Lang,
    /// Its place in a story: first, copy, update.
    Is,
    /// Within QUOTE: its speaker.
    By,
    /// Within QUOTE: the class of its reporting words.
    Cue,
    /// Within QUOTE: direct, mixed, indirect.
    Kind,
}

/// What a tag is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A code or a name.
    Text(String),
    /// Whoever holds an office.
    Office {
        /// Words of its title, folded.
        words: Vec<String>,
        /// ISO 3166-1 alpha-2.
        country: Option<String>,
    },
}

impl TagKind {
    const ALL: [(&'static str, Self); 13] = [
        ("about", Self::About),
        ("mentions", Self::Mentions),
        ("topic", Self::Topic),
        ("named", Self::Named),
        ("said", Self::Said),
        ("from", Self::From),
        ("site", Self::Site),
        ("source", Self::Source),
        ("lang", Self::Lang),
        ("is", Self::Is),
        ("by", Self::By),
        ("cue", Self::Cue),
        ("kind", Self::Kind),
    ];

    /// The tag of a name in the language.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, kind)| *kind)
    }

    /// Its name in the language.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Whether it is found in the text, so that it can stand near something.
    pub fn has_places(self) -> bool {
        matches!(self, Self::About | Self::Mentions | Self::Topic | Self::Named | Self::Said)
    }

    /// Whether it asks of one quote.
    pub fn is_of_quote(self) -> bool {
        matches!(self, Self::By | Self::Cue | Self::Kind)
    }
}

impl Part {
    const ALL: [(&'static str, Self); 4] =
        [("title", Self::Title), ("body", Self::Body), ("lead", Self::Lead), ("top", Self::Top)];

    fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, part)| *part)
    }

    /// Its name in the language.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, part)| *part == self).map_or("", |(name, _)| name)
    }
}

impl Scope {
    fn of_name(name: &str) -> Option<Self> {
        [Self::Sentence, Self::Paragraph, Self::Quote].into_iter().find(|s| s.name() == name)
    }

    /// Its name in the language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sentence => "SENTENCE",
            Self::Paragraph => "PARAGRAPH",
            Self::Quote => "QUOTE",
        }
    }
}

/// Reads a query. `forms`: bare words are found in all their forms, as if each had a `~`.
pub fn parse(query: &str, forms: bool, words: &Words) -> Result<Expr, QueryError> {
    parser::Parser::new(query, forms, words)?.parse()
}

impl Expr {
    /// Whether it can be true (or, not `asked`, false) of an article of which no word and no tag is asked.
    fn asks_nothing(&self, asked: bool) -> bool {
        match self {
            Self::Not(inner) => inner.asks_nothing(!asked),
            Self::And(parts) if asked => parts.iter().all(|p| p.asks_nothing(asked)),
            Self::And(parts) => parts.iter().any(|p| p.asks_nothing(asked)),
            Self::Or(parts) if asked => parts.iter().any(|p| p.asks_nothing(asked)),
            Self::Or(parts) => parts.iter().all(|p| p.asks_nothing(asked)),
            Self::Within(_, inner) | Self::Scope(_, inner) => !asked || inner.asks_nothing(true),
            Self::Near { .. } | Self::AtLeast(..) | Self::Term(_) | Self::Tag(_) => !asked,
        }
    }

    /// Whether it stands at places of the text, so that NEAR can join it and ATLEAST count it.
    fn has_places(&self) -> bool {
        match self {
            Self::Or(parts) => parts.iter().all(Self::has_places),
            Self::Term(_) | Self::Near { .. } => true,
            Self::Tag(tag) => tag.kind.has_places(),
            _ => false,
        }
    }
}
