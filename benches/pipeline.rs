//! The pure pipeline on one core: all of it, from decode to alert, as a ratio to `gzip -6` of the same bytes, and each
//! stage alone. `cargo bench --bench pipeline`.
//!
//! Runs over the gold articles, or over a file of article events, one per line, given by `PRESSWATCH_CORPUS`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench may panic, and prints its figures")]

use std::process::{Command, Stdio};
use std::time::Instant;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use jiff::Timestamp;
use presswatch::alert::Alert;
use presswatch::article::clean::clean;
use presswatch::article::decode::{Limits, Message, decode};
use presswatch::article::{Article, Cleaned};
use presswatch::document::Document;
use presswatch::files::Files;
use presswatch::knowledge::Knowledge;
use presswatch::official::Person;
use presswatch::pipeline::Pipeline;
use presswatch::tagging::tag;
use presswatch::text::{Field, Text};
use presswatch::{country, official, quote, topic};
use std::sync::LazyLock;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    beside_gzip();
    divan::main();
}

/// Prints how fast articles become alerts, and how fast `gzip -6` packs the same bytes, in turn: machines differ, and one
/// machine from hour to hour, but the ratio tells.
fn beside_gzip() {
    let events = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(events.path(), EVENTS.concat()).unwrap();
    let gzip = || {
        let (input, output) = (events.reopen().unwrap(), Stdio::null());
        let packed = Command::new("gzip").args(["-6", "-c"]).stdin(input).stdout(output).status();
        assert!(packed.expect("gzip is installed").success());
    };
    let alerts = || {
        for event in EVENTS.iter() {
            let message = Message { body: event, ..Message::default() };
            let _ = black_box(PIPELINE.process(black_box(message), Timestamp::UNIX_EPOCH));
        }
    };
    let time = |work: &dyn Fn()| {
        let started = Instant::now();
        work();
        started.elapsed().as_secs_f64()
    };
    let mut rounds: Vec<(f64, f64)> = (0..5).map(|_| (time(&alerts), time(&gzip))).collect();
    rounds.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
    let (alerting, packing) = rounds[2];
    let speed = |seconds: f64| EVENTS.iter().map(Vec::len).sum::<usize>() as f64 / 1e6 / seconds;
    let [alerted, packed] = [speed(alerting), speed(packing)];
    println!(
        "{} articles: {alerted:.1} MB/s; gzip -6: {packed:.1} MB/s; ratio {:.2}",
        EVENTS.len(),
        alerted / packed
    );
}

static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::new(Knowledge::compiled_in(), Limits::default()));

static EVENTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| match std::env::var_os("PRESSWATCH_CORPUS") {
    Some(path) => {
        let lines = std::fs::read(path).expect("PRESSWATCH_CORPUS names a file");
        lines.split(|b| *b == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
    }
    None => gold(),
});

/// The events of `tests/gold` as JSON, one per message.
fn gold() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gold");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("part of the project")
        .map(|e| e.expect("readable").path())
        .collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).expect("readable");
            let article: toml::Value = toml::from_str(&text).expect("a test reads it");
            serde_json::to_vec(&article["event"]).expect("TOML fits JSON")
        })
        .collect()
}

fn decoded() -> Vec<Article> {
    let message = |event: &'static Vec<u8>| Message { body: event, ..Message::default() };
    EVENTS.iter().filter_map(|event| decode(message(event), &PIPELINE.limits).ok()).collect()
}

fn cleaned() -> Vec<Cleaned> {
    decoded().into_iter().map(|article| clean(article, &PIPELINE.lexicon)).collect()
}

fn documents() -> Vec<Document> {
    cleaned().into_iter().map(|article| Document::of(article, &PIPELINE.lexicon.vocabulary)).collect()
}

fn with_people() -> Vec<(Document, Vec<Person>)> {
    let people = |document: Document| {
        let people = official::people(&document, PIPELINE.lexicon.of_people());
        (document, people)
    };
    documents().into_iter().map(people).collect()
}

/// Bytes and articles per second of a stage, over all articles; the bytes are those of the messages.
fn measure<T>(bencher: Bencher, all: impl Fn() -> Vec<T> + Sync, stage: impl Fn(T) + Sync) {
    let bytes: usize = EVENTS.iter().map(Vec::len).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .counter(ItemsCount::new(EVENTS.len()))
        .with_inputs(all)
        .bench_local_values(|inputs| inputs.into_iter().for_each(&stage));
}

/// From the bytes of the message to the bytes and keys of the alert.
#[divan::bench(sample_count = 50)]
fn decode_to_alert(bencher: Bencher) {
    measure(
        bencher,
        || EVENTS.iter().collect(),
        |event| {
            let message = Message { body: event, ..Message::default() };
            let _ = black_box(PIPELINE.process(black_box(message), Timestamp::UNIX_EPOCH));
        },
    );
}

#[divan::bench(sample_count = 20)]
fn stage_1_decode(bencher: Bencher) {
    measure(
        bencher,
        || EVENTS.iter().collect(),
        |event| {
            let message = Message { body: event, ..Message::default() };
            let _ = black_box(decode(message, &PIPELINE.limits));
        },
    );
}

#[divan::bench(sample_count = 20)]
fn stage_2_clean(bencher: Bencher) {
    measure(bencher, decoded, |article| drop(black_box(clean(article, &PIPELINE.lexicon))));
}

#[divan::bench(sample_count = 20)]
fn stage_3_cut(bencher: Bencher) {
    let lexicon = &PIPELINE.lexicon;
    measure(bencher, cleaned, |article| {
        black_box(Text::new(Field::Title, article.title, &lexicon.vocabulary.abbreviations));
        black_box(Text::new(Field::Text, article.text, &lexicon.vocabulary.abbreviations));
    });
}

/// Cut and scan.
#[divan::bench(sample_count = 20)]
fn stage_4_document(bencher: Bencher) {
    measure(bencher, cleaned, |article| drop(black_box(Document::of(article, &PIPELINE.lexicon.vocabulary))));
}

#[divan::bench(sample_count = 20)]
fn stage_5_people(bencher: Bencher) {
    measure(bencher, documents, |document| {
        drop(black_box(official::people(&document, PIPELINE.lexicon.of_people())));
    });
}

#[divan::bench(sample_count = 20)]
fn stage_6_countries(bencher: Bencher) {
    let lexicon = &PIPELINE.lexicon;
    measure(bencher, with_people, |(document, people)| {
        drop(black_box(country::tag(&document, &lexicon.places, &people)));
    });
}

#[divan::bench(sample_count = 20)]
fn stage_7_topics(bencher: Bencher) {
    measure(bencher, documents, |document| drop(black_box(topic::tag(&document, &PIPELINE.lexicon.topics))));
}

#[divan::bench(sample_count = 20)]
fn stage_8_quotes(bencher: Bencher) {
    let lexicon = &PIPELINE.lexicon;
    let inputs = || {
        with_people()
            .into_iter()
            .map(|(document, people)| {
                let story = country::tag(&document, &lexicon.places, &people).story;
                (document, people, story)
            })
            .collect()
    };
    measure(bencher, inputs, |(document, people, story)| {
        drop(black_box(quote::attributions(&document, lexicon.of_quotes(), &people, story)));
    });
}

/// The alert with its id, keys and JSON.
#[divan::bench(sample_count = 20)]
fn stage_9_alert(bencher: Bencher) {
    let lexicon = &PIPELINE.lexicon;
    let inputs = || cleaned().into_iter().map(|article| tag(article, lexicon)).collect();
    measure(bencher, inputs, |article| {
        let alert = Alert::new(article, Vec::new(), lexicon, Timestamp::UNIX_EPOCH);
        drop(black_box(alert.envelope(lexicon)));
    });
}

/// Parsing the compiled-in lexicon and building its automaton, as at each start.
#[divan::bench(sample_count = 5)]
fn read_the_lexicon() -> Knowledge {
    Knowledge::parse(black_box(&Files::default())).expect("a test reads the files that are compiled in")
}
