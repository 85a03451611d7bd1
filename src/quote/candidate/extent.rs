//! Where a content may end.

use super::{Extent, Look, MOST, REACH};
use crate::language::word::Word;
use crate::quote::grammar::{EDGE, ING};
use crate::quote::model::observation::{End, Start};
use crate::text::{Gap, Kind};

impl Look<'_, '_> {
    /// Proposes contents from `start` to each later boundary and to the end of the sentence.
    pub(super) fn push_right(&self, start: usize, stop: usize, from: Start, extents: &mut Vec<Extent>) {
        let g = self.grammar;
        // a quote that starts in the content may run on over several sentences
        let stop = match g.stretch(stop.saturating_sub(1)) {
            Some(s) if g.stretches[s].tokens.start >= start => g.stretches[s].tokens.end,
            Some(s) if g.stretches[s].tokens.start < start => stop.min(g.stretches[s].tokens.end - 1),
            _ => stop,
        };
        if stop <= start {
            return;
        }
        let tokens = start..stop;
        extents.push(Extent::new(from, End::Stop, tokens));
        let within = g.stretch(start.saturating_sub(1)).filter(|s| g.stretches[*s].tokens.start < start);
        for i in start + 1..stop.min(start + REACH) {
            if !g.has(i, EDGE) {
                continue;
            }
            if extents.len() >= MOST {
                break;
            }
            if let Some(s) = g.stretch(i)
                && Some(s) != within
                && g.stretches[s].tokens.start != i
                && g.closes(i).is_none()
            {
                continue;
            }
            let Some(kind) = self.boundary(i, start) else { continue };
            let tokens = start..i;
            extents.push(Extent::new(from, kind, tokens));
        }
    }

    /// The kind of boundary at a token, if a content may end before it.
    fn boundary(&self, i: usize, start: usize) -> Option<End> {
        let g = self.grammar;
        match g.mark(i) {
            Some(',') => {
                let next = i + 1;
                return Some(if g.is(next, Word::CONJUNCTION) {
                    End::CommaAnd
                } else if g.is(next, Word::RELATIVE) && !g.is(next, Word::THAT) {
                    End::CommaWho
                } else if g.is(next, Word::SUBORDINATOR) {
                    End::CommaSub
                } else if g.has(next, ING) && g.length(next) > 4 {
                    End::CommaIng
                } else if g.capital(next) || g.is(next, Word::PRONOUN) {
                    End::CommaName
                } else {
                    End::Comma
                });
            }
            Some('—' | '–' | ';' | '(' | '-') => {
                if g.text.tokens[i].gap == Gap::None && g.mark(i) != Some(';') && g.mark(i) != Some('—') {
                    return None;
                }
                return Some(End::Dash);
            }
            Some(_) => return None,
            None => {}
        }
        if g.text.tokens[i].kind != Kind::Word || g.mark(i - 1) == Some(',') {
            return None;
        }
        if g.is(i, Word::CONJUNCTION) {
            return Some(End::And);
        }
        if g.is(i, Word::SUBORDINATOR) {
            return Some(End::Sub);
        }
        if i > start + 1 && g.is(i, Word::PREPOSITION) && !g.is_small(i, Word::OF) {
            return Some(End::Prep);
        }
        if i > start + 1 && g.has(i, ING) && g.length(i) > 5 && g.cue(i).is_some() {
            return Some(End::Ing);
        }
        None
    }

    /// Whether a clause may be over at `i`.
    pub(super) fn ends_clause(&self, i: usize) -> bool {
        let g = self.grammar;
        i >= self.sentence.end
            || g.mark(i)
                .is_some_and(|c| matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | '—' | '–' | '(' | ')'))
            || g.is(
                i,
                Word::PREPOSITION | Word::SUBORDINATOR | Word::TIME | Word::CONJUNCTION | Word::RELATIVE,
            )
            || g.adverb(i)
            || g.has(i, ING)
    }
}
