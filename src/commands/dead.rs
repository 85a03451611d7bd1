//! `presswatch dead`: look at the dead articles and put them back to work, over RabbitMQ or the embedded store.

use std::io::{IsTerminal as _, Write as _};
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use presswatch::broker::Reason;
use presswatch::broker::embedded;
use presswatch::broker::rabbit::{DeadLetter, DeadLetters, Names, Publisher, UNREADABLE};
use presswatch::config::Settings;
use sha2::{Digest as _, Sha256};
use tokio::time::MissedTickBehavior;

use super::BadSettings;
use super::pretty::{self, row, short};
use super::publish::{publisher, server, unreached};
use super::run::store;
use crate::cli::{Dead, Which};

/// Most of an error that a line of the list shows, in characters.
const ERROR_WIDTH: usize = 100;

/// Reasons that no worker writes: those of RabbitMQ where it dead-letters, <https://www.rabbitmq.com/docs/dlx#effects>,
/// and that of what no worker could read.
const OF_BROKER: [&str; 5] = ["delivery_limit", "expired", "maxlen", "rejected", UNREADABLE];

/// Lists, shows or replays.
pub async fn run(what: Dead, settings: &Settings) -> anyhow::Result<ExitCode> {
    let filter = match &what {
        Dead::List(which) | Dead::Replay { which, .. } => Filter::new(which)?,
        Dead::Show { .. } => Filter::default(),
    };
    let mut dead = Source::open(settings).await?;
    let result = match what {
        Dead::List(_) => list(&mut dead, &filter).await,
        Dead::Show { id } => show(&mut dead, &id).await,
        Dead::Replay { rate, .. } => replay(&mut dead, &filter, rate, settings).await,
    };
    let closed = dead.close().await;
    // what went wrong first is what matters: a connection that broke can't be closed either
    let status = result?;
    closed?;
    Ok(status)
}

/// A dead article, wherever it lies.
struct Letter {
    /// Row of the store; nothing in a queue.
    row: i64,
    reason: String,
    error: String,
    attempts: u32,
    first_seen: Option<Timestamp>,
    content_type: Option<String>,
    body: Vec<u8>,
    /// How many lay behind it.
    behind: u64,
    /// What the broker needs to put it back.
    handle: Option<DeadLetter>,
}

impl Letter {
    /// The same whenever one looks, unlike a place in the queue: looking at the dead changes their order.
    fn id(&self) -> String {
        let hash = Sha256::digest(&self.body);
        hash[..4].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Where the dead lie.
enum Source {
    Rabbit(Box<DeadLetters>),
    Embedded { store: embedded::Embedded, left: std::vec::IntoIter<embedded::Dead> },
}

impl Source {
    async fn open(settings: &Settings) -> anyhow::Result<Self> {
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
        let store = store(settings)?;
        let left = store.dead().await?.into_iter();
        Ok(Self::Embedded { store, left })
    }

    /// The next, oldest first.
    async fn next(&mut self) -> anyhow::Result<Option<Letter>> {
        match self {
            Self::Rabbit(letters) => {
                let Some(mut letter) = letters.next().await? else { return Ok(None) };
                Ok(Some(Letter {
                    row: 0,
                    reason: letter.reason.clone(),
                    error: letter.error.clone(),
                    attempts: letter.attempts,
                    first_seen: letter.first_seen,
                    content_type: letter.content_type.clone(),
                    body: std::mem::take(&mut letter.body),
                    behind: letter.behind.into(),
                    handle: Some(letter),
                }))
            }
            Self::Embedded { left, .. } => Ok(left.next().map(|dead| Letter {
                behind: left.len() as u64,
                row: dead.row,
                reason: dead.reason,
                error: dead.error,
                attempts: dead.attempts,
                first_seen: dead.first_seen,
                content_type: dead.content_type,
                body: dead.body,
                handle: None,
            })),
        }
    }

    /// Back to work; gone from the dead only once it is safe in the article queue.
    async fn replay(&self, letter: Letter, publisher: Option<&Publisher>) -> anyhow::Result<()> {
        match (self, letter.handle, publisher) {
            (Self::Rabbit(letters), Some(mut handle), Some(publisher)) => {
                handle.body = letter.body;
                letters.replay(handle, publisher).await?;
            }
            (Self::Embedded { store, .. }, ..) => store.replay(letter.row).await?,
            _ => unreachable!("a letter from RabbitMQ has its handle, and its replay a publisher"),
        }
        Ok(())
    }

    async fn close(self) -> anyhow::Result<()> {
        if let Self::Rabbit(letters) = self {
            letters.close().await?;
        }
        Ok(())
    }
}

/// Which of the dead are meant.
#[derive(Default)]
struct Filter {
    reason: Option<String>,
    before: Option<Timestamp>,
}

impl Filter {
    fn new(which: &Which) -> Result<Self, BadSettings> {
        let reason = which.reason.clone();
        if let Some(name) = &reason
            && Reason::parse(name).is_none()
            && !OF_BROKER.contains(&name.as_str())
        {
            let known: Vec<&str> = Reason::all().map(Reason::as_str).collect();
            return Err(BadSettings(format!(
                "`--reason {name}`: there is no such reason; known are {}, {}",
                known.join(", "),
                OF_BROKER.join(", ")
            )));
        }
        let before = which.older_than.map(|age| Timestamp::now() - age);
        Ok(Self { reason, before })
    }

    /// Whether all are meant.
    fn is_all(&self) -> bool {
        self.reason.is_none() && self.before.is_none()
    }

    fn wants(&self, letter: &Letter) -> bool {
        self.reason.as_ref().is_none_or(|reason| *reason == letter.reason)
            && self.before.is_none_or(|before| letter.first_seen.is_none_or(|seen| seen <= before))
    }
}

async fn list(dead: &mut Source, filter: &Filter) -> anyhow::Result<ExitCode> {
    let mut count = 0;
    while let Some(letter) = dead.next().await? {
        if filter.wants(&letter) {
            count += 1;
            say!(
                "{}  {:<18} {:>4}  {}  {}",
                letter.id(),
                row(&letter.reason),
                age(letter.first_seen),
                if letter.attempts == 1 {
                    "1 attempt".to_owned()
                } else {
                    format!("{} attempts", letter.attempts)
                },
                row(&short(&letter.error, ERROR_WIDTH))
            )?;
        }
    }
    if count == 0 {
        tell!("none is dead{}", if filter.is_all() { "" } else { " of those asked for" });
    } else {
        tell!(
            "{count} dead; `presswatch dead show ID` shows one, `presswatch dead replay` puts them back to work"
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// "3d", "2h", "15m", "40s".
fn age(since: Option<Timestamp>) -> String {
    let Some(since) = since else { return "?".to_owned() };
    let seconds = Timestamp::now().duration_since(since).as_secs();
    match seconds {
        86_400.. => format!("{}d", seconds / 86_400),
        3_600.. => format!("{}h", seconds / 3_600),
        60.. => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

async fn show(dead: &mut Source, id: &str) -> anyhow::Result<ExitCode> {
    while let Some(letter) = dead.next().await? {
        if letter.id() == id {
            tell!("reason        {}", row(&letter.reason));
            tell!("error         {}", row(&letter.error));
            tell!("attempts      {}", letter.attempts);
            tell!("first seen    {}", letter.first_seen.map_or("?".to_owned(), |t| t.to_string()));
            tell!("content type  {}", row(letter.content_type.as_deref().unwrap_or("?")));
            let mut out = std::io::stdout();
            let body = pretty::body(&letter.body, out.is_terminal());
            out.write_all(&body).context("can't write")?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    bail!("there is no dead article `{id}`; `presswatch dead list` shows them")
}

async fn replay(
    dead: &mut Source,
    filter: &Filter,
    rate: NonZeroU32,
    settings: &Settings,
) -> anyhow::Result<ExitCode> {
    let publisher = if settings.has_broker() { Some(publisher(settings)?) } else { None };
    let mut pace = tokio::time::interval((Duration::from_secs(1) / rate.get()).max(Duration::from_nanos(1)));
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let style = ProgressStyle::with_template("{spinner} {pos} of {len} looked at  {msg} replayed  {elapsed}")
        .expect("a template that a test shows");
    let bar = ProgressBar::new(0).with_style(style);
    let (started, mut left, mut replayed) = (Timestamp::now(), None, 0_u64);
    // what dies again meanwhile is left for the next time: no going round in a circle
    while left != Some(0) {
        let Some(letter) = dead.next().await? else { break };
        if letter.first_seen.is_some_and(|seen| seen > started) {
            break;
        }
        let behind = *left.get_or_insert(letter.behind + 1) - 1;
        left = Some(behind);
        if bar.length() == Some(0) {
            bar.set_length(behind + 1);
        }
        if filter.wants(&letter) {
            pace.tick().await;
            dead.replay(letter, publisher.as_ref()).await.with_context(|| {
                format!("{replayed} replayed, then one was not; it and the rest stay among the dead")
            })?;
            replayed += 1;
            bar.set_message(replayed.to_string());
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if let Some(publisher) = publisher {
        publisher.close().await;
    }
    say!("{replayed} replayed")?;
    Ok(ExitCode::SUCCESS)
}
