//! The watches that a worker evaluates on each article: those of `watches.dir`, and those written over HTTP.

use jiff::civil::Date;
use presswatch::config::Settings;
use presswatch::pipeline::Pipeline;
use presswatch::registry::{self, Ends, OfFiles};
use presswatch::watch::Watch;
use presswatch::watch::file::{Fault, Files};
use presswatch::watch::ledger::Ledger;

use super::{pretty, watch};

/// Adds the configured watches and those of the ledger to a pipeline. A bad watch never affects the others: its last
/// good version from `before`, if any, stays in force, which the log and `presswatch_watches_stale` report.
pub fn watches(
    pipeline: &mut Pipeline,
    settings: &Settings,
    before: Option<(&Pipeline, &Ends)>,
    ledger: &Ledger,
) -> anyhow::Result<OfFiles> {
    let folder = &settings.watches.dir;
    let read = if folder.as_os_str().is_empty() {
        Files::default()
    } else {
        watch::written(std::slice::from_ref(folder), pipeline)?
    };
    let mut files = OfFiles { shelf: read.shelf, faults: read.faults.len(), ..OfFiles::default() };
    let mut in_force: Vec<Watch> = Vec::new();
    let today = registry::today();
    for written in read.watches {
        let is_in_force = written.is_in_force(today);
        files
            .ends
            .extend(written.expires.filter(|_| is_in_force).map(|last| (written.watch.id.clone(), last)));
        files.ids.insert(written.watch.id.clone(), written.file);
        if is_in_force {
            in_force.push(written.watch);
        }
    }
    for fault in &read.faults {
        let kept = kept(fault, before, &files);
        let what = if kept.is_some() { "its last good version stays in force" } else { "it is not in force" };
        tracing::error!(fault = %pretty::lines(&fault.to_string()), "a watch can't be read; {what}");
        if let Some((watch, last)) = kept {
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

/// The version of a watch that was in force before, with its last day.
fn kept(fault: &Fault, before: Option<(&Pipeline, &Ends)>, files: &OfFiles) -> Option<(Watch, Option<Date>)> {
    let id = fault.id.as_deref().filter(|id| !files.ids.contains_key(*id))?;
    let (before, ends) = before?;
    Some((before.watches.current().get(id)?, ends.get(id).copied()))
}
