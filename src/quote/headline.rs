//! Headlines that name their speaker before a colon or at the end: "Rubio: no deal", "No deal – Rubio".
//!
//! "Ukraine war: what we know" names nobody, so the label must be a person in the article, or an office or a public
//! body with a statement next to it.

use std::ops::Range;

use super::grammar::Grammar;
use super::speaker::Speakers;
use super::turn::{By, Turn, own};
use super::{Attribution, Speaker};
use crate::language::word::Word;
use crate::quote::cues::Talk;
use crate::text::{Case, Gap, Kind, Script, Text};

/// Fewest words of what a headline says.
const LEAST: usize = 2;

/// Finds what is said in a headline. `said` are the attributions of the body, `body` is its text.
pub(super) fn find(
    grammar: &Grammar,
    speakers: &Speakers,
    talk: &Talk,
    body: &Text,
    said: &[Attribution],
) -> Option<Turn> {
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
    let leading = || {
        leading(grammar, speakers, talk, first, end)
            .filter(|t| speaks(grammar, speakers, talk, t, body, said))
    };
    // "Ambulance strike: unions refused to talk - Lindqvist"
    let start = if colon && first < last { first + 1 } else { 0 };
    colon.then(leading).flatten().or_else(|| trailing(grammar, speakers, talk, start..last, end))
}

/// "Rubio: no deal".
fn leading(grammar: &Grammar, speakers: &Speakers, talk: &Talk, at: usize, end: usize) -> Option<Turn> {
    let (mut label, content) = (0..at, at + 1..end);
    if grammar.opens(content.start).is_some()
        && let Some(named) = speakers.opens(grammar, &label)
    {
        label = named;
    }
    let person = speakers.labels(grammar, &label).is_some();
    let holds = person && !describes(grammar, &content)
        || speakers.is_office(grammar, &label) && states(grammar, talk, &content);
    turn(grammar, label, content).filter(|_| holds)
}

/// Whether the label says what follows, rather than being the subject of the story ("Jane Roe: Actor to leave
/// series"): it is a surname alone, "I" or a lower-case word or a quote follows, or the body says so. In Cyrillic a
/// colon is enough.
fn speaks(
    grammar: &Grammar,
    speakers: &Speakers,
    talk: &Talk,
    turn: &Turn,
    body: &Text,
    said: &[Attribution],
) -> bool {
    let text = grammar.text;
    let label = turn.label.clone().unwrap_or_default();
    let first = &text.tokens[turn.content.start];
    let small = first.kind == Kind::Word && first.case == Case::Lower && grammar.usage.capital_behind_colon;
    let person = speakers.labels(grammar, &label);
    if label.len() == 1 && person.is_some()
        || small
        || grammar.opens(turn.content.start).is_some_and(|s| grammar.stretches[s].tokens == turn.content)
        || Script::of(first.first) == Script::Cyrillic
        || own(grammar, talk, &turn.content)
    {
        return true;
    }
    let words: Vec<String> = (turn.content.clone())
        .filter_map(|i| grammar.word(i).filter(|w| w.chars().count() > 3).map(str::to_lowercase))
        .collect();
    let name = text.word(label.end - 1).to_lowercase();
    let theirs = |a: &&Attribution| {
        let speaker = a.speaker.as_ref();
        let mention = |s: &Speaker| body.slice(&s.mention.tokens).to_lowercase().contains(&name);
        speaker.is_some_and(|s| if person.is_some() { s.person == person } else { mention(s) })
    };
    said.iter().filter(theirs).any(|a| {
        let content = body.slice(&a.content.tokens).to_lowercase();
        let same = words.iter().filter(|w| content.contains(w.as_str())).count();
        same > 1 && same * 3 >= words.len() * 2
    })
}

/// "No deal – Rubio", "No deal: Rubio".
fn trailing(
    grammar: &Grammar,
    speakers: &Speakers,
    talk: &Talk,
    content: Range<usize>,
    end: usize,
) -> Option<Turn> {
    let label = content.end + 1..end;
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

/// Whether words state something: they contain a finite verb, "no" or "to".
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
