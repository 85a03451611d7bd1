//! The running program on the embedded store: nothing is lost when it is killed.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

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
    let start = || Worker::start(&["--data-dir", &data]);
    let mut worker = start();
    for (n, body) in bodies.iter().enumerate() {
        if n % 1_250 == 1_249 {
            worker.kill();
            worker = start();
        }
        // whoever gets no 202 sends again
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
    // a key picks alerts
    let georgian = events(&worker.address, "/alerts?key=country.GE", 0).next().unwrap();
    assert_eq!(georgian["data"]["countries"][0]["code"], "GE");
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    let (list, error, status) = output(presswatch().args(["dead", "list", "--data-dir", &data]));
    assert_eq!(status, Some(0), "{error}");
    for reason in ["not-json", "no-text", "not-utf8", "wrong-schema"] {
        assert_eq!(list.lines().filter(|l| l.contains(reason)).count(), BROKEN / 4, "{reason}:\n{list}");
    }
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
