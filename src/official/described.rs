//! Descriptions next to a name that office holders do not get: a trade, kin, an age.

use std::ops::{BitOrAssign, Range};

use super::marks::Marked;
use crate::language::class::Class;
use crate::language::word::Word;
use crate::text::Kind;

/// What the text says about a person.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    /// "plumber".
    pub trade: bool,
    /// "her brother".
    pub kin: bool,
    /// "34".
    pub aged: bool,
}

impl BitOrAssign for Told {
    fn bitor_assign(&mut self, other: Self) {
        self.trade |= other.trade;
        self.kin |= other.kin;
        self.aged |= other.aged;
    }
}

/// Tokens to look at before a name, after a comma, and after "is".
const BEFORE: usize = 3;
const BEHIND: usize = 7;
const IS: usize = 5;

impl Marked<'_> {
    /// What the text says about a person next to a name.
    pub fn told(&self, name: &Range<usize>) -> Told {
        let mut told =
            Told { aged: self.is_aged(name.end) || self.aged_before(name.start), ..Told::default() };
        for t in (name.start.saturating_sub(BEFORE)..name.start).rev() {
            if self.breaks(t + 1) || self.starts_sentence(t + 1) || self.stops(t) || !self.takes(t, &mut told)
            {
                break;
            }
        }
        let end = name.end;
        if self.breaks(end) {
            return told;
        }
        let opens = [',', '(', '—', '–'].iter().any(|c| self.is(end, *c));
        let is = self.text.tokens.get(end).is_some_and(|_| self.function_word(end).any(Word::AUXILIARY));
        let reach = if opens {
            BEHIND
        } else if is {
            IS
        } else {
            0
        };
        for t in end + 1..end + 1 + reach {
            if self.breaks(t) || self.stops(t) || !self.takes(t, &mut told) {
                break;
            }
        }
        told
    }

    /// Whether a description ends before a token.
    fn stops(&self, t: usize) -> bool {
        self.text.tokens.get(t).is_none_or(|k| k.kind == Kind::Mark && !k.is('-') && !k.is('\''))
            || self.cue(t)
    }

    /// Records what a token says; returns whether to go on, which ends at a word of an office.
    fn takes(&self, t: usize, told: &mut Told) -> bool {
        let class = self.class(t);
        told.trade |= class.any(Class::TRADE);
        told.kin |= class.any(Class::KIN);
        !class.any(Class::OFFICE | Class::INSTITUTION)
    }

    /// Whether an age follows a name: "…, 51,", "… (51)".
    pub fn is_aged(&self, end: usize) -> bool {
        let closes = |t: usize| self.is(t, ',') || self.is(t, '.') || self.is(t, ')');
        (self.is(end, ',') || self.is(end, '(')) && self.is_age(end + 1) && closes(end + 2)
    }

    /// Whether an age precedes a name: "51-year-old …", "51-летний …".
    fn aged_before(&self, start: usize) -> bool {
        (start.saturating_sub(5)..start).any(|t| self.is_age(t) && self.is(t + 1, '-'))
    }

    fn is_age(&self, t: usize) -> bool {
        self.text.tokens.get(t).is_some_and(|n| n.kind == Kind::Number)
            && self.text.word(t).parse().is_ok_and(|years: u32| (8..=105).contains(&years))
    }
}
