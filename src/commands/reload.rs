//! Reloads the lexicon and watches without a restart: on SIGHUP, and when files in `lexicon.dir` or `watches.dir` have
//! changed.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use presswatch::config::Settings;
use presswatch::metrics::Metrics;
use presswatch::registry::{self, Registry};
use tokio::signal::unix::{SignalKind, signal};

use super::in_force;

/// How often to check the folder. A change is read once two checks find the same files: someone copying files into it
/// is not done with the first.
const LOOK: Duration = Duration::from_secs(2);

/// The files of a folder with size and time, to notice a change without reading them.
type Seen = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// Watches the folders until dropped, and retires watches whose last day is over. A lexicon with errors changes
/// nothing: the old one stays in force, which the log and `presswatch_lexicon_stale` report.
pub async fn follow(settings: Settings, registry: Registry, metrics: Metrics) -> anyhow::Result<Infallible> {
    let mut hangup = signal(SignalKind::hangup())?;
    let mut look = tokio::time::interval(LOOK);
    let look_at = || [&settings.lexicon.dir, &settings.watches.dir].map(|folder| seen(folder));
    let (mut read, mut before) = (look_at(), look_at());
    loop {
        let asked = tokio::select! {
            _ = hangup.recv() => true,
            _ = look.tick() => false,
        };
        registry.retire(registry::today());
        let now = look_at();
        let settled = now == before;
        before.clone_from(&now);
        if asked || settled && now != read {
            read = now;
            again(&settings, &registry, &metrics).await;
        }
    }
}

/// Reads the lexicon again and puts it in force, unless it has errors.
async fn again(settings: &Settings, registry: &Registry, metrics: &Metrics) {
    let (settings, registry, figures) = (settings.clone(), registry.clone(), metrics.clone());
    let (before, files) = (registry.pipeline(), registry.files());
    let in_force_before = before.lexicon.version.clone();
    // this takes a second of CPU time
    let read = move || {
        let ledger = registry.ledger();
        let mut pipeline = super::pipeline(&settings)?;
        let before = Some((&*before, &files));
        let files = in_force::watches(&mut pipeline, &settings, before, &ledger)?;
        tracing::info!(lexicon = pipeline.lexicon.version, "the lexicon was read again and is in force");
        figures.follow(&pipeline.lexicon);
        registry.install(pipeline, files, ledger.changes());
        Ok(())
    };
    let parsed = tokio::task::spawn_blocking(read).await;
    match parsed.map_err(anyhow::Error::from).flatten() {
        Ok(()) => metrics.lexicon_stale.set(0),
        Err(error) => {
            metrics.lexicon_stale.set(1);
            tracing::error!(
                error = format!("{error:#}"),
                in_force = in_force_before,
                "the lexicon has errors and is not put in force; the old one stays"
            );
        }
    }
}

/// The files in the folder and below; empty if there is no folder. Unreadable files are reported when they are parsed.
fn seen(folder: &Path) -> Seen {
    let mut files = Seen::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop().filter(|folder| !folder.as_os_str().is_empty()) {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(data) if data.is_dir() => folders.push(entry.path()),
                Ok(data) => {
                    files.insert(entry.path(), (data.len(), data.modified().ok()));
                }
                Err(_) => {}
            }
        }
    }
    files
}
