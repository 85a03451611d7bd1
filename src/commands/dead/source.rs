//! Where the dead lie: in a queue of RabbitMQ, in an embedded store, or in one that a worker holds.

use std::collections::VecDeque;

use anyhow::bail;
use jiff::Timestamp;
use presswatch::article::decode::Named;
use presswatch::broker::dead_id;
use presswatch::broker::embedded::{self, Embedded, StoreError};
use presswatch::broker::rabbit::{DeadLetter, DeadLetters, Names, Publisher};
use presswatch::config::Settings;

use super::port::{Known, Port};
use crate::commands::publish::{server, unreached};
use crate::commands::run::store;

/// A dead article, wherever it lies.
pub struct Letter {
    /// The same whenever one looks, unlike a place in the queue: looking at the dead changes their order.
    pub id: String,
    /// From the closed set, or the broker's own.
    pub reason: String,
    /// In words.
    pub error: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it came in for the first time.
    pub first_seen: Option<Timestamp>,
    /// As declared.
    pub content_type: Option<String>,
    /// What its body says of itself.
    pub named: Named,
    /// How many lay behind it.
    pub behind: u64,
    place: Place,
}

/// What its source needs to find it again.
enum Place {
    Queue(Box<DeadLetter>),
    Row(i64),
}

/// Where the dead lie.
pub enum Source {
    /// In a queue.
    Rabbit(Box<DeadLetters>),
    /// In a store that nobody works on.
    Embedded(Rows<Embedded>),
    /// In a store that a worker holds.
    Port(Rows<Port>),
}

/// Rows of a store, page by page.
pub struct Rows<S> {
    store: S,
    page: VecDeque<Letter>,
    /// The last row that was read.
    last: i64,
}

impl<S> Rows<S> {
    fn of(store: S) -> Self {
        Self { store, page: VecDeque::new(), last: 0 }
    }

    /// Takes in the next page, with `behind` more behind it.
    fn take<D>(&mut self, dead: Vec<D>, behind: u64, letter: fn(D, u64) -> Letter) {
        let all = dead.len() as u64 + behind;
        self.page = dead.into_iter().zip(1..).map(|(dead, n)| letter(dead, all - n)).collect();
        if let Some(Letter { place: Place::Row(row), .. }) = self.page.back() {
            self.last = *row;
        }
    }
}

impl Source {
    /// As the settings say.
    pub async fn open(settings: &Settings) -> anyhow::Result<Self> {
        if settings.has_broker() {
            let letters = DeadLetters::open(server(settings)?, Names::new(settings))
                .await
                .map_err(|error| unreached(error, settings))?;
            return Ok(Self::Rabbit(Box::new(letters)));
        }
        // a look must not make a store, or a wrong folder would pass for an empty one
        if !embedded::is_in(&settings.data_dir) {
            bail!(
                "`data_dir` {}: no store is there; set --data-dir to the folder of `presswatch run`, or --broker-url",
                settings.data_dir.display()
            );
        }
        match store(settings) {
            Ok(store) => Ok(Self::Embedded(Rows::of(store))),
            Err(error) if matches!(error.downcast_ref(), Some(StoreError::InUse(_))) => {
                Ok(Self::Port(Rows::of(Port::new(settings)?)))
            }
            Err(error) => Err(error),
        }
    }

    /// The next, oldest first.
    pub async fn next(&mut self) -> anyhow::Result<Option<Letter>> {
        match self {
            Self::Rabbit(letters) => Ok(letters.next().await?.map(Letter::of_queue)),
            Self::Embedded(rows) => {
                if rows.page.is_empty() {
                    let page = rows.store.dead_after(rows.last).await?;
                    rows.take(page.dead, page.behind, Letter::of_row);
                }
                Ok(rows.page.pop_front())
            }
            Self::Port(rows) => {
                if rows.page.is_empty() {
                    let page = rows.store.page(rows.last).await?;
                    rows.take(page.dead, page.behind, Letter::known);
                }
                Ok(rows.page.pop_front())
            }
        }
    }

    /// As it came, to the byte.
    pub async fn body(&self, letter: &Letter) -> anyhow::Result<Vec<u8>> {
        match (self, &letter.place) {
            (_, Place::Queue(letter)) => Ok(letter.body.clone()),
            (Self::Embedded(rows), Place::Row(row)) => {
                let dead = rows.store.dead_at(*row).await?;
                Ok(dead.map(|dead| dead.body).unwrap_or_default())
            }
            (Self::Port(rows), Place::Row(row)) => rows.store.body(*row).await,
            (Self::Rabbit(_), Place::Row(_)) => unreachable!("{OWN}"),
        }
    }

    /// Back to work; gone from the dead only once it is safe in the article queue.
    pub async fn replay(&self, letter: Letter, publisher: Option<&Publisher>) -> anyhow::Result<()> {
        match (self, letter.place, publisher) {
            (Self::Rabbit(letters), Place::Queue(letter), Some(publisher)) => {
                letters.replay(*letter, publisher).await?;
            }
            (Self::Embedded(rows), Place::Row(row), _) => drop(rows.store.replay(row).await?),
            (Self::Port(rows), Place::Row(row), _) => rows.store.replay(row).await?,
            _ => unreachable!("{OWN}, and its replay a publisher"),
        }
        Ok(())
    }

    /// Gone for good.
    pub async fn discard(&self, letter: &Letter) -> anyhow::Result<()> {
        match (self, &letter.place) {
            (Self::Rabbit(letters), Place::Queue(letter)) => letters.discard(letter).await?,
            (Self::Embedded(rows), Place::Row(row)) => drop(rows.store.drop_dead(*row).await?),
            (Self::Port(rows), Place::Row(row)) => rows.store.discard(*row).await?,
            _ => unreachable!("{OWN}"),
        }
        Ok(())
    }

    /// Leaves; what was looked at stays among the dead.
    pub async fn close(self) -> anyhow::Result<()> {
        if let Self::Rabbit(letters) = self {
            letters.close().await?;
        }
        Ok(())
    }
}

/// Why a letter is always of its own source.
const OWN: &str = "a letter from RabbitMQ has its handle, one from a store its row";

impl Letter {
    fn of_queue(letter: DeadLetter) -> Self {
        Self {
            id: dead_id(&letter.body),
            reason: letter.reason.clone(),
            error: letter.error.clone(),
            attempts: letter.attempts,
            first_seen: letter.first_seen,
            content_type: letter.content_type.clone(),
            named: Named::of(&letter.body),
            behind: letter.behind.into(),
            place: Place::Queue(Box::new(letter)),
        }
    }

    fn of_row(dead: embedded::Dead, behind: u64) -> Self {
        Self {
            id: dead_id(&dead.body),
            reason: dead.reason,
            error: dead.error,
            attempts: dead.attempts,
            first_seen: dead.first_seen,
            content_type: dead.content_type,
            named: Named::of(&dead.body),
            behind,
            place: Place::Row(dead.row),
        }
    }

    fn known(dead: Known, behind: u64) -> Self {
        let Known { row, id, reason, error, attempts, first_seen, content_type, article: named } = dead;
        Self { id, reason, error, attempts, first_seen, content_type, named, behind, place: Place::Row(row) }
    }

    /// What takes memory is let go: for what is only to be dropped.
    pub fn without_body(mut self) -> Self {
        if let Place::Queue(letter) = &mut self.place {
            letter.body = Vec::new();
        }
        self
    }
}
