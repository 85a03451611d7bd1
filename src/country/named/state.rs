//! Names of both a country and a state: what beside them says that the state is meant.

use rustc_hash::FxHashSet;

use super::{Place, Reader};
use crate::country::gazetteer::{Kind, Sense};
use crate::text::Gap;

/// Most tokens between two names of a list: a comma and "and".
const BETWEEN: usize = 2;

/// Thousands of inhabitants from which a state's name more likely means its city: New York.
const METROPOLIS: u32 = 1000;

impl Reader<'_> {
    /// Whether the word after a name is one of a state's: "Georgia lawmakers".
    pub(super) fn is_of_state(&self, next: usize) -> bool {
        let text = &self.part.text;
        text.tokens.get(next).is_some_and(|t| t.gap == Gap::Space)
            && self.context.is_some_and(|c| c.of_state.contains(text.word(next).to_lowercase().as_str()))
    }

    /// Marks names that are listed with another state: "Alabama and Georgia".
    pub(super) fn among_states(&self, places: &mut [Place]) {
        let text = &self.part.text;
        for i in 1..places.len() {
            let (left, right) = places.split_at_mut(i);
            let (first, second) = (&mut left[i - 1], &mut right[0]);
            let near = second.tokens.start <= first.tokens.end + BETWEEN;
            if near && text.sentence_of(first.tokens.start) == text.sentence_of(second.tokens.start) {
                first.state |= is_beside(first, second);
                second.state |= is_beside(second, first);
            }
        }
    }
}

/// Whether a name of both a country and a state is beside one that is surely another state of the same country.
fn is_beside(place: &Place, other: &Place) -> bool {
    let state = |s: &&Sense| s.kind == Kind::Region && s.region != [0; 2];
    let unsure = |s: &Sense| {
        matches!(s.kind, Kind::Country | Kind::Capital) || s.kind == Kind::City && s.population >= METROPOLIS
    };
    let Some(own) = place.senses.iter().find(state) else { return false };
    place.senses.iter().any(|s| s.kind == Kind::Country)
        && other.senses.iter().filter(state).any(|s| s.country == own.country && s.region != own.region)
        && !other.senses.iter().any(unsure)
}

/// A name that means a state in one place means it in the whole article.
pub(super) fn everywhere(places: &mut [Place]) {
    let states: FxHashSet<String> = places.iter().filter(|p| p.state).map(|p| p.key.clone()).collect();
    if !states.is_empty() {
        places.iter_mut().for_each(|p| p.state = states.contains(&p.key));
    }
}
