//! Whose a name behind two titles is: that of who serves, or of who is served. "пресс-секретарь президента *Ивана Рао*".

use super::marks::Marked;
use crate::language::class::Class;
use crate::language::word::Word;

impl Marked<'_> {
    /// Whether a name is of a person whom the bearer of a title serves: it is in another case than the title. `inner`:
    /// the title between the two, in the genitive.
    pub fn is_served(&self, title: usize, inner: usize, name: usize) -> bool {
        let last = |t: usize| self.text.word(t).chars().next_back();
        let agrees = inner < name && last(inner) == last(name) && last(title) != last(name);
        let hyphenated = (title + 1..inner.max(title + 1)).step_by(2).take_while(|t| self.is(*t, '-')).last();
        let word = self.text.slice(&(title..hyphenated.map_or(title + 1, |hyphen| hyphen + 2)));
        self.in_other_case(name) && (agrees || self.data.titles.is_attendant(self.language, word))
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
            && self.capital(name + 1) && (inner..name.min(inner + 2)).any(article)
    }
}
