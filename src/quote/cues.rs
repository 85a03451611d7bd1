//! Words of attribution ("said", "according to", "his claim that"), the small words around them, and the learnt
//! weights that tell whether such a word attributes anything where it stands.
//!
//! Owns reading and checking `languages/xx/cues.toml` with the words, and `cue_weights.tsv` with weights where
//! there are annotated articles to learn from. What the words do in a sentence is [`crate::quote`]'s to find.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

pub use super::bearer::profile::Bearers;
pub use super::grammar::usage::Usage;
pub use super::head::genitive::{Beside, Genitive};
pub use super::order::profile::Order;
use super::weights::Weights;
use crate::document::{Builder, Forms, Letters, Meaning};
use crate::files::Files;
use crate::language::word::hash;
use crate::text::Language;

/// The classes of cues, as they stand in `cue_class`.
pub const CLASSES: [&str; 11] =
    ["neutral", "claim", "deny", "accuse", "warn", "promise", "praise", "criticise", "order", "ask", "view"];

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
}

/// One form of a cue.
#[derive(Debug, Clone)]
pub struct Cue {
    /// The name under which it is listed: what weights are learnt for.
    pub lemma: Box<str>,
    /// [`atom`] of "cue=" and the name.
    pub atom: u32,
    /// Index into [`CLASSES`].
    pub class: u8,
    /// See [`Sort`].
    pub sort: Sort,
    /// Where alone it counts, for a source.
    pub side: Side,
    /// Whether this is the form under which it is listed ("say"), which is its infinitive in English.
    pub base: bool,
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
    /// By [`feature`].
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
    languages: FxHashMap<Language, Talking>,
    /// The language whose cues are taken for a text in one that has none.
    fallback: Option<Language>,
}

impl Default for Cues {
    fn default() -> Self {
        Self { least: LEAST, all: Vec::new(), languages: FxHashMap::default(), fallback: None }
    }
}

type Classes = BTreeMap<String, BTreeMap<String, String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Whether the verb ends the sentence: the subject then stands before the quote, and often far before.
    #[serde(default)]
    verb_final: bool,
    /// Whether the subject may stand on either side of the verb and apart from it.
    #[serde(default)]
    free_subject: bool,
    #[serde(default)]
    verbs: Classes,
    #[serde(default)]
    nouns: Classes,
    #[serde(default)]
    adjectives: Classes,
    #[serde(default)]
    participles: Classes,
    #[serde(default)]
    sources: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    postposed: BTreeMap<String, Vec<String>>,
    order: Option<Order>,
    /// What is written together with a cue before it: Arabic "and".
    #[serde(default)]
    prefixes: Vec<String>,
    #[serde(default)]
    sources_before: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    sources_behind: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    gerund_endings: Vec<String>,
    #[serde(default)]
    participle_endings: Vec<String>,
    /// Of adjectives, behind which a noun stands.
    #[serde(default)]
    adjective_endings: Vec<String>,
    /// What stands behind the number of an age, joined by hyphens, parted by blanks: "year old".
    #[serde(default)]
    age: String,
    #[serde(default)]
    particles: BTreeMap<String, String>,
    #[serde(default)]
    talk: Talk,
    #[serde(default)]
    bearers: Bearers,
    #[serde(default)]
    usage: Usage,
    genitive: Option<Genitive>,
}

impl Cues {
    /// Reads `languages/xx/cues.toml` and `cue_weights.tsv`, and adds the cues to the automaton. Errors name file, line or table, and thing.
    pub fn parse(files: &Files, fallback: Language, builder: &mut Builder, errors: &mut Vec<String>) -> Self {
        let mut out = Self { fallback: Some(fallback), ..Self::default() };
        for (code, path, source) in files.of_languages("cues.toml") {
            match toml::from_str::<Written>(source) {
                Err(e) => errors.push(format!("{path}: {e}")),
                Ok(written) => match Language::parse(code) {
                    None => errors.push(format!("{path}: unknown language `{code}`")),
                    Some(language) => out.add(path, language, written, builder, errors),
                },
            }
        }
        for (code, path, source) in files.of_languages("cue_weights.tsv") {
            let Some(talking) = Language::parse(code).and_then(|l| out.languages.get_mut(&l)) else {
                errors.push(format!("{path}: weights for a language that has no cues"));
                continue;
            };
            let mut weights = Vec::new();
            for (number, line) in source.lines().enumerate().filter(|(_, l)| !l.starts_with('#')) {
                match line.split_once('\t').and_then(|(name, w)| Some((name, w.parse().ok()?))) {
                    Some((name, weight)) => {
                        weights.push((name.split(' ').map(atom).fold(0, feature), weight));
                    }
                    None => errors.push(format!("{path} line {}: not `feature<tab>weight`", number + 1)),
                }
            }
            talking.weights = Weights::new(&weights);
        }
        out
    }

    fn add(
        &mut self,
        path: &str,
        language: Language,
        written: Written,
        builder: &mut Builder,
        errors: &mut Vec<String>,
    ) {
        let sorts = [
            (Sort::Verb, &written.verbs),
            (Sort::Noun, &written.nouns),
            (Sort::Adjective, &written.adjectives),
            (Sort::Participle, &written.participles),
        ];
        let entries = sorts.into_iter().flat_map(|(sort, classes)| {
            classes.iter().flat_map(move |(class, entries)| {
                let one = move |(name, forms)| (sort, Side::Any, class, name, expand_all(name, forms));
                entries.iter().map(|(name, forms)| (name.as_str(), forms.as_str())).map(one)
            })
        });
        let sides = [
            (Sort::Source, Side::Any, &written.sources),
            (Sort::Source, Side::Before, &written.sources_before),
            (Sort::Source, Side::Behind, &written.sources_behind),
            (Sort::Postposed, Side::Any, &written.postposed),
        ];
        let sources = sides.into_iter().flat_map(|(sort, side, classes)| {
            classes.iter().flat_map(move |(class, phrases)| {
                phrases.iter().map(move |p| (sort, side, class, p.as_str(), Ok(vec![p.clone()])))
            })
        });
        for (sort, side, class, name, forms) in entries.chain(sources) {
            let Some(class) = CLASSES.iter().position(|c| c == class) else {
                errors.push(format!("{path}: unknown class `{class}` of `{name}`"));
                continue;
            };
            let atom = atom(&format!("cue={}", name.replace(' ', "_")));
            match forms {
                Err(e) => errors.push(format!("{path}: `{name}`: {e}")),
                Ok(forms) => {
                    for form in prefixed(forms, &written.prefixes) {
                        let meaning = Meaning::Cue(builder.cue(language));
                        builder.add(&form, Letters::Any, Forms::Word, meaning);
                        self.all.push(Cue {
                            lemma: name.into(),
                            atom,
                            class: class as u8,
                            sort,
                            side,
                            base: form == name,
                        });
                    }
                }
            }
        }
        let known = self.languages.entry(language).or_default();
        known.verb_final |= written.verb_final;
        known.talk.extend(written.talk);
        known.bearers.extend(written.bearers);
        known.usage.extend(written.usage);
        if written.order.is_some() {
            known.order = written.order;
        }
        if written.genitive.is_some() {
            known.genitive = written.genitive;
        }
        known.free_subject |= written.free_subject;
        known.gerunds.extend(written.gerund_endings);
        known.participle_endings.extend(written.participle_endings);
        known.adjective_endings.extend(written.adjective_endings);
        known.age.extend(written.age.split_whitespace().map(Box::<str>::from));
        for (verb, list) in written.particles {
            known.particles.entry(verb).or_default().extend(list.split_whitespace().map(Box::<str>::from));
        }
    }

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

    /// The learnt weights of a language, by [`feature`]; empty if there are none.
    pub fn weights(&self, language: Language) -> Option<&Weights> {
        self.talking(language)
            .filter(|_| language == Language::UND || self.languages.contains_key(&language))
            .map(|v| &v.weights)
            .filter(|w| !w.is_empty())
    }

    fn talking(&self, language: Language) -> Option<&Talking> {
        self.languages.get(&language).or_else(|| self.languages.get(&self.fallback?))
    }
}

/// The number that stands for one observation, "right=that": [`join`] of what stands before the sign and behind it.
pub const fn atom(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let mut sign = 0;
    while sign < bytes.len() && bytes[sign] != b'=' {
        sign += 1;
    }
    let (kind, value) = bytes.split_at(sign);
    match value {
        [_, value @ ..] => join(hash(kind), hash(value)),
        [] => join(hash(kind), hash(&[])),
    }
}

/// The number of an observation, of the numbers of its kind and its value: "next" and "because".
#[inline]
pub const fn join(kind: u32, value: u32) -> u32 {
    let both = (kind as u64) << 32 | value as u64;
    (both.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// The number that stands for a feature, several observations at once in a fixed order: that of the observations
/// before (0 for none) and one more.
#[inline]
pub const fn feature(before: u64, atom: u32) -> u64 {
    (before.rotate_left(23) ^ atom as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The forms of an entry: parted by white space, or by `|` for a phrase.
fn expand_all(name: &str, forms: &str) -> Result<Vec<String>, String> {
    if forms.contains('|') && !name.contains(' ') {
        return Err("`|` parts phrases, and the entry is named by one word".to_owned());
    }
    let parts: Vec<&str> =
        if name.contains(' ') { forms.split('|').collect() } else { forms.split_whitespace().collect() };
    let mut out = Vec::new();
    for part in parts {
        expand(part.trim(), &mut out)?;
    }
    Ok(out)
}

/// The forms, each also behind what may be written together with it.
fn prefixed(mut forms: Vec<String>, prefixes: &[String]) -> Vec<String> {
    let bare = forms.len();
    for prefix in prefixes {
        for i in 0..bare {
            forms.push(format!("{prefix}{}", forms[i]));
        }
    }
    forms
}

/// Puts every reading of the braces of `pattern` into `out`: `stat{e,ed}` gives "state" and "stated".
fn expand(pattern: &str, out: &mut Vec<String>) -> Result<(), String> {
    let Some((before, rest)) = pattern.split_once('{') else {
        if pattern.is_empty() || pattern.contains('}') {
            return Err(format!("empty form or stray brace in `{pattern}`"));
        }
        out.push(pattern.to_owned());
        return Ok(());
    };
    let (choices, behind) = rest.split_once('}').ok_or_else(|| format!("brace left open in `{pattern}`"))?;
    for choice in choices.split(',') {
        expand(&format!("{before}{choice}{behind}"), out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_parts_phrases_alone() {
        let forms = |name: &str, forms: &str| expand_all(name, forms);
        assert_eq!(
            forms("say so", "sa{y,id} so|says so"),
            Ok(vec!["say so".into(), "said so".into(), "says so".into()])
        );
        assert_eq!(forms("say", "say said"), Ok(vec!["say".into(), "said".into()]));
        // it would make cues of "so" and "so|says"
        assert!(forms("say", "said so|says so").is_err());
    }
}
