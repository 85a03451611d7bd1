//! `presswatch officials`: imports office holders from formats that others publish, and checks ours.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use presswatch::config::Settings;
use presswatch::official::import::{self, Format};

use super::{noun, pipeline};
use crate::cli::{Import, Officials};

/// Runs `officials …`.
pub fn run(what: Officials, settings: &Settings) -> anyhow::Result<ExitCode> {
    match what {
        Officials::Import(import) => import_file(&import, settings),
        Officials::Check => check(settings),
    }
}

/// Prints contradictions first, then outdated rows. Contradictions are a failure.
fn check(settings: &Settings) -> anyhow::Result<ExitCode> {
    let today = jiff::Timestamp::now().strftime("%F").to_string().parse().context("today is no date")?;
    let report = pipeline(settings)?.lexicon.officials.check(today);
    for line in &report.contradictions {
        say!("contradiction: {line}")?;
    }
    for line in &report.aged {
        say!("old: {line}")?;
    }
    tell!("{} contradictions, {} signs of age", report.contradictions.len(), report.aged.len());
    Ok(if report.contradictions.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes the rows to standard output, or into the lexicon folder, where later runs find them.
fn import_file(what: &Import, settings: &Settings) -> anyhow::Result<ExitCode> {
    let file = what.file.display();
    let source = fs::read_to_string(&what.file).with_context(|| format!("can't read `{file}`"))?;
    let format = match what.format.as_deref() {
        Some("popolo") => Format::Popolo,
        Some("ftm") => Format::FollowTheMoney,
        Some("congress") => Format::Congress,
        _ => Format::guess(&source)
            .with_context(|| format!("`{file}`: unknown format; give --format popolo, ftm or congress"))?,
    };
    let country = what.country.as_deref().unwrap_or_default().to_uppercase();
    ensure!(
        country.is_empty() || country.len() == 2,
        "`--country` is a code of two letters (ISO 3166-1), not `{country}`"
    );
    let today = jiff::Timestamp::now().strftime("%F").to_string();
    let read = import::read(&source, format, &country, &today);
    let rows = read.map_err(|error| anyhow::anyhow!("`{file}`: {error}"))?;
    let table = import::write(&rows, &pipeline(settings)?.lexicon.officials);
    let Some(name) = &what.name else {
        say!("{}", table.trim_end())?;
        return Ok(ExitCode::SUCCESS);
    };
    let folder = &settings.lexicon.dir;
    ensure!(!folder.as_os_str().is_empty(), "`--name` needs a folder to write to: give --lexicon-dir");
    let path = folder.join("officials").join(Path::new(name).with_extension("tsv"));
    fs::create_dir_all(folder.join("officials")).context("can't make the folder")?;
    fs::write(&path, table).with_context(|| format!("can't write `{}`", path.display()))?;
    // the file must be readable at the next start
    if let Err(error) = pipeline(settings) {
        let _ = fs::remove_file(&path);
        return Err(
            error.context(format!("`{file}` gave rows that the lexicon refuses; nothing was written"))
        );
    }
    let offices = noun(rows.len(), "office", "offices");
    tell!("{} {offices} in {}", rows.len(), path.display());
    Ok(ExitCode::SUCCESS)
}
