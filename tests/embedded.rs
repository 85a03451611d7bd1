//! The running program on the embedded store: nothing is lost when it is killed.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use presswatch::broker::embedded::{Delays, Embedded, Keep};
use support::articles::{broken, event};
use support::{Worker, events, output, presswatch, wait_for};

#[test]
fn each_of_5000_articles_ends_once_though_the_worker_is_killed_three_times() {
    const GOOD: usize = 4_800;
    const BROKEN: usize = 200;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap().to_owned();
    let mut bodies: Vec<Vec<u8>> = (0..GOOD).map(|n| event(n).to_string().into_bytes()).collect();
    for n in 0..BROKEN {
        bodies.insert(n * 24, broken(n).0);
    }
    let watches = folder.path().join("watches");
    std::fs::create_dir(&watches).unwrap();
    let file = "[[watch]]\nid = \"every\"\nowner = \"desk\"\nwhen = 'sanctions OR earthquake'\n";
    std::fs::write(watches.join("desk.toml"), file).unwrap();
    let settings = [("watches.dir", watches.to_str().unwrap())];
    let start = || Worker::start_with(&settings, &["--data-dir", &data]);
    let mut worker = start();
    for (n, body) in bodies.iter().enumerate() {
        if n % 1_250 == 1_249 {
            worker.kill();
            worker = start();
        }
        // whoever gets no 202 sends it again
        wait_for("an article to be taken", || worker.post(body) == Some(202));
    }
    let alert_of = |alert: &serde_json::Value| {
        let field = |name: &str| alert[name].as_str().unwrap().to_owned();
        (field("subject"), field("id"))
    };
    // the store counts each alert once, whatever was killed in between
    let mut alerts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for alert in events(&worker.address, "/alerts", 0) {
        let (subject, id) = alert_of(&alert);
        alerts.entry(subject).or_default().insert(id);
        if alerts.len() == GOOD {
            break;
        }
    }
    let want: BTreeSet<String> = (0..GOOD).map(|n| format!("article-{n}")).collect();
    assert_eq!(alerts.keys().cloned().collect::<BTreeSet<_>>(), want);
    assert!(alerts.values().all(|ids| ids.len() == 1), "an article with two alert ids");
    // a key selects alerts
    let georgian = events(&worker.address, "/alerts?key=country.GE", 0).next().unwrap();
    assert_eq!(georgian["data"]["countries"][0]["code"], "GE");
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    let (list, error, status) = output(presswatch().args(["dead", "list", "--data-dir", &data]));
    assert_eq!(status, Some(0), "{error}");
    for reason in ["not-json", "no-text", "not-utf8", "wrong-schema"] {
        assert_eq!(list.lines().filter(|l| l.contains(reason)).count(), BROKEN / 4, "{reason}:\n{list}");
    }
    // and for each of them a notice to its owner
    let notices = notices_of(folder.path(), "desk");
    let subjects: BTreeSet<String> =
        notices.iter().map(|notice| notice["subject"].as_str().unwrap().to_owned()).collect();
    assert_eq!((notices.len(), subjects), (GOOD, want));
}

#[test]
fn a_second_worker_on_the_same_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let worker = Worker::start(&["--data-dir", data]);
    let (_, error, status) =
        output(presswatch().args(["run", "--data-dir", data, "--http-listen", "127.0.0.1:0"]));
    assert_eq!(status, Some(1), "{error}");
    assert!(error.contains(data), "{error}");
    assert!(worker.stop().0.success());
}

#[test]
fn a_changed_lexicon_is_in_force_without_a_stop_and_a_broken_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (data, lexicon) = (folder.path().join("data"), folder.path().join("lexicon"));
    let topics = lexicon.join("topics");
    std::fs::create_dir_all(&topics).unwrap();
    let worker =
        Worker::start(&["--data-dir", data.to_str().unwrap(), "--lexicon-dir", lexicon.to_str().unwrap()]);
    let metric = || worker.metric("presswatch_topic_articles_total{name=\"bees\",topic=\"x:bees\"}");
    let mut posted = 0;
    let mut post = || {
        posted += 1;
        let body = format!("The beekeepers of valley {posted} met on Sunday and talked about beekeepers.");
        let article =
            serde_json::json!({ "id": posted.to_string(), "title": "Beekeepers meet", "body": body });
        assert_eq!(worker.post(article.to_string().as_bytes()), Some(202));
    };
    let write = |text: &str| {
        // as an editor saves: atomically, by renaming
        std::fs::write(lexicon.join("new"), text).unwrap();
        std::fs::rename(lexicon.join("new"), topics.join("mine.toml")).unwrap();
    };
    let before = worker.get("/metrics").unwrap().1;
    // the folder is being watched
    write("[[topic]]\ncode = \"x:bees\"\nname = \"bees\"\nen = \"beekeeper*5\"\n");
    wait_for("the new lexicon", || worker.get("/metrics").unwrap().1.contains("x:bees"));
    post();
    wait_for("an alert by it", || metric() > 0.5);
    let after = worker.get("/metrics").unwrap().1;
    let version =
        |text: &str| text.lines().find(|l| l.starts_with("presswatch_build_info")).map(str::to_owned);
    assert_ne!(version(&before), version(&after));
    assert_eq!(after.matches("presswatch_build_info{").count(), 1, "{after}");
    // an invalid lexicon changes nothing
    write("[[topic]]\ncode = \"x:bees\"\n");
    wait_for("a word of the errors", || worker.metric("presswatch_lexicon_stale") > 0.5);
    post();
    wait_for("an alert by the old one", || metric() > 1.5);
    // SIGHUP reloads it
    write("[[topic]]\ncode = \"x:bees\"\nname = \"bees\"\nen = \"beekeeper*6\"\n");
    worker.signal("HUP");
    wait_for("the lexicon put right", || worker.metric("presswatch_lexicon_stale") < 0.5);
    post();
    wait_for("an alert after SIGHUP", || metric() > 2.5);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    assert!(log.contains("topics/mine.toml") && log.contains("the old one stays"), "{log}");
}

#[test]
fn watches_of_a_folder_alert_and_change_without_a_stop() {
    let folder = tempfile::tempdir().unwrap();
    let (data, watches) = (folder.path().join("data"), folder.path().join("watches"));
    std::fs::create_dir(&watches).unwrap();
    let write = |text: &str| {
        // as an editor saves: atomically, by renaming
        std::fs::write(watches.join("new"), text).unwrap();
        std::fs::rename(watches.join("new"), watches.join("desk.toml")).unwrap();
    };
    let of_desk = |when: &str| {
        format!(
            "[[watch]]\nid = \"wobble\"\nname = \"Wobbles\"\nseverity = \"high\"\nwhen = '{when}'\n\
             [[watch]]\nid = \"theirs\"\nowner = \"desk\"\nwhen = 'wobble'\n"
        )
    };
    write(&of_desk("wobble NEAR/3 table"));
    let worker = Worker::start_with(
        &[("watches.dir", watches.to_str().unwrap())],
        &["--data-dir", data.to_str().unwrap()],
    );
    assert!((1.5..2.5).contains(&worker.metric("presswatch_watches{state=\"in-force\"}")));
    let post = |id: &str, body: &str| {
        let article = serde_json::json!({ "id": id, "title": "Hm", "body": body });
        assert_eq!(worker.post(article.to_string().as_bytes()), Some(202));
    };
    // without a tag, but with a watch
    post("1", "It was a wobble of the table, no more.");
    let alert = events(&worker.address, "/alerts?key=watch.wobble", 0).next().unwrap();
    let matched = &alert["data"]["watches"][0];
    assert_eq!((&matched["id"], &matched["severity"]), (&"wobble".into(), &"high".into()));
    assert_eq!(matched["clauses"][0]["spans"][0]["field"], "text", "{matched}");
    assert_eq!(alert["data"]["watches"].as_array().unwrap().len(), 1, "what has an owner is not told to all");
    wait_for("the count", || worker.metric("presswatch_watch_matches_total{watch=\"wobble\"}") > 0.5);
    // the work that the watches cause
    assert!(worker.metric("presswatch_watch_candidates_total") >= 1.0);
    assert!(worker.metric("presswatch_watch_eval_seconds_count") >= 1.0);
    assert!(worker.metric("presswatch_watches{state=\"set-aside\"}") < 0.5);
    // changed while the worker runs
    write(&of_desk("chair"));
    wait_for("the change", || {
        post(&format!("chair-{:?}", std::time::Instant::now()), "It was a chair.");
        worker.metric("presswatch_watch_matches_total{watch=\"wobble\"}") > 1.0
    });
    // a watch that can't be parsed: its last good version stays
    write(&of_desk("chair AND"));
    wait_for("a word of the fault", || worker.metric("presswatch_watch_faults") > 0.5);
    let before = worker.metric("presswatch_watch_matches_total{watch=\"wobble\"}");
    post("last", "It was the chair again.");
    wait_for("the last good version", || {
        worker.metric("presswatch_watch_matches_total{watch=\"wobble\"}") > before + 0.5
    });
    let alert = events(&worker.address, "/alerts?key=severity.high", 0).next().unwrap();
    assert_eq!(alert["data"]["watches"][0]["id"], "wobble");
    // a file that is no TOML: all that it had stays, until it is right again
    write(&of_desk("chair"));
    wait_for("the file put right", || worker.metric("presswatch_watch_faults") < 0.5);
    write("[[watch]]\nid = \n");
    wait_for("a word of the broken file", || worker.metric("presswatch_watch_faults") > 0.5);
    assert!((1.5..2.5).contains(&worker.metric("presswatch_watches{state=\"in-force\"}")));
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    for told in ["its last good version stays in force", "2 that it had stay in force"] {
        assert!(log.contains(told), "{log}");
    }
}

#[test]
fn each_owner_is_told_by_a_notice_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let (data, watches) = (folder.path().join("data"), folder.path().join("watches"));
    std::fs::create_dir(&watches).unwrap();
    let file = "[[watch]]\nid = \"open\"\nwhen = 'bridge'\n\
                [[watch]]\nid = \"ships-xq\"\nowner = \"desk-sea\"\nwhen = 'ferry NEAR/5 bridge'\n\
                [[watch]]\nid = \"metal-xq\"\nowner = \"desk-land\"\nseverity = \"high\"\nwhen = 'zugzwang'\n\
                [[watch]]\nid = \"old\"\nowner = \"desk-land\"\nexpires = \"2020-01-01\"\nwhen = 'zugzwang'\n";
    std::fs::write(watches.join("desks.toml"), file).unwrap();
    let settings = [("watches.dir", watches.to_str().unwrap())];
    let worker = Worker::start_with(&settings, &["--data-dir", data.to_str().unwrap()]);
    let post = |id: &str, body: &str| {
        let article = serde_json::json!({ "id": id, "title": "Hm", "body": body });
        assert_eq!(worker.post(article.to_string().as_bytes()), Some(202));
    };
    post("all", "A ferry under the bridge. It was a zugzwang.");
    // without a tag, and no shared watch: only its owner is notified
    post("theirs", "It was a zugzwang.");
    post("none", "It was of wood.");
    let outcome = |of: &str| worker.metric(&format!("presswatch_articles_total{{outcome=\"{of}\"}}"));
    wait_for("all of them", || outcome("alerted") + outcome("noticed") + outcome("untagged") > 2.5);
    assert!(outcome("alerted") < 1.5 && outcome("noticed") < 1.5);
    let notices = |result: &str| worker.metric(&format!("presswatch_notices_total{{result=\"{result}\"}}"));
    assert!((2.5..3.5).contains(&notices("published")) && notices("failed") < 0.5);
    assert!((0.5..1.5).contains(&worker.metric("presswatch_alerts_total")));
    let (status, past) = worker.get("/alerts.json").unwrap();
    assert_eq!(status, 200);
    for path in ["/alerts.json", "/alerts.atom", "/console/state", "/watches", "/keys?q=metal", "/metrics"] {
        let told = worker.get(path).unwrap().1;
        for secret in ["desk-sea", "desk-land", "ships-xq", "metal-xq", "presswatch.notice"] {
            assert!(!told.contains(secret), "{path} tells of {secret}: {told}");
        }
    }
    let past: serde_json::Value = serde_json::from_str(&past).unwrap();
    let alerts = past["alerts"].as_array().unwrap();
    assert_eq!(alerts.len(), 1);
    let alert = events(&worker.address, "/alerts?recent=10", 0).next().unwrap();
    let id_of_alert = alert["id"].clone();
    let ids = |told: &serde_json::Value| {
        told["data"]["watches"].as_array().unwrap().iter().map(|w| w["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&alert), ["open"]);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    // kept separately for each owner
    let (sea, land) = (notices_of(&data, "desk-sea"), notices_of(&data, "desk-land"));
    assert_eq!((sea.len(), land.len()), (1, 2));
    assert_eq!(
        (ids(&sea[0]), ids(&land[0]), ids(&land[1])),
        (vec!["ships-xq".into()], vec!["metal-xq".into()], vec!["metal-xq".into()])
    );
    assert!(sea[0]["data"]["alert"] == id_of_alert && sea[0]["id"] != land[0]["id"]);
    let excerpt = &sea[0]["data"]["watches"][0]["clauses"][0]["excerpt"];
    assert_eq!(excerpt["text"], "A ferry under the bridge.");
    assert!(land.iter().any(|notice| notice["subject"] == "theirs"));
}

/// All notices that a store keeps for an owner, once no worker uses it.
fn notices_of(data: &std::path::Path, owner: &str) -> Vec<serde_json::Value> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let mut opened = None;
        // the previous holder's threads release the file a moment later
        wait_for("the store to be free", || {
            let keep = Keep { alerts: 10, notices: 10, articles: 10 };
            opened = Embedded::open(data, keep, Delays(Vec::new())).ok();
            opened.is_some()
        });
        let (store, mut notices, mut reached) = (opened.unwrap(), Vec::new(), 0);
        loop {
            let page = store.notices_of(owner, reached, 1000).await.unwrap();
            if page.alerts.is_empty() {
                return notices;
            }
            // numbered without a gap
            assert_eq!((page.gone, page.alerts[0].number), (0, reached + 1));
            reached = page.reached;
            notices.extend(page.alerts.iter().map(|notice| serde_json::from_slice(&notice.body).unwrap()));
        }
    })
}
