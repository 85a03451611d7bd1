//! What a language tells of who can speak: the table `[bearers]` of its cues.

use rustc_hash::FxHashSet;
use serde::Deserialize;

/// What tells a noun phrase that speaks from other words; all in small letters.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bearers {
    /// Whether all nouns have capitals, so that a word in small letters ends no noun phrase.
    pub capital_nouns: bool,
    /// How common nouns start that stand for people, groups and documents. Where there are some, no other noun speaks.
    pub nouns: Vec<String>,
    /// Words that never speak, nor any phrase with one of them.
    pub nobody: FxHashSet<String>,
    /// Endings of words that make a clause the object of a verb of saying.
    pub clause: Vec<String>,
    /// How nouns start for what has a name between quotation marks: a newspaper, a film, a law.
    pub things: Vec<String>,
    /// Endings of words in small letters with which a clause ends that describes the noun behind it.
    pub describes: Vec<String>,
}

impl Bearers {
    /// Takes in what a further file of the language has.
    pub(in crate::quote) fn extend(&mut self, more: Self) {
        self.capital_nouns |= more.capital_nouns;
        self.nouns.extend(more.nouns);
        self.nobody.extend(more.nobody);
        self.clause.extend(more.clause);
        self.things.extend(more.things);
        self.describes.extend(more.describes);
    }

    /// Whether a word in small letters is a noun that can speak.
    pub fn is_noun(&self, word: &str) -> bool {
        self.nouns.iter().any(|n| word.starts_with(n.as_str()))
    }

    /// Whether a word in small letters is a noun for what has a name between quotation marks.
    pub fn is_thing(&self, word: &str) -> bool {
        self.things.iter().any(|n| word.starts_with(n.as_str()))
    }

    /// Whether a word in small letters makes a clause the object of a verb.
    pub fn ends_clause(&self, word: &str) -> bool {
        self.clause.iter().any(|e| word.len() > e.len() && word.ends_with(e.as_str()))
    }
}
