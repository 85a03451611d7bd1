//! `presswatch watch check`: every watch is read, warned of, and held against its own tests.

use std::path::PathBuf;
use std::process::ExitCode;

use presswatch::article::decode::Message;
use presswatch::pipeline::Pipeline;
use presswatch::watch::file::Written;
use presswatch::watch::{WatchSet, Workspace, parse, warnings};
use serde_json::json;

use crate::commands::in_force::today;
use crate::commands::pretty;

pub fn run(paths: &[PathBuf], pipeline: &Pipeline) -> anyhow::Result<ExitCode> {
    let (written, faults) = super::written(paths, pipeline)?;
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
        for warning in warnings(&watch.watch, &expr, words, &|who| knows(who, pipeline)) {
            tell!("warning: {}: {}: {}", watch.file, watch.watch.id, pretty::lines(&warning));
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
    say!("{} watches, {tests} tests, {wrong} wrong", written.len())?;
    Ok(if wrong > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Whether the lexicon knows a person by this folded name or slug.
fn knows(who: &str, pipeline: &Pipeline) -> bool {
    let officials = &pipeline.lexicon.officials;
    officials.holders().iter().any(|h| *h.slug == *who || h.name.to_lowercase() == who)
}

/// What is wrong with the tests of a watch.
fn failures(watch: &Written, pipeline: &Pipeline, workspace: &mut Workspace) -> Vec<String> {
    if watch.matches.is_empty() && watch.no_match.is_empty() {
        return Vec::new();
    }
    let (set, _) = WatchSet::of(pipeline.lexicon.watch_words.clone(), [watch.watch.clone()]);
    let asked =
        watch.matches.iter().map(|text| (text, true)).chain(watch.no_match.iter().map(|t| (t, false)));
    let mut failures = Vec::new();
    for (text, want) in asked {
        // a headline stands before an empty line
        let (title, body) = text.split_once("\n\n").unwrap_or(("", text));
        let event = json!({ "id": "test", "title": title.trim(), "body": body }).to_string();
        let matches = match pipeline.analyse(Message { body: event.as_bytes(), ..Message::default() }) {
            Ok(analysed) => !set.matches(analysed.article(), workspace).is_empty(),
            Err(error) => {
                failures.push(format!("a test is no article: {error}: {text}"));
                continue;
            }
        };
        match (matches, want) {
            (false, true) => failures.push(format!("does not match: {text}")),
            (true, false) => failures.push(format!("matches, but must not: {text}")),
            _ => {}
        }
    }
    failures
}
