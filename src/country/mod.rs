//! Which countries an article names, and which it is about.
//!
//! [`named`] reads each place name in context, [`evidence`] chooses among its senses, [`dateline`] finds where the
//! story was filed, [`focus`] weighs what it is about.

mod dateline;
mod evidence;
mod focus;
mod form;
pub mod gazetteer;
mod named;
mod sense;
mod support;
mod weights;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::country::gazetteer::Places;
use crate::document::{Document, Mention, is_zero, spans};
use crate::official::Person;
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
    /// How many more there are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub mentions_left_out: u32,
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
    /// The token of the body at which the story starts, after the dateline.
    pub story: usize,
    /// Most salient first.
    pub countries: Vec<Country>,
}

/// Finds the countries. `people` are the persons of the article, since a surname is no place.
pub fn tag(document: &Document, gazetteer: &Places, people: &[Person]) -> Found {
    let line = dateline::find(document, gazetteer);
    let named = named::named(document, gazetteer, people, line.as_ref());
    let weighed = focus::weigh(document, gazetteer, &named, line.as_ref());
    let countries = weighed
        .into_iter()
        .map(|w| {
            let country = gazetteer.country(w.country);
            let mentions = named.iter().filter(|n| n.country == w.country).map(|n| &n.mention);
            let (mentions, mentions_left_out) = spans(mentions, document);
            Country {
                code: country.code.clone(),
                name: country.name.clone(),
                focus: w.focus,
                salience: w.salience,
                mentions,
                mentions_left_out,
            }
        })
        .collect();
    let of_line = |tokens: &std::ops::Range<usize>| {
        let inside = |n: &&named::Named| {
            n.mention.field == crate::text::Field::Text && n.mention.tokens.end <= tokens.end
        };
        named.iter().rev().find(inside).map(|n| gazetteer.country(n.country).code.clone())
    };
    let story = line.as_ref().map_or(0, |line| line.all.end + 1);
    let dateline = line.map(|line| {
        let mention = Mention { field: crate::text::Field::Text, tokens: line.place.clone() };
        let span = mention.span(document);
        Dateline { place: span.exact.clone(), country: of_line(&line.all), span }
    });
    Found { dateline, story, countries }
}

/// Why each named country is, or is not, what the story is about: for a person to read.
pub fn explain(document: &Document, gazetteer: &Places, people: &[Person]) -> String {
    let line = dateline::find(document, gazetteer);
    let named = named::named(document, gazetteer, people, line.as_ref());
    let told = focus::explain(document, &named, line.as_ref(), gazetteer);
    if told.is_empty() { "no country is named\n".to_owned() } else { told }
}

/// The features that speak for each named country as the focus, for learning the weights: code and features.
pub fn focus_features(
    document: &Document,
    gazetteer: &Places,
    people: &[Person],
) -> Vec<(String, Vec<&'static str>)> {
    let line = dateline::find(document, gazetteer);
    let named = named::named(document, gazetteer, people, line.as_ref());
    focus::features(document, &named, line.as_ref())
        .into_iter()
        .map(|(country, features)| (gazetteer.country(country).code.clone(), features))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Source;
    use crate::knowledge::Knowledge;
    use crate::official::people;
    use crate::text::Language;

    /// "AZ* Baku Azerbaijan" for each country; the star marks the focus.
    fn found(language: &str, domain: &str, title: &str, body: &str) -> Vec<String> {
        let lexicon = Knowledge::compiled_in();
        let language = Language::parse(language).unwrap();
        let source = Source { domain: Some(domain.to_owned()), ..Source::default() };
        let document =
            Document::new(title.to_owned(), body.to_owned(), language, None, source, &lexicon.vocabulary);
        let people = people(&document, lexicon.of_people());
        let mut out: Vec<String> = tag(&document, &lexicon.places, &people)
            .countries
            .iter()
            .map(|c| {
                let names: Vec<&str> = c.mentions.iter().map(|m| m.exact.as_str()).collect();
                format!("{} {}", c.code, names.join("|"))
            })
            .collect();
        out.sort();
        out
    }

    #[test]
    fn a_name_is_read_in_its_context() {
        for (text, want) in [
            (
                "The prime minister of Georgia met Russian envoys in Tbilisi.",
                vec!["GE Georgia|Tbilisi", "RU Russian"],
            ),
            (
                "Voters in Atlanta, Georgia, and in Alabama went to the polls.",
                vec!["US Atlanta|Georgia|Alabama"],
            ),
            ("Georgia lawmakers passed the budget.", vec!["US Georgia"]),
            ("Georgia lawmakers flew home to Tbilisi.", vec!["GE Georgia|Tbilisi"]),
            ("A storm hit Alabama and Georgia.", vec!["US Alabama|Georgia"]),
            (
                "A storm hit Alabama. Georgia and Armenia signed a pact.",
                vec!["AM Armenia", "GE Georgia", "US Alabama"],
            ),
            ("The crew of the ship \"Ukraine\" was saved.", vec![]),
            ("The crew of the ship from Ukraine was saved.", vec!["UA Ukraine"]),
            ("King Abdullah of Jordan flew to Cairo.", vec!["EG Cairo", "JO Jordan"]),
            ("The basketball player Michael Jordan bought a house.", vec![]),
            ("Inflation in Turkey rose.", vec!["TR Turkey"]),
            ("They ate turkey on Thursday.", vec![]),
            ("A tornado hit Paris, Texas, on Monday.", vec!["US Paris|Texas"]),
            ("Talks in Paris went on.", vec!["FR Paris"]),
            ("Paris Hilton sang.", vec![]),
            ("Rebels in Chad fled.", vec!["TD Chad"]),
            ("Chad Smith played the drums.", vec![]),
            ("The children fed the Guinea pig.", vec![]),
            ("Soldiers seized power in Guinea.", vec!["GN Guinea"]),
            ("The Washington Post reported it.", vec![]),
            ("Washington and Moscow agreed.", vec!["RU Moscow", "US Washington"]),
            ("A study by Columbia University was cited.", vec![]),
            ("Farmers in Colombia protested.", vec!["CO Colombia"]),
            ("Snow fell over New England.", vec!["US New England"]),
            ("The Kremlin denied it; the White House was silent.", vec!["RU Kremlin", "US White House"]),
            ("Troops left Nagorno-Karabakh and Crimea.", vec!["AZ Nagorno-Karabakh", "UA Crimea"]),
            ("The mayor of Alexandria, La., resigned.", vec!["US Alexandria|La."]),
            ("Ships crossed the Indian Ocean and the Gulf of Mexico.", vec![]),
            ("He read the book in March and in May.", vec![]),
        ] {
            assert_eq!(found("en", "example.com", "", text), want, "{text}");
        }
    }

    #[test]
    fn no_more_mentions_stand_there_than_are_looked_at() {
        let lexicon = Knowledge::compiled_in();
        let body = "Iran, Iraq, ".repeat(2000);
        let document =
            Document::new(String::new(), body, Language::EN, None, Source::default(), &lexicon.vocabulary);
        for country in tag(&document, &lexicon.places, &[]).countries {
            assert_eq!((country.mentions.len(), country.mentions_left_out), (50, 1950), "{}", country.code);
        }
    }

    #[test]
    fn the_source_tells_which_town() {
        let text = "A fire broke out in Windsor on Sunday, the fire service said.";
        assert_eq!(found("en", "times.example.co.uk", "", text), ["GB Windsor"]);
        assert_eq!(found("en", "news.example.ca", "", text), ["CA Windsor"]);
        let text = "The school board of Paris met on Monday, the sheriff said.";
        assert_eq!(found("en", "parisledger.com", "", text), ["US Paris"]);
    }

    #[test]
    fn inflected_names_are_found() {
        for (language, text, want) in [
            (
                "ru",
                "Министр иностранных дел Азербайджана прибыл в Москву.",
                vec!["AZ Азербайджана", "RU Москву"],
            ),
            (
                "ru",
                "Азербайджанские и армянские военные встретились.",
                vec!["AM армянские", "AZ Азербайджанские"],
            ),
            ("az", "Azərbaycanın paytaxtı Bakıda görüş keçirilib.", vec!["AZ Azərbaycanın|Bakıda"]),
            ("tr", "Almanya'nın başkenti Berlin'de görüşme yapıldı.", vec!["DE Almanya|Berlin'de"]),
            (
                "hy",
                "Ադրբեջանի և Հայաստանի ղեկավարները հանդիպեցին Մոսկվայում։",
                vec!["AM Հայաստանի", "AZ Ադրբեջանի", "RU Մոսկվայում"],
            ),
            ("uk", "Президент України прибув до Польщі.", vec!["PL Польщі", "UA України"]),
            ("ru", "Авария на Грузинской улице у отеля «Украина».", vec![]),
            ("ru", "Авария на грузинской границе.", vec!["GE грузинской"]),
            ("ar", "وقع الحادث في شارع فلسطين.", vec![]),
            ("ar", "انتخبت فلسطين عضوا.", vec!["PS فلسطين"]),
            ("az", "Moskva prospektində qəza baş verdi.", vec![]),
            ("az", "Moskva qəza barədə məlumat verdi.", vec!["RU Moskva"]),
            (
                "fr",
                "Les ministres allemands ont rencontré la délégation russe à Genève.",
                vec!["CH Genève", "DE allemands", "RU russe"],
            ),
            (
                "de",
                "Der russische Präsident sprach in Deutschlands Hauptstadt.",
                vec!["DE Deutschlands", "RU russische"],
            ),
            ("es", "El presidente argentino viajó a Alemania.", vec!["AR argentino", "DE Alemania"]),
        ] {
            assert_eq!(found(language, "example.com", "", text), want, "{text}");
        }
    }

    #[test]
    fn datelines_are_read() {
        let lexicon = Knowledge::compiled_in();
        for (language, body, want) in [
            ("en", "WASHINGTON, Feb 26 (Reuters) - Rates fell.", Some(("WASHINGTON", "US"))),
            ("en", "BAKU, Azerbaijan, April 15. /Trend/ Oil rose.", Some(("BAKU", "AZ"))),
            ("en", "London — Shares rose.", Some(("London", "GB"))),
            ("en", "PARIS, Texas, March 3 - A tornado hit.", Some(("PARIS", "US"))),
            ("ru", "Баку, 15 апреля — Нефть выросла.", Some(("Баку", "AZ"))),
            ("en", "London shares rose on Monday as oil fell.", None),
            ("en", "Anna Smith - a painter - died.", None),
        ] {
            let language = Language::parse(language).unwrap();
            let document = Document::new(
                String::new(),
                body.to_owned(),
                language,
                None,
                Source::default(),
                &lexicon.vocabulary,
            );
            let dateline = tag(&document, &lexicon.places, &[]).dateline;
            let got = dateline.as_ref().map(|d| (d.place.as_str(), d.country.as_deref().unwrap_or("?")));
            assert_eq!(got, want, "{body}");
        }
    }
}
