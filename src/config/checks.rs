//! Checks on values beyond their types, and on values that contradict each other.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::{Seconds, Settings};

/// Longest delay before a retry, in seconds: RabbitMQ takes times of queues as milliseconds in 32 bits.
const LONGEST_DELAY: u32 = u32::MAX / 1000;

/// A time limit; more than zero.
pub(super) fn some_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Seconds, D::Error> {
    let seconds = Seconds::deserialize(deserializer)?;
    if seconds.0 > 0 { Ok(seconds) } else { Err(D::Error::custom("no time")) }
}

/// How long to keep something, in hours; more than zero.
pub(super) fn some_hours<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let hours = u32::deserialize(deserializer)?;
    if hours > 0 { Ok(hours) } else { Err(D::Error::custom("no time")) }
}

/// A number from 0 to 1.
pub(super) fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f32, D::Error> {
    let share = f32::deserialize(deserializer)?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err(D::Error::custom("not from 0 to 1")) }
}

/// A size limit; more than zero.
pub(super) fn some_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let bytes = usize::deserialize(deserializer)?;
    if bytes > 0 { Ok(bytes) } else { Err(D::Error::custom("nothing is so small")) }
}

/// A name of an exchange or a queue; not empty, since the empty name is reserved for the broker.
pub(super) fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    if name.is_empty() { Err(D::Error::custom("no name")) } else { Ok(name) }
}

/// Delays that fit in the broker's milliseconds.
pub(super) fn delays<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u32>, D::Error> {
    let delays = Vec::<u32>::deserialize(deserializer)?;
    if delays.iter().all(|seconds| *seconds <= LONGEST_DELAY) {
        Ok(delays)
    } else {
        Err(D::Error::custom("too long"))
    }
}

/// What a worker with these settings could not do, with the keys responsible.
pub(super) fn contradiction(settings: &Settings) -> Option<([&'static str; 2], String)> {
    let Settings { broker, worker, limits, .. } = settings;
    let at_least = [
        // the first must not be less than the second
        (
            ("worker.in_flight_bytes", worker.in_flight_bytes),
            ("limits.message_bytes", limits.message_bytes),
            "a message as large would find no room",
        ),
        (
            ("worker.in_flight_bytes", worker.in_flight_bytes),
            ("limits.unpacked_bytes", limits.unpacked_bytes),
            "a message as large would find no room once unpacked",
        ),
        (
            ("worker.in_flight_bytes", worker.in_flight_bytes),
            ("limits.alert_bytes", limits.alert_bytes),
            "an alert as large would find no room",
        ),
        (
            ("limits.unpacked_bytes", limits.unpacked_bytes),
            ("limits.message_bytes", limits.message_bytes),
            "a message that comes unpacked would be within one limit and over the other",
        ),
    ];
    for ((key, value), (other, least), why) in at_least {
        if value < least {
            return Some(([key, other], format!("`{key}` is {value}, less than `{other}`, {least}: {why}")));
        }
    }
    let differ = [
        (
            ("broker.articles_exchange", &broker.articles_exchange),
            ("broker.alerts_exchange", &broker.alerts_exchange),
            "alerts would come back as articles",
        ),
        (
            ("broker.dead", &broker.dead),
            ("broker.articles_exchange", &broker.articles_exchange),
            "dead letters would come back as articles",
        ),
        (
            ("broker.dead", &broker.dead),
            ("broker.queue", &broker.queue),
            "dead letters would come back as articles",
        ),
        (
            ("broker.recent", &broker.recent),
            ("broker.queue", &broker.queue),
            "recent alerts would come back as articles",
        ),
        (
            ("broker.recent", &broker.recent),
            ("broker.dead", &broker.dead),
            "recent alerts would be among the dead letters",
        ),
        (
            ("broker.watches", &broker.watches),
            ("broker.queue", &broker.queue),
            "watches would come back as articles",
        ),
        (
            ("broker.watches", &broker.watches),
            ("broker.dead", &broker.dead),
            "watches would be among the dead letters",
        ),
        (
            ("broker.watches", &broker.watches),
            ("broker.recent", &broker.recent),
            "recent alerts would be among the watches",
        ),
        (
            ("broker.dead", &broker.dead),
            ("broker.alerts_exchange", &broker.alerts_exchange),
            "dead letters would go out as alerts",
        ),
        (
            ("broker.notices_exchange", &broker.notices_exchange),
            ("broker.alerts_exchange", &broker.alerts_exchange),
            "what one owner is told would be open to whoever reads alerts",
        ),
        (
            ("broker.notices_exchange", &broker.notices_exchange),
            ("broker.articles_exchange", &broker.articles_exchange),
            "notices would come back as articles",
        ),
        (
            ("broker.notices_exchange", &broker.notices_exchange),
            ("broker.dead", &broker.dead),
            "dead letters would go out as notices",
        ),
    ];
    for ((key, value), (other, same), why) in differ {
        if value == same {
            return Some(([key, other], format!("`{key}` and `{other}` are both `{value}`: {why}")));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{self, SettingsError};

    fn load(pairs: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let variables = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        config::load(None, variables, &[])
    }

    #[test]
    fn settings_that_contradict_each_other_are_refused() {
        for (pairs, want) in [
            (
                vec![("PRESSWATCH__WORKER__IN_FLIGHT_BYTES", "1000000")],
                "PRESSWATCH__WORKER__IN_FLIGHT_BYTES: `worker.in_flight_bytes` is 1000000, less than \
                 `limits.message_bytes`, 2097152: a message as large would find no room",
            ),
            (
                vec![("PRESSWATCH__LIMITS__UNPACKED_BYTES", "50000000")],
                "PRESSWATCH__LIMITS__UNPACKED_BYTES: `worker.in_flight_bytes` is 33554432, less than \
                 `limits.unpacked_bytes`, 50000000: a message as large would find no room once unpacked",
            ),
            (
                vec![
                    ("PRESSWATCH__WORKER__IN_FLIGHT_BYTES", "10000000"),
                    ("PRESSWATCH__LIMITS__ALERT_BYTES", "10000001"),
                ],
                "PRESSWATCH__LIMITS__ALERT_BYTES, PRESSWATCH__WORKER__IN_FLIGHT_BYTES: \
                 `worker.in_flight_bytes` is 10000000, less than `limits.alert_bytes`, 10000001",
            ),
            (
                vec![("PRESSWATCH__LIMITS__UNPACKED_BYTES", "1000")],
                "`limits.unpacked_bytes` is 1000, less than `limits.message_bytes`, 2097152",
            ),
            (
                vec![("PRESSWATCH__BROKER__ALERTS_EXCHANGE", "articles")],
                "`broker.articles_exchange` and `broker.alerts_exchange` are both `articles`: alerts would come back",
            ),
            (
                vec![("PRESSWATCH__BROKER__NOTICES_EXCHANGE", "alerts")],
                "`broker.notices_exchange` and `broker.alerts_exchange` are both `alerts`: what one owner is told",
            ),
            (
                vec![("PRESSWATCH__BROKER__DEAD", "presswatch.articles")],
                "`broker.dead` and `broker.queue` are both `presswatch.articles`: dead letters would come back",
            ),
        ] {
            let error = load(&pairs).unwrap_err().to_string();
            assert!(error.contains(want), "{error}");
        }
        // values that contradict only defaults are no contradiction
        let small = [
            ("PRESSWATCH__WORKER__IN_FLIGHT_BYTES", "4000"),
            ("PRESSWATCH__LIMITS__ALERT_BYTES", "4000"),
            ("PRESSWATCH__LIMITS__MESSAGE_BYTES", "1000"),
            ("PRESSWATCH__LIMITS__UNPACKED_BYTES", "2000"),
        ];
        load(&small).unwrap();
    }
}
