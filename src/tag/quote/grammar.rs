//! A shallow parse of one part of the document: what each token can be, which cues stand where, and noun phrases.
//!
//! Owns the look at words; knows no attribution. A noun phrase is found from closed classes of small words alone, so
//! that it works for names and things that no lexicon holds.

use std::ops::Range;

use super::mark::{Stretch, stretches};
use crate::lexicon::cues::{Cue, Sort, Word};
use crate::lexicon::{Lexicon, Meaning};
use crate::tag::Scanned;
use crate::text::{Case, Gap, Kind, Language, Text};

/// Tokens of the longest noun phrase that is walked over.
const LONGEST_PHRASE: usize = 24;

const FINITE: u8 = 1;
const CAPITAL: u8 = 1 << 1;
const ADVERB: u8 = 1 << 2;

/// A cue as it stands in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'d> {
    pub start: usize,
    pub end: usize,
    pub cue: &'d Cue,
    /// As it is used here: a word may be a verb and a noun.
    pub sort: Sort,
}

/// One part of the document, parsed.
#[derive(Debug)]
pub(super) struct Grammar<'d> {
    pub text: &'d Text,
    pub language: Language,
    /// The first token that is no dateline.
    pub story: usize,
    words: Vec<Word>,
    /// What each token is, of [`FINITE`], [`CAPITAL`] and [`ADVERB`]: asked for often, so told once.
    traits: Vec<u8>,
    /// How many finite verbs, and how many commas, stand before each token and before the end.
    before: Vec<(u32, u32)>,
    pub cues: Vec<Place<'d>>,
    /// For each token, 1 + index of the cue that covers it, or 0.
    cue_at: Vec<u32>,
    pub stretches: Vec<Stretch>,
    /// For each token, 1 + index of the stretch that covers it, or 0.
    stretch_at: Vec<u32>,
}

impl<'d> Grammar<'d> {
    pub fn new(part: &'d Scanned, language: Language, lexicon: &'d Lexicon) -> Self {
        let text = &part.text;
        let stretches = stretches(text);
        let mut stretch_at = vec![0; text.tokens.len()];
        for (i, stretch) in stretches.iter().enumerate() {
            stretch_at[stretch.tokens.clone()].fill(i as u32 + 1);
        }
        let mut folded = String::new();
        let small = lexicon.cues.words(language);
        let sort = |word: &str| small.and_then(|words| words.get(word)).copied().unwrap_or_default();
        let words = (0..text.tokens.len())
            .map(|i| {
                if text.tokens[i].kind != Kind::Word {
                    return Word::default();
                }
                let word = text.word(i);
                if word.bytes().all(|b| b.is_ascii_lowercase()) {
                    return sort(word);
                }
                if is_acronym(text, i) {
                    return Word::default();
                }
                folded.clear();
                folded.extend(word.chars().flat_map(char::to_lowercase));
                sort(&folded)
            })
            .collect();
        let mut out = Self {
            text,
            language,
            story: 0,
            words,
            traits: Vec::new(),
            before: Vec::new(),
            cues: Vec::new(),
            cue_at: vec![0; text.tokens.len()],
            stretches,
            stretch_at,
        };
        out.traits = vec![0; text.tokens.len()];
        for i in 0..text.tokens.len() {
            out.traits[i] =
                if out.is_capital(i) { CAPITAL } else { 0 } | if out.is_adverb(i) { ADVERB } else { 0 };
        }
        out.place_cues(part, lexicon);
        out.before.reserve(text.tokens.len() + 1);
        let (mut verbs, mut commas) = (0, 0);
        for i in 0..text.tokens.len() {
            out.before.push((verbs, commas));
            if out.is_finite(i) {
                out.traits[i] |= FINITE;
                verbs += 1;
            }
            commas += u32::from(out.mark(i) == Some(','));
        }
        out.before.push((verbs, commas));
        out
    }

    fn has(&self, i: usize, one: u8) -> bool {
        self.traits.get(i).is_some_and(|t| t & one != 0)
    }

    /// How many finite verbs and how many commas a range of tokens has.
    pub fn verbs_and_commas(&self, tokens: &Range<usize>) -> (usize, usize) {
        let (from, to) = (self.before[tokens.start], self.before[tokens.end]);
        ((to.0 - from.0) as usize, (to.1 - from.1) as usize)
    }

    /// Chooses among the cues that start at one token: the longest, and the sort that fits what stands before.
    fn place_cues(&mut self, part: &'d Scanned, lexicon: &'d Lexicon) {
        let hits = part.hits.iter().filter_map(|h| match h.meaning {
            Meaning::Cue(n) => Some((h.start as usize, h.end as usize, lexicon.cues.cue(n))),
            _ => None,
        });
        let language = lexicon.cues.language_for(self.language);
        let mut hits = hits.filter(|(.., cue)| cue.language == language);
        let mut next = hits.next();
        let mut covered = 0;
        while let Some((start, mut end, mut cue)) = next {
            let noun_here = self.takes_noun(start);
            next = hits.next();
            while let Some((s, e, other)) = next.filter(|n| n.0 == start) {
                debug_assert_eq!(s, start);
                let better = e > end
                    || e == end
                        && (cue.sort == Sort::Verb && other.sort == Sort::Noun && noun_here
                            || cue.sort == Sort::Noun && other.sort == Sort::Verb && !noun_here);
                if better {
                    (end, cue) = (e, other);
                }
                next = hits.next();
            }
            if start < covered {
                continue;
            }
            covered = end;
            let verb = cue.sort == Sort::Verb && end == start + 1;
            if verb && (cue.base && self.in_compound(start) || self.describes(start) || self.hung(start)) {
                continue;
            }
            self.cues.push(Place { start, end, cue, sort: cue.sort });
            self.cue_at[start..end].fill(self.cues.len() as u32);
        }
    }

    /// Whether a noun is likelier at `i` than a verb: behind an article, a genitive or a preposition.
    fn takes_noun(&self, i: usize) -> bool {
        i > 0
            && self.text.tokens[i].gap != Gap::Paragraph
            && (self.is(i - 1, Word::DETERMINER)
                || self.is(i - 1, Word::PREPOSITION)
                || self.genitive_before(i)
                || self
                    .word(i - 1)
                    .is_some_and(|w| w.ends_with("al") || w.ends_with("ous") || w.ends_with("ic")))
    }

    /// "White House press secretary", "Indiana State Fair": a verb's base form behind a name in the singular and before a noun is no verb.
    fn in_compound(&self, i: usize) -> bool {
        self.language == Language::EN
            && i > 0
            && self.text.tokens[i].gap != Gap::Paragraph
            && self.capital(i - 1)
            && self.stretch(i - 1) == self.stretch(i)
            && !self.text.word(i - 1).ends_with('s')
            && self.text.tokens.get(i + 1).is_some_and(|t| {
                t.case == Case::Lower || t.kind == Kind::Word && self.text.tokens[i].is_capital()
            })
            && self.words.get(i + 1).is_some_and(|w| *w == Word::default())
    }

    /// "the planning committee": a participle between an article and a noun attributes nothing.
    fn describes(&self, i: usize) -> bool {
        self.language == Language::EN
            && i > 0
            && self.text.word(i).ends_with("ing")
            && self.is(i - 1, Word::DETERMINER)
            && self.text.tokens.get(i + 1).is_some_and(|t| t.kind == Kind::Word && t.case == Case::Lower)
            && self.words.get(i + 1).is_some_and(|w| *w == Word::default())
    }

    /// "so-called", "self-proclaimed": the second half of a word attributes nothing.
    fn hung(&self, i: usize) -> bool {
        i > 1
            && self.mark(i - 1) == Some('-')
            && self.text.tokens[i].gap == Gap::None
            && self.text.tokens[i - 1].gap == Gap::None
    }

    /// Whether `'s` or `s'` stands right before `i`.
    pub fn genitive_before(&self, i: usize) -> bool {
        let apostrophe = |t: usize| {
            matches!(self.text.tokens[t].first, '\'' | '’') && self.text.tokens[t].gap == Gap::None
        };
        i >= 2
            && (self.text.word(i - 1) == "s" && apostrophe(i - 2)
                || apostrophe(i - 1) && self.text.word(i - 2).ends_with('s'))
    }

    /// Whether a token is a small word of one of these sorts.
    pub fn is(&self, i: usize, sorts: Word) -> bool {
        self.words.get(i).is_some_and(|w| w.any(sorts))
    }

    /// Whether a token is a small word of any sort.
    pub fn small(&self, i: usize) -> bool {
        self.words.get(i).is_some_and(|w| *w != Word::default())
    }

    /// The characters of a token that is a word.
    pub fn word(&self, i: usize) -> Option<&'d str> {
        self.text.tokens.get(i).filter(|t| t.kind == Kind::Word).map(|_| self.text.word(i))
    }

    /// The mark at a token.
    pub fn mark(&self, i: usize) -> Option<char> {
        self.text.tokens.get(i).filter(|t| t.kind == Kind::Mark).map(|t| t.first)
    }

    /// The cue that covers a token.
    pub fn cue(&self, i: usize) -> Option<usize> {
        self.cue_at.get(i).and_then(|n| (*n as usize).checked_sub(1))
    }

    /// The stretch that covers a token.
    pub fn stretch(&self, i: usize) -> Option<usize> {
        self.stretch_at.get(i).and_then(|n| (*n as usize).checked_sub(1))
    }

    /// The stretch that starts at a token.
    pub fn opens(&self, i: usize) -> Option<usize> {
        self.stretch(i).filter(|s| self.stretches[*s].tokens.start == i)
    }

    /// The stretch whose last token this is.
    pub fn closes(&self, i: usize) -> Option<usize> {
        self.stretch(i).filter(|s| self.stretches[*s].tokens.end == i + 1)
    }

    /// An adverb by list or by its ending.
    pub fn adverb(&self, i: usize) -> bool {
        self.has(i, ADVERB)
    }

    fn is_adverb(&self, i: usize) -> bool {
        self.is(i, Word::ADVERB)
            || self.text.tokens.get(i).is_some_and(|t| t.case == Case::Lower)
                && self.word(i).is_some_and(|w| w.len() > 4 && w.is_ascii() && w.ends_with("ly"))
    }

    /// A word that is finite for certain: an auxiliary, a common verb, or a cue that is used as a verb.
    pub fn finite(&self, i: usize) -> bool {
        self.has(i, FINITE)
    }

    fn is_finite(&self, i: usize) -> bool {
        self.is(i, Word::AUXILIARY | Word::VERB)
            || self.cue(i).is_some_and(|c| {
                let place = &self.cues[c];
                place.sort == Sort::Verb
                    && place.start == i
                    && !self.word(i).is_some_and(|w| w.ends_with("ing"))
                    && !self.takes_noun(i)
            })
    }

    /// Whether a name can stand here: a capital that is no small word, or an initial.
    pub fn capital(&self, i: usize) -> bool {
        self.has(i, CAPITAL)
    }

    fn is_capital(&self, i: usize) -> bool {
        self.text.tokens.get(i).is_some_and(|t| t.kind == Kind::Word && t.is_capital())
            && !self.is(i, Word::PRONOUN | Word::SUBORDINATOR | Word::CONJUNCTION | Word::WH | Word::THAT)
            && (!self.is(i, Word::DETERMINER | Word::PREPOSITION | Word::ADVERB)
                || self.text.tokens[i].case == Case::Upper && self.word(i).is_some_and(|w| w.len() > 1))
    }

    /// Whether a token may stand within a noun phrase.
    fn nominal(&self, i: usize) -> bool {
        let Some(token) = self.text.tokens.get(i) else { return false };
        match token.kind {
            Kind::Number => true,
            Kind::Mark => match token.first {
                '-' | '&' | '%' | '$' | '€' | '£' | '#' | '@' | '_' | '/' | '\u{2010}' | '\u{2011}' => {
                    true
                }
                '\'' | '’' => {
                    token.gap == Gap::None
                        && self.text.tokens.get(i + 1).is_some_and(|n| {
                            n.gap == Gap::None || i > 0 && self.text.word(i - 1).ends_with('s')
                        })
                }
                '.' => {
                    token.gap == Gap::None
                        && i > 0
                        && self.capital(i - 1)
                        && self.text.tokens[i - 1].end - self.text.tokens[i - 1].start <= 4
                        && self.capital(i + 1)
                }
                _ => false,
            },
            Kind::Word => {
                let stops = Word::PRONOUN
                    | Word::AUXILIARY
                    | Word::SUBORDINATOR
                    | Word::WH
                    | Word::RELATIVE
                    | Word::NEGATION
                    | Word::TO;
                let alone = self.is(i, Word::DETERMINER);
                // ", saying anybody who": a participle that a comma parts off
                let participle = self.mark(i.wrapping_sub(1)) == Some(',')
                    && self.cue(i).is_some_and(|c| self.cues[c].sort == Sort::Verb);
                let small_word = self.is(i, stops) && !alone || self.finite(i) || participle;
                !self.is(i, Word::VERB) && (self.capital(i) || !small_word)
            }
        }
    }

    /// The noun phrase that ends with the token before `end`, not reaching before `from`.
    pub fn phrase_before(&self, end: usize, from: usize) -> Option<Range<usize>> {
        let least = from.max(end.saturating_sub(LONGEST_PHRASE));
        let mut start = end;
        while start > least {
            let i = start - 1;
            let spoken = |s: usize| {
                self.stretches[s].words > 3
                    || i > 0 && matches!(self.mark(i - 1), Some(',' | '.' | '?' | '!'))
            };
            if self.closes(i).is_some_and(spoken) {
                break;
            }
            let scare =
                self.stretch(i).is_some_and(|s| self.stretches[s].words <= 3) && self.mark(i).is_some();
            let joined = self.is(i, Word::CONJUNCTION)
                && i > least
                && start < end
                && self.capital(i - 1)
                && self.capital(i + 1)
                || self.is(i, Word::CONJUNCTION) && i > least && self.is(i - 1, Word::DETERMINER);
            if self.is(i, Word::CONJUNCTION) {
                if !joined {
                    break;
                }
            } else if !(self.nominal(i) || scare) {
                break;
            }
            start = i;
            if self.text.tokens[i].gap == Gap::Paragraph {
                break;
            }
        }
        self.trim(start..end)
    }

    /// Cuts off what cannot start a subject.
    fn trim(&self, mut range: Range<usize>) -> Option<Range<usize>> {
        while !range.is_empty() {
            let i = range.start;
            if self.is(i, Word::PREPOSITION) && !self.is(i, Word::DETERMINER) {
                // "In an interview the mayor": the last article starts the subject, else the last run of capitals
                let inner = i + 1..range.end;
                let article = inner
                    .clone()
                    .skip(1)
                    .rev()
                    .find(|t| self.is(*t, Word::DETERMINER) && !self.is(*t - 1, Word::PREPOSITION));
                let mut run = range.end;
                while run > inner.start && (self.capital(run - 1) || self.mark(run - 1).is_some()) {
                    run -= 1;
                }
                range.start = article.unwrap_or(if run < range.end { run } else { inner.start });
            } else if self.mark(i).is_some_and(|c| !matches!(c, '$' | '@' | '#' | '“' | '"' | '‘' | '«'))
                || self.adverb(i) && !self.is(i, Word::DETERMINER)
                || self.is(i, Word::CONJUNCTION)
                || self.is(i, Word::TIME) && range.len() > 1 && self.text.tokens[i].case == Case::Lower
            {
                range.start += 1;
            } else {
                break;
            }
        }
        while range.end > range.start
            && self.mark(range.end - 1).is_some_and(|c| c != '%' && self.stretch(range.end - 1).is_none())
        {
            range.end -= 1;
        }
        (!range.is_empty() && range.clone().any(|i| self.text.tokens[i].kind != Kind::Mark)).then_some(range)
    }

    /// The noun phrase that starts at `start`, not reaching behind `to`. Takes in what follows with "of" and "for",
    /// and a description behind a comma up to the next one.
    pub fn phrase_after(&self, start: usize, to: usize) -> Option<Range<usize>> {
        let most = to.min(start + LONGEST_PHRASE);
        if start >= most {
            return None;
        }
        if self.is(start, Word::PRONOUN | Word::OBJECT)
            && !self.is(start, Word::DETERMINER)
            && self.word(start + 1) != Some("of")
        {
            return Some(start..start + 1);
        }
        let mut end = start;
        while end < most {
            let i = end;
            if i > start && self.text.tokens[i].gap == Gap::Paragraph
                || self.opens(i).is_some_and(|s| self.stretches[s].words > 3)
            {
                break;
            }
            let scare =
                self.stretch(i).is_some_and(|s| self.stretches[s].words <= 3) && self.mark(i).is_some();
            if self.is(i, Word::TIME) && (i == start || !self.is(i - 1, Word::DETERMINER)) {
                break;
            }
            if self.is(i, Word::PREPOSITION) && !self.capital(i) {
                let of = self
                    .word(i)
                    .is_some_and(|w| matches!(w, "of" | "for" | "from" | "at" | "with" | "in" | "on"))
                    && i > start
                    && !self.is(i + 1, Word::TIME | Word::PRONOUN)
                    && (self.capital(i + 1)
                        || self.word(i).is_some_and(|w| matches!(w, "of" | "for" | "at" | "with" | "from")));
                if !of {
                    break;
                }
            } else if self.is(i, Word::CONJUNCTION) {
                if !(i > start && i + 1 < most && (self.capital(i + 1) && self.capital(i - 1))) {
                    break;
                }
            } else if i > start
                && self.is(i, Word::OBJECT | Word::THAT)
                && !self.is(i, Word::DETERMINER)
                && self.word(i - 1) != Some("of")
                || self.adverb(i)
                || !(self.nominal(i) || scare)
            {
                break;
            }
            end += 1;
        }
        while end > start
            && (self.mark(end - 1).is_some_and(|c| c != '%' && self.stretch(end - 1).is_none())
                || self.is(end - 1, Word::PREPOSITION | Word::DETERMINER)
                    && !self.capital(end - 1)
                    && end - 1 > start)
        {
            end -= 1;
        }
        let article = end == start + 1
            && self.word(start).is_some_and(|w| ["a", "an", "the"].iter().any(|a| w.eq_ignore_ascii_case(a)))
            && self.language == Language::EN;
        (end > start && !article && (start..end).any(|i| self.text.tokens[i].kind != Kind::Mark))
            .then_some(start..end)
    }
}

/// "WHO", "US", "IT" among words in small letters: an organisation or country, no small word.
fn is_acronym(text: &Text, i: usize) -> bool {
    let upper = |i: usize| text.tokens.get(i).is_some_and(|t| t.case == Case::Upper && t.end - t.start >= 2);
    upper(i) && !upper(i + 1) && !(i > 0 && upper(i - 1))
}
