//! `presswatch demo`: the real worker with the embedded store in a temporary folder, fed with the articles of
//! `deploy/samples`, showing the outcome of each.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};
use anyhow::{Context as _, bail};
use bytes::Bytes;
use presswatch::alert::{Kind, RoutingKey};
use presswatch::broker::Incoming;
use presswatch::broker::backend::Backend;
use presswatch::broker::confirmed::Confirmed;
use presswatch::broker::open::Opened;
use presswatch::config::{Secret, Settings};
use presswatch::knowledge::Knowledge;
use presswatch::metrics::{Metrics, Outcome};
use presswatch::official::Citation;
use presswatch::pipeline::{Alerted, Live, Pipeline};
use presswatch::registry::{OfFiles, Registry};
use presswatch::tagging::Tagged;
use tokio::net::TcpListener;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use super::{pretty, run, unopened};

/// The articles: file name, content, content type.
macro_rules! samples {
    ($($name:literal $kind:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../deploy/samples/", $name)), concat!($kind))),*]
    };
}

/// One of them comes twice, as if the queue redelivered it.
const SAMPLES: [(&str, &str, &str); 15] = samples![
    "01-prisoners.json" "application/json",
    "02-gas.json" "application/json",
    "03-neft.json" "application/json",
    "04-floods.html" "text/html",
    "05-uranium.txt" "text/plain",
    "06-broken.json" "application/json",
    "07-rates.json" "application/json",
    "08-senegal.json" "application/json",
    "01-prisoners.json" "application/json",
    "09-cable.json" "application/json",
    "10-haushalt.json" "application/json",
    "11-outbreak.json" "application/json",
    "12-football.json" "application/json",
    "13-deprem.json" "application/json",
    "14-sanctions.json" "application/json",
];

/// Pause between two articles, so that a person can follow; none with `--once`.
const PAUSE: Duration = Duration::from_millis(400);

/// Longest wait for one article.
const PATIENCE: Duration = Duration::from_secs(30);

const HEAD: Style = AnsiColor::Blue.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default();
const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();

/// Runs the demo; with `once` until the last article, otherwise until Ctrl-C.
pub async fn run(once: bool, settings: &Settings) -> anyhow::Result<ExitCode> {
    let folder = tempfile::tempdir().context("can't make a temporary folder")?;
    let mut settings = settings.clone();
    folder.path().clone_into(&mut settings.data_dir);
    settings.feeds.file.clear();
    settings.broker.url = Secret::default();
    let pipeline = super::pipeline(&settings)?;
    let metrics = Metrics::new(&pipeline.lexicon);
    let registry = Registry::new(Live::new(pipeline), OfFiles::default(), metrics.clone());
    let listener = listen(settings.http.listen).await?;
    let address = listener.local_addr()?;
    let opened = Opened::new(&settings, &registry, &metrics).await.map_err(unopened)?;
    let backend = opened.backend.clone();
    let confirmed = Confirmed::new(run::STREAM_BUFFER);
    let alerts = confirmed.subscribe();
    let stop = CancellationToken::new();
    let work =
        run::work(&settings, opened, listener, registry.clone(), metrics.clone(), confirmed, stop.clone());
    let show = async {
        let mut show =
            Show { backend, metrics, alerts, pipeline: registry.pipeline(), seen: [0; Outcome::ALL.len()] };
        let shown = tokio::select! {
            shown = show.all(once, address) => shown,
            _ = tokio::signal::ctrl_c() => Ok(()),
        };
        stop.cancel();
        shown
    };
    let (worked, shown) = tokio::join!(work, show);
    worked?;
    shown?;
    Ok(ExitCode::SUCCESS)
}

/// Binds the configured address, or any free port if that is taken.
async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    if let Ok(listener) = TcpListener::bind(address).await {
        return Ok(listener);
    }
    let free = SocketAddr::new(address.ip(), 0);
    TcpListener::bind(free).await.with_context(|| format!("can't listen on {}", address.ip()))
}

/// Feeds the articles and prints the outcomes.
struct Show {
    backend: Backend,
    metrics: Metrics,
    alerts: Receiver<Arc<Alerted>>,
    pipeline: Arc<Pipeline>,
    /// Outcomes printed so far, in the order of [`Outcome::ALL`].
    seen: [u64; Outcome::ALL.len()],
}

impl Show {
    async fn all(&mut self, once: bool, address: SocketAddr) -> anyhow::Result<()> {
        say!(
            "{BOLD}presswatch{BOLD:#} takes in {} articles, in six languages, one of them a web page, one scraped with the \
             page's menus,\none broken, one sent twice. {DIM}The events and quotes in them are invented.{DIM:#}\n",
            SAMPLES.len()
        )?;
        if !once {
            say!("{BOLD}See them arrive in the console: http://{address}/{BOLD:#}\n")?;
        }
        let started = Instant::now();
        for (at, (name, content, content_type)) in SAMPLES.iter().enumerate() {
            say!("{HEAD}── {} of {} · {name}{HEAD:#}", at + 1, SAMPLES.len())?;
            let article = Incoming {
                body: Bytes::from_static(content.as_bytes()),
                content_type: Some((*content_type).to_owned()),
                content_encoding: None,
                traceparent: None,
            };
            self.backend.accept(article).await?;
            self.outcome(name).await?;
            say!("")?;
            if !once {
                tokio::time::sleep(PAUSE).await;
            }
        }
        let took = started.elapsed();
        self.summary(if once { Some(took) } else { None })?;
        if once {
            return Ok(());
        }
        next_steps(address)?;
        loop {
            match self.alerts.recv().await {
                Ok(alert) => show(&alert, &self.pipeline.lexicon)?,
                Err(RecvError::Lagged(missed)) => {
                    say!("({missed} more alerts)")?;
                }
                Err(RecvError::Closed) => return Ok(()),
            }
        }
    }

    /// Waits until the article has its outcome, and prints it.
    async fn outcome(&mut self, name: &str) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            for (at, outcome) in Outcome::ALL.into_iter().enumerate() {
                let count = self.metrics.articles.with_label_values(&[outcome.as_str()]).get();
                if count > self.seen[at] {
                    self.seen[at] = count;
                    return self.tell(outcome).await;
                }
            }
            if Instant::now() > deadline {
                bail!("`{name}` has no outcome after {PATIENCE:?}");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    async fn tell(&mut self, outcome: Outcome) -> anyhow::Result<()> {
        match outcome {
            Outcome::Alerted => show(&*self.alerts.recv().await?, &self.pipeline.lexicon),
            Outcome::Noticed => say!("only owners of watches are told"),
            Outcome::Untagged => say!("nothing found in it: no alert"),
            Outcome::Duplicate => say!("it already had its alert: no second one"),
            Outcome::Retried => say!("{BAD}put back, to be retried{BAD:#}"),
            Outcome::Dead => {
                let (mut letters, mut last) = (self.backend.dead().await?, None);
                while let Some(letter) = letters.next().await? {
                    last = Some(letter);
                }
                let last = last.context("no dead letter is in the store")?;
                say!("{BAD}dead-lettered: {} ({}){BAD:#}", last.reason, last.error)?;
                say!("kept byte for byte among the dead letters, with its reason")
            }
        }
    }

    /// How many ended with which outcome; with the time only if none was spent on pauses.
    fn summary(&self, took: Option<Duration>) -> anyhow::Result<()> {
        let parts: Vec<String> = Outcome::ALL
            .iter()
            .zip(self.seen)
            .filter(|(_, count)| *count > 0)
            .map(|(outcome, count)| format!("{count} {}", outcome.as_str()))
            .collect();
        let time = took.map_or(String::new(), |t| format!(" in {} ms", t.as_millis()));
        say!("{BOLD}{} articles{time}: {}{BOLD:#}", SAMPLES.len(), parts.join(", "))
    }
}

fn show(alerted: &Alerted, lexicon: &Knowledge) -> anyhow::Result<()> {
    let article = &alerted.alert.data.article;
    say!("{}{DIM}       keys  {}{DIM:#}", pretty::summary(article), keys(article, lexicon).join(" · "))
}

/// The keys one would bind with, each with its name: without broader topics, and without mere mentions.
fn keys(article: &Tagged, lexicon: &Knowledge) -> Vec<String> {
    let is_broader = |code: &str| {
        let narrower = article.topics.iter().filter(|topic| topic.code != code);
        narrower.flat_map(|topic| lexicon.topic_and_parents(&topic.code)).any(|parent| parent == code)
    };
    let countries = article.countries.iter().filter(|country| country.focus);
    let countries = countries.map(|country| (Kind::Country, &country.code, &country.name));
    let topics = article.topics.iter().filter(|topic| !is_broader(&topic.code));
    let topics = topics.map(|topic| (Kind::Topic, &topic.code, &topic.name));
    let officials = article.officials.iter().map(|official| {
        let is_cited = official.citation >= Citation::Paraphrased;
        (if is_cited { Kind::Said } else { Kind::Official }, &official.slug, &official.name)
    });
    let all = countries.chain(topics).chain(officials);
    all.map(|(kind, value, name)| format!("{} {name}", RoutingKey::new(kind, value).as_str())).collect()
}

fn next_steps(address: SocketAddr) -> anyhow::Result<()> {
    say!(
        "
It goes on running; Ctrl-C ends it. In a browser or another terminal:

  open the console     http://{address}/
  send it an article   curl -H 'content-type: text/html' --data-binary @deploy/samples/04-floods.html http://{address}/articles
  listen for a key     curl -N 'http://{address}/alerts?key=country.AZ'
  look at the figures  curl http://{address}/metrics
  tag a file           presswatch tag --pretty FILE
  use RabbitMQ         presswatch run --broker-url amqp://user:password@host:5672

"
    )
}
