//! Parses the command line, loads the settings, starts logging, runs the command and sets the exit status: 0 done, 1
//! failed, 2 bad usage or settings.

mod cli;
#[macro_use]
mod commands;

use std::os::unix::process::CommandExt as _;
use std::process::ExitCode;

use clap::Parser as _;
use cli::{Cli, Command};
use commands::{BadSettings, ReaderGone};
use presswatch::config::{self, Settings, SettingsError};
use presswatch::telemetry;

/// An article makes thousands of small strings: with this allocator the tagger takes a quarter less time than with
/// glibc's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many milliseconds the allocator keeps freed pages, read when the program is loaded. Kept for the default of a
/// second, they were 25 MB of the peak under load; released at once, tagging was no slower.
const PURGE_VARIABLE: &str = "MIMALLOC_PURGE_DELAY";

/// The standard library reads the stack size of threads from it.
const STACK_VARIABLE: &str = "RUST_MIN_STACK";

/// Enough for headers nested as deep as a frame of 128 KiB allows: 26,000 levels, which took between 64 and 100 MiB in
/// an optimized build. Only the part in use takes memory.
const STACK_BYTES: usize = 256 << 20;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let settings = match settings(&cli) {
        Ok(settings) => settings,
        Err(error) => {
            tell!("error: {error}");
            return ExitCode::from(2);
        }
    };
    if takes_messages(&cli.command)
        && settings.has_broker()
        && let Some(error) = again_with_environment()
    {
        tracing::warn!(%error, "deeply nested headers may end this program: RUST_MIN_STACK could not be set");
    }
    match run(cli, &settings) {
        Ok(status) => status,
        Err(error) if error.is::<ReaderGone>() => ExitCode::SUCCESS,
        Err(error) => {
            tell!("error: {error:#}");
            if error.is::<BadSettings>() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

/// Whether a command reads messages created by others.
fn takes_messages(command: &Command) -> bool {
    matches!(command, Command::Run { .. } | Command::Dead(_) | Command::Subscribe { .. })
}

/// Re-executes the program, as the same process, with an environment that can't be set from within: stacks that hold
/// the deepest headers, and an allocator that releases memory at once. Returns the error if that fails.
///
/// lapin reads nested header tables by recursion, on a thread with a stack of the usual size: a message of 28 kB with
/// 4,000 nested tables crashed the program. The size can only be set through the environment, before the first thread.
fn again_with_environment() -> Option<std::io::Error> {
    let set = std::env::var(STACK_VARIABLE).ok().and_then(|bytes| bytes.parse::<usize>().ok());
    if set.is_some_and(|bytes| bytes >= STACK_BYTES) {
        return None;
    }
    let mut again = match std::env::current_exe() {
        Ok(program) => std::process::Command::new(program),
        Err(error) => return Some(error),
    };
    let mut arguments = std::env::args_os();
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    if std::env::var_os(PURGE_VARIABLE).is_none() {
        again.env(PURGE_VARIABLE, "0");
    }
    Some(again.args(arguments).env(STACK_VARIABLE, STACK_BYTES.to_string()).exec())
}

fn settings(cli: &Cli) -> Result<Settings, SettingsError> {
    let settings = config::load(cli.global.config.as_deref(), std::env::vars(), &cli.global.settings())?;
    let mut log = settings.log.clone();
    // the worker logs what it does; a command prints its own output
    let works = matches!(cli.command, Command::Run { .. } | Command::Feed { once: false, .. });
    if log.level == "info" && !works {
        let level = if matches!(cli.command, Command::Demo { .. }) { "error" } else { "warn" };
        level.clone_into(&mut log.level);
    }
    telemetry::start(&log)?;
    Ok(settings)
}

fn run(cli: Cli, settings: &Settings) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Tag { files, pretty, why, watches } => {
            commands::tag::run(&files, pretty, why.as_deref(), &watches, settings)
        }
        Command::Officials(what) => commands::officials::run(what, settings),
        Command::Watch(what) => commands::watch::run(what, settings),
        Command::Config { reference: false } => commands::config::run(settings),
        Command::Config { reference: true } => {
            commands::config::reference(&cli.global.keys().map(|(key, _)| key))
        }
        Command::Healthcheck => commands::healthcheck::run(settings),
        Command::Demo { once } => block_on(commands::demo::run(once, settings)),
        Command::Run { feeds } => block_on(commands::run::run(&with_feeds(settings, feeds))),
        Command::Feed { feeds, once, full } => block_on(commands::feed::run(&feeds, once, full, settings)),
        Command::Publish { files } => block_on(commands::publish::run(&files, settings)),
        Command::Keys { name, most } => commands::keys::run(&name.join(" "), most, settings),
        Command::Subscribe { keys, queue, json, count } => {
            block_on(commands::subscribe::run(keys, queue, json, count, settings))
        }
        Command::Dead(what) => block_on(commands::dead::run(what, settings)),
        Command::Topology { dry_run } => block_on(commands::topology::run(dry_run, settings)),
    }
}

fn with_feeds(settings: &Settings, feeds: Option<String>) -> Settings {
    let mut settings = settings.clone();
    settings.feeds.file = feeds.unwrap_or(settings.feeds.file);
    settings
}

/// Runs a command to its end, without waiting for threads that are still busy (a hung tagger).
fn block_on(command: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let status = runtime.block_on(command);
    runtime.shutdown_background();
    status
}
