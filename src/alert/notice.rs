//! The notice: tells a single owner which of their watches match an article.
//!
//! An alert goes to everyone who reads alerts, so it names only the watches without an owner. Each owner with matches
//! gets a notice in addition, which names that owner's watches and nobody else's. It has the alert's tags but not the
//! text of the article; an excerpt shows the words that make a clause hold, enough for a mail or a chat message.

mod excerpt;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::envelope::written;
use super::{Audience, CONTENT_TYPE, Envelope, RoutingKey, Tagger};
use crate::article::{Published, Source};
use crate::country::Country;
use crate::knowledge::Knowledge;
use crate::official::Official;
use crate::quote::Quote;
use crate::tagging::Analysed;
use crate::text::Span;
use crate::topic::Topic;
use crate::watch::{Clause, Match, Severity};
use excerpt::Excerpt;

/// CloudEvents `type` of every notice.
pub const TYPE: &str = "presswatch.notice.watch.v1";

/// `dataschema` of every notice; [`crate::schema`] makes it.
pub const SCHEMA: &str = "urn:presswatch:schema:notice.watch.v1";

/// Most clauses given per watch: as many as a reader looks at.
const MOST_CLAUSES: usize = 20;

/// Approximate size limit in bytes for all clauses of a notice.
const CLAUSES_BYTES: usize = 128 << 10;

/// Approximate size limit in bytes for the ids and names of all watches of a notice. It stays small however many
/// watches an owner has and whatever their names: a notice that is too large would turn the article into a dead letter,
/// for everyone.
const WATCHES_BYTES: usize = 128 << 10;

/// A CloudEvents 1.0 object in structured mode: <https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md>.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "the names are those of the specification")]
pub struct Notice<'a> {
    #[schemars(extend("const" = "1.0"))]
    pub specversion: &'static str,
    /// Stays the same when the same article is sent to the same owner again.
    pub id: String,
    pub source: &'static str,
    #[schemars(extend("const" = TYPE))]
    pub r#type: &'static str,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub time: Timestamp,
    /// Id of the article.
    pub subject: &'a str,
    pub datacontenttype: &'static str,
    #[schemars(extend("const" = SCHEMA))]
    pub dataschema: &'static str,
    pub data: Data<'a>,
}

/// The `data` of a notice.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "NoticeData")]
pub struct Data<'a> {
    /// The owner whom it is for.
    pub owner: &'a str,
    /// The `id` of the article's alert. No such alert exists if the article has no tags and matches only watches with
    /// an owner.
    pub alert: &'a str,
    /// The article without its text.
    pub article: Reference<'a>,
    /// As in the alert; offsets refer to the article's text.
    pub countries: &'a [Country],
    /// As in the alert.
    pub topics: &'a [Topic],
    /// As in the alert.
    pub officials: &'a [Official],
    /// As in the alert.
    pub quotes: &'a [Quote],
    /// The owner's matching watches, in order of their ids; if there are too many, the most important ones.
    pub watches: Vec<Matched<'a>>,
    /// How many more match but are left out to limit the size.
    pub watches_left_out: usize,
    /// The program that tagged it.
    pub tagger: Tagger,
    /// When the article arrived.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub received_at: Timestamp,
}

/// An article without its text.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Reference")]
#[expect(missing_docs, reason = "as in an alert")]
pub struct Reference<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub url: Option<&'a str>,
    pub source: &'a Source,
    pub language: &'a str,
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub published_at: Option<Published>,
}

/// A matching watch of the owner.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "NoticeMatch")]
pub struct Matched<'a> {
    /// Id of the watch.
    pub id: &'a str,
    /// For people.
    pub name: &'a str,
    /// How much a match matters.
    pub severity: Severity,
    /// The first clauses that hold, in the order of the query.
    pub clauses: Vec<Told<'a>>,
    /// How many more hold but are left out to limit the size.
    pub clauses_left_out: usize,
}

/// A clause of a query that holds.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "NoticeClause")]
pub struct Told<'a> {
    /// In the canonical form of the query language.
    pub expr: &'a str,
    /// The first places where it holds, in the article's text; empty for a clause about the article as a whole.
    pub spans: &'a [Span],
    /// The words around the first span, for display.
    pub excerpt: Option<Excerpt>,
}

/// The notices of an article, one for each owner with a match, in order of the owners. Ignores matches of watches
/// without an owner.
pub fn notices(
    analysed: &Analysed,
    alert: &str,
    matches: Vec<Match>,
    lexicon: &Knowledge,
    received_at: Timestamp,
) -> Vec<Envelope> {
    let mut owners: BTreeMap<String, Vec<Match>> = BTreeMap::new();
    for mut found in matches {
        if let Some(owner) = found.owner.take() {
            owners.entry(owner).or_default().push(found);
        }
    }
    let notice = |(owner, matches): (String, Vec<Match>)| {
        let notice = Notice::new(analysed, alert, &owner, &matches, lexicon, received_at);
        let (id, body) = (notice.id.clone(), written(&notice, 4096));
        let keys = RoutingKey::of_notice(&owner, &matches);
        Envelope { to: Audience::Owner(owner), id, r#type: TYPE, keys, content_type: CONTENT_TYPE, body }
    };
    owners.into_iter().map(notice).collect()
}

impl<'a> Notice<'a> {
    fn new(
        analysed: &'a Analysed,
        alert: &'a str,
        owner: &'a str,
        matches: &'a [Match],
        lexicon: &Knowledge,
        received_at: Timestamp,
    ) -> Self {
        let article = &analysed.tagged;
        let (watches, watches_left_out) = told(matches, analysed);
        let data = Data {
            owner,
            alert,
            article: Reference {
                id: &article.id,
                title: &article.title,
                url: article.url.as_deref(),
                source: &article.source,
                language: &article.language,
                published_at: article.published_at,
            },
            countries: &article.countries,
            topics: &article.topics,
            officials: &article.officials,
            quotes: &article.quotes,
            watches,
            watches_left_out,
            tagger: Tagger::of(lexicon),
            received_at,
        };
        Self {
            specversion: "1.0",
            id: id(alert, owner),
            source: "/presswatch",
            r#type: TYPE,
            time: received_at,
            subject: &article.id,
            datacontenttype: "application/json",
            dataschema: SCHEMA,
            data,
        }
    }
}

/// As many matches as fit, the most important first, and how many are left out.
fn told<'a>(matches: &'a [Match], analysed: &Analysed) -> (Vec<Matched<'a>>, usize) {
    let mut by_severity: Vec<&Match> = matches.iter().collect();
    by_severity.sort_by_key(|found| Reverse(found.severity));
    let (mut of_watches, mut of_clauses) = (WATCHES_BYTES, CLAUSES_BYTES);
    let mut watches = Vec::new();
    for found in by_severity {
        let bytes = found.id.len() + found.name.len() + 64;
        if bytes <= of_watches {
            of_watches -= bytes;
            watches.push(Matched::new(found, analysed, &mut of_clauses));
        }
    }
    watches.sort_unstable_by_key(|watch| watch.id);
    let left_out = matches.len() - watches.len();
    (watches, left_out)
}

impl<'a> Matched<'a> {
    /// `room` is the space left for clauses, in bytes.
    fn new(found: &'a Match, analysed: &Analysed, room: &mut usize) -> Self {
        let mut clauses = Vec::new();
        for clause in found.clauses.iter().take(MOST_CLAUSES) {
            let told = Told::new(clause, analysed);
            let bytes = told.bytes();
            if bytes <= *room {
                *room -= bytes;
                clauses.push(told);
            }
        }
        let clauses_left_out = found.clauses.len() - clauses.len();
        Self { id: &found.id, name: &found.name, severity: found.severity, clauses, clauses_left_out }
    }
}

impl<'a> Told<'a> {
    fn new(clause: &'a Clause, analysed: &Analysed) -> Self {
        let Clause { expr, spans } = clause;
        Self { expr, spans, excerpt: Excerpt::new(&analysed.document, spans) }
    }

    /// Its approximate size.
    fn bytes(&self) -> usize {
        let spans: usize = self.spans.iter().map(|span| span.exact.len() + 64).sum();
        self.expr.len() + spans + self.excerpt.as_ref().map_or(0, |excerpt| excerpt.text.len() + 64)
    }
}

/// The first 32 hexadecimal digits of the SHA-256 over the alert's id and the owner.
fn id(alert: &str, owner: &str) -> String {
    let mut hash = Sha256::new();
    for part in [TYPE, alert, owner] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    crate::hex(&hash.finalize()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_of_the_alert_and_the_owner() {
        assert_eq!(id("a", "desk"), id("a", "desk"));
        assert_eq!(id("a", "desk").len(), 32);
        assert!(id("a", "desk") != id("a", "desks") && id("ad", "esk") != id("a", "desk"));
    }
}
