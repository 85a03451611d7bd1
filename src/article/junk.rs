//! Words of the page around an article: buttons, boxes, small print, months. Read from `junk.toml`, and from that of
//! each language.
//!
//! Tells what a line's words mean; [`crate::article::clean`] decides where the article begins and ends.

mod phrases;

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::files::Files;
use phrases::{Phrases, begins_word, ends};

/// Bytes of the longest line to check: no button is longer, and paragraphs are not searched.
pub const LONGEST: usize = 300;

/// Junk phrases of all languages at once, since the language of a page is unknown before cleaning.
#[derive(Debug, Default)]
pub struct Junk {
    /// Roles, as a set, of each phrase that is a whole line.
    whole: FxHashMap<Box<str>, u8>,
    /// Bytes of the longest such phrase.
    longest: usize,
    /// The heads of those phrases.
    whole_heads: Phrases,
    starts: Phrases,
    holds: Phrases,
    classes: FxHashSet<Box<str>>,
    leads: FxHashSet<Box<str>>,
    days: FxHashSet<Box<str>>,
    others: FxHashSet<Box<str>>,
    teasers: FxHashSet<Box<str>>,
    class_starts: Vec<Box<str>>,
    months: FxHashMap<Box<str>, i8>,
    hyphens: FxHashMap<Box<str>, Hyphen>,
    bylines: Vec<Box<str>>,
    ordinals: FxHashSet<Box<str>>,
}

/// What the first word of a line means for a hyphen at the end of the previous line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hyphen {
    /// The hyphen stands for the rest of a word and the words stay apart: "Außen- und".
    Apart,
    /// The hyphen belongs to the word: "Baku-based".
    Kept,
}

/// What a line's words say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// A word or two that pages put on a button, but that may also be a line of a text.
    Weak,
    /// Not the article's.
    Strong,
    /// The heading of a list of links, which may be between an article's paragraphs.
    Head,
    /// The heading of a list of other articles or of comments.
    End,
}

/// By byte: whether it is an ASCII letter or digit.
static IN_WORD: [bool; 256] = {
    let mut in_word = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        in_word[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    in_word
};

const LINE: u8 = 1;
const START: u8 = 2;
const HOLD: u8 = 4;
const END: u8 = 8;
const HEAD: u8 = 16;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    lines: Vec<String>,
    starts: Vec<String>,
    holds: Vec<String>,
    ends: Vec<String>,
    heads: Vec<String>,
    months: Vec<String>,
    #[serde(default)]
    hyphen_apart: Vec<String>,
    #[serde(default)]
    hyphen_kept: Vec<String>,
    #[serde(default)]
    bylines: Vec<String>,
    #[serde(default)]
    ordinals: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Html {
    classes: Vec<String>,
    #[serde(default)]
    leads: Vec<String>,
    #[serde(default)]
    days: Vec<String>,
    #[serde(default)]
    others: Vec<String>,
    #[serde(default)]
    teasers: Vec<String>,
    #[serde(default)]
    class_starts: Vec<String>,
}

impl Junk {
    /// Reads `junk.toml` and that of each language; adds what is wrong with them to `errors`.
    pub fn of(files: &Files, errors: &mut Vec<String>) -> Self {
        let before = errors.len();
        let mut junk = Self::default();
        let mut phrases: BTreeMap<String, u8> = BTreeMap::new();
        if let Some(source) = files.get("junk.toml") {
            match toml::from_str::<Html>(source) {
                Ok(html) => {
                    junk.classes.extend(html.classes.into_iter().map(Into::into));
                    junk.leads.extend(html.leads.into_iter().map(Into::into));
                    junk.days.extend(html.days.into_iter().map(Into::into));
                    junk.others.extend(html.others.into_iter().map(Into::into));
                    junk.teasers.extend(html.teasers.into_iter().map(Into::into));
                    junk.class_starts.extend(html.class_starts.into_iter().map(Into::into));
                }
                Err(error) => errors.push(format!("junk.toml: {error}")),
            }
        }
        for (_, path, source) in files.of_languages("junk.toml") {
            match toml::from_str::<Words>(source) {
                Ok(words) => junk.add(path, words, &mut phrases, errors),
                Err(error) => errors.push(format!("{path}: {error}")),
            }
        }
        if errors.len() > before {
            return Self::default();
        }
        for (phrase, roles) in phrases {
            for (role, list) in [(START, &mut junk.starts), (HOLD, &mut junk.holds)] {
                if roles & role != 0 {
                    list.add(&phrase);
                }
            }
            if roles & (LINE | END | HEAD) != 0 {
                junk.whole_heads.add(&phrase);
                junk.longest = junk.longest.max(phrase.len());
                junk.whole.insert(phrase.into(), roles);
            }
        }
        junk
    }

    /// Adds what a language's file says.
    fn add(
        &mut self,
        path: &str,
        words: Words,
        phrases: &mut BTreeMap<String, u8>,
        errors: &mut Vec<String>,
    ) {
        self.add_months(path, &words.months, errors);
        for (list, hyphen) in [(words.hyphen_apart, Hyphen::Apart), (words.hyphen_kept, Hyphen::Kept)] {
            self.hyphens.extend(list.into_iter().map(|word| (word.into(), hyphen)));
        }
        self.bylines.extend(words.bylines.into_iter().map(Into::into));
        self.ordinals.extend(words.ordinals.into_iter().map(Into::into));
        let lists = [
            (words.lines, LINE),
            (words.starts, START),
            (words.holds, HOLD),
            (words.ends, END),
            (words.heads, HEAD),
        ];
        for (phrase, role) in lists.into_iter().flat_map(|(l, role)| l.into_iter().map(move |p| (p, role))) {
            if phrase != phrase.to_lowercase() || phrase.trim_start() != phrase || phrase.is_empty() {
                errors.push(format!("{path}: `{phrase}` must be lower case, without a leading blank"));
            }
            // the capital of this letter folds to a dotted one
            if phrase.contains('ı') {
                *phrases.entry(phrase.replace('ı', "i")).or_default() |= role;
            }
            *phrases.entry(phrase).or_default() |= role;
        }
    }

    fn add_months(&mut self, path: &str, months: &[String], errors: &mut Vec<String>) {
        if months.len() != 12 {
            errors.push(format!("{path}: `months` has {} entries, a year has 12", months.len()));
        }
        for (number, forms) in (1..).zip(months) {
            for form in forms.split(' ') {
                let before = self.months.insert(form.into(), number);
                if before.is_some_and(|before| before != number) {
                    errors.push(format!("{path}: month `{form}` is another month in another language"));
                }
            }
        }
    }

    /// Whether a line begins like a byline.
    pub fn is_byline(&self, line: &str) -> bool {
        self.bylines.iter().any(|cue| line.starts_with(&**cue))
    }

    /// Whether letters directly after a number make it an ordinal, as of a day or a year: "15th".
    pub fn is_ordinal(&self, letters: &str) -> bool {
        self.ordinals.contains(letters)
    }

    /// What a word means for a hyphen at the end of the previous line; `None` if the hyphen broke a word in two.
    pub fn hyphen(&self, word: &str) -> Option<Hyphen> {
        self.hyphens.get(word).copied()
    }

    /// What the words of a trimmed line say. `buffer` receives its folded form, unless it is too long to check.
    pub fn sign(&self, line: &str, buffer: &mut String) -> Option<Sign> {
        if line.len() > LONGEST {
            return None;
        }
        if line.is_ascii() && !self.may_say(line.as_bytes()) {
            return None;
        }
        self.judge(line, buffer)
    }

    /// [`Junk::sign`] for a line that may have one.
    fn judge(&self, line: &str, buffer: &mut String) -> Option<Sign> {
        fold(line, buffer);
        let core = core(buffer);
        let whole = self.whole_line(&buffer[core.clone()]);
        if whole >= Some(Sign::Strong) {
            return whole;
        }
        let starts =
            |at: usize| self.starts.may_be(&buffer.as_bytes()[at..]) && self.starts.any_at(buffer, at, ends);
        let starts = starts(0) || core.start > 0 && starts(core.start);
        if starts || self.holds_any(buffer) { Some(Sign::Strong) } else { whole }
    }

    /// Whether any phrase may occur in an ASCII line, which saves folding nearly all lines. A line that is too short to
    /// decide may have one.
    fn may_say(&self, line: &[u8]) -> bool {
        let core = line.iter().position(u8::is_ascii_alphabetic).unwrap_or(0);
        line.len() < 8
            || self.starts.may_be(line)
            || self.starts.may_be(&line[core..])
            || self.whole_heads.may_be(&line[core..])
            || self.hold_from(line, 0).is_some()
    }

    /// The sign of a line that is nothing but a phrase.
    fn whole_line(&self, line: &str) -> Option<Sign> {
        if line.len() > self.longest {
            return None;
        }
        let roles = *self.whole.get(line)?;
        if roles & END != 0 {
            Some(Sign::End)
        } else if roles & HEAD != 0 {
            Some(Sign::Head)
        } else {
            Some(if line.split(' ').count() > 2 { Sign::Strong } else { Sign::Weak })
        }
    }

    /// Whether a phrase that only occurs in small print begins at a word of the line.
    fn holds_any(&self, line: &str) -> bool {
        let mut from = 0;
        while let Some(at) = self.hold_from(line.as_bytes(), from) {
            if self.holds.any_at(line, at, |line, at, _| begins_word(line, at)) {
                return true;
            }
            from = at + 1;
        }
        false
    }

    /// The next place where such a phrase may begin: not after an ASCII letter or digit. Bytes beyond ASCII are decoded
    /// only where a phrase is found.
    fn hold_from(&self, line: &[u8], from: usize) -> Option<usize> {
        let mut inside = from > 0 && IN_WORD[usize::from(line[from - 1])];
        for (at, byte) in line.iter().enumerate().skip(from) {
            if !inside && self.holds.may_be(&line[at..]) {
                return Some(at);
            }
            inside = IN_WORD[usize::from(*byte)];
        }
        None
    }

    /// Whether a word of an element's `class` or `id` names a part that is not the article.
    pub fn is_class(&self, word: &str) -> bool {
        let begins = |start: &str| word.len() > start.len() && word.starts_with(start);
        self.classes.contains(word)
            || self.class_starts.iter().any(|start| begins(start)) && !self.leads.contains(word)
    }

    /// Whether a word of an element's `class` names the article's lead.
    pub fn is_lead(&self, word: &str) -> bool {
        self.leads.contains(word)
    }

    /// Whether a word of an element's `class` or `id` names something that contains a day.
    pub fn is_of_day(&self, word: &str) -> bool {
        self.days.contains(word)
    }

    /// Whether a word of an element's `class` or `id` names something that contains other articles, comments or the
    /// page's footer: no day in it is the article's.
    pub fn is_of_others(&self, word: &str) -> bool {
        self.others.contains(word) || self.teasers.contains(word)
    }

    /// Whether it does so only if the element has a link to another article.
    pub fn is_of_teasers(&self, word: &str) -> bool {
        self.teasers.contains(word)
    }

    /// The number of a month, by a form of its name in lower case.
    pub fn month(&self, word: &str) -> Option<i8> {
        self.months.get(word).copied()
    }
}

/// Lower case, plain apostrophes, and `#` for each number.
fn fold(line: &str, out: &mut String) {
    out.clear();
    let mut rest = line;
    if line.is_ascii() && line.bytes().filter(u8::is_ascii_digit).count() == 0 {
        out.push_str(line);
        out.make_ascii_lowercase();
        return;
    }
    // most of a line is ASCII, which is converted to lower case at once
    let odd = |b: &u8| b.is_ascii_digit() || !b.is_ascii();
    while let Some(at) = rest.as_bytes().iter().position(odd) {
        out.push_str(&rest[..at]);
        let mut chars = rest[at..].chars();
        match chars.next() {
            Some('0'..='9') if out.ends_with('#') => {}
            Some('0'..='9') => out.push('#'),
            Some('’' | 'ʼ' | '‘') => out.push('\''),
            Some('İ') => out.push('i'),
            Some('\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{200e}' | '\u{200f}') | None => {}
            Some(c @ 'а'..='я') => out.push(c),
            Some(c) if c.is_whitespace() => out.push(' '),
            Some(c) => out.extend(c.to_lowercase()),
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.make_ascii_lowercase();
}

/// The line from its first to its last letter.
fn core(line: &str) -> Range<usize> {
    let is_letter = |c: char| c.is_alphabetic();
    let start = line.find(is_letter).unwrap_or(0);
    let end = line.rfind(is_letter).map_or(0, |at| at + line[at..].chars().next().map_or(0, char::len_utf8));
    start..end.max(start)
}

#[cfg(test)]
mod tests;
