//! Finds the article in a page.
//!
//! Owns distinguishing HTML from text, the guards before the parser, the extraction, and the page's metadata.

mod blocks;
mod body;
mod captions;
mod day;
mod links;
mod meta;
mod names;
mod parse;
mod prune;
mod render;
mod state;
mod tags;
mod title;

pub(super) use day::of_address;

use crate::article::Published;
use crate::article::junk::Junk;
use crate::text::Language;
use tags::{Piece, Tags};

/// What was found in a page. None of it is certain: if the event says otherwise, the event is right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// The headline, without the site's name.
    pub(super) title: Option<String>,
    /// The body, with a blank line between paragraphs.
    pub(super) text: String,
    /// As the page declares it.
    pub(super) language: Option<Language>,
    /// As the page declares it.
    pub(super) published_at: Option<Published>,
    /// The site's name.
    pub(super) site: Option<String>,
    /// As the page declares it.
    pub(super) url: Option<String>,
    /// As the page declares them.
    pub(super) authors: Vec<String>,
}

/// Extracts headline and body of a page, or of a piece of HTML that is just the body.
///
/// If no tree can be built in bounded time, only the tags are removed.
pub(super) fn extract(html: &str, junk: &Junk) -> Page {
    let Some(document) = parse::parse(html) else {
        return Page { text: render::text_of_tags(html), ..Page::default() };
    };
    if !looks_like_a_page(html) {
        prune::prune(&document, "", junk);
        return Page { text: render::text_of(&document.html_root()), ..Page::default() };
    }
    let mut page = meta::read(&document, junk);
    page.text = body::extract(html, document, &page, junk);
    page
}

/// Whether a text is a whole page: it has a document's outer tags near its beginning.
pub(in crate::article) fn looks_like_a_page(text: &str) -> bool {
    let (head, _) = split_near(text, 4096);
    let start = head.trim_start();
    start.get(..9).is_some_and(|s| s.eq_ignore_ascii_case("<!doctype"))
        || Tags::new(head).take(64).any(|piece| {
            matches!(piece, Piece::Open { name, .. }
                if ["html", "head", "body", "meta"].iter().any(|tag| tag.eq_ignore_ascii_case(name)))
        })
}

/// Whether a body is HTML rather than plain text: it begins with an HTML tag, or has two that begin or end a block. A
/// text that merely mentions a tag is not.
pub(in crate::article) fn looks_like_html(text: &str) -> bool {
    const BLOCKS: [&str; 16] = [
        "p",
        "br",
        "div",
        "ul",
        "ol",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "table",
        "blockquote",
        "figure",
        "section",
        "article",
        "html",
    ];
    let is_block = |name: &str| BLOCKS.iter().any(|block| block.eq_ignore_ascii_case(name));
    if memchr::memchr(b'<', text.as_bytes()).is_none() {
        return false;
    }
    let blocks = Tags::new(text)
        .filter(|piece| match piece {
            Piece::Open { name, .. } | Piece::Close { name } => is_block(name),
            Piece::Text(_) => false,
        })
        .take(2)
        .count();
    blocks == 2
}

/// Whether there is a letter outside of tags.
pub(in crate::article) fn holds_a_letter(html: &str) -> bool {
    Tags::new(html).any(|piece| matches!(piece, Piece::Text(text) if super::super::holds_a_letter(text)))
}

/// Splits at a character boundary at or before `at`; at the end if the text is shorter.
fn split_near(text: &str, at: usize) -> (&str, &str) {
    let at = (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
    text.split_at(at)
}

#[cfg(test)]
mod tests;
