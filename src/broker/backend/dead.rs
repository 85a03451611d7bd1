//! Dead letters for people: list them from the oldest, replay them, discard them.

use std::collections::VecDeque;

use crate::broker::embedded::Embedded;
use crate::broker::rabbit::{DeadLetters, Handle, Publisher};
use crate::broker::{BrokerError, Dead};

/// What a broker needs to find a dead letter again.
#[derive(Debug)]
pub enum Place {
    /// A row of the embedded store.
    Row(i64),
    /// A message in RabbitMQ's dead letter queue.
    Queue(Box<Handle>),
}

impl Place {
    fn of_queue(handle: Handle) -> Self {
        Self::Queue(Box::new(handle))
    }

    /// The row of the embedded store.
    pub fn row(&self) -> Option<i64> {
        match self {
            Self::Row(row) => Some(*row),
            Self::Queue(_) => None,
        }
    }
}

/// The dead letters being looked through. They stay where they are unless replayed or discarded.
#[derive(Debug)]
pub enum DeadQueue {
    /// In the embedded store, read page by page.
    Embedded {
        /// The store.
        store: Embedded,
        /// Read but not handed out yet.
        page: VecDeque<Dead<Place>>,
        /// The last row read.
        last: i64,
    },
    /// In a RabbitMQ queue; everything read is requeued when this is closed.
    Rabbit(Box<DeadLetters>, Publisher),
}

impl DeadQueue {
    /// The dead letters of a store.
    pub fn of_store(store: Embedded) -> Self {
        Self::Embedded { store, page: VecDeque::new(), last: 0 }
    }

    /// The dead letters of the dead letter queue, over a connection of its own; `publisher` replays them.
    pub async fn of_queue(publisher: Publisher) -> Result<Self, BrokerError> {
        let letters = DeadLetters::open(publisher.server(), publisher.names().clone()).await?;
        Ok(Self::Rabbit(Box::new(letters), publisher))
    }

    /// Continues after a row, where dead letters are kept in rows.
    pub fn skip_to(&mut self, row: i64) {
        if let Self::Embedded { last, .. } = self {
            *last = row;
        }
    }

    /// An id that tells this store from any other; `None` for a queue.
    pub fn store(&self) -> Option<&str> {
        match self {
            Self::Embedded { store, .. } => Some(store.identity()),
            Self::Rabbit(..) => None,
        }
    }

    /// The next one, oldest first.
    pub async fn next(&mut self) -> Result<Option<Dead<Place>>, BrokerError> {
        match self {
            Self::Embedded { store, page, last } => {
                if page.is_empty() {
                    let read = store.dead_after(*last).await?;
                    *last = read.last().map_or(*last, |dead| dead.place);
                    *page = read.into_iter().map(|dead| dead.at(Place::Row)).collect();
                }
                Ok(page.pop_front())
            }
            Self::Rabbit(letters, _) => Ok(letters.next().await?.map(|dead| dead.at(Place::of_queue))),
        }
    }

    /// The one in a row, where they are kept in rows; otherwise the next one with that id.
    pub async fn find(&mut self, row_or_id: &str) -> Result<Option<Dead<Place>>, BrokerError> {
        if let Self::Embedded { store, .. } = self {
            let Ok(row) = row_or_id.parse() else { return Ok(None) };
            return Ok(store.dead_at(row).await?.map(|dead| dead.at(Place::Row)));
        }
        while let Some(dead) = self.next().await? {
            if dead.id() == row_or_id {
                return Ok(Some(dead));
            }
        }
        Ok(None)
    }

    /// Replays one: it is removed only once it is safe in the article queue. False if it was not there.
    pub async fn replay(&self, dead: &Dead<Place>) -> Result<bool, BrokerError> {
        match (self, &dead.place) {
            (Self::Embedded { store, .. }, Place::Row(row)) => store.replay(*row).await,
            (Self::Rabbit(letters, publisher), Place::Queue(handle)) => {
                letters.replay(handle, &dead.body, publisher).await.map(|()| true)
            }
            _ => Ok(false),
        }
    }

    /// Removes one for good. False if it was not there.
    pub async fn discard(&self, dead: &Dead<Place>) -> Result<bool, BrokerError> {
        match (self, &dead.place) {
            (Self::Embedded { store, .. }, Place::Row(row)) => store.drop_dead(*row).await,
            (Self::Rabbit(letters, _), Place::Queue(handle)) => letters.discard(handle).await.map(|()| true),
            _ => Ok(false),
        }
    }

    /// Closes the connection.
    pub async fn close(self) -> Result<(), BrokerError> {
        match self {
            Self::Embedded { .. } => Ok(()),
            Self::Rabbit(letters, _) => letters.close().await,
        }
    }
}
