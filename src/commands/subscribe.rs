//! `presswatch subscribe`: alerts from RabbitMQ as they come.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use anyhow::bail;
use presswatch::alert::Pattern;
use presswatch::broker::rabbit::{Names, Subscription};
use presswatch::config::Settings;

use super::publish::{server, unreached};
use super::{BadSettings, pretty};

/// Prints what comes, until interrupted or until `count` alerts have come.
pub async fn run(
    keys: &[String],
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
    for key in keys.iter().filter(|key| !Pattern::new(*key).is_possible()) {
        tell!(
            "note: no alert has the key `{key}`; keys are alert, country.AZ, mention.AZ, topic.20000642, \
             topic.x.NAME, official.SLUG and said.SLUG"
        );
    }
    let mut subscription = Subscription::open(server(settings)?, Names::new(settings), keys.to_vec())
        .await
        .map_err(|error| unreached(error, settings))?;
    tell!("waiting for alerts by {}; Ctrl-C ends it", keys.join(", "));
    let mut seen = 0;
    while count.is_none_or(|count| seen < count) {
        let body = tokio::select! {
            body = subscription.next(|error| tell!("alerts may be missed: {error}")) => body,
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
