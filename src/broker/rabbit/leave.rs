//! Closing a consuming connection without losing an ack.

use lapin::options::BasicGetOptions;
use lapin::{Channel, Connection};

use super::session::CLOSING;

/// A connection that no longer consumes; acks still go over its channel. The channel is kept because lapin closes a
/// dropped one by itself, and a connection closed meanwhile hangs (seen in one stop out of twenty).
#[derive(Debug)]
pub(super) struct Cancelled {
    pub connection: Connection,
    pub channel: Channel,
    pub queue: String,
}

impl Cancelled {
    /// Closes the connection once everything is settled.
    pub async fn leave(self) {
        // everything is settled: a broker that does not answer now will notice by itself
        if tokio::time::timeout(CLOSING, self.close()).await.is_err() {
            tracing::warn!("the broker did not confirm that the connection was closed");
        }
    }

    /// Closes the connection once the queue has taken all acks.
    ///
    /// While a quorum queue has 32 of its commands unanswered, a RabbitMQ channel holds further acks back
    /// (`quorum_commands_soft_limit`) and forgets them when it is closed: up to 250 articles came again after one stop
    /// out of three under load. A get is answered by the queue itself, after everything sent before it. A message that
    /// it takes is requeued by the close.
    async fn close(self) {
        if let Err(error) = self.channel.basic_get(self.queue.into(), BasicGetOptions::default()).await {
            tracing::warn!(%error, "the queue may not have received the last acks: articles may be redelivered");
        }
        if let Err(error) = self.connection.close(200, "done".into()).await {
            tracing::debug!(%error, "the connection was closed before");
        }
    }
}
