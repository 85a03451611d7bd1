//! Finds names in the text: sequences of capitalised words that may be a person's name.

use std::ops::Range;

use super::marks::Marked;
use crate::language::class::Class;
use crate::language::word::Word;
use crate::text::{Case, Gap, Kind, Script};

/// Most words in a name ("Maria de los Angeles Gonzalez Perez" has six).
const MOST_WORDS: usize = 6;

/// Most letters of an abbreviation that begins a place's name: "St."
const ABBREVIATION: usize = 3;

impl Marked<'_> {
    /// The name that starts at a token: capitalised words, initials, particles, hyphens. `titled` means that an office
    /// or "Mr" precedes it, so that its first word needs no other evidence.
    pub fn name_at(&self, start: usize, titled: bool) -> Option<Range<usize>> {
        if !self.starts_name(start, titled) {
            return None;
        }
        let tokens = &self.text.tokens;
        // "Kim Jong-un", "Moon Jae-in"
        let family_first = self.with_key(start, |key| self.data.vocabulary.names.is_family_first(key));
        let mut end = start;
        let mut words = 0;
        let mut t = start;
        while t < tokens.len() && words < MOST_WORDS && (t == start || !self.breaks(t)) {
            let token = &tokens[t];
            let joined = token.gap == Gap::None;
            if token.kind == Kind::Word && token.is_capital() {
                if t > start && (!self.continues_name(t, words) || words > 1 && self.starts_another(start, t))
                {
                    break;
                }
                t += 1;
                words += 1;
                end = t;
                // the article is attached to the last word: "Թորոսյանը"
                if words > 1
                    && self.data.vocabulary.names.article(self.text.word(t - 1), self.language).is_some()
                {
                    break;
                }
                // the dot of an initial
                if token.end - token.start <= 4
                    && self.text.word(t - 1).chars().count() == 1
                    && self.is(t, '.')
                    && tokens[t].gap == Gap::None
                    && (self.capital(t + 1)
                        || self.is(t + 1, ',')
                        || self.particle(t + 1)
                        || self.nickname(t + 1))
                {
                    t += 1;
                } else if self.is_last_initial(t - 1) {
                    t += 1;
                    end = t;
                }
            } else if joined && token.kind == Kind::Mark && matches!(token.first, '-' | '‑' | '\'' | '’')
            {
                let next = tokens.get(t + 1).is_some_and(|n| {
                    n.gap == Gap::None
                        && n.kind == Kind::Word
                        && (n.case != Case::Lower || self.particle(t + 1) || words > 1 && family_first)
                });
                let genitive = self.genitive(t) > 0;
                if !next || genitive || words == 0 {
                    break;
                }
                t += 1;
                if tokens[t].case == Case::Lower && !self.particle(t) {
                    end = t + 1;
                    t += 1;
                }
            } else if words > 0
                && self.particle(t)
                // "Carlos Ruiz *e* Ignacio Sanz" are two
                && !(self.small(t).any(Class::AND) && self.given(t + 1))
                // "wie Anna Huber *das* Gesetz nennt", but "Anna von *der* Au"
                && !(words > 1 && self.determiner(t) && !self.particle(t - 1))
                && (self.capital(t + 1) || self.is(t + 1, '-') || self.particle(t + 1) && self.capital(t + 2))
                && !self.breaks(t + 1)
            {
                t += 1;
            } else if words > 0 && self.given(start) && self.nickname(t) {
                t += 3;
            } else if words == 0 && self.particle(t) {
                t += 1;
                if self.is(t, '-') {
                    t += 1;
                }
            } else {
                break;
            }
        }
        (end > start).then_some(start..end)
    }

    /// Whether a token is the last initial behind a surname, with its dot: "Орлова А. *П.* прийшла".
    fn is_last_initial(&self, t: usize) -> bool {
        let tokens = &self.text.tokens;
        let initial = |t: usize| {
            self.capital(t)
                && self.text.word(t).chars().count() == 1
                && self.is(t + 1, '.')
                && tokens[t + 1].gap == Gap::None
        };
        t > 2 && initial(t) && initial(t - 2) && self.capital(t - 3)
    }

    /// Whether a nickname in marks is here, with the surname behind it: 'James *"Jim"* Clyburn'.
    pub fn nickname(&self, t: usize) -> bool {
        let marks = self.opens_quotation(t) && self.closes_quotation(t + 2);
        (marks || self.is(t, '(') && self.is(t + 2, ')'))
            && self.capital(t + 1)
            && self.capital(t + 3)
            && self.mark(t + 3).is_none()
            && (t + 1..=t + 3).all(|t| !self.breaks(t))
    }

    fn starts_name(&self, t: usize, titled: bool) -> bool {
        let Some(token) = self.text.tokens.get(t) else { return false };
        if token.kind != Kind::Word {
            return false;
        }
        if !token.is_capital() {
            // "ministro de Minería": a link to the portfolio, in languages that put it after the head
            let linked = self.data.titles.head_first(self.language)
                && self.small(t).any(Class::LINK)
                && self.class(t - 1).any(Class::HEAD);
            // "die Präsidentin von Georgien"
            let owner = self.small(t).any(Class::LINK)
                && self.is_place(t + 1)
                && self.with_key(t + 1, |key| self.data.holders.by_family(key).is_empty());
            // "der Bürgermeister *der* Stadt Bonn"
            // "der Bürgermeister von *St.* Margarethen"
            let short = self.is(t + 2, '.')
                && self.capital(t + 3)
                && self.text.word(t + 1).chars().count() <= ABBREVIATION;
            return titled
                && !(linked || owner || short || self.determiner(t))
                && self.particle(t)
                && (self.capital(t + 1) || self.is(t + 1, '-'));
        }
        let initial =
            token.chars + 1 == self.text.tokens.get(t + 1).map_or(0, |n| n.chars) && self.is(t + 1, '.');
        // "M. Macron"; in other languages a man's title of one letter is written small
        let mister = || self.function_word_in_any_case(t).any(Word::MASCULINE);
        if self.small(t).any(Class::NOT_NAME | Class::HONORIFIC) && (!initial || mister()) {
            return false;
        }
        // "губернатор Омской области", "мэр Перми": the words say whose office it is
        if titled && self.head_first() {
            // "la directora de Innovación para el Crecimiento", "руководитель Следкома России"
            if self.determiner(t - 1) || !self.given(t) && self.is_country(t + 1) {
                return false;
            }
            let owner =
                || self.class(t - 1).any(Class::OFFICE) && !self.capital(t + 1) && self.owns_as_place(t);
            let known = || self.with_key(t, |key| !self.data.holders.by_family(key).is_empty());
            if self.small(t + 1).any(Class::TERRITORY) || owner() && !known() {
                return false;
            }
        }
        let Some(mark) = self.mark(t) else { return true };
        let given = self.given(t);
        // "Jordan Bardella", "Israel Katz"; but "Jordan Valley" is one place name
        if mark.end > t + 1 {
            return false;
        }
        if mark.class.any(
            Class::OFFICE
                | Class::ROLE
                | Class::RANK
                | Class::PORTFOLIO
                | Class::INSTITUTION
                | Class::PRIVATE
                | Class::MODIFIER,
        ) {
            // "Bakan Kurum", a minister in the data whose name is also a word of offices
            if titled
                && mark.start == t
                && self.family(t)
                && self.class(t - 1).any(Class::HEAD)
                && !self.capital(t + 1)
            {
                return true;
            }
            return given && self.capital(t + 1) && self.mark(t + 1).is_none();
        }
        if mark.place {
            // "министр экономики Грузии Леван Дгебуадзе": the country belongs to the office
            if (!given || self.given(t + 1))
                && mark.country.is_some()
                && self.data.titles.head_first(self.language)
            {
                return false;
            }
            return (given || titled)
                && (self.capital(t + 1) || self.particle(t + 1) && self.capital(t + 2))
                && self.mark(t + 1).is_none()
                // "Nazir Bakıda çıxış edib.", but "President Clinton"
                || titled && mark.country.is_none() && !self.capital(t + 1) && self.family(t);
        }
        true
    }

    fn determiner(&self, t: usize) -> bool {
        self.lower(t) && self.function_word(t).any(Word::DETERMINER)
    }

    /// Whether a word names a country and is no surname in the data.
    fn is_country(&self, t: usize) -> bool {
        self.mark(t).is_some_and(|m| m.place && m.country.is_some()) && !self.family(t)
    }

    /// Whether another person's name starts directly after a full name, as when a noun's possessor separates it from
    /// its name: "супруга президента Владимира Рао *Елена Рао*".
    fn starts_another(&self, start: usize, t: usize) -> bool {
        // "дружина депутата Богдана Стельмаха *Софія*"
        let other_case = self.given(start) && !self.in_first_case(start) && self.in_first_case(t);
        if other_case && self.given(t) {
            return true;
        }
        // "з братом депутата Віталія Грома *Юрієм*"
        let names = &self.data.vocabulary.names;
        let whole = self.given(start)
            && !self.with_key(start, |k| names.is_family_first(k))
            && !self.given(t - 1)
            && !self.with_key(t - 1, |k| names.is_middle(k));
        if whole && names.declines(self.language) && self.given(t) && !self.capital(t + 1) {
            return true;
        }
        Script::of(self.text.tokens[t].first) == Script::Cyrillic
            && self.given(t)
            && !self.given(t - 1)
            && self.capital(t + 1)
            && self.text.tokens[t + 1].gap != Gap::Paragraph
    }

    /// Whether a name that starts at a token is in the nominative, judging by its given name.
    pub fn in_first_case(&self, start: usize) -> bool {
        let names = &self.data.vocabulary.names;
        names.declines(self.language)
            && self.with_key(start, |key| {
                names.given(key).is_some_and(|given| given.name.as_ref() == self.text.word(start))
            })
    }

    /// Whether no list tells the case of a name in a language whose given names decline.
    pub fn case_unknown(&self, start: usize) -> bool {
        let names = &self.data.vocabulary.names;
        names.declines(self.language) && self.with_key(start, |key| names.given(key).is_none())
    }

    /// Whether a word after a surname, or a place after any name, begins another phrase, as its case shows: "Tramp
    /// *Bakıda* deyib", "Ərdoğan *Putinə* deyib", "Bakan Yerlikaya *Habertürk'e* konuştu".
    fn starts_object(&self, t: usize) -> bool {
        if !self.has_case_ending(t) {
            return false;
        }
        let titles = &self.data.titles;
        let like = |word: &str| titles.ends_like_surname(self.language, word);
        let surname = |t: usize| self.family(t) || like(self.text.word(t));
        if self.mark(t).is_some_and(|m| m.place) && !surname(t) {
            return true;
        }
        let first = t - 1;
        let names = &self.data.vocabulary.names;
        if self.with_key(first, |key| names.is_family_first(key)) || !surname(first) {
            return false;
        }
        let known = || {
            let keys = self.keys(&(first..t + 1));
            keys.len() > 1 && !self.data.holders.by_name(&keys, names).is_empty()
        };
        let alone = |t: usize| {
            let holders = self.with_key(t, |key| self.data.holders.by_family(key));
            holders.iter().any(|h| self.data.holders.holder(*h).lone)
        };
        // "Erdoğan" is a given name, too
        (!self.given(first) || alone(t)) && !known()
    }

    /// Whether words behind a whole name begin another phrase, as an apostrophe and a case ending at their end show: "Zafer
    /// Çağlayan *Fitch Ratings'i*".
    fn starts_thing(&self, t: usize) -> bool {
        let of_name = |t: usize| self.given(t) || self.family(t) || self.breaks(t);
        let last = (t..t + MOST_WORDS).take_while(|t| self.capital(*t)).last();
        let apart = |last: usize| self.is(last + 1, '\'') || self.is(last + 1, '’');
        self.given(t - 2)
            && !self.given(t - 1)
            && last.is_some_and(|last| apart(last) && self.has_case_ending(last) && !(t..=last).any(of_name))
    }

    /// Whether a word behind a typical surname is another one in another case: "Elçin Quliyev *Həsənova* deyib".
    fn is_another_surname(&self, t: usize) -> bool {
        let names = &self.data.vocabulary.names;
        let like = |word: &str| self.data.titles.ends_like_surname(self.language, word);
        names.shares_letters(self.language)
            && like(self.text.word(t - 1))
            && names.first_cases(self.text.word(t), self.language).any(like)
    }

    /// Whether a capitalised word has an ending of a case that is not the nominative, or an apostrophe before one.
    fn has_case_ending(&self, t: usize) -> bool {
        let names = &self.data.vocabulary.names;
        let letters = |t: usize| self.text.tokens.get(t).is_some_and(|n| n.gap == Gap::None) && self.lower(t);
        let apart = self.is(t + 1, '\'') || self.is(t + 1, '’');
        let hangs = apart && self.text.tokens[t + 1].gap == Gap::None && letters(t + 2);
        hangs && !names.is_owner_ending(self.text.word(t + 2))
            || names.shares_letters(self.language)
                && names.first_cases(self.text.word(t), self.language).next().is_some()
    }

    /// Whether a name that starts at a token is in another case than the nominative, judging by its given name.
    pub fn in_other_case(&self, start: usize) -> bool {
        let names = &self.data.vocabulary.names;
        // "Анн-Мари": the first half is no whole name
        !self.is(start + 1, '-') && names.in_first_case(self.text.word(start), self.language) == Some(false)
    }

    /// Whether a capitalised word after a word of a name continues the name.
    fn continues_name(&self, t: usize, words: usize) -> bool {
        let article =
            |t: usize| self.given(t - 1) && self.capital_particle(t) && !self.small(t).any(Class::AND);
        // "Bruno *Le* Maire": elsewhere "le" is an article
        if words == 1 && article(t) && self.capital(t + 1) && !self.breaks(t + 1) {
            return true;
        }
        // "Bruno Le *Maire*": elsewhere "maire" is a mayor
        if words == 2 && article(t - 1) {
            return true;
        }
        if self.small(t).any(Class::NOT_NAME) && self.text.word(t).chars().count() > 1 {
            return false;
        }
        // "Emmanuel Macron *Street*"
        if words > 1 && self.thing(t, Class::THING_BEHIND) {
            return false;
        }
        if words == 1 && self.starts_object(t)
            || words > 1 && self.is_another_surname(t)
            || words == 2 && self.starts_thing(t)
        {
            return false;
        }
        let Some(mark) = self.mark(t) else { return true };
        // "Murat Kurum"
        if mark.end == t + 1 && self.given(t - 1) && self.family(t) {
            return true;
        }
        // "Rəşid Meredov *Azərbaycan* xarici işlər naziri ilə görüşüb": it starts the next phrase
        if words > 1 && mark.place && mark.country.is_some() {
            return false;
        }
        // "nazir Məmmədov *Bakıya* gəlib"
        let behind_office = t > 1 && self.class(t - 2).any(Class::OFFICE);
        if words == 1 && behind_office && mark.place && !self.given(t - 1) && !self.family(t) {
            return false;
        }
        // surnames that are also words of an office: John Major, Billie Jean King, George Bush
        let never = Class::STRONG | Class::BARE | Class::INSTITUTION | Class::MODIFIER | Class::OF_MATTER;
        let seldom = Class::PRIVATE | Class::PORTFOLIO | Class::WEAK;
        mark.end == t + 1 && !mark.class.any(never) && (!mark.class.any(seldom) || self.given(t - 1))
    }
}

#[cfg(test)]
mod tests;
