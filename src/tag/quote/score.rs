//! How likely it is that a cue attributes a content: a sum of learnt weights over what is to be seen about both.
//!
//! Owns the features. The weights are learnt from annotated articles by `config/lexicon/generate/learn_cues.py` and
//! stored beside the cues; a language without weights goes by the rules in [`by_rule`].

use super::candidate::Extent;
use crate::lexicon::ByHash;
use crate::lexicon::cues::{CLASSES, feature};

/// One observation, "right=that", by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Atom {
    pub name: &'static str,
    key: u64,
}

impl Atom {
    /// The number is that of [`crate::lexicon::cues::atom`].
    pub const fn new(name: &'static str) -> Self {
        let bytes = name.as_bytes();
        let mut key: u64 = 0xcbf2_9ce4_8422_2325;
        let mut i = 0;
        while i < bytes.len() {
            key = (key ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
            i += 1;
        }
        Self { name, key }
    }
}

/// What is to be seen about a cue.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// Of the cue's name.
    pub cue: u64,
    pub class: u8,
    pub form: Atom,
    pub left: Atom,
    pub aux: Atom,
    pub right: Atom,
    /// A quoted stretch stands beside it as its content.
    pub quoted: bool,
    /// It stands within a quoted stretch.
    pub within: bool,
}

const BIAS: Atom = Atom::new("bias");
const CLASS: [Atom; CLASSES.len()] = [
    Atom::new("class=neutral"),
    Atom::new("class=claim"),
    Atom::new("class=deny"),
    Atom::new("class=accuse"),
    Atom::new("class=warn"),
    Atom::new("class=promise"),
    Atom::new("class=praise"),
    Atom::new("class=criticise"),
    Atom::new("class=order"),
    Atom::new("class=ask"),
    Atom::new("class=view"),
];
const WITHIN: [Atom; 2] = [Atom::new("within=no"), Atom::new("within=yes")];
const QUOTED: [Atom; 2] = [Atom::new("quoted=no"), Atom::new("quoted=yes")];

fn class_of(seen: &Seen) -> Atom {
    CLASS[seen.class as usize]
}

/// The features of a cue, whatever its content, as the observations that each joins; `usize::MAX` is the cue.
fn of_cue(seen: &Seen, mut take: impl FnMut(&[Part])) {
    use Part::{Cue, Seen as S};
    let class = class_of(seen);
    let within = WITHIN[usize::from(seen.within)];
    let quoted = QUOTED[usize::from(seen.quoted)];
    take(&[S(BIAS)]);
    take(&[Cue(seen.cue)]);
    take(&[S(seen.right)]);
    take(&[Cue(seen.cue), S(seen.right)]);
    take(&[Cue(seen.cue), S(seen.form)]);
    take(&[Cue(seen.cue), S(seen.left)]);
    take(&[Cue(seen.cue), S(seen.aux)]);
    take(&[S(class), S(seen.right)]);
    take(&[S(seen.form), S(seen.right)]);
    take(&[S(seen.left), S(seen.right)]);
    take(&[S(seen.left), S(seen.form)]);
    take(&[S(seen.aux), S(seen.form), S(seen.right)]);
    take(&[S(class), S(seen.form), S(seen.left)]);
    take(&[S(within), S(seen.right)]);
    take(&[S(quoted), S(seen.left)]);
}

/// The features of one content.
fn of_extent(seen: &Seen, extent: &Extent, mut take: impl FnMut(&[Part])) {
    use Part::{Cue, Seen as S};
    let [from, end, length, first, next, clause] = extent.seen;
    take(&[S(from), S(end)]);
    take(&[S(seen.right), S(end)]);
    take(&[S(seen.right), S(end), S(length)]);
    take(&[S(seen.form), S(end)]);
    take(&[Cue(seen.cue), S(end)]);
    take(&[S(end), S(length)]);
    take(&[S(end), S(next)]);
    take(&[S(end), S(next), S(seen.right)]);
    take(&[S(end), S(next), S(first)]);
    take(&[Cue(seen.cue), S(first)]);
    take(&[S(class_of(seen)), S(seen.right), S(first)]);
    take(&[S(seen.left), S(first)]);
    take(&[Cue(seen.cue), S(clause)]);
    take(&[S(seen.right), S(first), S(clause)]);
    take(&[S(end), S(clause), S(length)]);
    take(&[S(end), S(next), S(clause)]);
}

/// A part of a feature.
#[derive(Debug, Clone, Copy)]
enum Part {
    Cue(u64),
    Seen(Atom),
}

fn key(parts: &[Part]) -> u64 {
    feature(parts.iter().map(|p| match p {
        Part::Cue(atom) => *atom,
        Part::Seen(atom) => atom.key,
    }))
}

/// The names of all features of a cue with one of its contents; what the weights are learnt from.
pub(super) fn names(lemma: &str, seen: &Seen, extent: &Extent) -> Vec<String> {
    let mut out = Vec::new();
    let mut take = |parts: &[Part]| {
        let names: Vec<String> = parts
            .iter()
            .map(|p| match p {
                Part::Cue(_) => format!("cue={}", lemma.replace(' ', "_")),
                Part::Seen(atom) => atom.name.to_owned(),
            })
            .collect();
        out.push(names.join(" "));
    };
    of_cue(seen, &mut take);
    of_extent(seen, extent, &mut take);
    out
}

/// The likeliest content of a cue and the logarithm of its odds.
pub(super) fn best(seen: &Seen, extents: &[Extent], weights: &ByHash<f32>) -> Option<(usize, f32)> {
    let weight = |parts: &[Part]| weights.get(&key(parts)).copied().unwrap_or(0.0);
    let mut base = 0.0;
    of_cue(seen, |parts| base += weight(parts));
    let score = |extent: &Extent| {
        let mut sum = base;
        of_extent(seen, extent, |parts| sum += weight(parts));
        sum
    };
    extents.iter().map(score).enumerate().reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// What holds where nothing was learnt: quotes beside a cue, and clauses behind words of saying.
pub(super) fn by_rule(seen: &Seen, extents: &[Extent]) -> Option<usize> {
    let saying = !matches!(CLASSES[seen.class as usize], "view" | "praise" | "criticise");
    let clause = matches!(seen.right.name, "right=that" | "right=that-far" | "right=colon");
    let source = seen.form.name == "form=source";
    let told = seen.left.name != "left=start"
        && matches!(seen.right.name, "right=end" | "right=inverted" | "right=comma");
    (!extents.is_empty() && (saying || source) && !seen.within && (seen.quoted || clause || source || told))
        .then_some(0)
}
