//! A private RabbitMQ node on free ports, with its own Erlang port mapper, removed on drop.
//!
//! It is this system's RabbitMQ, or with `PRESSWATCH_BROKER_ROOT` that of another system in a folder, entered by
//! `chroot`: `tests/run --broker 4` creates one.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::amqp::Raw;
use super::{free_port, wait_for};

const PROGRAMS: &str = "/usr/lib/rabbitmq/bin";

/// Time between two counts that a quorum queue reports to `rabbitmqctl list_queues`: 5 s by default.
pub const TICK: Duration = Duration::from_secs(1);

/// Arguments of the Erlang machine.
const ARGUMENTS: &str = "-kernel inet_dist_use_interface {127,0,0,1} -rabbit quorum_tick_interval 1000";

/// A running node; user and password are `guest`.
pub struct Rabbit {
    folder: TempDir,
    name: String,
    port: u16,
    port_mapper: u16,
    child: Child,
}

impl Rabbit {
    /// Starts a node and waits until it is ready.
    pub fn start() -> Self {
        let node = Self::launched(free_port());
        node.serves();
        node
    }

    /// Starts a node with extra lines in its `rabbitmq.conf`.
    pub fn with(configuration: &str) -> Self {
        let node = Self::launched_with(free_port(), configuration);
        node.serves();
        node
    }

    /// Starts this many nodes as one cluster.
    pub fn cluster(nodes: usize) -> Vec<Self> {
        let port_mapper = free_port();
        let nodes: Vec<Self> = (0..nodes).map(|_| Self::launched(port_mapper)).collect();
        nodes.iter().for_each(Self::serves);
        for node in &nodes[1..] {
            node.control(&["stop_app"]);
            node.control(&["join_cluster", &nodes[0].name]);
            node.control(&["start_app"]);
        }
        nodes
    }

    /// Starts a node on this port mapper, which is started too if necessary.
    fn launched(port_mapper: u16) -> Self {
        Self::launched_with(port_mapper, "")
    }

    fn launched_with(port_mapper: u16, configuration: &str) -> Self {
        let root = root();
        let server = root.join(PROGRAMS.trim_start_matches('/')).join("rabbitmq-server");
        assert!(server.exists(), "{} is missing; `tests/run` installs it", server.display());
        let folder = tempfile::tempdir_in(root.join("tmp")).unwrap();
        let port = free_port();
        let at = |path: &str| folder.path().join(path);
        for path in ["mnesia", "log", "home", "etc"] {
            fs::create_dir(at(path)).unwrap();
        }
        fs::write(at("home/.erlang.cookie"), "presswatch").unwrap();
        fs::set_permissions(at("home/.erlang.cookie"), fs::Permissions::from_mode(0o400)).unwrap();
        fs::write(at("etc/env.conf"), "").unwrap();
        fs::write(at("etc/enabled_plugins"), "[].").unwrap();
        let listen = format!("listeners.tcp.1 = 127.0.0.1:{port}\n");
        fs::write(at("etc/rabbitmq.conf"), listen + configuration).unwrap();
        let name = format!("test{port}@localhost");
        let child = launch(folder.path(), &name, port, port_mapper);
        Self { folder, name, port, port_mapper, child }
    }

    fn serves(&self) {
        wait_for("RabbitMQ's port", || TcpStream::connect(("127.0.0.1", self.port)).is_ok());
        self.control(&["await_startup"]);
    }

    /// Sends SIGKILL to all of its processes.
    pub fn crash(&mut self) {
        let group = format!("-{}", self.child.id());
        assert!(Command::new("kill").args(["-KILL", "--", &group]).status().unwrap().success());
        self.child.wait().unwrap();
    }

    /// Starts it again on the same ports and files, and waits until it is ready.
    pub fn restart(&mut self) {
        self.child = launch(self.folder.path(), &self.name, self.port, self.port_mapper);
        self.serves();
    }

    /// Its node name in the cluster.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The URL for clients, with `port` instead of its own: that of a proxy.
    pub fn url_at(&self, port: u16) -> String {
        self.url().replace(&format!(":{}/", self.port), &format!(":{port}/"))
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The URL for clients, as another user.
    pub fn url_as(&self, user: &str, password: &str) -> String {
        self.url().replace("guest:guest@", &format!("{user}:{password}@"))
    }

    /// The URL for clients.
    pub fn url(&self) -> String {
        format!("amqp://guest:guest@127.0.0.1:{}/%2f", self.port)
    }

    /// Runs `rabbitmqctl`; returns its output.
    pub fn control(&self, arguments: &[&str]) -> String {
        let mut command = program("rabbitmqctl");
        environment(&mut command, self.folder.path(), &self.name, self.port, self.port_mapper);
        let out = command.args(["-q", "-n", &self.name]).args(arguments).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(out.status.success(), "rabbitmqctl {arguments:?}: {}", text(&out.stderr));
        text(&out.stdout)
    }

    /// Number of ready messages in a queue, 0 if it does not exist. Asks the queue itself: `rabbitmqctl list_queues`
    /// reports the length of a quorum queue as of its last tick.
    pub fn messages(&self, queue: &str) -> u64 {
        Raw::connect(self.port()).ready(queue).unwrap_or_default()
    }
}

impl Drop for Rabbit {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.child.wait();
        let mut mapper = Command::new("epmd");
        mapper.args(["-port", &self.port_mapper.to_string(), "-kill"]);
        mapper.env("ERL_EPMD_RELAXED_COMMAND_CHECK", "1");
        let _ = mapper.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

/// Root folder of the system whose RabbitMQ is used.
fn root() -> PathBuf {
    std::env::var_os("PRESSWATCH_BROKER_ROOT").map_or_else(|| PathBuf::from("/"), PathBuf::from)
}

/// A command that runs a program of RabbitMQ.
fn program(name: &str) -> Command {
    let (root, path) = (root(), Path::new(PROGRAMS).join(name));
    if root == Path::new("/") {
        return Command::new(path);
    }
    let mut command = Command::new("chroot");
    command.arg(root).arg(path);
    command
}

fn launch(folder: &Path, name: &str, port: u16, port_mapper: u16) -> Child {
    let log = fs::OpenOptions::new().create(true).append(true).open(folder.join("log/console")).unwrap();
    let mut command = program("rabbitmq-server");
    environment(&mut command, folder, name, port, port_mapper);
    // its own process group, so that all of its processes can be killed
    command.process_group(0).stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
    command.spawn().unwrap()
}

fn environment(command: &mut Command, folder: &Path, name: &str, port: u16, port_mapper: u16) {
    // as seen from inside its system
    let folder = Path::new("/").join(folder.strip_prefix(root()).expect("it lies in the root's /tmp"));
    let at = |path: &str| folder.join(path);
    command
        .env("HOME", at("home"))
        .env("RABBITMQ_NODENAME", name)
        .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
        .env("RABBITMQ_NODE_PORT", port.to_string())
        .env("RABBITMQ_DIST_PORT", distribution_port(port).to_string())
        .env("RABBITMQ_MNESIA_BASE", at("mnesia"))
        .env("RABBITMQ_LOG_BASE", at("log"))
        .env("RABBITMQ_PID_FILE", at("pid"))
        .env("RABBITMQ_CONFIG_FILE", at("etc/rabbitmq"))
        .env("RABBITMQ_ENABLED_PLUGINS_FILE", at("etc/enabled_plugins"))
        .env("RABBITMQ_CONF_ENV_FILE", at("etc/env.conf"))
        .env("RABBITMQ_GENERATED_CONFIG_DIR", at("etc/gen"))
        .env("ERL_EPMD_PORT", port_mapper.to_string())
        .env("ERL_EPMD_ADDRESS", "127.0.0.1")
        // so that it can be stopped while it still believes in its node
        .env("ERL_EPMD_RELAXED_COMMAND_CHECK", "1")
        .env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", ARGUMENTS);
}

/// Between 10,000 and 30,000, where no ephemeral ports are.
fn distribution_port(port: u16) -> u16 {
    10_000 + port % 20_000
}
