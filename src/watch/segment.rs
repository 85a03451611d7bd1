//! Many compiled queries, with an index of what each requires: only the queries that may match an article are run.
//!
//! It is immutable except for what it records about articles: which watches are set aside, what each query costs, and how
//! often each id is present.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use rustc_hash::FxHashMap;

use super::cost::{Cost, Tally};
use super::dictionary::Dictionary;
use super::eval::Eval;
use super::present::{Present, filter_bit};
use super::program::{Program, compile, finds_one};
use super::query::Expr;
use super::store::Store;
use super::view::View;
use super::words::Words;
use super::{Aside, Watch, key};
use crate::document::scan::ByHash;

/// One article in this many is counted.
const SAMPLE: u32 = 16;

/// Up to this many queries, what they cost is measured with every article, otherwise with those that are counted.
const FEW: usize = 4096;

/// Weight of the shipped frequency table, in articles, against the observed ones.
const PRIOR: f32 = 50.0;

/// Queries whose programs are fetched together, see [`Segment::programs`].
const AT_ONCE: usize = 32;

/// Compiled queries and their index.
#[derive(Debug)]
pub(super) struct Segment {
    pub store: Store,
    dictionary: Dictionary,
    /// The programs, concatenated.
    code: Vec<u8>,
    /// By query; one more for the end.
    starts: Vec<Start>,
    /// A bit per query: whether it matches wherever an id of its postings is present.
    sure: Vec<u64>,
    watches: Vec<u32>,
    /// The query of each watch.
    query_of: Vec<u32>,
    /// What each query costs.
    tallies: Vec<Tally>,
    /// By id: where its postings begin; one more for the end.
    post_starts: Vec<u32>,
    /// The queries to run if an id is present, and the filter bit of another id that must be present as well.
    post_queries: Vec<u32>,
    post_guards: Vec<u16>,
    /// Queries without any requirement.
    always: Vec<u32>,
    /// Whether any query is set aside.
    any_aside: AtomicBool,
    /// Queries set aside.
    aside: Mutex<FxHashMap<u32, Aside>>,
    articles: AtomicU32,
    /// By id: counted articles that contained it.
    held: Vec<AtomicU32>,
}

/// Where what belongs to a query begins, in one place, since it is far from that of the next one asked for.
#[derive(Debug, Clone, Copy)]
struct Start {
    /// Its program.
    code: u32,
    /// Its watches.
    watches: u32,
}

/// Buffers reused for each article.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub present: Present,
    /// A bit per query.
    asked: Vec<u64>,
    candidates: Vec<u32>,
}

/// The work done for an article.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Queries whose programs ran.
    pub candidates: u32,
    /// Those that matched.
    pub matches: u32,
}

impl Segment {
    /// Calls `each` with the number of every watch that matches an article, in force or not.
    pub fn matches(&self, view: &View, scratch: &mut Scratch, mut each: impl FnMut(u32)) -> Work {
        let Scratch { present, asked, candidates } = scratch;
        present.fill(view, &self.dictionary);
        let is_counted = self.count(present);
        let is_measured = is_counted || self.tallies.len() <= FEW;
        asked.resize(asked.len().max(self.starts.len().div_ceil(64)), 0);
        candidates.clear();
        for &id in &present.ids {
            let (from, to) =
                (self.post_starts[id as usize] as usize, self.post_starts[id as usize + 1] as usize);
            for (query, guard) in self.post_queries[from..to].iter().zip(&self.post_guards[from..to]) {
                let (word, bit) = (*query as usize / 64, 1 << (*query % 64));
                if present.may_hold(*guard) && asked[word] & bit == 0 {
                    asked[word] |= bit;
                    candidates.push(*query);
                }
            }
        }
        for query in &*candidates {
            asked[*query as usize / 64] = 0;
        }
        candidates.extend(&self.always);
        let mut eval = Eval::new(view, present, &self.dictionary);
        let mut work = Work { candidates: candidates.len() as u32, matches: 0 };
        for some in candidates.chunks(AT_ONCE) {
            let programs = self.programs(some);
            for (&query, code) in some.iter().zip(programs) {
                let (matches, steps) =
                    if self.is_sure(query) { (true, 0) } else { self.run(query, code, &mut eval) };
                if is_measured {
                    self.tallies[query as usize].note(steps, matches);
                }
                if matches {
                    work.matches += 1;
                    self.watches_of(query).iter().for_each(|watch| each(*watch));
                }
            }
        }
        work
    }

    /// Whether a query matches every article that its postings lead to.
    fn is_sure(&self, query: u32) -> bool {
        self.sure[query as usize / 64] & 1 << (query % 64) != 0
    }

    /// The programs of up to [`AT_ONCE`] queries; empty for those that need none. They are spread over megabytes of
    /// code: reading the first byte of all of them lets their cache misses overlap.
    fn programs(&self, queries: &[u32]) -> [&[u8]; AT_ONCE] {
        let mut programs = [&[][..]; AT_ONCE];
        let mut first = 0;
        for (program, query) in programs.iter_mut().zip(queries).filter(|(_, query)| !self.is_sure(**query)) {
            *program = self.program(*query);
            first ^= program[0];
        }
        std::hint::black_box(first);
        programs
    }

    fn program(&self, query: u32) -> &[u8] {
        let (from, to) = (self.starts[query as usize].code, self.starts[query as usize + 1].code);
        &self.code[from as usize..to as usize]
    }

    /// Like [`Segment::matches`], but runs every query: for comparison.
    #[cfg(test)]
    pub fn matches_of_all(&self, view: &View, scratch: &mut Scratch, mut each: impl FnMut(u32)) {
        scratch.present.fill(view, &self.dictionary);
        let mut eval = Eval::new(view, &scratch.present, &self.dictionary);
        for query in 0..self.queries() as u32 {
            if self.run(query, self.program(query), &mut eval).0 {
                self.watches_of(query).iter().for_each(|watch| each(*watch));
            }
        }
    }

    fn watches_of(&self, query: u32) -> &[u32] {
        let (from, to) = (self.starts[query as usize].watches, self.starts[query as usize + 1].watches);
        &self.watches[from as usize..to as usize]
    }

    /// Whether a query matches, by its program, and the steps it took. A query that panics or takes too long is set
    /// aside.
    fn run<'e>(&'e self, query: u32, code: &'e [u8], eval: &mut Eval<'e>) -> (bool, u32) {
        if self.any_aside.load(Ordering::Relaxed) && self.is_aside(query) {
            return (false, 0);
        }
        let why = match catch_unwind(AssertUnwindSafe(|| eval.matches(code))) {
            Ok(Some(matches)) => return (matches, eval.taken()),
            Ok(None) => Aside::TooDear,
            Err(_) => Aside::Panicked,
        };
        self.set_aside(query, why);
        (false, eval.taken())
    }

    fn is_aside(&self, query: u32) -> bool {
        self.aside.lock().is_ok_and(|aside| aside.contains_key(&query))
    }

    fn set_aside(&self, query: u32, why: Aside) {
        if let Ok(mut aside) = self.aside.lock() {
            aside.insert(query, why);
            self.any_aside.store(true, Ordering::Relaxed);
        }
    }

    /// The watches set aside, by number.
    pub fn aside(&self) -> Vec<(u32, Aside)> {
        let Ok(aside) = self.aside.lock() else { return Vec::new() };
        let each =
            |(query, why): (&u32, &Aside)| self.watches_of(*query).iter().map(|w| (*w, *why)).collect();
        aside.iter().flat_map::<Vec<_>, _>(each).collect()
    }

    /// Sets aside a watch that was set aside before this segment was built.
    pub fn keep_aside(&self, watch: u32, why: Aside) {
        self.set_aside(self.query_of[watch as usize], why);
    }

    /// What a watch costs.
    pub fn cost(&self, watch: u32) -> Cost {
        self.tally(watch).cost()
    }

    /// What was measured of the query of a watch.
    pub fn tally(&self, watch: u32) -> &Tally {
        &self.tallies[self.query_of[watch as usize] as usize]
    }

    /// Counts the ids in a sample of the articles; returns whether this one is in the sample.
    fn count(&self, present: &Present) -> bool {
        let is_counted = self.articles.fetch_add(1, Ordering::Relaxed).is_multiple_of(SAMPLE);
        if is_counted {
            for id in &present.ids {
                self.held[*id as usize].fetch_add(1, Ordering::Relaxed);
            }
        }
        is_counted
    }

    /// By key: the share of articles that contain it, smoothed by the shipped table; the next index is built with it.
    pub fn observed(&self) -> ByHash<f32> {
        let counted = self.articles.load(Ordering::Relaxed).div_ceil(SAMPLE) as f32;
        let share = |id: u32| {
            let held = self.held[id as usize].load(Ordering::Relaxed) as f32;
            (held + PRIOR * self.dictionary.cost(id)) / (counted + PRIOR)
        };
        (1..self.held.len() as u32).map(|id| (self.dictionary.key(id), share(id))).collect()
    }

    /// The number of queries; several watches may share one.
    pub fn queries(&self) -> usize {
        self.starts.len() - 1
    }

    /// Approximate size in bytes of the parts that grow with the watches.
    pub fn bytes(&self) -> usize {
        self.store.bytes()
            + self.code.capacity()
            + 8 * (self.starts.capacity() + self.sure.capacity())
            + 4 * (self.watches.capacity() + self.query_of.capacity())
            + size_of::<Tally>() * self.tallies.capacity()
            + 4 * self.post_starts.capacity()
            + 6 * self.post_queries.capacity()
            + 4 * self.held.capacity()
            + self.dictionary.bytes()
    }
}

/// Collects watches and builds a [`Segment`] of them.
#[derive(Debug)]
pub(super) struct Builder<'w> {
    words: &'w Words,
    store: Store,
    dictionary: Dictionary,
    code: Vec<u8>,
    /// By query: where its program begins; one more for the end.
    code_starts: Vec<u32>,
    sure: Vec<u64>,
    /// The first query by the hash of its program. Equal programs are equal queries.
    known: ByHash<u32>,
    /// The query of each watch.
    query_of: Vec<u32>,
    /// Id, query, guard.
    postings: Vec<(u32, u32, u16)>,
    always: Vec<u32>,
}

impl<'w> Builder<'w> {
    /// `observed`: known shares of articles that contain a key.
    pub fn new(words: &'w Words, observed: ByHash<f32>) -> Self {
        Self {
            words,
            store: Store::default(),
            dictionary: Dictionary::new(observed),
            code: Vec::new(),
            code_starts: vec![0],
            sure: Vec::new(),
            known: ByHash::default(),
            query_of: Vec::new(),
            postings: Vec::new(),
            always: Vec::new(),
        }
    }

    /// Adds a watch with its parsed query; returns the number of the watch that had its id before.
    pub fn add(&mut self, watch: &Watch, expr: &Expr) -> Option<u32> {
        let twin = self.store.find(&watch.id);
        self.add_query(watch, expr);
        twin
    }

    fn add_query(&mut self, watch: &Watch, expr: &Expr) {
        let Program { bytes, need } = compile(expr, &mut self.dictionary, self.words, None);
        self.store.add(watch);
        let hash = bytes.chunks(8).fold(bytes.len() as u64, |hash, eight| {
            let mut number = [0; 8];
            number[..eight.len()].copy_from_slice(eight);
            key::mix(hash.rotate_left(5) ^ u64::from_le_bytes(number))
        });
        let query = self.code_starts.len() as u32 - 1;
        let first = *self.known.entry(hash).or_insert(query);
        let range = |query: u32| {
            let query = query as usize;
            self.code_starts[query] as usize..self.code_starts[query + 1] as usize
        };
        // a different program with the same hash is kept as well
        if first < query && self.code[range(first)] == bytes {
            self.query_of.push(first);
            return;
        }
        self.sure.resize(query as usize / 64 + 1, 0);
        if finds_one(&bytes) {
            self.sure[query as usize / 64] |= 1 << (query % 64);
        }
        self.code.extend(bytes);
        self.code_starts.push(self.code.len() as u32);
        self.query_of.push(query);
        match need {
            None => self.always.push(query),
            Some(need) => {
                let guard = |beside: Option<u32>| beside.map_or(0, filter_bit);
                self.postings.extend(need.ids.iter().map(|(id, beside)| (*id, query, guard(*beside))));
            }
        }
    }

    /// Builds the segment.
    pub fn finish(mut self) -> Segment {
        drop(std::mem::take(&mut self.known));
        let queries = self.code_starts.len() - 1;
        let (watch_starts, watches) = grouped(queries, (0..).zip(&self.query_of).map(|(w, q)| (*q, w)));
        let ids = self.dictionary.len();
        let of_ids = (0..).zip(&self.postings).map(|(at, (id, ..))| (*id, at));
        let (post_starts, order) = grouped(ids, of_ids);
        let post = |at: &u32| self.postings[*at as usize];
        let post_queries = order.iter().map(|at| post(at).1).collect();
        let post_guards = order.iter().map(|at| post(at).2).collect();
        self.dictionary.shrink();
        self.code.shrink_to_fit();
        self.query_of.shrink_to_fit();
        let starts = self.code_starts.into_iter().zip(watch_starts);
        self.store.shrink();
        Segment {
            store: self.store,
            code: self.code,
            starts: starts.map(|(code, watches)| Start { code, watches }).collect(),
            sure: self.sure,
            watches,
            query_of: self.query_of,
            tallies: (0..queries).map(|_| Tally::default()).collect(),
            post_starts,
            post_queries,
            post_guards,
            always: self.always,
            any_aside: AtomicBool::new(false),
            aside: Mutex::default(),
            articles: AtomicU32::new(0),
            held: (0..ids).map(|_| AtomicU32::new(0)).collect(),
            dictionary: self.dictionary,
        }
    }
}

/// Groups values: where each group begins (plus the end of the last), and the values in that order.
fn grouped(groups: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; groups + 1];
    for (group, _) in pairs.clone() {
        starts[group as usize + 1] += 1;
    }
    for group in 0..groups {
        starts[group + 1] += starts[group];
    }
    let mut next = starts.clone();
    let mut out = vec![0; starts[groups] as usize];
    for (group, value) in pairs {
        let at = &mut next[group as usize];
        out[*at as usize] = value;
        *at += 1;
    }
    (starts, out)
}
