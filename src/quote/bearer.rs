//! Decides whether a source can speak at all. A name, an office, a role, a pronoun or a noun for people, a group or
//! a document can; a clause, an adverb or a thing cannot.
//!
//! Trims sources and drops those that cannot speak, going by the language's `[bearers]` table. A language without
//! cues keeps whatever was found; one that lists no `nouns` lets any noun phrase speak.

pub(super) mod profile;

use std::ops::Range;

use super::content::{Found, SAID};
use super::grammar::Grammar;
use super::named::{is_thing, reported_behind, tells_of_thing};
use super::speaker::Speakers;
use crate::language::class::Class;
use crate::language::word::Word;
use crate::quote::cues::{Bearers, Sort};
use crate::text::{Case, Kind};

/// The classes of titles whose bearers can speak.
fn speaking() -> Class {
    Class::OFFICE | Class::ROLE | Class::RANK | Class::INSTITUTION | Class::HONORIFIC
}

impl Speakers<'_> {
    /// Drops sources that cannot speak. A direct quote loses only its source; reported speech is dropped, unless a
    /// quote can be kept from it. Also drops quoted names of things.
    pub(super) fn keep_bearers(&self, grammar: &Grammar, found: &mut Vec<Found>) {
        let Some(bearers) = self.data.cues.bearers(grammar.language) else { return };
        // whoever speaks is not what is said
        found.retain(|f| f.source.as_ref() != Some(&f.content));
        found.retain_mut(|f| {
            // «Вестник» сообщил, что …: the name is the speaker, what follows "that" the content
            if f.source.is_some() && tells_of_thing(grammar, bearers, f) {
                reported_behind(grammar, f);
            }
            f.source = f.source.take().map(|source| self.past_place(grammar, source));
            self.take_name(grammar, f);
            let Some(source) = f.source.take() else { return true };
            f.source = self.bearer(grammar, bearers, f, source);
            f.source.is_some() || f.direct || to_quote(grammar, f)
        });
        found.retain_mut(|f| {
            let thing = is_thing(grammar, bearers, f) || tells_of_thing(grammar, bearers, f);
            !thing || reported_behind(grammar, f)
        });
    }

    /// "In London *Lee Rao*", "В Москве *Андрей Рао*": cuts off a place that a preposition governs.
    fn past_place(&self, grammar: &Grammar, source: Range<usize>) -> Range<usize> {
        let governed = source.start > 0 && grammar.is(source.start - 1, Word::PREPOSITION);
        let name = self.mention_from(grammar, source.start).map(|(name, _)| name.start);
        let Some(name) = name.filter(|n| governed && *n < source.end) else { return source };
        let place = |i: usize| grammar.capital(i) && !grammar.title_ends(i);
        if (source.start..name).all(place) { name..source.end } else { source }
    }

    /// "Мэр Андрей Рао *на заседании совета*": cuts off what a preposition adds behind a name.
    fn to_name(&self, grammar: &Grammar, source: Range<usize>) -> Range<usize> {
        let Some((name, _)) = self.mention_from(grammar, source.start) else { return source };
        let lower = |i: usize| grammar.text.tokens[i].case == Case::Lower;
        let postpositions = grammar.order.is_some_and(|o| o.postpositions);
        let cut = name.end < source.end
            && !postpositions
            && lower(name.end)
            && grammar.is(name.end, Word::PREPOSITION)
            && !grammar.is(name.end, Word::JOINS | Word::OF | Word::DETERMINER);
        if cut { source.start..name.end } else { source }
    }

    /// The part of a source that can speak, if any.
    fn bearer(
        &self,
        grammar: &Grammar,
        bearers: &Bearers,
        found: &Found,
        source: Range<usize>,
    ) -> Option<Range<usize>> {
        // the learnt weights have already judged the source
        if self.data.cues.weights(grammar.language).is_some() {
            // "one of *the*", "tussle *with*"
            let last = source.end - 1;
            let linked =
                grammar.is(last, Word::ARTICLE | Word::PREPOSITION) && !grammar.is(last, Word::PRONOUN);
            return (!linked || grammar.capital(last) && source.len() > 1).then_some(source);
        }
        let source = trimmed(grammar, bearers, source)?;
        if self.names(grammar, &source) {
            return Some(self.described(grammar, bearers, self.to_name(grammar, source)));
        }
        // lower-casing a dotted Turkish capital leaves a combining dot
        let lower = |i: usize| grammar.word(i).map(|w| w.to_lowercase().replace('\u{307}', ""));
        let Range { start, end } = source;
        if source.len() == 1 && grammar.is(start, Word::PRONOUN | Word::HE | Word::SHE | Word::OBJECT) {
            let article = grammar.is(start, Word::DETERMINER | Word::RELATIVE | Word::THAT)
                && grammar.word(end).is_some()
                && !grammar.is(start, Word::HE | Word::SHE);
            return (!article && lower(start).is_none_or(|w| !bearers.nobody.contains(&w))).then_some(source);
        }
        let never = |i: usize| {
            let listed = || lower(i).is_some_and(|w| bearers.nobody.contains(&w));
            let article = source.len() > 1 && grammar.is(i, Word::DETERMINER);
            grammar.stretch(i).is_none() && !article && listed()
        };
        let clause = |i: usize| {
            let links = grammar.is(i, Word::THAT | Word::WH | Word::SUBORDINATOR)
                && !grammar.is(i, Word::DETERMINER | Word::PREPOSITION | Word::JOINS);
            let verb = grammar.finite(i) && grammar.text.tokens[i].case == Case::Lower;
            links || verb
        };
        let object = lower(end - 1).is_some_and(|w| bearers.ends_clause(&w));
        let small = source.clone().all(|i| grammar.small(i) || grammar.text.tokens[i].kind != Kind::Word);
        let noun = |i: usize| lower(i).is_some_and(|w| bearers.is_noun(&w));
        // "*Olay* yerindeki sürücü": the last word says who it is
        let described = |i: usize| grammar.verb_final && i + 1 < end && noun(end - 1);
        if object || small || source.clone().any(|i| never(i) && !described(i) || clause(i)) {
            return None;
        }
        if bearers.nouns.is_empty() || is_named(grammar, &source) {
            // "Bakanlıktan *yapılan açıklamada*": nobody signs it
            let stated = found
                .cue
                .is_some_and(|c| grammar.order.is_some_and(|o| o.is_passive(&grammar.cues[c].cue.lemma)));
            return Some(if stated { source } else { self.described(grammar, bearers, source) });
        }
        let titled = (start..end).any(|i| self.title(grammar, &(start..i + 1)).any(speaking()));
        let beside = !grammar.verb_final && is_beside(grammar, found, &source);
        (titled || beside || source.clone().any(noun)).then_some(source)
    }

    /// Cuts off a clause that precedes a noun phrase and describes it: "olduğuna dikkat çeken *başanalist
    /// Lambers*".
    fn described(&self, grammar: &Grammar, bearers: &Bearers, source: Range<usize>) -> Range<usize> {
        let cut = |i: &usize| {
            let word = grammar.word(*i).filter(|_| grammar.text.tokens[*i].case == Case::Lower);
            let ends = |w: &str| {
                bearers.describes.iter().any(|e| w.chars().count() > 4 && w.ends_with(e.as_str()))
                    || bearers.ends_clause(w)
            };
            word.is_some_and(ends) && !self.title(grammar, &(source.start..*i + 1)).any(speaking())
        };
        let name = self.mention_from(grammar, source.start).map_or(source.end, |(n, _)| n.start);
        let last = (source.start..name.min(source.end).saturating_sub(1)).rev().find(cut);
        last.map_or(source.start, |i| i + 1)..source.end
    }
}

/// "…", afirmó el cantautor; el ariete dijo que …: whether the source is right next to a verb of saying that
/// introduces a quote or a clause with "that".
fn is_beside(grammar: &Grammar, found: &Found, source: &Range<usize>) -> bool {
    let Some(place) = found.cue.map(|c| &grammar.cues[c]).filter(|p| p.sort == Sort::Verb) else {
        return false;
    };
    let mut start = place.start;
    while start > source.end && (grammar.is(start - 1, Word::AUXILIARY) || grammar.adverb(start - 1)) {
        start -= 1;
    }
    let (before, behind) = (start == source.end, place.end == source.start);
    let open = grammar.opens(found.content.start).map_or(0, |s| grammar.stretches[s].words);
    let quoted = found.direct && open >= SAID;
    let that = place.end + usize::from(grammar.mark(place.end) == Some(','));
    let reported = before && grammar.is(that, Word::THAT) && found.content.start == that + 1;
    (before || behind) && (quoted || reported)
}

/// Reduces reported speech whose source cannot speak to the first quote in it, if that is too long to be a name.
/// Says whether there was one.
fn to_quote(grammar: &Grammar, found: &mut Found) -> bool {
    let stretch = found.content.clone().find_map(|i| grammar.opens(i)).map(|s| &grammar.stretches[s]);
    let Some(stretch) = stretch.filter(|s| s.words >= SAID) else { return false };
    found.content = stretch.tokens.clone();
    found.direct = true;
    true
}

/// The source without a ", who" at its end and, where nouns are capitalised, without the lower-case words after its
/// last noun.
fn trimmed(grammar: &Grammar, bearers: &Bearers, mut source: Range<usize>) -> Option<Range<usize>> {
    let links = |i: usize| {
        grammar.is(i, Word::RELATIVE | Word::THAT) && !grammar.is(i, Word::DETERMINER)
            || grammar.mark(i) == Some(',')
    };
    while source.len() > 1 && links(source.end - 1) {
        source.end -= 1;
    }
    let pronoun = |i: usize| grammar.is(i, Word::PRONOUN | Word::OBJECT);
    if !bearers.capital_nouns || source.len() == 1 && pronoun(source.start) {
        return Some(source);
    }
    let over = |i: usize| grammar.finite(i) && grammar.text.tokens[i].case == Case::Lower;
    source.end = source.clone().find(|i| over(*i)).unwrap_or(source.end);
    while !source.is_empty() {
        let last = source.end - 1;
        let token = &grammar.text.tokens[last];
        let small = token.kind == Kind::Word && token.case == Case::Lower && !grammar.named(last);
        // "n24", "atmedia.at": a word joined to a mark or a digit is a name
        let joined = grammar.text.word(last).contains(|c: char| c.is_ascii_digit());
        let joined = joined || last > source.start && grammar.mark(last - 1) == Some('-');
        let mark = token.kind == Kind::Mark && grammar.stretch(last).is_none();
        if !(small && !joined || mark) {
            break;
        }
        source.end = last;
    }
    (!source.is_empty()).then_some(source)
}

/// Whether a noun phrase contains a name: quoted words, or a capital not due to the start of a sentence.
fn is_named(grammar: &Grammar, source: &Range<usize>) -> bool {
    let head = grammar.sentence(source.start).start;
    let alone = source.len() == 1 || grammar.capital(source.start + 1);
    source
        .clone()
        .any(|i| grammar.opens(i).is_some() || grammar.capital(i) && (i != head || alone || grammar.named(i)))
}
