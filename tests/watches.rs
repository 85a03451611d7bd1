//! Watches as a person writes them: the page of the language, files with their own tests, the commands.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::LazyLock;

use presswatch::article::decode::{Limits, Message};
use presswatch::knowledge::Knowledge;
use presswatch::pipeline::Pipeline;
use presswatch::watch::{Watch, WatchSet, Workspace, parse};
use serde_json::{Value, json};
use support::{output, presswatch};

static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::new(Knowledge::compiled_in(), Limits::default()));

const PAGE: &str = include_str!("../docs/WATCHES.md");

/// What stands between fences of a sort, each block.
fn blocks<'p>(page: &'p str, sort: &str) -> Vec<&'p str> {
    let open = format!("```{sort}\n");
    page.split(&open).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_examples_of_the_page_are_true() {
    let article = blocks(PAGE, "article")[0];
    let (title, body) = article.split_once("\n\n").unwrap();
    let source = json!({ "name": "Harbour Post", "domain": "harbour.example", "country": "GE" });
    let event = json!({ "id": "page", "title": title, "body": body, "language": "en", "source": source,
        "published_at": "2026-04-15T10:00:00Z" });
    let event = event.to_string();
    let analysed = PIPELINE.analyse(Message { body: event.as_bytes(), ..Message::default() }).unwrap();
    let words = &PIPELINE.lexicon.watch_words;
    let mut count = 0;
    for line in blocks(PAGE, "watch").iter().flat_map(|block| block.lines()) {
        let (want, query) = line.split_once(' ').unwrap();
        let query = query.trim();
        count += 1;
        if want == "error" {
            assert!(parse(query, false, words).is_err(), "{query} is taken");
            continue;
        }
        let watch = Watch { id: "page".to_owned(), when: query.to_owned(), ..Watch::default() };
        let (set, refused) = WatchSet::of(words.clone(), [watch]);
        assert!(refused.is_empty(), "{refused:?}");
        let matches = !set.matches(analysed.article(), &mut Workspace::default()).is_empty();
        assert_eq!(matches, want == "yes", "{query}");
    }
    assert!(count > 40, "{count} examples");
}

#[test]
fn the_files_of_the_page_are_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.toml"), blocks(PAGE, "toml")[0]).unwrap();
    let (out, error, status) = output(presswatch().args(["watch", "check"]).arg(folder.path()));
    assert_eq!(status, Some(0), "{out}{error}");
    assert_eq!(out.trim(), "1 watches, 2 tests, 0 wrong");
}

#[test]
fn a_wrong_watch_is_told_and_the_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("desk.toml");
    let watches = r#"
[[watch]]
id = "oil"
when = "oil AND US"
severity = "high"
match = ["Oil fell.", "Oil of the US fell."]

[[watch]]
id = "bad"
when = "oil AND gas OR coal"
"#;
    std::fs::write(&file, watches).unwrap();
    let (out, error, status) = output(presswatch().args(["watch", "check"]).arg(&file));
    assert_eq!(status, Some(1));
    assert!(out.contains("1 watches, 2 tests, 2 wrong"), "{out}");
    for part in ["bad: column 13: AND and OR are mixed", "^", "oil: does not match: Oil fell.", "raw:\"US\""]
    {
        assert!(error.contains(part), "{part} is not in:\n{error}");
    }
    let article = folder.path().join("article.txt");
    std::fs::write(&article, "Oil falls\n\nOil of the US fell on Monday, traders in London said.\n").unwrap();
    let mut command = presswatch();
    let (out, error, status) = output(command.arg("tag").arg(&article).arg("--watches").arg(folder.path()));
    assert_eq!(status, Some(1), "{error}");
    let tagged: Value = serde_json::from_str(&out).unwrap();
    let watch = &tagged["watches"][0];
    assert_eq!((&watch["id"], &watch["severity"]), (&json!("oil"), &json!("high")), "{out}");
    assert_eq!(watch["clauses"][0]["expr"], "oil");
    assert_eq!(watch["clauses"][0]["spans"][0]["exact"], "Oil");
    assert!(watch.get("owner").is_none());
}

#[test]
fn a_query_is_tried_and_explained() {
    let folder = tempfile::tempdir().unwrap();
    let articles = folder.path().join("news.ndjson");
    let event = |id: &str, body: &str| {
        json!({ "id": id, "title": format!("News {id}"), "body": body, "source": { "domain": "harbour.example" } }).to_string()
    };
    let lines = [
        event("1", "Oil fell in London on Monday, traders said."),
        event("2", "Oil and gas fell in London on Monday, traders said."),
        event("3", "Nothing fell in London on Monday, traders said."),
    ];
    std::fs::write(&articles, lines.join("\n")).unwrap();
    let trial = |query: &str, command: &str| {
        output(presswatch().args(["watch", command, "--when", query]).arg(&articles))
    };
    let (out, error, status) = trial("oil NOT gas", "try");
    assert_eq!(status, Some(0), "{error}");
    for part in [
        "1 of 3 articles",
        "by outlet: harbour.example 1",
        "by clause: oil 1",
        "NOT gas takes away 1",
        "News 1",
    ] {
        assert!(out.contains(part), "{part} is not in:\n{out}");
    }
    let (out, error, status) = trial("\"oil fell\" AND trader", "why");
    assert_eq!(status, Some(0), "{error}");
    for part in ["yes   \"oil fell\": Oil fell", "no    trader (traders stands there: write trader~)"] {
        assert!(out.contains(part), "{part} is not in:\n{out}");
    }
    let (_, error, status) = trial("oil AND (gas", "why");
    assert_eq!(status, Some(1));
    assert!(error.contains("column 9") && error.contains("never closed"), "{error}");
}

#[test]
fn the_examples_pass_their_own_tests() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/examples/watches.toml");
    let (out, error, status) = output(presswatch().args(["watch", "check", file]));
    assert_eq!(status, Some(0), "{out}{error}");
    assert_eq!(out.trim(), "4 watches, 6 tests, 0 wrong", "{error}");
}
