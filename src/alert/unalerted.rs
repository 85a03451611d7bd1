//! An article that gives no alert, as it is kept for those who try watches: nothing of it is published.

use jiff::Timestamp;
use serde::Serialize;

use super::envelope::written;
use crate::article::{Published, Source};
use crate::tagging::Tagged;

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unalerted {
    /// The article's id.
    pub id: String,
    /// Where it was published.
    pub url: Option<String>,
    /// JSON: `data` has the fields of an alert about the article itself, without tags.
    pub body: Vec<u8>,
}

#[derive(Serialize)]
struct Body<'a> {
    data: Data<'a>,
}

/// As in [`super::Data`].
#[derive(Serialize)]
struct Data<'a> {
    id: &'a str,
    url: Option<&'a str>,
    title: &'a str,
    language: &'a str,
    published_at: Option<Published>,
    source: &'a Source,
    text: &'a str,
    received_at: Timestamp,
}

impl Unalerted {
    /// Of an article received at that time.
    pub fn new(article: &Tagged, received_at: Timestamp) -> Self {
        let Tagged { id, url, title, language, published_at, source, text, .. } = article;
        let (url, published_at) = (url.as_deref(), *published_at);
        let data = Data { id, url, title, language, published_at, source, text, received_at };
        let body = written(&Body { data }, 512 + title.len() + text.len());
        Self { id: article.id.clone(), url: article.url.clone(), body }
    }
}
