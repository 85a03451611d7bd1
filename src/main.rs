//! Parses the command line, reads the settings, starts logging, runs the command, tells the exit status:
//! 0 done, 1 failed, 2 bad usage or settings.

mod cli;
#[macro_use]
mod commands;

use std::process::ExitCode;

use clap::Parser as _;
use cli::{Cli, Command};
use commands::{BadSettings, ReaderGone};
use presswatch::config::{self, Settings, SettingsError};
use presswatch::telemetry;

/// An article makes thousands of small strings: with this the tagger needs a quarter less time than with glibc's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let settings = match settings(&cli) {
        Ok(settings) => settings,
        Err(error) => {
            tell!("error: {error}");
            return ExitCode::from(2);
        }
    };
    match run(cli, &settings) {
        Ok(status) => status,
        Err(error) if error.is::<ReaderGone>() => ExitCode::SUCCESS,
        Err(error) => {
            tell!("error: {error:#}");
            if error.is::<BadSettings>() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

fn settings(cli: &Cli) -> Result<Settings, SettingsError> {
    let settings = config::load(cli.global.config.as_deref(), std::env::vars(), &cli.global.settings())?;
    let mut log = settings.log.clone();
    // the worker tells what it does; a command speaks for itself
    if log.level == "info" && !matches!(cli.command, Command::Run) {
        let level = if matches!(cli.command, Command::Demo { .. }) { "error" } else { "warn" };
        level.clone_into(&mut log.level);
    }
    telemetry::start(&log)?;
    Ok(settings)
}

fn run(cli: Cli, settings: &Settings) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Tag { files, pretty, why } => commands::tag::run(&files, pretty, why.as_deref(), settings),
        Command::Officials(what) => commands::officials::run(what, settings),
        Command::Config { reference: false } => commands::config::run(settings),
        Command::Config { reference: true } => {
            commands::config::reference(&cli.global.keys().map(|(key, _)| key))
        }
        Command::Healthcheck => commands::healthcheck::run(settings),
        Command::Demo { once } => block_on(commands::demo::run(once, settings)),
        Command::Run => block_on(commands::run::run(settings)),
        Command::Publish { files } => block_on(commands::publish::run(&files, settings)),
        Command::Subscribe { keys, json, count } => {
            block_on(commands::subscribe::run(&keys, json, count, settings))
        }
        Command::Dead(what) => block_on(commands::dead::run(what, settings)),
        Command::Topology { dry_run } => block_on(commands::topology::run(dry_run, settings)),
    }
}

/// Runs a command to its end. Threads that still work then (a tagger that hangs) are not waited for.
fn block_on(command: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let status = runtime.block_on(command);
    runtime.shutdown_background();
    status
}
