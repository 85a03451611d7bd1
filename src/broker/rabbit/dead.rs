//! The dead letter queue, for people: list, replay and discard its messages.

use std::sync::Arc;

use lapin::options::{BasicAckOptions, BasicGetOptions};
use lapin::{BasicProperties, Channel, Connection};

use super::message;
use super::publish::Publisher;
use super::readable::Mended;
use super::session::Server;
use super::topology::Names;
use crate::broker::{BrokerError, Dead, Reason};

/// Settles a dead letter while the queue is being looked through.
#[derive(Debug)]
pub struct Handle {
    properties: BasicProperties,
    tag: u64,
}

/// The dead letter queue being looked through. Messages stay in it unless replayed or discarded: they are requeued when
/// this is closed.
#[derive(Debug)]
pub struct DeadLetters {
    server: Arc<Server>,
    connection: Connection,
    channel: Channel,
    mended: Mended,
    names: Names,
}

impl DeadLetters {
    /// Connects.
    pub async fn open(server: Arc<Server>, names: Names) -> Result<Self, BrokerError> {
        // messages that lapin can't read end up here: one of them must not hide the others
        let (connection, mended) = server.connect_readable("presswatch dead").await?;
        let channel = server.answer(connection.create_channel()).await?;
        Ok(Self { server, connection, channel, mended, names })
    }

    /// The next dead letter, oldest first; `None` at the end of the queue.
    pub async fn next(&self) -> Result<Option<Dead<Handle>>, BrokerError> {
        let get = self.channel.basic_get(self.names.dead.as_str().into(), BasicGetOptions::default());
        let Some(message) = self.server.answer(get).await? else { return Ok(None) };
        let delivery = message.delivery;
        let properties = delivery.properties;
        let text = |name| message::text_header(&properties, name);
        let of_broker = text("x-first-death-reason");
        let (reason, error) = match (text(message::REASON), self.mended.take(delivery.delivery_tag)) {
            (Some(reason), _) => (reason, text(message::ERROR).unwrap_or_default()),
            // the broker dead-lettered it before a worker did
            (None, Some(what)) => {
                let by = of_broker.map_or_else(String::new, |reason| format!(" ({reason})"));
                (Reason::UNREADABLE.as_str().to_owned(), format!("{what}{by}"))
            }
            (None, None) => (of_broker.unwrap_or_else(|| "unknown".to_owned()), String::new()),
        };
        Ok(Some(Dead {
            reason,
            error,
            attempts: message::attempts(&properties),
            first_seen: text(message::FIRST_SEEN).and_then(|t| t.parse().ok()),
            content_type: properties.content_type().as_ref().map(|t| t.as_str().to_owned()),
            body: delivery.data,
            behind: message.message_count.into(),
            place: Handle { properties, tag: delivery.delivery_tag },
        }))
    }

    /// Replays an article: it leaves the dead letter queue only after the article queue has confirmed it.
    pub async fn replay(
        &self,
        handle: &Handle,
        body: &[u8],
        publisher: &Publisher,
    ) -> Result<(), BrokerError> {
        let properties = message::of_replay(&handle.properties);
        publisher.put("", &self.names.queue, body, properties).await?;
        self.server.answer(self.channel.basic_ack(handle.tag, BasicAckOptions::default())).await
    }

    /// Removes an article for good.
    pub async fn discard(&self, handle: &Handle) -> Result<(), BrokerError> {
        self.server.answer(self.channel.basic_ack(handle.tag, BasicAckOptions::default())).await
    }

    /// Closes the connection; what was not replayed or discarded is requeued.
    pub async fn close(self) -> Result<(), BrokerError> {
        // closing waits for the broker, so earlier acks are carried out
        self.server.answer(self.connection.close(200, "done".into())).await
    }
}
