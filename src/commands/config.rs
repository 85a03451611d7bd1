//! `presswatch config`: the settings in force, secrets hidden; or what every setting means.

use std::process::ExitCode;

use presswatch::config::{Settings, reference};

/// Prints them as TOML that `--config` would read.
pub fn run(settings: &Settings) -> ExitCode {
    anstream::print!("{}", settings.print());
    ExitCode::SUCCESS
}

/// Prints the reference of all settings; `flags` are the keys that a flag sets.
pub fn reference(flags: &[&str]) -> ExitCode {
    anstream::print!("{}", reference::markdown(flags));
    ExitCode::SUCCESS
}
