//! Reads the names of people: `names/*.toml`, and `names.toml` of each language.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::cases::{Declined, Surnames};
use super::{Given, Names};
use crate::files::Files;
use crate::language::Languages;
use crate::text::{Language, Script, fold};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    particles: String,
    #[serde(default)]
    family_first: String,
    #[serde(default)]
    fathers: String,
    #[serde(default)]
    suffixes: String,
    #[serde(default)]
    halves: String,
    #[serde(default)]
    of_firms: String,
    #[serde(default)]
    women: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    owner_cases: String,
    #[serde(default)]
    one_case: String,
    adjectives: Option<Adjectives>,
    #[serde(default)]
    surnames: Vec<Surnames>,
    #[serde(default)]
    male: String,
    #[serde(default)]
    female: String,
    #[serde(default)]
    either: String,
    #[serde(default)]
    short: FxHashMap<String, String>,
    /// Given names with their other cases.
    #[serde(default)]
    cases: FxHashMap<String, String>,
    #[serde(default)]
    also_cases: String,
    #[serde(default)]
    declined: Vec<Declined>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Adjectives {
    begin: String,
    end: String,
}

/// The words of a list separated by blanks.
fn words(list: &str) -> impl Iterator<Item = Box<str>> + '_ {
    list.split_whitespace().map(Into::into)
}

impl Names {
    /// Reads `names/*.toml`, and `names.toml` of each language. Errors name file and thing.
    pub fn parse(files: &Files, languages: &Languages, errors: &mut Vec<String>) -> Self {
        let endings =
            languages.all().filter_map(|(code, profile)| Some((code, profile.name_endings.clone()?)));
        let two = languages.all().filter(|(_, profile)| profile.two_surnames).map(|(language, _)| language);
        let mut out = Self {
            endings: endings.collect(),
            two_surnames: two.collect(),
            scripts: languages.scripts.clone(),
            ..Self::default()
        };
        out.letters = out.letters_of(languages);
        let (mut lists, mut cases) = (Vec::new(), Vec::new());
        let of_all = files.below("names").map(|(path, source)| (Language::UND, path, source));
        let of_languages = files.of_languages("names.toml");
        let of_languages = of_languages
            .map(|(code, path, source)| (Language::parse(code).unwrap_or(Language::UND), path, source));
        for (language, path, source) in of_all.chain(of_languages) {
            let written: Written = match toml::from_str(source) {
                Ok(written) => written,
                Err(e) => {
                    errors.push(format!("{path}: {e}"));
                    continue;
                }
            };
            out.particles.extend(words(&written.particles));
            for (full, forms) in written.short {
                let full = full.to_lowercase();
                let forms = forms.split_whitespace().map(|f| (f.to_lowercase().into(), full.as_str().into()));
                out.short.extend(forms);
            }
            out.fathers.extend(words(&written.fathers));
            out.suffixes.extend(words(&written.suffixes));
            out.halves.extend(words(&written.halves));
            out.of_firms.extend(words(&written.of_firms));
            out.women.extend(words(&written.women));
            out.owners.extend(words(&written.owner));
            out.owner_cases.entry(language).or_default().extend(words(&written.owner_cases));
            out.one_case.extend(words(&written.one_case));
            let adjectives = written.adjectives.map(|a| (a.begin.into(), words(&a.end).collect()));
            out.adjectives.extend(adjectives);
            out.surnames.extend(written.surnames);
            out.also_cases.extend(words(&written.also_cases).map(|name| (language, name)));
            if !written.declined.is_empty() {
                out.declined.entry(language).or_default().extend(written.declined);
            }
            cases.push((language, written.cases));
            out.family_first.extend(written.family_first.split_whitespace().map(|w| w.to_lowercase().into()));
            lists.push((written.male, Some(false)));
            lists.push((written.female, Some(true)));
            lists.push((written.either, None));
        }
        for (list, female) in lists {
            for name in list.split_whitespace() {
                out.keep_whole(name);
                let key = out.key(name, Language::UND);
                let given = Given { name: name.into(), female };
                match out.given.entry(key.into()) {
                    Entry::Vacant(entry) => drop(entry.insert(given)),
                    Entry::Occupied(entry) if *entry.get().name != *name => {
                        let more = out.more_given.entry(entry.key().clone()).or_default();
                        if more.iter().all(|other| *other.name != *name) {
                            more.push(given);
                        }
                    }
                    Entry::Occupied(_) => {}
                }
            }
        }
        for (language, names) in cases {
            for (name, forms) in names {
                let key: Box<str> = out.key(&name, language).into();
                let folded = forms.split_whitespace().map(|form| {
                    let mut folded = String::new();
                    fold(form, &mut folded);
                    (folded.into(), key.clone())
                });
                out.cases.entry(language).or_default().extend(folded);
            }
        }
        out
    }

    fn letters_of(&self, languages: &Languages) -> Vec<(Language, Box<str>)> {
        let inflects = |language: Language| self.endings.contains_key(&language);
        let of_first = |letters: &str| {
            let script = letters.chars().next().map_or(Script::Other, Script::of);
            inflects(self.scripts.of_word(Language::UND, script))
        };
        let told =
            languages.all().filter_map(|(language, profile)| Some((language, profile.letters.clone()?)));
        told.filter(|(language, letters)| inflects(*language) && of_first(letters)).collect()
    }
}
