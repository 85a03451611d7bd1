//! The body of a page: pruned, found by `dom_smoothie` (Mozilla's Readability), and compared with what the page gives
//! to machines.

use dom_query::Document;
use dom_smoothie::{Config, Readability};

use super::blocks::Blocks;
use super::{Page, looks_like_html, parse, prune, render, state};
use crate::article::clean::plain::ends_a_sentence;
use crate::article::junk::Junk;

/// Bytes below which a body is doubted, as no article is so short.
const SHORT: usize = 250;

/// The body's text; `page` is what the page says of itself, with the body of its JSON-LD as text, empty if it gives
/// none.
///
/// JSON-LD is only taken where the page's own text is not half as long: it has no paragraphs as a rule, and many
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

/// Labels below an article that are left of lists of others.
const LABELS: usize = 3;

/// Bytes of the longest of them.
const LABEL: usize = 60;

/// A page's body without the words below it that are no sentence: "More on this", a section's name. A list of lines
/// stays, as results and tables are.
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

/// What the page says of itself in a sentence or two.
fn description(document: &Document) -> String {
    let names = ["meta[property='og:description']", "meta[name=description]"];
    let mut found = names.iter().filter_map(|name| document.select_single(name).attr("content"));
    found.next().unwrap_or_default().to_string()
}

/// The body in a page's JSON-LD: markup, markup that is escaped, or a text whose lines are paragraphs.
fn of_machines(told: &str) -> String {
    let told = if looks_like_html(told) { told.into() } else { html_escape::decode_html_entities(told) };
    if looks_like_html(&told) {
        return render::text_of_tags(&told);
    }
    let lines = told.lines().map(render::text_of_tags).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n\n")
}

/// Work beyond which a tree is not given to `dom_smoothie`: it writes the article out as HTML, and its writer looks
/// through the rest of a text for each character that it has to escape. 10^10 takes a quarter of a second.
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

/// What Readability takes for the article; the whole page if it finds none.
fn readable(document: Document) -> String {
    if is_costly(&document) {
        return document.body().map(|body| render::text_of(&body)).unwrap_or_default();
    }
    let config = Config { disable_json_ld: true, ..Config::default() };
    let Ok(mut readability) = Readability::with_document(document, None, Some(config)) else {
        return String::new();
    };
    let found = match readability.parse() {
        // it leaves the article in its document, under this id
        Ok(_) => readability.doc.select_single("#readability-page-1"),
        Err(_) => readability.doc.select_single("body"),
    };
    found.nodes().first().map(render::text_of).unwrap_or_default()
}
