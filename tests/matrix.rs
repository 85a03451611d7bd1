//! Plain sentences, names × sentences × languages: each has one right answer. `tests/matrix/README.md` tells how.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic and tell why")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use presswatch::article::decode::{Limits, Message};
use presswatch::knowledge::Knowledge;
use presswatch::pipeline::Pipeline;
use presswatch::tagging::Tagged;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matrix {
    ambiguous: BTreeMap<String, Vec<String>>,
    sentence: Vec<Frame>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame {
    language: String,
    #[serde(default)]
    title: String,
    body: String,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    focus: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Traps {
    sentence: Vec<Trap>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trap {
    language: String,
    body: String,
    countries: BTreeSet<String>,
    officials: Option<BTreeSet<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Articles {
    article: Vec<Article>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Article {
    title: String,
    text: String,
    /// Each is there, itself or a narrower one.
    #[serde(default)]
    topics: Vec<String>,
    /// None of these is there.
    #[serde(default)]
    not: Vec<String>,
    /// No topic is there at all.
    #[serde(default)]
    none: bool,
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn tag(pipeline: &Pipeline, language: &str, title: &str, body: &str) -> Tagged {
    let title = if title.is_empty() { "-" } else { title };
    let event = serde_json::json!({ "title": title, "body": body, "language": language }).to_string();
    pipeline.tag(Message { body: event.as_bytes(), ..Message::default() }).unwrap()
}

fn pipeline() -> Pipeline {
    Pipeline::new(Knowledge::compiled_in(), Limits::default())
}

/// Code and name of every country in a language; for one that lists the forms of names, each of them.
fn names(source: &str, language: &str) -> Vec<(String, String)> {
    let plain = names_of(source, language);
    if !plain.is_empty() {
        return plain;
    }
    let forms = read(&format!("config/lexicon/languages/{language}/forms.tsv"));
    let rows = forms.lines().filter_map(|row| row.split_once("\t-\t"));
    rows.flat_map(|(code, forms)| forms.split('|').map(move |form| (code.to_owned(), form.to_owned())))
        .collect()
}

/// Code and name of every country that `countries.tsv` names in a language.
fn names_of(source: &str, language: &str) -> Vec<(String, String)> {
    let rows = source.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.filter_map(|row| {
        let cells: Vec<&str> = row.split('\t').collect();
        let name = if language == "en" {
            Some(cells[1])
        } else {
            cells[3..].iter().find_map(|cell| cell.strip_prefix(language)?.strip_prefix('='))
        };
        Some((cells[0].to_owned(), name?.to_owned()))
    })
    .collect()
}

#[test]
fn every_country_is_named_in_every_sentence() {
    let pipeline = pipeline();
    let matrix: Matrix = toml::from_str(&read("tests/matrix/countries.toml")).unwrap();
    let source = read("config/lexicon/places/countries.tsv");
    let mut wrong = Vec::new();
    let mut tried = 0;
    for frame in &matrix.sentence {
        let ambiguous = matrix.ambiguous.get(&frame.language).cloned().unwrap_or_default();
        let mut names = names(&source, &frame.language);
        names.retain(|(code, _)| !ambiguous.contains(code));
        assert!(names.len() > 200, "{} has only {} names", frame.language, names.len());
        for (at, (code, name)) in names.iter().enumerate() {
            // primes, so that neighbours of the list never stand together
            let (y, z) = (&names[(at + 37) % names.len()], &names[(at + 97) % names.len()]);
            let fill = |text: &str| text.replace("{X}", name).replace("{Y}", &y.1).replace("{Z}", &z.1);
            let mut want: BTreeSet<&str> = frame.also.iter().map(String::as_str).collect();
            want.insert(code);
            for (gap, other) in [("{Y}", y), ("{Z}", z)] {
                if frame.body.contains(gap) {
                    want.insert(&other.0);
                }
            }
            let tagged = tag(&pipeline, &frame.language, &fill(&frame.title), &fill(&frame.body));
            let got: BTreeSet<&str> = tagged.countries.iter().map(|c| c.code.as_str()).collect();
            let focus: BTreeSet<&str> =
                tagged.countries.iter().filter(|c| c.focus).map(|c| c.code.as_str()).collect();
            let about = frame.focus.is_empty() || focus == BTreeSet::from([code.as_str()]);
            tried += 1;
            if got != want || !about {
                wrong.push(format!("{}{}: {got:?}, about {focus:?}", fill(&frame.title), fill(&frame.body)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_trap_is_read_right() {
    let pipeline = pipeline();
    let traps: Traps = toml::from_str(&read("tests/matrix/traps.toml")).unwrap();
    let mut wrong = Vec::new();
    for trap in traps.sentence {
        let tagged = tag(&pipeline, &trap.language, "", &trap.body);
        let countries: BTreeSet<String> = tagged.countries.iter().map(|c| c.code.clone()).collect();
        let officials: BTreeSet<String> = tagged.officials.iter().map(|o| o.slug.clone()).collect();
        if countries != trap.countries || trap.officials.is_some_and(|want| want != officials) {
            wrong.push(format!("{}: {countries:?} {officials:?}", trap.body));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_plain_article_has_its_topics() {
    let pipeline = pipeline();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrix");
    let mut wrong = Vec::new();
    let mut tried = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(language) = name.strip_prefix("topics_").and_then(|rest| rest.strip_suffix(".toml")) else {
            continue;
        };
        let articles: Articles = toml::from_str(&read(&format!("tests/matrix/{name}"))).unwrap();
        for article in articles.article {
            let tagged = tag(&pipeline, language, &article.title, &article.text);
            let mut broader = BTreeSet::new();
            for topic in &tagged.topics {
                broader.extend(pipeline.lexicon.topic_and_parents(&topic.code));
            }
            let has = |code: &String| broader.contains(format!("medtop:{code}").as_str());
            let right = article.topics.iter().all(has)
                && !article.not.iter().any(has)
                && (!article.none || tagged.topics.is_empty());
            tried += 1;
            if !right {
                let got: Vec<&str> = tagged.topics.iter().map(|t| t.name.as_str()).collect();
                wrong.push(format!("{language}: {}: {got:?}", article.title));
            }
        }
    }
    assert!(tried > 0, "there are articles");
    assert!(wrong.is_empty(), "{} of {tried} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
