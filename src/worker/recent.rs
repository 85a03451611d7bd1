//! Remembers the alerts confirmed last, to tell a redelivery from news.

use std::collections::VecDeque;
use std::sync::Mutex;

use rustc_hash::FxHashSet;

/// A bounded set of alert ids; the oldest goes first.
#[derive(Debug)]
pub(super) struct Recent {
    capacity: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    order: VecDeque<String>,
    ids: FxHashSet<String>,
}

impl Recent {
    pub fn new(capacity: usize) -> Self {
        Self { capacity, inner: Mutex::default() }
    }

    pub fn contains(&self, id: &str) -> bool {
        self.inner.lock().expect("nothing panics while it is held").ids.contains(id)
    }

    pub fn insert(&self, id: String) {
        let mut inner = self.inner.lock().expect("nothing panics while it is held");
        if inner.ids.insert(id.clone()) {
            inner.order.push_back(id);
            if inner.order.len() > self.capacity
                && let Some(oldest) = inner.order.pop_front()
            {
                inner.ids.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgets_the_oldest_first() {
        let recent = Recent::new(2);
        for id in ["a", "b", "a", "c"] {
            recent.insert(id.to_owned());
        }
        assert_eq!(["a", "b", "c"].map(|id| recent.contains(id)), [false, true, true]);
    }
}
