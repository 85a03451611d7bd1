//! The small words of each language, to tell whether a declared language fits, and the letters that only one has.
//! `config/lexicon/function_words.toml`.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::files::Files;
use crate::text::Language;

/// Small words by language.
#[derive(Debug, Clone, Default)]
pub struct FunctionWords {
    words: FxHashMap<Language, FxHashSet<Box<str>>>,
    /// Letters that tell a language where there are too few words.
    letters: Vec<(Language, Box<str>)>,
}

#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    letters: BTreeMap<String, String>,
    #[serde(flatten)]
    words: BTreeMap<String, Vec<String>>,
}

impl FunctionWords {
    /// Reads the file among the lexicon's; adds what is wrong with it to `errors`.
    pub fn of(files: &Files, errors: &mut Vec<String>) -> Self {
        Self::parse(files.get("function_words.toml").unwrap_or_default()).unwrap_or_else(|found| {
            errors.extend(found.iter().map(|e| format!("function_words.toml: {e}")));
            Self::default()
        })
    }

    /// Reads `function_words.toml`: a list of words in small letters a language. Gives every error of it.
    pub fn parse(source: &str) -> Result<Self, Vec<String>> {
        let written: Written = toml::from_str(source).map_err(|e| vec![e.to_string()])?;
        let mut errors = Vec::new();
        let mut letters = Vec::new();
        for (code, list) in written.letters {
            match Language::parse(&code) {
                Some(language) => letters.push((language, list.as_str().into())),
                None => errors.push(format!("unknown language `{code}`")),
            }
        }
        let mut known: FxHashMap<Language, FxHashSet<Box<str>>> = FxHashMap::default();
        for (code, words) in written.words {
            let Some(language) = Language::parse(&code) else {
                errors.push(format!("unknown language `{code}`"));
                continue;
            };
            let listed = known.entry(language).or_default();
            for word in words {
                if word != word.to_lowercase() || word.is_empty() {
                    errors.push(format!("{code}: `{word}` must be in small letters"));
                }
                if !listed.insert(word.as_str().into()) {
                    errors.push(format!("{code}: `{word}` is there twice"));
                }
            }
        }
        if errors.is_empty() { Ok(Self { words: known, letters }) } else { Err(errors) }
    }

    /// Whether the small words of a language are listed.
    pub fn knows(&self, language: Language) -> bool {
        self.words.contains_key(&language)
    }

    /// The small words of a language, in small letters, if they are listed.
    pub fn of_language(&self, language: Language) -> Option<&FxHashSet<Box<str>>> {
        self.words.get(&language)
    }

    /// The language that a letter of the text tells: "ы" is Russian, "ї" Ukrainian, "ə" Azerbaijani. None if letters of
    /// two languages are there.
    pub fn by_letters(&self, text: &str) -> Option<Language> {
        let has =
            |list: &str| text.chars().flat_map(char::to_lowercase).any(|c| !c.is_ascii() && list.contains(c));
        let mut found = self.letters.iter().filter(|(_, list)| has(list)).map(|(language, _)| *language);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// The language that most of `words` are small words of; none if there are fewer than two, or two languages tie.
    pub fn most<'w>(&self, words: &(impl Iterator<Item = &'w str> + Clone)) -> Option<Language> {
        let mut counts: Vec<(usize, Language)> = self
            .words
            .iter()
            .map(|(l, known)| (words.clone().filter(|w| known.contains(*w)).count(), *l))
            .collect();
        counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        match counts[..] {
            [(first, language), (second, _), ..] if first >= 2 && first > second => Some(language),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_words_of_a_language() {
        let words = FunctionWords::parse("en = [\"the\", \"of\"]").unwrap();
        assert!(words.of_language(Language::EN).unwrap().contains("the"));
        assert!(words.of_language(Language::UND).is_none());
        let words = FunctionWords::parse("en = [\"the\", \"in\"]\nde = [\"in\", \"die\"]").unwrap();
        assert_eq!(words.most(&"the end in the day".split(' ')), Some(Language::EN));
        assert_eq!(words.most(&"in die".split(' ')), Language::parse("de"));
        assert_eq!(words.most(&"in in".split(' ')), None);
        assert_eq!(words.most(&"the end".split(' ')), None);
    }

    #[test]
    fn every_error_is_told() {
        let words = FunctionWords::parse("[letters]\nru = \"ыэ\"\nuk = \"ії\"").unwrap();
        assert_eq!(words.by_letters("Мэр"), Language::parse("ru"));
        assert_eq!(words.by_letters("мер і мэр"), None);
        let errors = FunctionWords::parse("en = [\"The\", \"of\", \"of\"]\nx = []").unwrap_err();
        assert_eq!(errors.len(), 3, "{errors:?}");
    }
}
