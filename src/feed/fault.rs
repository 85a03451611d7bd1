//! What can go wrong with a feed or a page. The set of kinds is closed: it labels a metric.

use std::fmt;
use std::time::Duration;

use url::Url;

/// The class of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A private address that is not listed.
    Private,
    /// No address, no connection, or a broken one.
    Unreachable,
    /// No answer, or not all of it, in time.
    Timeout,
    /// An unsuccessful status.
    Status,
    /// More bytes than allowed.
    TooLarge,
    /// Too many redirects, or one that leads nowhere.
    Redirect,
    /// The response is not a feed.
    NotAFeed,
    /// `robots.txt` asks for the page not to be fetched.
    Robots,
    /// The broker or the store did not accept the article.
    Publish,
    /// The memory of past items can't be read or written.
    Memory,
}

impl Kind {
    /// All kinds that a poll of a feed can fail with: `robots.txt` is asked about pages alone.
    pub const OF_POLLS: [Self; 9] = [
        Self::Private,
        Self::Unreachable,
        Self::Timeout,
        Self::Status,
        Self::TooLarge,
        Self::Redirect,
        Self::NotAFeed,
        Self::Publish,
        Self::Memory,
    ];

    /// The name used in labels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private-address",
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Status => "status",
            Self::TooLarge => "too-large",
            Self::Redirect => "redirect",
            Self::NotAFeed => "not-a-feed",
            Self::Robots => "robots",
            Self::Publish => "publish",
            Self::Memory => "memory",
        }
    }
}

/// A fault, worded for people.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Its kind.
    pub kind: Kind,
    /// What happened, where, and what to do.
    pub words: String,
    /// The HTTP status, if there was a response.
    pub status: Option<u16>,
    /// How long the server asks not to be contacted.
    pub later: Option<Duration>,
}

impl Fault {
    /// A fault without an HTTP status.
    pub fn new(kind: Kind, words: impl Into<String>) -> Self {
        Self { kind, words: words.into(), status: None, later: None }
    }

    /// Whether retrying later may succeed without anyone stepping in.
    pub fn passes(&self) -> bool {
        match self.kind {
            Kind::Unreachable | Kind::Timeout => true,
            Kind::Status => {
                self.status.is_some_and(|status| status >= 500 || matches!(status, 408 | 425 | 429))
            }
            _ => false,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for Fault {}

/// A URL that is safe to show: without user and password.
pub(super) fn shown(url: &Url) -> String {
    if url.username().is_empty() && url.password().is_none() {
        return url.to_string();
    }
    let mut url = url.clone();
    // only a URL without a host refuses this, and it has neither
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        let url = Url::parse("https://reader:geheim@news.example/feed?x=1").unwrap();
        assert_eq!(shown(&url), "https://news.example/feed?x=1");
    }
}
