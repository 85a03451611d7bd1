//! Words of attribution ("said", "according to", "his claim that"), the small words around them, and the learnt
//! weights that tell whether such a word attributes anything where it stands.
//!
//! Owns what a language's `cues.toml` tells ([`read`] reads it), and `cue_weights.tsv` with weights where there are
//! annotated articles to learn from. What the words do in a sentence is [`crate::quote`]'s to find.

mod read;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

pub use super::bearer::profile::Bearers;
pub use super::grammar::sight::Endings;
pub use super::grammar::usage::Usage;
pub use super::head::genitive::{Beside, Genitive};
use super::model::Weights;
use super::model::kind::Names;
use super::model::observation::Class;
pub use super::order::profile::Order;
use crate::language::small::SmallWords;
use crate::text::Language;

/// What sort of word a cue is: where its speaker stands follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sort {
    /// The speaker is the subject: "said".
    Verb,
    /// The speaker is in the genitive or behind "by": "his claim that".
    Noun,
    /// The speaker is the subject of "be": "is confident that".
    Adjective,
    /// The speaker stands right behind: "according to".
    Source,
    /// The speaker stands right behind, the words behind that: Turkish "kaydeden Saymaz, …". Only before a quote.
    Participle,
    /// The speaker stands right before, in the genitive: Azerbaijani "Rayevin sözlərinə görə".
    Postposed,
}

/// Where words that name a source have it and what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before or behind what is said, or within it.
    Any,
    /// At the head of a sentence, before a name and a comma: "pour X, …".
    Before,
    /// Behind a quote or a comma: "…, so X".
    Behind,
    /// As [`Side::Any`], where their last word is the source: "nach Polizeiangaben".
    Within,
}

/// One form of a cue.
#[derive(Debug, Clone)]
pub struct Cue {
    /// The name under which it is listed.
    pub lemma: Box<str>,
    /// The place of that name among the names of all cues, from 1: what weights are learnt for.
    pub(super) number: u16,
    /// As it stands in `cue_class`.
    pub(super) class: Class,
    /// See [`Sort`].
    pub sort: Sort,
    /// Where alone it counts, for a source.
    pub side: Side,
    /// Whether this is the form under which it is listed ("say"), which is its infinitive in English.
    pub base: bool,
    /// Whether a whole clause before it is what is said, whatever was learnt: "Prices rose, analysts said."
    pub plain: bool,
    /// The same with whom it is told to behind it: "Prices rose, a spokesman told Reuters."
    pub addressed: bool,
}

/// What tells that somebody speaks where there are no quotation marks; all in small letters.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Talk {
    /// Labels of whoever asks: "q", "reporter".
    pub question: Vec<String>,
    /// Labels of whoever asks that need no mark behind them, as they stand: "Q".
    pub unmarked: Vec<String>,
    /// Labels of whoever answers: "a".
    pub answer: Vec<String>,
    /// Words by which speakers mean themselves: "i", "our".
    pub own: FxHashSet<String>,
    /// Endings of long words that are finite verbs.
    pub verb_endings: Vec<String>,
}

impl Talk {
    /// Takes in what a further file of the language has.
    fn extend(&mut self, more: Self) {
        self.question.extend(more.question);
        self.unmarked.extend(more.unmarked);
        self.answer.extend(more.answer);
        self.own.extend(more.own);
        self.verb_endings.extend(more.verb_endings);
    }
}

/// What one language has.
#[derive(Debug, Default)]
struct Talking {
    talk: Talk,
    bearers: Bearers,
    usage: Usage,
    endings: Endings,
    genitive: Option<Genitive>,
    verb_final: bool,
    order: Option<Order>,
    free_subject: bool,
    gerunds: Vec<String>,
    participle_endings: Vec<String>,
    adjective_endings: Vec<String>,
    age: Vec<Box<str>>,
    /// Of a verb's form, one of which must end its clause.
    particles: FxHashMap<String, Vec<Box<str>>>,
    /// What was learnt.
    weights: Weights,
}

/// The confidence below which an attribution is left out, unless set.
pub const LEAST: f32 = 0.55;

/// All words of attribution.
#[derive(Debug)]
pub struct Cues {
    /// What an attribution must have in [`confidence`](super::Quote::confidence) not to be left out.
    pub least: f32,
    all: Vec<Cue>,
    /// The names of all, in order of their letters.
    names: Vec<Box<str>>,
    languages: FxHashMap<Language, Talking>,
    /// The language whose cues are taken for a text in one that has none.
    fallback: Option<Language>,
}

impl Default for Cues {
    fn default() -> Self {
        Self {
            least: LEAST,
            all: Vec::new(),
            names: Vec::new(),
            languages: FxHashMap::default(),
            fallback: None,
        }
    }
}

impl Cues {
    /// The cue that a hit of the automaton stands for.
    #[inline]
    pub fn cue(&self, hit: u32) -> &Cue {
        &self.all[hit as usize]
    }

    /// What tells turns of a talk in a language, if it is listed.
    pub fn talk(&self, language: Language) -> Option<&Talk> {
        self.talking(language).map(|v| &v.talk)
    }

    /// What tells who can speak in a language, if it is listed.
    pub fn bearers(&self, language: Language) -> Option<&Bearers> {
        self.languages.get(&language).map(|t| &t.bearers)
    }

    /// How a language builds and punctuates its sentences; nothing of one that lists nothing.
    pub fn usage(&self, language: Language) -> Usage {
        self.languages.get(&language).map(|t| t.usage).unwrap_or_default()
    }

    /// Endings that tell what a word may be in a language.
    pub fn endings(&self, language: Language) -> &Endings {
        const NONE: &Endings = &Endings::NONE;
        self.talking(language).map_or(NONE, |t| &t.endings)
    }

    /// How surnames stand in the genitive in a language, if it says so.
    pub fn genitive(&self, language: Language) -> Option<&Genitive> {
        self.languages.get(&language)?.genitive.as_ref()
    }

    /// Whether the verb ends the sentence in a language.
    pub fn verb_final(&self, language: Language) -> bool {
        self.talking(language).is_some_and(|t| t.verb_final)
    }

    /// How a language orders speaker, verb and quote, if it says so.
    pub fn order(&self, language: Language) -> Option<&Order> {
        self.languages.get(&language)?.order.as_ref()
    }

    /// Whether the subject may stand on either side of the verb and apart from it in a language.
    pub fn free_subject(&self, language: Language) -> bool {
        self.talking(language).is_some_and(|t| t.free_subject)
    }

    /// The endings of forms that go with the subject of another verb: "ajoutant".
    pub fn gerunds(&self, language: Language) -> &[String] {
        self.talking(language).map(|t| t.gerunds.as_slice()).unwrap_or_default()
    }

    /// The endings of forms that say nothing without an auxiliary: "annoncé".
    pub fn participle_endings(&self, language: Language) -> &[String] {
        self.talking(language).map(|t| t.participle_endings.as_slice()).unwrap_or_default()
    }

    /// The endings of adjectives in a language, behind which a noun stands: "public".
    pub fn adjective_endings(&self, language: Language) -> &[String] {
        self.talking(language).map(|t| t.adjective_endings.as_slice()).unwrap_or_default()
    }

    /// The words behind the number of an age in a language: "year", "old".
    pub fn age(&self, language: Language) -> &[Box<str>] {
        self.talking(language).map(|t| t.age.as_slice()).unwrap_or_default()
    }

    /// The particles of which a verb's form needs one to say something: "gab … an".
    pub fn particles(&self, language: Language, form: &str) -> Option<&[Box<str>]> {
        let talking = self.talking(language).filter(|t| !t.particles.is_empty())?;
        talking.particles.get(form.to_lowercase().as_str()).map(Vec::as_slice)
    }

    /// The names of all cues, and of the small words of a language.
    pub(super) fn names<'n>(&'n self, words: Option<&'n SmallWords>) -> Names<'n> {
        Names { cues: &self.names, words: words.map(SmallWords::listed).unwrap_or_default() }
    }

    /// What was learnt of a language, if anything was.
    pub(super) fn weights(&self, language: Language) -> Option<&Weights> {
        self.talking(language)
            .filter(|_| language == Language::UND || self.languages.contains_key(&language))
            .map(|v| &v.weights)
            .filter(|w| !w.is_empty())
    }

    fn talking(&self, language: Language) -> Option<&Talking> {
        self.languages.get(&language).or_else(|| self.languages.get(&self.fallback?))
    }
}
