//! Extracts the body of a page: pruned, found by `dom_smoothie` (Mozilla's Readability), and compared with the page's
//! JSON-LD.

use dom_query::Document;
use dom_smoothie::{Config, Readability};

use super::blocks::Blocks;
use super::{Page, looks_like_html, parse, prune, render, state};
use crate::article::clean::plain::ends_a_sentence;
use crate::article::junk::Junk;

/// Bytes below which a body is doubtful, as no article is so short.
const SHORT: usize = 250;

/// The body's text. `page` is the page's metadata, with the body from its JSON-LD as text, empty if there is none.
///
/// JSON-LD is used only if the page's own text is less than half as long: as a rule it has no paragraphs, and many
/// pages cut it off.
pub(super) fn extract(html: &str, document: Document, page: &Page, junk: &Junk) -> String {
    let told = page.text.as_str();
    let description = description(&document);
    prune::prune(&document, &description, junk);
    let blocks = Blocks::of(&document);
    document.select(&format!("[{}={}]", prune::LEAD, prune::OUTSIDE)).remove();
    let mut text = readable(document);
    if text.len() < SHORT
        && let Some(whole) = parse::parse(html).map(readable)
        && whole.len() > text.len() * 2
    {
        text = whole;
    }
    text = blocks.complete(text);
    if text.len() < SHORT && told.len() <= SHORT {
        let title = page.title.as_deref().unwrap_or_default();
        let scripted = parse::parse(html).and_then(|document| state::body(&document, title, junk));
        if let Some(scripted) = scripted {
            return scripted;
        }
    }
    if told.len() > SHORT && text.len() * 2 < told.len() { of_machines(told) } else { without_labels(text) }
}

/// Most labels to remove below an article, left over from lists of other articles.
const LABELS: usize = 3;

/// Bytes of the longest label.
const LABEL: usize = 60;

/// A page's body without the lines below it that are no sentences: "More on this", a section's name. A list of lines
/// stays, since results and tables are lists.
fn without_labels(mut text: String) -> String {
    for _ in 0..LABELS {
        let Some((body, last)) = text.rsplit_once("\n\n") else { break };
        let is_label = last.len() <= LABEL && !last.contains('\n') && !ends_a_sentence(last);
        if !is_label || body.len() < 4 * SHORT {
            break;
        }
        text.truncate(body.len());
    }
    text
}

/// The page's description of itself, a sentence or two.
fn description(document: &Document) -> String {
    let names = ["meta[property='og:description']", "meta[name=description]"];
    let mut found = names.iter().filter_map(|name| document.select_single(name).attr("content"));
    found.next().unwrap_or_default().to_string()
}

/// The body in a page's JSON-LD: markup, escaped markup, or a text whose lines are paragraphs.
fn of_machines(told: &str) -> String {
    let told = if looks_like_html(told) { told.into() } else { html_escape::decode_html_entities(told) };
    if looks_like_html(&told) {
        return render::text_of_tags(&told);
    }
    let lines = told.lines().map(render::text_of_tags).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n\n")
}

/// Work above which a tree is not given to `dom_smoothie`: it serialises the article as HTML, and its serialiser scans
/// the rest of a text for each character to escape. 10^10 takes a quarter of a second.
const WORK: usize = 10_000_000_000;

fn is_costly(document: &Document) -> bool {
    let work = |text: &str| {
        let escaped = text.chars().filter(|c| matches!(c, '&' | '<' | '>' | '\u{a0}')).count();
        escaped.saturating_mul(text.len())
    };
    let texts = document.html_root();
    let texts = texts.descendants_it().filter(dom_query::NodeRef::is_text);
    texts.fold(0_usize, |sum, node| sum.saturating_add(work(&node.text()))) > WORK
}

/// The article as found by Readability; the whole page if it finds none.
fn readable(document: Document) -> String {
    if is_costly(&document) {
        return document.body().map(|body| render::text_of(&body)).unwrap_or_default();
    }
    let config = Config { disable_json_ld: true, ..Config::default() };
    let Ok(mut readability) = Readability::with_document(document, None, Some(config)) else {
        return String::new();
    };
    let found = match readability.parse() {
        // it puts the article into its document, under this id
        Ok(_) => readability.doc.select_single("#readability-page-1"),
        Err(_) => readability.doc.select_single("body"),
    };
    found.nodes().first().map(render::text_of).unwrap_or_default()
}
