//! What the ending of a title, or of a word beside one, shows about its case.

use super::Titles;
use crate::text::Language;

/// Letters before the ending of a possessive adjective or a surname.
const OWNER: usize = 3;

impl Titles {
    /// Whether a word ends like an adjective that says whose office it is ("Омской").
    pub fn ends_like_owner(&self, language: Language, word: &str) -> bool {
        ends(self.owner_endings.get(&language), word)
    }

    /// Whether a word ends like a noun in an oblique case.
    pub fn ends_like_another_case(&self, language: Language, word: &str) -> bool {
        let endings = self.case_endings.get(&language).into_iter().flatten();
        endings.into_iter().any(|ending| word.ends_with(ending.as_ref()))
    }

    /// Whether the first word of a title is in an oblique case, going by its ending and by the titles as listed: "главы",
    /// but not "глава".
    pub fn is_declined(&self, language: Language, word: &str) -> bool {
        let word = word.to_lowercase();
        self.ends_like_another_case(language, &word) && !self.nominative.contains(&(language, word.into()))
    }

    /// Whether the first word of a title is in an oblique case of one that is listed: "министра", "министром", but not
    /// the feminine "уполномоченная", whose ending is a case ending, too.
    pub fn is_case_of_listed(&self, language: Language, word: &str) -> bool {
        let word = word.to_lowercase();
        let listed = |base: String| self.nominative.contains(&(language, base.into()));
        let cases = self.title_cases.get(&language).into_iter().flatten();
        let mut bases = cases.flat_map(|(first, others)| {
            others.iter().filter_map(|other| Some(word.strip_suffix(other.as_str())?.to_owned() + first))
        });
        !listed(word.clone()) && bases.any(listed)
    }

    /// Whether the first word of a title is as listed, in the nominative.
    pub fn is_in_first_case(&self, language: Language, word: &str) -> bool {
        self.nominative.contains(&(language, word.to_lowercase().into()))
    }

    /// Whether a word is one for people who serve a person, in the nominative.
    pub fn is_attendant(&self, language: Language, word: &str) -> bool {
        self.attendants.contains(&(language, word.to_lowercase().into()))
    }

    /// Whether the language's nouns have case endings.
    pub fn has_cases(&self, language: Language) -> bool {
        self.case_endings.get(&language).is_some_and(|endings| !endings.is_empty())
    }

    /// Whether a word ends like a surname ("Порошенко").
    pub fn ends_like_surname(&self, language: Language, word: &str) -> bool {
        ends(self.surname_endings.get(&language), word)
    }
}

/// Whether a word consists of a stem and one of the endings.
fn ends(endings: Option<&Vec<Box<str>>>, word: &str) -> bool {
    let stem = |end: &str| word.strip_suffix(end);
    endings.into_iter().flatten().filter_map(|end| stem(end)).any(|stem| stem.chars().count() >= OWNER)
}
