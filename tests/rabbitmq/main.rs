//! The running program over a real RabbitMQ: every article ends once, and whoever binds a key gets what they asked for.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod owners;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;

use lapin::types::FieldTable;
use serde_json::Value;
use support::amqp::Client;
use support::articles::{broken, country, event, on_sanctions};
use support::rabbit::Rabbit;
use support::{Worker, output, presswatch, wait_for};

#[tokio::test(flavor = "multi_thread")]
async fn each_of_5000_articles_ends_as_one_alert_or_dead_with_its_reason() {
    const GOOD: usize = 4_500;
    const TWICE: usize = 300;
    const BROKEN: usize = 200;
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let (_, error, status) = output(presswatch().args(["topology", "--broker-url", &url]));
    assert_eq!(status, Some(0), "{error}");

    let client = Client::connect(&url).await;
    client.bind("all", "#", FieldTable::default()).await;
    client.bind_to("both", "alerts", &["country.AZ", "topic.20000642"], FieldTable::default()).await;

    // every 15th good one a second time, every 22nd followed by a broken one
    let mut bodies: Vec<Vec<u8>> = (0..GOOD).map(|n| event(n).to_string().into_bytes()).collect();
    bodies.extend((0..TWICE).map(|n| event(n * 15).to_string().into_bytes()));
    for n in 0..BROKEN {
        bodies.insert(n * 22, broken(n).0);
    }
    assert_eq!(bodies.len(), 5_000);
    client.articles(&bodies[..2_000]).await;
    let worker = Worker::start(&["--broker-url", &url]);
    client.articles(&bodies[2_000..]).await;

    let settled = || {
        let outcomes = ["alerted", "untagged", "duplicate", "retried", "dead"];
        let count = |o| worker.metric(&format!("presswatch_articles_total{{outcome=\"{o}\"}}"));
        outcomes.map(count).iter().sum::<f64>()
    };
    wait_for("5,000 articles", || settled() >= 5_000.0);
    let memory = worker.memory();
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    assert_eq!(rabbit.messages("presswatch.articles"), 0);

    // each good article has one alert; its id is a function of the content
    let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for message in client.drain("all").await {
        let alert: Value = serde_json::from_slice(&message.data).unwrap();
        let id = alert["id"].as_str().unwrap().to_owned();
        assert_eq!(message.properties.message_id().as_ref().unwrap().as_str(), id);
        assert_eq!(message.properties.delivery_mode(), &Some(2));
        ids.entry(alert["subject"].as_str().unwrap().to_owned()).or_default().push(id);
    }
    let want: BTreeSet<String> = (0..GOOD).map(|n| format!("article-{n}")).collect();
    assert_eq!(ids.keys().cloned().collect::<BTreeSet<_>>(), want);
    let doubled: Vec<_> = ids.iter().filter(|(_, ids)| ids.len() != 1).collect();
    assert!(doubled.is_empty(), "more than one alert: {doubled:?}");

    // each broken one is a dead letter, unchanged and with its reason
    let dead: BTreeMap<Vec<u8>, String> = client
        .drain("presswatch.dead")
        .await
        .into_iter()
        .map(|message| {
            let headers = message.properties.headers().clone().unwrap();
            let header = |name: &str| headers.inner()[name].as_long_string().map(ToString::to_string);
            assert!(header("presswatch-error").is_some_and(|e| !e.is_empty()));
            (message.data.clone(), header("presswatch-reason").unwrap())
        })
        .collect();
    let want: BTreeMap<Vec<u8>, String> =
        (0..BROKEN).map(broken).map(|(body, reason)| (body, reason.to_owned())).collect();
    assert_eq!(dead, want);

    // whoever binds two keys gets an article with both once
    let both = client.drain("both").await;
    let got: Vec<String> = both
        .iter()
        .map(|m| serde_json::from_slice::<Value>(&m.data).unwrap()["subject"].as_str().unwrap().to_owned())
        .collect();
    let want: BTreeSet<String> = (0..GOOD)
        .filter(|n| country(*n) == "AZ" || on_sanctions(*n))
        .map(|n| format!("article-{n}"))
        .collect();
    assert_eq!(got.len(), want.len());
    assert_eq!(got.into_iter().collect::<BTreeSet<_>>(), want);
    assert!(memory < 150 << 20, "{} MiB of memory", memory >> 20);
}

#[test]
fn articles_are_published_and_alerts_subscribed_to_from_the_command_line() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let worker = Worker::start(&["--broker-url", &url]);
    let subscriber = presswatch()
        .args(["subscribe", "country.GE", "--json", "--count", "3", "--broker-url", &url])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // its queue exists before the articles do
    wait_for("the subscriber's queue", || {
        rabbit.control(&["list_bindings", "routing_key"]).contains("country.GE")
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("articles.ndjson");
    let lines: Vec<String> = (0..15).map(|n| event(n).to_string()).collect();
    std::fs::write(&file, lines.join("\n")).unwrap();
    let (_, error, status) = output(presswatch().arg("publish").arg(&file).args(["--broker-url", &url]));
    assert_eq!(status, Some(0), "{error}");
    let out = subscriber.wait_with_output().unwrap();
    assert!(out.status.success());
    let alerts: Vec<Value> =
        String::from_utf8(out.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let subjects: BTreeSet<&str> = alerts.iter().map(|a| a["subject"].as_str().unwrap()).collect();
    assert_eq!(subjects, BTreeSet::from(["article-1", "article-6", "article-11"]));

    // the HTTP port puts articles into the same queue
    assert_eq!(worker.post(event(20).to_string().as_bytes()), Some(202));
    wait_for("the article of the HTTP port", || {
        worker.metric("presswatch_articles_total{outcome=\"alerted\"}") >= 16.0
    });
    // dead letters are listed, shown and replayed
    assert_eq!(
        worker.post(br#"{"id": "dead-1", "url": "https://news.example/dead", "title": 1, "body": []}"#),
        Some(202)
    );
    wait_for("a dead article", || rabbit.messages("presswatch.dead") == 1);
    let dead =
        |arguments: &[&str]| output(presswatch().arg("dead").args(arguments).args(["--broker-url", &url]));
    let (list, error, status) = dead(&["list"]);
    assert_eq!(status, Some(0), "{error}");
    assert!(list.contains("wrong-schema"), "{list}");
    let (_, error, status) = dead(&["replay"]);
    assert_eq!(status, Some(0), "{error}");
    wait_for("it to be dead again", || {
        worker.metric("presswatch_articles_total{outcome=\"dead\"}") >= 2.0
            && rabbit.messages("presswatch.dead") == 1
    });
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    let line = log.lines().find(|line| line.contains("article dead-lettered")).unwrap();
    assert!(line.contains("article{id=\"dead-1\" url=\"https://news.example/dead\""), "{line}");
}

#[test]
fn a_queue_of_ones_own_gathers_while_nobody_reads() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let worker = Worker::start(&["--broker-url", &url]);
    let subscribe = |count: &str| {
        let keys = ["subscribe", "country.GE", "said.rubio", "country.XX", "--queue", "subscriber.georgia"];
        let mut command = presswatch();
        command.args(keys).args(["--json", "--count", count, "--broker-url", &url]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let first = subscribe("1");
    wait_for("the queue", || rabbit.control(&["list_bindings", "routing_key"]).contains("country.GE"));
    let read = |child: std::process::Child| {
        let out = child.wait_with_output().unwrap();
        let error = String::from_utf8(out.stderr).unwrap();
        assert!(out.status.success(), "{error}");
        let subject =
            |line: &str| serde_json::from_str::<Value>(line).unwrap()["subject"].as_str().unwrap().to_owned();
        (String::from_utf8(out.stdout).unwrap().lines().map(subject).collect::<BTreeSet<_>>(), error)
    };
    for n in 0..15 {
        assert_eq!(worker.post(event(n).to_string().as_bytes()), Some(202));
    }
    let (mut seen, error) = read(first);
    assert!(
        error.contains("no such official in the lexicon: `rubio`; did you mean said.marco-rubio"),
        "{error}"
    );
    assert!(error.contains("no such country in the lexicon: `XX`"), "{error}");
    assert_eq!(seen.len(), 1);
    // what it printed is gone from the queue, the rest has waited
    wait_for("the rest", || rabbit.messages("subscriber.georgia") == 2);
    let (rest, _) = read(subscribe("2"));
    seen.extend(rest);
    assert_eq!(seen, ["article-1", "article-11", "article-6"].map(str::to_owned).into());
    wait_for("an empty queue", || rabbit.messages("subscriber.georgia") == 0);
}

#[test]
fn each_worker_shows_what_all_publish_and_after_a_restart_too() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    // a small prefetch, so that both get their share
    let start = || Worker::start_with(&[("worker.prefetch", "1")], &["--broker-url", &url]);
    let workers = [start(), start()];
    let page = |worker: &Worker, query: &str| -> Value {
        let (status, body) = worker.get(&format!("/alerts.json?{query}")).unwrap();
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    };
    let subjects = |page: &Value| -> BTreeSet<String> {
        let alerts = page["alerts"].as_array().unwrap().iter();
        alerts.map(|a| a["alert"]["subject"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(page(&workers[0], "")["alerts"], serde_json::json!([]));
    let stream = std::thread::spawn({
        let address = workers[0].address.clone();
        move || support::events(&address, "/alerts?key=country.GE", 0).take(20).count()
    });
    for n in 0..100 {
        assert_eq!(workers[n % 2].post(event(n).to_string().as_bytes()), Some(202));
    }
    let own = |worker: &Worker| worker.metric("presswatch_articles_total{outcome=\"alerted\"}");
    wait_for("all alerts", || own(&workers[0]) + own(&workers[1]) > 99.5);
    assert!(own(&workers[0]) < 100.0 && own(&workers[1]) < 100.0, "one did all");
    for worker in &workers {
        wait_for("all of them in the stream", || page(worker, "limit=200")["newest"] == 100);
        let all = page(worker, "limit=200");
        assert_eq!((subjects(&all).len(), &all["next"]), (100, &Value::Null));
        assert_eq!(all["all_workers"], true);
        let newest = page(worker, "limit=30");
        let older = page(worker, &format!("limit=200&before={}", newest["next"]));
        assert_eq!(subjects(&newest).len() + subjects(&older).len(), 100);
        assert_eq!(&subjects(&newest) | &subjects(&older), subjects(&all));
        assert_eq!(subjects(&page(worker, "key=country.GE")).len(), 20);
        assert_eq!(subjects(&page(worker, "from=2020-01-01&to=2100-01-01&limit=200")).len(), 100);
        assert_eq!(subjects(&page(worker, "to=2020-01-01")).len(), 0);
    }
    assert_eq!(stream.join().unwrap(), 20, "the stream has those of both");
    // the counts of the last hour cover everyone as well
    let hour = |worker: &Worker| {
        serde_json::from_str::<Value>(&worker.get("/console/state").unwrap().1).unwrap()["hour"]["alerts"]
            .clone()
    };
    wait_for("the hour of both", || workers.iter().all(|worker| hour(worker) == 100));
    let [first, second] = workers;
    assert!(first.stop().0.success());
    let again = start();
    let all = page(&again, "limit=200");
    assert_eq!((subjects(&all).len(), &all["newest"]), (100, &serde_json::json!(100)));
    wait_for("the hour after a restart", || hour(&again) == 100);
    // one alert by its address, with and without its number, from either worker
    for worker in [&again, &second] {
        for at in ["", "?at=3"] {
            let one = &all["alerts"].as_array().unwrap().iter().find(|a| a["number"] == 3).unwrap()["alert"];
            let (status, body) = worker.get(&format!("/alerts/{}{at}", one["id"].as_str().unwrap())).unwrap();
            assert_eq!((status, &serde_json::from_str::<Value>(&body).unwrap()), (200, one));
        }
    }
    assert_eq!(again.get("/alerts/00").unwrap().0, 404);
    // whoever comes back gets what it missed, from whichever worker
    assert_eq!(support::events(&second.address, "/alerts", 95).take(5).count(), 5);
    // the queue is bounded by size and age
    let arguments = rabbit.control(&["list_queues", "name", "arguments"]);
    let line = arguments.lines().find(|line| line.starts_with("presswatch.recent")).unwrap();
    assert!(line.contains("x-max-length-bytes") && line.contains("168h"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_worker_does_before_it_follows_the_stream_is_counted_once() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let (_, told, status) = output(presswatch().args(["topology", "--broker-url", &url]));
    assert_eq!(status, Some(0), "{told}");
    let client = Client::connect(&url).await;
    let waiting: Vec<_> = (0..40).map(|n| event(n).to_string().into_bytes()).collect();
    client.articles(&waiting).await;
    let worker = Worker::start(&["--broker-url", &url]);
    let ask = |path: &str| serde_json::from_str::<Value>(&worker.get(path).unwrap().1).unwrap();
    let newest = || ask("/alerts.json")["newest"].as_u64().unwrap_or_default();
    let hour = || ask("/console/state")["hour"]["alerts"].as_u64().unwrap_or_default();
    // more if a copy was not confirmed in time and was sent again
    wait_for("all of them in the stream", || newest() >= 40);
    // one more, after which nothing more may be counted
    let before = newest();
    assert_eq!(worker.post(event(40).to_string().as_bytes()), Some(202));
    wait_for("the last one", || newest() > before);
    wait_for("the hour", || hour() >= newest());
    assert_eq!(hour(), newest());
}

#[test]
fn without_the_stream_a_worker_shows_its_own_and_says_so() {
    let rabbit = Rabbit::start();
    let worker = Worker::start_with(&[("broker.recent_bytes", "0")], &["--broker-url", &rabbit.url()]);
    for n in 0..5 {
        assert_eq!(worker.post(event(n).to_string().as_bytes()), Some(202));
    }
    let page = || serde_json::from_str::<Value>(&worker.get("/alerts.json").unwrap().1).unwrap();
    wait_for("its own alerts", || page()["alerts"].as_array().unwrap().len() == 5);
    assert_eq!((&page()["all_workers"], &page()["next"]), (&Value::Bool(false), &Value::Null));
    assert!(!rabbit.control(&["list_queues", "name"]).contains("presswatch.recent"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_nobody_was_bound_for_comes_once_somebody_is() {
    const ARTICLES: usize = 500;
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let worker = Worker::start(&["--broker-url", &url]);
    let client = Client::connect(&url).await;
    let bodies: Vec<Vec<u8>> = (0..ARTICLES).map(|n| event(n).to_string().into_bytes()).collect();
    // half of them have a route, so that both kinds of confirms are mixed
    client.bind("georgia", "mention.GE", FieldTable::default()).await;
    let settled =
        |outcome: &str| worker.metric(&format!("presswatch_articles_total{{outcome=\"{outcome}\"}}"));
    client.articles(&bodies).await;
    wait_for("all alerts", || settled("alerted") >= ARTICLES as f64);
    let known = client.drain("georgia").await.len();
    assert!((1..ARTICLES).contains(&known), "{known}");
    client.bind("all", "alert", FieldTable::default()).await;
    for _ in 0..2 {
        client.articles(&bodies).await;
    }
    wait_for("all of them twice more", || settled("alerted") + settled("duplicate") >= 3.0 * ARTICLES as f64);
    // once each, except those that had a route before
    assert_eq!(client.drain("all").await.len(), ARTICLES - known);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
}

#[test]
fn the_worker_comes_back_when_the_broker_does() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let worker = Worker::start(&["--broker-url", &url]);
    assert_eq!(worker.post(event(1).to_string().as_bytes()), Some(202));
    rabbit.control(&["close_all_connections", "a test"]);
    wait_for("the reconnect", || worker.metric("presswatch_reconnects_total") >= 1.0);
    wait_for("the broker to be up", || worker.get("/readyz").is_some_and(|(status, _)| status == 200));
    wait_for("an article to be taken", || worker.post(event(2).to_string().as_bytes()) == Some(202));
    wait_for("both alerts", || worker.metric("presswatch_alerts_total") >= 2.0);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    assert!(!log.contains("guest:guest"), "the password is in the log");
    // these alerts have no route: no reason to log them
    assert!(log.lines().all(|line| line.len() < 500), "{log}");
}

#[test]
fn a_wrong_password_and_a_foreign_queue_are_told_clearly() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let wrong = url.replace("guest:guest", "guest:geheim");
    let (_, error, status) = output(presswatch().args(["topology", "--broker-url", &wrong]));
    assert_eq!(status, Some(2));
    assert!(error.contains("password") && !error.contains("geheim"), "{error}");
    rabbit.control(&["eval", "rabbit_amqqueue:declare({resource,<<\"/\">>,queue,<<\"presswatch.dead\">>},true,false,[],none,<<\"x\">>)."]);
    let (_, error, status) = output(presswatch().args(["topology", "--broker-url", &url]));
    assert_eq!(status, Some(1));
    assert!(error.contains("queue `presswatch.dead` exists but differs"), "{error}");
}
