//! Takes out of a tree the parts that are not the article, by element and by the words of `class` and `id`.
//!
//! Publishers name the parts of their pages alike ("share-bar", "related"), but some put such a word on the article
//! itself. So nothing goes that holds much of the page's prose, alone or with all others of the same word.

use dom_query::{Document, NodeId, NodeRef};
use rustc_hash::FxHashMap;

use crate::article::junk::Junk;

/// Elements that are never the article's text, if they hold little prose.
const PARTS: [&str; 8] = ["aside", "figure", "figcaption", "footer", "form", "header", "menu", "nav"];

/// Elements without text that a reader sees.
const UNSEEN: [&str; 14] = [
    "audio", "button", "canvas", "dialog", "iframe", "input", "noscript", "object", "script", "select",
    "style", "svg", "template", "video",
];

/// Bytes from which a run of text is taken for prose rather than for a label.
const RUN: usize = 40;

/// The prose that may go with one word or element, in percent of the page's.
fn most(reason: &str) -> usize {
    match reason {
        "caption" | "figcaption" | "figure" | "comment" | "comments" | "commentlist" | "disqus"
        | "related" => 60,
        _ => 30,
    }
}

/// Removes them.
pub(super) fn prune(document: &Document, junk: &Junk) {
    let root = document.html_root();
    let mass = masses(&root);
    let of = |node: &NodeRef<'_>| mass.get(&node.id).copied().unwrap_or(0);
    let total = of(&root).max(1);
    let mut found: Vec<(NodeRef<'_>, String)> = Vec::new();
    let mut by_reason: FxHashMap<String, usize> = FxHashMap::default();
    let mut unseen = Vec::new();
    let mut next = root.first_child();
    while let Some(node) = next {
        let mut below = true;
        if let Some(name) = node.qual_name_ref().map(|name| name.local.to_string()) {
            if UNSEEN.contains(&name.as_str()) {
                unseen.push(node);
                below = false;
            } else if let Some(reason) = reason(&node, &name, junk)
                && of(&node) * 100 <= total * most(&reason)
            {
                *by_reason.entry(reason.clone()).or_default() += of(&node);
                found.push((node, reason));
                below = false;
            }
        }
        next = follow(&node, &root, below);
    }
    for node in unseen {
        node.remove_from_parent();
    }
    for (node, reason) in found {
        if by_reason[&reason] * 100 <= total * most(&reason) {
            node.remove_from_parent();
        }
    }
}

/// The next node in document order.
fn follow<'a>(node: &NodeRef<'a>, root: &NodeRef<'a>, below: bool) -> Option<NodeRef<'a>> {
    if below && let Some(child) = node.first_child() {
        return Some(child);
    }
    let mut node = *node;
    loop {
        if let Some(next) = node.next_sibling() {
            return Some(next);
        }
        node = node.parent().filter(|parent| parent.id != root.id)?;
    }
}

/// Bytes of prose in each element.
fn masses(root: &NodeRef<'_>) -> FxHashMap<NodeId, usize> {
    let mut mass = FxHashMap::default();
    let mut next = root.first_child();
    while let Some(node) = next {
        // the words of a link tell what lies behind it: a menu or a list of headlines is no prose
        let hidden =
            node.qual_name_ref().is_some_and(|name| &*name.local == "a" || UNSEEN.contains(&&*name.local));
        if node.is_text() {
            let length = node.text().trim().len();
            if length >= RUN {
                for ancestor in node.ancestors_it(None) {
                    *mass.entry(ancestor.id).or_default() += length;
                }
            }
        }
        next = follow(&node, root, !hidden);
    }
    mass
}

/// Why an element may go: its name, or the first word of its class or id that names such a part.
fn reason(node: &NodeRef<'_>, name: &str, junk: &Junk) -> Option<String> {
    if PARTS.contains(&name) {
        return Some(name.to_owned());
    }
    if matches!(name, "body" | "html" | "head" | "main" | "article" | "p" | "a" | "em" | "strong" | "b" | "i")
    {
        return None;
    }
    let element = node.element_ref()?;
    let hidden_style = |style: &str| style.contains("display:none") || style.contains("display: none");
    if element.attr("hidden").is_some()
        || element.attr("aria-hidden").is_some_and(|v| &*v == "true")
        || element.attr("style").is_some_and(|v| hidden_style(&v))
    {
        return Some("hidden".to_owned());
    }
    let class = element.attr("class").unwrap_or_default();
    if class.contains("embed") || class.contains("tweet") {
        return None;
    }
    let id = element.attr("id").unwrap_or_default();
    let mut word = String::new();
    words(&class, &mut word, junk).or_else(|| words(&id, &mut word, junk))
}

/// The first word of a class list or id that names a part: `share-bar`, `shareBar` and `share_bar` have `share`.
fn words(names: &str, word: &mut String, junk: &Junk) -> Option<String> {
    for name in names.split(|c: char| !c.is_ascii_alphanumeric()) {
        word.clear();
        let mut lower = false;
        for c in name.chars() {
            if c.is_ascii_uppercase() && lower {
                if junk.is_class(word) {
                    return Some(word.clone());
                }
                word.clear();
            }
            lower = c.is_ascii_lowercase();
            word.push(c.to_ascii_lowercase());
        }
        if junk.is_class(word) || junk.is_class(&name.to_ascii_lowercase()) {
            return Some(word.clone());
        }
    }
    None
}
