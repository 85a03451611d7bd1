//! presswatch: article events in, alerts tagged by country, topic and cited officials out.
//!
//! The map is `docs/ARCHITECTURE.md`. Two halves:
//!
//! - **pure**: [`text`], [`language`], [`document`], [`article`], [`country`], [`topic`], [`official`], [`quote`],
//!   [`watch`], [`knowledge`], [`tagging`], [`alert`], [`catalogue`], [`pipeline`]. No async, no I/O, no clock.
//! - **edge**: broker, feeds, worker, HTTP, commands.

pub mod alert;
pub mod article;
pub mod broker;
pub mod catalogue;
pub mod config;
pub mod country;
pub mod document;
pub mod feed;
pub mod files;
pub mod http;
pub mod knowledge;
pub mod language;
pub mod metrics;
pub mod official;
pub mod pipeline;
pub mod quote;
pub mod registry;
pub mod schema;
pub mod tagging;
pub mod telemetry;
pub mod text;
pub mod topic;
pub mod watch;
pub mod worker;

/// Bytes as hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
