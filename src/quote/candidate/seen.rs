//! Observations about a cue and its contents, for [`super::super::model`].

use std::ops::Range;

use super::{Extent, LONGEST, Look, Reading};
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::quote::grammar::{ED, Grammar, ING, S};
use crate::quote::model::kind::{Kind, Observed};
use crate::quote::model::observation::{Count, Edge, Form, Holds, Length, Who};

impl Reading {
    /// Adds the observations about the start of a content.
    #[inline]
    pub fn observe_start(&self, g: &Grammar, extent: &Extent, out: &mut Observed) {
        let start = extent.looked.start;
        out.put(Kind::First, self.edge(g, start));
        out.put(Kind::Opens, g.small_word(start));
    }

    /// Adds the observations about a whole content.
    #[inline]
    pub fn observe(&self, g: &Grammar, extent: &Extent, out: &mut Observed) {
        let tokens = &extent.looked;
        let edge = tokens.end + usize::from(g.mark(tokens.end) == Some(','));
        // "and encouraged": what counts is the word after the conjunction
        let after = edge + usize::from(g.is(edge, Word::CONJUNCTION));
        let looked = tokens.start..tokens.end.min(tokens.start + LONGEST);
        let (verbs, commas) = g.verbs_and_commas(&looked);
        out.put(Kind::Start, extent.start);
        out.put(Kind::End, extent.end);
        out.put(Kind::At, g.small_word(edge));
        out.put(Kind::Word, g.small_word(after));
        out.put(Kind::Next, self.edge(g, after));
        out.put(Kind::Length, Length::of(tokens.len()));
        out.put(Kind::Clause, verbs > 0);
        out.put(Kind::Verbs, Count::of(verbs));
        out.put(Kind::Commas, Count::of(commas));
        out.put(Kind::Holds, holds(g, tokens, looked.end));
    }

    /// What kind of word a token is.
    #[inline]
    fn edge(&self, g: &Grammar, i: usize) -> Edge {
        if i >= self.limit || !g.is_word(i) {
            return if g.mark(i).is_none() { Edge::None } else { Edge::Mark };
        }
        if g.finite(i) {
            Edge::Verb
        } else if g.is(i, Word::PRONOUN) {
            Edge::Pronoun
        } else if g.is(i, Word::DETERMINER) {
            Edge::Article
        } else if g.is(i, Word::TO) {
            Edge::To
        } else if g.is(i, Word::PREPOSITION) {
            Edge::Preposition
        } else if g.is(i, Word::THAT | Word::WH | Word::RELATIVE | Word::SUBORDINATOR) {
            Edge::That
        } else if g.capital(i) {
            Edge::Name
        } else if g.has(i, ING) {
            Edge::Ing
        } else if g.has(i, ED) {
            Edge::Ed
        } else if g.adverb(i) {
            Edge::Adverb
        } else if g.has(i, S) {
            Edge::Plural
        } else {
            Edge::Word
        }
    }
}

/// Whether a content contains a quote that starts before `end`, and where.
#[inline]
fn holds(g: &Grammar, content: &Range<usize>, end: usize) -> Holds {
    match g.last_stretch_before(end).map(|s| &s.tokens) {
        Some(stretch) if stretch.start < content.start => Holds::None,
        Some(stretch) if stretch == content => Holds::Whole,
        Some(stretch) if stretch.end == content.end => Holds::Last,
        Some(_) => Holds::Within,
        None => Holds::None,
    }
}

impl Look<'_, '_> {
    /// What kind of word names a source.
    pub(super) fn who(&self, source: Option<&Range<usize>>) -> Who {
        let g = self.grammar;
        match source {
            None => Who::None,
            Some(s) if s.len() == 1 && g.small(s.start) => Who::Pronoun(g.small_word(s.start)),
            Some(s) if g.capital(s.end - 1) => Who::Name,
            Some(_) => Who::Noun,
        }
    }

    pub(super) fn form(&self) -> Form {
        let (g, start) = (self.grammar, self.place.start);
        match self.place.sort {
            Sort::Noun => Form::Noun,
            Sort::Adjective => Form::Adjective,
            Sort::Source | Sort::Postposed => Form::Source,
            Sort::Verb if self.place.cue.base => Form::Base,
            Sort::Verb if g.has(start, ING) => Form::Ing,
            Sort::Verb if g.has(start, S) => Form::S,
            Sort::Verb | Sort::Participle => Form::Past,
        }
    }
}
