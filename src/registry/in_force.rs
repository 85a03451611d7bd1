//! Which watches are evaluated on articles: those of files, and those of the ledger that are right and not over.

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use super::{Held, OfFiles, today};
use crate::pipeline::Pipeline;
use crate::watch::entry::Entry;
use crate::watch::ledger::Ledger;
use crate::watch::{Watch, WatchSet, Watches};

/// The watches of a ledger to be evaluated on articles, except those whose ids are in files.
pub fn written(ledger: &Ledger, files: &OfFiles, pipeline: &Pipeline, today: Date) -> Vec<Watch> {
    ledger.entries().filter_map(|entry| in_force(entry, files, pipeline, today)).collect()
}

/// A watch as it is evaluated on articles; `None` if it is not.
fn in_force(entry: &Entry, files: &OfFiles, pipeline: &Pipeline, today: Date) -> Option<Watch> {
    if files.ids.contains_key(&entry.id) {
        return None;
    }
    match files.shelf.watch(entry.clone(), &pipeline.lexicon.watch_words) {
        Ok(written) => written.is_in_force(today).then_some(written.watch),
        Err(wrong) => {
            // it was right when written: a list is gone, or the lexicon has changed a word
            tracing::error!(watch = entry.id, error = wrong.message, "a watch is not in force");
            None
        }
    }
}

/// Puts one watch in force as it is in the ledger.
pub(super) fn enforce(pipeline: &Pipeline, held: &Held, id: &str, today: Date) {
    if held.files.ids.contains_key(id) {
        return;
    }
    let entry = held.ledger.last(id).and_then(|change| change.watch.as_ref());
    let watch = entry.and_then(|entry| in_force(entry, &held.files, pipeline, today));
    let put = watch.is_some_and(|watch| pipeline.watches.put(watch).is_ok());
    if !put {
        pipeline.watches.remove(id);
    }
}

/// Like [`enforce`] for many, by rebuilding the set.
pub(super) fn rebuild(pipeline: &Pipeline, held: &Held, ids: &[&str], today: Date) {
    let current = pipeline.watches.current();
    let changed: FxHashSet<&str> = ids.iter().copied().collect();
    let of_file = |watch: &Watch| held.files.ids.contains_key(&watch.id);
    let kept = current.watches().filter(|watch| of_file(watch) || !changed.contains(watch.id.as_str()));
    let entries = ids.iter().filter_map(|id| held.ledger.last(id)?.watch.as_ref());
    let new = entries.filter_map(|entry| in_force(entry, &held.files, pipeline, today));
    let (set, _) = WatchSet::of(Arc::clone(current.words()), kept.chain(new));
    set.take_costs(&current);
    pipeline.watches.replace(set);
}

/// A set of watches built from files and a ledger.
pub fn watches(pipeline: &Pipeline, of_files: Vec<Watch>, files: &OfFiles, ledger: &Ledger) -> Watches {
    let all = of_files.into_iter().chain(written(ledger, files, pipeline, today()));
    // each query was parsed before
    let (set, _) = WatchSet::of(Arc::clone(&pipeline.lexicon.watch_words), all);
    Watches::new(set)
}
