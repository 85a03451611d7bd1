//! The one automaton: finds every phrase of the lexicon in a text in one pass over its tokens.
//!
//! A trie over word ids. Each token is looked up twice, folded and by its stem in the language of its script, so that
//! inflected forms are found without being listed. Since it works on tokens, it matches only whole words. What a hit
//! means is for the taggers to decide; nothing is ruled out by context here.

mod build;

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHasher};

use super::known::Known;
use crate::language::scripts::Scripts;
use crate::language::stem::Stems;
use crate::text::{Case, Kind, Language, Script, Text, Token, fold};

pub use build::Builder;

/// What a phrase means; the number is an index into the table of that part of the lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Meaning {
    /// A name in the gazetteer.
    Place(u32),
    /// A term of the topics.
    Topic(u32),
    /// An alias of an official.
    Official(u32),
    /// A word of an office or rank.
    Title(u32),
    /// A reporting verb or phrase.
    Cue(u32),
}

/// Which capitals a match needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    /// Any ("sanctions", "SANCTIONS").
    Any,
    /// A capital wherever the phrase has one ("Turkey", "TURKEY", not "turkey").
    Name,
    /// Exactly as written ("US", not "us" or "Us").
    Exact,
}

/// Which forms of its words match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Forms {
    /// As written, in any language.
    Word,
    /// As written, in texts of this language.
    WordIn(Language),
    /// All forms with the same stems, in texts (or a script) of this language.
    Stem(Language),
}

/// A phrase found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// First token.
    pub start: u32,
    /// The token after the last.
    pub end: u32,
    /// What it may mean.
    pub meaning: Meaning,
}

impl Hit {
    /// The tokens that it covers.
    pub fn tokens(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The end of a phrase. Kept small, since there are many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Leaf {
    meaning: Meaning,
    fit: Fit,
}

/// What a match requires of the letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// Any.
    Any,
    /// Capitals where the phrase has them: one bit per token, lowest first. Only the first 32 tokens are checked.
    Capitals(u32),
    /// The phrase's own, by its index in [`Scanner::written`].
    Written(u32),
}

/// The built automaton. Cheap to share, never changes.
///
/// Words are identified by a 64-bit hash alone, which saves comparing the word itself: with 10⁵ words in the lexicon,
/// an unrelated word of a text collides with one of them once in 10¹⁴ times.
#[derive(Debug, Default)]
pub struct Scanner {
    words: ByHash<Id>,
    /// Stems by language, so that French endings never match an English word.
    stems: FxHashMap<Language, ByHash<Id>>,
    edges: FxHashMap<(u32, u32), u32>,
    /// Node 0 is the root.
    nodes: Vec<Node>,
    leaves: Vec<Leaf>,
    /// Phrases that match only exactly as written.
    written: Vec<Box<str>>,
    rules: Stems,
    scripts: Scripts,
}

/// The ids of a word as written and of its stem; number 0 if no phrase contains it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ids {
    word: Id,
    stem: Id,
}

/// A word or stem that occurs in phrases.
#[derive(Debug, Clone, Copy, Default)]
struct Id {
    /// Its number, from 1.
    word: u32,
    /// The child of the root for phrases that begin with it; 0 if there is none.
    first: u32,
}

/// A map whose keys are hashes, spread well enough to be used as they are.
pub type ByHash<V> = HashMap<u64, V, BuildHasherDefault<AsItIs>>;

/// A hasher for keys that are already hashes.
#[derive(Debug, Default, Clone, Copy)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are numbers");
    }

    #[inline]
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

#[inline]
fn hash(word: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    hasher.write_usize(word.len());
    hasher.finish()
}

/// A state of the automaton.
#[derive(Debug, Clone, Copy, Default)]
struct Node {
    /// Its first leaf. Most nodes have only one, which is read along with the node.
    leaf: Option<Leaf>,
    /// The range of its other leaves.
    more: (u32, u32),
    /// Bloom filter of the words that continue longer phrases from here: one bit per word number modulo 64. Most words
    /// fail it.
    next: u64,
}

/// A word's bit in [`Node::next`]; 0 for number 0, which no phrase has.
fn bit(word: u32) -> u64 {
    if word == 0 { 0 } else { 1 << (word % 64) }
}

impl Id {
    fn bit(self) -> u64 {
        bit(self.word)
    }
}

impl Scanner {
    /// A word folded and stemmed, as phrases are compared in that language.
    pub fn stem(&self, word: &str, language: Language) -> String {
        let mut folded = String::new();
        fold(word, &mut folded);
        self.rules.stem(language, &folded).to_owned()
    }

    /// Whether words of a language stay whole before their endings.
    pub fn hangs_on(&self, language: Language) -> bool {
        self.rules.hangs_on(language)
    }

    /// Every phrase in the text, including those within others, ordered by first token, longest last. `words` is what
    /// is known of its tokens. Linear in the length of the text for phrases of bounded length.
    pub fn scan(&self, text: &Text, words: &[Known]) -> Vec<Hit> {
        let mut hits = Vec::with_capacity(words.len());
        let mut nodes: Vec<u32> = Vec::new();
        let mut next: Vec<u32> = Vec::new();
        let bits = |at: usize| words.get(at).map_or(0, |w| w.ids.word.bit() | w.ids.stem.bit());
        for (start, Known { ids: Ids { word, stem }, .. }) in words.iter().enumerate() {
            if word.first | stem.first == 0 {
                continue;
            }
            let mut end = start + 1;
            let mut takes = 0;
            for first in [word.first, stem.first] {
                if first != 0 {
                    takes |= self.end_at(first, text, start..end, &mut hits);
                }
            }
            // most words begin no longer phrase
            if takes & bits(end) == 0 {
                continue;
            }
            nodes.clear();
            for first in [word.first, stem.first] {
                if first != 0 {
                    nodes.push(first);
                }
            }
            while takes & bits(end) != 0 {
                let Ids { word, stem } = words[end].ids;
                end += 1;
                next.clear();
                for &node in &nodes {
                    for id in [word, stem] {
                        if self.nodes[node as usize].next & id.bit() != 0
                            && let Some(behind) = self.edges.get(&(node, id.word))
                        {
                            next.push(*behind);
                        }
                    }
                }
                std::mem::swap(&mut nodes, &mut next);
                takes = 0;
                for &node in &nodes {
                    takes |= self.end_at(node, text, start..end, &mut hits);
                }
            }
        }
        hits
    }

    /// Records the phrases that end at a node after these tokens; returns the bits of the words that continue longer
    /// ones.
    #[inline]
    fn end_at(&self, node: u32, text: &Text, tokens: Range<usize>, hits: &mut Vec<Hit>) -> u64 {
        let node = &self.nodes[node as usize];
        let (start, end) = (tokens.start as u32, tokens.end as u32);
        let mut note = |leaf: &Leaf| {
            if leaf.fit == Fit::Any || self.fits(leaf.fit, text, tokens.clone()) {
                hits.push(Hit { start, end, meaning: leaf.meaning });
            }
        };
        if let Some(leaf) = &node.leaf {
            note(leaf);
            let (from, to) = node.more;
            if from != to {
                self.leaves[from as usize..to as usize].iter().for_each(note);
            }
        }
        node.next
    }

    fn fits(&self, fit: Fit, text: &Text, tokens: Range<usize>) -> bool {
        match fit {
            Fit::Any => true,
            Fit::Capitals(bits) => tokens
                .enumerate()
                .all(|(i, t)| i >= 32 || bits & (1 << i) == 0 || text.tokens[t].case != Case::Lower),
            Fit::Written(number) => &*self.written[number as usize] == text.slice(&tokens),
        }
    }

    /// The ids of a token, as folded and by its stem in the language of its script.
    pub(super) fn ids(&self, folded: &str, token: &Token, language: Language) -> Ids {
        let hashed = hash(folded);
        let word = self.words.get(&hashed).copied().unwrap_or_default();
        let language = self.scripts.of_word(language, Script::of(token.first));
        let Some(known) = self.stems.get(&language).filter(|_| token.kind == Kind::Word) else {
            return Ids { word, stem: Id::default() };
        };
        let stem = self.rules.stem(language, folded);
        let hashed = if stem.len() == folded.len() { hashed } else { hash(stem) };
        Ids { word, stem: known.get(&hashed).copied().unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Files;
    use crate::language::Languages;
    use crate::text::{Abbreviations, Field};

    fn found(raw: &str, language: &str) -> Vec<(String, u32)> {
        let mut files = Files::none();
        for (code, suffixes) in [("ru", "\"а\", \"у\", \"ом\""), ("en", "\"s\"")] {
            let script = if code == "ru" { "Cyrillic" } else { "Latin" };
            let rules = format!(
                "script = \"{script}\"\nfirst_of_script = true\n[stems]\nleast = 3\nsuffixes = [{suffixes}]"
            );
            files.put(format!("languages/{code}/language.toml"), rules);
        }
        let languages = Languages::parse(&files, &mut Vec::new());
        let rules = Stems::of(&languages);
        let ru = Forms::Stem(Language::parse("ru").unwrap());
        let mut builder = Builder::new(rules, languages.scripts.clone());
        builder.add("Turkey", Letters::Name, Forms::Word, Meaning::Place(1));
        builder.add("US", Letters::Exact, Forms::Word, Meaning::Place(2));
        builder.add("U.S.", Letters::Name, Forms::Word, Meaning::Place(2));
        builder.add("Азербайджан", Letters::Name, ru, Meaning::Place(3));
        builder.add("prisoner of war", Letters::Any, Forms::Stem(Language::EN), Meaning::Topic(4));
        builder.add("war", Letters::Any, Forms::Stem(Language::EN), Meaning::Topic(5));
        let scanner = builder.scanner();
        let text = Text::new(Field::Text, raw.to_owned(), &Abbreviations::default());
        let number = |m| match m {
            Meaning::Place(n)
            | Meaning::Topic(n)
            | Meaning::Official(n)
            | Meaning::Title(n)
            | Meaning::Cue(n) => n,
        };
        let language = Language::parse(language).unwrap();
        let known = |token: &Token| {
            let mut folded = String::new();
            fold(text.of(token), &mut folded);
            let ids = scanner.ids(&folded, token, language);
            Known { ids, ..Known::default() }
        };
        let words: Vec<Known> = text.tokens.iter().map(known).collect();
        scanner
            .scan(&text, &words)
            .iter()
            .map(|h| (text.slice(&h.tokens()).to_owned(), number(h.meaning)))
            .collect()
    }

    #[test]
    fn finds_phrases() {
        for (raw, language, want) in [
            ("turkey in Turkey, TURKEY", "en", vec![("Turkey", 1), ("TURKEY", 1)]),
            ("tell us of the US and the U.S.-led", "en", vec![("US", 2), ("U.S.", 2)]),
            ("в Азербайджане, из Азербайджана", "ru", vec![("Азербайджана", 3)]),
            ("Азербайджана", "en", vec![("Азербайджана", 3)]),
            ("prisoners of wars", "en", vec![("prisoners of wars", 4), ("wars", 5)]),
            ("prisoners of wars", "fr", vec![]),
        ] {
            let want: Vec<(String, u32)> = want.into_iter().map(|(s, n)| (s.to_owned(), n)).collect();
            assert_eq!(found(raw, language), want, "{raw}");
        }
    }
}
