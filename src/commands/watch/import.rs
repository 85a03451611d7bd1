//! `presswatch watch import`: turns queries of other services into a file of watches.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use presswatch::pipeline::Pipeline;
use presswatch::watch::import::{Dialect, import};
use presswatch::watch::parse;

use crate::commands::pretty;

pub fn run(file: Option<&Path>, from: &str, pipeline: &Pipeline) -> anyhow::Result<ExitCode> {
    let dialect = Dialect::of_name(from).context("the command line takes no other")?;
    let text = if let Some(path) = file {
        std::fs::read_to_string(path).with_context(|| format!("can't read `{}`", path.display()))?
    } else {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("can't read standard input")?;
        text
    };
    let mut failed = false;
    for (at, query) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let read = import(query, dialect).and_then(|imported| {
            let checked = parse(&imported.when, false, &pipeline.lexicon.watch_words);
            checked.map_err(|error| format!("{error}: {}", imported.when)).map(|_| imported)
        });
        match read {
            Ok(imported) => {
                for note in &imported.notes {
                    tell!("warning: line {}: {}", at + 1, pretty::lines(note));
                }
                let when = toml::Value::String(imported.when);
                say!("[[watch]]\nid = \"{from}-{}\"\nwhen = {when}\n", at + 1)?;
            }
            Err(error) => {
                tell!("error: line {}: {}", at + 1, pretty::lines(&error));
                failed = true;
            }
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
