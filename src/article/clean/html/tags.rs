//! HTML as a sequence of tags and texts, without a tree. Linear in its length, and allocates nothing.
//!
//! For code that must not build a tree: guards before the parser, distinguishing markup from text, and pages of which
//! no tree can be built.

use memchr::{memchr, memchr2, memmem};

/// A piece of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'h> {
    /// Characters between tags, including entities.
    Text(&'h str),
    /// `<p class="lede">`
    Open {
        /// As written: `P`.
        name: &'h str,
        /// What follows the name.
        attributes: &'h str,
    },
    /// `</p>`
    Close {
        /// As written.
        name: &'h str,
    },
}

/// Iterates over the pieces. Comments, declarations and the contents of scripts and styles are left out.
#[derive(Debug, Clone)]
pub(super) struct Tags<'h> {
    rest: &'h str,
}

/// Elements whose content is not markup for the tokenizer of the HTML standard.
const RAW: [&str; 7] = ["script", "style", "textarea", "title", "iframe", "noembed", "xmp"];

impl<'h> Tags<'h> {
    pub(super) fn new(html: &'h str) -> Self {
        Self { rest: html }
    }

    fn cut(&mut self, at: usize) -> &'h str {
        let (piece, rest) = self.rest.split_at(at);
        self.rest = rest;
        piece
    }

    /// Takes a tag from the beginning of the rest; `None` if there is none.
    fn tag(&mut self) -> Option<Piece<'h>> {
        let bytes = self.rest.as_bytes();
        let close = bytes.get(1) == Some(&b'/');
        let from = if close { 2 } else { 1 };
        if !bytes.get(from).is_some_and(u8::is_ascii_alphabetic) {
            return None;
        }
        let is_name = |b: &u8| !(b.is_ascii_whitespace() || matches!(b, b'>' | b'/' | b'<'));
        let name_end = from + bytes[from..].iter().take_while(|b| is_name(b)).count();
        let end = tag_end(bytes, name_end);
        let tag = self.cut(end);
        let name = &tag[from..name_end];
        if close {
            return Some(Piece::Close { name });
        }
        if RAW.iter().any(|raw| raw.eq_ignore_ascii_case(name)) && !name.eq_ignore_ascii_case("title") {
            self.skip_raw(name);
        }
        Some(Piece::Open { name, attributes: tag[name_end..].trim_end_matches('>') })
    }

    /// Skips to the end tag of a raw element, or to the end of the text.
    fn skip_raw(&mut self, name: &str) {
        let bytes = self.rest.as_bytes();
        let mut from = 0;
        while let Some(found) = memmem::find(&bytes[from..], b"</") {
            let at = from + found + 2;
            if bytes.get(at..at + name.len()).is_some_and(|b| b.eq_ignore_ascii_case(name.as_bytes())) {
                self.cut(at - 2);
                return;
            }
            from = at;
        }
        self.cut(self.rest.len());
    }

    /// Skips a comment, a declaration or a processing instruction at the beginning of the rest.
    fn skip_declaration(&mut self) {
        let bytes = self.rest.as_bytes();
        let end = if bytes.starts_with(b"<!--") {
            memmem::find(&bytes[4..], b"-->").map(|at| at + 7)
        } else {
            memchr(b'>', bytes).map(|at| at + 1)
        };
        self.cut(end.unwrap_or(bytes.len()));
    }
}

/// The offset after a tag's `>`, ignoring any in quoted values.
fn tag_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'>' => return at + 1,
            b'=' => at = value_end(bytes, at + 1),
            _ => at += memchr2(b'>', b'=', &bytes[at..]).unwrap_or(bytes.len() - at).max(1),
        }
    }
    bytes.len()
}

/// The offset after the quoted value at `from` or after the blanks there; `from` if there is none.
fn value_end(bytes: &[u8], from: usize) -> usize {
    let at = from + bytes[from..].iter().take_while(|b| b.is_ascii_whitespace()).count();
    match bytes.get(at) {
        Some(&quote @ (b'"' | b'\'')) => {
            memchr(quote, &bytes[at + 1..]).map_or(bytes.len(), |end| at + end + 2)
        }
        _ => from,
    }
}

/// The number of attributes in a tag, except that blanks around an equals sign may throw it off.
pub(super) fn attributes_in(attributes: &str) -> usize {
    let bytes = attributes.as_bytes();
    let (mut at, mut count, mut within) = (0, 0, false);
    while let Some(&byte) = bytes.get(at) {
        if byte == b'=' {
            at = value_end(bytes, at + 1);
            continue;
        }
        let blank = byte.is_ascii_whitespace() || byte == b'/';
        count += usize::from(!blank && !within);
        within = !blank;
        at += 1;
    }
    count
}

impl<'h> Iterator for Tags<'h> {
    type Item = Piece<'h>;

    fn next(&mut self) -> Option<Piece<'h>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if !self.rest.starts_with('<') {
                let end = memchr(b'<', self.rest.as_bytes()).unwrap_or(self.rest.len());
                return Some(Piece::Text(self.cut(end)));
            }
            if let Some(tag) = self.tag() {
                return Some(tag);
            }
            if self.rest.starts_with("<!") || self.rest.starts_with("<?") || self.rest.starts_with("</") {
                self.skip_declaration();
                continue;
            }
            // a bare `<` is text, up to the next one
            let end = memchr(b'<', &self.rest.as_bytes()[1..]).map_or(self.rest.len(), |at| at + 1);
            return Some(Piece::Text(self.cut(end)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        Tags::new(html)
            .map(|piece| match piece {
                Piece::Text(text) => format!("[{text}]"),
                Piece::Open { name, attributes } => format!("<{name}|{attributes}>"),
                Piece::Close { name } => format!("</{name}>"),
            })
            .collect()
    }

    #[test]
    fn cuts_html_into_tags_and_texts() {
        for (html, want) in [
            ("a<p>b</p>", "[a]<p|>[b]</p>"),
            ("<a title=\"x > y\" b>c", "<a| title=\"x > y\" b>[c]"),
            ("<a title = 'x > y'>c", "<a| title = 'x > y'>[c]"),
            ("<a don't>c", "<a| don't>[c]"),
            ("1 < 2 <b>", "[1 ][< 2 ]<b|>"),
            ("<!-- <p> -->a<!doctype html>b<?xml?>c", "[a][b][c]"),
            ("<script>if (a<b) \"</p>\"</script>a", "<script|></script>[a]"),
            ("<style>p>a", "<style|>"),
            ("<br/>", "<br|/>"),
            ("<p", "<p|>"),
            ("<", "[<]"),
            ("</", ""),
            ("<!--", ""),
            ("<a b='", "<a| b='>"),
        ] {
            assert_eq!(shown(html), want, "{html}");
        }
    }
}
