//! What is observed about each named country: in the headline, in the lede, how often, beside how many others.
//!
//! The country that a story was filed from is no rival to the others: its correspondent names it, whatever the story
//! is about.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::country::dateline::Line;
use crate::country::gazetteer::Kind;
use crate::country::named::Named;
use crate::document::{Document, Meaning};
use crate::text::Field;

/// The observation that a country is one of many named in passing, under a headline without any: once, and behind the
/// first two sentences or among very many.
pub(super) const PASSING: &str = "in passing, among others";

/// The observation that an office follows a country's name: "the Armenian prime minister".
pub(super) const OFFICE: &str = "before an office";

/// From how many other countries on it is among many.
const MANY: usize = 4;

/// From how many on it is one of a round-up.
const ROUND_UP: usize = 8;

/// What is counted for a country.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an observation of its own")]
struct Count {
    title: u32,
    title_name: bool,
    /// Whether it opens the headline.
    title_first: bool,
    /// Mentions in the first sentence, and in the second.
    lede: u32,
    second: u32,
    body: u32,
    /// Mentions in the body by the country's own name, not by a town or an adjective.
    by_name: u32,
    /// Whether the body names it right before an office: "the Armenian prime minister".
    office: bool,
    town_only: bool,
    /// Where the body names it first.
    first: Option<usize>,
}

impl Count {
    /// The number of mentions. Where a story was written is not what it is about: it counts if there is no other.
    fn all(&self) -> u32 {
        (self.title + self.body).max(1)
    }
}

/// The counts of all countries of a story.
struct Counts {
    order: Vec<u16>,
    of: FxHashMap<u16, Count>,
    /// The country that the story was filed from.
    filed: Option<u16>,
}

/// The observations for each named country, ordered by first mention.
pub(in crate::country) fn features(
    document: &Document,
    named: &[Named],
    line: Option<&Line>,
) -> Vec<(u16, Vec<&'static str>)> {
    let start = line.map_or(0, |l| l.all.end);
    let counts = Counts::new(document, named, start);
    counts.order.iter().map(|country| (*country, counts.observe(*country, start))).collect()
}

impl Counts {
    fn new(document: &Document, named: &[Named], start: usize) -> Self {
        let text = &document.body.text;
        let offices: FxHashSet<u32> = document
            .body
            .hits
            .iter()
            .filter(|hit| matches!(hit.meaning, Meaning::Title(_)))
            .map(|hit| hit.start)
            .collect();
        let sentence = text.sentence_of((start + 1).min(text.tokens.len().saturating_sub(1)));
        let end = |n: usize| text.sentences.get(sentence + n).map_or(0, |s| s.end);
        let (lede, second) = (end(0), end(1));
        let mut out = Self { order: Vec::new(), of: FxHashMap::default(), filed: None };
        for n in named {
            let count = out.of.entry(n.country).or_insert_with(|| {
                out.order.push(n.country);
                Count { town_only: true, ..Count::default() }
            });
            count.town_only &= matches!(n.kind, Kind::City | Kind::Region | Kind::Abbreviation);
            let token = n.mention.tokens.start;
            if n.mention.field == Field::Title {
                count.title += 1;
                count.title_name |= matches!(n.kind, Kind::Country | Kind::Adjective);
                count.title_first |= token == 0;
            } else if n.dateline {
                out.filed = Some(n.country);
            } else {
                count.body += 1;
                count.by_name += u32::from(n.kind == Kind::Country);
                count.office |= offices.contains(&(n.mention.tokens.end as u32));
                count.lede += u32::from(token < lede);
                count.second += u32::from((lede..second).contains(&token));
                count.first.get_or_insert(token);
            }
        }
        out
    }

    /// How many countries a condition holds for, but for this one and the one that the story was filed from.
    fn rivals(&self, country: u16, condition: impl Fn(&Count) -> bool) -> usize {
        let others = self.of.iter().filter(|(code, _)| **code != country && Some(**code) != self.filed);
        others.filter(|(_, count)| condition(count)).count()
    }

    fn observe(&self, country: u16, start: usize) -> Vec<&'static str> {
        let mut f = vec!["bias"];
        self.observe_where(country, start, &mut f);
        self.observe_how_often(country, &mut f);
        f
    }

    /// In the headline, in the lede, and how far down.
    fn observe_where(&self, country: u16, start: usize, f: &mut Vec<&'static str>) {
        let c = &self.of[&country];
        let titled = self.of.iter().filter(|(code, o)| **code != country && o.title > 0).count() as u32;
        f.push(match (c.title, titled) {
            (0, 0) => "title: none",
            (0, _) => "title: others",
            (_, 0) => "title: alone",
            _ => "title: with others",
        });
        if c.title_name {
            f.push("title: by name");
        }
        if c.title_first {
            f.push("title: first");
        }
        f.push(match (c.lede, self.rivals(country, |o| o.lede > 0)) {
            (0, 0) => "lede: none",
            (0, 1) => "lede: another",
            (0, _) => "lede: others",
            (1, 0) => "lede: alone",
            (1, 1) => "lede: with another",
            (1, 2) => "lede: with two",
            (1, _) => "lede: with others",
            (_, 0) => "lede: alone, often",
            (_, 1) => "lede: often, with another",
            (_, 2) => "lede: often, with two",
            _ => "lede: often, with others",
        });
        f.push(if c.second > 0 { "second sentence: named" } else { "second sentence: none" });
        if let Some(first) = c.first {
            f.push(match first.saturating_sub(start) {
                0..12 => "first: at the head",
                12..40 => "first: in 40 words",
                40..95 => "first: in 100 words",
                95..190 => "first: in 200 words",
                _ => "first: later",
            });
        }
        let others = self.rivals(country, |_| true);
        let many = others >= ROUND_UP || others >= MANY && c.lede + c.second == 0;
        if many && c.all() == 1 && c.title + titled == 0 {
            f.push(PASSING);
        }
    }

    /// How often, by which names, and beside how many others.
    fn observe_how_often(&self, country: u16, f: &mut Vec<&'static str>) {
        let c = &self.of[&country];
        let n = c.all();
        let others = self.of.iter().filter(|(code, _)| **code != country && Some(**code) != self.filed);
        let mentions: u32 = others.map(|(_, count)| count.all()).sum();
        let most = self.of.values().map(Count::all).max().unwrap_or(0);
        f.push(match n {
            0 | 1 => "count: 1",
            2 => "count: 2",
            3 | 4 => "count: 3",
            5..=8 => "count: 5",
            _ => "count: 9",
        });
        f.push(match c.by_name {
            0 => "body: never by name",
            1 => "body: by name",
            2 => "body: by name twice",
            3 | 4 => "body: by name 3 times",
            _ => "body: by name 5 times",
        });
        f.push(match (n * 100).checked_div(n + mentions).unwrap_or(0) {
            0..=9 => "share: below 10",
            10..=19 => "share: 10",
            20..=34 => "share: 20",
            35..=49 => "share: 35",
            50..=74 => "share: 50",
            75..=99 => "share: 75",
            _ => "share: all",
        });
        f.push(if n == most {
            "rank: first"
        } else if n * 2 >= most {
            "rank: near"
        } else {
            "rank: far"
        });
        f.push(match self.rivals(country, |_| true) {
            0 => "rivals: none",
            1 => "rivals: 1",
            2 | 3 => "rivals: 2",
            4..=7 => "rivals: 4",
            _ => "rivals: 8",
        });
        f.push(match self.of.values().filter(|o| o.title + o.body == 1).count() {
            0 => "once: none",
            1 | 2 => "once: 1",
            3..=5 => "once: 3",
            _ => "once: 6",
        });
        if c.town_only {
            f.push("by towns and regions only");
        }
        if c.by_name == 0 && !c.title_name {
            f.push("never by name");
        }
        if c.office {
            f.push(OFFICE);
        }
    }
}
