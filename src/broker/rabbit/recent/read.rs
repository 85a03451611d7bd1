//! The past in the stream of recent alerts: read forward from any place, so back in time block by block.

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

/// Alerts that are read at once on the way back in time: the first time, and at most.
const BLOCK: (u64, u64) = (64, 512);

/// Alerts, and bytes of them, after which a search ends for the moment.
const LOOKED_AT: usize = 4096;
const SEARCHED: usize = 16 << 20;

/// Wanted alerts after which a page for a follower ends, bytes of them, and alerts that are looked at for them.
const PAGE_ALERTS: usize = 100;
const PAGE_BYTES: usize = 256 << 10;
const PAGE_LOOKED_AT: u64 = 2000;

/// Alerts that are looked through for one of an id.
const LOOKED_FOR: usize = 50_000;

/// After so much silence there is nothing more to be read.
const SILENCE: Duration = Duration::from_secs(3);

/// How many alerts may be between one that was retried and those that came in with it.
const RETRIED: u64 = 1000;

impl Recent {
    /// Hands the alerts from a place on to `visit`, oldest first, until it has enough or no more come.
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
        // what was sent ahead goes with the channel
        server.answer(channel.close(200, "done".into())).await
    }

    /// A page of the alerts behind a number that are wanted by their keys, oldest first.
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

    /// The latest alerts below a number that are wanted, at most so many, as far as they are found at once.
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

    /// The alerts below a number, some of the latest of them, oldest first; none if the stream keeps none.
    async fn block(&self, below: u64, length: u64) -> Result<Vec<Published>, BrokerError> {
        let first = below.saturating_sub(length).max(1);
        let mut block = Vec::new();
        if first < below {
            // where the stream begins later, it is read from its beginning
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

    /// The alert of an id, if the stream has it, and not too far back; `near` is its number if that is known.
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

    /// A number below which are all alerts whose articles came in before a time, but few more.
    pub async fn number_at(&self, time: Timestamp) -> Result<u64, BrokerError> {
        let _place = self.shared.readings.acquire().await;
        let mut number = self.tail().newest() + 1;
        let Ok(seconds) = u64::try_from(time.as_second()) else { return Ok(1) };
        // the stream knows when alerts were added to it, and gives the beginning of those that were added together
        let visit = |alert: Published| {
            number = alert.number;
            false
        };
        self.read(AMQPValue::Timestamp(seconds), visit).await?;
        Ok(number + RETRIED)
    }
}

/// Whether an alert has an id, as it stands among its first fields.
fn is_of(alert: &Published, id: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Id<'a> {
        #[serde(borrow)]
        id: std::borrow::Cow<'a, str>,
    }
    serde_json::from_slice::<Id<'_>>(&alert.body).is_ok_and(|alert| alert.id == id)
}
