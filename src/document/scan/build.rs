//! Collects the phrases of the lexicon and builds the automaton from them.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{ByHash, Fit, Forms, Id, Leaf, Letters, Meaning, Node, Scanner, bit, hash};
use crate::document::known::Memory;
use crate::document::strings::Strings;
use crate::document::vocabulary::{Columns, PlaceWord, Vocabulary};
use crate::language::Languages;
use crate::language::class::Class;
use crate::language::names::Names;
use crate::language::scripts::Scripts;
use crate::language::small::SmallWords;
use crate::language::stem::Stems;
use crate::language::word::Word;
use crate::text::{Abbreviations, Kind, Language, Text, fold};

/// Collects phrases, then becomes the [`Scanner`].
#[derive(Debug)]
pub struct Builder {
    scanner: Scanner,
    /// Each with its node and a bit for each token that has a capital.
    leaves: Vec<(u32, u32, Leaf)>,
    /// By word: the child of the root for phrases that begin with it; 0 if there is none.
    first: Vec<u32>,
    next_node: u32,
    next_word: u32,
    /// The words that a folded word of a language may be found as: many phrases share a word, and to list the stems of
    /// one takes as long as all else.
    stems: FxHashMap<Language, FxHashMap<Box<str>, Vec<u32>>>,
    columns: Columns,
}

impl Builder {
    /// A builder without phrases, with these stemming rules.
    pub fn new(rules: Stems, scripts: Scripts) -> Self {
        let scanner = Scanner { rules, scripts, ..Scanner::default() };
        Self {
            scanner,
            leaves: Vec::new(),
            first: Vec::new(),
            next_node: 1,
            next_word: 1,
            stems: FxHashMap::default(),
            columns: Columns::default(),
        }
    }

    /// Adds a phrase. It is cut by the same rules as text, so "U.S.-led" and "Côte d'Ivoire" match as they appear
    /// there. A phrase without a word is ignored.
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
                Forms::Stem(language) if token.kind == Kind::Word => self.stems(language, &folded),
                _ => vec![id_of(&mut self.scanner.words, &folded, &mut self.next_word)],
            };
            let edges = nodes.iter().flat_map(|node| ids.iter().map(|id| (*node, *id))).collect::<Vec<_>>();
            nodes = edges.into_iter().map(|edge| self.step(edge)).collect();
        }
        let fit = match letters {
            Letters::Any => Fit::Any,
            Letters::Name => Fit::Capitals(capitals),
            Letters::Exact => {
                self.scanner.written.push(phrase.into());
                Fit::Written(self.scanner.written.len() as u32 - 1)
            }
        };
        self.leaves.extend(nodes.into_iter().map(|node| (node, capitals, Leaf { meaning, fit })));
    }

    /// The words that a folded word and its forms are found as.
    fn stems(&mut self, language: Language, folded: &str) -> Vec<u32> {
        let of_language = self.stems.entry(language).or_default();
        if let Some(ids) = of_language.get(folded) {
            return ids.clone();
        }
        let known = self.scanner.stems.entry(language).or_default();
        let stems = self.scanner.rules.all(language, folded);
        let ids: Vec<u32> = stems.iter().map(|stem| id_of(known, stem, &mut self.next_word)).collect();
        of_language.insert(folded.into(), ids.clone());
        ids
    }

    /// The node an edge leads to, created if missing.
    fn step(&mut self, (node, word): (u32, u32)) -> u32 {
        let to = if node == 0 {
            let first = &mut self.first;
            first.resize(first.len().max(word as usize + 1), 0);
            &mut first[word as usize]
        } else {
            self.scanner.edges.entry((node, word)).or_default()
        };
        if *to == 0 {
            *to = self.next_node;
            self.next_node += 1;
        }
        *to
    }

    /// Registers the small words of each language: what they do in a clause, and in names of offices and persons.
    pub fn languages(&mut self, languages: &Languages) {
        self.columns.fallback = languages.fallback();
        for (language, profile) in languages.all() {
            let words = || profile.words.iter();
            let small: FxHashMap<Box<str>, Word> =
                words().filter(|(_, r)| r.word != Word::NONE).map(|(w, r)| (w.clone(), r.word)).collect();
            if !small.is_empty() {
                self.columns.small.insert(language, SmallWords::new(&small));
            }
            let classes: FxHashMap<Box<str>, Class> = words()
                .filter(|(_, r)| r.class != Class::default())
                .map(|(w, r)| (w.clone(), r.class))
                .collect();
            if !classes.is_empty() {
                self.columns.classes.insert(language, classes);
            }
        }
    }

    /// The small words of a language; those of the fallback where it has none.
    pub fn small_words(&self, language: Language) -> Option<&SmallWords> {
        self.columns.small_words(language)
    }

    /// Registers the key of an official's surname.
    pub fn family(&mut self, key: &str) {
        if !self.columns.families.contains(key) {
            self.columns.families.insert(key.into());
        }
    }

    /// Registers the next cue with the language of the texts that it counts in; returns its number.
    pub fn cue(&mut self, language: Language) -> u32 {
        self.columns.cues.push(language);
        self.columns.cues.len() as u32 - 1
    }

    /// Registers the next phrase of an office; returns its number.
    pub fn title(&mut self, class: Class) -> u32 {
        self.columns.titles.push(class);
        self.columns.titles.len() as u32 - 1
    }

    /// Registers what is known of all place names, and how those matched in all their forms are written, indexed by
    /// their numbers.
    pub fn places(&mut self, places: Vec<PlaceWord>, as_written: Arc<Strings>) {
        self.columns.places = places;
        self.columns.places_as_written = as_written;
    }

    /// Builds the vocabulary.
    pub fn build(mut self, names: Names, abbreviations: Abbreviations) -> Vocabulary {
        let columns = std::mem::take(&mut self.columns);
        Vocabulary { abbreviations, names, scanner: self.scanner(), columns, memory: Memory::default() }
    }

    /// The automaton over all phrases.
    pub fn scanner(self) -> Scanner {
        let Self { mut scanner, mut leaves, first, next_node, stems, .. } = self;
        drop(stems);
        leaves.sort_by_key(|(node, ..)| *node);
        scanner.nodes = vec![Node::default(); next_node as usize];
        let mut kept: Vec<u32> = Vec::new();
        let mut first_capitals = 0;
        for (node, capitals, leaf) in leaves {
            let node = &mut scanner.nodes[node as usize];
            let Some(first) = node.leaf else {
                node.leaf = Some(leaf);
                first_capitals = capitals;
                node.more = (scanner.leaves.len() as u32, scanner.leaves.len() as u32);
                continue;
            };
            let from = node.more.0 as usize;
            let same = |(l, c): (&Leaf, &u32)| {
                let letters = std::mem::discriminant(&l.fit) == std::mem::discriminant(&leaf.fit);
                l.meaning == leaf.meaning && letters && *c == capitals
            };
            let others = scanner.leaves[from..].iter().zip(&kept[from..]);
            if !others.chain([(&first, &first_capitals)]).any(same) {
                scanner.leaves.push(leaf);
                kept.push(capitals);
                node.more.1 += 1;
            }
        }
        for (node, word) in scanner.edges.keys() {
            scanner.nodes[*node as usize].next |= bit(*word);
        }
        for id in scanner.stems.values_mut().chain([&mut scanner.words]).flat_map(ByHash::values_mut) {
            id.first = first.get(id.word as usize).copied().unwrap_or_default();
        }
        scanner.leaves.shrink_to_fit();
        scanner.edges.shrink_to_fit();
        scanner
    }
}

fn id_of(known: &mut ByHash<Id>, word: &str, next: &mut u32) -> u32 {
    let id = known.entry(hash(word)).or_insert_with(|| {
        *next += 1;
        Id { word: *next - 1, first: 0 }
    });
    id.word
}
