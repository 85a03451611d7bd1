//! Watches as people write them: the page about the language, files with their own tests, the commands.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::LazyLock;

use presswatch::article::decode::{Limits, Message};
use presswatch::knowledge::Knowledge;
use presswatch::pipeline::Pipeline;
use presswatch::watch::{Watch, WatchSet, Workspace, parse};
use serde_json::{Value, json};
use support::{Worker, output, presswatch, wait_for};

static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::new(Knowledge::compiled_in(), Limits::default()));

const PAGE: &str = include_str!("../docs/WATCHES.md");

/// The contents of all fenced blocks of this kind.
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
    assert_eq!(out.trim(), "1 watch, 2 tests, 0 wrong");
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
expires = "2020-02-29"
match = ["Oil fell.", "Oil of the US fell."]

[[watch]]
id = "bad"
when = "oil AND gas OR coal"
"#;
    std::fs::write(&file, watches).unwrap();
    let (out, error, status) = output(presswatch().args(["watch", "check"]).arg(&file));
    assert_eq!(status, Some(1));
    assert!(out.contains("1 watch, 2 tests, 2 wrong"), "{out}");
    for part in [
        "bad: column 13: AND and OR are mixed",
        "^",
        "oil: does not match: Oil fell.",
        "raw:\"US\"",
        "warning: ",
        "oil: its last day was 2020-02-29: it is not in force",
    ] {
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
    // a NOT within a sentence, and a clause that never held
    let (out, error, status) = trial("SENTENCE(fell NOT oil) AND (london OR zugzwang)", "try");
    assert_eq!(status, Some(0), "{error}");
    assert!(out.contains("1 of 3 articles") && out.contains("NOT oil takes away 2"), "{out}");
    assert!(error.contains("NOT oil takes away 2 of 3, which is over half"), "{error}");
    assert!(error.contains("in none of 3 articles: zugzwang"), "{error}");
    // compared with a watch of a file
    let desk = folder.path().join("desk.toml");
    std::fs::write(&desk, "[[watch]]\nid = \"oil\"\nwhen = 'oil AND gas'\n").unwrap();
    let compared = |query: &str, more: &[&str]| {
        let mut command = presswatch();
        command.args(["watch", "try", "--when", query, "--watches"]).arg(&desk).args(more);
        output(command.arg(&articles))
    };
    let (out, error, status) = compared("oil NOT gas", &["--id", "oil"]);
    assert_eq!(status, Some(0), "{error}");
    for part in ["than the version in force: 1 more, 1 fewer", "+ 1 News 1", "\u{2212} 2 News 2"] {
        assert!(out.contains(part), "{part} is not in:\n{out}");
    }
    let (_, error, status) = compared("oil", &["--id", "coal"]);
    assert!(status == Some(1) && error.contains("no watch `coal`"), "{error}");
    let (_, error, status) = compared("oil", &[]);
    assert!(status == Some(1) && error.contains("name that by `--id`"), "{error}");
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
fn what_articles_say_against_watches_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (watches, articles) = (folder.path().join("desk.toml"), folder.path().join("news.ndjson"));
    let file = r#"
[[watch]]
id = "both"
when = "oil AND london"
max_per_day = 1
match = ["Oil fell in London."]

[[watch]]
id = "twin"
when = "london AND oil"

[[watch]]
id = "half"
when = "(oil OR zugzwang) NOT london"

[[watch]]
id = "person"
when = 'named:"Marko Rubio"'
"#;
    std::fs::write(&watches, file).unwrap();
    let event = |n: usize, day: usize, body: &str| {
        json!({ "id": n.to_string(), "title": "News", "body": body, "language": "en",
            "published_at": format!("2026-04-1{day}T10:00:00Z") })
        .to_string()
    };
    let lines = [
        event(1, 5, "Oil fell in London on Monday, traders said."),
        event(2, 5, "Oil rose in London on Monday, traders said."),
        event(3, 6, "Oil rose in London on Tuesday, a trader said."),
        event(4, 6, "Oil rose in Tokyo on Tuesday, a trader said."),
    ];
    std::fs::write(&articles, lines.join("\n")).unwrap();
    let check = |on: &[&str]| output(presswatch().args(["watch", "check"]).arg(&watches).args(on));
    let (out, error, status) = check(&["--on", articles.to_str().unwrap()]);
    assert_eq!((out.trim(), status), ("4 watches, 1 test, 0 wrong", Some(0)), "{error}");
    for part in [
        "both: it matches about 1.5 articles a day here, and `max_per_day` is 1",
        "twin: it asks for the same as `both`",
        "half: NOT london takes away 3 of 4, which is over half",
        "half: in none of 4 articles: zugzwang",
        "person: it matches none of 4 articles",
        "did you mean \"Marco Rubio\" (marco-rubio)?",
    ] {
        assert!(error.contains(part), "{part} is not in:\n{error}");
    }
    let (_, error, status) = check(&[]);
    assert!(status == Some(0) && !error.contains("articles"), "{error}");
    let (_, error, status) = check(&["--on", "nowhere.ndjson"]);
    assert!(status == Some(1) && error.contains("nowhere.ndjson"), "{error}");
    // the other forms of what a query asks for
    let (out, error, status) =
        output(presswatch().args(["watch", "try", "--when", "trader AND \"oil fell\""]).arg(&articles));
    assert_eq!(status, Some(0), "{error}");
    assert!(out.contains("0 of 4 articles"), "{out}");
    assert!(out.contains("trader: 2 articles; trader~ would also find traders 2"), "{out}");
    let (out, ..) = output(presswatch().args(["watch", "try", "--when", "trader~ AND oil"]).arg(&articles));
    assert!(!out.contains("would also find"), "{out}");
}

#[test]
fn tag_tells_which_watches_were_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let (watches, article) = (folder.path().join("desk.toml"), folder.path().join("long.ndjson"));
    let file = "[[watch]]\nid = \"dear\"\nwhen = \"oil NEAR/100 gas NEAR/100 oil NEAR/100 gas NEAR/100 coal\"\n\
                [[watch]]\nid = \"gas\"\nwhen = \"gas\"\n";
    std::fs::write(&watches, file).unwrap();
    let event = json!({ "id": "1", "title": "Long", "body": format!("{}coal", "oil gas ".repeat(40_000)) });
    std::fs::write(&article, event.to_string()).unwrap();
    let (out, error, status) = output(presswatch().arg("tag").arg(&article).arg("--watches").arg(&watches));
    assert_eq!(status, Some(1), "{error}");
    assert!(error.contains("dear was set aside") && error.contains("it took too long"), "{error}");
    let tagged: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(tagged["watches"][0]["id"], "gas");
}

#[test]
fn the_examples_pass_their_own_tests() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/examples/watches.toml");
    let (out, error, status) = output(presswatch().args(["watch", "check", file]));
    assert_eq!(status, Some(0), "{out}{error}");
    assert_eq!(out.trim(), "4 watches, 6 tests, 0 wrong", "{error}");
}

#[test]
fn the_watches_in_force_tell_how_they_do() {
    let folder = tempfile::tempdir().unwrap();
    let (data, watches) = (folder.path().join("data"), folder.path().join("watches"));
    std::fs::create_dir(&watches).unwrap();
    let file = "[[watch]]\nid = \"oil-fell\"\nname = \"Fall of oil\"\nseverity = \"high\"\nwhen = 'oil NEAR/3 fell'\n\
                [[watch]]\nid = \"the\"\nwhen = 'the'\n\
                [[watch]]\nid = \"never\"\nwhen = 'zugzwang'\n\
                [[watch]]\nid = \"theirs\"\nowner = \"desk\"\nwhen = 'oil'\n";
    std::fs::write(watches.join("desk.toml"), file).unwrap();
    let start = || {
        let settings = [("watches.dir", watches.to_str().unwrap())];
        Worker::start_with(&settings, &["--data-dir", data.to_str().unwrap()])
    };
    let ask = |worker: &Worker, path: &str| -> (u16, Value) {
        let (status, body) = worker.get(path).unwrap();
        (status, serde_json::from_str(&body).unwrap())
    };
    let ids = |told: &Value| -> Vec<String> {
        told["watches"].as_array().unwrap().iter().map(|w| w["id"].as_str().unwrap().to_owned()).collect()
    };
    let worker = start();
    for n in 0..3 {
        let event =
            json!({ "id": n.to_string(), "title": "Markets", "body": format!("Oil fell by {n} on Monday.") });
        assert_eq!(worker.post(event.to_string().as_bytes()), Some(202));
    }
    let event = json!({ "id": "x", "title": "Markets", "body": "Nothing of the kind in Japan." });
    assert_eq!(worker.post(event.to_string().as_bytes()), Some(202));
    wait_for("the matches", || ask(&worker, "/watches?by=noise").1["watches"][0]["day"] == 3);
    wait_for("the other", || ask(&worker, "/watches?by=noise").1["watches"][1]["day"] == 1);
    let told = ask(&worker, "/watches?by=noise").1;
    assert_eq!(
        (&told["in_force"], &told["found"]),
        (&json!(3), &json!(3)),
        "no private one is counted: {told}"
    );
    assert_eq!(ids(&told), ["oil-fell", "the", "never"]);
    let first = &told["watches"][0];
    assert_eq!((&first["key"], &first["severity"]), (&json!("watch.oil-fell"), &json!("high")));
    assert!(first["asked"].as_f64().unwrap() < 0.1 && first["last"].is_string() && first["aside"].is_null());
    assert_eq!((&first["candidates"], &first["candidates_per_match"]), (&json!(3), &json!(1.0)), "{first}");
    assert!(first["p99_us"].as_f64().unwrap() > 0.0);
    assert_eq!(ids(&ask(&worker, "/watches?by=cost&limit=1").1), ["the"]);
    assert_eq!(ids(&ask(&worker, "/watches?by=silent").1)[0], "never");
    assert_eq!(ids(&ask(&worker, "/watches?q=FALL").1), ["oil-fell"]);
    assert_eq!(ask(&worker, "/watches?by=size").0, 400);
    assert_eq!(ask(&worker, "/watches/oil-fell").1["when"], "oil NEAR/3 fell");
    assert_eq!(ask(&worker, "/watches/theirs").0, 404, "who reaches the port is not its owner");
    // found among the keys by name, with its count
    let keys = ask(&worker, "/keys?q=fall%20of").1;
    let watch = keys["keys"].as_array().unwrap().iter().find(|k| k["kind"] == "watch").unwrap();
    assert_eq!((&watch["keys"][0], &watch["lately"]), (&json!("watch.oil-fell"), &json!(3)));
    // the counts are kept across a restart
    assert!(worker.stop().0.success());
    let worker = start();
    wait_for("the log to be read", || ask(&worker, "/watches?by=noise").1["watches"][0]["day"] == 3);
    let top = |by: &str| {
        let listen = ["--http-listen", &worker.address];
        output(presswatch().args(listen).args(["watch", "top", "--by", by]))
    };
    let (out, error, status) = top("cost");
    assert_eq!(status, Some(0), "{error}");
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].starts_with("3 watches in force, matches counted since 20"), "{out}");
    assert!(lines[2].ends_with("medium    the"), "{out}");
    assert!(error.contains("tried on: the share of articles"), "{error}");
    let (out, ..) = top("silent");
    let first = out.lines().nth(2).unwrap();
    assert!(
        first.trim_start().starts_with("0         -  never ") && first.ends_with("medium    never"),
        "{out}"
    );
    assert!(out.contains("high      oil-fell: Fall of oil"), "{out}");
    assert!(worker.stop().0.success());
    let (_, error, status) =
        output(presswatch().args(["--http-listen", "127.0.0.1:9", "watch", "top", "--by", "noise"]));
    assert_eq!(status, Some(1));
    assert!(error.contains("needs a running presswatch"), "{error}");
}
