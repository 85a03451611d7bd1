//! The whole worker over a real RabbitMQ, against a bare loop that consumes, publishes and acks, on the same node in
//! the same run, with articles of 1 kB and 6 kB. Needs rabbitmq-server (`tests/run` installs it).
//!
//! `cargo bench --bench worker` compares them; `-- scale` runs 1, 2 and 4 workers on one queue; `-- edge` shows what
//! each part of an alert costs the broker, and runs the worker with a tagger that only copies.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench may panic, and prints its figures")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel};
use presswatch::alert::EVERY_ALERT;
use presswatch::article::decode::{Limits, Message};
use presswatch::broker::confirmed::Confirmed;
use presswatch::broker::rabbit::{Bounds, Health, Names, OnRefusal, Publisher, RabbitInbox, Server};
use presswatch::config;
use presswatch::knowledge::Knowledge;
use presswatch::metrics::{Metrics, Outcome};
use presswatch::pipeline::{Pipeline, Ready, Verdict};
use presswatch::worker::{self, Options, Tag};
use support::amqp::Client;
use support::rabbit::Rabbit;
use support::{Worker, articles, output, presswatch};
use tokio_util::sync::CancellationToken;

/// Rounds of each; the median counts.
const ROUNDS: usize = 3;
/// The worker's default.
const PREFETCH: u16 = 1000;
const ACKED_AT_ONCE: u64 = 50;
const QUEUE: &str = "presswatch.articles";
/// Size of an article in bytes, and number of articles per round.
const KINDS: [(usize, usize); 2] = [(1 << 10, 20_000), (6 << 10, 6_000)];
/// How long to keep up half of the full load.
const HALF_LOAD: Duration = Duration::from_secs(10);

/// A node with the queues of a worker and of a subscriber to everything.
struct Bench {
    rabbit: Rabbit,
    client: Client,
    /// The binding key of the subscriber's queue.
    key: &'static str,
    next: usize,
}

#[tokio::main]
async fn main() {
    let bench = &mut Bench::start().await;
    if std::env::args().any(|a| a == "scale") {
        scale(bench).await;
    } else if std::env::args().any(|a| a == "edge") {
        edge(bench).await;
    } else {
        compare(bench).await;
    }
}

async fn compare(bench: &mut Bench) {
    for (bytes, count) in KINDS {
        let (mut bare, mut whole, mut memory) = (Vec::new(), Vec::new(), 0);
        for _ in 0..ROUNDS {
            bench.fill(bytes, count).await;
            bare.push(bare_loop(&bench.rabbit.url(), count, &Sent::default()).await);
            bench.purge().await;
            bench.fill(bytes, count).await;
            let worker = Worker::start(&["--broker-url", &bench.rabbit.url(), "--log-level", "warn"]);
            whole.push(rate(&[&worker], count as f64));
            memory = memory.max(worker.memory() >> 20);
            assert!(worker.stop().0.success());
            bench.purge().await;
        }
        let (bare, whole) = (median(bare), median(whole));
        println!(
            "{bytes} bytes: bare loop {bare:.0}/s, worker {whole:.0}/s, ratio {:.2}, {memory} MiB at the peak",
            whole / bare
        );
        half_load(bench, bytes, whole / 2.0).await;
    }
}

/// How long articles take from receipt to confirm when they arrive at a steady pace.
async fn half_load(bench: &mut Bench, bytes: usize, a_second: f64) {
    let worker = Worker::start(&["--broker-url", &bench.rabbit.url(), "--log-level", "warn"]);
    let (started, mut sent) = (Instant::now(), 0);
    while started.elapsed() < HALF_LOAD {
        tokio::time::sleep(Duration::from_millis(10)).await;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let due = (started.elapsed().as_secs_f64() * a_second) as usize;
        bench.fill(bytes, due - sent).await;
        sent = due;
    }
    while worker.metric("presswatch_alerts_total") < sent as f64 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (_, text) = worker.get("/metrics").unwrap();
    let bucket = |line: &str| {
        let (bound, count) =
            line.strip_prefix("presswatch_processing_seconds_bucket{le=\"")?.split_once("\"} ")?;
        Some((bound.to_owned(), count.parse::<f64>().ok()?))
    };
    let buckets: Vec<(String, f64)> = text.lines().filter_map(bucket).collect();
    let below = |share: f64| &buckets.iter().find(|(_, count)| *count >= sent as f64 * share).unwrap().0;
    println!(
        "{bytes} bytes at {a_second:.0}/s: received to confirmed, half below {} s, 99 of 100 below {} s",
        below(0.5),
        below(0.99)
    );
    assert!(worker.stop().0.success());
    bench.purge().await;
}

async fn scale(bench: &mut Bench) {
    for (bytes, count) in KINDS {
        for workers in [1, 2, 4] {
            let url = bench.rabbit.url();
            let workers: Vec<Worker> = (0..workers).map(|_| Worker::start(&["--broker-url", &url])).collect();
            let workers: Vec<&Worker> = workers.iter().collect();
            // all start at once, with a full queue
            workers.iter().for_each(|worker| worker.signal("STOP"));
            bench.fill(bytes, count).await;
            workers.iter().for_each(|worker| worker.signal("CONT"));
            let all = rate(&workers, count as f64);
            let shares: Vec<f64> = workers.iter().map(|w| w.metric("presswatch_alerts_total")).collect();
            println!("{bytes} bytes, {} workers: {all:.0}/s, shares {shares:?}", workers.len());
            bench.purge().await;
        }
    }
}

/// What each part of an alert adds to the bare loop, and the worker's own code with a tagger that returns a ready-made
/// alert.
async fn edge(bench: &mut Bench) {
    for (bytes, count) in KINDS {
        let url = bench.rabbit.url();
        let alert = alert(bytes);
        let envelope = alert.envelopes().next().expect("it has tags");
        let keys: Vec<String> = envelope.keys.iter().map(ToString::to_string).collect();
        println!("{bytes} bytes: an alert of {} bytes with {} keys", envelope.body.len(), keys.len());
        let body = Sent { body: Some(envelope.body.clone()), ..Sent::default() };
        let headers = Sent { headers: keys.clone(), ..body.clone() };
        let copies = Sent { copies: keys[1..].to_vec(), ..body.clone() };
        let whole = Sent { copies: keys[1..].to_vec(), ..headers.clone() };
        let kinds = [
            ("bare loop", Some(Sent::default()), EVERY_ALERT),
            ("with the alert for body", Some(body), EVERY_ALERT),
            ("and its keys as headers", Some(headers), EVERY_ALERT),
            ("and its keys in CC instead", Some(copies), EVERY_ALERT),
            ("and both", Some(whole.clone()), EVERY_ALERT),
            ("both, to a subscriber by `#`", Some(whole), "#"),
            ("worker that only copies", None, EVERY_ALERT),
        ];
        let mut rates: [Vec<f64>; 7] = Default::default();
        for _ in 0..ROUNDS {
            for ((_, sent, key), rates) in kinds.iter().zip(&mut rates) {
                bench.subscribe(key).await;
                bench.fill(bytes, count).await;
                rates.push(match sent {
                    Some(sent) => bare_loop(&url, count, sent).await,
                    None => copying_worker(&url, alert.clone(), count).await,
                });
                bench.purge().await;
            }
        }
        bench.subscribe(EVERY_ALERT).await;
        let medians = rates.map(median);
        for ((what, ..), rate) in kinds.iter().zip(medians) {
            println!("{bytes} bytes, {what}: {rate:.0}/s, {:.2} of the bare loop", rate / medians[0]);
        }
    }
}

/// The alert of an article of this many bytes.
fn alert(bytes: usize) -> Ready {
    let pipeline = Pipeline::new(Knowledge::compiled_in(), Limits::default());
    let body = articles::sized(1, bytes);
    let message = Message { body: body.as_bytes(), ..Message::default() };
    match pipeline.process(message, jiff::Timestamp::UNIX_EPOCH) {
        Ok(Verdict::Ready(ready)) => *ready,
        _ => panic!("nothing found in an article"),
    }
}

async fn copying_worker(url: &str, alert: Ready, count: usize) -> f64 {
    let variables = [("PRESSWATCH__BROKER__URL".to_owned(), url.to_owned())];
    let settings = config::load(None, variables, &[]).unwrap();
    let metrics = Metrics::new(&Knowledge::compiled_in());
    let number = AtomicU64::new(0);
    let tag: Arc<Tag> = Arc::new(move |_: Message<'_>, _| {
        let mut copy = alert.clone();
        let alert = copy.alert.as_mut().expect("it has tags");
        alert.envelope.id = format!("{:032x}", number.fetch_add(1, Ordering::Relaxed));
        Ok(Verdict::Ready(Box::new(copy)))
    });
    let server = Server::new(&settings.broker).unwrap();
    let health = Health::new(metrics.clone());
    let names = Names::new(&settings);
    let publisher =
        Publisher::new(Arc::clone(&server), names, Arc::clone(&health), metrics.clone(), OnRefusal::TryAgain);
    let bounds = Bounds { prefetch: PREFETCH, bytes: settings.worker.in_flight_bytes };
    let inbox = RabbitInbox::start(server, publisher.clone(), health, bounds);
    let options = Options {
        in_flight_bytes: settings.worker.in_flight_bytes,
        unpacked_bytes: settings.limits.unpacked_bytes,
        retries: 3,
        headers: (100, 32 << 10),
        alert_bytes: settings.limits.alert_bytes,
        tag_timeout: Duration::from_secs(20),
        shutdown_timeout: Duration::from_secs(20),
    };
    let confirmed = Confirmed::new(16);
    let stop = CancellationToken::new();
    let alerted = metrics.articles.with_label_values(&[Outcome::Alerted.as_str()]);
    let work = worker::run(inbox, publisher.clone(), tag, metrics, options, confirmed, stop.clone());
    let watch = async {
        while alerted.get() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let (started, before) = (Instant::now(), alerted.get());
        while alerted.get() < count as u64 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stop.cancel();
        (count as u64 - before) as f64 / started.elapsed().as_secs_f64()
    };
    let (_, rate) = tokio::join!(work, watch);
    publisher.close().await;
    rate
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// Articles per second of all workers until this many are alerted.
fn rate(workers: &[&Worker], until: f64) -> f64 {
    let alerted =
        || workers.iter().map(|w| w.metric("presswatch_articles_total{outcome=\"alerted\"}")).sum::<f64>();
    let (at_start, started) = (alerted(), Instant::now());
    while alerted() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    (until - at_start) / started.elapsed().as_secs_f64()
}

impl Bench {
    async fn start() -> Self {
        let rabbit = Rabbit::start();
        let (_, error, status) = output(presswatch().args(["topology", "--broker-url", &rabbit.url()]));
        assert_eq!(status, Some(0), "{error}");
        let client = Client::connect(&rabbit.url()).await;
        // the output is kept, as for a subscriber
        client.bind("out", EVERY_ALERT, support::amqp::headers(&[("x-queue-type", "quorum")])).await;
        Self { rabbit, client, key: EVERY_ALERT, next: 0 }
    }

    /// Binds the subscriber's queue with this key alone.
    async fn subscribe(&mut self, key: &'static str) {
        if self.key != key {
            let channel = &self.client.channel;
            let old = (self.key.into(), FieldTable::default());
            channel.queue_unbind("out".into(), "alerts".into(), old.0, old.1).await.unwrap();
            self.client.try_bind("out", "alerts", key).await.unwrap();
            self.key = key;
        }
    }

    async fn purge(&self) {
        for queue in ["out", QUEUE] {
            let options = lapin::options::QueuePurgeOptions::default();
            self.client.channel.queue_purge(queue.into(), options).await.unwrap();
        }
    }

    /// Puts this many different articles into the queue.
    async fn fill(&mut self, bytes: usize, count: usize) {
        let first = self.next;
        self.next += count;
        let client = &self.client;
        stream::iter(first..self.next)
            .map(|n| async move {
                let body = articles::sized(n, bytes);
                client.article(body.as_bytes(), BasicProperties::default()).await;
            })
            .buffer_unordered(500)
            .collect::<Vec<()>>()
            .await;
    }
}

/// What the bare loop publishes.
#[derive(Clone, Default)]
struct Sent {
    /// Replaces the received body.
    body: Option<Vec<u8>>,
    /// Keys sent in `CC`.
    copies: Vec<String>,
    /// Keys sent as headers.
    headers: Vec<String>,
}

impl Sent {
    fn properties(&self) -> BasicProperties {
        let properties = BasicProperties::default().with_delivery_mode(2);
        let mut headers = FieldTable::default();
        if !self.copies.is_empty() {
            let copies = self.copies.iter().map(|k| AMQPValue::LongString(k.as_str().into()));
            headers.insert("CC".into(), AMQPValue::FieldArray(copies.collect::<Vec<_>>().into()));
        }
        for key in &self.headers {
            headers.insert(key.as_str().into(), AMQPValue::Boolean(true));
        }
        properties.with_headers(headers)
    }
}

/// Messages per second of a loop that only passes them on: prefetch, pipelined confirms, batched acks.
async fn bare_loop(url: &str, count: usize, what: &Sent) -> f64 {
    let (consuming, publishing) = (Client::connect(url).await, Client::connect(url).await);
    let (input, out): (&Channel, &Channel) = (&consuming.channel, &publishing.channel);
    input.basic_qos(PREFETCH, BasicQosOptions::default()).await.unwrap();
    let options = BasicConsumeOptions::default();
    let consumer =
        input.basic_consume(QUEUE.into(), "bare".into(), options, FieldTable::default()).await.unwrap();
    let started = Instant::now();
    let confirmed = consumer
        .take(count)
        .map(|delivery| async move {
            let delivery = delivery.unwrap();
            let options = BasicPublishOptions { mandatory: what.body.is_some(), ..Default::default() };
            let body = what.body.as_deref().unwrap_or(&delivery.data);
            let key = EVERY_ALERT.into();
            let sent = out.basic_publish("alerts".into(), key, options, body, what.properties()).await;
            assert!(sent.unwrap().await.unwrap().is_ack());
            delivery.delivery_tag
        })
        .buffered(PREFETCH.into());
    let mut confirmed = std::pin::pin!(confirmed);
    let mut done = 0;
    while let Some(tag) = confirmed.next().await {
        done += 1;
        if done % ACKED_AT_ONCE == 0 || done == count as u64 {
            input.basic_ack(tag, BasicAckOptions { multiple: true }).await.unwrap();
        }
    }
    count as f64 / started.elapsed().as_secs_f64()
}
