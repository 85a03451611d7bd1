//! Which attributions are within the words of another: "Rao said that Lee *planned to leave*".

use super::Attribution;

/// What remains of the confidence of a nested attribution. Annotators of news mark only a fifth of them; the rest
/// are mostly words of the outer speaker, who uses a verb that can also report.
const LEFT: f32 = 0.25;
/// How much more certain than the outer attribution a nested one may be; beyond that, the outer one is in doubt.
const SURER: f32 = 0.1;

/// Marks attributions within others of the same part, and lowers their confidence.
pub(super) fn mark(list: &mut [Attribution]) {
    let mut order: Vec<usize> = (0..list.len()).collect();
    // by start, and of equal starts the longest first
    order.sort_by_key(|i| (list[*i].content.tokens.start, std::cmp::Reverse(list[*i].content.tokens.end)));
    let mut open: Vec<usize> = Vec::new();
    for i in order {
        open.retain(|o| list[*o].content.tokens.end > list[i].content.tokens.start);
        if open.iter().any(|o| holds(&list[*o], &list[i])) {
            list[i].nested = true;
            list[i].confidence = (list[i].confidence * LEFT * 100.0).round() / 100.0;
        }
        open.push(i);
    }
}

/// Whether the words of `outer` contain those of `inner`, and more. Not if a cue outside them tells whose the inner
/// ones are: "Rao said: “…” Lee said: “…”".
fn holds(outer: &Attribution, inner: &Attribution) -> bool {
    let (around, within) = (&outer.content.tokens, &inner.content.tokens);
    let cue = |a: &Attribution| a.cue.as_ref().map(|(mention, _)| mention.tokens.clone());
    let told_apart = cue(inner).is_some_and(|own| !around.contains(&own.start) && Some(own) != cue(outer));
    around.end >= within.end
        && around.len() > within.len()
        && outer.confidence >= inner.confidence - SURER
        && !told_apart
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Mention;
    use crate::quote::Kind;
    use crate::text::Field;

    /// Contents with their confidence.
    type Given<'g> = &'g [(std::ops::Range<usize>, f32)];

    fn attribution(tokens: &std::ops::Range<usize>, confidence: f32, cue: Option<usize>) -> Attribution {
        let mention = |tokens| Mention { field: Field::Text, tokens };
        Attribution {
            kind: Kind::Indirect,
            content: mention(tokens.clone()),
            cue: cue.map(|at| (mention(at..at + 1), "neutral".to_owned())),
            speaker: None,
            nested: false,
            confidence,
        }
    }

    #[test]
    fn what_stands_within_a_surer_attribution_is_nested() {
        // (content, confidence) of each, and which are nested
        let cases: [(Given, &[bool]); 5] = [
            (&[(0..10, 0.9), (2..6, 0.7)], &[false, true]),
            (&[(2..6, 0.7), (0..10, 0.9)], &[true, false]),
            (&[(0..10, 0.7), (2..6, 0.95)], &[false, false]),
            (&[(0..10, 0.9), (0..10, 0.9)], &[false, false]),
            (&[(0..10, 0.9), (8..12, 0.7)], &[false, false]),
        ];
        for (given, nested) in cases {
            let mut list: Vec<Attribution> =
                given.iter().map(|(tokens, confidence)| attribution(tokens, *confidence, None)).collect();
            mark(&mut list);
            assert_eq!(list.iter().map(|a| a.nested).collect::<Vec<_>>(), nested, "{given:?}");
        }
    }

    #[test]
    fn what_a_cue_of_its_own_tells_outside_is_not_nested() {
        for (own, nested) in [(Some(1), false), (Some(20), true), (Some(15), true)] {
            let mut list = vec![attribution(&(2..18), 0.9, Some(20)), attribution(&(2..6), 0.9, own)];
            mark(&mut list);
            assert_eq!(list[1].nested, nested, "{own:?}");
        }
    }
}
