//! `presswatch watch try`: what watches would have found in files of articles.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use presswatch::pipeline::Pipeline;
use presswatch::watch::{Expr, Match, Watch, WatchSet, Workspace, parse};
use rayon::prelude::*;

use crate::cli::WhichWatches;
use crate::commands::input::pieces;
use crate::commands::pretty;

/// Headlines that are shown of each watch.
const SAMPLES: usize = 5;

/// Rows that are shown of a table.
const ROWS: usize = 10;

/// What a watch found.
#[derive(Debug, Default)]
struct Found {
    articles: usize,
    days: BTreeMap<String, usize>,
    outlets: BTreeMap<String, usize>,
    clauses: BTreeMap<String, usize>,
    samples: Vec<String>,
}

/// An article in a few words, and the watches that match it.
struct Seen {
    title: String,
    day: String,
    outlet: String,
    matches: Vec<Match>,
}

pub fn run(files: &[PathBuf], which: &WhichWatches, pipeline: &Pipeline) -> anyhow::Result<ExitCode> {
    let watches = super::asked_for(which, pipeline)?;
    let variants = without_exclusions(&watches, pipeline);
    let words = pipeline.lexicon.watch_words.clone();
    let of_variants = variants.iter().map(|v| v.watch.clone());
    let (set, _) = WatchSet::of(words, watches.iter().cloned().chain(of_variants));
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    let (mut articles, mut failed) = (0, false);
    let mut input = pieces(files);
    loop {
        let chunk: Vec<_> = input.by_ref().take(1000).collect();
        if chunk.is_empty() {
            break;
        }
        let seen: Vec<anyhow::Result<Seen>> = chunk
            .into_par_iter()
            .map_init(Workspace::default, |workspace, piece| {
                let analysed = super::analyse(&piece?, pipeline)?;
                let matches = set.matches(analysed.article(), workspace);
                let tagged = analysed.tagged;
                let day = tagged.published_at.map_or("no date".to_owned(), |t| t.day().to_string());
                let outlet = tagged.source.domain.or(tagged.source.name).unwrap_or_default();
                Ok(Seen { title: tagged.title, day, outlet, matches })
            })
            .collect();
        for seen in seen {
            match seen {
                Ok(seen) => {
                    articles += 1;
                    note(&seen, &mut found);
                }
                Err(error) => {
                    tell!("error: {}", pretty::lines(&format!("{error:#}")));
                    failed = true;
                }
            }
        }
    }
    let nothing = Found::default();
    for watch in &watches {
        let own = found.get(&watch.id).unwrap_or(&nothing);
        say!("{}: {} of {articles} articles", watch.id, own.articles)?;
        for (name, table) in [("by day", &own.days), ("by outlet", &own.outlets), ("by clause", &own.clauses)]
        {
            tell_table(name, table)?;
        }
        for variant in variants.iter().filter(|v| v.of == watch.id) {
            let without = found.get(&variant.watch.id).map_or(0, |f| f.articles);
            let more = without.saturating_sub(own.articles);
            let half = if more > own.articles { ", which is over half" } else { "" };
            say!("  {} takes away {more}{half}", pretty::lines(&variant.exclusion))?;
        }
        for sample in &own.samples {
            say!("  - {}", pretty::lines(sample))?;
        }
    }
    for (id, why) in set.aside() {
        tell!("warning: {id} was set aside: {why:?}");
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn note(seen: &Seen, found: &mut BTreeMap<String, Found>) {
    for hit in &seen.matches {
        let own = found.entry(hit.id.clone()).or_default();
        own.articles += 1;
        *own.days.entry(seen.day.clone()).or_default() += 1;
        *own.outlets.entry(seen.outlet.clone()).or_default() += 1;
        for clause in &hit.clauses {
            *own.clauses.entry(clause.expr.clone()).or_default() += 1;
        }
        if own.samples.len() < SAMPLES {
            own.samples.push(seen.title.clone());
        }
    }
}

fn tell_table(name: &str, table: &BTreeMap<String, usize>) -> anyhow::Result<()> {
    let mut rows: Vec<(&String, &usize)> = table.iter().collect();
    rows.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let shown: Vec<String> = rows.iter().take(ROWS).map(|(key, count)| format!("{key} {count}")).collect();
    let more = rows.len().saturating_sub(ROWS);
    if !shown.is_empty() {
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        say!("  {name}: {}{more}", pretty::lines(&shown.join(", ")))?;
    }
    Ok(())
}

/// A watch without one of its exclusions.
struct Variant {
    of: String,
    exclusion: String,
    watch: Watch,
}

fn without_exclusions(watches: &[Watch], pipeline: &Pipeline) -> Vec<Variant> {
    let words = &pipeline.lexicon.watch_words;
    let mut out = Vec::new();
    for own in watches {
        let Ok(Expr::And(parts)) = parse(&own.when, own.forms, words) else { continue };
        for (at, exclusion) in parts.iter().enumerate().filter(|(_, part)| matches!(part, Expr::Not(_))) {
            let kept = parts.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, part)| part.clone());
            let when = Expr::And(kept.collect()).to_string();
            // no id of a file holds a space
            let watch = Watch { id: format!("{} without {at}", own.id), when, forms: false, ..own.clone() };
            out.push(Variant { of: own.id.clone(), exclusion: exclusion.to_string(), watch });
        }
    }
    out
}
