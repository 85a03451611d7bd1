//! Feeds numbered articles through faults, and accounts for each of them at the end.

#![allow(clippy::print_stderr, reason = "the figures of a case are for whoever reads the log")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use lapin::options::{
    BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, QueueBindOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use super::articles::event;
use super::rabbit::Rabbit;
use super::{Worker, output, presswatch};

/// Longest that all may take to be settled after a fault.
const SETTLED: Duration = Duration::from_mins(4);

/// Articles on their way at once.
const WINDOW: usize = 100;

/// The first of two, or the second with `PRESSWATCH_LONG` set.
pub fn short_or_long<T>(short: T, long: T) -> T {
    if std::env::var_os("PRESSWATCH_LONG").is_some() { long } else { short }
}

/// A channel with confirms.
pub async fn channel(url: &str) -> Option<(Connection, Channel)> {
    let properties = ConnectionProperties::default();
    let connection =
        timeout(Duration::from_secs(5), Connection::connect(url, properties)).await.ok()?.ok()?;
    let channel = connection.create_channel().await.ok()?;
    channel.confirm_select(ConfirmSelectOptions::default()).await.ok()?;
    Some((connection, channel))
}

/// Declares what presswatch needs, and the quorum queue `all`, bound to every alert.
pub fn prepare(url: &str) {
    let (_, error, status) = output(presswatch().args(["topology", "--broker-url", url]));
    assert_eq!(status, Some(0), "{error}");
    Runtime::new().unwrap().block_on(async {
        let (_connection, channel) = channel(url).await.expect("the broker is up");
        subscribe(&channel, "all", &[("x-queue-type", AMQPValue::LongString("quorum".into()))]).await;
    });
}

/// Declares a durable queue with arguments, bound to every alert.
pub async fn subscribe(channel: &Channel, queue: &str, arguments: &[(&str, AMQPValue)]) {
    let mut table = FieldTable::default();
    for (name, value) in arguments {
        table.insert((*name).into(), value.clone());
    }
    let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(queue.into(), options, table).await.unwrap();
    let (options, none) = (QueueBindOptions::default(), FieldTable::default());
    channel.queue_bind(queue.into(), "alerts".into(), "#".into(), options, none).await.unwrap();
}

/// Publishes articles in the background until told to stop, each until it is confirmed, whatever becomes of the broker.
pub struct Feed {
    stop: Arc<AtomicBool>,
    confirmed: Arc<AtomicUsize>,
    thread: JoinHandle<BTreeSet<usize>>,
}

impl Feed {
    /// Starts to publish at most so many articles a second to one of these brokers: URLs with commas between.
    pub fn start(urls: &str, a_second: usize) -> Self {
        let (stop, confirmed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (stopped, count, urls) = (Arc::clone(&stop), Arc::clone(&confirmed), urls.to_owned());
        let thread = std::thread::spawn(move || {
            Runtime::new().unwrap().block_on(feed(&urls, a_second, &stopped, &count))
        });
        Self { stop, confirmed, thread }
    }

    /// Articles confirmed to the publisher so far.
    pub fn confirmed(&self) -> usize {
        self.confirmed.load(Ordering::Relaxed)
    }

    /// Waits until so many more are confirmed.
    pub fn more(&self, articles: usize) {
        let want = self.confirmed() + articles;
        super::wait_for("articles to be confirmed", || self.confirmed() >= want);
    }

    /// Stops, and gives the numbers of the articles that were confirmed.
    pub fn finish(self) -> BTreeSet<usize> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

async fn feed(urls: &str, a_second: usize, stop: &AtomicBool, confirmed: &AtomicUsize) -> BTreeSet<usize> {
    let done: Mutex<BTreeSet<usize>> = Mutex::default();
    let mut next = 0;
    let mut again: Vec<usize> = Vec::new();
    for url in urls.split(',').cycle() {
        let Some((_connection, channel)) = channel(url).await else {
            tokio::time::sleep(Duration::from_millis(200)).await;
            continue;
        };
        loop {
            if stop.load(Ordering::Relaxed) && again.is_empty() {
                return done.into_inner().unwrap();
            }
            let started = Instant::now();
            let mut batch = std::mem::take(&mut again);
            while batch.len() < WINDOW.min(a_second) && !stop.load(Ordering::Relaxed) {
                batch.push(next);
                next += 1;
            }
            let sent = batch.iter().map(|n| async {
                let body = event(*n).to_string();
                let properties = BasicProperties::default().with_delivery_mode(2);
                let options = BasicPublishOptions::default();
                let publish =
                    channel.basic_publish("articles".into(), "".into(), options, body.as_bytes(), properties);
                let confirm = async { publish.await.ok()?.await.ok().filter(lapin::Confirmation::is_ack) };
                match timeout(Duration::from_mins(1), confirm).await {
                    Ok(Some(_)) => {
                        done.lock().unwrap().insert(*n);
                        confirmed.fetch_add(1, Ordering::Relaxed);
                        None
                    }
                    _ => Some(*n),
                }
            });
            again = futures_util::future::join_all(sent).await.into_iter().flatten().collect();
            if !again.is_empty() {
                break;
            }
            let pause = Duration::from_millis(1000 * batch.len() as u64 / a_second as u64);
            tokio::time::sleep(pause.saturating_sub(started.elapsed())).await;
        }
    }
    unreachable!("the list of brokers has no end")
}

/// What became of the articles.
#[derive(Debug)]
pub struct Account {
    /// Alerts by the article's number, each with all ids it was published with.
    pub alerts: BTreeMap<usize, Vec<String>>,
    /// Numbers of articles among the dead, with their reason.
    pub dead: BTreeMap<usize, String>,
}

/// Takes all alerts from the queues and all dead, once nothing is on its way.
pub fn account(url: &str, queues: &[&str]) -> Account {
    Runtime::new().unwrap().block_on(async {
        let (_connection, channel) = channel(url).await.expect("the broker is up");
        let mut account = Account { alerts: BTreeMap::new(), dead: BTreeMap::new() };
        for queue in queues {
            for body in take(&channel, queue).await {
                let alert: Value = serde_json::from_slice(&body.data).unwrap();
                let id = alert["id"].as_str().unwrap().to_owned();
                account.alerts.entry(number(&alert["subject"])).or_default().push(id);
            }
        }
        let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
        let queue = channel.queue_declare("presswatch.articles".into(), options, FieldTable::default());
        assert_eq!(queue.await.unwrap().message_count(), 0, "articles that nobody took");
        for body in take(&channel, "presswatch.dead").await {
            if let Ok(article) = serde_json::from_slice::<Value>(&body.data)
                && article["id"].as_str().is_some_and(|id| id.starts_with("article-"))
            {
                let headers = body.properties.headers().clone().unwrap_or_default();
                let reason = headers.inner().get("presswatch-reason").and_then(AMQPValue::as_long_string);
                account
                    .dead
                    .insert(number(&article["id"]), reason.map(ToString::to_string).unwrap_or_default());
            }
        }
        account
    })
}

fn number(id: &Value) -> usize {
    id.as_str().unwrap().trim_start_matches("article-").parse().unwrap()
}

async fn take(channel: &Channel, queue: &str) -> Vec<lapin::message::BasicGetMessage> {
    let mut out = Vec::new();
    let options = BasicGetOptions { no_ack: true };
    while let Some(message) = channel.basic_get(queue.into(), options).await.unwrap() {
        out.push(message);
    }
    out
}

/// Waits until the worker is connected and no article waits or is in work: neither in the queue nor to be tried again.
pub fn settle(rabbit: &Rabbit, worker: &Worker) {
    let started = Instant::now();
    // a queue that has just come back may be missing in the list, or have no number yet
    let left = || {
        let list = rabbit.control(&["list_queues", "--no-table-headers", "name", "messages"]);
        let counts = list.lines().filter(|l| l.starts_with("presswatch.articles"));
        let counts: Option<Vec<u64>> = counts.map(|l| l.split('\t').nth(1)?.trim().parse().ok()).collect();
        counts.filter(|counts| !counts.is_empty()).map(|counts| counts.iter().sum::<u64>())
    };
    // several times, since what is between two queues is in neither
    let mut empty = 0;
    while empty < 4 {
        let ready = worker.get("/readyz").is_some_and(|(status, _)| status == 200);
        let left = left();
        empty = if ready && left == Some(0) { empty + 1 } else { 0 };
        assert!(started.elapsed() < SETTLED, "never settled: worker ready {ready}, articles left {left:?}");
        std::thread::sleep(Duration::from_millis(300));
    }
}

impl Account {
    /// Each article that was confirmed has an alert or is dead; all alerts of one have one id. Tells the figures.
    pub fn check(&self, case: &str, confirmed: &BTreeSet<usize>, faults: usize) {
        let missing: Vec<&usize> =
            confirmed.iter().filter(|n| !self.alerts.contains_key(n) && !self.dead.contains_key(n)).collect();
        let doubled = self.alerts.values().filter(|ids| ids.len() > 1).count();
        let torn: Vec<_> = self.alerts.iter().filter(|(_, ids)| ids.iter().any(|id| *id != ids[0])).collect();
        eprintln!(
            "{case}: {} articles, {faults} faults, {} lost, {doubled} doubled, {} dead",
            confirmed.len(),
            missing.len(),
            self.dead.len()
        );
        assert!(missing.is_empty(), "{case}: lost {missing:?}");
        assert!(torn.is_empty(), "{case}: alerts of one article with different ids: {torn:?}");
    }
}
