//! `presswatch watch try`: what watches would have found in files of articles, or among the articles that a
//! running one keeps; and what differs from the version in force.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use presswatch::config::Settings;
use presswatch::pipeline::Pipeline;
use presswatch::registry::trial::{Difference, Found, Seen, Trial, of_kept};
use presswatch::watch::unasked::OtherForms;
use presswatch::watch::{Watch, Workspace};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::cli::WhichWatches;
use crate::commands::healthcheck::{address, ask_all};
use crate::commands::input::pieces;
use crate::commands::{noun, pretty};

/// Headlines shown per watch.
const SAMPLES: usize = 5;

/// Rows shown per table.
const ROWS: usize = 10;

/// Articles per page.
const PAGE: usize = 200;

pub fn run(
    files: &[PathBuf],
    kept: Option<usize>,
    which: &WhichWatches,
    pipeline: &Pipeline,
    settings: &Settings,
) -> anyhow::Result<ExitCode> {
    if which.names_files_in_vain() {
        bail!(
            "`--when` is a query of its own; to compare it with a watch of `--watches`, name that by `--id`"
        );
    }
    let watches = super::asked_for(which, pipeline)?;
    let pairs = pairs(&watches, kept.is_some(), which, pipeline, settings)?;
    let words = &pipeline.lexicon.watch_words;
    let all: Vec<Watch> = watches.iter().chain(pairs.iter().map(|(_, old)| old)).cloned().collect();
    let mut trial = Trial::new(&all, words);
    for (new, old) in &pairs {
        trial = trial.against(new, &old.id);
    }
    let failed = match kept {
        Some(most) => on_kept(most, &mut trial, pipeline, settings).map(|()| false)?,
        None => on_files(files, &mut trial, pipeline),
    };
    for watch in &watches {
        tell_found(watch, &trial.found(&watch.id), trial.articles)?;
    }
    for (id, why) in trial.aside() {
        tell!("warning: {id} was set aside: {why}");
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// For each watch that is compared, its id and the version in force, under an id of its own. A query is compared with the
/// watch that `--id` names: of the files or, on kept articles, of the running presswatch, where watches of files are
/// compared with what is in force there.
fn pairs(
    watches: &[Watch],
    on_kept: bool,
    which: &WhichWatches,
    pipeline: &Pipeline,
    settings: &Settings,
) -> anyhow::Result<Vec<(String, Watch)>> {
    let named: Vec<(&Watch, &str)> = match (&which.when, which.id.as_slice()) {
        (Some(_), [id]) => watches.iter().map(|query| (query, id.as_str())).collect(),
        (Some(_), []) => Vec::new(),
        (Some(_), _) => bail!("a query is compared with one watch: give `--id` once"),
        (None, _) if on_kept => watches.iter().map(|watch| (watch, watch.id.as_str())).collect(),
        (None, _) => Vec::new(),
    };
    let mut pairs = Vec::new();
    for (new, id) in named {
        let in_force = if on_kept { in_force(id, settings)? } else { None };
        let old = match (in_force, &which.when) {
            (Some(old), _) => old,
            (None, Some(_)) => of_files(id, which, pipeline)?,
            // not in force there: it is new
            (None, None) => continue,
        };
        // no id of a watch contains a space
        pairs.push((new.id.clone(), Watch { id: format!("{id} before"), owner: None, ..old }));
    }
    Ok(pairs)
}

/// A watch of the files that were named.
fn of_files(id: &str, which: &WhichWatches, pipeline: &Pipeline) -> anyhow::Result<Watch> {
    let (watches, id) = (which.watches.clone(), vec![id.to_owned()]);
    let which = WhichWatches { when: None, forms: false, watches, id };
    super::asked_for(&which, pipeline)?.pop().context("it is there")
}

/// A watch as it is in force at the running presswatch; `None` if it is not.
fn in_force(id: &str, settings: &Settings) -> anyhow::Result<Option<Watch>> {
    #[derive(Deserialize)]
    struct Told {
        state: String,
        in_force: Option<InForce>,
    }
    #[derive(Deserialize)]
    struct InForce {
        when: String,
        forms: bool,
    }
    let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
    let told = ask_worker(&format!("/watches/{id}"), settings)?;
    let told: Option<Told> = serde_json::from_str(&told).ok();
    let in_force = told.filter(|told| told.state == "in-force").and_then(|told| told.in_force);
    Ok(in_force.map(|InForce { when, forms }| Watch { when, forms, ..Watch::default() }))
}

/// The body of what a running presswatch answers.
fn ask_worker(path: &str, settings: &Settings) -> anyhow::Result<String> {
    let address = address(settings);
    let asked = ask_all(settings, path).with_context(|| {
        format!(
            "no answer from http://{address}: `--kept` needs a running presswatch with the same http.listen"
        )
    })?;
    Ok(asked.split_once("\r\n\r\n").map_or_else(String::new, |(_, body)| body.to_owned()))
}

/// Tries watches on files; returns whether some could not be read.
pub(super) fn on_files(files: &[PathBuf], trial: &mut Trial, pipeline: &Pipeline) -> bool {
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
                Ok(trial.see(None, analysed, workspace))
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
    next: Option<String>,
    articles: Vec<Kept>,
}

#[derive(Deserialize)]
struct Kept {
    alert: Option<String>,
    article: Map<String, Value>,
}

/// Tries watches on the latest articles that a running presswatch keeps.
fn on_kept(most: usize, trial: &mut Trial, pipeline: &Pipeline, settings: &Settings) -> anyhow::Result<()> {
    let mut before = String::new();
    let mut alerted = HashSet::new();
    while trial.articles < most {
        let path = format!("/articles.json?limit={}{before}", (most - trial.articles).min(PAGE));
        let told = ask_worker(&path, settings)?;
        let Ok(page) = serde_json::from_str::<Page>(&told) else {
            bail!("http://{}{path} did not return articles: {}", address(settings), pretty::row(told.trim()));
        };
        let id = |kept: &Kept| kept.article.get("id").map(Value::to_string);
        alerted.extend(page.articles.iter().filter(|kept| kept.alert.is_some()).filter_map(id));
        // one without an alert may have given one when it came again
        let new = |kept: &Kept| kept.alert.is_some() || id(kept).is_none_or(|id| !alerted.contains(&id));
        let seen: Vec<Seen> = page
            .articles
            .into_par_iter()
            .filter(new)
            .map_init(Workspace::default, |workspace, kept| {
                let analysed = of_kept(&kept.article, pipeline)?;
                Some(trial.see(kept.alert, analysed, workspace))
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
    let noun = noun(articles, "article", "articles");
    say!("{}: {} of {articles} {noun}", watch.id, found.matched)?;
    let tables = [("by day", &found.days), ("by outlet", &found.outlets), ("by clause", &found.clauses)];
    for (name, table) in tables {
        tell_table(name, table)?;
    }
    for (exclusion, more) in &found.takes_away {
        say!("  {} takes away {more}", pretty::lines(exclusion))?;
    }
    for forms in &found.forms {
        say!("  {}", pretty::lines(&other_forms(forms)))?;
    }
    for warning in &found.warnings {
        tell!("warning: {}: {}", watch.id, pretty::lines(warning));
    }
    if let Some(Difference { more, fewer, added, lost }) = &found.against {
        say!("  than the version in force: {more} more, {fewer} fewer")?;
        for (sign, article) in added.iter().map(|a| ("+", a)).chain(lost.iter().map(|a| ("\u{2212}", a))) {
            say!("  {sign} {} {}", pretty::row(&article.id), pretty::lines(&article.title))?;
        }
    }
    for sample in found.samples.iter().take(SAMPLES) {
        say!("  - {}", pretty::lines(&sample.article.title))?;
    }
    Ok(())
}

/// "sanction: 12 articles; sanction~ would also find sanctions 31".
fn other_forms(OtherForms { word, articles, others }: &OtherForms) -> String {
    let others: Vec<String> = others.iter().map(|(form, count)| format!("{form} {count}")).collect();
    let noun = noun(*articles, "article", "articles");
    format!("{word}: {articles} {noun}; {word}~ would also find {}", others.join(", "))
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
