//! The case endings of personal names.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The case endings of personal names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endings {
    /// Code points that must remain.
    least: usize,
    /// Longest first, after [`Endings::sort`].
    suffixes: Vec<String>,
    /// The article, where it is an ending: it is attached to the last word of a name, and is not part of it.
    pub(super) article: Option<String>,
    /// Endings that are certain after what a surname ends with, each with those ends: "-ın" after "-yan", which no
    /// longer ending may shorten.
    #[serde(default)]
    behind: BTreeMap<String, Vec<String>>,
    /// Those of them that are an article.
    #[serde(default)]
    pub(super) article_behind: Vec<String>,
    /// Letters with which an ending begins if they are not the last of the name: "-nın", or "-n" with "-ın".
    #[serde(default)]
    pub(super) shared: Vec<String>,
}

impl Endings {
    /// Sorts the longest first, so that it is the one to be cut.
    pub fn sort(&mut self) {
        self.suffixes.sort_by_key(|s| std::cmp::Reverse(s.len()));
    }

    pub(super) fn cut<'w>(&self, word: &'w str) -> &'w str {
        self.sure(word).or_else(|| self.rests(word).next()).unwrap_or(word)
    }

    /// What each ending of a word leaves of it, shortest first.
    pub(super) fn rests<'w>(&self, word: &'w str) -> impl Iterator<Item = &'w str> {
        let rests = self.suffixes.iter().filter_map(move |s| word.strip_suffix(s.as_str()));
        rests.filter(|rest| rest.chars().count() >= self.least)
    }

    /// The word without an ending that is certain.
    pub(super) fn sure<'w>(&self, word: &'w str) -> Option<&'w str> {
        self.behind.keys().find_map(|ending| self.certain(ending, word))
    }

    /// The word without an ending, if it is certain after the rest.
    pub(super) fn certain<'w>(&self, ending: &str, word: &'w str) -> Option<&'w str> {
        let rest = word.strip_suffix(ending).filter(|rest| rest.chars().count() >= self.least)?;
        self.behind.get(ending)?.iter().any(|end| rest.ends_with(end.as_str())).then_some(rest)
    }
}
