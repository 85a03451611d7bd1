//! The broker is killed, loses its leader, runs short of memory, and refuses alerts.

use lapin::types::AMQPValue;
use tokio::runtime::Runtime;

use super::support::amqp::{Client, headers};
use super::support::articles::event;
use super::support::ledger::{Feed, Reader, account, prepare, settle, short_or_long};
use super::support::rabbit::Rabbit;
use super::support::{Worker, output, post, presswatch, wait_for};
use super::{FAST, SLOW, count, sleep, work_in_flight, worker};

#[test]
fn killed_and_started_again() {
    let kills = short_or_long(2, 5);
    let mut rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let worker = worker(&url);
    let feed = Feed::start(&url, FAST);
    for _ in 0..kills {
        feed.more(FAST);
        // what was in flight at the last kill still is: the worker has to be up before the next one
        wait_for("the worker", || worker.get("/readyz").is_some_and(|(status, _)| status == 200));
        work_in_flight(&worker);
        rabbit.crash();
        sleep(1);
        rabbit.restart();
    }
    feed.more(FAST);
    let confirmed = feed.finish();
    settle(&rabbit, &worker);
    assert!(count(&worker, "presswatch_reconnects_total") >= kills);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    account(&url, &["all"]).check("broker killed with SIGKILL", &confirmed, kills);
}

#[test]
fn a_cluster_loses_the_leader_of_the_queue_and_then_another() {
    let mut nodes = Rabbit::cluster(3);
    let urls = nodes.iter().map(Rabbit::url).collect::<Vec<_>>().join(",");
    prepare(&nodes[0].url());
    let worker = worker(&urls);
    let feed = Feed::start(&urls, short_or_long(SLOW, 2 * SLOW));
    let mut alive = 0;
    for _ in 0..2 {
        feed.more(2 * SLOW);
        work_in_flight(&worker);
        let list = nodes[alive].control(&["list_queues", "--no-table-headers", "name", "leader"]);
        let leader =
            list.lines().find_map(|l| l.strip_prefix("presswatch.articles\t")).unwrap().trim().to_owned();
        let gone = nodes.iter().position(|n| n.name() == leader).unwrap();
        nodes[gone].crash();
        alive = (gone + 1) % nodes.len();
        // two of three are a majority: they continue without it
        feed.more(2 * SLOW);
        nodes[gone].restart();
    }
    let confirmed = feed.finish();
    settle(&nodes[0], &worker);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    account(&nodes[0].url(), &["all"]).check("leader in a cluster of 3 killed", &confirmed, 2);
}

#[test]
fn short_of_memory() {
    let seconds = short_or_long(4, 20);
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let worker = worker(&url);
    let feed = Feed::start(&url, FAST);
    feed.more(FAST);
    rabbit.control(&["set_vm_memory_high_watermark", "0.00001"]);
    // the broker blocks a connection when it publishes: this one does, whatever else is going on
    let address = worker.address.clone();
    let posted = std::thread::spawn(move || post(&address, event(1_000_000).to_string().as_bytes()));
    wait_for("the worker to be blocked", || {
        worker.get("/readyz").is_some_and(|(_, why)| why.contains("block"))
    });
    sleep(seconds);
    let memory = worker.memory();
    rabbit.control(&["set_vm_memory_high_watermark", "0.6"]);
    feed.more(FAST);
    let mut confirmed = feed.finish();
    if matches!(posted.join().unwrap(), Some((202, _))) {
        confirmed.insert(1_000_000);
    }
    settle(&rabbit, &worker);
    assert!(memory < 200 << 20, "{} MiB while the broker is blocked", memory >> 20);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    account(&url, &["all"]).check("memory alarm", &confirmed, 1);
}

/// A full queue of a subscriber makes the broker refuse alerts. They are retried, then become dead letters; once the
/// subscriber reads again and the dead letters are replayed, it has received every alert.
#[test]
fn a_full_queue_of_a_subscriber() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let runtime = Runtime::new().unwrap();
    let tight = runtime.block_on(Client::connect(&url));
    let mut limits = headers(&[("x-overflow", "reject-publish")]);
    limits.insert("x-max-length".into(), AMQPValue::LongInt(50));
    runtime.block_on(tight.bind("tight", "#", limits));
    let worker = Worker::start_with(&[("worker.retry_delays", "1,1,2")], &["--broker-url", &url]);
    let feed = Feed::start(&url, SLOW);
    feed.more(short_or_long(2, 20) * SLOW);
    let dead = "presswatch_dead_total{reason=\"retries-exhausted\"}";
    wait_for("articles whose tries are used up", || count(&worker, dead) >= 50);
    let refused = count(&worker, "presswatch_confirms_total{result=\"nack\"}");
    assert!(count(&worker, "presswatch_articles_total{outcome=\"retried\"}") >= 150);
    let reader = Reader::start(&url, "tight");
    feed.more(SLOW);
    let confirmed = feed.finish();
    let left = || {
        settle(&rabbit, &worker);
        rabbit.messages("presswatch.dead")
    };
    while left() > 0 {
        let (_, error, status) = output(presswatch().args(["dead", "replay", "--broker-url", &url]));
        assert_eq!(status, Some(0), "{error}");
    }
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    let read = reader.finish();
    let account = account(&url, &["all"]);
    account.check("alert queue full (max-length, reject-publish)", &confirmed, refused);
    assert!(account.dead.is_empty(), "{:?}", account.dead);
    let missed: Vec<_> = confirmed.difference(&read).collect();
    assert!(missed.is_empty(), "the subscriber never got {missed:?}");
}
