//! A shallow parse of one part of the document, its title or body: what each token can be, where the cues are, and
//! noun phrases.
//!
//! It only looks at words and knows nothing of attributions. It finds noun phrases ([`phrase`]) by function words
//! alone (the "small words" of the code), so names and things need not be listed anywhere.

mod phrase;
mod place;
pub(super) mod sight;
pub(super) mod usage;

use std::ops::Range;

use super::Data;
use sight::{ADVERB, CAPITAL, CLOSES, FINITE, NAME_STARTS, NAMED, OPENS, Sight, TITLE_ENDS, WORD, sights};
pub(super) use sight::{ED, EDGE, ING, S};

use super::mark::{Stretch, is_quotation_mark, stretches};
use crate::document::Meaning;
use crate::document::Scanned;
use crate::language::class::Class;
use crate::language::names::Names;
use crate::language::word::Word;
use crate::quote::cues::{Cue, Endings, Order, Sort, Usage};
use crate::text::{Case, Field, Gap, Language, Text};

/// A cue in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'d> {
    pub start: usize,
    pub end: usize,
    pub cue: &'d Cue,
    /// How it is used here: a word may be a verb and a noun.
    pub sort: Sort,
}

/// One part of the document, parsed.
#[derive(Debug)]
pub(super) struct Grammar<'d> {
    pub text: &'d Text,
    pub language: Language,
    /// The first token after the dateline.
    pub story: usize,
    /// Whether the verb ends the sentence.
    pub verb_final: bool,
    /// How the language orders speaker, verb and quote.
    pub order: Option<&'d Order>,
    /// Whether the subject may be on either side of the verb and apart from it.
    pub free_subject: bool,
    /// How the language builds and punctuates its sentences.
    pub usage: Usage,
    /// Whether all nouns are capitalised.
    pub capital_nouns: bool,
    /// Endings that show what a word may be.
    pub endings: &'d Endings,
    /// Endings of forms like "ajoutant", which share the subject of another verb.
    pub gerunds: &'d [String],
    /// Endings of adjectives, after which a noun is expected.
    adjectives: &'d [String],
    names: &'d Names,
    /// One per token, and one past the last.
    sights: Vec<Sight>,
    pub cues: Vec<Place<'d>>,
    pub stretches: Vec<Stretch>,
}

impl<'d> Grammar<'d> {
    pub fn new(part: &'d Scanned, language: Language, data: Data<'d>) -> Self {
        let text = &part.text;
        let endings = data.cues.endings(language);
        let said = |i: usize| says(part, data, i) && !endings.is_participle(text.word(i));
        let stretches = stretches(text, &said, &|i| endings.is_plural(text.word(i)));
        let sights = sights(text, &part.words, endings);
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
            capital_nouns: data.cues.bearers(language).is_some_and(|b| b.capital_nouns),
            endings,
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

    /// The sentence of a token. The first of a story begins after its dateline, and a semicolon ends one of a headline:
    /// "Union agrees on a price cap; Slovakia drops its veto".
    pub fn sentence(&self, token: usize) -> Range<usize> {
        let Range { mut start, mut end } = self.text.sentences[self.text.sentence_of(token)].clone();
        if token >= self.story {
            start = start.max(self.story);
        }
        if self.text.field == Field::Title {
            let ends = |i: &usize| self.mark(*i) == Some(';') && self.stretch(*i).is_none();
            start = (start..token).rev().find(ends).map_or(start, |i| i + 1);
            end = (token..end).find(ends).unwrap_or(end);
        }
        start..end
    }

    /// Marks where the people of the article are named.
    pub fn name(&mut self, mentions: &[(Range<usize>, usize)]) {
        for (tokens, _) in mentions {
            self.sights[tokens.clone()].iter_mut().for_each(|s| s.traits |= NAMED);
            self.sights[tokens.start].traits |= NAME_STARTS;
        }
    }

    /// Marks where the titles of people end: "minister", "spokeswoman".
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

    /// Whether a token is a verb form of reported speech: "frage", but not the noun "Frage".
    pub fn is_reported(&self, i: usize) -> bool {
        self.is(i, Word::REPORTED) && self.text.tokens[i].case == Case::Lower
    }

    /// Whether a token has any of these traits, such as [`ING`] or [`S`].
    #[inline]
    pub fn has(&self, i: usize, traits: u32) -> bool {
        self.sights.get(i).is_some_and(|s| s.traits & traits != 0)
    }

    /// How many finite verbs and how many commas are in a range of tokens.
    #[inline]
    pub fn verbs_and_commas(&self, tokens: &Range<usize>) -> (usize, usize) {
        let (from, to) = (&self.sights[tokens.start], &self.sights[tokens.end]);
        ((to.verbs - from.verbs) as usize, (to.commas - from.commas) as usize)
    }

    /// Whether `'s` or `s'` comes right before `i`.
    pub fn genitive_before(&self, i: usize) -> bool {
        let apostrophe =
            |t: usize| matches!(self.mark(t), Some('\'' | '’')) && self.text.tokens[t].gap == Gap::None;
        i >= 2 && (self.makes_owner(i - 1) && apostrophe(i - 2) || apostrophe(i - 1) && self.has(i - 2, S))
    }

    /// Whether a lower-case token makes a possessive of the name before its apostrophe: "s".
    pub fn makes_owner(&self, i: usize) -> bool {
        self.has(i, S) && self.names.is_owner_ending(self.text.word(i))
    }

    /// Whether a token is a function word of one of these sorts in lower case; with a capital, as "Of" in a
    /// headline, it may be something else.
    #[inline]
    pub fn is_small(&self, i: usize, sorts: Word) -> bool {
        self.is(i, sorts) && self.text.tokens[i].case == Case::Lower
    }

    /// Whether a token is a function word of one of these sorts.
    #[inline]
    pub fn is(&self, i: usize, sorts: Word) -> bool {
        self.sights.get(i).is_some_and(|s| s.word.any(sorts))
    }

    /// Whether a word may be a lower-case part of a name: "von".
    pub fn is_name_particle(&self, word: &str) -> bool {
        self.names.is_particle(&word.to_lowercase())
    }

    /// Whether a token ends an infinitive that another verb governs: "zu sperren", "anzukündigen".
    pub fn is_governed_infinitive(&self, i: usize) -> bool {
        let Some(word) = self.word(i).filter(|_| self.text.tokens[i].case == Case::Lower) else {
            return false;
        };
        i > 0 && self.is(i - 1, Word::TO) && self.endings.is_infinitive(word, true)
            || self.endings.is_infinitive(word, false)
    }

    /// Whether a token is a function word of any sort.
    #[inline]
    pub fn small(&self, i: usize) -> bool {
        self.sights.get(i).is_some_and(|s| s.word != Word::default())
    }

    /// The number of a function word; 0 for any other token.
    #[inline]
    pub fn small_word(&self, i: usize) -> u16 {
        self.sights.get(i).map_or(0, |s| s.number)
    }

    /// Whether a token is a word rather than a number or mark.
    #[inline]
    pub fn is_word(&self, i: usize) -> bool {
        self.has(i, WORD)
    }

    /// The length of a token in bytes.
    #[inline]
    pub fn length(&self, i: usize) -> u32 {
        self.text.tokens.get(i).map_or(0, |t| t.end - t.start)
    }

    /// The text of a token that is a word.
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
        // many parts have none
        match &self.stretches[..] {
            [] => None,
            all => all[..all.partition_point(|s| s.tokens.start < i)].last(),
        }
    }

    /// Whether a token is an adverb, by the list or by its ending.
    #[inline]
    pub fn adverb(&self, i: usize) -> bool {
        self.has(i, ADVERB)
    }

    /// Whether a token is certainly a finite verb: an auxiliary, a common verb, or a cue used as a verb.
    #[inline]
    pub fn finite(&self, i: usize) -> bool {
        self.has(i, FINITE)
    }

    /// Whether a token may be part of a name: capitalised and not a function word, or an initial.
    #[inline]
    pub fn capital(&self, i: usize) -> bool {
        self.has(i, CAPITAL)
    }
}

/// Whether a verb of saying starts at a token.
fn says(part: &Scanned, data: Data<'_>, token: usize) -> bool {
    let verb = |n: u32| {
        let cue = data.cues.cue(n);
        cue.sort == Sort::Verb && !cue.base
    };
    part.hits_at(token).any(|h| matches!(h.meaning, Meaning::Cue(n) if verb(n)))
}
