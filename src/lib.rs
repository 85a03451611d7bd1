//! presswatch: article events in, alerts tagged by country, topic and cited officials out.
//!
//! The map is `docs/ARCHITECTURE.md`. Two halves:
//!
//! - **pure**: [`text`], [`lexicon`], [`article`], [`tag`], [`alert`], [`pipeline`]. No async, no I/O, no clock.
//! - **edge**: broker, worker, HTTP, commands.

pub mod alert;
pub mod article;
pub mod broker;
pub mod config;
pub mod http;
pub mod lexicon;
pub mod metrics;
pub mod pipeline;
pub mod schema;
pub mod tag;
pub mod telemetry;
pub mod text;
pub mod worker;

/// Bytes in hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        write!(out, "{byte:02x}").expect("a String takes it");
        out
    })
}
