//! `presswatch keys`: finds the keys of things people know by name.

use std::collections::HashMap;
use std::process::ExitCode;

use presswatch::catalogue::{Catalogue, Entry, Unknown};
use presswatch::config::Settings;
use serde::Deserialize;

use super::healthcheck::{address, ask};

/// Prints a line for everything a name may mean; exit status 1 if it means nothing.
pub fn run(name: &str, most: usize, settings: &Settings) -> anyhow::Result<ExitCode> {
    let catalogue = Catalogue::new(&super::pipeline(settings)?.lexicon);
    let lately = lately(name, settings);
    let often = |entry: &Entry| entry.keys().filter_map(|key| lately.as_ref()?.get(&key)).sum();
    let found = catalogue.search(name, most, often);
    if found.is_empty() {
        tell!("nothing in the lexicon is called `{name}`{}", meant(catalogue.unknown(name).as_ref()));
        return Ok(ExitCode::FAILURE);
    }
    let rows: Vec<(String, &Entry)> =
        found.into_iter().map(|entry| (entry.keys().collect::<Vec<_>>().join(" "), entry)).collect();
    let width = rows.iter().map(|(keys, _)| keys.len()).max().unwrap_or_default();
    for (keys, entry) in rows {
        let about = if entry.about.is_empty() { String::new() } else { format!(" ({})", entry.about) };
        let count = lately.is_some().then(|| format!(", {} in the last hour", often(entry)));
        let (kind, name) = (entry.kind.as_str(), &entry.name);
        say!("{keys:<width$}  {kind:<8}  {name}{about}{}", count.unwrap_or_default())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// How often each key occurred in the last hour, if a presswatch with the same settings is running.
fn lately(name: &str, settings: &Settings) -> Option<HashMap<String, u64>> {
    #[derive(Deserialize)]
    struct Answer {
        keys: Vec<Found>,
    }
    #[derive(Deserialize)]
    struct Found {
        keys: Vec<String>,
        lately: u64,
    }
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("q", name)
        .append_pair("limit", "100")
        .finish();
    let answer = ask(address(settings), &format!("/keys?{query}")).ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    let answer: Answer = serde_json::from_str(body).ok()?;
    let counted = |found: Found| found.keys.into_iter().next().map(|key| (key, found.lately));
    Some(answer.keys.into_iter().filter_map(counted).collect())
}

/// A note about a key that nothing in the lexicon has; `None` if something has it.
pub fn note(catalogue: &Catalogue, key: &str) -> Option<String> {
    let unknown = catalogue.unknown(key);
    let kind = unknown.as_ref()?.kind;
    let what = kind.map_or_else(
        || {
            format!(
                "no alert has the key `{key}`; keys are alert, country.AZ, mention.AZ, topic.20000642, \
                 topic.x.NAME, official.SLUG, said.SLUG, watch.ID and severity.high"
            )
        },
        |kind| {
            let code = key.split_once('.').map_or(key, |(_, code)| code);
            format!("no such {} in the lexicon: `{code}`", kind.as_str())
        },
    );
    Some(format!("{what}{}; `presswatch keys NAME` finds keys by name", meant(unknown.as_ref())))
}

/// "; did you mean country.AZ (Azerbaijan)?"
fn meant(unknown: Option<&Unknown>) -> String {
    let meant = unknown.into_iter().flat_map(|unknown| &unknown.meant);
    let meant: Vec<String> = meant.map(|(key, name)| format!("{key} ({name})")).collect();
    if meant.is_empty() { String::new() } else { format!("; did you mean {}?", meant.join(" or ")) }
}
