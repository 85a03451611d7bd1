//! The watches of `watches.dir` that a worker asks of each article.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use presswatch::config::Settings;
use presswatch::metrics::Metrics;
use presswatch::pipeline::Pipeline;
use presswatch::watch::file::Fault;
use presswatch::watch::{WatchSet, Watches};

use super::{pretty, watch};

/// Puts the watches that the settings ask for into a pipeline; gives the last days of those that have one. A bad watch
/// never stops the others: its last good version runs on if there was one `before`, which the log and
/// `presswatch_watches_stale` tell.
pub fn watches(
    pipeline: &mut Pipeline,
    settings: &Settings,
    before: Option<(&Pipeline, &Ends)>,
    metrics: &Metrics,
) -> anyhow::Result<Ends> {
    let (folder, mut ends) = (&settings.watches.dir, Ends::default());
    if folder.as_os_str().is_empty() {
        return Ok(ends);
    }
    let (mut written, faults) = watch::written(std::slice::from_ref(folder), pipeline)?;
    let (all, today) = (written.len(), today());
    written.retain(|watch| !watch.is_over(today));
    let over = all - written.len();
    written.iter().filter_map(|w| Some((w.expires?, &w.watch.id))).for_each(|(day, id)| ends.add(day, id));
    // each query was read before
    let words = pipeline.lexicon.watch_words.clone();
    pipeline.watches = Watches::new(WatchSet::of(words, written.into_iter().map(|w| w.watch)).0);
    for fault in &faults {
        let kept = kept(fault, before, pipeline, &mut ends);
        let what = if kept { "its last good version stays in force" } else { "it is not in force" };
        tracing::error!(fault = %pretty::lines(&fault.to_string()), "a watch can't be read; {what}");
    }
    let current = pipeline.watches.current();
    tracing::info!(watches = current.len(), over, folder = %folder.display(), "watches in force");
    tell_number(pipeline, metrics);
    metrics.watches_stale.set(i64::try_from(faults.len()).unwrap_or(i64::MAX));
    Ok(ends)
}

/// Keeps the version of a watch that was in force before, to its last day; whether there was one.
fn kept(fault: &Fault, before: Option<(&Pipeline, &Ends)>, pipeline: &Pipeline, ends: &mut Ends) -> bool {
    let Some(((before, ends_before), id)) = before.zip(fault.id.as_deref()) else { return false };
    let Some(watch) = before.watches.current().get(id) else { return false };
    if pipeline.watches.current().get(id).is_some() {
        return true;
    }
    let put = pipeline.watches.put(watch).is_ok();
    if let Some(day) = ends_before.of(id).filter(|_| put) {
        ends.add(day, id);
    }
    put
}

fn tell_number(pipeline: &Pipeline, metrics: &Metrics) {
    metrics.watches_in_force.set(i64::try_from(pipeline.watches.current().len()).unwrap_or(i64::MAX));
}

/// The day in UTC, by which watches end.
pub fn today() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}

/// The watches in force that have a last day, by that day: the next one to end is known without a look at the others.
#[derive(Debug, Clone, Default)]
pub struct Ends(BTreeMap<Date, Vec<String>>);

impl Ends {
    fn add(&mut self, last: Date, id: &str) {
        self.0.entry(last).or_default().push(id.to_owned());
    }

    fn of(&self, id: &str) -> Option<Date> {
        self.0.iter().find(|(_, ids)| ids.iter().any(|other| other == id)).map(|(day, _)| *day)
    }

    /// Takes the watches out of force whose last day is over.
    pub fn reach(&mut self, today: Date, pipeline: &Pipeline, metrics: &Metrics) {
        while let Some(day) = self.0.first_entry().filter(|day| *day.key() < today) {
            let last = *day.key();
            for id in day.remove() {
                tracing::info!(watch = id, %last, "a watch is over and not in force any more");
                pipeline.watches.remove(&id);
            }
            tell_number(pipeline, metrics);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use presswatch::article::decode::Limits;
    use presswatch::config;
    use presswatch::knowledge::Knowledge;

    fn settings(folder: &std::path::Path) -> Settings {
        let name = "PRESSWATCH__WATCHES__DIR".to_owned();
        config::load(None, [(name, folder.to_str().unwrap().to_owned())], &[]).unwrap()
    }

    fn of(owner: &str, id: &str, last: Date, when: &str) -> String {
        format!("[[watch]]\nid = \"{id}\"\n{owner}expires = \"{last}\"\nwhen = '{when}'\n")
    }

    #[test]
    fn a_watch_is_in_force_to_the_end_of_its_last_day() {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path());
        let (today, yesterday) = (today(), today().yesterday().unwrap());
        let write = |when: &str| {
            let text = [
                of("", "ends", today, when),
                of("owner = \"desk\"\n", "theirs", today.tomorrow().unwrap(), "steel"),
                of("", "over", yesterday, "steel"),
                "[[watch]]\nid = \"stays\"\nwhen = 'steel'\n".to_owned(),
            ];
            std::fs::write(folder.path().join("a.toml"), text.concat()).unwrap();
        };
        let lexicon = Knowledge::compiled_in();
        let metrics = Metrics::new(&lexicon);
        let mut pipeline = Pipeline::new(lexicon, Limits::default());
        let ids = |pipeline: &Pipeline| {
            let mut ids: Vec<String> = pipeline.watches.current().watches().map(|w| w.id).collect();
            ids.sort();
            (ids.join(" "), metrics.watches_in_force.get())
        };
        write("steel");
        let mut ends = watches(&mut pipeline, &settings, None, &metrics).unwrap();
        // what has an owner is in force
        assert_eq!(ids(&pipeline), ("ends stays theirs".to_owned(), 3));
        assert_eq!(metrics.watches_stale.get(), 0);
        ends.reach(today, &pipeline, &metrics);
        assert_eq!(ids(&pipeline).1, 3);
        // one that can't be read keeps its last good version, and that its last day
        write("steel AND");
        let mut next = Pipeline::new(Knowledge::compiled_in(), Limits::default());
        let mut next_ends = watches(&mut next, &settings, Some((&pipeline, &ends)), &metrics).unwrap();
        assert_eq!(ids(&next), ("ends stays theirs".to_owned(), 3));
        next_ends.reach(today.tomorrow().unwrap(), &next, &metrics);
        assert_eq!(ids(&next), ("stays theirs".to_owned(), 2));
        ends.reach(today.tomorrow().unwrap().tomorrow().unwrap(), &pipeline, &metrics);
        assert_eq!(ids(&pipeline), ("stays".to_owned(), 1));
    }
}
