//! A shallow parse of one part of the document: what each token can be, which cues stand where, and noun phrases.
//!
//! Owns the look at words; knows no attribution. Noun phrases ([`phrase`]) are found from closed classes of small words
//! alone, so that it works for names and things that no data holds.

mod phrase;
pub(super) mod usage;

use std::ops::Range;

use super::Data;
use super::mark::{Stretch, is_quotation_mark, stretches};
use crate::document::Scanned;
use crate::document::{Known, Meaning};
use crate::language::class::Class;
use crate::language::names::Names;
use crate::language::small::Small;
use crate::language::word::Word;
use crate::quote::cues::{Cue, Order, Sort, Usage};
use crate::text::{Case, Field, Gap, Kind, Language, Text, Token};

/// Tokens between a participle and its auxiliary.
const AUXILIARY: usize = 8;
/// Tokens between a verb and its particle.
const CLAUSE: usize = 24;
/// Most words before the last one of a compound.
const COMPOUND: usize = 3;
const FINITE: u32 = 1;
const CAPITAL: u32 = 1 << 1;
const ADVERB: u32 = 1 << 2;
/// It is a word, and no number or mark.
const WORD: u32 = 1 << 3;
/// It ends with "ing", "ed", "s".
pub(super) const ING: u32 = 1 << 4;
pub(super) const ED: u32 = 1 << 5;
pub(super) const S: u32 = 1 << 6;
/// A quoted stretch opens or closes with it.
const OPENS: u32 = 1 << 7;
const CLOSES: u32 = 1 << 8;
/// A clause may end before it.
pub(super) const EDGE: u32 = 1 << 9;
/// A name of the article covers it; one starts with it.
const NAMED: u32 = 1 << 10;
const NAME_STARTS: u32 = 1 << 11;
/// The title of a person ends with it.
const TITLE_ENDS: u32 = 1 << 12;

/// What one token is: asked for often, so told once.
#[derive(Debug, Clone, Copy)]
struct Sight {
    /// What sorts of small word it is.
    word: Word,
    /// Which small word, as [`crate::language::word::letters`] tells; that of no letters, if it is none.
    letters: u32,
    /// Of [`FINITE`] and so on.
    traits: u32,
    /// The mark that it is, or nothing.
    mark: Option<char>,
    /// 1 + index of the cue that covers it, or 0.
    cue: u32,
    /// 1 + index of the stretch that covers it, or 0.
    stretch: u32,
    /// How many finite verbs stand before it.
    verbs: u32,
    /// How many commas stand before it.
    commas: u32,
}

impl Sight {
    /// Of nothing.
    const NONE: Self = Self {
        word: Word::NONE,
        letters: Small::NONE.letters,
        traits: 0,
        mark: None,
        cue: 0,
        stretch: 0,
        verbs: 0,
        commas: 0,
    };
}

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
    /// Whether the verb ends the sentence.
    pub verb_final: bool,
    /// How the language orders speaker, verb and quote.
    pub order: Option<&'d Order>,
    /// Whether the subject may stand on either side of the verb and apart from it.
    pub free_subject: bool,
    /// How the language builds and punctuates its sentences.
    pub usage: Usage,
    /// Endings of "ajoutant", which goes with the subject of another verb.
    pub gerunds: &'d [String],
    /// Endings of adjectives, behind which a noun stands.
    adjectives: &'d [String],
    names: &'d Names,
    /// One a token, and one behind the last.
    sights: Vec<Sight>,
    pub cues: Vec<Place<'d>>,
    pub stretches: Vec<Stretch>,
}

impl<'d> Grammar<'d> {
    pub fn new(part: &'d Scanned, language: Language, data: Data<'d>) -> Self {
        let text = &part.text;
        let stretches = stretches(text, &|i| says(part, data, i));
        let sights = sights(text, &part.words);
        let verb_final = data.cues.verb_final(language);
        let order = data.cues.order(language);
        let free_subject = data.cues.free_subject(language);
        let mut out = Self {
            text,
            language,
            story: 0,
            verb_final,
            order,
            free_subject,
            usage: data.cues.usage(language),
            gerunds: data.cues.gerunds(language),
            adjectives: data.cues.adjective_endings(language),
            names: &data.vocabulary.names,
            sights,
            cues: Vec::new(),
            stretches,
        };
        out.mark_titles(part, data);
        for (i, stretch) in out.stretches.iter().enumerate() {
            out.sights[stretch.tokens.clone()].iter_mut().for_each(|s| s.stretch = i as u32 + 1);
            out.sights[stretch.tokens.start].traits |= OPENS;
            out.sights[stretch.tokens.end - 1].traits |= CLOSES;
        }
        out.place_cues(part, data);
        let (mut verbs, mut commas) = (0, 0);
        for sight in &mut out.sights {
            (sight.verbs, sight.commas) = (verbs, commas);
            verbs += u32::from(sight.traits & FINITE != 0);
            commas += u32::from(sight.mark == Some(','));
        }
        out
    }

    /// Whether a part has anything that could be attributed: a cue, or a mark that may open a quote.
    pub fn has_quotes(part: &Scanned) -> bool {
        part.hits.iter().any(|h| matches!(h.meaning, Meaning::Cue(_)))
            || part.text.tokens.iter().any(is_quotation_mark)
    }

    /// Notes where the people of the article are named.
    pub fn name(&mut self, mentions: &[(Range<usize>, usize)]) {
        for (tokens, _) in mentions {
            self.sights[tokens.clone()].iter_mut().for_each(|s| s.traits |= NAMED);
            self.sights[tokens.start].traits |= NAME_STARTS;
        }
    }

    /// Notes where the titles of people end: "minister", "spokeswoman".
    fn mark_titles(&mut self, part: &Scanned, data: Data<'d>) {
        let borne = Class::OFFICE | Class::ROLE | Class::RANK | Class::HONORIFIC;
        for hit in &part.hits {
            if matches!(hit.meaning, Meaning::Title(n) if data.vocabulary.title(n).any(borne)) {
                self.sights[hit.end as usize - 1].traits |= TITLE_ENDS;
            }
        }
    }

    /// Whether a name of the article covers a token.
    #[inline]
    pub fn named(&self, i: usize) -> bool {
        self.has(i, NAMED)
    }

    /// Whether a name of the article starts at a token.
    #[inline]
    pub fn name_starts(&self, i: usize) -> bool {
        self.has(i, NAME_STARTS)
    }

    /// Whether the title of a person ends with a token.
    #[inline]
    pub fn title_ends(&self, i: usize) -> bool {
        self.has(i, TITLE_ENDS)
    }

    /// Whether a token has one of these traits: [`ING`], [`S`].
    #[inline]
    pub fn has(&self, i: usize, traits: u32) -> bool {
        self.sights.get(i).is_some_and(|s| s.traits & traits != 0)
    }

    /// How many finite verbs and how many commas a range of tokens has.
    #[inline]
    pub fn verbs_and_commas(&self, tokens: &Range<usize>) -> (usize, usize) {
        let (from, to) = (&self.sights[tokens.start], &self.sights[tokens.end]);
        ((to.verbs - from.verbs) as usize, (to.commas - from.commas) as usize)
    }

    /// Chooses among the cues that start at one token: the longest, and the sort that fits what stands before.
    fn place_cues(&mut self, part: &'d Scanned, data: Data<'d>) {
        let mut hits = part.hits.iter().filter_map(|h| match h.meaning {
            Meaning::Cue(n) => Some((h.start as usize, h.end as usize, data.cues.cue(n))),
            _ => None,
        });
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
            if verb && self.is_name_part(start, cue.base) {
                continue;
            }
            if verb && (self.lacks_particle(start, data) || self.lacks_auxiliary(start, data)) {
                continue;
            }
            if verb && (cue.base && self.in_compound(start) || self.describes(start) || self.hung(start)) {
                continue;
            }
            if verb && (cue.base || self.has(start, S)) && self.ends_object(start) {
                continue;
            }
            // "on critical infrastructure"
            let noun_behind = self.text.tokens.get(end).is_some_and(|t| {
                t.kind == Kind::Word && t.gap == Gap::Space && t.case == Case::Lower && !self.small(end)
            });
            if cue.sort == Sort::Adjective && noun_here && noun_behind {
                continue;
            }
            self.cues.push(Place { start, end, cue, sort: cue.sort });
            let index = self.cues.len() as u32;
            self.sights[start..end].iter_mut().for_each(|s| s.cue = index);
            if cue.sort == Sort::Verb && !noun_here && !self.has(start, ING) {
                self.sights[start].traits |= FINITE;
            }
        }
    }

    /// Whether a noun is likelier at `i` than a verb: behind an article, a genitive or a preposition.
    fn takes_noun(&self, i: usize) -> bool {
        i > 0
            && self.text.tokens[i].gap != Gap::Paragraph
            && (self.is(i - 1, Word::DETERMINER)
                || self.is(i - 1, Word::PREPOSITION)
                || self.genitive_before(i)
                || self.word(i - 1).is_some_and(|w| self.adjectives.iter().any(|e| w.ends_with(e.as_str()))))
    }

    /// "White House press secretary", "Indiana State Fair": a verb's base form behind a name in the singular and before a noun is no verb.
    fn in_compound(&self, i: usize) -> bool {
        self.usage.compounds
            && i > 0
            && self.text.tokens[i].gap != Gap::Paragraph
            && self.capital(i - 1)
            && self.stretch(i - 1) == self.stretch(i)
            && !self.has(i - 1, S)
            && self.text.tokens.get(i + 1).is_some_and(|t| {
                t.case == Case::Lower || t.kind == Kind::Word && self.text.tokens[i].is_capital()
            })
            && !self.small(i + 1)
    }

    /// "left its benchmark interest rates": behind nouns that are the object of a verb that says nothing.
    fn ends_object(&self, i: usize) -> bool {
        let beside = |t: usize| t > 0 && self.text.tokens[t].gap == Gap::Space;
        let noun = |t: usize| self.text.tokens[t].kind == Kind::Word && !self.capital(t) && !self.small(t);
        let mut at = i;
        while beside(at) && i - at < COMPOUND && noun(at - 1) {
            at -= 1;
        }
        let nouns = i - at;
        if beside(at) && self.is(at - 1, Word::DETERMINER) {
            at -= 1;
        }
        nouns > 0
            && beside(at)
            && self.is(at - 1, Word::VERB)
            && !self.is(at - 1, Word::AUXILIARY)
            && self.cue(at - 1).is_none()
    }

    /// "Secretary of State", "Judge A. B. Sample", "the plant's press officer": a verb's form that is part of a name or
    /// a noun.
    fn is_name_part(&self, i: usize, base: bool) -> bool {
        let token = &self.text.tokens[i];
        let next = self.text.tokens.get(i + 1);
        let noun_behind =
            next.is_some_and(|t| t.kind == Kind::Word && t.case == Case::Lower) && !self.small(i + 1);
        if base && self.usage.compounds && self.genitive_before(i) && noun_behind {
            return true;
        }
        if self.text.field != Field::Text || !token.is_capital() {
            return false;
        }
        let spaced = token.gap != Gap::None;
        let mark = self.mark(i.wrapping_sub(1)).is_some_and(|c| spaced || !matches!(c, '-' | '\'' | '’'));
        let head = mark || self.text.sentences[self.text.sentence_of(i)].start == i;
        !head || base && next.is_some_and(Token::is_capital)
    }

    /// "le dialogue annoncé par Macron": a participle without an auxiliary before it says nothing.
    fn lacks_auxiliary(&self, i: usize, data: Data<'d>) -> bool {
        let word = self.text.word(i);
        let participle =
            data.cues.participle_endings(self.language).iter().any(|e| word.ends_with(e.as_str()));
        let helps = |t: &usize| self.is(*t, Word::AUXILIARY);
        let ends = |t: &usize| matches!(self.mark(*t), Some(',' | '.' | ';' | ':'));
        participle && !(i.saturating_sub(AUXILIARY)..i).rev().take_while(|t| !ends(t)).any(|t| helps(&t))
    }

    /// "gab das Geld zurück": a verb that says something only with another particle at the end of its clause.
    fn lacks_particle(&self, i: usize, data: Data<'d>) -> bool {
        let Some(particles) = data.cues.particles(self.language, self.text.word(i)) else { return false };
        let clause = i + 1..self.text.tokens.len().min(i + CLAUSE);
        let over = |t: usize| {
            self.text.tokens.get(t).is_none_or(|n| n.kind == Kind::Mark || n.gap == Gap::Paragraph)
                || self.is(t, Word::THAT | Word::CONJUNCTION)
        };
        let end = clause.clone().find(|t| matches!(self.mark(*t), Some('.' | ';' | '!' | '?')));
        let mut clause = clause.start..end.unwrap_or(clause.end);
        !clause.any(|t| self.word(t).is_some_and(|w| particles.iter().any(|p| **p == *w)) && over(t + 1))
    }

    /// "the planning committee": a participle between an article and a noun attributes nothing.
    fn describes(&self, i: usize) -> bool {
        self.usage.compounds
            && i > 0
            && self.has(i, ING)
            && self.is(i - 1, Word::DETERMINER)
            && self.text.tokens.get(i + 1).is_some_and(|t| t.kind == Kind::Word && t.case == Case::Lower)
            && !self.small(i + 1)
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
        let apostrophe =
            |t: usize| matches!(self.mark(t), Some('\'' | '’')) && self.text.tokens[t].gap == Gap::None;
        i >= 2 && (self.makes_owner(i - 1) && apostrophe(i - 2) || apostrophe(i - 1) && self.has(i - 2, S))
    }

    /// Whether a token in small letters makes an owner of the name before its apostrophe: "s".
    pub fn makes_owner(&self, i: usize) -> bool {
        self.has(i, S) && self.names.is_owner_ending(self.text.word(i))
    }

    /// Whether a token in small letters is a small word of one of these sorts: in a headline, "Of" may stand for more.
    #[inline]
    pub fn is_small(&self, i: usize, sorts: Word) -> bool {
        self.is(i, sorts) && self.text.tokens[i].case == Case::Lower
    }

    /// Whether a token is a small word of one of these sorts.
    #[inline]
    pub fn is(&self, i: usize, sorts: Word) -> bool {
        self.sights.get(i).is_some_and(|s| s.word.any(sorts))
    }

    /// Whether a token is a small word of any sort.
    #[inline]
    pub fn small(&self, i: usize) -> bool {
        self.sights.get(i).is_some_and(|s| s.word != Word::default())
    }

    /// The number of a small word; of any other token that of no letters.
    #[inline]
    pub fn letters(&self, i: usize) -> u32 {
        self.sights.get(i).map_or(Small::NONE.letters, |s| s.letters)
    }

    /// Whether a token is a word, and no number or mark.
    #[inline]
    pub fn is_word(&self, i: usize) -> bool {
        self.has(i, WORD)
    }

    /// Bytes of a token.
    #[inline]
    pub fn length(&self, i: usize) -> u32 {
        self.text.tokens.get(i).map_or(0, |t| t.end - t.start)
    }

    /// The characters of a token that is a word.
    #[inline]
    pub fn word(&self, i: usize) -> Option<&'d str> {
        self.has(i, WORD).then(|| self.text.word(i))
    }

    /// The mark at a token.
    #[inline]
    pub fn mark(&self, i: usize) -> Option<char> {
        self.sights.get(i).and_then(|s| s.mark)
    }

    /// The cue that covers a token.
    #[inline]
    pub fn cue(&self, i: usize) -> Option<usize> {
        self.sights.get(i).and_then(|s| (s.cue as usize).checked_sub(1))
    }

    /// The stretch that covers a token.
    #[inline]
    pub fn stretch(&self, i: usize) -> Option<usize> {
        self.sights.get(i).and_then(|s| (s.stretch as usize).checked_sub(1))
    }

    /// The stretch that starts at a token.
    #[inline]
    pub fn opens(&self, i: usize) -> Option<usize> {
        if self.has(i, OPENS) { self.stretch(i) } else { None }
    }

    /// The stretch whose last token this is.
    #[inline]
    pub fn closes(&self, i: usize) -> Option<usize> {
        if self.has(i, CLOSES) { self.stretch(i) } else { None }
    }

    /// The last stretch that starts before a token.
    #[inline]
    pub fn last_stretch_before(&self, i: usize) -> Option<&Stretch> {
        // most parts have few
        match &self.stretches[..] {
            [] => None,
            all => all[..all.partition_point(|s| s.tokens.start < i)].last(),
        }
    }

    /// An adverb by list or by its ending.
    #[inline]
    pub fn adverb(&self, i: usize) -> bool {
        self.has(i, ADVERB)
    }

    /// A word that is finite for certain: an auxiliary, a common verb, or a cue that is used as a verb.
    #[inline]
    pub fn finite(&self, i: usize) -> bool {
        self.has(i, FINITE)
    }

    /// Whether a name can stand here: a capital that is no small word, or an initial.
    #[inline]
    pub fn capital(&self, i: usize) -> bool {
        self.has(i, CAPITAL)
    }
}

/// What each token is by itself, and one more.
fn sights(text: &Text, words: &[Known]) -> Vec<Sight> {
    let raw = text.raw.as_bytes();
    let mut out = vec![Sight::NONE; text.tokens.len() + 1];
    for (((i, token), known), sight) in text.tokens.iter().enumerate().zip(words).zip(&mut out) {
        let bytes = &raw[token.start as usize..token.end as usize];
        match token.kind {
            Kind::Mark => {
                // a minus and a bar stand for a dash
                let mark = if matches!(token.first, '−' | '―') { '—' } else { token.first };
                sight.mark = Some(mark);
                if matches!(mark, ',' | '—' | '–' | ';' | '(' | '-') {
                    sight.traits = EDGE;
                }
            }
            Kind::Number if bytes.ends_with(b"s") => sight.traits = S,
            Kind::Number => {}
            Kind::Word => {
                let upper = token.case == Case::Upper;
                if !(upper && is_acronym(text, i)) {
                    (sight.word, sight.letters) = (known.beside.word, known.beside.letters);
                }
                let ending = match bytes {
                    [.., b's'] => S,
                    [.., b'i', b'n', b'g'] => ING | EDGE,
                    [.., b'e', b'd'] => ED,
                    [_, _, _, .., b'l', b'y'] if token.plain => ADVERB,
                    _ => 0,
                };
                let capital = token.is_capital() && may_be_name(sight.word, upper && bytes.len() > 1);
                sight.traits = WORD | ending | traits_of(sight.word) | if capital { CAPITAL } else { 0 };
            }
        }
    }
    out
}

/// The traits of a small word.
#[inline]
fn traits_of(word: Word) -> u32 {
    if word == Word::NONE {
        return 0;
    }
    let any = |sorts, one| if word.any(sorts) { one } else { 0 };
    any(Word::AUXILIARY | Word::VERB, FINITE)
        | any(Word::ADVERB, ADVERB)
        | any(Word::CONJUNCTION | Word::SUBORDINATOR | Word::PREPOSITION, EDGE)
}

/// Whether a word with a capital can be one of a name: no small word, unless in capitals ("AT&T", "IN").
#[inline]
fn may_be_name(word: Word, capitals: bool) -> bool {
    !word.any(Word::PRONOUN | Word::SUBORDINATOR | Word::CONJUNCTION | Word::WH | Word::THAT)
        && (capitals || !word.any(Word::DETERMINER | Word::PREPOSITION | Word::ADVERB))
}

/// Whether a verb of saying starts at a token.
fn says(part: &Scanned, data: Data<'_>, token: usize) -> bool {
    let verb = |n: u32| {
        let cue = data.cues.cue(n);
        cue.sort == Sort::Verb && !cue.base
    };
    let from = part.hits.partition_point(|h| (h.start as usize) < token);
    let mut here = part.hits[from..].iter().take_while(|h| h.start as usize == token);
    here.any(|h| matches!(h.meaning, Meaning::Cue(n) if verb(n)))
}

/// "WHO", "US", "IT" among words in small letters: an organisation or country, no small word.
fn is_acronym(text: &Text, i: usize) -> bool {
    let upper = |i: usize| text.tokens.get(i).is_some_and(|t| t.case == Case::Upper && t.end - t.start >= 2);
    upper(i) && !upper(i + 1) && !(i > 0 && upper(i - 1))
}
