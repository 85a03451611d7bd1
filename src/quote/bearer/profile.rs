//! Which noun phrases of a language can speak: the `[bearers]` table of its `cues.toml`.

use rustc_hash::FxHashSet;
use serde::Deserialize;

/// What distinguishes a noun phrase that can speak from other words. All entries are lower-case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bearers {
    /// Whether all nouns are capitalised, so that no noun phrase ends with a lower-case word.
    pub capital_nouns: bool,
    /// Beginnings of common nouns for people, groups and documents. If there are any, other nouns need more
    /// evidence.
    pub nouns: Vec<String>,
    /// Words that cannot speak. A phrase with one of them cannot either.
    pub nobody: FxHashSet<String>,
    /// Word endings that mark a clause as the object of a verb of saying.
    pub clause: Vec<String>,
    /// Word endings that mark a clause as the subject of such a verb in the passive.
    pub subject_clause: Vec<String>,
    /// Beginnings of nouns for things whose names are put in quotation marks: a newspaper, a film, a law.
    pub things: Vec<String>,
    /// Endings of the last word, in lower case, of a clause that describes the noun after it.
    pub describes: Vec<String>,
}

impl Bearers {
    /// Adds the entries of another file of the language.
    pub(in crate::quote) fn extend(&mut self, more: Self) {
        self.capital_nouns |= more.capital_nouns;
        self.nouns.extend(more.nouns);
        self.nobody.extend(more.nobody);
        self.clause.extend(more.clause);
        self.subject_clause.extend(more.subject_clause);
        self.things.extend(more.things);
        self.describes.extend(more.describes);
    }

    /// Whether a lower-case word is a noun that can speak.
    pub fn is_noun(&self, word: &str) -> bool {
        self.nouns.iter().any(|n| word.starts_with(n.as_str()))
    }

    /// Whether a lower-case word is a noun for a thing whose name is put in quotation marks.
    pub fn is_thing(&self, word: &str) -> bool {
        self.things.iter().any(|n| word.starts_with(n.as_str()))
    }

    /// Whether a lower-case word marks a clause as the object of a verb.
    pub fn ends_clause(&self, word: &str) -> bool {
        ends(&self.clause, word)
    }

    /// Whether a lower-case word marks a clause as the subject of a verb in the passive.
    pub fn ends_subject(&self, word: &str) -> bool {
        ends(&self.subject_clause, word)
    }
}

fn ends(endings: &[String], word: &str) -> bool {
    endings.iter().any(|e| word.len() > e.len() && word.ends_with(e.as_str()))
}
