//! Watches written over HTTP, in the running program: on the embedded store and over a real RabbitMQ.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod kept;
mod tried;

use std::collections::BTreeMap;

use serde_json::{Value, json};
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
