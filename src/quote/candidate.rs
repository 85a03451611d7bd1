//! Reads every cue in its sentence: who may be its source, and which stretches may be its content.
//!
//! Owns the patterns. Several contents are proposed for one cue, each with what is to be seen about it; which one
//! holds, if any, is for [`super::score`] to say.

mod beside;
pub(super) mod chunk;
mod complement;
mod extent;
mod noun;
mod postposed;
pub(super) mod seen;
mod source;
mod subject;
mod verb_final;

use std::ops::Range;

use crate::quote::weights::atom::{
    A_BE, A_NONE, AFTER_NO, AFTER_YES, BEFORE, E_AROUND, E_LEFT, E_QUOTE, F_ING, F_PAST, L_COMMA, L_QUOTE,
    L_START, M_ASKED, M_COMMA, M_NONE, M_OTHER, M_STOP, R_COLON, R_COMMA, R_END, R_INVERTED, R_PREP, R_QUOTE,
    R_QUOTE_FAR, R_THAT_FAR, S_QUOTE, S_RIGHT, S_SENTENCE, S_SUBJECT, W_NONE,
};

use super::grammar::{Grammar, Place};
use super::score::Seen;
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::quote::weights::atom::Atom;
use crate::text::{Gap, Token};

/// Tokens that are looked at to either side of a cue for its source and its complement.
const REACH: usize = 48;
/// Tokens between a cue and "that", an infinitive or a quote which belong to it ("told reporters in Ohio that").
const FAR: usize = 14;
/// Tokens of a sentence that are looked at to either side of a cue: a list of names without a stop is no sentence, and
/// reading all of it for each cue in it would take time with the square of its length.
const LONGEST: usize = 300;
/// Contents proposed for one cue, but for a few more to its left.
pub(super) const MOST: usize = 9;

/// A content that a cue may have.
#[derive(Debug, Clone)]
pub(super) struct Extent {
    pub tokens: Range<usize>,
    /// The tokens by which it is weighed: before it was joined to the other half of a split quote, or cut.
    pub looked: Range<usize>,
    /// Where it starts from.
    from: Atom,
    /// What ends it.
    end: Atom,
}

/// A cue with what it may attribute.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// Index into the grammar's cues.
    pub cue: usize,
    pub source: Option<Range<usize>>,
    pub seen: Seen,
    /// Indexes into [`Readings::extents`].
    extents: Range<usize>,
    /// The content is a quoted stretch with the cue right beside it.
    pub quoted: bool,
    /// The end of the sentence: words behind it tell nothing of a content.
    limit: usize,
}

/// All readings of a part, in order of their cues.
#[derive(Debug, Default)]
pub(super) struct Readings {
    pub list: Vec<Reading>,
    /// Of one reading after the other.
    extents: Vec<Extent>,
}

impl Extent {
    fn new(from: Atom, end: Atom, tokens: Range<usize>) -> Self {
        Self { looked: tokens.clone(), tokens, from, end }
    }
}

impl Readings {
    /// The contents that a cue may have.
    pub fn extents(&self, reading: &Reading) -> &[Extent] {
        &self.extents[reading.extents.clone()]
    }
}

/// What is read of a cue beside its contents.
struct Read {
    source: Option<Range<usize>>,
    seen: Seen,
    quoted: bool,
}

/// What stands before a cue.
struct Left {
    kind: Atom,
    source: Option<Range<usize>>,
    aux: Atom,
    /// Where the group of source and cue starts.
    at: usize,
}

/// What stands behind a cue.
struct Right {
    kind: Atom,
    /// Where a content to the right starts.
    start: usize,
}

/// All cues of a part with their sources and possible contents.
pub(super) fn readings(grammar: &Grammar) -> Readings {
    let cues = grammar.cues.len();
    let mut out = Readings { list: Vec::with_capacity(cues), extents: Vec::with_capacity(cues * 4) };
    let mut extents = Vec::new();
    let mut sentence = 0;
    let sentences = &grammar.text.sentences;
    for index in 0..grammar.cues.len() {
        let place = &grammar.cues[index];
        while sentences[sentence].end <= place.start {
            sentence += 1;
        }
        let whole = &sentences[sentence];
        let sentence =
            whole.start.max(place.start.saturating_sub(LONGEST))..whole.end.min(place.end + LONGEST);
        let least = sentence.start.max(place.start.saturating_sub(REACH));
        let (mut earlier, mut first) = (None, None);
        for before in out.list.iter().rev().take_while(|r| grammar.cues[r.cue].start >= least) {
            let sort = grammar.cues[before.cue].sort;
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
    /// The source of the cue before it in the same sentence.
    earlier: Option<Range<usize>>,
    /// The source of the first verb of the sentence.
    first: Option<Range<usize>>,
}

impl Look<'_, '_> {
    /// Puts the contents that the cue may have into `extents`.
    fn read(&self, extents: &mut Vec<Extent>) -> Option<Read> {
        match self.place.sort {
            Sort::Source => self.read_source(extents),
            Sort::Noun => self.read_noun(extents),
            Sort::Participle => self.read_participle(extents),
            Sort::Postposed => self.read_postposed(extents),
            Sort::Verb | Sort::Adjective => Some(self.read_verb(extents)),
        }
    }

    /// "It is, I think, wrong": what a cue within a quote attributes goes no further than the quote.
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

    /// The start of what may be said before the cue: the sentence, or the quote that the sentence starts within.
    fn left_start(&self) -> usize {
        let g = self.grammar;
        let start = self.sentence.start.max(g.story.min(self.place.start));
        g.stretch(start).map_or(start, |s| g.stretches[s].tokens.start.min(start))
    }

    /// The sentence's end without its stop.
    fn stop(&self) -> usize {
        let g = self.grammar;
        let mut end = self.sentence.end;
        while end > self.place.end && g.mark(end - 1).is_some_and(|c| matches!(c, '.' | '!' | '?')) {
            end -= 1;
        }
        end
    }

    /// «…, — сказал Мирзоян. — …»: the cue stands within the marks, between dashes. Gives source and stretch.
    fn between_dashes(&self) -> Option<(Range<usize>, usize)> {
        let g = self.grammar;
        let dash = |i: usize| matches!(g.mark(i), Some('—' | '–' | '-')) && g.text.tokens[i].gap != Gap::None;
        let start = self.place.start;
        let stretch = g.stretch(start)?;
        let ends = |i: usize| matches!(g.mark(i), Some(',' | '.' | '!' | '?' | '…'));
        if start < 2 || !dash(start - 1) || !ends(start - 2) {
            return None;
        }
        let source = g.phrase_after(self.place.end, g.stretches[stretch].tokens.end)?;
        let mut behind = source.end..(source.end + FAR).min(g.stretches[stretch].tokens.end);
        behind.any(|i| dash(i) && ends(i - 1)).then_some((source, stretch))
    }

    fn read_verb(&self, extents: &mut Vec<Extent>) -> Read {
        let g = self.grammar;
        if let Some((source, stretch)) = self.between_dashes() {
            let tokens = g.stretches[stretch].tokens.clone();
            extents.push(Extent::new(S_QUOTE, E_AROUND, tokens));
            let seen = Seen { within: false, ..self.seen(L_QUOTE, A_NONE, R_INVERTED, true) };
            return Read { source: Some(source), seen, quoted: true };
        }
        if let Some(told) = self.read_beside(extents) {
            return told;
        }
        let left = self.left();
        let right = self.right();
        let stop = self.stop();
        let mut source = self.subject_of_clause(&left, &right).or_else(|| left.source.clone());
        let mut kind = right.kind;
        let mut group_end = right.start;
        let mut quoted = false;

        // "…," said Smith
        let inverted = self.form() != F_ING
            && (source.is_none() || left.kind == L_QUOTE || left.kind == L_START || left.kind == L_COMMA);
        let behind_quote = self.behind_quote(left.at);
        let behind_comma = left.at > self.sentence.start && g.mark(left.at - 1) == Some(',');
        if inverted
            && (behind_quote.is_some() || behind_comma || left.kind == L_START)
            && self.place.sort == Sort::Verb
        {
            let start = self.place.end + usize::from(g.mark(self.place.end) == Some(','));
            if let Some(phrase) = self.subject_after(start)
                && (behind_quote.is_some() || !g.finite(phrase.end) && self.ends_clause(phrase.end))
            {
                group_end = phrase.end;
                source = Some(phrase);
                kind = R_INVERTED;
                // Said Ellis: "…"; said Ellis, who owns the farm: "…"
                let described = (group_end..self.sentence.end.min(group_end + FAR))
                    .find(|i| g.mark(*i) == Some(':'))
                    .filter(|_| g.mark(group_end) == Some(','))
                    .filter(|i| g.opens(i + 1).is_some());
                let lead = described.unwrap_or(group_end);
                if behind_quote.is_none()
                    && matches!(g.mark(lead), Some(':' | ','))
                    && let Some(stretch) = g.opens(lead + 1)
                {
                    quoted = true;
                    let tokens = g.stretches[stretch].tokens.clone();
                    extents.push(Extent::new(S_QUOTE, E_QUOTE, tokens));
                }
            }
        }
        // "قال وزير الخارجية فؤاد حسين إن …": the verb stands first, its subject before "that"
        if kind == R_THAT_FAR && source.is_none() && g.order.is_some_and(|o| o.verb_first) {
            source = g.phrase_after(self.place.end, right.start.saturating_sub(1));
        }
        if let Some(told) = self.read_said_before(&left, extents) {
            return told;
        }
        // Erdoğan, "…" dedi
        if let Some(stretch) = behind_quote.filter(|_| source.is_none()) {
            let open = g.stretches[stretch].tokens.start;
            let end = open - usize::from(open > 0 && matches!(g.mark(open - 1), Some(',' | ':')));
            source = g.phrase_before(end, self.left_start().min(end));
        }
        if let Some(stretch) = behind_quote
            && self.place.sort == Sort::Verb
            && (source.is_some() || kind == R_END)
        {
            quoted = true;
            let start = self.left_of_quote(stretch);
            let tokens = start..g.stretches[stretch].tokens.end;
            let from = if start < g.stretches[stretch].tokens.start { S_SENTENCE } else { S_QUOTE };
            extents.push(Extent::new(from, E_LEFT, tokens));
        } else if left.at > self.sentence.start
            && (behind_comma || g.mark(left.at - 1) == Some('—') || g.mark(left.at - 1) == Some('–'))
            && matches!(kind, R_END | R_COMMA | R_INVERTED | R_PREP | R_COLON)
        {
            let start = self.left_start();
            if left.at > start + 2 {
                let tokens = start..left.at - 1;
                extents.push(Extent::new(S_SENTENCE, E_LEFT, tokens));
                let after =
                    kind == R_COMMA || g.mark(group_end).is_some_and(|c| matches!(c, ',' | '—' | '–'));
                if after && stop > group_end + 2 {
                    let tokens = start..stop;
                    extents.push(Extent::new(S_SENTENCE, E_AROUND, tokens));
                }
            }
        }
        let split = matches!(kind, R_QUOTE | R_QUOTE_FAR);
        if !matches!(kind, R_END | R_INVERTED | R_COMMA) && (!quoted || split) {
            if let Some(stretch) = g.opens(right.start)
                && split
            {
                let tokens = g.stretches[stretch].tokens.clone();
                let whole =
                    tokens.end + 1 >= self.sentence.end || tokens.end >= stop || self.ends_clause(tokens.end);
                if quoted {
                    // "…," he said, "…" is one quote, split by its cue
                    for extent in extents.iter_mut() {
                        extent.tokens.end = tokens.end;
                    }
                } else {
                    if whole {
                        quoted = true;
                        extents.clear();
                    }
                    extents.push(Extent::new(S_QUOTE, E_QUOTE, tokens));
                }
            }
            if !(quoted && split) {
                self.push_right(right.start, stop, S_RIGHT, extents);
            }
            if left.aux == A_BE
                && self.form() == F_PAST
                && let Some(subject) = &left.source
            {
                self.push_right(right.start, stop, S_SUBJECT, extents);
                for extent in extents.iter_mut().filter(|e| e.from == S_SUBJECT) {
                    extent.tokens.start = subject.start;
                }
            }
        }
        if g.free_subject && source.is_none() && self.place.sort == Sort::Verb {
            source = chunk::subject(g, &(self.sentence.start..self.place.start), &self.verb_group());
        }
        let (mut passive_source, passive) = (None, left.aux == A_BE && self.form() == F_PAST);
        if passive {
            let by = (self.place.end..self.sentence.end.min(self.place.end + FAR))
                .find(|i| g.is_small(*i, Word::BY));
            passive_source = by.and_then(|i| g.phrase_after(i + 1, self.sentence.end));
        }
        let mut source = if passive { passive_source } else { source };
        if g.verb_final && quoted && kind != R_INVERTED {
            let open = behind_quote.map_or(self.place.start, |s| g.stretches[s].tokens.start);
            source = self.subject_before(open).or(source);
        }
        let seen =
            Seen { mark: self.quote_mark(behind_quote), ..self.seen(left.kind, left.aux, kind, quoted) };
        Read { source, seen, quoted }
    }

    fn seen(&self, left: Atom, aux: Atom, right: Atom, quoted: bool) -> Seen {
        let g = self.grammar;
        Seen {
            cue: Atom::alone(self.place.cue.atom),
            class: self.place.cue.class,
            form: self.form(),
            left,
            aux,
            right,
            quoted,
            within: g.stretch(self.place.start).is_some(),
            who: W_NONE,
            before: g.ends_with(BEFORE, self.place.start.wrapping_sub(1)),
            mark: M_NONE,
            after: if self.earlier.is_some() { AFTER_YES } else { AFTER_NO },
        }
    }

    /// How a quote ends that closes right before the group of cue and source.
    fn quote_mark(&self, stretch: Option<usize>) -> Atom {
        let g = self.grammar;
        let Some(stretch) = stretch else { return M_NONE };
        match g.mark(g.stretches[stretch].tokens.end.saturating_sub(2)) {
            Some(',') => M_COMMA,
            Some('.' | '…') => M_STOP,
            Some('?' | '!') => M_ASKED,
            _ => M_OTHER,
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
        // the South has “treated me so well.” He touted …: the sentence ends with the quote that it leads to
        let open = g.stretches[stretch].tokens.start;
        // said: “We wait.” Macron said: “…”: so does one that a colon leads to
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

    /// Where the content starts that ends with a stretch: with it, or with the clause that it ends.
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
    /// A determiner that no speaker is named by: "the", "his".
    fn article(&self, i: usize) -> bool {
        self.is(i, Word::ARTICLE | Word::POSSESSIVE)
    }

    /// The mark at a token, if it is not within a quoted stretch.
    fn boundary_mark(&self, i: usize) -> Option<char> {
        self.mark(i).filter(|_| self.stretch(i).is_none())
    }
}
