//! What the words of a text are looked up in.
//!
//! Owns the automaton over all phrases and what is known of single words. The slices register their phrases and words
//! with the [`Builder`](super::Builder); what a phrase means is known only to its slice, except for the few things that
//! others need.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::known::Memory;
use super::scan::{Meaning, Scanner};
use super::strings::Strings;
use crate::language::class::Class;
use crate::language::names::Names;
use crate::language::small::{Small, SmallWords};
use crate::language::word::Word;
use crate::text::{Abbreviations, Language};

/// All words and phrases. Built once, shared by reference.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// For splitting text into sentences.
    pub abbreviations: Abbreviations,
    /// Given names and name endings.
    pub names: Names,
    /// Finds all phrases in one pass.
    pub scanner: Scanner,
    pub(super) columns: Columns,
    /// Recently looked-up words.
    pub(super) memory: Memory,
}

/// What is registered of words and phrases in addition to the automaton.
#[derive(Debug)]
pub(super) struct Columns {
    /// The language whose words are used for languages that have none.
    pub fallback: Language,
    pub small: FxHashMap<Language, SmallWords>,
    pub classes: FxHashMap<Language, FxHashMap<Box<str>, Class>>,
    pub families: FxHashSet<Box<str>>,
    /// By [`Meaning::Cue`]: the language of the texts that the cue counts in.
    pub cues: Vec<Language>,
    /// By [`Meaning::Title`].
    pub titles: Vec<Class>,
    /// By [`Meaning::Place`].
    pub places: Vec<PlaceWord>,
    /// The same names as written; see [`Vocabulary::place_as_written`].
    pub places_as_written: Arc<Strings>,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            fallback: Language::UND,
            small: FxHashMap::default(),
            classes: FxHashMap::default(),
            families: FxHashSet::default(),
            cues: Vec::new(),
            titles: Vec::new(),
            places: Vec::new(),
            places_as_written: Arc::default(),
        }
    }
}

impl Columns {
    /// See [`Vocabulary::small_words`].
    pub fn small_words(&self, language: Language) -> Option<&SmallWords> {
        self.small.get(&language).or_else(|| self.small.get(&self.fallback))
    }
}

/// What parts other than the gazetteer know of a place name.
#[derive(Debug, Clone, Default)]
pub struct PlaceWord {
    /// Whether it is first and foremost a place, and not a small town that a person may be named after.
    pub firm: bool,
    /// Whether it names a place at all.
    pub place: bool,
    /// See [`Self::country`]; zeros if there is none. Two bytes instead of a string, as there are a hundred thousand
    /// names.
    pub code: [u8; 2],
    /// The language whose texts it is limited to, if other languages have words that look the same.
    pub only: Option<Language>,
}

impl PlaceWord {
    /// The one country that the name refers to in any context: ISO 3166-1 alpha-2.
    pub fn country(&self) -> Option<&str> {
        std::str::from_utf8(&self.code).ok().filter(|code| *code != "\0\0")
    }
}

impl Vocabulary {
    /// What parts other than the gazetteer know of the name that a [`Meaning::Place`] refers to.
    #[inline]
    pub fn place(&self, number: u32) -> &PlaceWord {
        &self.columns.places[number as usize]
    }

    /// The name that a [`Meaning::Place`] refers to, in lower case, if it is matched in all its forms; else empty.
    pub fn place_as_written(&self, number: u32) -> &str {
        self.columns.places_as_written.get(number)
    }

    /// What the phrase of a [`Meaning::Title`] can do.
    #[inline]
    pub fn title(&self, number: u32) -> Class {
        self.columns.titles[number as usize]
    }

    /// What a folded small word can be; for an unknown language, in the fallback.
    pub fn word(&self, language: Language, folded: &str) -> Word {
        self.small_words(language).map_or(Small::NONE, |words| words.get(folded)).word
    }

    /// Whether a language lists small words of one of these sorts itself.
    pub fn has_words(&self, language: Language, sorts: Word) -> bool {
        self.columns.small.get(&language).is_some_and(|words| words.has(sorts))
    }

    /// The small words of a language, or of the fallback if it has none.
    pub fn small_words(&self, language: Language) -> Option<&SmallWords> {
        self.columns.small_words(language)
    }

    /// What small words, in lower case, do around offices and names; those of the fallback for a language that has
    /// none.
    pub(super) fn classes(&self, language: Language) -> Option<&FxHashMap<Box<str>, Class>> {
        self.columns.classes.get(&language).or_else(|| self.columns.classes.get(&self.columns.fallback))
    }

    /// Whether a phrase counts in a text of a language: a cue of another language tells nothing there.
    pub(super) fn fits(&self, meaning: Meaning, language: Language) -> bool {
        match meaning {
            Meaning::Cue(number) => {
                let own =
                    if self.columns.small.contains_key(&language) { language } else { self.columns.fallback };
                self.columns.cues[number as usize] == own
            }
            Meaning::Place(number) => self.place(number).only.is_none_or(|only| only == language),
            _ => true,
        }
    }
}
