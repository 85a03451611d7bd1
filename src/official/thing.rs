//! Airports, streets, ships and prizes named after persons: such names mention nobody.

use std::ops::Range;

use super::marks::Marked;
use crate::language::class::Class;
use crate::text::Case;

/// Most words of a title between a thing and its name: "шоссе имени маршала".
const BETWEEN: usize = 4;

impl Marked<'_> {
    /// Whether nothing but these tokens is between quotation marks.
    pub fn in_marks(&self, start: usize, end: usize) -> bool {
        start.checked_sub(1).is_some_and(|t| self.opens_quotation(t)) && self.closes_quotation(end)
    }

    /// Whether a name is that of a thing: "King Khalid Airport", "улица Владимира Путина".
    pub fn is_of_thing(&self, name: &Range<usize>) -> bool {
        self.thing_follows(name) || self.thing_precedes(name)
    }

    /// Whether a thing follows: "Emmanuel Macron Street"; in "King Saud University" the thing looks like a surname.
    fn thing_follows(&self, name: &Range<usize>) -> bool {
        let last = name.end - 1;
        let ruler = || name.start > 0 && self.class(name.start - 1).any(Class::RULER);
        if name.len() > 1 && self.thing(last, Class::THING_BEHIND) && (!self.given(name.start) || ruler()) {
            return true;
        }
        // "Vali Yılmaz *parkı* açtı": who has an office may have opened the park
        let office = || name.start > 0 && self.class(name.start - 1).any(Class::OFFICE) && !ruler();
        let object = || self.text.tokens.get(name.end).is_some_and(|t| t.case == Case::Lower) && office();
        // an article makes the name a subject: "Փաշինյանը հրապարակում …"
        !(self.breaks(name.end) || object())
            && self.thing(name.end, Class::THING_BEHIND)
            && self.data.vocabulary.names.article(self.text.word(last), self.language).is_none()
    }

    /// Whether a thing precedes: "aéroport Charles de Gaulle", "аэропорт имени Гейдара Алиева", "مطار الملك خالد".
    fn thing_precedes(&self, name: &Range<usize>) -> bool {
        // where nouns are capitalised, the thing may be read as the first word of the name
        if name.len() > 1 && self.thing(name.start, Class::THING_BEFORE) {
            return self.may_own(&(name.start + 1..name.end));
        }
        let mut title = Class::RULER | Class::RANK;
        if self.head_first() {
            title |= Class::OFFICE;
        }
        let mut t = name.start;
        while t > 0 && name.start - t <= BETWEEN && !self.breaks(t) && !self.starts_sentence(t) {
            t -= 1;
            if self.thing(t, Class::THING_BEFORE) {
                return self.may_own(name);
            }
            let small = self.small(t);
            if !(self.class(t).any(title) || small.any(Class::LINK) && !small.any(Class::AND)) {
                return false;
            }
        }
        false
    }

    /// Whether a name may be in the genitive: "на улице *Путина*", but "на площади *Путин* сказал".
    fn may_own(&self, name: &Range<usize>) -> bool {
        !self.data.titles.has_cases(self.language)
            || !self.in_first_case(name.start)
                && name
                    .clone()
                    .any(|t| self.data.titles.ends_like_another_case(self.language, self.text.word(t)))
    }
}
