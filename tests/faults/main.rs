//! Real faults under load, on real nodes and a real store: every article confirmed to its publisher ends up as an
//! alert, or as a dead letter with its reason. docs/RELIABILITY.md has the promise and the figures.
//!
//! Each test takes seconds; with `PRESSWATCH_LONG=1` it uses the counts of docs/RELIABILITY.md. With `--nocapture` each
//! prints what it saw. Tests on RabbitMQ have `rabbit` in their names, those on the embedded store do not.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod rabbit_bad_input;
mod rabbit_broker;
mod rabbit_network;
mod rabbit_topology;
mod rabbit_worker;
mod store;

use std::time::Duration;

use support::{Worker, wait_for};

/// Articles per second where a fault must hit many in flight.
const FAST: usize = 2000;

/// Articles per second where a fault takes long.
const SLOW: usize = 250;

fn worker(url: &str) -> Worker {
    Worker::start(&["--broker-url", url])
}

/// Waits until the worker holds some unsettled articles.
fn work_in_flight(worker: &Worker) {
    wait_for("articles in flight", || worker.metric("presswatch_in_flight") >= 20.0);
}

/// A count from the metrics.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
fn count(worker: &Worker, series: &str) -> usize {
    worker.metric(series) as usize
}

fn sleep(seconds: u64) {
    std::thread::sleep(Duration::from_secs(seconds));
}
