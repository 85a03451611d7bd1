//! Something that alerts are tagged with, and how well it fits a name that somebody looks for.

use serde::Serialize;

use crate::alert::{self, RoutingKey};
use crate::language::slug::slug;

/// What a key stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Country,
    Topic,
    Official,
}

impl Kind {
    /// The kind in words, for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Topic => "topic",
            Self::Official => "official",
        }
    }

    /// The kinds of key for it, the ones with fewer alerts first.
    pub(super) fn of_keys(self) -> &'static [alert::Kind] {
        match self {
            Self::Country => &[alert::Kind::Country, alert::Kind::Mention],
            Self::Topic => &[alert::Kind::Topic],
            Self::Official => &[alert::Kind::Said, alert::Kind::Official],
        }
    }
}

/// Something that alerts are tagged with.
#[derive(Debug)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// In English; for an official, in Latin letters.
    pub name: Box<str>,
    /// What tells it apart: the broader topic, or office and country; empty for a country.
    pub about: String,
    /// What its keys are built from: `AZ`, `medtop:20000642`, `marco-rubio`.
    pub(super) code: String,
    /// Slugs to find it by: first those of its names, then those of words that only hint at it.
    pub(super) slugs: Vec<Box<str>>,
    /// How many of the slugs are names.
    pub(super) names: usize,
}

impl Entry {
    /// Its keys, the ones with fewer alerts first.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        self.kind.of_keys().iter().map(|kind| RoutingKey::new(*kind, &self.code).to_string())
    }

    pub(super) fn new(kind: Kind, name: &str, about: String, code: String) -> Self {
        let slugs = vec![slug(name).into()];
        Self { kind, name: name.into(), about, code, slugs, names: 1 }
    }

    pub(super) fn also<'w>(&mut self, names: impl Iterator<Item = &'w str>) {
        for name in names {
            let slug = slug(name);
            if !self.slugs.iter().any(|known| **known == *slug) {
                self.slugs.push(slug.into());
            }
        }
    }

    /// How well it fits the query, 0 being best; `None` if it does not.
    pub(super) fn rank(&self, wanted: &str) -> Option<(usize, usize)> {
        let of_slug = |(at, slug): (usize, &str)| {
            let pointing = if at < self.names { 0 } else { POINTING };
            let fit = fit(slug, wanted)?;
            if pointing > 0 && fit >= BEGINS && wanted.len() < TELLING {
                return None;
            }
            // the beginning of a country's name means the country rather than a person of that name
            let fit = if self.kind == Kind::Country && fit == BEGINS { WHOLE } else { fit };
            Some((fit + pointing, slug.len()))
        };
        self.slugs.iter().map(AsRef::as_ref).enumerate().filter_map(of_slug).min()
    }
}

/// Letters from which the beginning of a word that only hints at something counts as well as that of a name.
const TELLING: usize = 5;

/// How much worse a hint is than a name.
const POINTING: usize = 5;

/// Fits of a slug that begins with the whole words of the query, and of one that only begins with its letters.
const WHOLE: usize = 1;
const BEGINS: usize = 3;

/// How well a slug fits: best the same, then begins with whole words, has whole words, begins so, has words that begin
/// so.
fn fit(slug: &str, wanted: &str) -> Option<usize> {
    if slug == wanted {
        return Some(0);
    }
    let begins = slug.strip_prefix(wanted);
    if begins.is_some_and(|rest| rest.starts_with('-')) {
        return Some(WHOLE);
    }
    let has = |fits: fn(&str, &str) -> bool| {
        wanted.split('-').all(|word| slug.split('-').any(|other| fits(other, word)))
    };
    if has(|other, word| other == word) {
        Some(2)
    } else if begins.is_some() {
        Some(BEGINS)
    } else {
        has(|other, word| other.starts_with(word)).then_some(4)
    }
}
