//! The shared key space of all that an article can contain: words, forms, prefixes, pairs of words and tags, each
//! hashed to 64 bits.
//!
//! Two of them collide once in 10¹⁸ pairs; a watch may then match by mistake.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

use super::query::TagKind;
use crate::text::Language;

/// Mixes the bits of a number.
#[inline]
pub(super) fn mix(n: u64) -> u64 {
    let n = (n ^ (n >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (n ^ (n >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

#[inline]
fn of(sort: u64, text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.write_u64(sort << 40 | text.len() as u64);
    mix(hasher.finish())
}

/// A folded word, with or without its diacritics.
#[inline]
pub(super) fn word(folded: &str) -> u64 {
    of(1, folded)
}

/// What the forms of a word have in common in a language.
#[inline]
pub(super) fn form(language: Language, stem: &str) -> u64 {
    of(2 | u64::from(language.number()) << 8 & 0xff_ff00, stem)
}

/// The beginning of a folded word.
#[inline]
pub(super) fn prefix(beginning: &str) -> u64 {
    of(3, beginning)
}

/// Two consecutive words, by their keys.
#[inline]
pub(super) fn pair(first: u64, second: u64) -> u64 {
    mix(first.rotate_left(17) ^ mix(second ^ 4))
}

/// A tag and its value, normalised for comparison.
#[inline]
pub(super) fn tag(kind: TagKind, value: &str) -> u64 {
    of(16 + kind as u64, value)
}

/// Any person.
pub(super) const ANYBODY: u64 = 0x616e_7962_6f64_7900;

/// A tag that asks for a person, by the key of a name ([`word`]) or an [`office`].
#[inline]
pub(super) fn of_person(kind: TagKind, who: u64) -> u64 {
    mix(who.rotate_left(11) ^ (48 + kind as u64))
}

/// The words of an office in order, by their keys, with the country if one is asked for.
pub(super) fn office(words: &[u64], country: Option<&str>) -> u64 {
    of_country(words.iter().fold(OFFICE, |so_far, word| longer_office(so_far, *word)), country)
}

/// An office without words.
pub(super) const OFFICE: u64 = 5;

/// An office extended by a word.
#[inline]
pub(super) fn longer_office(so_far: u64, word: u64) -> u64 {
    mix(so_far.rotate_left(19) ^ word)
}

/// An office with its country.
#[inline]
pub(super) fn of_country(office: u64, country: Option<&str>) -> u64 {
    country.map_or(office, |country| mix(office ^ of(6, country)))
}
