//! Real faults under load, on real nodes: every article that was confirmed to its publisher ends as an alert, or among
//! the dead with its reason. `PRESSWATCH_LONG=1` makes them long, for docs/RELIABILITY.md.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic and tell why")]

mod support;

use std::time::Duration;

use lapin::options::{ExchangeDeleteOptions, QueueBindOptions, QueueDeleteOptions};
use lapin::types::{AMQPValue, FieldTable};
use support::ledger::{Feed, account, channel, prepare, settle, short_or_long, subscribe};
use support::proxy::Proxy;
use support::rabbit::Rabbit;
use support::{Worker, wait_for};
use tokio::runtime::Runtime;

const RATE: usize = 400;

fn worker(url: &str) -> Worker {
    Worker::start(&["--broker-url", url])
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
fn unroutable(worker: &Worker) -> usize {
    worker.metric("presswatch_confirms_total{result=\"unroutable\"}") as usize
}

fn sleep(seconds: u64) {
    std::thread::sleep(Duration::from_secs(seconds));
}

#[test]
fn a_worker_killed_again_and_again() {
    let kills = short_or_long(4, 20);
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let feed = Feed::start(&url, RATE);
    for _ in 0..kills {
        let worker = worker(&url);
        wait_for("alerts", || worker.metric("presswatch_alerts_total") >= 100.0);
        worker.kill();
    }
    let confirmed = feed.finish();
    let worker = worker(&url);
    settle(&rabbit, &worker);
    assert!(worker.stop().0.success());
    account(&url, &["all"]).check("worker killed", &confirmed, kills);
}

#[test]
fn a_broker_killed_and_started_again() {
    let kills = short_or_long(2, 5);
    let mut rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let worker = worker(&url);
    let feed = Feed::start(&url, RATE);
    for _ in 0..kills {
        feed.more(RATE);
        rabbit.crash();
        sleep(1);
        rabbit.restart();
    }
    feed.more(RATE);
    let confirmed = feed.finish();
    settle(&rabbit, &worker);
    assert!(worker.metric("presswatch_reconnects_total") >= 1.0);
    assert!(worker.stop().0.success());
    account(&url, &["all"]).check("broker killed", &confirmed, kills);
}

#[test]
fn a_cluster_that_loses_the_leader_of_the_queue_and_then_another_node() {
    let mut nodes = Rabbit::cluster(3);
    let urls = nodes.iter().map(Rabbit::url).collect::<Vec<_>>().join(",");
    prepare(&nodes[0].url());
    let worker = worker(&urls);
    let feed = Feed::start(&urls, RATE);
    let mut gone = 0;
    for _ in 0..2 {
        feed.more(2 * RATE);
        let alive = &nodes[usize::from(gone == 0)];
        let list = alive.control(&["list_queues", "--no-table-headers", "name", "leader"]);
        let leader =
            list.lines().find_map(|l| l.strip_prefix("presswatch.articles\t")).unwrap().trim().to_owned();
        gone = nodes.iter().position(|n| n.name() == leader).unwrap();
        nodes[gone].crash();
        feed.more(2 * RATE);
        nodes[gone].restart();
    }
    let confirmed = feed.finish();
    settle(&nodes[0], &worker);
    assert!(worker.stop().0.success());
    account(&nodes[0].url(), &["all"]).check("leader killed in a cluster", &confirmed, 2);
}

#[test]
fn a_broker_short_of_memory() {
    let seconds = short_or_long(4, 20);
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let worker = worker(&url);
    let feed = Feed::start(&url, RATE);
    feed.more(RATE);
    rabbit.control(&["set_vm_memory_high_watermark", "0.00001"]);
    sleep(seconds);
    let memory = worker.memory();
    rabbit.control(&["set_vm_memory_high_watermark", "0.6"]);
    feed.more(RATE);
    let confirmed = feed.finish();
    settle(&rabbit, &worker);
    assert!(memory < 200 << 20, "{} MiB while the broker is blocked", memory >> 20);
    assert!(worker.stop().0.success());
    account(&url, &["all"]).check("memory alarm", &confirmed, 1);
}

/// A confirm that never comes, then a peer that is gone without a word: both are noticed by the heartbeat.
#[test]
fn a_network_that_falls_silent() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let proxy = Proxy::before(rabbit.port());
    let worker = Worker::start(&["--broker-url", &rabbit.url_at(proxy.port)]);
    let feed = Feed::start(&url, RATE / 2);
    for (faults, both) in [(1.0, false), (2.0, true)] {
        feed.more(RATE);
        proxy.silence(both);
        wait_for("the reconnect", || worker.metric("presswatch_reconnects_total") >= faults);
        wait_for("the worker to be up", || worker.get("/readyz").is_some_and(|(status, _)| status == 200));
    }
    feed.more(RATE);
    let confirmed = feed.finish();
    settle(&rabbit, &worker);
    assert!(worker.stop().0.success());
    account(&url, &["all"]).check("silent network", &confirmed, 2);
}

#[test]
fn a_subscriber_whose_queue_is_full() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let runtime = Runtime::new().unwrap();
    let (_connection, tight) = runtime.block_on(channel(&url)).unwrap();
    let limits = [
        ("x-max-length", AMQPValue::LongInt(50)),
        ("x-overflow", AMQPValue::LongString("reject-publish".into())),
    ];
    runtime.block_on(subscribe(&tight, "tight", &limits));
    let worker = worker(&url);
    let feed = Feed::start(&url, RATE);
    feed.more(RATE);
    let confirmed = feed.finish();
    wait_for("refused alerts", || worker.metric("presswatch_confirms_total{result=\"nack\"}") >= 1.0);
    assert!(worker.metric("presswatch_articles_total{outcome=\"retried\"}") >= 1.0);
    // the subscriber comes back and takes away what it has and gets
    runtime.block_on(async {
        let purge = lapin::options::QueuePurgeOptions::default();
        let options = QueueDeleteOptions::default();
        tight.queue_purge("tight".into(), purge).await.unwrap();
        tight.queue_delete("tight".into(), options).await.unwrap();
    });
    settle(&rabbit, &worker);
    assert!(worker.stop().0.success());
    account(&url, &["all"]).check("alert queue full", &confirmed, 1);
}

/// Alerts that no queue is bound for are counted as such, and none else is missing.
#[test]
fn a_binding_that_goes_and_comes() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let worker = worker(&url);
    let runtime = Runtime::new().unwrap();
    let (_connection, operator) = runtime.block_on(channel(&url)).unwrap();
    let feed = Feed::start(&url, RATE);
    let flips = short_or_long(3, 20);
    for _ in 0..flips {
        feed.more(RATE / 4);
        runtime.block_on(async {
            let none = FieldTable::default;
            operator.queue_unbind("all".into(), "alerts".into(), "#".into(), none()).await.unwrap();
        });
        feed.more(RATE / 4);
        runtime.block_on(async {
            let none = FieldTable::default();
            let options = QueueBindOptions::default();
            operator.queue_bind("all".into(), "alerts".into(), "#".into(), options, none).await.unwrap();
        });
    }
    let confirmed = feed.finish();
    settle(&rabbit, &worker);
    let unrouted = unroutable(&worker);
    assert!(worker.stop().0.success());
    let account = account(&url, &["all"]);
    let missing = confirmed.iter().filter(|n| !account.alerts.contains_key(n)).count();
    eprintln!(
        "unbound {flips} times: {} articles, {unrouted} unroutable, {missing} in no queue",
        confirmed.len()
    );
    assert!(unrouted > 0, "it was never unbound while an alert came");
    assert_eq!(missing, unrouted, "alerts that were in no queue and not counted as unroutable");
}

#[test]
fn a_broker_that_is_changed_while_running() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let worker = worker(&url);
    let runtime = Runtime::new().unwrap();
    let (_connection, operator) = runtime.block_on(channel(&url)).unwrap();
    let feed = Feed::start(&url, RATE / 2);
    feed.more(RATE);
    // without permissions everything fails until they are back
    rabbit.control(&["set_permissions", "guest", "^none$", "^none$", "^none$"]);
    sleep(3);
    rabbit.control(&["set_permissions", "guest", ".*", ".*", ".*"]);
    feed.more(RATE);
    // an exchange that is gone is declared again
    runtime.block_on(operator.exchange_delete("alerts".into(), ExchangeDeleteOptions::default())).unwrap();
    wait_for("the exchange", || {
        rabbit.control(&["list_exchanges", "--no-table-headers", "name"]).lines().any(|l| l == "alerts")
    });
    let (options, none) = (QueueBindOptions::default(), FieldTable::default());
    runtime.block_on(operator.queue_bind("all".into(), "alerts".into(), "#".into(), options, none)).unwrap();
    feed.more(RATE);
    let confirmed = feed.finish();
    settle(&rabbit, &worker);
    // so is the queue of articles, once it is empty
    runtime
        .block_on(operator.queue_delete("presswatch.articles".into(), QueueDeleteOptions::default()))
        .unwrap();
    wait_for("the queue", || {
        rabbit
            .control(&["list_queues", "--no-table-headers", "name"])
            .lines()
            .any(|l| l == "presswatch.articles")
    });
    let unrouted = unroutable(&worker);
    let before = worker.metric("presswatch_alerts_total");
    wait_for("an article behind it", || {
        worker.post(support::articles::event(1_000_000).to_string().as_bytes()) == Some(202)
    });
    wait_for("its alert", || worker.metric("presswatch_alerts_total") > before);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    let account = account(&url, &["all"]);
    let missing =
        confirmed.iter().filter(|n| !account.alerts.contains_key(n) && !account.dead.contains_key(n)).count();
    eprintln!(
        "changed while running: {} articles, 3 faults, {missing} in no queue, {unrouted} unroutable",
        confirmed.len()
    );
    assert!(missing <= unrouted, "{missing} are missing, {unrouted} were unroutable while nothing was bound");
    assert!(log.lines().count() < 400, "a hot loop: {} lines of log", log.lines().count());
}

#[test]
fn two_workers_of_which_one_hangs() {
    let seconds = short_or_long(25, 60);
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let (one, other) = (worker(&url), worker(&url));
    let feed = Feed::start(&url, RATE / 2);
    feed.more(RATE);
    other.signal("STOP");
    sleep(seconds);
    other.signal("CONT");
    feed.more(RATE);
    let confirmed = feed.finish();
    settle(&rabbit, &one);
    assert!(one.stop().0.success());
    other.stop();
    account(&url, &["all"]).check("one of two workers hangs", &confirmed, 1);
}
