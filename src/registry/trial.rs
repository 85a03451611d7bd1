//! Tries watches on articles: how many they match, by day, outlet and clause, and what each exclusion removes.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::article::decode::Message;
use crate::pipeline::Pipeline;
use crate::tagging::Analysed;
use crate::watch::words::Words;
use crate::watch::{Aside, Clause, Expr, Match, Watch, WatchSet, Workspace, parse};

/// Articles shown per watch.
const SAMPLES: usize = 20;

/// What a watch found.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Found {
    /// Number of matching articles.
    pub matched: usize,
    /// The same by day of publication.
    pub days: BTreeMap<String, usize>,
    /// By outlet.
    pub outlets: BTreeMap<String, usize>,
    /// By the clauses that hold.
    pub clauses: BTreeMap<String, usize>,
    /// How many each exclusion removes.
    pub takes_away: Vec<(String, usize)>,
    /// The first of them.
    pub samples: Vec<Sample>,
}

/// A matching article.
#[derive(Debug, Clone, Serialize)]
pub struct Sample {
    /// The id of the article, or of the alert if tried on alerts.
    pub id: String,
    /// Its headline.
    pub title: String,
    /// The clauses that hold.
    pub clauses: Vec<Clause>,
}

/// An article in brief, and the watches that match it.
#[derive(Debug)]
pub struct Seen {
    id: String,
    title: String,
    day: String,
    outlet: String,
    matches: Vec<Match>,
}

impl Seen {
    /// Whether a watch matches it.
    pub fn matches(&self, id: &str) -> bool {
        self.matches.iter().any(|found| found.id == id)
    }
}

/// A watch without one of its exclusions.
#[derive(Debug)]
struct Variant {
    of: String,
    exclusion: String,
    watch: Watch,
}

/// See the module.
#[derive(Debug)]
pub struct Trial {
    variants: Vec<Variant>,
    set: WatchSet,
    found: BTreeMap<String, Found>,
    /// Articles tried so far.
    pub articles: usize,
}

impl Trial {
    /// A trial of these watches, whose queries must be valid.
    pub fn new(watches: &[Watch], words: &Arc<Words>) -> Self {
        let variants = without_exclusions(watches, words);
        let of_variants = variants.iter().map(|variant| variant.watch.clone());
        let (set, _) = WatchSet::of(Arc::clone(words), watches.iter().cloned().chain(of_variants));
        Self { variants, set, found: BTreeMap::new(), articles: 0 }
    }

    /// Which watches match an article; it is listed under `id`.
    pub fn see(&self, id: String, analysed: Analysed, workspace: &mut Workspace) -> Seen {
        let matches = self.set.matches(analysed.article(), workspace);
        let tagged = analysed.tagged;
        let day = tagged.published_at.map_or("no date".to_owned(), |t| t.day().to_string());
        let outlet = tagged.source.domain.or(tagged.source.name).unwrap_or_default();
        Seen { id, title: tagged.title, day, outlet, matches }
    }

    /// Counts an article.
    pub fn note(&mut self, seen: &Seen) {
        self.articles += 1;
        for hit in &seen.matches {
            let own = self.found.entry(hit.id.clone()).or_default();
            own.matched += 1;
            *own.days.entry(seen.day.clone()).or_default() += 1;
            *own.outlets.entry(seen.outlet.clone()).or_default() += 1;
            for clause in &hit.clauses {
                *own.clauses.entry(clause.expr.clone()).or_default() += 1;
            }
            if own.samples.len() < SAMPLES {
                let (id, title, clauses) = (seen.id.clone(), seen.title.clone(), hit.clauses.clone());
                own.samples.push(Sample { id, title, clauses });
            }
        }
    }

    /// What a watch found so far.
    pub fn found(&self, id: &str) -> Found {
        let mut found = self.found.get(id).cloned().unwrap_or_default();
        for variant in self.variants.iter().filter(|variant| variant.of == id) {
            let without = self.found.get(&variant.watch.id).map_or(0, |found| found.matched);
            found.takes_away.push((variant.exclusion.clone(), without.saturating_sub(found.matched)));
        }
        found
    }

    /// The watches that were set aside, and why.
    pub fn aside(&self) -> Vec<(String, Aside)> {
        self.set.aside()
    }
}

fn without_exclusions(watches: &[Watch], words: &Words) -> Vec<Variant> {
    let mut out = Vec::new();
    for own in watches {
        let Ok(Expr::And(parts)) = parse(&own.when, own.forms, words) else { continue };
        for (at, exclusion) in parts.iter().enumerate().filter(|(_, part)| matches!(part, Expr::Not(_))) {
            let kept = parts.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, part)| part.clone());
            let when = Expr::And(kept.collect()).to_string();
            // no id of a watch contains a space
            let watch = Watch { id: format!("{} without {at}", own.id), when, forms: false, ..own.clone() };
            out.push(Variant { of: own.id.clone(), exclusion: exclusion.to_string(), watch });
        }
    }
    out
}

/// The article of a kept alert, from the alert's `data`, tagged again as watches need it.
pub fn of_alert(data: &Map<String, Value>, pipeline: &Pipeline) -> Option<Analysed> {
    let field = |name: &str| data.get(name).cloned().unwrap_or_default();
    let event = json!({
        "id": field("id"),
        "url": field("url"),
        "title": field("title"),
        "body": field("text"),
        "language": field("language"),
        "published_at": field("published_at"),
        "source": field("source"),
    });
    let body = event.to_string();
    let message =
        Message { body: body.as_bytes(), content_type: Some("application/json"), ..Message::default() };
    pipeline.analyse(message).ok()
}
