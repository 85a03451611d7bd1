//! The alert: a CloudEvents 1.0 object around a tagged article; its id, its routing keys, the envelope it goes out in. And
//! the notice, which tells one owner of watches alone.

mod envelope;
mod keys;
pub mod notice;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::knowledge::Knowledge;
use crate::tagging::Tagged;
use crate::watch::Match;
pub use envelope::{Audience, Envelope};
pub use keys::{EVERY_ALERT, Kind, Pattern, RoutingKey};

/// CloudEvents `type` of every alert.
pub const TYPE: &str = "presswatch.alert.article.v1";

/// `dataschema` of every alert; [`crate::schema`] makes it.
pub const SCHEMA: &str = "urn:presswatch:schema:alert.article.v1";

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
    /// The watches without an owner that match, in order of their ids.
    pub watches: Vec<Match>,
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

impl Tagger {
    fn of(lexicon: &Knowledge) -> Self {
        Self { version: env!("CARGO_PKG_VERSION"), lexicon: lexicon.version.clone() }
    }
}

impl Alert {
    /// Makes the alert of a tagged article that came in at `received_at`. Its id does not tell the watches: an article
    /// that comes again is no news, whatever watches there are by then.
    pub fn new(article: Tagged, watches: Vec<Match>, lexicon: &Knowledge, received_at: Timestamp) -> Self {
        let id = id(&article, lexicon);
        let tagger = Tagger::of(lexicon);
        Self {
            specversion: "1.0",
            id,
            source: "/presswatch",
            r#type: TYPE,
            time: received_at,
            subject: article.id.clone(),
            datacontenttype: "application/json",
            dataschema: SCHEMA,
            data: Data { article, watches, tagger, received_at },
        }
    }
}

/// The id that the alert of an article has. The first 32 hexadecimal digits of the SHA-256 over the article's id and content and the lexicon's version.
pub fn id(article: &Tagged, lexicon: &Knowledge) -> String {
    let mut hash = Sha256::new();
    let version = env!("CARGO_PKG_VERSION");
    for part in [version, lexicon.version.as_str(), &article.id, &article.title, &article.text] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    crate::hex(&hash.finalize()[..16])
}
