//! The words before a quote: Рао заявил: «Q»; Rao bildirib ki, …: “Q”; وقال راو "Q"; Ըստ Ռաոյի՝ «Q».

use std::ops::Range;

use super::{Orders, REACH, SAID, Told};
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::text::Gap;

impl Orders<'_, '_> {
    /// What the words tell that lead to a stretch.
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

    /// What words tell from which no colon parts a quote: a name or a word of others stands there as well, so only what
    /// goes on right behind verb and speaker, behind "that" or a verb of calling is said.
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

    /// What the words before a colon tell.
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

    /// Where the words start that lead to a quote: with their sentence, behind any quote in it.
    fn lead_start(&self, end: usize) -> usize {
        let g = self.grammar;
        let sentence = &g.text.sentences[g.text.sentence_of(end - 1)];
        let from = sentence.start.max(end.saturating_sub(REACH));
        let spoken = |i: &usize| g.closes(*i).is_some_and(|s| g.stretches[s].words >= SAID);
        (from..end).rev().find(spoken).map_or(from, |i| i + 1)
    }

    /// The cues outside of quotes in a range.
    pub(super) fn cues_in(&self, from: usize, end: usize) -> Vec<usize> {
        let g = self.grammar;
        let first = g.cues.partition_point(|c| c.start < from);
        let last = g.cues.partition_point(|c| c.start < end);
        (first..last).filter(|c| g.stretch(g.cues[*c].start).is_none()).collect()
    }

    /// Who speaks by a cue of any sort.
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
