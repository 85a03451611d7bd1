//! Clauses that only name who says the rest of their sentence: "Wie Rao mitteilte, …" and "…, wie Rao mitteilte."

use super::chunk::{alone, first_governed, subject};
use super::{Extent, Look, Read};
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::quote::model::observation::{Aux, Class, End, Left, Right, Start};

/// Fewest tokens of what is said.
const LEAST: usize = 3;
/// Most tokens between the word that introduces the clause and its verb.
const LEAD: usize = 40;

impl Look<'_, '_> {
    /// Reads a verb at the end of such a clause.
    pub(super) fn read_as_told(&self, extents: &mut Vec<Extent>) -> Option<Read> {
        let g = self.grammar;
        let start = self.place.start;
        let least = self.sentence.start.max(start.saturating_sub(LEAD));
        let lead = (least..start).rev().find(|i| g.is(*i, Word::AS_TOLD) && g.stretch(*i).is_none())?;
        if self.place.sort != Sort::Verb || (lead..start).any(|i| self.other_verb(i)) {
            return None;
        }
        let aux = (self.place.end..self.sentence.end).take_while(|i| g.is(*i, Word::AUXILIARY)).count();
        let (end, stop) = (self.place.end + aux, self.stop());
        let comma = g.mark(end) == Some(',');
        if !comma && end < stop {
            return None;
        }
        let clause = lead + 1..end;
        let who = subject(g, &clause, &(start..end));
        let source = who.clone().or_else(|| first_governed(g, lead + 1..start))?;
        if lead == self.sentence.start {
            let content = end + 1..stop;
            // "Wie der Sender meldete, sagte Rao, …": the main clause has a speaker of its own
            let told = |i: usize| g.cue(i).is_some_and(|c| g.cues[c].sort == Sort::Verb);
            if comma && told(content.start) {
                let seen = self.seen(Left::Name, Aux::None, Right::That, false);
                return Some(Read { source: None, seen, quoted: false });
            }
            if !comma || content.len() < LEAST {
                return None;
            }
            self.push_right(content.start, stop, Start::Comma, extents);
            extents.truncate(1);
        } else {
            // "Niemand weiß, wie er das sagt": here the clause itself is what somebody knows
            let whole = who.is_none_or(|who| alone(g, clause, &who)) && !g.is(start - 1, Word::DETERMINER);
            let view = self.place.cue.class == Class::View;
            let from = self.left_start();
            if g.mark(lead - 1) != Some(',') || !whole || view || lead < from + LEAST + 1 {
                return None;
            }
            let before = from..lead - 1;
            let over = g.verbs_and_commas(&before).0 > 0;
            extents.push(if over || !comma {
                Extent::new(Start::Sentence, End::Left, before)
            } else {
                Extent::new(Start::Sentence, End::Around, from..stop)
            });
        }
        let seen = self.seen(Left::Name, Aux::None, Right::That, true);
        Some(Read { source: Some(source), seen, quoted: true })
    }
}
