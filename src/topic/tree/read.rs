//! Reads the topics: `topics/` has what belongs to no single language, `languages/xx/topics.toml` the terms of one.
//! Errors name file and thing.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::{Model, Topic, Topics};
use crate::document::{Builder, Forms, Letters, Meaning};
use crate::files::{Files, Outcomes, rows, weights_by_outcome};
use crate::text::Language;

/// Weight of a term that states none.
const PLAIN: f32 = 2.0;

/// Evidence that a rule needs by default: two plain terms, or one strong one.
const LEAST: f32 = 4.0;

/// Weight from which a term helps people to find its topic.
const TELLING: f32 = 2.5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    topic: Vec<Rule>,
}

/// The terms of one language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfLanguage {
    topic: Vec<Entry>,
}

/// One `[[topic]]` of a language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    terms: String,
    /// Phrases that speak against it.
    #[serde(default)]
    unless: String,
}

/// One `[[topic]]` of `topics/`.
#[derive(Deserialize)]
struct Rule {
    code: String,
    /// For an operator's own topics; the others have theirs in `tree.tsv`.
    name: Option<String>,
    broader: Option<String>,
    least: Option<f32>,
    /// Phrases in any language that speak against it.
    #[serde(default)]
    unless: String,
    /// Terms by language.
    #[serde(flatten)]
    terms: BTreeMap<String, String>,
}

/// Reads all files and adds their phrases to the automaton.
pub(crate) fn parse(files: &Files, builder: &mut Builder, errors: &mut Vec<String>) -> Topics {
    let mut reader = Reader {
        topics: Topics::default(),
        builder,
        ids: FxHashMap::default(),
        written: FxHashSet::default(),
    };
    for (at, line) in rows(files.get("topics/tree.tsv").unwrap_or_default()) {
        if let Err(error) = reader.tree(line) {
            errors.push(format!("topics/tree.tsv line {at}: {error}"));
        }
    }
    for (at, line) in rows(files.get("topics/tree.tsv").unwrap_or_default()) {
        if let Err(error) = reader.broader(line) {
            errors.push(format!("topics/tree.tsv line {at}: {error}"));
        }
    }
    for (path, source) in files.below("topics") {
        let name = path.rsplit('/').next().unwrap_or(path);
        if let Some(model) = name.strip_prefix("learnt_").and_then(|n| n.strip_suffix(".tsv")) {
            reader.model(path, model, source, errors);
        } else if std::path::Path::new(name).extension().is_some_and(|e| e == "toml") {
            match toml::from_str::<Written>(source) {
                Ok(written) => {
                    for rule in written.topic {
                        let code = rule.code.clone();
                        if let Err(error) = reader.rule(rule) {
                            errors.push(format!("{path}: topic `{code}`: {error}"));
                        }
                    }
                }
                Err(error) => errors.push(format!("{path}: {error}")),
            }
        }
    }
    for (code, path, source) in files.of_languages("topics.toml") {
        match toml::from_str::<OfLanguage>(source) {
            Ok(written) => {
                for topic in written.topic {
                    if let Err(error) = reader.language(code, &topic) {
                        errors.push(format!("{path}: topic `{}`: {error}", topic.code));
                    }
                }
            }
            Err(error) => errors.push(format!("{path}: {error}")),
        }
    }
    reader.topics.finish()
}

/// The phrases of a list separated by `|`.
fn phrases(list: &str) -> impl Iterator<Item = &str> {
    list.split('|').map(str::trim).filter(|t| !t.is_empty())
}

struct Reader<'r> {
    topics: Topics,
    builder: &'r mut Builder,
    /// The number of each phrase, by language.
    ids: FxHashMap<Language, FxHashMap<Box<str>, u32>>,
    /// Topics that a language's file has already had.
    written: FxHashSet<(u16, Language)>,
}

impl Reader<'_> {
    fn tree(&mut self, line: &str) -> Result<(), String> {
        let mut cells = line.split('\t');
        let (Some(code), Some(name)) = (cells.next(), cells.next()) else {
            return Err("code, name and broader topic are needed".to_owned());
        };
        self.add(format!("medtop:{code}"), name.to_owned())
    }

    fn broader(&mut self, line: &str) -> Result<(), String> {
        let cells: Vec<&str> = line.split('\t').collect();
        let Some(broader) = cells.get(2).filter(|c| !c.is_empty()) else { return Ok(()) };
        let topic = self.index(cells[0])?;
        self.hang(topic, broader)
    }

    /// Places a topic below a broader one.
    fn hang(&mut self, topic: u16, broader: &str) -> Result<(), String> {
        let index = self.index(broader)?;
        if self.topics.chain(index).any(|b| b == topic) {
            return Err(format!("`{broader}` can't be broader: it is the topic itself or a narrower one"));
        }
        self.topics.list[topic as usize].broader = Some(index);
        Ok(())
    }

    fn add(&mut self, code: String, name: String) -> Result<(), String> {
        let index = self.topics.list.len() as u16;
        if self.topics.by_code.insert(code.clone(), index).is_some() {
            return Err(format!("`{code}` is listed twice"));
        }
        self.topics.list.push(Topic { code, name, ..Topic::default() });
        Ok(())
    }

    fn index(&self, code: &str) -> Result<u16, String> {
        self.topics.by_code(code).ok_or_else(|| {
            format!("`{code}` is not a topic of tree.tsv; a topic of your own has a code such as `x:drones` and a `name`")
        })
    }

    fn rule(&mut self, rule: Rule) -> Result<(), String> {
        if let Some(name) = rule.name {
            if !rule.code.starts_with("x:") {
                return Err("only a topic of your own (`x:…`) takes a `name`".to_owned());
            }
            self.add(rule.code.clone(), name)?;
        }
        let topic = self.index(&rule.code)?;
        if let Some(broader) = &rule.broader {
            self.hang(topic, broader)?;
        }
        if rule.terms.is_empty() && rule.least.is_none() {
            return Err("terms are needed, by language: en = \"word | two words*3\"".to_owned());
        }
        if self.topics.list[topic as usize].least.replace(rule.least.unwrap_or(LEAST)).is_some() {
            return Err("has a rule already".to_owned());
        }
        for (code, terms) in &rule.terms {
            let language = Language::parse(code).filter(|_| code.len() == 2);
            let language = language.ok_or_else(|| format!("`{code}` is neither a language nor a key"))?;
            self.terms(topic, (language, None), terms, &rule.unless)?;
        }
        Ok(())
    }

    /// Adds a language's terms for a topic.
    fn language(&mut self, code: &str, written: &Entry) -> Result<(), String> {
        let language = Language::parse(code).ok_or_else(|| format!("`{code}` is not a language"))?;
        let topic = self.index(&written.code)?;
        if !self.written.insert((topic, language)) {
            return Err("is there twice".to_owned());
        }
        self.topics.list[topic as usize].least.get_or_insert(LEAST);
        self.terms(topic, (language, Some(language)), &written.terms, &written.unless)
    }

    /// Adds the terms for a topic and the phrases against it, both separated by `|`. A phrase written in capitals is
    /// found in any text, but counts only in texts of the second language, if given: "SIDA" is an illness in French.
    fn terms(
        &mut self,
        topic: u16,
        (language, only): (Language, Option<Language>),
        terms: &str,
        unless: &str,
    ) -> Result<(), String> {
        for term in phrases(terms) {
            let (phrase, weight) = match term.split_once('*') {
                None => (term, PLAIN),
                Some((phrase, weight)) => {
                    let weight = weight.trim().parse().map_err(|_| format!("`{weight}` is not a weight"))?;
                    (phrase.trim(), weight)
                }
            };
            let id = self.term(phrase, language, only);
            self.topics.terms[id as usize].rules.push((topic, weight));
            if weight >= TELLING {
                self.topics.words.push((topic, phrase.into()));
            }
        }
        for phrase in phrases(unless) {
            let id = self.term(phrase, language, only);
            let unless = &mut self.topics.terms[id as usize].unless;
            if !unless.contains(&topic) {
                unless.push(topic);
            }
        }
        Ok(())
    }

    /// The number of a phrase; new ones are added to the automaton. Words match in all forms that share their stems, a
    /// single word with the capitals it has; a phrase written in capitals matches only as written.
    fn term(&mut self, phrase: &str, language: Language, only: Option<Language>) -> u32 {
        let known = self.ids.entry(language).or_default();
        if let Some(id) = known.get(phrase) {
            return *id;
        }
        let id = self.topics.terms.len() as u32;
        known.insert(phrase.into(), id);
        let acronym = phrase.chars().all(|c| c.is_uppercase() || c.is_numeric() || c == '-' || c == '.');
        let name = phrase.contains(char::is_uppercase) && !phrase.contains(' ');
        let only = only.filter(|_| acronym);
        self.topics.terms.push(super::Fields { only, ..super::Fields::default() });
        let (letters, forms) = match acronym {
            true => (Letters::Exact, Forms::Word),
            false if name => (Letters::Name, Forms::Stem(language)),
            false => (Letters::Any, Forms::Stem(language)),
        };
        self.builder.add(phrase, letters, forms, Meaning::Topic(id));
        id
    }

    fn model(&mut self, path: &str, name: &str, source: &str, errors: &mut Vec<String>) {
        let Some(language) = name.rsplit('_').next().and_then(Language::parse) else {
            errors.push(format!("{path}: the name ends in a language: learnt_sections_en.tsv"));
            return;
        };
        let number = self.topics.models.len() as u8;
        let mut model = Model { name: name.to_owned(), language: Some(language), bias: Vec::new() };
        // codes in the order of `bias`
        let mut codes: Vec<&str> = Vec::new();
        for Outcomes { line, name: phrase, weights } in weights_by_outcome(path, source, errors) {
            let take = || -> Result<(), String> {
                if phrase == "(bias)" {
                    for (code, weight) in weights {
                        model.bias.push((self.index(code)?, weight));
                        codes.push(code);
                    }
                    return Ok(());
                }
                let id = self.term(phrase, language, None);
                for (code, weight) in weights {
                    let slot = codes.iter().position(|c| *c == code);
                    let slot = slot.ok_or("a topic that has no bias; `(bias)` comes first")? as u8;
                    self.topics.terms[id as usize].learnt.push((number, slot, weight));
                }
                Ok(())
            };
            if let Err(error) = take() {
                errors.push(format!("{path} line {line}: {error}"));
            }
        }
        self.topics.models.push(model);
    }
}
