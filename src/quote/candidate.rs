//! Proposes, for every cue in its sentence, a source and the texts that may be its content.
//!
//! The patterns are here and in the files below. A cue may get several contents, each with observations about it;
//! [`super::score`] decides which one is right, if any.

mod as_told;
mod beside;
pub(super) mod chunk;
mod complement;
mod extent;
mod noun;
mod postposed;
pub(super) mod seen;
mod source;
mod subject;
mod verb;
mod verb_final;
mod within;

use std::ops::Range;

use super::grammar::{ED, Grammar, Place};
use super::model::seen::Seen;
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::quote::model::observation::{Aux, End, Form, Left, Mark, Right, Start, Who};
use crate::text::{Case, Gap, Token};

/// How many tokens on either side of a cue are searched for its source and its complement.
const REACH: usize = 48;
/// Most tokens between a cue and the "that", infinitive or quote that belongs to it ("told reporters in Ohio
/// that").
const FAR: usize = 14;
/// How many tokens of its sentence are read on either side of a cue. A long list without a full stop counts as one
/// sentence, and reading all of it for each of its cues would take quadratic time.
const LONGEST: usize = 300;
/// Most contents proposed for a cue, not counting a few before it.
pub(super) const MOST: usize = 9;

/// A content that a cue may have.
#[derive(Debug, Clone)]
pub(super) struct Extent {
    pub tokens: Range<usize>,
    /// The tokens that are scored: the content before it was joined to the other half of a split quote, or cut.
    pub looked: Range<usize>,
    /// What kind of place it starts at.
    pub start: Start,
    /// What ends it.
    pub end: End,
}

/// A cue with its source and what it may attribute.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// Index into the grammar's cues.
    pub cue: usize,
    pub source: Option<Range<usize>>,
    pub seen: Seen,
    /// Indexes into [`Readings::extents`].
    extents: Range<usize>,
    /// Whether the content is a quoted stretch right next to the cue.
    pub quoted: bool,
    /// The end of the sentence; later words say nothing about a content.
    limit: usize,
}

/// All readings of a part, in order of their cues.
#[derive(Debug, Default)]
pub(super) struct Readings {
    pub list: Vec<Reading>,
    /// The contents of all readings, one reading after the other.
    extents: Vec<Extent>,
}

impl Extent {
    fn new(start: Start, end: End, tokens: Range<usize>) -> Self {
        Self { looked: tokens.clone(), tokens, start, end }
    }
}

impl Reading {
    /// Whether the cue is more likely no verb, and its source no subject: "a Senate *hearing*", "poked at … during
    /// the night *debate*".
    fn is_no_verb(&self, g: &Grammar) -> bool {
        let bare = matches!(self.seen.left, Left::Name | Left::Noun) && self.seen.aux == Aux::None;
        let start = self.source.as_ref().map_or(0, |source| source.start);
        let verbal = g.has(start, ED) && g.text.tokens[start].case == Case::Lower;
        self.seen.form == Form::Ing && bare || verbal && g.is(start + 1, Word::PREPOSITION)
    }
}

impl Readings {
    /// The contents that a cue may have.
    pub fn extents(&self, reading: &Reading) -> &[Extent] {
        &self.extents[reading.extents.clone()]
    }
}

/// What was found out about a cue, apart from its contents.
struct Read {
    source: Option<Range<usize>>,
    seen: Seen,
    quoted: bool,
}

/// What comes before a cue.
struct Subject {
    kind: Left,
    source: Option<Range<usize>>,
    aux: Aux,
    /// Where source and cue together start.
    at: usize,
}

/// What comes after a cue.
struct Complement {
    kind: Right,
    /// Where a content after the cue starts.
    start: usize,
}

/// All cues of a part with their sources and possible contents.
pub(super) fn readings(grammar: &Grammar) -> Readings {
    let cues = grammar.cues.len();
    let mut out = Readings { list: Vec::with_capacity(cues), extents: Vec::with_capacity(cues * 4) };
    let mut extents = Vec::new();
    for index in 0..grammar.cues.len() {
        let place = &grammar.cues[index];
        let whole = grammar.sentence(place.start);
        let sentence =
            whole.start.max(place.start.saturating_sub(LONGEST))..whole.end.min(place.end + LONGEST);
        let least = sentence.start.max(place.start.saturating_sub(REACH));
        let (mut earlier, mut first) = (None, None);
        for before in out.list.iter().rev().take_while(|r| grammar.cues[r.cue].start >= least) {
            let sort = grammar.cues[before.cue].sort;
            if before.is_no_verb(grammar) {
                continue;
            }
            if earlier.is_none() && sort != Sort::Noun {
                earlier.clone_from(&before.source);
            }
            if sort == Sort::Verb && !before.seen.within && before.source.is_some() {
                first.clone_from(&before.source);
            }
        }
        let look = Look { grammar, place, sentence, earlier, first };
        if look.quotes_as() {
            continue;
        }
        extents.clear();
        let Some(Read { source, mut seen, quoted }) = look.read(&mut extents).filter(|_| !extents.is_empty())
        else {
            continue;
        };
        seen.who = look.who(source.as_ref());
        if !quoted {
            look.keep_within(&mut extents);
        }
        let from = out.extents.len();
        out.extents.append(&mut extents);
        let limit = look.sentence.end.max(place.end);
        out.list.push(Reading { cue: index, source, seen, extents: from..out.extents.len(), quoted, limit });
    }
    out
}

/// One cue in its sentence.
struct Look<'g, 'd> {
    grammar: &'g Grammar<'d>,
    place: &'g Place<'d>,
    sentence: Range<usize>,
    /// The source of the nearest cue before it in the same sentence that is not a noun.
    earlier: Option<Range<usize>>,
    /// The source of the sentence's first verb of saying.
    first: Option<Range<usize>>,
}

impl Look<'_, '_> {
    /// Collects the contents that the cue may have in `extents`.
    fn read(&self, extents: &mut Vec<Extent>) -> Option<Read> {
        match self.place.sort {
            Sort::Source => self.read_source(extents),
            Sort::Noun => self.read_noun(extents),
            Sort::Participle => self.read_participle(extents),
            Sort::Postposed => self.read_postposed(extents),
            Sort::Verb | Sort::Adjective => Some(self.read_verb(extents)),
        }
    }

    /// "It is, I think, wrong": a cue within a quote attributes nothing outside it.
    fn keep_within(&self, extents: &mut [Extent]) {
        let g = self.grammar;
        let Some(stretch) = g.stretch(self.place.start) else { return };
        let inner = &g.stretches[stretch].tokens;
        for extent in extents {
            let tokens = extent.tokens.start.max(inner.start + 1)..extent.tokens.end.min(inner.end - 1);
            if !tokens.is_empty() {
                extent.tokens = tokens;
            }
        }
    }

    /// Where a content before the cue may start: with the sentence, or with the quote that the sentence starts in.
    fn left_start(&self) -> usize {
        let g = self.grammar;
        let start = self.sentence.start;
        g.stretch(start).map_or(start, |s| g.stretches[s].tokens.start.min(start))
    }

    /// The end of the sentence without its final mark.
    fn stop(&self) -> usize {
        let g = self.grammar;
        let mut end = self.sentence.end;
        while end > self.place.end && g.mark(end - 1).is_some_and(|c| matches!(c, '.' | '!' | '?')) {
            end -= 1;
        }
        end
    }

    fn seen(&self, left: Left, aux: Aux, right: Right, quoted: bool) -> Seen {
        let g = self.grammar;
        Seen {
            cue: self.place.cue.number,
            class: self.place.cue.class,
            form: self.form(),
            left,
            aux,
            right,
            quoted,
            within: g.stretch(self.place.start).is_some(),
            who: Who::None,
            before: g.small_word(self.place.start.wrapping_sub(1)),
            mark: Mark::None,
            after: self.earlier.is_some(),
            infinitive: self.place.start > 0 && g.is(self.place.start - 1, Word::TO),
        }
    }

    /// The mark at the end of the quote that closes right before source and cue.
    fn quote_mark(&self, stretch: Option<usize>) -> Mark {
        let g = self.grammar;
        let Some(stretch) = stretch else { return Mark::None };
        match g.mark(g.stretches[stretch].tokens.end.saturating_sub(2)) {
            Some(',') => Mark::Comma,
            Some('.' | '…') => Mark::Stop,
            Some('?' | '!') => Mark::Asked,
            _ => Mark::Other,
        }
    }

    /// The stretch that closes right before `at`, with or without a comma or dash between.
    fn behind_quote(&self, at: usize) -> Option<usize> {
        let g = self.grammar;
        let mut i = at.checked_sub(1)?;
        for _ in 0..2 {
            if g.mark(i).is_some_and(|c| matches!(c, ',' | '،' | '—' | '–' | '-' | '.'))
                && g.stretch(i).is_none()
            {
                i = i.checked_sub(1)?;
            }
        }
        let stretch = g.closes(i)?;
        let same = g.text.paragraph_of(i) == g.text.paragraph_of(at);
        // the South has “treated me so well.” He touted …: the sentence ends with the quote that it introduces
        let open = g.stretches[stretch].tokens.start;
        // said: “We wait.” Macron said: “…”: so does one with a colon before its quote
        let led = open > 0
            && (g.word(open - 1).is_some() || g.mark(open - 1) == Some(':'))
            && g.text.tokens[open].gap != Gap::Paragraph;
        if led
            && g.mark(i.saturating_sub(1)) == Some('.')
            && g.text.tokens.get(at).is_some_and(Token::is_capital)
        {
            return None;
        }
        (same && g.stretches[stretch].closed && (i >= self.sentence.start.saturating_sub(1)))
            .then_some(stretch)
    }

    /// Where a content that ends with a stretch starts: with the stretch, or with the clause that the stretch ends.
    fn left_of_quote(&self, stretch: usize) -> usize {
        let g = self.grammar;
        let open = g.stretches[stretch].tokens.start;
        let from = self.left_start();
        if open <= from {
            return open;
        }
        let first = g.text.tokens.get(open + 1).is_some_and(Token::is_capital);
        let before = g.mark(open - 1);
        if first && before.is_some() || before == Some(':') { open } else { from }
    }
}

impl Grammar<'_> {
    /// A determiner that cannot name a speaker by itself: "the", "his".
    fn article(&self, i: usize) -> bool {
        self.is(i, Word::ARTICLE | Word::POSSESSIVE)
    }

    /// The mark at a token outside quoted stretches.
    fn boundary_mark(&self, i: usize) -> Option<char> {
        self.mark(i).filter(|_| self.stretch(i).is_none())
    }
}
