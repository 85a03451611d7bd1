//! Headlines that name their speaker before a colon or at the end: "Rubio: no deal", "No deal – Rubio".
//!
//! Owns which headlines do. "Ukraine war: what we know" names nobody, so the label must be a person of the article, or
//! an office or a public body with a statement behind it.

use std::ops::Range;

use super::grammar::Grammar;
use super::speaker::Speakers;
use super::turn::{By, Turn};
use crate::lexicon::cues::{Talk, Word};
use crate::text::{Case, Gap, Kind};

/// Words of what a headline says.
const LEAST: usize = 2;

/// What is said in a headline.
pub(super) fn find(grammar: &Grammar, speakers: &Speakers, talk: &Talk) -> Option<Turn> {
    let bars = (0..grammar.text.tokens.len()).find(|i| grammar.mark(*i) == Some('|'));
    let end = bars.unwrap_or(grammar.text.tokens.len());
    let parts = |i: usize| {
        let spaced = |t: usize| grammar.text.tokens.get(t).is_some_and(|t| t.gap != Gap::None);
        let part = match grammar.mark(i) {
            Some(':') => spaced(i + 1),
            Some('—' | '–' | '-') => spaced(i) && spaced(i + 1),
            _ => false,
        };
        part && grammar.stretch(i).is_none()
    };
    let first = (1..end).find(|i| parts(*i))?;
    let last = (first..end).rev().find(|i| parts(*i))?;
    let colon = grammar.mark(first) == Some(':');
    leading(grammar, speakers, talk, first, end)
        .filter(|_| colon)
        .or_else(|| trailing(grammar, speakers, talk, last, end))
}

/// "Rubio: no deal".
fn leading(grammar: &Grammar, speakers: &Speakers, talk: &Talk, at: usize, end: usize) -> Option<Turn> {
    let (label, content) = (0..at, at + 1..end);
    let person = speakers.labels(grammar, &label).is_some();
    let holds = person && !describes(grammar, &content)
        || speakers.is_office(grammar, &label) && states(grammar, talk, &content);
    turn(grammar, label, content).filter(|_| holds)
}

/// "No deal – Rubio", "No deal: Rubio".
fn trailing(grammar: &Grammar, speakers: &Speakers, talk: &Talk, at: usize, end: usize) -> Option<Turn> {
    let (label, content) = (at + 1..end, 0..at);
    let named = !label.is_empty()
        && (speakers.labels(grammar, &label).is_some() || speakers.is_office(grammar, &label));
    turn(grammar, label, content.clone()).filter(|_| named && states(grammar, talk, &content))
}

fn turn(grammar: &Grammar, label: Range<usize>, content: Range<usize>) -> Option<Turn> {
    let words = content.clone().filter(|i| grammar.word(*i).is_some()).count();
    let wh = content.clone().next().is_some_and(|i| grammar.is(i, Word::WH))
        || content.clone().last().is_some_and(|i| grammar.mark(i) == Some('?'));
    (words >= LEAST && !wh).then_some(Turn {
        content,
        label: Some(label),
        by: By::Label,
        cue: None,
        direct: false,
    })
}

/// Whether words say that something is so: a finite verb, "no", "to".
fn states(grammar: &Grammar, talk: &Talk, content: &Range<usize>) -> bool {
    content.clone().any(|i| {
        let verb =
            |w: &str| talk.verb_endings.iter().any(|e| w.len() > e.len() + 4 && w.ends_with(e.as_str()));
        let lower = grammar.text.tokens[i].case == Case::Lower || i == content.start;
        grammar.finite(i)
            || grammar.is(i, Word::NEGATION | Word::TO)
            || lower && grammar.word(i).is_some_and(verb)
    }) && !describes(grammar, content)
}

/// Whether words only describe somebody: "a life in pictures", "the man who would be king", "from hero to villain".
fn describes(grammar: &Grammar, content: &Range<usize>) -> bool {
    let Some(first) = content.clone().find(|i| grammar.text.tokens[*i].kind != Kind::Mark) else {
        return true;
    };
    if grammar.opens(content.start).is_some() {
        return false;
    }
    let verb = content.clone().find(|i| grammar.finite(*i));
    let relative = content.clone().skip(1).find(|i| grammar.is(*i, Word::RELATIVE));
    let nominal = grammar.is(first, Word::DETERMINER) && !grammar.is(first, Word::NEGATION)
        || grammar.is(first, Word::PREPOSITION);
    nominal && (verb.is_none() || relative.is_some_and(|r| verb.is_some_and(|v| r < v)))
}
