//! Routing keys: what an alert is published with, and what subscribers bind with.
//!
//! Keys are made, ranked, parsed and matched here and nowhere else. They are words of a topic exchange: `country.AZ`,
//! `mention.RU`, `topic.20000642`, `topic.x.drones`, `official.<slug>`, `said.<slug>`, and `alert`, which every alert
//! has; and for watches `watch.<id>` and `severity.high`. Notices have `owner.<owner>` instead of `alert`.

use std::cmp::Ordering;
use std::fmt;

use crate::knowledge::Knowledge;
use crate::official::Citation;
use crate::tagging::Tagged;
use crate::watch::{Match, Severity};

/// The key of every alert. Bind with it rather than with `#` to get all of them: RabbitMQ evaluates `#` once for each
/// key of an alert (measured: SPEED.md). It sorts before all other keys, so it is the one that an alert is published
/// with.
pub const EVERY_ALERT: &str = "alert";

/// What a key says about an alert, most important to subscribers first: if a broker can't carry all keys of an alert,
/// the last kinds are dropped first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Every alert; the key has no value.
    Alert,
    /// The owner of watches, the only one notified. No alert has this key, and every notice does.
    Owner,
    /// The id of a watch that matches.
    Watch,
    /// How much a match matters to the author of the watch.
    Severity,
    /// The code of a country that the article is about.
    Country,
    /// A topic or one of its parents: the digits of a Media Topic, or `x.` and the name of one of our own.
    Topic,
    /// The slug of an official who is quoted or paraphrased.
    Said,
    /// The slug of an official who is named.
    Official,
    /// The code of a country that is named.
    Mention,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Alert,
        Self::Owner,
        Self::Watch,
        Self::Severity,
        Self::Country,
        Self::Topic,
        Self::Said,
        Self::Official,
        Self::Mention,
    ];

    /// The first word of its keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alert => EVERY_ALERT,
            Self::Owner => "owner",
            Self::Watch => "watch",
            Self::Severity => "severity",
            Self::Country => "country",
            Self::Topic => "topic",
            Self::Said => "said",
            Self::Official => "official",
            Self::Mention => "mention",
        }
    }

    /// The kind of a key or pattern, from its first word.
    pub fn of(key: &str) -> Option<Self> {
        let word = key.split('.').next().unwrap_or(key);
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A routing key. Ordered as text, so that `alert` comes first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoutingKey(String);

impl RoutingKey {
    /// The key of every alert.
    pub fn every_alert() -> Self {
        Self(EVERY_ALERT.to_owned())
    }

    /// `value` is the code of a country or topic, a slug, or the like.
    pub fn new(kind: Kind, value: &str) -> Self {
        match kind {
            Kind::Alert => Self::every_alert(),
            Kind::Topic => Self(format!("{}.{}", kind.as_str(), topic_words(value))),
            _ => Self(format!("{}.{value}", kind.as_str())),
        }
    }

    /// The keys of a tagged article and the watches that match it, sorted and unique. An article with a tag or a watch
    /// has at least one besides [`EVERY_ALERT`].
    pub fn of(article: &Tagged, watches: &[Match], lexicon: &Knowledge) -> Vec<Self> {
        let mut keys = vec![Self::every_alert()];
        keys.extend(Self::of_watches(watches));
        for country in &article.countries {
            keys.push(Self::new(Kind::Mention, &country.code));
            if country.focus {
                keys.push(Self::new(Kind::Country, &country.code));
            }
        }
        for topic in &article.topics {
            keys.extend(lexicon.topic_and_parents(&topic.code).map(|code| Self::new(Kind::Topic, code)));
        }
        for official in &article.officials {
            keys.push(Self::new(Kind::Official, &official.slug));
            if official.citation >= Citation::Paraphrased {
                keys.push(Self::new(Kind::Said, &official.slug));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The keys of a notice, sorted and unique: the owner's first, then those of the owner's matching watches.
    pub fn of_notice(owner: &str, watches: &[Match]) -> Vec<Self> {
        let mut keys: Vec<Self> = Self::of_watches(watches).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.insert(0, Self::new(Kind::Owner, owner));
        keys
    }

    fn of_watches(watches: &[Match]) -> impl Iterator<Item = Self> {
        watches.iter().flat_map(|watch| {
            [Self::new(Kind::Watch, &watch.id), Self::new(Kind::Severity, watch.severity.as_str())]
        })
    }

    /// The rest of a key of this kind, such as the id of a watch.
    pub fn value_of(key: &str, kind: Kind) -> Option<&str> {
        key.strip_prefix(kind.as_str())?.strip_prefix('.')
    }

    /// The key as published.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// See [`Kind`]; a key made by another version may have none.
    pub fn kind(&self) -> Option<Kind> {
        Kind::of(&self.0)
    }

    /// Several keys in one text, separated by spaces, which no key contains. [`Pattern::fits_any`] reads it.
    pub fn join(keys: &[Self]) -> String {
        keys.iter().map(Self::as_str).collect::<Vec<_>>().join(" ")
    }
}

impl PartialOrd for RoutingKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RoutingKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl fmt::Display for RoutingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `medtop:20000642` as `20000642`, `x:drones` as `x.drones`: a colon has no meaning in a binding.
fn topic_words(code: &str) -> String {
    code.strip_prefix("medtop:").map_or_else(|| code.replace(':', "."), str::to_owned)
}

/// A binding pattern of a topic exchange: `*` stands for one word, `#` for any number of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// Takes any text; [`Self::is_possible`] says whether it makes sense.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// As given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it asks for notices, by their owner. Everything else asks for alerts.
    pub fn asks_for_notices(&self) -> bool {
        Kind::of(&self.0) == Some(Kind::Owner)
    }

    /// Whether an alert can have a matching key: `country.AZ` and `said.*`, not `country.az`.
    pub fn is_possible(&self) -> bool {
        fn all(word: &str, is: fn(&u8) -> bool) -> bool {
            word == "*" || !word.is_empty() && word.bytes().all(|b| is(&b))
        }
        let words: Vec<&str> = self.0.split('.').collect();
        match words[..] {
            _ if words.contains(&"#") => true,
            [EVERY_ALERT | "*"] | ["*", _] | ["topic" | "*", "x" | "*", _, ..] => true,
            // a watch id may contain dots
            ["watch", ..] => words.len() > 1 && words.iter().all(|word| !word.is_empty()),
            [first, value] => match Kind::of(first) {
                Some(Kind::Country | Kind::Mention) => {
                    value == "*" || value.len() == 2 && all(value, u8::is_ascii_uppercase)
                }
                Some(Kind::Topic) => all(value, u8::is_ascii_digit),
                Some(Kind::Official | Kind::Said) => {
                    all(value, |b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
                }
                Some(Kind::Severity) => value == "*" || Severity::ALL.iter().any(|s| s.as_str() == value),
                Some(Kind::Alert | Kind::Owner | Kind::Watch) | None => false,
            },
            _ => false,
        }
    }

    /// Whether a key matches.
    pub fn fits(&self, key: &str) -> bool {
        fn fit(pattern: &[&str], key: &[&str]) -> bool {
            match pattern.split_first() {
                None => key.is_empty(),
                Some((&"#", rest)) => rest.is_empty() || (0..=key.len()).any(|n| fit(rest, &key[n..])),
                Some((&word, rest)) => key
                    .split_first()
                    .is_some_and(|(first, more)| (word == "*" || word == *first) && fit(rest, more)),
            }
        }
        // most patterns are plain keys, and each stream tests every key of every alert
        if !self.0.contains(['*', '#']) {
            return self.0 == key;
        }
        // bounded, since each `#` doubles the work
        let pattern: Vec<&str> = self.0.split('.').take(16).collect();
        fit(&pattern, &key.split('.').collect::<Vec<_>>())
    }

    /// Whether any of the keys, separated by spaces, matches any of the patterns; without patterns everything matches.
    pub fn fits_any(patterns: &[Self], keys: &str) -> bool {
        patterns.is_empty() || keys.split(' ').any(|key| patterns.iter().any(|pattern| pattern.fits(key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_no_alert_has_is_told_from_one_that_some_have() {
        let possible = |pattern: &str| Pattern::new(pattern).is_possible();
        for key in
            ["alert", "#", "country.AZ", "country.*", "*.AZ", "mention.#", "topic.20000642", "topic.x.drones"]
        {
            assert!(possible(key), "{key}");
        }
        for key in ["said.marco-rubio", "official.*", "topic.*", "topic.x.*"] {
            assert!(possible(key), "{key}");
        }
        for key in
            ["country.az", "country.AZE", "country AZ", "AZ", "topic.medtop:20000642", "said.Marco Rubio"]
        {
            assert!(!possible(key), "{key}");
        }
        for key in ["", "country.", "said.", "alerts", "topics.20000642", "country.AZ.x", "alert.x"] {
            assert!(!possible(key), "{key}");
        }
    }

    #[test]
    fn keys_of_watches_are_known() {
        for (key, want) in [
            ("watch.pipes", true),
            ("watch.desk.pipes-2", true),
            ("watch.*", true),
            ("watch", false),
            ("watch.", false),
            ("severity.high", true),
            ("severity.*", true),
            ("severity.loud", false),
        ] {
            assert_eq!(Pattern::new(key).is_possible(), want, "{key}");
        }
    }

    #[test]
    fn keys_match_as_in_a_topic_exchange() {
        for (pattern, key, want) in [
            ("country.AZ", "country.AZ", true),
            ("country.AZ", "country.AM", false),
            ("country.*", "country.AZ", true),
            ("country.*", "country", false),
            ("#", "topic.20000642", true),
            ("topic.#", "topic", true),
            ("*.AZ", "mention.AZ", true),
            ("#.AZ.#", "country.AZ", true),
        ] {
            assert_eq!(Pattern::new(pattern).fits(key), want, "{pattern} {key}");
        }
    }

    #[test]
    fn a_key_is_made_of_its_kind_and_value_and_tells_them() {
        for (kind, value, key) in [
            (Kind::Alert, "", "alert"),
            (Kind::Country, "AZ", "country.AZ"),
            (Kind::Mention, "RU", "mention.RU"),
            (Kind::Topic, "medtop:20000642", "topic.20000642"),
            (Kind::Topic, "x:drones", "topic.x.drones"),
            (Kind::Official, "marco-rubio", "official.marco-rubio"),
            (Kind::Said, "marco-rubio", "said.marco-rubio"),
        ] {
            let made = RoutingKey::new(kind, value);
            assert_eq!((made.as_str(), made.kind()), (key, Some(kind)));
            assert!(Pattern::new(key).is_possible(), "{key}");
        }
        assert_eq!(Kind::of("desk.owner"), None);
    }

    #[test]
    fn a_notice_is_published_by_its_owner_and_no_alert_is() {
        let of = |id: &str| Match {
            id: id.to_owned(),
            name: String::new(),
            owner: Some("desk.energy".to_owned()),
            severity: Severity::High,
            clauses: Vec::new(),
        };
        let keys = RoutingKey::of_notice("desk.energy", &[of("a"), of("b")]);
        assert_eq!(RoutingKey::join(&keys), "owner.desk.energy severity.high watch.a watch.b");
        assert_eq!(keys[0].kind(), Some(Kind::Owner));
        for (pattern, asks) in [("owner.desk", true), ("owner.#", true), ("watch.owner", false), ("#", false)]
        {
            assert_eq!(Pattern::new(pattern).asks_for_notices(), asks, "{pattern}");
        }
        assert!(!Pattern::new("owner.desk").is_possible(), "of an alert");
    }
}
