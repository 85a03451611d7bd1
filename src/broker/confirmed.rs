//! What this process published and the broker confirmed, for those who listen in the same process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use tokio::sync::broadcast;

use crate::alert::{Kind, RoutingKey};
use crate::pipeline::Alerted;
use crate::watch::matched::{Matched, Seen};

/// Cloned for each who publishes or listens.
#[derive(Debug, Clone)]
pub struct Confirmed {
    alerts: broadcast::Sender<Arc<Alerted>>,
    /// Matches of watches that have an owner. Nothing else is kept of a notice: it is for its owner alone.
    owned: Arc<Mutex<Matched>>,
}

impl Confirmed {
    /// `buffer`: alerts by which a listener may lag.
    pub fn new(buffer: usize) -> Self {
        let owned = Matched::new(Timestamp::now());
        Self { alerts: broadcast::channel(buffer).0, owned: Arc::new(Mutex::new(owned)) }
    }

    /// An alert was confirmed.
    pub fn alert(&self, alert: Alerted) {
        // an error means that nobody listens
        let _ = self.alerts.send(Arc::new(alert));
    }

    /// Alerts from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Alerted>> {
        self.alerts.subscribe()
    }

    /// A notice with these keys was confirmed, of an article that came in at `when`.
    pub fn notice<'k>(&self, keys: impl IntoIterator<Item = &'k str>, when: Timestamp) {
        let mut owned = self.owned();
        for id in keys.into_iter().filter_map(|key| RoutingKey::value_of(key, Kind::Watch)) {
            owned.note(id, when);
        }
    }

    /// Since when notices are counted.
    pub fn since(&self) -> Timestamp {
        self.owned().since()
    }

    /// Notes that the notices from an earlier time on were counted.
    pub fn reach(&self, since: Timestamp) {
        self.owned().reach(since);
    }

    /// How often watches that have an owner matched.
    pub fn matched(&self) -> FxHashMap<String, Seen> {
        self.owned().seen(Timestamp::now())
    }

    fn owned(&self) -> MutexGuard<'_, Matched> {
        self.owned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
