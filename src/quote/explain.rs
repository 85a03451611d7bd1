//! Explains to a person why words are, or are not, attributed to somebody.

use std::fmt::Write as _;

use super::Data;
use super::candidate::readings;
use super::content::{BELIEVED, weigh};
use super::grammar::Grammar;
use super::model::Weights;
use super::model::joins::joins;
use super::model::kind::{Names, Observed};

/// Most features shown for a content.
const SHOWN: usize = 12;

/// Lists each cue of a part with its source and its possible contents. Where weights were learnt, each content
/// comes with its features, the strongest first.
pub(super) fn explain(grammar: &Grammar, names: Names<'_>, data: Data<'_>) -> String {
    let text = grammar.text;
    let weights = data.cues.weights(grammar.language);
    let readings = readings(grammar);
    let weighed = weigh(grammar, &readings, data);
    let mut out = String::new();
    for reading in &readings.list {
        let place = &grammar.cues[reading.cue];
        let source = reading.source.as_ref().map(|source| format!(", source: {}", text.slice(source)));
        let cue = text.slice(&(place.start..place.end));
        let _ = writeln!(out, "\"{cue}\"{}", source.unwrap_or_default());
        let chosen = weighed.iter().find(|weighed| weighed.reading.cue == reading.cue);
        let cue = reading.seen.observed();
        for (number, extent) in readings.extents(reading).iter().enumerate() {
            let mut observed = cue;
            reading.observe_start(grammar, extent, &mut observed);
            reading.observe(grammar, extent, &mut observed);
            let verdict = match chosen.filter(|chosen| chosen.extent == number) {
                None => String::new(),
                Some(_) if weights.is_none() => ": taken by rule".to_owned(),
                Some(chosen) => {
                    let verdict = if chosen.score > BELIEVED { "taken" } else { "not taken" };
                    format!(": the likeliest, {verdict}, {:+.1} of {BELIEVED:+.1}", chosen.score)
                }
            };
            let _ = writeln!(out, "  \"{}\"{verdict}", text.slice(&extent.tokens));
            if let Some(weights) = weights {
                out += &strongest(weights, &observed, names);
            }
        }
    }
    out
}

/// The features with the largest weights, one per line.
fn strongest(weights: &Weights, observed: &Observed, names: Names<'_>) -> String {
    let weigh = |join| weights.of(join, observed).map(|weight| (weight, join));
    let mut all: Vec<_> = joins().filter_map(weigh).collect();
    all.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    all.iter()
        .take(SHOWN)
        .map(|(weight, join)| format!("    {weight:+.2} {}\n", join.write(observed, names)))
        .collect()
}
