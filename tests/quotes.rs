//! Who says what, form by form: the articles of `tests/gold/quotes`, one file per form, written for this project.
//!
//! The expectations are what a careful reader would say. Each expected attribution and official must be found, except
//! those marked `known` with the reason why they are not; a marked one that is found fails the test too, so that its
//! mark gets removed. Quoted words that no one is expected to say fail it as well. `cargo test --release --test quotes
//! -- --nocapture` prints the figures of `docs/tagging/quotes.md`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic and tell why")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use presswatch::article::decode::{Limits, Message};
use presswatch::knowledge::Knowledge;
use presswatch::pipeline::Pipeline;
use presswatch::quote::{Kind, Quote};
use presswatch::tagging::Tagged;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    form: String,
    article: Vec<Article>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Article {
    /// English if `None`.
    language: Option<String>,
    date: Option<String>,
    title: String,
    body: String,
    #[serde(default)]
    quotes: Vec<Expected>,
    /// All officials of the article.
    #[serde(default)]
    officials: Vec<Official>,
    /// Why some quoted words count as said although no one says them, or someone counts as an official who is not.
    known_extra: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The content without the quotation marks; " [...] " leaves out its middle.
    says: String,
    kind: Kind,
    /// As named there; empty: no one.
    by: String,
    /// The person's full name; empty: not a person.
    #[serde(default)]
    who: String,
    /// Class of the cue; empty: no cue.
    cue: String,
    known: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Official {
    name: String,
    cited: String,
    country: Option<String>,
    office: Option<String>,
    known: Option<String>,
}

/// Results for the expected attributions of one form.
#[derive(Default)]
struct Figures {
    articles: usize,
    expected: usize,
    found: usize,
    speaker: usize,
    whole: usize,
    officials: usize,
    officials_right: usize,
}

#[test]
fn each_form_of_a_quote_is_read_as_a_careful_reader_would() {
    let pipeline = Pipeline::new(Knowledge::compiled_in(), Limits::default());
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gold/quotes");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let (mut report, mut table) = (String::new(), Vec::new());
    let mut by_language: BTreeMap<String, Figures> = BTreeMap::new();
    for path in &paths {
        let form: Form = toml::from_str(&fs::read_to_string(path).unwrap())
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut figures = Figures::default();
        for article in &form.article {
            let mut own = Figures::default();
            let faults = check(&pipeline, article, &mut own);
            let file = path.file_name().unwrap().display();
            report.extend(faults.iter().map(|fault| format!("{file}, {:?}: {fault}\n", article.title)));
            figures.add(&own);
            let language = article.language.as_deref().unwrap_or("en");
            by_language.entry(language.to_owned()).or_default().add(&own);
        }
        table.push((form.form, figures));
    }
    let mut all = Figures::default();
    table.iter().for_each(|(_, figures)| all.add(figures));
    table.extend(by_language);
    println!("| form | articles | attributions | found | speaker right | all right | officials | right |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (form, f) in &table {
        f.print(form);
    }
    all.print("all");
    assert!(all.articles >= 60, "only {} articles", all.articles);
    assert!(report.is_empty(), "\n{report}");
}

/// Every quote of the demo's articles, in order: file, kind, speaker as named there, speaker's name, content.
#[test]
fn what_the_demo_shows_is_right() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pipeline = Pipeline::new(Knowledge::compiled_in(), Limits::default());
    let mut paths: Vec<_> =
        fs::read_dir(root.join("deploy/samples")).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let mut got = String::new();
    for path in paths {
        let content_type = match path.extension().unwrap().to_str().unwrap() {
            "html" => "text/html",
            "txt" => "text/plain",
            _ => "application/json",
        };
        let body = fs::read(&path).unwrap();
        let message = Message { body: &body, content_type: Some(content_type), ..Message::default() };
        // one is broken on purpose
        let Ok(article) = pipeline.tag(message) else { continue };
        for quote in article.quotes {
            let (mention, name) = quote.speaker.map_or((String::new(), None), |s| (s.mention.exact, s.name));
            let name = name.unwrap_or_default();
            let content = quote.exact.split_whitespace().collect::<Vec<_>>().join(" ");
            let file = path.file_name().unwrap().to_str().unwrap();
            got += &format!("{file}\t{:?}\t{mention}\t{name}\t{content}\n", quote.kind);
        }
    }
    let expected = fs::read_to_string(root.join("tests/gold/demo.tsv")).unwrap();
    let wrong: Vec<&str> = got.lines().filter(|line| !expected.lines().any(|l| l == *line)).collect();
    let missing: Vec<&str> = expected.lines().filter(|line| !got.lines().any(|l| l == *line)).collect();
    assert!(
        wrong.is_empty() && missing.is_empty(),
        "not expected:\n{}\nnot there:\n{}",
        wrong.join("\n"),
        missing.join("\n")
    );
}

impl Figures {
    fn add(&mut self, other: &Self) {
        self.articles += other.articles;
        self.expected += other.expected;
        self.found += other.found;
        self.speaker += other.speaker;
        self.whole += other.whole;
        self.officials += other.officials;
        self.officials_right += other.officials_right;
    }

    fn print(&self, name: &str) {
        let Self { articles, expected, found, speaker, whole, officials, officials_right } = self;
        println!(
            "| {name} | {articles} | {expected} | {found} | {speaker} | {whole} | {officials} | {officials_right} |"
        );
    }
}

/// Tags an article, counts what is right, and reports what differs.
fn check(pipeline: &Pipeline, article: &Article, figures: &mut Figures) -> Vec<String> {
    let event = serde_json::json!({
        "id": "quote",
        "title": article.title,
        "body": article.body,
        "published_at": article.date.as_ref().map(|d| format!("{d}T12:00:00Z")),
    });
    let body = serde_json::to_vec(&event).unwrap();
    let got = pipeline.tag(Message { body: &body, ..Message::default() }).unwrap();
    let mut faults = Vec::new();
    let language = article.language.as_deref().unwrap_or("en");
    if got.language != language {
        faults.push(format!("language {}, not {language}", got.language));
    }
    figures.articles += 1;
    for expected in &article.quotes {
        let fault = attribution(expected, &got, figures);
        note(&mut faults, &expected.says, fault, expected.known.as_ref());
    }
    for expected in &article.officials {
        let fault = official(expected, &got);
        figures.officials += 1;
        figures.officials_right += usize::from(fault.is_none());
        note(&mut faults, &expected.name, fault, expected.known.as_ref());
    }
    let extra = extra(article, &got);
    note(&mut faults, "nothing more", extra, article.known_extra.as_ref());
    faults
}

/// Notes what is wrong with an expectation, or that a known fault is gone.
fn note(faults: &mut Vec<String>, what: &str, fault: Option<String>, known: Option<&String>) {
    match (fault, known) {
        (Some(fault), None) => faults.push(format!("{what:?}: {fault}")),
        (None, Some(why)) => faults.push(format!("{what:?} holds now: take away its `known = {why:?}`")),
        _ => {}
    }
}

/// The words without the quotation marks around them.
fn bare(words: &str) -> &str {
    words.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Whether a content is what someone is expected to say.
fn is_content(got: &str, says: &str) -> bool {
    let got = bare(got);
    match says.split_once(" [...] ") {
        Some((start, end)) => got.starts_with(bare(start)) && got.ends_with(bare(end)),
        None => got == bare(says),
    }
}

/// What is wrong with the attribution of some words.
fn attribution(expected: &Expected, got: &Tagged, figures: &mut Figures) -> Option<String> {
    figures.expected += 1;
    let exact = got.quotes.iter().find(|q| is_content(&q.exact, &expected.says));
    let start = bare(expected.says.split(" [...] ").next().unwrap());
    let near = |q: &&Quote| q.exact.contains(start) || start.contains(bare(&q.exact));
    let Some(quote) = exact.or_else(|| got.quotes.iter().find(near)) else {
        return Some("not found".to_owned());
    };
    figures.found += 1;
    let mut faults = Vec::new();
    let (mention, name) = quote.speaker.as_ref().map_or((String::new(), String::new()), |s| {
        (s.mention.exact.clone(), s.name.clone().unwrap_or_default())
    });
    let named = if expected.by.is_empty() { mention.is_empty() } else { mention.contains(&expected.by) };
    if named && name == expected.who {
        figures.speaker += 1;
    } else {
        faults.push(format!("said by {mention:?} ({name:?}), not {:?} ({:?})", expected.by, expected.who));
    }
    if exact.is_none() {
        faults.push(format!("content is {:?}", quote.exact));
    }
    if quote.kind != expected.kind {
        faults.push(format!("{:?}, not {:?}", quote.kind, expected.kind));
    }
    let cue = quote.cue_class.as_deref().unwrap_or_default();
    if cue != expected.cue {
        faults.push(format!("cue is {cue:?}, not {:?}", expected.cue));
    }
    figures.whole += usize::from(faults.is_empty());
    (!faults.is_empty()).then(|| faults.join("; "))
}

/// What is wrong with an official.
fn official(expected: &Official, got: &Tagged) -> Option<String> {
    let Some(official) = got.officials.iter().find(|o| o.name == expected.name) else {
        let names: Vec<&str> = got.officials.iter().map(|o| o.name.as_str()).collect();
        return Some(format!("not among the officials {names:?}"));
    };
    let mut faults = Vec::new();
    if official.citation.as_str() != expected.cited {
        faults.push(format!("{}, not {}", official.citation.as_str(), expected.cited));
    }
    if expected.country.is_some() && official.country != expected.country {
        faults.push(format!("of {:?}, not {:?}", official.country, expected.country));
    }
    if expected.office.as_ref().is_some_and(|office| *office != official.office) {
        faults.push(format!("{:?}, not {:?}", official.office, expected.office));
    }
    (!faults.is_empty()).then(|| faults.join("; "))
}

/// Quoted words that count as said, and officials, that no one expects.
fn extra(article: &Article, got: &Tagged) -> Option<String> {
    let mut extra: Vec<String> = Vec::new();
    for quote in got.quotes.iter().filter(|q| q.kind != Kind::Indirect) {
        let start = |e: &Expected| bare(e.says.split(" [...] ").next().unwrap()).to_owned();
        let meant = |e: &Expected| {
            is_content(&quote.exact, &e.says)
                || quote.exact.contains(&start(e))
                || start(e).contains(bare(&quote.exact))
        };
        if !article.quotes.iter().any(meant) {
            extra.push(format!(
                "{:?} is said by {:?}",
                quote.exact,
                quote.speaker.as_ref().map(|s| &s.mention.exact)
            ));
        }
    }
    for official in &got.officials {
        if !article.officials.iter().any(|o| o.name == official.name) {
            extra.push(format!("{} is an official: {}", official.name, official.office));
        }
    }
    (!extra.is_empty()).then(|| extra.join("; "))
}
