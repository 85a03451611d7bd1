//! 10,000 changes of watches while articles run: no article is lost, no watch is forgotten, none is half in force.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use support::rabbit::Rabbit;
use support::watches::Desk;
use support::{Worker, events, wait_for};

const CHANGES: usize = 10_000;
const WATCHES: usize = 16;
/// A query is one of so many, each of two words that stand in every article.
const QUERIES: usize = 8;

fn query(number: usize) -> String {
    format!("left{0} AND right{0}", number % QUERIES)
}

/// All words that any of the queries asks for.
fn body() -> String {
    let words = (0..QUERIES).map(|n| format!("left{n} and right{n}")).collect::<Vec<_>>();
    format!("The table had {}.", words.join(", "))
}

/// Checks that every watch matched once, by the two words of one and the same query.
fn whole(alert: &Value) {
    let watches = alert["data"]["watches"].as_array().unwrap();
    let ids: BTreeSet<&str> = watches.iter().map(|watch| watch["id"].as_str().unwrap()).collect();
    assert_eq!((watches.len(), ids.len()), (WATCHES, WATCHES), "{alert}");
    for watch in watches {
        let clauses = watch["clauses"].as_array().unwrap();
        let words: Vec<&str> = clauses.iter().map(|clause| clause["expr"].as_str().unwrap()).collect();
        let [left, right] = words[..] else { panic!("{watch}") };
        assert_eq!(left.strip_prefix("left"), right.strip_prefix("right"), "{watch}");
    }
}

/// Posts articles until told to stop; returns the ids of those that were accepted.
fn post_until(worker: &Worker, stop: &AtomicBool) -> BTreeSet<String> {
    let body = body();
    let ids = (0..).map(|n| format!("a{n}")).take_while(|_| !stop.load(Ordering::Relaxed));
    ids.filter(|id| {
        let article = json!({ "id": id, "title": "Hm", "body": body });
        worker.post(article.to_string().as_bytes()) == Some(202)
    })
    .collect()
}

/// Makes the changes, half of them by each of two desks with watches of its own; returns the last query of each watch.
fn change(desk: &Desk) -> BTreeMap<String, String> {
    let half = |which: usize| {
        let mut last = BTreeMap::new();
        for number in 0..CHANGES / 2 {
            let id = format!("w{}", (number % (WATCHES / 2)) * 2 + which);
            let when = query(number / 3);
            let answer = desk.put(&id, "*", &json!({ "when": when }));
            assert_eq!(answer.status, 200, "{id}: {answer:?}");
            last.insert(id, when);
        }
        last
    };
    std::thread::scope(|scope| {
        let one = scope.spawn(|| half(0));
        let mut all = half(1);
        all.append(&mut one.join().unwrap());
        all
    })
}

fn changed_while_articles_run(worker: &Worker) {
    let desk = Desk::new(&worker.address);
    for n in 0..WATCHES {
        assert_eq!(desk.create(&format!("w{n}"), &query(n)).status, 201);
    }
    let alerts = events(&worker.address, "/alerts", 0);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let posting = scope.spawn(|| post_until(worker, &stop));
        let reading = scope.spawn(|| {
            let mut seen = BTreeSet::new();
            for alert in alerts {
                whole(&alert);
                if alert["data"]["id"] == "last" {
                    break;
                }
                seen.insert(alert["data"]["id"].as_str().unwrap().to_owned());
            }
            seen
        });
        let last = change(&desk);
        stop.store(true, Ordering::Relaxed);
        let posted = posting.join().unwrap();
        let count = posted.len() as f64;
        wait_for("all articles to be alerted", || {
            worker.metric("presswatch_articles_total{outcome=\"alerted\"}") >= count
        });
        let article = json!({ "id": "last", "title": "Hm", "body": body() });
        assert_eq!(worker.post(article.to_string().as_bytes()), Some(202));
        let seen = reading.join().unwrap();
        assert!(posted.len() > 50, "{} articles", posted.len());
        assert_eq!(posted.difference(&seen).collect::<Vec<_>>(), Vec::<&String>::new());
        for (id, when) in last {
            assert_eq!(desk.query(&id).as_deref(), Some(&*when), "{id}");
        }
    });
}

#[test]
fn ten_thousand_changes_on_the_store() {
    let data = tempfile::tempdir().unwrap();
    let worker = Worker::start(&["--data-dir", data.path().to_str().unwrap()]);
    changed_while_articles_run(&worker);
}

#[test]
fn ten_thousand_changes_over_rabbitmq() {
    let rabbit = Rabbit::start();
    let worker = Worker::start(&["--broker-url", &rabbit.url()]);
    changed_while_articles_run(&worker);
}
