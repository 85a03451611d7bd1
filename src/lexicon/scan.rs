//! The one automaton: finds every phrase of the lexicon in a text in one pass over its tokens.
//!
//! A trie over word ids. Each token is looked up twice: as it stands (folded) and by its stem in the language of
//! its script, so that inflected forms are found without being listed. Working on tokens makes every match a
//! match of whole words. What a hit means is for the taggers to decide; here nothing is ruled out by context.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::stem::Stems;
use crate::text::{Case, Kind, Language, Script, Text};

/// What a phrase stands for; the number indexes the table of that part of the lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Meaning {
    /// A name in [`super::places`].
    Place(u32),
    /// A term in [`super::topics`].
    Topic(u32),
    /// An alias in [`super::officials`].
    Official(u32),
    /// A word of an office or rank in [`super::titles`].
    Title(u32),
    /// A reporting verb or phrase in [`super::cues`].
    Cue(u32),
}

/// Which capitals a match needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    /// Any ("sanctions", "SANCTIONS").
    Any,
    /// A capital wherever the phrase has one ("Turkey", "TURKEY", not "turkey").
    Name,
    /// As written ("US", not "us" or "Us").
    Exact,
}

/// Which forms of its words match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forms {
    /// As written, in any language.
    Word,
    /// All that share their stems, in a text (or a script) of this language.
    Stem(Language),
}

/// A phrase found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// First token.
    pub start: u32,
    /// Token behind the last.
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

#[derive(Debug, Clone)]
struct Leaf {
    letters: Letters,
    /// One bit a token, lowest first: it needs a capital. The first 32 words decide.
    capitals: u32,
    /// The phrase as written, for [`Letters::Exact`] alone.
    written: Option<Box<str>>,
    meaning: Meaning,
}

/// The built automaton. Cheap to share, never changes.
#[derive(Debug, Default)]
pub struct Scanner {
    words: FxHashMap<Box<str>, u32>,
    /// Stems by language, so that French endings never match an English word.
    stems: FxHashMap<Language, FxHashMap<Box<str>, u32>>,
    edges: FxHashMap<(u32, u32), u32>,
    /// Indexed by node; node 0 is the root.
    leaves: Vec<Vec<Leaf>>,
    next_word: u32,
    rules: Stems,
}

/// Collects phrases, then becomes the [`Scanner`].
#[derive(Debug)]
pub struct Builder(Scanner);

impl Builder {
    /// An empty automaton over these stemming rules.
    pub fn new(rules: Stems) -> Self {
        Self(Scanner { leaves: vec![Vec::new()], next_word: 1, rules, ..Scanner::default() })
    }

    /// Adds a phrase. It is cut by the rules of text, so "U.S.-led" or "Côte d'Ivoire" match as they stand there.
    /// A phrase without a word is ignored.
    pub fn add(&mut self, phrase: &str, letters: Letters, forms: Forms, meaning: Meaning) {
        let text =
            Text::new(crate::text::Field::Title, phrase.to_owned(), &crate::text::Abbreviations::default());
        if !text.tokens.iter().any(|t| t.kind != Kind::Mark) {
            return;
        }
        let mut nodes = vec![0];
        let mut capitals = 0;
        let mut folded = String::new();
        for (i, token) in text.tokens.iter().enumerate() {
            if token.is_capital() && i < 32 {
                capitals |= 1 << i;
            }
            fold(text.word(i), &mut folded);
            let ids: Vec<u32> = match forms {
                Forms::Stem(language) if token.kind == Kind::Word => {
                    let stems = self.0.rules.all(language, &folded);
                    let known = self.0.stems.entry(language).or_default();
                    stems.iter().map(|stem| id_of(known, stem, &mut self.0.next_word)).collect()
                }
                _ => vec![id_of(&mut self.0.words, &folded, &mut self.0.next_word)],
            };
            let edges = nodes.iter().flat_map(|node| ids.iter().map(|id| (*node, *id))).collect::<Vec<_>>();
            nodes = edges.into_iter().map(|edge| self.step(edge)).collect();
        }
        let written = (letters == Letters::Exact).then(|| phrase.into());
        let leaf = Leaf { letters, capitals, written, meaning };
        for node in nodes {
            let leaves = &mut self.0.leaves[node as usize];
            if !leaves.iter().any(|l| l.meaning == meaning && l.letters == letters && l.capitals == capitals)
            {
                leaves.push(leaf.clone());
            }
        }
    }

    /// The node behind an edge, made if it is missing.
    fn step(&mut self, edge: (u32, u32)) -> u32 {
        let fresh = self.0.leaves.len() as u32;
        let node = *self.0.edges.entry(edge).or_insert(fresh);
        if node == fresh {
            self.0.leaves.push(Vec::new());
        }
        node
    }

    /// Ends the building.
    pub fn build(mut self) -> Scanner {
        self.0.edges.shrink_to_fit();
        self.0
    }
}

fn id_of(known: &mut FxHashMap<Box<str>, u32>, word: &str, next: &mut u32) -> u32 {
    if let Some(id) = known.get(word) {
        return *id;
    }
    let id = *next;
    *next += 1;
    known.insert(word.into(), id);
    id
}

impl Scanner {
    /// A word in small letters and cut to its stem, as phrases are compared in that language.
    pub fn stem(&self, word: &str, language: Language) -> String {
        let mut folded = String::new();
        fold(word, &mut folded);
        self.rules.stem(language, &folded).to_owned()
    }

    /// Every phrase in the text, also those within others, in order of their first token, longest last.
    /// Linear in the length of the text for phrases of bounded length.
    pub fn scan(&self, text: &Text, language: Language) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut folded = String::new();
        let ids: Vec<(u32, u32)> = (0..text.tokens.len())
            .map(|i| {
                let token = &text.tokens[i];
                fold(text.word(i), &mut folded);
                let word = self.words.get(folded.as_str()).copied().unwrap_or(0);
                if token.kind != Kind::Word {
                    return (word, 0);
                }
                let language = language.of_word(Script::of(token.first));
                let stem = self
                    .stems
                    .get(&language)
                    .and_then(|known| known.get(self.rules.stem(language, &folded)))
                    .copied()
                    .unwrap_or(0);
                (word, stem)
            })
            .collect();
        let mut nodes: Vec<u32> = Vec::new();
        let mut next: Vec<u32> = Vec::new();
        for start in 0..ids.len() {
            nodes.clear();
            nodes.push(0);
            let mut end = start;
            while !nodes.is_empty() && end < ids.len() {
                next.clear();
                for &node in &nodes {
                    let (word, stem) = ids[end];
                    next.extend((word != 0).then(|| self.edges.get(&(node, word))).flatten());
                    next.extend((stem != 0).then(|| self.edges.get(&(node, stem))).flatten());
                }
                end += 1;
                for &node in &next {
                    for leaf in &self.leaves[node as usize] {
                        if leaf.fits(text, start..end) {
                            hits.push(Hit { start: start as u32, end: end as u32, meaning: leaf.meaning });
                        }
                    }
                }
                std::mem::swap(&mut nodes, &mut next);
            }
        }
        hits
    }
}

impl Leaf {
    fn fits(&self, text: &Text, tokens: Range<usize>) -> bool {
        match self.letters {
            Letters::Any => true,
            Letters::Name => tokens
                .enumerate()
                .all(|(i, t)| i >= 32 || self.capitals & (1 << i) == 0 || text.tokens[t].case != Case::Lower),
            Letters::Exact => self.written.as_deref() == Some(text.slice(&tokens)),
        }
    }
}

/// Small letters, one form of apostrophe and hyphen, no final dot of an acronym, ё as е, the dotless and dotted
/// capital I of Turkish as i.
pub(super) fn fold(word: &str, out: &mut String) {
    out.clear();
    if word.is_ascii() {
        out.push_str(word);
        out.make_ascii_lowercase();
    } else {
        for c in word.chars() {
            match c {
                '’' | 'ʼ' | '‘' | '`' | '´' => out.push('\''),
                '‐' | '‑' => out.push('-'),
                'ё' | 'Ё' => out.push('е'),
                'İ' => out.push('i'),
                '\u{ad}' | '\u{307}' | '\u{301}' => {}
                _ => out.extend(c.to_lowercase()),
            }
        }
    }
    if out.len() > 1 && out.ends_with('.') {
        out.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Abbreviations, Field};

    fn found(raw: &str, language: &str) -> Vec<(String, u32)> {
        let rules = Stems::parse(
            "[ru]\nleast = 3\nsuffixes = [\"а\", \"у\", \"ом\"]\n[en]\nleast = 3\nsuffixes = [\"s\"]",
        )
        .unwrap();
        let ru = Forms::Stem(Language::parse("ru").unwrap());
        let mut builder = Builder::new(rules);
        builder.add("Turkey", Letters::Name, Forms::Word, Meaning::Place(1));
        builder.add("US", Letters::Exact, Forms::Word, Meaning::Place(2));
        builder.add("U.S.", Letters::Name, Forms::Word, Meaning::Place(2));
        builder.add("Азербайджан", Letters::Name, ru, Meaning::Place(3));
        builder.add("prisoner of war", Letters::Any, Forms::Stem(Language::EN), Meaning::Topic(4));
        builder.add("war", Letters::Any, Forms::Stem(Language::EN), Meaning::Topic(5));
        let scanner = builder.build();
        let text = Text::new(Field::Text, raw.to_owned(), &Abbreviations::default());
        let number = |m| match m {
            Meaning::Place(n)
            | Meaning::Topic(n)
            | Meaning::Official(n)
            | Meaning::Title(n)
            | Meaning::Cue(n) => n,
        };
        scanner
            .scan(&text, Language::parse(language).unwrap())
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
