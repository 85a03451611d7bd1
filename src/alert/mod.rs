//! The alert: a CloudEvents 1.0 object around a tagged article, with its id, its routing keys and its envelope. And the
//! notice, which goes to a single owner of watches; and what is kept of an article that gives no alert.

mod envelope;
mod keys;
pub mod notice;
mod unalerted;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::knowledge::Knowledge;
use crate::tagging::Tagged;
use crate::watch::Match;
pub use envelope::{Audience, Envelope};
pub use keys::{EVERY_ALERT, Kind, Pattern, RoutingKey};
pub use unalerted::Unalerted;

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
    /// Stays the same whenever the same content is tagged with the same lexicon.
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

/// The `data` of an alert.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Data {
    /// The article and its tags.
    #[serde(flatten)]
    pub article: Tagged,
    /// The matching watches without an owner, in order of their ids.
    pub watches: Vec<Match>,
    /// The program that tagged it.
    pub tagger: Tagger,
    /// When the article arrived.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub received_at: Timestamp,
}

/// Versions of the program and its lexicon.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Tagger {
    /// Version of presswatch.
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
    /// Makes the alert of a tagged article that arrived at `received_at`. Its id does not depend on the watches: an
    /// article that comes again is no news, whatever watches there are by then.
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

/// The id of an article's alert: the first 32 hexadecimal digits of the SHA-256 over the article's id and content and
/// the version of the lexicon.
pub fn id(article: &Tagged, lexicon: &Knowledge) -> String {
    let mut hash = Sha256::new();
    let version = env!("CARGO_PKG_VERSION");
    for part in [version, lexicon.version.as_str(), &article.id, &article.title, &article.text] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    crate::hex(&hash.finalize()[..16])
}
