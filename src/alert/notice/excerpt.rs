//! The words around a place, for readers without the article's text.

use std::ops::Range;

use schemars::JsonSchema;
use serde::Serialize;

use crate::document::Document;
use crate::text::{Field, Span, Text};

/// Maximum length of an excerpt in code points, not counting the ellipses.
const MOST: usize = 300;

/// Most code points shown before the place if the sentence does not fit.
const BEFORE: usize = 100;

/// Marks where a sentence is cut.
const CUT: char = '…';

/// The sentence around a place or, if that is too long, part of it; each run of white space becomes a single space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Excerpt {
    /// The field of the article that it comes from.
    pub field: Field,
    /// At most 300 code points of the article, with an ellipsis where the sentence is cut.
    pub text: String,
    /// The spans of the clause that lie within it.
    pub marks: Vec<Mark>,
}

/// A stretch of an excerpt, in Unicode code points of its `text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Mark {
    /// Code points before it.
    pub start: usize,
    /// Code points up to its end.
    pub end: usize,
}

impl Excerpt {
    /// The words around the first of some spans; `None` if there are no spans.
    pub(super) fn new(document: &Document, spans: &[Span]) -> Option<Self> {
        let first = spans.first()?;
        let text = match first.field {
            Field::Title => &document.title.text,
            Field::Text => &document.body.text,
        };
        let sentence = sentence(text, first);
        let shown = shown(text, &sentence, first);
        let mut out = Self { field: first.field, text: String::new(), marks: Vec::new() };
        let places = out.write(text, &shown, &sentence);
        let place = |at: u32| places.get((at as usize).checked_sub(shown.start)?).copied();
        let mark = |span: &Span| {
            let end = (span.end as usize).min(shown.end);
            let (start, end) = (place(span.start)?, place(end as u32)?);
            (start < end).then_some(Mark { start, end })
        };
        out.marks = spans.iter().filter(|span| span.field == first.field).filter_map(mark).collect();
        Some(out)
    }

    /// Appends a stretch of text; returns the position in the output of each of its code points, and of its end.
    fn write(&mut self, text: &Text, shown: &Range<usize>, sentence: &Range<usize>) -> Vec<usize> {
        let mut written = 0;
        let mut put = |out: &mut String, c| {
            out.push(c);
            written += 1;
            written
        };
        let mut next = 0;
        if shown.start > sentence.start {
            next = put(&mut self.text, CUT);
        }
        let mut places = Vec::with_capacity(shown.len() + 1);
        let mut spaced = false;
        for c in text.raw.chars().skip(shown.start).take(shown.len()) {
            places.push(next);
            let space = c.is_whitespace();
            if !(space && spaced) {
                next = put(&mut self.text, if space { ' ' } else { c });
            }
            spaced = space;
        }
        places.push(next);
        if shown.end < sentence.end {
            put(&mut self.text, CUT);
        }
        places
    }
}

/// The code points of the sentences that contain a span.
fn sentence(text: &Text, span: &Span) -> Range<usize> {
    let of = |at: u32| {
        let token = text.tokens.partition_point(|token| token.chars <= at).saturating_sub(1);
        text.sentences.get(text.sentence_of(token))
    };
    let (Some(first), Some(last)) = (of(span.start), of(span.end.saturating_sub(1))) else {
        return span.start as usize..span.end as usize;
    };
    let whole = text.span(&(first.start..last.end));
    whole.start as usize..whole.end as usize
}

/// As much of a sentence as may be shown, from word to word, with the beginning of the span in it.
fn shown(text: &Text, sentence: &Range<usize>, span: &Span) -> Range<usize> {
    if sentence.len() <= MOST {
        return sentence.clone();
    }
    let place = span.start as usize;
    // near the end of a long sentence, a short span gets more words before it
    let room = (MOST - span.exact.chars().count().min(MOST)).min(BEFORE);
    let from = place.saturating_sub(room).max(sentence.start);
    let to = (from + MOST).min(sentence.end);
    let from = to.saturating_sub(MOST).max(sentence.start).min(from);
    let starts = |at: usize| text.tokens.partition_point(|token| (token.chars as usize) < at);
    let start = text.tokens.get(starts(from)).map_or(from, |token| (token.chars as usize).min(place));
    // the last word that fits; a word longer than the whole excerpt is cut
    let end = match text.tokens.get(starts(to)) {
        _ if to == sentence.end => to,
        Some(next) if next.chars as usize == to => to,
        _ => {
            let last = starts(to).checked_sub(1).and_then(|at| text.tokens.get(at));
            last.map_or(to, |token| token.chars as usize)
        }
    };
    start..if end > place { end } else { to }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Source;
    use crate::knowledge::Knowledge;
    use crate::text::Language;

    fn document(title: &str, body: &str) -> Document {
        let knowledge = Knowledge::compiled_in();
        let (title, body) = (title.to_owned(), body.to_owned());
        Document::new(title, body, Language::EN, None, Source::default(), &knowledge.vocabulary)
    }

    fn span(document: &Document, word: &str) -> Span {
        let text = &document.body.text;
        let start = text.raw.find(word).unwrap();
        text.span_of_bytes(start..start + word.len())
    }

    fn marked(excerpt: &Excerpt) -> Vec<String> {
        let of = |mark: &Mark| excerpt.text.chars().skip(mark.start).take(mark.end - mark.start).collect();
        excerpt.marks.iter().map(of).collect()
    }

    #[test]
    fn it_is_the_sentence_of_the_place_with_each_place_in_it() {
        let document =
            document("Hm", "Nothing yet. The  Əliyev \t bridge was opened, and the bridge shines. More.");
        let bridge = span(&document, "bridge");
        let second = document.body.text.raw.rfind("bridge").unwrap();
        let second = document.body.text.span_of_bytes(second..second + 6);
        let excerpt =
            Excerpt::new(&document, &[bridge, second, span(&document, "More")]).expect("there is a span");
        assert_eq!(excerpt.text, "The Əliyev bridge was opened, and the bridge shines.");
        assert_eq!(marked(&excerpt), ["bridge", "bridge"]);
        assert_eq!(Excerpt::new(&document, &[]), None);
    }

    #[test]
    fn a_long_sentence_is_cut_between_words_around_the_place() {
        let words: Vec<String> = (0..200).map(|n| format!("word{n}")).collect();
        let document = document("", &format!("{}.", words.join(" ")));
        for n in [0, 3, 20, 100, 180, 199] {
            let word = if n == 3 { "word3 ".to_owned() } else { format!("word{n}") };
            let excerpt = Excerpt::new(&document, &[span(&document, word.trim_end())]).unwrap();
            let text = &excerpt.text;
            assert!((200..=MOST + 2).contains(&text.chars().count()), "{n}: {text}");
            assert_eq!(marked(&excerpt), [word.trim_end()], "{text}");
            assert_eq!(text.starts_with(CUT), n > 17, "{n}: {text}");
            let inner = text.trim_matches([CUT, ' ', '.']);
            assert!(inner.split(' ').all(|part| words.iter().any(|word| word == part)), "{n}: {text}");
        }
    }

    #[test]
    fn what_is_longer_than_an_excerpt_is_marked_as_far_as_it_is_shown() {
        let body = format!("Well, {}.", "x".repeat(1000));
        let document = document("", &body);
        let whole = span(&document, &body);
        let excerpt = Excerpt::new(&document, &[whole]).unwrap();
        assert!(excerpt.text.chars().count() <= MOST + 2, "{}", excerpt.text);
        assert_eq!((excerpt.marks.len(), excerpt.marks[0].start), (1, 0));
        let long = span(&document, &"x".repeat(1000));
        let excerpt = Excerpt::new(&document, &[long]).unwrap();
        assert!((100..=MOST + 2).contains(&excerpt.text.chars().count()), "{}", excerpt.text);
        assert_eq!(excerpt.marks.len(), 1);
    }
}
