//! Why a watch matches: the clauses that hold, and where.

use super::Clause;
use super::dictionary::Dictionary;
use super::eval::Eval;
use super::present::Present;
use super::program::compile;
use super::query::Expr;
use super::view::{Stretch, View};
use super::words::Words;

/// Most spans given per clause: as many as a reader looks at.
const MOST_SPANS: usize = 5;

/// A query whose clauses are numbered.
pub(super) struct Explained<'e> {
    dictionary: Dictionary,
    bytes: Vec<u8>,
    clauses: Vec<&'e Expr>,
}

impl<'e> Explained<'e> {
    /// Compiles a query so that each of its clauses is reported.
    pub fn new(expr: &'e Expr, words: &Words) -> Self {
        let (mut dictionary, mut clauses) = (Dictionary::of_one(), Vec::new());
        let bytes = compile(expr, &mut dictionary, words, Some(&mut clauses)).bytes;
        Self { dictionary, bytes, clauses }
    }

    /// The places of its clauses, if it matches.
    pub fn places(&self, view: &View, present: &mut Present) -> Vec<Stretch> {
        present.fill(view, &self.dictionary);
        let told = Eval::new(view, present, &self.dictionary).clauses(&self.bytes).unwrap_or_default();
        let mut places: Vec<Stretch> = told.into_iter().flat_map(|(_, places)| places).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Whether it matches an article; `None` if that takes too long to tell.
    pub fn matches(&self, view: &View, present: &mut Present) -> Option<bool> {
        present.fill(view, &self.dictionary);
        Eval::new(view, present, &self.dictionary).matches(&self.bytes)
    }

    /// The clauses by which it matches, each once, in the order of the query; empty if it does not match.
    pub fn clauses(&self, view: &View, present: &mut Present) -> Vec<Clause> {
        present.fill(view, &self.dictionary);
        let mut told = Eval::new(view, present, &self.dictionary).clauses(&self.bytes).unwrap_or_default();
        told.sort();
        let mut out: Vec<Clause> = Vec::new();
        for (number, places) in told {
            let expr = self.clauses[number as usize].to_string();
            let spans = places.iter().take(MOST_SPANS).map(|place| view.span(*place)).collect();
            let clause = Clause { expr, spans };
            if !out.contains(&clause) {
                out.push(clause);
            }
        }
        out
    }
}
