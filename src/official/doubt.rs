//! Words after a title that are no surname: an adjective or noun that says whose office it is, a party, the first word
//! of the next sentence.

use super::marks::Marked;
use crate::document::Meaning;
use crate::language::class::Class;
use crate::text::{Gap, Script};

impl Marked<'_> {
    /// Whether a single word after a title counts as a surname only if the article gives the full name elsewhere:
    /// "депутат *Донецької* облради", "лидеру *ЛДПР*", "министр по делам *Brexit*".
    pub fn doubtful(&self, t: usize) -> bool {
        if self.uncased() || self.with_key(t, |key| !self.data.holders.by_family(key).is_empty()) {
            return false;
        }
        self.foreign(t)
            || self.abbreviated(t)
            || self.names_owner(t)
            || self.ends_like_owner(t)
            || t.checked_sub(1)
                .is_some_and(|before| self.is(before, ')') || self.class(before).any(Class::OPENER))
            || t.checked_sub(1).is_some_and(|before| self.is_beside_another_case(before, t))
            || self.head_first() && (self.declined(t) || self.is_place(t) || self.of_body(t))
    }

    /// Whether a word ends like a noun in an oblique case ("губернатор *Техаса*"): if only its title suggests a name,
    /// it may be anything.
    fn declined(&self, t: usize) -> bool {
        let word = self.text.word(t);
        self.data.titles.ends_like_another_case(self.language, word)
            && !self.data.titles.ends_like_surname(self.language, word)
    }

    /// Whether a title is in another case than the word behind it: "с мэром *Димитрова*".
    fn is_beside_another_case(&self, title: usize, t: usize) -> bool {
        let (word, title) = (self.text.word(t), self.text.word(title));
        self.lower(t - 1)
            && !self.data.titles.is_in_first_case(self.language, title)
            && !self.data.vocabulary.names.agrees_with_title(word, title, self.language)
    }

    /// Whether a word ends like an adjective that says whose office it is.
    pub fn ends_like_owner(&self, t: usize) -> bool {
        self.data.titles.ends_like_owner(self.language, self.text.word(t))
    }

    /// Whether a word is written in another script than the language's.
    pub fn foreign(&self, t: usize) -> bool {
        let own = self.data.vocabulary.names.scripts.of(self.language);
        own == Script::Cyrillic && Script::of(self.text.tokens[t].first) != own
    }

    /// Whether a word begins with two capitals and the word before does not: "МИДа", "LR".
    pub fn abbreviated(&self, t: usize) -> bool {
        let shouts = |t: usize| self.text.word(t).chars().nth(1).is_some_and(char::is_uppercase);
        shouts(t) && t.checked_sub(1).is_none_or(|before| !shouts(before))
    }

    /// Whether the word belongs to a body or a territory that follows: "*Антимонопольного* комітету".
    fn names_owner(&self, t: usize) -> bool {
        !self.breaks(t + 1)
            && self.lower(t + 1)
            && self.head_first()
            && (self.small(t + 1).any(Class::TERRITORY)
                || self.class(t + 1).any(Class::INSTITUTION | Class::PRIVATE | Class::OFFICE))
    }

    /// Whether a body, whose name the word may be, directly precedes it: "лидер партии *Техрик*".
    fn of_body(&self, t: usize) -> bool {
        t.checked_sub(1).map(|before| self.class(before)).is_some_and(|class| {
            class.any(Class::INSTITUTION | Class::PRIVATE) && !class.any(Class::OFFICE | Class::ROLE)
        })
    }

    /// Whether a token is part of a place name.
    pub fn is_place(&self, t: usize) -> bool {
        self.part
            .hits_over(t)
            .any(|h| matches!(h.meaning, Meaning::Place(n) if self.data.vocabulary.place(n).place))
    }

    /// Whether a word is the second half of a compound: "Нью-*Йорка*", "Rheinland-*Pfalz*".
    pub fn hangs_on(&self, t: usize) -> bool {
        self.text.tokens[t].gap == Gap::None
            && t > 1
            && self.is(t - 1, '-')
            && self.text.tokens[t - 1].gap == Gap::None
            && self.capital(t - 2)
    }
}
