//! The noun phrases of a clause, separated by the function words between them.
//!
//! Finds the subject of a verb of saying when its clause contains other phrases too: "a dit jeudi à l'AFP Paul
//! Roux", "In einem Gespräch mit der Zeitung erklärte Paul Roux". A phrase governed by a preposition is not the
//! subject, but the name of a known person at its end may be.

use std::ops::Range;

use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::quote::grammar::Grammar;
use crate::text::{Case, Gap, Kind};

/// Most phrases of a clause that are considered.
const MOST: usize = 40;
/// How many earlier sentences are searched for the subject of a verb without one.
const SENTENCES: usize = 2;

/// A noun phrase of a clause.
#[derive(Debug, Clone)]
pub(super) struct Chunk {
    pub tokens: Range<usize>,
    /// Whether a preposition comes before it.
    governed: bool,
    pronoun: bool,
}

/// The subject of the verb group `verb` within `clause`.
pub(super) fn subject(g: &Grammar, clause: &Range<usize>, verb: &Range<usize>) -> Option<Range<usize>> {
    let mut found = chunks(g, clause.start..verb.start);
    found.extend(chunks(g, verb.end..clause.end));
    // "Rao nannte *sie* eine …": the pronoun is an object, unless only a subject has its form ("er")
    let named = |c: &Chunk| {
        let Range { start, end } = c.tokens;
        let name = end > start + 1 && (start..end).all(|i| g.capital(i)) && !g.is(start, Word::DETERMINER);
        name || (start..end).any(|i| g.named(i))
    };
    let fronted = found.iter().any(|c| !c.governed && !c.pronoun && c.tokens.end == verb.start && named(c));
    let object =
        |c: &Chunk| fronted && c.pronoun && c.tokens.start >= verb.end && !g.is(c.tokens.start, Word::HE);
    let free = found.iter().filter(|c| !c.governed && !object(c));
    let best = free.map(|c| (weigh(g, c, clause, verb), c));
    // of equals, the first
    best.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, c)| c.tokens.clone())
}

/// How strongly a phrase looks like the subject.
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
    // "28 ans"
    if g.text.tokens[start].kind == Kind::Number && !(start..end).any(|i| g.capital(i)) {
        weight -= 4;
    }
    // "Ähnlich äußerte sich …", "Interrogée par …": the first word is as often an adverb or a participle as a name
    let lone = end == start + 1 && start == clause.start && !g.named(start);
    if lone && end < verb.start || end == start + 1 && !g.capital(start) {
        weight -= 2;
    }
    weight
}

/// Whether the subject is the only noun phrase of a clause that no preposition governs.
pub(super) fn alone(g: &Grammar, clause: Range<usize>, subject: &Range<usize>) -> bool {
    chunks(g, clause).iter().all(|c| c.governed || c.tokens == *subject)
}

/// The noun phrase or pronoun that starts at a token.
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

/// Who the sentences before a token are about: the first phrase of the nearest one that names somebody, in the same
/// paragraph or the one before.
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

/// Who says a quote within a sentence: the subject of the nearest verb of saying before it. Returns that verb's cue
/// as well.
pub(in crate::quote) fn teller(g: &Grammar, stretch: &Range<usize>) -> Option<(usize, Range<usize>)> {
    let sentence = &g.sentence(stretch.start);
    let verb = |i: &usize| g.cue(*i).filter(|c| g.cues[*c].sort == Sort::Verb && g.stretch(*i).is_none());
    let cue = (sentence.start..stretch.start).rev().find_map(|i| verb(&i))?;
    let place = &g.cues[cue];
    // prefer a subject after any earlier quote of the sentence
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
        // "l'AFP", "d'autres": an apostrophe does not end what a preposition governs
        if matches!(g.mark(i), Some('\'' | '’')) {
            i += 1;
            continue;
        }
        if g.is(i, Word::TIME) && !g.named(i) {
            (governed, i) = (false, i + 1);
            continue;
        }
        // "A l'extrême droite": without its accent, a capital preposition looks like an auxiliary
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
            // "qui dirige l'usine", ", der dort arbeitet,": skip a relative clause up to the next comma
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

/// Whether a name within a governed phrase is a phrase of its own: "à l'AFP | Paul Roux", but not "à la ministre
/// Paule Roux".
fn apart(g: &Grammar, start: usize, name: usize) -> bool {
    !g.title_ends(name - 1) && !g.is(name - 1, Word::DETERMINER | Word::JOINS) && start < name
}

/// "à l'AFP Azi Nagar", "à Caen C. Tessier": the name that ends a run of more than two capitalised words.
fn last_capitals(g: &Grammar, start: usize, end: usize) -> Option<usize> {
    let of_name = |i: &usize| g.capital(*i) || *i > start && g.mark(*i) == Some('.') && short(g, *i - 1);
    let mut run = (start..end).rev().take_while(of_name).filter(|i| g.capital(*i));
    let name = run.nth(1)?;
    let titled = (start..end).any(|i| g.title_ends(i));
    (run.next().is_some() && !titled).then_some(name)
}

/// "Le Goffic", "Von der Leyen" at the start of a sentence: whether a function word begins a name.
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
    // a word that is also an object or an article is a pronoun only after a hyphen: "dit-elle", "a-t-il"
    !g.is(i, Word::OBJECT | Word::DETERMINER) || g.mark(i.wrapping_sub(1)) == Some('-')
}

/// Whether a noun phrase can start at a token.
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
    let verb = g.cue(i).is_some_and(|c| matches!(g.cues[c].sort, Sort::Verb))
        && g.text.tokens[i].case == Case::Lower;
    // "Ähnlich", "Demnach": a function word starts no phrase, even capitalised at the start of a sentence
    g.text.tokens[i].kind != Kind::Mark && !verb && (article || !g.is(i, closed))
}

/// Where the noun phrase that starts at `start` ends.
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
        // "le «sage» du village": up to three quoted words after an article belong to the phrase
        if let Some(stretch) = g.opens(i).filter(|s| g.stretches[*s].words <= 3)
            && g.is(i - 1, Word::DETERMINER)
        {
            i = g.stretches[stretch].tokens.end.min(most);
            continue;
        }
        // a known name ends its phrase, except for what is attached to it
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
        // where nouns are capitalised, a lower-case word after one is outside its phrase
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
    // drop marks and linking words at the end
    while i > start + 1
        && (g.mark(i - 1).is_some_and(|c| c != '.') && g.stretch(i - 1).is_none() || g.is(i - 1, Word::JOINS))
    {
        i -= 1;
    }
    i
}

/// "l'Économie": an article elided before an apostrophe.
fn apostrophe(g: &Grammar, i: usize) -> bool {
    matches!(g.mark(i + 1), Some('\'' | '’'))
}

/// "M.", "J.": a word short enough to be an abbreviation.
fn short(g: &Grammar, i: usize) -> bool {
    g.length(i) <= 3 && g.text.tokens[i].is_capital()
}
