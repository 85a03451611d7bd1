//! Removes the parts of a tree that are not the article, by element and by the words of `class` and `id`.
//!
//! Publishers give the parts of their pages similar names ("share-bar", "related"), but some put such a word on the
//! article itself. So no element is removed that has much of the page's prose, alone or together with all others of the
//! same word.

use dom_query::{Document, NodeId, NodeRef};
use rustc_hash::FxHashMap;

use super::captions::Captions;
use super::names::any_word;
use super::{links, render};
use crate::article::junk::Junk;

/// Elements that are never the article's text if they have little prose.
const PARTS: [&str; 8] = ["aside", "figure", "figcaption", "footer", "form", "header", "menu", "nav"];

/// Elements without visible text.
const UNSEEN: [&str; 14] = [
    "audio", "button", "canvas", "dialog", "iframe", "input", "noscript", "object", "script", "select",
    "style", "svg", "template", "video",
];

/// Bytes from which a run of text is prose rather than a label.
const RUN: usize = 40;

/// Bytes of prose from which a text is an article, if a short one.
const ARTICLE: usize = 300;

/// Percentage of the page's prose that may be removed for one word or element.
fn most(reason: &str) -> usize {
    match reason {
        "caption" | "figcaption" | "figure" | "comment" | "comments" | "commentlist" | "disqus"
        | "related" => 60,
        _ => 30,
    }
}

/// Parts that may be long and are still removed if an article is left: readers' comments below it (so the article must
/// come first), and overlays.
fn may_be_long(reason: &str) -> Option<Long> {
    match reason {
        "comments" | "commentlist" | "disqus" | "respond" => Some(Long::Below),
        "dialog" | "modal" | "popup" | "cookie" | "cookies" | "gdpr" | "consent" | "login" | "signin"
        | "onetrust" | "didomi" | "usercentrics" | "cookiebot" | "cybot" | "truste" | "trustarc"
        | "iubenda" | "klaro" | "borlabs" | "cookieconsent" | "osano" | "quantcast" | "qccmp"
        | "sourcepoint" | "spmessage" | "fundingchoices" | "fcconsent" | "tarteaucitron" | "axeptio"
        | "cmpbox" | "cmpwrapper" => Some(Long::Over),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Long {
    Below,
    Over,
}

/// Removes those parts; `description` is the page's description of itself, a sentence or two.
pub(super) fn prune(document: &Document, description: &str, junk: &Junk) {
    let root = document.html_root();
    stream(document);
    let mass = masses(&root);
    let of = |node: &NodeRef<'_>| mass.get(&node.id).copied().unwrap_or_default();
    let total = of(&root).prose.max(1);
    let mut found: Vec<(NodeRef<'_>, String)> = Vec::new();
    let mut by_reason: FxHashMap<String, usize> = FxHashMap::default();
    let mut unseen = Vec::new();
    let captions = Captions::of(document);
    let mut next = root.first_child();
    // bytes of prose so far, and whether the headline was passed
    let (mut seen, mut headed) = (0, false);
    while let Some(node) = next {
        let mut below = true;
        if node.is_text() {
            let linked = node.ancestors_it(Some(2)).any(|above| above.has_name("a"));
            let length = node.text().trim().len();
            seen += if length >= RUN && !linked { length } else { 0 };
        }
        if let Some(name) = node.qual_name_ref().map(|name| name.local.to_string()) {
            let prose = of(&node).prose;
            headed |= name == "h1";
            if name == "noscript" && total < ARTICLE && said_in(&node) >= ARTICLE {
                // a script builds the page, and this is its article for those who run none
                node.rename("div");
            } else if UNSEEN.contains(&name.as_str()) {
                unseen.push(node);
                below = false;
            } else if let Some(reason) = reason(&node, &name, junk) {
                let left = match may_be_long(&reason) {
                    Some(Long::Below) => seen,
                    Some(Long::Over) => total - prose.min(total),
                    None => 0,
                };
                if reason == HIDDEN && (prose * 3 > total * 2 || is_rest(&node, &mass)) {
                    // a script shows it; otherwise the extractor would remove it
                    node.remove_attrs(&["hidden", "style", "aria-hidden"]);
                } else if left >= ARTICLE && !node.descendants_it().any(|inner| inner.has_name("h1")) {
                    // not counted for its word: others with that word may still be removed
                    found.push((node, String::new()));
                    below = false;
                } else if prose * 100 <= total * most(&reason) {
                    if reason == "header" {
                        let own = node.descendants_it().any(|inner| inner.has_name("h1"));
                        save_leads(&node, own, &mass, description, junk);
                        headed |= own;
                    }
                    *by_reason.entry(reason.clone()).or_default() += prose;
                    found.push((node, reason));
                    below = false;
                }
            } else if name == "time" && total >= ARTICLE && is_label(&node, &mass)
                || captions.is_one(&node, &name, of(&node))
                || total >= ARTICLE && links::is_all(&node, &name, of(&node))
                || prose * 100 <= total * most("") && links::is_card(&node, &name, of(&node))
            {
                found.push((node, String::new()));
                below = false;
            } else if headed && is_lead(&node, &name, of(&node), description, junk) {
                node.set_attr(LEAD, "");
            }
        }
        if !below {
            seen += of(&node).prose;
        }
        next = follow(&node, &root, below);
    }
    for node in unseen {
        node.remove_from_parent();
    }
    for (node, reason) in found {
        if reason.is_empty() || by_reason[&reason] * 100 <= total * most(&reason) {
            node.remove_from_parent();
        }
    }
}

/// The attribute that marks a paragraph as a lead, wherever it is.
pub(super) const LEAD: &str = "data-lead";

/// Its value for leads that were moved out of a page's header: the extractor must not see them.
pub(super) const OUTSIDE: &str = "head";

/// The reason for removing hidden elements.
const HIDDEN: &str = "hidden";

/// Possible lengths of a lead, in bytes.
const LEADS: std::ops::Range<usize> = 30..900;

/// Whether an element is the article's lead: by a word of its class, or because it matches the page's description.
fn is_lead(node: &NodeRef<'_>, name: &str, mass: Mass, description: &str, junk: &Junk) -> bool {
    if !LEADS.contains(&mass.text) || mass.linked * 2 > mass.text {
        return false;
    }
    if matches!(name, "p" | "div") && mass.text >= 2 * LEADS.start && described(node, description) {
        return true;
    }
    matches!(name, "p" | "h2" | "h3" | "div" | "section")
        && ["class", "itemprop"]
            .iter()
            .any(|key| node.attr(key).is_some_and(|names| any_word(&names, &mut |word| junk.is_lead(word))))
}

/// Whether a node's text matches the page's description.
fn described(node: &NodeRef<'_>, description: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (own, told) = (letters(&node.text()), letters(description));
    told.len() >= LEADS.start
        && (own.starts_with(&told) || own.len() >= LEADS.start && told.starts_with(&own))
}

/// Moves the leads out of a page header that is to be removed. If the article's headline is in the header (`own`), a
/// sentence below it is a lead, too.
fn save_leads(
    header: &NodeRef<'_>,
    own: bool,
    mass: &FxHashMap<NodeId, Mass>,
    description: &str,
    junk: &Junk,
) {
    let mut next = header.first_child();
    let mut saved = Vec::new();
    while let Some(node) = next {
        let mut below = true;
        if let Some(name) = node.qual_name_ref().map(|name| name.local.to_string()) {
            let mass = mass.get(&node.id).copied().unwrap_or_default();
            if UNSEEN.contains(&name.as_str()) || reason(&node, &name, junk).is_some() {
                below = false;
            } else if is_lead(&node, &name, mass, description, junk)
                || own
                    && name == "p"
                    && LEADS.contains(&mass.text)
                    && mass.linked == 0
                    && is_sentence(&node.text())
            {
                saved.push(node);
                below = false;
            }
        }
        next = follow(&node, header, below);
    }
    for node in saved.into_iter().take(2) {
        node.set_attr(LEAD, OUTSIDE);
        header.insert_before(&node);
    }
}

/// Whether a text ends like a sentence.
fn is_sentence(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['"', '”', '“', '»', '’', ')']);
    text.ends_with(['.', '!', '?', '…', '։', '。', '؟', '।'])
}

/// Most parts of a page to put where a script would put them.
const STREAMED: usize = 16;

/// Puts the parts that React streams after the page where its script would put them: `<div hidden id="S:0">` at
/// `<template id="B:0">`.
fn stream(document: &Document) {
    let parts = document.select("[hidden][id^='S:']");
    if parts.is_empty() {
        return;
    }
    let places = document.select("template[id^='B:']");
    for (count, part) in parts.nodes().iter().enumerate() {
        part.remove_attr("hidden");
        let id = part.id_attr().unwrap_or_default();
        let place = places.nodes().iter().find(|place| {
            place.id_attr().is_some_and(|place| place.strip_prefix("B:") == id.strip_prefix("S:"))
        });
        if let Some(place) = place
            && count < STREAMED
            && place.ancestors_it(None).all(|above| above.id != part.id)
        {
            place.insert_before(part);
        }
    }
}

/// Whether a time is on a line of its own, not in a sentence.
fn is_label(time: &NodeRef<'_>, mass: &FxHashMap<NodeId, Mass>) -> bool {
    let block = time
        .ancestors_it(None)
        .find(|above| above.qual_name_ref().is_some_and(|name| render::is_block(&name.local)));
    block.and_then(|block| mass.get(&block.id)).is_some_and(|mass| mass.text < 2 * RUN)
}

/// Bytes of prose in invisible elements.
fn said_in(node: &NodeRef<'_>) -> usize {
    let texts = node.descendants_it().filter(NodeRef::is_text);
    texts.map(|text| text.text().trim().len()).filter(|length| *length >= RUN).sum()
}

/// Whether a hidden part is the rest of an article after "Read more": paragraphs next to paragraphs.
fn is_rest(node: &NodeRef<'_>, mass: &FxHashMap<NodeId, Mass>) -> bool {
    let paragraphs = |nodes: &mut dyn Iterator<Item = NodeRef<'_>>| {
        nodes
            .filter(|node| {
                node.has_name("p")
                    && mass.get(&node.id).is_some_and(|m| m.prose >= 2 * RUN && m.linked * 2 < m.text)
            })
            .take(2)
            .count()
    };
    let beside = node.parent().map_or(0, |parent| paragraphs(&mut parent.children_it(false)));
    beside == 2 && paragraphs(&mut node.descendants_it()) == 2
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

/// The amounts of text in an element.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mass {
    /// Bytes of prose.
    pub(super) prose: usize,
    /// Bytes of all text.
    pub(super) text: usize,
    /// Bytes of text in links.
    pub(super) linked: usize,
}

/// The mass of each element.
fn masses(root: &NodeRef<'_>) -> FxHashMap<NodeId, Mass> {
    let mut mass: FxHashMap<NodeId, Mass> = FxHashMap::default();
    let mut next = root.first_child();
    while let Some(node) = next {
        let hidden = node.qual_name_ref().is_some_and(|name| UNSEEN.contains(&&*name.local));
        if node.is_text() {
            let length = node.text().trim().len();
            if length > 0 {
                // a link's text describes its target: a menu or a list of headlines is no prose
                let linked =
                    node.ancestors_it(None).any(|above| above.has_name("a") && above.has_attr("href"));
                for ancestor in node.ancestors_it(None) {
                    let mass = mass.entry(ancestor.id).or_default();
                    mass.text += length;
                    mass.linked += if linked { length } else { 0 };
                    mass.prose += if !linked && length >= RUN { length } else { 0 };
                }
            }
        }
        next = follow(&node, root, !hidden);
    }
    mass
}

/// Why an element may be removed: its name, or the first word of its class or id that names such a part.
fn reason(node: &NodeRef<'_>, name: &str, junk: &Junk) -> Option<String> {
    if PARTS.contains(&name) {
        return Some(name.to_owned());
    }
    if matches!(name, "body" | "html" | "head" | "main" | "article" | "a" | "em" | "strong" | "b" | "i") {
        return None;
    }
    let element = node.element_ref()?;
    if name == "p" {
        let class = element.attr("class").unwrap_or_default();
        let below_picture = ["caption", "credit", "credits", "legend"];
        let found = below_picture.iter().find(|kind| any_word(&class, &mut |word| word == **kind));
        return found.map(|kind| (*kind).to_owned());
    }
    let hidden_style = |style: &str| style.contains("display:none") || style.contains("display: none");
    if element.attr("hidden").is_some()
        || element.attr("aria-hidden").is_some_and(|v| &*v == "true")
        || element.attr("style").is_some_and(|v| hidden_style(&v))
    {
        return Some(HIDDEN.to_owned());
    }
    if element.attr("role").is_some_and(|role| &*role == "button") {
        return Some("button".to_owned());
    }
    if element.attr("aria-modal").is_some()
        || element.attr("role").is_some_and(|role| role.ends_with("dialog"))
    {
        return Some("dialog".to_owned());
    }
    let class = element.attr("class").unwrap_or_default();
    if class.contains("embed") || class.contains("tweet") {
        return None;
    }
    let id = element.attr("id").unwrap_or_default();
    let word = |names: &str| {
        let mut found = None;
        any_word(names, &mut |word| {
            let known = junk.is_class(word);
            if known {
                found = Some(word.to_owned());
            }
            known
        });
        found
    };
    // custom elements are named like classes: <amp-ad>
    word(&class).or_else(|| word(&id)).or_else(|| name.contains('-').then(|| word(name)).flatten())
}
