//! Parses a page into a tree that later steps can walk: bounded in nodes and depth, whatever the input.
//!
//! A parser that follows the HTML standard can be driven to quadratic work: by deep nesting, by formatting elements
//! that are reopened in every block, by tags with very many attributes. So tags are checked first, and the page is fed
//! in pieces, with a check of the parser's stack after each.

use std::cell::Cell;

use dom_query::{Document, NodeId};
use html5ever::ParseOpts;
use html5ever::driver::parse_document;
use html5ever::interface::tree_builder::Tracer;
use html5ever::tendril::TendrilSink as _;
use html5ever::tree_builder::TreeBuilderOpts;

use super::tags::{Piece, Tags, attributes_in};

/// Most open elements (nesting and formatting): no publisher's page has more; the deepest of 102 real ones has 39.
const OPEN: usize = 100;

/// Most nodes: no article has more; the largest of 102 real pages has 4,018.
const NODES: usize = 50_000;

/// Most attributes of one tag; the parser compares each with all others.
const ATTRIBUTES: usize = 500;

/// Bytes of the largest page that is parsed; larger ones contain pictures.
const BYTES: usize = 3 << 20;

/// Bytes fed between two checks of the parser's stack.
const PIECE: usize = 8 << 10;

/// The tree of a page; `None` if it is too deep or too large to be walked in linear time.
pub(super) fn parse(html: &str) -> Option<Document> {
    if html.len() > BYTES {
        return None;
    }
    let crowded = |tag: &str| tag.len() > 2 * ATTRIBUTES && attributes_in(tag) > ATTRIBUTES;
    if Tags::new(html).any(|piece| matches!(piece, Piece::Open { attributes, .. } if crowded(attributes))) {
        return None;
    }
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let mut parser = parse_document(Document::default(), ParseOpts { tree_builder, ..ParseOpts::default() });
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, behind) = super::split_near(rest, PIECE);
        rest = behind;
        parser.process(piece.into());
        let open = Open(Cell::new(0));
        parser.tokenizer.sink.trace_handles(&open);
        let document = &parser.tokenizer.sink.sink;
        document.errors.borrow_mut().clear();
        if open.0.get() > OPEN || document.tree.len() > NODES {
            return None;
        }
    }
    Some(parser.finish())
}

/// Counts the elements that the parser has open.
struct Open(Cell<usize>);

impl Tracer for Open {
    type Handle = NodeId;

    fn trace_handle(&self, _: &NodeId) {
        self.0.set(self.0.get() + 1);
    }
}
