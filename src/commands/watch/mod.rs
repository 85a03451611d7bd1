//! `presswatch watch`: stored queries, checked and tried without a broker.

mod check;
mod import;
mod token;
mod top;
mod trial;
mod why;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use presswatch::article::decode::Message;
use presswatch::config::Settings;
use presswatch::pipeline::Pipeline;
use presswatch::registry::held_against::knows;
use presswatch::tagging::Analysed;
use presswatch::watch::entry::Written;
use presswatch::watch::file::{Fault, Files, read};
use presswatch::watch::{Watch as Stored, WatchSet, parse, warnings};

use super::input::Piece;
use super::pretty;
use crate::cli::Watch;

/// Runs one of the commands. The exit status is 1 if something is wrong with a watch.
pub fn run(what: Watch, settings: &Settings) -> anyhow::Result<ExitCode> {
    let pipeline = || super::pipeline(settings);
    match what {
        Watch::Import { file, from } => import::run(file.as_deref(), &from, &pipeline()?),
        Watch::Check { paths, on } => check::run(&paths, &on, &pipeline()?),
        Watch::Try { files, kept, which } => trial::run(&files, kept, &which, &pipeline()?, settings),
        Watch::Top { by, most } => top::run(&by, most, settings),
        Watch::Token => token::run(),
        Watch::Why { files, which } => why::run(&files, &which, &pipeline()?),
    }
}

/// The watches of files and folders as a set, and what is wrong with the others.
pub fn load(paths: &[PathBuf], pipeline: &Pipeline) -> anyhow::Result<(WatchSet, Vec<Fault>)> {
    let Files { watches, faults, .. } = written(paths, pipeline)?;
    let words = pipeline.lexicon.watch_words.clone();
    // each query was parsed before
    let (set, _) = WatchSet::of(words, watches.into_iter().map(|w| w.watch));
    Ok((set, faults))
}

/// The watches and faults in files and folders.
pub fn written(paths: &[PathBuf], pipeline: &Pipeline) -> anyhow::Result<Files> {
    let mut files = Vec::new();
    for path in paths {
        add(path, true, &mut files)?;
    }
    let texts = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    Ok(read(texts, &pipeline.lexicon.watch_words))
}

/// Adds a file, or all files of watches below a folder, in order of their paths. `asked` means that a person named it.
fn add(path: &Path, asked: bool, files: &mut Vec<(String, String)>) -> anyhow::Result<()> {
    let place = || format!("can't read `{}`", path.display());
    if asked && !path.exists() {
        bail!("`{}` not found; name a file of watches, or a folder of them", path.display());
    }
    if path.is_dir() {
        let entries = fs::read_dir(path).with_context(place)?;
        let mut below: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        below.sort();
        return below.iter().try_for_each(|path| add(path, false, files));
    }
    let kind = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    if asked || matches!(kind, "toml" | "ndjson" | "jsonl") {
        files.push((path.display().to_string(), fs::read_to_string(path).with_context(place)?));
    }
    Ok(())
}

/// The watches that a person selected: one query, or some or all from files. Faults in those are reported.
fn asked_for(which: &crate::cli::WhichWatches, pipeline: &Pipeline) -> anyhow::Result<Vec<Stored>> {
    if let Some(when) = &which.when {
        let watch =
            Stored { id: "query".to_owned(), when: when.clone(), forms: which.forms, ..Stored::default() };
        let words = &pipeline.lexicon.watch_words;
        let expr = match parse(when, which.forms, words) {
            Ok(expr) => expr,
            Err(error) => bail!("{error}\n{}", error.marked(when)),
        };
        for warning in warnings(&watch, &expr, words, &|kind, what| knows(kind, what, pipeline)) {
            tell!("warning: {}", pretty::lines(&warning));
        }
        return Ok(vec![watch]);
    }
    let Files { watches: written, faults, .. } = written(&which.watches, pipeline)?;
    faults.iter().for_each(|fault| tell!("error: {}", pretty::lines(&fault.to_string())));
    let ids = &which.id;
    let wanted = |w: &Written| ids.is_empty() || ids.contains(&w.watch.id);
    let found: Vec<Stored> = written.into_iter().filter(wanted).map(|w| w.watch).collect();
    match ids.iter().find(|id| !found.iter().any(|w| w.id == **id)) {
        Some(missing) => bail!("there is no watch `{missing}`"),
        None if found.is_empty() => bail!("no watches: give --when 'QUERY', or --watches FILE|FOLDER"),
        None => Ok(found),
    }
}

fn analyse(piece: &Piece, pipeline: &Pipeline) -> anyhow::Result<Analysed> {
    let message = Message { body: &piece.body, content_type: piece.content_type, ..Message::default() };
    pipeline.analyse(message).with_context(|| piece.place.clone())
}
