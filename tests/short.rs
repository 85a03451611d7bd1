//! Short articles of `tests/gold/short`, written for this project: every trap in a country's name in both readings, and
//! countries and topics in each language of the lexicon.
//!
//! `countries` lists all countries that may be tagged and `focus` (if given) all that may be in focus; `topics` must be
//! found, by themselves or through a child. If `also` is given, every topic found must be among `topics` and `also`;
//! none of `not_topics` may be found. `known` gives the reason for a topic that is missed or wrongly found.

#![allow(clippy::unwrap_used, reason = "a test may panic and tell why")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use presswatch::article::decode::{Limits, Message};
use presswatch::files::Files;
use presswatch::knowledge::Knowledge;
use presswatch::pipeline::Pipeline;
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    article: Vec<Short>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Short {
    /// What the text is a trap for; without a trap the title names the text.
    trap: Option<String>,
    language: Option<String>,
    domain: Option<String>,
    title: String,
    body: String,
    countries: BTreeSet<String>,
    focus: Option<BTreeSet<String>>,
    #[serde(default)]
    topics: Vec<String>,
    also: Option<Vec<String>>,
    #[serde(default)]
    not_topics: Vec<String>,
    #[serde(default)]
    known: BTreeMap<String, String>,
}

#[test]
fn short_articles_name_just_these_countries() {
    let pipeline = Pipeline::new(Knowledge::compiled_in(), Limits::default());
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gold/short");
    let mut report = String::new();
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let file: File = toml::from_str(&fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        for short in file.article {
            count += 1;
            faults(&pipeline, &short, &mut report);
        }
    }
    assert!(count >= 60, "only {count} articles");
    assert!(report.is_empty(), "\n{report}");
}

/// Tags an article; adds a line to the report for each deviation.
fn faults(pipeline: &Pipeline, short: &Short, report: &mut String) {
    let name = short.trap.as_ref().unwrap_or(&short.title);
    let event = serde_json::json!({
        "id": "short",
        "title": short.title,
        "body": short.body,
        "source": { "name": "Test", "domain": short.domain },
    });
    let body = serde_json::to_vec(&event).unwrap();
    let got = pipeline.tag(Message { body: &body, ..Message::default() }).unwrap();
    let language = short.language.as_deref().unwrap_or("en");
    if got.language != language {
        *report += &format!("{name}: language {}, not {language}\n", got.language);
    }
    let codes: BTreeSet<String> = got.countries.iter().map(|c| c.code.clone()).collect();
    if codes != short.countries {
        *report += &format!("{name}: countries {codes:?}, not {:?}\n", short.countries);
    }
    let focus: BTreeSet<String> = got.countries.iter().filter(|c| c.focus).map(|c| c.code.clone()).collect();
    if short.focus.as_ref().is_some_and(|want| *want != focus) {
        *report += &format!("{name}: focus {focus:?}, not {:?}\n", short.focus);
    }
    let codes: Vec<&str> = got.topics.iter().map(|t| t.code.as_str()).collect();
    let wrong = wrong_topics(short, &codes, &pipeline.lexicon);
    for (topic, what) in &wrong {
        if !short.known.contains_key(topic) {
            *report += &format!("{name}: topic {topic} {what} {codes:?}\n");
        }
    }
    for topic in short.known.keys().filter(|topic| !wrong.contains_key(*topic)) {
        *report += &format!("{name}: topic {topic} is right now, take it out of `known`\n");
    }
}

/// Topics that are missed or should not be found.
fn wrong_topics(short: &Short, codes: &[&str], lexicon: &Knowledge) -> BTreeMap<String, &'static str> {
    let within = |code: &str, topic: &String| lexicon.topic_and_parents(code).any(|c| c == topic);
    let mut wrong = BTreeMap::new();
    for topic in &short.topics {
        if !codes.iter().any(|code| within(code, topic)) {
            wrong.insert(topic.clone(), "is not among");
        }
    }
    for code in codes {
        let strange = short
            .also
            .as_ref()
            .is_some_and(|also| !short.topics.iter().chain(also).any(|topic| within(code, topic)));
        if strange || short.not_topics.iter().any(|topic| within(code, topic)) {
            wrong.insert((*code).to_owned(), "should not be among");
        }
    }
    wrong
}

/// A country is found by its name in each language, in a sentence that says nothing else.
#[test]
fn every_country_is_found_under_its_name_in_each_language() {
    const SENTENCES: [(&str, &str); 9] = [
        ("ru", "Правительство страны {} сделало заявление."),
        ("uk", "Уряд країни {} зробив заяву."),
        ("az", "{} hökuməti bəyanat verdi."),
        ("tr", "{} hükümeti açıklama yaptı."),
        ("hy", "{} կառավարությունը հայտարարեց։"),
        ("fr", "Le gouvernement a parlé : {} reste calme."),
        ("de", "Die Regierung sagte, {} bleibt ruhig."),
        ("es", "El gobierno dijo que {} sigue en calma."),
        ("ar", "قالت الحكومة إن {} هادئة."),
    ];
    /// Only the larger Congo has this name.
    const OTHERWISE: &[(&str, &str)] = &[("es", "Congo")];
    let pipeline = Pipeline::new(Knowledge::compiled_in(), Limits::default());
    let countries = concat!(env!("CARGO_MANIFEST_DIR"), "/config/lexicon/places/countries.tsv");
    let (mut report, mut count) = (String::new(), 0);
    for line in fs::read_to_string(countries).unwrap().lines().filter(|l| !l.starts_with('#')) {
        let mut cells = line.split('\t');
        let code = cells.next().unwrap();
        for (language, name) in cells.skip(2).filter_map(|cell| cell.split_once('=')) {
            let Some((_, sentence)) = SENTENCES.iter().find(|s| s.0 == language) else { continue };
            if OTHERWISE.contains(&(language, name)) {
                continue;
            }
            count += 1;
            let body = sentence.replace("{}", name);
            let event = serde_json::json!({ "id": name, "title": "—", "body": body, "language": language });
            let body = serde_json::to_vec(&event).unwrap();
            let got = pipeline.tag(Message { body: &body, ..Message::default() }).unwrap();
            let codes: Vec<&str> = got.countries.iter().map(|c| c.code.as_str()).collect();
            if codes != [code] {
                report += &format!("{language} {name}: {codes:?}, not {code}\n");
            }
        }
    }
    assert!(count > 2000, "only {count} names");
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn without_learnt_weights_the_rules_remain() {
    let mut files = Files::default();
    files.forget_learnt();
    let lexicon = Knowledge::parse(&files).unwrap();
    assert!(lexicon.topics.models().is_empty() && lexicon.places.focus.is_empty());
    assert_ne!(lexicon.version, Knowledge::compiled_in().version);
    let pipeline = Pipeline::new(lexicon, Limits::default());
    let event = br#"{"title": "Earthquake shakes Peru", "body": "A magnitude 7 earthquake shook Peru on Monday, the seismological institute said. Rescue teams searched the rubble for survivors of the earthquake. A ship with tents left a port in Chile last week."}"#;
    let message = Message { body: event, ..Message::default() };
    let tagged = pipeline.tag(message).unwrap();
    let focus: Vec<_> = tagged.countries.iter().map(|c| (c.code.as_str(), c.focus)).collect();
    assert_eq!(focus, [("PE", true), ("CL", false)]);
    assert!(tagged.topics.iter().any(|topic| topic.code == "medtop:20000153"), "{:?}", tagged.topics);
}
