//! A web server for tests: serves pages by path and records the requests.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The response at a path.
#[derive(Clone, Default)]
pub struct Page {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// How long to wait before sending the body.
    pub wait: Duration,
}

impl Page {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, body: body.into(), ..Self::default() }
    }

    /// A 200 response with this media type.
    pub fn of(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, body).with("content-type", content_type)
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn waiting(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// A request as received; header names in lower case.
#[derive(Clone)]
pub struct Request {
    pub path: String,
    pub headers: HashMap<String, String>,
    pub at: Instant,
    /// Status of the response.
    pub status: u16,
}

#[derive(Default)]
struct State {
    pages: HashMap<String, Page>,
    requests: Vec<Request>,
}

/// The server; it ends with the test.
pub struct Web {
    /// `127.0.0.1:PORT`
    pub address: String,
    state: Arc<Mutex<State>>,
}

impl Web {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || answer(stream, &state));
            }
        });
        Self { address, state }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn put(&self, path: &str, page: Page) {
        self.state.lock().unwrap().pages.insert(path.to_owned(), page);
    }

    /// The requests for a path so far.
    pub fn requests(&self, path: &str) -> Vec<Request> {
        self.state.lock().unwrap().requests.iter().filter(|r| r.path == path).cloned().collect()
    }
}

/// Answers one request and closes. An error means that the client has left.
fn answer(mut stream: TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines().map_while(Result::ok);
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers: HashMap<String, String> = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(": ").map(|(n, v)| (n.to_ascii_lowercase(), v.to_owned())))
        .collect();
    let page =
        state.lock().unwrap().pages.get(&path).cloned().unwrap_or_else(|| Page::new(404, "nothing here"));
    let same = |asked: &str, own: &str| {
        page.header(own).is_some() && headers.get(asked).map(String::as_str) == page.header(own)
    };
    let unchanged = same("if-none-match", "etag") || same("if-modified-since", "last-modified");
    let status = if unchanged { 304 } else { page.status };
    let request = Request { path, headers, at: Instant::now(), status };
    state.lock().unwrap().requests.push(request);
    let length = if unchanged { 0 } else { page.body.len() };
    write!(stream, "HTTP/1.1 {status} Some\r\nconnection: close\r\ncontent-length: {length}\r\n").ok()?;
    for (name, value) in &page.headers {
        write!(stream, "{name}: {value}\r\n").ok()?;
    }
    stream.write_all(b"\r\n").ok()?;
    std::thread::sleep(page.wait);
    if !unchanged {
        stream.write_all(&page.body).ok()?;
    }
    Some(())
}
