//! `presswatch watch try`: what watches would have found in files of articles, or among the alerts that are kept.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use presswatch::config::Settings;
use presswatch::pipeline::Pipeline;
use presswatch::registry::trial::{Found, Seen, Trial, of_alert};
use presswatch::watch::{Watch, Workspace};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::cli::WhichWatches;
use crate::commands::healthcheck::{address, ask_all};
use crate::commands::input::pieces;
use crate::commands::pretty;

/// Headlines shown per watch.
const SAMPLES: usize = 5;

/// Rows shown per table.
const ROWS: usize = 10;

/// Alerts per page.
const PAGE: usize = 200;

pub fn run(
    files: &[PathBuf],
    kept: Option<usize>,
    which: &WhichWatches,
    pipeline: &Pipeline,
    settings: &Settings,
) -> anyhow::Result<ExitCode> {
    let watches = super::asked_for(which, pipeline)?;
    let mut trial = Trial::new(&watches, &pipeline.lexicon.watch_words);
    let failed = match kept {
        Some(most) => on_kept(most, &mut trial, pipeline, settings).map(|()| false)?,
        None => on_files(files, &mut trial, pipeline),
    };
    for watch in &watches {
        tell_found(watch, &trial.found(&watch.id), trial.articles)?;
    }
    for (id, why) in trial.aside() {
        tell!("warning: {id} was set aside: {why:?}");
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Tries watches on files; returns whether some could not be read.
fn on_files(files: &[PathBuf], trial: &mut Trial, pipeline: &Pipeline) -> bool {
    let (mut input, mut failed) = (pieces(files), false);
    loop {
        let chunk: Vec<_> = input.by_ref().take(1000).collect();
        if chunk.is_empty() {
            return failed;
        }
        let seen: Vec<anyhow::Result<Seen>> = chunk
            .into_par_iter()
            .map_init(Workspace::default, |workspace, piece| {
                let analysed = super::analyse(&piece?, pipeline)?;
                Ok(trial.see(analysed.tagged.id.clone(), analysed, workspace))
            })
            .collect();
        for seen in seen {
            match seen {
                Ok(seen) => trial.note(&seen),
                Err(error) => {
                    tell!("error: {}", pretty::lines(&format!("{error:#}")));
                    failed = true;
                }
            }
        }
    }
}

#[derive(Deserialize)]
struct Page {
    next: Option<u64>,
    alerts: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    alert: Alert,
}

#[derive(Deserialize)]
struct Alert {
    id: String,
    data: Map<String, Value>,
}

/// Tries watches on the latest alerts that a running presswatch keeps.
fn on_kept(most: usize, trial: &mut Trial, pipeline: &Pipeline, settings: &Settings) -> anyhow::Result<()> {
    let address = address(settings);
    let mut before = String::new();
    while trial.articles < most {
        let path = format!("/alerts.json?limit={}{before}", (most - trial.articles).min(PAGE));
        let asked = ask_all(address, &path).with_context(|| {
            format!("no answer from http://{address}: `--kept` asks a presswatch that runs with the same http.listen")
        })?;
        let body = asked.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let Ok(page) = serde_json::from_str::<Page>(body) else {
            bail!("http://{address}{path} told no alerts: {}", pretty::row(body.trim()));
        };
        let seen: Vec<Seen> = page
            .alerts
            .into_par_iter()
            .map_init(Workspace::default, |workspace, row| {
                let analysed = of_alert(&row.alert.data, pipeline)?;
                Some(trial.see(row.alert.id, analysed, workspace))
            })
            .flatten()
            .collect();
        seen.iter().for_each(|seen| trial.note(seen));
        match page.next {
            Some(next) => before = format!("&before={next}"),
            None => break,
        }
    }
    Ok(())
}

fn tell_found(watch: &Watch, found: &Found, articles: usize) -> anyhow::Result<()> {
    say!("{}: {} of {articles} articles", watch.id, found.matched)?;
    let tables = [("by day", &found.days), ("by outlet", &found.outlets), ("by clause", &found.clauses)];
    for (name, table) in tables {
        tell_table(name, table)?;
    }
    for (exclusion, more) in &found.takes_away {
        let half = if *more > found.matched { ", which is over half" } else { "" };
        say!("  {} takes away {more}{half}", pretty::lines(exclusion))?;
    }
    for sample in found.samples.iter().take(SAMPLES) {
        say!("  - {}", pretty::lines(&sample.title))?;
    }
    Ok(())
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
