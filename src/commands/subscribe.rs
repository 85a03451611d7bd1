//! `presswatch subscribe`: prints alerts, and notices of an owner, from RabbitMQ as they come.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use anyhow::bail;
use presswatch::alert::{Pattern, notice};
use presswatch::broker::open;
use presswatch::catalogue::Catalogue;
use presswatch::config::Settings;
use serde::Deserialize;

use super::keys::note;
use super::{BadSettings, pretty, unopened};

/// Prints what comes, until interrupted or `count` alerts have come; from a durable `queue` if one is named.
pub async fn run(
    keys: Vec<String>,
    queue: Option<String>,
    json: bool,
    count: Option<u64>,
    settings: &Settings,
) -> anyhow::Result<ExitCode> {
    let patterns: Vec<Pattern> = keys.iter().map(Pattern::new).collect();
    if !settings.has_broker() {
        let path = match &patterns[0] {
            pattern if pattern.asks_for_notices() => "notices".to_owned(),
            pattern => format!("alerts?key={}", pattern.as_str()),
        };
        bail!(BadSettings(format!(
            "`subscribe` reads from RabbitMQ: set --broker-url or PRESSWATCH__BROKER__URL; \
             without RabbitMQ read http://{}/{path}",
            settings.http.listen
        )));
    }
    let catalogue = Catalogue::new(&super::pipeline(settings)?.lexicon);
    let of_alerts = patterns.iter().filter(|pattern| !pattern.asks_for_notices());
    for note in of_alerts.filter_map(|pattern| note(&catalogue, pattern.as_str())) {
        tell!("note: {note}");
    }
    drop(catalogue);
    let what = keys.join(", ");
    let asked = if patterns.iter().all(Pattern::asks_for_notices) { "notices" } else { "alerts" };
    let mut subscription = open::subscription(settings, patterns, queue.clone()).await.map_err(unopened)?;
    let place = queue.as_ref().map_or_else(String::new, |queue| format!(" in queue `{queue}`, which stays"));
    tell!("waiting for {asked} by {what}{place}; Ctrl-C ends it");
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
    // what was printed last should not come again
    subscription.close().await;
    Ok(ExitCode::SUCCESS)
}

/// An alert or notice for a person; anything else as the JSON it is.
fn readable(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Head {
        r#type: String,
    }
    let is_notice = serde_json::from_slice(body).is_ok_and(|head: Head| head.r#type == notice::TYPE);
    let told = if is_notice {
        serde_json::from_slice(body).map(|notice| pretty::notice(&notice))
    } else {
        serde_json::from_slice(body).map(|alert| pretty::alert(&alert))
    };
    told.unwrap_or_else(|_| pretty::lines(&String::from_utf8_lossy(body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_alert_brings_no_escapes() {
        let notice = serde_json::json!({ "type": notice::TYPE, "data": {
            "article": { "title": "Oil\u{1b}[2J", "source": { "name": "Wire" } },
            "watches": [{ "name": "Oil", "severity": "high", "clauses": [
                { "excerpt": { "text": "Oil \u{1b}fell.", "marks": [{ "start": 0, "end": 3 }] } },
                { "excerpt": null },
                { "excerpt": { "text": "Oil \u{1b}fell.", "marks": [{ "start": 5, "end": 9 }, { "start": 7, "end": 99 }] } },
            ] }],
        }});
        let told = anstream::adapter::strip_str(&readable(notice.to_string().as_bytes())).to_string();
        assert_eq!(told, "Oil\u{fffd}[2J\nWire\n       high  Oil\n             Oil \u{fffd}fell.\n");
        assert_eq!(readable(b"{\"data\": \x1b]52;c;cm0=\x07}"), "{\"data\": \u{fffd}]52;c;cm0=\u{fffd}}");
    }
}
