//! The watches in force: a large segment, smaller ones with later changes, and which watches of each are no longer in
//! force.
//!
//! A set is immutable. A change makes a new set that shares all but the smallest part with the old one, so that an
//! article in progress keeps the set that it began with.

use std::sync::Arc;

use super::dictionary::Dictionary;
use super::explain::Explained;
use super::forms::Forms;
use super::present::Present;
use super::program::compile;
use super::query::{Expr, QueryError, parse};
use super::segment::{Builder, Scratch, Segment, Work};
use super::view::{Article, View};
use super::words::Words;
use super::{Aside, Cost, Match, Watch};
use crate::document::scan::ByHash;

/// Maximum size in watches of the part that is rebuilt with each change.
const SMALL: usize = 256;

/// An immutable set of watches.
#[derive(Debug, Clone)]
pub struct WatchSet {
    words: Arc<Words>,
    /// The largest first.
    parts: Vec<Part>,
    /// Number of changes so far.
    version: u64,
}

#[derive(Debug, Clone)]
struct Part {
    segment: Arc<Segment>,
    /// A bit for each watch that is no longer in force; empty if there are none.
    dead: Arc<Vec<u64>>,
    /// Watches in force.
    live: usize,
    /// Those of them that have an owner.
    owned: usize,
    /// Being merged with others: it must not change.
    merging: bool,
}

/// A watch whose query can't be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its id.
    pub id: String,
    /// Its query.
    pub when: String,
    /// What is wrong with it.
    pub error: QueryError,
}

/// Buffers that a worker thread reuses for each article.
#[derive(Debug, Default)]
pub struct Workspace {
    forms: Forms,
    scratch: Scratch,
}

/// A match, valid as long as the set is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    part: u32,
    watch: u32,
}

impl Part {
    fn new(segment: Segment) -> Self {
        let live = segment.store.len();
        let owned = (0..live as u32).filter(|watch| segment.store.is_owned(*watch)).count();
        Self { segment: Arc::new(segment), dead: Arc::default(), live, owned, merging: false }
    }

    #[inline]
    fn is_dead(&self, watch: u32) -> bool {
        self.dead.get(watch as usize / 64).is_some_and(|bits| bits & 1 << (watch % 64) != 0)
    }

    /// The number of a watch that is in force.
    fn find(&self, id: &str) -> Option<u32> {
        self.segment.store.find(id).filter(|watch| !self.is_dead(*watch))
    }

    fn kill(&mut self, watch: u32) {
        if self.is_dead(watch) {
            return;
        }
        let dead = Arc::make_mut(&mut self.dead);
        dead.resize(self.segment.store.len().div_ceil(64), 0);
        dead[watch as usize / 64] |= 1 << (watch % 64);
        self.live -= 1;
        self.owned -= usize::from(self.segment.store.is_owned(watch));
    }

    fn watches(&self) -> impl Iterator<Item = Watch> {
        let store = &self.segment.store;
        (0..store.len() as u32).filter(|watch| !self.is_dead(*watch)).map(|watch| store.watch(watch))
    }
}

impl WatchSet {
    /// An empty set.
    pub fn new(words: Arc<Words>) -> Self {
        Self { words, parts: Vec::new(), version: 0 }
    }

    /// A set of these watches, except those whose queries can't be parsed. The last one with an id wins.
    pub fn of(words: Arc<Words>, watches: impl IntoIterator<Item = Watch>) -> (Self, Vec<Refused>) {
        let mut refused = Vec::new();
        let part = built(&words, watches, ByHash::default(), &mut refused);
        (Self { words, parts: vec![part], version: 1 }, refused)
    }

    /// The words that it was built with. A set for other words has to be rebuilt.
    pub fn words(&self) -> &Arc<Words> {
        &self.words
    }

    /// A number that grows with each change.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The number of watches in force.
    pub fn len(&self) -> usize {
        self.parts.iter().map(|p| p.live).sum()
    }

    /// The number of those without an owner, which everybody may see.
    pub fn open(&self) -> usize {
        self.parts.iter().map(|p| p.live - p.owned).sum()
    }

    /// Whether no watch is in force.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A watch in force, by id.
    pub fn get(&self, id: &str) -> Option<Watch> {
        self.parts.iter().find_map(|p| p.find(id).map(|watch| p.segment.store.watch(watch)))
    }

    /// All watches in force, in no particular order.
    pub fn watches(&self) -> impl Iterator<Item = Watch> {
        self.parts.iter().flat_map(Part::watches)
    }

    /// Approximate size in bytes.
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(|p| p.segment.bytes()).sum()
    }

    /// The number of different queries, including those of watches no longer in force.
    pub fn queries(&self) -> usize {
        self.parts.iter().map(|p| p.segment.queries()).sum()
    }

    /// The watches set aside, and why: they match nothing until they are changed.
    pub fn aside(&self) -> Vec<(String, Aside)> {
        let of_part = |p: &Part| {
            let aside = p.segment.aside().into_iter().filter(|(watch, _)| !p.is_dead(*watch));
            aside.map(|(watch, why)| (p.segment.store.id(watch).to_owned(), why)).collect::<Vec<_>>()
        };
        self.parts.iter().flat_map(of_part).collect()
    }

    /// What a watch in force costs.
    pub fn cost(&self, id: &str) -> Option<Cost> {
        self.parts.iter().find_map(|p| p.find(id).map(|watch| p.segment.cost(watch)))
    }

    /// Takes over what was measured of the watches of another set, as far as their queries are the same.
    pub fn take_costs(&self, from: &Self) {
        for (of, to) in from.parts.iter().flat_map(|of| self.parts.iter().map(move |to| (of, to))) {
            carry_costs(of, to);
        }
    }

    /// The share of all articles that each of these watches runs on, from 0 to 1, judged by how common its rarest parts
    /// are in general and in the articles so far. A watch whose query can't be parsed runs on none.
    pub fn asked(&self, watches: &[Watch]) -> Vec<f32> {
        let observed = self.parts.first().map(|p| p.segment.observed()).unwrap_or_default();
        let mut dictionary = Dictionary::new(observed);
        let mut share = |watch: &Watch| {
            let expr = parse(&watch.when, watch.forms, &self.words).ok()?;
            let need = compile(&expr, &mut dictionary, &self.words, None).need;
            Some(need.map_or(1.0, |need| need.cost.min(1.0)))
        };
        watches.iter().map(|watch| share(watch).unwrap_or_default()).collect()
    }

    /// The set with a watch added or replaced. Takes time in proportion to the smallest part.
    pub fn with(&self, watch: Watch) -> Result<Self, QueryError> {
        // parsed first: a bad query changes nothing
        parse(&watch.when, watch.forms, &self.words)?;
        let mut next = self.without(&watch.id).unwrap_or_else(|| self.clone());
        let small = next.parts.pop_if(|p| !p.merging && p.live < SMALL && p.segment.store.len() <= 4 * SMALL);
        let aside = small.as_ref().map(|p| p.segment.aside()).unwrap_or_default();
        let kept = small.iter().flat_map(Part::watches).chain([watch]);
        let part = built(&self.words, kept, ByHash::default(), &mut Vec::new());
        if let Some(small) = &small {
            carry(aside, small, &part);
            carry_costs(small, &part);
        }
        next.parts.push(part);
        next.version = self.version + 1;
        Ok(next)
    }

    /// The set without a watch; `None` if it has no such watch.
    pub fn without(&self, id: &str) -> Option<Self> {
        let (at, watch) = self.parts.iter().enumerate().find_map(|(at, p)| Some((at, p.find(id)?)))?;
        let mut next = self.clone();
        next.parts[at].kill(watch);
        next.version += 1;
        Some(next)
    }

    /// Whether enough has changed to merge: a twentieth of all watches, or many small parts.
    pub fn wants_merge(&self) -> bool {
        let Some((first, rest)) = self.parts.split_first() else { return false };
        let dead = first.segment.store.len() - first.live;
        let changed = dead + rest.iter().map(|p| p.segment.store.len()).sum::<usize>();
        changed * 20 > first.segment.store.len() + SMALL * 20 || rest.len() > 8
    }

    /// Marks all parts as being merged: later changes go to new ones. Pass the marked set to [`WatchSet::merge`] in a
    /// thread of its own, and the result to [`WatchSet::adopt`] of the set in force by then.
    pub fn begin_merge(&self) -> Self {
        let mut next = self.clone();
        next.parts.iter_mut().for_each(|p| p.merging = true);
        next
    }

    /// All watches in one part, indexed by what was observed in the articles so far. Takes as long as loading them.
    pub fn merge(&self) -> Merged {
        let observed = self.parts.first().map(|p| p.segment.observed()).unwrap_or_default();
        let part = built(&self.words, self.watches(), observed, &mut Vec::new());
        self.parts.iter().for_each(|from| carry_costs(from, &part));
        Merged { of: self.parts.clone(), part }
    }

    /// The set with the merged part in place of its sources; changes made in the meantime are kept.
    pub fn adopt(&self, merged: Merged) -> Self {
        let Merged { of, mut part } = merged;
        let mut next = self.clone();
        let is_of = |p: &Part| of.iter().any(|old| Arc::ptr_eq(&p.segment, &old.segment));
        if !next.parts.iter().any(is_of) {
            // another set has replaced the one that was merged
            return next;
        }
        for old in &of {
            let same = |p: &Part| Arc::ptr_eq(&p.segment, &old.segment);
            let Some(now) = next.parts.iter().position(same).map(|at| next.parts.remove(at)) else {
                continue;
            };
            let died = (0..now.segment.store.len() as u32).filter(|w| now.is_dead(*w) && !old.is_dead(*w));
            for id in died.map(|watch| now.segment.store.id(watch)) {
                if let Some(watch) = part.find(id) {
                    part.kill(watch);
                }
            }
            carry(now.segment.aside(), &now, &part);
        }
        next.parts.insert(0, part);
        next.version += 1;
        next
    }

    /// Collects the watches that match an article, in no particular order; returns the work it took.
    pub fn hits(&self, view: &View, workspace: &mut Workspace, out: &mut Vec<Hit>) -> Work {
        let mut work = Work::default();
        for (number, part) in (0..).zip(&self.parts) {
            let of_part = part.segment.matches(view, &mut workspace.scratch, |watch| {
                if !part.is_dead(watch) {
                    out.push(Hit { part: number, watch });
                }
            });
            work.candidates += of_part.candidates;
            work.matches += of_part.matches;
        }
        work
    }

    /// The ids of the watches that match when every query is run: for comparison.
    #[cfg(test)]
    pub(super) fn ids_of_all(&self, view: &View, workspace: &mut Workspace) -> Vec<String> {
        let mut out = Vec::new();
        for part in &self.parts {
            part.segment.matches_of_all(view, &mut workspace.scratch, |watch| {
                if !part.is_dead(watch) {
                    out.push(part.segment.store.id(watch).to_owned());
                }
            });
        }
        out
    }

    /// The watch of a hit.
    pub fn watch(&self, hit: Hit) -> Watch {
        self.parts[hit.part as usize].segment.store.watch(hit.watch)
    }

    /// The watches that match an article, in order of their ids, each with the clauses that hold.
    pub fn matches(&self, article: Article, workspace: &mut Workspace) -> Vec<Match> {
        self.matches_by_work(article, workspace).0
    }

    /// The same, with the work it took to find them.
    pub fn matches_by_work(&self, article: Article, workspace: &mut Workspace) -> (Vec<Match>, Work) {
        if self.is_empty() {
            return (Vec::new(), Work::default());
        }
        let view = View::new(article, &self.words, &mut workspace.forms);
        let mut hits = Vec::new();
        let work = self.hits(&view, workspace, &mut hits);
        let mut out: Vec<Match> = hits.into_iter().map(|hit| self.matched(hit, &view, workspace)).collect();
        out.sort_by(|a, b| a.id.cmp(&b.id));
        (out, work)
    }

    fn matched(&self, hit: Hit, view: &View, workspace: &mut Workspace) -> Match {
        let Watch { id, name, owner, severity, when, forms } = self.watch(hit);
        let expr = parse(&when, forms, &self.words);
        let clauses = expr.map(|expr| clauses(&expr, view, &self.words, workspace)).unwrap_or_default();
        Match { id, name, owner, severity, clauses }
    }
}

impl Workspace {
    pub(super) fn present(&mut self) -> &mut Present {
        &mut self.scratch.present
    }

    /// Lays an article out for watches.
    pub fn view<'a>(&mut self, article: Article<'a>, words: &Words) -> View<'a> {
        View::new(article, words, &mut self.forms)
    }
}

fn clauses(expr: &Expr, view: &View, words: &Words, workspace: &mut Workspace) -> Vec<super::Clause> {
    Explained::new(expr, words).clauses(view, &mut workspace.scratch.present)
}

/// The result of [`WatchSet::merge`].
#[derive(Debug)]
pub struct Merged {
    of: Vec<Part>,
    part: Part,
}

/// A part built of watches. The last one with an id wins.
fn built(
    words: &Words,
    watches: impl IntoIterator<Item = Watch>,
    observed: ByHash<f32>,
    refused: &mut Vec<Refused>,
) -> Part {
    let mut builder = Builder::new(words, observed);
    let mut twins = Vec::new();
    for watch in watches {
        match parse(&watch.when, watch.forms, words) {
            Ok(expr) => twins.extend(builder.add(&watch, &expr)),
            Err(error) => refused.push(Refused { id: watch.id, when: watch.when, error }),
        }
    }
    let mut part = Part::new(builder.finish());
    twins.into_iter().for_each(|earlier| part.kill(earlier));
    part
}

/// Carries what was set aside in one part over to another.
fn carry(aside: Vec<(u32, Aside)>, from: &Part, to: &Part) {
    for (watch, why) in aside.into_iter().filter(|(watch, _)| !from.is_dead(*watch)) {
        if let Some(watch) = to.find(from.segment.store.id(watch)) {
            to.segment.keep_aside(watch, why);
        }
    }
}

/// Carries what was measured of the queries in one part over to another, for the watches that are the same there.
fn carry_costs(from: &Part, to: &Part) {
    let (old, new) = (&from.segment, &to.segment);
    let is_measured = |watch: &u32| !from.is_dead(*watch) && !old.tally(*watch).is_empty();
    for watch in (0..old.store.len() as u32).filter(is_measured) {
        let same =
            to.find(old.store.id(watch)).filter(|same| new.store.query(*same) == old.store.query(watch));
        if let Some(same) = same {
            new.tally(same).take(old.tally(watch));
        }
    }
}
