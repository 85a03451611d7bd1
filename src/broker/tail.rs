//! The latest alerts, for any number of followers: held once for all of them, however far one is behind.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// Alerts and bytes of them that are held.
const MOST: usize = 1024;
const MOST_BYTES: usize = 8 << 20;

/// An alert as it was published.
#[derive(Debug, Clone)]
pub struct Published {
    /// Counts up.
    pub number: u64,
    /// What a client comes back with as `Last-Event-ID`.
    pub id: String,
    /// Routing keys, parted by spaces.
    pub keys: String,
    /// JSON.
    pub body: Vec<u8>,
}

/// What follows on an alert.
#[derive(Debug)]
pub enum Next {
    /// This one.
    Alert(Arc<Published>),
    /// Some that are held no more; all behind this number are.
    Gone(u64),
    /// Nothing yet.
    None,
}

/// The latest alerts. A follower keeps a number, the last one that it has seen, and nothing else.
#[derive(Debug)]
pub struct Tail {
    inner: Mutex<Inner>,
    grown: watch::Sender<()>,
}

#[derive(Debug)]
struct Inner {
    held: VecDeque<Arc<Published>>,
    bytes: usize,
    /// All behind this number are held.
    from: u64,
}

impl Tail {
    /// Holds what comes behind a number.
    pub fn new(from: u64) -> Self {
        let inner = Inner { held: VecDeque::new(), bytes: 0, from };
        Self { inner: Mutex::new(inner), grown: watch::Sender::new(()) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in alerts with numbers higher than all before.
    pub fn extend(&self, alerts: impl IntoIterator<Item = Published>) {
        let mut inner = self.lock();
        for alert in alerts {
            inner.bytes += alert.body.len();
            inner.held.push_back(Arc::new(alert));
        }
        // the newest stays, however large
        while inner.held.len() > MOST || (inner.bytes > MOST_BYTES && inner.held.len() > 1) {
            let Some(oldest) = inner.held.pop_front() else { break };
            inner.bytes -= oldest.body.len();
            inner.from = oldest.number;
        }
        drop(inner);
        self.grown.send_replace(());
    }

    /// Leaves out numbers: what they stand for was missed.
    pub fn skip(&self, numbers: u64) {
        let mut inner = self.lock();
        let newest = inner.newest();
        *inner = Inner { held: VecDeque::new(), bytes: 0, from: newest + numbers };
        drop(inner);
        self.grown.send_replace(());
    }

    /// What follows on the alert of that number.
    pub fn after(&self, number: u64) -> Next {
        let inner = self.lock();
        if number < inner.from {
            return Next::Gone(inner.from);
        }
        let at = inner.held.partition_point(|alert| alert.number <= number);
        inner.held.get(at).map_or(Next::None, |alert| Next::Alert(Arc::clone(alert)))
    }

    /// The number of the newest.
    pub fn newest(&self) -> u64 {
        self.lock().newest()
    }

    /// The number of the alert with that id, if it is held.
    pub fn number_of(&self, id: &str) -> Option<u64> {
        self.lock().held.iter().rev().find(|alert| alert.id == id).map(|alert| alert.number)
    }

    /// The number behind which come the latest that are wanted, at most so many of them.
    pub fn before_latest(&self, most: usize, wanted: impl Fn(&str) -> bool) -> u64 {
        let inner = self.lock();
        let latest = inner.held.iter().rev().filter(|alert| wanted(&alert.keys)).take(most);
        latest.last().map_or_else(|| inner.newest(), |alert| alert.number - 1)
    }

    /// Changes whenever something was taken in.
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
        assert_eq!(tail.before_latest(2, |key| key == "key.0"), 7);
        assert_eq!(tail.before_latest(1, |key| key == "key.0"), 9);
        assert_eq!(tail.before_latest(5, |key| key == "key.3"), 10);
        tail.extend((11..=2000).map(|n| alert(n, 10)));
        assert!(matches!(tail.after(7), Next::Gone(from) if from == 2000 - MOST as u64));
        tail.extend([alert(2001, MOST_BYTES), alert(2002, 2 * MOST_BYTES)]);
        assert!(matches!(tail.after(2000), Next::Gone(2001)));
        assert!(matches!(tail.after(2001), Next::Alert(a) if a.number == 2002));
        assert!(matches!(tail.after(2002), Next::None));
        tail.skip(5);
        assert!(matches!(tail.after(2002), Next::Gone(2007)));
        assert_eq!(tail.newest(), 2007);
    }
}
