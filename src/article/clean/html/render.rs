//! Renders a tree, or HTML of which no tree can be built, as plain text: a blank line between blocks, one blank between
//! words.

use dom_query::NodeRef;
use html_escape::decode_html_entities;

use super::tags::{Piece, Tags};

/// What an element does to the flow of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// Stays in its line.
    Inline,
    /// Begins and ends a paragraph.
    Block,
    /// Begins and ends a line: items of a list.
    Line,
    /// Ends a line.
    Break,
    /// Separates words: table cells.
    Cell,
    /// Stays in its line, between quotation marks that a browser adds.
    Quote,
    /// Has no text, or none of the article's.
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

/// Bytes of the longest `<q>` that gets quotation marks: its end tag may be missing.
const QUOTE: usize = 2000;

/// Most levels of nested quotes.
const NESTED: usize = 4;

/// The text of a node and its descendants.
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

/// The text of a node on one line.
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

/// The text of HTML without a tree: every tag is a word, line or paragraph break, and nothing is nested.
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

/// Text under construction.
#[derive(Debug, Default)]
struct Rendered {
    text: String,
    /// What separates the next word from the text so far: 0 nothing, 1 a blank, 2 a line break, 3 a blank line.
    gap: u8,
    /// For each open `<q>`, where its text begins, once it has any.
    quotes: Vec<Option<usize>>,
}

/// Quotation marks of a `<q>`, and of one nested in it.
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

    /// Quotation marks are added when a quote ends, so an unclosed quote gets none, and one that has marks gets no
    /// second pair.
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
        // two line breaks end a paragraph, as many pages write it
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

/// Whether HTML collapses a character as white space, or it is a no-break space, which pages use for indents.
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
