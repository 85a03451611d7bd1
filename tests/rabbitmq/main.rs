//! The running program over a real RabbitMQ: every article ends once, and whoever binds a key gets what they asked for.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;

use lapin::message::BasicGetMessage;
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
    assert!(error.contains("queue `presswatch.dead` is there but differs"), "{error}");
}

/// The watches named in a message.
fn watches(message: &BasicGetMessage) -> Vec<String> {
    let body: Value = serde_json::from_slice(&message.data).unwrap();
    body["data"]["watches"].as_array().unwrap().iter().map(|w| w["id"].as_str().unwrap().to_owned()).collect()
}

fn folder_of_watches(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("desks.toml"), text).unwrap();
    folder
}

const OF_TWO_DESKS: &str = "[[watch]]\nid = \"open\"\nwhen = 'bridge'\n\
     [[watch]]\nid = \"ships\"\nowner = \"desk-sea\"\nwhen = 'ferry'\n\
     [[watch]]\nid = \"metal\"\nowner = \"desk-land\"\nseverity = \"high\"\nwhen = 'zugzwang'\n\
     [[watch]]\nid = \"lone\"\nowner = \"desk-lone\"\nwhen = 'zugzwang'\n";

fn on(id: &str, body: &str) -> Vec<u8> {
    serde_json::json!({ "id": id, "title": "Hm", "body": body }).to_string().into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_owner_gets_its_own_notices_and_the_alerts_name_none() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let folder = folder_of_watches(OF_TWO_DESKS);
    let settings = [("watches.dir", folder.path().to_str().unwrap())];
    let worker = Worker::start_with(&settings, &["--broker-url", &url]);
    let client = Client::connect(&url).await;
    client.bind("all", "#", FieldTable::default()).await;
    for (queue, key) in [("sea", "owner.desk-sea"), ("land", "owner.desk-land"), ("urgent", "severity.high")]
    {
        client.bind_to(queue, "notices", &[key], FieldTable::default()).await;
    }
    client.bind_to("nobody", "notices.unrouted", &[""], FieldTable::default()).await;
    let bodies = [
        on("both", "A ferry under the bridge. It was a zugzwang."),
        on("sea", "A ferry in Japan, said Japan."),
        // no tag and no shared watch
        on("theirs", "It was a zugzwang."),
        on("none", "It was of wood."),
    ];
    client.articles(&bodies).await;
    let count = |series: &str| worker.metric(series);
    let outcome = |of: &str| count(&format!("presswatch_articles_total{{outcome=\"{of}\"}}"));
    wait_for("all of them", || outcome("alerted") + outcome("noticed") + outcome("untagged") > 3.5);
    let (all, sea, land) = (client.drain("all").await, client.drain("sea").await, client.drain("land").await);
    let mut named: Vec<Vec<String>> = all.iter().map(watches).collect();
    named.sort();
    assert_eq!(named, [vec![], vec!["open".to_owned()]], "an alert names open watches alone");
    let subjects = |of: &[BasicGetMessage]| -> BTreeSet<String> {
        let subject =
            |m: &BasicGetMessage| serde_json::from_slice::<Value>(&m.data).unwrap()["subject"].clone();
        of.iter().map(|m| subject(m).as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(subjects(&all), ["both", "sea"].map(str::to_owned).into());
    assert_eq!((subjects(&sea), sea.len()), (["both", "sea"].map(str::to_owned).into(), 2));
    assert_eq!((subjects(&land), land.len()), (["both", "theirs"].map(str::to_owned).into(), 2));
    assert!(sea.iter().all(|m| watches(m) == ["ships"]) && land.iter().all(|m| watches(m) == ["metal"]));
    assert_eq!(client.drain("urgent").await.len(), 2);
    let sent = &land[0];
    assert_eq!(sent.routing_key.as_str(), "owner.desk-land");
    let properties = &sent.properties;
    assert_eq!(properties.kind().as_ref().unwrap().as_str(), "presswatch.notice.watch.v1");
    let body: Value = serde_json::from_slice(&sent.data).unwrap();
    assert_eq!(properties.message_id().as_ref().unwrap().as_str(), body["id"].as_str().unwrap());
    // no route: counted, and passed to the alternate exchange
    let notices = |result: &str| count(&format!("presswatch_notices_total{{result=\"{result}\"}}"));
    assert!((5.5..6.5).contains(&notices("published")), "{}", notices("published"));
    assert!(notices("unroutable") < 0.5, "the alternate exchange has a queue");
    let unrouted = client.drain("nobody").await;
    assert_eq!((unrouted.len(), subjects(&unrouted)), (2, ["both", "theirs"].map(str::to_owned).into()));
    assert!(count("presswatch_confirms_total{result=\"unroutable\"}") < 0.5);
    // a repeated article notifies no one again
    client.articles(&bodies).await;
    wait_for("the same again", || outcome("duplicate") > 2.5);
    for queue in ["all", "sea", "land"] {
        assert_eq!(client.drain(queue).await.len(), 0, "{queue}");
    }
    // the console shows what all workers published: alerts
    let page = || serde_json::from_str::<Value>(&worker.get("/alerts.json").unwrap().1).unwrap();
    wait_for("the stream", || page()["alerts"].as_array().unwrap().len() == 2);
    let past = worker.get("/alerts.json").unwrap().1;
    assert!(
        ["desk-", "ships", "metal", "presswatch.notice"].iter().all(|secret| !past.contains(secret)),
        "{past}"
    );
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_nobody_is_bound_for_is_counted_and_comes_once_somebody_is() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let folder = folder_of_watches(OF_TWO_DESKS);
    let settings = [("watches.dir", folder.path().to_str().unwrap())];
    let worker = Worker::start_with(&settings, &["--broker-url", &url]);
    let client = Client::connect(&url).await;
    let bodies: Vec<Vec<u8>> =
        (0..100).map(|n| on(&format!("n{n}"), "A ferry came to Japan, said Japan.")).collect();
    client.articles(&bodies).await;
    let outcome = |of: &str| worker.metric(&format!("presswatch_articles_total{{outcome=\"{of}\"}}"));
    wait_for("all of them", || outcome("alerted") > 99.5);
    // each with its own kind, though returns of one may arrive with confirms of the other
    assert!((99.5..100.5).contains(&worker.metric("presswatch_notices_total{result=\"unroutable\"}")));
    client.bind_to("sea", "notices", &["owner.#"], FieldTable::default()).await;
    client.articles(&bodies).await;
    client.articles(&bodies).await;
    wait_for("all of them twice more", || {
        ["alerted", "noticed", "duplicate"].map(outcome).iter().sum::<f64>() > 299.5
    });
    assert_eq!(client.drain("sea").await.len(), 100);
    assert!(worker.stop().0.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_go_on_once_each_where_nobody_may_write_notices() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let (_, error, status) = output(presswatch().args(["topology", "--broker-url", &url]));
    assert_eq!(status, Some(0), "{error}");
    rabbit.control(&["set_permissions", "guest", ".*", "^(?!notices$).*", ".*"]);
    let folder = folder_of_watches(OF_TWO_DESKS);
    let settings = [("watches.dir", folder.path().to_str().unwrap())];
    let worker = Worker::start_with(&settings, &["--broker-url", &url]);
    let client = Client::connect(&url).await;
    client.bind("all", "alert", FieldTable::default()).await;
    client.bind_to("sea", "notices", &["owner.desk-sea"], FieldTable::default()).await;
    let outcome = |of: &str| worker.metric(&format!("presswatch_articles_total{{outcome=\"{of}\"}}"));
    // one in ten is for an owner, and waits until someone fixes it
    let mut bodies = Vec::new();
    for n in 0..300 {
        let body = if n % 10 == 0 { "A ferry came to Japan, said Japan." } else { "Japan wins, said Japan." };
        bodies.push(on(&format!("r{n}"), body));
    }
    for part in bodies.chunks(30) {
        client.articles(part).await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    wait_for("the others", || outcome("alerted") > 269.5);
    let lost = worker.metric("presswatch_confirms_total{result=\"lost\"}");
    assert!((0.5..1000.0).contains(&lost), "{lost}: it is tried again, and not in a hot loop");
    let alerts = client.drain("all").await.len();
    assert_eq!(alerts, 300, "an alert is on its way once, whatever becomes of notices");
    assert!(worker.get("/readyz").is_some());
    rabbit.control(&["set_permissions", "guest", ".*", ".*", ".*"]);
    wait_for("the rest", || outcome("alerted") > 299.5);
    assert_eq!(client.drain("sea").await.len(), 30);
    assert_eq!(client.drain("all").await.len(), 0);
    let (status, log) = worker.stop();
    assert!(status.success() && log.contains("notices"), "{log}");
}

#[test]
fn an_owner_subscribes_from_the_command_line() {
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    let folder = folder_of_watches(OF_TWO_DESKS);
    let settings = [("watches.dir", folder.path().to_str().unwrap())];
    let worker = Worker::start_with(&settings, &["--broker-url", &url]);
    let subscribe = |json: &[&str]| {
        let mut command = presswatch();
        command.args(["subscribe", "owner.desk-sea", "watch.open", "--count", "2", "--broker-url", &url]);
        command.args(json).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let (one, other) = (subscribe(&["--json"]), subscribe(&[]));
    wait_for("both queues", || {
        rabbit.control(&["list_bindings", "source_name", "routing_key"]).matches("owner.desk-sea").count()
            == 2
    });
    // an alert for one key and a notice for the other
    assert_eq!(worker.post(&on("both", "A ferry under the bridge. It was a zugzwang.")), Some(202));
    let read = |child: std::process::Child| {
        let out = child.wait_with_output().unwrap();
        (String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap())
    };
    let (lines, error) = read(one);
    let types: BTreeSet<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(types.len(), 2, "{lines}");
    assert!(!error.contains("note:"), "{error}");
    let (told, _) = read(other);
    assert!(told.contains("medium  ships") && told.contains("A ferry under the bridge."), "{told}");
    assert!(!told.contains("metal"), "{told}");
}
