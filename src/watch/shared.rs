//! The watches in force, shared by many threads: read by all, changed by one at a time, without making anyone wait.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::query::QueryError;
use super::segment::Work;
use super::set::{WatchSet, Workspace};
use super::view::Article;
use super::{Match, Watch};

/// The watches in force. An article in progress keeps the set that it began with.
#[derive(Debug)]
pub struct Watches {
    current: RwLock<Arc<WatchSet>>,
    /// Held while the next set is built.
    changing: Mutex<()>,
    /// A workspace for each thread at work.
    spare: Mutex<Vec<Workspace>>,
}

impl Watches {
    /// Shares a set of watches.
    pub fn new(set: WatchSet) -> Self {
        Self { current: RwLock::new(Arc::new(set)), changing: Mutex::default(), spare: Mutex::default() }
    }

    /// The set in force now.
    pub fn current(&self) -> Arc<WatchSet> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The watches that match an article, as in [`WatchSet::matches_by_work`].
    pub fn matches(&self, article: Article) -> (Vec<Match>, Work) {
        let mut workspace = self.spare().pop().unwrap_or_default();
        let found = self.current().matches_by_work(article, &mut workspace);
        self.spare().push(workspace);
        found
    }

    /// Adds a watch or replaces the one with its id. It is in force when this returns.
    pub fn put(&self, watch: Watch) -> Result<(), QueryError> {
        let _changing = self.change();
        self.swap(self.current().with(watch)?);
        Ok(())
    }

    /// Removes a watch; returns whether there was one.
    pub fn remove(&self, id: &str) -> bool {
        let _changing = self.change();
        let next = self.current().without(id);
        let found = next.is_some();
        if let Some(next) = next {
            self.swap(next);
        }
        found
    }

    /// Replaces the set, for example by one built anew for another lexicon.
    pub fn replace(&self, set: WatchSet) {
        let _changing = self.change();
        self.swap(set);
    }

    /// Merges the changes if there are many. Takes as long as loading all watches: call it now and then in a thread of
    /// its own; articles and changes go on meanwhile.
    pub fn tidy(&self) -> bool {
        let began = {
            let _changing = self.change();
            let current = self.current();
            if !current.wants_merge() {
                return false;
            }
            let began = current.begin_merge();
            self.swap(began.clone());
            began
        };
        let merged = began.merge();
        let _changing = self.change();
        self.swap(self.current().adopt(merged));
        true
    }

    fn change(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spare(&self) -> MutexGuard<'_, Vec<Workspace>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn swap(&self, next: WatchSet) {
        let next = Arc::new(next);
        let before = {
            let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *current, next)
        };
        // the last reference frees the set, outside of the lock
        drop(before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Source;
    use crate::document::Document;
    use crate::knowledge::Knowledge;
    use crate::text::Language;
    use crate::watch::Story;

    #[test]
    fn changes_while_articles_run_are_whole() {
        let knowledge = Knowledge::compiled_in();
        let document = Document::new(
            String::new(),
            "Oil fell.".to_owned(),
            Language::EN,
            None,
            Source::default(),
            &knowledge.vocabulary,
        );
        let (countries, topics, officials, quotes) = (&[], &[], &[], &[]);
        let article = Article {
            document: &document,
            url: None,
            countries,
            topics,
            officials,
            quotes,
            story: Story::default(),
        };
        let watch =
            |id: usize, when: &str| Watch { id: format!("w{id}"), when: when.to_owned(), ..Watch::default() };
        let (set, _) = WatchSet::of(knowledge.watch_words.clone(), (0..50).map(|n| watch(n, "oil")));
        let watches = Watches::new(set);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for n in 0..3000 {
                    // each step keeps fifty that match
                    watches.put(watch(n % 50, if n % 2 == 0 { "fell" } else { "oil" })).unwrap();
                    watches.put(watch(1000 + n, "gas")).unwrap();
                }
            });
            scope.spawn(|| {
                for _ in 0..200 {
                    watches.tidy();
                    std::thread::yield_now();
                }
            });
            for _ in 0..500 {
                assert_eq!(watches.matches(article).0.len(), 50);
            }
        });
        while watches.tidy() {}
        assert_eq!(watches.current().len(), 3050);
        assert_eq!(watches.matches(article).0.len(), 50);
        assert!(watches.remove("w1000") && !watches.remove("w1000"));
        assert_eq!(watches.current().len(), 3049);
    }
}
