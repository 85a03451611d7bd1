//! `presswatch watch top`: the state of the watches of a running presswatch.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use presswatch::config::Settings;
use presswatch::watch::Aside;
use serde::Deserialize;

use crate::commands::healthcheck::{address, ask_all};
use crate::commands::{noun, pretty};

#[derive(Deserialize)]
struct Answer {
    in_force: usize,
    /// How many there are to show.
    found: usize,
    since: Timestamp,
    watches: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    severity: String,
    day: u64,
    forecast: Option<f64>,
    last: Option<Timestamp>,
    asked: f64,
    aside: Option<Aside>,
}

/// Prints a line for each of the first watches in an order that `GET /watches` supports.
pub fn run(by: &str, most: usize, settings: &Settings) -> anyhow::Result<ExitCode> {
    let address = address(settings);
    let path = format!("/watches?by={by}&limit={most}");
    let asked = ask_all(settings, &path).with_context(|| {
        format!("no answer from http://{address}: `watch top` needs a running presswatch with the same http.listen")
    })?;
    let body = asked.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let Ok(answer) = serde_json::from_str::<Answer>(body) else {
        bail!("http://{address}{path} did not return watches: {}", pretty::row(body.trim()));
    };
    if answer.in_force == 0 {
        bail!(
            "no watch is in force there; set `watches.dir` to a folder of them, or write one in the console"
        );
    }
    let since = answer.since.strftime("%Y-%m-%d %H:%M");
    let watches = noun(answer.in_force, "watch", "watches");
    say!("{} {watches} in force, matches counted since {since} UTC", answer.in_force)?;
    say!(
        "{:>8}  {:>8}  {:<16}  {:>8}  {:<8}  watch",
        "24 hours",
        "usual",
        "last match",
        "tried on",
        "severity"
    )?;
    for row in &answer.watches {
        say!("{}", line(row))?;
    }
    let more = answer.found.saturating_sub(answer.watches.len());
    if more > 0 {
        say!("and {more} more: --most N shows them")?;
    }
    tell!(
        "24 hours: matches in the last 24 hours. usual: matches a day in the time before, `-` until two days were counted."
    );
    tell!(
        "last match: in UTC. tried on: the share of articles on which it has to be evaluated, as estimated."
    );
    Ok(ExitCode::SUCCESS)
}

fn line(row: &Row) -> String {
    let last = row.last.map_or("never".to_owned(), |last| last.strftime("%Y-%m-%d %H:%M").to_string());
    let asked = format!("{:.2} %", row.asked * 100.0);
    let aside = row.aside.map_or(String::new(), |why| format!(" [set aside: {why}]"));
    let name = if row.name == row.id { String::new() } else { format!(": {}", pretty::row(&row.name)) };
    let usually = row.forecast.map_or("-".to_owned(), |forecast| format!("{forecast:.1}"));
    let (day, severity, id) = (row.day, &row.severity, pretty::row(&row.id));
    format!("{day:>8}  {usually:>8}  {last:<16}  {asked:>8}  {severity:<8}  {id}{name}{aside}")
}
