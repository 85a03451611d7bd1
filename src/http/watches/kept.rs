//! The articles that are kept, whether they gave an alert or not: page by page, newest first (`GET /articles.json`), and
//! one of them by its id or URL.

use std::collections::VecDeque;
use std::str::FromStr;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::super::{Port, filter, problem};
use super::doors::Who;
use crate::broker::BrokerError;
use crate::broker::tail::{Older, Published};
use crate::broker::wanted::{Wanted, received_at};

/// Articles per page unless the client says how many, and at most.
const USUAL: usize = 50;
pub(super) const MOST: usize = 200;

/// The most alerts looked through for an article.
const LOOKED_AT: usize = 20_000;

/// How far the articles were read: all below these numbers are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Among the alerts.
    alerts: u64,
    /// Among the articles without one.
    others: u64,
}

impl Place {
    /// Nothing was read yet.
    pub const START: Self = Self { alerts: u64::MAX, others: u64::MAX };
}

impl FromStr for Place {
    type Err = ();

    /// As in `next` of a page: two numbers with a hyphen between them.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (alerts, others) = text.split_once('-').ok_or(())?;
        let number = |text: &str| text.parse().map_err(|_| ());
        Ok(Self { alerts: number(alerts)?, others: number(others)? })
    }
}

/// An article that is kept.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Kept {
    /// The id of its alert, if it gave one.
    pub alert: Option<String>,
    /// What an alert says of an article; of one without an alert, without tags.
    pub article: Map<String, Value>,
}

impl Kept {
    /// From an alert, or from what is kept of an article without one.
    pub fn of(published: &Published) -> Option<Self> {
        #[derive(Deserialize)]
        struct Body {
            id: Option<String>,
            data: Map<String, Value>,
        }
        let Body { id: alert, data: article } = serde_json::from_slice(&published.body).ok()?;
        Some(Self { alert, article })
    }

    /// The id of the article.
    pub fn id(&self) -> &str {
        self.article.get("id").and_then(Value::as_str).unwrap_or_default()
    }
}

/// The articles before a place, up to `most`, and the place of the next page; `None` at the end.
pub(super) async fn page(
    port: &Port,
    place: Place,
    most: usize,
) -> Result<(Vec<Published>, Option<Place>), BrokerError> {
    let log = port.log().await;
    let alerts = log.before(place.alerts, most, &Arc::default()).await?;
    let others = port.backend.unalerted_before(place.others, most).await?;
    Ok(merged(Row::new(place.alerts, alerts), Row::new(place.others, others), most))
}

/// One of the two kinds of articles, being read.
struct Row {
    /// Newest first.
    left: VecDeque<(Timestamp, Published)>,
    /// The number of the last one taken.
    at: u64,
    /// Where the next read begins once all are taken, and whether there is nothing left to read then.
    reached: u64,
    ended: bool,
}

impl Row {
    fn new(at: u64, Older { alerts, reached, ended, .. }: Older) -> Self {
        let came = |article: &Published| received_at(&article.body).unwrap_or_default();
        let left = alerts.into_iter().map(|article| (came(&article), article)).collect();
        Self { left, at, reached, ended }
    }

    /// Whether the next one of the other kind may be newer than what comes next of this one, which is not read yet.
    fn is_open(&self) -> bool {
        self.left.is_empty() && !self.ended
    }

    fn take(&mut self) -> Option<Published> {
        let (_, article) = self.left.pop_front()?;
        self.at = article.number;
        Some(article)
    }

    /// The number below which to read on.
    fn next(&self) -> u64 {
        if self.left.is_empty() { self.at.min(self.reached) } else { self.at }
    }
}

fn merged(mut alerts: Row, mut others: Row, most: usize) -> (Vec<Published>, Option<Place>) {
    let mut page = Vec::new();
    while page.len() < most && !alerts.is_open() && !others.is_open() {
        let came = |row: &Row| row.left.front().map(|(came, _)| *came);
        let newer = if came(&alerts) >= came(&others) { &mut alerts } else { &mut others };
        match newer.take() {
            Some(article) => page.push(article),
            None => break,
        }
    }
    let all = [&alerts, &others].iter().all(|row| row.left.is_empty() && row.ended);
    let next = Place { alerts: alerts.next(), others: others.next() };
    (page, (!all).then_some(next))
}

/// A page of the articles that are kept, for whoever may try watches on them.
pub(super) async fn articles(
    State(port): State<Port>,
    Extension(who): Extension<Who>,
    RawQuery(query): RawQuery,
) -> Response {
    if let Err(refused) = who.tries() {
        return refused;
    }
    let query = query.unwrap_or_default();
    let most = filter::number(&query, "limit").unwrap_or(USUAL).clamp(1, MOST);
    let place = filter::number(&query, "before").unwrap_or(Place::START);
    match page(&port, place, most).await {
        Ok((page, next)) => {
            let next = next.map(|place| format!("{}-{}", place.alerts, place.others));
            let articles: Vec<Kept> = page.iter().filter_map(Kept::of).collect();
            Json(json!({ "next": next, "articles": articles })).into_response()
        }
        Err(error) => unread(&error),
    }
}

/// The article with an id or a URL: the one of the latest alerts that has it, or one without an alert.
pub(super) async fn one(port: &Port, name: &str) -> Result<Option<Published>, BrokerError> {
    let wanted = Arc::new(Wanted { article: Some(name.to_owned()), ..Wanted::default() });
    let log = port.log().await;
    let (mut below, mut looked_at) = (u64::MAX, 0);
    while looked_at < LOOKED_AT {
        let mut older = log.before(below, 1, &wanted).await?;
        if let Some(found) = older.alerts.pop() {
            return Ok(Some(found));
        }
        if older.ended || older.looked_at == 0 {
            break;
        }
        (below, looked_at) = (older.reached, looked_at + older.looked_at);
    }
    port.backend.unalerted(name).await
}

/// The response where articles can't be read.
pub(super) fn unread(error: &BrokerError) -> Response {
    problem(StatusCode::SERVICE_UNAVAILABLE, &format!("alerts can't be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Articles that came in at these seconds; each has its second as its number.
    fn row(seconds: &[i64], ended: bool) -> Row {
        let article = |second: &i64| {
            let came = Timestamp::from_second(*second).unwrap();
            let body = json!({ "data": { "received_at": came } }).to_string().into_bytes();
            Published { number: second.unsigned_abs(), id: String::new(), keys: String::new(), body }
        };
        let alerts: Vec<Published> = seconds.iter().map(article).collect();
        let reached = alerts.last().map_or(100, |last| last.number);
        Row::new(100, Older { alerts, reached, ended, looked_at: 0 })
    }

    fn numbers(merged: &(Vec<Published>, Option<Place>)) -> (Vec<u64>, Option<(u64, u64)>) {
        let (page, next) = merged;
        (page.iter().map(|a| a.number).collect(), next.map(|next| (next.alerts, next.others)))
    }

    #[test]
    fn two_kinds_of_articles_are_read_as_one() {
        let both = merged(row(&[9, 7, 3], true), row(&[8, 2], true), 10);
        assert_eq!(numbers(&both), (vec![9, 8, 7, 3, 2], None));
        let some = merged(row(&[9, 7, 3], true), row(&[8, 2], true), 3);
        assert_eq!(numbers(&some), (vec![9, 8, 7], Some((7, 8))));
        let one = merged(row(&[9, 7], true), row(&[], true), 10);
        assert_eq!(numbers(&one), (vec![9, 7], None));
        // more of the first are left to read, which may be newer than the second's
        let open = merged(row(&[9, 7], false), row(&[8, 6, 1], true), 10);
        assert_eq!(numbers(&open), (vec![9, 8, 7], Some((7, 8))));
        let none_yet = merged(row(&[], false), row(&[8], true), 10);
        assert_eq!(numbers(&none_yet), (vec![], Some((100, 100))));
    }

    #[test]
    fn a_place_is_written_as_it_is_read() {
        assert_eq!("7-12".parse(), Ok(Place { alerts: 7, others: 12 }));
        for wrong in ["", "7", "-", "7-x", "7-1-2"] {
            assert!(wrong.parse::<Place>().is_err(), "{wrong}");
        }
    }
}
