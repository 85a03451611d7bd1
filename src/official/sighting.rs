//! Walks through a part once and records every name that may be a person's, with its evidence.

mod apposed;

use std::ops::Range;

use super::described::Told;
use super::marks::Marked;
use super::office::Phrase;
use crate::language::class::Class;
use crate::language::word::Word;
use crate::text::{Case, Gap, Kind};

/// A name in the text that is not yet attributed to a person.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is told by other words beside the name")]
pub(super) struct Sighting<'d> {
    pub tokens: Range<usize>,
    /// The keys of its words, without particles and "Jr"; an initial is one letter.
    pub keys: Vec<String>,
    pub office: Option<Phrase<'d>>,
    /// Whether "Mrs" or "Ms" marks a woman.
    pub lady: bool,
    /// Whether it is a listed sovereign's one name, with its number ("Felipe VI") or of two halves.
    pub sovereign: bool,
    /// Whether a title, role or given name shows that this is a person.
    pub certain: bool,
    /// Whether a cue next to it shows that it speaks.
    pub speaks: bool,
    /// The index of the person among those who share an office.
    pub turn: usize,
    /// What the text says about them apart from an office.
    pub told: Told,
}

/// What a walk through a part found.
#[derive(Debug, Default)]
pub(super) struct Seen<'d> {
    /// Names of two or more words, and titled ones, in order.
    pub names: Vec<Sighting<'d>>,
    /// Single capitalised words without a title, in order.
    pub lone: Vec<usize>,
}

impl<'d> Marked<'d> {
    /// Finds the names of the part, in order. Linear: each token is looked at a bounded number of times.
    pub fn sightings(&self) -> Seen<'d> {
        if self.uncased() {
            return self.uncased_sightings();
        }
        let mut seen = Seen::default();
        let mut t = 0;
        while let Some(token) = self.text.tokens.get(t) {
            // nearly all tokens are neither
            if token.case == Case::Lower && t > 0 && !self.marked(t - 1) {
                t += 1;
                continue;
            }
            if !(self.capital(t) || self.lower(t) && t > 0 && self.class(t - 1).any(Class::OFFICE)) {
                t += 1;
                continue;
            }
            // "Rheinland-Pfalz": the second half does not begin a name
            if self.hangs_on(t) {
                t += 1;
                continue;
            }
            let title_before = t > 0
                && !self.breaks(t)
                && (!self.starts_sentence(t) && self.titled(t) || self.between_title(t) > 1);
            let Some(name) = self.name_at(t, title_before) else {
                t += 1;
                continue;
            };
            let name = if self.is_where(t) { self.behind_strangers(name) } else { name };
            let end = name.end;
            // "Baker Hughes Inc", "Smith & Co": a firm
            if self.firm_behind(end) || self.is_of_thing(&name) {
                t = end;
                continue;
            }
            let name = match self.known_within(&name) {
                Some(known) => known,
                // "Повар Лидия Ежова": at the start of a sentence any word has a capital
                None if title_before || self.starts_sentence(t) => self.behind_strangers(name),
                None => name,
            };
            let keys = self.keys(&name);
            let owner =
                title_before && (keys.len() == 2 && self.is_owner(&name) || self.is_matter(&name, &keys));
            if keys.is_empty() || owner {
                t = end;
                continue;
            }
            let sovereign = self.is_sovereign(&name, &keys);
            // "Pope Benedict XVI", who is on no list
            let numbered = title_before
                && name.len() > 1
                && self.data.vocabulary.names.is_number(self.text.word(name.end - 1));
            if keys.len() == 1
                && !(sovereign || numbered)
                && (!title_before
                    || self.doubtful(name.start)
                    || !(self.is_suffix(name.end - 1) || name.len() > 1 && self.given(name.end - 1))
                        && self.doubtful(name.end - 1))
            {
                // "her husband Merkel" is not whom that surname alone means
                if t == 0 || self.breaks(t) || !self.class(t - 1).any(Class::KIN) {
                    seen.lone.push(name.start);
                }
                t = end;
                continue;
            }
            let mut sighting = self.sighting(name, keys, title_before, seen.names.last());
            if sighting.office.as_ref().is_some_and(|office| self.is_no_name(office, &sighting)) {
                t = end;
                continue;
            }
            sighting.sovereign = sovereign;
            sighting.certain |= sovereign;
            // "юристы Трампа": nobody's title
            let named =
                sighting.keys.len() == 1 && title_before && !sovereign && self.family(sighting.tokens.start);
            if named && sighting.office.as_ref().is_some_and(|o| !o.public && !o.bare) {
                seen.lone.push(sighting.tokens.start);
            } else {
                seen.names.push(sighting);
            }
            t = end;
        }
        seen
    }

    /// A known name within a longer sequence of capitals: "Bundeskanzler Friedrich Merz", "İlham Əliyev Berlində".
    fn known_within(&self, name: &Range<usize>) -> Option<Range<usize>> {
        if name.len() < 3 {
            return None;
        }
        let ends: Vec<usize> = (name.start + 2..=name.end)
            .rev()
            .filter(|end| self.capital(end - 1) && (self.is_suffix(end - 1) || self.family(end - 1)))
            .collect();
        if ends.is_empty() {
            return None;
        }
        let names = &self.data.vocabulary.names;
        let two = names.has_two_surnames(self.language);
        let known = |part: &Range<usize>| {
            // another's second surname
            if two && part.end < name.end && self.capital(part.end) && !self.is_place(part.end) {
                return false;
            }
            let keys = self.keys(part);
            keys.len() > 1 && !self.data.holders.by_name(&keys, names).is_empty()
        };
        let parts = (name.start..name.end - 1)
            .filter(|start| self.capital(*start))
            .flat_map(|start| ends.iter().filter(move |end| **end >= start + 2).map(move |end| start..*end));
        let mut parts = parts;
        parts.find(known)
    }

    /// A name after a title without the words before its given name: "министр Чувашии Пётр Орлов".
    fn behind_strangers(&self, name: Range<usize>) -> Range<usize> {
        // "губернатор *Калифорнии* Гэвин Ньюсом"
        if self.head_first()
            && name.len() > 1
            && self.capital(name.start + 1)
            && !self.given(name.start)
            && (self.owns_as_place(name.start)
                || name.len() > 2 && self.is_place(name.start)
                || self.foreign(name.start) && !self.foreign(name.start + 1)
                || self.abbreviated(name.start) && !self.abbreviated(name.start + 1)
                || name.len() > 2 && self.ends_like_owner(name.start))
        {
            return self.behind_strangers(name.start + 1..name.end);
        }
        if name.len() < 3 || self.given(name.start) || self.is(name.start + 1, '.') {
            return name;
        }
        let given =
            (name.start + 1..name.end - 1).find(|t| self.given(*t) && self.text.tokens[*t].gap != Gap::None);
        given.unwrap_or(name.start)..name.end
    }

    /// Whether a word is a place that a preposition governs: "W *Gdańsku* Piotr Nowak powiedział".
    fn is_where(&self, t: usize) -> bool {
        let before = |t: usize| self.function_word_in_any_case(t);
        t > 0
            && !self.breaks(t)
            && before(t - 1).any(Word::PREPOSITION)
            && self.is_place(t)
            && self.given(t + 1)
    }

    /// Whether two words after a title say whose office it is: "губернатор *Южной Дакоты*".
    fn is_owner(&self, name: &Range<usize>) -> bool {
        self.head_first()
            && !self.given(name.start)
            && !self.given(name.end - 1)
            && self.ends_like_owner(name.start)
            && !self.family(name.end - 1)
    }

    pub fn starts_sentence(&self, t: usize) -> bool {
        let at = |s: usize| self.text.sentences.get(s).is_some_and(|s| s.start == t);
        at(self.text.sentence_of(t))
    }

    /// Whether only a person's name could be followed by this: "…, who", "…, 51,", "… (51)".
    fn describes_person(&self, end: usize) -> bool {
        self.is(end, ',') && end + 1 < self.text.tokens.len() && self.function_word(end + 1).any(Word::PERSON)
            || self.is_aged(end)
    }

    /// Whether an office, a rank or "Mr" directly precedes a token.
    fn titled(&self, t: usize) -> bool {
        let before = t - 1;
        if self
            .class(before)
            .any(Class::OFFICE | Class::RANK | Class::ROLE | Class::INSTITUTION | Class::PORTFOLIO)
            || self.mark(before).is_some_and(|m| m.place)
            || self.small(before).any(Class::HONORIFIC)
        {
            return true;
        }
        self.is(before, ')')
            || self.is(before, '.')
                && before > 0
                && self.text.tokens[before].gap == Gap::None
                && (self.small(before - 1).any(Class::HONORIFIC)
                    || self.class(before - 1).any(Class::RANK | Class::OFFICE))
    }

    fn sighting(
        &self,
        name: Range<usize>,
        keys: Vec<String>,
        title_before: bool,
        last: Option<&Sighting<'d>>,
    ) -> Sighting<'d> {
        let (start, end) = (name.start, name.end);
        let mut office = last.and_then(|l| self.shared_with_country(l, start));
        let inherited = office.is_some();
        let (mut certain, mut lady) = (inherited, false);
        let title_before = title_before && !inherited;
        if title_before {
            let between = self.between_title(start);
            let word = start - 1 - between;
            if self.small(word).any(Class::HONORIFIC) {
                certain = true;
                lady = self.data.vocabulary.names.is_of_woman(self.text.word(word));
                // "Prime Minister Mrs Gandhi"
                office = self.office_before(word);
            } else {
                office = self.office_before(start - between);
                certain = office.is_some();
            }
        }
        // "депутат міськради від «Єдності» Іван Орлов": no title directly before the name
        let follows = last.is_some_and(|l| l.tokens.end == start);
        if keys.len() > 1 && office.is_none() && self.head_first() && start > 0 && !follows {
            let apart = self.breaks(start) || self.starts_sentence(start) || self.uncased();
            office = Some(start).filter(|_| !apart).and_then(|s| self.office_before(s)).filter(|p| p.public);
        }
        let fits = |office: &Phrase| inherited || self.fits_one(office, end);
        office = office.filter(|office| fits(office) && !self.is_nickname(office, &keys, &name));
        let mut turn = 0;
        if let Some(shared) = last.filter(|_| office.is_none()).and_then(|l| self.shared_office(l, start)) {
            turn = last.map_or(0, |l| l.turn + 1);
            office = Some(shared);
        }
        if keys.len() > 1 && office.is_none() {
            // "its governor, Robin Leigh-Pemberton, said"
            if start > 1 && self.is(start - 1, ',') && !self.breaks(start) && !self.breaks(start - 1) {
                let comma = self.abbreviation_before(start - 1).unwrap_or(start - 1);
                office = self.office_before(comma).filter(|p| {
                    p.public
                        && (self.is(end, ',')
                            || comma < start - 1
                            || self.opens_sentence(p, end)
                            || self.closes_sentence(p, &name))
                });
            }
        }
        let apposed = self.is(end, ',') && !self.breaks(end + 1) && !self.foreign(start);
        if apposed && office.as_ref().is_none_or(|o| !o.public) {
            let after = self.office_after(end + 1);
            if after.as_ref().is_some_and(|p| p.public) || office.is_none() {
                office = after.or(office);
            }
        }
        if office.as_ref().is_none_or(|o| !o.public) && self.is(end, '(') && !self.breaks(end) {
            office = self.office_after(end + 1).filter(|p| p.public).or(office);
        }
        certain |= office.is_some() || keys.len() > 1 && self.describes_person(end);
        certain |= keys.len() > 1
            && (start..end).take(1).any(|t| self.given(t))
            && !self.class(end).any(Class::PRIVATE);
        let speaks =
            self.cue(end) || start > 0 && self.cue(start - 1) || self.is(end, ',') && self.cue(end + 1);
        if let Some(office) = &mut office {
            self.own_country(office, end, turn);
        }
        if let Some(office) = office.as_mut().filter(|o| o.bare) {
            office.public &= !self.is_of_club(end);
        }
        let told = self.told(&name);
        Sighting { tokens: name, keys, office, lady, sovereign: false, certain, speaks, turn, told }
    }

    /// Whether a word of a firm follows a name.
    fn firm_behind(&self, end: usize) -> bool {
        if self.breaks(end) {
            return false;
        }
        let class = self.class(end);
        class.any(Class::PRIVATE) && self.capital(end)
            || self.is(end, '&')
            || self.data.vocabulary.names.joins_firm(self.text.word(end))
                && self.class(end + 1).any(Class::PRIVATE)
                && self.capital(end + 1)
                && !class.any(Class::OFFICE)
    }

    /// Whether a word follows a surname without being part of it: "Jr".
    fn is_suffix(&self, token: usize) -> bool {
        self.data.vocabulary.names.is_suffix(self.text.word(token))
    }

    /// Whether a name has a word behind its surname: "Jr".
    pub fn has_suffix(&self, name: &Range<usize>) -> bool {
        (name.start + 1..name.end).any(|t| self.is_suffix(t))
    }

    /// The keys of the words of a name: hyphenated words as one, without particles and "Jr".
    pub fn keys(&self, name: &Range<usize>) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        // a particle's hyphen joins nothing: "Bashar al-Assad"
        let (mut join, mut behind_particle) = (false, false);
        for t in name.clone() {
            let token = &self.text.tokens[t];
            if token.kind != Kind::Word {
                let joins = matches!(token.first, '-' | '‑' | '\'' | '’');
                join = joins && !keys.is_empty() && !behind_particle;
                continue;
            }
            // a nickname: "Jim" between marks
            if t > name.start && self.nickname(t - 1) {
                continue;
            }
            behind_particle = self.particle(t);
            let word = self.text.word(t);
            if self.is_suffix(t) && !keys.is_empty() || self.numbers(t, name, keys.last()) {
                continue;
            }
            if behind_particle {
                join = false;
                continue;
            }
            let key = self.data.vocabulary.names.key(word, self.language);
            match keys.last_mut().filter(|_| join) {
                Some(last) => {
                    last.push('-');
                    last.push_str(&key);
                }
                None => keys.push(key),
            }
            join = false;
        }
        keys
    }
}
