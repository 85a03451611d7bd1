//! Watches on one core: how many articles per second are matched against 1,000 to 1,000,000 of them, and what it costs
//! to load, change and keep them.
//!
//! `cargo bench --bench watches -- 1000 10000 100000`. Runs over the gold articles, or over a file of article events,
//! one per line, given by `PRESSWATCH_CORPUS` (its first `PRESSWATCH_ARTICLES`, 2,000 by default). The watches are made
//! of words from the articles: names, subjects, and the kinds of queries that desks write.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_sign_loss,
    reason = "a bench may panic, and prints its figures"
)]

mod stock;

use std::time::{Duration, Instant};

use presswatch::article::decode::Limits;
use presswatch::knowledge::Knowledge;
use presswatch::pipeline::Pipeline;
use presswatch::tagging::Analysed;
use presswatch::watch::{Watch, WatchSet, Work, Workspace};
use stock::{Maker, Stock, articles};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let asked: Vec<usize> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![1_000, 10_000, 100_000] } else { asked };
    let pipeline = Pipeline::new(Knowledge::compiled_in(), Limits::default());
    let articles = articles(&pipeline);
    let words: usize = articles.iter().map(|a| a.document.body.text.tokens.len()).sum();
    println!("{} articles, {} tokens each; load {}", articles.len(), words / articles.len(), load());
    let stock = Stock::new(&articles);
    for &size in &sizes {
        alone(size, &stock, &articles, &pipeline);
    }
    println!("load {}", load());
}

/// The load of the machine from elsewhere.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

/// How long this thread was on a core: on a busy machine the clock on the wall tells of the others too.
fn on_core() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

/// Resident memory of the process in bytes.
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
}

fn watch(number: usize, when: String) -> Watch {
    let owner = Some(format!("desk-{:04}", number % 1000));
    Watch { id: format!("w{number:07}"), name: format!("watch {number}"), owner, when, ..Watch::default() }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// How long the articles are matched again and again for one measurement.
const LONG_ENOUGH: Duration = Duration::from_millis(200);

/// Matches all articles, three measurements; returns the median time on the core, and the work of one round.
fn matched(set: &WatchSet, articles: &[Analysed], pipeline: &Pipeline) -> (Duration, Work) {
    let mut workspace = Workspace::default();
    let mut all = Work::default();
    let mut hits = Vec::new();
    let mut round = || {
        all = Work::default();
        for article in articles {
            let view = workspace.view(article.article(), &pipeline.lexicon.watch_words);
            hits.clear();
            let work = set.hits(&view, &mut workspace, &mut hits);
            all.candidates += work.candidates;
            all.matches += work.matches;
        }
    };
    // the kernel counts the time on the core in steps of milliseconds
    let mut time = || {
        let started = on_core();
        let mut rounds = 0;
        loop {
            round();
            rounds += 1;
            let taken = on_core().saturating_sub(started);
            if taken >= LONG_ENOUGH {
                return taken / rounds;
            }
        }
    };
    let times = (0..3).map(|_| time()).collect();
    (median(times), all)
}

fn alone(size: usize, stock: &Stock, articles: &[Analysed], pipeline: &Pipeline) {
    let words = &pipeline.lexicon.watch_words;
    let mut maker = Maker::new(stock);
    let before = resident();
    let started = Instant::now();
    let mut making = Duration::ZERO;
    let watches = (0..size).map(|n| {
        let started = Instant::now();
        let made = watch(n, maker.query());
        making += started.elapsed();
        made
    });
    let (set, refused) = WatchSet::of(words.clone(), watches);
    let loading = started.elapsed().saturating_sub(making);
    assert!(refused.is_empty(), "{refused:?}");
    let taken = resident().saturating_sub(before);
    let (time, work) = matched(&set, articles, pipeline);
    let each = articles.len() as f64;
    println!(
        "{size} watches ({} queries): {:.0} articles/s; {:.1} candidates and {:.1} matches an article, {:.2} a match; \
         loaded in {:.2} s; {} B a watch (RSS), {} B counted",
        set.queries(),
        each / time.as_secs_f64(),
        f64::from(work.candidates) / each,
        f64::from(work.matches) / each,
        f64::from(work.candidates) / f64::from(work.matches.max(1)),
        loading.as_secs_f64(),
        taken / size,
        set.bytes() / size,
    );
    let started = Instant::now();
    let mut workspace = Workspace::default();
    let told: usize = articles.iter().take(200).map(|a| set.matches(a.article(), &mut workspace).len()).sum();
    let telling = started.elapsed().as_secs_f64() * 1e6 / articles.len().min(200) as f64;
    println!(
        "  with the clauses of each match: {telling:.0} µs an article of {} matches",
        told / articles.len().min(200)
    );
    let started = Instant::now();
    for article in articles {
        let _ = workspace.view(article.article(), words);
    }
    println!("  laying an article out: {:.1} µs", started.elapsed().as_secs_f64() * 1e6 / each);
    let mut changing = set.clone();
    let mut times = Vec::new();
    for n in 0..300 {
        let changed = watch(n * 37 % size, maker.query());
        let started = Instant::now();
        changing = changing.with(changed).unwrap();
        times.push(started.elapsed());
    }
    let (worst, usual) = (times.iter().max().copied().unwrap_or_default(), median(times));
    let (after, _) = matched(&changing, articles, pipeline);
    println!(
        "  300 changes: {usual:.1?} each, {worst:.1?} at most; then {:.0} articles/s",
        each / after.as_secs_f64()
    );
    // an index built from what was observed
    let started = Instant::now();
    let merged = set.adopt(set.merge());
    let merging = started.elapsed();
    let (time, work) = matched(&merged, articles, pipeline);
    println!(
        "  merged anew in {:.2} s: {:.0} articles/s, {:.2} candidates a match",
        merging.as_secs_f64(),
        each / time.as_secs_f64(),
        f64::from(work.candidates) / f64::from(work.matches.max(1)),
    );
}
