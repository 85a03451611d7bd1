//! An article as watches see it: laid out once, then queried by all of them.
//!
//! Title and body are one row of tokens, each followed by an empty one, so that even an empty field has a place. What
//! is looked up for a word form does not depend on the watches: it is remembered across articles.

mod tags;

use std::cell::OnceCell;

use super::forms::{Asker, Form, Forms};
use super::present::Keys;
use super::words::Words;
use crate::country::Country;
use crate::document::Document;
use crate::official::Official;
use crate::quote::Quote;
use crate::text::{Kind, Span, Text};
use crate::topic::Topic;

/// An article with its tags.
#[derive(Debug, Clone, Copy)]
pub struct Article<'a> {
    /// Its text.
    pub document: &'a Document,
    /// Where it was published.
    pub url: Option<&'a str>,
    /// The countries that it names.
    pub countries: &'a [Country],
    /// What it is about.
    pub topics: &'a [Topic],
    /// The officials that it names.
    pub officials: &'a [Official],
    /// Who says what in it.
    pub quotes: &'a [Quote],
    /// Its place in a story.
    pub story: Story,
}

/// The place of an article in its story.
#[derive(Debug, Clone, Copy)]
pub struct Story {
    /// It is the first of the story.
    pub first: bool,
    /// It repeats what another one said.
    pub copy: bool,
    /// It replaces an earlier one.
    pub update: bool,
}

impl Default for Story {
    /// For an article with no known relatives.
    fn default() -> Self {
        Self { first: true, copy: false, update: false }
    }
}

/// A stretch of tokens, numbered through title and body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stretch {
    pub start: u32,
    pub end: u32,
}

impl Stretch {
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The overlap of two; `None` if it is empty.
    pub fn common(self, other: Self) -> Option<Self> {
        let both = Self::new(self.start.max(other.start), self.end.min(other.end));
        (both.start < both.end).then_some(both)
    }

    pub fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Where a tag was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// Nowhere in the text.
    None,
    /// By number, like the others.
    Country(u32),
    Topic(u32),
    Official(u32),
    /// Where the speaker of a quote is named.
    Speaker(u32),
    /// What the speaker says.
    Quotes(u32),
}

/// Someone whom a watch may ask for.
#[derive(Debug, Default)]
pub(super) struct Person<'a> {
    /// Keys of the name and the slug.
    pub names: Vec<u64>,
    /// Keys of the words of the office.
    pub office: Vec<u64>,
    pub country: Option<&'a str>,
}

/// Someone who is quoted.
#[derive(Debug)]
pub(super) struct Speaker<'a> {
    name: Option<&'a str>,
    official: Option<&'a str>,
    /// Keys of the name and the slug, if the name is known.
    pub names: Vec<u64>,
    /// The matching entries of [`View::people`].
    pub people: Vec<u32>,
    /// Their quotes.
    pub quotes: Vec<u32>,
}

/// A quote.
#[derive(Debug)]
pub(super) struct Said {
    /// `None` if it contains no whole token.
    pub stretch: Option<Stretch>,
    /// Number in [`View::speakers`].
    pub speaker: Option<u32>,
    /// Keys of its cue and kind.
    pub keys: Vec<u64>,
}

/// The layout of one article.
#[derive(Debug)]
pub struct View<'a> {
    pub(super) article: Article<'a>,
    /// The first token of the body.
    pub(super) body: u32,
    /// The end of the tokens, the body's empty one included.
    pub(super) end: u32,
    /// Form by token, [`NONE`] for marks.
    pub(super) form_of: Vec<u32>,
    /// Words before each token.
    pub(super) words_before: Vec<u32>,
    /// The token of each word.
    pub(super) word_at: Vec<u32>,
    pub(super) sentence_of: Vec<u32>,
    pub(super) sentences: Vec<Stretch>,
    pub(super) paragraphs: Vec<Stretch>,
    pub(super) lead: Stretch,
    pub(super) forms: Vec<Form>,
    /// Where the [`View::places`] of each form begin, plus the end of the last.
    starts: Vec<u32>,
    /// The tokens of each form, in order.
    places: Vec<u32>,
    /// The tags of the whole article, each with its key.
    pub(super) tags: Vec<(u64, Evidence)>,
    pub(super) people: Vec<Person<'a>>,
    pub(super) speakers: Vec<Speaker<'a>>,
    pub(super) quotes: Vec<Said>,
    /// Built on first use.
    pub(super) keys: OnceCell<Keys>,
}

/// No form.
pub(super) const NONE: u32 = u32::MAX;

impl<'a> View<'a> {
    /// Lays an article out. Linear in its length.
    pub fn new(article: Article<'a>, words: &Words, memory: &mut Forms) -> Self {
        let (title, text) = (&article.document.title.text, &article.document.body.text);
        let body = title.tokens.len() as u32 + 1;
        let end = body + text.tokens.len() as u32 + 1;
        let mut view = Self {
            article,
            body,
            end,
            form_of: Vec::with_capacity(end as usize),
            words_before: Vec::with_capacity(end as usize + 1),
            word_at: Vec::with_capacity(end as usize),
            sentence_of: Vec::with_capacity(end as usize),
            sentences: Vec::new(),
            paragraphs: Vec::new(),
            lead: Stretch::new(body, end - 1),
            forms: Vec::new(),
            starts: Vec::new(),
            places: Vec::new(),
            tags: Vec::new(),
            people: Vec::new(),
            speakers: Vec::new(),
            quotes: Vec::new(),
            keys: OnceCell::new(),
        };
        let language = article.document.language;
        memory.begin();
        let mut asker = Asker { words, language, memory, buffer: String::new() };
        for (part, first) in [(title, 0), (text, body)] {
            view.add(part, first, &mut asker);
        }
        view.words_before.push(view.word_at.len() as u32);
        view.sort_places();
        view.find_lead();
        view.add_tags(words);
        view
    }

    /// Appends the layout of a field.
    fn add(&mut self, text: &Text, first: u32, asker: &mut Asker) {
        for token in &text.tokens {
            self.words_before.push(self.word_at.len() as u32);
            if token.kind == Kind::Mark {
                self.form_of.push(NONE);
                continue;
            }
            self.word_at.push(self.form_of.len() as u32);
            self.form_of.push(asker.form(text, token, &mut self.forms));
        }
        self.words_before.push(self.word_at.len() as u32);
        self.form_of.push(NONE);
        let moved = |r: &std::ops::Range<usize>| Stretch::new(first + r.start as u32, first + r.end as u32);
        for sentence in text.sentences.iter().map(moved) {
            let number = self.sentences.len() as u32;
            self.sentence_of.resize(sentence.end as usize, number);
            self.sentences.push(sentence);
        }
        // the empty token belongs to no sentence
        self.sentence_of.resize(self.form_of.len(), NONE);
        self.paragraphs.extend(text.paragraphs.iter().map(moved));
    }

    fn sort_places(&mut self) {
        self.starts = vec![0; self.forms.len() + 1];
        for &form in self.form_of.iter().filter(|f| **f != NONE) {
            self.starts[form as usize] += 1;
        }
        let mut sum = 0;
        for start in &mut self.starts {
            sum += *start;
            *start = sum;
        }
        // backwards, so that each form's places come out in order
        self.places = vec![0; sum as usize];
        for (token, &form) in self.form_of.iter().enumerate().rev().filter(|(_, f)| **f != NONE) {
            let start = &mut self.starts[form as usize];
            *start -= 1;
            self.places[*start as usize] = token as u32;
        }
    }

    fn find_lead(&mut self) {
        let before = self.words_before[self.body as usize];
        let of_body = self.sentences.iter().filter(|s| s.start >= self.body);
        let full = of_body.map(|s| s.end).find(|end| self.words_before[*end as usize] - before >= 50);
        self.lead.end = full.unwrap_or(self.lead.end);
    }

    /// The tokens of a form.
    #[inline]
    pub(super) fn places(&self, form: u32) -> &[u32] {
        let form = form as usize;
        &self.places[self.starts[form] as usize..self.starts[form + 1] as usize]
    }

    /// The text of the field that contains a token, and the number of its first token.
    pub(super) fn text_at(&self, token: u32) -> (&'a Text, u32) {
        let document = self.article.document;
        if token < self.body { (&document.title.text, 0) } else { (&document.body.text, self.body) }
    }

    /// The characters of a token; empty for an empty one.
    pub(super) fn word(&self, token: u32) -> &'a str {
        let (text, first) = self.text_at(token);
        text.tokens.get((token - first) as usize).map_or("", |t| text.of(t))
    }

    /// The span of tokens, for the output.
    pub(super) fn span(&self, stretch: Stretch) -> Span {
        let (text, first) = self.text_at(stretch.start);
        text.span(&((stretch.start - first) as usize..(stretch.end - first) as usize))
    }

    /// The tokens within a span.
    fn stretch(&self, field: crate::text::Field, start: u32, end: u32) -> Option<Stretch> {
        let document = self.article.document;
        let (text, first) = match field {
            crate::text::Field::Title => (&document.title.text, 0),
            crate::text::Field::Text => (&document.body.text, self.body),
        };
        let from = text.tokens.partition_point(|t| t.chars < start);
        let mut to = text.tokens.partition_point(|t| t.chars < end);
        if to > from && text.tokens[to - 1].chars + text.of(&text.tokens[to - 1]).chars().count() as u32 > end
        {
            to -= 1;
        }
        (from < to).then(|| Stretch::new(first + from as u32, first + to as u32))
    }

    /// The places of a tag.
    pub(super) fn evidence(&self, evidence: Evidence, mut each: impl FnMut(Stretch)) {
        let article = &self.article;
        let quotes = |speaker: u32| self.speakers[speaker as usize].quotes.iter();
        let spans: &[Span] = match evidence {
            Evidence::None => return,
            Evidence::Country(n) => &article.countries[n as usize].mentions,
            Evidence::Topic(n) => &article.topics[n as usize].evidence,
            Evidence::Official(n) => &article.officials[n as usize].mentions,
            Evidence::Quotes(n) => {
                quotes(n).filter_map(|q| self.quotes[*q as usize].stretch).for_each(each);
                return;
            }
            Evidence::Speaker(n) => {
                let mentions = quotes(n).filter_map(|q| article.quotes[*q as usize].speaker.as_ref());
                let found =
                    mentions.map(|s| &s.mention).filter_map(|s| self.stretch(s.field, s.start, s.end));
                found.for_each(each);
                return;
            }
        };
        spans.iter().filter_map(|s| self.stretch(s.field, s.start, s.end)).for_each(&mut each);
    }
}
