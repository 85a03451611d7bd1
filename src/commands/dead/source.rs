//! The source of dead letters: the broker, or the HTTP port of a worker that has the store open.

use std::collections::VecDeque;

use presswatch::broker::Dead;
use presswatch::broker::backend::{self, DeadQueue, Intake};
use presswatch::broker::open;
use presswatch::config::Settings;

use super::port::{InRow, Known, Port};
use crate::commands::unopened;

/// A dead letter, wherever it is.
pub struct Letter {
    /// What is known about it.
    pub known: Known,
    /// How many come after it.
    pub behind: u64,
    place: Place,
}

/// What its source needs to find it again.
enum Place {
    Held(Box<Dead<backend::Place>>),
    Row(i64),
}

/// Where dead letters are read from.
pub enum Source {
    /// A broker that we have to ourselves, or a queue.
    Own(DeadQueue, Intake),
    /// A store held by a worker.
    Port(Rows),
}

/// Rows of a store held by a worker, page by page.
pub struct Rows {
    port: Port,
    page: VecDeque<Letter>,
    /// The last row read.
    last: i64,
}

impl Rows {
    async fn next(&mut self) -> anyhow::Result<Option<Letter>> {
        if self.page.is_empty() {
            let read = self.port.page(self.last).await?;
            let all = read.dead.len() as u64 + read.behind;
            self.last = read.dead.last().map_or(self.last, |dead| dead.row);
            let letter = |(dead, n): (InRow, u64)| Letter {
                known: dead.known,
                behind: all - n,
                place: Place::Row(dead.row),
            };
            self.page = read.dead.into_iter().zip(1..).map(letter).collect();
        }
        Ok(self.page.pop_front())
    }
}

impl Source {
    /// Opens the source from the settings.
    pub async fn open(settings: &Settings) -> anyhow::Result<Self> {
        match open::dead_letters(settings).await.map_err(unopened)? {
            Some((queue, intake)) => Ok(Self::Own(queue, intake)),
            None => Ok(Self::Port(Rows { port: Port::new(settings)?, page: VecDeque::new(), last: 0 })),
        }
    }

    /// The next one, oldest first.
    pub async fn next(&mut self) -> anyhow::Result<Option<Letter>> {
        match self {
            Self::Own(queue, _) => Ok(queue.next().await?.map(Letter::of)),
            Self::Port(rows) => rows.next().await,
        }
    }

    /// The body as received, byte for byte.
    pub async fn body(&self, letter: &Letter) -> anyhow::Result<Vec<u8>> {
        match (self, &letter.place) {
            (_, Place::Held(dead)) => Ok(dead.body.clone()),
            (Self::Port(rows), Place::Row(row)) => rows.port.body(*row).await,
            (Self::Own(..), Place::Row(_)) => unreachable!("{OWN}"),
        }
    }

    /// Replays one: it is removed only once it is safe in the article queue.
    pub async fn replay(&self, letter: Letter) -> anyhow::Result<()> {
        match (self, letter.place) {
            (Self::Own(queue, _), Place::Held(dead)) => drop(queue.replay(&dead).await?),
            (Self::Port(rows), Place::Row(row)) => rows.port.replay(row).await?,
            _ => unreachable!("{OWN}"),
        }
        Ok(())
    }

    /// Drops one for good.
    pub async fn discard(&self, letter: &Letter) -> anyhow::Result<()> {
        match (self, &letter.place) {
            (Self::Own(queue, _), Place::Held(dead)) => drop(queue.discard(dead).await?),
            (Self::Port(rows), Place::Row(row)) => rows.port.discard(*row).await?,
            _ => unreachable!("{OWN}"),
        }
        Ok(())
    }

    /// Closes the source; what was only read stays a dead letter.
    pub async fn close(self) -> anyhow::Result<()> {
        if let Self::Own(queue, intake) = self {
            let closed = queue.close().await;
            intake.close().await;
            closed?;
        }
        Ok(())
    }
}

/// Why a letter's place always fits its source.
const OWN: &str = "a letter of our own broker is held, one from a port has its row";

impl Letter {
    fn of(dead: Dead<backend::Place>) -> Self {
        Self { known: Known::of(&dead), behind: dead.behind, place: Place::Held(Box::new(dead)) }
    }

    /// Frees the body of a letter that will only be dropped.
    pub fn without_body(mut self) -> Self {
        if let Place::Held(dead) = &mut self.place {
            dead.body = Vec::new();
        }
        self
    }
}
