//! Classifies a line of scraped text by its length, its marks and its words.

use super::date;
use crate::article::Published;
use crate::article::junk::{Junk, LONGEST, Sign};

/// A line of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    /// The line including its line break.
    pub(super) whole: &'t str,
    /// The line without surrounding white space.
    pub(super) text: &'t str,
    pub(super) kind: Kind,
    /// The number of stretches between blanks, up to 32.
    pub(super) words: usize,
}

/// The kind of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Blank,
    /// A paragraph.
    Prose,
    /// Short, but ending like a sentence.
    Sentence,
    /// A headline, a subheading, an entry of a menu or a list.
    Short,
    /// A day, perhaps with a time and a word or two.
    Date(Published),
    /// Names the author: "By …".
    Byline,
    /// Part of the page rather than the article, by its words.
    Junk(Sign),
}

/// Code points from which a line that ends like a sentence is a paragraph rather than a caption or a teaser.
const PARAGRAPH: usize = 80;

/// Code points from which a line is a paragraph, however it ends.
const LONG: usize = 200;

/// Fewest words and most code points of a headline.
const HEADLINE: (usize, usize) = (3, 250);

impl Line<'_> {
    pub(super) fn is_junk(&self) -> bool {
        matches!(self.kind, Kind::Junk(_))
    }

    /// Whether it may be part of an adjacent paragraph: somebody says something in it.
    pub(super) fn is_said(&self) -> bool {
        matches!(self.kind, Kind::Prose)
            || self.kind == Kind::Sentence && !self.text.ends_with(['?', '!', ':', '…'])
    }

    pub(super) fn is_headline(&self) -> bool {
        self.words >= HEADLINE.0 && self.text.len() >= 16 && self.text.chars().count() <= HEADLINE.1
    }
}

/// Classifies all lines of a text.
pub(super) fn classify<'t>(text: &'t str, junk: &Junk) -> Vec<Line<'t>> {
    let mut buffer = String::new();
    text.split_inclusive('\n')
        .map(|whole| {
            let text = whole.trim();
            let words = if text.len() > LONGEST { 32 } else { text.split_whitespace().take(32).count() };
            Line { whole, text, kind: kind(text, words, junk, &mut buffer), words }
        })
        .collect()
}

fn kind(text: &str, words: usize, junk: &Junk, buffer: &mut String) -> Kind {
    if text.is_empty() {
        return Kind::Blank;
    }
    if text.len() > LONGEST && text.len() > LONG * 4 {
        return Kind::Prose;
    }
    if let Some(sign) = junk.sign(text, buffer) {
        return Kind::Junk(sign);
    }
    let length = text.chars().count();
    if let Some(date) = date::of_line(text, junk) {
        return Kind::Date(date);
    }
    if length < 60 && junk.is_byline(text) && !ends_a_sentence(text) {
        return Kind::Byline;
    }
    // a picture's credit follows it
    if text.contains('©') && length < LONG && !ends_a_sentence(text) {
        return Kind::Junk(Sign::Weak);
    }
    if is_prose(text, length) {
        Kind::Prose
    } else if words >= 3 && ends_a_sentence(text) {
        Kind::Sentence
    } else {
        Kind::Short
    }
}

/// Whether a line is a paragraph, by its length and ending alone.
pub(super) fn is_paragraph(text: &str) -> bool {
    text.len() > LONGEST || is_prose(text, text.chars().count())
}

fn is_prose(text: &str, length: usize) -> bool {
    length >= LONG || length >= PARAGRAPH && ends_a_sentence(text)
}

/// Whether a text ends with a full stop or the like in any script, perhaps followed by a quotation mark or bracket.
pub(in crate::article::clean) fn ends_a_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '”', '“', '»', '«', '’', '\'', ')', ']', '*']);
    text.ends_with(['.', '!', '?', '…', ':', '。', '！', '？', '։', '؟', '۔', '।', '።'])
}
