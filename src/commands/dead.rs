//! `presswatch dead`: list dead letters, replay or drop them, over RabbitMQ or the embedded store.

mod port;
mod source;

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use presswatch::article::decode::Named;
use presswatch::broker::Reason;
use presswatch::config::Settings;
use source::{Letter, Source};
use tokio::time::MissedTickBehavior;

use super::pretty::{self, row, short};
use super::{BadSettings, noun};
use crate::cli::{Dead, Which};

/// The most characters of an error, a title and a source shown in a line of the list.
const ERROR_WIDTH: usize = 100;
const TITLE_WIDTH: usize = 60;
const SOURCE_WIDTH: usize = 24;

/// Reasons that no worker writes: RabbitMQ's own when it dead-letters, <https://www.rabbitmq.com/docs/dlx#effects>.
const OF_BROKER: [&str; 4] = ["delivery_limit", "expired", "maxlen", "rejected"];

/// Lists, shows, replays or drops dead letters.
pub async fn run(what: Dead, settings: &Settings) -> anyhow::Result<ExitCode> {
    let filter = match &what {
        Dead::List(which) => Filter::new(which, &[])?,
        Dead::Replay { which, ids, .. } | Dead::Drop { which, ids, .. } => Filter::new(which, ids)?,
        Dead::Show { .. } => Filter::default(),
    };
    if matches!(what, Dead::Drop { .. }) && filter.is_all() {
        bail!(BadSettings(
            "`dead drop` takes ids, --reason or --older-than: it removes nothing unasked".to_owned()
        ));
    }
    let mut dead = Source::open(settings).await?;
    let result = match what {
        Dead::List(_) => list(&mut dead, &filter).await,
        Dead::Show { id } => show(&mut dead, &id).await,
        Dead::Replay { rate, .. } => replay(&mut dead, &filter, rate).await,
        Dead::Drop { yes, .. } => discard(&mut dead, &filter, yes).await,
    };
    let closed = dead.close().await;
    // the first error is the one that matters: a broken connection can't be closed either
    let status = result?;
    closed?;
    Ok(status)
}

/// Selects dead letters.
#[derive(Default)]
struct Filter {
    /// If empty, any id.
    ids: Vec<String>,
    reason: Option<String>,
    before: Option<Timestamp>,
}

impl Filter {
    fn new(which: &Which, ids: &[String]) -> Result<Self, BadSettings> {
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
        Ok(Self { ids: ids.to_vec(), reason, before })
    }

    /// Whether all are selected.
    fn is_all(&self) -> bool {
        self.ids.is_empty() && self.reason.is_none() && self.before.is_none()
    }

    fn wants(&self, letter: &Letter) -> bool {
        (self.ids.is_empty() || self.ids.contains(&letter.known.id))
            && self.reason.as_ref().is_none_or(|reason| *reason == letter.known.reason)
            && self.before.is_none_or(|before| letter.known.first_seen.is_none_or(|seen| seen <= before))
    }
}

async fn list(dead: &mut Source, filter: &Filter) -> anyhow::Result<ExitCode> {
    let mut count = 0;
    while let Some(letter) = dead.next().await? {
        if filter.wants(&letter) {
            count += 1;
            say!("{}", line(&letter))?;
        }
    }
    if count == 0 {
        tell!("no dead letters{}", if filter.is_all() { "" } else { " of the kind asked for" });
    } else {
        let letters = noun(count, "dead letter", "dead letters");
        tell!(
            "{count} {letters}; `presswatch dead show ID` shows one, `dead replay [ID]` puts back to work, `dead drop ID` removes"
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// A dead letter's line in the list: a single line whatever the article contains.
fn line(letter: &Letter) -> String {
    let Named { id, url, title, source, .. } = &letter.known.article;
    let or =
        |text: &Option<String>, most| text.as_ref().map_or("-".to_owned(), |text| row(&short(text, most)));
    let attempts = noun(letter.known.attempts as usize, "attempt", "attempts");
    format!(
        "{}  {:<18} {}  {} {attempts}  {}  {}  {}  {}",
        letter.known.id,
        row(&letter.known.reason),
        letter.known.first_seen.map_or("?".to_owned(), |time| time.strftime("%Y-%m-%d %H:%MZ").to_string()),
        letter.known.attempts,
        or(source, SOURCE_WIDTH),
        or(title, TITLE_WIDTH),
        or(if url.is_some() { url } else { id }, ERROR_WIDTH),
        row(&short(&letter.known.error, ERROR_WIDTH))
    )
}

async fn show(dead: &mut Source, id: &str) -> anyhow::Result<ExitCode> {
    while let Some(letter) = dead.next().await? {
        if letter.known.id == id {
            tell!("reason        {}", row(&letter.known.reason));
            tell!("error         {}", row(&letter.known.error));
            tell!("attempts      {}", letter.known.attempts);
            tell!("first seen    {}", letter.known.first_seen.map_or("?".to_owned(), |t| t.to_string()));
            tell!("content type  {}", row(letter.known.content_type.as_deref().unwrap_or("?")));
            let Named { id, url, title, source, published_at } = &letter.known.article;
            let published_at = published_at.map(|time| time.to_string());
            for (name, value) in [
                ("article     ", id),
                ("url         ", url),
                ("source      ", source),
                ("title       ", title),
                ("published   ", &published_at),
            ] {
                if let Some(value) = value {
                    tell!("{name}  {}", row(value));
                }
            }
            let mut out = std::io::stdout();
            let body = dead.body(&letter).await?;
            let body = pretty::body(&body, out.is_terminal());
            out.write_all(&body).context("can't write")?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    bail!("dead letter `{id}` not found; `presswatch dead list` shows all")
}

/// Drops the selected ones for good. On a terminal it shows them first and asks.
async fn discard(dead: &mut Source, filter: &Filter, yes: bool) -> anyhow::Result<ExitCode> {
    let asks = !yes && std::io::stdin().is_terminal();
    let (mut meant, mut left) = (Vec::new(), None);
    while left != Some(0) {
        let Some(letter) = dead.next().await? else { break };
        left = Some(left.map_or(letter.behind, |left: u64| left - 1));
        if filter.wants(&letter) {
            if asks {
                tell!("{}", line(&letter));
            }
            meant.push(letter.without_body());
        }
    }
    if meant.is_empty() {
        bail!("no such dead letter found; `presswatch dead list` shows all");
    }
    if asks && !confirmed(&format!("Remove {} for good? [y/N] ", meant.len()))? {
        tell!("nothing was removed");
        return Ok(ExitCode::FAILURE);
    }
    for (removed, letter) in meant.iter().enumerate() {
        let gone = dead.discard(letter).await;
        gone.with_context(|| {
            format!("{removed} dropped, then one failed; it and the rest stay dead letters")
        })?;
    }
    say!("{} dropped", meant.len())?;
    Ok(ExitCode::SUCCESS)
}

/// Asks on the terminal; only "yes" means yes.
fn confirmed(question: &str) -> anyhow::Result<bool> {
    let mut error = std::io::stderr();
    error.write_all(question.as_bytes()).and_then(|()| error.flush()).context("can't ask")?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).context("can't read the answer")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

async fn replay(dead: &mut Source, filter: &Filter, rate: NonZeroU32) -> anyhow::Result<ExitCode> {
    let mut pace = tokio::time::interval((Duration::from_secs(1) / rate.get()).max(Duration::from_nanos(1)));
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let style = ProgressStyle::with_template("{spinner} {pos} of {len} looked at  {msg} replayed  {elapsed}")
        .expect("a template that a test shows");
    let bar = ProgressBar::new(0).with_style(style);
    let (started, mut left, mut replayed) = (Timestamp::now(), None, 0_u64);
    // anything dead-lettered again meanwhile is left for the next run: no endless loop
    while left != Some(0) {
        let Some(letter) = dead.next().await? else { break };
        if letter.known.first_seen.is_some_and(|seen| seen > started) {
            break;
        }
        let behind = *left.get_or_insert(letter.behind + 1) - 1;
        left = Some(behind);
        if bar.length() == Some(0) {
            bar.set_length(behind + 1);
        }
        if filter.wants(&letter) {
            pace.tick().await;
            dead.replay(letter).await.with_context(|| {
                format!("{replayed} replayed, then one failed; it and the rest stay dead letters")
            })?;
            replayed += 1;
            bar.set_message(replayed.to_string());
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if replayed == 0 && !filter.ids.is_empty() {
        bail!("no such dead letter found; `presswatch dead list` shows all");
    }
    say!("{replayed} replayed")?;
    Ok(ExitCode::SUCCESS)
}
