//! `presswatch healthcheck`: asks `/readyz` of the presswatch that runs with the same settings.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use presswatch::config::Settings;

/// How long to wait for an answer; a container's own limit is usually longer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Exit status 0 if it is ready, 1 if not.
pub fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let address = address(settings);
    let answer =
        ask(address, "/readyz").with_context(|| format!("no answer from http://{address}/readyz"))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let ready = head.split(' ').nth(1) == Some("200");
    say!("{} {}", if ready { "ready" } else { "not ready" }, body.trim())?;
    Ok(if ready { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where a presswatch with these settings answers.
pub fn address(settings: &Settings) -> SocketAddr {
    let mut address = settings.http.listen;
    // bound to all addresses: ask on loopback
    if address.ip().is_unspecified() {
        let ip =
            if address.is_ipv4() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { IpAddr::V6(Ipv6Addr::LOCALHOST) };
        address = SocketAddr::new(ip, address.port());
    }
    address
}

/// The whole response to a GET if it is short and comes at once.
pub fn ask(address: SocketAddr, path: &str) -> std::io::Result<String> {
    answer(address, path, "", PATIENCE, 64 << 10)
}

/// The same for a long one of the presswatch with these settings, with its token if there is one.
pub fn ask_all(settings: &Settings, path: &str) -> std::io::Result<String> {
    answer(address(settings), path, settings.http.token.reveal(), Duration::from_secs(40), 1 << 30)
}

fn answer(
    address: SocketAddr,
    path: &str,
    token: &str,
    patience: Duration,
    most: u64,
) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(patience))?;
    let token = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
    write!(stream, "GET {path} HTTP/1.0\r\n{token}\r\n")?;
    let mut answer = String::new();
    stream.take(most).read_to_string(&mut answer)?;
    Ok(answer)
}
