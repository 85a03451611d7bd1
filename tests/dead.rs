//! Dead letters: kept byte for byte, found by reason and age, replayed without a gap.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use lapin::BasicProperties;
use lapin::options::QueueDeleteOptions;
use lapin::types::{AMQPValue, FieldArray, FieldTable};
use support::amqp::{Client, headers};
use support::articles::{broken, event};
use support::rabbit::Rabbit;
use support::{Worker, output, presswatch, wait_for};

const DEAD: &str = "presswatch.dead";

/// Runs `presswatch dead` with these arguments: standard output and error, exit status.
type Dead<'a> = dyn Fn(&[&str]) -> (String, String, Option<i32>) + 'a;

fn dead(url: &str, arguments: &[&str]) -> (String, String, Option<i32>) {
    output(presswatch().arg("dead").args(arguments).args(["--broker-url", url]))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_is_what_came_whatever_the_broker_would_make_of_it() {
    let rabbit = Rabbit::start();
    let worker = Worker::start(&["--broker-url", &rabbit.url()]);
    let client = Client::connect(&rabbit.url()).await;
    client.bind("copies", "none", FieldTable::default()).await;
    let mut table = headers(&[
        ("desk", "Bakı"),
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    ]);
    table.insert("number".into(), AMQPValue::LongLongInt(-7));
    // the broker would send a copy of the dead letter there as well
    let cc = FieldArray::from(vec![AMQPValue::LongString("copies".into())]);
    table.insert("CC".into(), AMQPValue::FieldArray(cc));
    let came = BasicProperties::default()
        .with_headers(table)
        .with_message_id("m-1".into())
        .with_correlation_id("c-1".into())
        .with_content_type("application/json; charset=utf-8".into())
        .with_priority(4)
        .with_timestamp(1_700_000_000)
        // it would expire from the dead-letter queue after this time, and be refused under this user name
        .with_expiration("1500".into())
        .with_user_id("guest".into());
    let body = b"{\"title\": \"cut \x00\xff off";
    client.article(body, came).await;
    wait_for("a dead letter", || rabbit.messages(DEAD) == 1);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let (list, error, status) = dead(&rabbit.url(), &["list"]);
    assert!(status == Some(0) && list.contains("not-utf8"), "{list}{error}");
    let letter = client.get(DEAD).await.expect("it is still there");
    assert_eq!(letter.data, body);
    let properties = &letter.properties;
    assert_eq!(properties.message_id().as_ref().unwrap().as_str(), "m-1");
    assert_eq!(properties.correlation_id().as_ref().unwrap().as_str(), "c-1");
    assert_eq!(properties.content_type().as_ref().unwrap().as_str(), "application/json; charset=utf-8");
    assert_eq!((properties.priority(), properties.timestamp()), (&Some(4), &Some(1_700_000_000)));
    let kept = properties.headers().clone().unwrap();
    let text = |name: &str| kept.inner()[name].as_long_string().unwrap().to_string();
    assert_eq!((text("desk").as_str(), &kept.inner()["number"]), ("Bakı", &AMQPValue::LongLongInt(-7)));
    assert_eq!(
        (text("presswatch-expiration"), text("presswatch-user-id")),
        ("1500".to_owned(), "guest".to_owned())
    );
    assert!(client.get("copies").await.is_none());
    assert!(worker.stop().0.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dead_are_chosen_by_reason_and_age_and_replayed_at_a_rate() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let worker = Worker::start(&["--broker-url", &url]);
    let client = Client::connect(&url).await;
    // 10 for each of four reasons
    for n in 0..40 {
        client.article(&broken(n).0, BasicProperties::default()).await;
    }
    wait_for("the dead", || rabbit.messages(DEAD) == 40);
    assert!(worker.stop().0.success());
    let count = |arguments: &[&str]| dead(&url, arguments).0.lines().count();
    assert_eq!(count(&["list"]), 40);
    assert_eq!(count(&["list", "--reason", "no-text"]), 10);
    assert_eq!(count(&["list", "--older-than", "1h"]), 0);
    assert_eq!(count(&["list", "--reason", "no-text", "--older-than", "0s"]), 10);
    for (arguments, want) in [
        (["--reason", "bad-luck"], "known are bad-encoding"),
        (["--older-than", "soon"], "takes an age such as 90s"),
    ] {
        let (_, error, status) = dead(&url, &[&["list"], &arguments[..]].concat());
        assert!(status == Some(2) && error.contains(want), "{error}");
    }
    let (list, ..) = dead(&url, &["list", "--reason", "no-text"]);
    let id = list.split_whitespace().next().unwrap();
    let (shown, error, _) = dead(&url, &["show", id]);
    assert!((0..40).any(|n| n % 4 == 1 && broken(n).0 == shown.as_bytes()), "{shown}");
    // ids stay the same, however often one looks
    assert_eq!(dead(&url, &["show", id]).0, shown);
    assert!(error.contains("no-text") && error.contains("attempts      1"), "{error}");

    let started = Instant::now();
    let (out, error, status) = dead(&url, &["replay", "--reason", "no-text", "--rate", "5"]);
    assert_eq!((status, out.as_str()), (Some(0), "10 replayed\n"), "{error}");
    assert!(started.elapsed() >= Duration::from_millis(1_800), "{:?}", started.elapsed());
    wait_for("10 in the article queue", || {
        (rabbit.messages(DEAD), rabbit.messages("presswatch.articles")) == (30, 10)
    });
    // they come back as they first arrived, without a trace of ours
    let back = client.drain("presswatch.articles").await;
    let bodies: BTreeSet<Vec<u8>> = back.iter().map(|m| m.data.clone()).collect();
    assert_eq!(bodies, (0..40).filter(|n| n % 4 == 1).map(|n| broken(n).0).collect());
    let names = back.iter().filter_map(|m| m.properties.headers().as_ref()).flat_map(|h| h.inner().keys());
    // the broker may have counted its deliveries
    let ours: Vec<String> = names.map(ToString::to_string).filter(|n| n != "x-delivery-count").collect();
    assert!(ours.is_empty(), "{ours:?}");
    let (out, ..) = dead(&url, &["replay", "--rate", "4294967295"]);
    assert_eq!(out, "30 replayed\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_the_dead_before_its_replay_is_safe() {
    const LETTERS: usize = 300;
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let worker = Worker::start(&["--broker-url", &url]);
    let client = Client::connect(&url).await;
    for n in 0..LETTERS {
        client.article(&broken(n).0, BasicProperties::default()).await;
    }
    wait_for("the dead", || rabbit.messages(DEAD) == LETTERS as u64);
    assert!(worker.stop().0.success());
    // there is nowhere to put them
    client.channel.queue_delete("presswatch.articles".into(), QueueDeleteOptions::default()).await.unwrap();
    let (_, error, status) = dead(&url, &["replay"]);
    assert!(status == Some(1) && error.contains("no queue takes what is published"), "{error}");
    wait_for("all to be there", || rabbit.messages(DEAD) == LETTERS as u64);
    // killed midway, several times: each is in one of the two queues, or in both
    let (_, error, status) = output(presswatch().args(["topology", "--broker-url", &url]));
    assert_eq!(status, Some(0), "{error}");
    for _ in 0..3 {
        let before = rabbit.messages("presswatch.articles");
        let mut replay = presswatch();
        replay.args(["dead", "replay", "--rate", "20", "--broker-url", &url]);
        let mut replay = replay.stdout(std::process::Stdio::null()).spawn().unwrap();
        wait_for("some to be replayed", || rabbit.messages("presswatch.articles") > before);
        replay.kill().unwrap();
        replay.wait().unwrap();
    }
    assert!(rabbit.messages(DEAD) > 0, "it was never killed in the middle");
    // what the killed process was looking at comes back in time
    wait_for("all to be replayed", || {
        let (_, error, status) = dead(&url, &["replay", "--rate", "1000"]);
        assert_eq!(status, Some(0), "{error}");
        rabbit.messages(DEAD) == 0
    });
    let back = client.drain("presswatch.articles").await;
    let bodies: BTreeSet<Vec<u8>> = back.iter().map(|m| m.data.clone()).collect();
    assert_eq!(bodies, (0..LETTERS).map(|n| broken(n).0).collect());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_waits_while_there_is_nowhere_to_put_it() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let worker = Worker::start(&["--broker-url", &url]);
    let client = Client::connect(&url).await;
    // the dead-letter queue is deleted while the worker runs: the article is acked only once it is in a new one
    client.channel.queue_delete(DEAD.into(), QueueDeleteOptions::default()).await.unwrap();
    client.article(&broken(1).0, BasicProperties::default()).await;
    wait_for("a dead letter in a queue made anew", || rabbit.messages(DEAD) == 1);
    // and an alert that a full queue refuses goes to a retry queue, deleted as well
    let mut full = headers(&[("x-overflow", "reject-publish")]);
    full.insert("x-max-length".into(), AMQPValue::LongInt(0));
    client.bind("full", "#", full).await;
    client
        .channel
        .queue_delete("presswatch.articles.retry.5s".into(), QueueDeleteOptions::default())
        .await
        .unwrap();
    client.article(event(1).to_string().as_bytes(), BasicProperties::default()).await;
    wait_for("the retry", || rabbit.messages("presswatch.articles.retry.5s") == 1);
    let waiting = client.channel.queue_delete("full".into(), QueueDeleteOptions::default()).await;
    waiting.unwrap();
    wait_for("the alert", || worker.metric("presswatch_alerts_total") >= 1.0);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    assert!(log.contains("no queue takes what is published to"), "{log}");
}

/// An article without its text, with all its names.
fn nameless(n: usize) -> Vec<u8> {
    format!(
        r#"{{"id": "dead-{n}", "url": "https://news.example/dead/{n}", "title": "Gas from {n}", "body": [],
        "source": {{"name": "Example Wire"}}, "published_at": "2026-05-01T08:00:00Z"}}"#
    )
    .into_bytes()
}

/// What holds for dead letters wherever they are stored: five with one reason and one with another.
fn are_named_replayed_and_dropped(dead: &Dead<'_>, left: &dyn Fn() -> usize) {
    wait_for("the dead", || left() == 6);
    let (list, error, status) = dead(&["list", "--reason", "wrong-schema"]);
    assert_eq!((list.lines().count(), status), (5, Some(0)), "{list}{error}");
    let line = list.lines().find(|line| line.contains("dead/3")).unwrap();
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    for words in ["Example Wire", "Gas from 3", "https://news.example/dead/3", "wrong-schema", today.as_str()]
    {
        assert!(line.contains(words), "{words} is not in {line}");
    }
    let id = |n: usize| {
        let line = list.lines().find(|line| line.contains(&format!("dead/{n}"))).unwrap();
        line.split_whitespace().next().unwrap().to_owned()
    };
    let (body, about, status) = dead(&["show", &id(3)]);
    assert_eq!((body.as_bytes(), status), (nameless(3).as_slice(), Some(0)), "{about}");
    assert!(
        about.contains("article       dead-3") && about.contains("published     2026-05-01T08:00:00Z"),
        "{about}"
    );
    // an id that does not exist, and no selection at all
    for arguments in [["drop", "000000000000"], ["replay", "000000000000"]] {
        let (_, error, status) = dead(&arguments);
        assert!(status == Some(1) && error.contains("no such dead letter found"), "{error}");
    }
    let (_, error, status) = dead(&["drop"]);
    assert!(status == Some(2) && error.contains("--reason"), "{error}");
    // one by its id, two by theirs, the rest by reason; the other reason stays
    let (out, error, _) = dead(&["drop", &id(1)]);
    assert_eq!(out, "1 dropped\n", "{error}");
    // what was looked at returns to the queue in time
    wait_for("the others", || left() == 5);
    let (out, error, _) = dead(&["drop", &id(0), &id(2)]);
    assert_eq!(out, "2 dropped\n", "{error}");
    wait_for("the others", || left() == 3);
    let (out, error, _) = dead(&["replay", &id(3)]);
    assert_eq!(out, "1 replayed\n", "{error}");
    // it becomes a dead letter again for the same reason
    wait_for("the replayed one", || {
        dead(&["list", "--reason", "wrong-schema"]).0.contains("dead/3") && left() == 3
    });
    let (out, error, _) = dead(&["drop", "--reason", "wrong-schema"]);
    assert_eq!(out, "2 dropped\n", "{error}");
    wait_for("the last one", || left() == 1);
    assert!(dead(&["list"]).0.contains("not-json"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dead_of_rabbitmq_are_named_replayed_and_dropped() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let worker = Worker::start(&["--broker-url", &url]);
    let client = Client::connect(&url).await;
    for n in 0..5 {
        client.article(&nameless(n), BasicProperties::default()).await;
    }
    client.article(b"{\"title\": 1", BasicProperties::default()).await;
    let left = || usize::try_from(rabbit.messages(DEAD)).unwrap();
    are_named_replayed_and_dropped(&|arguments| dead(&url, arguments), &left);
    assert!(worker.stop().0.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dead_of_rabbitmq_are_seen_replayed_and_dropped_through_the_port() {
    let rabbit = Rabbit::start();
    let worker = Worker::start(&["--broker-url", &rabbit.url()]);
    let client = Client::connect(&rabbit.url()).await;
    for n in 0..3 {
        client.article(&nameless(n), BasicProperties::default()).await;
    }
    wait_for("the dead", || rabbit.messages(DEAD) == 3);
    let list = || -> Vec<serde_json::Value> {
        let (status, body) = worker.get("/dead").unwrap();
        assert_eq!(status, 200, "{body}");
        serde_json::from_str::<serde_json::Value>(&body).unwrap()["dead"].as_array().unwrap().clone()
    };
    let row = |n: usize| {
        let named = |dead: &serde_json::Value| dead["article"]["id"] == format!("dead-{n}");
        list().into_iter().find(named).unwrap()["row"].as_str().unwrap().to_owned()
    };
    let dead = list();
    assert_eq!((dead.len(), &dead[0]["reason"]), (3, &"wrong-schema".into()), "{dead:?}");
    assert_eq!(worker.get(&format!("/dead/{}", row(1))).unwrap().1.as_bytes(), nameless(1));
    let ask = |method: &str, path: &str| {
        let mut stream = std::net::TcpStream::connect(&worker.address).unwrap();
        let head = format!("{method} {path} HTTP/1.0\r\nContent-Length: 0\r\n\r\n");
        std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
        let mut answer = String::new();
        std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
        answer[9..12].to_owned()
    };
    assert_eq!(ask("DELETE", &format!("/dead/{}", row(0))), "204");
    assert_eq!(ask("DELETE", "/dead/000000000000"), "404");
    let before = worker.metric("presswatch_articles_total{outcome=\"dead\"}");
    assert_eq!(ask("POST", &format!("/dead/{}/replay", row(2))), "204");
    wait_for("it to die again", || {
        worker.metric("presswatch_articles_total{outcome=\"dead\"}") > before && rabbit.messages(DEAD) == 2
    });
    assert!(!list().iter().any(|dead| dead["article"]["id"] == "dead-0"));
    assert!(worker.stop().0.success());
}

#[test]
fn the_dead_of_a_store_are_named_replayed_and_dropped_while_the_worker_runs() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let worker = Worker::start_with(&[("http.token", "geheim")], &["--data-dir", data]);
    let send = |body: &[u8]| {
        let mut stream = std::net::TcpStream::connect(&worker.address).unwrap();
        let head = "POST /articles?accept=all HTTP/1.0\r\nAuthorization: Bearer geheim\r\nContent-Type: application/json";
        std::io::Write::write_all(
            &mut stream,
            format!("{head}\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes(),
        )
        .unwrap();
        std::io::Write::write_all(&mut stream, body).unwrap();
        let mut answer = String::new();
        std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.0 202"), "{answer}");
    };
    (0..5).for_each(|n| send(&nameless(n)));
    send(b"{\"title\": 1");
    let through = |data: &str, address: &str, token: &str, arguments: &[&str]| {
        let mut command = presswatch();
        command.arg("dead").args(arguments).args(["--data-dir", data, "--http-listen", address]);
        output(command.env("PRESSWATCH__HTTP__TOKEN", token))
    };
    let address = worker.address.clone();
    let dead = |arguments: &[&str]| through(data, &address, "geheim", arguments);
    are_named_replayed_and_dropped(&dead, &|| dead(&["list"]).0.lines().count());

    // without the token, without an address, and at the port of another store
    let (_, error, status) = through(data, &address, "", &["list"]);
    assert!(status == Some(1) && error.contains("set PRESSWATCH__HTTP__TOKEN"), "{error}");
    let (_, error, status) = through(data, "127.0.0.1:1", "geheim", &["list"]);
    assert!(status == Some(1) && error.contains("set --http-listen"), "{error}");
    let elsewhere = tempfile::tempdir().unwrap();
    let other =
        Worker::start_with(&[("http.token", "geheim")], &["--data-dir", elsewhere.path().to_str().unwrap()]);
    let (_, error, status) = through(data, &other.address, "geheim", &["drop", "--reason", "not-json"]);
    assert!(status == Some(1) && error.contains("works on another store"), "{error}");
    assert_eq!(dead(&["list"]).0.lines().count(), 1);
    assert!(worker.stop().0.success());
    // and the same after the worker has stopped
    assert_eq!(dead(&["list"]).0.lines().count(), 1);
    let (out, error, _) = dead(&["drop", "--reason", "not-json"]);
    assert_eq!(out, "1 dropped\n", "{error}");
}

#[test]
fn nothing_is_dropped_on_a_terminal_before_a_yes() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let worker = Worker::start(&["--data-dir", data]);
    assert_eq!(support::post(&worker.address, &nameless(1)).unwrap().0, 202);
    wait_for("a dead article", || worker.metric("presswatch_articles_total{outcome=\"dead\"}") >= 1.0);
    assert!(worker.stop().0.success());
    let asked = |answer: &str| {
        // from bsdutils: a terminal for one command
        let command =
            format!("{} dead drop --reason wrong-schema --data-dir {data}", env!("CARGO_BIN_EXE_presswatch"));
        let mut script = std::process::Command::new("script");
        script.args(["-qec", &command, "/dev/null"]).stdin(std::process::Stdio::piped());
        let mut script = script.stdout(std::process::Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(script.stdin.as_mut().unwrap(), answer.as_bytes()).unwrap();
        let out = script.wait_with_output().unwrap();
        (String::from_utf8(out.stdout).unwrap(), out.status.code())
    };
    let (said, status) = asked("n\n");
    assert!(
        status == Some(1) && said.contains("Remove 1 for good? [y/N]") && said.contains("Gas from 1"),
        "{said}"
    );
    assert!(said.contains("nothing was removed"), "{said}");
    let (said, status) = asked("y\n");
    assert!(status == Some(0) && said.contains("1 dropped"), "{said}");
}
