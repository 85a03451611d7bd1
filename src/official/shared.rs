//! Offices shared by several people: "ministers A of C and B of D", "the presidents of C and D, A and B".

use std::ops::Range;

use super::marks::{Mark, Marked};
use super::office::Phrase;
use super::sighting::Sighting;
use crate::language::class::Class;
use crate::language::word::Word;

impl<'d> Marked<'d> {
    /// Whether a head is plural: "ministers".
    pub fn is_plural(&self, head: &Range<usize>) -> bool {
        let plural = |words: &str| self.data.titles.is_plural(self.language, words);
        // "ministers"; "chefs de la diplomatie"
        head.clone().any(|t| plural(&self.text.word(t).to_lowercase())) || plural(self.text.slice(head))
    }

    /// Whether a comma separates two places: "*Azerbaijan*, Turkey and Georgia's ministers".
    pub fn lists_places(&self, t: usize, least: usize) -> bool {
        self.is(t, ',')
            && t > least
            && !self.breaks(t + 1)
            && self.mark(t - 1).is_some_and(|m| m.place)
            && self.mark(t + 1).is_some_and(|m| m.place)
    }

    /// Whether a place is no part of the list of countries behind it: "*in Istanbul* Turkey's and Georgia's ministers",
    /// where an ending says "in".
    pub fn is_where_they_met(&self, place: &Mark, next: usize, head: usize) -> bool {
        place.place
            && self.mark(next).is_some_and(|m| m.place)
            && self.mark(head).is_some_and(|m| self.is_plural(&(m.start..m.end)))
    }

    /// Whether an office and a name behind it may be one's: not "after talks with the ministers A left", where no other
    /// name follows.
    pub fn fits_one(&self, office: &Phrase, end: usize) -> bool {
        let only_plural = |t| self.data.titles.is_only_plural(self.language, self.text.word(t));
        !office.head.clone().any(only_plural)
            || self.breaks(end)
            || !self.lower(end)
            || self.small(end).any(Class::LINK)
            || self.mark(end).is_some_and(|m| m.place)
    }

    /// The office that a name shares with the previous one in a list.
    pub fn shared_office(&self, before: &Sighting<'d>, start: usize) -> Option<Phrase<'d>> {
        let office = before.office.as_ref().filter(|o| o.plural && o.public)?;
        let link = start.checked_sub(1)?;
        let joined = self.small(link).any(Class::AND) || self.is(link, ',');
        let end = self.country_behind(before.tokens.end).map_or(before.tokens.end, |(_, end)| end);
        (joined && end == link && !self.breaks(start)).then(|| office.clone())
    }

    /// The office that a name shares with the previous one in a list, each with their own country before the name: "les
    /// ministres français A et *allemand* B", "los presidentes de Chile, A, y *de Perú*, B".
    pub fn shared_with_country(&self, before: &Sighting<'d>, start: usize) -> Option<Phrase<'d>> {
        let shared = before.office.as_ref().filter(|o| o.plural && o.public)?;
        let comma = |end: usize| end.checked_sub(1).filter(|t| self.is(*t, ',')).unwrap_or(end);
        let mark = self.mark(comma(start).checked_sub(1)?).filter(|m| m.place && !m.class.of_office())?;
        let country = mark.country?;
        // "y de Perú", "et d'Italie", but not ", in Berlin,"
        let joins = |t: usize| {
            self.function_word(t).any(Word::JOINS | Word::DETERMINER) || self.is(t, '\'') || self.is(t, '’')
        };
        let mut link = mark.start;
        while link > before.tokens.end && joins(link - 1) {
            link -= 1;
        }
        let and = link.checked_sub(1).filter(|t| self.small(*t).any(Class::AND) || self.is(*t, ','))?;
        if comma(and) != before.tokens.end || (before.tokens.end..=start).any(|t| self.breaks(t)) {
            return None;
        }
        let place = (shared.head.end..shared.tokens.end).find(|t| self.mark(*t).is_some_and(|m| m.place));
        let mut end = place.unwrap_or(shared.tokens.end);
        while end > shared.head.end && self.small(end - 1).any(Class::LINK) {
            end -= 1;
        }
        let tokens = shared.tokens.start..end;
        Some(Phrase { tokens, country: Some(country), countries: vec![country], ..shared.clone() })
    }

    /// Sets the bearer's own country in a shared office: the one after the name, else the one at the same turn.
    pub fn own_country(&self, office: &mut Phrase<'d>, end: usize, turn: usize) {
        if !office.plural {
            return;
        }
        if let Some((country, _)) = self.country_behind(end) {
            office.country = Some(country);
        } else {
            let turn = if office.countries.len() == 1 { 0 } else { turn };
            office.country = office.countries.get(turn).copied();
        }
    }

    /// The country directly after a name, "of Georgia" or "(Georgia)", and where it ends.
    fn country_behind(&self, end: usize) -> Option<(&'d str, usize)> {
        if self.breaks(end) || self.breaks(end + 1) {
            return None;
        }
        let bracket = self.is(end, '(');
        // "the presidents A and the Chinese B": a conjunction leads to the next one's country
        if !bracket && (!self.small(end).any(Class::LINK) || self.small(end).any(Class::AND)) {
            return None;
        }
        let mark = self.mark(end + 1).filter(|m| m.place)?;
        let closed = !bracket || self.is(mark.end, ')');
        Some((mark.country.filter(|_| closed)?, mark.end + usize::from(bracket)))
    }
}
