//! How likely an attribution is to be right: that the words are somebody's and, if a speaker is named, that
//! speaker's.
//!
//! Where weights were learnt, the confidence is a curve over the log odds, fitted to annotated articles. Elsewhere
//! it is set by hand for each way of finding an attribution: it ranks them rather than giving a proportion.

use super::content::Found;
use super::grammar::Grammar;
use crate::language::word::Word;
use crate::quote::cues::Sort;

/// Slope and intercept of the curve from log odds to confidence, for quotes and for reported speech: a logistic
/// regression over the 84 articles of PolNeAR's dev part (2016). Fitted to every other article and tested on the
/// rest, the quintiles of reported speech had a predicted confidence of 0.56 0.68 0.79 0.87 0.95, and 0.56 0.67
/// 0.86 0.85 0.91 of them were right.
const QUOTED: (f32, f32) = (0.66, 0.78);
const REPORTED: (f32, f32) = (1.25, -0.06);

/// What a noun or an adjective as cue adds to that intercept: where a verb would be right in 70 of 100 cases, "the
/// question of …" and "sure of …" were right in 26 to 53. "The claim that …" is as reliable as a verb.
const NOUN: f32 = -1.2;
/// Confidence of "according to …": 32 of 34 were right.
const SOURCE: f32 = 0.93;

/// Confidence of a turn in a conversation, whose label names the speaker.
pub(super) const TURN: f32 = 0.9;

/// The confidence of an attribution. `learnt`: whether its score is a log odds.
pub(super) fn of(grammar: &Grammar, found: &Found, learnt: bool) -> f32 {
    let quotes = found.direct || found.content.clone().any(|i| grammar.opens(i).is_some());
    let sure = match (found.cue.map(|c| &grammar.cues[c]), &found.source) {
        (None, Some(source)) if found.direct && source.end <= found.content.start => 0.8,
        (None, Some(_)) if found.direct => 0.85,
        (None, _) => 0.7,
        // a quote whose cue has no source is only claimed to be a quote
        (Some(_), None) if found.direct => 0.7,
        (Some(place), Some(_)) if learnt && place.sort == Sort::Source => SOURCE,
        (Some(_), Some(_)) if learnt && quotes => curve(QUOTED, found.score),
        (Some(place), _)
            if learnt
                && matches!(place.sort, Sort::Noun | Sort::Adjective)
                && !grammar.is(place.end, Word::THAT) =>
        {
            curve((REPORTED.0, REPORTED.1 + NOUN), found.score)
        }
        (Some(_), _) if learnt => curve(REPORTED, found.score),
        (Some(_), None) => 0.5,
        (Some(place), Some(_)) => match (place.sort, quotes) {
            (Sort::Verb | Sort::Participle, true) => 0.93,
            (Sort::Source | Sort::Postposed, _) => 0.88,
            (Sort::Noun | Sort::Adjective, _) => 0.75,
            (_, false) if place.cue.class.is_view() => 0.8,
            (_, false) => 0.86,
        },
    };
    (sure * 100.0).round() / 100.0
}

fn curve((slope, place): (f32, f32), odds: f32) -> f32 {
    1.0 / (1.0 + (-(slope * odds + place)).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_rises_with_the_odds_and_stays_within_zero_and_one() {
        let at = |odds: f32| curve(REPORTED, odds);
        assert!(at(-50.0) >= 0.0 && at(50.0) <= 1.0 && at(-1.0) < at(0.0) && at(0.0) < at(1.0));
    }
}
