//! Feeds numbered articles through faults and accounts for each of them at the end.

#![allow(clippy::print_stderr, reason = "the figures of a case are for whoever reads the log")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use lapin::message::BasicGetMessage;
use lapin::options::{BasicPublishOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Confirmation};
use presswatch::broker::Reason;
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use super::amqp::{Client, headers};
use super::articles::event;
use super::rabbit::{Rabbit, TICK};
use super::{Worker, output, presswatch};

/// Longest time for everything to settle after a fault.
const SETTLED: Duration = Duration::from_mins(4);

/// A quorum queue reports its length only once per tick: empty for longer than that is empty.
const COUNTED: Duration = TICK.saturating_mul(2);

/// Articles in flight at once.
const WINDOW: usize = 500;

/// The first of two, or the second if `PRESSWATCH_LONG` is set.
pub fn short_or_long<T>(short: T, long: T) -> T {
    if std::env::var_os("PRESSWATCH_LONG").is_some() { long } else { short }
}

/// Declares what presswatch needs, and the quorum queue `all`, bound to every alert.
pub fn prepare(url: &str) {
    let (_, error, status) = output(presswatch().args(["topology", "--broker-url", url]));
    assert_eq!(status, Some(0), "{error}");
    Runtime::new().unwrap().block_on(async { Client::connect(url).await.bind("all", "#", quorum()).await });
}

/// Declares the quorum queue `queue`, bound to the notices of an owner.
pub fn prepare_owner(url: &str, queue: &str, owner: &str) {
    Runtime::new().unwrap().block_on(async {
        let client = Client::connect(url).await;
        client.bind_to(queue, "notices", &[&format!("owner.{owner}")], quorum()).await;
    });
}

/// The arguments of a quorum queue.
fn quorum() -> FieldTable {
    headers(&[("x-queue-type", "quorum")])
}

/// Publishes articles in the background until told to stop, each until it is confirmed, whatever happens to the broker.
pub struct Feed {
    stop: Arc<AtomicBool>,
    confirmed: Arc<AtomicUsize>,
    thread: JoinHandle<BTreeSet<usize>>,
}

impl Feed {
    /// Starts publishing at most this many articles per second to one of these brokers: URLs separated by commas.
    pub fn start(urls: &str, a_second: usize) -> Self {
        Self::start_at(0, urls, a_second)
    }

    /// The same, with articles from this number on.
    pub fn start_at(first: usize, urls: &str, a_second: usize) -> Self {
        let (stop, confirmed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (stopped, count, urls) = (Arc::clone(&stop), Arc::clone(&confirmed), urls.to_owned());
        let thread = std::thread::spawn(move || {
            Runtime::new().unwrap().block_on(feed(first, &urls, a_second, &stopped, &count))
        });
        Self { stop, confirmed, thread }
    }

    /// Articles confirmed to the publisher so far.
    pub fn confirmed(&self) -> usize {
        self.confirmed.load(Ordering::Relaxed)
    }

    /// Waits until this many more are confirmed.
    pub fn more(&self, articles: usize) {
        let want = self.confirmed() + articles;
        super::wait_for("articles to be confirmed", || self.confirmed() >= want);
    }

    /// Stops, and returns the numbers of the confirmed articles.
    pub fn finish(self) -> BTreeSet<usize> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

async fn feed(
    first: usize,
    urls: &str,
    a_second: usize,
    stop: &AtomicBool,
    confirmed: &AtomicUsize,
) -> BTreeSet<usize> {
    let mut done = BTreeSet::new();
    let mut next = first;
    let mut again: Vec<usize> = Vec::new();
    for url in urls.split(',').cycle() {
        let Some(client) = Client::try_connect(url).await else {
            tokio::time::sleep(Duration::from_millis(200)).await;
            continue;
        };
        loop {
            if stop.load(Ordering::Relaxed) && again.is_empty() {
                return done;
            }
            let started = Instant::now();
            let mut batch = std::mem::take(&mut again);
            while batch.len() < WINDOW.min(a_second) && !stop.load(Ordering::Relaxed) {
                batch.push(next);
                next += 1;
            }
            let answers =
                futures_util::future::join_all(batch.iter().map(|n| send(&client.channel, *n))).await;
            // an unroutable message is returned, but perhaps with another one's confirm: send all of them again
            if answers.iter().any(|answer| matches!(answer, Some(Confirmation::Ack(Some(_))))) {
                again = batch;
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
            for (n, answer) in batch.iter().zip(answers) {
                if matches!(answer, Some(Confirmation::Ack(None))) {
                    done.insert(*n);
                    confirmed.fetch_add(1, Ordering::Relaxed);
                } else {
                    again.push(*n);
                }
            }
            if !again.is_empty() {
                break;
            }
            let pause = Duration::from_millis(1000 * batch.len() as u64 / a_second as u64);
            tokio::time::sleep(pause.saturating_sub(started.elapsed())).await;
        }
    }
    unreachable!("the list of brokers has no end")
}

/// The broker's response to an article; `None` if the connection fails.
async fn send(channel: &Channel, n: usize) -> Option<Confirmation> {
    let body = event(n).to_string();
    let properties = BasicProperties::default().with_delivery_mode(2);
    let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
    let publish = channel.basic_publish("articles".into(), "".into(), options, body.as_bytes(), properties);
    timeout(Duration::from_mins(1), async { publish.await.ok()?.await.ok() }).await.ok()?
}

/// A subscriber that takes what its queue receives, until told to stop.
pub struct Reader {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<BTreeSet<usize>>,
}

impl Reader {
    /// Starts reading.
    pub fn start(url: &str, queue: &str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, url, queue) = (Arc::clone(&stop), url.to_owned(), queue.to_owned());
        let thread = std::thread::spawn(move || {
            Runtime::new().unwrap().block_on(async {
                let client = Client::connect(&url).await;
                let mut numbers = BTreeSet::new();
                loop {
                    let last = stopped.load(Ordering::Relaxed);
                    let alerts = client.drain(&queue).await;
                    numbers.extend(alerts.iter().filter_map(|alert| alert_number(&alert.data)));
                    if last {
                        return numbers;
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            })
        });
        Self { stop, thread }
    }

    /// Takes the rest, and returns the numbers of the articles whose alerts it read.
    pub fn finish(self) -> BTreeSet<usize> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

/// What became of the articles.
#[derive(Debug)]
pub struct Account {
    /// Alerts by the article's number, each with all ids it was published with.
    pub alerts: BTreeMap<usize, Vec<String>>,
    /// Numbers of the articles that are dead letters, with the reason.
    pub dead: BTreeMap<usize, String>,
}

/// Takes all alerts from the queues and all dead letters, once nothing is in flight.
pub fn account(url: &str, queues: &[&str]) -> Account {
    Runtime::new().unwrap().block_on(async {
        let client = Client::connect(url).await;
        let mut account = Account { alerts: BTreeMap::new(), dead: BTreeMap::new() };
        for queue in queues {
            for message in client.drain(queue).await {
                let alert: Value = serde_json::from_slice(&message.data).unwrap();
                if let Some(number) = number(&alert["subject"]) {
                    account.alerts.entry(number).or_default().push(alert["id"].as_str().unwrap().to_owned());
                }
            }
        }
        let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
        let queue =
            client.channel.queue_declare("presswatch.articles".into(), options, FieldTable::default());
        assert_eq!(queue.await.unwrap().message_count(), 0, "articles that nobody took");
        for message in client.drain("presswatch.dead").await {
            let reason = header(&message, "presswatch-reason");
            assert!(header(&message, "presswatch-error").len() > 1, "dead without an error in words");
            let article: Option<Value> = serde_json::from_slice(&message.data).ok();
            if let Some(number) = article.and_then(|article| number(&article["id"])) {
                account.dead.insert(number, reason);
            }
        }
        account
    })
}

/// One of our headers.
pub fn header(message: &BasicGetMessage, name: &str) -> String {
    let headers = message.properties.headers().clone().unwrap_or_default();
    let value = headers.inner().get(name).and_then(AMQPValue::as_long_string);
    value.map(ToString::to_string).unwrap_or_default()
}

/// The number of an article, from its id; `None` if it is not a numbered one.
fn number(id: &Value) -> Option<usize> {
    id.as_str()?.strip_prefix("article-")?.parse().ok()
}

fn alert_number(body: &[u8]) -> Option<usize> {
    number(&serde_json::from_slice::<Value>(body).ok()?["subject"])
}

/// Waits until the worker is connected and no article is waiting, in progress or due for a retry.
pub fn settle(rabbit: &Rabbit, worker: &Worker) {
    let started = Instant::now();
    // a queue that has just come back may be missing from the list, or have no length yet
    let left = || {
        let list = rabbit.control(&["list_queues", "--no-table-headers", "name", "messages"]);
        let counts = list.lines().filter(|l| l.starts_with("presswatch.articles"));
        let counts: Option<Vec<u64>> = counts.map(|l| l.split('\t').nth(1)?.trim().parse().ok()).collect();
        counts.filter(|counts| !counts.is_empty()).map(|counts| counts.iter().sum::<u64>())
    };
    let mut empty_since = None;
    loop {
        let ready = worker.get("/readyz").is_some_and(|(status, _)| status == 200);
        // what counts all, and not only those that no worker holds, takes seconds
        let waiting = rabbit.messages("presswatch.articles");
        let left = if ready && waiting == 0 { left() } else { Some(waiting) };
        if ready && left == Some(0) {
            let since = *empty_since.get_or_insert_with(Instant::now);
            if since.elapsed() > COUNTED {
                return;
            }
        } else {
            empty_since = None;
        }
        assert!(started.elapsed() < SETTLED, "never settled: worker ready {ready}, articles left {left:?}");
        std::thread::sleep(Duration::from_millis(300));
    }
}

/// Prints the results of a case as docs/RELIABILITY.md gives them.
pub fn report(case: &str, articles: usize, faults: usize, lost: usize, doubled: usize, dead: usize) {
    eprintln!(
        "{case} | {articles} articles | {faults} faults | {lost} lost | {doubled} doubled | {dead} dead"
    );
}

impl Account {
    /// Confirmed articles with neither an alert nor a dead letter.
    pub fn missing<'c>(&self, confirmed: &'c BTreeSet<usize>) -> Vec<&'c usize> {
        confirmed.iter().filter(|n| !self.alerts.contains_key(n) && !self.dead.contains_key(n)).collect()
    }

    /// Number of articles with more than one alert.
    pub fn doubled(&self) -> usize {
        self.alerts.values().filter(|ids| ids.len() > 1).count()
    }

    /// Checks that each confirmed article has an alert, or a dead letter with its reason, and that all alerts of an
    /// article have the same id. Prints the figures.
    pub fn check(&self, case: &str, confirmed: &BTreeSet<usize>, faults: usize) {
        let missing = self.missing(confirmed);
        report(case, confirmed.len(), faults, missing.len(), self.doubled(), self.dead.len());
        assert!(missing.is_empty(), "{case}: lost {missing:?}");
        let torn: Vec<_> = self.alerts.iter().filter(|(_, ids)| ids.iter().any(|id| *id != ids[0])).collect();
        assert!(torn.is_empty(), "{case}: alerts of one article with different ids: {torn:?}");
        assert!(self.dead.values().all(|reason| Reason::parse(reason).is_some()), "{:?}", self.dead);
    }
}
