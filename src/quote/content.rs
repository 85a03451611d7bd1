//! Chooses among the proposed contents, and finds the speakers of the quoted stretches that no cue took.
//!
//! Decides what is one attribution: a quote that its cue splits, or that continues after it, is one from the first
//! quotation mark to the last.

mod uncued;

use std::ops::Range;

use super::Data;
use super::candidate::chunk::teller;
use super::candidate::{Extent, Reading, Readings, readings};
use super::grammar::Grammar;
use super::mark::Stretch;
use super::score::{best, by_rule, is_plain, outright};
use super::title::{is_title, names_thing, names_work};
use crate::quote::cues::Sort;
use crate::quote::model::observation::{Form, Left, Right};
use uncued::source_of;

/// Log odds above which a proposal is believed, set where precision and recall balance.
pub(super) const BELIEVED: f32 = 0.2;
/// What a quote right next to a verb adds to the log odds that the verb is its cue.
const RARE: f32 = 2.0;
/// What "the mayor's promise that" adds to them, so that nouns count that are too rare to learn from.
const OUTRIGHT: f32 = 0.5;
/// The least log odds of a plain sentence, of which the articles to learn from have few. More than [`BELIEVED`].
const PLAIN: f32 = 0.5;
/// Log odds above which a cue is taken for that of a quote which no other cue has.
const LIKELY: f32 = -5.0;
/// How many words make a quoted stretch somebody's words rather than a name or a scare quote, if nothing else
/// decides.
pub(super) const SAID: usize = 4;
/// Most tokens between a few quoted words and the verb of their speaker.
const BESIDE: usize = 12;
/// Most tokens between the pieces of a split quote.
const SPLIT: usize = 40;

/// An attribution in the tokens of one part, the title or the body.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Index into the grammar's cues.
    pub cue: Option<usize>,
    pub source: Option<Range<usize>>,
    pub content: Range<usize>,
    /// Whether all of the content is in quotation marks, apart from the cue and its source.
    pub direct: bool,
    /// How certain it is, compared with others.
    pub score: f32,
}

/// A reading with its likeliest content and how certain that is.
pub(super) struct Weighed<'r> {
    pub reading: &'r Reading,
    extents: &'r [Extent],
    pub extent: usize,
    pub score: f32,
}

/// All attributions of a part, in order of their content.
pub(super) fn find(grammar: &Grammar, data: Data<'_>) -> Vec<Found> {
    let readings = readings(grammar);
    let weighed = weigh(grammar, &readings, data);
    let mut found: Vec<Found> = (weighed.iter())
        .filter(|w| w.score > BELIEVED && !is_asked(w.reading))
        .map(|w| w.found(grammar))
        .filter(|f| !(f.direct && names_work(grammar, &f.content)) && f.source.as_ref() != Some(&f.content))
        .collect();
    found.sort_by_key(|f| (f.content.start, f.content.end));
    let mut found = without_doubles(grammar, found);
    let spoken: Vec<(usize, usize)> = found.iter().filter_map(|f| Some((f.content.end, f.cue?))).collect();
    found.retain(|f| !says_who(grammar, f, &spoken));
    gather_stretches(grammar, &weighed, &mut found);
    super::reported::go_on(grammar, &mut found);
    found.sort_by_key(|f| (f.content.start, f.content.end));
    found
}

impl Weighed<'_> {
    fn content(&self) -> &Range<usize> {
        &self.extents[self.extent].tokens
    }

    fn found(&self, grammar: &Grammar) -> Found {
        let content = self.content().clone();
        let direct = grammar.opens(content.start).is_some_and(|s| grammar.stretches[s].tokens == content);
        let Reading { cue, source, .. } = self.reading;
        Found { cue: Some(*cue), source: source.clone(), content, direct, score: self.score }
    }
}

/// "Asked whether he would go, Rao …": whether a verb opens its sentence and has no subject, as whoever is asked.
fn is_asked(reading: &Reading) -> bool {
    let seen = &reading.seen;
    seen.left == Left::Start && seen.right == Right::Wh && seen.form == Form::Past && reading.source.is_none()
}

/// "…", opina Rao: whether a verb and its subject follow a quote, so that even a verb of thinking means speaking.
fn is_spoken(grammar: &Grammar, reading: &Reading) -> bool {
    let seen = &reading.seen;
    let behind = seen.left == Left::Quote && seen.right == Right::Inverted && !seen.within;
    let place = &grammar.cues[reading.cue];
    let comma = |i: usize| matches!(grammar.mark(i), Some(',' | '!' | '?'));
    let quote = (0..place.start).rev().take(BESIDE).find(|i| grammar.closes(*i).is_some());
    let set_off = quote.is_some_and(|at| comma(at + 1) || comma(at.saturating_sub(1)));
    reading.quoted && behind && set_off && place.sort == Sort::Verb && reading.source.is_some()
}

/// The likeliest content of each reading.
pub(super) fn weigh<'r>(grammar: &Grammar, readings: &'r Readings, data: Data<'_>) -> Vec<Weighed<'r>> {
    let weights = data.cues.weights(grammar.language);
    let choose = |reading: &'r Reading| {
        let extents = readings.extents(reading);
        let spoken = || is_spoken(grammar, reading).then_some(0);
        let (extent, mut score) = match weights {
            Some(weights) => best(grammar, reading, extents, weights)?,
            None => (by_rule(&reading.seen, extents).or_else(spoken)?, 1.0),
        };
        // a quote is certainly somebody's words, so even a rare cue tells whose
        if reading.quoted && grammar.cues[reading.cue].sort == Sort::Verb && weights.is_some() {
            score += RARE;
        }
        if outright(&reading.seen) {
            score += OUTRIGHT;
        }
        let cue = grammar.cues[reading.cue].cue;
        if reading.source.is_some() && is_plain(cue, &reading.seen, &extents[extent]) {
            score = score.max(PLAIN);
        }
        Some(Weighed { reading, extents, extent, score })
    };
    readings.list.iter().filter_map(choose).collect()
}

/// "…", a déclaré Rao, selon la presse: whether a content is only who says the quote before it. `spoken` has the end of
/// each content with its cue.
fn says_who(grammar: &Grammar, found: &Found, spoken: &[(usize, usize)]) -> bool {
    let Range { start, end } = found.content;
    let quoted = start.checked_sub(1).is_some_and(|i| grammar.closes(i).is_some());
    let own = |cue: usize| Some(cue) != found.cue && found.content.contains(&grammar.cues[cue].start);
    quoted
        && (start..end).all(|i| grammar.stretch(i).is_none())
        && spoken.iter().any(|(behind, cue)| *behind == start && own(*cue))
}

/// How many earlier attributions are looked at.
const NEIGHBOURS: usize = 6;

/// Keeps the most certain of attributions with nearly the same content. They are close together, so a few are
/// compared.
fn without_doubles(grammar: &Grammar, found: Vec<Found>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::with_capacity(found.len());
    for next in found {
        let from = out.len().saturating_sub(NEIGHBOURS);
        let double = out[from..].iter().rposition(|f| same(&f.content, &next.content));
        match double.map(|i| from + i) {
            Some(i) if surer(grammar, &out[i], &next) => {}
            Some(i) => out[i] = next,
            None => out.push(next),
        }
    }
    out
}

/// Whether to keep the first of two: the one that contains the other's cue ("she said she expects"), the one with a
/// source, or else the one with the higher score.
fn surer(grammar: &Grammar, first: &Found, second: &Found) -> bool {
    let tells = |outer: &Found, inner: &Found| {
        outer.source.is_some() && inner.cue.is_some_and(|c| outer.content.contains(&grammar.cues[c].start))
    };
    match (&first.source, &second.source) {
        // "he said they shared “…”" continues with the verb, and is all his
        (Some(_), Some(_)) if goes_on(grammar, first, second) => first.content.len() > second.content.len(),
        // "Of those who view him so, Smith said: “…”": the words belong to whoever the quote is next to
        (Some(_), Some(_)) if first.direct != second.direct => first.direct,
        _ if tells(first, second) != tells(second, first) => tells(first, second),
        (Some(_), None) => true,
        (None, Some(_)) => false,
        _ => first.score >= second.score,
    }
}

/// Whether one of two contents includes the other's verb and speaker, with a few quoted words right after them.
fn goes_on(grammar: &Grammar, a: &Found, b: &Found) -> bool {
    let (outer, inner) = if a.content.len() > b.content.len() { (a, b) } else { (b, a) };
    let Range { start, .. } = inner.content;
    let (Some(place), Some(source)) = (inner.cue.map(|c| &grammar.cues[c]), &inner.source) else {
        return false;
    };
    let small = grammar.text.tokens.get(start + 1).is_some_and(|t| !t.is_capital());
    let told = outer.cue.is_some_and(|c| grammar.cues[c].end <= outer.content.start);
    let within = outer.content.start <= source.start && source.end <= place.start && place.end == start;
    told && within && inner.direct && small && outer.content.end >= inner.content.end
}

/// Whether two contents overlap by 70 % of the longer.
pub(super) fn same(a: &Range<usize>, b: &Range<usize>) -> bool {
    let overlap = a.end.min(b.end).saturating_sub(a.start.max(b.start));
    overlap * 10 >= a.len().max(b.len()) * 7
}

/// Adds each stretch outside all contents to the attribution that it continues, or makes it one of its own.
fn gather_stretches(grammar: &Grammar, weighed: &[Weighed], found: &mut Vec<Found>) {
    let mut extra: Vec<Found> = Vec::new();
    // the content that reaches furthest so far, and the last quoted one
    let mut at = 0;
    let mut reach: Option<usize> = None;
    let mut last: Option<(bool, usize)> = None;
    for stretch in &grammar.stretches {
        let tokens = &stretch.tokens;
        while at < found.len() && found[at].content.start <= tokens.start {
            if reach.is_none_or(|r| found[r].content.end < found[at].content.end) {
                reach = Some(at);
            }
            at += 1;
        }
        if let Some(r) = reach.filter(|r| found[*r].content.end >= tokens.end) {
            // "too little," he said
            let spoken = matches!(grammar.mark(tokens.end.saturating_sub(2)), Some(',' | '!' | '?'));
            let quoted = found[r].direct || stretch.words >= SAID || spoken;
            if quoted {
                last = Some((false, r));
            }
            // "Smith said the talk of a “plan to leave us all” was idle": a claim without a source is the speaker's
            if found[r].source.is_none() && stretch.words >= SAID {
                let told = told_by(grammar, weighed, tokens);
                found[r].source = told.and_then(|t| t.source);
            }
            continue;
        }
        if extra.last().is_some_and(|e| e.content.end >= tokens.end) {
            continue;
        }
        let previous = last.map(|(own, i)| if own { &extra[i] } else { &found[i] });
        if let Some(before) = previous
            && continues(grammar, before, tokens)
        {
            let content = match last {
                Some((true, i)) => &mut extra[i].content,
                Some((false, i)) => &mut found[i].content,
                None => continue,
            };
            content.end = tokens.end;
            continue;
        }
        if let Some(told) = said_in_short(grammar, weighed, stretch) {
            last = Some((true, extra.len()));
            extra.push(told);
            continue;
        }
        if stretch.words < SAID || is_title(grammar, tokens) || names_thing(grammar, tokens) {
            continue;
        }
        if let Some(told) = told_by(grammar, weighed, tokens) {
            last = Some((true, extra.len()));
            extra.push(told);
            continue;
        }
        if grammar.free_subject
            && let Some((cue, source)) = teller(grammar, tokens)
        {
            last = Some((true, extra.len()));
            let (cue, source) = (Some(cue), Some(source));
            extra.push(Found { cue, source, content: tokens.clone(), direct: true, score: 0.0 });
            continue;
        }
        // a novel "Un hiver au bord du fleuve": nothing introduces it as speech
        let word = tokens.start.checked_sub(1).filter(|i| grammar.word(*i).is_some());
        if grammar.free_subject
            && word.is_some_and(|i| grammar.text.sentence_of(i) == grammar.text.sentence_of(tokens.start))
            && grammar.text.tokens[tokens.start + 1].is_capital()
            && !matches!(grammar.mark(tokens.end.saturating_sub(2)), Some(',' | '.' | '!' | '?' | '…'))
        {
            continue;
        }
        let just = found[..at].iter().rev().take(NEIGHBOURS).find(|f| just_before(grammar, f, tokens));
        let source = source_of(grammar, tokens, just.or(previous));
        last = Some((true, extra.len()));
        extra.push(Found { cue: None, source, content: tokens.clone(), direct: true, score: 0.0 });
    }
    found.append(&mut extra);
}

/// Whether a stretch opens a sentence, and the sentence before it has the cue of this attribution, with a source.
fn just_before(grammar: &Grammar, found: &Found, tokens: &Range<usize>) -> bool {
    let Some(cue) = found.cue.map(|c| grammar.cues[c].start).filter(|_| found.source.is_some()) else {
        return false;
    };
    let here = grammar.text.sentence_of(tokens.start);
    grammar.text.sentences[here].start == tokens.start
        && cue < tokens.start
        && grammar.text.sentence_of(cue) + 1 == here
        && grammar.stretch(cue).is_none()
        && same_paragraph(grammar, cue, tokens.start)
}

/// The attribution by the likeliest nearby cue whose content may include a stretch, though no cue was certain.
fn told_by(grammar: &Grammar, weighed: &[Weighed], tokens: &Range<usize>) -> Option<Found> {
    let start = |w: &Weighed| grammar.cues[w.reading.cue].start;
    let from = weighed.partition_point(|w| start(w) + 2 * SPLIT < tokens.start);
    let near = weighed[from..].iter().take_while(|w| start(w) < tokens.end + SPLIT / 2);
    let fits = |w: &&Weighed| {
        let outside = |i: usize| !tokens.contains(&i);
        w.score > LIKELY
            && outside(start(w))
            && w.reading.source.as_ref().is_some_and(|s| outside(s.start))
            && w.extents.iter().any(|e| e.tokens.start <= tokens.start && e.tokens.end > tokens.start + 1)
    };
    let likeliest = near.filter(fits).max_by(|a, b| a.score.total_cmp(&b.score))?;
    let mut found = likeliest.found(grammar);
    if found.content.start > tokens.start || found.content.end < tokens.end {
        found.content = tokens.clone();
        found.direct = true;
    }
    Some(found)
}

/// "Never again," said X: a few words are somebody's if a verb of saying with its speaker comes right after them.
fn said_in_short(grammar: &Grammar, weighed: &[Weighed], stretch: &Stretch) -> Option<Found> {
    let tokens = &stretch.tokens;
    let spoken = matches!(grammar.mark(tokens.end.saturating_sub(2)), Some(',' | '!' | '?'))
        || grammar.mark(tokens.end) == Some(',');
    if stretch.words >= SAID || !stretch.closed || !spoken {
        return None;
    }
    let start = |w: &Weighed| grammar.cues[w.reading.cue].start;
    let from = weighed.partition_point(|w| start(w) < tokens.end);
    let mut near = weighed[from..].iter().take_while(|w| start(w) < tokens.end + BESIDE);
    let beside = near.find(|w| {
        w.reading.quoted
            && w.reading.source.is_some()
            && w.extents.iter().any(|e| e.tokens == *tokens)
            && grammar.cues[w.reading.cue].sort != Sort::Noun
    })?;
    Some(Found { content: tokens.clone(), direct: true, ..beside.found(grammar) })
}

/// Whether a stretch continues the quote of an attribution: only its cue and source come between them.
fn continues(grammar: &Grammar, before: &Found, tokens: &Range<usize>) -> bool {
    let Some(cue) = before.cue.map(|c| &grammar.cues[c]) else {
        // without a cue, the two stretches must be adjacent
        return before.content.end == tokens.start
            && same_paragraph(grammar, before.content.end - 1, tokens.start);
    };
    if before.content.end > tokens.start
        || tokens.start - before.content.end > SPLIT
        || !same_paragraph(grammar, before.content.end - 1, tokens.start)
        || grammar.closes(before.content.end - 1).is_none()
    {
        return false;
    }
    let behind = if cue.start >= before.content.end { cue.end } else { before.content.end };
    let behind =
        before.source.as_ref().map_or(behind, |s| behind.max(if s.end <= tokens.start { s.end } else { 0 }));
    // no other sentence comes between
    let first = grammar.text.sentence_of(behind.saturating_sub(1));
    let here = grammar.text.sentence_of(tokens.start);
    behind <= tokens.start
        && (here == first && matches!(grammar.mark(tokens.start - 1), Some(',' | ':' | '—' | '–' | '-'))
            || here == first + 1 && grammar.text.sentences[here].start == tokens.start)
}

fn same_paragraph(grammar: &Grammar, a: usize, b: usize) -> bool {
    grammar.text.paragraph_of(a) == grammar.text.paragraph_of(b)
}
