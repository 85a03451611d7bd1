//! Who says each quote in the plain sentences of `tests/matrix/speakers_xx.toml` for the languages below: sentences ×
//! names in their forms × quotes.
//!
//! Each sentence has one right speaker. A file states the minimum share that must be right; failures are printed.
//! `cargo test --test speakers_east -- --nocapture` prints the figures.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic and tell why")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use presswatch::article::decode::{Limits, Message};
use presswatch::knowledge::Knowledge;
use presswatch::pipeline::Pipeline;
use presswatch::quote::Quote;
use serde::Deserialize;

/// The share that must be right if a file states none.
const LEAST: f64 = 0.97;
/// Minimum number of sentences in a file.
const SENTENCES: u32 = 100;
const LANGUAGES: [&str; 7] = ["tr", "az", "ar", "hy", "ru", "uk", "pl"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matrix {
    least: Option<f64>,
    names: Vec<Name>,
    /// Replacements for `{quote}`.
    #[serde(default)]
    quotes: Vec<String>,
    sentence: Vec<Sentence>,
}

/// A name, or its forms: `name` is the first case, others have the labels that the sentences use.
#[derive(Deserialize)]
#[serde(untagged)]
enum Name {
    Plain(String),
    Forms(BTreeMap<String, String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    text: String,
    /// Words of the speaker's mention; empty: no one.
    speaker: String,
    /// Words of the quote in question; by default the one inserted for `{quote}`, else the first.
    quote: Option<String>,
}

impl Name {
    fn base(&self) -> &str {
        match self {
            Self::Plain(name) => name,
            Self::Forms(forms) => &forms["name"],
        }
    }

    /// Inserts the forms of the name into a sentence.
    fn fill(&self, text: &str) -> String {
        let mut out = text.replace("{name}", self.base());
        if let Self::Forms(forms) = self {
            for (form, word) in forms {
                out = out.replace(&format!("{{name.{form}}}"), word);
            }
        }
        assert!(!out.contains("{name"), "no such form of {}: {text}", self.base());
        out
    }
}

/// What is wrong with the speaker of the quote that starts with these words.
fn fault(quotes: &[Quote], words: Option<&str>, speaker: &str, name: &str) -> Option<String> {
    let found = match words {
        Some(words) => quotes.iter().find(|q| q.exact.contains(words)),
        None => quotes.first(),
    };
    let Some(quote) = found else { return Some("no quote".to_owned()) };
    let Some(got) = quote.speaker.as_ref() else {
        return (!speaker.is_empty()).then(|| "nobody".to_owned());
    };
    let mention = &got.mention.exact;
    // the resolved person must be the one whom the sentence names, in the first case
    let person =
        got.name.as_deref().is_none_or(|n| name.contains(n) || n.contains(name) || mention.contains(n));
    let right = !speaker.is_empty() && mention.contains(speaker) && person;
    (!right).then(|| format!("{mention:?} ({:?})", got.name))
}

#[test]
fn every_sentence_has_its_one_speaker() {
    let pipeline = Pipeline::new(Knowledge::compiled_in(), Limits::default());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrix");
    let mut failed = Vec::new();
    for language in LANGUAGES {
        let file = format!("speakers_{language}.toml");
        let matrix: Matrix = toml::from_str(&fs::read_to_string(folder.join(&file)).unwrap())
            .unwrap_or_else(|e| panic!("{file}: {e}"));
        let (mut tried, mut wrong): (u32, Vec<String>) = (0, Vec::new());
        for sentence in &matrix.sentence {
            let filled = sentence.text.contains("{quote}");
            let quotes = if filled { matrix.quotes.as_slice() } else { &[String::new()] };
            for (name, quote) in matrix.names.iter().flat_map(|n| quotes.iter().map(move |q| (n, q))) {
                let text = name.fill(&sentence.text).replace("{quote}", quote);
                let words = sentence.quote.as_ref().map(|q| name.fill(q));
                let words = words.as_deref().or(filled.then_some(quote.as_str()));
                let event =
                    serde_json::json!({ "title": "-", "body": text, "language": language }).to_string();
                let got = pipeline.tag(Message { body: event.as_bytes(), ..Message::default() }).unwrap();
                tried += 1;
                if let Some(fault) = fault(&got.quotes, words, &name.fill(&sentence.speaker), name.base()) {
                    wrong.push(format!("{text} -> {fault}"));
                }
            }
        }
        let right = 1.0 - wrong.len() as f64 / f64::from(tried);
        println!("{file}: {right:.3} of {tried}");
        wrong.iter().for_each(|w| println!("  {}", w.replace('\n', "¶")));
        assert!(tried >= SENTENCES, "{file} has only {tried} sentences");
        if right < matrix.least.unwrap_or(LEAST) {
            failed.push(format!("{file}: {right:.3} of {tried}"));
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}

#[test]
fn a_verb_of_saying_may_be_the_last_word_of_a_text() {
    let pipeline = Pipeline::new(Knowledge::compiled_in(), Limits::default());
    for (language, text) in [
        ("tr", "Yol bahara kadar kapalı, bakan açıkladı"),
        ("az", "Yol bağlanır, nazir bildirib"),
        ("ar", "الطريق سيبقى مغلقا، الوزير قال"),
        ("hy", "Ճանապարհը փակ կմնա, նախարարը հայտարարեց"),
        ("ru", "Дорога закрыта, министр заявил"),
        ("uk", "Дорога закрита, міністр заявив"),
    ] {
        for (title, body) in [(text, "-"), ("-", text)] {
            let event = serde_json::json!({ "title": title, "body": body, "language": language }).to_string();
            pipeline.tag(Message { body: event.as_bytes(), ..Message::default() }).unwrap();
        }
    }
}
