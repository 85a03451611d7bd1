//! Watches written over HTTP: all their changes, in order.
//!
//! All workers read the same changes in the same order and so have the same watches, whoever wrote them. Of two changes
//! based on the same revision the first wins; the author of the second is told so.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::entry::Entry;

/// Revisions kept per watch, the current one included.
pub const KEPT: usize = 20;

/// A change to a watch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Id of the watch.
    pub id: String,
    /// The revision that it creates: one more than the one it is based on; the first is 1.
    pub revision: u64,
    /// When it was made.
    pub at: Timestamp,
    /// The owner whose token was used; `None` for the worker's own token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The watch from now on; `None` if it was removed.
    pub watch: Option<Entry>,
}

/// The changes of all watches.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// Revisions by watch, the newest last; never empty.
    rows: BTreeMap<String, VecDeque<Change>>,
    /// Watches by the number of their latest change.
    order: BTreeMap<u64, String>,
    numbers: BTreeMap<String, u64>,
    /// Changes applied so far.
    changes: u64,
}

impl Ledger {
    /// Applies a change; false, without effect, if another one took its revision.
    pub fn apply(&mut self, change: Change) -> bool {
        if change.revision <= self.revision(&change.id) {
            return false;
        }
        self.changes += 1;
        if let Some(before) = self.numbers.insert(change.id.clone(), self.changes) {
            self.order.remove(&before);
        }
        self.order.insert(self.changes, change.id.clone());
        let row = self.rows.entry(change.id.clone()).or_default();
        row.push_back(change);
        if row.len() > KEPT {
            row.pop_front();
        }
        true
    }

    /// The latest revision of a watch, even if it removed the watch; 0 if there is none.
    pub fn revision(&self, id: &str) -> u64 {
        self.last(id).map_or(0, |change| change.revision)
    }

    /// The latest change of a watch.
    pub fn last(&self, id: &str) -> Option<&Change> {
        self.rows.get(id).and_then(VecDeque::back)
    }

    /// The revisions kept of a watch, the newest first.
    pub fn revisions(&self, id: &str) -> impl Iterator<Item = &Change> {
        self.rows.get(id).into_iter().flatten().rev()
    }

    /// The current watches.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.rows.values().filter_map(|row| row.back()?.watch.as_ref())
    }

    /// The number of changes applied so far.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// The ids of the watches that changed after the first `changes` changes.
    pub fn changed_since(&self, changes: u64) -> impl Iterator<Item = &str> {
        self.order.range(changes + 1..).map(|(_, id)| id.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(id: &str, revision: u64, when: Option<&str>) -> Change {
        let watch = when.map(|when| Entry { id: id.to_owned(), when: when.to_owned(), ..Entry::default() });
        Change { id: id.to_owned(), revision, at: Timestamp::UNIX_EPOCH, by: None, watch }
    }

    #[test]
    fn of_two_changes_of_one_revision_the_first_counts() {
        let mut ledger = Ledger::default();
        assert!(ledger.apply(change("oil", 1, Some("oil"))));
        assert!(ledger.apply(change("oil", 2, Some("oil OR gas"))));
        assert!(!ledger.apply(change("oil", 2, Some("coal"))));
        assert_eq!(ledger.last("oil").unwrap().watch.as_ref().unwrap().when, "oil OR gas");
        // a removed watch keeps its number: whoever still holds an older revision can't bring it back by accident
        assert!(ledger.apply(change("oil", 3, None)));
        assert_eq!((ledger.entries().count(), ledger.revision("oil")), (0, 3));
        assert!(!ledger.apply(change("oil", 3, Some("coal"))));
        assert!(ledger.apply(change("oil", 4, Some("coal"))));
        assert_eq!(ledger.revisions("oil").map(|c| c.revision).collect::<Vec<_>>(), [4, 3, 2, 1]);
    }

    #[test]
    fn what_changed_since_is_told_once_each_and_old_revisions_go() {
        let mut ledger = Ledger::default();
        for revision in 1..=30 {
            ledger.apply(change("a", revision, Some("x")));
            ledger.apply(change("b", revision, Some("x")));
        }
        assert_eq!(ledger.revisions("a").count(), KEPT);
        assert_eq!(ledger.changes(), 60);
        assert_eq!(ledger.changed_since(0).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(ledger.changed_since(59).collect::<Vec<_>>(), ["b"]);
        assert_eq!(ledger.changed_since(60).count(), 0);
        // the first change read from a log whose beginning is gone
        assert!(ledger.apply(change("c", 7, Some("x"))));
    }

    #[test]
    fn a_change_is_the_same_after_it_was_kept() {
        let mut whole = change("oil", 1, Some("oil"));
        whole.by = Some("desk".to_owned());
        if let Some(watch) = &mut whole.watch {
            watch.matches = vec!["Oil fell.".to_owned()];
            watch.quiet = true;
        }
        for change in [whole, change("oil", 2, None)] {
            let kept = serde_json::to_string(&change).unwrap();
            assert_eq!(serde_json::from_str::<Change>(&kept).unwrap(), change, "{kept}");
        }
    }
}
