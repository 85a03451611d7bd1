//! The small words that every text of a language is full of, to check whether a declared language fits, and the letters
//! that only one language has.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::language::Languages;
use crate::language::grams::Grams;
use crate::language::scripts::Scripts;
use crate::text::Language;

/// Small words by language.
#[derive(Debug, Clone, Default)]
pub struct FunctionWords {
    words: FxHashMap<Language, FxHashSet<Box<str>>>,
    /// Letters that identify a language where there are too few words.
    letters: Vec<(Language, Box<str>)>,
    /// The script of each language.
    pub scripts: Scripts,
    /// Identifies the language of a headline.
    grams: Grams,
}

impl FunctionWords {
    /// Takes the function words of all languages.
    pub fn of(languages: &Languages) -> Self {
        let (scripts, grams) = (languages.scripts.clone(), languages.grams.clone());
        let mut out = Self { scripts, grams, ..Self::default() };
        for (language, profile) in languages.all() {
            let words: FxHashSet<Box<str>> = profile
                .words
                .iter()
                .filter(|(_, roles)| roles.function)
                .map(|(word, _)| word.clone())
                .collect();
            if !words.is_empty() {
                out.words.insert(language, words);
            }
            out.letters.extend(profile.letters.clone().map(|letters| (language, letters)));
        }
        out
    }

    /// Whether the small words of a language are listed.
    pub fn knows(&self, language: Language) -> bool {
        self.words.contains_key(&language)
    }

    /// The small words of a language in lower case, if they are listed.
    pub fn of_language(&self, language: Language) -> Option<&FxHashSet<Box<str>>> {
        self.words.get(&language)
    }

    /// The language that a letter of the text identifies: "ы" is Russian, "ї" Ukrainian, "ə" Azerbaijani. `None` if the
    /// text has letters of two languages.
    pub fn by_letters(&self, text: &str) -> Option<Language> {
        let has =
            |list: &str| text.chars().flat_map(char::to_lowercase).any(|c| !c.is_ascii() && list.contains(c));
        let mut found = self.letters.iter().filter(|(_, list)| has(list)).map(|(language, _)| *language);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// The language of a headline by its letter n-grams; see [`Grams::guess`].
    pub fn by_runs(&self, text: &str) -> Option<Language> {
        self.grams.guess(text, &self.scripts)
    }

    /// Whether [`Self::by_runs`] can identify a language.
    pub fn has_runs(&self, language: Language) -> bool {
        self.grams.knows(language)
    }

    /// The language to which most of `words` belong as small words; `None` if there are fewer than two, or two
    /// languages tie.
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
    use crate::files::Files;

    fn of(languages: &[(&str, &str)]) -> FunctionWords {
        let mut files = Files::none();
        for (code, source) in languages {
            files.put(format!("languages/{code}/language.toml"), (*source).to_owned());
        }
        FunctionWords::of(&Languages::parse(&files, &mut Vec::new()))
    }

    #[test]
    fn counts_the_words_of_a_language() {
        let words = of(&[("en", "[words]\nfunction = \"the of\"")]);
        assert!(words.of_language(Language::EN).unwrap().contains("the"));
        assert!(words.of_language(Language::UND).is_none());
        let words = of(&[
            ("en", "[words]\nfunction = \"the in\""),
            ("de", "[words]\n\"function link\" = \"in die\""),
        ]);
        assert_eq!(words.most(&"the end in the day".split(' ')), Some(Language::EN));
        assert_eq!(words.most(&"in die".split(' ')), Language::parse("de"));
        assert_eq!(words.most(&"in in".split(' ')), None);
        assert_eq!(words.most(&"the end".split(' ')), None);
    }

    #[test]
    fn a_letter_of_one_language_tells_it() {
        let words = of(&[("ru", "letters = \"ыэ\""), ("uk", "letters = \"ії\"")]);
        assert_eq!(words.by_letters("Мэр"), Language::parse("ru"));
        assert_eq!(words.by_letters("мер і мэр"), None);
    }
}
