//! Learnt weights by the number of their feature: a table that is only read, made for many lookups a token.

pub(crate) mod atom;
pub(crate) mod group;
pub(crate) mod key;

use atom::Atom;
use group::Group;

/// Weights by [`key::feature`].
#[derive(Debug, Default)]
pub struct Weights {
    /// Low half of the number, made odd, and weight; (0, 0.0) where there is none. Open addressing by the high half; the
    /// length is a power of two, at least twice the number of weights.
    slots: Box<[(u32, f32)]>,
    /// The tables of all groups, see [`group`].
    tables: Vec<f32>,
}

impl Weights {
    /// A table of features and weights; of two weights of one feature the last holds.
    pub fn new(weights: &[(u64, f32)]) -> Self {
        if weights.is_empty() {
            return Self::default();
        }
        let mut slots = vec![(0, 0.0); (weights.len() * 2).next_power_of_two()].into_boxed_slice();
        for (feature, weight) in weights {
            let tag = tag(*feature);
            let mut at = start(*feature, slots.len());
            while slots[at].0 != 0 && slots[at].0 != tag {
                at = (at + 1) & (slots.len() - 1);
            }
            slots[at] = (tag, *weight);
        }
        let mut out = Self { slots, tables: Vec::new() };
        out.tables = group::tables(&out);
        out
    }

    /// Whether nothing was learnt.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// What all features of a group weigh together.
    #[inline]
    pub(crate) fn group<const N: usize>(&self, group: &Group<N>, parts: [Atom; N]) -> f32 {
        self.tables.get(group.place(parts)).copied().unwrap_or_default()
    }

    /// The weight of a feature; 0 if it has none.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "called for each of thousands of features an article")]
    pub fn get(&self, feature: u64) -> f32 {
        if self.slots.is_empty() {
            return 0.0;
        }
        let tag = tag(feature);
        let mut at = start(feature, self.slots.len());
        loop {
            let (found, weight) = self.slots[at];
            if found == tag || found == 0 {
                return weight;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }
}

#[inline]
fn tag(feature: u64) -> u32 {
    feature as u32 | 1
}

#[inline]
fn start(feature: u64, slots: usize) -> usize {
    (feature >> 32) as usize & (slots - 1)
}

#[cfg(test)]
mod tests {
    use super::key::{atom, feature};
    use super::*;

    #[test]
    fn finds_what_was_put_in_and_nothing_else() {
        let key = |i: usize| feature(0, atom(&format!("cue={i}")));
        let weights: Vec<(u64, f32)> = (0..5000).map(|i| (key(i), i as f32)).collect();
        let table = Weights::new(&weights);
        let is = |got: f32, want: f32| got.to_bits() == want.to_bits();
        assert!((0..5000).all(|i| is(table.get(key(i)), i as f32)));
        assert!((5000..9000).all(|i| is(table.get(key(i)), 0.0)));
        assert!(Weights::new(&[]).is_empty());
        assert!(is(Weights::default().get(1), 0.0));
        assert!(is(Weights::new(&[(7, 1.0), (7, 2.0)]).get(7), 2.0));
    }
}
