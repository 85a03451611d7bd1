//! Reads every cue in its sentence: who may be its source, and which stretches may be its content.
//!
//! Owns the patterns. Several contents are proposed for one cue, each with what is to be seen about it; which one
//! holds, if any, is for [`super::score`] to say.

mod complement;
mod extent;
mod seen;
mod subject;

use std::ops::Range;

use seen::{
    A_BE, A_NONE, AFTER_NO, AFTER_YES, BEFORE, E_AROUND, E_LEFT, E_QUOTE, E_STOP, F_ING, F_PAST, L_ARTICLE,
    L_COMMA, L_GENITIVE, L_HIS, L_OTHER, L_QUOTE, L_START, M_ASKED, M_COMMA, M_NONE, M_OTHER, M_STOP, R_BY,
    R_COLON, R_COMMA, R_END, R_INVERTED, R_PREP, R_QUOTE, R_QUOTE_FAR, R_THAT, R_TO, S_COMMA, S_QUOTE,
    S_RIGHT, S_SENTENCE, S_SUBJECT, W_NONE,
};

use super::grammar::{Grammar, Place};
use super::score::{Atom, Seen};
use crate::lexicon::cues::{Sort, Word};
use crate::text::{Case, Gap, Kind, Token};

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
    /// Where it starts from, what ends it, its length, its first word, the word behind its end, whether it has a verb.
    pub seen: [Atom; 6],
    /// The small word at its end, the one behind it, the one it starts with, how many verbs and commas it has, whether
    /// it holds a quote.
    pub near: [Atom; 6],
}

/// A cue with what it may attribute.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// Index into the grammar's cues.
    pub cue: usize,
    pub source: Option<Range<usize>>,
    pub seen: Seen,
    pub extents: Vec<Extent>,
    /// The content is a quoted stretch with the cue right beside it.
    pub quoted: bool,
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
pub(super) fn readings(grammar: &Grammar) -> Vec<Reading> {
    let mut out: Vec<Reading> = Vec::new();
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
        let verbs = out.iter().rev().take_while(|r| grammar.cues[r.cue].start >= least);
        let earlier = verbs.filter(|r| grammar.cues[r.cue].sort != Sort::Noun).find_map(|r| r.source.clone());
        let first = out.iter().rev().take_while(|r| grammar.cues[r.cue].start >= least);
        let first = first.filter(|r| grammar.cues[r.cue].sort == Sort::Verb && !r.seen.within);
        let first = first.filter_map(|r| r.source.clone()).last();
        let look = Look { grammar, place, sentence, earlier, first };
        if let Some(mut reading) = look.read() {
            reading.cue = index;
            reading.seen.who = look.who(reading.source.as_ref());
            look.keep_within(&mut reading);
            out.push(reading);
        }
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
    fn read(&self) -> Option<Reading> {
        match self.place.sort {
            Sort::Source => self.read_source(),
            Sort::Noun => self.read_noun(),
            Sort::Verb | Sort::Adjective => self.read_verb(),
        }
    }

    /// "It is, I think, wrong": what a cue within a quote attributes goes no further than the quote.
    fn keep_within(&self, reading: &mut Reading) {
        let g = self.grammar;
        let Some(stretch) = g.stretch(self.place.start).filter(|_| !reading.quoted) else { return };
        let inner = &g.stretches[stretch].tokens;
        for extent in &mut reading.extents {
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

    fn read_verb(&self) -> Option<Reading> {
        let g = self.grammar;
        if let Some((source, stretch)) = self.between_dashes() {
            let tokens = g.stretches[stretch].tokens.clone();
            let extents = vec![self.extent(S_QUOTE, E_AROUND, tokens)];
            let seen = Seen { within: false, ..self.seen(L_QUOTE, A_NONE, R_INVERTED, true) };
            return Some(Reading { cue: 0, source: Some(source), seen, extents, quoted: true });
        }
        let left = self.left();
        let right = self.right();
        let stop = self.stop();
        let mut source = left.source.clone();
        let mut kind = right.kind;
        let mut group_end = right.start;
        let mut extents = Vec::new();
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
            if let Some(phrase) = g.phrase_after(start, self.sentence.end)
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
                    extents.push(self.extent(S_QUOTE, E_QUOTE, tokens));
                }
            }
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
            extents.push(self.extent(from, E_LEFT, tokens));
        } else if left.at > self.sentence.start
            && (behind_comma || g.mark(left.at - 1) == Some('—') || g.mark(left.at - 1) == Some('–'))
            && matches!(kind, R_END | R_COMMA | R_INVERTED | R_PREP | R_COLON)
        {
            let start = self.left_start();
            if left.at > start + 2 {
                let tokens = start..left.at - 1;
                extents.push(self.extent(S_SENTENCE, E_LEFT, tokens));
                let after =
                    kind == R_COMMA || g.mark(group_end).is_some_and(|c| matches!(c, ',' | '—' | '–'));
                if after && stop > group_end + 2 {
                    let tokens = start..stop;
                    extents.push(self.extent(S_SENTENCE, E_AROUND, tokens));
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
                    for extent in &mut extents {
                        extent.tokens.end = tokens.end;
                    }
                } else {
                    if whole {
                        quoted = true;
                        extents.clear();
                    }
                    extents.push(self.extent(S_QUOTE, E_QUOTE, tokens));
                }
            }
            if !(quoted && split) {
                self.push_right(right.start, stop, S_RIGHT, &mut extents);
            }
            if left.aux == A_BE
                && self.form() == F_PAST
                && let Some(subject) = &left.source
            {
                self.push_right(right.start, stop, S_SUBJECT, &mut extents);
                for extent in extents.iter_mut().filter(|e| e.seen[0] == S_SUBJECT) {
                    extent.tokens.start = subject.start;
                }
            }
        }
        let (mut passive_source, passive) = (None, left.aux == A_BE && self.form() == F_PAST);
        if passive {
            let by = (self.place.end..self.sentence.end.min(self.place.end + FAR))
                .find(|i| g.word(*i) == Some("by"));
            passive_source = by.and_then(|i| g.phrase_after(i + 1, self.sentence.end));
        }
        let source = if passive { passive_source } else { source };
        let seen =
            Seen { mark: self.quote_mark(behind_quote), ..self.seen(left.kind, left.aux, kind, quoted) };
        (!extents.is_empty()).then_some(Reading { cue: 0, source, seen, extents, quoted })
    }

    fn seen(&self, left: Atom, aux: Atom, right: Atom, quoted: bool) -> Seen {
        let g = self.grammar;
        Seen {
            cue: self.place.cue.atom,
            class: self.place.cue.class,
            form: self.form(),
            left,
            aux,
            right,
            quoted,
            within: g.stretch(self.place.start).is_some(),
            who: W_NONE,
            before: self.small(BEFORE, self.place.start.checked_sub(1)),
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
            if g.mark(i).is_some_and(|c| matches!(c, ',' | '—' | '–' | '-' | '.')) && g.stretch(i).is_none()
            {
                i = i.checked_sub(1)?;
            }
        }
        let stretch = g.closes(i)?;
        let same = g.text.paragraph_of(i) == g.text.paragraph_of(at);
        // the South has “treated me so well.” He touted …: the sentence ends with the quote that it leads to
        let open = g.stretches[stretch].tokens.start;
        let led = open > 0 && g.word(open - 1).is_some() && g.text.tokens[open].gap != Gap::Paragraph;
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

    /// "according to X, …" and "…, according to X".
    fn read_source(&self) -> Option<Reading> {
        let g = self.grammar;
        // "по его словам", "in her view": the cue holds its source
        let his = (self.place.start..self.place.end).find(|i| {
            g.is(*i, Word::HE | Word::SHE | Word::PRONOUN | Word::OBJECT)
                && self.place.end - self.place.start > 2
        });
        let source = match his {
            Some(i) => i..i + 1,
            None => g.phrase_after(self.place.end, self.sentence.end)?,
        };
        let group_end = source.end.max(self.place.end);
        let stop = self.stop();
        let start = self.left_start();
        let mut extents = Vec::new();
        let mut quoted = false;
        if let Some(stretch) = self.behind_quote(self.place.start).filter(|s| g.stretches[*s].words > 3) {
            // "…," according to Smith
            let tokens = self.left_of_quote(stretch)..g.stretches[stretch].tokens.end;
            let from = if tokens == g.stretches[stretch].tokens { S_QUOTE } else { S_SENTENCE };
            let extents = vec![self.extent(from, E_LEFT, tokens)];
            let seen = self.seen(L_QUOTE, A_NONE, R_END, true);
            return Some(Reading { cue: 0, source: Some(source), seen, extents, quoted: true });
        }
        let opens = self.place.start <= self.sentence.start + 2 && g.stretch(self.sentence.start).is_none();
        // behind the source, perhaps with a description of it, comes a comma
        let far = group_end..stop.min(group_end + FAR * 2);
        let mut comma = far.clone().find(|i| g.mark(*i) == Some(','));
        // "according to Lars Moe, a biologist, two years"
        if let Some(first) = comma
            && g.article(first + 1)
            && let Some(second) = (first + 2..far.end).find(|i| g.mark(*i) == Some(','))
            && !(first..second).any(|i| g.finite(i))
        {
            comma = Some(second);
        }
        if opens {
            let from = comma.map_or(group_end, |c| c + 1);
            if from < stop {
                if let Some(s) = g.opens(from) {
                    quoted = true;
                    let tokens = g.stretches[s].tokens.clone();
                    extents.push(self.extent(S_QUOTE, E_QUOTE, tokens));
                }
                let stop = g.stretch(stop - 1).map_or(stop, |s| stop.max(g.stretches[s].tokens.end));
                let tokens = from..stop;
                extents.push(self.extent(S_COMMA, E_STOP, tokens));
            }
        } else {
            let end = self.place.start - usize::from(g.mark(self.place.start - 1) == Some(','));
            if end > start {
                extents.push(self.extent(S_SENTENCE, E_LEFT, start..end));
                if comma.is_some_and(|c| c + 2 < stop) {
                    extents.push(self.extent(S_SENTENCE, E_AROUND, start..stop));
                    // "the price, by his account, will fall": what goes on behind belongs to it
                    if comma == Some(group_end) && end < self.place.start {
                        extents.swap(0, 1);
                    }
                }
                // the clause that it stands in
                let clause = (start + 1..end)
                    .rev()
                    .take(REACH)
                    .find(|i| matches!(g.boundary_mark(*i), Some(',' | ';' | '—')));
                if let Some(c) = clause.filter(|c| c + 3 < end) {
                    let tokens = c + 1..end;
                    extents.push(self.extent(S_COMMA, E_LEFT, tokens));
                }
            }
        }
        let left = if opens { L_START } else { L_OTHER };
        let seen = self.seen(left, A_NONE, R_END, quoted);
        (!extents.is_empty()).then_some(Reading {
            cue: 0,
            source: Some(source),
            seen,
            extents,
            quoted: false,
        })
    }

    /// "his claim that …", "a statement by X that …".
    fn read_noun(&self) -> Option<Reading> {
        let g = self.grammar;
        let least = self.sentence.start.max(self.place.start.saturating_sub(REACH));
        let mut i = self.place.start;
        while i > least
            && g.word(i - 1).is_some()
            && !g.genitive_before(i)
            && self.place.start - i < 3
            && !g.is(
                i - 1,
                Word::DETERMINER | Word::PREPOSITION | Word::CONJUNCTION | Word::PRONOUN | Word::AUXILIARY,
            )
            && !g.finite(i - 1)
        {
            i -= 1;
        }
        let his = |w: &str| matches!(w, "his" | "her" | "their" | "its" | "my" | "our" | "your");
        let (kind, mut source) = if i > least && g.genitive_before(i) {
            let end = if g.word(i - 1) == Some("s") { i - 2 } else { i - 1 };
            let source = g.phrase_before(end, least);
            (L_GENITIVE, source.filter(|s| !s.clone().all(|t| g.is(t, Word::TIME))))
        } else if i > least && g.word(i - 1).map(str::to_lowercase).is_some_and(|w| his(&w)) {
            (L_HIS, Some(i - 1..i))
        } else if i > least && g.is(i - 1, Word::DETERMINER) {
            (L_ARTICLE, None)
        } else {
            (L_OTHER, None)
        };
        let mut right = self.right();
        if (right.kind == R_BY || g.word(self.place.end) == Some("from"))
            && let Some(p) = g.phrase_after(self.place.end + 1, self.sentence.end)
        {
            if right.kind == R_BY || right.kind == R_PREP {
                right = Right { kind: R_BY, start: p.end };
            }
            source = source.or(Some(p));
        }
        if source.is_none() && kind == L_OTHER && !matches!(right.kind, R_THAT | R_TO) {
            return None;
        }
        if matches!(right.kind, R_END | R_COMMA) {
            return None;
        }
        let mut extents = Vec::new();
        let quote = g.opens(right.start).map(|s| &g.stretches[s]).filter(|s| s.closed && s.words > 2);
        match quote.filter(|s| {
            g.finite(s.tokens.end)
                || g.text
                    .tokens
                    .get(s.tokens.end)
                    .is_some_and(|t| t.case == Case::Lower && t.kind == Kind::Word)
        }) {
            // the claim that "…" drew laughter
            Some(stretch) => extents.push(self.extent(S_QUOTE, E_QUOTE, stretch.tokens.clone())),
            None => self.push_right(right.start, self.stop(), S_RIGHT, &mut extents),
        }
        let seen = self.seen(kind, A_NONE, right.kind, false);
        (!extents.is_empty()).then_some(Reading { cue: 0, source, seen, extents, quoted: false })
    }
}

impl Grammar<'_> {
    /// A determiner that no speaker is named by: "the", "his".
    fn article(&self, i: usize) -> bool {
        const ARTICLES: [&str; 10] = ["the", "a", "an", "his", "her", "their", "its", "my", "our", "your"];
        self.word(i).is_some_and(|w| ARTICLES.iter().any(|a| w.eq_ignore_ascii_case(a)))
    }

    /// The mark at a token, if it is not within a quoted stretch.
    fn boundary_mark(&self, i: usize) -> Option<char> {
        self.mark(i).filter(|_| self.stretch(i).is_none())
    }
}
