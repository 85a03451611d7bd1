//! How likely it is that a cue attributes a content: a sum of learnt weights over what is to be seen about both.
//!
//! Owns the features. The weights are learnt from annotated articles by `config/lexicon/generate/learn_cues.py` and
//! stored beside the cues; a language without weights goes by the rules in [`by_rule`].

use std::ops::Range;

use super::candidate::{Extent, MOST};
use crate::lexicon::cues::{CLASSES, feature};
use crate::lexicon::weights::Weights;
use crate::text::Text;

/// One observation, "right=that", by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Atom {
    /// Without the word that it ends with, if it has one.
    pub name: &'static str,
    /// The token whose word, in small letters, ends the name.
    word: Option<u32>,
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
        Self { name, word: None, key }
    }

    /// An observation that ends with the word at token `i`: "next=" with "because".
    pub fn with_word(self, i: usize, word: &str) -> Self {
        let key = word
            .bytes()
            .fold(self.key, |h, b| (h ^ u64::from(b.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3));
        Self { word: Some(i as u32), key, ..self }
    }

    fn full_name(self, text: &Text) -> String {
        let word = self.word.map(|i| text.word(i as usize).to_ascii_lowercase());
        self.name.to_owned() + &word.unwrap_or_default()
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
    /// What names the source: a pronoun by itself, a name, a noun.
    pub who: Atom,
    /// The small word before the cue.
    pub before: Atom,
    /// The mark that ends a quote before the cue and its source.
    pub mark: Atom,
    /// Whether another cue stands before it in the sentence.
    pub after: Atom,
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
#[inline]
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
    take(&[S(seen.who), S(seen.right)]);
    take(&[Cue(seen.cue), S(seen.who)]);
    take(&[S(seen.who), S(within)]);
    take(&[Cue(seen.cue), S(seen.before)]);
    take(&[S(seen.before), S(seen.form), S(seen.right)]);
    take(&[S(seen.mark), S(seen.left), S(seen.right)]);
    take(&[Cue(seen.cue), S(seen.mark)]);
    take(&[S(seen.after), S(seen.right), S(seen.form)]);
    take(&[S(seen.after), S(seen.left)]);
}

/// The features of one content.
#[inline]
fn of_extent(seen: &Seen, extent: &Extent, mut take: impl FnMut(&[Part])) {
    use Part::{Cue, Seen as S};
    let [from, end, length, first, next, clause] = extent.seen;
    let [at, word, opens, verbs, commas, quote] = extent.near;
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
    take(&[S(end), S(at)]);
    take(&[S(end), S(at), S(verbs)]);
    take(&[S(end), S(word)]);
    take(&[S(at), S(seen.right)]);
    take(&[Cue(seen.cue), S(opens)]);
    take(&[S(seen.right), S(opens)]);
    take(&[S(opens), S(end)]);
    take(&[S(end), S(verbs), S(length)]);
    take(&[S(verbs), S(next)]);
    take(&[S(end), S(commas), S(seen.right)]);
    take(&[S(end), S(quote), S(seen.right)]);
    take(&[S(quote), S(from), S(seen.mark)]);
    take(&[Cue(seen.cue), S(quote)]);
    take(&[Cue(seen.cue), S(seen.right), S(end)]);
    take(&[Cue(seen.cue), S(length)]);
}

/// A part of a feature.
#[derive(Debug, Clone, Copy)]
enum Part {
    Cue(u64),
    Seen(Atom),
}

#[inline]
fn key(parts: &[Part]) -> u64 {
    feature(parts.iter().map(|p| match p {
        Part::Cue(atom) => *atom,
        Part::Seen(atom) => atom.key,
    }))
}

/// The names of all features of a cue with one of its contents; what the weights are learnt from.
pub(super) fn names(text: &Text, lemma: &str, seen: &Seen, extent: &Extent) -> Vec<String> {
    let mut out = Vec::new();
    let mut take = |parts: &[Part]| {
        let names: Vec<String> = parts
            .iter()
            .map(|p| match p {
                Part::Cue(_) => format!("cue={}", lemma.replace(' ', "_")),
                Part::Seen(atom) => atom.full_name(text),
            })
            .collect();
        out.push(names.join(" "));
    };
    of_cue(seen, &mut take);
    of_extent(seen, extent, &mut take);
    out
}

/// The likeliest content of a cue, and the logarithm of the odds that it, or one that is nearly the same, is right:
/// one of the contents is, or none.
pub(super) fn best(seen: &Seen, extents: &[Extent], weights: &Weights) -> Option<(usize, f32)> {
    let weight = |parts: &[Part]| weights.get(key(parts));
    let mut base = 0.0;
    of_cue(seen, |parts| base += weight(parts));
    let mut sums = [0.0; MOST + 4];
    for (sum, extent) in sums.iter_mut().zip(extents) {
        *sum = base;
        of_extent(seen, extent, |parts| *sum += weight(parts));
    }
    let sums = &sums[..extents.len().min(MOST + 4)];
    let (chosen, most) =
        sums.iter().copied().enumerate().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    let most = most.max(0.0);
    let (mut near, mut other) = (0.0, (-most).exp());
    for (sum, extent) in sums.iter().zip(extents) {
        let odds = (sum - most).exp();
        if half_same(&extent.tokens, &extents[chosen].tokens) {
            near += odds;
        } else {
            other += odds;
        }
    }
    Some((chosen, (near / other).ln()))
}

/// Whether two contents overlap by half of the longer.
fn half_same(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.end.min(b.end).saturating_sub(a.start.max(b.start)) * 2 >= a.len().max(b.len())
}

/// Whether a noun has its speaker in the genitive and "that" or a quote behind it.
pub(super) fn outright(seen: &Seen) -> bool {
    seen.form.name == "form=noun"
        && matches!(seen.left.name, "left=genitive" | "left=his")
        && matches!(seen.right.name, "right=that" | "right=quote")
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
