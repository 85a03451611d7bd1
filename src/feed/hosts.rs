//! One request at a time per host, with a pause in between.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;
use tokio::sync::OwnedMutexGuard;

/// Maximum number of hosts to remember; beyond it, those that nobody waits for are forgotten.
const MOST: usize = 10_000;

/// When each host may be contacted again.
#[derive(Debug, Default)]
pub(super) struct Hosts(Mutex<FxHashMap<String, Arc<tokio::sync::Mutex<Instant>>>>);

/// The right to contact a host; the pause starts when this is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    again: OwnedMutexGuard<Instant>,
    pause: Duration,
}

impl Hosts {
    /// Waits for a turn at a host, first come, first served. The pause applies to whoever comes next.
    pub async fn turn(&self, host: &str, pause: Duration) -> Turn {
        let slot = self.slot(host);
        let again = slot.lock_owned().await;
        tokio::time::sleep_until((*again).into()).await;
        Turn { again, pause }
    }

    fn slot(&self, host: &str) -> Arc<tokio::sync::Mutex<Instant>> {
        let mut hosts = self.0.lock().expect("nothing panics while it is held");
        if hosts.len() >= MOST {
            let now = Instant::now();
            hosts.retain(|_, slot| slot.try_lock().map_or(true, |again| *again > now));
        }
        let slot =
            hosts.entry(host.to_owned()).or_insert_with(|| Arc::new(tokio::sync::Mutex::new(Instant::now())));
        Arc::clone(slot)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.again = Instant::now() + self.pause;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_host_has_a_pause_and_others_have_not() {
        let (hosts, pause) = (Hosts::default(), Duration::from_millis(80));
        let start = Instant::now();
        drop(hosts.turn("a", pause).await);
        drop(hosts.turn("b", pause).await);
        assert!(start.elapsed() < pause);
        drop(hosts.turn("a", pause).await);
        assert!(start.elapsed() >= pause);
    }
}
