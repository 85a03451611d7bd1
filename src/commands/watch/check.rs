//! `presswatch watch check`: reads every watch, warns about it, and runs its own tests.

use std::path::PathBuf;
use std::process::ExitCode;

use presswatch::pipeline::Pipeline;
use presswatch::registry::held_against::{failures, knows};
use presswatch::registry::today;
use presswatch::watch::entry::Written;
use presswatch::watch::file::Files;
use presswatch::watch::{Workspace, parse, warnings};

use crate::commands::{noun, pretty};

pub fn run(paths: &[PathBuf], pipeline: &Pipeline) -> anyhow::Result<ExitCode> {
    let Files { watches: written, faults, shelf } = super::written(paths, pipeline)?;
    let mut wrong = faults.len();
    faults.iter().for_each(|fault| tell!("error: {}", pretty::lines(&fault.to_string())));
    let mut queries: Vec<(String, &Written)> = Vec::new();
    let mut workspace = Workspace::default();
    for watch in &written {
        for failure in failures(watch, pipeline, &mut workspace) {
            tell!("error: {}: {}: {}", watch.file, watch.watch.id, pretty::lines(&failure));
            wrong += 1;
        }
        let words = &pipeline.lexicon.watch_words;
        let Ok(expr) = parse(&watch.watch.when, watch.watch.forms, words) else { continue };
        for warning in warnings(&watch.watch, &expr, words, &|kind, what| knows(kind, what, pipeline)) {
            tell!("warning: {}: {}: {}", watch.file, watch.watch.id, pretty::lines(&warning));
        }
        if let Some(owner) = watch.watch.owner.as_ref().filter(|owner| {
            // those who list no owners at all name them for the routing key alone
            !shelf.owners.is_empty() && !shelf.owners.contains_key(*owner)
        }) {
            tell!("warning: {}: {}: no `[[owner]]` has the id `{owner}`", watch.file, watch.watch.id);
        }
        if let Some(last) = watch.expires.filter(|_| watch.is_over(today())) {
            tell!("warning: {}: {}: its last day was {last}: it is not in force", watch.file, watch.watch.id);
        }
        queries.push((expr.to_string(), watch));
    }
    queries.sort_by(|a, b| (&a.0, &a.1.watch.owner).cmp(&(&b.0, &b.1.watch.owner)));
    for two in
        queries.windows(2).filter(|two| two[0].0 == two[1].0 && two[0].1.watch.owner == two[1].1.watch.owner)
    {
        let (file, id) = (&two[1].1.file, &two[1].1.watch.id);
        tell!("warning: {file}: {id}: it asks for the same as `{}`", two[0].1.watch.id);
    }
    let tests: usize = written.iter().map(|w| w.matches.len() + w.no_match.len()).sum();
    let watches = noun(written.len(), "watch", "watches");
    say!("{} {watches}, {tests} tests, {wrong} wrong", written.len())?;
    Ok(if wrong > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
