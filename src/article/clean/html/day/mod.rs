//! Finds the day of a page in its metadata, its URL, its title, and what it shows its readers.
//!
//! A wrong day is worse than none, since a person's office depends on it. So the most reliable source comes first, and
//! what the page shows counts only near the headline, or if the whole page shows a single day.

mod address;
mod shown;

pub(in crate::article::clean) use address::day as of_address;
use dom_query::Document;
use serde_json::Value;

use super::title;
use crate::article::clean::plain::date::is_day;
use crate::article::decode::jsonld;
use crate::article::junk::Junk;
use crate::article::{Published, date};

/// `<meta>` names that always mean the publication of an article.
const PUBLISHED: [&str; 13] = [
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "article.published",
    "article:published",
    "datepublished",
    "rnews:datepublished",
    "shareaholic:article_published_time",
    "parsely-pub-date",
    "cxenseparse:recs:publishtime",
    "sailthru.date",
    "bt:pubdate",
    "sw-pubdate",
];

/// Names that some pages give another day, such as that of the printed issue.
const DATED: [&str; 20] = [
    "date",
    "pubdate",
    "pub_date",
    "publishdate",
    "publish-date",
    "publication_date",
    "publication-date",
    "originalpublicationdate",
    "article_date_original",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "citation_date",
    "datecreated",
    "date.created",
    "dc.created",
    "dc.date.created",
    "dcterms.created",
];

/// Later than publication, so used only if nothing else gives a day.
const MODIFIED: [&str; 4] = ["article:modified_time", "og:updated_time", "last-modified", "datemodified"];

/// The page's metadata that may give a day.
pub(super) struct Told<'p> {
    /// Name in lower case and content of each `<meta>`.
    pub(super) metas: &'p [(String, String)],
    /// All of its JSON-LD.
    pub(super) data: &'p [Value],
    /// The day of the article in it.
    pub(super) news: Option<Published>,
    /// The day in the part of it that can't be parsed.
    pub(super) broken: Option<Published>,
    /// Its titles, unchanged.
    pub(super) titles: &'p [String],
    /// Its headline.
    pub(super) title: Option<&'p str>,
    /// Its URL, as it declares it.
    pub(super) address: Option<&'p str>,
}

/// The day of publication, with the time if given.
pub(super) fn of(document: &Document, told: &Told<'_>, junk: &Junk) -> Option<Published> {
    // a meta without a date does not hide the next
    let declared_by = |names: &[&str]| {
        names.iter().find_map(|name| {
            told.metas.iter().filter(|(key, _)| key == name).find_map(|(_, value)| date::parse(value))
        })
    };
    declared_by(&PUBLISHED)
        .or(told.news)
        .or_else(|| declared_by(&DATED))
        .or_else(|| told.data.iter().find_map(|value| jsonld::day_of_page(value, jsonld::DEPTH)))
        .or(told.broken)
        .or_else(|| told.titles.iter().find_map(|text| of_title(text, junk)))
        .or_else(|| address::day(told.address?))
        .or_else(|| shown::day(document, told.titles, told.title, junk))
        .or_else(|| declared_by(&MODIFIED))
}

/// The day that is one piece of a title: "05.03.2025 | Harbour reopens".
fn of_title(text: &str, junk: &Junk) -> Option<Published> {
    title::pieces(text).find_map(|piece| is_day(piece, junk))
}

#[cfg(test)]
mod tests;
