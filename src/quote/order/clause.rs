//! Reported speech in a clause before its verb: "Rao, yolun mayda açılacağını bildirib".

use std::ops::Range;

use super::{Orders, REACH};
use crate::language::word::Word;
use crate::quote::content::Found;
use crate::quote::cues::{Bearers, Sort};
use crate::text::Case;

/// Fewest tokens of what is reported.
const LEAST: usize = 2;

impl Orders<'_, '_> {
    /// Finds what the clauses right before verbs report, and who reports it.
    pub(super) fn settle_clauses(&self, found: &mut Vec<Found>) {
        let g = self.grammar;
        let bearers = self.speakers.data.cues.bearers(g.language).filter(|b| !b.clause.is_empty());
        let Some(bearers) = bearers.filter(|_| g.verb_final) else { return };
        for cue in 0..g.cues.len() {
            let place = &g.cues[cue];
            if place.sort != Sort::Verb || g.stretch(place.start).is_some() || place.start < g.story {
                continue;
            }
            let passive = self.is_passive(cue);
            let told = self.clause_before(bearers, cue, passive);
            if passive && self.given_by(cue, g.sentence(g.cues[cue].start).start).is_none() {
                found.retain(|f| f.cue != Some(cue) || f.direct);
            }
            let Some((source, content)) = told else { continue };
            found.retain(|f| f.cue != Some(cue) || f.direct);
            let told = |f: &Found| f.content.start < content.end && content.start < f.content.end;
            if !found.iter().any(|f| f.cue == Some(cue) || f.direct && told(f)) {
                let (cue, source) = (Some(cue), Some(source));
                found.push(Found { cue, source, content, direct: false, score: 0.0 });
            }
        }
        found.sort_by_key(|f| (f.content.start, f.content.end));
    }

    /// The speaker of a verb, and the clause right before the verb that says what is reported.
    fn clause_before(
        &self,
        bearers: &Bearers,
        cue: usize,
        passive: bool,
    ) -> Option<(Range<usize>, Range<usize>)> {
        let g = self.grammar;
        let place = &g.cues[cue];
        let mut end = place.start;
        let sentence = &g.sentence(end);
        let from = sentence.start.max(end.saturating_sub(REACH));
        while end > from && (g.adverb(end - 1) || g.is(end - 1, Word::TIME)) {
            end -= 1;
        }
        let last = end.checked_sub(1).filter(|i| *i > from)?;
        let clause = g.word(last)?.to_lowercase();
        let told = if passive { bearers.ends_subject(&clause) } else { bearers.ends_clause(&clause) };
        if !told {
            return if passive { None } else { self.clause_first(bearers, from, end) };
        }
        // another verb before it has a clause of its own, and a quote has a pattern of its own
        let apart = |i: usize| g.opens(i).is_some_and(|s| g.stretches[s].words >= super::SAID);
        if (from..end).any(|i| apart(i) || g.cue(i).is_some_and(|c| g.cues[c].sort == Sort::Verb)) {
            return None;
        }
        if passive {
            let source = self.statement(bearers, from, last)?;
            let start = source.end + usize::from(self.comma(source.end));
            return (start + LEAST <= end).then_some((source, start..end));
        }
        let comma = (from + 1..last).find(|i| self.comma(*i));
        // "Ankara'da konuşan *Rao*, …": a clause before it describes the subject
        let described = |i: usize| {
            let word = g.word(i).map(str::to_lowercase).unwrap_or_default();
            bearers.describes.iter().any(|e| word.ends_with(e.as_str()))
        };
        // "AA'nın haberine göre *Rao*, …"
        let governs = |i: &usize| g.is(*i, Word::PREPOSITION) || g.cue(*i).is_some();
        let whole = |t: usize| {
            let phrase = g.phrase_before(t, from)?;
            let name = self.speakers.mention_to(g, t).map_or(phrase.start, |name| name.start);
            let cut = (phrase.start..name).rev().find(governs);
            let starts = phrase.start == from || described(phrase.start - 1) || cut.is_some();
            starts.then(|| cut.map_or(phrase.start, |i| i + 1)..phrase.end)
        };
        let set_off = comma.and_then(whole);
        // a name in the nominative, with its title before it
        let named = || {
            let (name, _) = self.speakers.mention_from(g, from).filter(|(n, _)| n.end < last)?;
            let first = g.phrase_before(name.end, from).filter(|p| p.start == from)?;
            let alone = g.text.tokens[name.end].case == Case::Lower || self.is_apart(name.end);
            (alone && self.is_subject(&name)).then_some(first)
        };
        let source = set_off.filter(|s| self.is_subject(s)).or_else(named)?;
        let start = source.end + usize::from(self.comma(source.end));
        (start + LEAST <= end).then_some((source, start..end))
    }

    /// What is reported, at the start of its sentence, and a name between it and the verb: "*Yolun açılacağını* nazir
    /// Rao bildirib".
    fn clause_first(
        &self,
        bearers: &Bearers,
        from: usize,
        end: usize,
    ) -> Option<(Range<usize>, Range<usize>)> {
        let g = self.grammar;
        let name = self.speakers.mention_to(g, end).filter(|name| self.is_subject(name))?;
        let told = |i: &usize| g.word(*i).is_some_and(|w| bearers.ends_clause(&w.to_lowercase()));
        let start = (from..name.start).rev().find(told)? + 1;
        let plain = |i: usize| g.word(i).is_some() && g.cue(i).is_none() && g.stretch(i).is_none();
        let titled = (start..name.start).all(|i| !g.is(i, Word::PREPOSITION | Word::CONJUNCTION));
        let whole = from == g.sentence(from).start && (from..name.start).all(plain);
        (titled && whole && from + LEAST <= start).then_some((start..end, from..start))
    }

    /// Whether a cue is a verb without a speaker: "belirtildi".
    pub(super) fn is_passive(&self, cue: usize) -> bool {
        self.order.is_passive(&self.grammar.cues[cue].cue.lemma)
    }

    /// Where it is stated, at the start of a sentence with a verb that has no speaker: "*Bakanlıktan yapılan açıklamada*
    /// yolun açılacağı belirtildi".
    fn statement(&self, bearers: &Bearers, from: usize, end: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        let stated = |i: &usize| {
            let word = g.word(*i).map(str::to_lowercase).unwrap_or_default();
            bearers.is_noun(&word) && self.order.within.iter().any(|ending| word.ends_with(ending.as_str()))
        };
        let noun = (from..end).find(stated)?;
        let opens = |i: usize| g.mark(i).is_some() && !matches!(g.mark(i), Some('\'' | '’' | '-'));
        (!(from..noun).any(opens)).then_some(from..noun + 1)
    }

    /// Whether a phrase is in the nominative and not a clause itself.
    fn is_subject(&self, phrase: &Range<usize>) -> bool {
        let g = self.grammar;
        let Some(word) = g.word(phrase.end - 1).filter(|w| !w.contains(['\'', '’'])) else { return false };
        let lower = word.to_lowercase();
        let bearers = self.speakers.data.cues.bearers(g.language);
        let known = self.speakers.mention_to(g, phrase.end).is_some();
        let clause = bearers.is_some_and(|b| b.ends_clause(&lower));
        let governed = g.is(phrase.end - 1, Word::PREPOSITION | Word::ADVERB);
        !governed && !clause && (known || !self.order.is_oblique(&lower) && !self.order.is_genitive(&lower))
    }
}
