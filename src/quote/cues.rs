//! Cues of attribution ("said", "according to", "his claim that"), and the learnt weights that decide whether such
//! a cue attributes anything in its sentence.
//!
//! Holds each language's `cues.toml` (read by [`read`]) and, where there were annotated articles to learn from, its
//! `cue_weights.tsv`. [`crate::quote`] finds out what the words do in a sentence.

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

/// What sort of word a cue is, which decides where its speaker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sort {
    /// The speaker is the subject: "said".
    Verb,
    /// The speaker is in the genitive or after "by": "his claim that".
    Noun,
    /// The speaker is the subject of "be": "is confident that".
    Adjective,
    /// The speaker comes right after it: "according to".
    Source,
    /// The speaker comes right after it, then the words: Turkish "kaydeden Saymaz, …". Only before a quote.
    Participle,
    /// The speaker comes right before it, in the genitive: Azerbaijani "Rayevin sözlərinə görə".
    Postposed,
}

/// Where a cue that names a source must be, relative to what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before, after or within what is said.
    Any,
    /// At the start of a sentence, before a name and a comma: "pour X, …".
    Before,
    /// After a quote or a comma: "…, so X".
    Behind,
    /// As [`Side::Any`], but the last word of the cue is the source: "nach Polizeiangaben".
    Within,
}

/// One form of a cue.
#[derive(Debug, Clone)]
pub struct Cue {
    /// The name under which it is listed.
    pub lemma: Box<str>,
    /// The number of that name among all names of cues, from 1; weights are learnt for it.
    pub(super) number: u16,
    /// As written in `cue_class`.
    pub(super) class: Class,
    /// See [`Sort`].
    pub sort: Sort,
    /// The only place where it counts, if it names a source.
    pub side: Side,
    /// Whether this is the form under which it is listed ("say"), in English the infinitive.
    pub base: bool,
    /// Whether a whole clause before it is what is said, whatever was learnt: "Prices rose, analysts said."
    pub plain: bool,
    /// The same if an addressee follows: "Prices rose, a spokesman told Reuters."
    pub addressed: bool,
}

/// What shows that somebody speaks without quotation marks. All lower-case, but for `unmarked`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Talk {
    /// Labels of the person who asks: "q", "reporter".
    pub question: Vec<String>,
    /// Labels of the person who asks that need no mark after them, in their own case: "Q".
    pub unmarked: Vec<String>,
    /// Labels of the person who answers: "a".
    pub answer: Vec<String>,
    /// Words with which speakers refer to themselves: "i", "our".
    pub own: FxHashSet<String>,
    /// Endings of long words that are finite verbs.
    pub verb_endings: Vec<String>,
}

impl Talk {
    /// Adds the entries of another file of the language.
    fn extend(&mut self, more: Self) {
        self.question.extend(more.question);
        self.unmarked.extend(more.unmarked);
        self.answer.extend(more.answer);
        self.own.extend(more.own);
        self.verb_endings.extend(more.verb_endings);
    }
}

/// The data of one language.
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
    /// For a verb form, the particles of which one must end its clause.
    particles: FxHashMap<String, Vec<Box<str>>>,
    /// What was learnt; empty for most languages.
    weights: Weights,
}

/// The confidence below which an attribution is left out, by default.
pub const LEAST: f32 = 0.55;

/// The cues of all languages.
#[derive(Debug)]
pub struct Cues {
    /// The least [`confidence`](super::Quote::confidence) of an attribution that is kept.
    pub least: f32,
    all: Vec<Cue>,
    /// The names of all cues, sorted.
    names: Vec<Box<str>>,
    languages: FxHashMap<Language, Talking>,
    /// The language whose cues serve texts in languages that have none.
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
    /// The cue of an automaton hit.
    #[inline]
    pub fn cue(&self, hit: u32) -> &Cue {
        &self.all[hit as usize]
    }

    /// What marks the turns of a conversation in a language, if its cues are listed.
    pub fn talk(&self, language: Language) -> Option<&Talk> {
        self.talking(language).map(|v| &v.talk)
    }

    /// Which noun phrases can speak in a language, if its cues are listed.
    pub fn bearers(&self, language: Language) -> Option<&Bearers> {
        self.languages.get(&language).map(|t| &t.bearers)
    }

    /// How a language builds and punctuates its sentences; the default if its cues are not listed.
    pub fn usage(&self, language: Language) -> Usage {
        self.languages.get(&language).map(|t| t.usage).unwrap_or_default()
    }

    /// Endings that show what a word may be in a language.
    pub fn endings(&self, language: Language) -> &Endings {
        const NONE: &Endings = &Endings::NONE;
        self.talking(language).map_or(NONE, |t| &t.endings)
    }

    /// How surnames form the genitive in a language, if its data says so.
    pub fn genitive(&self, language: Language) -> Option<&Genitive> {
        self.languages.get(&language)?.genitive.as_ref()
    }

    /// Whether the verb ends the sentence in a language.
    pub fn verb_final(&self, language: Language) -> bool {
        self.talking(language).is_some_and(|t| t.verb_final)
    }

    /// How a language orders speaker, verb and quote, if its data says so.
    pub fn order(&self, language: Language) -> Option<&Order> {
        self.languages.get(&language)?.order.as_ref()
    }

    /// Whether the subject may be on either side of the verb and apart from it in a language.
    pub fn free_subject(&self, language: Language) -> bool {
        self.talking(language).is_some_and(|t| t.free_subject)
    }

    /// The endings of verb forms that share the subject of another verb: "ajoutant".
    pub fn gerunds(&self, language: Language) -> &[String] {
        self.talking(language).map(|t| t.gerunds.as_slice()).unwrap_or_default()
    }

    /// The endings of verb forms that say nothing without an auxiliary: "annoncé".
    pub fn participle_endings(&self, language: Language) -> &[String] {
        self.talking(language).map(|t| t.participle_endings.as_slice()).unwrap_or_default()
    }

    /// The endings of adjectives in a language, after which a noun is expected: "public".
    pub fn adjective_endings(&self, language: Language) -> &[String] {
        self.talking(language).map(|t| t.adjective_endings.as_slice()).unwrap_or_default()
    }

    /// The words after the number of an age in a language: "year", "old".
    pub fn age(&self, language: Language) -> &[Box<str>] {
        self.talking(language).map(|t| t.age.as_slice()).unwrap_or_default()
    }

    /// The particles of which a verb form needs one to be a cue: "gab … an".
    pub fn particles(&self, language: Language, form: &str) -> Option<&[Box<str>]> {
        let talking = self.talking(language).filter(|t| !t.particles.is_empty())?;
        talking.particles.get(form.to_lowercase().as_str()).map(Vec::as_slice)
    }

    /// The names of all cues, and the function words of a language.
    pub(super) fn names<'n>(&'n self, words: Option<&'n SmallWords>) -> Names<'n> {
        Names { cues: &self.names, words: words.map(SmallWords::listed).unwrap_or_default() }
    }

    /// The learnt weights of a language, if there are any.
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
