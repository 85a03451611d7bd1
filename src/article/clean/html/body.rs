//! The body of a page: pruned, found by `dom_smoothie` (Mozilla's Readability), and compared with what the page gives
//! to machines.

use dom_query::Document;
use dom_smoothie::{Config, Readability, TextMode};

use super::render;

/// Takes out of a body that came as a piece of HTML what no reader sees.
pub(super) fn prune_fragment(_document: &Document) {}

/// The body's text; `told` is what the page's JSON-LD gives as the body, empty if it gives none.
pub(super) fn extract(document: Document, _told: String, _title: Option<&str>) -> String {
    let config = Config { disable_json_ld: true, text_mode: TextMode::Raw, ..Config::default() };
    let Ok(mut readability) = Readability::with_document(document, None, Some(config)) else {
        return String::new();
    };
    match readability.parse() {
        Ok(_) => {
            let found = readability.doc.select_single("#readability-page-1");
            found.nodes().first().map(render::text_of).unwrap_or_default()
        }
        Err(_) => readability.doc.body().map(|body| render::text_of(&body)).unwrap_or_default(),
    }
}
