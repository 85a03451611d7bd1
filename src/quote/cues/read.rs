//! Reads and checks the words in `languages/xx/cues.toml` and their learnt weights in `cue_weights.tsv`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Bearers, Cue, Cues, Endings, Genitive, Order, Side, Sort, Talk, Usage};
use crate::document::{Builder, Forms, Letters, Meaning};
use crate::files::Files;
use crate::quote::model::Weights;
use crate::quote::model::observation::Class;
use crate::text::Language;

type Classes = BTreeMap<String, BTreeMap<String, String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Whether the verb ends the sentence. The subject is then before the quote, and often far from it.
    #[serde(default)]
    verb_final: bool,
    /// Whether the subject may be on either side of the verb and apart from it.
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
    /// What may be joined to the front of a cue: Arabic "and".
    #[serde(default)]
    prefixes: Vec<String>,
    #[serde(default)]
    sources_before: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    sources_behind: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    sources_within: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    gerund_endings: Vec<String>,
    #[serde(default)]
    participle_endings: Vec<String>,
    /// Of adjectives, after which a noun is expected.
    #[serde(default)]
    adjective_endings: Vec<String>,
    /// The words after the number of an age. Blanks here stand for hyphens in the text: "year old".
    #[serde(default)]
    age: String,
    /// Names of verbs whose content is a whole clause before them, whatever was learnt.
    #[serde(default)]
    plain: Vec<String>,
    /// The same for verbs with their addressee after them.
    #[serde(default)]
    addressed: Vec<String>,
    #[serde(default)]
    particles: BTreeMap<String, String>,
    #[serde(default)]
    talk: Talk,
    #[serde(default)]
    bearers: Bearers,
    #[serde(default)]
    usage: Usage,
    #[serde(default)]
    endings: Endings,
    genitive: Option<Genitive>,
}

impl Cues {
    /// Reads `languages/xx/cues.toml` and `cue_weights.tsv`, and adds the cues to the automaton. Errors name the
    /// file, the line or table, and the entry.
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
        out.number(errors);
        for (code, path, source) in files.of_languages("cue_weights.tsv") {
            let Some(language) = Language::parse(code).filter(|l| out.languages.contains_key(l)) else {
                errors.push(format!("{path}: weights for a language that has no cues"));
                continue;
            };
            let weights = Weights::read(path, source, out.names(builder.small_words(language)), errors);
            out.languages.entry(language).or_default().weights = weights;
        }
        out
    }

    /// Numbers the cues by name.
    fn number(&mut self, errors: &mut Vec<String>) {
        self.names = self.all.iter().map(|cue| cue.lemma.clone()).collect();
        self.names.sort_unstable();
        self.names.dedup();
        if self.names.len() > usize::from(u16::MAX) {
            errors.push(format!("languages: more than {} names of cues", u16::MAX));
            return;
        }
        for cue in &mut self.all {
            let before = self.names.partition_point(|name| *name < cue.lemma);
            cue.number = before as u16 + 1;
        }
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
            (Sort::Source, Side::Within, &written.sources_within),
            (Sort::Postposed, Side::Any, &written.postposed),
        ];
        let sources = sides.into_iter().flat_map(|(sort, side, classes)| {
            classes.iter().flat_map(move |(class, phrases)| {
                phrases.iter().map(move |p| (sort, side, class, p.as_str(), Ok(vec![p.clone()])))
            })
        });
        let verbs: Vec<&String> = written.verbs.values().flat_map(|class| class.keys()).collect();
        for name in written.plain.iter().chain(&written.addressed).filter(|name| !verbs.contains(name)) {
            errors.push(format!("{path}: `{name}` in `plain` or `addressed` is not a listed verb"));
        }
        let is_in = |list: &[String], name: &str| list.iter().any(|verb| verb == name);
        for (sort, side, class, name, forms) in entries.chain(sources) {
            let Some(class) = Class::named(class) else {
                errors.push(format!("{path}: unknown class `{class}` of `{name}`"));
                continue;
            };
            match forms {
                Err(e) => errors.push(format!("{path}: `{name}`: {e}")),
                Ok(forms) => {
                    for form in prefixed(forms, &written.prefixes) {
                        let meaning = Meaning::Cue(builder.cue(language));
                        builder.add(&form, Letters::Any, Forms::Word, meaning);
                        self.all.push(Cue {
                            lemma: name.into(),
                            number: 0,
                            class,
                            sort,
                            side,
                            base: form == name,
                            plain: sort == Sort::Source || sort == Sort::Verb && is_in(&written.plain, name),
                            addressed: sort == Sort::Verb && is_in(&written.addressed, name),
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
        known.endings.extend(written.endings);
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
}

/// The forms of an entry, separated by white space; phrases are separated by `|`.
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

/// The forms, and each of them with each prefix.
fn prefixed(mut forms: Vec<String>, prefixes: &[String]) -> Vec<String> {
    let bare = forms.len();
    for prefix in prefixes {
        for i in 0..bare {
            forms.push(format!("{prefix}{}", forms[i]));
        }
    }
    forms
}

/// Adds every expansion of the braces in `pattern` to `out`: `stat{e,ed}` gives "state" and "stated".
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
        // this would make cues of "so" and "so|says"
        assert!(forms("say", "said so|says so").is_err());
    }
}
