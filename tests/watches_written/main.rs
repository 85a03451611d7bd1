//! Watches written over HTTP, in the running program: on the embedded store and over a real RabbitMQ.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::rabbit::Rabbit;
use support::watches::Desk;
use support::{Worker, events, wait_for};

fn on_store(data: &tempfile::TempDir) -> Worker {
    Worker::start(&["--data-dir", data.path().to_str().unwrap()])
}

/// A folder of watches with this text as its only file.
fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("desk.toml"), text).unwrap();
    folder
}

fn post(worker: &Worker, id: &str, body: &str) {
    let article = json!({ "id": id, "title": "Hm", "body": body });
    assert_eq!(worker.post(article.to_string().as_bytes()), Some(202));
}

/// The ids of the watches in each confirmed alert, by the id of the article.
fn alerted(worker: &Worker) -> BTreeMap<String, Vec<String>> {
    let page = worker.get("/alerts.json?limit=200").unwrap().1;
    let page: Value = serde_json::from_str(&page).unwrap();
    let alerts = page["alerts"].as_array().unwrap().iter().map(|row| &row["alert"]["data"]);
    let ids = |watches: &Value| {
        watches.as_array().unwrap().iter().map(|w| w["id"].as_str().unwrap().to_owned()).collect()
    };
    alerts.map(|data| (data["id"].as_str().unwrap().to_owned(), ids(&data["watches"]))).collect()
}

#[test]
fn a_watch_is_written_changed_quieted_taken_away_and_brought_back() {
    let data = tempfile::tempdir().unwrap();
    let worker = on_store(&data);
    let desk = Desk::new(&worker.address);
    let made = desk.create("wobble", "wobble NEAR/3 table");
    assert_eq!((made.status, made.etag.as_deref()), (201, Some("\"1\"")), "{made:?}");
    post(&worker, "1", "It was a wobble of the table, no more.");
    let alert = events(&worker.address, "/alerts?key=watch.wobble", 0).next().unwrap();
    assert_eq!(alert["data"]["watches"][0]["id"], "wobble");
    // its description
    let told = desk.get("/watches/wobble");
    assert_eq!((told.etag.as_deref(), &told.body["state"]), (Some("\"1\""), &"in-force".into()), "{told:?}");
    assert_eq!(
        told.body["watch"],
        json!({ "id": "wobble", "when": "wobble NEAR/3 table", "severity": "medium" })
    );
    // changed: based on a known revision, or not at all
    let chair = json!({ "when": "chair", "severity": "high", "match": ["A chair fell."] });
    let without = desk.ask("PUT", "/watches/wobble", &[], &chair);
    assert_eq!(without.status, 428, "{without:?}");
    assert_eq!(desk.put("wobble", "\"1\"", &chair).etag.as_deref(), Some("\"2\""));
    let late = desk.put("wobble", "\"1\"", &json!({ "when": "sofa" }));
    assert_eq!(late.status, 412, "{late:?}");
    assert!(late.body["error"].as_str().unwrap().contains("revision 2"), "{late:?}");
    assert_eq!(desk.create("wobble", "sofa").status, 409);
    // quiet: kept, but not matched
    let quiet = json!({ "when": "chair", "quiet": true });
    assert_eq!(desk.put("wobble", "\"2\"", &quiet).status, 200);
    post(&worker, "2", "It was a chair.");
    wait_for("the article", || worker.metric("presswatch_articles_total{outcome=\"untagged\"}") > 0.5);
    assert_eq!(desk.get("/watches/wobble").body["state"], "quiet");
    assert_eq!(desk.get("/watches").body["watches"][0]["state"], "quiet");
    // undone: as before, as a new revision
    let undone = desk.ask("POST", "/watches/wobble/undo", &[("If-Match", "\"3\"")], &Value::Null);
    assert_eq!((undone.status, undone.etag.as_deref()), (200, Some("\"4\"")), "{undone:?}");
    assert_eq!(undone.body["watch"]["severity"], "high");
    post(&worker, "3", "It was a chair again.");
    wait_for("the alert", || alerted(&worker).get("3").is_some_and(|ids| ids == &["wobble"]));
    // removed and restored
    let gone = desk.ask("DELETE", "/watches/wobble", &[("If-Match", "*")], &Value::Null);
    assert_eq!((gone.status, desk.query("wobble")), (204, None));
    let back = desk.ask("POST", "/watches/wobble/undo", &[("If-Match", "\"5\"")], &Value::Null);
    assert_eq!((back.status, desk.query("wobble").as_deref()), (200, Some("chair")), "{back:?}");
    let revisions = desk.get("/watches/wobble/revisions").body;
    let numbers: Vec<u64> =
        revisions["revisions"].as_array().unwrap().iter().map(|r| r["revision"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [6, 5, 4, 3, 2, 1], "{revisions}");
    // everything survives a restart
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    let worker = on_store(&data);
    let desk = Desk::new(&worker.address);
    assert_eq!(desk.get("/watches/wobble").etag.as_deref(), Some("\"6\""));
    post(&worker, "4", "One more chair.");
    wait_for("the alert", || alerted(&worker).get("4").is_some_and(|ids| ids == &["wobble"]));
}

#[test]
fn what_is_wrong_with_a_watch_is_told_where_it_is_and_nothing_changes() {
    let data = tempfile::tempdir().unwrap();
    let filed = folder(
        "[[list]]\nid = \"banks\"\nterms = [\"Kapital Bank\"]\n[[watch]]\nid = \"filed\"\nwhen = 'oil'\n",
    );
    let worker = Worker::start_with(
        &[("watches.dir", filed.path().to_str().unwrap())],
        &["--data-dir", data.path().to_str().unwrap()],
    );
    let desk = Desk::new(&worker.address);
    let cases: [(Value, u16, &str); 9] = [
        (json!({ "id": "a", "when": "oil and gas" }), 422, "write AND"),
        (json!({ "id": "a b", "when": "oil" }), 422, "an id is made of"),
        (json!({ "id": "a", "when": "@shops" }), 422, "no list `@shops`"),
        (json!({ "id": "a", "when": "oil", "owner": "nobody" }), 401, "token of `nobody`"),
        (json!({ "id": "a", "when": "oil", "sevrity": "high" }), 400, "sevrity"),
        (json!({ "id": "a", "when": "oil", "expires": "soon" }), 422, "2026-12-31"),
        (json!({ "id": "a", "when": "oil", "no_match": ["Oil fell."] }), 422, "own tests"),
        (json!({ "id": "filed", "when": "gas" }), 409, "desk.toml"),
        (json!("oil"), 400, "invalid type"),
    ];
    for (body, status, words) in cases {
        let answer = desk.ask("POST", "/watches", &[], &body);
        assert_eq!(answer.status, status, "{body}: {answer:?}");
        assert!(answer.body["error"].as_str().unwrap().contains(words), "{body}: {answer:?}");
    }
    let wrong = desk.create("a", "oil and gas").body;
    assert_eq!(wrong["column"], 5, "{wrong}");
    assert_eq!((&wrong["message"], &wrong["hint"]), (&json!("`and` is a word here"), &json!("write AND")));
    assert_eq!(wrong["expected"], "AND, OR, NOT, NEAR/n or the end", "{wrong}");
    assert_eq!(desk.get("/watches").body["found"], 1);
    // lists from files apply, and a warning is not an error
    let made = desk.create("banks", "@banks OR US");
    assert_eq!((made.status, made.body["warnings"].as_array().unwrap().len()), (201, 1), "{made:?}");
    post(&worker, "1", "Kapital Bank opened a branch.");
    wait_for("the alert", || alerted(&worker).get("1").is_some_and(|ids| ids == &["banks"]));
    // a watch in a file says so, and is changed there
    let filed = desk.get("/watches/filed");
    assert!(filed.etag.is_none() && filed.body["file"].as_str().unwrap().ends_with("desk.toml"), "{filed:?}");
    assert_eq!(desk.put("filed", "*", &json!({ "when": "gas" })).status, 409);
    assert_eq!(desk.ask("DELETE", "/watches/filed", &[("If-Match", "*")], &Value::Null).status, 409);
}

#[test]
fn an_owner_sees_and_writes_its_own_watches_alone() {
    let digest = |token: &str| {
        use sha2::{Digest as _, Sha256};
        Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let owners = format!(
        "[[owner]]\nid = \"energy\"\nforms = true\nwrite = [\"{}\"]\nread = [\"{}\"]\n[[owner]]\nid = \"banks\"\nwrite = [\"{}\"]\n",
        digest("energy-token"),
        digest("energy-reader"),
        digest("banks-token"),
    );
    let (data, folder) = (tempfile::tempdir().unwrap(), folder(&owners));
    let start = || {
        Worker::start_with(
            &[("watches.dir", folder.path().to_str().unwrap()), ("http.token", "of the worker")],
            &["--data-dir", data.path().to_str().unwrap()],
        )
    };
    let worker = start();
    let anybody = Desk::new(&worker.address);
    let [energy, reader, banks, operator, stranger] =
        ["energy-token", "energy-reader", "banks-token", "of the worker", "no such"].map(|t| anybody.with(t));
    let watch = |id: &str, owner: &str| json!({ "id": id, "when": "wobble", "owner": owner });
    let create = |desk: &Desk, body: &Value| desk.ask("POST", "/watches", &[], body).status;
    // who may write what
    assert_eq!(create(&energy, &watch("e1", "energy")), 201);
    assert_eq!(create(&operator, &watch("b1", "banks")), 201);
    assert_eq!(create(&operator, &json!({ "id": "open", "when": "wobble" })), 201);
    for (desk, body, status) in [
        (&reader, watch("x", "energy"), 403),
        (&banks, watch("x", "energy"), 403),
        (&energy, json!({ "id": "x", "when": "wobble" }), 403),
        (&stranger, watch("x", "energy"), 401),
        (&anybody, watch("x", "energy"), 401),
        (&anybody, json!({ "id": "x", "when": "wobble" }), 401),
    ] {
        assert_eq!(create(desk, &body), status, "{desk:?} {body}");
    }
    // who sees what; another owner's watch does not even seem to exist
    let seen = |desk: &Desk| {
        let told = desk.get("/watches").body;
        let ids =
            told["watches"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(seen(&energy), "e1 open");
    assert_eq!(seen(&reader), "e1 open");
    assert_eq!(seen(&banks), "b1 open");
    assert_eq!(seen(&operator), "b1 e1 open");
    assert_eq!(seen(&anybody), "open");
    assert_eq!(banks.get("/watches/e1").status, 404);
    assert_eq!(banks.get("/watches/e1/revisions").status, 404);
    assert_eq!(banks.get("/watches/e1/why?alert=1").status, 404);
    assert_eq!(banks.put("e1", "*", &watch("e1", "banks")).status, 404, "it can't be taken over");
    assert_eq!(energy.put("e1", "\"1\"", &watch("e1", "banks")).status, 403, "nor given away");
    assert_eq!(banks.ask("DELETE", "/watches/e1", &[("If-Match", "*")], &Value::Null).status, 404);
    assert_eq!(reader.ask("DELETE", "/watches/e1", &[("If-Match", "*")], &Value::Null).status, 403);
    // bare words match all forms if the owner's settings say so
    assert_eq!(energy.get("/watches/e1").body["forms"], true);
    // an alert goes to everyone: watches with an owner are not in it
    post_as(&worker, "of the worker", "1", "It was a wobble.");
    wait_for("the alert", || alerted(&worker).contains_key("1"));
    assert_eq!(alerted(&worker)["1"], ["open"]);
    // each owner is notified of its own
    let told = |desk: &Desk, query: &str| {
        let page = desk.get(&format!("/notices?{query}"));
        let notices = page.body["notices"].as_array().cloned().unwrap_or_default();
        let of = |notice: &Value| {
            notice["notice"]["data"]["watches"]
                .as_array()
                .unwrap()
                .iter()
                .map(|w| w["id"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
                .join(" ")
        };
        (page.status, notices.iter().map(of).collect::<Vec<_>>())
    };
    wait_for("the notice", || told(&energy, "").1.len() == 1);
    assert_eq!(told(&reader, ""), (200, vec!["e1".to_owned()]));
    assert_eq!(told(&operator, "owner=banks"), (200, vec!["b1".to_owned()]));
    assert_eq!(told(&energy, "after=1").1.len(), 0);
    assert_eq!(told(&energy, "owner=banks").0, 403);
    assert_eq!((told(&anybody, "").0, told(&stranger, "").0, told(&operator, "").0), (401, 401, 400));
    // it is counted how often each matched, and still known after a restart
    let matched = |desk: &Desk, id: &str| desk.get(&format!("/watches/{id}")).body["day"].as_u64();
    assert_eq!(
        (matched(&energy, "e1"), matched(&banks, "b1"), matched(&banks, "e1")),
        (Some(1), Some(1), None)
    );
    assert!(worker.stop().0.success());
    let worker = start();
    let energy = Desk::new(&worker.address).with("energy-token");
    wait_for("the notices to be counted", || matched(&energy, "e1") == Some(1));
}

fn post_as(worker: &Worker, token: &str, id: &str, body: &str) {
    let desk = Desk::new(&worker.address).with(token);
    let article = json!({ "id": id, "title": "Hm", "body": body });
    let json = [("Content-Type", "application/json")];
    assert_eq!(desk.ask("POST", "/articles", &json, &article).status, 202);
}

#[test]
fn a_query_is_tried_on_what_is_kept_and_each_clause_explained() {
    let data = tempfile::tempdir().unwrap();
    let worker = on_store(&data);
    let desk = Desk::new(&worker.address);
    assert_eq!(desk.create("oil", "oil").status, 201);
    for n in 0..10 {
        let what = if n % 2 == 0 { "oil" } else { "gas" };
        post(
            &worker,
            &format!("{n}"),
            &format!("Azerbaijan said that {what} number {n} would be sold to Georgia."),
        );
    }
    wait_for("the alerts", || alerted(&worker).len() == 10);
    let tried = desk.ask(
        "POST",
        "/watches/try",
        &[],
        &json!({ "when": "(oil OR gas) AND mentions:GE", "id": "oil" }),
    );
    assert_eq!(tried.status, 200, "{tried:?}");
    let told = tried.body;
    assert_eq!((&told["looked_at"], &told["found"]["matched"]), (&10.into(), &10.into()), "{told}");
    let against = &told["against_now"];
    assert_eq!((&against["more"], &against["fewer"]), (&json!(5), &json!(0)));
    let added = against["added"].as_array().unwrap();
    assert!(
        added.len() == 5 && added.iter().all(|a| a["title"] == "Hm" && a["alert"].is_string()),
        "{against}"
    );
    assert_eq!(against["lost"], json!([]));
    let hit = &told["found"]["samples"][0];
    assert!(hit["clauses"].as_array().unwrap().len() >= 2 && hit["title"] == "Hm", "{hit}");
    let wrong = desk.ask("POST", "/watches/try", &[], &json!({ "when": "oil AND", "articles": 0 }));
    assert_eq!(wrong.status, 422);
    assert!(wrong.body["column"].is_u64(), "{wrong:?}");
    // the same through the command line
    let listen = format!("--http-listen={}", worker.address);
    let when = "(oil OR gas) NOT oil";
    let (out, error, status) =
        support::output(support::presswatch().args(["watch", "try", "--kept", "--when", when, &listen]));
    assert_eq!(status, Some(0), "{error}");
    assert!(out.contains("query: 5 of 10 articles") && out.contains("takes away 5"), "{out}");
    // why one matches and another does not
    let page: Value = serde_json::from_str(&worker.get("/alerts.json").unwrap().1).unwrap();
    for row in page["alerts"].as_array().unwrap() {
        let (id, number) = (row["alert"]["id"].as_str().unwrap(), &row["number"]);
        let even = row["alert"]["data"]["id"].as_str().unwrap().parse::<u32>().unwrap() % 2 == 0;
        let why = desk.get(&format!("/watches/oil/why?alert={id}&at={number}")).body;
        assert_eq!(why["matches"], even, "{why}");
        assert_eq!(why["clauses"][0]["expr"], "oil", "{why}");
    }
    assert_eq!(desk.get("/watches/oil/why?alert=0123").status, 404);
}

#[test]
fn a_watch_tells_its_health_and_nothing_of_others() {
    let data = tempfile::tempdir().unwrap();
    let file = |oil: &str| {
        format!(
            "[[owner]]\nid = \"desk\"\n[[list]]\nid = \"words\"\nterms = [\"oil\"]\n\
             [[watch]]\nid = \"oil\"\nwhen = '{oil}'\nmax_per_day = 5\ncooldown = \"2h\"\n\
             match = [\"Oil fell.\"]\nno_match = [\"Oil rose.\", \"Gas.\"]\n\
             [[watch]]\nid = \"still\"\nwhen = 'gas'\nquiet = true\n\
             [[watch]]\nid = \"theirs\"\nowner = \"desk\"\nwhen = 'oil'\n\
             [[watch]]\nid = \"their-still\"\nowner = \"desk\"\nwhen = 'oil'\nquiet = true\n"
        )
    };
    let folder = folder(&file("@words"));
    let worker = Worker::start_with(
        &[("watches.dir", folder.path().to_str().unwrap())],
        &["--data-dir", data.path().to_str().unwrap()],
    );
    let desk = Desk::new(&worker.address);
    for n in 0..4 {
        post(&worker, &n.to_string(), &format!("Oil number {n} of Japan."));
    }
    wait_for("the matches", || desk.get("/watches/oil/health").body["day"] == 4);
    let told = desk.get("/watches/oil/health").body;
    assert_eq!(told["tests"], json!({ "passed": 2, "failed": ["matches, but must not: Oil rose."] }));
    assert_eq!((&told["candidates"], &told["candidates_per_match"]), (&json!(4), &json!(1.0)), "{told}");
    assert!(told["p99_us"].is_number() && told["since"].is_string() && told["stale"].is_null(), "{told}");
    // all that its file says, and the same block
    let one = desk.get("/watches/oil").body;
    for field in
        ["day", "forecast", "last", "candidates_per_match", "p99_us", "tests", "aside", "stale", "state"]
    {
        assert_eq!(one[field], told[field], "{field}: {one}");
    }
    assert_eq!(
        one["watch"],
        json!({
            "id": "oil", "when": "@words", "severity": "medium", "max_per_day": 5, "cooldown": "2h",
            "match": ["Oil fell."], "no_match": ["Oil rose.", "Gas."],
        })
    );
    assert_eq!(one["in_force"], json!({ "when": "(oil)", "forms": false }));
    let still = desk.get("/watches/still").body;
    assert_eq!(
        (&still["state"], &still["watch"]["quiet"], &still["in_force"]),
        (&json!("quiet"), &json!(true), &Value::Null)
    );
    // of others not even how many they are, and nothing of this machine
    let list = desk.get("/watches").body;
    assert_eq!((&list["in_force"], &list["found"]), (&json!(1), &json!(2)), "{list}");
    assert_eq!(list["watches"][0]["file"], "desk.toml");
    assert_eq!(worker.get("/console/state").map(|(_, body)| body.contains("\"watches\":1")), Some(true));
    for (path, body) in [("/watches", list), ("/watches/oil", one), ("/watches/oil/health", told)] {
        assert!(!body.to_string().contains(folder.path().to_str().unwrap()), "{path}: {body}");
    }
    let taken = desk.ask("PUT", "/watches/oil", &[("If-Match", "*")], &json!({ "when": "gas" }));
    assert!(
        taken.status == 409 && !taken.body.to_string().contains(folder.path().to_str().unwrap()),
        "{taken:?}"
    );
    for path in ["/watches/theirs", "/watches/theirs/health", "/watches/their-still", "/watches/none/health"]
    {
        assert_eq!(desk.get(path).status, 404, "{path}");
    }
    // a fault: in force as it was before, which its health says
    std::fs::write(folder.path().join("desk.toml"), file("@words AND")).unwrap();
    wait_for("the fault", || desk.get("/watches/oil/health").body["stale"].is_string());
    let told = desk.get("/watches/oil/health").body;
    let stale = told["stale"].as_str().unwrap();
    assert!(stale.starts_with("desk.toml: ") && stale.contains("column"), "{stale}");
    assert_eq!((&told["state"], &told["candidates"]), (&json!("in-force"), &json!(4)), "{told}");
    assert!((0.5..1.5).contains(&worker.metric("presswatch_watches{state=\"stale\"}")));
    // one that was written over HTTP
    let body = json!({ "id": "gas", "when": "gas", "match": ["Gas fell."] });
    assert_eq!(desk.ask("POST", "/watches", &[], &body).status, 201);
    let told = desk.get("/watches/gas/health").body;
    assert_eq!(
        (&told["revision"], &told["tests"]["passed"], &told["file"]),
        (&json!(1), &json!(1), &Value::Null)
    );
}

/// A worker in which three articles were processed: one with an alert, one with a notice alone, one with neither.
fn with_articles(worker: &Worker) {
    for (id, body) in [
        ("tagged", "Oil of Japan."),
        ("noticed", "It was a wobble of the table."),
        ("bare", "It was a chair."),
    ] {
        let url = format!("https://news.example/{id}");
        let article = json!({ "id": id, "url": url, "title": format!("The {id}"), "body": body });
        assert_eq!(worker.post(article.to_string().as_bytes()), Some(202));
    }
    let ended =
        |outcome: &str| worker.metric(&format!("presswatch_articles_total{{outcome=\"{outcome}\"}}")) > 0.5;
    wait_for("the articles", || ["alerted", "noticed", "untagged"].into_iter().all(ended));
}

fn articles_without_an_alert_are_seen(worker: &Worker) {
    let desk = Desk::new(&worker.address);
    let query = "oil OR wobble OR chair";
    let tried = desk.ask("POST", "/watches/try", &[], &json!({ "when": query })).body;
    assert_eq!((&tried["looked_at"], &tried["found"]["matched"]), (&json!(3), &json!(3)), "{tried}");
    let other = desk.ask("POST", "/watches/try", &[], &json!({ "when": "chairs" })).body;
    let forms = json!([{ "word": "chairs", "articles": 0, "others": [["chair", 1]] }]);
    assert_eq!((&other["found"]["matched"], &other["found"]["forms"]), (&json!(0), &forms), "{other}");
    let samples = tried["found"]["samples"].as_array().unwrap().iter();
    let mut ids: Vec<(&str, bool)> =
        samples.map(|s| (s["id"].as_str().unwrap(), s["alert"].is_string())).collect();
    ids.sort_unstable();
    assert_eq!(ids, [("bare", false), ("noticed", false), ("tagged", true)]);
    let listen = format!("--http-listen={}", worker.address);
    let (out, error, status) =
        support::output(support::presswatch().args(["watch", "try", "--kept", "--when", query, &listen]));
    assert!(status == Some(0) && out.contains("query: 3 of 3 articles"), "{out}{error}");
    // page by page
    let page = desk.get("/articles.json?limit=2").body;
    let next = page["next"].as_str().unwrap();
    let rest = desk.get(&format!("/articles.json?limit=2&before={next}")).body;
    let all = [&page, &rest].into_iter().flat_map(|page| page["articles"].as_array().unwrap());
    let mut all: Vec<&str> = all.map(|kept| kept["article"]["id"].as_str().unwrap()).collect();
    all.sort_unstable();
    assert_eq!((all, &rest["next"]), (vec!["bare", "noticed", "tagged"], &Value::Null));
    // by id or URL
    assert_eq!(desk.create("chair", "chair").status, 201);
    for (article, matches) in [
        ("bare", true),
        ("tagged", false),
        ("https://news.example/bare", true),
        ("https://news.example/tagged", false),
    ] {
        let why = desk.get(&format!("/watches/chair/why?article={article}"));
        assert_eq!((why.status, &why.body["matches"]), (200, &json!(matches)), "{article}: {why:?}");
    }
    for (asked, status) in [("article=none", 404), ("article=bare&alert=1", 400), ("", 400)] {
        assert_eq!(desk.get(&format!("/watches/chair/why?{asked}")).status, status, "{asked}");
    }
    // one that comes again with an alert counts once
    post(worker, "bare", "It was a chair.");
    wait_for("the alert", || alerted(worker).contains_key("bare"));
    let tried = desk.ask("POST", "/watches/try", &[], &json!({ "id": "chair" })).body;
    assert_eq!((&tried["looked_at"], &tried["found"]["matched"]), (&json!(3), &json!(1)), "{tried}");
    assert_eq!(desk.ask("POST", "/watches/try", &[], &json!({ "id": "none" })).status, 400);
}

#[test]
fn watches_are_tried_on_articles_without_an_alert_too() {
    let data = tempfile::tempdir().unwrap();
    let watches = folder("[[watch]]\nid = \"theirs\"\nowner = \"desk\"\nwhen = 'wobble'\n");
    let start = || {
        Worker::start_with(
            &[("watches.dir", watches.path().to_str().unwrap())],
            &["--data-dir", data.path().to_str().unwrap()],
        )
    };
    let worker = start();
    with_articles(&worker);
    // they are kept across a restart
    assert!(worker.stop().0.success());
    articles_without_an_alert_are_seen(&start());
}

#[test]
fn over_rabbitmq_too() {
    let rabbit = Rabbit::start();
    let watches = folder("[[watch]]\nid = \"theirs\"\nowner = \"desk\"\nwhen = 'wobble'\n");
    let worker = Worker::start_with(
        &[("watches.dir", watches.path().to_str().unwrap())],
        &["--broker-url", &rabbit.url()],
    );
    with_articles(&worker);
    wait_for("the alert", || alerted(&worker).contains_key("tagged"));
    articles_without_an_alert_are_seen(&worker);
}

#[test]
fn each_exclusion_tells_what_it_takes_away_and_who_may_not_try_sees_no_articles() {
    let data = tempfile::tempdir().unwrap();
    let worker = Worker::start_with(
        &[("http.token", "of the worker")],
        &["--data-dir", data.path().to_str().unwrap()],
    );
    let anybody = Desk::new(&worker.address);
    let operator = anybody.with("of the worker");
    assert_eq!(operator.create("oil", "oil").status, 201);
    for (n, body) in
        ["Oil rose in Japan.", "Oil and gas rose in Japan.", "Oil and coal rose in Japan."].iter().enumerate()
    {
        post_as(&worker, "of the worker", &n.to_string(), body);
    }
    wait_for("the alerts", || alerted(&worker).len() == 3);
    let query = "SENTENCE(oil NOT (gas OR coal)) AND (rose OR zugzwang OR title:checkmate) NOT wobble";
    let tried = operator.ask("POST", "/watches/try", &[], &json!({ "when": query, "id": "oil" })).body;
    assert_eq!(tried["found"]["takes_away"], json!([["NOT (gas OR coal)", 2], ["NOT wobble", 0]]), "{tried}");
    let warnings = tried["warnings"].to_string();
    for part in [
        "NOT (gas OR coal) takes away 2 of 3, which is over half",
        "in none of 3 articles: zugzwang, title:(checkmate)",
    ] {
        assert!(warnings.contains(part), "{part}: {warnings}");
    }
    let lost = tried["against_now"]["lost"].as_array().unwrap();
    assert_eq!((lost.len(), &tried["against_now"]["fewer"]), (2, &json!(2)), "{tried}");
    // costly requests are not for everybody
    let tests = |desk: &Desk| desk.get("/watches/oil/health").body["tests"].clone();
    assert_eq!((tests(&anybody), tests(&operator)), (Value::Null, json!({ "passed": 0, "failed": [] })));
    assert_eq!(anybody.get("/articles.json").status, 401);
    assert_eq!(anybody.get("/watches/oil/why?article=1").status, 401);
    assert_eq!(anybody.ask("POST", "/watches/try", &[], &json!({ "when": "oil" })).status, 401);
    assert_eq!(operator.get("/watches/oil/why?article=1").status, 200);
}

/// Writes watches until told to stop; returns for each the last query confirmed and the last one sent.
fn write_until(desk: &Desk, name: &str, stop: &AtomicBool) -> BTreeMap<String, (u64, u64)> {
    let mut answered: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut sent = 0;
    while !stop.load(Ordering::Relaxed) {
        sent += 1;
        let id = format!("{name}-{}", sent % 20);
        let header = if answered.contains_key(&id) { ("If-Match", "*") } else { ("If-None-Match", "*") };
        let body = json!({ "when": format!("wobble AND n{sent}") });
        let answer = desk.try_ask("PUT", &format!("/watches/{id}"), &[header], &body);
        let last = answered.entry(id).or_default();
        last.1 = sent;
        match answer.map(|answer| answer.status) {
            Some(200 | 201) => last.0 = sent,
            // what was sent before the worker died may be in force
            Some(404 | 409) => *last = (last.0, sent),
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
    }
    answered
}

/// Checks each watch against the responses: its query is the last one confirmed, or one sent later.
fn none_is_forgotten(desk: &Desk, answered: &BTreeMap<String, (u64, u64)>) {
    for (id, (least, most)) in answered {
        let query = desk.query(id);
        if *least == 0 {
            continue;
        }
        let query = query.unwrap_or_else(|| panic!("{id} is forgotten"));
        let number: u64 = query.rsplit('n').next().unwrap().parse().unwrap();
        assert!((*least..=*most).contains(&number), "{id}: {number} is not within {least} and {most}");
    }
}

#[test]
fn watches_outlive_kills_of_the_worker_on_the_store() {
    let data = tempfile::tempdir().unwrap();
    let stop = AtomicBool::new(false);
    let address = format!("127.0.0.1:{}", support::free_port());
    let start = || {
        let mut command = support::presswatch();
        command.args(["run", "--http-listen", &address, "--data-dir", data.path().to_str().unwrap()]);
        command.stderr(std::process::Stdio::null()).spawn().unwrap()
    };
    let desk = Desk::new(&address);
    let up = || desk.try_ask("GET", "/readyz", &[], &Value::Null).is_some_and(|answer| answer.status == 200);
    let mut child = start();
    wait_for("the worker", up);
    let answered = std::thread::scope(|scope| {
        let writing = scope.spawn(|| write_until(&desk, "w", &stop));
        for _ in 0..4 {
            std::thread::sleep(Duration::from_millis(400));
            child.kill().unwrap();
            child.wait().unwrap();
            child = start();
            wait_for("the worker", up);
        }
        stop.store(true, Ordering::Relaxed);
        writing.join().unwrap()
    });
    assert!(answered.values().any(|(least, _)| *least > 40), "{answered:?}");
    none_is_forgotten(&desk, &answered);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A worker on a node, with a store of its own that it does not need.
fn over(rabbit: &Rabbit) -> Worker {
    Worker::start(&["--broker-url", &rabbit.url()])
}

#[test]
fn over_rabbitmq_a_watch_is_in_force_at_every_worker() {
    let rabbit = Rabbit::start();
    let [one, other] = [over(&rabbit), over(&rabbit)];
    let [first, second] = [Desk::new(&one.address), Desk::new(&other.address)];
    let made = first.create("wobble", "wobble");
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(
        first.query("wobble").as_deref(),
        Some("wobble"),
        "in force where it was written, once it is answered"
    );
    let since = Instant::now();
    wait_for("the watch at the other", || second.query("wobble").is_some());
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    // of two who change the same revision at two workers, one is told so
    for (revision, round) in (1..).zip(0..20) {
        let tag = format!("\"{revision}\"");
        wait_for("both to know it", || {
            [&first, &second].iter().all(|desk| desk.get("/watches/wobble").etag.as_deref() == Some(&tag))
        });
        let change = |desk: &Desk, name: &str| {
            desk.put("wobble", &tag, &json!({ "when": format!("wobble OR {name}{round}") })).status
        };
        let (a, b) = std::thread::scope(|scope| {
            let a = scope.spawn(|| change(&first, "a"));
            let b = scope.spawn(|| change(&second, "b"));
            (a.join().unwrap(), b.join().unwrap())
        });
        assert!(matches!((a, b), (200, 412) | (412, 200)), "{a} {b}");
        wait_for("the same at both", || first.query("wobble") == second.query("wobble"));
        let name = if a == 200 { "a" } else { "b" };
        assert_eq!(first.query("wobble"), Some(format!("wobble OR {name}{round}")));
    }
    // a worker that was down has them before its first article
    let (status, log) = other.stop();
    assert!(status.success(), "{log}");
    assert_eq!(first.put("wobble", "*", &json!({ "when": "chair" })).status, 200);
    assert_eq!(first.create("sofa", "sofa").status, 201);
    one.kill();
    let late = over(&rabbit);
    post(&late, "1", "A chair stood beside a sofa.");
    wait_for("the alert", || alerted(&late).get("1").is_some_and(|ids| ids.len() == 2));
    assert_eq!(alerted(&late)["1"], ["sofa", "wobble"]);
}

#[test]
fn over_rabbitmq_watches_outlive_kills_of_workers_and_broker() {
    let mut rabbit = Rabbit::start();
    let stop = AtomicBool::new(false);
    let steady = over(&rabbit);
    let desk = Desk::new(&steady.address);
    let (answered, articles) = std::thread::scope(|scope| {
        let writing = scope.spawn(|| write_until(&desk, "w", &stop));
        let working = scope.spawn(|| {
            let mut sent = 0;
            while !stop.load(Ordering::Relaxed) {
                let article = json!({ "id": format!("a{sent}"), "title": "Wobble", "body": "An earthquake shook Japan." });
                if steady.post(article.to_string().as_bytes()) == Some(202) {
                    sent += 1;
                }
            }
            sent
        });
        for round in 0..3 {
            let other = over(&rabbit);
            std::thread::sleep(Duration::from_millis(500));
            other.kill();
            if round == 1 {
                rabbit.crash();
                std::thread::sleep(Duration::from_millis(500));
                rabbit.restart();
            }
        }
        std::thread::sleep(Duration::from_secs(1));
        stop.store(true, Ordering::Relaxed);
        (writing.join().unwrap(), working.join().unwrap())
    });
    assert!(answered.values().any(|(least, _)| *least > 20), "{answered:?}");
    none_is_forgotten(&desk, &answered);
    let late = over(&rabbit);
    none_is_forgotten(&Desk::new(&late.address), &answered);
    assert!(articles > 0);
    wait_for("the queue to be empty", || rabbit.messages("presswatch.articles") == 0);
    assert_eq!(rabbit.messages("presswatch.dead"), 0);
}
