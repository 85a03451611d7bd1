//! Offices before a comma, and whether the name behind it is in apposition to them.

use std::ops::Range;

use super::super::marks::Marked;
use super::super::office::Phrase;
use crate::language::class::Class;
use crate::language::word::Word;
use crate::text::Case;

impl Marked<'_> {
    /// The first comma of "the Coffee Institute, IBC, ", given the second.
    pub(super) fn abbreviation_before(&self, comma: usize) -> Option<usize> {
        let short = comma.checked_sub(1).filter(|t| {
            self.text.tokens[*t].case == Case::Upper
                && self.text.tokens[*t].end - self.text.tokens[*t].start > 1
                && !self.breaks(*t)
        })?;
        short.checked_sub(1).filter(|first| *first > 0 && self.is(*first, ','))
    }

    /// Whether an office opens the sentence and the name after it is its subject: "The Trade Commissioner, Ann Roe has
    /// written", not "The minister, Ann Roe said, was out".
    pub(super) fn opens_sentence(&self, office: &Phrase, end: usize) -> bool {
        let from = office.tokens.start;
        let first = (from.saturating_sub(1)..=from)
            .any(|t| self.starts_sentence(t) && (t == from || self.small(t).any(Class::LINK)));
        first && !(self.cue(end) && (self.is(end + 1, ',') || self.is(end + 1, '.')))
    }

    /// "…", dijo el alcalde de Sevilla, José Sanz.: whether a verb of saying, an article or a preposition comes before an
    /// office, and a whole name behind its comma ends the sentence.
    pub(super) fn closes_sentence(&self, office: &Phrase, name: &Range<usize>) -> bool {
        let over =
            self.is(name.end, '.') && (self.breaks(name.end + 1) || self.starts_sentence(name.end + 1));
        let from = office.tokens.start;
        let governs = |t: usize| {
            let word = self.function_word_in_any_case(t);
            word.any(Word::DETERMINER | Word::PREPOSITION)
        };
        let before = from.checked_sub(1);
        // where all nouns are capitalised, other words look like a name
        let named = self.given(name.start) || !self.ends_like_owner(name.start) && name.len() == 2;
        over && named && before.is_some_and(|t| self.cue(t) || governs(t))
    }
}
