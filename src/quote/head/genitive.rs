//! How surnames form the genitive: the `[genitive]` table of a language's cues.

use serde::Deserialize;

use crate::language::names::Names;
use crate::text::Language;

/// On which side of its noun a surname in the genitive is, and how it ends.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genitive {
    /// On which side of that noun it is.
    pub stands: Beside,
    /// Nouns for those who speak for somebody, or belong to them, separated by blanks; a name in the genitive beside
    /// one is not the speaker's.
    #[serde(default)]
    serving: String,
    /// Ends of surnames in the nominative that look like a genitive, separated by blanks: "Martens".
    #[serde(default)]
    own: String,
    /// By the ending of the nominative; the first entry that fits counts.
    endings: Vec<Ending>,
}

/// A side of a noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Beside {
    /// "Raonun köməkçisi".
    Before,
    /// "советник Рао".
    Behind,
    /// "Raos Berater", "der Berater Raos".
    Either,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ending {
    /// Endings of the nominative, separated by blanks, in the letters of the text or in Latin ones. If missing, any
    /// nominative fits.
    of: Option<String>,
    /// Endings of the genitive, separated by blanks. Empty if it looks like the nominative and cannot be
    /// recognised.
    is: String,
    /// Whether the ending is added to the whole nominative, and is given in Latin letters without diacritics.
    #[serde(default)]
    hung: bool,
}

impl Genitive {
    /// Whether a noun, in lower case, is for somebody who serves somebody else.
    pub fn serves(&self, noun: &str) -> bool {
        self.serving.split_whitespace().any(|own| own == noun)
    }

    /// Whether a surname in lower case has the ending of a genitive, whatever its nominative. One that is a father's
    /// given name with the ending is a nominative itself: "Peters".
    pub fn is_hung(&self, names: &Names, word: &str) -> bool {
        let given = |rest: &str| names.given(&names.key(rest, Language::UND)).is_some();
        let any = self.endings.iter().filter(|e| e.of.is_none()).flat_map(|e| e.is.split_whitespace());
        let mut rests = any.filter_map(|end| word.strip_suffix(end));
        let own = self.own.split_whitespace().any(|end| word.ends_with(end));
        !own && rests.any(|rest| !given(rest))
    }

    /// Whether a surname is in the genitive, as far as its nominative shows. Both are lower-case.
    pub fn is(&self, names: &Names, word: &str, first_case: &str) -> bool {
        let ends = |word: &str, list: &str| list.split_whitespace().any(|end| word.ends_with(end));
        let fits = |e: &&Ending| e.of.as_deref().is_none_or(|of| ends(first_case, of));
        let Some(ending) = self.endings.iter().find(fits).filter(|_| !first_case.is_empty()) else {
            return false;
        };
        if ending.hung {
            let key = |word: &str| names.key(word, Language::UND);
            let word = key(word);
            let rest = word.strip_prefix(&key(first_case));
            return rest.is_some_and(|rest| ending.is.split_whitespace().any(|end| rest == end));
        }
        word != first_case && ends(word, &ending.is)
    }
}

#[cfg(test)]
mod tests {
    use crate::knowledge::Knowledge;
    use crate::text::Language;

    #[test]
    fn a_surname_may_end_like_a_genitive() {
        let knowledge = Knowledge::compiled_in();
        let genitive = knowledge.cues.genitive(Language::parse("de").unwrap()).unwrap();
        for (word, want) in
            [("weidingers", true), ("spahns", true), ("peters", false), ("martens", false), ("fuchs", false)]
        {
            assert_eq!(genitive.is_hung(&knowledge.vocabulary.names, word), want, "{word}");
        }
    }

    #[test]
    fn a_genitive_is_told_by_its_end_and_the_first_case() {
        let knowledge = Knowledge::compiled_in();
        for (language, word, first_case, want) in [
            ("ru", "пескова", "peskov", true),
            ("uk", "зеленського", "zelensky", true),
            ("ru", "зеленского", "zelensky", true),
            ("ru", "захаровой", "zakharova", true),
            ("ru", "байдена", "biden", true),
            ("ru", "гордеева", "гордеев", true),
            ("ru", "песков", "peskov", false),
            ("ru", "зеленский", "zelensky", false),
            ("ru", "захарова", "zakharova", false),
            ("ru", "кеннеди", "kennedy", false),
            ("ru", "лукашенко", "lukashenko", false),
            ("ru", "мелони", "meloni", false),
            ("ru", "дуда", "duda", false),
            ("ru", "гордеева", "гордеева", false),
            ("ru", "меркель", "merkel", false),
            ("ru", "рао", "", false),
            ("az", "bayramovun", "bayramov", true),
            ("az", "əliyevanın", "əliyeva", true),
            ("az", "bayramova", "bayramov", false),
            ("hy", "ռաոյի", "ռաո", true),
            ("hy", "ռաո", "ռաո", false),
            ("hy", "մելոնի", "meloni", false),
        ] {
            let genitive = knowledge.cues.genitive(Language::parse(language).unwrap()).unwrap();
            let is = genitive.is(&knowledge.vocabulary.names, word, first_case);
            assert_eq!(is, want, "{language} {word} of {first_case}");
        }
    }
}
