//! Who gets in and what they may do: TLS with our own certificates, users with only the rights of the example, limits
//! at the entrances.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

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

/// Sends a request verbatim and returns the status of the response.
fn status(address: &str, request: &str) -> u16 {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(support::PATIENCE)).unwrap();
    // after refusing, the server may close before all is sent
    let _ = stream.write_all(request.as_bytes());
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or_else(|| panic!("no status in {answer:?}"))
}

#[test]
fn the_http_port_takes_articles_from_elsewhere_only_with_a_token_and_within_limits() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let start = |token: Option<&str>| {
        let mut command = presswatch();
        command.args(["run", "--http-listen", &format!("0.0.0.0:{port}"), "--data-dir"]).arg(folder.path());
        command.env("PRESSWATCH__HTTP__TIMEOUT", "2");
        if let Some(token) = token {
            let file = folder.path().join("token");
            fs::write(&file, format!("{token}\n")).unwrap();
            command.env("PRESSWATCH__HTTP__TOKEN_FILE", file);
        }
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        wait_for("the HTTP port", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        child
    };
    let address = format!("127.0.0.1:{port}");
    let post = |more: &str, body: &str| {
        let head = "Host: x\r\nConnection: close\r\nContent-Type: application/json";
        let length = body.len();
        status(
            &address,
            &format!("POST /articles HTTP/1.1\r\n{head}\r\nContent-Length: {length}\r\n{more}\r\n{body}"),
        )
    };
    let article = event(1).to_string();
    let mut child = start(None);
    assert_eq!(post("", &article), 403);
    child.kill().unwrap();
    child.wait().unwrap();
    // on loopback without a token, but not for a page from another site
    let (worker, data) = (folder.path().join("loopback"), "--data-dir");
    let worker = Worker::start(&[data, worker.to_str().unwrap()]);
    let from = |origin: &str| {
        let head = format!("Host: {}\r\nOrigin: {origin}\r\nConnection: close", worker.address);
        let length = article.len();
        let request =
            format!("POST /articles HTTP/1.1\r\n{head}\r\nContent-Length: {length}\r\n\r\n{article}");
        status(&worker.address, &request)
    };
    assert_eq!(from("https://elsewhere.example"), 403);
    assert_eq!(from("null"), 403);
    assert_eq!(from(&format!("http://{}", worker.address)), 202);
    assert!(worker.stop().0.success());
    let mut child = start(Some("geheim"));
    let token = "Authorization: Bearer geheim\r\n";
    assert_eq!(post("", &article), 401);
    assert_eq!(post("Authorization: Bearer wrong!\r\n", &article), 401);
    assert_eq!(post(token, &article), 202);
    assert_eq!(post(&format!("{token}{}", "X: y\r\n".repeat(200)), &article), 431);
    assert_eq!(post(token, &"x".repeat((2 << 20) + 1)), 413);
    // a body that never ends in time
    let slow = format!(
        "POST /articles HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{token}Content-Length: 99\r\n\r\n{{"
    );
    assert_eq!(status(&address, &slow), 503);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_host_that_is_not_ours_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let worker = Worker::start(&["--data-dir", folder.path().to_str().unwrap()]);
    let (article, address) = (event(1).to_string(), worker.address.as_str());
    let port = address.rsplit_once(':').unwrap().1;
    let ask = |to: &str, method: &str, path: &str, headers: &str| {
        let body = if method == "POST" { article.as_str() } else { "" };
        let length = body.len();
        let head = format!("{headers}Connection: close\r\nContent-Length: {length}\r\n");
        status(to, &format!("{method} {path} HTTP/1.1\r\n{head}\r\n{body}"))
    };
    // what a browser sends for a page whose name was rebound to this machine
    let rebound = format!("Host: evil.example:{port}\r\n");
    let origin = format!("{rebound}Origin: http://evil.example:{port}\r\n");
    for path in ["/", "/console/state", "/alerts", "/metrics", "/livez", "/nowhere"] {
        assert_eq!(ask(address, "GET", path, &rebound), 421, "{path}");
    }
    for path in ["/articles", "/tag"] {
        assert_eq!(ask(address, "POST", path, &origin), 421, "{path}");
        assert_eq!(ask(address, "POST", path, "Origin: null\r\n"), 421, "{path}");
    }
    let two = format!("Host: {address}\r\n{rebound}");
    assert_eq!(ask(address, "GET", "/metrics", &two), 421);
    assert_eq!(ask(address, "GET", "http://evil.example/metrics", &format!("Host: {address}\r\n")), 421);
    for host in [format!("Host: localhost:{port}\r\n"), "Host: [::1]\r\n".to_owned(), String::new()] {
        assert_eq!(ask(address, "GET", "/metrics", &host), 200, "{host}");
        assert_eq!(ask(address, "POST", "/articles", &host), 202, "{host}");
    }
    assert!(worker.stop().0.success());

    // beyond loopback: listed hosts, and probes at any address
    let port = free_port();
    let elsewhere = format!("127.0.0.1:{port}");
    let mut child = presswatch()
        .args(["run", "--http-listen", &format!("0.0.0.0:{port}"), "--data-dir"])
        .arg(folder.path())
        .env("PRESSWATCH__HTTP__HOSTS", "news.example, 10.0.0.1:80")
        .env("PRESSWATCH__LOG__LEVEL", "error")
        .spawn()
        .unwrap();
    wait_for("the HTTP port", || TcpStream::connect(&elsewhere).is_ok());
    let get = |path: &str, host: &str| ask(&elsewhere, "GET", path, &format!("Host: {host}\r\n"));
    let seen = [
        get("/", "news.example"),
        get("/", "NEWS.example:8443"),
        get("/", "10.0.0.1:80"),
        get("/", "10.0.0.1:81"),
        get("/", "evil.example"),
        get("/livez", &elsewhere),
        get("/metrics", "10.7.0.3:9464"),
        get("/console/state", &elsewhere),
    ];
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(seen, [200, 200, 200, 421, 421, 200, 200, 421]);
}

/// A connection over which this was sent.
fn connect(address: &str, sent: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(support::PATIENCE)).unwrap();
    stream.write_all(sent.as_bytes()).unwrap();
    stream
}

#[test]
fn who_never_reads_holds_neither_the_probes_nor_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [("http.connections", "4"), ("http.timeout", "3")];
    let worker = Worker::start_with(&settings, &["--data-dir", folder.path().to_str().unwrap()]);
    // responses of megabytes that no one reads
    let get = format!("GET /console.js HTTP/1.1\r\nHost: {}\r\n\r\n", worker.address);
    let many = get.repeat(4000);
    let deaf: Vec<TcpStream> = (0..4)
        .map(|_| {
            let mut stream = TcpStream::connect(&worker.address).unwrap();
            stream.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
            // as much as the server accepts before it waits for us
            let _ = stream.write_all(many.as_bytes());
            stream
        })
        .collect();
    let started = Instant::now();
    for path in ["/livez", "/readyz", "/metrics"] {
        assert_eq!(worker.get(path).unwrap().0, 200, "{path}");
    }
    // far more than the spare connections, and none of them sends a request
    let silent: Vec<TcpStream> = (0..200).map(|_| connect(&worker.address, "")).collect();
    assert_eq!(worker.get("/livez").unwrap().0, 200);
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    // anything but a probe waits for a slot, which is freed since no one reads
    assert_eq!(worker.post(event(1).to_string().as_bytes()), Some(202));
    assert!(started.elapsed() < Duration::from_secs(13), "{:?}", started.elapsed());
    drop((deaf, silent));
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

#[test]
fn slow_bodies_do_not_hold_up_a_good_one() {
    let folder = tempfile::tempdir().unwrap();
    let worker = Worker::start(&["--data-dir", folder.path().to_str().unwrap()]);
    let head = |length: usize| {
        let host = &worker.address;
        format!("POST /articles HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n")
    };
    // some that are large enough to need a slot, and stall
    let begun = "x".repeat(70_000);
    let slow: Vec<TcpStream> = (0..60)
        .map(|n| connect(&worker.address, &(head(100_000) + if n < 30 { "x" } else { &begun })))
        .collect();
    let started = Instant::now();
    assert_eq!(worker.post(event(1).to_string().as_bytes()), Some(202));
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    // a large one comes after the stalled ones, which are dropped
    let mut large = event(2);
    large["padding"] = "x".repeat(500_000).into();
    assert_eq!(worker.post(large.to_string().as_bytes()), Some(202));
    assert!(started.elapsed() < Duration::from_secs(18), "{:?}", started.elapsed());
    drop(slow);
    wait_for("both alerts", || worker.metric("presswatch_alerts_total") >= 2.0);
    assert!(worker.stop().0.success());
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
