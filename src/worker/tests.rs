//! The worker over the in-memory pair: every outcome, and that nothing is settled before its confirm.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::sync::broadcast;

use super::*;
use crate::alert::{Audience, Envelope};
use crate::article::decode::{Limits, Message};
use crate::broker::confirmed::Confirmed;
use crate::broker::memory::{MemoryInbox, MemoryOutbox, Seen};
use crate::broker::{Disposition, Reason};
use crate::knowledge::Knowledge;
use crate::metrics::NOTICE_FAILED;
use crate::pipeline::{Alerted, Pipeline, Ready, Verdict};

const TAGGED: &str = r#"{"id":"1","title":"Marco Rubio in Baku","body":"US Secretary of State Marco Rubio spoke in Azerbaijan."}"#;
const TOLD_TWICE: &str = r#"{"id":"4","title":"Marco Rubio in Baku","body":"It is told by two messages."}"#;
const UNTAGGED: &str = r#"{"id":"2","title":"Hm","body":"Well well."}"#;

const UNTAGGED_TOLD: &str = r#"{"id":"5","title":"Hm","body":"Their owner wants to know."}"#;

fn notice() -> Envelope {
    Envelope {
        to: Audience::Owner("desk".to_owned()),
        id: "notice".to_owned(),
        r#type: "t",
        keys: Vec::new(),
        content_type: "c",
        body: b"{}".to_vec(),
    }
}

struct Bench {
    seen: Arc<Seen>,
    metrics: Metrics,
    shutdown: CancellationToken,
    alerts: broadcast::Receiver<Arc<Alerted>>,
    worker: tokio::task::JoinHandle<Drained>,
}

fn start(bodies: &[&'static str], attempts: u32, failures: u32) -> Bench {
    let seen = Arc::new(Seen::default());
    *seen.failures.lock().unwrap() = failures;
    start_seen(bodies, attempts, seen)
}

fn start_seen(bodies: &[&'static str], attempts: u32, seen: Arc<Seen>) -> Bench {
    start_with(options(), of(bodies), attempts, seen)
}

fn of(bodies: &[&'static str]) -> Vec<Bytes> {
    bodies.iter().map(|body| Bytes::from_static(body.as_bytes())).collect()
}

fn options() -> Options {
    Options {
        in_flight_bytes: 1 << 20,
        unpacked_bytes: 8 << 20,
        retries: 3,
        headers: (100, 32 << 10),
        alert_bytes: 16 << 20,
        tag_timeout: Duration::from_secs(1),
        shutdown_timeout: Duration::from_secs(20),
    }
}

#[expect(clippy::disallowed_methods, reason = "the test awaits it")]
fn start_with(options: Options, bodies: Vec<Bytes>, attempts: u32, seen: Arc<Seen>) -> Bench {
    let inbox = MemoryInbox::new(bodies, attempts, &seen);
    let lexicon = Knowledge::compiled_in();
    let metrics = Metrics::new(&lexicon);
    let pipeline = Pipeline::new(lexicon, Limits::default());
    let shutdown = CancellationToken::new();
    let tag: Arc<Tag> = Arc::new(move |message: Message<'_>, at| {
        match message.body {
            b"panic" => panic!("at the disco"),
            b"hang" => std::thread::sleep(Duration::from_secs(30)),
            _ => {}
        }
        let mut verdict = pipeline.process(message, at)?;
        if message.body == TOLD_TWICE.as_bytes()
            && let Verdict::Ready(ready) = &mut verdict
        {
            ready.notices.push(notice());
        }
        if message.body == UNTAGGED_TOLD.as_bytes() {
            let unalerted = if let Verdict::Untagged(kept) = verdict { Some(*kept) } else { None };
            let (id, notices) = ("5".to_owned(), vec![notice()]);
            verdict = Verdict::Ready(Box::new(Ready { id, url: None, alert: None, notices, unalerted }));
        }
        Ok(verdict)
    });
    let confirmed = Confirmed::new(16);
    let alerts = confirmed.subscribe();
    let outbox = MemoryOutbox(Arc::clone(&seen));
    let running = run(inbox, outbox, tag, metrics.clone(), options, confirmed, shutdown.clone());
    Bench { worker: tokio::spawn(running), seen, metrics, shutdown, alerts }
}

impl Bench {
    async fn until_settled(&self, count: usize) {
        while self.seen.settled.lock().unwrap().len() < count {
            tokio::task::yield_now().await;
        }
    }

    async fn stop(self) -> (Vec<Disposition>, Vec<String>, Metrics) {
        self.shutdown.cancel();
        assert_eq!(self.worker.await.unwrap(), Drained::All);
        assert_eq!(self.metrics.in_flight.get(), 0);
        let settled = self.seen.settled.lock().unwrap().iter().map(|(_, d)| d.clone()).collect();
        let published = self.seen.published.lock().unwrap().clone();
        (settled, published, self.metrics)
    }
}

fn count(metrics: &Metrics, outcome: Outcome) -> u64 {
    metrics.articles.with_label_values(&[outcome.as_str()]).get()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_delivery_ends_in_one_outcome() {
    let bench = start(&[TAGGED, UNTAGGED, "{", TAGGED], 0, 0);
    bench.until_settled(4).await;
    assert_eq!(*bench.seen.kept.lock().unwrap(), ["2"], "for trials of watches");
    let (settled, published, metrics) = bench.stop().await;
    assert_eq!(settled.iter().filter(|d| **d == Disposition::Ack).count(), 3);
    assert!(!published.is_empty());
    assert_eq!(count(&metrics, Outcome::Untagged), 1);
    assert_eq!(count(&metrics, Outcome::Dead), 1);
    assert_eq!(count(&metrics, Outcome::Alerted) + count(&metrics, Outcome::Duplicate), 2);
    assert_eq!(metrics.dead.with_label_values(&["not-json"]).get(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_whose_envelope_cannot_be_read_is_dead_whatever_it_holds() {
    let seen = Seen { unreadable: Some("message_id `\\xff`".to_owned()), ..Seen::default() };
    let bench = start_seen(&[TAGGED], 0, Arc::new(seen));
    bench.until_settled(1).await;
    let (settled, published, metrics) = bench.stop().await;
    let dead = Disposition::Dead { reason: Reason::UNREADABLE, error: "message_id `\\xff`".to_owned() };
    assert_eq!((settled, published.len()), (vec![dead], 0));
    assert_eq!(count(&metrics, Outcome::Dead), 1);
    assert_eq!(metrics.dead.with_label_values(&["unreadable-envelope"]).get(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_settled_before_its_confirm() {
    let seen = Arc::new(Seen::default());
    let closed = seen.gate.write().await;
    let bench = start_seen(&[TAGGED], 0, Arc::clone(&seen));
    while bench.metrics.in_flight.get() == 0 {
        tokio::task::yield_now().await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(bench.seen.settled.lock().unwrap().is_empty());
    drop(closed);
    bench.until_settled(1).await;
    let (settled, published, _) = bench.stop().await;
    assert_eq!((settled.len(), published.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_of_two_messages_is_acked_when_both_are_confirmed() {
    // the same article twice: the second time, what was confirmed is not sent again
    let bench = start(&[TOLD_TWICE, TOLD_TWICE], 0, 0);
    bench.until_settled(2).await;
    let (settled, mut published, metrics) = bench.stop().await;
    published.sort();
    assert_eq!(settled, [Disposition::Ack, Disposition::Ack]);
    assert_eq!((published.len(), published[1].as_str()), (2, "notice"));
    assert_eq!((count(&metrics, Outcome::Alerted), count(&metrics, Outcome::Duplicate)), (1, 1));
    assert_eq!((metrics.alerts.get(), told(&metrics, NOTICE_PUBLISHED)), (1, 1));
    // one of its messages is refused: it is retried, not acked
    let bench = start(&[TOLD_TWICE], 0, 1);
    bench.until_settled(1).await;
    let (settled, published, metrics) = bench.stop().await;
    assert!(matches!(settled[..], [Disposition::Retry { .. }]), "{settled:?}");
    assert_eq!((published.len(), count(&metrics, Outcome::Retried)), (1, 1));
}

fn told(metrics: &Metrics, result: &str) -> u64 {
    metrics.notices.with_label_values(&[result]).get()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_of_notices_alone_is_no_alert() {
    let mut bench = start(&[UNTAGGED_TOLD, UNTAGGED_TOLD], 0, 0);
    bench.until_settled(2).await;
    assert!(bench.alerts.try_recv().is_err(), "nobody in the process hears of it");
    assert_eq!(*bench.seen.kept.lock().unwrap(), ["5"], "once, as any article without an alert");
    let (settled, published, metrics) = bench.stop().await;
    assert_eq!((settled, published), (vec![Disposition::Ack; 2], vec!["notice".to_owned()]));
    assert_eq!((count(&metrics, Outcome::Noticed), count(&metrics, Outcome::Duplicate)), (1, 1));
    assert_eq!((metrics.alerts.get(), told(&metrics, NOTICE_PUBLISHED)), (0, 1));
    assert_eq!(metrics.confirms.with_label_values(&["ack"]).get(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_heard_of_though_a_notice_beside_it_is_refused() {
    let seen = Seen { refused: vec!["notice".to_owned()].into(), ..Seen::default() };
    let mut bench = start_seen(&[TOLD_TWICE, TOLD_TWICE], 0, Arc::new(seen));
    bench.until_settled(2).await;
    let heard = bench.alerts.try_recv().expect("the alert is confirmed");
    assert_eq!(heard.alert.subject, "4");
    assert!(bench.alerts.try_recv().is_err(), "once");
    let (settled, published, metrics) = bench.stop().await;
    assert!(
        settled
            .iter()
            .any(|d| matches!(d, Disposition::Retry { error } if error.starts_with("notice of `4`")))
    );
    assert_eq!((published.len(), metrics.alerts.get()), (2, 1));
    assert_eq!((told(&metrics, NOTICE_PUBLISHED), told(&metrics, NOTICE_FAILED)), (1, 1));
    assert_eq!((count(&metrics, Outcome::Retried), count(&metrics, Outcome::Noticed)), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_never_waits_for_the_bytes_that_it_holds() {
    let large = format!(r#"{{"id":"3","title":"Hm","body":"{}"}}"#, "well ".repeat(280_000));
    let large: &'static str = Box::leak(large.into_boxed_str());
    let bench = start(&[UNTAGGED, large, UNTAGGED], 0, 0);
    tokio::time::timeout(Duration::from_mins(1), bench.until_settled(3)).await.expect("all are settled");
    let (settled, ..) = bench.stop().await;
    assert_eq!(settled.len(), 3);
}

/// A tagged article of the given size, as gzip.
fn packed(n: usize, bytes: usize) -> Bytes {
    let article = serde_json::json!({ "id": n.to_string(), "title": "Marco Rubio in Baku", "body": "well ".repeat(bytes / 5) });
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(article.to_string().as_bytes()).unwrap();
    encoder.finish().unwrap().into()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_flight_is_counted_as_unpacked_and_with_its_alert() {
    let seen = Arc::new(Seen::default());
    let closed = seen.gate.write().await;
    let bodies: Vec<_> = (0..8).map(|n| packed(n, 300_000)).collect();
    assert!(bodies.iter().map(Bytes::len).sum::<usize>() < 32 << 10);
    let options = Options { tag_timeout: Duration::from_secs(20), ..options() };
    let bench = start_with(options, bodies, 0, Arc::clone(&seen));
    tokio::time::sleep(Duration::from_secs(2)).await;
    // each has 300 kB, and its alert as much again
    let in_flight = bench.metrics.in_flight.get();
    assert!((1..=3).contains(&in_flight), "{in_flight}");
    drop(closed);
    bench.until_settled(8).await;
    let (_, published, _) = bench.stop().await;
    assert_eq!(published.len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_handed_back_before_its_alerts_are_too_many() {
    let seen = Arc::new(Seen::default());
    let closed = seen.gate.write().await;
    // what follows the end of the file hides how large it is
    let bodies = (0..8).map(|n| [&packed(n, 600_000)[..], b"\n\n\0\0\0\0"].concat().into()).collect();
    let options = Options { tag_timeout: Duration::from_secs(20), ..options() };
    let bench = start_with(options, bodies, 0, Arc::clone(&seen));
    tokio::time::sleep(Duration::from_secs(2)).await;
    let tagged = bench.metrics.stage.with_label_values(&["tag"]).get_sample_count();
    assert!((1..=2 * 2).contains(&tagged), "{tagged} are tagged while none is published");
    drop(closed);
    bench.until_settled(8).await;
    let (_, published, _) = bench.stop().await;
    assert_eq!(published.len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_nobody_is_bound_for_is_published_again() {
    for (returned, publishes) in [(0, 1), (1, 2), (2, 3)] {
        // get the id from a first run: it is a function of the content
        let bench = start(&[TAGGED], 0, 0);
        bench.until_settled(1).await;
        let (_, published, _) = bench.stop().await;
        let seen = Seen {
            returned: std::iter::repeat_n(published[0].clone(), returned).collect::<VecDeque<_>>().into(),
            ..Seen::default()
        };
        let bench = start_seen(&[TAGGED, TAGGED, TAGGED], 0, Arc::new(seen));
        bench.until_settled(3).await;
        let (_, published, metrics) = bench.stop().await;
        assert_eq!(published.len(), publishes);
        assert_eq!(count(&metrics, Outcome::Duplicate), 3 - publishes as u64);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_came_in_when_it_was_seen_first() {
    let seen = Arc::new(Seen::default());
    let mut bench = start_seen(&[TAGGED], 2, seen);
    bench.until_settled(1).await;
    assert_eq!(bench.alerts.recv().await.unwrap().alert.data.received_at, jiff::Timestamp::UNIX_EPOCH);
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_alert_is_tried_again_and_then_dead() {
    let bench = start(&[TAGGED], 0, 1);
    bench.until_settled(1).await;
    let (settled, ..) = bench.stop().await;
    assert!(matches!(settled[0], Disposition::Retry { .. }), "{settled:?}");

    let bench = start(&[TAGGED], 3, 1);
    bench.until_settled(1).await;
    let (settled, ..) = bench.stop().await;
    assert!(matches!(settled[0], Disposition::Dead { reason: Reason::RETRIES_EXHAUSTED, .. }), "{settled:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_over_the_limit_is_dead_without_a_try() {
    let options = Options { alert_bytes: 500, ..options() };
    let bench = start_with(options, of(&[UNTAGGED, TAGGED, UNTAGGED]), 0, Arc::default());
    bench.until_settled(3).await;
    let (settled, published, metrics) = bench.stop().await;
    let dead = settled.iter().find_map(|d| match d {
        Disposition::Dead { reason, error } => Some((*reason, error.as_str())),
        _ => None,
    });
    let (reason, error) = dead.expect("it is dead");
    assert_eq!(reason, Reason::ALERT_TOO_LARGE);
    assert!(error.starts_with("alert of `1`: ") && error.ends_with("`limits.alert_bytes`, 500"), "{error}");
    assert_eq!((published.len(), count(&metrics, Outcome::Untagged)), (0, 2));
}

/// What is logged, as a writer for the subscriber.
#[derive(Clone, Default)]
struct Log(Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

// one thread, so that the subscriber sees all of it
#[tokio::test]
async fn lines_of_the_log_name_their_article() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_ansi(false)
        .with_writer(move || writer.clone());
    // with only one dispatcher, tracing asks the thread that reaches a line first: in another test, there is none
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let _on = tracing::subscriber::set_default(subscriber.finish());
    let named = r#"{"guid":"dead-1","url":"https://news.example/1","title":7}"#;
    let options = Options { alert_bytes: 500, ..options() };
    let bench = start_with(options, of(&[named, TAGGED, "panic"]), 0, Arc::default());
    bench.until_settled(3).await;
    bench.stop().await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let line = |of: &str| log.lines().find(|line| line.contains(of)).expect(of).to_owned();
    let (bad, large, put_back) = (line("wrong-schema"), line("alert-too-large"), line("will be retried"));
    assert!(bad.contains(r#"id="dead-1" url="https://news.example/1""#), "{bad}");
    assert!(large.contains(r#"id="1""#), "{large}");
    for line in [bad, large, put_back] {
        assert!(line.contains(r#"message_id="m-1" traceparent="00-4bf92f"#), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_intake_that_ends_by_itself_is_a_failure() {
    let seen = Arc::new(Seen { inbox_ends: true, ..Seen::default() });
    let bench = start_seen(&[TAGGED, UNTAGGED], 0, Arc::clone(&seen));
    assert_eq!(bench.worker.await.unwrap(), Drained::Failed);
    // what it took is finished all the same
    assert_eq!(seen.settled.lock().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tagger_that_panics_or_hangs_hurts_its_article_alone() {
    for (attempts, dead) in [(0, false), (3, true)] {
        let bench = start(&["panic", UNTAGGED, "hang", UNTAGGED, TAGGED, "hang"], attempts, 0);
        bench.until_settled(6).await;
        assert_eq!(bench.metrics.taggers_hung.get(), 2);
        let (settled, published, metrics) = bench.stop().await;
        assert_eq!(published.len(), 1);
        assert_eq!(count(&metrics, Outcome::Untagged), 2);
        assert_eq!(count(&metrics, Outcome::Retried), if dead { 0 } else { 3 });
        let reasons: Vec<_> = settled
            .iter()
            .filter_map(|d| if let Disposition::Dead { reason, .. } = d { Some(*reason) } else { None })
            .collect();
        let want = [Reason::TAGGER_PANICKED, Reason::TAGGER_TIMED_OUT, Reason::TAGGER_TIMED_OUT];
        assert_eq!(reasons, if dead { want.to_vec() } else { Vec::new() });
    }
}
