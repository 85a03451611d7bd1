//! What is being published, and what was tried before: both bounded, and lost when the program ends.

use std::sync::{Mutex, MutexGuard};

use rustc_hash::{FxHashMap, FxHashSet};

use super::item::Key;

/// Keys of the items that are being published: two feeds may have the same article at the same time.
#[derive(Debug, Default)]
pub(super) struct Claims(Mutex<FxHashSet<Key>>);

/// The right to publish an item; released on drop.
#[derive(Debug)]
pub(super) struct Claim<'c> {
    claims: &'c Claims,
    keys: Vec<Key>,
}

impl Claims {
    /// Claims an item; `None` if it is already being published.
    pub fn claim(&self, keys: &[Key]) -> Option<Claim<'_>> {
        let mut claimed = self.lock();
        if keys.iter().any(|key| claimed.contains(key)) {
            return None;
        }
        claimed.extend(keys);
        Some(Claim { claims: self, keys: keys.to_vec() })
    }

    fn lock(&self) -> MutexGuard<'_, FxHashSet<Key>> {
        self.0.lock().expect("nothing panics while it is held")
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let mut claimed = self.claims.lock();
        for key in &self.keys {
            claimed.remove(key);
        }
    }
}

/// Counts attempts by key.
#[derive(Debug, Default)]
pub(super) struct Tries(Mutex<FxHashMap<Key, u8>>);

impl Tries {
    /// Counts an attempt; returns whether to make another. Never if too many items are waiting.
    pub fn again(&self, key: Key, most: u8, waiting: usize) -> bool {
        let mut tries = self.lock();
        if tries.len() >= waiting && !tries.contains_key(&key) {
            return false;
        }
        let count = tries.entry(key).or_default();
        *count += 1;
        let again = *count < most;
        if !again {
            tries.remove(&key);
        }
        again
    }

    /// Forgets the attempts after a success.
    pub fn clear(&self, key: Key) {
        self.lock().remove(&key);
    }

    fn lock(&self) -> MutexGuard<'_, FxHashMap<Key, u8>> {
        self.0.lock().expect("nothing panics while it is held")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_publishes_and_tries_end() {
        let claims = Claims::default();
        let first = claims.claim(&[[1; 16], [2; 16]]);
        assert!(first.is_some() && claims.claim(&[[2; 16]]).is_none());
        drop(first);
        assert!(claims.claim(&[[2; 16]]).is_some());
        let tries = Tries::default();
        assert_eq!([(); 4].map(|()| tries.again([1; 16], 3, 1)), [true, true, false, true]);
        assert!(!tries.again([2; 16], 3, 1), "too many wait");
        tries.clear([1; 16]);
        assert!(tries.again([2; 16], 3, 1));
    }
}
