//! The learnt model of attributions: what is observed, how observations are joined to features, and what each
//! feature weighs.
//!
//! `config/lexicon/generate/learn_cues.py` learns the weights from annotated articles. They are in a language's
//! `cue_weights.tsv`, one feature per line. A feature that is not listed weighs 0, so a cue for which no weights were
//! learnt is judged by its class, its form and what is around it.

pub(crate) mod joins;
pub(crate) mod kind;
pub(crate) mod observation;
pub(crate) mod seen;

use std::ops::Range;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::files;
use joins::{Join, Key, rows};
use kind::{Kind, Names, Observed};

/// The weights of features.
#[derive(Debug, Default)]
pub(crate) struct Weights {
    keys: FxHashMap<Key, f32>,
    rows: Vec<Row>,
}

/// What the joins of a row weigh together.
#[derive(Debug)]
enum Row {
    /// Cues and function words have too many values for a table: such a row is a single join.
    Key(Join),
    Table(Table),
}

/// Most kinds in a row with a table.
const KINDS: usize = 4;

/// The sums of a row for everything that can be observed. Looking up each feature instead makes tagging of English
/// news a tenth slower.
#[derive(Debug)]
struct Table {
    /// The joined kinds, each with the number of its values. Kinds with one value come first and fill up to
    /// [`KINDS`].
    kinds: [(Kind, usize); KINDS],
    /// In order of the values; those of the last kind change fastest.
    sums: Vec<f32>,
}

impl Weights {
    /// Reads a file of weights, and ignores those of cues and words that the language no longer lists. Errors name
    /// the file, the feature and the problem.
    pub fn read(path: &str, source: &str, names: Names<'_>, errors: &mut Vec<String>) -> Self {
        let read = files::weights(path, source, errors);
        let mut keys = FxHashMap::with_capacity_and_hasher(read.len(), FxBuildHasher);
        for (feature, weight) in read {
            match joins::read(feature, names) {
                Ok(read) => keys.extend(read.into_iter().map(|key| (key, weight))),
                Err(error) => errors.push(format!("{path}: {error}")),
            }
        }
        let row = |joins: Vec<Join>| Table::new(&joins, &keys).map_or(Row::Key(joins[0]), Row::Table);
        Self { rows: rows().map(row).collect(), keys }
    }

    /// Whether there are no weights.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The weight of a join for what is observed, if one was learnt.
    pub fn of(&self, join: Join, observed: &Observed) -> Option<f32> {
        self.keys.get(&join.key(observed)).copied()
    }

    /// Adds the weights of some rows of the table of joins to a sum.
    #[inline]
    pub fn add(&self, sum: f32, rows: Range<usize>, observed: &Observed) -> f32 {
        let weigh = |row: &Row| match row {
            Row::Key(join) => self.of(*join, observed).unwrap_or_default(),
            Row::Table(table) => table.sums[table.place(observed)],
        };
        self.rows[rows].iter().fold(sum, |sum, row| sum + weigh(row))
    }
}

impl Table {
    /// `None` if a kind has too many values for a table.
    fn new(joins: &[Join], keys: &FxHashMap<Key, f32>) -> Option<Self> {
        let mut kinds: Vec<(Kind, usize)> = Vec::new();
        for kind in joins.iter().flat_map(|join| join.kinds()) {
            if !kinds.iter().any(|(own, _)| own == kind) {
                kinds.push((*kind, kind.listed()?));
            }
        }
        let places = kinds.iter().map(|(_, values)| values).product();
        let sum = |place: usize| -> f32 {
            let mut observed = Observed::default();
            let mut left = place;
            for (kind, values) in kinds.iter().rev() {
                observed.put(*kind, (left % values) as u16);
                left /= values;
            }
            joins.iter().filter_map(|join| keys.get(&join.key(&observed))).sum()
        };
        let sums = (0..places).map(sum).collect();
        let mut filled = [(Kind::Bias, 1); KINDS];
        filled[KINDS - kinds.len()..].copy_from_slice(&kinds);
        Some(Self { kinds: filled, sums })
    }

    #[inline]
    fn place(&self, observed: &Observed) -> usize {
        self.kinds.iter().fold(0, |place, (kind, values)| place * values + usize::from(observed.of(*kind)))
    }
}

#[cfg(test)]
mod tests {
    use super::joins::joins;
    use super::observation::{Edge, End, Form, Right, Who};
    use super::*;
    use crate::article::Source;
    use crate::document::Document;
    use crate::files::Files;
    use crate::knowledge::Knowledge;
    use crate::official;
    use crate::quote::attributions;
    use crate::text::Language;

    const FILE: &str = "\
# what was learnt
right=that end=stop\t1
end=stop next=verb\t2
end=stop next=verb right=that\t4
end=stop next=verb right=to\t8
form=past end=stop\t16
cue=say right=that\t32
cue=say who=he\t64
cue=tell who=he\t128
";

    #[test]
    fn features_weigh_what_the_file_tells() {
        // "tell" has weights and is no cue of the language, "vow" is one without weights
        let [cues, words] = [["say", "vow"], ["he", "she"]].map(|list| list.map(Box::<str>::from));
        let mut errors = Vec::new();
        let weights = Weights::read("x.tsv", FILE, Names { cues: &cues, words: &words }, &mut errors);
        assert_eq!(errors, [""; 0]);
        let mut seen = Observed::default();
        seen.put(Kind::Next, Edge::Verb);
        seen.put(Kind::End, End::Stop);
        for (cue, who, form, right, expected) in [
            (1_u16, Who::Pronoun(1), Form::Past, Right::That, 119.0),
            (1, Who::None, Form::Base, Right::Wh, 2.0),
            (1, Who::None, Form::Base, Right::To, 10.0),
            (0, Who::Pronoun(1), Form::Past, Right::That, 23.0),
            (2, Who::Pronoun(1), Form::Past, Right::That, 23.0),
        ] {
            seen.put(Kind::Cue, cue);
            seen.put(Kind::Who, who);
            seen.put(Kind::Form, form);
            seen.put(Kind::Right, right);
            let one_by_one: f32 = joins().filter_map(|join| weights.of(join, &seen)).sum();
            assert!((one_by_one - expected).abs() < 0.01, "{cue} {right:?}: {one_by_one}");
            let all = weights.add(0.0, 0..joins::ROWS.len(), &seen);
            assert!((all - expected).abs() < 0.01, "{cue} {right:?}: {all}");
        }
    }

    #[test]
    fn a_cue_without_weights_of_its_own_attributes_too() {
        let mut files = Files::default();
        files.put("languages/en/cues_mine.toml", "[verbs.neutral]\nblurt = \"blurted\"\n");
        let knowledge = Knowledge::parse(&files).unwrap();
        let quoted = |body: &str| {
            let (title, language) = (String::new(), Language::parse("en").unwrap());
            let source = Source::default();
            let document =
                Document::new(title, body.to_owned(), language, None, source, &knowledge.vocabulary);
            let people = official::people(&document, knowledge.of_people());
            let found = attributions(&document, knowledge.of_quotes(), &people, 0);
            let quotes = found.iter().map(|found| found.quote(&document, &people).exact);
            quotes.collect::<Vec<_>>().join(" ")
        };
        for (body, want) in [
            ("“The bridge will open in May,” Jane Roe blurted on Monday.", "“The bridge will open in May,”"),
            ("Jane Roe blurted that the bridge would open in May.", "the bridge would open in May"),
            ("Jane Roe blurted out a secret.", ""),
            ("Jane Roe blorted that the bridge would open in May.", ""),
        ] {
            assert_eq!(quoted(body), want, "{body}");
        }
    }

    #[test]
    fn a_wrong_feature_is_told() {
        let mut errors = Vec::new();
        Weights::read("x.tsv", "right=beside\t1\nright=that\tmuch\n", Names::default(), &mut errors);
        for part in ["x.tsv: unknown observation `right=beside`", "x.tsv line 2"] {
            assert!(errors.iter().any(|e| e.starts_with(part)), "{part}: {errors:?}");
        }
    }
}
