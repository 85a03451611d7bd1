//! Alerts as a stream.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use crate::ask;
use crate::support::articles::event;
use crate::support::{PATIENCE, Worker, wait_for};

/// The first events of a stream, each as type, id and data.
pub fn stream(address: &str, path: &str, last: &str, count: usize) -> Vec<(String, String, String)> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let header = if last.is_empty() { String::new() } else { format!("Last-Event-ID: {last}\r\n") };
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n{header}\r\n").unwrap();
    let (mut events, mut now) = (Vec::new(), (String::new(), String::new(), String::new()));
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        match line.split_once(": ") {
            Some(("event", kind)) => kind.clone_into(&mut now.0),
            Some(("id", id)) => id.clone_into(&mut now.1),
            Some(("data", data)) => data.clone_into(&mut now.2),
            _ if !now.0.is_empty() => events.push(std::mem::take(&mut now)),
            _ => {}
        }
        if events.len() == count {
            break;
        }
    }
    events
}

#[test]
fn a_stream_tells_where_it_can_not_go_on_from_where_the_client_was() {
    let data = tempfile::tempdir().unwrap();
    let arguments = ["--data-dir", data.path().to_str().unwrap()];
    let worker = Worker::start_with(&[("embedded.keep_alerts", "10")], &arguments);
    let lines: String = (0..1005).map(|n| format!("{}\n", event(n))).collect();
    let (head, _) =
        ask(&worker.address, "POST", "/articles", "Content-Type: application/x-ndjson\r\n", &lines);
    assert!(head.starts_with("http/1.1 202"), "{head}");
    wait_for("all alerts", || {
        worker
            .get("/metrics")
            .unwrap()
            .1
            .lines()
            .any(|l| l.starts_with("presswatch_alerts_total") && l.ends_with(" 1005"))
    });
    // so that none of them is in memory
    assert!(worker.stop().0.success());
    let worker = Worker::start_with(&[("embedded.keep_alerts", "10")], &arguments);
    let told = |kind: &str, id: &str, data: &str| (kind.to_owned(), id.to_owned(), data.to_owned());
    // pruned since the client was last here
    let events = stream(&worker.address, "/alerts", "3", 3);
    assert_eq!(events[0], told("lagged", "990", "987"));
    assert_eq!((events[1].0.as_str(), events[1].1.as_str(), events[2].1.as_str()), ("alert", "991", "992"));
    // an id of another store: from now on, or from what is requested
    for last in ["99999999", "of-rabbitmq"] {
        let (first, later) = std::thread::scope(|scope| {
            let first = scope.spawn(|| stream(&worker.address, "/alerts", last, 2));
            let later = scope.spawn(|| stream(&worker.address, "/alerts?recent=2", last, 3));
            std::thread::sleep(std::time::Duration::from_millis(500));
            assert_eq!(
                worker.post(event(if last == "99999999" { 2000 } else { 2001 }).to_string().as_bytes()),
                Some(202)
            );
            (first.join().unwrap(), later.join().unwrap())
        });
        assert_eq!((first[0].0.as_str(), first[0].2.as_str(), first[1].0.as_str()), ("lagged", "0", "alert"));
        let kinds: Vec<&str> = later.iter().map(|e| e.0.as_str()).collect();
        assert_eq!(kinds, ["lagged", "alert", "alert"]);
    }
    // the latest with a key come from the log
    let events = stream(&worker.address, "/alerts?recent=2&key=country.GE", "", 2);
    assert!(events.iter().all(|(kind, _, data)| kind == "alert" && data.contains("GE")), "{events:?}");
}

#[test]
fn streams_leave_room_and_who_never_asks_is_sent_away() {
    let data = tempfile::tempdir().unwrap();
    let worker =
        Worker::start_with(&[("http.connections", "4")], &["--data-dir", data.path().to_str().unwrap()]);
    let connect = |sent: &str| {
        let mut stream = TcpStream::connect(&worker.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(sent.as_bytes()).unwrap();
        stream
    };
    let first_line = |mut stream: &TcpStream| {
        let mut head = [0; 12];
        stream.read_exact(&mut head).unwrap();
        String::from_utf8_lossy(&head).into_owned()
    };
    let streams = [
        connect("GET /alerts HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        connect("GET /alerts HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ];
    for stream in &streams {
        assert_eq!(first_line(stream), "HTTP/1.1 200");
    }
    // half of the four may be streams
    let (head, body) = ask(&worker.address, "GET", "/alerts", "", "");
    assert!(head.starts_with("http/1.1 503") && body.contains("http.connections"), "{head} {body}");
    assert!(ask(&worker.address, "GET", "/livez", "", "").0.starts_with("http/1.1 200"));
    // the other two never finish their headers: whoever comes next waits until they are dropped
    let silent = [connect("GET /livez HTTP/1.1\r\n"), connect("")];
    assert!(ask(&worker.address, "GET", "/livez", "", "").0.starts_with("http/1.1 200"));
    for mut stream in silent {
        assert!(stream.read_to_end(&mut Vec::new()).is_ok());
    }
}
