//! Counts bytes held in memory, up to a limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// The bytes held now. Only one task takes shares, and only that task waits for room.
#[derive(Debug)]
pub(crate) struct Held {
    bytes: AtomicUsize,
    limit: usize,
    freed: Notify,
}

/// A number of held bytes, released on drop.
#[derive(Debug)]
pub(crate) struct Share {
    held: Arc<Held>,
    bytes: usize,
}

impl Held {
    pub fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { bytes: AtomicUsize::new(0), limit, freed: Notify::new() })
    }

    /// Room for `bytes`; `None` if there is not enough. A share larger than the limit is granted while nothing else is
    /// held.
    pub fn take(self: &Arc<Self>, bytes: usize) -> Option<Share> {
        // only one task takes, so between the check and the addition only an existing share can grow
        let held = self.bytes.load(Ordering::Relaxed);
        if held > 0 && held + bytes > self.limit {
            return None;
        }
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        Some(Share { held: Arc::clone(self), bytes })
    }

    /// Like [`Self::take`], but waits until there is room.
    pub async fn room(self: &Arc<Self>, bytes: usize) -> Share {
        loop {
            let freed = self.freed.notified();
            if let Some(share) = self.take(bytes) {
                return share;
            }
            freed.await;
        }
    }

    /// Waits until half of the room is free.
    pub async fn half_free(&self) {
        loop {
            let freed = self.freed.notified();
            if self.bytes.load(Ordering::Relaxed) <= self.limit / 2 {
                return;
            }
            freed.await;
        }
    }
}

impl Share {
    /// Counts more bytes that are already in memory, which leaves less room for what comes next.
    pub fn grow(&mut self, bytes: usize) {
        self.bytes += bytes;
        self.held.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.held.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
        self.held.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn room_is_given_back() {
        let held = Held::new(100);
        let (first, second) = (held.take(60).unwrap(), held.take(40).unwrap());
        assert!(held.take(1).is_none());
        drop(second);
        let waiting = tokio::join!(held.half_free(), async {
            tokio::task::yield_now().await;
            drop(first);
        });
        assert_eq!(waiting, ((), ()));
        let mut all = held.take(1000).expect("alone, it may be larger than all room");
        all.grow(10);
        let waiting = tokio::join!(held.room(100), async {
            tokio::task::yield_now().await;
            drop(all);
        });
        assert!(held.take(1).is_none());
        drop(waiting);
        assert!(held.take(100).is_some());
    }
}
