//! Places that speak for those who work there: "В *мэрии* сообщили", "…, сообщили в *МЧС*", "*Nazirlikdən* bildirilib".

use std::ops::Range;

use super::{Orders, REACH, SAID};
use crate::language::word::Word;
use crate::quote::content::Found;
use crate::quote::cues::Sort;
use crate::text::Case;

/// Most tokens between a verb and where its words come from.
const NEAR: usize = 5;
/// Fewest tokens of what is reported.
const LEAST: usize = 2;

impl Orders<'_, '_> {
    /// The place that speaks if a verb has no subject: "В *мэрии Москвы* сообщили".
    pub(super) fn place_before(&self, cue: usize, from: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        let mut end = g.cues[cue].start;
        if !self.order.is_of_several(&g.word(end)?.to_lowercase()) {
            return None;
        }
        while end > from && (g.adverb(end - 1) || g.is(end - 1, Word::TIME)) {
            end -= 1;
        }
        let start = (from..end).find(|i| !(g.adverb(*i) || g.is(*i, Word::TIME)))?;
        let place = start + 1 < end && g.is(start, Word::PREPOSITION) && self.is_place(start + 1..end);
        // "в понедельник *рыбаки* сообщили" has a subject
        let one = place && (start + 2..end).all(|i| !g.is(i, Word::PREPOSITION));
        let time = g.is(start + 1, Word::TIME);
        (one && !time).then_some(start + 1..end)
    }

    /// The place that speaks behind a verb without a subject, if nothing follows it up to `end`: "сообщили в *мэрии*".
    fn place_behind(&self, cue: usize, end: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        let verb = &g.cues[cue];
        if !self.order.is_of_several(&g.word(verb.start)?.to_lowercase()) {
            return None;
        }
        // "сообщили *в среду журналистам* в мэрии", "сообщили *РИА Новости* в мэрии"
        let passed = |i: usize| {
            g.adverb(i)
                || g.capital(i)
                || g.stretch(i).is_some()
                || g.is(i, Word::TIME | Word::ADDRESSEE)
                || g.is(i, Word::PREPOSITION) && g.is(i + 1, Word::TIME)
        };
        let at = (verb.end..end).find(|i| !passed(*i))?;
        let within = g.word(at).is_some_and(|w| self.order.within.iter().any(|own| own == w));
        let place = at + 1..end;
        let one = place.clone().skip(1).all(|i| !g.is(i, Word::PREPOSITION));
        (within && one && !place.is_empty() && self.is_place(place.clone())).then_some(place)
    }

    /// Where the words of a verb without a speaker come from: "*Nazirlikdən* bildirilib", "*nazirlikdən* APA-ya bildirilib".
    pub(super) fn given_by(&self, cue: usize, from: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        let verb = g.cues[cue].start;
        let least = from.max(verb.saturating_sub(NEAR));
        let ends = |i: &usize| {
            let word = g.word(*i).map(str::to_lowercase).unwrap_or_default();
            self.order.source.iter().any(|ending| word.ends_with(ending.as_str()))
        };
        let last = (least..verb).rev().find(ends).filter(|_| self.is_passive(cue))?;
        g.phrase_before(last + 1, from).filter(|phrase| phrase.end == last + 1)
    }

    /// Whether only words of a noun phrase are in a range.
    fn is_place(&self, mut range: Range<usize>) -> bool {
        let g = self.grammar;
        range.all(|i| (g.word(i).is_some() || g.mark(i) == Some('-')) && !g.is(i, Word::CONJUNCTION))
    }

    /// Finds reported speech whose verb ends its sentence with a place that speaks, or with a speaker farther behind.
    pub(super) fn settle_behind(&self, found: &mut Vec<Found>) {
        let g = self.grammar;
        if g.verb_final {
            return;
        }
        for cue in 0..g.cues.len() {
            let verb = &g.cues[cue];
            let skipped = verb.sort != Sort::Verb || g.stretch(verb.start).is_some() || verb.start < g.story;
            if skipped || found.iter().any(|f| f.cue == Some(cue)) {
                continue;
            }
            let Some((source, content)) = self.told_in_place(cue) else { continue };
            if !found.iter().any(|f| f.content.start < content.end && content.start < f.content.end) {
                let (cue, source) = (Some(cue), Some(source));
                found.push(Found { cue, source, content, direct: false, score: 0.0 });
            }
        }
        found.sort_by_key(|f| (f.content.start, f.content.end));
    }

    /// The person who ends the sentence of a verb, with other words between: "…, сообщил *в письме* Рао". A comma may
    /// follow.
    fn teller_behind(&self, cue: usize, stop: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        let source = self.after(g.cues[cue].end, stop)?;
        let closed = source.end == stop || self.comma(source.end);
        let last = g.word(source.end - 1)?.to_lowercase();
        let person = self.speakers.mention_to(g, source.end).is_some()
            || self.speakers.role_from(g, source.start).is_some()
            || source.clone().all(|i| g.capital(i)) && self.order.is_subject(&last);
        (closed && person).then_some(source)
    }

    /// Who says it, and what: "*Дорогу откроют*, сообщили в *МЧС*".
    fn told_in_place(&self, cue: usize) -> Option<(Range<usize>, Range<usize>)> {
        let g = self.grammar;
        let verb = &g.cues[cue];
        let sentence = &g.sentence(verb.start);
        let mark = |i: usize| g.mark(i).is_some() && g.stretch(i).is_none();
        let stop = sentence.start + sentence.clone().rev().skip_while(|i| mark(*i)).count();
        // "…, *ճեպազրույցում* հայտարարել է Ռաոն"
        let near = if self.order.postpositions { NEAR } else { 1 };
        let least = verb.start.saturating_sub(near).max(sentence.start + 1);
        let comma = (least..verb.start).rev().find(|i| self.comma(*i))?;
        let lower = |i: usize| g.text.tokens[i].case == Case::Lower && g.mark(i).is_none();
        if !(comma + 1..verb.start).all(lower) {
            return None;
        }
        let content = sentence.start..comma;
        let source = self.place_behind(cue, stop).or_else(|| self.teller_behind(cue, stop))?;
        // what has a speaker or marks of its own has another pattern
        let own = |i: usize| {
            g.cue(i).is_some_and(|c| g.cues[c].sort == Sort::Verb)
                || g.opens(i).is_some_and(|s| g.stretches[s].words >= SAID)
        };
        let short = content.len() < LEAST || content.len() > REACH;
        (!short && !content.clone().any(own)).then_some((source, content))
    }
}
