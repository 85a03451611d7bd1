//! A RabbitMQ client for tests that never waits unless asked to.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use futures_util::StreamExt as _;
use lapin::message::BasicGetMessage;
use lapin::options::{
    BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, QueueBindOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use tokio::time::timeout;

/// A connection with a channel in confirm mode.
pub struct Client {
    /// Held because dropping it closes the channel.
    connection: Connection,
    pub channel: Channel,
}

/// Headers with long strings as values.
pub fn headers(pairs: &[(&str, &str)]) -> FieldTable {
    let mut table = FieldTable::default();
    for (name, value) in pairs {
        table.insert((*name).into(), AMQPValue::LongString((*value).into()));
    }
    table
}

impl Client {
    pub async fn connect(url: &str) -> Self {
        Self::try_connect(url).await.expect("the broker is up")
    }

    /// `None` if the broker does not answer within 5 s.
    pub async fn try_connect(url: &str) -> Option<Self> {
        let connection = Connection::connect(url, ConnectionProperties::default());
        let connection = timeout(Duration::from_secs(5), connection).await.ok()?.ok()?;
        let channel = connection.create_channel().await.ok()?;
        channel.confirm_select(ConfirmSelectOptions::default()).await.ok()?;
        Some(Self { connection, channel })
    }

    /// Opens another channel in place of one that the broker closed.
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

    /// Publishes articles in any order and waits for all confirms.
    pub async fn articles(&self, bodies: &[Vec<u8>]) {
        let sent = futures_util::stream::iter(bodies.iter().enumerate()).for_each_concurrent(
            200,
            |(n, body)| async move {
                let id = format!("message-{n}").into();
                self.article(body, BasicProperties::default().with_message_id(id)).await;
            },
        );
        sent.await;
    }

    /// Declares a durable queue and binds it to `alerts`.
    pub async fn bind(&self, queue: &str, key: &str, arguments: FieldTable) {
        self.bind_to(queue, "alerts", &[key], arguments).await;
    }

    /// Declares a durable queue and binds it to an exchange with each of the keys.
    pub async fn bind_to(&self, queue: &str, exchange: &str, keys: &[&str], arguments: FieldTable) {
        let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
        self.channel.queue_declare(queue.into(), durable, arguments).await.unwrap();
        for key in keys {
            self.try_bind(queue, exchange, key).await.unwrap();
        }
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

/// A client that speaks raw AMQP, for messages that lapin can neither write nor read.
pub struct Raw(TcpStream);

/// The properties of a message: their flags, and their values in wire format.
#[derive(Clone)]
pub struct RawProperties(pub u16, pub Vec<u8>);

impl RawProperties {
    pub const CONTENT_TYPE: u16 = 1 << 15;
    pub const HEADERS: u16 = 1 << 13;
    pub const DELIVERY_MODE: u16 = 1 << 12;
    pub const MESSAGE_ID: u16 = 1 << 7;
}

const CHANNEL: u16 = 1;
const FRAME_MAX: usize = 131_072;

/// A short string.
pub fn short(bytes: &[u8]) -> Vec<u8> {
    [&[u8::try_from(bytes.len()).unwrap()], bytes].concat()
}

/// A long string, a table or an array.
pub fn long(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

impl Raw {
    /// Connects to one of our nodes.
    pub fn connect(port: u16) -> Self {
        let mut raw = Self(TcpStream::connect(("127.0.0.1", port)).unwrap());
        raw.0.set_read_timeout(Some(super::PATIENCE)).unwrap();
        raw.0.set_nodelay(true).unwrap();
        raw.0.write_all(b"AMQP\0\0\x09\x01").unwrap();
        raw.expect((10, 10));
        let start = [long(b""), short(b"PLAIN"), long(b"\0guest\0guest"), short(b"en_US")].concat();
        raw.method(0, (10, 11), &start);
        raw.expect((10, 30));
        let limits = u32::try_from(FRAME_MAX).unwrap().to_be_bytes();
        raw.method(0, (10, 31), &[&2047_u16.to_be_bytes()[..], &limits, &[0, 0]].concat());
        raw.method(0, (10, 40), &[short(b"/"), short(b""), vec![0]].concat());
        raw.expect((10, 41));
        raw.method(CHANNEL, (20, 10), &short(b""));
        raw.expect((20, 11));
        raw.method(CHANNEL, (85, 10), &[0]);
        raw.expect((85, 11));
        raw
    }

    /// Publishes an article and waits for the confirm.
    pub fn article(&mut self, body: &[u8], properties: &RawProperties) {
        self.put("articles", "", body, properties);
    }

    /// Publishes a message and waits for the confirm.
    pub fn put(
        &mut self,
        exchange: &str,
        key: impl AsRef<[u8]>,
        body: &[u8],
        RawProperties(flags, properties): &RawProperties,
    ) {
        let (exchange, key) = (short(exchange.as_bytes()), short(key.as_ref()));
        self.method(CHANNEL, (60, 40), &[vec![0, 0], exchange, key, vec![0]].concat());
        let header =
            [&[0, 60, 0, 0][..], &(body.len() as u64).to_be_bytes(), &flags.to_be_bytes(), properties];
        self.frame(2, CHANNEL, &header.concat());
        body.chunks(FRAME_MAX - 8).for_each(|part| self.frame(3, CHANNEL, part));
        self.expect((60, 80));
    }

    /// Number of ready messages in a queue; `None` if the queue does not exist, which ends this connection.
    pub fn ready(&mut self, queue: &str) -> Option<u64> {
        const CLOSED: [u8; 4] = [0, 20, 0, 40];
        const PASSIVE: u8 = 1;
        let arguments = [vec![0, 0], short(queue.as_bytes()), vec![PASSIVE], long(b"")].concat();
        self.method(CHANNEL, (50, 10), &arguments);
        let (_, answer) = self.read();
        if answer[..4] == CLOSED {
            return None;
        }
        assert_eq!(answer[..4], [0, 50, 0, 11], "{queue}: {:?}", String::from_utf8_lossy(&answer));
        let count = 5 + usize::from(answer[4]);
        Some(u32::from_be_bytes(answer[count..count + 4].try_into().unwrap()).into())
    }

    /// Takes the next message from a queue for good; returns its body.
    pub fn get(&mut self, queue: &str) -> Option<Vec<u8>> {
        self.method(CHANNEL, (60, 70), &[vec![0, 0], short(queue.as_bytes()), vec![1]].concat());
        let (_, answer) = self.read();
        if answer[..4] == [0, 60, 0, 72] {
            return None;
        }
        assert_eq!(answer[..4], [0, 60, 0, 71]);
        let (kind, header) = self.read();
        assert_eq!(kind, 2);
        let length = usize::try_from(u64::from_be_bytes(header[4..12].try_into().unwrap())).unwrap();
        let mut body = Vec::new();
        while body.len() < length {
            body.extend(self.read().1);
        }
        Some(body)
    }

    fn method(&mut self, channel: u16, (class, method): (u16, u16), arguments: &[u8]) {
        let payload = [&class.to_be_bytes()[..], &method.to_be_bytes(), arguments].concat();
        self.frame(1, channel, &payload);
    }

    fn frame(&mut self, kind: u8, channel: u16, payload: &[u8]) {
        let frame = [&[kind][..], &channel.to_be_bytes(), &long(payload), &[0xce]].concat();
        self.0.write_all(&frame).unwrap();
    }

    fn read(&mut self) -> (u8, Vec<u8>) {
        let mut start = [0; 7];
        self.0.read_exact(&mut start).unwrap();
        let mut payload = vec![0; u32::from_be_bytes(start[3..].try_into().unwrap()) as usize + 1];
        self.0.read_exact(&mut payload).unwrap();
        payload.pop();
        (start[0], payload)
    }

    fn expect(&mut self, (class, method): (u16, u16)) {
        let (kind, payload) = self.read();
        let want = [class.to_be_bytes(), method.to_be_bytes()].concat();
        assert!(kind == 1 && payload[..4] == want, "{:?}", String::from_utf8_lossy(&payload));
    }
}
