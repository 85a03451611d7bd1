//! Finds who says a quoted stretch without a cue: whoever signs it, is named before its colon or after its comma,
//! introduces it, or spoke last.

use std::ops::Range;

use super::{Found, SPLIT};
use crate::language::word::Word;
use crate::quote::grammar::{ED, Grammar, S};
use crate::text::{Case, Gap};

/// Most tokens of an unlisted verb with its auxiliary and adverbs.
const VERB: usize = 6;

/// "…" — Carla Sanchez: the name after a dash that signs a stretch.
fn signature(grammar: &Grammar, tokens: &Range<usize>) -> Option<Range<usize>> {
    // in Russian the full stop follows the quotation marks
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
    // "La colère monte à Nantes : « … »" is a headline above the quote
    let small =
        |i: usize| grammar.is(i, Word::DETERMINER | Word::PREPOSITION | Word::CONJUNCTION | Word::JOINS);
    let named = |i: usize| grammar.capital(i) || grammar.mark(i).is_some() || small(i);
    let called = name.clone().all(named) || name.clone().any(|i| grammar.named(i));
    ((start..name.start).all(leads) && grammar.capital(name.end - 1) && called).then_some(name)
}

/// "…," Blige sings to the crowd: the subject between a quote that ends in mid-sentence and a verb, whatever the
/// verb.
fn subject_behind(grammar: &Grammar, tokens: &Range<usize>) -> Option<Range<usize>> {
    let end = grammar.sentence(tokens.end.checked_sub(1)?).end;
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
    let finite =
        grammar.finite(subject.end) || grammar.is_word(subject.end) && grammar.has(subject.end, ED | S);
    finite.then_some(subject)
}

/// "…", xyz Rao: the person named in the clause after the quote's comma. The verb may be unlisted, or in another
/// language than the page.
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

/// Whether a quote without a cue has the speaker of the one before: a cue names them, and nobody else speaks in
/// between.
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

/// The source of a stretch without a cue: the name that signs or labels it, the subject after it, the subject of
/// the sentence that introduces it, or else whoever spoke last.
pub(super) fn source_of(
    grammar: &Grammar,
    tokens: &Range<usize>,
    previous: Option<&Found>,
) -> Option<Range<usize>> {
    if let Some(name) = signature(grammar, tokens).or_else(|| label(grammar, tokens)) {
        return Some(name);
    }
    if let Some(subject) = subject_behind(grammar, tokens).or_else(|| named_behind(grammar, tokens)) {
        return Some(subject);
    }
    let sentence = &grammar.sentence(tokens.start);
    // skip an earlier quote of the sentence
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
