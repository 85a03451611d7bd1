//! Acks in batches: up to the highest delivery tag below which everything is finished.
//!
//! One ack per message halves the throughput (measured: 16 against 27 thousand a second), and an ack with `multiple`
//! covers all lower tags, so it may only go as far as everything is finished.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use lapin::Channel;
use lapin::options::{BasicAckOptions, BasicNackOptions};

use super::session::lost;
use crate::broker::BrokerError;

/// The tags of one channel.
#[derive(Debug)]
pub(super) struct Acks {
    channel: Channel,
    within: Duration,
    tags: Mutex<Tags>,
}

#[derive(Debug, Default)]
struct Tags {
    /// All tags up to this one are finished.
    finished: u64,
    /// Finished ones above a gap, and whether they are to be acked.
    beyond: BTreeMap<u64, bool>,
    /// The highest tag up to `finished` that is to be acked: the broker knows no others, and closes the channel on an
    /// ack for a requeued one.
    ackable: u64,
    /// All tags up to this one are acked, or about to be.
    acked: u64,
    /// A task is about to ack.
    busy: bool,
}

impl Tags {
    fn finish(&mut self, tag: u64, to_ack: bool) {
        self.beyond.insert(tag, to_ack);
        while let Some(to_ack) = self.beyond.remove(&(self.finished + 1)) {
            self.finished += 1;
            if to_ack {
                self.ackable = self.finished;
            }
        }
    }

    /// The tag to ack up to, if any.
    fn due(&mut self) -> Option<u64> {
        (self.ackable > self.acked).then(|| {
            self.acked = self.ackable;
            self.acked
        })
    }
}

impl Acks {
    /// `within` limits the time that writing one ack may take.
    pub fn new(channel: Channel, within: Duration) -> Self {
        Self { channel, within, tags: Mutex::default() }
    }

    /// Requeues a delivery.
    pub async fn give_back(&self, tag: u64) -> Result<(), BrokerError> {
        // from 4.3 on brokers count a reject against the delivery limit, but not a nack
        let options = BasicNackOptions { requeue: true, multiple: false };
        self.channel.basic_nack(tag, options).await.map_err(lost)?;
        // only now: an ack that covers it must not be sent first
        self.finish_tag(tag, false).await
    }

    /// Marks a tag as finished and makes sure that it is acked: by this call, or by one under way.
    pub async fn finish(&self, tag: u64) -> Result<(), BrokerError> {
        self.finish_tag(tag, true).await
    }

    async fn finish_tag(&self, tag: u64, to_ack: bool) -> Result<(), BrokerError> {
        {
            let mut tags = self.lock();
            tags.finish(tag, to_ack);
            if tags.busy || tags.ackable == tags.acked {
                return Ok(());
            }
            tags.busy = true;
        }
        // let others that are ready now join this ack
        tokio::task::yield_now().await;
        loop {
            let due = {
                let mut tags = self.lock();
                let due = tags.due();
                tags.busy = due.is_some();
                due
            };
            let Some(due) = due else { return Ok(()) };
            if let Err(error) = self.ack(due).await {
                self.lock().busy = false;
                return Err(error);
            }
        }
    }

    /// Whether all tags up to this one are finished, and acked where they are to be.
    pub fn are_done(&self, newest: u64) -> bool {
        let tags = self.lock();
        tags.finished >= newest && tags.acked == tags.ackable && !tags.busy
    }

    /// Whether the channel these tags belong to is still open.
    pub fn is_open(&self) -> bool {
        self.channel.status().connected()
    }

    async fn ack(&self, tag: u64) -> Result<(), BrokerError> {
        let ack = self.channel.basic_ack(tag, BasicAckOptions { multiple: true });
        match tokio::time::timeout(self.within, ack).await {
            Ok(answer) => answer.map_err(lost),
            Err(_) => Err(BrokerError::Timeout(self.within)),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Tags> {
        self.tags.lock().expect("nothing panics while it is held")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_ack_covers_no_unfinished_tag_and_is_for_none_that_was_returned(
            order in Just((1..=60u64).collect::<Vec<_>>()).prop_shuffle(),
            returned in proptest::collection::btree_set(1..=60u64, 0..30),
        ) {
            let mut tags = Tags::default();
            let mut done = BTreeSet::new();
            for tag in order {
                tags.finish(tag, !returned.contains(&tag));
                done.insert(tag);
                if let Some(due) = tags.due() {
                    prop_assert!((1..=due).all(|t| done.contains(&t)), "{due} of {done:?}");
                    prop_assert!(!returned.contains(&due), "{due} was returned");
                }
            }
            prop_assert_eq!(tags.acked, (1..=60).rev().find(|t| !returned.contains(t)).unwrap());
        }
    }
}
