//! The gold articles of `tests/gold`, written for this project: the whole way from event to tags, on any machine.
//!
//! `focus` must match exactly; `mentioned`, `topics`, `officials` and `speakers` must be found (others may be as well).
//! A topic may be found by itself or through a child; `a|b` allows either. A speaker is `[start of the words, mention
//! or name]`.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic and tell why")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use presswatch::article::decode::{Limits, Message};
use presswatch::knowledge::Knowledge;
use presswatch::pipeline::Pipeline;
use presswatch::tagging::Tagged;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Article {
    event: serde_json::Value,
    gold: Gold,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gold {
    language: String,
    title: Option<String>,
    #[serde(default)]
    absent: Vec<String>,
    focus: Option<Vec<String>>,
    mentioned: Vec<String>,
    topics: Vec<String>,
    officials: BTreeMap<String, String>,
    speakers: Vec<(String, String)>,
}

fn either(allowed: &str, mut holds: impl FnMut(&str) -> bool) -> bool {
    allowed.split('|').any(&mut holds)
}

/// The gold labels that are not met, in words.
fn faults(gold: &Gold, got: &Tagged, lexicon: &Knowledge) -> Vec<String> {
    let mut faults = Vec::new();
    let mut claim = |holds: bool, what: String| {
        if !holds {
            faults.push(what);
        }
    };
    claim(got.language == gold.language, format!("language is {}", got.language));
    if let Some(title) = &gold.title {
        claim(got.title == *title, format!("title is {:?}", got.title));
    }
    for junk in &gold.absent {
        claim(!got.text.contains(junk.as_str()), format!("{junk:?} is left in the text"));
    }
    if let Some(want) = &gold.focus {
        let focus = got.countries.iter().filter(|c| c.focus).map(|c| c.code.as_str());
        let focus: BTreeSet<&str> = focus.collect();
        let want: BTreeSet<&str> = want.iter().map(String::as_str).collect();
        claim(focus == want, format!("focus is {focus:?}, not {want:?}"));
    }
    for code in &gold.mentioned {
        claim(got.countries.iter().any(|c| c.code == *code), format!("{code} is not mentioned"));
    }
    for topic in &gold.topics {
        let holds =
            |code: &str| got.topics.iter().any(|t| lexicon.topic_and_parents(&t.code).any(|c| c == code));
        let codes: Vec<&str> = got.topics.iter().map(|t| t.code.as_str()).collect();
        claim(either(topic, holds), format!("topic {topic} is not among {codes:?}"));
    }
    for (slug, citation) in &gold.officials {
        let found = got.officials.iter().find(|o| o.slug == *slug);
        let is = found.map_or("missing".to_owned(), |o| format!("{:?}", o.citation).to_lowercase());
        claim(is == *citation, format!("official {slug} is {is}, not {citation}"));
    }
    for (words, speaker) in &gold.speakers {
        let of =
            got.quotes.iter().find(|q| q.exact.contains(words.as_str())).and_then(|q| q.speaker.as_ref());
        let holds = |want: &str| {
            of.is_some_and(|s| {
                s.mention.exact.to_lowercase().contains(&want.to_lowercase())
                    || s.name.as_deref().is_some_and(|n| n.contains(want))
            })
        };
        let is = of.map_or("nobody".to_owned(), |s| format!("{:?} ({:?})", s.mention.exact, s.name));
        claim(either(speaker, holds), format!("speaker of {words:?} is {is}, not {speaker}"));
    }
    faults
}

/// Every span must equal the characters that it points to.
fn check_spans(got: &serde_json::Value, title: &str, text: &str) {
    match got {
        serde_json::Value::Object(map) => {
            if let (Some(start), Some(end), Some(exact), Some(field)) = (
                map.get("start").and_then(serde_json::Value::as_u64),
                map.get("end").and_then(serde_json::Value::as_u64),
                map.get("exact").and_then(serde_json::Value::as_str),
                map.get("field").and_then(serde_json::Value::as_str),
            ) {
                let raw = if field == "title" { title } else { text };
                let there: String = raw.chars().skip(start as usize).take((end - start) as usize).collect();
                assert_eq!(there, exact, "a span of {start}..{end} in {field}");
            }
            map.values().for_each(|v| check_spans(v, title, text));
        }
        serde_json::Value::Array(list) => list.iter().for_each(|v| check_spans(v, title, text)),
        _ => {}
    }
}

#[test]
fn the_gold_articles_are_tagged_as_a_careful_reader_would() {
    let pipeline = Pipeline::new(Knowledge::compiled_in(), Limits::default());
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gold");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    assert!(paths.len() >= 10, "the gold articles are missing");
    let mut report = String::new();
    for path in paths {
        let article: Article = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let event = serde_json::to_vec(&article.event).unwrap();
        let got = pipeline.tag(Message { body: &event, ..Message::default() }).unwrap();
        check_spans(&serde_json::to_value(&got).unwrap(), &got.title, &got.text);
        for fault in faults(&article.gold, &got, &pipeline.lexicon) {
            report += &format!("{}: {fault}\n", path.file_name().unwrap().display());
        }
    }
    assert!(report.is_empty(), "\n{report}");
}
