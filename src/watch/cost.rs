//! What each query costs: how often it is run, how often it matches, and how many steps a run takes.

use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};

use super::eval::MOST_STEPS;

/// Buckets of steps: each ends at a power of four, from 1 to [`MOST_STEPS`].
const BUCKETS: usize = 11;

/// Nanoseconds that a step takes, about: [`MOST_STEPS`] of them take some 5 ms.
const STEP: u32 = 5;

/// What was measured of a query. It takes 32 bytes, since there may be a million.
#[derive(Debug, Default)]
pub(super) struct Tally {
    runs: AtomicU32,
    matches: AtomicU32,
    steps: [AtomicU16; BUCKETS],
}

/// What a watch costs, as measured since it is in force as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Cost {
    /// Times that its query was run and measured; in a large set that is a sample.
    pub candidates: u32,
    /// Those of them that matched.
    pub matches: u32,
    /// Microseconds that all but one in a hundred runs stay below; told from the steps they took, since what evaluates
    /// has no clock. `None` before the first run.
    pub p99_us: Option<f64>,
}

impl Cost {
    /// How often its query is run for one match; `None` before the first match.
    pub fn candidates_per_match(&self) -> Option<f32> {
        (self.matches > 0).then(|| self.candidates as f32 / self.matches as f32)
    }
}

impl Tally {
    /// Notes a run. Of two threads that meet here one may be lost: this is only a measure, and must cost next to nothing.
    pub fn note(&self, steps: u32, matches: bool) {
        if self.runs.load(Ordering::Relaxed) == u32::MAX {
            halve(&self.runs);
            halve(&self.matches);
        }
        raise(&self.runs);
        if matches {
            raise(&self.matches);
        }
        let bucket = &self.steps[bucket(steps)];
        if bucket.load(Ordering::Relaxed) == u16::MAX {
            // the latest runs count most
            for each in &self.steps {
                each.store(each.load(Ordering::Relaxed) / 2, Ordering::Relaxed);
            }
        }
        bucket.store(bucket.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    /// Whether nothing was measured yet.
    pub fn is_empty(&self) -> bool {
        self.runs.load(Ordering::Relaxed) == 0
    }

    /// What was measured so far.
    pub fn cost(&self) -> Cost {
        let steps = self.steps.each_ref().map(|n| u32::from(n.load(Ordering::Relaxed)));
        let all: u32 = steps.iter().sum();
        let mut below = 0;
        let enough = steps.iter().position(|n| {
            below += n;
            below * 100 >= all * 99
        });
        let p99_us = enough.filter(|_| all > 0).map(|bucket| f64::from(STEP << (2 * bucket)) / 1000.0);
        let load = |n: &AtomicU32| n.load(Ordering::Relaxed);
        Cost { candidates: load(&self.runs), matches: load(&self.matches), p99_us }
    }

    /// Takes over what was measured of the same query elsewhere, unless more was measured here.
    pub fn take(&self, other: &Self) {
        let load = |n: &AtomicU32| n.load(Ordering::Relaxed);
        if load(&other.runs) <= load(&self.runs) {
            return;
        }
        self.runs.store(load(&other.runs), Ordering::Relaxed);
        self.matches.store(load(&other.matches), Ordering::Relaxed);
        for (own, other) in self.steps.iter().zip(&other.steps) {
            own.store(other.load(Ordering::Relaxed), Ordering::Relaxed);
        }
    }
}

fn raise(number: &AtomicU32) {
    number.store(number.load(Ordering::Relaxed).saturating_add(1), Ordering::Relaxed);
}

fn halve(number: &AtomicU32) {
    number.store(number.load(Ordering::Relaxed) / 2, Ordering::Relaxed);
}

/// The bucket of so many steps.
fn bucket(steps: u32) -> usize {
    let steps = steps.clamp(1, MOST_STEPS);
    ((u32::BITS - (steps - 1).leading_zeros()).div_ceil(2) as usize).min(BUCKETS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_fall_into_powers_of_four() {
        let cases =
            [(0, 0), (1, 0), (2, 1), (4, 1), (5, 2), (16, 2), (17, 3), (MOST_STEPS, 10), (u32::MAX, 10)];
        for (steps, wanted) in cases {
            assert_eq!(bucket(steps), wanted, "{steps}");
        }
    }

    #[test]
    fn runs_matches_and_the_slowest_are_told() {
        let tally = Tally::default();
        assert_eq!(tally.cost(), Cost::default());
        assert_eq!(tally.cost().candidates_per_match(), None);
        for n in 0..200 {
            // one in a hundred takes long
            tally.note(if n % 100 == 7 { 60_000 } else { 12 }, n % 4 == 0);
        }
        let cost = tally.cost();
        assert_eq!((cost.candidates, cost.matches, cost.p99_us), (200, 50, Some(0.08)));
        assert_eq!(cost.candidates_per_match(), Some(4.0));
        for _ in 0..3 {
            tally.note(60_000, false);
        }
        assert_eq!(tally.cost().p99_us, Some(327.68), "over one in a hundred");
    }

    #[test]
    fn many_runs_do_not_overflow() {
        let tally = Tally::default();
        for _ in 0..70_000 {
            tally.note(3, true);
        }
        assert_eq!((tally.cost().candidates, tally.cost().p99_us), (70_000, Some(0.02)));
        tally.runs.store(u32::MAX, Ordering::Relaxed);
        tally.matches.store(u32::MAX / 2, Ordering::Relaxed);
        tally.note(3, true);
        let per_match = tally.cost().candidates_per_match().unwrap();
        assert!((1.9..2.1).contains(&per_match), "{per_match}");
    }

    #[test]
    fn the_fuller_of_two_is_kept() {
        let (one, other) = (Tally::default(), Tally::default());
        for _ in 0..3 {
            one.note(1, true);
        }
        other.note(100, false);
        one.take(&other);
        assert_eq!(one.cost().candidates, 3);
        other.take(&one);
        assert_eq!(other.cost(), one.cost());
    }
}
