//! A tree, or HTML that no tree can be built of, as plain text: a blank line between blocks, one blank between words.

use dom_query::NodeRef;
use html_escape::decode_html_entities;

use super::tags::{Piece, Tags};

/// What an element does to the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// Stands in its line.
    Inline,
    /// Begins and ends a paragraph.
    Block,
    /// Begins and ends a line: cells of a list.
    Line,
    /// Ends a line.
    Break,
    /// Parts words: table cells.
    Cell,
    /// Stands in its line between quotation marks, which a browser adds.
    Quote,
    /// Shows no text, or none that is the article's.
    Hidden,
}

fn flow(name: &str) -> Flow {
    match name {
        "address" | "article" | "aside" | "blockquote" | "body" | "center" | "dd" | "details" | "div"
        | "dl" | "dt" | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "h1" | "h2" | "h3"
        | "h4" | "h5" | "h6" | "header" | "hr" | "html" | "main" | "nav" | "ol" | "p" | "pre" | "section"
        | "summary" | "table" | "ul" => Flow::Block,
        "li" | "tr" | "caption" => Flow::Line,
        "br" => Flow::Break,
        "td" | "th" => Flow::Cell,
        "q" => Flow::Quote,
        "audio" | "button" | "canvas" | "embed" | "head" | "iframe" | "input" | "map" | "math"
        | "noscript" | "object" | "option" | "script" | "select" | "style" | "svg" | "template"
        | "textarea" | "title" | "video" => Flow::Hidden,
        _ => Flow::Inline,
    }
}

/// Bytes of the longest `<q>` that gets its marks: a page may lack the end tag.
const QUOTE: usize = 2000;

/// Quotes within quotes.
const NESTED: usize = 4;

/// The text of a node and all below it.
pub(super) fn text_of(root: &NodeRef<'_>) -> String {
    let mut out = Rendered::default();
    let mut node = *root;
    loop {
        let flow = enter(&node, &mut out);
        let below = if flow == Flow::Hidden { None } else { node.first_child() };
        if let Some(child) = below {
            node = child;
            continue;
        }
        loop {
            leave(&node, &mut out);
            if node.id == root.id {
                return out.finish();
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            match node.parent() {
                Some(parent) => node = parent,
                None => return out.finish(),
            }
        }
    }
}

/// The text of a node in one line.
pub(super) fn inline_text(node: &NodeRef<'_>) -> String {
    node.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn flow_of(node: &NodeRef<'_>) -> Flow {
    node.qual_name_ref().map_or(Flow::Inline, |name| flow(&name.local))
}

fn enter(node: &NodeRef<'_>, out: &mut Rendered) -> Flow {
    if node.is_text() {
        out.text(&node.text());
        return Flow::Inline;
    }
    let flow = flow_of(node);
    out.open(flow);
    flow
}

fn leave(node: &NodeRef<'_>, out: &mut Rendered) {
    if !node.is_text() {
        out.close(flow_of(node));
    }
}

/// Whether an element begins a paragraph or a line.
pub(super) fn is_block(name: &str) -> bool {
    matches!(flow(name), Flow::Block | Flow::Line)
}

/// The text of HTML without a tree: every tag is a word, a line or a paragraph break, nothing is nested.
pub(super) fn text_of_tags(html: &str) -> String {
    let mut out = Rendered::default();
    let mut lower = String::new();
    for piece in Tags::new(html) {
        match piece {
            Piece::Text(text) => out.text(&decode_html_entities(text)),
            Piece::Open { name, .. } | Piece::Close { name } => {
                lower.clear();
                lower.extend(name.chars().map(|c| c.to_ascii_lowercase()));
                match (flow(&lower), piece) {
                    (Flow::Quote, Piece::Close { .. }) => out.close(Flow::Quote),
                    (flow, _) => out.open(flow),
                }
            }
        }
    }
    out.finish()
}

/// Text as it grows.
#[derive(Debug, Default)]
struct Rendered {
    text: String,
    /// What parts the next word from the text so far: 0 nothing, 1 a blank, 2 a line break, 3 a blank line.
    gap: u8,
    /// For each open `<q>`, where its text begins once it has one.
    quotes: Vec<Option<usize>>,
}

/// Quotation marks of a `<q>`, and of one within it.
const MARKS: [[char; 2]; 2] = [['“', '”'], ['‘', '’']];

impl Rendered {
    fn open(&mut self, flow: Flow) {
        if flow == Flow::Quote {
            if self.quotes.len() < NESTED {
                self.quotes.push(None);
            }
        } else {
            self.edge(flow);
        }
    }

    /// The marks are set when a quote ends, so that one that never does has none, and one with marks no second pair.
    fn close(&mut self, flow: Flow) {
        match flow {
            Flow::Quote => {
                let from = self.quotes.pop().flatten().unwrap_or(self.text.len());
                let [open, close] = MARKS[self.quotes.len() % 2];
                let quoted = &self.text[from..];
                let is_mark =
                    |c: char| matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '‘' | '‹' | '›' | '「' | '『');
                if !quoted.is_empty() && quoted.len() <= QUOTE && !quoted.starts_with(is_mark) {
                    self.text.insert(from, open);
                    self.text.push(close);
                }
            }
            Flow::Break => {}
            flow => self.edge(flow),
        }
    }

    fn edge(&mut self, flow: Flow) {
        let gap = match flow {
            Flow::Inline | Flow::Quote => 0,
            Flow::Cell | Flow::Hidden => 1,
            Flow::Break | Flow::Line => 2,
            Flow::Block => 3,
        };
        // two line breaks are a paragraph's end, as many pages write it
        self.gap = if flow == Flow::Break && self.gap >= 2 { 3 } else { self.gap.max(gap) };
    }

    fn text(&mut self, text: &str) {
        let mut rest = text;
        loop {
            let trimmed = rest.trim_start_matches(is_blank);
            if trimmed.len() < rest.len() {
                self.gap = self.gap.max(1);
            }
            if trimmed.is_empty() {
                return;
            }
            let end = trimmed.find(is_blank).unwrap_or(trimmed.len());
            if !self.text.is_empty() {
                self.text.push_str(["", " ", "\n", "\n\n"][usize::from(self.gap)]);
            }
            self.gap = 0;
            let at = self.text.len();
            self.quotes.iter_mut().for_each(|from| *from = Some(from.unwrap_or(at)));
            self.text.push_str(&trimmed[..end]);
            rest = &trimmed[end..];
        }
    }

    fn finish(self) -> String {
        self.text
    }
}

/// White space as HTML collapses it, and the no-break space, which pages use as an indent.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use dom_query::Document;

    #[test]
    fn blocks_become_paragraphs() {
        for (html, want) in [
            ("<p>One\n two</p><p>Three<br>four</p>", "One two\n\nThree\nfour"),
            ("a<br><br>b<br/>\n<br/>c", "a\n\nb\n\nc"),
            ("<b>M</b>arch <i>on</i>", "March on"),
            ("<ul><li>a<li>b</ul>c", "a\nb\n\nc"),
            ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
            ("a<script>x</script><style>y</style> b", "a b"),
            ("&lt;p&gt; &amp;amp; &#1041;&nbsp;&laquo;x&raquo;", "<p> &amp; Б «x»"),
            ("He said: <q>We <i>go</i></q>, and went", "He said: “We go”, and went"),
            ("<q>They said <q>no</q> to us</q>.", "“They said ‘no’ to us”."),
            ("<q>„Wir gehen“</q><q></q> <q> </q>so", "„Wir gehen“ so"),
            ("", ""),
        ] {
            assert_eq!(text_of(&Document::from(html).html_root()), want, "tree of {html}");
            assert_eq!(text_of_tags(html), want, "tags of {html}");
        }
    }
}
