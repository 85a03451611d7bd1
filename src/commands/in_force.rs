//! The watches of `watches.dir` that a worker asks of each article.

use presswatch::config::Settings;
use presswatch::metrics::Metrics;
use presswatch::pipeline::Pipeline;
use presswatch::watch::file::Fault;
use presswatch::watch::{Watch, Watches};

use super::{pretty, watch};

/// Puts the watches that the settings ask for into a pipeline. A bad watch never stops the others: its last good version
/// runs on if there was one `before`, which the log and `presswatch_watches_stale` tell.
pub fn watches(
    pipeline: &mut Pipeline,
    settings: &Settings,
    before: Option<&Pipeline>,
    metrics: &Metrics,
) -> anyhow::Result<()> {
    let folder = &settings.watches.dir;
    if folder.as_os_str().is_empty() {
        return Ok(());
    }
    let (set, faults) = watch::load(std::slice::from_ref(folder), pipeline)?;
    pipeline.watches = Watches::new(set);
    for fault in &faults {
        let kept = kept(fault, before, pipeline);
        let what = if kept { "its last good version stays in force" } else { "it is not in force" };
        tracing::error!(fault = %pretty::lines(&fault.to_string()), "a watch can't be read; {what}");
    }
    let owned: Vec<Watch> = pipeline.watches.current().watches().filter(|w| w.owner.is_some()).collect();
    for Watch { id, .. } in &owned {
        // an alert goes to everybody: what belongs to one owner must not stand in it
        tracing::error!(
            watch = id,
            "a watch with an owner is not in force: only its owner may be told, and there is no way yet"
        );
        pipeline.watches.remove(id);
    }
    let current = pipeline.watches.current();
    tracing::info!(watches = current.len(), folder = %folder.display(), "watches in force");
    metrics.watches_in_force.set(i64::try_from(current.len()).unwrap_or(i64::MAX));
    metrics.watches_stale.set(i64::try_from(faults.len() + owned.len()).unwrap_or(i64::MAX));
    Ok(())
}

/// Keeps the version of a watch that was in force before; whether there was one.
fn kept(fault: &Fault, before: Option<&Pipeline>, pipeline: &Pipeline) -> bool {
    let before = before.zip(fault.id.as_deref()).and_then(|(before, id)| before.watches.current().get(id));
    before.is_some_and(|watch| {
        pipeline.watches.current().get(&watch.id).is_some() || pipeline.watches.put(watch).is_ok()
    })
}
