//! Reads every cue in its sentence: who may be its source, and which stretches may be its content.
//!
//! Owns the patterns. Several contents are proposed for one cue, each with what is to be seen about it; which one
//! holds, if any, is for [`super::score`] to say.

use std::ops::Range;

use super::grammar::{Grammar, Place};
use super::score::{Atom, Seen};
use crate::lexicon::cues::{Sort, Word};
use crate::text::{Gap, Kind, Language};

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
    pub seen: [Atom; 3],
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
        let earlier = out
            .last()
            .filter(|r| grammar.cues[r.cue].start >= sentence.start.max(place.start.saturating_sub(REACH)))
            .and_then(|r| r.source.clone());
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
        let start = self.sentence.start;
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
            let extents = vec![Extent { seen: [S_QUOTE, E_AROUND, length(&tokens)], tokens }];
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
            extents.push(Extent { seen: [from, E_LEFT, length(&tokens)], tokens });
        } else if left.at > self.sentence.start
            && (behind_comma || g.mark(left.at - 1) == Some('—') || g.mark(left.at - 1) == Some('–'))
            && matches!(kind, R_END | R_COMMA | R_INVERTED | R_PREP | R_COLON)
        {
            let start = self.left_start();
            if left.at > start + 2 {
                let tokens = start..left.at - 1;
                extents.push(Extent { seen: [S_SENTENCE, E_LEFT, length(&tokens)], tokens });
                let after = g.mark(group_end).is_some_and(|c| matches!(c, ',' | '—' | '–'));
                if after && stop > group_end + 2 {
                    let tokens = start..stop;
                    extents.push(Extent { seen: [S_SENTENCE, E_AROUND, length(&tokens)], tokens });
                }
            }
        }
        if !matches!(kind, R_END | R_INVERTED | R_COMMA) {
            if let Some(stretch) = g.opens(right.start)
                && matches!(kind, R_QUOTE | R_QUOTE_FAR)
            {
                let tokens = g.stretches[stretch].tokens.clone();
                let whole =
                    tokens.end + 1 >= self.sentence.end || tokens.end >= stop || self.ends_clause(tokens.end);
                if whole && !quoted {
                    quoted = true;
                    extents.clear();
                }
                extents.push(Extent { seen: [S_QUOTE, E_QUOTE, length(&tokens)], tokens });
            }
            if !(quoted && matches!(kind, R_QUOTE | R_QUOTE_FAR)) {
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

    /// Whether a clause can be over at `i`.
    fn ends_clause(&self, i: usize) -> bool {
        let g = self.grammar;
        i >= self.sentence.end
            || g.mark(i)
                .is_some_and(|c| matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | '—' | '–' | '(' | ')'))
            || g.is(
                i,
                Word::PREPOSITION | Word::SUBORDINATOR | Word::TIME | Word::CONJUNCTION | Word::RELATIVE,
            )
            || g.adverb(i)
            || g.word(i).is_some_and(|w| w.ends_with("ing"))
    }

    /// Source and auxiliaries before a verb or adjective.
    fn left(&self) -> Left {
        let g = self.grammar;
        let least = self.sentence.start.max(self.place.start.saturating_sub(REACH));
        let mut i = self.place.start;
        let mut aux = A_NONE;
        let mut negated = false;
        while i > least {
            let prev = i - 1;
            let word = g.word(prev).unwrap_or_default();
            let hung = prev > least
                && matches!(g.mark(prev - 1), Some('\'' | '’'))
                && g.text.tokens[prev].gap == Gap::None;
            if hung && matches!(word, "t" | "ve" | "re" | "d" | "ll" | "m")
                || hung && word == "s" && matches!(self.form(), F_ING | F_PAST | F_ADJECTIVE)
            {
                negated |= word == "t";
                if aux == A_NONE {
                    aux = match word {
                        "ve" => A_HAVE,
                        "d" | "ll" => A_MODAL,
                        "t" => A_NONE,
                        _ => A_BE,
                    };
                }
                i -= 2;
            } else if g.is(prev, Word::NEGATION) && !g.is(prev, Word::CONJUNCTION) {
                negated = true;
                i -= 1;
            } else if g.adverb(prev) && !(g.is(prev, Word::DETERMINER))
                || g.is(prev, Word::TIME) && g.text.tokens[prev].is_capital() && i - least > 2
            {
                i -= 1;
                if g.is(i, Word::TIME) && i > least && g.word(i - 1) == Some("on") {
                    i -= 1;
                }
            } else if g.is(prev, Word::AUXILIARY) {
                if aux == A_NONE {
                    aux = match word {
                        "is" | "are" | "was" | "were" | "be" | "been" | "being" | "am" | "isn" | "aren"
                        | "wasn" | "weren" => A_BE,
                        "has" | "have" | "had" | "having" | "hasn" | "haven" | "hadn" => A_HAVE,
                        "do" | "does" | "did" | "don" | "doesn" | "didn" => A_DO,
                        _ => A_MODAL,
                    };
                }
                i -= 1;
            } else {
                break;
            }
        }
        if negated {
            aux = A_NOT;
        }
        // "Tatyana Poloskova (Russia) said"
        if i > least && g.mark(i - 1) == Some(')') {
            let open = (least..i - 1).rev().take(8).find(|t| g.mark(*t) == Some('('));
            i = open.filter(|open| *open > least).unwrap_or(i);
        }
        let (kind, source) = self.subject(i, least);
        let at = source
            .as_ref()
            .filter(|s| s.end <= self.place.start && !matches!(kind, L_AND | L_TO | L_COMMA))
            .map_or(i, |s| s.start);
        Left { kind, source, aux, at }
    }

    fn subject(&self, i: usize, least: usize) -> (Atom, Option<Range<usize>>) {
        let g = self.grammar;
        let inherited = || self.earlier.clone().or_else(|| self.first_subject(least));
        if i <= least {
            return (L_START, None);
        }
        let prev = i - 1;
        if g.closes(prev).is_some_and(|s| g.stretches[s].words > 3)
            || g.closes(prev).is_some()
                && g.mark(prev.saturating_sub(1)).is_some_and(|c| matches!(c, ',' | '.' | '?' | '!'))
        {
            return (L_QUOTE, None);
        }
        match g.mark(prev) {
            Some(',' | '—' | '–') => {
                if self.form() == F_ING {
                    return (L_COMMA, inherited());
                }
                // "Smith, the mayor of Troy, said": look before the comma that opens the description
                let mut at = prev;
                for _ in 0..3 {
                    let Some(comma) = (least..at).rev().find(|t| g.mark(*t) == g.mark(prev)) else { break };
                    if let Some(phrase) = g.phrase_before(comma, least)
                        && (g.capital(phrase.end - 1) || g.is(phrase.start, Word::DETERMINER))
                        && at - comma > 1
                        && !(comma + 1..prev).any(|t| g.stretch(t).is_some_and(|s| g.stretches[s].words > 5))
                    {
                        return (L_APPOSITION, Some(phrase));
                    }
                    at = comma;
                }
                if prev > least && g.closes(prev - 1).is_some() {
                    return (L_QUOTE, None);
                }
                return (L_COMMA, None);
            }
            Some(c) if !matches!(c, '.' | ')' | '%' | '\'' | '’') => return (L_OTHER, None),
            _ => {}
        }
        if g.is(prev, Word::TO) && self.place.cue.base {
            return (L_TO, inherited());
        }
        if g.is(prev, Word::CONJUNCTION) {
            return (L_AND, inherited());
        }
        if g.is(prev, Word::RELATIVE) && !g.is(prev, Word::DETERMINER)
            || g.is(prev, Word::PRONOUN) && g.word(prev) == Some("who")
        {
            let end = prev - usize::from(prev > least && g.mark(prev - 1) == Some(','));
            let phrase = g.phrase_before(end, least);
            return (L_WHO, phrase.map(|p| p.start..prev + 1).or(Some(prev..i)));
        }
        if g.is(prev, Word::PRONOUN) {
            return (L_PRONOUN, Some(prev..i));
        }
        match g.phrase_before(i, least) {
            Some(p) if g.capital(p.end - 1) => (L_NAME, Some(p)),
            Some(p)
                if p.len() == 1
                    && g.is(p.start, Word::DETERMINER)
                    && !matches!(
                        g.word(p.start),
                        Some("the" | "a" | "an" | "his" | "her" | "their" | "its" | "my" | "our" | "your")
                    ) =>
            {
                (L_PRONOUN, Some(p))
            }
            Some(p) if p.len() == 1 && g.is(p.start, Word::DETERMINER) => (L_ARTICLE, None),
            Some(p) => (L_NOUN, Some(p)),
            None => (L_OTHER, None),
        }
    }

    /// The subject of the sentence's first verb.
    fn first_subject(&self, least: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        let verb = (least..self.place.start).find(|i| g.finite(*i))?;
        let mut end = verb;
        while end > least && (g.adverb(end - 1) || g.is(end - 1, Word::AUXILIARY)) {
            end -= 1;
        }
        if end > least && g.is(end - 1, Word::PRONOUN) {
            return Some(end - 1..end);
        }
        g.phrase_before(end, least)
    }

    /// The complement behind a verb or adjective.
    fn right(&self) -> Right {
        let g = self.grammar;
        let end = self.sentence.end;
        let mut r = self.place.end;
        while r < end
            && (g.adverb(r) && !g.is(r, Word::DETERMINER)
                || g.is(r, Word::TIME)
                || g.is(r, Word::PREPOSITION) && g.is(r + 1, Word::TIME))
        {
            r += 1;
        }
        let at = |kind, start| Right { kind, start };
        if r >= end {
            return at(R_END, r);
        }
        if g.opens(r).is_some() {
            return at(R_QUOTE, r);
        }
        if let Some(mark) = g.mark(r) {
            return match mark {
                ':' if r + 1 < g.text.tokens.len() && g.opens(r + 1).is_some() => at(R_QUOTE, r + 1),
                ',' if r + 1 < end && g.opens(r + 1).is_some() => at(R_QUOTE, r + 1),
                // "заявила, что", "sagte, dass"
                ',' if g.is(r + 1, Word::THAT) && g.language != Language::EN => at(R_THAT, r + 2),
                ':' => at(R_COLON, r + 1),
                ',' => at(R_COMMA, r + 1),
                '$' | '£' | '€' | '@' | '#' => at(R_OBJECT, r),
                _ => at(R_END, r),
            };
        }
        if g.is(r, Word::THAT) {
            if g.opens(r + 1).is_some() {
                return at(R_QUOTE, r + 1);
            }
            // "bildirib ki, …"
            return at(R_THAT, r + 1 + usize::from(g.mark(r + 1) == Some(',')));
        }
        if g.is(r, Word::TO) {
            return if g.is(r + 1, Word::DETERMINER | Word::OBJECT) || g.capital(r + 1) {
                self.far(r, R_PREP)
            } else {
                at(R_TO, r)
            };
        }
        if g.is(r, Word::WH) {
            return at(R_WH, r);
        }
        match g.word(r) {
            Some("as") => return at(R_AS, r + 1),
            Some("of") => return self.far(r, R_OF),
            Some("by") => return self.far(r, R_BY),
            _ => {}
        }
        if g.is(r, Word::PREPOSITION) {
            return self.far(r, R_PREP);
        }
        if g.is(r, Word::CONJUNCTION | Word::SUBORDINATOR) {
            return at(R_END, r);
        }
        if g.is(r, Word::PRONOUN) && !g.is(r, Word::OBJECT) {
            return at(R_CLAUSE, r);
        }
        if g.word(r).is_some_and(|w| w.ends_with("ing")) {
            return at(R_ING, r);
        }
        let object = if g.is(r, Word::OBJECT) { R_PRONOUN } else { R_OBJECT };
        self.far(r, object)
    }

    /// Looks over what stands directly behind the cue for a clause, "that", an infinitive or a quote farther on.
    fn far(&self, r: usize, near: Atom) -> Right {
        let g = self.grammar;
        let end = self.sentence.end.min(r + FAR);
        let starts_object = near == R_OBJECT || near == R_PRONOUN;
        let mut commas = 0;
        for i in r..end {
            if i > r
                && g.opens(i)
                    .is_some_and(|s| g.stretches[s].words > 3 || matches!(g.mark(i - 1), Some(':' | ',')))
            {
                return Right { kind: R_QUOTE_FAR, start: i };
            }
            match g.mark(i) {
                Some(':') => {
                    let start = i + 1;
                    return Right {
                        kind: if g.opens(start).is_some() { R_QUOTE_FAR } else { R_COLON_FAR },
                        start,
                    };
                }
                Some(';' | '—' | '–' | '.')
                    if g.text.tokens[i].gap != Gap::None || i + 1 == self.sentence.end =>
                {
                    break;
                }
                Some(',') => {
                    commas += 1;
                    if commas > 1 || starts_object {
                        if g.opens(i + 1).is_some() {
                            return Right { kind: R_QUOTE_FAR, start: i + 1 };
                        }
                        break;
                    }
                }
                _ => {}
            }
            if i == r {
                continue;
            }
            if g.is(i, Word::THAT) && !g.finite(i + 1) {
                return Right { kind: R_THAT_FAR, start: i + 1 };
            }
            if starts_object && commas == 0 {
                if g.word(i) == Some("as") && i < r + 7 {
                    return Right { kind: R_AS, start: r };
                }
                if g.is(i, Word::TO) && !g.is(i + 1, Word::DETERMINER) && !g.capital(i + 1) {
                    return Right { kind: R_TO_FAR, start: r };
                }
                if g.finite(i) && !g.is(i - 1, Word::TO | Word::RELATIVE) {
                    return Right { kind: R_CLAUSE, start: r };
                }
            }
            if (g.finite(i) || g.is(i, Word::WH | Word::SUBORDINATOR)) && commas == 0 && !starts_object {
                break;
            }
            if g.is(i, Word::WH | Word::CONJUNCTION) && near == R_PRONOUN {
                break;
            }
        }
        let start = if near == R_OBJECT || near == R_PRONOUN { r } else { r + 1 };
        Right { kind: near, start }
    }

    /// Proposes contents from `start` up to each boundary behind it and up to the sentence's end.
    fn push_right(&self, start: usize, stop: usize, from: Atom, extents: &mut Vec<Extent>) {
        let g = self.grammar;
        // a quote that the content opens may run on over several sentences
        let stop = match g.stretch(stop.saturating_sub(1)) {
            Some(s) if g.stretches[s].tokens.start >= start => g.stretches[s].tokens.end,
            Some(s) if g.stretches[s].tokens.start < start => stop.min(g.stretches[s].tokens.end - 1),
            _ => stop,
        };
        if stop <= start {
            return;
        }
        let tokens = start..stop;
        extents.push(Extent { seen: [from, E_STOP, length(&tokens)], tokens });
        let within = g.stretch(start.saturating_sub(1)).filter(|s| g.stretches[*s].tokens.start < start);
        for i in start + 1..stop.min(start + REACH) {
            if extents.len() >= MOST {
                break;
            }
            if let Some(s) = g.stretch(i)
                && Some(s) != within
                && g.stretches[s].tokens.start != i
                && g.closes(i).is_none()
            {
                continue;
            }
            let Some(kind) = self.boundary(i, start) else { continue };
            let tokens = start..i;
            extents.push(Extent { seen: [from, kind, length(&tokens)], tokens });
        }
    }

    /// What kind of boundary stands at a token, if a content may end before it.
    fn boundary(&self, i: usize, start: usize) -> Option<Atom> {
        let g = self.grammar;
        match g.mark(i) {
            Some(',') => {
                let next = i + 1;
                return Some(if g.is(next, Word::CONJUNCTION) {
                    E_COMMA_AND
                } else if g.is(next, Word::RELATIVE) && !g.is(next, Word::THAT) {
                    E_COMMA_WHO
                } else if g.is(next, Word::SUBORDINATOR) {
                    E_COMMA_SUB
                } else if g.word(next).is_some_and(|w| w.ends_with("ing") && w.len() > 4) {
                    E_COMMA_ING
                } else if g.capital(next) || g.is(next, Word::PRONOUN) {
                    E_COMMA_NAME
                } else {
                    E_COMMA
                });
            }
            Some('—' | '–' | ';' | '(' | '-') => {
                if g.text.tokens[i].gap == Gap::None && g.mark(i) != Some(';') && g.mark(i) != Some('—') {
                    return None;
                }
                return Some(E_DASH);
            }
            Some(_) => return None,
            None => {}
        }
        if g.text.tokens[i].kind != Kind::Word || g.mark(i - 1) == Some(',') {
            return None;
        }
        if g.is(i, Word::CONJUNCTION) {
            return Some(E_AND);
        }
        if g.is(i, Word::SUBORDINATOR) {
            return Some(E_SUB);
        }
        if i > start + 1 && g.is(i, Word::PREPOSITION) && g.word(i) != Some("of") {
            return Some(E_PREP);
        }
        if i > start + 1 && g.word(i).is_some_and(|w| w.ends_with("ing") && w.len() > 5) && g.cue(i).is_some()
        {
            return Some(E_ING);
        }
        None
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
                    extents.push(Extent { seen: [S_QUOTE, E_QUOTE, length(&tokens)], tokens });
                }
                let stop = g.stretch(stop - 1).map_or(stop, |s| stop.max(g.stretches[s].tokens.end));
                let tokens = from..stop;
                extents.push(Extent { seen: [S_COMMA, E_STOP, length(&tokens)], tokens });
            }
        } else {
            let end = self.place.start - usize::from(g.mark(self.place.start - 1) == Some(','));
            if end > start {
                let tokens = start..end;
                extents.push(Extent { seen: [S_SENTENCE, E_LEFT, length(&tokens)], tokens });
                if let Some(c) = comma.filter(|c| c + 3 < stop) {
                    let _ = c;
                    let tokens = start..stop;
                    extents.push(Extent { seen: [S_SENTENCE, E_AROUND, length(&tokens)], tokens });
                }
                // the clause that it stands in
                let clause = (start + 1..end)
                    .rev()
                    .take(REACH)
                    .find(|i| matches!(g.boundary_mark(*i), Some(',' | ';' | '—')));
                if let Some(c) = clause.filter(|c| c + 3 < end) {
                    let tokens = c + 1..end;
                    extents.push(Extent { seen: [S_COMMA, E_LEFT, length(&tokens)], tokens });
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
            (L_GENITIVE, g.phrase_before(end, least))
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
    /// The mark at a token, if it is not within a quoted stretch.
    fn boundary_mark(&self, i: usize) -> Option<char> {
        self.mark(i).filter(|_| self.stretch(i).is_none())
    }
}
