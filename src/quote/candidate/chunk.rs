//! The noun phrases of a clause, told apart by the small words between them.
//!
//! Owns what can be the subject of a verb of saying whose clause has more in it: "a dit jeudi à l'AFP Paul Roux",
//! "In einem Gespräch mit der Zeitung erklärte Paul Roux". What a preposition governs is no subject; a name that the
//! article knows ends every other phrase.

use std::ops::Range;

use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::quote::grammar::Grammar;
use crate::text::{Case, Gap, Kind};

/// Phrases of a clause that are looked at.
const MOST: usize = 40;
/// Sentences before a verb without a subject in which it is looked for.
const SENTENCES: usize = 2;

/// A noun phrase of a clause.
#[derive(Debug, Clone)]
pub(super) struct Chunk {
    pub tokens: Range<usize>,
    /// A preposition stands before it.
    governed: bool,
    pronoun: bool,
}

/// The subject of the verb group `verb` within `clause`.
pub(super) fn subject(g: &Grammar, clause: &Range<usize>, verb: &Range<usize>) -> Option<Range<usize>> {
    let mut found = chunks(g, clause.start..verb.start);
    found.extend(chunks(g, verb.end..clause.end));
    let best = found.iter().filter(|c| !c.governed).map(|c| (weigh(g, c, clause, verb), c));
    // of equals the one that stands nearest behind the verb
    best.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, c)| c.tokens.clone())
}

/// How much tells for a phrase as the subject.
fn weigh(g: &Grammar, chunk: &Chunk, clause: &Range<usize>, verb: &Range<usize>) -> i32 {
    let Range { start, end } = chunk.tokens;
    let beside = end == verb.start || start == verb.end;
    let mut weight = i32::from(beside);
    if chunk.pronoun {
        return weight + 6;
    }
    if (start..end).any(|i| g.named(i)) {
        weight += 5;
    } else if (start..end).any(|i| g.title_ends(i)) {
        weight += 3;
    }
    if g.is(start, Word::DATIVE) || (start..end).any(|i| g.is(i, Word::ADDRESSEE)) {
        weight -= 3;
    }
    // "Ähnlich äußerte sich …", "Interrogée par …": the first word is an adverb or participle as often as a name
    // "28 ans"
    if g.text.tokens[start].kind == Kind::Number && !(start..end).any(|i| g.capital(i)) {
        weight -= 4;
    }
    let lone = end == start + 1 && start == clause.start && !g.named(start);
    if lone && end < verb.start || end == start + 1 && !g.capital(start) {
        weight -= 2;
    }
    weight
}

/// Whether a clause has no noun phrase beside its subject but what prepositions govern.
pub(super) fn alone(g: &Grammar, clause: Range<usize>, subject: &Range<usize>) -> bool {
    chunks(g, clause).iter().all(|c| c.governed || c.tokens == *subject)
}

/// The noun phrase or pronoun that stands at a token.
pub(super) fn named_phrase(g: &Grammar, start: usize, end: usize) -> Option<Range<usize>> {
    if start >= end {
        return None;
    }
    if g.is(start, Word::PRONOUN | Word::OBJECT) && !g.is(start, Word::DETERMINER) {
        return Some(start..start + 1);
    }
    (opens(g, start) && !g.is(start, Word::PREPOSITION)).then(|| start..phrase_end(g, start, end))
}

/// What the first preposition of a range governs: "heißt es in dem Bericht".
pub(super) fn first_governed(g: &Grammar, range: Range<usize>) -> Option<Range<usize>> {
    chunks(g, range).into_iter().find(|c| c.governed).map(|c| c.tokens)
}

/// Who the sentence before a token is about: the first of its phrases that names somebody, in the same paragraph or at
/// the end of the one before.
pub(in crate::quote) fn topic_before(g: &Grammar, at: usize) -> Option<Range<usize>> {
    let here = g.text.sentence_of(at);
    (1..=SENTENCES).find_map(|back| {
        let sentence = here.checked_sub(back).map(|s| &g.text.sentences[s])?;
        let near = g.text.paragraph_of(sentence.start) + 1 >= g.text.paragraph_of(at);
        chunks(g, sentence.clone())
            .into_iter()
            .filter(|_| near)
            .find(|c| !c.governed && (c.pronoun || c.tokens.clone().any(|i| g.named(i))))
            .map(|c| c.tokens)
    })
}

/// Who a quote within a sentence belongs to: the subject of the sentence's verb of saying that stands nearest before it.
pub(in crate::quote) fn teller(g: &Grammar, stretch: &Range<usize>) -> Option<(usize, Range<usize>)> {
    let sentence = &g.text.sentences[g.text.sentence_of(stretch.start)];
    let verb = |i: &usize| g.cue(*i).filter(|c| g.cues[*c].sort == Sort::Verb && g.stretch(*i).is_none());
    let cue = (sentence.start..stretch.start).rev().find_map(|i| verb(&i))?;
    let place = &g.cues[cue];
    // what a quote before it says leads to nothing
    let quoted =
        (sentence.start..place.start).rev().find(|i| g.closes(*i).is_some_and(|s| g.stretches[s].words > 3));
    let verb = place.start..place.end;
    let near = quoted.and_then(|q| subject(g, &(q + 1..stretch.start), &verb));
    let source = near.or_else(|| subject(g, &(sentence.start..stretch.start), &verb))?;
    Some((cue, source))
}

/// The noun phrases of a range, in order.
fn chunks(g: &Grammar, range: Range<usize>) -> Vec<Chunk> {
    let mut out = Vec::new();
    let mut governed = false;
    let mut i = range.start;
    while i < range.end {
        if let Some(stretch) = g.opens(i).filter(|s| g.stretches[*s].words > 3) {
            (governed, i) = (false, g.stretches[stretch].tokens.end);
            continue;
        }
        if g.mark(i) == Some('(') {
            i = (i..range.end).find(|t| g.mark(*t) == Some(')')).map_or(i + 1, |t| t + 1);
            continue;
        }
        // "l'AFP", "d'autres": what governs goes on over the apostrophe
        if matches!(g.mark(i), Some('\'' | '’')) {
            i += 1;
            continue;
        }
        if g.is(i, Word::TIME) && !g.named(i) {
            (governed, i) = (false, i + 1);
            continue;
        }
        // "A l'extrême droite": an accent that capitals lack
        if i == range.start && g.length(i) == 1 && g.is(i, Word::AUXILIARY) && g.text.tokens[i].is_capital() {
            (governed, i) = (true, i + 1);
            continue;
        }
        if is_pronoun(g, i) {
            out.push(Chunk { tokens: i..i + 1, governed, pronoun: true });
            (governed, i) = (false, i + 1);
            continue;
        }
        if g.is(i, Word::PREPOSITION) && !opens_name(g, i) {
            (governed, i) = (true, i + 1);
            continue;
        }
        if !opens(g, i) {
            // a comma or a verb ends what the preposition governs
            governed &= g.is(i, Word::ADVERB);
            // "qui dirige l'usine", ", der dort arbeitet,": none of the clause up to the next comma
            let relative = g.is(i, Word::RELATIVE) && i > range.start && !g.is(i, Word::DETERMINER)
                || g.mark(i) == Some(',') && g.is(i + 1, Word::RELATIVE);
            i = if relative {
                (i + 1..range.end).find(|t| g.mark(*t) == Some(',')).unwrap_or(range.end)
            } else {
                i + 1
            };
            continue;
        }
        let end = phrase_end(g, i, range.end);
        if out.len() > MOST {
            break;
        }
        let name = (i + 1..end).find(|t| governed && g.name_starts(*t) && apart(g, i, *t));
        let name = name.or_else(|| last_capitals(g, i, end).filter(|_| governed));
        let first = name.unwrap_or(end);
        if !(i..first)
            .all(|t| g.is(t, Word::TIME | Word::DETERMINER) || g.text.tokens[t].kind == Kind::Number)
        {
            out.push(Chunk { tokens: i..first, governed, pronoun: false });
        }
        if let Some(name) = name {
            out.push(Chunk { tokens: name..end, governed: false, pronoun: false });
        }
        (governed, i) = (false, end);
    }
    out
}

/// Whether a name within what a preposition governs stands for itself: "à l'AFP | Paul Roux", but not "à la ministre
/// Paule Roux".
fn apart(g: &Grammar, start: usize, name: usize) -> bool {
    !g.title_ends(name - 1) && !g.is(name - 1, Word::DETERMINER | Word::JOINS) && start < name
}

/// "à l'AFP Azi Nagar", "à Caen C. Tessier": of more than two capitalised words in a row, the name that ends them.
fn last_capitals(g: &Grammar, start: usize, end: usize) -> Option<usize> {
    let of_name = |i: &usize| g.capital(*i) || *i > start && g.mark(*i) == Some('.') && short(g, *i - 1);
    let mut run = (start..end).rev().take_while(of_name).filter(|i| g.capital(*i));
    let name = run.nth(1)?;
    let titled = (start..end).any(|i| g.title_ends(i));
    (run.next().is_some() && !titled).then_some(name)
}

/// "Le Goffic", "Von der Leyen" at the head of a sentence: a small word that is the first of a name.
fn opens_name(g: &Grammar, i: usize) -> bool {
    let particle = |i: usize| g.word(i).is_some_and(|w| g.is_name_particle(w));
    let surname = |i: usize| g.name_starts(i) && !g.named(i + 1);
    g.name_starts(i)
        || g.text.tokens[i].is_capital()
            && particle(i)
            && particle(i + 1)
            && !g.capital(i + 1)
            && surname(i + 2)
}

fn is_pronoun(g: &Grammar, i: usize) -> bool {
    if !g.is(i, Word::PRONOUN) || g.is(i, Word::RELATIVE) {
        return false;
    }
    // "dit-elle", "a-t-il"; a word that is an article as well has a noun behind it
    !g.is(i, Word::OBJECT | Word::DETERMINER) || g.mark(i.wrapping_sub(1)) == Some('-')
}

/// Whether a noun phrase can open at a token.
fn opens(g: &Grammar, i: usize) -> bool {
    if g.named(i) || g.name_starts(i) {
        return true;
    }
    if g.stretch(i).is_some() || g.is(i, Word::TIME) {
        return false;
    }
    let article = g.is(i, Word::DETERMINER) && !g.is(i, Word::NEGATION);
    let closed = Word::AUXILIARY
        | Word::SUBORDINATOR
        | Word::CONJUNCTION
        | Word::WH
        | Word::RELATIVE
        | Word::NEGATION
        | Word::ADVERB
        | Word::OBJECT
        | Word::THAT
        | Word::VERB
        | Word::TO;
    // "Ähnlich", "Demnach": with a capital at the head of a sentence as well
    let verb = g.cue(i).is_some_and(|c| matches!(g.cues[c].sort, Sort::Verb))
        && g.text.tokens[i].case == Case::Lower;
    g.text.tokens[i].kind != Kind::Mark && !verb && (article || !g.is(i, closed))
}

/// Where the noun phrase that opens at `start` ends.
fn phrase_end(g: &Grammar, start: usize, most: usize) -> usize {
    let mut i = start + 1;
    let article = g.is(start, Word::DETERMINER);
    while i < most {
        let token = &g.text.tokens[i];
        if token.gap == Gap::Paragraph {
            break;
        }
        if g.named(i) {
            i += 1;
            continue;
        }
        // "le «sage» du village": a word or two in quotation marks behind an article
        if let Some(stretch) = g.opens(i).filter(|s| g.stretches[*s].words <= 3)
            && g.is(i - 1, Word::DETERMINER)
        {
            i = g.stretches[stretch].tokens.end.min(most);
            continue;
        }
        // a known name is the end of its phrase, but for what hangs on it
        let name_over = g.named(i - 1);
        if let Some(mark) = g.mark(i) {
            let within = matches!(mark, '-' | '\'' | '’' | '/' | '&' | '.')
                && token.gap == Gap::None
                && i + 1 < most
                && (mark != '.' || short(g, i - 1))
                && !is_pronoun(g, i + 1);
            if within || g.stretch(i).is_some_and(|s| g.stretches[s].words <= 3) {
                i += 1;
                continue;
            }
            break;
        }
        let links =
            g.is(i, Word::JOINS) && i + 1 < most && !name_over && (article || !g.is(i, Word::DETERMINER));
        if links {
            i += 1;
            continue;
        }
        // where nouns have capitals, a word in small letters behind one is none of its phrase
        if g.capital_nouns
            && token.case == Case::Lower
            && g.capital(i - 1)
            && !g.is(i, Word::JOINS | Word::CONJUNCTION)
        {
            break;
        }
        let behind_link = g.is(i - 1, Word::JOINS);
        // "Marine Le Pen"
        if g.is(i, Word::DETERMINER) && token.is_capital() && g.capital(i - 1) {
            i += 1;
            continue;
        }
        let stops = g.is(i, Word::PREPOSITION | Word::TIME | Word::RELATIVE)
            || g.is(i, Word::DETERMINER) && !behind_link && !apostrophe(g, i)
            || is_pronoun(g, i)
            || !opens(g, i)
            || name_over && token.case == Case::Lower
            || g.adverb(i);
        if stops && !g.name_starts(i) {
            break;
        }
        i += 1;
    }
    // a mark or a small word that leads to nothing
    while i > start + 1
        && (g.mark(i - 1).is_some_and(|c| c != '.') && g.stretch(i - 1).is_none() || g.is(i - 1, Word::JOINS))
    {
        i -= 1;
    }
    i
}

/// "l'Économie": an article that is cut off by an apostrophe.
fn apostrophe(g: &Grammar, i: usize) -> bool {
    matches!(g.mark(i + 1), Some('\'' | '’'))
}

/// "M.", "J.": a word that a full stop shortens.
fn short(g: &Grammar, i: usize) -> bool {
    g.length(i) <= 3 && g.text.tokens[i].is_capital()
}
