//! Which countries a story is about, from where and how often each is named.
//!
//! The weights are in `config/lexicon/places/focus.tsv`, learnt by `config/lexicon/generate/learn_focus.py` from the
//! countries that editors assigned to news stories. Each feature is a plain observation, so a decision can be
//! explained.

mod features;

use std::fmt::Write as _;

use super::dateline::Line;
use super::named::Named;
use crate::country::gazetteer::Places;
use crate::document::Document;

pub(super) use features::features;
use features::{OFFICE, PASSING};

/// A named country with its weight.
#[derive(Debug)]
pub(super) struct Weighed {
    pub country: u16,
    pub focus: bool,
    pub salience: f32,
}

/// Salience from which a story is about a country: the precision without datelines is then 0.9 on Reuters-21578.
const LEAST: f32 = 0.55;

/// Weights by hand, with learnt ones too. Reuters' editors gave stories all countries of a list, such as those that bought
/// wheat; a reader does not take a round-up of results to be about all countries that played. And business news has few
/// officials who act for a country, whether or not it is called by its name.
const BY_HAND: [(&str, f32); 2] = [(PASSING, -4.0), (OFFICE, 1.1)];

/// Handwritten weights, for a lexicon without learnt ones: named in the headline, in the lede, or often.
const PLAIN: [(&str, f32); 12] = [
    ("bias", -1.5),
    ("title: alone", 2.5),
    ("title: with others", 2.0),
    ("lede: alone", 1.5),
    ("lede: alone, often", 2.0),
    ("lede: with another", 1.0),
    ("lede: often, with another", 1.5),
    ("lede: often, with two", 1.0),
    ("lede: often, with others", 1.0),
    ("share: 50", 0.5),
    ("share: 75", 1.0),
    ("share: all", 1.5),
];

/// All named countries, the most salient first.
pub(super) fn weigh(
    document: &Document,
    gazetteer: &Places,
    named: &[Named],
    line: Option<&Line>,
) -> Vec<Weighed> {
    let mut out: Vec<Weighed> = features(document, named, line)
        .into_iter()
        .map(|(country, features)| {
            let salience = salience(&features, gazetteer);
            Weighed { country, focus: salience >= LEAST, salience: (salience * 1000.0).round() / 1000.0 }
        })
        .collect();
    out.sort_by(|a, b| b.salience.total_cmp(&a.salience));
    // a story that names countries is about at least one of them
    if let Some(first) = out.first_mut().filter(|w| w.salience >= 0.2) {
        first.focus = true;
    }
    out
}

/// What an observation weighs, if it weighs anything.
fn weight(feature: &str, gazetteer: &Places) -> Option<f32> {
    if let Some((_, weight)) = BY_HAND.iter().find(|(name, _)| *name == feature) {
        return Some(*weight);
    }
    match &gazetteer.focus {
        none if none.is_empty() => PLAIN.iter().find(|(name, _)| *name == feature).map(|(_, weight)| *weight),
        learnt => learnt.get(feature).copied(),
    }
}

/// How likely it is that the story is about a country.
fn salience(features: &[&str], gazetteer: &Places) -> f32 {
    let odds: f32 = features.iter().filter_map(|feature| weight(feature, gazetteer)).sum();
    1.0 / (1.0 + (-odds).exp())
}

/// Why each named country is, or is not, what the story is about: for a person to read.
pub(super) fn explain(
    document: &Document,
    named: &[Named],
    line: Option<&Line>,
    gazetteer: &Places,
) -> String {
    let focus = weigh(document, gazetteer, named, line);
    let mut out = String::new();
    for (country, features) in features(document, named, line) {
        let about = focus.iter().any(|weighed| weighed.country == country && weighed.focus);
        let entry = gazetteer.country(country);
        let verdict = if about { "the story is about it" } else { "only mentioned" };
        let salience = salience(&features, gazetteer);
        let _ = writeln!(out, "{} {}: {:.0} % likely, {verdict}", entry.code, entry.name, salience * 100.0);
        for feature in features {
            let _ = writeln!(out, "  {:+.2} {feature}", weight(feature, gazetteer).unwrap_or_default());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::article::Source;
    use crate::country::tag;
    use crate::document::Document;
    use crate::knowledge::Knowledge;
    use crate::text::Language;

    /// The codes of what a story is about.
    fn about(title: &str, body: &str) -> Vec<String> {
        let lexicon = Knowledge::compiled_in();
        let (title, body) = (title.to_owned(), body.to_owned());
        let document = Document::new(title, body, Language::EN, None, Source::default(), &lexicon.vocabulary);
        let mut codes: Vec<String> = tag(&document, &lexicon.places, &[])
            .countries
            .into_iter()
            .filter(|country| country.focus)
            .map(|country| country.code)
            .collect();
        codes.sort();
        codes
    }

    #[test]
    fn a_round_up_is_about_no_country_that_it_names_once() {
        let scores = "Spain beat Norway 2-1. Italy drew with Malta. Croatia lost to Serbia. Poland beat Latvia. Japan won.";
        let late = format!("There were nine matches on Tuesday evening. Fans saw many goals. {scores}");
        assert_eq!(about("Group stage results", &late), [""; 0]);
        assert_eq!(about("Group stage results", scores), [""; 0]);
        let of_one = about("Norway loses again", &format!("Norway lost. {scores}"));
        assert!(of_one.contains(&"NO".to_owned()) && of_one.len() <= 3, "{of_one:?}");
    }

    #[test]
    fn countries_named_first_or_alone_are_what_a_story_is_about() {
        for (title, body, want) in [
            ("", "Rain fell in Kenya.", vec!["KE"]),
            ("", "Kenya, Uganda and Tanzania cut tariffs.", vec!["KE", "TZ", "UG"]),
            ("Iran says Iranian troops left Iraq", "Iraq confirmed it.", vec!["IQ", "IR"]),
            (
                "Bundestag passes law",
                "The Bundestag in Berlin voted. The day was hot. France approved.",
                vec!["DE"],
            ),
        ] {
            assert_eq!(about(title, body), want, "{title}: {body}");
        }
    }

    #[test]
    fn where_a_story_was_filed_is_no_rival() {
        let body = "PARIS, June 2 (Wire) - Kenya will buy wheat. Officials in Paris said so. France and the French wait.";
        assert!(about("", body).contains(&"KE".to_owned()));
    }
}
