//! Numbers the keys that the programs of a segment ask for.

use super::key;
use super::words::Words;
use crate::document::scan::ByHash;

/// Maps keys to numbers, starting at 1.
#[derive(Debug)]
pub(super) struct Dictionary {
    ids: ByHash<u32>,
    /// By number.
    keys: Vec<u64>,
    /// By number: the share of articles that contain it.
    costs: Vec<f32>,
    /// By number: whether it starts or ends a pair of words.
    in_pairs: Vec<u8>,
    /// By the key of the first four letters: a bit for each length of the prefixes that start with them.
    beginnings: ByHash<u64>,
    /// Length in words of the longest office that a query asks for.
    longest_office: usize,
    /// Observed shares; they override the shipped table.
    observed: ByHash<f32>,
    /// In the dictionary of a single query: the number of each pair, after those of its two words.
    pairs: Option<Vec<[u32; 3]>>,
}

const FIRST: u8 = 1;
const SECOND: u8 = 2;

/// The bit for prefixes of this length and longer.
const LONG: usize = 63;

impl Default for Dictionary {
    fn default() -> Self {
        Self::new(ByHash::default())
    }
}

impl Dictionary {
    /// An empty dictionary that knows how often articles contain some keys.
    pub fn new(observed: ByHash<f32>) -> Self {
        Self {
            ids: ByHash::default(),
            keys: vec![0],
            costs: vec![0.0],
            in_pairs: vec![0],
            beginnings: ByHash::default(),
            longest_office: 0,
            observed,
            pairs: None,
        }
    }

    /// The dictionary of a single query. It records no costs; its keys are looked up in the article, not the other way
    /// round.
    pub fn of_one() -> Self {
        Self { pairs: Some(Vec::new()), ..Self::default() }
    }

    /// The number of each pair, after those of its two words, if this is the dictionary of a single query.
    pub fn of_one_pairs(&self) -> Option<&[[u32; 3]]> {
        self.pairs.as_deref()
    }

    /// Whether any query asks for a prefix.
    pub fn has_prefixes(&self) -> bool {
        !self.beginnings.is_empty()
    }

    /// The count of numbers, 0 included.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// The number of a key, assigned if it has none.
    pub fn id(&mut self, key: u64, words: &Words) -> u32 {
        let weighs = self.pairs.is_none();
        self.number(key, || if weighs { words.share(key).unwrap_or_else(|| words.rare()) } else { 0.0 })
    }

    fn number(&mut self, key: u64, share: impl Fn() -> f32) -> u32 {
        let Self { ids, keys, costs, in_pairs, observed, .. } = self;
        *ids.entry(key).or_insert_with(|| {
            keys.push(key);
            costs.push(observed.get(&key).copied().unwrap_or_else(share));
            in_pairs.push(0);
            keys.len() as u32 - 1
        })
    }

    /// The number of a key, if it has one.
    #[inline]
    pub fn get(&self, key: u64) -> Option<u32> {
        self.ids.get(&key).copied()
    }

    /// The key of a number.
    pub fn key(&self, id: u32) -> u64 {
        self.keys[id as usize]
    }

    /// The share of articles that contain it.
    pub fn cost(&self, id: u32) -> f32 {
        self.costs[id as usize]
    }

    /// The key of two consecutive words, given their keys.
    pub fn pair(&mut self, first: u64, second: u64, words: &Words) -> u64 {
        let (a, b) = (self.id(first, words), self.id(second, words));
        self.in_pairs[a as usize] |= FIRST;
        self.in_pairs[b as usize] |= SECOND;
        let key = key::pair(first, second);
        let rarer = self.cost(a).min(self.cost(b));
        let pair = self.number(key, || rarer * 0.1);
        if let Some(pairs) = self.pairs.as_mut().filter(|pairs| !pairs.iter().any(|known| known[2] == pair)) {
            pairs.push([a, b, pair]);
        }
        key
    }

    /// Whether a pair starts with it.
    #[inline]
    pub fn begins_pair(&self, id: u32) -> bool {
        self.in_pairs[id as usize] & FIRST != 0
    }

    /// Whether a pair ends with it.
    #[inline]
    pub fn ends_pair(&self, id: u32) -> bool {
        self.in_pairs[id as usize] & SECOND != 0
    }

    /// The key of a prefix of at least four letters.
    pub fn prefix(&mut self, beginning: &str, words: &Words) -> u64 {
        let letters = beginning.chars().count();
        let four = beginning.char_indices().nth(4).map_or(beginning, |(at, _)| &beginning[..at]);
        *self.beginnings.entry(key::prefix(four)).or_default() |= 1 << letters.min(LONG);
        let key = key::prefix(beginning);
        self.number(key, || words.rare() * 30.0);
        key
    }

    /// The lengths in letters, one bit each, of the prefixes that start with these four letters.
    #[inline]
    pub fn lengths(&self, four: u64) -> u64 {
        if self.beginnings.is_empty() { 0 } else { self.beginnings.get(&four).copied().unwrap_or(0) }
    }

    /// Calls `each` with the keys of the prefixes of a word that have one of these lengths.
    pub fn prefixes(word: &str, lengths: u64, mut each: impl FnMut(u64)) {
        let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
        for (letters, end) in (1..).zip(ends) {
            if lengths & 1 << letters.min(LONG) != 0 {
                each(key::prefix(&word[..end]));
            }
        }
    }

    /// Notes that a query asks for an office of this many words.
    pub fn asks_office(&mut self, words: usize) {
        self.longest_office = self.longest_office.max(words);
    }

    /// Length in words of the longest office that a query asks for; 0 if there is none.
    pub fn longest_office(&self) -> usize {
        self.longest_office
    }

    /// Approximate size in bytes.
    pub fn bytes(&self) -> usize {
        17 * self.ids.capacity() + 13 * self.keys.capacity()
    }

    /// Frees what is only needed while it grows.
    pub fn shrink(&mut self) {
        self.ids.shrink_to_fit();
        self.keys.shrink_to_fit();
        self.in_pairs.shrink_to_fit();
        self.costs.shrink_to_fit();
        self.observed = ByHash::default();
    }
}
