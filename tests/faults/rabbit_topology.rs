//! Bindings, exchanges, queues and permissions disappear and return while the worker runs.

use std::collections::BTreeSet;

use lapin::options::{ExchangeDeleteOptions, QueueDeleteOptions};
use lapin::types::FieldTable;
use tokio::runtime::Runtime;

use super::support::amqp::Client;
use super::support::articles::event;
use super::support::ledger::{Account, Feed, account, prepare, report, settle, short_or_long};
use super::support::rabbit::Rabbit;
use super::support::wait_for;
use super::{SLOW, count, sleep, worker};

/// The number of alerts without a route.
const UNROUTABLE: &str = "presswatch_confirms_total{result=\"unroutable\"}";

async fn bind(client: &Client) {
    client.try_bind("all", "alerts", "#").await.unwrap();
}

async fn unbind(client: &Client) {
    let none = FieldTable::default();
    client.channel.queue_unbind("all".into(), "alerts".into(), "#".into(), none).await.unwrap();
}

/// Checks the articles without an alert in a queue: none is lost if as many were counted as unroutable, since no one
/// asked for them. An alert published again, because its delivery could not be acked, may be unroutable the first time
/// and not the second; then more are counted than are missing.
fn check(case: &str, confirmed: &BTreeSet<usize>, unroutable: usize, faults: usize, account: &Account) {
    let missing = account.missing(confirmed).len();
    let case = format!("{case} ({unroutable} counted as unroutable)");
    let lost = missing.saturating_sub(unroutable);
    report(&case, confirmed.len(), faults, lost, account.doubled(), account.dead.len());
    assert!(unroutable > 0, "nothing was unbound while an alert came");
    assert_eq!(lost, 0, "{missing} alerts in no queue, {unroutable} counted as unroutable");
}

#[test]
fn unbound_and_bound_again_while_publishing() {
    let flips = short_or_long(3, 20);
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let worker = worker(&url);
    let runtime = Runtime::new().unwrap();
    let operator = runtime.block_on(Client::connect(&url));
    let feed = Feed::start(&url, 2 * SLOW);
    for _ in 0..flips {
        feed.more(SLOW / 2);
        runtime.block_on(unbind(&operator));
        feed.more(SLOW / 2);
        runtime.block_on(bind(&operator));
    }
    let confirmed = feed.finish();
    settle(&rabbit, &worker);
    let unroutable = count(&worker, UNROUTABLE);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    let account = account(&url, &["all"]);
    check("unbound and bound again", &confirmed, unroutable, flips, &account);
    assert_eq!(account.missing(&confirmed).len(), unroutable, "nothing was published twice");
}

#[test]
fn permissions_exchanges_and_the_queue_go_while_running() {
    let seconds = short_or_long(3, 20);
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let worker = worker(&url);
    let runtime = Runtime::new().unwrap();
    let operator = runtime.block_on(Client::connect(&url));
    let delete = |exchange: &str| {
        runtime
            .block_on(operator.channel.exchange_delete(exchange.into(), ExchangeDeleteOptions::default()))
            .unwrap();
    };
    let there = |what: &str, name: &str| {
        wait_for(name, || {
            rabbit.control(&[what, "--no-table-headers", "name"]).lines().any(|l| l.trim() == name)
        });
    };
    let feed = Feed::start(&url, SLOW);
    feed.more(SLOW);
    // without permissions everything fails until they are back
    rabbit.control(&["set_permissions", "guest", "^none$", "^none$", "^none$"]);
    sleep(seconds);
    rabbit.control(&["set_permissions", "guest", ".*", ".*", ".*"]);
    feed.more(SLOW);
    // whoever publishes to a missing exchange declares it again: the worker for alerts,
    delete("alerts");
    there("list_exchanges", "alerts");
    runtime.block_on(bind(&operator));
    feed.more(SLOW);
    // for dead letters too,
    delete("presswatch.dead");
    wait_for("a bad article to be taken", || worker.post(b"{\"title\": 1}") == Some(202));
    there("list_exchanges", "presswatch.dead");
    // the HTTP port for articles
    delete("articles");
    wait_for("an article to be taken", || worker.post(event(1_000_000).to_string().as_bytes()) == Some(202));
    feed.more(SLOW);
    let mut confirmed = feed.finish();
    settle(&rabbit, &worker);
    // the queue of articles too, once it is empty
    let deleted = operator.channel.queue_delete("presswatch.articles".into(), QueueDeleteOptions::default());
    assert_eq!(runtime.block_on(deleted).unwrap(), 0, "articles in a queue that had settled");
    there("list_queues", "presswatch.articles");
    let feed = Feed::start_at(2_000_000, &url, SLOW);
    feed.more(SLOW);
    confirmed.extend(feed.finish());
    confirmed.insert(1_000_000);
    settle(&rabbit, &worker);
    assert_eq!(count(&worker, "presswatch_dead_total{reason=\"wrong-schema\"}"), 1);
    assert_eq!(rabbit.messages("presswatch.dead"), 1);
    let unroutable = count(&worker, UNROUTABLE);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    assert!(log.lines().count() < 400, "a hot loop: {} lines of log", log.lines().count());
    // while `alerts` was back and had no binding yet
    let account = account(&url, &["all"]);
    check("permissions, exchanges, queue gone", &confirmed, unroutable, 5, &account);
}
