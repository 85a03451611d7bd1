//! The log of published alerts: with the embedded store its own log; over RabbitMQ the stream of recent alerts that all
//! workers share or, where there is none, what this worker has published since its start.

use std::sync::Arc;

use jiff::Timestamp;

use crate::broker::BrokerError;
use crate::broker::embedded::Embedded;
use crate::broker::rabbit::Recent;
use crate::broker::tail::{Newer, Older, Published, Tail};
use crate::broker::wanted::{Look, Wanted};

/// Where past alerts are read.
#[derive(Debug, Clone)]
pub enum Log {
    /// All alerts, in the file of the embedded store.
    Embedded(Embedded),
    /// The alerts of all workers, in the stream.
    Recent(Recent),
    /// This worker's own alerts, in memory.
    Own(Arc<Tail>),
}

impl Log {
    /// Whether other workers publish alerts that are not in it.
    pub fn is_own(&self) -> bool {
        matches!(self, Self::Own(_))
    }

    /// The latest alerts, for followers.
    pub fn tail(&self) -> &Arc<Tail> {
        match self {
            Self::Embedded(store) => store.tail(),
            Self::Recent(recent) => recent.tail(),
            Self::Own(tail) => tail,
        }
    }

    /// The number of the alert that a client says it saw last, if it belongs to this log.
    pub fn seen(&self, id: &str) -> Option<u64> {
        match self {
            // a number above the newest belongs to another log
            Self::Embedded(_) | Self::Recent(_) => {
                id.parse().ok().filter(|number| *number <= self.tail().newest())
            }
            Self::Own(tail) => tail.number_of(id),
        }
    }

    /// A page of the alerts after a number whose keys are wanted, oldest first.
    pub async fn after(&self, number: u64, wanted: &Arc<Wanted>) -> Result<Newer, BrokerError> {
        match self {
            Self::Embedded(store) => {
                let wanted = Arc::clone(wanted);
                store.alerts_after(number, move |keys| wanted.by_keys(keys)).await
            }
            Self::Recent(recent) => recent.alerts_after(number, wanted).await,
            Self::Own(_) => Ok(Newer { reached: number, ..Newer::default() }),
        }
    }

    /// The latest wanted alerts below a number, up to `most`, as far as one search reaches.
    pub async fn before(&self, number: u64, most: usize, wanted: &Arc<Wanted>) -> Result<Older, BrokerError> {
        match self {
            Self::Embedded(store) => store.alerts_before(number, most, Arc::clone(wanted)).await,
            Self::Recent(recent) => recent.alerts_before(number, most, wanted).await,
            Self::Own(tail) => Ok(held_before(tail, number, most, wanted)),
        }
    }

    /// The alert with an id; `near` is its number, if known.
    pub async fn alert(&self, id: &str, near: Option<u64>) -> Result<Option<Published>, BrokerError> {
        match self {
            Self::Embedded(store) => store.alert(id.to_owned()).await,
            Self::Recent(recent) => recent.alert(id, near).await,
            Self::Own(tail) => {
                let found = tail.held().into_iter().find(|alert| alert.id == id);
                Ok(found.map(Arc::unwrap_or_clone))
            }
        }
    }

    /// A number below which are all alerts whose articles were received before `time`.
    pub async fn number_at(&self, time: Timestamp) -> Result<u64, BrokerError> {
        match self {
            _ if time >= Timestamp::now() => Ok(u64::MAX),
            Self::Embedded(store) => store.number_at(time).await,
            Self::Recent(recent) => recent.number_at(time).await,
            Self::Own(_) => Ok(u64::MAX),
        }
    }
}

/// The same among those in memory.
pub(super) fn held_before(tail: &Tail, number: u64, most: usize, wanted: &Wanted) -> Older {
    let mut older = Older { reached: number.min(tail.newest() + 1), ended: true, ..Older::default() };
    for alert in tail.held().into_iter().rev().filter(|alert| alert.number < number) {
        if older.alerts.len() == most {
            older.ended = false;
            break;
        }
        older.reached = alert.number;
        older.looked_at += 1;
        if wanted.by_keys(&alert.keys) && wanted.by_body(&alert.body) == Look::Take {
            older.alerts.push(Arc::unwrap_or_clone(alert));
        }
    }
    older
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_memory_is_looked_through_back_in_time() {
        let tail = Tail::new(0);
        tail.extend((1..=10).map(|number| Published {
            number,
            id: number.to_string(),
            keys: format!("alert country.{}", if number % 2 == 0 { "AZ" } else { "AM" }),
            body: Vec::new(),
        }));
        let wanted = Wanted { any: vec![crate::alert::Pattern::new("country.AZ")], ..Wanted::default() };
        let numbers = |older: &Older| older.alerts.iter().map(|alert| alert.number).collect::<Vec<_>>();
        let older = held_before(&tail, u64::MAX, 3, &wanted);
        assert_eq!((numbers(&older), older.reached, older.ended), (vec![10, 8, 6], 6, false));
        let older = held_before(&tail, older.reached, 3, &wanted);
        assert_eq!((numbers(&older), older.ended), (vec![4, 2], true));
    }
}
