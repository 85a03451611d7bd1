//! The article of a page that a script builds in the browser, found as markup in a string of the script's data.

use dom_query::Document;

use super::title::letters;
use super::{parse, prune, render};
use crate::article::junk::Junk;

/// Bytes from which a string may be an article.
const LONG: usize = 600;

/// Most strings of a script to look at.
const STRINGS: usize = 16;

/// The body among the strings of a page's scripts: the longest that is markup with paragraphs and shares its subject
/// with the title.
pub(super) fn body(document: &Document, title: &str, junk: &Junk) -> Option<String> {
    let words: Vec<String> =
        title.split_whitespace().map(letters).filter(|word| word.chars().count() > 1).collect();
    let mut best: Option<String> = None;
    for script in document.select("script").nodes() {
        let text = script.text();
        for literal in
            literals(&text).filter(|literal| literal.len() > LONG && has_paragraphs(literal)).take(STRINGS)
        {
            let Ok(markup) = serde_json::from_str::<String>(literal) else { continue };
            let text = text_of(&markup, junk);
            let longer = best.as_ref().is_none_or(|best| text.len() > best.len());
            if longer && text.len() > LONG && !words.is_empty() {
                let said = letters(&text);
                let shared = words.iter().filter(|word| said.contains(word.as_str())).count();
                if shared * 2 >= words.len() {
                    best = Some(text);
                }
            }
        }
    }
    best
}

/// The text of a piece of markup, without captions, cards and the like.
fn text_of(markup: &str, junk: &Junk) -> String {
    let Some(document) = parse::parse(markup) else { return render::text_of_tags(markup) };
    prune::prune(&document, "", junk);
    render::text_of(&document.html_root())
}

/// The double-quoted strings, including their quotes.
fn literals(script: &str) -> impl Iterator<Item = &str> {
    let bytes = script.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + memchr::memchr(b'"', bytes.get(at..)?)?;
        let mut end = start + 1;
        loop {
            end += memchr::memchr2(b'"', b'\\', bytes.get(end..)?)?;
            if bytes[end] == b'"' {
                break;
            }
            end += 2;
        }
        at = end + 1;
        script.get(start..=end)
    })
}

/// Whether a string contains two paragraphs, escaped or not.
fn has_paragraphs(literal: &str) -> bool {
    ["<p", "\\u003cp", "\\u003Cp"].iter().any(|tag| literal.matches(tag).take(2).count() == 2)
}
