//! Whose a name behind two titles is: that of who serves, or of who is served. "пресс-секретарь президента *Ивана Рао*".

use super::marks::Marked;
use crate::language::class::Class;
use crate::language::word::Word;

impl Marked<'_> {
    /// Whether a name is of a person whom the bearer of a title serves: it is in another case than the title. `inner`:
    /// the title between the two, in the genitive.
    pub fn is_served(&self, title: usize, inner: usize, name: usize) -> bool {
        let names = &self.data.vocabulary.names;
        let last = |word: &str| word.chars().next_back();
        let hyphenated = (title + 1..inner.max(title + 1)).step_by(2).take_while(|t| self.is(*t, '-')).last();
        let title = self.text.slice(&(title..hyphenated.map_or(title + 1, |hyphen| hyphen + 2)));
        let (inner, given) =
            (Some(inner).filter(|t| *t < name).map(|t| self.text.word(t)), self.text.word(name));
        // "заместителя мэра Ивана Рао" may be the deputy, "заместителем мэра Ивана Рао" is not
        let surname = self.capital(name + 1).then(|| self.text.word(name + 1));
        let same = surname.and_then(|surname| names.is_in_case_of(surname, title, self.language));
        let same = same.unwrap_or_else(|| last(title) == last(given));
        let agrees = inner.is_some_and(|inner| last(inner) == last(given)) && !same;
        self.in_other_case(name) && (agrees || self.data.titles.is_attendant(self.language, title))
    }

    /// Whether nothing tells which of the two a name is of: "der Anwalt *des Präsidenten* Paul Peters", but not "der
    /// Anwalt *von Präsident* Paul Peters". `inner`: where the title behind the one who serves begins.
    pub fn may_be_either(&self, inner: usize, name: usize) -> bool {
        let names = &self.data.vocabulary.names;
        if self.uncased() {
            return names.has_article(self.text.word(inner));
        }
        let article =
            |t: usize| self.data.vocabulary.word(self.language, self.text.word(t)).any(Word::DETERMINER);
        !names.declines(self.language)
            && !self.small(inner).any(Class::AND)
            && self.capital(name + 1)
            && (self.head_first() || (inner..name.min(inner + 2)).any(article))
    }
}
