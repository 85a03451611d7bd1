//! Which countries a story is about, from where and how often each is named.
//!
//! The weights are in `config/lexicon/places/focus.tsv`, learnt by `config/gazetteer/generate/learn_focus.py` from the
//! countries that editors assigned to news stories. Each feature is a plain observation, so a decision can be
//! explained.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use super::dateline::Line;
use super::named::Named;
use crate::country::gazetteer::{Kind, Places};
use crate::document::Document;
use crate::text::Field;

/// A named country with its weight.
#[derive(Debug)]
pub(super) struct Weighed {
    pub country: u16,
    pub focus: bool,
    pub salience: f32,
}

/// Salience from which a story is about a country. At 0.5, two mentions of a neighbour in the last paragraph were
/// enough; at 0.6 the precision without datelines rises from 0.85 to 0.89 on Reuters-21578, at the same F1 (0.829,
/// 0.826).
const LEAST: f32 = 0.6;

/// Handwritten weights, for a lexicon without learnt ones: named in the headline, in the lede, or often.
const PLAIN: [(&str, f32); 12] = [
    ("bias", -1.5),
    ("title: alone", 2.5),
    ("title: with others", 2.0),
    ("title: twice", 2.5),
    ("lede: alone", 1.5),
    ("lede: alone, often", 2.0),
    ("lede: with another", 1.0),
    ("lede: often, with another", 1.5),
    ("lede: often, with others", 1.0),
    ("share: 50", 0.5),
    ("share: 75", 1.0),
    ("share: all", 1.5),
];

/// What is counted for each country.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    title: u32,
    title_name: bool,
    dateline: u32,
    lede: u32,
    body: u32,
    town_only: bool,
    first: usize,
}

impl Count {
    /// The number of all mentions.
    fn all(&self) -> u32 {
        self.title + self.body + self.dateline
    }
}

/// All named countries, the most salient first.
pub(super) fn weigh(
    document: &Document,
    gazetteer: &Places,
    named: &[Named],
    line: Option<&Line>,
) -> Vec<Weighed> {
    let mut out: Vec<Weighed> = features(document, named, line, gazetteer)
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
    for (country, features) in features(document, named, line, gazetteer) {
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

/// The observations for each named country, ordered by first mention.
pub(super) fn features(
    document: &Document,
    named: &[Named],
    line: Option<&Line>,
    gazetteer: &Places,
) -> Vec<(u16, Vec<&'static str>)> {
    let text = &document.body.text;
    let start = line.map_or(0, |l| l.all.end);
    // the first two sentences after the dateline
    let lede = text.tokens.len().min(start + 1).checked_sub(1).map_or(0, |t| {
        let sentence = text.sentence_of(t.min(text.tokens.len().saturating_sub(1)));
        text.sentences.get(sentence + 1).or_else(|| text.sentences.get(sentence)).map_or(0, |s| s.end)
    });
    let mut counts: FxHashMap<u16, Count> = FxHashMap::default();
    let mut order = Vec::new();
    for n in named {
        let count = counts.entry(n.country).or_insert_with(|| {
            order.push(n.country);
            Count { town_only: true, first: usize::MAX, ..Count::default() }
        });
        count.town_only &= matches!(n.kind, Kind::City | Kind::Region | Kind::Abbreviation);
        if n.mention.field == Field::Title {
            count.title += 1;
            count.title_name |= matches!(n.kind, Kind::Country | Kind::Adjective);
        } else if n.dateline {
            // where a story was written is not what it is about: count a single mention
            count.dateline = 1;
        } else {
            count.body += 1;
            count.lede += u32::from(n.mention.tokens.start < lede);
            count.first = count.first.min(n.mention.tokens.start);
        }
    }
    let total: u32 = counts.values().map(Count::all).sum();
    let most = counts.values().map(Count::all).max().unwrap_or(0);
    let titled = counts.values().filter(|c| c.title > 0).count();
    let ledes = counts.values().filter(|c| c.lede > 0).count();
    let us = gazetteer.by_code("US");
    order
        .into_iter()
        .map(|country| {
            let c = counts[&country];
            let n = c.all();
            let mut f = vec!["bias"];
            f.push(match c.title {
                0 if titled > 0 => "title: others",
                0 => "title: none",
                1 if titled == 1 => "title: alone",
                1 => "title: with others",
                _ => "title: twice",
            });
            if c.title_name {
                f.push("title: by name");
            }
            f.push(match (c.lede, ledes) {
                (0, 0) => "lede: none",
                (0, _) => "lede: others",
                (1, 1) => "lede: alone",
                (_, 1) => "lede: alone, often",
                (1, 2) => "lede: with another",
                (1, _) => "lede: with others",
                (_, 2) => "lede: often, with another",
                _ => "lede: often, with others",
            });
            f.push(match n {
                0 | 1 => "count: 1",
                2 => "count: 2",
                3 | 4 => "count: 3",
                5..=8 => "count: 5",
                _ => "count: 9",
            });
            f.push(match (n * 100).checked_div(total).unwrap_or(0) {
                0..=9 => "share: below 10",
                10..=19 => "share: 10",
                20..=34 => "share: 20",
                35..=49 => "share: 35",
                50..=74 => "share: 50",
                75..=99 => "share: 75",
                _ => "share: all",
            });
            f.push(if n == most {
                "rank: first"
            } else if n * 2 >= most {
                "rank: near"
            } else {
                "rank: far"
            });
            f.push(match counts.len() {
                1 => "countries: 1",
                2 => "countries: 2",
                3 | 4 => "countries: 3",
                5..=8 => "countries: 5",
                _ => "countries: 9",
            });
            if c.town_only {
                f.push("by towns and regions only");
            }
            if c.first != usize::MAX && text.tokens.len() > 60 {
                f.push(match (c.first - start.min(c.first)) * 10 / text.tokens.len() {
                    0 => "first: in the first tenth",
                    1 | 2 => "first: in the first third",
                    _ => "first: later",
                });
            }
            if Some(country) == us {
                f.push("US");
                if c.title == 0 && c.lede == 0 {
                    f.push("US: not in title or lede");
                }
            }
            (country, f)
        })
        .collect()
}
