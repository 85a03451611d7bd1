//! Leaving a connection that was consumed over, with nothing settled lost.

use lapin::options::BasicGetOptions;
use lapin::{Channel, Connection};

use super::session::CLOSING;

/// A connection that consumes no more; acks still go over its channel. The channel is kept, since lapin closes one that
/// is dropped by itself, and a connection that is closed meanwhile hangs (seen in one stop of twenty).
#[derive(Debug)]
pub(super) struct Cancelled {
    pub connection: Connection,
    pub channel: Channel,
    pub queue: String,
}

impl Cancelled {
    /// Closes the connection once all is settled.
    pub async fn leave(self) {
        // everything is settled: a broker that does not answer now is left to notice by itself
        if tokio::time::timeout(CLOSING, self.close()).await.is_err() {
            tracing::warn!("the broker did not answer to the close of the connection");
        }
    }

    /// Closes the connection once the queue has taken all acks.
    ///
    /// While 32 of its commands are not answered by a quorum queue, a channel of RabbitMQ keeps further acks to itself
    /// (`quorum_commands_soft_limit`), and forgets them when it is closed: up to 250 articles came again after one stop
    /// in three under load. A get is answered by the queue itself, after all that was sent before. What it may take
    /// goes back with the close.
    async fn close(self) {
        if let Err(error) = self.channel.basic_get(self.queue.into(), BasicGetOptions::default()).await {
            tracing::warn!(%error, "the queue may not have taken the last acks: articles may come again");
        }
        if let Err(error) = self.connection.close(200, "done".into()).await {
            tracing::debug!(%error, "the connection was closed before");
        }
    }
}
