//! Bad messages between good ones, over RabbitMQ: each becomes a dead letter, unchanged and with its reason, and blocks
//! nothing.

#![allow(clippy::print_stderr, reason = "the figures of a case are for whoever reads the log")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use lapin::BasicProperties;
use presswatch::broker::Reason;
use tokio::runtime::Runtime;

use super::support::amqp::{Client, Raw, RawProperties};
use super::support::articles::event;
use super::support::bad::{Bad, Poison, bad, deep, unreadable};
use super::support::ledger::{account, header, prepare, settle, short_or_long};
use super::support::rabbit::Rabbit;
use super::support::{output, presswatch, wait_for};
use super::{Worker, count, worker};

async fn publish(client: &Client, id: String, message: Bad) {
    let mut properties = BasicProperties::default().with_message_id(id.into());
    if let Some(kind) = message.content_type {
        properties = properties.with_content_type(kind.into());
    }
    if let Some(encoding) = message.content_encoding {
        properties = properties.with_content_encoding(encoding.into());
    }
    client.article(&message.body, properties).await;
}

/// Checks the dead letters: each unchanged, with the expected reason. Returns the number per reason.
async fn check_dead(client: &Client) -> BTreeMap<String, usize> {
    let mut reasons = BTreeMap::new();
    for message in client.drain("presswatch.dead").await {
        let id = message.properties.message_id().as_ref().unwrap().as_str();
        let n: usize = id.strip_prefix("bad-").expect("no good one is dead").parse().unwrap();
        let published = bad(n);
        assert!(message.data == published.body, "{id} is not as it came");
        let kept = |property: &Option<lapin::types::ShortString>| property.as_ref().map(ToString::to_string);
        assert_eq!(kept(message.properties.content_type()).as_deref(), published.content_type, "{id}");
        assert_eq!(
            kept(message.properties.content_encoding()).as_deref(),
            published.content_encoding,
            "{id}"
        );
        let reason = header(&message, "presswatch-reason");
        assert!(Reason::parse(&reason).is_some(), "{id}: {reason}");
        assert_eq!(published.reason.unwrap_or(&reason), reason, "{id}");
        *reasons.entry(reason).or_insert(0) += 1;
    }
    reasons
}

#[test]
fn bad_messages_between_good_ones() {
    let total = short_or_long(1000, 10_000);
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let worker = worker(&url);
    let runtime = Runtime::new().unwrap();
    let client = runtime.block_on(Client::connect(&url));
    let good = |n| Bad {
        body: event(n).to_string().into_bytes(),
        content_type: None,
        content_encoding: None,
        reason: None,
    };
    runtime.block_on(async {
        let messages = futures_util::stream::iter(0..total)
            .map(|n| async move { (format!("bad-{n}"), bad(n), format!("good-{n}"), good(n)) });
        let sent = messages.buffered(8).for_each_concurrent(8, |(bad_id, bad, good_id, good)| async {
            publish(&client, bad_id, bad).await;
            publish(&client, good_id, good).await;
        });
        sent.await;
    });
    settle(&rabbit, &worker);
    let outcome = |o: &str| count(&worker, &format!("presswatch_articles_total{{outcome=\"{o}\"}}"));
    let [alerted, untagged, duplicate, retried, dead] =
        ["alerted", "untagged", "duplicate", "retried", "dead"].map(outcome);
    assert_eq!((duplicate, retried), (0, 0));
    assert_eq!(alerted + untagged + dead, 2 * total, "{alerted} alerted, {untagged} untagged, {dead} dead");
    let memory = worker.memory();
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    let reasons = runtime.block_on(check_dead(&client));
    assert_eq!(reasons.values().sum::<usize>(), dead);
    let certain = (0..total).filter(|n| bad(*n).reason.is_some()).count();
    assert!(dead >= certain, "{certain} are bad for sure, {dead} are dead");
    let account = account(&url, &["all"]);
    let case = format!("bad between good ({dead} dead: {reasons:?}; {untagged} untagged)");
    account.check(&case, &(0..total).collect(), total);
    assert_eq!(account.doubled(), 0);
    assert!(memory < 300 << 20, "{} MiB of memory", memory >> 20);
}

/// Longest time until the worker has turned a poison message into a dead letter, and all around it is alerted.
const ENDED: Duration = Duration::from_mins(1);

/// Good articles on each side of a poison message.
const ROUND: usize = 300;

fn put(client: &mut Raw, n: usize, poison: &Poison) {
    client.put("articles", poison.key, format!("poison-{n}").as_bytes(), &poison.properties);
}

/// Publishes good articles with a poison message among them while no worker runs, so that one takes all of them at
/// once.
fn publish_round(rabbit: &Rabbit, round: usize, poison: &Poison) {
    let mut client = Raw::connect(rabbit.port());
    let good = RawProperties(RawProperties::DELIVERY_MODE, vec![2]);
    for n in 0..ROUND {
        if n == ROUND / 2 {
            put(&mut client, round, poison);
        }
        client.article(event(round * ROUND + n).to_string().as_bytes(), &good);
    }
}

/// The bodies of all dead letters.
fn dead_bodies(rabbit: &Rabbit) -> Vec<String> {
    let mut client = Raw::connect(rabbit.port());
    let mut out = Vec::new();
    while let Some(body) = client.get("presswatch.dead") {
        out.push(String::from_utf8(body).unwrap());
    }
    out
}

/// Each poison message becomes a dead letter in time, with its reason, and takes none of its neighbours along.
fn poisons_go_alone(case: &str, poisons: &[Poison], reason: &str) {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    for (round, poison) in poisons.iter().enumerate() {
        let what = poison.what;
        publish_round(&rabbit, round, poison);
        let started = Instant::now();
        let worker = Worker::launch(&["--broker-url", &url]);
        // an alert confirmed just as its connection broke comes again as a duplicate
        let outcome = |o: &str| count(&worker, &format!("presswatch_articles_total{{outcome=\"{o}\"}}"));
        wait_for("the last alert", || {
            worker.get("/livez").is_some() && outcome("alerted") + outcome("duplicate") >= ROUND
        });
        let dead = || count(&worker, &format!("presswatch_dead_total{{reason=\"{reason}\"}}"));
        wait_for("the poison to be dead", || dead() > 0);
        let moved = started.elapsed();
        settle(&rabbit, &worker);
        eprintln!("{case}: {what}: all alerted and it is dead after {moved:?}");
        assert!(moved < ENDED, "{what}: {moved:?}");
        assert_eq!(dead(), 1, "{what}");
        // each break redelivers all that was prefetched: a neighbour is counted once and no more
        assert!(count(&worker, "presswatch_reconnects_total") <= 1, "{what}");
        let (status, log) = worker.stop();
        assert!(status.success(), "{what}: {log}");
        let (list, error, _) =
            output(presswatch().args(["dead", "list", "--reason", reason, "--broker-url", &url]));
        assert_eq!(list.lines().count(), 1, "{what}: {list}{error}");
        assert_eq!(dead_bodies(&rabbit), [format!("poison-{round}")], "{what}");
    }
    let total = poisons.len() * ROUND;
    account(&url, &["all"]).check(case, &(0..total).collect(), poisons.len());
}

#[test]
fn messages_that_the_client_cannot_read_go_alone() {
    poisons_go_alone("unreadable between good", &unreadable(), "unreadable-envelope");
}

/// A publisher that writes Latin-1 does so again and again: all of it breaks no more connections than the first
/// message.
#[test]
fn many_that_the_client_cannot_read_hold_two_workers_up_no_more_than_one_does() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let (poisons, good) = (unreadable(), RawProperties(RawProperties::DELIVERY_MODE, vec![2]));
    let mut client = Raw::connect(rabbit.port());
    for n in 0..ROUND {
        client.article(event(n).to_string().as_bytes(), &good);
        if n % 3 == 0 {
            put(&mut client, n, &poisons[n / 3 % poisons.len()]);
        }
    }
    let started = Instant::now();
    let workers = [(); 2].map(|()| Worker::launch(&["--broker-url", &url]));
    for worker in &workers {
        wait_for("the worker to answer", || worker.get("/livez").is_some());
    }
    let both = |series: &str| workers.iter().map(|worker| count(worker, series)).sum::<usize>();
    let dead = || both("presswatch_dead_total{reason=\"unreadable-envelope\"}");
    wait_for("all of them to be dead", || dead() >= ROUND / 3);
    let moved = started.elapsed();
    settle(&rabbit, &workers[0]);
    eprintln!("many unreadable between good: all dead after {moved:?}");
    assert!(moved < ENDED, "{moved:?}");
    assert_eq!(both("presswatch_articles_total{outcome=\"dead\"}"), ROUND / 3);
    assert!(both("presswatch_reconnects_total") <= workers.len());
    for worker in workers {
        let (status, log) = worker.stop();
        assert!(status.success(), "{log}");
    }
    let (list, error, _) = output(presswatch().args(["dead", "list", "--broker-url", &url]));
    assert_eq!(list.matches("Qu\\xe9bec").count(), ROUND / 3 / poisons.len(), "{list}{error}");
    let bodies = dead_bodies(&rabbit);
    assert!(bodies.len() == ROUND / 3 && bodies.iter().all(|body| body.starts_with("poison-")), "{bodies:?}");
    account(&url, &["all"]).check("many unreadable between good", &(0..ROUND).collect(), ROUND / 3);
}

#[test]
fn headers_nested_as_deep_as_a_frame_holds_end_nothing() {
    poisons_go_alone("nested headers between good", &deep(), "too-many-headers");
}

#[test]
fn dead_articles_that_the_client_cannot_read_are_listed_and_replayed() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let mut client = Raw::connect(rabbit.port());
    let good = RawProperties(RawProperties::DELIVERY_MODE, vec![2]);
    let mut total = 0;
    let mut bury = |key: &[u8], properties: &RawProperties| {
        client.put("presswatch.dead", key, event(total).to_string().as_bytes(), properties);
        total += 1;
    };
    for poison in unreadable() {
        (0..5).for_each(|_| bury(b"", &good));
        bury(poison.key, &poison.properties);
    }
    bury(b"", &good);
    for nested in deep() {
        bury(b"", &nested.properties);
    }
    let dead = |arguments: &[&str]| {
        let (out, error, status) =
            output(presswatch().arg("dead").args(arguments).args(["--broker-url", &url]));
        assert_eq!(status, Some(0), "{error}");
        out
    };
    // looking changes nothing, so do it twice
    for _ in 0..2 {
        let list = dead(&["list"]);
        assert_eq!(list.lines().count(), total, "{list}");
        assert_eq!(list.matches("unreadable-envelope").count(), 4, "{list}");
    }
    let some = dead(&["list", "--reason", "unreadable-envelope"]);
    assert_eq!(some.lines().count(), 4, "{some}");
    let id = some.split(' ').next().unwrap();
    assert!(dead(&["show", id]).contains("article-"));
    assert_eq!(dead(&["replay", "--reason", "unreadable-envelope"]), "4 replayed\n");
    assert_eq!(dead(&["list"]).lines().count(), total - 4);
    assert_eq!(dead(&["replay"]), format!("{} replayed\n", total - 4));
    // the worker can read what was replayed; the headers of the nested ones exceed its limits
    let worker = worker(&url);
    settle(&rabbit, &worker);
    assert_eq!(count(&worker, "presswatch_articles_total{outcome=\"alerted\"}"), total - 2);
    assert_eq!(count(&worker, "presswatch_dead_total{reason=\"too-many-headers\"}"), 2);
    assert!(worker.stop().0.success());
}

/// An article with so many names that its alert is eight times as large.
fn many_names(n: usize) -> String {
    let names = "Iran, Iraq, Georgia, France, Japan, Brazil, Azerbaijan, Armenia, Turkey, Greece, Italy, Spain, \
                 Portugal, Germany, Poland, Ukraine, China, India, Pakistan, Kenya, Nigeria, Egypt, Libya. ";
    serde_json::json!({ "id": format!("large-{n}"), "title": "Baku", "body": names.repeat(20) }).to_string()
}

#[test]
fn alerts_larger_than_the_broker_takes_are_dead_at_once() {
    let rabbit = Rabbit::with("max_message_size = 16384\n");
    let url = rabbit.url();
    prepare(&url);
    let worker = worker(&url);
    let mut client = Raw::connect(rabbit.port());
    let good = RawProperties(RawProperties::DELIVERY_MODE, vec![2]);
    let dead = || count(&worker, "presswatch_dead_total{reason=\"alert-too-large\"}");
    let lost = || count(&worker, "presswatch_confirms_total{result=\"lost\"}");
    for n in 0..ROUND {
        if n == ROUND / 2 {
            client.article(many_names(0).as_bytes(), &good);
        }
        client.article(event(n).to_string().as_bytes(), &good);
    }
    wait_for("the first one to be dead", || dead() == 1);
    settle(&rabbit, &worker);
    // from now on it knows the limit, and closes no channel that others use
    let before = lost();
    for n in ROUND..2 * ROUND {
        if n % 30 == 0 {
            client.article(many_names(n).as_bytes(), &good);
        }
        client.article(event(n).to_string().as_bytes(), &good);
    }
    wait_for("all of them to be dead", || dead() == 11);
    settle(&rabbit, &worker);
    assert_eq!(lost(), before);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    let (large, others): (Vec<_>, Vec<_>) =
        dead_bodies(&rabbit).into_iter().partition(|body| body.contains("\"large-"));
    assert_eq!((large.len(), others), (11, Vec::new()));
    let account = account(&url, &["all"]);
    account.check("alerts that are too large", &(0..2 * ROUND).collect(), 11);
    assert_eq!(account.doubled(), 0);
}
