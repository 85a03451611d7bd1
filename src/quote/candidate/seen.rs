//! What is to be seen about a cue and a content: the atoms that [`super::super::score`] weighs.

use std::ops::Range;

use super::{Extent, LONGEST, Look, Reading};
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::quote::grammar::{ED, Grammar, ING, S};
use crate::quote::weights::atom::{
    AT, Atom, CLAUSE, COMMAS, F_ADJECTIVE, F_BASE, F_ING, F_NOUN, F_PAST, F_S, F_SOURCE, FIRST, LENGTHS,
    NEXT, OPENS, OfWord, PRONOUN, Q_LAST, Q_NONE, Q_WHOLE, Q_WITHIN, VERBS, W_NAME, W_NONE, W_NOUN, WORD,
};

#[inline]
fn length(tokens: &Range<usize>) -> Atom {
    LENGTHS[match tokens.len() {
        0 | 1 => 0,
        2 => 1,
        3 | 4 => 2,
        5..=7 => 3,
        8..=12 => 4,
        13..=21 => 5,
        22..=34 => 6,
        _ => 7,
    }]
}

/// What is to be seen at the start of a content.
#[derive(Debug, Clone, Copy)]
pub(in crate::quote) struct Opening {
    /// The sort of its first word.
    pub first: Atom,
    /// The small word that it starts with.
    pub opens: Atom,
}

/// What is to be seen about a content.
#[derive(Debug, Clone, Copy)]
pub(in crate::quote) struct Sketch {
    /// Where it starts from.
    pub from: Atom,
    /// What ends it.
    pub end: Atom,
    pub length: Atom,
    /// The sort of its first word.
    pub first: Atom,
    /// The sort of the word behind its end.
    pub next: Atom,
    /// Whether it has a verb.
    pub clause: Atom,
    /// The small word at its end, and the one behind that.
    pub at: Atom,
    pub word: Atom,
    /// The small word that it starts with.
    pub opens: Atom,
    pub verbs: Atom,
    pub commas: Atom,
    /// Whether it holds a quote.
    pub quote: Atom,
}

impl Reading {
    /// What is to be seen at the start of a content.
    #[inline]
    pub fn opening(&self, grammar: &Grammar, extent: &Extent) -> Opening {
        let start = extent.looked.start;
        Opening { first: FIRST[self.sort_of(grammar, start)], opens: grammar.ends_with(OPENS, start) }
    }

    /// What is to be seen about a content.
    #[inline]
    pub fn sketch(&self, g: &Grammar, extent: &Extent, opening: Opening) -> Sketch {
        let tokens = &extent.looked;
        let edge = tokens.end + usize::from(g.mark(tokens.end) == Some(','));
        // "and encouraged": what counts is the word behind the conjunction
        let behind = edge + usize::from(g.is(edge, Word::CONJUNCTION));
        let looked = tokens.start..tokens.end.min(tokens.start + LONGEST);
        let (verbs, commas) = g.verbs_and_commas(&looked);
        let quote = match g.last_stretch_before(looked.end).map(|s| &s.tokens) {
            Some(stretch) if stretch.start < tokens.start => Q_NONE,
            Some(stretch) if stretch == tokens => Q_WHOLE,
            Some(stretch) if stretch.end == tokens.end => Q_LAST,
            Some(_) => Q_WITHIN,
            None => Q_NONE,
        };
        Sketch {
            from: extent.from,
            end: extent.end,
            length: length(tokens),
            first: opening.first,
            next: NEXT[self.sort_of(g, behind)],
            clause: CLAUSE[usize::from(verbs > 0)],
            at: g.ends_with(AT, edge),
            word: g.ends_with(WORD, behind),
            opens: opening.opens,
            verbs: VERBS[verbs.min(3)],
            commas: COMMAS[commas.min(3)],
            quote,
        }
    }

    /// The sort of a word, as an index into [`FIRST`] and [`NEXT`].
    #[inline]
    fn sort_of(&self, g: &Grammar, i: usize) -> usize {
        if i >= self.limit || !g.is_word(i) {
            return usize::from(g.mark(i).is_none());
        }
        if g.finite(i) {
            2
        } else if g.is(i, Word::PRONOUN) {
            3
        } else if g.is(i, Word::DETERMINER) {
            4
        } else if g.is(i, Word::TO) {
            5
        } else if g.is(i, Word::PREPOSITION) {
            6
        } else if g.is(i, Word::THAT | Word::WH | Word::RELATIVE | Word::SUBORDINATOR) {
            7
        } else if g.capital(i) {
            8
        } else if g.has(i, ING) {
            9
        } else if g.has(i, ED) {
            10
        } else if g.adverb(i) {
            11
        } else if g.has(i, S) {
            12
        } else {
            13
        }
    }
}

impl Grammar<'_> {
    /// The small word at a token, if there is one.
    #[inline]
    pub(super) fn ends_with(&self, kind: OfWord, i: usize) -> Atom {
        kind.with(self.letters(i))
    }
}

impl Look<'_, '_> {
    /// What names a source.
    pub(super) fn who(&self, source: Option<&Range<usize>>) -> Atom {
        let g = self.grammar;
        match source {
            None => W_NONE,
            Some(s) if s.len() == 1 && g.small(s.start) => g.ends_with(PRONOUN, s.start),
            Some(s) if g.capital(s.end - 1) => W_NAME,
            Some(_) => W_NOUN,
        }
    }

    pub(super) fn form(&self) -> Atom {
        let (g, start) = (self.grammar, self.place.start);
        match self.place.sort {
            Sort::Noun => F_NOUN,
            Sort::Adjective => F_ADJECTIVE,
            Sort::Source | Sort::Postposed => F_SOURCE,
            Sort::Verb if self.place.cue.base => F_BASE,
            Sort::Verb if g.has(start, ING) => F_ING,
            Sort::Verb if g.has(start, S) => F_S,
            Sort::Verb | Sort::Participle => F_PAST,
        }
    }
}
