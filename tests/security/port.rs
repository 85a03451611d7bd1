//! The HTTP port: tokens, hosts, limits, and clients that stall.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::articles::event;
use crate::support::{self, Worker, free_port, presswatch, wait_for};

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
