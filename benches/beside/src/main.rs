//! The same Boolean queries over the same articles: presswatch's watches and mokaccino.
//!
//! `cargo run --release --manifest-path benches/beside/Cargo.toml -- 10000 100000`, with `PRESSWATCH_CORPUS` as for the
//! bench `watches`. Both get the words of an article ready-made; what each of them prepares per article counts towards
//! its time.

#[path = "../../watches/stock.rs"]
#[expect(dead_code, reason = "the other bench makes queries of every kind")]
mod stock;

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

use mokaccino::prelude::{CNFQueryable, Document, Percolator, Query};
use presswatch::article::decode::Limits;
use presswatch::knowledge::Knowledge;
use presswatch::pipeline::Pipeline;
use presswatch::tagging::Analysed;
use presswatch::text::{Kind, fold};
use presswatch::watch::{Watch, WatchSet, Workspace};
use stock::{Maker, Stock, articles};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A query in both forms.
fn both(groups: &[Vec<String>], without: &[String]) -> (String, Query) {
    let any = |words: &[String]| {
        let mut queries = words.iter().map(|word| "w".has_value(word.as_str()));
        let first = queries.next().expect("a group has a word");
        queries.fold(first, |all, next| all | next)
    };
    let mut when: Vec<String> = groups.iter().map(|words| format!("({})", words.join(" OR "))).collect();
    let mut queries = groups.iter().map(|words| any(words));
    let first = queries.next().expect("a query has a group");
    let mut query = queries.fold(first, |all, next| all & next);
    if !without.is_empty() {
        when.push(format!("NOT ({})", without.join(" OR ")));
        query = query & !any(without);
    }
    (when.join(" AND "), query)
}

/// The distinct words of an article, as a query names them.
fn words(article: &Analysed) -> Vec<String> {
    let mut all = BTreeSet::new();
    let mut folded = String::new();
    for field in [&article.document.title.text, &article.document.body.text] {
        for token in field.tokens.iter().filter(|token| token.kind == Kind::Word) {
            fold(field.of(token), &mut folded);
            all.insert(folded.clone());
        }
    }
    all.into_iter().collect()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

fn main() {
    let asked: Vec<usize> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![10_000, 100_000] } else { asked };
    let pipeline = Pipeline::new(Knowledge::compiled_in(), Limits::default());
    let articles = articles(&pipeline);
    let stock = Stock::new(&articles);
    let of_articles: Vec<Vec<String>> = articles.iter().map(words).collect();
    for size in sizes {
        let mut maker = Maker::new(&stock);
        let (mut watches, mut other) = (Vec::new(), Percolator::default());
        for number in 0..size {
            let (groups, without) = maker.groups();
            let (when, query) = both(&groups, &without);
            watches.push(Watch { id: number.to_string(), when, ..Watch::default() });
            other.add_query(query);
        }
        let (set, refused) = WatchSet::of(pipeline.lexicon.watch_words.clone(), watches);
        assert!(refused.is_empty(), "{refused:?}");
        let mut workspace = Workspace::default();
        let (mut own_times, mut other_times) = (Vec::new(), Vec::new());
        let (mut own_found, mut other_found) = (0, 0);
        for _ in 0..3 {
            // one after the other, so that each has the machine to itself
            let started = Instant::now();
            own_found = 0;
            let mut hits = Vec::new();
            for article in &articles {
                hits.clear();
                let view = workspace.view(article.article(), &pipeline.lexicon.watch_words);
                set.hits(&view, &mut workspace, &mut hits);
                own_found += hits.len();
            }
            own_times.push(started.elapsed());
            let started = Instant::now();
            other_found = 0;
            for words in &of_articles {
                let mut document = Document::default();
                words.iter().for_each(|word| document.with_value_mut("w", word.as_str()));
                other_found += other.percolate(&document).collect::<HashSet<_>>().len();
            }
            other_times.push(started.elapsed());
        }
        let (own, other) = (median(own_times), median(other_times));
        let each = articles.len() as f64;
        println!(
            "{size} Boolean queries, {} articles: {:.0} articles/s, mokaccino {:.0}; ratio {:.2}; matches {own_found} and \
             {other_found}",
            articles.len(),
            each / own,
            each / other,
            other / own,
        );
    }
}
