//! What introduces a quote: Рао заявил: «Q»; Rao bildirib ki, …: “Q”; وقال راو "Q"; Ըստ Ռաոյի՝ «Q».

use std::ops::Range;

use super::{Orders, REACH, SAID, Told};
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::text::Gap;

impl Orders<'_, '_> {
    /// What the words that lead to a stretch say about it.
    pub(super) fn lead(&self, index: usize) -> Option<Told> {
        let g = self.grammar;
        let stretch = &g.stretches[index];
        let open = stretch.tokens.start;
        let (mut end, mut led, mut comma) = (open, false, false);
        while let Some(mark) =
            end.checked_sub(1).and_then(|i| g.mark(i)).filter(|_| g.stretch(end - 1).is_none())
        {
            match mark {
                ',' | '،' => comma = true,
                '—' | '–' | '-' => {}
                _ if self.order.leads.contains(mark) => led = true,
                _ => return None,
            }
            end -= 1;
        }
        let paragraph = (end..=open).any(|i| g.text.tokens[i].gap == Gap::Paragraph);
        if end == 0 || paragraph && !led {
            return None;
        }
        let from = self.lead_start(end);
        let cues = self.cues_in(from, end);
        if led {
            return self.led(&cues, from, end);
        }
        self.beside(index, &cues, from..end, comma)
    }

    /// What the words before a quote say if no colon separates them. It may be a name or a scare quote too, so
    /// unless it is long, it mostly counts as said only right after verb and speaker, "that" or a verb of calling.
    fn beside(&self, index: usize, cues: &[usize], lead: Range<usize>, comma: bool) -> Option<Told> {
        let g = self.grammar;
        let stretch = &g.stretches[index];
        let Range { start: from, end } = lead;
        let sorts = |c: &&usize| matches!(g.cues[**c].sort, Sort::Verb | Sort::Source | Sort::Postposed);
        let cue = *cues.iter().rev().find(sorts)?;
        let place = &g.cues[cue];
        let source = self.source_of(cue, from, end);
        if source.is_none() && !(self.order.drops_subject && place.sort == Sort::Verb) {
            return None;
        }
        let edge = source.as_ref().map_or(place.end, |s| s.end.max(place.end));
        let that = (edge..end).any(|i| g.is(i, Word::THAT | Word::WH));
        let words = stretch.words;
        let first = &g.text.tokens[stretch.tokens.start + 1];
        let named = self.order.naming.iter().any(|n| **n == *place.cue.lemma) && !first.is_capital();
        let next = edge == end || comma && edge + 1 >= end;
        let said = if that {
            g.is(end - 1, Word::THAT) && words > 1
        } else {
            named || self.order.unmarked && (next || words >= SAID) || next && comma
        };
        // "согласно инструкции, только для «…»"
        let named = place.sort != Sort::Verb && !that && words >= SAID;
        (said || named).then_some(Told { cue: Some(cue), source, said, colon: false })
    }

    /// What the words before a colon say about the quote after it.
    fn led(&self, cues: &[usize], from: usize, end: usize) -> Option<Told> {
        let named = |cue: &usize| Some((*cue, self.source_of(*cue, from, end)?));
        if let Some((cue, source)) = cues.iter().find_map(named) {
            return Some(Told { cue: Some(cue), source: Some(source), said: true, colon: true });
        }
        let verb = cues.iter().copied().rfind(|c| self.grammar.cues[*c].sort == Sort::Verb);
        if verb.is_some() {
            return Some(Told { cue: verb, source: None, said: true, colon: true });
        }
        let source = self.person_in(from, end)?;
        Some(Told { cue: None, source: Some(source), said: true, colon: true })
    }

    /// Where the words that lead to a quote start: with their sentence, or after an earlier quote in it.
    fn lead_start(&self, end: usize) -> usize {
        let g = self.grammar;
        let sentence = &g.sentence(end - 1);
        let from = sentence.start.max(end.saturating_sub(REACH));
        let spoken = |i: &usize| g.closes(*i).is_some_and(|s| g.stretches[s].words >= SAID);
        (from..end).rev().find(spoken).map_or(from, |i| i + 1)
    }

    /// The cues in a range that are outside quotes.
    pub(super) fn cues_in(&self, from: usize, end: usize) -> Vec<usize> {
        let g = self.grammar;
        let first = g.cues.partition_point(|c| c.start < from);
        let last = g.cues.partition_point(|c| c.start < end);
        (first..last).filter(|c| g.stretch(g.cues[*c].start).is_none()).collect()
    }

    /// The speaker that a cue of any sort has.
    pub(super) fn source_of(&self, cue: usize, from: usize, end: usize) -> Option<Range<usize>> {
        let place = &self.grammar.cues[cue];
        match place.sort {
            Sort::Verb => self.place_before(cue, from).or_else(|| self.subject_of(cue, from, end)),
            Sort::Source => self.named_by(cue, end),
            Sort::Postposed => self.owner(place.start, from),
            Sort::Participle => self.grammar.phrase_after(place.end, end).map(|p| self.to_name(p)),
            Sort::Noun | Sort::Adjective => None,
        }
    }
}
