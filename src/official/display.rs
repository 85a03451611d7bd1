//! How the name of a person is displayed.

use std::ops::Range;

use super::identity::{Draft, Gathering};
use super::marks::Marked;
use super::office::one_line;
use crate::text::Script;

/// Letters from which an ending is a case ending rather than part of a name: Azerbaijani "-nın".
const LONG_ENDING: usize = 3;

impl Gathering<'_> {
    /// The fullest form of the name in the nominative, on one line.
    pub fn display(&self, person: &Draft) -> String {
        let (part, tokens) = match &person.ruler {
            Some(ruler) if person.keys.len() == 1 => ruler,
            _ => &person.fullest,
        };
        let marked = &self.parts[*part];
        let mut written = one_line(marked.text.slice(tokens));
        if let Some(bare) = self.data.vocabulary.names.article(&written, marked.language) {
            written.truncate(bare.len());
        }
        if Script::of(marked.text.tokens[tokens.start].first) != Script::Cyrillic {
            return self.without_case(marked, tokens, &written).unwrap_or(written);
        }
        self.first_case(marked, tokens).unwrap_or(written)
    }

    /// A name in Latin letters without the case ending of its last word: a long ending, or one after a typical surname
    /// ending ("Mirzəzadəyə"). Other short endings also occur in surnames themselves.
    fn without_case(&self, marked: &Marked, tokens: &Range<usize>, written: &str) -> Option<String> {
        let surname = marked.text.word(tokens.end - 1);
        let key = self.data.vocabulary.names.key(surname, marked.language);
        let ending: String = surname.chars().skip(key.chars().count()).collect();
        let long = ending.chars().count() >= LONG_ENDING;
        let base = surname.strip_suffix(&ending)?;
        let surname_like = |word: &str| self.data.titles.ends_like_surname(marked.language, word);
        let is_case = long || !ending.is_empty() && surname_like(base) && !surname_like(surname);
        (is_case && tokens.len() > 1).then(|| written.strip_suffix(&ending).map(str::to_owned))?
    }

    /// A Cyrillic name in the nominative: the given name from its list, the surname by its ending and gender.
    fn first_case(&self, marked: &Marked, tokens: &Range<usize>) -> Option<String> {
        let names = &self.data.vocabulary.names;
        let first = marked.text.word(tokens.start);
        let given = names.given(&names.key(first, marked.language))?;
        if given.name.as_ref() == first || tokens.len() != 2 {
            return None;
        }
        let surname = marked.text.word(tokens.end - 1);
        let key = names.key(surname, marked.language);
        let stem: String = surname.chars().take(key.chars().count()).collect();
        let whole = stem.chars().count() == surname.chars().count();
        let ending = if whole { "" } else { names.first_case_of(&stem, given.female == Some(true))? };
        Some(format!("{} {stem}{ending}", given.name))
    }
}
