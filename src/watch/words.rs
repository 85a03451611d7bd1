//! What watches know about words: their forms in each language, the codes and names of topics, how rare a word is.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::codes::Codes;
use super::key;
use super::query::TagKind;
use crate::files::{Files, rows};
use crate::language::Languages;
use crate::language::number::Number;
use crate::language::scripts::Scripts;
use crate::language::stem::Stems;
use crate::text::{Language, Script, distance, fold};

/// Linguistic data for watches. Built with the lexicon, shared by reference.
#[derive(Debug, Default)]
pub struct Words {
    stems: Stems,
    scripts: Scripts,
    numbers: FxHashMap<Language, Number>,
    /// Languages with rules for word forms.
    languages: Vec<Language>,
    /// By code: the topic and all broader ones.
    topics: FxHashMap<Box<str>, Vec<Box<str>>>,
    /// Codes by name in lower case.
    names: FxHashMap<Box<str>, Box<str>>,
    /// By the key of a word: the share of articles that contain it.
    shares: FxHashMap<u64, f32>,
    /// The share for words not among those.
    rare: f32,
    /// Codes of countries and languages.
    pub codes: Codes,
}

/// The share of articles for a tag that very many have: their language, that somebody is quoted. No table has these; the
/// worker counts them itself.
const OFTEN: f32 = 0.3;

/// Topics suggested for a name that is none.
const OFFERED: usize = 3;

/// Letters that two words have to begin with for one to be suggested for the other.
const ALIKE: usize = 4;

/// Length in bytes of a name from which on none is suggested for it: comparing takes time.
const LONGEST: usize = 64;

impl Words {
    /// Parses `languages/xx/number.toml` and `frequencies.tsv`. The caller reads the rest: the languages, each topic's
    /// code, name and broader codes from itself to the top, and the codes that tags take.
    pub fn parse<'t>(
        files: &Files,
        languages: &Languages,
        topics: impl Iterator<Item = (&'t str, &'t str, Vec<&'t str>)>,
        codes: Codes,
        errors: &mut Vec<String>,
    ) -> Self {
        let (stems, scripts) = (Stems::of(languages), languages.scripts.clone());
        let mut words = Self { stems, scripts, codes, rare: 2e-5, ..Self::default() };
        for (code, path, text) in files.of_languages("number.toml") {
            match (Language::parse(code), Number::parse(text)) {
                (Some(language), Ok(number)) => _ = words.numbers.insert(language, number),
                (None, _) => errors.push(format!("{path}: unknown language `{code}`")),
                (_, Err(e)) => errors.push(format!("{path}: {e}")),
            }
        }
        words.languages = words.stems.languages().chain(words.numbers.keys().copied()).collect();
        words.languages.sort_unstable();
        words.languages.dedup();
        for (code, name, chain) in topics {
            words.topics.insert(code.into(), chain.into_iter().map(Into::into).collect());
            if !name.is_empty() {
                words.names.entry(plain(name).into()).or_insert_with(|| code.into());
            }
        }
        if let Some(text) = files.get("frequencies.tsv") {
            words.read_shares(text, errors);
        }
        let of_languages = words.codes.languages().map(|code| key::tag(TagKind::Lang, code));
        let kinds = ["direct", "mixed", "indirect"].map(|kind| key::tag(TagKind::Kind, kind));
        let often: Vec<u64> = of_languages.chain(kinds).collect();
        words.shares.extend(often.into_iter().map(|key| (key, OFTEN)));
        words.shares.insert(key::of_person(TagKind::Said, key::ANYBODY), OFTEN);
        words.shares.insert(key::tag(TagKind::Is, "first"), 1.0);
        words
    }

    fn read_shares(&mut self, text: &str, errors: &mut Vec<String>) {
        for (at, line) in rows(text) {
            let mut columns = line.split('\t');
            let read = (|| {
                let language = Language::parse(columns.next()?)?;
                let share: f32 = columns.next()?.parse().ok()?;
                Some((language, share, columns.next()?))
            })();
            let Some((language, share, list)) = read.filter(|(_, share, _)| (0.0..=1.0).contains(share))
            else {
                errors.push(format!("frequencies.tsv line {at}: a language, a share and words, by tabs"));
                continue;
            };
            for word in list.split(' ') {
                // for a word shared by several languages, the highest share counts
                let known = self.shares.entry(key::word(word)).or_default();
                *known = known.max(share);
                if let Some(key) = self.form_key(language, word) {
                    *self.shares.entry(key).or_default() += share;
                }
            }
        }
    }

    /// The share of articles that contain what a key stands for, according to the shipped table; `None` if the table
    /// does not have it.
    pub fn share(&self, key: u64) -> Option<f32> {
        self.shares.get(&key).copied()
    }

    /// The share of articles that contain a word not in the table.
    pub fn rare(&self) -> f32 {
        self.rare
    }

    /// The common part of a folded word's forms in a language.
    fn form<'w>(&self, language: Language, word: &'w str) -> Cow<'w, str> {
        match self.numbers.get(&language) {
            Some(number) => number.singular(word),
            None => self.stems.stem(language, word).into(),
        }
    }

    /// The language whose forms a word takes in a text of this language; see [`Scripts::of_word`].
    pub(super) fn language_of(&self, text: Language, word: Script) -> Language {
        self.scripts.of_word(text, word)
    }

    /// The key that a word of a text shares with its forms; `None` in a language without rules, where each word is its
    /// only form.
    pub(super) fn form_key(&self, language: Language, word: &str) -> Option<u64> {
        self.languages.binary_search(&language).ok()?;
        Some(key::form(language, &self.form(language, word)))
    }

    /// The keys that the forms of a query's word may share, in any language it may belong to.
    pub(super) fn form_keys(&self, word: &str) -> Vec<u64> {
        let script = word.chars().next().map_or(Script::Other, Script::of);
        let mut out = Vec::new();
        for &language in &self.languages {
            // a prefix that is cut off may be in another script than the rest
            if self.scripts.of(language) != script && !self.stems.cuts_beginnings(language) {
                continue;
            }
            if let Some(number) = self.numbers.get(&language) {
                out.push(key::form(language, &number.singular(word)));
            } else {
                out.extend(self.stems.all(language, word).iter().map(|stem| key::form(language, stem)));
            }
        }
        out
    }

    /// The code of a topic, given its code (with or without `medtop:`) or name.
    pub fn topic<'w>(&'w self, text: &str) -> Option<&'w str> {
        let known = |code: &str| self.topics.get_key_value(code).map(|(code, _)| code.as_ref());
        if text.contains(':') {
            return known(text);
        }
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            return known(&format!("medtop:{text}"));
        }
        self.names.get(plain(text).as_str()).map(AsRef::as_ref)
    }

    /// The names of topics that may have been meant, likeliest first.
    pub fn topics_like(&self, text: &str) -> Vec<&str> {
        let text = plain(text);
        if text.len() < 3 || text.len() > LONGEST {
            return Vec::new();
        }
        let names = self.names.keys().map(|name| &**name);
        let mut found: Vec<_> = names.filter_map(|name| Some((unlike(name, &text)?, name))).collect();
        found.sort_unstable();
        found.into_iter().take(OFFERED).map(|(_, name)| name).collect()
    }

    /// A topic and all broader ones; only the code itself if it is unknown.
    pub(super) fn chain<'c>(&'c self, code: &'c str) -> impl Iterator<Item = &'c str> {
        let known = self.topics.get(code);
        let own = known.is_none().then_some(code);
        own.into_iter().chain(known.into_iter().flatten().map(AsRef::as_ref))
    }
}

/// How much two names differ, the least first; `None` if they are not alike: one is part of the other, a word of one
/// begins as one of the other, or a few letters differ.
fn unlike(name: &str, text: &str) -> Option<(u8, usize)> {
    let longer = name.len().abs_diff(text.len());
    if name.contains(text) || text.contains(name) {
        return Some((0, longer));
    }
    let begins = |a: &str, b: &str| {
        let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
        same >= ALIKE && same + 2 >= a.len().min(b.len())
    };
    if name.split(' ').any(|own| text.split(' ').any(|other| begins(own, other))) {
        return Some((1, longer));
    }
    let most = if text.len() > ALIKE { 2 } else { 0 };
    Some(distance(name, text, most)).filter(|mistakes| *mistakes <= most).map(|mistakes| (2, mistakes))
}

/// In lower case, with single spaces.
pub(super) fn plain(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name normalised for comparison: folded, with single spaces.
pub(super) fn name(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::new();
    fold(&joined, &mut out);
    out
}
