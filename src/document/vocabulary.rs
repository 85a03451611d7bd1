//! What the words of a text are looked up in.
//!
//! Owns the automaton over all phrases and what is known of a single word. The slices register their phrases and words
//! with the [`Builder`](super::Builder); what a phrase means to them they keep to themselves, but for the few things
//! that others must know of it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::known::Memory;
use super::scan::{Meaning, Scanner};
use crate::language::class::Class;
use crate::language::names::Names;
use crate::language::small::{Small, SmallWords};
use crate::language::word::Word;
use crate::text::{Abbreviations, Language};

/// All words and phrases. Built once, shared by reference.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// For cutting sentences.
    pub abbreviations: Abbreviations,
    /// Given names and name endings.
    pub names: Names,
    /// Finds all phrases in one pass.
    pub scanner: Scanner,
    pub(super) columns: Columns,
    /// Words looked up before.
    pub(super) memory: Memory,
}

/// What is registered of words and phrases beside the automaton.
#[derive(Debug)]
pub(super) struct Columns {
    /// The language whose words are taken for one that has none.
    pub fallback: Language,
    pub small: FxHashMap<Language, SmallWords>,
    pub classes: FxHashMap<Language, FxHashMap<Box<str>, Class>>,
    pub families: FxHashSet<Box<str>>,
    /// By [`Meaning::Cue`]: the language of the texts that it stands in.
    pub cues: Vec<Language>,
    /// By [`Meaning::Title`].
    pub titles: Vec<Class>,
    /// By [`Meaning::Place`].
    pub places: Vec<PlaceWord>,
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
        }
    }
}

/// What others than the gazetteer know of a place's name.
#[derive(Debug, Clone, Default)]
pub struct PlaceWord {
    /// Whether it is that of a place first of all: no small town that a person may be named after.
    pub firm: bool,
    /// Whether it is that of a place at all.
    pub place: bool,
    /// See [`Self::country`]; zeros for none. There are a hundred thousand names: two bytes instead of a string.
    pub code: [u8; 2],
    /// In small letters, for a name that is found in all its forms.
    pub written: Option<Box<str>>,
    /// The language of the texts that it stands in, if others have words that look the same.
    pub only: Option<Language>,
}

impl PlaceWord {
    /// The one country that the name surely stands for wherever it stands: ISO 3166-1 alpha-2.
    pub fn country(&self) -> Option<&str> {
        std::str::from_utf8(&self.code).ok().filter(|code| *code != "\0\0")
    }
}

impl Vocabulary {
    /// What others than the gazetteer know of the name behind a [`Meaning::Place`].
    #[inline]
    pub fn place(&self, number: u32) -> &PlaceWord {
        &self.columns.places[number as usize]
    }

    /// What the phrase behind a [`Meaning::Title`] can do.
    #[inline]
    pub fn title(&self, number: u32) -> Class {
        self.columns.titles[number as usize]
    }

    /// What a small word can be, given folded; an unknown language is taken for the fallback.
    pub fn word(&self, language: Language, folded: &str) -> Word {
        self.small_words(language).map_or(Small::NONE, |words| words.get(folded)).word
    }

    /// Whether a language lists small words of one of these sorts itself.
    pub fn has_words(&self, language: Language, sorts: Word) -> bool {
        self.columns.small.get(&language).is_some_and(|words| words.has(sorts))
    }

    /// The small words of a language; those of the fallback where it has none.
    pub fn small_words(&self, language: Language) -> Option<&SmallWords> {
        self.columns.small.get(&language).or_else(|| self.columns.small.get(&self.columns.fallback))
    }

    /// What small words do around offices and names, in small letters; those of the fallback for a language without.
    pub(super) fn classes(&self, language: Language) -> Option<&FxHashMap<Box<str>, Class>> {
        self.columns.classes.get(&language).or_else(|| self.columns.classes.get(&self.columns.fallback))
    }

    /// Whether a phrase may stand in a text of a language: a cue of another tells nothing there.
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
