//! The dead letters of an embedded store held by a worker, through the worker's HTTP port.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use presswatch::article::decode::Named;
use presswatch::broker::Dead;
use presswatch::broker::open::store_id;
use presswatch::config::{Secret, Settings};
use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long to wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The port's response to `GET /dead`.
#[derive(Debug, Deserialize)]
pub struct Page {
    /// An id that tells the store from any other.
    store: String,
    /// Oldest first.
    pub dead: Vec<InRow>,
    /// How many come after these.
    pub behind: u64,
}

/// A dead letter in a row of the store.
#[derive(Debug, Deserialize)]
pub struct InRow {
    pub row: i64,
    #[serde(flatten)]
    pub known: Known,
}

/// A dead letter without its body; see [`Dead`].
#[derive(Debug, Deserialize)]
pub struct Known {
    pub id: String,
    pub reason: String,
    pub error: String,
    pub attempts: u32,
    pub first_seen: Option<Timestamp>,
    pub content_type: Option<String>,
    /// What its body says about itself.
    pub article: Named,
}

impl Known {
    pub fn of<P>(dead: &Dead<P>) -> Self {
        Self {
            id: dead.id(),
            reason: dead.reason.clone(),
            error: dead.error.clone(),
            attempts: dead.attempts,
            first_seen: dead.first_seen,
            content_type: dead.content_type.clone(),
            article: Named::of(&dead.body),
        }
    }
}

/// The worker that has our store open.
#[derive(Debug)]
pub struct Port {
    address: SocketAddr,
    token: Secret,
    store: String,
}

impl Port {
    /// The worker at `http.listen`.
    pub fn new(settings: &Settings) -> anyhow::Result<Self> {
        let mut address = settings.http.listen;
        // bound to all addresses: ask on loopback
        if address.ip().is_unspecified() {
            let v4 = address.is_ipv4();
            address.set_ip(if v4 {
                IpAddr::V4(Ipv4Addr::LOCALHOST)
            } else {
                IpAddr::V6(Ipv6Addr::LOCALHOST)
            });
        }
        let store = store_id(&settings.data_dir).context("the store has gone")?;
        Ok(Self { address, token: settings.http.token.clone(), store })
    }

    /// A page of the dead letters after a row; empty at the end.
    pub async fn page(&self, after: i64) -> anyhow::Result<Page> {
        let body = self.ask("GET", &format!("/dead?after={after}")).await?;
        let page: Page = serde_json::from_slice(&body).with_context(|| {
            format!("what answers at http://{} is not a presswatch of this version", self.address)
        })?;
        // the port may belong to another worker: dropping there would drop another's
        if page.store != self.store {
            bail!(
                "the presswatch at http://{} works on another store; set --http-listen to the address of the one that \
                 works on this",
                self.address
            );
        }
        Ok(page)
    }

    /// The body of one.
    pub async fn body(&self, row: i64) -> anyhow::Result<Vec<u8>> {
        self.ask("GET", &format!("/dead/{row}")).await
    }

    /// Replays one.
    pub async fn replay(&self, row: i64) -> anyhow::Result<()> {
        self.ask("POST", &format!("/dead/{row}/replay")).await.map(|_| ())
    }

    /// Drops one for good.
    pub async fn discard(&self, row: i64) -> anyhow::Result<()> {
        self.ask("DELETE", &format!("/dead/{row}")).await.map(|_| ())
    }

    /// The body of a successful response; any other is an error with the port's own message.
    async fn ask(&self, method: &str, path: &str) -> anyhow::Result<Vec<u8>> {
        let address = self.address;
        let answer = match tokio::time::timeout(PATIENCE, self.exchange(method, path)).await {
            Ok(answer) => answer.with_context(|| {
                format!(
                    "the store is in use by another presswatch, and none answers at http://{address}; set --http-listen \
                     to its address, or stop it"
                )
            })?,
            Err(_) => bail!("no answer from http://{address}{path} within {PATIENCE:?}"),
        };
        let end =
            answer.windows(4).position(|four| four == b"\r\n\r\n").context("an answer that is not HTTP")?;
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let body = answer[end + 4..].to_vec();
        let status: u16 = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        match status {
            200..300 => Ok(body),
            401 => bail!(
                "the presswatch at http://{address} asks for its token: set PRESSWATCH__HTTP__TOKEN to its `http.token`"
            ),
            _ => {
                #[derive(Deserialize)]
                struct Problem {
                    error: String,
                }
                let words = serde_json::from_slice(&body).map_or_else(
                    |_| String::from_utf8_lossy(&body).into_owned(),
                    |problem: Problem| problem.error,
                );
                bail!("http://{address}{path} answered {status}: {words}")
            }
        }
    }

    async fn exchange(&self, method: &str, path: &str) -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.address).await?;
        let token = self.token.reveal();
        let token =
            if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
        // in this version the response ends with the connection
        let request = format!("{method} {path} HTTP/1.0\r\n{token}Content-Length: 0\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(answer)
    }
}
