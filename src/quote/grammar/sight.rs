//! What each token is on its own: which function word, whether it may be part of a name, how it ends.

use serde::Deserialize;

use crate::document::Known;
use crate::language::word::Word;
use crate::text::{Case, Kind, Text, Token};

pub(super) const FINITE: u32 = 1;
pub(super) const CAPITAL: u32 = 1 << 1;
pub(super) const ADVERB: u32 = 1 << 2;
/// It is a word rather than a number or mark.
pub(super) const WORD: u32 = 1 << 3;
/// It has one of the [`Endings`]: "ing", "ed", "s" in English.
pub(in crate::quote) const ING: u32 = 1 << 4;
pub(in crate::quote) const ED: u32 = 1 << 5;
pub(in crate::quote) const S: u32 = 1 << 6;
/// A quoted stretch opens or closes with it.
pub(super) const OPENS: u32 = 1 << 7;
pub(super) const CLOSES: u32 = 1 << 8;
/// A clause may end before it.
pub(in crate::quote) const EDGE: u32 = 1 << 9;
/// A name of the article covers it; such a name starts with it.
pub(super) const NAMED: u32 = 1 << 10;
pub(super) const NAME_STARTS: u32 = 1 << 11;
/// The title of a person ends with it.
pub(super) const TITLE_ENDS: u32 = 1 << 12;

/// Fewest bytes before an adverb's ending: "only" and "fly" have too few.
const STEM: usize = 3;

/// Endings that show what a word may be: the `[endings]` table of a language's cues. An empty string means none.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Endings {
    /// Of a participle that accompanies another verb: "saying".
    pub participle: String,
    /// Of a past tense: "warned".
    pub past: String,
    /// Of a plural, a third-person verb and a possessive: "ministers", "says", "Rao's".
    pub plural: String,
    /// Of an adverb: "quietly".
    pub adverb: String,
    /// Of an infinitive, and what is inside one that another verb governs: German "sperr*en*", "an*zu*kündigen".
    pub infinitive: String,
    /// See `infinitive`.
    pub governed: String,
}

impl Endings {
    /// The endings of a language that lists none.
    pub(in crate::quote) const NONE: Self = Self {
        participle: String::new(),
        past: String::new(),
        plural: String::new(),
        adverb: String::new(),
        infinitive: String::new(),
        governed: String::new(),
    };

    /// Takes over the entries of another file of the language.
    pub(in crate::quote) fn extend(&mut self, more: Self) {
        let Self { participle, past, plural, adverb, infinitive, governed } = more;
        let own = [
            &mut self.participle,
            &mut self.past,
            &mut self.plural,
            &mut self.adverb,
            &mut self.infinitive,
            &mut self.governed,
        ];
        for (own, more) in own.into_iter().zip([participle, past, plural, adverb, infinitive, governed]) {
            if !more.is_empty() {
                *own = more;
            }
        }
    }

    /// The traits that a word's ending shows. `plain`: whether the word is all ASCII letters.
    #[inline]
    fn of(&self, word: &[u8], plain: bool) -> u32 {
        if ends(word, &self.plural) {
            S
        } else if ends(word, &self.participle) {
            ING | EDGE
        } else if ends(word, &self.past) {
            ED
        } else if plain && word.len() >= STEM + self.adverb.len() && ends(word, &self.adverb) {
            ADVERB
        } else {
            0
        }
    }

    /// The last byte of each ending.
    fn last_bytes(&self) -> [Option<u8>; 4] {
        [&self.participle, &self.past, &self.plural, &self.adverb].map(|e| e.as_bytes().last().copied())
    }

    /// Whether a word has an adverb's ending, however short it is.
    pub(in crate::quote) fn is_adverb(&self, word: &str) -> bool {
        ends(word.as_bytes(), &self.adverb)
    }

    /// Whether a word has a plural's ending, so that a bare apostrophe makes it a possessive.
    pub(in crate::quote) fn is_plural(&self, word: &str) -> bool {
        ends(word.as_bytes(), &self.plural)
    }

    /// Whether a word has an infinitive's ending. Unless it is `alone`, it must also contain what marks an
    /// infinitive that another verb governs.
    pub(in crate::quote) fn is_infinitive(&self, word: &str, alone: bool) -> bool {
        let within = || word.get(STEM - 1..).is_some_and(|rest| rest.contains(self.governed.as_str()));
        ends(word.as_bytes(), &self.infinitive) && (alone || !self.governed.is_empty() && within())
    }

    /// Whether a word has the ending of a participle that accompanies another verb.
    pub(in crate::quote) fn is_participle(&self, word: &str) -> bool {
        ends(word.as_bytes(), &self.participle)
    }
}

/// Whether a word has an ending; an empty one never counts.
#[inline]
fn ends(word: &[u8], ending: &str) -> bool {
    !ending.is_empty() && word.ends_with(ending.as_bytes())
}

/// What one token is; asked for often, so worked out once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight {
    /// Which sorts of function word it is.
    pub word: Word,
    /// Its number among the function words of the language; 0 if it is none.
    pub number: u16,
    /// The bits of [`FINITE`] and so on.
    pub traits: u32,
    /// The mark, if it is one; Arabic commas and minus signs as the comma and the dash they are.
    pub mark: Option<char>,
    /// 1 + index of the cue that covers it, or 0.
    pub cue: u32,
    /// 1 + index of the stretch that covers it, or 0.
    pub stretch: u32,
    /// How many finite verbs come before it.
    pub verbs: u32,
    /// How many commas come before it.
    pub commas: u32,
}

impl Sight {
    /// A token with no traits.
    pub const NONE: Self =
        Self { word: Word::NONE, number: 0, traits: 0, mark: None, cue: 0, stretch: 0, verbs: 0, commas: 0 };
}

/// What each token is on its own, and one entry past the last.
pub(super) fn sights(text: &Text, words: &[Known], endings: &Endings) -> Vec<Sight> {
    let raw = text.raw.as_bytes();
    let mut out = vec![Sight::NONE; text.tokens.len() + 1];
    // most words end with a letter that ends no ending
    let last = endings.last_bytes();
    for (((i, token), known), sight) in text.tokens.iter().enumerate().zip(words).zip(&mut out) {
        let bytes = &raw[token.start as usize..token.end as usize];
        match token.kind {
            Kind::Mark => {
                // treat a minus and a bar as a dash
                let mark = match token.first {
                    '−' | '―' => '—',
                    '،' => ',',
                    other => other,
                };
                sight.mark = Some(mark);
                if matches!(mark, ',' | '—' | '–' | ';' | '(' | '-') {
                    sight.traits = EDGE;
                }
            }
            Kind::Number if ends(bytes, &endings.plural) => sight.traits = S,
            Kind::Number => {}
            Kind::Word => {
                let upper = token.case == Case::Upper;
                if !(upper && is_acronym(text, i)) {
                    (sight.word, sight.number) = (known.beside.word, known.beside.number);
                }
                let known = last.contains(&bytes.last().copied());
                let ending = if known { endings.of(bytes, token.plain) } else { 0 };
                let capital = token.is_capital() && may_be_name(sight.word, upper && is_long(token));
                sight.traits = WORD | ending | traits_of(sight.word) | if capital { CAPITAL } else { 0 };
            }
        }
    }
    out
}

/// The traits of a function word.
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

/// Whether a capitalised word may be part of a name: not a function word, unless it is in capitals ("AT&T", "IN").
#[inline]
fn may_be_name(word: Word, capitals: bool) -> bool {
    !word.any(Word::PRONOUN | Word::SUBORDINATOR | Word::CONJUNCTION | Word::WH | Word::THAT)
        && (capitals || !word.any(Word::DETERMINER | Word::PREPOSITION | Word::ADVERB))
}

/// Whether a word has more than one letter; a Cyrillic letter takes two bytes.
#[inline]
fn is_long(token: &Token) -> bool {
    (token.end - token.start) as usize > token.first.len_utf8()
}

/// "WHO", "US", "IT" among lower-case words: an organisation or country, not a function word.
fn is_acronym(text: &Text, i: usize) -> bool {
    let upper = |i: usize| text.tokens.get(i).is_some_and(|t| t.case == Case::Upper && is_long(t));
    upper(i) && !upper(i + 1) && !(i > 0 && upper(i - 1))
}
