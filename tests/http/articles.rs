//! Articles that are posted: taken in, or tagged and answered.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::support::articles::event;
use crate::support::{PATIENCE, Worker, free_port, presswatch, wait_for};
use crate::{ask, worker};

#[test]
fn tags_are_answered_and_nothing_is_kept() {
    let data = tempfile::tempdir().unwrap();
    let worker = worker(&data);
    let text = "BAKU, March 3 - Azerbaijan raised its oil exports, the government in Baku said.";
    for (kind, body) in [
        ("text/plain", text.to_owned()),
        ("text/html", format!("<html><body><article><h1>Oil</h1><p>{text}</p></article></body></html>")),
        ("application/json", json!({ "title": "Oil", "body": text }).to_string()),
    ] {
        let (head, answer) =
            ask(&worker.address, "POST", "/tag", &format!("Content-Type: {kind}\r\n"), &body);
        assert!(head.starts_with("http/1.1 200"), "{kind}: {head}\n{answer}");
        let tagged: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(tagged["countries"][0]["code"], "AZ", "{kind}: {answer}");
    }
    let (head, answer) =
        ask(&worker.address, "POST", "/tag", "Content-Type: application/json\r\n", "{\"title\": 1}");
    assert!(head.starts_with("http/1.1 422"), "{head}");
    assert!(serde_json::from_str::<Value>(&answer).unwrap()["error"].is_string(), "{answer}");
    let state: Value = serde_json::from_str(&worker.get("/console/state").unwrap().1).unwrap();
    for (outcome, count) in state["outcomes"].as_object().unwrap() {
        assert_eq!(count, 0, "{outcome}");
    }
}

#[test]
fn tagging_a_posted_article_has_the_time_of_the_tagger() {
    let data = tempfile::tempdir().unwrap();
    let arguments = ["--data-dir", data.path().to_str().unwrap()];
    // a text that takes several seconds
    let (limit, text) = ("33554432", "Oil. ".repeat(6_000_000));
    let limits =
        [("limits.tag_seconds", "1"), ("limits.message_bytes", limit), ("limits.unpacked_bytes", limit)];
    let worker = Worker::start_with(&limits, &arguments);
    let (head, answer) = ask(&worker.address, "POST", "/tag", "Content-Type: text/plain\r\n", &text);
    assert!(head.starts_with("http/1.1 503") && answer.contains("took longer than 1"), "{head} {answer}");
}

#[test]
fn who_has_no_token_sends_and_tags_nothing() {
    let data = tempfile::tempdir().unwrap();
    let address = format!("127.0.0.1:{}", free_port());
    let mut child = presswatch()
        .args(["run", "--data-dir", data.path().to_str().unwrap(), "--http-listen", &address])
        .env("PRESSWATCH__HTTP__TOKEN", "open sesame")
        .env("PRESSWATCH__LOG__LEVEL", "error")
        .spawn()
        .unwrap();
    wait_for("the port", || TcpStream::connect(&address).is_ok());
    let body = event(1).to_string();
    let status = |path: &str, token: &str| {
        let headers = format!("Content-Type: application/json\r\nAuthorization: Bearer {token}\r\n");
        ask(&address, "POST", path, &headers, &body).0[9..12].to_owned()
    };
    let seen = [status("/tag", "x"), status("/articles", "open sesam"), status("/tag", "open sesame")];
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(seen, ["401", "401", "200"]);
}

#[test]
fn packed_lines_are_unpacked_before_they_are_told_apart() {
    let data = tempfile::tempdir().unwrap();
    let worker = worker(&data);
    let lines: String = (0..50).map(|n| format!("{}\n", event(n))).collect();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(lines.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let mut stream = TcpStream::connect(&worker.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(
        stream,
        "POST /articles HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\n\
         Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        worker.address,
        packed.len()
    )
    .unwrap();
    stream.write_all(&packed).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with("{\"accepted\":50}"), "{answer}");
    // what can't be an article is reported at once, and nothing is accepted
    let post = |path: &str, kind: &str, body: &str| {
        let (head, body) = ask(&worker.address, "POST", path, &format!("Content-Type: {kind}\r\n"), body);
        (head[9..12].to_owned(), serde_json::from_str::<Value>(&body).unwrap())
    };
    let (status, told) = post("/articles", "application/json", "{\"title\": \"x\"}");
    assert_eq!((status.as_str(), told["reason"].as_str()), ("422", Some("wrong-schema")), "{told}");
    let (status, told) = post("/articles", "application/json", "{\"title\": ");
    assert_eq!((status.as_str(), told["reason"].as_str()), ("422", Some("not-json")), "{told}");
    let lines = format!("{}\n\n{{\"title\": 1, \"body\": []}}\n{}\n[\n", event(60), event(61));
    let (status, told) = post("/articles", "application/x-ndjson", &lines);
    assert_eq!(status, "422", "{told}");
    assert!(told["error"].as_str().unwrap().starts_with("line 3: "), "{told}");
    let wrong: Vec<(u64, &str)> = told["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| (l["line"].as_u64().unwrap(), l["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(wrong, [(3, "wrong-schema"), (5, "not-json")], "{told}");
    assert!(!told["lines"][1]["error"].as_str().unwrap().contains("content type"), "a line is JSON: {told}");
    let (status, told) = post("/articles?accept=all", "application/x-ndjson", &lines);
    assert_eq!((status.as_str(), &told), ("202", &json!({ "accepted": 4 })));
    wait_for("the two to be dead", || worker.metric("presswatch_articles_total{outcome=\"dead\"}") > 1.5);
    assert!((51.5..52.5).contains(&worker.metric("presswatch_articles_total{outcome=\"alerted\"}")));
    let lines = "1\n".repeat(100_001);
    let (head, body) =
        ask(&worker.address, "POST", "/articles", "Content-Type: application/x-ndjson\r\n", &lines);
    assert!(head.starts_with("http/1.1 413") && body.contains("lines"), "{head}{body}");
}
