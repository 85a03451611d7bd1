//! Why no connection could be made, as a sentence that says what to fix.

use std::io::ErrorKind;

use lapin::uri::AMQPUri;

use super::topology::error_code;

/// Reply code when the broker rejects the user or password of a new connection.
const ACCESS_REFUSED: u16 = 403;

/// Reply code when the virtual host does not exist, or this user may not use it.
const NOT_ALLOWED: u16 = 530;

/// Why an attempt at one host failed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreached {
    /// In words, with host and port, never with the password.
    pub words: String,
    /// The broker refused the user or the password.
    pub login: bool,
}

impl Unreached {
    /// No answer within the time limit.
    pub fn by_time(uri: &AMQPUri, within: std::time::Duration) -> Self {
        Self { words: format!("{} did not answer within {within:?}", place(uri)), login: false }
    }

    /// An error of lapin; `hint` is appended where nothing better is known.
    pub fn by_error(uri: &AMQPUri, error: &lapin::Error, hint: &str) -> Self {
        let (place, user) = (place(uri), &uri.authority.userinfo.username);
        let words = match (error.kind(), error_code(error)) {
            (_, Some(ACCESS_REFUSED)) => {
                // RabbitMQ's own rule for this user, and often the first thing a newcomer runs into
                let rule = if user == "guest" && !is_loopback(&uri.authority.host) {
                    "; RabbitMQ lets `guest` in from its own machine only"
                } else {
                    ""
                };
                return Self {
                    words: format!("{place} refuses user `{user}`: the name or the password is wrong{rule}"),
                    login: true,
                };
            }
            (_, Some(NOT_ALLOWED)) => {
                let vhost = &uri.vhost;
                if error.to_string().contains("not found") {
                    // a URL that ends with a slash usually means the default one
                    let default = if vhost.is_empty() { "; the default one is `/%2f`" } else { "" };
                    format!("{place} has no virtual host `{vhost}`{default}")
                } else {
                    format!("{place} does not let user `{user}` into the virtual host `{vhost}`: {error}")
                }
            }
            (lapin::ErrorKind::IOError(io), _) => match io.kind() {
                ErrorKind::ConnectionRefused => format!("nothing listens at {place} (connection refused)"),
                // the resolver's errors have no kind of their own
                _ if io.to_string().contains("lookup") => {
                    format!("the name of the host `{}` is not known ({io})", uri.authority.host)
                }
                // what the peer sent is no record of TLS
                _ if io.to_string().contains("InvalidContentType") => {
                    format!("{place} does not speak TLS; amqps:// needs the broker's TLS port, usually 5671")
                }
                _ => format!("{place}: {io}{hint}"),
            },
            _ => format!("{place}: {error}{hint}"),
        };
        Self { words, login: false }
    }
}

fn place(uri: &AMQPUri) -> String {
    format!("{}:{}", uri.authority.host, uri.authority.port)
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use lapin::protocol::{AMQPError, AMQPErrorKind, AMQPHardError, AMQPSoftError};

    fn said(url: &str, kind: lapin::ErrorKind) -> Unreached {
        Unreached::by_error(&url.parse().unwrap(), &kind.into(), "")
    }

    #[test]
    fn what_to_put_right_is_said_without_the_password() {
        let soft = AMQPErrorKind::Soft(AMQPSoftError::ACCESSREFUSED);
        let refused =
            || lapin::ErrorKind::ProtocolError(AMQPError::new(soft.clone(), "Login was refused".into()));
        let far = said("amqp://guest:geheim@mq.example:5672/%2f", refused());
        assert!(far.login && !far.words.contains("geheim"), "{far:?}");
        assert!(
            far.words.starts_with("mq.example:5672 refuses user `guest`: the name or the password"),
            "{far:?}"
        );
        assert!(far.words.contains("from its own machine only"), "{far:?}");
        assert!(!said("amqp://guest:geheim@localhost:5672/%2f", refused()).words.contains("machine"));
        let hard = AMQPErrorKind::Hard(AMQPHardError::NOTALLOWED);
        let vhost = AMQPError::new(hard, "NOT_ALLOWED - vhost news not found".into());
        let vhost = said("amqp://a:geheim@one:5672/news", lapin::ErrorKind::ProtocolError(vhost));
        assert_eq!(
            vhost,
            Unreached { words: "one:5672 has no virtual host `news`".to_owned(), login: false }
        );
    }
}
