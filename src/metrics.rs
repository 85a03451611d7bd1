//! The metrics of presswatch for Prometheus. Names and labels are a contract; labels are bounded by the lexicon, never
//! by the input.
//!
//! Every series that the lexicon allows exists from the start, at 0: if one appeared with its first article, Prometheus
//! would see no increase, and that article would never be counted. With the compiled-in lexicon these are some twelve
//! thousand: 250 countries, 1,370 topics, and each official by three ways to be cited.

mod labels;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::Timestamp;
use prometheus::{
    Encoder, Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, Registry, TextEncoder,
};
use rustc_hash::{FxHashMap, FxHashSet};

pub use labels::{
    NOTICE_FAILED, NOTICE_PUBLISHED, NOTICE_UNROUTABLE, NOTICES, Outcome, WATCHES_ASIDE, WATCHES_IN_FORCE,
    WATCHES_STALE, WATCHES_STATES,
};

use crate::alert::Alert;
use crate::broker::Reason;
use crate::feed;
use crate::files::Files;
use crate::knowledge::Knowledge;
use crate::official::Citation;

/// All metrics, on a registry of their own. Cheap to clone.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each is explained by its help text below")]
pub struct Metrics {
    registry: Registry,
    pub articles: IntCounterVec,
    pub alerts: IntCounter,
    pub notices: IntCounterVec,
    pub countries: IntCounterVec,
    pub topics: IntCounterVec,
    pub officials: IntCounterVec,
    pub watches: IntCounterVec,
    pub stage: HistogramVec,
    pub processing: Histogram,
    pub age: Histogram,
    pub in_flight: IntGauge,
    pub confirms: IntCounterVec,
    pub reconnects: IntCounter,
    pub broker_up: Gauge,
    pub connection_state: IntGaugeVec,
    pub taggers_hung: IntGauge,
    pub dead: IntCounterVec,
    pub officials_reviewed: GaugeVec,
    pub feeds: IntGaugeVec,
    pub feed_polls: IntCounterVec,
    pub feed_items: IntCounterVec,
    pub feed_pages: IntCounterVec,
    pub feed_errors: IntCounterVec,
    pub lexicon_stale: IntGauge,
    pub watches_by_state: IntGaugeVec,
    pub watch_faults: IntGauge,
    pub watch_candidates: IntCounter,
    pub watch_seconds: Histogram,
    build: IntGaugeVec,
    /// Watches that have labels.
    named_watches: Arc<Mutex<FxHashSet<String>>>,
    /// The lexicon's names for the officials that may be labels, by slug.
    known: Arc<RwLock<FxHashMap<Box<str>, Box<str>>>>,
}

/// Stands for all officials not in the lexicon, with its name.
const OTHER: &str = "other";
const OTHERS_NAME: &str = "all others";

/// The most watches with labels of their own: there may be hundreds of thousands.
const WATCHES: usize = 100;

/// Buckets in seconds: 0.1 ms to 30 s.
const FAST: &[f64] = &[
    0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
    30.0,
];

/// Buckets in seconds: 10 µs to a second.
const WATCHED: &[f64] =
    &[0.000_01, 0.000_025, 0.000_05, 0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1.0];

/// Buckets in seconds: a minute to a week.
const SLOW: &[f64] =
    &[60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 14_400.0, 43_200.0, 86_400.0, 259_200.0, 604_800.0];

impl Metrics {
    /// The metrics of a command, which nobody reads.
    pub fn unscraped() -> Self {
        Self::new(&Knowledge::parse(&Files::none()).expect("a lexicon without files has no errors"))
    }

    /// All metrics at zero, on a new registry.
    pub fn new(lexicon: &Knowledge) -> Self {
        let registry = Registry::new();
        let counters = |name: &str, help: &str, labels: &[&str]| {
            let opts = Opts::new(format!("presswatch_{name}"), help);
            registered(&registry, IntCounterVec::new(opts, labels))
        };
        let histogram = |name: &str, help: &str, buckets: &[f64]| {
            HistogramOpts::new(format!("presswatch_{name}"), help).buckets(buckets.to_vec())
        };
        // the standard name for all programs; dashboards use it to mark restarts
        let started = Gauge::new("process_start_time_seconds", "When the worker started, since 1970.");
        registered(&registry, started).set(seconds_now());
        let metrics = Self {
            articles: counters("articles_total", "Deliveries by what they ended as.", &["outcome"]),
            alerts: registered(
                &registry,
                IntCounter::new("presswatch_alerts_total", "Alerts confirmed by the broker."),
            ),
            notices: counters(
                "notices_total",
                "Notices to owners of watches: confirmed; of these, those that no queue took; and failures to publish one.",
                &["result"],
            ),
            countries: counters("country_articles_total", "Alerts about a country.", &["country", "name"]),
            topics: counters("topic_articles_total", "Alerts with a topic.", &["topic", "name"]),
            officials: counters(
                "official_citations_total",
                "Alerts that name an official, by how they are cited; those not in the lexicon under `other`.",
                &["official", "name", "citation"],
            ),
            watches: counters("watch_matches_total", "Alerts that match a watch.", &["watch"]),
            stage: registered(
                &registry,
                HistogramVec::new(
                    histogram("stage_seconds", "Time that an article spends in a stage.", FAST),
                    &["stage"],
                ),
            ),
            processing: registered(
                &registry,
                Histogram::with_opts(histogram(
                    "processing_seconds",
                    "From the receipt of an article to the confirm of its alert.",
                    FAST,
                )),
            ),
            age: registered(
                &registry,
                Histogram::with_opts(histogram(
                    "article_age_seconds",
                    "From the publication of an article to its alert.",
                    SLOW,
                )),
            ),
            in_flight: registered(
                &registry,
                IntGauge::new("presswatch_in_flight", "Deliveries taken and not yet settled."),
            ),
            confirms: counters("confirms_total", "Answers to published alerts.", &["result"]),
            reconnects: registered(
                &registry,
                IntCounter::new("presswatch_reconnects_total", "Connections to the broker made again."),
            ),
            broker_up: registered(
                &registry,
                Gauge::new("presswatch_broker_up", "1 while the broker can be used, 0 while not."),
            ),
            connection_state: registered(
                &registry,
                IntGaugeVec::new(
                    Opts::new(
                        "presswatch_connection_state",
                        "1 for the state that a connection to RabbitMQ is in, 0 for the others.",
                    ),
                    &["connection", "state"],
                ),
            ),
            taggers_hung: registered(
                &registry,
                IntGauge::new(
                    "presswatch_taggers_hung",
                    "Threads that still work on an article that was given up for its time.",
                ),
            ),
            dead: counters("dead_total", "Articles dead-lettered, by reason.", &["reason"]),
            officials_reviewed: registered(
                &registry,
                GaugeVec::new(
                    Opts::new(
                        "presswatch_officials_reviewed_timestamp_seconds",
                        "The day on which a list of office holders was last reviewed, since 1970; `time()` less this is its age.",
                    ),
                    &["list"],
                ),
            ),
            feeds: registered(
                &registry,
                IntGaugeVec::new(
                    Opts::new("presswatch_feeds", "Feeds that are polled, and those of them that fail."),
                    &["state"],
                ),
            ),
            feed_polls: counters("feed_polls_total", "Polls of feeds by what they ended as.", &["result"]),
            feed_items: counters(
                "feed_items_total",
                "Items of feeds: published and confirmed, or known from before.",
                &["result"],
            ),
            feed_pages: counters(
                "feed_pages_total",
                "Full pages of items by what became of them.",
                &["result"],
            ),
            feed_errors: counters("feed_errors_total", "Polls of feeds that failed, by kind.", &["kind"]),
            lexicon_stale: registered(
                &registry,
                IntGauge::new(
                    "presswatch_lexicon_stale",
                    "1 while the files of `lexicon.dir` have errors and an older lexicon stays in force.",
                ),
            ),
            build: registered(
                &registry,
                IntGaugeVec::new(
                    Opts::new(
                        "presswatch_build_info",
                        "Version of the program and of its lexicon; always 1.",
                    ),
                    &["version", "lexicon"],
                ),
            ),
            watches_by_state: registered(
                &registry,
                IntGaugeVec::new(
                    Opts::new(
                        "presswatch_watches",
                        "Watches in force; those of them that match nothing until they are changed, since they failed or took too long; and those in force as they were before a fault in their file.",
                    ),
                    &["state"],
                ),
            ),
            watch_faults: registered(
                &registry,
                IntGauge::new(
                    "presswatch_watch_faults",
                    "Faults in the files of `watches.dir`; what they concern is in force as it was before, or not at all.",
                ),
            ),
            watch_candidates: registered(
                &registry,
                IntCounter::new(
                    "presswatch_watch_candidates_total",
                    "Queries of watches that were run on an article, since its words let them match.",
                ),
            ),
            watch_seconds: registered(
                &registry,
                Histogram::with_opts(histogram(
                    "watch_eval_seconds",
                    "Time that an article takes for all watches: finding those that match, and by which clauses.",
                    WATCHED,
                )),
            ),
            named_watches: Arc::default(),
            known: Arc::default(),
            registry,
        };
        metrics.start_at_nought();
        metrics.follow(lexicon);
        metrics
    }

    /// Sets when each list of office holders was reviewed.
    fn tell_reviews(&self, lexicon: &Knowledge) {
        for list in lexicon.officials.lists() {
            let name = list.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".tsv");
            if let Some(day) = list.reviewed {
                let days = (day - jiff::civil::date(1970, 1, 1)).get_days();
                self.officials_reviewed.with_label_values(&[name]).set(f64::from(days) * 86_400.0);
            }
        }
    }

    /// Switches to the labels of a lexicon: alerts are counted by them from now on.
    pub fn follow(&self, lexicon: &Knowledge) {
        self.build.reset();
        self.build.with_label_values(&[env!("CARGO_PKG_VERSION"), &lexicon.version]).set(1);
        self.tell_reviews(lexicon);
        for country in lexicon.places.countries() {
            self.countries.with_label_values(&[&country.code, &country.name]);
        }
        for topic in lexicon.topics.all() {
            self.topics.with_label_values(&[&topic.code, called(&topic.name, &topic.code)]);
        }
        let holders = lexicon.officials.holders().iter();
        let known: FxHashMap<_, _> = holders.map(|h| (h.slug.clone(), h.name.clone())).collect();
        let others = (OTHER, OTHERS_NAME);
        let officials = known.iter().map(|(slug, name)| (&**slug, &**name)).chain([others]);
        for (slug, name) in officials.filter(|_| !known.is_empty()) {
            for citation in Citation::ALL {
                self.officials.with_label_values(&[slug, name, citation.as_str()]);
            }
        }
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
    }

    /// Creates closed sets of labels at the start, so that a first increase is seen as one.
    fn start_at_nought(&self) {
        for outcome in Outcome::ALL {
            self.articles.with_label_values(&[outcome.as_str()]);
        }
        for reason in Reason::all() {
            self.dead.with_label_values(&[reason.as_str()]);
        }
        for result in ["ack", "nack", "timeout", "lost", "unroutable"] {
            self.confirms.with_label_values(&[result]);
        }
        for result in NOTICES {
            self.notices.with_label_values(&[result]);
        }
        for state in WATCHES_STATES {
            self.watches_by_state.with_label_values(&[state]);
        }
        for state in ["polled", "failing"] {
            self.feeds.with_label_values(&[state]);
        }
        for (counter, results) in [
            (&self.feed_polls, &["read", "unchanged", "put-off", "failed"][..]),
            (&self.feed_items, &["published", "known"]),
            (&self.feed_pages, &["fetched", "robots", "failed"]),
        ] {
            results.iter().for_each(|result| drop(counter.with_label_values(&[result])));
        }
        for kind in feed::Kind::OF_POLLS {
            self.feed_errors.with_label_values(&[kind.as_str()]);
        }
        for stage in ["tag", "publish", "settle"] {
            self.stage.with_label_values(&[stage]);
        }
    }

    /// Counts a confirmed alert by its tags.
    pub fn count_alert(&self, alert: &Alert) {
        self.alerts.inc();
        let article = &alert.data.article;
        for country in article.countries.iter().filter(|c| c.focus) {
            self.countries.with_label_values(&[&country.code, &country.name]).inc();
        }
        for topic in &article.topics {
            self.topics.with_label_values(&[&topic.code, called(&topic.name, &topic.code)]).inc();
        }
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        for official in &article.officials {
            let known = known.get_key_value(official.slug.as_str());
            let (slug, name) = known.map_or((OTHER, OTHERS_NAME), |(slug, name)| (slug, name));
            self.officials.with_label_values(&[slug, name, official.citation.as_str()]).inc();
        }
        for watch in &alert.data.watches {
            self.watches.with_label_values(&[self.watch_label(&watch.id)]).inc();
        }
        if let Some(published) = article.published_at {
            // now, not when it was received: a retry makes it older
            let age = Timestamp::now().duration_since(published.instant()).as_secs_f64();
            self.age.observe(age.max(0.0));
        }
    }

    /// The id of a watch, or `other` once as many others as allowed have matched.
    fn watch_label<'w>(&self, id: &'w str) -> &'w str {
        let mut named = self.named_watches.lock().unwrap_or_else(PoisonError::into_inner);
        if named.contains(id) || named.len() < WATCHES && named.insert(id.to_owned()) { id } else { OTHER }
    }

    /// The metrics in Prometheus text format.
    pub fn text(&self) -> String {
        let mut out = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut out).expect("all metrics have a help text");
        String::from_utf8(out).expect("names and labels are UTF-8")
    }
}

/// The name of a topic, or its code if the lexicon has none: Prometheus drops empty labels.
fn called<'t>(name: &'t str, code: &'t str) -> &'t str {
    if name.is_empty() { code } else { name }
}

fn seconds_now() -> f64 {
    jiff::Timestamp::now().as_millisecond() as f64 / 1000.0
}

fn registered<C: prometheus::core::Collector + Clone + 'static>(
    registry: &Registry,
    made: prometheus::Result<C>,
) -> C {
    let collector = made.expect("a test makes all metrics");
    registry.register(Box::new(collector.clone())).expect("names are unique, as a test shows");
    collector
}

#[cfg(test)]
mod tests;
