//! Prints the alerts with some keys: `cargo run --example subscribe -- NAME KEY…` (`AMQP_URL` is the broker's URL).
//!
//! Choose a NAME and keep it, so that its queue collects alerts while this program is not running.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what it does")]

use std::collections::{HashSet, VecDeque};

use anyhow::Context as _;
use futures_util::StreamExt as _;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicQosOptions, QueueBindOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Connection, ConnectionProperties};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().context("usage: subscribe NAME KEY…")?;
    let url = std::env::var("AMQP_URL")
        .unwrap_or_else(|_| "amqp://subscriber:subscriber-demo@127.0.0.1:5672/%2f".to_owned());
    let connection = Connection::connect(&url, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;

    let queue = format!("subscriber.{name}");
    let mut kind = FieldTable::default();
    kind.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(queue.as_str().into(), durable, kind).await?;
    for key in arguments {
        let options = QueueBindOptions::default();
        channel
            .queue_bind(queue.as_str().into(), "alerts".into(), key.into(), options, FieldTable::default())
            .await?;
    }
    channel.basic_qos(50, BasicQosOptions::default()).await?;
    let options = BasicConsumeOptions::default();
    let mut deliveries =
        channel.basic_consume(queue.as_str().into(), "".into(), options, FieldTable::default()).await?;
    eprintln!("listening on {queue}");

    // delivery is at least once: an alert seen before has the same id
    let (mut seen, mut order) = (HashSet::new(), VecDeque::new());
    while let Some(delivery) = deliveries.next().await {
        let delivery = delivery?;
        let id = delivery.properties.message_id().as_ref().map(ToString::to_string);
        if seen.insert(id.clone()) {
            order.push_back(id.clone());
            if order.len() > 10_000 {
                order.pop_front().map(|oldest| seen.remove(&oldest));
            }
            let alert: Value = serde_json::from_slice(&delivery.data)?;
            println!("{}", summary(id.as_ref(), &alert["data"]));
        }
        // only now: an acked message is gone
        delivery.acker.ack(BasicAckOptions::default()).await?;
    }
    anyhow::bail!("the queue was deleted")
}

fn summary(id: Option<&String>, article: &Value) -> Value {
    let each = |field: &str, wanted: fn(&Value) -> bool, shown: fn(&Value) -> Value| -> Vec<Value> {
        article[field].as_array().into_iter().flatten().filter(|tag| wanted(tag)).map(shown).collect()
    };
    json!({
        "id": id,
        "title": article["title"],
        "countries": each("countries", |c| c["focus"] == true, |c| c["code"].clone()),
        "topics": each("topics", |_| true, |t| t["name"].clone()),
        "said": each("officials", |o| o["citation"] != "mentioned", |o| {
            format!("{} ({})", o["name"].as_str().unwrap_or("?"), o["citation"].as_str().unwrap_or("?")).into()
        }),
    })
}
