//! Watches of owners: each gets its own notices, and alerts name none of them.

use std::collections::BTreeSet;
use std::process::Stdio;

use lapin::message::BasicGetMessage;
use lapin::types::FieldTable;
use serde_json::Value;

use crate::support::amqp::Client;
use crate::support::rabbit::Rabbit;
use crate::support::{Worker, output, presswatch, wait_for};

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
