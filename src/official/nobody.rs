//! Words behind a title that are nobody's name, and titles that are no office.

use std::ops::Range;

use super::marks::Marked;
use super::office::Phrase;
use super::sighting::Sighting;
use super::titles;
use crate::language::class::Class;
use crate::language::word::Word;
use crate::text::{Case, Kind};

/// Most words of a club's name that are looked at.
const CLUB: usize = 4;

impl Marked<'_> {
    /// Whether a word behind a title's matter is the rest of it: "directora de Energías *Renovables*".
    pub fn is_matter(&self, name: &Range<usize>, keys: &[String]) -> bool {
        let before = name.start - 1;
        self.head_first()
            && keys.len() == 1
            && self.capital(before)
            && !self.class(before).any(Class::OFFICE | Class::ROLE | Class::RANK)
            && !self.is_place(before)
            && !self.family(name.start)
    }

    /// Whether the words behind an office are no name: a thing "President Wilson" in marks, "spokesman for British
    /// *Waterways*", "MINISTER *DENIES ALL*".
    pub fn is_no_name(&self, office: &Phrase, sighting: &Sighting) -> bool {
        let name = &sighting.tokens;
        let known = || self.family(name.end - 1);
        let apart = || {
            let head_last = !self.head_first() && sighting.keys.len() == 1;
            let beside = |t: usize| self.is(t, '.') || self.is(t, ')') || self.small(t).any(Class::HONORIFIC);
            // "Minister of Mines and Energy *Subroto* told Reuters"
            let minister = self.class(office.head.start).any(Class::STRONG);
            let speaks = minister && self.cue(name.end) && self.class(name.start - 1).any(Class::PORTFOLIO);
            head_last
                && office.head.end <= name.start
                && !(office.head.end..name.start).all(beside)
                && !speaks
        };
        let shouted = |t: usize| {
            let token = &self.text.tokens[t];
            token.case == Case::Upper && self.text.word(t).chars().count() > 1 || token.kind != Kind::Word
        };
        let loud = || {
            let mut all = office.head.clone().chain(name.clone());
            all.all(shouted) && !self.given(name.start)
        };
        self.in_marks(office.tokens.start, name.end) || (apart() || loud()) && !known()
    }

    /// Whether the words behind a name say what a president presides over, and it is neither a country nor a public body:
    /// "Präsident Karl Huber *des Schützenvereins*".
    pub fn is_of_club(&self, end: usize) -> bool {
        let roles = if self.lower(end) { self.function_word(end) } else { Word::default() };
        let article = |t: usize| self.lower(t) && self.function_word(t).any(Word::DETERMINER);
        let joins = roles.any(Word::GENITIVE) || roles.any(Word::JOINS | Word::OF) && article(end + 1);
        let from = end + 1 + usize::from(article(end + 1));
        let over = |t: usize| self.breaks(t) || !(self.capital(t) || self.lower(t));
        let public = |t: usize| self.is_place(t) || self.class(t).any(Class::INSTITUTION | Class::PORTFOLIO);
        joins && !over(from) && !(from..from + CLUB).take_while(|t| !over(*t)).any(public)
    }

    /// Whether a crowned title is a singer's or a sportsman's: sovereigns bear no surname.
    pub fn is_nickname(&self, office: &Phrase, keys: &[String], name: &Range<usize>) -> bool {
        let class = self.class(office.head.start);
        let known = || !self.data.holders.by_name(keys, &self.data.vocabulary.names).is_empty();
        class.any(Class::RULER)
            && office.kind == Some(titles::Kind::Head)
            && !class.any(Class::STRONG | Class::RANK)
            && office.head.end == name.start
            && keys.len() == 2
            && self.given(name.start)
            && !(name.clone()).any(|t| self.particle(t) || self.capital_particle(t) || self.is(t, '-'))
            && !self.data.vocabulary.names.is_number(self.text.word(name.end - 1))
            && !self.is_sovereign(name, keys)
            && !known()
    }
}
