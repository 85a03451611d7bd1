//! The watches in force, for many threads: asked by all, changed by one at a time, without anybody waiting.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::query::QueryError;
use super::segment::Work;
use super::set::{WatchSet, Workspace};
use super::view::Article;
use super::{Match, Watch};

/// See the module. An article on its way keeps the set that it began with.
#[derive(Debug)]
pub struct Watches {
    current: RwLock<Arc<WatchSet>>,
    /// Held while the next set is made.
    changing: Mutex<()>,
    /// A workspace a thread that is at work.
    spare: Mutex<Vec<Workspace>>,
}

impl Watches {
    /// These watches.
    pub fn new(set: WatchSet) -> Self {
        Self { current: RwLock::new(Arc::new(set)), changing: Mutex::default(), spare: Mutex::default() }
    }

    /// The set that is in force now.
    pub fn current(&self) -> Arc<WatchSet> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The watches that match an article, as [`WatchSet::matches_by_work`].
    pub fn matches(&self, article: Article) -> (Vec<Match>, Work) {
        let mut workspace = self.spare().pop().unwrap_or_default();
        let found = self.current().matches_by_work(article, &mut workspace);
        self.spare().push(workspace);
        found
    }

    /// Adds a watch, or puts it in the place of the one of that id. It is in force when this returns.
    pub fn put(&self, watch: Watch) -> Result<(), QueryError> {
        let _changing = self.change();
        self.swap(self.current().with(watch)?);
        Ok(())
    }

    /// Takes a watch away; whether there was one.
    pub fn remove(&self, id: &str) -> bool {
        let _changing = self.change();
        let next = self.current().without(id);
        let found = next.is_some();
        if let Some(next) = next {
            self.swap(next);
        }
        found
    }

    /// Puts another set in force, such as one read anew with another lexicon.
    pub fn replace(&self, set: WatchSet) {
        let _changing = self.change();
        self.swap(set);
    }

    /// Merges what changed, if it is much. Takes as long as loading all watches: call it in a thread of its own, now and
    /// then; articles and changes go on meanwhile.
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
        // the last one to hold a set takes it down, outside of the lock
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
