//! Tries watches on articles: how many they match, by day, outlet and clause, what each exclusion removes, and what
//! differs from the version that a watch may replace.

mod parts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::article::decode::Message;
use crate::pipeline::Pipeline;
use crate::tagging::Analysed;
use crate::watch::unasked::{FormsSeen, OtherForms, Unasked};
use crate::watch::view::View;
use crate::watch::words::Words;
use crate::watch::{Aside, Clause, Match, Watch, WatchSet, Workspace, parse};
use parts::Part;

/// Articles shown per watch, and in each list of what differs.
const SAMPLES: usize = 20;

/// Clauses that never held, at most, in a warning.
const NAMED: usize = 5;

/// In place of the day of an article that has no date.
const NO_DATE: &str = "no date";

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
    /// How many each exclusion removes, at whatever depth it is: they would match without it, and do not with it.
    pub takes_away: Vec<(String, usize)>,
    /// What these articles say against the query.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Other forms of its words, in whatever article.
    pub forms: Vec<OtherForms>,
    /// The first of them.
    pub samples: Vec<Sample>,
    /// What differs from the version that it was compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<Difference>,
}

/// A matching article.
#[derive(Debug, Clone, Serialize)]
pub struct Sample {
    /// Which one.
    #[serde(flatten)]
    pub article: Headline,
    /// The clauses that hold.
    pub clauses: Vec<Clause>,
}

/// Names an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Headline {
    /// Its id.
    pub id: String,
    /// The id of its alert; `None` if it gave none, or comes from a file.
    pub alert: Option<String>,
    /// Its headline.
    pub title: String,
}

/// The articles that one of two versions of a watch matches and the other does not.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// How many only the new version matches.
    pub more: usize,
    /// How many only the old one matches.
    pub fewer: usize,
    /// The first that only the new one matches.
    pub added: Vec<Headline>,
    /// The first that only the old one matches.
    pub lost: Vec<Headline>,
}

/// An article in brief, and the watches that match it.
#[derive(Debug)]
pub struct Seen {
    article: Headline,
    day: String,
    outlet: String,
    matches: Vec<Match>,
    /// Ids of the parts of their queries that do.
    parts: Vec<String>,
    /// Forms of the words of their queries.
    forms: FormsSeen,
}

impl Seen {
    /// Whether a watch matches it.
    pub fn matches(&self, id: &str) -> bool {
        self.matches.iter().any(|found| found.id == id)
    }
}

/// A part of the query of a watch, tried by itself.
#[derive(Debug)]
struct Variant {
    /// The id of the watch.
    of: String,
    /// Its own id: that of no watch, as it contains spaces.
    id: String,
    /// The part, for people.
    shown: String,
    /// Whether it is the query without an exclusion, or else a clause.
    excludes: bool,
    /// Articles that it matches; without an exclusion, those that the whole query does not match.
    count: usize,
}

/// See the module.
#[derive(Debug)]
pub struct Trial {
    words: Arc<Words>,
    set: WatchSet,
    parts: WatchSet,
    variants: Vec<Variant>,
    /// By the id of the new version: the id of the old one.
    pairs: Vec<(String, String)>,
    unasked: Unasked,
    /// By watch: its words in `unasked`.
    asked: BTreeMap<String, Vec<u32>>,
    /// The days on which articles were published.
    days: BTreeSet<String>,
    found: BTreeMap<String, Found>,
    /// Articles tried so far.
    pub articles: usize,
}

impl Trial {
    /// A trial of these watches, whose queries must be valid.
    pub fn new(watches: &[Watch], words: &Arc<Words>) -> Self {
        let (variants, queries): (Vec<_>, Vec<_>) = variants(watches, words).into_iter().unzip();
        let (set, _) = WatchSet::of(Arc::clone(words), watches.iter().cloned());
        let (parts, _) = WatchSet::of(Arc::clone(words), queries);
        let (mut unasked, mut asked) = (Unasked::default(), BTreeMap::new());
        for watch in watches {
            if let Ok(expr) = parse(&watch.when, watch.forms, words) {
                asked.insert(watch.id.clone(), unasked.add(&expr, words));
            }
        }
        let (pairs, days, found, words) = (Vec::new(), BTreeSet::new(), BTreeMap::new(), Arc::clone(words));
        Self { words, set, parts, variants, pairs, unasked, asked, days, found, articles: 0 }
    }

    /// Also compares one of the watches with an older version of it, which is one of them too.
    pub fn against(mut self, new: &str, old: &str) -> Self {
        self.pairs.push((new.to_owned(), old.to_owned()));
        self.found.entry(new.to_owned()).or_default().against = Some(Difference::default());
        self
    }

    /// Which watches match an article. `alert`: the id of its alert, if it gave one.
    pub fn see(&self, alert: Option<String>, analysed: Analysed, workspace: &mut Workspace) -> Seen {
        let matches = self.set.matches(analysed.article(), workspace);
        let view = workspace.view(analysed.article(), &self.words);
        let forms = self.unasked.see(&view);
        let parts = if self.variants.is_empty() { Vec::new() } else { self.parts_of(&view, workspace) };
        let tagged = analysed.tagged;
        let day = tagged.published_at.map_or(NO_DATE.to_owned(), |t| t.day().to_string());
        let outlet = tagged.source.domain.or(tagged.source.name).unwrap_or_default();
        let article = Headline { id: tagged.id, alert, title: tagged.title };
        Seen { article, day, outlet, matches, parts, forms }
    }

    fn parts_of(&self, view: &View, workspace: &mut Workspace) -> Vec<String> {
        let mut hits = Vec::new();
        self.parts.hits(view, workspace, &mut hits);
        hits.into_iter().map(|hit| self.parts.watch(hit).id).collect()
    }

    /// Counts an article.
    pub fn note(&mut self, seen: &Seen) {
        self.articles += 1;
        self.unasked.note(&seen.forms);
        if seen.day != NO_DATE {
            self.days.insert(seen.day.clone());
        }
        for hit in &seen.matches {
            let own = self.found.entry(hit.id.clone()).or_default();
            own.matched += 1;
            *own.days.entry(seen.day.clone()).or_default() += 1;
            *own.outlets.entry(seen.outlet.clone()).or_default() += 1;
            for clause in &hit.clauses {
                *own.clauses.entry(clause.expr.clone()).or_default() += 1;
            }
            if own.samples.len() < SAMPLES {
                let (article, clauses) = (seen.article.clone(), hit.clauses.clone());
                own.samples.push(Sample { article, clauses });
            }
        }
        for variant in self.variants.iter_mut().filter(|variant| seen.parts.contains(&variant.id)) {
            variant.count += usize::from(!variant.excludes || !seen.matches(&variant.of));
        }
        for (new, old) in &self.pairs {
            let own = self.found.entry(new.clone()).or_default();
            own.against.get_or_insert_default().note(seen, seen.matches(new), seen.matches(old));
        }
    }

    /// What a watch found so far.
    pub fn found(&self, id: &str) -> Found {
        let mut found = self.found.get(id).cloned().unwrap_or_default();
        found.forms = self.asked.get(id).map(|words| self.unasked.told(words)).unwrap_or_default();
        let aside = self.parts.aside();
        let is_told = |variant: &Variant| !aside.iter().any(|(aside, _)| *aside == variant.id);
        let own = || self.variants.iter().filter(|variant| variant.of == id && is_told(variant));
        for Variant { shown, count, .. } in own().filter(|variant| variant.excludes) {
            found.takes_away.push((shown.clone(), *count));
            if *count > found.matched {
                let all = *count + found.matched;
                found.warnings.push(format!("{shown} takes away {count} of {all}, which is over half"));
            }
        }
        let never = own().filter(|variant| !variant.excludes && variant.count == 0);
        let never: Vec<&str> = never.map(|variant| variant.shown.as_str()).collect();
        if self.articles > 0 && !never.is_empty() {
            let more = never.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(", and {more} more") } else { String::new() };
            let named = never[..never.len().min(NAMED)].join(", ");
            found.warnings.push(format!("in none of {} articles: {named}{more}", self.articles));
        }
        found
    }

    /// How many articles a day a watch matched, over the days on which any were published; `None` if none has a date.
    pub fn a_day(&self, id: &str) -> Option<f64> {
        let dated = self.found.get(id).into_iter().flat_map(|found| &found.days);
        let matched: usize = dated.filter(|(day, _)| *day != NO_DATE).map(|(_, count)| *count).sum();
        (!self.days.is_empty()).then(|| matched as f64 / self.days.len() as f64)
    }

    /// The watches that were set aside, and why.
    pub fn aside(&self) -> Vec<(String, Aside)> {
        self.set.aside()
    }
}

impl Difference {
    fn note(&mut self, seen: &Seen, new: bool, old: bool) {
        let (count, list) = match (new, old) {
            (true, false) => (&mut self.more, &mut self.added),
            (false, true) => (&mut self.fewer, &mut self.lost),
            _ => return,
        };
        *count += 1;
        if list.len() < SAMPLES {
            list.push(seen.article.clone());
        }
    }
}

/// The parts of the queries that are tried by themselves, each with the watch that asks for it.
fn variants(watches: &[Watch], words: &Words) -> Vec<(Variant, Watch)> {
    let mut out = Vec::new();
    for own in watches {
        let Ok(expr) = parse(&own.when, own.forms, words) else { continue };
        let without = parts::without_each(&expr).into_iter().map(|part| (part, true));
        let clauses = parts::clauses(&expr).into_iter().map(|part| (part, false));
        for (number, (Part { shown, expr }, excludes)) in without.chain(clauses).enumerate() {
            let (of, id) = (own.id.clone(), format!("{} part {number}", own.id));
            let watch = Watch { id: id.clone(), when: expr.to_string(), ..Watch::default() };
            // without an exclusion nothing may be left that can be asked
            if parse(&watch.when, false, words).is_ok() {
                out.push((Variant { of, id, shown, excludes, count: 0 }, watch));
            }
        }
    }
    out
}

/// The article that was kept, from the `data` of its alert or of what is kept without one, tagged again as watches need it.
pub fn of_kept(data: &Map<String, Value>, pipeline: &Pipeline) -> Option<Analysed> {
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
