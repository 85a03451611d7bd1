//! What each language is, read from `language.toml` of its folder: its script, its function words with their roles,
//! its word endings. The folders define the languages: nothing here knows one by name.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::files::Files;
use crate::language::class::Class;
use crate::language::grams::Grams;
use crate::language::names::Endings;
use crate::language::scripts::Scripts;
use crate::language::stem;
use crate::language::word::Word;
use crate::text::{Abbreviations, Language, Script, capitalised};

/// The file in a language's folder.
const FILE: &str = "language.toml";

/// The scripts of languages that have no folder.
const SCRIPTS: &str = "scripts.toml";

/// All roles of one small word, for all of its readers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a role of its own")]
pub struct Roles {
    /// Next to a cue and in a clause.
    pub word: Word,
    /// In names of offices and persons.
    pub class: Class,
    /// Whether every text of the language is full of it, so that it identifies the language.
    pub function: bool,
    /// Whether its dot does not end a sentence.
    pub abbreviation: bool,
    /// Its dot ends no sentence before a number: "no. 5".
    pub numbered: bool,
    /// Whether it starts a sentence so often that even an acronym's dot before it ends one.
    pub starter: bool,
    /// Whether a number with a dot before it is an ordinal, which ends no sentence: "12. Oktober".
    pub ordinal: bool,
}

/// One language.
#[derive(Debug, Default)]
pub struct Profile {
    /// Small words, in lower case.
    pub words: FxHashMap<Box<str>, Roles>,
    /// Letters that no other language of its script has.
    pub letters: Option<Box<str>>,
    /// How its words are stemmed.
    pub stems: Option<stem::Rules>,
    /// The case endings of personal names.
    pub name_endings: Option<Endings>,
    /// Whether a second surname may follow the first.
    pub two_surnames: bool,
}

/// All languages, in order of their codes.
#[derive(Debug, Default)]
pub struct Languages {
    profiles: BTreeMap<Language, Profile>,
    /// The script of each.
    pub scripts: Scripts,
    /// Identifies the language of a headline.
    pub grams: Grams,
    fallback: Option<Language>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    script: Option<String>,
    #[serde(default)]
    first_of_script: bool,
    #[serde(default)]
    fallback: bool,
    letters: Option<String>,
    stems: Option<stem::Written>,
    name_endings: Option<Endings>,
    #[serde(default)]
    two_surnames: bool,
    /// By roles, separated by blanks: words, separated by blanks.
    #[serde(default)]
    words: BTreeMap<String, String>,
}

impl Languages {
    /// Reads `languages/xx/language.toml`. Errors name file and thing.
    pub fn parse(files: &Files, errors: &mut Vec<String>) -> Self {
        let mut out = Self { grams: Grams::parse(files, errors), ..Self::default() };
        for (code, path, source) in files.of_languages(FILE) {
            let Some(language) = Language::parse(code) else {
                errors.push(format!("{path}: `{code}` is not the code of a language"));
                continue;
            };
            match toml::from_str::<Written>(source) {
                Ok(written) => {
                    if written.fallback {
                        out.fallback = Some(language);
                    }
                    match written.script.as_deref().map(|name| (name, Script::named(name))) {
                        Some((_, Some(script))) => out.scripts.add(language, script, written.first_of_script),
                        Some((name, None)) => errors.push(format!("{path}: unknown script `{name}`")),
                        None => {}
                    }
                    let profile = out.profiles.entry(language).or_default();
                    errors.extend(profile.add(written).into_iter().map(|e| format!("{path}: {e}")));
                }
                Err(error) => errors.push(format!("{path}: {error}")),
            }
        }
        out.other_scripts(files.get(SCRIPTS).unwrap_or_default(), errors);
        out
    }

    /// Adds the scripts of languages without a folder.
    fn other_scripts(&mut self, source: &str, errors: &mut Vec<String>) {
        let lists: BTreeMap<String, String> = toml::from_str(source).unwrap_or_else(|error| {
            errors.push(format!("{SCRIPTS}: {error}"));
            BTreeMap::new()
        });
        for (name, codes) in lists {
            for code in codes.split_whitespace() {
                match (Script::named(&name), Language::parse(code)) {
                    (Some(script), Some(language)) => {
                        self.scripts.add(language, script, script != Script::Other);
                    }
                    _ => errors.push(format!("{SCRIPTS}: unknown script `{name}` or language `{code}`")),
                }
            }
        }
    }

    /// All languages with their profiles, ordered by code.
    pub fn all(&self) -> impl Iterator<Item = (Language, &Profile)> {
        self.profiles.iter().map(|(language, profile)| (*language, profile))
    }

    /// The language whose words are used for texts in a language that has none. Its names occur in texts of all
    /// languages.
    pub fn fallback(&self) -> Language {
        self.fallback.unwrap_or(Language::UND)
    }

    /// The words of all languages that decide where a sentence ends, since the language is unknown when a text is cut.
    pub fn abbreviations(&self) -> Abbreviations {
        let mut out = Abbreviations::default();
        for (word, roles) in self.profiles.values().flat_map(|profile| &profile.words) {
            if roles.abbreviation {
                out.dotted.insert(word.to_string());
            }
            if roles.numbered {
                out.numbered.insert(word.to_string());
            }
            if roles.starter {
                out.starters.insert(capitalised(word));
            }
            if roles.ordinal {
                out.ordinals.insert(capitalised(word));
            }
        }
        out
    }
}

impl Profile {
    /// Adds what a file says; returns its errors.
    fn add(&mut self, written: Written) -> Vec<String> {
        let mut errors = Vec::new();
        if let Some(letters) = written.letters {
            self.letters = Some(letters.into());
        }
        match written.stems.map(stem::Rules::try_from) {
            Some(Ok(rules)) => self.stems = Some(rules),
            Some(Err(error)) => errors.push(error),
            None => {}
        }
        self.two_surnames |= written.two_surnames;
        if let Some(mut endings) = written.name_endings {
            endings.sort();
            self.name_endings = Some(endings);
        }
        for (names, words) in written.words {
            let roles = match Roles::named(&names) {
                Ok(roles) => roles,
                Err(error) => {
                    errors.push(error);
                    continue;
                }
            };
            for word in words.split_whitespace() {
                if word != word.to_lowercase() {
                    errors.push(format!("`{word}` must be lower case"));
                }
                if self.words.insert(word.into(), roles).is_some() {
                    errors.push(format!("`{word}` is listed twice; list it once, with all its roles"));
                }
            }
        }
        errors
    }
}

impl Roles {
    /// The roles that a key of `[words]` lists: `determiner link`.
    fn named(names: &str) -> Result<Self, String> {
        let mut roles = Self::default();
        for name in names.split_whitespace() {
            match name {
                "function" => roles.function = true,
                "abbreviation" => roles.abbreviation = true,
                "numbered" => roles.numbered = true,
                "starter" => roles.starter = true,
                "ordinal" => roles.ordinal = true,
                _ => match (Word::named(name), Class::named(name)) {
                    (Some(word), _) => roles.word |= word,
                    (_, Some(class)) => roles.class |= class,
                    (None, None) => return Err(format!("unknown role `{name}` of words")),
                },
            }
        }
        Ok(roles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(source: &str) -> (Languages, Vec<String>) {
        let mut files = Files::none();
        files.put("languages/xx/language.toml", source.to_owned());
        let mut errors = Vec::new();
        let languages = Languages::parse(&files, &mut errors);
        (languages, errors)
    }

    #[test]
    fn a_word_is_listed_once_with_all_that_it_does() {
        let (languages, errors) = parsed(
            "script = \"Latin\"\n[words]\n\"function determiner link starter\" = \"the\"\nabbreviation = \"mr\"",
        );
        assert!(errors.is_empty(), "{errors:?}");
        let (_, profile) = languages.all().next().unwrap();
        let the = profile.words["the"];
        assert!(the.function && the.word.any(Word::DETERMINER) && the.class.any(Class::LINK));
        let abbreviations = languages.abbreviations();
        assert!(abbreviations.starters.contains("The") && abbreviations.dotted.contains("mr"));
    }

    #[test]
    fn every_error_is_told() {
        let (_, errors) = parsed(
            "script = \"Runic\"\n[words]\nfunction = \"The of\"\ndeterminer = \"of\"\nnoun = \"house\"",
        );
        for part in ["`Runic`", "`The`", "`of` is listed twice", "`noun`"] {
            assert!(
                errors.iter().any(|e| e.contains(part) && e.starts_with("languages/xx/")),
                "{part}: {errors:?}"
            );
        }
    }
}
