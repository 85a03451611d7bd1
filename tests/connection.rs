//! The worker and its broker: hosts in turn, visible states, reported faults, limits, and shutdown.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::time::{Duration, Instant};

use lapin::BasicProperties;
use serde_json::Value;
use support::amqp::{Client, headers};
use support::articles::event;
use support::rabbit::Rabbit;
use support::{Worker, free_port, output, presswatch, wait_for};

fn state(worker: &Worker, connection: &str, state: &str) -> bool {
    let series = format!("presswatch_connection_state{{connection=\"{connection}\",state=\"{state}\"}} 1");
    worker.get("/metrics").is_some_and(|(_, text)| text.contains(&series))
}

#[test]
fn a_host_that_is_down_is_passed_over() {
    let rabbit = Rabbit::start();
    let nobody = rabbit.url_at(free_port());
    let urls = format!("{nobody},{},{nobody}", rabbit.url());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("article.json");
    std::fs::write(&file, event(1).to_string()).unwrap();
    let worker = Worker::start(&["--broker-url", &urls]);
    let (_, error, status) = output(presswatch().arg("publish").arg(&file).args(["--broker-url", &urls]));
    assert_eq!(status, Some(0), "{error}");
    wait_for("the alert", || worker.metric("presswatch_alerts_total") >= 1.0);
    // it comes back, however often
    for n in 1..4 {
        rabbit.control(&["close_all_connections", "a test"]);
        wait_for("the reconnect", || worker.metric("presswatch_reconnects_total") >= f64::from(2 * n));
    }
    assert!(state(&worker, "consume", "up") && state(&worker, "publish", "up"));
    assert!(worker.stop().0.success());
    // none answers: each is named
    let (_, error, status) = output(presswatch().arg("publish").arg(&file).args(["--broker-url", &nobody]));
    assert!(status == Some(1) && error.contains("127.0.0.1:") && error.contains("refused"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_broker_is_seen_and_slows_the_intake_and_leaving_tells_what_is_left() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("presswatch.toml");
    std::fs::write(&file, "shutdown_timeout = 2\n[worker]\nprefetch = 50\n").unwrap();
    let file = file.to_str().unwrap();
    let (_, error, status) = output(presswatch().args(["topology", "--broker-url", &url]));
    assert_eq!(status, Some(0), "{error}");
    let client = Client::connect(&url).await;
    client.bind("all", "#", headers(&[("x-queue-type", "quorum")])).await;
    for n in 0..200 {
        client.article(event(n).to_string().as_bytes(), BasicProperties::default()).await;
    }
    // the worker waits from the first alert on
    rabbit.control(&["set_vm_memory_high_watermark", "0.0000001"]);
    let blocked = || {
        let worker = Worker::launch(&["--broker-url", &url, "--config", file]);
        wait_for("the block", || state(&worker, "publish", "blocked"));
        let (status, body) = worker.get("/readyz").unwrap();
        assert!(status == 503 && body.contains("blocked"), "{status} {body}");
        assert!((1.0..=50.0).contains(&worker.metric("presswatch_in_flight")));
        assert!(worker.metric("presswatch_alerts_total") < 1.0);
        worker
    };
    // it can't finish, and says so
    let worker = blocked();
    let started = Instant::now();
    let (status, log) = worker.stop();
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(log.contains("will be redelivered"), "{log}");
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    // a second signal ends it at once
    std::fs::write(file, "shutdown_timeout = 600\n[worker]\nprefetch = 50\n").unwrap();
    let worker = blocked();
    worker.signal("TERM");
    std::thread::sleep(Duration::from_millis(500));
    let (started, (status, log)) = (Instant::now(), worker.stop());
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(started.elapsed() < Duration::from_secs(5) && log.contains("exiting at once"), "{log}");
    // the wait ends with the alarm
    let worker = blocked();
    rabbit.control(&["set_vm_memory_high_watermark", "0.4"]);
    wait_for("all alerts", || worker.metric("presswatch_alerts_total") >= 200.0);
    assert!(worker.stop().0.success());
    let alerts = client.drain("all").await;
    let subject = |m: &lapin::message::BasicGetMessage| {
        serde_json::from_slice::<Value>(&m.data).unwrap()["subject"].as_str().unwrap().to_owned()
    };
    let subjects: std::collections::BTreeSet<String> = alerts.iter().map(subject).collect();
    assert_eq!(subjects.len(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_is_withdrawn_is_told_without_a_hot_loop_and_nothing_is_lost() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let worker = Worker::start(&["--broker-url", &url]);
    let client = Client::connect(&url).await;
    client.bind("all", "#", headers(&[("x-queue-type", "quorum")])).await;
    rabbit.control(&["set_permissions", "guest", ".*", "^(presswatch.*|articles|amq.default)$", ".*"]);
    // the broker caches permissions per channel for a while: force new channels
    rabbit.control(&["close_all_connections", "a test"]);
    wait_for("the reconnect", || worker.metric("presswatch_reconnects_total") >= 2.0);
    let client = Client::connect(&url).await;
    for n in 0..100 {
        client.article(event(n).to_string().as_bytes(), BasicProperties::default()).await;
    }
    tokio::time::sleep(Duration::from_secs(8)).await;
    rabbit.control(&["set_permissions", "guest", ".*", ".*", ".*"]);
    wait_for("all alerts", || worker.metric("presswatch_alerts_total") >= 100.0);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    assert!(log.contains("access to exchange 'alerts' in vhost '/' refused for user 'guest'"), "{log}");
    let told = log.lines().filter(|l| l.contains("ACCESS_REFUSED")).count();
    assert!((1..5).contains(&told), "{told} lines in some seconds: {log}");
    assert!(client.drain("all").await.len() >= 100);
}

/// Starts a worker that is expected to be refused, and waits until it says why.
fn refused(url: &str, why: &str) -> (Worker, String) {
    let worker = Worker::launch(&["--broker-url", url]);
    let mut said = String::new();
    wait_for("the reason", || {
        said = worker.get("/readyz").map(|(_, body)| body).unwrap_or_default();
        said.contains(why)
    });
    (worker, said)
}

#[test]
fn what_is_wrong_with_the_url_is_one_sentence_and_one_line() {
    let rabbit = Rabbit::start();
    let (right, nobody) = (rabbit.url(), free_port());
    let listens = format!("nothing listens at 127.0.0.1:{nobody} (connection refused)");
    let cases = [
        (right.replace("%2f", "news"), format!("127.0.0.1:{} has no virtual host `news`", rabbit.port())),
        (rabbit.url_at(nobody), listens.clone()),
        (
            right.replace("127.0.0.1", "mq.invalid"),
            "the name of the host `mq.invalid` is not known".to_owned(),
        ),
    ];
    let workers: Vec<Worker> = cases.iter().map(|(url, why)| refused(url, why).0).collect();
    // both connections, retried again and again
    std::thread::sleep(Duration::from_secs(6));
    for (worker, (_, why)) in workers.into_iter().zip(&cases) {
        let (status, body) = worker.get("/readyz").unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        assert!(status == 503 && body["why"].as_str().unwrap().starts_with(why), "{body}");
        let (status, log) = worker.stop();
        assert!(status.success(), "{log}");
        assert_eq!(log.lines().filter(|l| l.contains("WARN")).count(), 1, "{log}");
        assert!(log.contains(why), "{log}");
    }
}

#[test]
fn a_wrong_password_ends_it_at_the_first_connection_and_never_later() {
    let rabbit = Rabbit::start();
    let wrong = rabbit.url_as("guest", "geheim");
    let says = format!("127.0.0.1:{} refuses user `guest`: the name or the password is wrong", rabbit.port());
    let address = format!("127.0.0.1:{}", free_port());
    for arguments in [
        &["run", "--http-listen", &address][..],
        &["publish", "deploy/samples"],
        &["subscribe", "alert"],
        &["topology"],
        &["dead", "list"],
    ] {
        let (_, error, status) = output(presswatch().args(arguments).args(["--broker-url", &wrong]));
        assert_eq!(status, Some(2), "{arguments:?}: {error}");
        assert!(
            error.contains(&format!("error: `broker.url`: {says}")) && !error.contains("geheim"),
            "{error}"
        );
    }
    // changed under a connected worker: it waits to be let in again
    rabbit.control(&["add_user", "tagger", "first"]);
    rabbit.control(&["set_permissions", "tagger", ".*", ".*", ".*"]);
    let worker = Worker::start(&["--broker-url", &rabbit.url_as("tagger", "first")]);
    rabbit.control(&["change_password", "tagger", "second"]);
    rabbit.control(&["close_all_connections", "a test"]);
    let says = format!("127.0.0.1:{} refuses user `tagger`", rabbit.port());
    wait_for("the reason", || worker.get("/readyz").is_some_and(|(_, body)| body.contains(&says)));
    rabbit.control(&["change_password", "tagger", "first"]);
    wait_for("the worker", || worker.get("/readyz").is_some_and(|(status, _)| status == 200));
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    assert_eq!(log.lines().filter(|l| l.contains(&says)).count(), 1, "{log}");
}

#[test]
fn publishing_without_the_right_ends_at_once() {
    let rabbit = Rabbit::start();
    let (_, error, status) = output(presswatch().args(["topology", "--broker-url", &rabbit.url()]));
    assert_eq!(status, Some(0), "{error}");
    rabbit.control(&["add_user", "reader", "reader"]);
    rabbit.control(&["set_permissions", "reader", "^$", "^$", ".*"]);
    let url = rabbit.url_as("reader", "reader");
    let started = Instant::now();
    let (out, error, status) = output(presswatch().args(["publish", "deploy/samples", "--broker-url", &url]));
    assert_eq!((out.as_str(), status), ("0 confirmed, the rest not published\n", Some(1)), "{error}");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    let right = "access to exchange 'articles' in vhost '/' refused for user 'reader'";
    assert!(error.contains(right) && error.lines().count() == 1, "{error}");
}

#[test]
fn a_queue_of_another_kind_is_told_without_a_hot_loop() {
    let rabbit = Rabbit::start();
    let declare = "rabbit_amqqueue:declare({resource,<<\"/\">>,queue,<<\"presswatch.articles\">>},true,false,[],none,<<\"x\">>).";
    rabbit.control(&["eval", declare]);
    let mut command = presswatch();
    let address = format!("127.0.0.1:{}", free_port());
    command.args(["run", "--broker-url", &rabbit.url(), "--http-listen", &address]);
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(8));
    child.kill().unwrap();
    let log = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
    let told = log.lines().filter(|l| l.contains("queue `presswatch.articles` exists but differs"));
    let told: Vec<&str> = told.collect();
    assert!((1..15).contains(&told.len()), "{log}");
    assert!(
        told[0].contains("x-queue-type") || told[0].contains("x-dead-letter"),
        "names what differs: {}",
        told[0]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_is_flat_whatever_the_size_of_the_bodies() {
    const LARGE: usize = 250;
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let (_, error, status) = output(presswatch().args(["topology", "--broker-url", &url]));
    assert_eq!(status, Some(0), "{error}");
    let client = Client::connect(&url).await;
    // 500 MB are in the queue when the worker starts, with small ones before, between and after
    let padding = "x".repeat((2 << 20) - 2048);
    let mut sent = 0;
    for n in 0..LARGE {
        let mut large = event(n);
        large["padding"] = padding.as_str().into();
        client.article(large.to_string().as_bytes(), BasicProperties::default()).await;
        sent += 1;
        if n % 50 == 0 {
            for small in 0..100 {
                client
                    .article(event(1000 + n * 100 + small).to_string().as_bytes(), BasicProperties::default())
                    .await;
                sent += 1;
            }
        }
    }
    let worker = Worker::start(&["--broker-url", &url]);
    wait_for("all alerts", || worker.metric("presswatch_alerts_total") >= f64::from(sent));
    let memory = worker.memory() >> 20;
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    wait_for("an empty queue", || rabbit.messages("presswatch.articles") == 0);
    assert_eq!(rabbit.messages("presswatch.dead"), 0);
    assert!(memory < 250, "{memory} MiB");
}
