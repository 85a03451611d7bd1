//! How likely a cue is to attribute a content: by the learnt [`super::model`] or, in a language without weights, by
//! the rules in [`by_rule`].

use std::ops::Range;

use super::candidate::{Extent, MOST, Reading};
use super::grammar::Grammar;
use super::model::Weights;
use super::model::joins::{OF_CONTENT, OF_CUE, OF_START};
use super::model::kind::Observed;
use super::model::observation::{Aux, End, Form, Left, Right, Start};
use super::model::seen::Seen;
use crate::quote::cues::Cue;

/// The likeliest content of a cue, and the log odds that it or a similar one is right, given that at most one is.
pub(super) fn best(
    grammar: &Grammar,
    reading: &Reading,
    extents: &[Extent],
    weights: &Weights,
) -> Option<(usize, f32)> {
    let cue = reading.seen.observed();
    let base = weights.add(0.0, OF_CUE, &cue);
    let mut sums = [0.0; MOST + 4];
    let extents = &extents[..extents.len().min(sums.len())];
    // most contents of a cue have the same start
    let mut last: Option<(usize, Observed, f32)> = None;
    for (sum, extent) in sums.iter_mut().zip(extents) {
        let at = extent.looked.start;
        let (_, mut seen, of_start) = last.filter(|(start, ..)| *start == at).unwrap_or_else(|| {
            let mut seen = cue;
            reading.observe_start(grammar, extent, &mut seen);
            (at, seen, weights.add(base, OF_START, &seen))
        });
        last = Some((at, seen, of_start));
        reading.observe(grammar, extent, &mut seen);
        *sum = weights.add(of_start, OF_CONTENT, &seen);
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

/// Whether two contents overlap by half of the longer one.
fn half_same(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.end.min(b.end).saturating_sub(a.start.max(b.start)) * 2 >= a.len().max(b.len())
}

/// Whether the cue is a noun with its speaker in the genitive before it, and "that" or a quote after it.
pub(super) fn outright(seen: &Seen) -> bool {
    seen.form == Form::Noun
        && (seen.left == Left::Genitive || seen.left == Left::His)
        && (seen.right == Right::That || seen.right == Right::Quote)
}

/// Fewest tokens of a clause: "prices rose again".
const SHORT: usize = 3;

/// Whether any reader would say that the source says the content: "Prices rose, analysts said.", "Prices rose, said
/// Rao.", "According to Rao, prices rose.", "The mayor added that prices rose."
pub(super) fn is_plain(cue: &Cue, seen: &Seen, extent: &Extent) -> bool {
    let finite = (seen.form == Form::Past || seen.form == Form::S) && seen.aux == Aux::None;
    let all_before = extent.start == Start::Sentence && extent.end == End::Left;
    let behind = extent.end == End::Stop;
    let over = cue.plain && (seen.right == Right::End || seen.right == Right::Inverted);
    let parted = finite && all_before && (over || cue.addressed && seen.right == Right::Object);
    let source = seen.form == Form::Source && (all_before || seen.left == Left::Start && behind);
    let subject = matches!(seen.left, Left::Name | Left::Noun | Left::Pronoun | Left::Apposition);
    let that = finite && cue.plain && subject && seen.right == Right::That && behind;
    // "The road, said Rao, is a death trap."
    let around = finite && cue.plain && seen.left == Left::Comma && seen.right == Right::Inverted;
    let parting = around && extent.start == Start::Sentence && extent.end == End::Around;
    !seen.within && !seen.after && extent.tokens.len() >= SHORT && (parted || source || that || parting)
}

/// Takes the first content where nothing was learnt, if it is a quote next to the cue or a clause that goes with
/// it.
pub(super) fn by_rule(seen: &Seen, extents: &[Extent]) -> Option<usize> {
    let right = |any: &[Right]| any.contains(&seen.right);
    let clause = right(&[Right::That, Right::ThatFar, Right::Colon]);
    let source = seen.form == Form::Source;
    let told = seen.left != Left::Start && right(&[Right::End, Right::Inverted, Right::Comma]);
    // "criticised the law that …" reports nothing, "hopes that …" does; "it remains to hope that …" has no speaker
    // «…, — уверен Рао, — …»
    let between = extents.first().is_some_and(|e| e.start == Start::Quote && e.end == End::Around);
    let says = !seen.class.is_view() || source || between || right(&[Right::That]) && !seen.infinitive;
    (!extents.is_empty() && says && !seen.within && (seen.quoted || clause || source || told)).then_some(0)
}
