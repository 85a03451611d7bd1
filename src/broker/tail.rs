//! The latest alerts, held once for any number of followers, however far behind each of them is.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// The most alerts, and bytes of alerts, held.
const MOST: usize = 1024;
const MOST_BYTES: usize = 8 << 20;

/// An alert as it was published.
#[derive(Debug, Clone)]
pub struct Published {
    /// Counts up.
    pub number: u64,
    /// The id a client sends back as `Last-Event-ID`.
    pub id: String,
    /// Routing keys, separated by spaces.
    pub keys: String,
    /// JSON.
    pub body: Vec<u8>,
}

/// Alerts, or notices, published after a given one.
#[derive(Debug, Default)]
pub struct Newer {
    /// The wanted ones, oldest first.
    pub alerts: Vec<Published>,
    /// The number up to which the log was read.
    pub reached: u64,
    /// How many alerts after the given number are no longer kept.
    pub gone: u64,
}

/// Past alerts, searched backwards in time.
#[derive(Debug, Default)]
pub struct Older {
    /// The wanted ones, newest first.
    pub alerts: Vec<Published>,
    /// The lowest number examined; older alerts are below it.
    pub reached: u64,
    /// How many were examined.
    pub looked_at: usize,
    /// Whether there are none below.
    pub ended: bool,
}

/// What comes after a given alert.
#[derive(Debug)]
pub enum Next {
    /// This one.
    Alert(Arc<Published>),
    /// Some that are no longer held; all after this number are.
    Gone(u64),
    /// Nothing yet.
    None,
}

/// The latest alerts. A follower keeps only the number of the last one it has seen.
#[derive(Debug)]
pub struct Tail {
    inner: Mutex<Inner>,
    grown: watch::Sender<()>,
}

#[derive(Debug)]
struct Inner {
    held: VecDeque<Arc<Published>>,
    bytes: usize,
    /// All after this number are held.
    from: u64,
}

impl Tail {
    /// A tail that holds what comes after a number.
    pub fn new(from: u64) -> Self {
        let inner = Inner { held: VecDeque::new(), bytes: 0, from };
        Self { inner: Mutex::new(inner), grown: watch::Sender::new(()) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds alerts with numbers higher than all before.
    pub fn extend(&self, alerts: impl IntoIterator<Item = Published>) {
        let mut inner = self.lock();
        for alert in alerts {
            inner.bytes += alert.body.len();
            inner.held.push_back(Arc::new(alert));
        }
        // keep the newest, however large
        while inner.held.len() > MOST || (inner.bytes > MOST_BYTES && inner.held.len() > 1) {
            let Some(oldest) = inner.held.pop_front() else { break };
            inner.bytes -= oldest.body.len();
            inner.from = oldest.number;
        }
        drop(inner);
        self.grown.send_replace(());
    }

    /// Skips numbers whose alerts were missed.
    pub fn skip(&self, numbers: u64) {
        let mut inner = self.lock();
        let newest = inner.newest();
        *inner = Inner { held: VecDeque::new(), bytes: 0, from: newest + numbers };
        drop(inner);
        self.grown.send_replace(());
    }

    /// Drops everything, and from now on holds what comes after `from`, even if that is lower than the newest.
    pub fn restart(&self, from: u64) {
        *self.lock() = Inner { held: VecDeque::new(), bytes: 0, from };
        self.grown.send_replace(());
    }

    /// Everything held, oldest first.
    pub fn held(&self) -> Vec<Arc<Published>> {
        self.lock().held.iter().cloned().collect()
    }

    /// What comes after the alert with that number.
    pub fn after(&self, number: u64) -> Next {
        let inner = self.lock();
        if number < inner.from {
            return Next::Gone(inner.from);
        }
        let at = inner.held.partition_point(|alert| alert.number <= number);
        inner.held.get(at).map_or(Next::None, |alert| Next::Alert(Arc::clone(alert)))
    }

    /// The number of the newest alert.
    pub fn newest(&self) -> u64 {
        self.lock().newest()
    }

    /// The number of the alert with that id, if it is held.
    pub fn number_of(&self, id: &str) -> Option<u64> {
        self.lock().held.iter().rev().find(|alert| alert.id == id).map(|alert| alert.number)
    }

    /// Changes whenever alerts were added.
    pub fn grown(&self) -> watch::Receiver<()> {
        self.grown.subscribe()
    }
}

impl Inner {
    fn newest(&self) -> u64 {
        self.held.back().map_or(self.from, |alert| alert.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(number: u64, bytes: usize) -> Published {
        Published {
            number,
            id: format!("id-{number}"),
            keys: format!("key.{}", number % 2),
            body: vec![b' '; bytes],
        }
    }

    #[test]
    fn it_is_bounded_by_number_and_bytes_and_tells_what_is_gone() {
        let tail = Tail::new(7);
        assert_eq!(tail.newest(), 7);
        assert!(matches!(tail.after(7), Next::None));
        assert!(matches!(tail.after(3), Next::Gone(7)));
        tail.extend((8..=10).map(|n| alert(n, 10)));
        assert!(matches!(tail.after(8), Next::Alert(a) if a.number == 9));
        assert_eq!((tail.number_of("id-9"), tail.number_of("id-7")), (Some(9), None));
        tail.extend((11..=2000).map(|n| alert(n, 10)));
        assert!(matches!(tail.after(7), Next::Gone(from) if from == 2000 - MOST as u64));
        tail.extend([alert(2001, MOST_BYTES), alert(2002, 2 * MOST_BYTES)]);
        assert!(matches!(tail.after(2000), Next::Gone(2001)));
        assert!(matches!(tail.after(2001), Next::Alert(a) if a.number == 2002));
        assert!(matches!(tail.after(2002), Next::None));
        tail.skip(5);
        assert!(matches!(tail.after(2002), Next::Gone(2007)));
        assert_eq!(tail.newest(), 2007);
        tail.restart(4);
        tail.extend([alert(5, 10)]);
        assert!(matches!(tail.after(3), Next::Gone(4)));
        assert_eq!((tail.newest(), tail.held().len()), (5, 1));
    }
}
