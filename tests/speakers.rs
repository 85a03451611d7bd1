//! Who says what in plain sentences: each language's word orders × unknown names × short and long quotes.
//! `tests/matrix/README.md` explains the format of the files.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic and tell why")]

use std::fs;
use std::path::Path;

use presswatch::article::decode::{Limits, Message};
use presswatch::knowledge::Knowledge;
use presswatch::pipeline::Pipeline;
use presswatch::tagging::Tagged;
use serde::Deserialize;

/// Sentences made from each frame.
const ROUNDS: usize = 6;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matrix {
    /// `{M}` and `{N}`.
    men: Vec<String>,
    /// `{F}` and `{G}`.
    women: Vec<String>,
    /// `{L}`.
    long: Vec<String>,
    /// `{S}`.
    short: Vec<String>,
    frame: Vec<Frame>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame {
    /// `{X}` is any name, `{Y}` another, `{X:s}` the last word of the first; `{Q}` is any quote.
    body: String,
    /// What is said; the quote by default.
    says: Option<String>,
    /// What the mention of the speaker contains.
    #[serde(default = "name")]
    by: String,
    /// The full name that a pronoun or description refers to.
    who: Option<String>,
    /// What the mention must not contain.
    #[serde(default)]
    not: Vec<String>,
    /// No one says anything in it.
    #[serde(default)]
    none: bool,
    /// Why some of its sentences are wrong; some must be.
    known: Option<String>,
}

fn name() -> String {
    "{X}".to_owned()
}

/// Fills in a frame for a round.
fn fill(matrix: &Matrix, round: usize, text: &str) -> String {
    let (men, women) = (&matrix.men, &matrix.women);
    let man = |i: usize| &men[i % men.len()];
    let woman = |i: usize| &women[i % women.len()];
    let any = |i: usize| if i.is_multiple_of(2) { man(i / 2) } else { woman(i / 2) };
    let long = &matrix.long[round % matrix.long.len()];
    let short = &matrix.short[round / 2 % matrix.short.len()];
    let quote = if round.is_multiple_of(2) { long } else { short };
    let last = |name: &str| name.split_whitespace().last().unwrap_or_default().to_owned();
    let mut out = text.replace("{Q}", quote).replace("{L}", long).replace("{S}", short);
    for (gap, name) in [
        ("X", any(round)),
        ("Y", any(round + 3)),
        ("M", man(round)),
        ("N", man(round + 1)),
        ("F", woman(round)),
        ("G", woman(round + 1)),
    ] {
        out = out.replace(&format!("{{{gap}}}"), name).replace(&format!("{{{gap}:s}}"), &last(name));
    }
    out
}

fn tag(pipeline: &Pipeline, language: &str, body: &str) -> Tagged {
    let event = serde_json::json!({ "title": "-", "body": body, "language": language }).to_string();
    pipeline.tag(Message { body: event.as_bytes(), ..Message::default() }).unwrap()
}

/// What is wrong with a sentence.
fn fault(matrix: &Matrix, frame: &Frame, round: usize, got: &Tagged) -> Option<String> {
    if frame.none {
        return got.quotes.first().map(|q| format!("{:?} is said", q.exact));
    }
    let quote = ["{Q}", "{L}", "{S}"].into_iter().find(|q| frame.body.contains(q)).unwrap_or_default();
    let says = fill(matrix, round, frame.says.as_deref().unwrap_or(quote));
    let by = fill(matrix, round, &frame.by);
    let Some(quote) = got.quotes.iter().filter(|q| q.exact.contains(&says)).max_by_key(|q| q.end - q.start)
    else {
        return Some(format!("{says:?} is not said"));
    };
    let Some(speaker) = &quote.speaker else { return Some(format!("nobody says {:?}", quote.exact)) };
    let (mention, name) = (&speaker.mention.exact, speaker.name.as_deref());
    let other = frame.not.iter().any(|n| mention.contains(&fill(matrix, round, n)));
    let holds = mention.contains(&by) && !other;
    let person = match &frame.who {
        Some(who) => name == Some(fill(matrix, round, who).as_str()),
        // a name that is found must belong to the person mentioned
        None => name.is_none_or(|n| by.contains(n) || n.contains(&by)),
    };
    (!(holds && person)).then(|| format!("said by {mention:?} ({name:?})"))
}

fn check(language: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/matrix/speakers_{language}.toml"));
    let matrix: Matrix = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let pipeline = Pipeline::new(Knowledge::compiled_in(), Limits::default());
    let mut wrong = Vec::new();
    let mut tried = 0;
    for frame in &matrix.frame {
        let before = wrong.len();
        for round in 0..ROUNDS {
            let body = fill(&matrix, round, &frame.body);
            tried += 1;
            if let Some(fault) = fault(&matrix, frame, round, &tag(&pipeline, language, &body)) {
                wrong.push(format!("{body}\n    {fault}"));
            }
        }
        if let Some(why) = &frame.known {
            let holds = wrong.len() == before;
            wrong.truncate(before);
            if holds {
                wrong.push(format!("{} holds now: take away its `known = {why:?}`", frame.body));
            }
        }
    }
    assert!(tried >= 100, "only {tried} sentences");
    assert!(wrong.is_empty(), "{} of {tried} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_plain_french_sentence_has_its_speaker() {
    check("fr");
}

#[test]
fn every_plain_spanish_sentence_has_its_speaker() {
    check("es");
}

#[test]
fn every_plain_german_sentence_has_its_speaker() {
    check("de");
}

#[test]
fn every_plain_english_sentence_has_its_speaker() {
    check("en");
}
