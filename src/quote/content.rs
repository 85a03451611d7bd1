//! Chooses among the proposed contents, and gives the quoted stretches that no cue took to whom they belong.
//!
//! Owns what is one attribution: a quote that is split by its cue, or goes on behind it, is one, from the first mark
//! to the last.

use std::ops::Range;

use super::Data;
use super::candidate::chunk::teller;
use super::candidate::{Extent, Reading, Readings, readings};
use super::grammar::Grammar;
use super::mark::Stretch;
use super::score::{best, by_rule, outright};
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::text::{Case, Gap, Kind, Script};

/// Logarithm of the odds from which a proposal is believed; set where precision and recall balance.
const BELIEVED: f32 = 0.2;
/// What a quote right beside a verb adds to the odds that the verb is its cue.
const RARE: f32 = 2.0;
/// What "the mayor's promise that" adds to them: so rare nouns count that few articles to learn from have.
const OUTRIGHT: f32 = 0.5;
/// Logarithm of the odds from which a cue is taken for that of a quote which no other cue has.
const LIKELY: f32 = -5.0;
/// Words from which a quoted stretch is somebody's words and no name or scare quote, where nothing else tells.
pub(super) const SAID: usize = 4;
/// Tokens between a few quoted words and the verb of their speaker.
const BESIDE: usize = 12;
/// Tokens of a verb that is not known, with its auxiliary and adverbs.
const VERB: usize = 6;
/// Tokens between the pieces of a split quote.
const SPLIT: usize = 40;

/// An attribution in the tokens of one part.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Index into the grammar's cues.
    pub cue: Option<usize>,
    pub source: Option<Range<usize>>,
    pub content: Range<usize>,
    /// All of the content but the cue and its source stands between marks.
    pub direct: bool,
    /// How sure; only compared with others.
    pub score: f32,
}

/// A reading with its likeliest content and how sure that is.
struct Weighed<'r> {
    reading: &'r Reading,
    extents: &'r [Extent],
    extent: usize,
    score: f32,
}

/// All attributions of a part, in order of their content.
pub(super) fn find(grammar: &Grammar, data: Data<'_>) -> Vec<Found> {
    let readings = readings(grammar);
    let weighed = weigh(grammar, &readings, data);
    let mut found: Vec<Found> = (weighed.iter())
        .filter(|w| w.score > BELIEVED)
        .map(|w| w.found(grammar))
        .filter(|f| !(f.direct && names_work(grammar, &f.content)))
        .collect();
    found.sort_by_key(|f| (f.content.start, f.content.end));
    let mut found = without_doubles(grammar, found);
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

/// The likeliest content of each reading.
fn weigh<'r>(grammar: &Grammar, readings: &'r Readings, data: Data<'_>) -> Vec<Weighed<'r>> {
    let weights = data.cues.weights(grammar.language);
    let choose = |reading: &'r Reading| {
        let extents = readings.extents(reading);
        let (extent, mut score) = match weights {
            Some(weights) => best(grammar, reading, extents, weights)?,
            None => (by_rule(&reading.seen, extents)?, 1.0),
        };
        // a quote is somebody's: of whom, its cue tells, even if it is a rare one
        if reading.quoted && grammar.cues[reading.cue].sort == Sort::Verb && weights.is_some() {
            score += RARE;
        }
        if outright(&reading.seen) {
            score += OUTRIGHT;
        }
        Some(Weighed { reading, extents, extent, score })
    };
    readings.list.iter().filter_map(choose).collect()
}

/// Attributions before one that may have nearly the same content.
const NEIGHBOURS: usize = 6;

/// Of attributions with nearly the same content leaves the surest. They stand near each other, so a few are compared.
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

/// Whether the first of two is to be kept: the one whose content the other is part of ("she said she expects"), the
/// one with a source, else the one with more evidence.
fn surer(grammar: &Grammar, first: &Found, second: &Found) -> bool {
    let tells = |outer: &Found, inner: &Found| {
        outer.source.is_some() && inner.cue.is_some_and(|c| outer.content.contains(&grammar.cues[c].start))
    };
    match (&first.source, &second.source) {
        // "Of those who view him so, Smith said: “…”": the words are those of whom the quote stands beside
        (Some(_), Some(_)) if first.direct != second.direct => first.direct,
        _ if tells(first, second) != tells(second, first) => tells(first, second),
        (Some(_), None) => true,
        (None, Some(_)) => false,
        _ => first.score >= second.score,
    }
}

/// Whether two contents overlap by 70 % of the longer.
pub(super) fn same(a: &Range<usize>, b: &Range<usize>) -> bool {
    let overlap = a.end.min(b.end).saturating_sub(a.start.max(b.start));
    overlap * 10 >= a.len().max(b.len()) * 7
}

/// Gives each stretch that is in no content to the attribution that it continues, or makes one of its own.
fn gather_stretches(grammar: &Grammar, weighed: &[Weighed], found: &mut Vec<Found>) {
    let mut extra: Vec<Found> = Vec::new();
    // the content that reaches farthest so far, and the last one that was quoted
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
            // "Smith said the talk of a “plan to leave us all” was idle": a claim that is nobody's is the speaker's
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
        // a novel "Un hiver au bord du fleuve": nobody leads to it
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

/// Whether the cue of an attribution with a source stands in the sentence right before a stretch that opens its own.
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

/// The attribution by the likeliest cue of the sentence that may have a stretch in its content, though none was sure.
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

/// "Never again," said X: a few words are somebody's where a verb of saying with its speaker stands right beside them.
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

/// Whether a stretch goes on with the quote of an attribution: only its cue and source stand between them.
fn continues(grammar: &Grammar, before: &Found, tokens: &Range<usize>) -> bool {
    let Some(cue) = before.cue.map(|c| &grammar.cues[c]) else {
        // two stretches without a cue side by side
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
    // no other sentence lies between
    let first = grammar.text.sentence_of(behind.saturating_sub(1));
    let here = grammar.text.sentence_of(tokens.start);
    behind <= tokens.start
        && (here == first && matches!(grammar.mark(tokens.start - 1), Some(',' | ':' | '—' | '–' | '-'))
            || here == first + 1 && grammar.text.sentences[here].start == tokens.start)
}

fn same_paragraph(grammar: &Grammar, a: usize, b: usize) -> bool {
    grammar.text.paragraph_of(a) == grammar.text.paragraph_of(b)
}

/// Whether a stretch is the title of a work: nearly all its longer words have capitals and no stop ends it.
pub(super) fn is_title(grammar: &Grammar, tokens: &Range<usize>) -> bool {
    let (mut capital, mut small) = (0, 0);
    for token in
        grammar.text.tokens[tokens.clone()].iter().filter(|t| t.kind == Kind::Word && t.end - t.start > 3)
    {
        if token.is_capital() {
            capital += 1;
        } else {
            small += 1;
        }
    }
    let inner = tokens.end.saturating_sub(2);
    let stop = grammar.mark(inner).is_some_and(|c| matches!(c, '.' | ',' | '!' | '?'));
    capital > 1 && small == 0 && !stop
}

/// The museum shows "Winter of the Tin Soldiers": a title right behind the word that it belongs to, where other words
/// are in small letters.
fn names_work(grammar: &Grammar, tokens: &Range<usize>) -> bool {
    let before = tokens.start.checked_sub(1).and_then(|i| grammar.word(i));
    let small = |i: usize| grammar.text.tokens[i].case == Case::Lower && grammar.word(i).is_some();
    before.is_some() && is_title(grammar, tokens) && tokens.start > 0 && small(tokens.start - 1)
}

/// Роман «Белый шум и чёрный снег»: where titles have small letters, one capital behind a word tells a name; what
/// somebody says in the midst of a sentence starts with a small letter.
pub(super) fn names_thing(grammar: &Grammar, tokens: &Range<usize>) -> bool {
    let text = grammar.text;
    let before = tokens.start.checked_sub(1).filter(|i| text.tokens[*i].kind == Kind::Word);
    let inner = tokens.end.saturating_sub(2);
    let stop = grammar.mark(inner).is_some_and(|c| matches!(c, '.' | ',' | '!' | '?' | '…'));
    Script::of(text.tokens[tokens.start + 1].first) == Script::Cyrillic
        && before.is_some_and(|i| text.sentence_of(i) == text.sentence_of(tokens.start))
        && text.tokens[tokens.start + 1].is_capital()
        && !stop
}

/// "…" — Carla Sanchez: the name that signs a stretch, alone up to the end of its line.
fn signature(grammar: &Grammar, tokens: &Range<usize>) -> Option<Range<usize>> {
    // in Russian the stop stands behind the marks
    let at = tokens.end + usize::from(grammar.mark(tokens.end) == Some('.'));
    let dash = grammar.mark(at).filter(|c| matches!(c, '—' | '–' | '―' | '-' | '~'));
    let behind = grammar.text.tokens.get(at + 1)?;
    dash.filter(|_| behind.gap != Gap::Paragraph && grammar.capital(at + 1))?;
    let end = grammar.text.paragraphs[grammar.text.paragraph_of(at)].end;
    let name = grammar.phrase_after(at + 1, end)?;
    let over = name.end >= end
        || grammar.opens(name.end).is_some()
        || matches!(grammar.mark(name.end), Some('.' | ',' | '(')) && !grammar.finite(name.end + 1);
    over.then_some(name)
}

/// Rep. Gowdy (R-S.C.): "…": the name that opens the paragraph, before a colon.
fn label(grammar: &Grammar, tokens: &Range<usize>) -> Option<Range<usize>> {
    let mut end = tokens.start.checked_sub(1).filter(|i| grammar.mark(*i) == Some(':'))?;
    let start = grammar.text.paragraphs[grammar.text.paragraph_of(end)].start;
    if end > start && grammar.mark(end - 1) == Some(')') {
        end = (start..end).rev().take(8).find(|i| grammar.mark(*i) == Some('('))?;
    }
    let mut name = grammar.phrase_before(end, start)?;
    // Jane Roe, The Gazette: "…"
    if name.start > start
        && grammar.mark(name.start - 1) == Some(',')
        && let Some(first) = grammar.phrase_before(name.start - 1, start)
    {
        name = first;
    }
    // "And from Jane Roe:", "Dazu Jane Roe:"
    let leads = |i: usize| grammar.is(i, Word::CONJUNCTION | Word::PREPOSITION | Word::ADVERB);
    ((start..name.start).all(leads) && grammar.capital(name.end - 1)).then_some(name)
}

/// "…," Blige sings to the crowd: who stands behind a quote that ends in the midst of the sentence, before a verb,
/// whatever it is.
fn subject_behind(grammar: &Grammar, tokens: &Range<usize>) -> Option<Range<usize>> {
    let end = grammar.text.sentences[grammar.text.sentence_of(tokens.end.checked_sub(1)?)].end;
    let open = matches!(grammar.mark(tokens.end.checked_sub(2)?), Some(',' | '!' | '?'));
    if !open || tokens.end >= end || grammar.text.tokens[tokens.end].gap == Gap::Paragraph {
        return None;
    }
    let pronoun = grammar.is(tokens.end, Word::PRONOUN);
    let subject = if pronoun {
        tokens.end..tokens.end + 1
    } else {
        let behind = tokens.end..end.min(tokens.end + SPLIT);
        let name = behind.clone().take_while(|i| grammar.capital(*i)).count();
        (name > 0).then(|| tokens.end..tokens.end + name)?
    };
    let verb = grammar.word(subject.end)?;
    let finite = grammar.finite(subject.end) || verb.ends_with("ed") || verb.ends_with('s');
    finite.then_some(subject)
}

/// "…", xyz Rao: the person named in the clause that a comma parts from the quote, whatever the verb: one that is not listed, or
/// of another language than the page's.
fn named_behind(grammar: &Grammar, tokens: &Range<usize>) -> Option<Range<usize>> {
    let comma =
        grammar.mark(tokens.end) == Some(',') || grammar.mark(tokens.end.checked_sub(2)?) == Some(',');
    let start = tokens.end + usize::from(grammar.mark(tokens.end) == Some(','));
    let here = start < grammar.text.tokens.len() && grammar.text.tokens[start].gap != Gap::Paragraph;
    let same = || grammar.text.sentence_of(start) == grammar.text.sentence_of(tokens.end - 1);
    if !comma || !here || !same() {
        return None;
    }
    let name = (start..start + VERB).find(|i| grammar.name_starts(*i)).filter(|n| *n > start)?;
    let verbal = |i: usize| {
        let word = grammar.text.tokens.get(i).is_some_and(|t| t.case == Case::Lower);
        word && grammar.mark(i).is_none_or(|c| matches!(c, '-' | '\'' | '’')) && grammar.cue(i).is_none()
    };
    let end = (name..grammar.text.tokens.len()).find(|i| !grammar.named(*i))?;
    let over = matches!(grammar.mark(end), Some('.' | ','));
    // "Hey Jude", by Paul McCartney
    let governed = grammar.is(name - 1, Word::PREPOSITION | Word::JOINS | Word::GENITIVE);
    ((start..name).all(verbal) && over && !governed).then_some(name..end)
}

/// Whether a quote without a cue is by whom the one before is: a sure cue names them, and nobody else speaks between.
fn goes_on(grammar: &Grammar, before: &Found, tokens: &Range<usize>) -> bool {
    if !grammar.free_subject {
        return true;
    }
    let text = grammar.text;
    let (here, there) = (text.paragraph_of(tokens.start), text.paragraph_of(before.content.end - 1));
    let opens = text.sentences[text.sentence_of(tokens.start)].start == tokens.start;
    let paragraph = &text.paragraphs[here];
    let own = |i: usize| grammar.stretch(i).is_none() && (grammar.cue(i).is_some() || grammar.named(i));
    let since = if here == there { before.content.end.max(paragraph.start) } else { paragraph.start };
    let cue = before.cue.map_or(0, |c| grammar.cues[c].end);
    let named = before.source.as_ref().map_or(0, |s| s.end).max(cue);
    before.cue.is_some()
        && opens
        && here <= there + 1
        && !(since.max(named)..tokens.start).any(own)
        && (here == there || !(tokens.end..paragraph.end).any(own))
}

/// The source of a stretch that has no cue: the name that signs it, the subject of the sentence that leads to it, else
/// whoever spoke last.
fn source_of(grammar: &Grammar, tokens: &Range<usize>, previous: Option<&Found>) -> Option<Range<usize>> {
    if let Some(name) = signature(grammar, tokens).or_else(|| label(grammar, tokens)) {
        return Some(name);
    }
    if let Some(subject) = subject_behind(grammar, tokens).or_else(|| named_behind(grammar, tokens)) {
        return Some(subject);
    }
    let sentence = &grammar.text.sentences[grammar.text.sentence_of(tokens.start)];
    // what is said in an earlier quote of the sentence leads to nothing
    let quoted = (sentence.start..tokens.start).rev().find(|i| grammar.closes(*i).is_some());
    let start = quoted.map_or(sentence.start, |i| i + 1);
    if start < tokens.start && (!grammar.free_subject || grammar.mark(tokens.start - 1) == Some(':')) {
        let least = start.max(tokens.start.saturating_sub(SPLIT));
        let verb = (least..tokens.start).find(|i| grammar.finite(*i));
        if let Some(verb) = verb {
            let mut end = verb;
            while end > least && grammar.adverb(end - 1) {
                end -= 1;
            }
            if end > least && grammar.is(end - 1, Word::PRONOUN) {
                return Some(end - 1..end);
            }
            if let Some(phrase) = grammar.phrase_before(end, least) {
                return Some(phrase);
            }
        }
    }
    previous.filter(|p| goes_on(grammar, p, tokens)).and_then(|p| p.source.clone())
}
