//! Remembers recently confirmed alerts and those being published, to recognize a redelivery.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};

use rustc_hash::FxHashSet;
use tokio::sync::Notify;

/// Ids of alerts: a bounded set of confirmed ones, oldest evicted first, and those being published.
#[derive(Debug)]
pub(super) struct Recent {
    capacity: usize,
    inner: Mutex<Inner>,
    /// Notified whenever a publish has ended.
    ended: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    order: VecDeque<String>,
    confirmed: FxHashSet<String>,
    publishing: FxHashSet<String>,
    /// Those of them that were returned as unroutable.
    unrouted: FxHashSet<String>,
}

/// The right to publish an alert; others that come with the same alert wait for its end.
#[derive(Debug)]
pub(super) struct Claim<'r> {
    recent: &'r Recent,
    id: String,
}

impl Recent {
    pub fn new(capacity: usize) -> Self {
        Self { capacity, inner: Mutex::default(), ended: Notify::new() }
    }

    /// The right to publish an alert, once nobody else is publishing it; `None` if it is confirmed.
    pub async fn claim(&self, id: &str) -> Option<Claim<'_>> {
        loop {
            let ended = self.ended.notified();
            {
                let mut inner = self.lock();
                if inner.confirmed.contains(id) {
                    return None;
                }
                if inner.publishing.insert(id.to_owned()) {
                    return Some(Claim { recent: self, id: id.to_owned() });
                }
            }
            ended.await;
        }
    }

    /// Records that an alert was unroutable: it is to be published again next time. Its own confirm may still be
    /// pending.
    pub fn forget(&self, id: &str) {
        let mut inner = self.lock();
        if inner.publishing.contains(id) {
            inner.unrouted.insert(id.to_owned());
        } else if inner.confirmed.remove(id) {
            // rare: a return is usually noticed with the confirm of the same alert
            inner.order.retain(|other| other != id);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("nothing panics while it is held")
    }
}

impl Claim<'_> {
    /// Remembers the alert as confirmed, unless it was unroutable.
    pub fn confirmed(self) {
        let mut inner = self.recent.lock();
        if !inner.unrouted.contains(&self.id) && inner.confirmed.insert(self.id.clone()) {
            inner.order.push_back(self.id.clone());
            if inner.order.len() > self.recent.capacity
                && let Some(oldest) = inner.order.pop_front()
            {
                inner.confirmed.remove(&oldest);
            }
        }
        // dropping the claim takes the lock again
        drop(inner);
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let mut inner = self.recent.lock();
        inner.publishing.remove(&self.id);
        inner.unrouted.remove(&self.id);
        drop(inner);
        self.recent.ended.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn forgets_the_oldest_first() {
        let recent = Recent::new(2);
        for id in ["a", "b", "c"] {
            recent.claim(id).await.unwrap().confirmed();
        }
        assert!(recent.claim("a").await.is_some());
        assert!(recent.claim("b").await.is_none());
        assert!(recent.claim("c").await.is_none());
    }

    #[tokio::test]
    async fn what_nobody_is_bound_for_is_news_again() {
        let recent = Recent::new(2);
        let claim = recent.claim("a").await.unwrap();
        recent.forget("a");
        claim.confirmed();
        // returned with the confirm of another, after its own
        recent.claim("a").await.unwrap().confirmed();
        recent.claim("b").await.unwrap().confirmed();
        recent.forget("a");
        recent.forget("unknown");
        recent.claim("a").await.unwrap().confirmed();
        assert!(recent.claim("a").await.is_none());
        assert!(recent.claim("b").await.is_none());
    }

    #[tokio::test]
    async fn the_second_waits_for_the_first() {
        let recent = Recent::new(2);
        let first = recent.claim("a").await.unwrap();
        let second = tokio::join!(recent.claim("a"), async {
            tokio::task::yield_now().await;
            first.confirmed();
        });
        assert!(second.0.is_none());
        // after a failed one the next may go
        let first = recent.claim("b").await.unwrap();
        let second = tokio::join!(recent.claim("b"), async {
            tokio::task::yield_now().await;
            drop(first);
        });
        assert!(second.0.is_some());
    }
}
