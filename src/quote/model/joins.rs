//! Which observations are joined to features: the one table that scoring, learning and explaining read.

use std::ops::Range;

use super::kind::{Kind, Names, Observed};

/// The features of a cue with one of its contents. Each is a join of observations; the weights of a row are added
/// up first, then the rows. The first rows depend on the cue alone, so their sum holds for all of its contents. The
/// next ones depend on where the content starts, so their sum holds for all contents with the same start.
pub(crate) const ROWS: [&[&[Kind]]; 41] = {
    use Kind::{
        After, At, Aux, Before, Bias, Class, Clause, Commas, Cue, End, First, Form, Holds, Left, Length,
        Mark, Next, Opens, Quoted, Right, Start, Verbs, Who, Within, Word,
    };
    [
        &[&[Bias]],
        &[&[Cue]],
        &[&[Cue, Right]],
        &[&[Cue, Form]],
        &[&[Cue, Left]],
        &[&[Cue, Aux]],
        &[&[Who, Right]],
        &[&[Cue, Who]],
        &[&[Who, Within]],
        &[&[Cue, Before]],
        &[&[Before, Form, Right]],
        &[&[Cue, Mark]],
        &[&[Right], &[Form, Right], &[Aux, Form, Right], &[After, Right, Form]],
        &[&[Left, Form], &[Class, Form, Left]],
        &[&[Class, Right], &[Within, Right]],
        &[&[Left, Right], &[Mark, Left, Right]],
        &[&[After, Left], &[Quoted, Left]],
        // these depend on where the content starts
        &[&[Cue, First]],
        &[&[Cue, Opens]],
        &[&[Right, Opens]],
        &[&[Class, Right, First]],
        &[&[Left, First]],
        // these depend on the whole content
        &[&[Cue, End]],
        &[&[Cue, Clause]],
        &[&[Cue, Holds]],
        &[&[Cue, Length]],
        &[&[Cue, Right, End]],
        &[&[End, At]],
        &[&[End, At, Verbs]],
        &[&[End, Word]],
        &[&[At, Right]],
        &[&[Opens, End]],
        &[&[Right, End], &[End, Next], &[End, Next, Right]],
        &[&[Right, End, Length], &[End, Length]],
        &[&[End, Next, First]],
        &[&[End, Next, Clause], &[Verbs, Next]],
        &[&[End, Verbs, Length], &[End, Clause, Length]],
        &[&[End, Commas, Right], &[End, Holds, Right]],
        &[&[Right, First, Clause]],
        &[&[Start, End], &[Holds, Start, Mark]],
        &[&[Form, End]],
    ]
};

/// The rows that depend on the cue alone.
pub(crate) const OF_CUE: Range<usize> = 0..rows_before(Kind::First);
/// The rows that depend on where the content starts.
pub(crate) const OF_START: Range<usize> = OF_CUE.end..rows_before(Kind::Start);
/// The rows that depend on the whole content.
pub(crate) const OF_CONTENT: Range<usize> = OF_START.end..ROWS.len();

/// How many rows come before the first that has a kind, or a later one.
const fn rows_before(kind: Kind) -> usize {
    let mut row = 0;
    while row < ROWS.len() {
        let mut join = 0;
        while join < ROWS[row].len() {
            let mut part = 0;
            while part < ROWS[row][join].len() {
                if ROWS[row][join][part] as u16 >= kind as u16 {
                    return row;
                }
                part += 1;
            }
            join += 1;
        }
        row += 1;
    }
    row
}

/// Bits of a value in a key.
const BITS: usize = u16::BITS as usize;
/// Most kinds in a join: with the number of the join, their values fill a key.
const MOST: usize = 3;

/// A join with its number in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Join {
    number: u16,
    kinds: &'static [Kind],
    /// The same kinds, filled up in front with the kind whose value is always 0: a loop of fixed length is faster.
    filled: [Kind; MOST],
}

impl Join {
    fn new(number: u16, kinds: &'static [Kind]) -> Self {
        let mut filled = [Kind::Bias; MOST];
        filled[MOST - kinds.len()..].copy_from_slice(kinds);
        Self { number, kinds, filled }
    }
}

/// The kinds of each join, with its number.
fn numbered() -> impl Iterator<Item = (u16, &'static [Kind])> {
    (0..).zip(ROWS.iter().flat_map(|row| row.iter().copied()))
}

/// All joins, in order.
pub(crate) fn joins() -> impl Iterator<Item = Join> {
    numbered().map(|(number, kinds)| Join::new(number, kinds))
}

/// All joins, by row.
pub(crate) fn rows() -> impl Iterator<Item = Vec<Join>> {
    let mut all = joins();
    ROWS.iter().map(move |row| all.by_ref().take(row.len()).collect())
}

/// A feature as an exact number: that of its join, then the values that it joins.
pub(crate) type Key = u64;

impl Join {
    /// The key for what is observed.
    #[inline]
    pub fn key(self, observed: &Observed) -> Key {
        let values = self.filled.iter().fold(0, |key, kind| key << BITS | Key::from(observed.of(*kind)));
        Key::from(self.number) << (MOST * BITS) | values
    }

    pub fn kinds(self) -> &'static [Kind] {
        self.kinds
    }

    /// How the weights file writes what is observed: "right=that end=stop".
    pub fn write(self, observed: &Observed, names: Names<'_>) -> String {
        let parts: Vec<String> =
            self.kinds.iter().map(|kind| kind.write(observed.of(*kind), names)).collect();
        parts.join(" ")
    }
}

/// The keys for a feature as the weights file writes it: normally one, and none if the language lists no such cue
/// or function word; see [`Kind::read`]. An error says what is wrong.
pub(crate) fn read(feature: &str, names: Names<'_>) -> Result<Vec<Key>, String> {
    let mut kinds = Vec::new();
    let mut observed = vec![Observed::default()];
    for part in feature.split(' ') {
        let (kind, values) =
            Kind::read(part, names).ok_or_else(|| format!("unknown observation `{part}`"))?;
        kinds.push(kind);
        let with = |before: Observed| values.into_iter().flatten().map(move |value| before.with(kind, value));
        observed = observed.into_iter().flat_map(with).collect();
    }
    let join = numbered().find(|(_, joined)| *joined == kinds);
    let (number, kinds) = join.ok_or_else(|| format!("no join is written as `{feature}`"))?;
    let join = Join::new(number, kinds);
    Ok(observed.iter().map(|observed| join.key(observed)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quote::model::observation::{End, Right};

    #[test]
    fn each_join_stands_once_and_fits_into_a_key() {
        for join in joins() {
            let same = |other: &Join| {
                other.kinds.len() == join.kinds.len() && other.kinds.iter().all(|k| join.kinds.contains(k))
            };
            assert_eq!(joins().filter(same).count(), 1, "{join:?}");
        }
        for row in rows().filter(|row| row.iter().flat_map(|join| join.kinds).any(|k| k.listed().is_none())) {
            assert_eq!(row.len(), 1, "a row without a table: {row:?}");
        }
    }

    #[test]
    fn a_feature_is_read_as_it_is_written() {
        let mut observed = Observed::default();
        observed.put(Kind::Right, Right::That);
        observed.put(Kind::End, End::CommaAnd);
        let names = Names::default();
        for join in joins() {
            let written = join.write(&observed, names);
            assert_eq!(read(&written, names), Ok(vec![join.key(&observed)]), "{written}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_feature_is_told() {
        for (feature, wrong) in [
            ("right=beside", Err("unknown observation `right=beside`")),
            ("side=right", Err("unknown observation `side=right`")),
            ("end=stop right=that", Err("no join is written as `end=stop right=that`")),
            ("cue=say", Ok(Vec::new())),
        ] {
            assert_eq!(read(feature, Names::default()), wrong.map_err(str::to_owned), "{feature}");
        }
    }
}
