//! The HTTP port of the running program: the console with its policy, what it requests, and who may send.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod articles;
mod stream;

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};
use stream::stream;
use support::articles::event;
use support::{PATIENCE, Worker, events, presswatch, wait_for};

/// Status line and headers in lower case, and the body.
fn ask(address: &str, method: &str, path: &str, headers: &str, body: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_lowercase(), body.to_owned())
}

fn worker(data: &tempfile::TempDir) -> Worker {
    Worker::start(&["--data-dir", data.path().to_str().unwrap()])
}

#[test]
fn the_console_runs_nothing_but_its_own_files() {
    let data = tempfile::tempdir().unwrap();
    let worker = worker(&data);
    let parts = [
        "article", "board", "dead", "dom", "editor", "filter", "list", "offers", "options", "share", "tag",
        "watches",
    ];
    let parts = parts.map(|part| format!("/console/{part}.js"));
    let files = [("/", "text/html"), ("/console.css", "text/css"), ("/console.js", "text/javascript")];
    let parts = parts.iter().map(|part| (part.as_str(), "text/javascript"));
    for (path, kind) in files.into_iter().chain(parts) {
        let (head, body) = ask(&worker.address, "GET", path, "", "");
        assert!(head.starts_with("http/1.1 200"), "{path}: {head}");
        assert!(head.contains(&format!("content-type: {kind}; charset=utf-8")), "{path}: {head}");
        let policy = head.lines().find_map(|l| l.strip_prefix("content-security-policy: ")).unwrap();
        for part in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"]
        {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert!(head.contains("x-content-type-options: nosniff"), "{path}: {head}");
        for way in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", " style=", "<script>"]
        {
            assert!(!body.contains(way), "{path} has {way}");
        }
        // the only foreign address is the SVG namespace in the icon
        let outside = body.replace("http://www.w3.org/2000/svg", "");
        assert!(!outside.contains("http://") && !outside.contains("https://"), "{path} asks others");
    }
}

#[test]
fn schemas_are_served_by_their_file_names() {
    let data = tempfile::tempdir().unwrap();
    let worker = worker(&data);
    for name in ["article.v1", "alert.v1", "alert.article.v1", "notice.v1", "notice.watch.v1", "tagged.v1"] {
        let (head, body) = ask(&worker.address, "GET", &format!("/schemas/{name}.json"), "", "");
        assert!(head.starts_with("http/1.1 200") && head.contains("application/schema+json"), "{head}");
        let schema: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(schema["$id"], format!("urn:presswatch:schema:{name}"));
    }
    let (head, body) = ask(&worker.address, "GET", "/schemas/alert.json", "", "");
    assert!(head.starts_with("http/1.1 404") && body.contains("alert.v1.json"), "{head} {body}");
}

#[test]
fn a_wrong_method_is_told_with_the_right_ones() {
    let data = tempfile::tempdir().unwrap();
    let worker = worker(&data);
    for (method, path, allowed) in [("GET", "/articles", "post"), ("POST", "/metrics", "get,head")] {
        let (head, body) = ask(&worker.address, method, path, "", "");
        assert!(head.starts_with("http/1.1 405") && head.contains(&format!("allow: {allowed}")), "{head}");
        assert!(body.contains(path) && body.contains(method), "{body}");
    }
}

#[test]
fn the_console_is_told_of_broker_outcomes_and_the_last_hour() {
    let data = tempfile::tempdir().unwrap();
    let worker = worker(&data);
    for n in 0..5 {
        assert_eq!(worker.post(event(n).to_string().as_bytes()), Some(202));
    }
    assert_eq!(worker.post(b"{}"), Some(202));
    let state = || serde_json::from_str::<Value>(&worker.get("/console/state").unwrap().1).unwrap();
    // an alert is counted by outcome before it is on the board
    wait_for("six outcomes", || {
        let state = state();
        state["outcomes"]["dead"] == 1 && state["hour"]["alerts"] == 5
    });
    let state = state();
    assert_eq!(state["outcomes"]["alerted"], 5);
    assert_eq!(state["broker"]["up"], true);
    assert_eq!(state["exchange"], Value::Null, "there is no queue to bind on the embedded store");
    let countries = state["hour"]["countries"].as_array().unwrap();
    assert!(countries.contains(&json!({ "key": "country.JP", "name": "Japan", "count": 1 })), "{state}");
    let quakes = json!({ "key": "topic.20000153", "name": "earthquake", "count": 3 });
    assert!(state["hour"]["topics"].as_array().unwrap().contains(&quakes), "{state}");
    // on request, the latest with the given key come first
    let mut stream = TcpStream::connect(&worker.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET /alerts?recent=2&key=country.* HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let (mut seen, mut part) = (Vec::new(), [0; 4096]);
    while String::from_utf8_lossy(&seen).matches("event: alert").count() < 2 {
        let read = stream.read(&mut part).unwrap();
        assert!(read > 0, "the stream ended");
        seen.extend_from_slice(&part[..read]);
    }
    // whoever comes back with an id continues after it
    let all: Vec<Value> = events(&worker.address, "/alerts?recent=2", 3).take(2).collect();
    assert_eq!(all.len(), 2);
}

#[test]
fn keys_are_answered_by_name_with_how_often_they_came() {
    let data = tempfile::tempdir().unwrap();
    let worker = worker(&data);
    let found = |query: &str| -> Vec<Value> {
        let (head, body) = ask(&worker.address, "GET", &format!("/keys?{query}"), "", "");
        assert!(head.starts_with("http/1.1 200"), "{head} {body}");
        serde_json::from_str::<Value>(&body).unwrap()["keys"].as_array().unwrap().clone()
    };
    let japan = || found("q=japa&limit=3")[0].clone();
    let want = json!({
        "kind": "country", "name": "Japan", "about": "", "keys": ["country.JP", "mention.JP"], "lately": 0
    });
    assert_eq!(japan(), want);
    for n in 0..5 {
        assert_eq!(worker.post(event(n).to_string().as_bytes()), Some(202));
    }
    wait_for("the alert of Japan", || japan()["lately"] == 1);
    let (out, error, _) =
        support::output(presswatch().args(["keys", "japan", "--http-listen", &worker.address]));
    assert!(out.contains("country.JP mention.JP") && out.contains("1 in the last hour"), "{out} {error}");
    assert!(found("q=%D0%A0%D1%83%D0%B1%D0%B8%D0%BE")[0]["keys"][0] == "said.marco-rubio");
    assert!(found("q=a&limit=1000").len() <= 100);
    assert!(found("q=").is_empty() && found("").is_empty());
    let (head, _) = ask(&worker.address, "GET", &format!("/keys?q={}", "a".repeat(201)), "", "");
    assert!(head.starts_with("http/1.1 400"), "{head}");
}

#[test]
fn the_past_is_read_page_by_page_with_any_filter_and_survives_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let first = worker(&data);
    for n in 0..30_u32 {
        assert_eq!(first.post(event(n as usize).to_string().as_bytes()), Some(202));
        // two at a time may be published in either order
        let alerted = || first.metric("presswatch_articles_total{outcome=\"alerted\"}");
        wait_for("its alert", || alerted() > f64::from(n) + 0.5);
    }
    assert!(first.stop().0.success());
    let worker = worker(&data);
    let page = |query: &str| -> Value {
        let (head, body) = ask(&worker.address, "GET", &format!("/alerts.json?{query}"), "", "");
        assert!(head.starts_with("http/1.1 200"), "{query}: {head} {body}");
        assert!(head.contains("content-type: application/json"), "{head}");
        serde_json::from_str(&body).unwrap()
    };
    let subjects = |page: &Value| -> Vec<String> {
        let alerts = page["alerts"].as_array().unwrap().iter();
        alerts.map(|a| a["alert"]["subject"].as_str().unwrap().to_owned()).collect()
    };
    let (mut seen, mut query) = (Vec::new(), "limit=8".to_owned());
    loop {
        let page = page(&query);
        assert_eq!((&page["newest"], &page["all_workers"]), (&json!(30), &json!(true)));
        seen.extend(subjects(&page));
        let Some(next) = page["next"].as_u64() else { break };
        query = format!("limit=8&before={next}");
    }
    let want: Vec<String> = (0..30).rev().map(|n| format!("article-{n}")).collect();
    assert_eq!(seen, want, "the newest first, each once");
    // every fifth article is about one country
    let georgia = subjects(&page("key=country.GE"));
    assert_eq!(georgia, ["article-26", "article-21", "article-16", "article-11", "article-6", "article-1"]);
    let both = page("key=country.GE&key=country.JP&not=country.GE");
    assert!(subjects(&both).len() == 6 && !subjects(&both).contains(&georgia[0]), "{both}");
    assert_eq!(subjects(&page("key=country.GE&and=country.JP")).len(), 0);
    assert_eq!(subjects(&page("language=en")).len(), 30);
    assert_eq!(subjects(&page("language=fr")).len(), 0);
    assert_eq!(subjects(&page("source=nobody")).len(), 0);
    assert_eq!(subjects(&page("text=georg")), georgia);
    assert_eq!(subjects(&page("text=georg+xyzzyx")).len(), 0);
    assert_eq!(subjects(&page("to=2020-01-01")).len(), 0);
    assert_eq!(subjects(&page("from=2020-01-01&to=2100-01-01")).len(), 30);
    assert_eq!(subjects(&page("from=2100-01-01")).len(), 0);
    for (query, words) in
        [("from=x", "`from` takes an instant"), ("keyy=country.GE", "`keyy` is not a parameter")]
    {
        let (head, body) = ask(&worker.address, "GET", &format!("/alerts.json?{query}"), "", "");
        assert!(head.starts_with("http/1.1 400") && body.contains(words), "{query}: {head} {body}");
    }
    // each alert has an address: JSON for programs, the console for people
    let one = &page("key=country.GE&limit=1")["alerts"][0];
    let (id, number) = (one["alert"]["id"].as_str().unwrap(), &one["number"]);
    let (head, body) = ask(&worker.address, "GET", &format!("/alerts/{id}"), "", "");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert_eq!(&serde_json::from_str::<Value>(&body).unwrap(), &one["alert"]);
    let path = format!("/alerts/{id}?at={number}");
    let (head, _) = ask(&worker.address, "GET", &path, "Accept: text/html,*/*\r\n", "");
    assert!(head.starts_with("http/1.1 303"), "{head}");
    assert!(head.contains(&format!("location: ../?alert={id}&at={number}")), "{head}");
    for unknown in ["00", "..%2f..", "%22%3e"] {
        let (head, _) = ask(&worker.address, "GET", &format!("/alerts/{unknown}"), "", "");
        assert!(head.starts_with("http/1.1 404"), "{head}");
    }
    // whoever has read up to the newest gets what follows it, by the same filter
    let events = std::thread::scope(|scope| {
        let events =
            scope.spawn(|| stream(&worker.address, "/alerts?after=30&text=georg&not=country.JP", "", 1));
        for n in 30..35 {
            assert_eq!(worker.post(event(n).to_string().as_bytes()), Some(202));
        }
        events.join().unwrap()
    });
    assert!(events[0].2.contains("article-31"), "{events:?}");
    // the last hour is counted from what is kept
    let state = || serde_json::from_str::<Value>(&worker.get("/console/state").unwrap().1).unwrap();
    wait_for("an hour with all of them", || state()["hour"]["alerts"] == 35);
}

#[test]
fn a_feed_holds_whatever_articles_bring_as_text() {
    let data = tempfile::tempdir().unwrap();
    let worker = worker(&data);
    let hostile = "</title><script>alert(1)</script> ]]> & \"Baku\" \u{1b}[2J\u{0} \u{fffe}";
    let article = json!({
        "id": "1", "title": format!("Azerbaijan raises oil exports {hostile}"), "language": "en",
        "url": "https://wire.example/?a=1&b=\"><script>", "published_at": "2026-03-03T10:00:00Z",
        "body": "BAKU, March 3 - Azerbaijan raised its oil exports.\n\n\"We are ready,\" President Ilham Aliyev told <b>reporters</b> & others.",
        "source": { "name": format!("Example {hostile}") },
    });
    assert_eq!(worker.post(article.to_string().as_bytes()), Some(202));
    assert_eq!(worker.post(event(1).to_string().as_bytes()), Some(202));
    wait_for("both", || worker.metric("presswatch_articles_total{outcome=\"alerted\"}") > 1.5);
    let feed = |query: &str, headers: &str| {
        ask(&worker.address, "GET", &format!("/alerts.atom?{query}"), headers, "")
    };
    let (head, body) = feed("key=country.AZ&not=country.GE&text=%22%3Cb%3E", "");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(!body.contains("<entry"), "no such text: {body}");
    let (head, body) = feed("key=country.AZ", "");
    assert!(head.contains("content-type: application/atom+xml; charset=utf-8"), "{head}");
    assert_eq!(body.matches("<entry ").count(), 1, "{body}");
    for part in [
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">",
        "<entry xml:lang=\"en\">",
        &format!("<id>http://{}/alerts.atom?key=country.AZ</id>", worker.address),
        "<title>Azerbaijan raises oil exports &lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; ]]&gt; &amp; &quot;Baku&quot;",
        "<published>2026-03-03T10:00:00Z</published>",
        "<category term=\"country.AZ\" label=\"Azerbaijan\"/>",
        "&quot;We are ready,&quot; — Ilham Aliyev",
    ] {
        assert!(body.contains(part), "{part} is not in {body}");
    }
    // an address that no reader could follow is left out
    assert!(body.contains(&format!("href=\"http://{}/alerts/", worker.address)), "{body}");
    for part in ["<script", "\u{1b}", "\u{0}", "\u{fffe}", "<b>"] {
        assert!(!body.contains(part), "{part:?} is in {body}");
    }
    // whoever has it already gets a 304
    let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
    let (head, body) = feed("key=country.AZ", &format!("If-None-Match: {tag}\r\n"));
    assert!(head.starts_with("http/1.1 304") && body.is_empty(), "{head} {body}");
    let (head, body) = feed("", &format!("If-None-Match: {tag}\r\nX-Forwarded-Proto: https\r\n"));
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert_eq!(body.matches("<entry ").count(), 2);
    assert!(body.contains(&format!("<id>https://{}/alerts.atom</id>", worker.address)), "{body}");
}
