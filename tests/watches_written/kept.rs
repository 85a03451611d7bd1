//! What was written stays, whatever is killed, and is in force at every worker.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::rabbit::Rabbit;
use crate::support::watches::Desk;
use crate::support::{self, Worker, wait_for};
use crate::{alerted, post};

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
