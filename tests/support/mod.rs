//! Shared by the tests of the running program: the real binary, a private RabbitMQ, numbered articles.

#![allow(dead_code, reason = "no test uses all of it")]

pub mod amqp;
pub mod articles;
pub mod bad;
pub mod ledger;
pub mod proxy;
pub mod rabbit;
pub mod watches;
pub mod web;

use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Timeout for anything a test waits for. The machine may be slow and busy.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// A port that nothing is listening on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until `done`; fails with `what` after [`PATIENCE`].
pub fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The binary without settings from the environment.
pub fn presswatch() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_presswatch"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PRESSWATCH"))
    {
        command.env_remove(name);
    }
    command
}

/// Standard output, standard error and exit status of a command that must end.
pub fn output(command: &mut Command) -> (String, String, Option<i32>) {
    let out = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    (text(out.stdout), text(out.stderr), out.status.code())
}

/// A running `presswatch run`, killed when dropped.
pub struct Worker {
    child: Child,
    /// Address of its HTTP port.
    pub address: String,
    log: std::thread::JoinHandle<String>,
}

impl Worker {
    /// Starts it with these arguments and waits until it is ready.
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_by(presswatch(), arguments)
    }

    /// The same with settings that override the defaults: `broker.heartbeat`, `2`.
    pub fn start_with(settings: &[(&str, &str)], arguments: &[&str]) -> Self {
        let mut command = presswatch();
        for (key, value) in settings {
            command.env(format!("PRESSWATCH__{}", key.to_uppercase().replace('.', "__")), value);
        }
        Self::start_by(command, arguments)
    }

    /// The same through a command that finally becomes the worker: a wrapper program, or one with settings.
    pub fn start_by(command: Command, arguments: &[&str]) -> Self {
        let mut worker = Self::launch_by(command, arguments);
        wait_for("the worker to be ready", || {
            if let Some(status) = worker.child.try_wait().unwrap() {
                panic!("the worker ended with {status}");
            }
            worker.get("/readyz").is_some_and(|(status, _)| status == 200)
        });
        worker
    }

    /// Starts it with these arguments.
    pub fn launch(arguments: &[&str]) -> Self {
        Self::launch_by(presswatch(), arguments)
    }

    fn launch_by(mut command: Command, arguments: &[&str]) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        let mut child = command
            .args(["run", "--http-listen", &address])
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stderr.read_to_string(&mut text);
            text
        });
        Self { child, address, log }
    }

    /// Status and body of a page; `None` if nothing answers.
    pub fn get(&self, path: &str) -> Option<(u16, String)> {
        let agent = agent();
        let mut response = agent.get(format!("http://{}{path}", self.address)).call().ok()?;
        Some((response.status().as_u16(), response.body_mut().read_to_string().ok()?))
    }

    /// Posts an article; returns the status, `None` if nothing answers.
    pub fn post(&self, body: &[u8]) -> Option<u16> {
        post(&self.address, body).map(|(status, _)| status)
    }

    /// The value of a series, named with its labels as in `/metrics`; 0 if it is missing.
    pub fn metric(&self, series: &str) -> f64 {
        let (_, text) = self.get("/metrics").expect("the worker answers");
        let line = text.lines().find_map(|l| l.strip_prefix(series)?.strip_prefix(' '));
        line.map_or(0.0, |value| value.parse().unwrap())
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Peak resident memory in bytes.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// Sends SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends it a signal by name: "STOP", "CONT".
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    /// Sends SIGTERM; returns exit status and log.
    pub fn stop(mut self) -> (ExitStatus, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "the worker does not stop");
            std::thread::sleep(Duration::from_millis(20));
        };
        let log = std::mem::replace(&mut self.log, std::thread::spawn(String::new));
        (status, log.join().unwrap())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Posts an article, valid or not; returns status and body of the response, `None` if nothing answers.
pub fn post(address: &str, body: &[u8]) -> Option<(u16, String)> {
    let request = agent().post(format!("http://{address}/articles?accept=all"));
    let mut response = request.content_type("application/json").send(body).ok()?;
    Some((response.status().as_u16(), response.body_mut().read_to_string().ok()?))
}

pub fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder();
    config.http_status_as_error(false).timeout_global(Some(Duration::from_secs(20))).build().into()
}

/// The data of the server-sent events at a path, as they arrive, until the server ends; `last` is the `Last-Event-ID`.
pub fn events(address: &str, path: &str, last: u64) -> impl Iterator<Item = serde_json::Value> + use<> {
    use std::io::Write;
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nLast-Event-ID: {last}\r\n\r\n").unwrap();
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    lines.filter_map(|line| serde_json::from_str(line.strip_prefix("data: ")?).ok())
}
