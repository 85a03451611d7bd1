//! One file a subcommand.

pub mod config;
pub mod dead;
pub mod demo;
pub mod healthcheck;
pub mod input;
pub mod officials;
pub mod pretty;
pub mod publish;
pub mod run;
pub mod subscribe;
pub mod tag;
pub mod topology;

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use presswatch::config::Settings;
use presswatch::lexicon::{Files, Lexicon};
use presswatch::pipeline::Pipeline;

/// The pipeline that the settings ask for: the compiled-in lexicon with the operator's files over it.
pub fn pipeline(settings: &Settings) -> anyhow::Result<Pipeline> {
    let mut files = Files::default();
    let folder = &settings.lexicon.dir;
    if !folder.as_os_str().is_empty() {
        let count = overlay(&mut files, folder, folder)
            .with_context(|| format!("`lexicon.dir`: can't read `{}`", folder.display()))?;
        tracing::info!(files = count, folder = %folder.display(), "lexicon files over the compiled-in ones");
    }
    let lexicon = Lexicon::parse(&files).context("the lexicon has errors")?;
    Ok(Pipeline { lexicon, limits: settings.limits.into() })
}

/// Puts every file below `folder` over the compiled-in one of the same path.
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
