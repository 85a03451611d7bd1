//! Which countries an article names, and which it is about.
//!
//! [`named`] reads every place's name in its context, [`dateline`] finds where the story was filed, [`focus`] weighs
//! what the story is about.

mod dateline;
mod focus;
mod named;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Document, Mention};
use super::official::Person;
use crate::lexicon::Lexicon;
use crate::text::Span;

/// A country that the article names.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Country {
    /// ISO 3166-1 alpha-2, or `XK`.
    pub code: String,
    /// In English.
    pub name: String,
    /// Whether the story is about it.
    pub focus: bool,
    /// 0 to 1: its share of the story.
    pub salience: f32,
    /// Where it is named: by name, demonym, capital, city, region, dateline.
    pub mentions: Vec<Span>,
}

/// The place at the head of the body from which the story was filed ("BAKU, April 15").
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Dateline {
    /// As written.
    pub place: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Of the place.
    pub span: Span,
}

/// What [`tag`] finds.
#[derive(Debug, Default)]
pub struct Found {
    /// See [`Dateline`].
    pub dateline: Option<Dateline>,
    /// In order of salience.
    pub countries: Vec<Country>,
}

/// Finds the countries. `people` are the persons of the article: a surname is no place.
pub fn tag(document: &Document, lexicon: &Lexicon, people: &[Person]) -> Found {
    let line = dateline::find(document, lexicon);
    let named = named::named(document, lexicon, people, line.as_ref());
    let weighed = focus::weigh(document, lexicon, &named, line.as_ref());
    let countries = weighed
        .into_iter()
        .map(|w| {
            let country = lexicon.places.country(w.country);
            let mentions = named.iter().filter(|n| n.country == w.country);
            Country {
                code: country.code.clone(),
                name: country.name.clone(),
                focus: w.focus,
                salience: w.salience,
                mentions: mentions.map(|n| n.mention.span(document)).collect(),
            }
        })
        .collect();
    let of_line = |tokens: &std::ops::Range<usize>| {
        let inside = |n: &&named::Named| n.mention.field == crate::text::Field::Text && n.mention.tokens.end <= tokens.end;
        named.iter().rev().find(inside).map(|n| lexicon.places.country(n.country).code.clone())
    };
    let dateline = line.map(|line| {
        let mention = Mention { field: crate::text::Field::Text, tokens: line.place.clone() };
        let span = mention.span(document);
        Dateline { place: span.exact.clone(), country: of_line(&line.all), span }
    });
    Found { dateline, countries }
}

/// What speaks for each named country's being the focus, for learning the weights: code and features.
pub fn focus_features(document: &Document, lexicon: &Lexicon, people: &[Person]) -> Vec<(String, Vec<&'static str>)> {
    let line = dateline::find(document, lexicon);
    let named = named::named(document, lexicon, people, line.as_ref());
    focus::features(document, &named, line.as_ref(), lexicon)
        .into_iter()
        .map(|(country, features)| (lexicon.places.country(country).code.clone(), features))
        .collect()
}
