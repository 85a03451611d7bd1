//! `presswatch watch why`: every clause of a watch, true or false, for an article.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use presswatch::pipeline::Pipeline;
use presswatch::watch::{Reason, Workspace, parse, why};

use crate::cli::WhichWatches;
use crate::commands::input::pieces;
use crate::commands::pretty;

pub fn run(files: &[PathBuf], which: &WhichWatches, pipeline: &Pipeline) -> anyhow::Result<ExitCode> {
    if which.when.is_some() && (which.names_files_in_vain() || !which.id.is_empty()) {
        bail!("`--when` gives the query itself: leave out either it, or `--watches` and `--id`");
    }
    let watches = super::asked_for(which, pipeline)?;
    let words = &pipeline.lexicon.watch_words;
    let mut workspace = Workspace::default();
    for piece in pieces(files) {
        let piece = piece?;
        let analysed = super::analyse(&piece, pipeline)?;
        for watch in &watches {
            let expr = parse(&watch.when, watch.forms, words)?;
            let reasons = why(&expr, analysed.article(), words, &mut workspace);
            let matches = reasons.first().is_some_and(|all| all.holds);
            let verdict = if matches { "matches" } else { "does not match" };
            let name = if analysed.tagged.title.is_empty() { &piece.place } else { &analysed.tagged.title };
            say!("{} {verdict}: {}", watch.id, pretty::lines(name))?;
            for reason in &reasons {
                say!("{}", pretty::lines(&line(reason)))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn line(reason: &Reason) -> String {
    let sign = if reason.holds { "yes" } else { "no " };
    let spans: Vec<String> =
        reason.spans.iter().map(|s| s.exact.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let mut line = format!("  {sign} {}{}", "  ".repeat(reason.depth), reason.expr);
    if !spans.is_empty() {
        line += &format!(": {}", spans.join(" | "));
    }
    if let Some(nearest) = &reason.nearest {
        line += &format!(" ({nearest})");
    }
    line
}
