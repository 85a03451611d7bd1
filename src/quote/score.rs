//! How likely it is that a cue attributes a content: a sum of learnt weights over what is to be seen about both.
//!
//! Owns the features. The weights are learnt from annotated articles by `config/data/generate/learn_cues.py` and
//! stored beside the cues; a language without weights goes by the rules in [`by_rule`].

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::candidate::seen::{Opening, Sketch};
use super::candidate::{Extent, MOST, Reading};
use super::grammar::Grammar;
use crate::language::small::SmallWords;
use crate::language::word::letters;
use crate::quote::cues::{CLASSES, Cue};
use crate::quote::weights::Weights;
use crate::quote::weights::atom::{
    A_NONE, AFTER_NO, Atom, BIAS, CLASS, E_LEFT, E_STOP, F_NOUN, F_PAST, F_S, F_SOURCE, L_GENITIVE, L_HIS,
    L_START, OF_WORDS, QUOTED, R_COLON, R_COMMA, R_END, R_INVERTED, R_OBJECT, R_QUOTE, R_THAT, R_THAT_FAR,
    S_SENTENCE, WITHIN, names,
};
use crate::quote::weights::group::{
    AFTER_LEFT_QUOTED, AUX_FORM_RIGHT_AFTER, CLASS_FORM_LEFT, CLASS_RIGHT_FIRST, CLASS_RIGHT_WITHIN,
    END_COMMAS_QUOTE_RIGHT, END_FROM_QUOTE_MARK, END_NEXT_FIRST, END_NEXT_RIGHT, END_NEXT_VERBS_CLAUSE,
    END_VERBS_CLAUSE_LENGTH, FORM_END, Group, LEFT_FIRST, MARK_LEFT_RIGHT, RIGHT_END_LENGTH,
    RIGHT_FIRST_CLAUSE,
};
use crate::quote::weights::key::{atom, feature};

/// What is to be seen about a cue.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// The cue's name.
    pub cue: Atom,
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

/// What takes features: one by one, each as the observations that it joins, or all of a group at once.
trait Take {
    fn take<const N: usize>(&mut self, parts: [Atom; N]);
    fn group<const N: usize>(&mut self, group: &Group<N>, parts: [Atom; N]);
}

/// The features of a cue, whatever its content.
#[inline]
fn of_cue(s: &Seen, out: &mut impl Take) {
    let class = CLASS[s.class as usize];
    let within = WITHIN[usize::from(s.within)];
    let quoted = QUOTED[usize::from(s.quoted)];
    out.take([BIAS]);
    out.take([s.cue]);
    out.take([s.cue, s.right]);
    out.take([s.cue, s.form]);
    out.take([s.cue, s.left]);
    out.take([s.cue, s.aux]);
    out.take([s.who, s.right]);
    out.take([s.cue, s.who]);
    out.take([s.who, within]);
    out.take([s.cue, s.before]);
    out.take([s.before, s.form, s.right]);
    out.take([s.cue, s.mark]);
    out.group(&AUX_FORM_RIGHT_AFTER, [s.aux, s.form, s.right, s.after]);
    out.group(&CLASS_FORM_LEFT, [class, s.form, s.left]);
    out.group(&CLASS_RIGHT_WITHIN, [class, s.right, within]);
    out.group(&MARK_LEFT_RIGHT, [s.mark, s.left, s.right]);
    out.group(&AFTER_LEFT_QUOTED, [s.after, s.left, quoted]);
}

/// The features of all contents that start at one token.
#[inline]
fn of_opening(s: &Seen, o: Opening, out: &mut impl Take) {
    out.take([s.cue, o.first]);
    out.take([s.cue, o.opens]);
    out.take([s.right, o.opens]);
    out.group(&CLASS_RIGHT_FIRST, [CLASS[s.class as usize], s.right, o.first]);
    out.group(&LEFT_FIRST, [s.left, o.first]);
}

/// The other features of one content.
#[inline]
fn of_extent(s: &Seen, e: &Sketch, out: &mut impl Take) {
    out.take([s.cue, e.end]);
    out.take([s.cue, e.clause]);
    out.take([s.cue, e.quote]);
    out.take([s.cue, e.length]);
    out.take([s.cue, s.right, e.end]);
    out.take([e.end, e.at]);
    out.take([e.end, e.at, e.verbs]);
    out.take([e.end, e.word]);
    out.take([e.at, s.right]);
    out.take([e.opens, e.end]);
    out.group(&END_NEXT_RIGHT, [e.end, e.next, s.right]);
    out.group(&RIGHT_END_LENGTH, [s.right, e.end, e.length]);
    out.group(&END_NEXT_FIRST, [e.end, e.next, e.first]);
    out.group(&END_NEXT_VERBS_CLAUSE, [e.end, e.next, e.verbs, e.clause]);
    out.group(&END_VERBS_CLAUSE_LENGTH, [e.end, e.verbs, e.clause, e.length]);
    out.group(&END_COMMAS_QUOTE_RIGHT, [e.end, e.commas, e.quote, s.right]);
    out.group(&RIGHT_FIRST_CLAUSE, [s.right, e.first, e.clause]);
    out.group(&END_FROM_QUOTE_MARK, [e.end, e.from, e.quote, s.mark]);
    out.group(&FORM_END, [s.form, e.end]);
}

/// The sum of the weights of features.
#[derive(Clone, Copy)]
struct Sum<'w> {
    weights: &'w Weights,
    sum: f32,
}

impl Take for Sum<'_> {
    #[inline]
    fn take<const N: usize>(&mut self, parts: [Atom; N]) {
        let (mut number, mut i) = (0, 0);
        while i < N {
            number = feature(number, parts[i].number());
            i += 1;
        }
        self.sum += self.weights.get(number);
    }

    #[inline]
    fn group<const N: usize>(&mut self, group: &Group<N>, parts: [Atom; N]) {
        self.sum += self.weights.group(group, parts);
    }
}

/// The names of observations by their number, as the weights are learnt by name.
pub(super) struct Names(FxHashMap<u32, String>);

impl Names {
    /// All that can be observed in a language with these small words.
    pub fn new(words: Option<&SmallWords>) -> Self {
        let fixed = names().map(|name| (atom(name), name.to_owned()));
        let listed = words.into_iter().flat_map(SmallWords::iter).map(|(word, _)| word);
        let listed: Vec<String> = listed.chain([String::new()]).collect();
        let of_words = OF_WORDS.into_iter().flat_map(|kind| {
            listed
                .iter()
                .map(move |word| (kind.with(letters(word)).number(), format!("{}={word}", kind.name)))
        });
        Self(fixed.chain(of_words).collect())
    }

    /// The names of all features of a cue with one of its contents.
    pub fn of(&self, grammar: &Grammar, reading: &Reading, extent: &Extent) -> Vec<String> {
        let lemma = grammar.cues[reading.cue].cue.lemma.replace(' ', "_");
        let mut named = Named { names: self, cue: reading.seen.cue, lemma, out: Vec::new() };
        let opening = reading.opening(grammar, extent);
        of_cue(&reading.seen, &mut named);
        of_opening(&reading.seen, opening, &mut named);
        of_extent(&reading.seen, &reading.sketch(grammar, extent, opening), &mut named);
        named.out
    }
}

/// Takes features by their names.
struct Named<'n> {
    names: &'n Names,
    cue: Atom,
    lemma: String,
    out: Vec<String>,
}

impl Named<'_> {
    fn name(&self, atom: Atom) -> String {
        match self.names.0.get(&atom.number()) {
            _ if atom == self.cue => format!("cue={}", self.lemma),
            Some(name) => name.clone(),
            None => unreachable!("every observation has a name"),
        }
    }
}

impl Take for Named<'_> {
    fn take<const N: usize>(&mut self, parts: [Atom; N]) {
        self.out.push(parts.map(|atom| self.name(atom)).join(" "));
    }

    fn group<const N: usize>(&mut self, group: &Group<N>, parts: [Atom; N]) {
        for feature in group.features {
            let names: Vec<String> = feature.iter().map(|kind| self.name(parts[*kind])).collect();
            self.out.push(names.join(" "));
        }
    }
}

/// The likeliest content of a cue, and the logarithm of the odds that it, or one that is nearly the same, is right:
/// one of the contents is, or none.
pub(super) fn best(
    grammar: &Grammar,
    reading: &Reading,
    extents: &[Extent],
    weights: &Weights,
) -> Option<(usize, f32)> {
    let mut base = Sum { weights, sum: 0.0 };
    of_cue(&reading.seen, &mut base);
    let mut sums = [0.0; MOST + 4];
    let extents = &extents[..extents.len().min(sums.len())];
    // most contents of a cue start alike
    let mut opened: Option<(usize, Opening, Sum)> = None;
    for (sum, extent) in sums.iter_mut().zip(extents) {
        let start = extent.looked.start;
        let (_, opening, before) = opened.filter(|o| o.0 == start).unwrap_or_else(|| {
            let opening = reading.opening(grammar, extent);
            let mut sum = base;
            of_opening(&reading.seen, opening, &mut sum);
            (start, opening, sum)
        });
        opened = Some((start, opening, before));
        let mut all = before;
        of_extent(&reading.seen, &reading.sketch(grammar, extent, opening), &mut all);
        *sum = all.sum;
    }
    let sums = &sums[..extents.len()];
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
    seen.form == F_NOUN
        && (seen.left == L_GENITIVE || seen.left == L_HIS)
        && (seen.right == R_THAT || seen.right == R_QUOTE)
}

/// Tokens of a clause at least: "prices rose again".
const SHORT: usize = 3;

/// Whether any reader would give a content to its source: "Prices rose, analysts said.", "Prices rose, said Rao.", "According
/// to Rao, prices rose."
pub(super) fn is_plain(cue: &Cue, seen: &Seen, extent: &Extent) -> bool {
    let finite = (seen.form == F_PAST || seen.form == F_S) && seen.aux == A_NONE;
    let all_before = extent.from == S_SENTENCE && extent.end == E_LEFT;
    let behind = extent.end == E_STOP;
    let over = cue.plain && (seen.right == R_END || seen.right == R_INVERTED);
    let parted = finite && all_before && (over || cue.addressed && seen.right == R_OBJECT);
    let source = seen.form == F_SOURCE && (all_before || seen.left == L_START && behind);
    !seen.within && seen.after == AFTER_NO && extent.tokens.len() >= SHORT && (parted || source)
}

/// What holds where nothing was learnt: quotes beside a cue, and clauses behind words of saying; `infinitive`: "to" stands
/// before the cue.
pub(super) fn by_rule(seen: &Seen, extents: &[Extent], infinitive: bool) -> Option<usize> {
    let right = |any: &[Atom]| any.contains(&seen.right);
    let saying = !matches!(CLASSES[seen.class as usize], "view" | "praise" | "criticise");
    let clause = right(&[R_THAT, R_THAT_FAR, R_COLON]);
    let source = seen.form == F_SOURCE;
    let told = seen.left != L_START && right(&[R_END, R_INVERTED, R_COMMA]);
    // "criticised the law that …" is no clause, "hopes that …" is one; "it remains to hope that …" is nobody's
    let says = saying || source || right(&[R_THAT]) && !infinitive;
    (!extents.is_empty() && says && !seen.within && (seen.quoted || clause || source || told)).then_some(0)
}
