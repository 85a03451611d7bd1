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

    /// Adds the table behind those before it.
    fn fill(&self, weights: &Weights, tables: &mut Vec<f32>) {
        debug_assert_eq!(tables.len(), self.start);
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

// A group is called by the kinds that it joins; `[0, 2]` is the feature of the first and the third of them. Each starts
// where the one before it ends.
pub(crate) const AUX_FORM_RIGHT_AFTER: Group<4> =
    Group::new(0, [&AUXES, &FORMS, &RIGHTS, &AFTERS], &[&[2], &[1, 2], &[0, 1, 2], &[3, 2, 1]]);
pub(crate) const CLASS_FORM_LEFT: Group<3> =
    Group::new(AUX_FORM_RIGHT_AFTER.end(), [&CLASS, &FORMS, &LEFTS], &[&[2, 1], &[0, 1, 2]]);
pub(crate) const CLASS_RIGHT_WITHIN: Group<3> =
    Group::new(CLASS_FORM_LEFT.end(), [&CLASS, &RIGHTS, &WITHIN], &[&[0, 1], &[2, 1]]);
pub(crate) const MARK_LEFT_RIGHT: Group<3> =
    Group::new(CLASS_RIGHT_WITHIN.end(), [&MARKS, &LEFTS, &RIGHTS], &[&[1, 2], &[0, 1, 2]]);
pub(crate) const AFTER_LEFT_QUOTED: Group<3> =
    Group::new(MARK_LEFT_RIGHT.end(), [&AFTERS, &LEFTS, &QUOTED], &[&[0, 1], &[2, 1]]);
pub(crate) const CLASS_RIGHT_FIRST: Group<3> =
    Group::new(AFTER_LEFT_QUOTED.end(), [&CLASS, &RIGHTS, &FIRST], &[&[0, 1, 2]]);
pub(crate) const LEFT_FIRST: Group<2> = Group::new(CLASS_RIGHT_FIRST.end(), [&LEFTS, &FIRST], &[&[0, 1]]);
pub(crate) const END_NEXT_RIGHT: Group<3> =
    Group::new(LEFT_FIRST.end(), [&ENDS, &NEXT, &RIGHTS], &[&[2, 0], &[0, 1], &[0, 1, 2]]);
pub(crate) const RIGHT_END_LENGTH: Group<3> =
    Group::new(END_NEXT_RIGHT.end(), [&RIGHTS, &ENDS, &LENGTHS], &[&[0, 1, 2], &[1, 2]]);
pub(crate) const END_NEXT_FIRST: Group<3> =
    Group::new(RIGHT_END_LENGTH.end(), [&ENDS, &NEXT, &FIRST], &[&[0, 1, 2]]);
pub(crate) const END_NEXT_VERBS_CLAUSE: Group<4> =
    Group::new(END_NEXT_FIRST.end(), [&ENDS, &NEXT, &VERBS, &CLAUSE], &[&[0, 1, 3], &[2, 1]]);
pub(crate) const END_VERBS_CLAUSE_LENGTH: Group<4> =
    Group::new(END_NEXT_VERBS_CLAUSE.end(), [&ENDS, &VERBS, &CLAUSE, &LENGTHS], &[&[0, 1, 3], &[0, 2, 3]]);
pub(crate) const END_COMMAS_QUOTE_RIGHT: Group<4> =
    Group::new(END_VERBS_CLAUSE_LENGTH.end(), [&ENDS, &COMMAS, &QUOTES, &RIGHTS], &[&[0, 1, 3], &[0, 2, 3]]);
pub(crate) const RIGHT_FIRST_CLAUSE: Group<3> =
    Group::new(END_COMMAS_QUOTE_RIGHT.end(), [&RIGHTS, &FIRST, &CLAUSE], &[&[0, 1, 2]]);
pub(crate) const END_FROM_QUOTE_MARK: Group<4> =
    Group::new(RIGHT_FIRST_CLAUSE.end(), [&ENDS, &FROMS, &QUOTES, &MARKS], &[&[1, 0], &[2, 1, 3]]);
pub(crate) const FORM_END: Group<2> = Group::new(END_FROM_QUOTE_MARK.end(), [&FORMS, &ENDS], &[&[0, 1]]);

/// The tables of all groups, in their order.
pub(super) fn tables(weights: &Weights) -> Vec<f32> {
    let mut tables = Vec::with_capacity(FORM_END.end());
    AUX_FORM_RIGHT_AFTER.fill(weights, &mut tables);
    CLASS_FORM_LEFT.fill(weights, &mut tables);
    CLASS_RIGHT_WITHIN.fill(weights, &mut tables);
    MARK_LEFT_RIGHT.fill(weights, &mut tables);
    AFTER_LEFT_QUOTED.fill(weights, &mut tables);
    CLASS_RIGHT_FIRST.fill(weights, &mut tables);
    LEFT_FIRST.fill(weights, &mut tables);
    END_NEXT_RIGHT.fill(weights, &mut tables);
    RIGHT_END_LENGTH.fill(weights, &mut tables);
    END_NEXT_FIRST.fill(weights, &mut tables);
    END_NEXT_VERBS_CLAUSE.fill(weights, &mut tables);
    END_VERBS_CLAUSE_LENGTH.fill(weights, &mut tables);
    END_COMMAS_QUOTE_RIGHT.fill(weights, &mut tables);
    RIGHT_FIRST_CLAUSE.fill(weights, &mut tables);
    END_FROM_QUOTE_MARK.fill(weights, &mut tables);
    FORM_END.fill(weights, &mut tables);
    tables
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
