//! The other forms of a query's words that occur in articles: what `~` after a word would find.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::key;
use super::query::{Expr, Term};
use super::view::View;
use super::warn::each;
use super::words::Words;
use crate::text::fold;

/// Forms told per word.
const SHOWN: usize = 5;

/// A word asked for as written, and its other forms in the articles seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherForms {
    /// The word, folded.
    pub word: String,
    /// Articles that have the word itself.
    pub articles: usize,
    /// Other forms, folded, with how many articles have each; the most frequent first.
    pub others: Vec<(String, usize)>,
}

/// The words that some queries ask for as written, and the articles counted so far.
#[derive(Debug, Default)]
pub struct Unasked {
    words: Vec<Box<str>>,
    /// By the key of a word.
    own: FxHashMap<u64, u32>,
    /// By the key that a word shares with its forms.
    forms: FxHashMap<u64, Vec<u32>>,
    /// By word: its count and those of its forms.
    counts: Vec<(usize, BTreeMap<String, usize>)>,
}

/// The forms of asked words that an article has: the number of the word, and the form if it is another.
pub type FormsSeen = Vec<(u32, Option<String>)>;

impl Unasked {
    /// Adds the words of a query; returns their numbers, in the order of the query.
    pub fn add(&mut self, expr: &Expr, words: &Words) -> Vec<u32> {
        let mut numbers = Vec::new();
        each(expr, &mut |part| {
            if let Expr::Term(Term::Words { words: term, forms: false }) = part
                && let [word] = &term[..]
            {
                numbers.push(self.number(word, words));
            }
        });
        let mut seen = rustc_hash::FxHashSet::default();
        numbers.retain(|number| seen.insert(*number));
        numbers
    }

    fn number(&mut self, word: &str, words: &Words) -> u32 {
        let next = self.words.len() as u32;
        let number = *self.own.entry(key::word(word)).or_insert(next);
        if number == next {
            self.words.push(word.into());
            self.counts.push((0, BTreeMap::new()));
            for form in words.form_keys(word) {
                self.forms.entry(form).or_default().push(number);
            }
        }
        number
    }

    /// The forms of asked words that an article has.
    pub fn see(&self, view: &View) -> FormsSeen {
        let mut out = FormsSeen::new();
        if self.words.is_empty() {
            return out;
        }
        let mut folded = String::new();
        for (number, form) in view.forms.iter().enumerate() {
            let own = [form.word, form.plain].map(|key| self.own.get(&key).copied());
            out.extend(own.into_iter().flatten().map(|word| (word, None)));
            for word in self.forms.get(&form.forms).into_iter().flatten() {
                if !own.contains(&Some(*word)) {
                    fold(view.word(view.places(number as u32)[0]), &mut folded);
                    out.push((*word, Some(folded.clone())));
                }
            }
        }
        // a form in capitals is the same form
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Counts an article.
    pub fn note(&mut self, seen: &FormsSeen) {
        for (word, form) in seen {
            let (own, others) = &mut self.counts[*word as usize];
            match form {
                None => *own += 1,
                Some(form) => *others.entry(form.clone()).or_default() += 1,
            }
        }
    }

    /// What was counted for these words, without those that had no other form.
    pub fn told(&self, numbers: &[u32]) -> Vec<OtherForms> {
        let told = numbers.iter().map(|number| {
            let (articles, others) = &self.counts[*number as usize];
            let mut others: Vec<(String, usize)> =
                others.iter().map(|(form, n)| (form.clone(), *n)).collect();
            others.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            others.truncate(SHOWN);
            OtherForms { word: self.words[*number as usize].to_string(), articles: *articles, others }
        });
        told.filter(|word| !word.others.is_empty()).collect()
    }
}
