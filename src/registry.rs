//! The watches in force: those in files and those written over HTTP, kept consistent while either, or the lexicon,
//! changes.

pub mod held_against;
mod in_force;
pub mod trial;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use tokio::sync::Notify;

use in_force::{enforce, rebuild};
pub use in_force::{watches, written};

use crate::metrics::{Metrics, WATCHES_ASIDE, WATCHES_IN_FORCE, WATCHES_STALE};
use crate::pipeline::{Live, Pipeline};
use crate::watch::Aside;
use crate::watch::entry::{Entry, Shelf, Written, Wrong};
use crate::watch::ledger::{Change, Ledger};

/// After this many changes the set is rebuilt at once instead of change by change.
const MANY: usize = 64;

/// The same as a share of all watches: rebuilding the set costs as much as that many changes.
const SHARE: usize = 1000;

/// Today, as used for the last day of watches.
pub fn today() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}

/// The last days of watches, in UTC, by their ids.
pub type Ends = BTreeMap<String, Date>;

/// What the files contain, besides the watches already in force.
#[derive(Debug, Clone, Default)]
pub struct OfFiles {
    /// The folder that they are in.
    pub folder: PathBuf,
    /// The file of each watch.
    pub ids: BTreeMap<String, String>,
    /// As written: those that are not in force, and those of which a [`Watch`] does not say all.
    pub entries: BTreeMap<String, Entry>,
    /// Why the version in force of a watch is not the one that its file has now.
    pub stale: BTreeMap<String, String>,
    /// The last days of those in force that have one.
    pub ends: Ends,
    /// Lists and owners.
    pub shelf: Shelf,
    /// The number of faults in the files.
    pub faults: usize,
}

impl OfFiles {
    /// The name of a file from the folder on: where that folder is on this machine is nobody else's business.
    pub fn name_of<'f>(&self, file: &'f str) -> &'f str {
        let path = Path::new(file);
        let below = path.strip_prefix(&self.folder).ok().filter(|below| below.is_relative());
        let below = below.and_then(Path::to_str).filter(|name| !name.is_empty());
        below.or_else(|| path.file_name().and_then(OsStr::to_str)).unwrap_or(file)
    }
}

/// See the module. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Registry(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    live: Live,
    metrics: Metrics,
    held: Mutex<Held>,
    /// Notified when there is much to merge.
    grown: Notify,
}

#[derive(Debug, Default)]
struct Held {
    files: OfFiles,
    ledger: Ledger,
    /// The last day on which expired watches were looked for.
    looked: Option<Date>,
    /// The watches set aside when that was last looked for.
    aside: Vec<(String, Aside)>,
}

impl Registry {
    /// A registry over the pipeline in force, whose watches are those of the files.
    pub fn new(live: Live, files: OfFiles, metrics: Metrics) -> Self {
        let held = Mutex::new(Held { files, ..Held::default() });
        let registry = Self(Arc::new(Shared { live, metrics, held, grown: Notify::new() }));
        registry.tell(&registry.held());
        registry
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pipeline handle, for following replacements.
    pub fn live(&self) -> &Live {
        &self.0.live
    }

    /// The pipeline in force now.
    pub fn pipeline(&self) -> Arc<Pipeline> {
        self.0.live.current()
    }

    /// The changes so far, to build a set from that is then [installed](Self::install).
    pub fn ledger(&self) -> Ledger {
        self.held().ledger.clone()
    }

    /// The file that a watch is in, if any, from its folder on.
    pub fn file(&self, id: &str) -> Option<String> {
        let files = &self.held().files;
        files.ids.get(id).map(|file| files.name_of(file).to_owned())
    }

    /// A watch as it is written, in force or not.
    pub fn entry(&self, id: &str) -> Option<Entry> {
        let held = self.held();
        if held.files.ids.contains_key(id) {
            let in_force = || self.0.live.current().watches.current().get(id).map(Entry::of);
            return held.files.entries.get(id).cloned().or_else(in_force);
        }
        held.ledger.last(id)?.watch.clone()
    }

    /// Runs `each` on the watches, as written, that may not be in force.
    pub fn of_others<T>(&self, each: impl FnMut(&Entry) -> Option<T>) -> Vec<T> {
        let Held { files, ledger, .. } = &*self.held();
        let written = ledger.entries().filter(|entry| !files.ids.contains_key(&entry.id));
        files.entries.values().chain(written).filter_map(each).collect()
    }

    /// Why the version in force of a watch is not the one that its file has now, if so.
    pub fn stale(&self, id: &str) -> Option<String> {
        self.held().files.stale.get(id).cloned()
    }

    /// A watch as written, with its tests, if it can be read.
    pub fn read(&self, entry: Entry) -> Option<Written> {
        let pipeline = self.0.live.current();
        self.held().files.shelf.watch(entry, &pipeline.lexicon.watch_words).ok()
    }

    /// What the files contain.
    pub fn files(&self) -> OfFiles {
        self.held().files.clone()
    }

    /// Runs `ask` on the lists and owners of the files.
    pub fn of_shelf<T>(&self, ask: impl FnOnce(&Shelf) -> T) -> T {
        ask(&self.held().files.shelf)
    }

    /// Runs `ask` on the changes so far.
    pub fn of_ledger<T>(&self, ask: impl FnOnce(&Ledger) -> T) -> T {
        ask(&self.held().ledger)
    }

    /// Checks a watch that is about to be written.
    pub fn check(&self, entry: Entry) -> Result<Written, Wrong> {
        let pipeline = self.0.live.current();
        let held = self.held();
        if let Some(owner) = &entry.owner
            && !held.files.shelf.owners.contains_key(owner)
        {
            return Err(format!("there is no owner `{owner}`: a file in `watches.dir` must name it").into());
        }
        held.files.shelf.watch(entry, &pipeline.lexicon.watch_words)
    }

    /// Applies changes in order; returns for each whether it counted. With many at once this takes as long as loading
    /// all watches, so don't call it on a thread that serves others.
    pub fn apply(&self, changes: Vec<Change>) -> Vec<bool> {
        let mut held = self.held();
        let before = held.ledger.changes();
        let counted = changes.into_iter().map(|change| held.ledger.apply(change)).collect();
        let pipeline = self.0.live.current();
        let today = today();
        let ids: Vec<&str> = held.ledger.changed_since(before).collect();
        if ids.len() > MANY && ids.len() > pipeline.watches.current().len() / SHARE {
            rebuild(&pipeline, &held, &ids, today);
        } else {
            for id in ids {
                enforce(&pipeline, &held, id, today);
            }
        }
        if pipeline.watches.current().wants_merge() {
            self.0.grown.notify_one();
        }
        self.tell(&held);
        counted
    }

    /// Puts a pipeline in force whose watches were read from files and from the ledger as of `changes`.
    pub fn install(&self, pipeline: Pipeline, files: OfFiles, changes: u64) {
        pipeline.watches.current().take_costs(&self.pipeline().watches.current());
        let mut held = self.held();
        held.files = files;
        for id in held.ledger.changed_since(changes) {
            enforce(&pipeline, &held, id, today());
        }
        self.0.live.replace(pipeline);
        self.tell(&held);
    }

    /// Retires watches whose last day is over; only the first check of a day costs anything.
    pub fn retire(&self, today: Date) {
        let mut held = self.held();
        if held.looked == Some(today) {
            return;
        }
        held.looked = Some(today);
        let pipeline = self.0.live.current();
        let of_files = held.files.ends.iter().filter(|(_, last)| **last < today).map(|(id, _)| id);
        for id in of_files {
            if pipeline.watches.remove(id) {
                tracing::info!(watch = id, "its last day is over: it is no longer in force");
            }
        }
        let with_end = held.ledger.entries().filter(|entry| entry.expires.is_some());
        for entry in with_end {
            enforce(&pipeline, &held, &entry.id, today);
        }
        self.tell(&held);
    }

    /// Merges changes whenever there are many, until dropped.
    pub async fn tidy(&self) -> Infallible {
        loop {
            self.0.grown.notified().await;
            let pipeline = self.0.live.current();
            if let Err(error) = tokio::task::spawn_blocking(move || pipeline.watches.tidy()).await {
                tracing::error!(%error, "changed watches could not be merged");
            }
        }
    }

    /// Updates the metric of watches that are set aside, which is caused by articles and not by any change, and logs
    /// those that were not before.
    pub fn tell_aside(&self) {
        let aside = self.0.live.current().watches.current().aside();
        self.count(WATCHES_ASIDE, aside.len());
        let mut held = self.held();
        for (watch, why) in aside.iter().filter(|one| !held.aside.contains(one)) {
            tracing::error!(watch, ?why, "a watch was set aside: it matches nothing until it is changed");
        }
        held.aside = aside;
    }

    fn tell(&self, held: &Held) {
        self.count(WATCHES_IN_FORCE, self.0.live.current().watches.current().len());
        self.count(WATCHES_STALE, held.files.stale.len());
        self.0.metrics.watch_faults.set(number(held.files.faults));
    }

    fn count(&self, state: &str, watches: usize) {
        self.0.metrics.watches_by_state.with_label_values(&[state]).set(number(watches));
    }
}

fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::decode::Limits;
    use crate::knowledge::Knowledge;
    use crate::watch::Watch;

    fn registry() -> Registry {
        let pipeline = Pipeline::new(Knowledge::compiled_in(), Limits::default());
        let of_file = Watch { id: "filed".to_owned(), when: "oil".to_owned(), ..Watch::default() };
        let mut files = OfFiles::default();
        files.ids.insert("filed".to_owned(), "a.toml".to_owned());
        let metrics = Metrics::new(&pipeline.lexicon);
        let pipeline =
            Pipeline { watches: watches(&pipeline, vec![of_file], &files, &Ledger::default()), ..pipeline };
        Registry::new(Live::new(pipeline), files, metrics)
    }

    fn change(id: &str, revision: u64, when: &str) -> Change {
        let entry = Entry { id: id.to_owned(), when: when.to_owned(), ..Entry::default() };
        Change { id: id.to_owned(), revision, at: Timestamp::now(), by: None, watch: Some(entry) }
    }

    fn query(registry: &Registry, id: &str) -> Option<String> {
        registry.0.live.current().watches.current().get(id).map(|watch| watch.when)
    }

    #[test]
    fn files_are_named_from_their_folder_on() {
        let files = |folder: &str| OfFiles { folder: folder.into(), ..OfFiles::default() };
        for (folder, file, wanted) in [
            ("/srv/watches", "/srv/watches/desk/oil.toml", "desk/oil.toml"),
            ("/srv/watches/", "/srv/watches/oil.toml", "oil.toml"),
            ("config/watches", "config/watches/oil.toml", "oil.toml"),
            // a single file in place of a folder, and one from elsewhere
            ("/srv/oil.toml", "/srv/oil.toml", "oil.toml"),
            ("/srv/watches", "/home/oil.toml", "oil.toml"),
            ("", "/home/oil.toml", "oil.toml"),
        ] {
            assert_eq!(files(folder).name_of(file), wanted, "{folder} {file}");
        }
    }

    #[test]
    fn what_is_written_is_in_force_beside_the_files() {
        let registry = registry();
        let gone = Change { watch: None, ..change("a", 3, "") };
        let mut quiet = change("q", 1, "x");
        let mut over = change("e", 1, "x");
        if let (Some(quiet), Some(over)) = (&mut quiet.watch, &mut over.watch) {
            quiet.quiet = true;
            over.expires = Some("2020-01-01".to_owned());
        }
        let first =
            vec![change("a", 1, "gas"), change("b", 1, "coal"), change("filed", 1, "coal"), quiet, over];
        assert_eq!(registry.apply(first), [true; 5]);
        let all = |registry: &Registry| {
            ["a", "b", "filed", "q", "e"].map(|id| query(registry, id).unwrap_or_default())
        };
        // the file's own watch stays
        assert_eq!(all(&registry), ["gas", "coal", "oil", "", ""]);
        assert_eq!(registry.apply(vec![change("a", 2, "wind"), change("a", 2, "sun")]), [true, false]);
        assert_eq!(query(&registry, "a").as_deref(), Some("wind"));
        registry.apply(vec![gone]);
        assert_eq!(all(&registry), ["", "coal", "oil", "", ""]);
    }

    #[test]
    fn a_watch_ends_with_its_last_day() {
        let registry = registry();
        let mut written = change("a", 1, "gas");
        if let Some(entry) = &mut written.watch {
            entry.expires = Some("2999-12-31".to_owned());
        }
        registry.apply(vec![written]);
        registry.held().files.ends.insert("filed".to_owned(), "2999-12-30".parse().unwrap());
        let all = |day: &str| {
            registry.retire(day.parse().unwrap());
            ["a", "filed"].map(|id| query(&registry, id).is_some())
        };
        assert_eq!(all("2999-12-30"), [true, true]);
        assert_eq!(all("2999-12-31"), [true, false]);
        assert_eq!(all("3000-01-01"), [false, false]);
    }

    #[test]
    fn many_changes_at_once_come_to_the_same_as_one_by_one() {
        let (one, many) = (registry(), registry());
        let changes: Vec<Change> = (0..300u64)
            .map(|n| {
                let id = format!("w{}", n % 150);
                let gone = n >= 150 && n % 3 == 0;
                let change = change(&id, 1 + n / 150, if n % 2 == 0 { "oil" } else { "gas" });
                if gone { Change { watch: None, ..change } } else { change }
            })
            .collect();
        for change in &changes {
            one.apply(vec![change.clone()]);
        }
        many.apply(changes);
        let all = |registry: &Registry| {
            let mut all: Vec<(String, String)> =
                registry.0.live.current().watches.current().watches().map(|w| (w.id, w.when)).collect();
            all.sort();
            all
        };
        assert_eq!(all(&one), all(&many));
        assert_eq!(all(&one).len(), 101);
    }

    #[test]
    fn what_changes_while_files_are_read_is_not_forgotten() {
        let registry = registry();
        registry.apply(vec![change("a", 1, "gas"), change("b", 1, "coal")]);
        let ledger = registry.ledger();
        registry.apply(vec![change("a", 2, "wind"), Change { watch: None, ..change("b", 2, "") }]);
        let pipeline = Pipeline::new(Knowledge::compiled_in(), Limits::default());
        let files = OfFiles::default();
        let watches = watches(&pipeline, Vec::new(), &files, &ledger);
        registry.install(Pipeline { watches, ..pipeline }, files, ledger.changes());
        let all = ["a", "b", "filed"].map(|id| query(&registry, id).unwrap_or_default());
        assert_eq!(all, ["wind", "", ""]);
    }
}
