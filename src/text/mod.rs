//! One field of an article, cut once into tokens, sentences and paragraphs, which all taggers share.
//!
//! Owns offsets: a [`Span`] is made only here, so it always indexes the text it comes with. Knows nothing of the
//! lexicon; see [`crate::document::scan`] for what the tokens mean.

mod distance;
mod fold;
mod language;
mod sentence;
mod span;
mod token;

pub use distance::distance;
pub use fold::{fold, unmarked};
pub use language::{Language, Script, is_letter};
pub use sentence::Abbreviations;
pub use span::{Field, Span};
pub use token::{Case, Gap, Kind, Token};

use std::ops::Range;

/// A title or a body with its tokens, sentences and paragraphs.
///
/// Token positions are `usize` indexes into [`Text::tokens`]; byte offsets index [`Text::raw`].
#[derive(Debug, Clone)]
pub struct Text {
    /// Which field of the tagged article this is.
    pub field: Field,
    /// The characters, as in the output.
    pub raw: String,
    /// Words, numbers and marks in reading order, with white space between them.
    pub tokens: Vec<Token>,
    /// One token range per sentence, without gaps.
    pub sentences: Vec<Range<usize>>,
    /// One token range per paragraph, without gaps; no sentence crosses a paragraph.
    pub paragraphs: Vec<Range<usize>>,
}

impl Text {
    /// Cuts `raw` into tokens, sentences and paragraphs, in linear time.
    pub fn new(field: Field, raw: String, abbreviations: &Abbreviations) -> Self {
        let tokens = token::cut(&raw);
        let paragraphs = sentence::paragraphs(&tokens);
        let sentences = sentence::sentences(&raw, &tokens, &paragraphs, abbreviations);
        Self { field, raw, tokens, sentences, paragraphs }
    }

    /// The characters of one token, by its index.
    #[inline]
    pub fn word(&self, token: usize) -> &str {
        self.of(&self.tokens[token])
    }

    /// The characters of one token.
    #[inline]
    pub fn of(&self, token: &Token) -> &str {
        &self.raw[token.start as usize..token.end as usize]
    }

    /// The characters from the first to the last token of a range; empty for an empty range.
    #[inline]
    pub fn slice(&self, tokens: &Range<usize>) -> &str {
        &self.raw[self.bytes(tokens)]
    }

    /// The byte range that a token range covers.
    #[inline]
    pub fn bytes(&self, tokens: &Range<usize>) -> Range<usize> {
        if tokens.is_empty() {
            return 0..0;
        }
        self.tokens[tokens.start].start as usize..self.tokens[tokens.end - 1].end as usize
    }

    /// The span of a token range, in code points, with its text.
    pub fn span(&self, tokens: &Range<usize>) -> Span {
        let Some(last) = self.tokens[tokens.clone()].last() else { return self.span_of_bytes(0..0) };
        let start = self.tokens[tokens.start].chars;
        let end = last.chars + length(self.of(last));
        Span { field: self.field, start, end, exact: self.slice(tokens).to_owned() }
    }

    /// The span of a byte range that lies on character boundaries.
    pub fn span_of_bytes(&self, bytes: Range<usize>) -> Span {
        let start = self.code_point(bytes.start);
        let end = self.code_point(bytes.end);
        Span { field: self.field, start, end, exact: self.raw[bytes].to_owned() }
    }

    /// The index into [`Text::sentences`] of the sentence that contains a token.
    #[inline]
    pub fn sentence_of(&self, token: usize) -> usize {
        self.sentences.partition_point(|s| s.end <= token)
    }

    /// The index into [`Text::paragraphs`] of the paragraph that contains a token.
    pub fn paragraph_of(&self, token: usize) -> usize {
        self.paragraphs.partition_point(|p| p.end <= token)
    }

    /// The first token that starts at or after a byte offset.
    pub fn token_at(&self, byte: usize) -> usize {
        self.tokens.partition_point(|t| (t.start as usize) < byte)
    }

    /// The number of code points before a byte offset, counted from the nearest token.
    fn code_point(&self, byte: usize) -> u32 {
        let behind = self.tokens.partition_point(|t| t.start as usize <= byte);
        let (from, count) =
            behind.checked_sub(1).map_or((0, 0), |i| (self.tokens[i].start as usize, self.tokens[i].chars));
        count + length(&self.raw[from..byte])
    }
}

/// The tokens of a short text, such as a name or a search term.
pub fn tokens(raw: &str) -> Vec<Token> {
    token::cut(raw)
}

/// The length of a short stretch in code points.
fn length(text: &str) -> u32 {
    if text.is_ascii() { text.len() as u32 } else { text.chars().count() as u32 }
}

/// Writes a word in lower case into a reused buffer.
pub fn small_letters(word: &str, out: &mut String) {
    out.clear();
    if word.is_ascii() {
        out.push_str(word);
        out.make_ascii_lowercase();
    } else {
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
}

/// A word or phrase with its first letter as a capital.
pub fn capitalised(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &str) -> Text {
        Text::new(Field::Text, raw.to_owned(), &Abbreviations::default())
    }

    #[test]
    fn spans_count_code_points() {
        let t = text("Баку — «да», said 𝒳 Əliyev.");
        let at = t.tokens.iter().position(|k| t.raw[k.start as usize..].starts_with('Ə')).unwrap();
        let span = t.span(&(at..at + 1));
        assert_eq!((span.start, span.end, span.exact.as_str()), (20, 26, "Əliyev"));
    }

    #[test]
    fn ranges_cover_all_tokens() {
        let t = text("One. Two three.\n\nFour \"five\".\n");
        for ranges in [&t.sentences, &t.paragraphs] {
            assert_eq!(ranges.first().unwrap().start, 0);
            assert_eq!(ranges.last().unwrap().end, t.tokens.len());
            assert!(ranges.windows(2).all(|w| w[0].end == w[1].start));
        }
        assert_eq!(t.paragraphs.len(), 2);
        assert_eq!(t.sentences.len(), 3);
    }
}
