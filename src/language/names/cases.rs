//! The cases of names: which case a given name is in, and the nominatives of surnames.

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::Names;
use crate::text::{Language, Script, fold};

/// Surnames that decline alike.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Declined {
    /// Whether women bear the form.
    woman: bool,
    /// How what remains without the ending ends, separated by blanks.
    stem: String,
    /// The case endings, separated by blanks; "-" for none.
    cut: String,
    /// What the nominative has instead; `None` if the form does not determine it.
    add: Option<String>,
}

/// The nominative endings of surnames whose stems end alike.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Surnames {
    /// How their stems end, separated by blanks.
    stem: String,
    /// The ending of a man's name; `None` if the stem does not determine it.
    man: Option<String>,
    /// The ending of a woman's name.
    woman: Option<String>,
    /// Case endings that only men's names have, and only women's: "Орловым", "Орловой".
    #[serde(default)]
    of_men: String,
    #[serde(default)]
    of_women: String,
    /// By a case ending of men's names: how a title in that case ends before one.
    #[serde(default)]
    titles: FxHashMap<String, String>,
}

impl Names {
    /// Whether given names decline in a language, and the data shows how.
    pub fn declines(&self, language: Language) -> bool {
        self.scripts.of(language) == Script::Cyrillic || self.cases.contains_key(&language)
    }

    /// The word without a case ending that is certain.
    pub fn first_case<'w>(&self, word: &'w str, language: Language) -> Option<&'w str> {
        self.endings.get(&language)?.sure(word)
    }

    /// Everything that a word may be in the nominative if its end is a case ending, shortest first.
    pub fn first_cases<'w>(&self, word: &'w str, language: Language) -> impl Iterator<Item = &'w str> {
        self.endings.get(&language).into_iter().flat_map(move |endings| endings.rests(word))
    }

    /// Whether a language's endings don't show where a name ends: "-nın", or "-n" with "-ın".
    pub fn shares_letters(&self, language: Language) -> bool {
        self.endings.get(&language).is_some_and(|endings| !endings.shared.is_empty())
    }

    /// Whether a given name as written is in the nominative: `None` if it is on no list, or may be either.
    pub fn in_first_case(&self, word: &str, language: Language) -> Option<bool> {
        if !self.declines(language) || self.also_cases.contains(&(language, word.into())) {
            return None;
        }
        let key = self.key(word, language);
        let mut all = self.all_given(&key).peekable();
        all.peek()?;
        let own = all.clone().any(|given| *given.name == *word);
        // "Валентина" may be of "Валентин", "Валентин" is of no "Валентина"
        let mut rest = all.filter(|given| *given.name != *word);
        let other = rest.any(|given| given.name.chars().count() <= word.chars().count());
        // "Юри" is no form of "Юрий"
        (own != other).then_some(own)
    }

    /// Whether a word ends as another case of a name may.
    pub fn may_be_declined(&self, word: &str, language: Language) -> bool {
        let mut folded = String::new();
        fold(word, &mut folded);
        self.endings.get(&language).is_some_and(|endings| endings.cut(&folded).len() < folded.len())
    }

    /// The ending of a surname with this stem in the nominative, if stems of the kind are listed and determine it.
    pub fn first_case_of(&self, stem: &str, woman: bool) -> Option<&str> {
        let alike = |s: &&Surnames| s.stem.split_whitespace().any(|end| stem.ends_with(end));
        let surnames = self.surnames.iter().find(alike)?;
        if woman { surnames.woman.as_deref() } else { surnames.man.as_deref() }
    }

    /// Whether only women bear a surname in this form, if its ending shows it.
    pub fn is_of_women(&self, stem: &str, ending: &str) -> Option<bool> {
        let ends = |list: &str| list.split_whitespace().any(|end| stem.ends_with(end));
        let surnames = self.surnames.iter().find(|s| ends(&s.stem))?;
        let has = |list: &str| list.split_whitespace().any(|end| end == ending);
        match (has(&surnames.of_women), has(&surnames.of_men)) {
            (women, men) if women != men => Some(women),
            _ => None,
        }
    }

    /// Whether a title in another case than the nominative agrees with a surname after it: "мэра Димитрова", but not
    /// "мэром Димитрова".
    pub fn agrees_with_title(&self, surname: &str, title: &str, language: Language) -> bool {
        self.is_in_case_of(surname, title, language).unwrap_or(true)
    }

    /// Whether a surname is in the case of a title; `None` if its ending tells nothing.
    pub fn is_in_case_of(&self, surname: &str, title: &str, language: Language) -> Option<bool> {
        let key = self.key(surname, language);
        let stem: String = surname.chars().take(key.chars().count()).collect();
        let ends = |list: &str| list.split_whitespace().any(|end| stem.ends_with(end));
        let surnames = self.surnames.iter().find(|s| ends(&s.stem))?;
        let told = surnames.titles.get(surname.get(stem.len()..)?)?;
        Some(told.split_whitespace().any(|end| title.ends_with(end)))
    }

    /// The nominative of a surname in another case, if the language's data tells it by the whole form.
    pub fn undeclined(&self, surname: &str, woman: bool, language: Language) -> Option<String> {
        let list = self.declined.get(&language)?;
        let stem_of = |d: &Declined| {
            d.cut.split_whitespace().find_map(|cut| {
                let stem = if cut == "-" { surname } else { surname.strip_suffix(cut)? };
                d.stem.split_whitespace().any(|end| stem.ends_with(end)).then_some(stem)
            })
        };
        let mut of_gender = list.iter().filter(|d| d.woman == woman);
        let (stem, add) = of_gender.find_map(|d| Some((stem_of(d)?, d.add.as_deref())))?;
        Some(format!("{stem}{}", add?))
    }
}

#[cfg(test)]
mod tests {
    use crate::knowledge::Knowledge;
    use crate::text::Language;

    #[test]
    fn a_given_name_shows_its_case() {
        let knowledge = Knowledge::compiled_in();
        let names = &knowledge.vocabulary.names;
        for (language, word, want) in [
            ("pl", "Maciej", Some(true)),
            ("pl", "Macieja", Some(false)),
            ("pl", "Markiem", Some(false)),
            ("pl", "Aleksandra", None),
            ("ru", "Павла", Some(false)),
            ("ru", "Валентина", None),
            ("ru", "Валентин", Some(true)),
            ("uk", "Дмитра", Some(false)),
            ("en", "Adam", None),
        ] {
            let got = names.in_first_case(word, Language::parse(language).unwrap());
            assert_eq!(got, want, "{language} {word}");
        }
    }

    #[test]
    fn a_surname_gets_its_nominative_where_that_is_certain() {
        let knowledge = Knowledge::compiled_in();
        let names = &knowledge.vocabulary.names;
        for (language, surname, woman, want) in [
            ("pl", "Nowaka", false, Some("Nowak")),
            ("pl", "Wiśniewskiego", false, Some("Wiśniewski")),
            ("pl", "Kowalskiej", true, Some("Kowalska")),
            ("pl", "Lis", true, Some("Lis")),
            ("pl", "Wilka", false, None),
            ("ru", "Короля", false, Some("Король")),
            ("ru", "Орла", false, None),
            ("ru", "Коваль", true, Some("Коваль")),
            ("uk", "Кравця", false, Some("Кравець")),
            ("uk", "Садового", false, Some("Садовий")),
            ("uk", "Кличка", false, None),
        ] {
            let got = names.undeclined(surname, woman, Language::parse(language).unwrap());
            assert_eq!(got.as_deref(), want, "{language} {surname}");
        }
    }
}
