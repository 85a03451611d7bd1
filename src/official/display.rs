//! How the name of a person is displayed.

use std::ops::Range;

use super::identity::{Draft, Gathering};
use super::marks::Marked;
use super::office::one_line;
use crate::language::names::Given;
use crate::text::Script;

/// Letters from which an ending is a case ending rather than part of a name, Azerbaijani "-nın".
const LONG_ENDING: usize = 3;

impl Gathering<'_> {
    /// The fullest form of the name in the nominative, on one line; `None` if it is in another case and its nominative is
    /// not certain.
    pub fn display(&self, person: &Draft) -> Option<String> {
        let (part, tokens) = match &person.ruler {
            Some(ruler) if person.keys.len() == 1 => ruler,
            _ => &person.fullest,
        };
        let marked = &self.parts[*part];
        let mut written = one_line(marked.text.slice(tokens));
        if let Some(bare) = self.data.vocabulary.names.article(&written, marked.language) {
            written.truncate(bare.len());
        }
        let names = &self.data.vocabulary.names;
        let as_written =
            |written| (tokens.len() != 2 || !marked.in_other_case(tokens.start)).then_some(written);
        let cyrillic = Script::of(marked.text.tokens[tokens.start].first) == Script::Cyrillic;
        if !cyrillic && names.declines(marked.language) {
            return self.first_case(marked, tokens, false).or_else(|| as_written(written));
        }
        if !cyrillic {
            return Some(self.without_case(marked, tokens, &written).unwrap_or(written));
        }
        let titles = &self.data.titles;
        let head = person.office.as_ref().map(|office| office.text.word(office.head.start));
        let declined = head.is_some_and(|head| titles.is_declined(marked.language, head));
        self.first_case(marked, tokens, declined).or_else(|| as_written(written))
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

    /// A name of two words in the nominative: the given name from its list, the surname by its ending and gender. `declined`:
    /// whether the title is in another case.
    fn first_case(&self, marked: &Marked, tokens: &Range<usize>, declined: bool) -> Option<String> {
        let names = &self.data.vocabulary.names;
        let first = marked.text.word(tokens.start);
        let key = names.key(first, marked.language);
        let all = names.all_given(&key);
        // "Валентина" is a woman, or a man behind "министра"
        let same = |given: &&Given| given.name.as_ref() == first;
        if tokens.len() != 2 || all.clone().any(|g| same(&g)) && !(all.clone().count() > 1 && declined) {
            return None;
        }
        // a form keeps all letters but the last, mostly
        let kept = |given: &Given| given.name.chars().zip(first.chars()).take_while(|(a, b)| a == b).count();
        let whole = |given: &&Given| kept(given) + 1 >= given.name.chars().count();
        let other: Vec<&Given> = all.filter(|given| !same(given)).collect();
        let fits: Vec<&Given> = other.iter().copied().filter(whole).collect();
        let fits = if fits.is_empty() { other } else { fits };
        let most = fits.iter().map(|given| kept(given)).max()?;
        let best: Vec<&Given> = fits.into_iter().filter(|given| kept(given) == most).collect();
        let surname = marked.text.word(tokens.end - 1);
        let key = names.key(surname, marked.language);
        let stem: String = surname.chars().take(key.chars().count()).collect();
        let cut: String = surname.chars().skip(key.chars().count()).collect();
        // "Валентиной" may be a man's form of "Валентин" as well, "Валентиной Орловой" not
        let of_women = names.is_of_women(&stem, &cut);
        let agrees =
            |given: &&&Given| of_women.is_none() || given.female.is_none() || given.female == of_women;
        let best: Vec<&Given> = best.iter().filter(agrees).copied().collect();
        let given = best.first().filter(|first| best.iter().all(|given| given.female == first.female))?;
        let woman = given.female == Some(true);
        if cut.is_empty() && Script::of(stem.chars().next()?) == Script::Cyrillic {
            return Some(format!("{} {stem}", given.name));
        }
        // "Садового" is a form of "Садовий", not of "Садов"
        let ending = names.first_case_of(&stem, woman);
        let ending = ending.filter(|ending| !ending.is_empty() || cut.chars().count() < LONG_ENDING);
        let surname = match ending {
            Some(ending) => format!("{stem}{ending}"),
            None => names.undeclined(surname, woman, marked.language)?,
        };
        Some(format!("{} {surname}", given.name))
    }
}
