//! Quotation marks around the name of a thing: an outlet, a film, a song, a law, a firm. Nobody says these.
//!
//! Tells such a name from somebody's words by the noun that it belongs to, an article before it, or a capital in
//! mid-sentence.

use std::ops::Range;

use super::content::{Found, SAID};
use super::grammar::Grammar;
use super::title::is_title;
use crate::language::word::Word;
use crate::quote::cues::{Bearers, Sort};
use crate::text::{Gap, Kind, Script};

/// How many words make a stretch more than a name next to its noun.
const LONG: usize = 10;
/// How many words make a stretch that nobody is known to say more than an expression.
const PHRASE: usize = 8;
/// How near after a stretch a verb must be to show that it is said, where verbs come last.
const NEAR: usize = 3;

/// Whether the content of an attribution is a quoted stretch that names a thing.
pub(super) fn is_thing(grammar: &Grammar, bearers: &Bearers, found: &Found) -> bool {
    let Some(stretch) = grammar.opens(found.content.start).map(|s| &grammar.stretches[s]) else {
        return false;
    };
    let tokens = &stretch.tokens;
    if !found.direct || *tokens != found.content {
        return false;
    }
    let inner = tokens.start + 1..tokens.end - 1;
    if !inner.into_iter().any(|i| grammar.word(i).is_some()) {
        return true;
    }
    let stops =
        |i: usize| matches!(grammar.mark(i), Some('.' | '!' | '?' | '…' | ',' | '։' | '՞' | '؟' | '،'));
    let first = &grammar.text.tokens[tokens.start + 1];
    let uncased = Script::of(first.first) == Script::Arabic;
    let capital = first.is_capital() || first.kind == Kind::Number;
    if stops(tokens.end - 2) || !(capital || uncased || found.source.is_none()) {
        return false;
    }
    let before = before(grammar, tokens);
    if (capital || uncased) && stretch.words < LONG && belongs(grammar, bearers, tokens, before) {
        return true;
    }
    // le «droit à l'oubli»
    let article = before.is_some_and(|i| grammar.is(i, Word::DETERMINER) && !grammar.is(i, Word::PRONOUN));
    if article && found.cue.is_none() && found.source.is_none() && stretch.words < PHRASE {
        return !grammar.usage.marks_are_speech || stretch.words < SAID;
    }
    // («Звёздные войны»)
    let bracketed = tokens.start > 0
        && grammar.mark(tokens.start - 1) == Some('(')
        && grammar.mark(tokens.end) == Some(')');
    let named = stretch.words < LONG && stands_as_name(grammar, bearers, tokens, before);
    capital && (bracketed && stretch.words < PHRASE || named)
}

/// Le journal «Avenir» a publié …: whether the supposed content is the subject of its own cue, and ends with the
/// name of a thing.
pub(super) fn tells_of_thing(grammar: &Grammar, bearers: &Bearers, found: &Found) -> bool {
    let Range { start, end } = found.content;
    let Some(stretch) = end.checked_sub(1).and_then(|i| grammar.closes(i)) else { return false };
    let tokens = grammar.stretches[stretch].tokens.clone();
    let behind = found.cue.is_some_and(|c| grammar.cues[c].start >= end);
    let subject =
        behind && grammar.mark(end).is_none() && start < tokens.start && tokens.start < start + SAID;
    subject && is_thing(grammar, bearers, &Found { content: tokens, direct: true, ..found.clone() })
}

/// Мэр сообщил «Вестнику», что …; «Вестник» пишет, что …: makes the clause with "that" after a name the content
/// and, if the name is the subject, makes it the speaker. Says whether there is such a clause.
pub(super) fn reported_behind(grammar: &Grammar, found: &mut Found) -> bool {
    let Some(place) = found.cue.map(|c| &grammar.cues[c]).filter(|p| p.sort == Sort::Verb) else {
        return false;
    };
    let subject = found.content.end == place.start;
    let addressed = place.start < found.content.start && found.source.is_some();
    if grammar.usage.marks_are_speech || !(subject || addressed) {
        return false;
    }
    let edge = if subject { place.end } else { found.content.end };
    let at = edge + usize::from(grammar.mark(edge) == Some(','));
    let sentence = &grammar.sentence(place.start);
    let stops = |i: usize| matches!(grammar.mark(i), Some('.' | '!' | '?' | '։'));
    let end = (at..sentence.end).rev().find(|i| !stops(*i)).map_or(at, |i| i + 1);
    if !grammar.is(at, Word::THAT) || end <= at + 2 {
        return false;
    }
    if subject {
        found.source = Some(found.content.clone());
    }
    found.content = at + 1..end;
    found.direct = false;
    true
}

/// The word right before a stretch in its sentence, even across an apostrophe: "d'«Avenir»".
fn before(grammar: &Grammar, tokens: &Range<usize>) -> Option<usize> {
    let mut at = tokens.start.checked_sub(1)?;
    if matches!(grammar.mark(at), Some('\'' | '’')) {
        at = at.checked_sub(1)?;
    }
    let same = grammar.text.sentence_of(at) == grammar.text.sentence_of(tokens.start);
    (same && grammar.word(at).is_some() && grammar.stretch(at).is_none()).then_some(at)
}

/// Whether the word before or after a stretch is a noun for a thing whose name is put in quotation marks.
fn belongs(grammar: &Grammar, bearers: &Bearers, tokens: &Range<usize>, before: Option<usize>) -> bool {
    let thing = |i: usize| {
        let lower = grammar.word(i).filter(|_| grammar.stretch(i).is_none()).map(str::to_lowercase);
        lower.is_some_and(|w| bearers.is_thing(&w)) && grammar.cue(i).is_none()
    };
    // „Der Standard“-Redaktion, «Լույս»-ի թերթ
    let mut next = tokens.end;
    while matches!(grammar.mark(next), Some('-' | '\'' | '’'))
        && grammar.text.tokens[next].gap == Gap::None
        && next < tokens.end + 2
    {
        next += 1;
    }
    let behind = || {
        grammar.text.tokens.get(next).is_some_and(|t| t.gap != Gap::Paragraph)
            && (thing(next) || next > tokens.end && thing(next + 1))
    };
    before.is_some_and(thing) || behind()
}

/// Whether a capitalised stretch has the place of a name in its sentence.
fn stands_as_name(
    grammar: &Grammar,
    bearers: &Bearers,
    tokens: &Range<usize>,
    before: Option<usize>,
) -> bool {
    let words = grammar.opens(tokens.start).map_or(0, |s| grammar.stretches[s].words);
    let verb = |i: usize| grammar.cue(i).is_some_and(|c| grammar.cues[c].sort != Sort::Noun);
    // Slavic and Armenian quotes are set off by a colon, or by a comma and a dash
    let marked = grammar.order.is_some_and(|o| !o.unmarked) && !grammar.verb_final;
    let next = tokens.end;
    let followed = grammar.word(next).is_some() && grammar.text.tokens[next].gap != Gap::Paragraph;
    let Some(at) = before else {
        let opens = tokens.start == grammar.sentence(tokens.start).start;
        let comma = marked || !grammar.usage.marks_are_speech && grammar.order.is_none();
        return comma && opens && words < SAID && followed;
    };
    if grammar.usage.marks_are_speech || grammar.is(at, Word::THAT | Word::WH) {
        return false;
    }
    if marked {
        return words < SAID || !verb(at);
    }
    if verb(at) || grammar.verb_final && (next..next + NEAR).any(verb) {
        return false;
    }
    !bearers.capital_nouns || grammar.is(tokens.start + 1, Word::DETERMINER) || is_title(grammar, tokens)
}
