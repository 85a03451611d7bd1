//! Who gets in and what they may do: TLS with our own certificates, users with only the rights of the example, limits
//! at the entrances.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod port;

use std::fs;
use std::path::Path;
use std::process::Command;

use lapin::options::{BasicPublishOptions, ExchangeBindOptions, ExchangeDeclareOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, ExchangeKind};
use support::amqp::{Client, headers};
use support::articles::{broken, country, event};
use support::rabbit::Rabbit;
use support::{Worker, free_port, output, presswatch, wait_for};

fn openssl(folder: &Path, arguments: &str) {
    let out = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
    assert!(out.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&out.stderr));
}

/// A CA, and certificates signed by it: `server` for the host `localhost`, `client` for a worker.
fn certificates(folder: &Path) {
    let new = "req -newkey rsa:2048 -nodes";
    openssl(folder, &format!("{new} -x509 -days 2 -subj /CN=ca -keyout ca.key -out ca.pem"));
    for (name, extension) in
        [("server", "subjectAltName=DNS:localhost"), ("client", "extendedKeyUsage=clientAuth")]
    {
        fs::write(folder.join("ext"), extension).unwrap();
        openssl(folder, &format!("{new} -subj /CN={name} -keyout {name}.key -out {name}.csr"));
        let sign = "x509 -req -days 2 -CA ca.pem -CAkey ca.key -CAcreateserial -extfile ext";
        openssl(folder, &format!("{sign} -in {name}.csr -out {name}.pem"));
    }
}

#[test]
fn tls_needs_the_right_ca_the_right_name_and_our_certificate() {
    let folder = tempfile::tempdir().unwrap();
    certificates(folder.path());
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let port = free_port();
    let _rabbit = Rabbit::with(&format!(
        "listeners.ssl.1 = 127.0.0.1:{port}\nssl_options.cacertfile = {}\nssl_options.certfile = {}\n\
         ssl_options.keyfile = {}\nssl_options.verify = verify_peer\nssl_options.fail_if_no_peer_cert = true\n",
        at("ca.pem"),
        at("server.pem"),
        at("server.key")
    ));
    let url = |host: &str| format!("amqps://guest:guest@{host}:{port}/%2f");
    let (ca, cert, key) =
        (("TLS_CA", at("ca.pem")), ("TLS_CERT", at("client.pem")), ("TLS_KEY", at("client.key")));
    let topology = |host: &str, files: &[&(&str, String)]| {
        let mut command = presswatch();
        command.args(["topology", "--broker-url", &url(host)]);
        for (name, file) in files {
            command.env(format!("PRESSWATCH__BROKER__{name}"), file);
        }
        let (_, error, status) = output(&mut command);
        (status.unwrap(), error.to_lowercase())
    };
    let (status, error) = topology("localhost", &[&ca, &cert, &key]);
    assert_eq!(status, 0, "{error}");
    // an unknown CA
    let (status, error) = topology("localhost", &[&cert, &key]);
    assert!(status == 1 && error.contains("unknownissuer"), "{error}");
    // a certificate for another name
    let (status, error) = topology("127.0.0.1", &[&ca, &cert, &key]);
    assert!(status == 1 && error.contains("not valid for name"), "{error}");
    // no certificate of ours
    let (status, error) = topology("localhost", &[&ca]);
    assert!(status == 1 && error.contains("certificate"), "{error}");
    // the worker itself, from a settings file
    let file = folder.path().join("presswatch.toml");
    let (ca, cert, key) = (&ca.1, &cert.1, &key.1);
    fs::write(&file, format!("[broker]\ntls_ca = '{ca}'\ntls_cert = '{cert}'\ntls_key = '{key}'\n")).unwrap();
    let worker = Worker::start(&["--broker-url", &url("localhost"), "--config", file.to_str().unwrap()]);
    assert_eq!(worker.post(event(1).to_string().as_bytes()), Some(202));
    wait_for("an alert over TLS", || worker.metric("presswatch_alerts_total") >= 1.0);
    // dead letters are read over another kind of connection
    assert_eq!(worker.post(b"{\"title\": 1"), Some(202));
    wait_for("a dead article", || worker.metric("presswatch_dead_total{reason=\"not-json\"}") >= 1.0);
    let mut list = presswatch();
    list.args(["dead", "list", "--broker-url", &url("localhost"), "--config", file.to_str().unwrap()]);
    let (list, error, status) = output(&mut list);
    assert!(status == Some(0) && list.contains("not-json"), "{list}{error}");
    assert!(worker.stop().0.success());
}

/// Checks that the broker refused for lack of rights, and opens another channel.
async fn refused<T>(client: &mut Client, what: &str, answer: lapin::Result<T>) {
    let error = answer.err().unwrap_or_else(|| panic!("{what} was allowed")).to_string();
    assert!(error.contains("ACCESS_REFUSED") || error.contains("ACCESS-REFUSED"), "{what}: {error}");
    client.reopen().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_users_gives_each_what_it_needs_and_no_more() {
    let rabbit = Rabbit::start();
    let definitions = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/rabbitmq/definitions.json");
    rabbit.control(&["import_definitions", definitions]);
    let url = |user: &str| rabbit.url_as(user, &format!("{user}-demo"));
    let run = |user: &str, arguments: &[&str]| {
        output(presswatch().args(arguments).args(["--broker-url", &url(user)]))
    };
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, n: usize| {
        let path = folder.path().join(name);
        fs::write(&path, (0..n).map(|n| format!("{}\n", event(n))).collect::<String>()).unwrap();
        path.to_str().unwrap().to_owned()
    };

    // a user without the right to declare is told what is missing, and does not retry in a hot loop
    let (_, error, status) = run("tagger", &["topology"]);
    assert!(status == Some(1) && error.contains("give the user the right to configure it"), "{error}");
    let (_, error, status) = run("worker", &["topology"]);
    assert_eq!(status, Some(0), "{error}");

    // a subscriber may bind its key, and can't get alerts in any other way
    let mut baku = Client::connect(&url("baku")).await;
    baku.bind("subscriber.baku.desk", "country.AZ", FieldTable::default()).await;
    for key in ["country.GE", "country.*", "#", "topic.20000642"] {
        let answer = baku.try_bind("subscriber.baku.desk", "alerts", key).await;
        refused(&mut baku, key, answer).await;
    }
    for exchange in ["alerts.match", "alerts.unrouted", "articles"] {
        let answer = baku.try_bind("subscriber.baku.desk", exchange, "#").await;
        refused(&mut baku, exchange, answer).await;
    }
    let none = FieldTable::default();
    let own = ExchangeDeclareOptions::default();
    let answer =
        baku.channel.exchange_declare("subscriber.baku.x".into(), ExchangeKind::Topic, own, none.clone());
    answer.await.unwrap();
    let options = ExchangeBindOptions::default();
    let (to, from) = ("subscriber.baku.x".into(), "alerts".into());
    let answer = baku.channel.exchange_bind(to, from, "#".into(), options, none.clone()).await;
    refused(&mut baku, "a binding over an exchange of its own", answer).await;
    let answer =
        baku.channel.queue_declare("presswatch.x".into(), QueueDeclareOptions::default(), none.clone()).await;
    refused(&mut baku, "another name", answer).await;
    // an owner of watches may bind its own key, and can't get other owners' notices in any other way
    let mut desk = Client::connect(&url("desk-energy")).await;
    let own = desk.channel.queue_declare(
        "subscriber.desk-energy.q".into(),
        QueueDeclareOptions::default(),
        none.clone(),
    );
    own.await.unwrap();
    desk.try_bind("subscriber.desk-energy.q", "notices", "owner.desk-energy").await.unwrap();
    for key in ["owner.desk-sport", "owner.*", "#", "severity.high", "watch.x"] {
        let answer = desk.try_bind("subscriber.desk-energy.q", "notices", key).await;
        refused(&mut desk, key, answer).await;
    }
    for exchange in ["notices.unrouted", "alerts"] {
        let answer = desk.try_bind("subscriber.desk-energy.q", exchange, "owner.desk-energy").await;
        refused(&mut desk, exchange, answer).await;
    }
    let answer = baku.try_bind("subscriber.baku.desk", "notices", "owner.desk-energy").await;
    refused(&mut baku, "notices", answer).await;
    let mut feeder = Client::connect(&url("feeder")).await;
    let publish = BasicPublishOptions::default();
    let properties = BasicProperties::default();
    feeder.channel.confirm_select(lapin::options::ConfirmSelectOptions::default()).await.unwrap();
    let sent =
        feeder.channel.basic_publish("alerts".into(), "country.AZ".into(), publish, b"{}", properties).await;
    refused(&mut feeder, "a forged alert", sent.unwrap().await).await;

    // the whole way with users that may declare nothing
    let tagger = Worker::start(&["--broker-url", &url("tagger")]);
    let articles = file("articles.ndjson", 10);
    let (_, error, status) = run("feeder", &["publish", &articles]);
    assert_eq!(status, Some(0), "{error}");
    wait_for("alerts", || tagger.metric("presswatch_alerts_total") >= 10.0);
    let got = baku.drain("subscriber.baku.desk").await;
    assert_eq!(got.len(), (0..10).filter(|n| country(*n) == "AZ").count());
    assert_eq!(tagger.post(&broken(0).0), Some(202));
    wait_for("a dead article", || rabbit.messages("presswatch.dead") == 1);
    for user in ["feeder", "subscriber", "baku", "tagger"] {
        let (_, error, status) = run(user, &["dead", "list"]);
        assert!(status == Some(1) && error.contains("ACCESS_REFUSED"), "{user}: {error}");
    }
    let (list, error, status) = run("operator", &["dead", "list"]);
    assert!(status == Some(0) && list.contains("not-json"), "{error}");
    let (_, error, status) = run("operator", &["dead", "replay"]);
    assert_eq!(status, Some(0), "{error}");
    wait_for("it to be dead again", || tagger.metric("presswatch_articles_total{outcome=\"dead\"}") >= 2.0);
    assert!(tagger.stop().0.success());

    // and a worker that may declare
    let worker = Worker::start(&["--broker-url", &url("worker")]);
    let (_, error, status) = run("feeder", &["publish", &articles]);
    assert_eq!(status, Some(0), "{error}");
    wait_for("alerts", || worker.metric("presswatch_alerts_total") >= 10.0);
    assert!(worker.stop().0.success());
}

#[test]
fn a_dead_article_forges_no_row_and_sends_no_escape() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let worker = Worker::start(&["--data-dir", data]);
    let body = r#"{"specversion":"\u001b]0;x\u0007\nFAKE line \u009b2J\u202e","data":{}}"#;
    assert_eq!(worker.post(body.as_bytes()), Some(202));
    wait_for("it to be dead", || worker.metric("presswatch_articles_total{outcome=\"dead\"}") >= 1.0);
    assert!(worker.stop().0.success());
    let dead =
        |arguments: &[&str]| output(presswatch().args(["dead"]).args(arguments).args(["--data-dir", data]));
    let (list, error, status) = dead(&["list"]);
    assert_eq!(status, Some(0), "{error}");
    assert!(list.lines().count() == 1 && list.contains("FAKE line"), "{list:?}");
    let is_clean = |text: &str| !text.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}');
    assert!(is_clean(&list), "{list:?}");
    // piped, the body is unchanged; the text around it is for people
    let (shown, about, status) = dead(&["show", &list[..12]]);
    assert!(status == Some(0) && shown == body, "{shown:?}");
    assert!(about.contains("FAKE line") && about.lines().count() == 5 && is_clean(&about), "{about:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_with_too_many_headers_is_dead_with_all_of_them() {
    let rabbit = Rabbit::start();
    let worker = Worker::start(&["--broker-url", &rabbit.url()]);
    let client = Client::connect(&rabbit.url()).await;
    let names: Vec<String> = (0..101).map(|n| format!("h{n}")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), "v")).collect();
    let body = event(1).to_string();
    client.article(body.as_bytes(), BasicProperties::default().with_headers(headers(&many))).await;
    // together with ours, these do not fit into a frame
    let long = "x".repeat(64 << 10);
    let large = headers(&[("a", long.as_str()), ("b", &long[..(63 << 10) + 800]), ("c", "kept")]);
    client.article(body.as_bytes(), BasicProperties::default().with_headers(large)).await;
    client.article(body.as_bytes(), BasicProperties::default().with_headers(headers(&many[..100]))).await;
    wait_for("all three", || {
        worker.metric("presswatch_alerts_total") >= 1.0 && rabbit.messages("presswatch.dead") == 2
    });
    let mut kept: Vec<Vec<String>> = Vec::new();
    for message in client.drain("presswatch.dead").await {
        let headers = message.properties.headers().clone().unwrap();
        assert_eq!(
            headers.inner()["presswatch-reason"].as_long_string().unwrap().to_string(),
            "too-many-headers"
        );
        kept.push(headers.inner().keys().map(ToString::to_string).collect());
    }
    kept.sort_by_key(Vec::len);
    assert!(kept[0].iter().any(|n| n == "c") && kept[0].iter().any(|n| n == "b"), "{:?}", kept[0]);
    assert!(names.iter().all(|name| kept[1].contains(name)));
    assert!(worker.stop().0.success());
}
