//! The alert: a CloudEvents 1.0 object around a tagged article, its id and its routing keys.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::knowledge::Knowledge;
use crate::official::Citation;
use crate::tagging::Tagged;

/// CloudEvents `type` of every alert.
pub const TYPE: &str = "presswatch.alert.article.v1";

/// `dataschema` of every alert; [`crate::schema`] makes it.
pub const SCHEMA: &str = "https://presswatch.example/schemas/alert.article.v1.json";

/// The key of every alert. Who wants all of them binds by it rather than by `#`, which RabbitMQ walks once for each key
/// of an alert (measured: SPEED.md). It sorts before all other keys, so it is the one that an alert is published by.
pub const EVERY_ALERT: &str = "alert";

/// AMQP and HTTP content type of an alert.
pub const CONTENT_TYPE: &str = "application/cloudevents+json";

/// A CloudEvents 1.0 object in structured mode: <https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md>.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "the names are those of the specification")]
pub struct Alert {
    #[schemars(extend("const" = "1.0"))]
    pub specversion: &'static str,
    /// The same whenever the same article content is tagged by the same lexicon.
    pub id: String,
    pub source: &'static str,
    #[schemars(extend("const" = TYPE))]
    pub r#type: &'static str,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub time: Timestamp,
    pub subject: String,
    pub datacontenttype: &'static str,
    #[schemars(extend("const" = SCHEMA))]
    pub dataschema: &'static str,
    pub data: Data,
}

/// What an alert carries.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Data {
    /// The article and its tags.
    #[serde(flatten)]
    pub article: Tagged,
    /// The watches that match; none until watches are built.
    pub watches: [(); 0],
    /// What tagged it.
    pub tagger: Tagger,
    /// When the article came in.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub received_at: Timestamp,
}

/// Version of the program and of its lexicon.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Tagger {
    /// Of presswatch.
    pub version: &'static str,
    /// See [`Knowledge::version`].
    pub lexicon: String,
}

impl Alert {
    /// Makes the alert of a tagged article that came in at `received_at`.
    pub fn new(article: Tagged, lexicon: &Knowledge, received_at: Timestamp) -> Self {
        let id = id(&article, lexicon);
        let tagger = Tagger { version: env!("CARGO_PKG_VERSION"), lexicon: lexicon.version.clone() };
        Self {
            specversion: "1.0",
            id,
            source: "/presswatch",
            r#type: TYPE,
            time: received_at,
            subject: article.id.clone(),
            datacontenttype: "application/json",
            dataschema: SCHEMA,
            data: Data { article, watches: [], tagger, received_at },
        }
    }

    /// The keys that subscribers bind by: [`EVERY_ALERT`], then `country.AZ`, `mention.RU`, `topic.20000642`,
    /// `official.<slug>`, `said.<slug>`, sorted, each once; an article with a tag has at least one of these.
    pub fn routing_keys(&self, lexicon: &Knowledge) -> Vec<String> {
        let article = &self.data.article;
        let mut keys = Vec::new();
        for country in &article.countries {
            keys.push(["mention.", &country.code].concat());
            if country.focus {
                keys.push(["country.", &country.code].concat());
            }
        }
        for topic in &article.topics {
            keys.extend(lexicon.topic_and_parents(&topic.code).map(|code| ["topic.", &bare(code)].concat()));
        }
        for official in &article.officials {
            keys.push(["official.", &official.slug].concat());
            if official.citation >= Citation::Paraphrased {
                keys.push(["said.", &official.slug].concat());
            }
        }
        keys.push(EVERY_ALERT.to_owned());
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// Whether an alert may have a key that fits a pattern of a topic exchange: `country.AZ` and `said.*`, not `country.az`.
pub fn may_have(pattern: &str) -> bool {
    let all =
        |word: &str, is: fn(&u8) -> bool| word == "*" || !word.is_empty() && word.bytes().all(|b| is(&b));
    let words: Vec<&str> = pattern.split('.').collect();
    match words[..] {
        _ if words.contains(&"#") => true,
        [EVERY_ALERT | "*"] | ["*", _] | ["topic" | "*", "x" | "*", _, ..] => true,
        ["country" | "mention", code] => code == "*" || code.len() == 2 && all(code, u8::is_ascii_uppercase),
        ["topic", code] => all(code, u8::is_ascii_digit),
        ["official" | "said", slug] => all(slug, |b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')),
        _ => false,
    }
}

/// `medtop:20000642` as `20000642`, `x:drones` as `x.drones`: a colon means nothing to a binding.
pub(crate) fn bare(code: &str) -> String {
    code.strip_prefix("medtop:").map_or_else(|| code.replace(':', "."), str::to_owned)
}

/// The first 32 hexadecimal digits of the SHA-256 over the article's id and content and the lexicon's version.
fn id(article: &Tagged, lexicon: &Knowledge) -> String {
    let mut hash = Sha256::new();
    let version = env!("CARGO_PKG_VERSION");
    for part in [version, lexicon.version.as_str(), &article.id, &article.title, &article.text] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    crate::hex(&hash.finalize()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_no_alert_has_is_told_from_one_that_some_have() {
        for key in
            ["alert", "#", "country.AZ", "country.*", "*.AZ", "mention.#", "topic.20000642", "topic.x.drones"]
        {
            assert!(may_have(key), "{key}");
        }
        for key in ["said.marco-rubio", "official.*", "topic.*", "topic.x.*"] {
            assert!(may_have(key), "{key}");
        }
        for key in
            ["country.az", "country.AZE", "country AZ", "AZ", "topic.medtop:20000642", "said.Marco Rubio"]
        {
            assert!(!may_have(key), "{key}");
        }
        for key in ["", "country.", "said.", "alerts", "topics.20000642", "country.AZ.x"] {
            assert!(!may_have(key), "{key}");
        }
    }
}
