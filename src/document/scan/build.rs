//! Collects the phrases of the lexicon and makes the automaton of them.

use super::{ByHash, Fit, Forms, Id, Leaf, Letters, Meaning, Node, Scanner, bit, hash};
use crate::language::stem::Stems;
use crate::text::{Kind, Text, fold};

/// Collects phrases, then becomes the [`Scanner`].
#[derive(Debug)]
pub struct Builder {
    scanner: Scanner,
    /// Each with its node and a bit for each token that has a capital.
    leaves: Vec<(u32, u32, Leaf)>,
    next_node: u32,
    next_word: u32,
}

impl Builder {
    /// An empty automaton over these stemming rules.
    pub fn new(rules: Stems) -> Self {
        let scanner = Scanner { rules, ..Scanner::default() };
        Self { scanner, leaves: Vec::new(), next_node: 1, next_word: 1 }
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
                    let stems = self.scanner.rules.all(language, &folded);
                    let known = self.scanner.stems.entry(language).or_default();
                    stems.iter().map(|stem| id_of(known, stem, &mut self.next_word)).collect()
                }
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

    /// The node behind an edge, made if it is missing.
    fn step(&mut self, edge: (u32, u32)) -> u32 {
        *self.scanner.edges.entry(edge).or_insert_with(|| {
            self.next_node += 1;
            self.next_node - 1
        })
    }

    /// Ends the building.
    pub fn build(self) -> Scanner {
        let Self { mut scanner, mut leaves, next_node, next_word } = self;
        leaves.sort_by_key(|(node, ..)| *node);
        scanner.nodes = vec![Node::default(); next_node as usize];
        scanner.leaves.reserve_exact(leaves.len());
        let mut kept: Vec<u32> = Vec::with_capacity(leaves.len());
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
        let mut first = vec![0; next_word as usize];
        for (&(node, word), &to) in &scanner.edges {
            scanner.nodes[node as usize].next |= bit(word);
            if node == 0 {
                first[word as usize] = to;
            }
        }
        for id in scanner.stems.values_mut().chain([&mut scanner.words]).flat_map(ByHash::values_mut) {
            id.first = first[id.word as usize];
        }
        scanner.edges.retain(|(node, _), _| *node != 0);
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
