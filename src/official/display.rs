//! How the name of a person is displayed.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::identity::{Draft, Gathering};
use super::marks::Marked;
use super::office::{Phrase, one_line};
use crate::language::names::Given;
use crate::language::word::Word;
use crate::text::{Gap, Script};

/// Letters from which an ending is a case ending rather than part of a name, Azerbaijani "-nın".
const LONG_ENDING: usize = 3;

impl<'d> Gathering<'d> {
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
            return Some(written);
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
        let head = person.office.as_ref().map(declined_word);
        let declined = head.is_some_and(|head| titles.is_declined(marked.language, head));
        let beside = marked.office_before(tokens.start).filter(|_| !marked.breaks(tokens.start));
        let next = |office: &&Phrase| {
            let to = tokens.end..tokens.end + 2;
            std::ptr::eq(office.text, marked.text) && to.contains(&office.tokens.start)
        };
        // "Джейми Раскина, сенатора от штата"
        let beside = beside.as_ref().or(person.office.as_ref().filter(next)).filter(|office| !office.plural);
        let in_case =
            beside.map(declined_word).filter(|head| titles.is_case_of_listed(marked.language, head));
        let first_case = self.first_case(marked, tokens, declined || in_case.is_some());
        first_case.or_else(|| match in_case {
            Some(title) if tokens.len() == 2 => self.foreign(marked, tokens, title),
            _ => as_written(written),
        })
    }

    /// A name of two words whose given name is on no list, behind a title in another case: "президента Хайнца Фишера".
    /// `None` if its nominative is not certain.
    fn foreign(&self, marked: &Marked, tokens: &Range<usize>, title: &str) -> Option<String> {
        let names = &self.data.vocabulary.names;
        let (first, last) = (marked.text.word(tokens.start), marked.text.word(tokens.end - 1));
        let as_is = |given: &Given| given.name.as_ref() == first && names.has_one_case(first);
        let key = names.key(first, marked.language);
        let all = names.all_given(&key);
        let listed = all.clone().next().is_some();
        // "премьером Тони Эбботом"
        let given = all.clone().find(|given| as_is(given));
        // "министра Карен Эндрюс": a name in the nominative behind another case is a woman's
        let as_listed = || all.clone().any(|given| given.name.as_ref() == first);
        // "Хельги Нордберг" may be "Хельга", as the surname is a woman's; "Никки Хейли" is not
        let as_woman = |word: &str| names.undeclined(word, true, marked.language);
        let of_other = || {
            as_woman(first).is_some_and(|base| base != first)
                && as_woman(last).is_some_and(|same| same == last)
        };
        if given.is_none() && (listed && !as_listed() || names.has_one_case(first) && of_other()) {
            return None;
        }
        // "министру Златану Радичу": an ending that the title has, too, is one of a case
        let ends_alike = |word: &str| word.chars().next_back() == title.chars().next_back();
        let undeclined = |word: &str, woman: bool| {
            let as_is = (names.has_one_case(word) && !ends_alike(word)).then(|| word.to_owned());
            as_is.or_else(|| names.undeclined(word, woman, marked.language))
        };
        // a woman's name that ends in a consonant has one case
        let same = || names.undeclined(first, true, marked.language).is_some_and(|same| same == first);
        // "главой МВД Хайнцем Фишером": two letters less are a man's case
        let cut = || names.undeclined(first, false, marked.language);
        let man = || cut().is_some_and(|man| man.chars().count() + 1 < first.chars().count());
        let woman = match given {
            Some(given) => given.female == Some(true),
            None => listed || !names.has_one_case(first) && same() && !man(),
        };
        // "госсекретаря Кэти Хоббс": a man's surname would have an ending
        let surname = undeclined(last, woman).or_else(|| undeclined(last, true))?;
        Some(format!("{} {surname}", undeclined(first, woman)?))
    }

    /// A name in Latin letters without the case ending of its last word: an ending after a typical surname ending
    /// ("Mirzəzadəyə"), one that the text leaves out elsewhere, or a long one where only one nominative is possible.
    /// Other endings also occur in surnames themselves.
    fn without_case(&self, marked: &Marked, tokens: &Range<usize>, written: &str) -> Option<String> {
        let names = &self.data.vocabulary.names;
        let surname = marked.text.word(tokens.end - 1);
        let surname_like = |word: &str| self.data.titles.ends_like_surname(marked.language, word);
        let bases = || names.first_cases(surname, marked.language);
        let typical = || bases().find(|base| surname_like(base) && !surname_like(surname));
        let elsewhere = || bases().find(|base| self.capitals().contains(base));
        let long = || {
            let key = names.key(surname, marked.language);
            let ending: String = surname.chars().skip(key.chars().count()).collect();
            let long = ending.chars().count() >= LONG_ENDING && !names.shares_letters(marked.language);
            surname.strip_suffix(&ending).filter(|_| long)
        };
        let sure = names.first_case(surname, marked.language);
        // "Փիթեր Լամբերսի հետ": a postposition governs the name
        let behind = |t: usize| !marked.breaks(t) && marked.function_word(t).any(Word::PREPOSITION);
        let governed =
            || bases().next().filter(|_| names.attaches_article(marked.language) && behind(tokens.end));
        let base = sure.or_else(typical).or_else(governed).or_else(elsewhere).or_else(long)?;
        let rest = written.strip_suffix(surname).filter(|_| tokens.len() > 1)?;
        Some(format!("{rest}{base}"))
    }

    /// The capitalised words of the article.
    fn capitals(&self) -> &FxHashSet<&'d str> {
        self.capitals.get_or_init(|| {
            let mut out = FxHashSet::default();
            for marked in &self.parts {
                let text = marked.text;
                out.extend((0..text.tokens.len()).filter(|t| marked.capital(*t)).map(|t| text.word(t)));
            }
            out
        })
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
        // "Кристин" is no form of "Кристина", nor "Эмиля" of "Эмилия"
        let letters = first.chars().count();
        let form = |given: &&Given| !same(given) && given.name.chars().count() <= letters;
        let other: Vec<&Given> = all.clone().filter(form).collect();
        if other.is_empty() && all.clone().any(|given| same(&given)) {
            return None;
        }
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

/// The word of an office that shows its case: "екс-*міністра* оборони".
fn declined_word<'d>(office: &Phrase<'d>) -> &'d str {
    let tokens = &office.text.tokens;
    let mut at = office.head.start;
    while at + 2 < office.tokens.end && tokens[at + 1].is('-') && tokens[at + 2].gap == Gap::None {
        at += 2;
    }
    office.text.word(at)
}
