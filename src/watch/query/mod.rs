//! The language of watches: text → [`Expr`], or an error that says where, what was expected and what to write instead.
//!
//! [`lex`] splits a query into marks and words, [`parser`] builds a tree of them and refuses what makes no sense,
//! [`value`] reads what the names of fields and tags take, [`hint`] knows what other languages write, [`odd`] finds what
//! is taken but hardly meant, [`show`] writes a tree in its canonical form, [`normal`] in one that twins share.

mod error;
mod hint;
mod lex;
mod normal;
mod odd;
mod parser;
mod show;
#[cfg(test)]
mod tests;
mod value;

pub use error::QueryError;
pub(super) use odd::{bare_words, oddities};
pub(super) use parser::folded;

use super::words::Words;

/// Maximum length of a query in code points.
pub const MOST_CHARS: usize = 65_536;
/// Maximum depth of brackets and of consecutive NOTs.
pub const MOST_DEPTH: usize = 64;
/// Maximum depth of the tree: a row of NEAR counts as well.
const MOST_LEVELS: usize = 200;
/// Maximum number of words that NEAR may span.
pub const MOST_NEAR: u32 = 100;
/// Maximum number of places that ATLEAST may ask for.
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
    /// Both occur in one field, with at most this many words between them.
    Near {
        /// The left one comes first.
        ordered: bool,
        /// The maximum number of words between them.
        words: u32,
        /// One of them.
        left: Box<Expr>,
        /// The other.
        right: Box<Expr>,
    },
    /// It occurs at this many places or more.
    AtLeast(u32, Box<Expr>),
    /// It holds in a part of the article.
    Within(Part, Box<Expr>),
    /// It holds in a single sentence, paragraph or quote.
    Scope(Scope, Box<Expr>),
    /// Words of the text.
    Term(Term),
    /// What presswatch or the publisher says about the article.
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

/// A kind of stretch that an article has several of.
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
    /// One word, or a phrase: consecutive words within a sentence.
    Words {
        /// At least one.
        words: Vec<String>,
        /// Whether inflected forms count too.
        forms: bool,
    },
    /// Words that start with this.
    Prefix(String),
    /// Tokens as written, each with whether a space precedes it.
    Raw(Vec<(String, bool)>),
}

/// A tag and the value asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Which tag.
    pub kind: TagKind,
    /// The value.
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
    /// The speaker of a quote.
    Said,
    /// The country of the publisher.
    From,
    /// The publisher's site, or its parent domain.
    Site,
    /// The publisher's name.
    Source,
    /// The language of the article.
    Lang,
    /// Its place in a story: first, copy, update.
    Is,
    /// Within QUOTE: the speaker.
    By,
    /// Within QUOTE: the class of the reporting words.
    Cue,
    /// Within QUOTE: direct, mixed, indirect.
    Kind,
}

/// The value of a tag.
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

    /// The tag with this name in the language.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, kind)| *kind)
    }

    /// Its name in the language.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Whether it occurs in the text, so that it can be near something.
    pub fn has_places(self) -> bool {
        matches!(self, Self::About | Self::Mentions | Self::Topic | Self::Named | Self::Said)
    }

    /// Whether it is about a single quote.
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

/// Parses a query. With `forms`, bare words match all their forms, as if each had a `~`.
pub fn parse(query: &str, forms: bool, words: &Words) -> Result<Expr, QueryError> {
    parser::Parser::new(query, forms, words)?.parse()
}

impl Expr {
    /// Whether it can be true (or false, unless `asked`) without any word or tag present.
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

    /// Whether it has places in the text, so that NEAR can join it and ATLEAST can count it.
    fn has_places(&self) -> bool {
        match self {
            Self::Or(parts) => parts.iter().all(Self::has_places),
            Self::Term(_) | Self::Near { .. } => true,
            Self::Tag(tag) => tag.kind.has_places(),
            _ => false,
        }
    }
}
