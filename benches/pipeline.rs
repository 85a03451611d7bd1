//! The pure pipeline on one core: decode to alert, over the gold articles. `cargo bench --bench pipeline`.

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use jiff::Timestamp;
use presswatch::article::decode::{Limits, Message};
use presswatch::lexicon::{Files, Lexicon};
use presswatch::pipeline::Pipeline;

fn main() {
    divan::main();
}

/// The events of `tests/gold` as JSON, one a message.
fn events() -> Vec<Vec<u8>> {
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

/// Bytes and articles a second, from the message's bytes to the alert's bytes and keys.
#[divan::bench(sample_count = 50)]
fn decode_to_alert(bencher: Bencher) {
    let pipeline = Pipeline { lexicon: Lexicon::compiled_in(), limits: Limits::default() };
    let events = events();
    let bytes: usize = events.iter().map(Vec::len).sum();
    bencher.counter(BytesCount::new(bytes)).counter(ItemsCount::new(events.len())).bench_local(|| {
        for event in &events {
            let message = Message { body: event, ..Message::default() };
            let _ = black_box(pipeline.process(black_box(message), Timestamp::UNIX_EPOCH));
        }
    });
}

/// Reading the compiled-in lexicon and building its automaton, as at each start.
#[divan::bench(sample_count = 5)]
fn read_the_lexicon() -> Lexicon {
    Lexicon::parse(black_box(&Files::default())).expect("a test reads the files that are compiled in")
}
