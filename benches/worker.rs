//! The whole worker over a real RabbitMQ against a bare loop that consumes, publishes and acks, on the same node in the
//! same run: `cargo bench --bench worker`. Needs rabbitmq-server (`tests/run` installs it).

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench may panic, and prints its figures")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions, ConfirmSelectOptions,
    QueueBindOptions, QueueDeclareOptions,
};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use support::rabbit::Rabbit;
use support::{Worker, articles, output, presswatch};

/// Articles in one round.
const ARTICLES: usize = 20_000;
/// Rounds of both; the median counts.
const ROUNDS: usize = 3;
/// As in the worker's defaults.
const PREFETCH: u16 = 1000;
const ACKED_AT_ONCE: u64 = 50;
const QUEUE: &str = "presswatch.articles";

#[tokio::main]
async fn main() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let (_, error, status) = output(presswatch().args(["topology", "--broker-url", &url]));
    assert_eq!(status, Some(0), "{error}");
    let connection = Connection::connect(&url, ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
    // what comes out is kept, as for a subscriber
    let mut quorum = FieldTable::default();
    quorum.insert("x-queue-type".into(), lapin::types::AMQPValue::LongString("quorum".into()));
    let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare("out".into(), durable, quorum).await.unwrap();
    let bind = QueueBindOptions::default();
    channel.queue_bind("out".into(), "alerts".into(), "#".into(), bind, FieldTable::default()).await.unwrap();

    let (mut bare, mut worker) = (Vec::new(), Vec::new());
    let mut bytes = 0;
    for round in 0..ROUNDS {
        bytes = fill(&channel, round * 2).await;
        bare.push(bare_loop(&url).await);
        purge(&channel).await;
        fill(&channel, round * 2 + 1).await;
        worker.push(whole_worker(&url));
        purge(&channel).await;
        println!("round {}: bare loop {:.0}/s, worker {:.0}/s", round + 1, bare[round], worker[round]);
    }
    let (bare, worker) = (median(bare), median(worker));
    println!(
        "{ARTICLES} articles of {} bytes: bare loop {bare:.0}/s, worker {worker:.0}/s, ratio {:.2}",
        bytes / ARTICLES,
        worker / bare
    );
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

async fn purge(channel: &Channel) {
    for queue in ["out", QUEUE] {
        channel.queue_purge(queue.into(), lapin::options::QueuePurgeOptions::default()).await.unwrap();
    }
}

/// Puts the articles of a round into the queue, all of them different; gives their bytes.
async fn fill(channel: &Channel, round: usize) -> usize {
    let sizes = stream::iter(0..ARTICLES)
        .map(|n| async move {
            let body = articles::event(round * ARTICLES + n).to_string().into_bytes();
            let properties = BasicProperties::default().with_delivery_mode(2);
            let options = BasicPublishOptions::default();
            let sent = channel.basic_publish("articles".into(), "".into(), options, &body, properties).await;
            assert!(sent.unwrap().await.unwrap().is_ack());
            body.len()
        })
        .buffer_unordered(500);
    sizes.fold(0, |sum, size| async move { sum + size }).await
}

/// Messages a second of a loop that does nothing but pass on: prefetch, pipelined confirms, batched acks.
async fn bare_loop(url: &str) -> f64 {
    let consuming = Connection::connect(url, ConnectionProperties::default()).await.unwrap();
    let publishing = Connection::connect(url, ConnectionProperties::default()).await.unwrap();
    let (input, out) =
        (consuming.create_channel().await.unwrap(), publishing.create_channel().await.unwrap());
    out.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
    input.basic_qos(PREFETCH, BasicQosOptions::default()).await.unwrap();
    let options = BasicConsumeOptions::default();
    let consumer =
        input.basic_consume(QUEUE.into(), "bare".into(), options, FieldTable::default()).await.unwrap();
    let started = Instant::now();
    let confirmed = consumer
        .take(ARTICLES)
        .map(|delivery| {
            let out = out.clone();
            async move {
                let delivery = delivery.unwrap();
                let properties = BasicProperties::default().with_delivery_mode(2);
                let options = BasicPublishOptions::default();
                let sent =
                    out.basic_publish("alerts".into(), "x".into(), options, &delivery.data, properties).await;
                assert!(sent.unwrap().await.unwrap().is_ack());
                delivery.delivery_tag
            }
        })
        .buffered(PREFETCH.into());
    let mut confirmed = std::pin::pin!(confirmed);
    let mut done = 0;
    while let Some(tag) = confirmed.next().await {
        done += 1;
        if done % ACKED_AT_ONCE == 0 || done == ARTICLES as u64 {
            input.basic_ack(tag, BasicAckOptions { multiple: true }).await.unwrap();
        }
    }
    ARTICLES as f64 / started.elapsed().as_secs_f64()
}

/// Articles a second of the real binary, from its first to its last.
fn whole_worker(url: &str) -> f64 {
    let worker = Worker::start(&["--broker-url", url, "--log-level", "warn"]);
    let alerted = || worker.metric("presswatch_articles_total{outcome=\"alerted\"}");
    let (at_start, started) = (alerted(), Instant::now());
    while alerted() < ARTICLES as f64 {
        std::thread::sleep(Duration::from_millis(20));
    }
    let rate = (ARTICLES as f64 - at_start) / started.elapsed().as_secs_f64();
    assert!(worker.stop().0.success());
    rate
}
