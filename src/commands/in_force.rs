//! The watches that a worker evaluates on each article: those of `watches.dir`, and those written over HTTP.

use jiff::civil::Date;
use presswatch::config::Settings;
use presswatch::pipeline::Pipeline;
use presswatch::registry::{self, OfFiles};
use presswatch::watch::Watch;
use presswatch::watch::file::{Fault, Files};
use presswatch::watch::ledger::Ledger;

use super::{pretty, watch};

/// Adds the configured watches and those of the ledger to a pipeline. A bad watch never affects the others: its last
/// good version from `before`, if any, stays in force, which the log and `presswatch_watch_faults` report.
pub fn watches(
    pipeline: &mut Pipeline,
    settings: &Settings,
    before: Option<(&Pipeline, &OfFiles)>,
    ledger: &Ledger,
) -> anyhow::Result<OfFiles> {
    let folder = &settings.watches.dir;
    let read = if folder.as_os_str().is_empty() {
        Files::default()
    } else {
        watch::written(std::slice::from_ref(folder), pipeline)?
    };
    let folder_of = folder.clone();
    let mut files =
        OfFiles { folder: folder_of, shelf: read.shelf, faults: read.faults.len(), ..OfFiles::default() };
    let mut in_force: Vec<Watch> = Vec::new();
    let today = registry::today();
    for written in read.watches {
        let is_in_force = written.is_in_force(today);
        files
            .ends
            .extend(written.expires.filter(|_| is_in_force).map(|last| (written.watch.id.clone(), last)));
        files.ids.insert(written.watch.id.clone(), written.file);
        let whole = written.entry.map(|entry| *entry);
        files.entries.extend(whole.map(|entry| (entry.id.clone(), entry)));
        if is_in_force {
            in_force.push(written.watch);
        }
    }
    for fault in &read.faults {
        let kept = before.map(|before| kept(fault, before, &mut files)).unwrap_or_default();
        let what = match (&fault.id, kept.len()) {
            (Some(_), 0) => "a watch can't be read; it is not in force".to_owned(),
            (Some(_), _) => "a watch can't be read; its last good version stays in force".to_owned(),
            (None, number) => format!("a file of watches can't be read; {number} that it had stay in force"),
        };
        tracing::error!(fault = %pretty::lines(&fault.to_string()), "{what}");
        for (watch, last) in kept {
            let whole = before.and_then(|(_, of_files)| of_files.entries.get(&watch.id).cloned());
            files.entries.extend(whole.map(|entry| (entry.id.clone(), entry)));
            files.stale.insert(watch.id.clone(), why_stale(fault, &files));
            files.ends.extend(last.map(|last| (watch.id.clone(), last)));
            files.ids.insert(watch.id.clone(), fault.file.clone());
            in_force.push(watch);
        }
    }
    pipeline.watches = registry::watches(pipeline, in_force, &files, ledger);
    let count = pipeline.watches.current().len();
    if count > 0 {
        tracing::info!(watches = count, folder = %folder.display(), "watches in force");
    }
    Ok(files)
}

/// Why a watch is in force as it was before. Of a file that can't be read nothing is quoted: it may have other owners'
/// watches.
fn why_stale(fault: &Fault, files: &OfFiles) -> String {
    let file = files.name_of(&fault.file);
    match fault.id {
        Some(_) => format!("{file}: {}", fault.message),
        None => format!("{file} can't be read"),
    }
}

/// The versions that were in force before, with their last days, of the watch with a fault, or of all that its file had
/// if the fault is the file's. Then no owner or list is lost either, since nobody can tell which of them the file had.
fn kept(
    fault: &Fault,
    (before, of_files): (&Pipeline, &OfFiles),
    files: &mut OfFiles,
) -> Vec<(Watch, Option<Date>)> {
    let mut ids: Vec<&str> = fault.id.iter().map(String::as_str).collect();
    if fault.id.is_none() {
        ids.extend(of_files.ids.iter().filter(|(_, file)| **file == fault.file).map(|(id, _)| id.as_str()));
        for (id, owner) in &of_files.shelf.owners {
            files.shelf.owners.entry(id.clone()).or_insert_with(|| owner.clone());
        }
        for (id, list) in &of_files.shelf.lists {
            files.shelf.lists.entry(id.clone()).or_insert_with(|| list.clone());
        }
    }
    let set = before.watches.current();
    let missing = ids.into_iter().filter(|id| !files.ids.contains_key(*id));
    missing.filter_map(|id| Some((set.get(id)?, of_files.ends.get(id).copied()))).collect()
}
