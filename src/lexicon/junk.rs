//! The words of what stands around an article: buttons, boxes, small print, months. `config/lexicon/junk.toml`.
//!
//! Tells what a line's words say; where the article begins and ends is decided in [`crate::article::clean`].

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::Files;

/// Bytes of the longest line that is looked at: no button is longer, and paragraphs are not searched.
pub const LONGEST: usize = 300;

/// Junk phrases of all languages at once: the language of a page is not known before it is clean.
#[derive(Debug, Default)]
pub struct Junk {
    phrases: Option<AhoCorasick>,
    /// For each phrase, what it says of a line, as a set of roles.
    roles: Vec<u8>,
    classes: FxHashSet<Box<str>>,
    months: FxHashMap<Box<str>, i8>,
}

/// What a line's words say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// A word or two that pages put on a button, but that a text may have as a line too.
    Weak,
    /// Not the article's.
    Strong,
    /// The head of a list of links, which may stand between an article's paragraphs.
    Head,
    /// The head of a list of other articles or of comments.
    End,
}

const LINE: u8 = 1;
const START: u8 = 2;
const HOLD: u8 = 4;
const END: u8 = 8;
const HEAD: u8 = 16;

#[derive(Deserialize)]
#[serde(untagged)]
enum Section {
    Words(Words),
    Html(Html),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    lines: Vec<String>,
    starts: Vec<String>,
    holds: Vec<String>,
    ends: Vec<String>,
    heads: Vec<String>,
    months: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Html {
    classes: Vec<String>,
}

impl Junk {
    /// Reads the file among the lexicon's; adds what is wrong with it to `errors`.
    pub fn of(files: &Files, errors: &mut Vec<String>) -> Self {
        Self::parse(files.get("junk.toml").unwrap_or_default()).unwrap_or_else(|found| {
            errors.extend(found.iter().map(|e| format!("junk.toml: {e}")));
            Self::default()
        })
    }

    /// Reads `junk.toml`; gives every error of it.
    pub fn parse(source: &str) -> Result<Self, Vec<String>> {
        let sections: BTreeMap<String, Section> = toml::from_str(source).map_err(|e| vec![e.to_string()])?;
        let mut errors = Vec::new();
        let mut junk = Self::default();
        let mut phrases: BTreeMap<String, u8> = BTreeMap::new();
        for (name, section) in sections {
            match section {
                Section::Html(html) => junk.classes.extend(html.classes.into_iter().map(Into::into)),
                Section::Words(words) => {
                    junk.add_months(&name, &words.months, &mut errors);
                    let lists = [
                        (words.lines, LINE),
                        (words.starts, START),
                        (words.holds, HOLD),
                        (words.ends, END),
                        (words.heads, HEAD),
                    ];
                    for (phrase, role) in
                        lists.into_iter().flat_map(|(l, role)| l.into_iter().map(move |p| (p, role)))
                    {
                        if phrase != phrase.to_lowercase()
                            || phrase.trim_start() != phrase
                            || phrase.is_empty()
                        {
                            errors.push(format!(
                                "[{name}] `{phrase}` must be in small letters, without a blank before"
                            ));
                        }
                        // capitals of these languages come out of folding with a dot
                        if matches!(name.as_str(), "az" | "tr") && phrase.contains('ı') {
                            *phrases.entry(phrase.replace('ı', "i")).or_default() |= role;
                        }
                        *phrases.entry(phrase).or_default() |= role;
                    }
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        junk.phrases = Some(AhoCorasick::new(phrases.keys()).map_err(|e| vec![e.to_string()])?);
        junk.roles = phrases.into_values().collect();
        Ok(junk)
    }

    fn add_months(&mut self, language: &str, months: &[String], errors: &mut Vec<String>) {
        if months.len() != 12 {
            errors.push(format!("[{language}] `months` has {} entries, a year has 12", months.len()));
        }
        for (number, forms) in (1..).zip(months) {
            for form in forms.split(' ') {
                let before = self.months.insert(form.into(), number);
                if before.is_some_and(|before| before != number) {
                    errors.push(format!("[{language}] month `{form}` is another month in another language"));
                }
            }
        }
    }

    /// What the words of a trimmed line say. `buffer` takes its folded form, if it is not too long to be looked at.
    pub fn sign(&self, line: &str, buffer: &mut String) -> Option<Sign> {
        if line.len() > LONGEST {
            return None;
        }
        fold(line, buffer);
        let core = core(buffer);
        let mut best = None;
        for found in self.phrases.as_ref()?.find_overlapping_iter(buffer.as_str()) {
            let roles = self.roles[found.pattern().as_usize()];
            best = best.max(sign(roles, found.range(), buffer, &core));
        }
        best
    }

    /// Whether a word of an element's `class` or `id` names a part that is not the article.
    pub fn is_class(&self, word: &str) -> bool {
        self.classes.contains(word)
    }

    /// The number of a month, by a form of its name in small letters.
    pub fn month(&self, word: &str) -> Option<i8> {
        self.months.get(word).copied()
    }
}

/// What a phrase found at `at` says of the line.
fn sign(roles: u8, at: Range<usize>, line: &str, core: &Range<usize>) -> Option<Sign> {
    let whole = at == *core;
    if roles & END != 0 && whole {
        return Some(Sign::End);
    }
    if roles & HEAD != 0 && whole {
        return Some(Sign::Head);
    }
    let begins = line[..at.start].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    let ends = line[at.clone()].chars().next_back().is_some_and(|c| !c.is_alphanumeric())
        || line[at.end..].chars().next().is_none_or(|c| !c.is_alphanumeric());
    if roles & HOLD != 0 && begins || roles & START != 0 && ends && (at.start == 0 || at.start == core.start)
    {
        return Some(Sign::Strong);
    }
    if roles & LINE != 0 && whole {
        let words = line[at].split(' ').count();
        return Some(if words > 2 { Sign::Strong } else { Sign::Weak });
    }
    None
}

/// Small letters, plain apostrophes, each number as `#`.
fn fold(line: &str, out: &mut String) {
    out.clear();
    for c in line.chars() {
        match c {
            '0'..='9' if out.ends_with('#') => {}
            '0'..='9' => out.push('#'),
            _ if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            '’' | 'ʼ' | '‘' => out.push('\''),
            'İ' => out.push('i'),
            '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{200e}' | '\u{200f}' => {}
            c if c.is_whitespace() => out.push(' '),
            c => out.extend(c.to_lowercase()),
        }
    }
}

/// The line from its first letter to its last.
fn core(line: &str) -> Range<usize> {
    let is_letter = |c: char| c.is_alphabetic();
    let start = line.find(is_letter).unwrap_or(0);
    let end = line.rfind(is_letter).map_or(0, |at| at + line[at..].chars().next().map_or(0, char::len_utf8));
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"
        [html]
        classes = ["share"]
        [en]
        lines = ["views", "share this article"]
        starts = ["read also:", "filed under", "© "]
        holds = ["all rights reserved"]
        ends = ["comments"]
        heads = ["read also"]
        months = ["january jan", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
        [tr]
        lines = ["paylaşın"]
        starts = []
        holds = []
        ends = []
        heads = []
        months = ["ocak", "şubat", "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos", "eylül", "ekim", "kasım", "aralık"]
    "#;

    #[test]
    fn tells_what_a_line_says() {
        let junk = Junk::parse(SOURCE).unwrap();
        for (line, want) in [
            ("Views: 129", Some(Sign::Weak)),
            ("129 views", Some(Sign::Weak)),
            ("Her views: 129 pages", None),
            ("SHARE THIS ARTICLE!", Some(Sign::Strong)),
            ("Read also: ports reopen", Some(Sign::Strong)),
            ("Read also:", Some(Sign::Head)),
            ("Read also the report", None),
            ("Filed under: ports", Some(Sign::Strong)),
            ("Filed underground", None),
            ("© 2025 Morning", Some(Sign::Strong)),
            ("(c) Morning. All rights reserved.", Some(Sign::Strong)),
            ("Comments (12)", Some(Sign::End)),
            ("Comments by the minister", None),
            ("PAYLAŞIN", Some(Sign::Weak)),
            ("", None),
            ("12", None),
        ] {
            assert_eq!(junk.sign(line, &mut String::new()), want, "{line}");
        }
    }

    #[test]
    fn every_error_is_told() {
        let errors =
            Junk::parse(&SOURCE.replace("\"views\"", "\"Views\"").replace("\"ocak\", ", "")).unwrap_err();
        assert_eq!(errors.len(), 2, "{errors:?}");
        assert!(errors[0].contains("Views") && errors[1].contains("11"), "{errors:?}");
    }
}
