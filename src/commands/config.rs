//! `presswatch config`: the settings in force, secrets hidden.

use std::process::ExitCode;

use presswatch::config::Settings;

/// Prints them as TOML that `--config` would read.
pub fn run(settings: &Settings) -> ExitCode {
    anstream::print!("{}", settings.print());
    ExitCode::SUCCESS
}
