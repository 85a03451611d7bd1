//! The worker's broker, for code that need not know which one it is: HTTP, feeds and commands. Articles enter through
//! its [`Intake`], published alerts are in its [`Log`], failed articles in its [`DeadQueue`].

mod dead;
mod inbox;
mod intake;
mod log;
mod watch_log;

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::embedded::Embedded;
use super::rabbit::{Health, Publisher, Recent};
use super::tail::{Newer, Older, Published, Tail};
use super::wanted::Wanted;
use super::{BrokerError, Incoming};

pub use dead::{DeadQueue, Place};
pub use inbox::{AnyInbox, AnyReceipt};
pub use intake::Intake;
pub use log::Log;
pub use watch_log::WatchLog;

/// The broker that a worker uses. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Backend {
    /// Keeps articles in its file until they are settled, and alerts in its log.
    Embedded(Embedded),
    /// Articles go to its exchange; alerts come from the stream of recent ones, where there is one.
    Rabbit(Publisher, Arc<Health>, Recent),
}

/// The state of a broker, for people.
#[derive(Debug, Serialize)]
pub struct Status {
    /// Its name.
    kind: &'static str,
    /// Whether articles can be processed.
    up: bool,
    /// The state, in words.
    state: String,
}

impl Backend {
    /// Where articles are taken in.
    pub fn intake(&self) -> Intake {
        match self {
            Self::Embedded(store) => Intake::Embedded(store.clone()),
            Self::Rabbit(publisher, ..) => Intake::Rabbit(publisher.clone()),
        }
    }

    /// Resolves when the article is safe: on disk, or confirmed by the broker.
    pub async fn accept(&self, article: Incoming) -> Result<(), BrokerError> {
        self.intake().accept(article).await
    }

    /// The most complete log of alerts available now; `own` holds those of this worker.
    pub async fn log(&self, own: &Arc<Tail>) -> Log {
        match self {
            Self::Embedded(store) => Log::Embedded(store.clone()),
            Self::Rabbit(_, _, recent) if recent.is_there().await => Log::Recent(recent.clone()),
            Self::Rabbit(..) => Log::Own(Arc::clone(own)),
        }
    }

    /// The log of all alerts, as soon as there is one.
    pub async fn log_of_all(&self) -> Log {
        let recent = match self {
            Self::Embedded(store) => return Log::Embedded(store.clone()),
            Self::Rabbit(_, _, recent) => recent,
        };
        let mut grown = recent.tail().grown();
        while !recent.is_there().await {
            if grown.changed().await.is_err() {
                return std::future::pending().await;
            }
        }
        Log::Recent(recent.clone())
    }

    /// Whether [`Self::log_of_all`] is available and keeps being read.
    pub fn logs_all(&self) -> bool {
        match self {
            Self::Embedded(_) => true,
            Self::Rabbit(_, _, recent) => recent.is_up(),
        }
    }

    /// Whether it may have no log of its own.
    pub fn may_lack_log(&self) -> bool {
        matches!(self, Self::Rabbit(..))
    }

    /// The dead letters, from the oldest.
    pub async fn dead(&self) -> Result<DeadQueue, BrokerError> {
        match self {
            Self::Embedded(store) => Ok(DeadQueue::of_store(store.clone())),
            Self::Rabbit(publisher, ..) => DeadQueue::of_queue(publisher.clone()).await,
        }
    }

    /// A page of up to `most` of an owner's notices after a number, oldest first; `None` over RabbitMQ, where each
    /// owner has a queue.
    pub async fn notices_of(
        &self,
        owner: &str,
        number: u64,
        most: usize,
    ) -> Result<Option<Newer>, BrokerError> {
        match self {
            Self::Embedded(store) => store.notices_of(owner, number, most).await.map(Some),
            Self::Rabbit(..) => Ok(None),
        }
    }

    /// The routing keys of the latest notices back to a time, and when the article of each came in; `None` over RabbitMQ,
    /// which keeps no notices but in the owners' queues.
    pub async fn notices_since(
        &self,
        from: Timestamp,
    ) -> Result<Option<Vec<(String, Timestamp)>>, BrokerError> {
        match self {
            Self::Embedded(store) => store.notices_since(from).await.map(Some),
            Self::Rabbit(..) => Ok(None),
        }
    }

    /// The latest articles below a number that gave no alert, up to `most`, newest first: of the embedded store, or of
    /// this worker since its start. The keys of each are its URL.
    pub async fn unalerted_before(&self, number: u64, most: usize) -> Result<Older, BrokerError> {
        match self {
            Self::Embedded(store) => store.unalerted_before(number, most).await,
            Self::Rabbit(publisher, ..) => {
                Ok(log::held_before(publisher.unalerted(), number, most, &Wanted::default()))
            }
        }
    }

    /// The article with an id or a URL among those.
    pub async fn unalerted(&self, name: &str) -> Result<Option<Published>, BrokerError> {
        match self {
            Self::Embedded(store) => store.unalerted(name.to_owned()).await,
            Self::Rabbit(publisher, ..) => {
                let mut held = publisher.unalerted().held();
                held.retain(|article| article.id == name || article.keys == name);
                Ok(held.pop().map(std::sync::Arc::unwrap_or_clone))
            }
        }
    }

    /// The exchange that queues for alerts are bound to, where there is one.
    pub fn alerts_exchange(&self) -> Option<&str> {
        match self {
            Self::Embedded(_) => None,
            Self::Rabbit(publisher, ..) => Some(&publisher.names().alerts),
        }
    }

    /// Whether all that it kept is gone: the files of the store were deleted or moved away.
    pub fn is_lost(&self) -> bool {
        match self {
            Self::Embedded(store) => store.is_lost(),
            Self::Rabbit(..) => false,
        }
    }

    /// Its state.
    pub async fn status(&self) -> Status {
        match self {
            Self::Embedded(store) => {
                let (up, state) = match store.waiting().await {
                    Ok(0) => (true, "up".to_owned()),
                    Ok(waiting) => (true, format!("up, {waiting} waiting")),
                    Err(error) => (false, error.to_string()),
                };
                Status { kind: "embedded store", up, state }
            }
            Self::Rabbit(_, health, _) => {
                let (consuming, publishing) = health.states();
                let state = if consuming == publishing {
                    consuming.as_str().to_owned()
                } else {
                    format!("consuming {}, publishing {}", consuming.as_str(), publishing.as_str())
                };
                Status { kind: "RabbitMQ", up: health.is_up(), state }
            }
        }
    }

    /// Whether articles can be processed, and what `/readyz` reports: the state of each part and, if not ready, why.
    pub async fn ready(&self) -> (bool, Value) {
        match self {
            Self::Embedded(store) => match store.ready().await {
                // null where a part of the file is damaged: the rest still works
                Ok(()) => (true, json!({ "store": "up", "waiting": store.waiting().await.ok() })),
                Err(error) => (false, json!({ "store": "down", "why": error.to_string() })),
            },
            Self::Rabbit(_, health, _) => {
                let (consuming, publishing) = health.states();
                let mut body = json!({ "consume": consuming.as_str(), "publish": publishing.as_str() });
                let why = health.why();
                let up = why.is_none();
                if let Some(why) = why {
                    body["why"] = why.into();
                }
                (up, body)
            }
        }
    }
}
