//! The command line: subcommands and flags.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::SignedDuration;

/// Media-monitoring worker: article events in, alerts tagged by country, topic and cited officials out.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// Flags that every command accepts.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command accepts.
#[derive(Debug, Args)]
pub struct Global {
    /// Settings file (TOML); overrides the defaults, is overridden by the environment
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// URL of RabbitMQ
    #[arg(long, global = true, value_name = "amqp://user:password@host:5672/vhost")]
    pub broker_url: Option<String>,
    /// Address of the HTTP port
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub http_listen: Option<String>,
    /// Folder of the embedded store
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data_dir: Option<String>,
    /// Folder of lexicon files that override the compiled-in ones
    #[arg(long, global = true, value_name = "FOLDER")]
    pub lexicon_dir: Option<String>,
    /// Log level: error, warn, info, debug, trace, or filters
    #[arg(long, global = true, value_name = "LEVEL")]
    pub log_level: Option<String>,
    /// Log format: text or json
    #[arg(long, global = true, value_name = "FORMAT")]
    pub log_format: Option<String>,
}

impl Global {
    /// The flags that were given, by the keys they set.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        self.keys().into_iter().filter_map(|(key, value)| value.clone().map(|value| (key, value))).collect()
    }

    /// Every key that has a flag, with the value given.
    pub fn keys(&self) -> [(&'static str, &Option<String>); 6] {
        [
            ("broker.url", &self.broker_url),
            ("http.listen", &self.http_listen),
            ("data_dir", &self.data_dir),
            ("lexicon.dir", &self.lexicon_dir),
            ("log.level", &self.log_level),
            ("log.format", &self.log_format),
        ]
    }
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show everything at work on bundled articles; needs nothing else
    Demo {
        /// Stop after the last article, with a summary
        #[arg(long)]
        once: bool,
    },
    /// Run the worker: take articles in, tag them, publish alerts, until stopped
    Run {
        /// Also poll these feeds: a complete press watch, with nothing else installed
        #[arg(long, value_name = "FEEDS.opml")]
        feeds: Option<String>,
    },
    /// Tag articles from files or stdin and write them as NDJSON
    Tag {
        /// NDJSON, JSON, HTML or text; stdin if omitted
        files: Vec<PathBuf>,
        /// Print a readable report instead, with the evidence marked in the text
        #[arg(long)]
        pretty: bool,
        /// Show why a topic was or was not found (20000642, x:drones, or its name), why a country is the focus (`focus`), or
        /// why words are somebody's (`quotes`)
        #[arg(long, value_name = "TOPIC|focus|quotes", conflicts_with = "pretty")]
        why: Option<String>,
        /// Add the watches that match, from TOML or NDJSON files or a folder of them; may be repeated
        #[arg(long, value_name = "FILE|FOLDER", conflicts_with_all = ["pretty", "why"])]
        watches: Vec<PathBuf>,
    },
    /// Publish articles to RabbitMQ, with confirms
    Publish {
        /// NDJSON, JSON, HTML or text
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Find the keys of countries, topics and officials by name, in any language of the lexicon
    Keys {
        /// Name or the beginning of one: azer, "economic sanc", Рубио
        #[arg(required = true, value_name = "NAME")]
        name: Vec<String>,
        /// Show at most N
        #[arg(long, value_name = "N", default_value = "20")]
        most: usize,
    },
    /// Poll RSS, Atom and JSON feeds, and publish their articles to RabbitMQ or, without one, into the embedded store
    Feed {
        /// OPML files and URLs of feeds
        #[arg(required = true, value_name = "FEEDS.opml|URL")]
        feeds: Vec<String>,
        /// Poll each feed once, then exit
        #[arg(long)]
        once: bool,
        /// Fetch the page of each new item
        #[arg(long)]
        full: bool,
    },
    /// Print alerts from RabbitMQ as they arrive
    Subscribe {
        /// Routing keys: country.AZ, topic.20000642, said.marco-rubio; * and # as in a topic exchange
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
        /// Read from a durable queue of your own, which collects alerts while nobody reads; declared if missing
        #[arg(long, value_name = "NAME")]
        queue: Option<String>,
        /// One alert per line as JSON, for scripts
        #[arg(long)]
        json: bool,
        /// Stop after N alerts
        #[arg(long, value_name = "N")]
        count: Option<u64>,
    },
    /// List dead letters, replay or drop them
    #[command(subcommand)]
    Dead(Dead),
    /// Import or check the office holders that the lexicon knows by name
    #[command(subcommand)]
    Officials(Officials),
    /// Stored queries: check them, try them on articles, see why one matches
    #[command(subcommand)]
    Watch(Watch),
    /// Declare exchanges and queues on RabbitMQ, and list them
    Topology {
        /// Only list them
        #[arg(long)]
        dry_run: bool,
    },
    /// Print the settings in force, secrets hidden
    Config {
        /// Print what every setting means instead, as Markdown
        #[arg(long)]
        reference: bool,
    },
    /// Ask a running presswatch whether it is ready; for containers
    Healthcheck,
}

/// Commands for watches.
#[derive(Debug, Subcommand)]
pub enum Watch {
    /// Read all watches, warn about likely mistakes, run their own tests
    Check {
        /// TOML or NDJSON files, or folders of them
        #[arg(default_value = "config/watches", value_name = "FILE|FOLDER")]
        paths: Vec<PathBuf>,
        /// Try them on the articles of this file too, and warn about what these show; may be repeated
        #[arg(long, value_name = "FILE")]
        on: Vec<PathBuf>,
    },
    /// Show what watches would have found: by day, outlet and clause, what each NOT removes, headlines
    Try {
        /// NDJSON, JSON, HTML or text; stdin if omitted
        files: Vec<PathBuf>,
        /// Try them on the latest N articles that a running presswatch keeps instead, and compare them with what is in force there
        #[arg(long, value_name = "N", conflicts_with = "files", num_args = 0..=1, default_missing_value = "1000")]
        kept: Option<usize>,
        /// The watches to try.
        #[command(flatten)]
        which: WhichWatches,
    },
    /// Turn queries of another service into TOML, and say what can't be converted
    Import {
        /// One query per line; stdin if omitted
        file: Option<PathBuf>,
        /// The service they come from
        #[arg(long, value_parser = ["meltwater", "brandwatch", "lexis", "factiva"])]
        from: String,
    },
    /// List the watches of a running presswatch that cost most, match most or have been silent longest
    Top {
        /// cost: evaluated on most articles; noise: most matches in a day; silent: longest without a match
        #[arg(long, value_parser = ["cost", "noise", "silent"])]
        by: String,
        /// Show at most N
        #[arg(long, value_name = "N", default_value = "20")]
        most: usize,
    },
    /// Make a token for an owner of watches, and the line for the file that names the owner
    Token,
    /// Show each clause of a watch, true or false, for an article, and what came closest
    Why {
        /// NDJSON, JSON, HTML or text; stdin if omitted
        files: Vec<PathBuf>,
        /// The watches to explain.
        #[command(flatten)]
        which: WhichWatches,
    },
}

/// Selects watches.
#[derive(Debug, Args)]
pub struct WhichWatches {
    /// A query, instead of stored ones; `try` compares it with the one that `--id` names
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub when: Option<String>,
    /// Let bare words of the query match all their forms
    #[arg(long, requires = "when")]
    pub forms: bool,
    /// TOML or NDJSON files, or a folder of them; may be repeated
    #[arg(long, value_name = "FILE|FOLDER", default_value = WATCHES)]
    pub watches: Vec<PathBuf>,
    /// Only the watch with this id; may be repeated
    #[arg(long, value_name = "ID")]
    pub id: Vec<String>,
}

/// Where watches are unless a person says otherwise.
const WATCHES: &str = "config/watches";

impl WhichWatches {
    /// Whether files are named beside a query, and nothing says what for.
    pub fn names_files_in_vain(&self) -> bool {
        self.when.is_some() && self.id.is_empty() && self.watches != [PathBuf::from(WATCHES)]
    }
}

/// Commands for office holders.
#[derive(Debug, Subcommand)]
pub enum Officials {
    /// Turn somebody else's list into a lexicon file
    Import(Import),
    /// Report rows that contradict each other, and outdated ones
    Check,
}

/// What to import.
#[derive(Debug, Args)]
pub struct Import {
    /// Popolo JSON, `FollowTheMoney` entities (one a line), or congress-legislators JSON
    pub file: PathBuf,
    /// Format of the file, if its content doesn't show it
    #[arg(long, value_parser = ["popolo", "ftm", "congress"])]
    pub format: Option<String>,
    /// Country of people for whom the file states none: EE
    #[arg(long, value_name = "CODE")]
    pub country: Option<String>,
    /// Write officials/NAME.tsv in the lexicon folder instead of standard output
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

/// Commands for dead letters.
#[derive(Debug, Subcommand)]
pub enum Dead {
    /// List them, one per line: id, reason, time received, attempts, source, title, address or id of the article, error
    List(Which),
    /// Print the article as received, with its reason
    Show {
        /// Its id in `dead list`
        id: String,
    },
    /// Put them back into the article queue; each stops being a dead letter only once it is safe there
    Replay {
        /// Ids from `dead list`; all if omitted
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        /// The dead letters to replay.
        #[command(flatten)]
        which: Which,
        /// At most N per second
        #[arg(long, value_name = "N", default_value = "100")]
        rate: NonZeroU32,
    },
    /// Remove them for good; asks first on a terminal
    Drop {
        /// Ids from `dead list`; may be omitted only with --reason or --older-than
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        /// The dead letters to drop.
        #[command(flatten)]
        which: Which,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },
}

/// Selects dead letters.
#[derive(Debug, Args)]
pub struct Which {
    /// Only those with this reason (not-json, wrong-schema, no-text, too-large, retries-exhausted, …)
    #[arg(long)]
    pub reason: Option<String>,
    /// Only those received at least this long ago: 90s, 15m, 2h, 7d
    #[arg(long, value_name = "AGE", value_parser = age)]
    pub older_than: Option<SignedDuration>,
}

/// An age: a whole number and its unit.
fn age(text: &str) -> Result<SignedDuration, &'static str> {
    let seconds = |unit| match unit {
        "s" => Some(1),
        "m" => Some(60),
        "h" => Some(60 * 60),
        "d" => Some(24 * 60 * 60),
        _ => None,
    };
    let cut = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let age = (text[..cut].parse::<u32>().ok()).zip(seconds(&text[cut..]));
    age.map(|(number, unit)| SignedDuration::from_secs(i64::from(number) * unit))
        .ok_or("it takes an age such as 90s, 15m, 2h or 7d")
}
