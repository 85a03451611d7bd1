//! `presswatch watch check`: reads every watch, warns about it, runs its own tests, and tries it on articles if some are
//! given.

use std::path::PathBuf;
use std::process::ExitCode;

use presswatch::pipeline::Pipeline;
use presswatch::registry::held_against::{failures, knows};
use presswatch::registry::today;
use presswatch::registry::trial::Trial;
use presswatch::watch::entry::Written;
use presswatch::watch::file::Files;
use presswatch::watch::{Watch, Workspace, parse, warnings};

use super::trial::on_files;
use crate::commands::{noun, pretty};

pub fn run(paths: &[PathBuf], on: &[PathBuf], pipeline: &Pipeline) -> anyhow::Result<ExitCode> {
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
            warn(watch, &warning);
        }
        if let Some(owner) = watch.watch.owner.as_ref().filter(|owner| {
            // those who list no owners at all name them for the routing key alone
            !shelf.owners.is_empty() && !shelf.owners.contains_key(*owner)
        }) {
            warn(watch, &format!("no `[[owner]]` has the id `{owner}`"));
        }
        if let Some(last) = watch.expires.filter(|_| watch.is_over(today())) {
            warn(watch, &format!("its last day was {last}: it is not in force"));
        }
        queries.push((expr.normal(), watch));
    }
    twins(queries);
    let unread = !on.is_empty() && on_articles(on, &written, pipeline);
    let tests: usize = written.iter().map(|w| w.matches.len() + w.no_match.len()).sum();
    let (watches, nouns) = (noun(written.len(), "watch", "watches"), noun(tests, "test", "tests"));
    say!("{} {watches}, {tests} {nouns}, {wrong} wrong", written.len())?;
    Ok(if wrong > 0 || unread { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn warn(watch: &Written, warning: &str) {
    tell!("warning: {}: {}: {}", watch.file, watch.watch.id, pretty::lines(warning));
}

/// Warns about watches of one owner with the same query, in whatever order its parts are.
fn twins(mut queries: Vec<(String, &Written)>) {
    queries.sort_by(|a, b| (&a.0, &a.1.watch.owner).cmp(&(&b.0, &b.1.watch.owner)));
    for two in
        queries.windows(2).filter(|two| two[0].0 == two[1].0 && two[0].1.watch.owner == two[1].1.watch.owner)
    {
        warn(two[1].1, &format!("it asks for the same as `{}`", two[0].1.watch.id));
    }
}

/// Tries the watches on articles and warns about what these show; returns whether some could not be read.
fn on_articles(files: &[PathBuf], written: &[Written], pipeline: &Pipeline) -> bool {
    let watches: Vec<Watch> = written.iter().map(|watch| watch.watch.clone()).collect();
    let mut trial = Trial::new(&watches, &pipeline.lexicon.watch_words);
    let unread = on_files(files, &mut trial, pipeline);
    let aside = trial.aside();
    for watch in written {
        let id = &watch.watch.id;
        if let Some((_, why)) = aside.iter().find(|(aside, _)| aside == id) {
            warn(watch, &format!("it was set aside: {why}"));
        }
        let found = trial.found(id);
        if found.matched == 0 && trial.articles > 0 {
            let noun = noun(trial.articles, "article", "articles");
            warn(watch, &format!("it matches none of {} {noun}", trial.articles));
        }
        found.warnings.iter().for_each(|warning| warn(watch, warning));
        let most = watch.entry.as_ref().and_then(|entry| entry.max_per_day);
        if let (Some(most), Some(a_day)) = (most, trial.a_day(id))
            && a_day > f64::from(most)
        {
            warn(
                watch,
                &format!("it matches about {a_day:.1} articles a day here, and `max_per_day` is {most}"),
            );
        }
    }
    unread
}
