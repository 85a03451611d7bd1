//! `presswatch subscribe`: alerts from RabbitMQ as they come.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use anyhow::bail;
use presswatch::broker::rabbit::{Names, Subscription};
use presswatch::catalogue::Catalogue;
use presswatch::config::Settings;

use super::keys::note;
use super::publish::{server, unreached};
use super::{BadSettings, pretty};

/// Prints what comes, until interrupted or until `count` alerts have come; from a durable `queue` if one is named.
pub async fn run(
    keys: Vec<String>,
    queue: Option<String>,
    json: bool,
    count: Option<u64>,
    settings: &Settings,
) -> anyhow::Result<ExitCode> {
    if !settings.has_broker() {
        bail!(BadSettings(format!(
            "`subscribe` reads from RabbitMQ: set --broker-url or PRESSWATCH__BROKER__URL; \
             without RabbitMQ read http://{}/alerts?key={}",
            settings.http.listen, keys[0]
        )));
    }
    let catalogue = Catalogue::new(&super::pipeline(settings)?.lexicon);
    for note in keys.iter().filter_map(|key| note(&catalogue, key)) {
        tell!("note: {note}");
    }
    drop(catalogue);
    let what = keys.join(", ");
    let names = Names::new(settings);
    let mut subscription = Subscription::open(server(settings)?, names, keys, queue.clone())
        .await
        .map_err(|error| unreached(error, settings))?;
    let place = queue.as_ref().map_or_else(String::new, |queue| format!(" in queue `{queue}`, which stays"));
    tell!("waiting for alerts by {what}{place}; Ctrl-C ends it");
    let gap = if queue.is_some() { "trying again" } else { "alerts may be missed" };
    let mut seen = 0;
    while count.is_none_or(|count| seen < count) {
        let body = tokio::select! {
            body = subscription.next(|error| tell!("{gap}: {error}")) => body,
            _ = tokio::signal::ctrl_c() => break,
        };
        seen += 1;
        let line = if json {
            let body = pretty::body(&body, std::io::stdout().is_terminal());
            String::from_utf8_lossy(&body).into_owned()
        } else {
            readable(&body)
        };
        say!("{line}")?;
    }
    // what was printed last is not to come again
    subscription.close().await;
    Ok(ExitCode::SUCCESS)
}

/// The alert for a person; the JSON as it is if it is not one of ours.
fn readable(body: &[u8]) -> String {
    match serde_json::from_slice(body) {
        Ok(alert) => pretty::alert(&alert),
        Err(_) => pretty::lines(&String::from_utf8_lossy(body)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_alert_brings_no_escapes() {
        assert_eq!(readable(b"{\"data\": \x1b]52;c;cm0=\x07}"), "{\"data\": \u{fffd}]52;c;cm0=\u{fffd}}");
    }
}
