//! The dead articles, for people: looked through from the oldest on, put back to work, removed.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::broker::embedded::{self, Embedded};
use crate::broker::rabbit::{DeadLetter, DeadLetters, Handle, Publisher};
use crate::broker::{BrokerError, dead_id};

/// An article among the dead.
#[derive(Debug)]
pub struct Dead {
    /// The same whenever one looks, unlike a place in a queue: looking at the dead changes their order.
    pub id: String,
    /// Why, from the closed set; or the broker's own word if it put it there (`delivery_limit`).
    pub reason: String,
    /// In words.
    pub error: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it came in for the first time.
    pub first_seen: Option<Timestamp>,
    /// As declared.
    pub content_type: Option<String>,
    /// As it came, to the byte.
    pub body: Vec<u8>,
    /// How many lay behind it when it was looked at.
    pub behind: u64,
    place: Place,
}

/// What its broker needs to find it again.
#[derive(Debug)]
enum Place {
    /// Of the embedded store.
    Row(i64),
    /// Of RabbitMQ's dead queue.
    Queue(Box<Handle>),
}

/// Where the dead lie, being looked through. What is looked at stays there unless it is replayed or removed.
#[derive(Debug)]
pub enum DeadQueue {
    /// In the embedded store, read page by page.
    Embedded {
        /// Where.
        store: Embedded,
        /// What is read and not handed out yet.
        page: VecDeque<Dead>,
        /// The last row that was read.
        last: i64,
    },
    /// In a queue of RabbitMQ: what is looked at is back in it once this is closed.
    Rabbit(Box<DeadLetters>, Publisher),
}

impl Dead {
    /// The row of the embedded store that it lies in.
    pub fn row(&self) -> Option<i64> {
        match self.place {
            Place::Row(row) => Some(row),
            Place::Queue(_) => None,
        }
    }

    fn of_row(dead: embedded::Dead, behind: u64) -> Self {
        let embedded::Dead { row, reason, error, attempts, first_seen, content_type, body } = dead;
        let place = Place::Row(row);
        Self { id: dead_id(&body), reason, error, attempts, first_seen, content_type, body, behind, place }
    }

    fn of_letter(letter: DeadLetter) -> Self {
        let DeadLetter { reason, error, attempts, first_seen, body, content_type, behind, handle } = letter;
        let (behind, place) = (behind.into(), Place::Queue(Box::new(handle)));
        Self { id: dead_id(&body), reason, error, attempts, first_seen, content_type, body, behind, place }
    }
}

impl DeadQueue {
    /// Those of a store.
    pub fn of_store(store: Embedded) -> Self {
        Self::Embedded { store, page: VecDeque::new(), last: 0 }
    }

    /// Those of the dead queue, over a connection of its own; `publisher` puts back to work.
    pub async fn of_queue(publisher: Publisher) -> Result<Self, BrokerError> {
        let letters = DeadLetters::open(publisher.server(), publisher.names().clone()).await?;
        Ok(Self::Rabbit(Box::new(letters), publisher))
    }

    /// Goes on behind a row, where the dead lie in rows.
    pub fn skip_to(&mut self, row: i64) {
        if let Self::Embedded { last, .. } = self {
            *last = row;
        }
    }

    /// The store that holds them, told from any other; none for a queue.
    pub fn store(&self) -> Option<&str> {
        match self {
            Self::Embedded { store, .. } => Some(store.identity()),
            Self::Rabbit(..) => None,
        }
    }

    /// The next, oldest first.
    pub async fn next(&mut self) -> Result<Option<Dead>, BrokerError> {
        match self {
            Self::Embedded { store, page, last } => {
                if page.is_empty() {
                    let read = store.dead_after(*last).await?;
                    let all = read.dead.len() as u64 + read.behind;
                    *last = read.dead.last().map_or(*last, |dead| dead.row);
                    *page =
                        read.dead.into_iter().zip(1..).map(|(dead, n)| Dead::of_row(dead, all - n)).collect();
                }
                Ok(page.pop_front())
            }
            Self::Rabbit(letters, _) => Ok(letters.next().await?.map(Dead::of_letter)),
        }
    }

    /// The one of a row, where they lie in rows; else the next one of an id.
    pub async fn find(&mut self, row_or_id: &str) -> Result<Option<Dead>, BrokerError> {
        if let Self::Embedded { store, .. } = self {
            let Ok(row) = row_or_id.parse() else { return Ok(None) };
            return Ok(store.dead_at(row).await?.map(|dead| Dead::of_row(dead, 0)));
        }
        while let Some(dead) = self.next().await? {
            if dead.id == row_or_id {
                return Ok(Some(dead));
            }
        }
        Ok(None)
    }

    /// Puts one back to work: gone from the dead only once it is safe in the article queue. False if it was not there.
    pub async fn replay(&self, dead: Dead) -> Result<bool, BrokerError> {
        match (self, dead.place) {
            (Self::Embedded { store, .. }, Place::Row(row)) => store.replay(row).await,
            (Self::Rabbit(letters, publisher), Place::Queue(handle)) => {
                letters.replay(&handle, &dead.body, publisher).await.map(|()| true)
            }
            _ => Ok(false),
        }
    }

    /// Removes one for good. False if it was not there.
    pub async fn discard(&self, dead: &Dead) -> Result<bool, BrokerError> {
        match (self, &dead.place) {
            (Self::Embedded { store, .. }, Place::Row(row)) => store.drop_dead(*row).await,
            (Self::Rabbit(letters, _), Place::Queue(handle)) => letters.discard(handle).await.map(|()| true),
            _ => Ok(false),
        }
    }

    /// Leaves.
    pub async fn close(self) -> Result<(), BrokerError> {
        match self {
            Self::Embedded { .. } => Ok(()),
            Self::Rabbit(letters, _) => letters.close().await,
        }
    }
}
