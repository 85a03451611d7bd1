//! How likely an attribution is right: the words are somebody's, and the speaker's if one is named.
//!
//! Where weights were learnt, it is a curve over the logarithm of their odds, fitted to annotated articles. Elsewhere it is
//! an estimate by hand for each way to an attribution: an order of trust rather than a share.

use super::content::Found;
use super::grammar::Grammar;
use crate::language::word::Word;
use crate::quote::cues::Sort;

/// Slope and place of the curve from log odds to confidence, for quotes and for reported speech: a logistic regression
/// over the 84 articles of PolNeAR's dev part (2016). Fitted to every other article and tried on the rest, the fifths of
/// reported speech were told as 0.56 0.68 0.79 0.87 0.95 and found to be 0.56 0.67 0.86 0.85 0.91.
const QUOTED: (f32, f32) = (0.66, 0.78);
const REPORTED: (f32, f32) = (1.25, -0.06);

/// What a noun or an adjective as a cue takes away from the place of that curve: where a verb would be right in 70 of 100,
/// "the question of …" and "sure of …" were in 26 to 53. "The claim that …" is as sure as a verb.
const NOUN: f32 = -1.2;
/// Of "according to …": 32 of 34 were right.
const SOURCE: f32 = 0.93;

/// Of a turn in a talk, whose label names the speaker.
pub(super) const TURN: f32 = 0.9;

/// The confidence of an attribution. `learnt`: its score is the logarithm of odds.
pub(super) fn of(grammar: &Grammar, found: &Found, learnt: bool) -> f32 {
    let quotes = found.direct || found.content.clone().any(|i| grammar.opens(i).is_some());
    let sure = match (found.cue.map(|c| &grammar.cues[c]), &found.source) {
        (None, Some(source)) if found.direct && source.end <= found.content.start => 0.8,
        (None, Some(_)) if found.direct => 0.85,
        (None, _) => 0.7,
        // a quote whose cue names nobody says no more than that it is one
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
