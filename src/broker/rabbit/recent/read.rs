//! Reads past alerts from the stream, which can be read forward from any offset, so backwards only block by block.

use std::time::Duration;

use futures_util::StreamExt as _;
use jiff::Timestamp;
use lapin::options::BasicAckOptions;
use lapin::types::AMQPValue;

use super::super::session::lost;
use super::{ACKED, Recent, place, published};
use crate::broker::BrokerError;
use crate::broker::tail::{Newer, Older, Published};
use crate::broker::wanted::{Look, Wanted};

/// Alerts read at once on the way back in time: the first time, and at most.
const BLOCK: (u64, u64) = (64, 512);

/// A search pauses after this many alerts, or bytes of them.
const LOOKED_AT: usize = 4096;
const SEARCHED: usize = 16 << 20;

/// A follower's page ends after this many wanted alerts, bytes of them, or examined alerts.
const PAGE_ALERTS: usize = 100;
const PAGE_BYTES: usize = 256 << 10;
const PAGE_LOOKED_AT: u64 = 2000;

/// The most alerts examined to find one by id.
const LOOKED_FOR: usize = 50_000;

/// After this long a silence there is nothing more to read.
const SILENCE: Duration = Duration::from_secs(3);

/// The most alerts that may lie between a retried one and those received with it.
const RETRIED: u64 = 1000;

impl Recent {
    /// Passes the alerts from an offset to `visit`, oldest first, until it has enough or no more come.
    async fn read(
        &self,
        from: AMQPValue,
        mut visit: impl FnMut(Published) -> bool,
    ) -> Result<(), BrokerError> {
        let server = &self.shared.server;
        let connection = self.reading().clone();
        let Some(connection) = connection else {
            return Err(BrokerError::Connection("the stream of recent alerts is not connected".to_owned()));
        };
        let channel = server.answer(connection.create_channel()).await?;
        let mut consumer = self.consume(&channel, from).await?;
        let mut seen = 0;
        while let Ok(Some(delivery)) = tokio::time::timeout(SILENCE, consumer.next()).await {
            let delivery = delivery.map_err(lost)?;
            seen += 1;
            if seen % ACKED == 0 {
                server.answer(delivery.acker.ack(BasicAckOptions { multiple: true })).await?;
            }
            if published(delivery).is_some_and(|alert| !visit(alert)) {
                break;
            }
        }
        // closing the channel discards what was sent ahead
        server.answer(channel.close(200, "done".into())).await
    }

    /// A page of the alerts after a number whose keys are wanted, oldest first.
    pub async fn alerts_after(&self, number: u64, wanted: &Wanted) -> Result<Newer, BrokerError> {
        let _place = self.shared.readings.acquire().await;
        let last = self.tail().newest().min(number + PAGE_LOOKED_AT);
        let (mut page, mut bytes) = (Newer { reached: number, ..Newer::default() }, 0);
        if last <= number {
            return Ok(page);
        }
        let visit = |alert: Published| {
            if page.reached == number {
                page.gone = alert.number - (number + 1);
            }
            page.reached = alert.number;
            if wanted.by_keys(&alert.keys) {
                bytes += alert.body.len();
                page.alerts.push(alert);
            }
            page.reached < last && page.alerts.len() < PAGE_ALERTS && bytes < PAGE_BYTES
        };
        self.read(place(number), visit).await?;
        Ok(page)
    }

    /// The latest wanted alerts below a number, up to `most`, as far as one search reaches.
    pub async fn alerts_before(
        &self,
        number: u64,
        most: usize,
        wanted: &Wanted,
    ) -> Result<Older, BrokerError> {
        let _place = self.shared.readings.acquire().await;
        let top = number.min(self.tail().newest() + 1);
        let mut older = Older { reached: top, ended: top <= 1, ..Older::default() };
        let (mut bytes, mut length) = (0, BLOCK.0);
        while !older.ended && older.alerts.len() < most && older.looked_at < LOOKED_AT && bytes < SEARCHED {
            let block = self.block(older.reached, length).await?;
            older.ended = block.is_empty();
            for alert in block.into_iter().rev() {
                if older.alerts.len() == most {
                    break;
                }
                older.reached = alert.number;
                older.looked_at += 1;
                older.ended = alert.number == 1;
                bytes += alert.body.len();
                let look =
                    if wanted.by_keys(&alert.keys) { wanted.by_body(&alert.body) } else { Look::Leave };
                match look {
                    Look::Take => older.alerts.push(alert),
                    Look::Leave => {}
                    Look::End => {
                        older.ended = true;
                        break;
                    }
                }
            }
            length = (length * 2).min(BLOCK.1);
        }
        Ok(older)
    }

    /// Some of the latest alerts below a number, oldest first; empty if the stream keeps none.
    async fn block(&self, below: u64, length: u64) -> Result<Vec<Published>, BrokerError> {
        let first = below.saturating_sub(length).max(1);
        let mut block = Vec::new();
        if first < below {
            // if the stream begins later, it is read from its beginning
            let visit = |alert: Published| {
                let more = alert.number + 1 < below;
                if alert.number < below {
                    block.push(alert);
                }
                more
            };
            self.read(place(first - 1), visit).await?;
        }
        Ok(block)
    }

    /// The alert with an id, if the stream has it and not too far back; `near` is its number if known.
    pub async fn alert(&self, id: &str, near: Option<u64>) -> Result<Option<Published>, BrokerError> {
        let _place = self.shared.readings.acquire().await;
        let (mut below, mut looked_at) = (self.tail().newest() + 1, 0);
        if let Some(number) = near.filter(|number| (1..below).contains(number)) {
            let found = self.block(number + 1, 1).await?;
            if let Some(alert) = found.into_iter().find(|alert| is_of(alert, id)) {
                return Ok(Some(alert));
            }
        }
        while looked_at < LOOKED_FOR {
            let block = self.block(below, BLOCK.1).await?;
            let Some(first) = block.first() else { break };
            (below, looked_at) = (first.number, looked_at + block.len());
            if let Some(alert) = block.into_iter().find(|alert| is_of(alert, id)) {
                return Ok(Some(alert));
            }
        }
        Ok(None)
    }

    /// A number below which are all alerts whose articles were received before `time`, and few others.
    pub async fn number_at(&self, time: Timestamp) -> Result<u64, BrokerError> {
        let _place = self.shared.readings.acquire().await;
        let mut number = self.tail().newest() + 1;
        let Ok(seconds) = u64::try_from(time.as_second()) else { return Ok(1) };
        // the stream knows when alerts were appended, and seeks to the start of the chunk they were appended in
        let visit = |alert: Published| {
            number = alert.number;
            false
        };
        self.read(AMQPValue::Timestamp(seconds), visit).await?;
        Ok(number + RETRIED)
    }
}

/// Whether an alert has that id, read from its first fields.
fn is_of(alert: &Published, id: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Id<'a> {
        #[serde(borrow)]
        id: std::borrow::Cow<'a, str>,
    }
    serde_json::from_slice::<Id<'_>>(&alert.body).is_ok_and(|alert| alert.id == id)
}
