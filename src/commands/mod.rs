//! One file per subcommand.

/// Prints a line for a person on standard error. A write error is ignored.
macro_rules! tell {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(anstream::stderr(), $($text)*);
    }};
}

/// Prints a line of output on standard output; returns [`written`]'s result.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        $crate::commands::written(writeln!(anstream::stdout(), $($text)*))
    }};
}

pub mod config;
pub mod dead;
pub mod demo;
pub mod feed;
pub mod healthcheck;
pub mod in_force;
pub mod input;
pub mod keys;
pub mod officials;
pub mod pretty;
pub mod publish;
pub mod reload;
pub mod run;
pub mod subscribe;
pub mod tag;
pub mod topology;
pub mod watch;

use std::path::Path;
use std::{fs, io};

use anyhow::{Context as _, bail};
use presswatch::broker::open::OpenError;
use presswatch::config::Settings;
use presswatch::files::Files;
use presswatch::knowledge::Knowledge;
use presswatch::pipeline::Pipeline;

/// Bad usage or settings, which only a person can fix: the exit status is 2, and restarting won't help.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadSettings(pub String);

/// The reader of standard output has closed it: no failure, but no reason to go on.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads standard output any longer")]
pub struct ReaderGone;

/// The error of a command that could not open its broker.
pub fn unopened(error: OpenError) -> anyhow::Error {
    match error {
        OpenError::Settings(words) => BadSettings(words).into(),
        error => error.into(),
    }
}

/// The result of a write to standard output.
pub fn written(result: io::Result<()>) -> anyhow::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(ReaderGone.into()),
        result => result.context("can't write to standard output"),
    }
}

/// The form of a noun that goes with a number.
pub fn noun<'n>(count: usize, one: &'n str, many: &'n str) -> &'n str {
    if count == 1 { one } else { many }
}

/// The configured pipeline: the compiled-in lexicon, overridden by the operator's files.
pub fn pipeline(settings: &Settings) -> anyhow::Result<Pipeline> {
    let mut files = Files::default();
    let folder = &settings.lexicon.dir;
    if !folder.as_os_str().is_empty() {
        let count = overlay(&mut files, folder, folder).map_err(|error| {
            BadSettings(format!("`lexicon.dir`: can't read `{}`: {error:#}", folder.display()))
        })?;
        tracing::info!(files = count, folder = %folder.display(), "lexicon files over the compiled-in ones");
    }
    if !settings.lexicon.learnt {
        files.forget_learnt();
    }
    let mut lexicon = match Knowledge::parse(&files) {
        Ok(lexicon) => lexicon,
        Err(errors) => bail!(BadSettings(format!("the lexicon has errors:\n{errors}"))),
    };
    lexicon.cues.least = settings.tag.quotes.least;
    Ok(Pipeline::new(lexicon, settings.limits.into()))
}

/// Adds every file below `folder`, replacing compiled-in ones with the same path.
fn overlay(files: &mut Files, root: &Path, folder: &Path) -> anyhow::Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            count += overlay(files, root, &path)?;
        } else if path.extension().is_some_and(|e| e == "toml" || e == "tsv") {
            let name = path.strip_prefix(root).expect("found below it").to_string_lossy().replace('\\', "/");
            files.put(name, fs::read_to_string(&path).with_context(|| path.display().to_string())?);
            count += 1;
        }
    }
    Ok(count)
}
