//! The command line: subcommands and flags.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::SignedDuration;

/// Media-monitoring worker: article events in, alerts tagged by country, topic and cited officials out.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// Flags that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// Settings file (TOML); over the defaults, under the environment
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// RabbitMQ to use
    #[arg(long, global = true, value_name = "amqp://user:password@host:5672/vhost")]
    pub broker_url: Option<String>,
    /// Address of the HTTP port
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub http_listen: Option<String>,
    /// Folder of the embedded store
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data_dir: Option<String>,
    /// Folder of lexicon files that stand over the compiled-in ones
    #[arg(long, global = true, value_name = "FOLDER")]
    pub lexicon_dir: Option<String>,
    /// error, warn, info, debug, trace, or filters
    #[arg(long, global = true, value_name = "LEVEL")]
    pub log_level: Option<String>,
    /// text or json
    #[arg(long, global = true, value_name = "FORMAT")]
    pub log_format: Option<String>,
}

impl Global {
    /// The flags that were given, by the key that they set.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        self.keys().into_iter().filter_map(|(key, value)| value.clone().map(|value| (key, value))).collect()
    }

    /// Every key that a flag sets, with what was given.
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

/// What presswatch does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the whole thing at work on articles that come with it; needs nothing
    Demo {
        /// End after the last article, with a summary
        #[arg(long)]
        once: bool,
    },
    /// Work: take articles in, tag them, publish alerts, until stopped
    Run {
        /// Poll these feeds too: a whole press watch, with nothing else installed
        #[arg(long, value_name = "FEEDS.opml")]
        feeds: Option<String>,
    },
    /// Tag articles from files or stdin; NDJSON out
    Tag {
        /// NDJSON, JSON, HTML or text; stdin without any
        files: Vec<PathBuf>,
        /// Show a person what was found, with the evidence marked in the text
        #[arg(long)]
        pretty: bool,
        /// Show why a topic was or was not found: 20000642, x:drones, or its name
        #[arg(long, value_name = "TOPIC", conflicts_with = "pretty")]
        why: Option<String>,
        /// Add the watches that match, from TOML or NDJSON, or a folder of those; may be given more than once
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
        /// Show at most so many
        #[arg(long, value_name = "N", default_value = "20")]
        most: usize,
    },
    /// Poll RSS, Atom and JSON feeds, and publish their articles to RabbitMQ or, without one, into the embedded store
    Feed {
        /// OPML files and URLs of feeds
        #[arg(required = true, value_name = "FEEDS.opml|URL")]
        feeds: Vec<String>,
        /// Poll each once, and end
        #[arg(long)]
        once: bool,
        /// Fetch the page of each new item
        #[arg(long)]
        full: bool,
    },
    /// Print alerts from RabbitMQ as they come
    Subscribe {
        /// Routing keys: country.AZ, topic.20000642, said.marco-rubio; * and # as in a topic exchange
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
        /// Read from a durable queue of your own, which gathers alerts while nobody reads; made if it is not there
        #[arg(long, value_name = "NAME")]
        queue: Option<String>,
        /// One alert a line as JSON, for scripts
        #[arg(long)]
        json: bool,
        /// End after so many alerts
        #[arg(long, value_name = "N")]
        count: Option<u64>,
    },
    /// Look at the dead articles, put them back to work or remove them
    #[command(subcommand)]
    Dead(Dead),
    /// Office holders that the lexicon knows by name
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

/// What to do with watches.
#[derive(Debug, Subcommand)]
pub enum Watch {
    /// Read all watches, warn of what they may not mean, run their own tests
    Check {
        /// TOML or NDJSON, or folders of those
        #[arg(default_value = "config/watches", value_name = "FILE|FOLDER")]
        paths: Vec<PathBuf>,
    },
    /// Show what watches would have found: by day, outlet and clause, what each NOT takes away, headlines
    Try {
        /// NDJSON, JSON, HTML or text; stdin without any
        files: Vec<PathBuf>,
        /// On the latest alerts that a running presswatch keeps instead, so many of them
        #[arg(long, value_name = "N", conflicts_with = "files", num_args = 0..=1, default_missing_value = "1000")]
        kept: Option<usize>,
        /// Which of them
        #[command(flatten)]
        which: WhichWatches,
    },
    /// Turn queries of another service into TOML, and say what of them can't be carried over
    Import {
        /// One query a line; stdin without one
        file: Option<PathBuf>,
        /// Whose language they are in
        #[arg(long, value_parser = ["meltwater", "brandwatch", "lexis", "factiva"])]
        from: String,
    },
    /// List the watches of a running presswatch that cost most, match most or have been silent longest
    Top {
        /// cost: asked of most articles; noise: most matches in a day; silent: longest without one
        #[arg(long, value_parser = ["cost", "noise", "silent"])]
        by: String,
        /// Show at most so many
        #[arg(long, value_name = "N", default_value = "20")]
        most: usize,
    },
    /// Make a token for an owner of watches, and the line for the file that names the owner
    Token,
    /// Show each clause of a watch, true or false, for an article, with what came nearest
    Why {
        /// NDJSON, JSON, HTML or text; stdin without any
        files: Vec<PathBuf>,
        /// Which of them
        #[command(flatten)]
        which: WhichWatches,
    },
}

/// Which watches.
#[derive(Debug, Args)]
pub struct WhichWatches {
    /// A query, instead of stored ones
    #[arg(long, value_name = "QUERY", conflicts_with = "watches")]
    pub when: Option<String>,
    /// Bare words of the query mean all their forms
    #[arg(long, requires = "when")]
    pub forms: bool,
    /// TOML or NDJSON, or a folder of those; may be given more than once
    #[arg(long, value_name = "FILE|FOLDER", default_value = "config/watches")]
    pub watches: Vec<PathBuf>,
    /// Only this one; may be given more than once
    #[arg(long, value_name = "ID")]
    pub id: Vec<String>,
}

/// What to do with office holders.
#[derive(Debug, Subcommand)]
pub enum Officials {
    /// Turn a list of others into a file of the lexicon
    Import(Import),
    /// Tell which rows contradict each other, and which have grown old
    Check,
}

/// What to import.
#[derive(Debug, Args)]
pub struct Import {
    /// Popolo JSON, `FollowTheMoney` entities (one a line), or congress-legislators JSON
    pub file: PathBuf,
    /// Of the file, if it can't be told by what is in it
    #[arg(long, value_parser = ["popolo", "ftm", "congress"])]
    pub format: Option<String>,
    /// For people whose country the file doesn't say: EE
    #[arg(long, value_name = "CODE")]
    pub country: Option<String>,
    /// Write officials/NAME.tsv in the lexicon's folder instead of standard output
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

/// What to do with the dead.
#[derive(Debug, Subcommand)]
pub enum Dead {
    /// One line an article: id, reason, when it came in, attempts, source, title, address or id of the article, error
    List(Which),
    /// The article as it came, with its reason
    Show {
        /// Its id in `dead list`
        id: String,
    },
    /// Put them back to work; each leaves the dead only when it is safe in the article queue
    Replay {
        /// Ids in `dead list`; all of them without any
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        /// Which of them
        #[command(flatten)]
        which: Which,
        /// At most so many a second
        #[arg(long, value_name = "N", default_value = "100")]
        rate: NonZeroU32,
    },
    /// Remove them for good; asks first on a terminal
    Drop {
        /// Ids in `dead list`; none only with --reason or --older-than
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        /// Which of them
        #[command(flatten)]
        which: Which,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },
}

/// Which of the dead.
#[derive(Debug, Args)]
pub struct Which {
    /// Only those with this reason (not-json, wrong-schema, no-text, too-large, retries-exhausted, …)
    #[arg(long)]
    pub reason: Option<String>,
    /// Only those that came in so long ago or longer: 90s, 15m, 2h, 7d
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
