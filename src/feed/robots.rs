//! `robots.txt` (RFC 9309): whether a page may be fetched, and how long to pause in between.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;
use url::Url;

use super::fault::{Fault, Kind, shown};
use super::fetch::{Fetcher, Got, Want};

/// The name by which rules address us.
const NAME: &str = "presswatch";

/// Most bytes read: the standard requires at least 500 KiB. A longer file is truncated.
const MOST_BYTES: usize = 512 << 10;

/// How long the rules stay valid, and how long a server error does.
const HOLDS: Duration = Duration::from_hours(24);
const TROUBLE_HOLDS: Duration = Duration::from_mins(15);

/// Maximum number of hosts to remember.
const MOST: usize = 1000;

/// Longest pause to observe; whoever asks for more gets this.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// The rules of one host.
#[derive(Debug, Default, PartialEq, Eq)]
struct Rules {
    /// Patterns, each with whether it allows.
    paths: Vec<(String, bool)>,
    pause: Duration,
}

impl Rules {
    /// Rules that forbid everything.
    fn closed() -> Self {
        Self { paths: vec![("/".to_owned(), false)], pause: Duration::ZERO }
    }

    /// The rules of the groups that name us, otherwise of those for everyone.
    fn parse(text: &str) -> Self {
        let (mut ours, mut all) = (None::<Self>, Self::default());
        // agents listed together form a group; rules end the list
        let (mut for_us, mut for_all, mut in_agents) = (false, false, false);
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((name, value)) = line.split_once(':') else { continue };
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
            if name == "user-agent" {
                if !in_agents {
                    (for_us, for_all, in_agents) = (false, false, true);
                }
                let agent = value.split('/').next().unwrap_or_default().trim();
                for_us |= agent.eq_ignore_ascii_case(NAME);
                for_all |= agent == "*";
                if for_us {
                    ours.get_or_insert_with(Self::default);
                }
                continue;
            }
            in_agents = false;
            for rules in ours.as_mut().filter(|_| for_us).into_iter().chain(for_all.then_some(&mut all)) {
                rules.line(&name, value);
            }
        }
        ours.unwrap_or(all)
    }

    fn line(&mut self, name: &str, value: &str) {
        match name {
            // an empty rule forbids nothing
            "allow" | "disallow" if !value.is_empty() => self.paths.push((normal(value), name == "allow")),
            "crawl-delay" => {
                let pause = value.parse::<f64>().ok().and_then(|s| Duration::try_from_secs_f64(s).ok());
                self.pause = pause.unwrap_or_default().min(LONGEST_PAUSE);
            }
            _ => {}
        }
    }

    /// The longest matching pattern decides; between two of equal length, the one that allows.
    fn allow(&self, url: &Url) -> bool {
        let path =
            url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let path = normal(&path);
        let matching = self.paths.iter().filter(|(pattern, _)| matches(pattern, &path));
        matching.max_by_key(|(pattern, allows)| (pattern.len(), *allows)).is_none_or(|(_, allows)| *allows)
    }
}

/// Unescapes octets that need no escape and escapes the others, in upper case.
fn normal(path: &str) -> String {
    let bytes = path.as_bytes();
    let (mut out, mut at) = (String::with_capacity(path.len()), 0);
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| path.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok()))
            .flatten();
        let byte = escaped.unwrap_or(bytes[at]);
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        if plain || escaped.is_none() && byte.is_ascii_graphic() {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        at += if escaped.is_some() { 3 } else { 1 };
    }
    out
}

/// Whether a pattern matches the beginning of a path: `*` is anything, a final `$` the end of the path.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, to_end) = pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut open = false;
    let parts: Vec<&str> = parts.collect();
    for (at, part) in parts.iter().enumerate() {
        open = true;
        if to_end && at + 1 == parts.len() {
            return rest.ends_with(part);
        }
        // the first match leaves the most for the rest
        let Some(found) = rest.find(part) else { return false };
        rest = &rest[found + part.len()..];
    }
    !to_end || rest.is_empty() || open && pattern.ends_with('*')
}

/// What is known about a host, and until when. Locked during the request, so that there is only one.
type Slot = Arc<tokio::sync::Mutex<Option<(Instant, Arc<Rules>)>>>;

/// Fetches the rules of each host once a day.
#[derive(Debug, Default)]
pub(super) struct Robots(Mutex<FxHashMap<String, Slot>>);

impl Robots {
    /// The pause that the host of a page asks for; a fault if the page must not be fetched.
    pub async fn check(&self, fetcher: &Fetcher, page: &Url) -> Result<Duration, Fault> {
        let rules = self.rules(fetcher, page).await;
        if rules.allow(page) {
            Ok(rules.pause)
        } else {
            let words = format!("{}: `robots.txt` asks for it not to be fetched", shown(page));
            Err(Fault::new(Kind::Robots, words))
        }
    }

    async fn rules(&self, fetcher: &Fetcher, page: &Url) -> Arc<Rules> {
        let slot = self.slot(page.origin().ascii_serialization());
        let mut known = slot.lock().await;
        if let Some((until, rules)) = &*known
            && *until > Instant::now()
        {
            return Arc::clone(rules);
        }
        let (rules, holds) = match page.join("/robots.txt") {
            Ok(url) => Self::ask(fetcher, &url).await,
            Err(_) => (Rules::closed(), TROUBLE_HOLDS),
        };
        let rules = Arc::new(rules);
        *known = Some((Instant::now() + holds, Arc::clone(&rules)));
        rules
    }

    fn slot(&self, origin: String) -> Slot {
        let mut slots = self.0.lock().expect("nothing panics while it is held");
        if slots.len() >= MOST {
            // a slot in use is kept alive by its users
            slots.clear();
        }
        Arc::clone(slots.entry(origin).or_default())
    }

    /// A missing file forbids nothing; one that is unavailable now forbids everything for a while.
    async fn ask(fetcher: &Fetcher, url: &Url) -> (Rules, Duration) {
        let want = Want { accept: "text/plain, */*;q=0.1", bytes: MOST_BYTES, cut: true, ..Want::default() };
        match fetcher.get(url, &want, async |_| Ok(Duration::ZERO)).await {
            Ok(Got::Body(body)) => (Rules::parse(&String::from_utf8_lossy(&body.bytes)), HOLDS),
            Ok(Got::NotModified { .. }) => (Rules::default(), HOLDS),
            Err(fault)
                if fault.status.is_some_and(|status| (400..500).contains(&status) && status != 429) =>
            {
                (Rules::default(), HOLDS)
            }
            Err(fault) => {
                tracing::info!(error = %fault, "no pages will be fetched there for a while");
                (Rules::closed(), TROUBLE_HOLDS)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(rules: &str, path: &str) -> bool {
        Rules::parse(rules).allow(&Url::parse("https://news.example").unwrap().join(path).unwrap())
    }

    #[test]
    fn rules_are_those_of_the_standard() {
        for (rules, path, want) in [
            ("User-agent: *\nDisallow: /", "/a", false),
            ("User-agent: *\nDisallow:", "/a", true),
            ("User-agent: *\nDisallow: /\n\nUser-Agent: PressWatch/1.0\nAllow: /", "/a", true),
            ("User-agent: other\nUser-agent: presswatch # us\nDisallow: /a", "/ab", false),
            ("User-agent: other\nDisallow: /\n", "/a", true),
            ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true),
            ("User-agent: *\nDisallow: /a/b\nAllow: /a", "/a/b/c", false),
            ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", true),
            ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", false),
            ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", true),
            ("User-agent: *\nDisallow: /*?print=", "/x?print=1", false),
            ("User-agent: *\nDisallow: /a*b*c", "/a1b2c3", false),
            ("User-agent: *\nDisallow: /a*b*c", "/a1c2b3", true),
            ("User-agent: *\nDisallow: /*$", "/a", false),
            ("User-agent: *\nDisallow: /%7euser/ä", "/~user/%c3%a4", false),
            ("User-agent: *\nCrawl-delay: 2\nUser-agent: presswatch\nDisallow: /a", "/a", false),
            ("no rules at all\n<html>", "/a", true),
        ] {
            assert_eq!(allows(rules, path), want, "{rules}\n{path}");
        }
    }

    #[test]
    fn a_delay_is_kept_within_reason() {
        for (text, want) in [("2", 2_000), ("0.5", 500), ("86400", 60_000), ("x", 0), ("-1", 0)] {
            let rules = Rules::parse(&format!("User-agent: *\nCrawl-delay: {text}"));
            assert_eq!(rules.pause, Duration::from_millis(want), "{text}");
        }
    }
}
