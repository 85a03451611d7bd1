//! The script of each language, and whose word endings apply to a word of a script.

use rustc_hash::FxHashMap;

use crate::text::{Language, Script};

/// Scripts by language.
#[derive(Debug, Clone, Default)]
pub struct Scripts {
    of: FxHashMap<Language, Script>,
    first: Vec<(Script, Language)>,
}

impl Scripts {
    /// Registers the script of a language, and whether it is the first language with that script.
    pub(super) fn add(&mut self, language: Language, script: Script, is_first: bool) {
        self.of.entry(language).or_insert(script);
        if is_first && self.first(script).is_none() {
            self.first.push((script, language));
        }
    }

    /// The script of a language, as far as it matters here; Latin for one that is not listed.
    pub fn of(&self, language: Language) -> Script {
        self.of.get(&language).copied().unwrap_or(Script::Latin)
    }

    /// The language whose word endings apply to a word in `script` within an article in `language`: the article's own
    /// if it is written in that script, else the commonest of that script in our articles.
    pub fn of_word(&self, language: Language, script: Script) -> Language {
        if language != Language::UND && self.of(language) == script {
            return language;
        }
        self.first(script).unwrap_or(Language::UND)
    }

    fn first(&self, script: Script) -> Option<Language> {
        self.first.iter().find(|(of, _)| *of == script).map(|(_, language)| *language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_another_script_has_the_first_language_of_it() {
        let [en, de, ru, uk] = ["en", "de", "ru", "uk"].map(|code| Language::parse(code).unwrap());
        let mut scripts = Scripts::default();
        scripts.add(de, Script::Latin, false);
        scripts.add(en, Script::Latin, true);
        scripts.add(ru, Script::Cyrillic, true);
        scripts.add(uk, Script::Cyrillic, true);
        for (language, script, want) in [
            (de, Script::Latin, de),
            (de, Script::Cyrillic, ru),
            (uk, Script::Cyrillic, uk),
            (uk, Script::Latin, en),
            (Language::UND, Script::Latin, en),
            (en, Script::Greek, Language::UND),
        ] {
            assert_eq!(scripts.of_word(language, script), want, "{language} {script:?}");
        }
    }
}
