//! Recognises links to other articles: lists of links, "Read also: …", cards with a headline.

use dom_query::NodeRef;

use super::prune::Mass;

/// Bytes from which a link's text is a headline.
const HEADLINE: usize = 25;

/// Most bytes of the label before such a link.
const LABEL: usize = 60;

/// Bytes of links from which a list is one of articles.
const LIST: usize = 40;

/// Most bytes of prose in a card.
const CARD: usize = 600;

/// Nodes of an element to inspect to find out what it is.
const NODES: usize = 80;

/// Whether an element contains nothing but links to other articles: two of them, or a paragraph that is one, perhaps
/// after a word or two.
pub(super) fn is_all(node: &NodeRef<'_>, name: &str, mass: Mass) -> bool {
    let block = matches!(name, "ul" | "ol" | "dl" | "div" | "section" | "p" | "li");
    if !block || mass.prose > 0 || mass.linked < HEADLINE {
        return false;
    }
    if mass.linked * 10 < mass.text * 9 || mass.linked < LIST {
        return name != "section" && is_pointer(node, mass);
    }
    let links = node.descendants_it().filter(|inner| inner.has_name("a")).take(2).count();
    links == 2 || name != "div" && name != "section"
}

/// Whether an element is a pointer such as "Read also: …", where a link follows the colon and nothing follows the link.
fn is_pointer(node: &NodeRef<'_>, mass: Mass) -> bool {
    if mass.text - mass.linked > LABEL {
        return false;
    }
    let (mut label, mut linked) = (String::new(), false);
    for text in node.descendants_it().take(NODES).filter(NodeRef::is_text) {
        let words = text.text();
        let words = words.trim();
        if text.ancestors_it(Some(4)).any(|above| above.has_name("a")) {
            linked = true;
        } else if !linked {
            label.push_str(words);
        } else if words.chars().any(char::is_alphanumeric) {
            return false;
        }
    }
    let links = node.descendants_it().take(NODES).filter(|inner| inner.has_name("a")).count();
    linked && links == 1 && label.ends_with([':', '|', '»', '>', '→', '：', '›', '▶', '►'])
}

/// Whether an element is a teaser for another article: a picture, a headline that is a link, and a sentence or two.
pub(super) fn is_card(node: &NodeRef<'_>, name: &str, mass: Mass) -> bool {
    let block = matches!(name, "div" | "article" | "section" | "li");
    if !block || mass.prose > CARD || mass.linked < HEADLINE || mass.text > 2 * CARD {
        return false;
    }
    let inner = || node.descendants_it().take(NODES);
    if inner().any(|inner| inner.has_name("h1")) {
        return false;
    }
    // its first longer text must be the headline
    let first = inner().find(|inner| inner.is_text() && inner.text().trim().len() >= HEADLINE);
    let Some(first) = first else { return false };
    let above = || first.ancestors_it(None).take_while(|above| above.id != node.id);
    let headed = above().any(|above| ["h2", "h3", "h4", "h5", "h6"].iter().any(|name| above.has_name(name)));
    let leads = |above: NodeRef<'_>| {
        above.has_name("a") && above.attr("href").is_some_and(|url| !url.is_empty() && !url.starts_with('#'))
    };
    // the link may wrap the whole card
    headed && (above().any(leads) || node.ancestors_it(Some(2)).any(leads))
}
