//! Reads every cue in its sentence: who may be its source, and which stretches may be its content.
//!
//! Owns the patterns. Several contents are proposed for one cue, each with what is to be seen about it; which one
//! holds, if any, is for [`super::score`] to say.

mod complement;
mod extent;
mod subject;

use std::ops::Range;

use super::grammar::{Grammar, Place};
use super::score::{Atom, Seen};
use crate::lexicon::cues::{Sort, Word};
use crate::text::Gap;

/// Tokens that are looked at to either side of a cue for its source and its complement.
const REACH: usize = 48;
/// Tokens between a cue and "that", an infinitive or a quote which belong to it ("told reporters in Ohio that").
const FAR: usize = 14;
/// Contents proposed for one cue.
const MOST: usize = 9;

/// A content that a cue may have.
#[derive(Debug, Clone)]
pub(super) struct Extent {
    pub tokens: Range<usize>,
    /// Where it starts from, what ends it, its length, its first word, the word behind its end, whether it has a verb.
    pub seen: [Atom; 6],
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

macro_rules! atoms {
    ($($name:ident = $value:literal),* $(,)?) => {
        $(const $name: Atom = Atom::new($value);)*
    };
}

atoms! {
    L_NAME = "left=name", L_NOUN = "left=noun", L_PRONOUN = "left=pronoun", L_WHO = "left=who", L_AND = "left=and",
    L_TO = "left=to", L_COMMA = "left=comma", L_APPOSITION = "left=apposition", L_QUOTE = "left=quote",
    L_START = "left=start", L_OTHER = "left=other", L_GENITIVE = "left=genitive", L_HIS = "left=his", L_ARTICLE = "left=article",
    A_NONE = "aux=none", A_BE = "aux=be", A_HAVE = "aux=have", A_MODAL = "aux=modal", A_DO = "aux=do", A_NOT = "aux=not",
    R_THAT = "right=that", R_WH = "right=wh", R_TO = "right=to", R_PREP = "right=prep", R_OF = "right=of", R_AS = "right=as",
    R_CLAUSE = "right=clause", R_OBJECT = "right=object", R_COLON = "right=colon", R_QUOTE = "right=quote",
    R_THAT_FAR = "right=that-far", R_TO_FAR = "right=to-far", R_QUOTE_FAR = "right=quote-far", R_COLON_FAR = "right=colon-far",
    R_END = "right=end", R_COMMA = "right=comma", R_INVERTED = "right=inverted", R_PRONOUN = "right=pronoun", R_ING = "right=ing", R_BY = "right=by",
    F_BASE = "form=base", F_S = "form=s", F_ING = "form=ing", F_PAST = "form=past", F_NOUN = "form=noun", F_ADJECTIVE = "form=adjective", F_SOURCE = "form=source",
    E_STOP = "end=stop", E_COMMA = "end=comma", E_COMMA_AND = "end=comma-and", E_COMMA_ING = "end=comma-ing", E_COMMA_WHO = "end=comma-who",
    E_COMMA_SUB = "end=comma-sub", E_AND = "end=and", E_SUB = "end=sub", E_DASH = "end=dash", E_PREP = "end=prep", E_LEFT = "end=left", E_AROUND = "end=around", E_QUOTE = "end=quote", E_COMMA_NAME = "end=comma-name", E_ING = "end=ing",
    S_RIGHT = "from=right", S_SUBJECT = "from=subject", S_SENTENCE = "from=sentence", S_QUOTE = "from=quote", S_COMMA = "from=comma",
}

const LENGTHS: [Atom; 8] = [
    Atom::new("length=1"),
    Atom::new("length=2"),
    Atom::new("length=3"),
    Atom::new("length=5"),
    Atom::new("length=8"),
    Atom::new("length=13"),
    Atom::new("length=22"),
    Atom::new("length=more"),
];

/// Whether a content has a verb.
const CLAUSE: [Atom; 2] = [Atom::new("clause=no"), Atom::new("clause=yes")];
/// The first word of a content.
const FIRST: [Atom; 14] = [
    Atom::new("first=mark"),
    Atom::new("first=none"),
    Atom::new("first=verb"),
    Atom::new("first=pronoun"),
    Atom::new("first=article"),
    Atom::new("first=to"),
    Atom::new("first=preposition"),
    Atom::new("first=that"),
    Atom::new("first=name"),
    Atom::new("first=ing"),
    Atom::new("first=ed"),
    Atom::new("first=adverb"),
    Atom::new("first=plural"),
    Atom::new("first=word"),
];
/// The word behind a content.
const NEXT: [Atom; 14] = [
    Atom::new("next=mark"),
    Atom::new("next=none"),
    Atom::new("next=verb"),
    Atom::new("next=pronoun"),
    Atom::new("next=article"),
    Atom::new("next=to"),
    Atom::new("next=preposition"),
    Atom::new("next=that"),
    Atom::new("next=name"),
    Atom::new("next=ing"),
    Atom::new("next=ed"),
    Atom::new("next=adverb"),
    Atom::new("next=plural"),
    Atom::new("next=word"),
];

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
        let sentence = sentences[sentence].clone();
        let least = sentence.start.max(place.start.saturating_sub(REACH));
        let verbs = out.iter().rev().take_while(|r| grammar.cues[r.cue].start >= least);
        let earlier = verbs.filter(|r| grammar.cues[r.cue].sort != Sort::Noun).find_map(|r| r.source.clone());
        let look = Look { grammar, place, sentence, earlier };
        if let Some(mut reading) = look.read() {
            reading.cue = index;
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
}

impl Look<'_, '_> {
    fn read(&self) -> Option<Reading> {
        match self.place.sort {
            Sort::Source => self.read_source(),
            Sort::Noun => self.read_noun(),
            Sort::Verb | Sort::Adjective => self.read_verb(),
        }
    }

    /// A content with what is to be seen about it.
    fn extent(&self, from: Atom, end: Atom, tokens: Range<usize>) -> Extent {
        let behind = tokens.end + usize::from(self.grammar.mark(tokens.end) == Some(','));
        // "and encouraged": what counts is the word behind the conjunction
        let behind = behind + usize::from(self.grammar.is(behind, Word::CONJUNCTION));
        let clause = tokens.clone().any(|i| self.grammar.finite(i));
        let first = FIRST[self.sort_of(tokens.start)];
        let next = NEXT[self.sort_of(behind)];
        let seen = [from, end, length(&tokens), first, next, CLAUSE[usize::from(clause)]];
        Extent { tokens, seen }
    }

    /// The sort of a word, as an index into [`FIRST`] and [`NEXT`].
    fn sort_of(&self, i: usize) -> usize {
        let g = self.grammar;
        let Some(word) = g.word(i).filter(|_| i < self.sentence.end.max(self.place.end)) else {
            return if g.mark(i).is_some() { 0 } else { 1 };
        };
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
        } else if word.ends_with("ing") {
            9
        } else if word.ends_with("ed") {
            10
        } else if g.adverb(i) {
            11
        } else if word.ends_with('s') {
            12
        } else {
            13
        }
    }

    fn form(&self) -> Atom {
        let word = self.grammar.text.word(self.place.start);
        match self.place.sort {
            Sort::Noun => F_NOUN,
            Sort::Adjective => F_ADJECTIVE,
            Sort::Source => F_SOURCE,
            Sort::Verb if self.place.cue.base => F_BASE,
            Sort::Verb if word.ends_with("ing") => F_ING,
            Sort::Verb if word.ends_with('s') => F_S,
            Sort::Verb => F_PAST,
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
        let inverted =
            source.is_none() || left.kind == L_QUOTE || left.kind == L_START || left.kind == L_COMMA;
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
                // Said Ellis: "…"
                if behind_quote.is_none()
                    && matches!(g.mark(group_end), Some(':' | ','))
                    && let Some(stretch) = g.opens(group_end + 1)
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
        let seen = self.seen(left.kind, left.aux, kind, quoted);
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
        let first = g.text.tokens.get(open + 1).is_some_and(crate::text::Token::is_capital);
        let before = g.mark(open - 1);
        if first && before.is_some() || before == Some(':') { open } else { from }
    }

    /// "according to X, …" and "…, according to X".
    fn read_source(&self) -> Option<Reading> {
        let g = self.grammar;
        let source = g.phrase_after(self.place.end, self.sentence.end)?;
        let stop = self.stop();
        let start = self.left_start();
        let mut extents = Vec::new();
        let mut quoted = false;
        let opens = self.place.start <= self.sentence.start + 2 && g.stretch(self.sentence.start).is_none();
        // behind the source, perhaps with a description of it, comes a comma
        let comma = (source.end..stop.min(source.end + FAR * 2)).find(|i| g.mark(*i) == Some(','));
        if opens {
            let from = comma.map_or(source.end, |c| c + 1);
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
                let tokens = start..end;
                extents.push(self.extent(S_SENTENCE, E_LEFT, tokens));
                if let Some(c) = comma.filter(|c| c + 3 < stop) {
                    let _ = c;
                    let tokens = start..stop;
                    extents.push(self.extent(S_SENTENCE, E_AROUND, tokens));
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
        self.push_right(right.start, self.stop(), S_RIGHT, &mut extents);
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
