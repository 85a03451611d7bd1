//! `presswatch config`: the settings in force, secrets hidden; or what every setting means.

use std::process::ExitCode;

use presswatch::config::{Settings, reference};

/// Prints the settings as TOML that `--config` can read.
pub fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    say!("{}", settings.print().trim_end())?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the reference of all settings; `flags` are the keys that have a flag.
pub fn reference(flags: &[&str]) -> anyhow::Result<ExitCode> {
    say!("{}", reference::markdown(flags).trim_end())?;
    Ok(ExitCode::SUCCESS)
}
