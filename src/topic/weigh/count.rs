//! Where a term occurs in an article, and how often.

use crate::document::{Hit, Meaning, Mention};
use crate::text::{Field, Language};
use crate::topic::tree::Topics;

/// Factors for a term in the headline and in the lede, relative to elsewhere.
const TITLE: f32 = 2.0;
const LEDE: f32 = 1.5;

/// How often a term occurs where.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Count {
    pub title: u32,
    pub lede: u32,
    pub body: u32,
}

impl Count {
    pub fn all(&self) -> u32 {
        self.title + self.lede + self.body
    }

    /// The factor for the weight of a term.
    pub fn factor(&self) -> f32 {
        let place = if self.title > 0 {
            TITLE
        } else if self.lede > 0 {
            LEDE
        } else {
            1.0
        };
        place + 0.5 * (self.all().min(3) - 1) as f32
    }
}

/// A range in title or body: a [`Mention`] that is cheap to store.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub field: Field,
    pub start: u32,
    pub end: u32,
}

impl Place {
    pub fn mention(self) -> Mention {
        Mention { field: self.field, tokens: self.start as usize..self.end as usize }
    }
}

/// A model's term found in the article.
#[derive(Debug, Clone, Copy)]
pub(super) struct Learnt {
    pub term: u32,
    /// How often it occurs; the headline counts twice.
    pub count: u32,
    pub first: Place,
}

impl Learnt {
    /// The input to the model.
    pub fn value(&self) -> f32 {
        (1.0 + self.count as f32).ln()
    }
}

/// Picks the terms with rules that count at one place. Words that share a stem, such as "mine" and "mining", give
/// several terms there: each topic takes the one with the greatest weight.
pub(super) fn strongest<'h>(
    topics: &Topics,
    language: Language,
    hits: impl Iterator<Item = &'h Hit>,
) -> Vec<u32> {
    let ruled = hits.filter_map(|h| match h.meaning {
        Meaning::Topic(term) if topics.kind(term).ruled && topics.kind(term).counts_in(language) => {
            Some(term)
        }
        _ => None,
    });
    let mut terms: Vec<u32> = ruled.collect();
    if terms.len() > 1 {
        let weight =
            |term: u32| topics.term(term).rules.iter().map(|(_, weight)| *weight).fold(0.0, f32::max);
        terms.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)));
        let mut taken: Vec<u16> = Vec::new();
        terms.retain(|term| {
            let term = topics.term(*term);
            let mut of = term.rules.iter().map(|(topic, _)| *topic).chain(term.unless.iter().copied());
            let is_new = !of.clone().any(|topic| taken.contains(&topic));
            taken.extend(of.by_ref().filter(|_| is_new));
            is_new
        });
    }
    terms
}
