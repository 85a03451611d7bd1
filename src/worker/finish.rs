//! Publishes what an article became and settles its delivery: alert, notices, retry or dead letter.

use std::time::Instant;

use futures_util::future::join_all;

use super::tagger::Judged;
use super::{InFlight, Shared, named};
use crate::alert::{Audience, Envelope, RoutingKey};
use crate::broker::{BrokerError, Delivery, Disposition, Outbox, Reason, Receipt};
use crate::metrics::{Metrics, NOTICE_FAILED, Outcome};
use crate::pipeline::Ready;

/// Publishes whatever there is to publish and settles the delivery: its one outcome is decided here.
pub(super) async fn finish<R: Receipt, O: Outbox>(
    in_flight: InFlight<R>,
    judged: Judged,
    shared: &Shared<O>,
) {
    let InFlight { mut delivery, mut bytes, span } = in_flight;
    let judged = match delivery.unreadable.take() {
        Some(error) => Judged::Bad(Reason::UNREADABLE, error),
        None => judged,
    };
    match &judged {
        Judged::Ready(ready) => {
            bytes.grow(ready.bytes());
            named::by_article(&span, ready);
        }
        Judged::Untagged(kept) => bytes.grow(kept.body.len()),
        Judged::Bad(..) | Judged::Failed(..) => named::by_body(&span, &delivery.body),
    }
    let (count, size) = delivery.headers;
    let (most, most_bytes) = shared.options.headers;
    let (outcome, disposition) = match judged {
        _ if count > most || size > most_bytes => {
            let error =
                format!("{count} headers of {size} bytes are over the limit of {most}, {most_bytes} bytes");
            (Outcome::Dead, Disposition::Dead { reason: Reason::TOO_MANY_HEADERS, error })
        }
        Judged::Ready(ready) => publish(*ready, &delivery, shared).await,
        Judged::Untagged(kept) => {
            shared.outbox.keep(*kept).await;
            (Outcome::Untagged, Disposition::Ack)
        }
        Judged::Bad(reason, error) => (Outcome::Dead, Disposition::Dead { reason, error }),
        Judged::Failed(reason, error) => again(&delivery, reason, error, shared),
    };
    if let Disposition::Dead { reason, error } = &disposition {
        tracing::warn!(reason = reason.as_str(), error, "article dead-lettered");
        shared.metrics.dead.with_label_values(&[reason.as_str()]).inc();
    }
    let started = Instant::now();
    match delivery.receipt.settle(disposition).await {
        Ok(()) => shared.series.outcomes[outcome as usize].inc(),
        Err(error) => tracing::debug!(%error, "not settled: it will be redelivered"),
    }
    shared.series.settle.observe(started.elapsed().as_secs_f64());
    shared.metrics.in_flight.dec();
    // held until here: the alert is confirmed, the delivery settled
    drop(bytes);
}

async fn publish<R, O: Outbox>(
    ready: Ready,
    delivery: &Delivery<R>,
    shared: &Shared<O>,
) -> (Outcome, Disposition) {
    let most = shared.options.alert_bytes;
    if let Some(envelope) = ready.envelopes().find(|envelope| envelope.body.len() > most) {
        let (what, size) = (message_of(&ready, envelope), envelope.body.len());
        let error = format!("{what}: {size} bytes are more than `limits.alert_bytes`, {most}");
        return (Outcome::Dead, Disposition::Dead { reason: Reason::ALERT_TOO_LARGE, error });
    }
    let traceparent = delivery.traceparent.as_deref();
    let sent = join_all(ready.envelopes().map(|envelope| send(envelope, traceparent, shared))).await;
    let (mut alerted, mut noticed, mut failed) = (false, false, None);
    for (envelope, sent) in ready.envelopes().zip(sent) {
        match sent {
            Ok(news) if envelope.to == Audience::Everybody => alerted |= news,
            Ok(false) => {}
            Ok(true) => {
                noticed = true;
                let keys = envelope.keys.iter().map(RoutingKey::as_str);
                shared.confirmed.notice(keys, delivery.first_seen);
            }
            Err(error) => {
                count_failed(&error, envelope, &shared.metrics);
                failed.get_or_insert((error, message_of(&ready, envelope)));
            }
        }
    }
    // whatever happens to the rest: on a retry it is no longer new
    if alerted && let Some(alert) = ready.alert {
        shared.metrics.count_alert(&alert.alert);
        shared.confirmed.alert(alert);
    }
    // confirmed messages are remembered: a retry sends only the rest
    if let Some((error, what)) = failed {
        return refused(&error, &what, delivery, shared);
    }
    if let Some(kept) = ready.unalerted.filter(|_| noticed) {
        shared.outbox.keep(kept).await;
    }
    if !alerted && !noticed {
        return (Outcome::Duplicate, Disposition::Ack);
    }
    shared.metrics.processing.observe(delivery.received.elapsed().as_secs_f64());
    (if alerted { Outcome::Alerted } else { Outcome::Noticed }, Disposition::Ack)
}

/// Names a message of an article for the log and dead letters, but not its recipient.
fn message_of(ready: &Ready, envelope: &Envelope) -> String {
    let what = if envelope.to == Audience::Everybody { "alert" } else { "notice" };
    format!("{what} of `{}`", ready.id)
}

/// Publishes one message and waits for its confirm, unless it was already published; returns whether it was new.
async fn send<O: Outbox>(
    envelope: &Envelope,
    traceparent: Option<&str>,
    shared: &Shared<O>,
) -> Result<bool, BrokerError> {
    let is_alert = envelope.to == Audience::Everybody;
    let recent = if is_alert { &shared.recent } else { &shared.recent_notices };
    let Some(claim) = recent.claim(&envelope.id).await else { return Ok(false) };
    let started = Instant::now();
    let result = shared.outbox.publish(envelope, traceparent).await;
    shared.series.publish.observe(started.elapsed().as_secs_f64());
    if let Some(id) = result? {
        // either kind: the return of one may be noticed with the confirm of the other
        shared.recent.forget(&id);
        shared.recent_notices.forget(&id);
    }
    let series = &shared.series;
    if is_alert {
        series.confirmed.inc();
    } else {
        series.confirmed_notices.inc();
    }
    claim.confirmed();
    Ok(true)
}

/// Counts a message that was not accepted.
fn count_failed(error: &BrokerError, envelope: &Envelope, metrics: &Metrics) {
    let answer = match error {
        BrokerError::Refused | BrokerError::TooLarge(_) | BrokerError::Store(_) => "nack",
        BrokerError::Timeout(_) => "timeout",
        BrokerError::Connection(_)
        | BrokerError::Unreachable(_)
        | BrokerError::Login(_)
        | BrokerError::Denied(_) => "lost",
        BrokerError::Unroutable(_) => "unroutable",
    };
    metrics.confirms.with_label_values(&[answer]).inc();
    if envelope.to != Audience::Everybody {
        metrics.notices.with_label_values(&[NOTICE_FAILED]).inc();
    }
}

/// The outcome for an article of which a message was not accepted.
fn refused<R, O>(
    error: &BrokerError,
    what: &str,
    delivery: &Delivery<R>,
    shared: &Shared<O>,
) -> (Outcome, Disposition) {
    let words = format!("{what}: {error}");
    if matches!(error, BrokerError::TooLarge(_)) {
        // it would be just as large the next time
        return (Outcome::Dead, Disposition::Dead { reason: Reason::ALERT_TOO_LARGE, error: words });
    }
    again(delivery, Reason::RETRIES_EXHAUSTED, words, shared)
}

/// A retry, or a dead letter when there are none left.
fn again<R, O>(
    delivery: &Delivery<R>,
    reason: Reason,
    error: String,
    shared: &Shared<O>,
) -> (Outcome, Disposition) {
    if delivery.attempts >= shared.options.retries {
        (Outcome::Dead, Disposition::Dead { reason, error })
    } else {
        tracing::warn!(attempts = delivery.attempts, error, "article will be retried");
        (Outcome::Retried, Disposition::Retry { error })
    }
}
