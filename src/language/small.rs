//! The small words of a language by their letters: a table in which each token of a text is looked up, so a short word
//! is compared as one number and never copied.

use rustc_hash::FxHashMap;

use crate::language::word::Word;
use crate::text::{Case, Text, Token, small_letters};

/// Bytes of the longest word that is compared as one number.
const SHORT: usize = 16;

/// What a small word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Small {
    /// What it can be; nothing if it is no small word.
    pub word: Word,
    /// Its place in [`SmallWords::listed`], from 1; 0 for no small word.
    pub number: u16,
}

impl Small {
    /// No small word.
    pub const NONE: Self = Self { word: Word::NONE, number: 0 };
}

impl Default for Small {
    fn default() -> Self {
        Self::NONE
    }
}

/// Small words, folded.
#[derive(Debug, Default)]
pub struct SmallWords {
    /// By [`number`] of the word; 0 for an empty slot. Open addressing; the length is a power of two, at least twice
    /// the number of words.
    short: Box<[(u128, Small)]>,
    long: FxHashMap<Box<str>, Small>,
    /// All of them, in order of their letters.
    listed: Vec<Box<str>>,
    /// Bytes of the longest word.
    longest: usize,
    /// All that any of them can be.
    sorts: Word,
}

impl SmallWords {
    /// Builds the table from words in lower case with what each can be.
    pub fn new(words: &FxHashMap<Box<str>, Word>) -> Self {
        let length = (words.len() * 2).next_power_of_two();
        let mut short = vec![(0, Small::NONE); length].into_boxed_slice();
        let mut long = FxHashMap::default();
        let mut listed: Vec<Box<str>> = words.keys().cloned().collect();
        listed.sort_unstable();
        for (text, place) in listed.iter().zip(1..=u16::MAX) {
            let small = Small { word: words[text], number: place };
            if text.len() > SHORT {
                long.insert(text.clone(), small);
                continue;
            }
            let number = number(text.as_bytes(), 0, text.len());
            let mut at = start(number, length);
            while short[at].0 != 0 {
                at = (at + 1) & (length - 1);
            }
            short[at] = (number, small);
        }
        let longest = words.keys().map(|w| w.len()).max().unwrap_or_default();
        let sorts = words.values().fold(Word::NONE, |all, word| all | *word);
        Self { short, long, listed, longest, sorts }
    }

    /// Whether any word can be of one of these sorts.
    pub fn has(&self, sorts: Word) -> bool {
        self.sorts.any(sorts)
    }

    /// What a word in lower case can be.
    pub fn get(&self, folded: &str) -> Small {
        match folded.len() {
            0 => Small::NONE,
            1..=SHORT => self.short(number(folded.as_bytes(), 0, folded.len())),
            _ => self.long.get(folded).copied().unwrap_or(Small::NONE),
        }
    }

    /// What a word token can be, regardless of case. `folded` is a reused buffer.
    #[inline]
    pub fn of(&self, text: &Text, token: &Token, folded: &mut String) -> Small {
        let (from, to) = (token.start as usize, token.end as usize);
        if to - from > self.longest {
            return Small::NONE;
        }
        if to - from <= SHORT {
            let number = number(text.raw.as_bytes(), from, to);
            if token.plain {
                return self.short(number);
            }
            // one bit makes ASCII letters lower case; digits and dots have that bit already
            if number & HIGH == 0 {
                return self.short(number | SMALL & MASKS[to - from]);
            }
            if token.case == Case::Lower {
                return self.short(number);
            }
        }
        small_letters(&text.raw[from..to], folded);
        self.get(folded)
    }

    /// All of them, in order of their letters.
    pub fn listed(&self) -> &[Box<str>] {
        &self.listed
    }

    #[inline]
    fn short(&self, number: u128) -> Small {
        if self.short.is_empty() {
            return Small::NONE;
        }
        let mut at = start(number, self.short.len());
        loop {
            let (found, small) = self.short[at];
            if found == number {
                return small;
            }
            if found == 0 {
                return Small::NONE;
            }
            at = (at + 1) & (self.short.len() - 1);
        }
    }
}

/// The bit of each byte that is never set in ASCII.
const HIGH: u128 = u128::from_le_bytes([0x80; SHORT]);
/// The bit of each byte that is set in lower-case letters and not in capitals.
const SMALL: u128 = u128::from_le_bytes([0x20; SHORT]);

/// By length: the mask for the first bytes of a word.
const MASKS: [u128; SHORT + 1] = {
    let mut masks = [0; SHORT + 1];
    let mut bytes = 1;
    while bytes <= SHORT {
        masks[bytes] = masks[bytes - 1] << 8 | 0xff;
        bytes += 1;
    }
    masks
};

/// Up to [`SHORT`] bytes as one number, the first byte lowest.
#[inline]
pub(crate) fn number(bytes: &[u8], from: usize, to: usize) -> u128 {
    let length = to - from;
    let mut whole = [0; SHORT];
    if let Some(Ok(beyond)) = bytes.get(from..from + SHORT).map(<[u8; SHORT]>::try_from) {
        return u128::from_le_bytes(beyond) & MASKS[length];
    }
    whole[..length].copy_from_slice(&bytes[from..to]);
    u128::from_le_bytes(whole)
}

#[inline]
fn start(number: u128, slots: usize) -> usize {
    let mixed = (number as u64 ^ ((number >> 64) as u64).rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 40) as usize & (slots - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Abbreviations, Field};

    #[test]
    fn finds_words_however_they_are_written() {
        let words = [
            ("the", Word::DETERMINER),
            ("o.k", Word::ADVERB),
            ("a2", Word::TIME),
            ("он", Word::PRONOUN),
            ("mrttarcaatpqrst1", Word::TO),
            ("соответственно", Word::ADVERB),
        ];
        let table = SmallWords::new(&words.iter().map(|(w, s)| ((*w).into(), *s)).collect());
        let raw = "The the THE then A2 Он ОН он О MRTTARCAATPQRST1 Соответственно соответственно tHe";
        let text = Text::new(Field::Text, raw.to_owned(), &Abbreviations::default());
        let mut folded = String::new();
        for (i, token) in text.tokens.iter().enumerate() {
            let lower = text.word(i).to_lowercase();
            let want = words.iter().find(|(w, _)| *w == lower).map(|(_, s)| *s).unwrap_or_default();
            assert_eq!(table.of(&text, token, &mut folded).word, want, "{lower}");
            assert_eq!(table.get(&lower).word, want, "{lower}");
        }
        let listed: Vec<&str> = table.listed().iter().map(AsRef::as_ref).collect();
        assert_eq!(listed, ["a2", "mrttarcaatpqrst1", "o.k", "the", "он", "соответственно"]);
        for (word, number) in listed.iter().zip(1..) {
            assert_eq!(table.get(word).number, number, "{word}");
        }
        assert_eq!(SmallWords::default().get("the"), Small::NONE);
    }
}
