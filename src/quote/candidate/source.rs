//! Where cues that name a source count ("according to"), and the noun phrase that they name.

use std::ops::Range;

use super::Look;
use super::chunk::named_phrase;
use crate::language::word::Word;
use crate::quote::cues::{Side, Sort};
use crate::quote::model::observation::Right;
use crate::text::{Case, Gap};

impl Look<'_, '_> {
    /// Whether the cue is in a place where it counts.
    pub(super) fn stands_right(&self) -> bool {
        let g = self.grammar;
        let start = self.place.start;
        match self.place.cue.side {
            Side::Any | Side::Within => true,
            Side::Before => {
                let head = start == self.sentence.start || g.opens(start - 1).is_some();
                let named = self.named_source();
                head && named.is_some_and(|s| {
                    (g.mark(s.end) == Some(',') || self.goes_on(s.end))
                        && (s.clone().any(|i| g.named(i)) || g.is(s.start, Word::PRONOUN | Word::OBJECT))
                })
            }
            Side::Behind => {
                let comma =
                    start.checked_sub(1).filter(|i| g.mark(*i) == Some(',') || g.closes(*i).is_some());
                // not "…, so dass" or "…, so wird": a name or an article must follow, and the clause must end soon
                let named = self.named_source().filter(|s| s.start == self.place.end);
                comma.is_some()
                    && named.is_some_and(|s| !g.finite(s.end) && self.sentence.end - s.end <= LAST)
            }
        }
    }

    /// Where a content before the cue starts: after any quote that has its own speaker.
    pub(super) fn left_of_source(&self) -> usize {
        let g = self.grammar;
        let start = self.left_start();
        if !g.free_subject || self.behind_quote(self.place.start).is_some() {
            return start;
        }
        // "…; nach Angaben der Stadt …": the clause before it has its own source
        let spaced = |i: usize| g.text.tokens[i].gap != Gap::None && g.text.tokens[i + 1].gap != Gap::None;
        let parts = |i: &usize| match g.boundary_mark(*i) {
            Some(';') => true,
            Some('—' | '–' | '-') => spaced(*i),
            _ => false,
        };
        let clause = (start..self.place.start).rev().find(parts).map(|i| i + 1);
        let quoted = |i: &usize| g.closes(*i).is_some_and(|s| g.stretches[s].words > 3);
        let verb = |i: usize| g.cue(i).is_some_and(|c| g.cues[c].sort == Sort::Verb);
        let last = (start..self.place.start).rev().find(quoted);
        let quote = last.filter(|at| (*at..self.place.start).any(verb)).map(|at| at + 1);
        quote.max(clause).unwrap_or(start)
    }

    /// Whether a stretch is somebody's words rather than a name in quotation marks.
    pub(super) fn is_said(&self, stretch: usize) -> bool {
        let g = self.grammar;
        let stretch = &g.stretches[stretch];
        stretch.words > 3
            || matches!(g.mark(stretch.tokens.end.saturating_sub(2)), Some(',' | '!' | '?'))
            || g.free_subject && g.mark(stretch.tokens.end) == Some(',')
    }

    /// Whether a quote that closes before `at` may be what is said: where a mark must stand behind one, a few words without it
    /// are a name ("Рао в интервью «Полюсу» назвал …"), as are those before "that" ("по данным «Полюса», Рао сказал, что …").
    pub(super) fn may_be_said(&self, stretch: usize, at: usize, kind: Right) -> bool {
        let g = self.grammar;
        let marked = g.order.is_some_and(|order| !g.verb_final && !order.unmarked);
        let that = matches!(kind, Right::That | Right::ThatFar);
        let set_off = g.stretches[stretch].tokens.end < at && !that;
        let opens = g.opens(self.sentence.start) == Some(stretch);
        !marked || set_off || opens || self.is_said(stretch)
    }

    /// The noun phrase right after the cue.
    pub(super) fn named_source(&self) -> Option<Range<usize>> {
        let g = self.grammar;
        if self.place.cue.side == Side::Within {
            return Some(self.place.end - 1..self.place.end);
        }
        if !g.free_subject {
            let ordered = g.order.is_some_and(|_| !g.verb_final);
            let start = if ordered { g.past_time(self.place.end) } else { self.place.end };
            let phrase = g.phrase_after(start, self.sentence.end)?;
            return Some(if self.place.cue.side == Side::Before { self.to_name(phrase) } else { phrase });
        }
        // "…, selon qui …": the source is whoever comes before the comma
        if g.is(self.place.end, Word::RELATIVE) {
            let comma = self.place.start.checked_sub(1).filter(|i| g.mark(*i) == Some(','))?;
            let last = (self.sentence.start..comma).rev().find(|i| g.named(*i));
            let named = last.and_then(|last| {
                let first = (self.sentence.start..=last).rev().find(|i| g.name_starts(*i))?;
                Some(first..last + 1)
            });
            return named.or_else(|| g.phrase_before(comma, self.sentence.start));
        }
        named_phrase(g, self.place.end, self.sentence.end)
    }

    /// Cuts a phrase off after its first name, if what is said follows it without a comma: "zdaniem Jana Rao *ceny*".
    fn to_name(&self, phrase: Range<usize>) -> Range<usize> {
        let g = self.grammar;
        let first = phrase.clone().find(|i| g.name_starts(*i));
        let end = first.map(|first| first + (first..phrase.end).take_while(|i| g.named(*i)).count());
        phrase.start..end.filter(|end| self.goes_on(*end)).unwrap_or(phrase.end)
    }

    /// Whether a name ends at a token, and a word in lower case that does not belong to it follows.
    fn goes_on(&self, end: usize) -> bool {
        let g = self.grammar;
        let joins = Word::PREPOSITION | Word::CONJUNCTION | Word::RELATIVE;
        g.named(end - 1)
            && end + 1 < self.sentence.end
            && g.text.tokens[end].case == Case::Lower
            && g.word(end).is_some()
            && !g.is(end, joins)
    }
}

/// Most tokens between the name and the end of its sentence.
const LAST: usize = 24;
