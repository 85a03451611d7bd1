//! The day of a page: what it tells machines, what stands in its address and its title, what it shows its readers.
//!
//! A wrong day is worse than none, as offices are given as of it. So the surest source comes first, and what the page
//! shows counts only near the headline, or where the whole page shows one day.

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

/// `<meta>` names that stand for the publication of an article and nothing else.
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

/// Those that some pages give another day, as that of the printed issue.
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

/// Later than publication, so only where nothing else tells a day.
const MODIFIED: [&str; 4] = ["article:modified_time", "og:updated_time", "last-modified", "datemodified"];

/// What a page says of itself, as far as it tells a day.
pub(super) struct Told<'p> {
    /// Name in small letters and content of each `<meta>`.
    pub(super) metas: &'p [(String, String)],
    /// All of its JSON-LD.
    pub(super) data: &'p [Value],
    /// The day of the article in it.
    pub(super) news: Option<Published>,
    /// The day in what can't be read of it.
    pub(super) broken: Option<Published>,
    /// Its titles, as they are.
    pub(super) titles: &'p [String],
    /// Its headline.
    pub(super) title: Option<&'p str>,
    /// Its address, as it says.
    pub(super) address: Option<&'p str>,
}

/// The day of publication, with the time where it is told.
pub(super) fn of(document: &Document, told: &Told<'_>, junk: &Junk) -> Option<Published> {
    // a meta that holds no date hides none of the next
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

/// The day that is a piece of a title: "05.03.2025 | Harbour reopens".
fn of_title(text: &str, junk: &Junk) -> Option<Published> {
    title::pieces(text).find_map(|piece| is_day(piece, junk))
}

#[cfg(test)]
mod tests;
