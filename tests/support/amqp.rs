//! A RabbitMQ client for tests, without waiting for anything that they do not ask for.

use lapin::message::BasicGetMessage;
use lapin::options::{
    BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, QueueBindOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};

/// A connection with a channel that confirms.
pub struct Client {
    /// Held because dropping it closes the channel.
    connection: Connection,
    pub channel: Channel,
}

/// Headers with long strings.
pub fn headers(pairs: &[(&str, &str)]) -> FieldTable {
    let mut table = FieldTable::default();
    for (name, value) in pairs {
        table.insert((*name).into(), AMQPValue::LongString((*value).into()));
    }
    table
}

impl Client {
    pub async fn connect(url: &str) -> Self {
        let connection = Connection::connect(url, ConnectionProperties::default()).await.unwrap();
        let channel = connection.create_channel().await.unwrap();
        channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
        Self { connection, channel }
    }

    /// Another channel in the place of one that the broker closed.
    pub async fn reopen(&mut self) {
        self.channel = self.connection.create_channel().await.unwrap();
    }

    /// Publishes an article and waits for the confirm.
    pub async fn article(&self, body: &[u8], properties: BasicProperties) {
        let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let properties = properties.with_delivery_mode(2);
        let sent = self.channel.basic_publish("articles".into(), "".into(), options, body, properties).await;
        let confirm = sent.unwrap().await.unwrap();
        assert!(confirm.is_ack() && confirm.take_message().is_none(), "an article that no queue took");
    }

    /// Declares a durable queue and binds it to `alerts`.
    pub async fn bind(&self, queue: &str, key: &str, arguments: FieldTable) {
        let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
        self.channel.queue_declare(queue.into(), durable, arguments).await.unwrap();
        self.try_bind(queue, "alerts", key).await.unwrap();
    }

    /// Binds a queue.
    pub async fn try_bind(&self, queue: &str, exchange: &str, key: &str) -> lapin::Result<()> {
        let (options, none) = (QueueBindOptions::default(), FieldTable::default());
        self.channel.queue_bind(queue.into(), exchange.into(), key.into(), options, none).await
    }

    /// Takes the next message from a queue, for good.
    pub async fn get(&self, queue: &str) -> Option<BasicGetMessage> {
        self.channel.basic_get(queue.into(), BasicGetOptions { no_ack: true }).await.unwrap()
    }

    /// Takes all messages from a queue.
    pub async fn drain(&self, queue: &str) -> Vec<BasicGetMessage> {
        let mut out = Vec::new();
        while let Some(message) = self.get(queue).await {
            out.push(message);
        }
        out
    }
}
