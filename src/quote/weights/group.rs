//! Sums of weights made before: observations with few values each have so few combinations that what all features of
//! some of them weigh together lies in a table.

use super::Weights;
use super::atom::{
    AFTERS, AUXES, Atom, CLASS, CLAUSE, COMMAS, ENDS, FIRST, FORMS, FROMS, LEFTS, LENGTHS, MARKS, NEXT,
    QUOTED, QUOTES, RIGHTS, VERBS, WITHIN,
};
use super::key::feature;

/// Some kinds of observations, and the features that join them.
pub(crate) struct Group<const N: usize> {
    kinds: [&'static [Atom]; N],
    /// Each feature as the places of its kinds.
    pub features: &'static [&'static [usize]],
    /// Where its table starts among those of all groups.
    start: usize,
}

impl<const N: usize> Group<N> {
    const fn new(start: usize, kinds: [&'static [Atom]; N], features: &'static [&'static [usize]]) -> Self {
        Self { kinds, features, start }
    }

    /// Where its table ends.
    const fn end(&self) -> usize {
        let (mut size, mut i) = (1, 0);
        while i < N {
            size *= self.kinds[i].len();
            i += 1;
        }
        self.start + size
    }

    /// The place of some observations in the table.
    #[inline]
    pub fn place(&self, atoms: [Atom; N]) -> usize {
        let (mut place, mut i) = (0, 0);
        while i < N {
            place = place * self.kinds[i].len() + atoms[i].index();
            i += 1;
        }
        self.start + place
    }

    /// Adds the table.
    fn fill(&self, weights: &Weights, tables: &mut Vec<f32>) {
        let mut at = [0; N];
        for _ in self.start..self.end() {
            let number = |kind: &usize| self.kinds[*kind][at[*kind]].number();
            let weight = |f: &&[usize]| weights.get(f.iter().map(number).fold(0, feature));
            tables.push(self.features.iter().map(weight).sum());
            for kind in (0..N).rev() {
                at[kind] += 1;
                if at[kind] < self.kinds[kind].len() {
                    break;
                }
                at[kind] = 0;
            }
        }
    }
}

macro_rules! groups {
    ($first:ident = [$($kind:ident),*] $features:expr; $($rest:tt)*) => {
        groups! { @next 0; $first = [$($kind),*] $features; $($rest)* }
        groups! { @all ($first) $($rest)* }
    };
    (@next $start:expr; $name:ident = [$($kind:ident),*] $features:expr; $($rest:tt)*) => {
        pub(crate) const $name: Group<{ [$($kind.len()),*].len() }> = Group::new($start, [$(&$kind),*], &$features);
        groups! { @next $name.end(); $($rest)* }
    };
    (@next $start:expr;) => {};
    (@all ($($name:ident)*) $next:ident = [$($kind:ident),*] $features:expr; $($rest:tt)*) => {
        groups! { @all ($($name)* $next) $($rest)* }
    };
    (@all ($($name:ident)*)) => {
        /// The tables of all groups.
        pub(crate) fn tables(weights: &Weights) -> Vec<f32> {
            let mut tables = Vec::new();
            $($name.fill(weights, &mut tables);)*
            tables
        }
    };
}

groups! {
    AUX_FORM_RIGHT_AFTER = [AUXES, FORMS, RIGHTS, AFTERS] [&[2], &[1, 2], &[0, 1, 2], &[3, 2, 1]];
    CLASS_FORM_LEFT = [CLASS, FORMS, LEFTS] [&[2, 1], &[0, 1, 2]];
    CLASS_RIGHT_WITHIN = [CLASS, RIGHTS, WITHIN] [&[0, 1], &[2, 1]];
    MARK_LEFT_RIGHT = [MARKS, LEFTS, RIGHTS] [&[1, 2], &[0, 1, 2]];
    AFTER_LEFT_QUOTED = [AFTERS, LEFTS, QUOTED] [&[0, 1], &[2, 1]];
    CLASS_RIGHT_FIRST = [CLASS, RIGHTS, FIRST] [&[0, 1, 2]];
    LEFT_FIRST = [LEFTS, FIRST] [&[0, 1]];
    END_NEXT_RIGHT = [ENDS, NEXT, RIGHTS] [&[2, 0], &[0, 1], &[0, 1, 2]];
    RIGHT_END_LENGTH = [RIGHTS, ENDS, LENGTHS] [&[0, 1, 2], &[1, 2]];
    END_NEXT_FIRST = [ENDS, NEXT, FIRST] [&[0, 1, 2]];
    END_NEXT_VERBS_CLAUSE = [ENDS, NEXT, VERBS, CLAUSE] [&[0, 1, 3], &[2, 1]];
    END_VERBS_CLAUSE_LENGTH = [ENDS, VERBS, CLAUSE, LENGTHS] [&[0, 1, 3], &[0, 2, 3]];
    END_COMMAS_QUOTE_RIGHT = [ENDS, COMMAS, QUOTES, RIGHTS] [&[0, 1, 3], &[0, 2, 3]];
    RIGHT_FIRST_CLAUSE = [RIGHTS, FIRST, CLAUSE] [&[0, 1, 2]];
    END_FROM_QUOTE_MARK = [ENDS, FROMS, QUOTES, MARKS] [&[1, 0], &[2, 1, 3]];
    FORM_END = [FORMS, ENDS] [&[0, 1]];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quote::weights::key::atom;

    fn weigh(name: &str, weight: f32) -> (u64, f32) {
        (name.split(' ').map(atom).fold(0, feature), weight)
    }

    #[test]
    fn a_group_weighs_what_its_features_weigh() {
        let weights = Weights::new(&[
            weigh("right=that end=stop", 1.0),
            weigh("end=stop next=verb", 2.0),
            weigh("end=stop next=verb right=that", 4.0),
            weigh("end=stop next=verb right=to", 8.0),
            weigh("form=past end=stop", 16.0),
        ]);
        let [end, next] = [ENDS[0], NEXT[2]];
        let sum = |right: usize| weights.group(&END_NEXT_RIGHT, [end, next, RIGHTS[right]]);
        let (that, wh, to) = (sum(0), sum(1), sum(2));
        assert!((that - 7.0).abs() < 0.01 && (wh - 2.0).abs() < 0.01 && (to - 10.0).abs() < 0.01);
        assert_eq!(tables(&weights).len(), FORM_END.end());
        let past = FORMS.iter().filter(|form| weights.group(&FORM_END, [**form, end]) > 15.0).count();
        assert_eq!(past, 1);
    }
}
