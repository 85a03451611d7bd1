//! A light stemmer: cuts the longest known ending off a word. The endings are data: `[stems]` in `language.toml`.
//!
//! A stem is only compared with stems made by the same rules, so it need not be a word.

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::language::Languages;
use crate::text::Language;

/// Stemming rules by language.
#[derive(Debug, Clone, Default)]
pub struct Stems(FxHashMap<Language, Rules>);

/// The suffixes and prefixes of one language.
#[derive(Debug, Clone)]
pub struct Rules {
    /// By last byte, longest first.
    suffixes: Vec<Vec<Box<str>>>,
    prefixes: Vec<String>,
    least: usize,
    repeat: usize,
    buffers: String,
    vowels: String,
}

/// `[stems]` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// Code points that must remain.
    least: usize,
    suffixes: Vec<String>,
    /// Cut first: the Arabic article.
    #[serde(default)]
    prefixes: Vec<String>,
    /// How many suffixes may be cut in a row: more than 1 in agglutinative languages.
    #[serde(default = "once")]
    repeat: usize,
    /// Letters that join an ending to a vowel ("Bakı-n-ın", but "Azərbaycan-ın"): endings that start with one are cut
    /// only after a vowel.
    #[serde(default)]
    buffers: String,
    #[serde(default)]
    vowels: String,
}

fn once() -> usize {
    1
}

impl Stems {
    /// Takes the rules of all languages that have any.
    pub fn of(languages: &Languages) -> Self {
        Self(languages.all().filter_map(|(code, profile)| Some((code, profile.stems.clone()?))).collect())
    }

    /// The stem of a folded word; the word itself for a language without rules.
    pub fn stem<'w>(&self, language: Language, word: &'w str) -> &'w str {
        self.0.get(&language).map_or(word, |rules| rules.stem(word))
    }

    /// The languages with rules.
    pub fn languages(&self) -> impl Iterator<Item = Language> {
        self.0.keys().copied()
    }

    /// Whether a language has prefixes to cut.
    pub fn cuts_beginnings(&self, language: Language) -> bool {
        self.0.get(&language).is_some_and(|rules| !rules.prefixes.is_empty())
    }

    /// Whether words of a language stay whole before their endings, as where letters join the two.
    pub fn hangs_on(&self, language: Language) -> bool {
        self.0.get(&language).is_some_and(|rules| !rules.buffers.is_empty())
    }

    /// All stems that forms of a word may have, without duplicates, the word's own first. Where endings are chained and
    /// a word seems to end in one itself ("Almaniya", "Azərbaycan"), how much is cut depends on what is attached.
    pub fn all(&self, language: Language, word: &str) -> Vec<String> {
        let mut out = vec![self.stem(language, word).to_owned()];
        let Some(rules) = self.0.get(&language).filter(|rules| !rules.buffers.is_empty()) else { return out };
        let mut form = String::with_capacity(word.len() + 16);
        for ending in rules.suffixes.iter().flatten().filter(|ending| rules.joins(word, ending)) {
            form.clear();
            form.push_str(word);
            form.push_str(ending);
            let stem = rules.stem(&form);
            if stem.len() <= word.len() && !out.iter().any(|known| known == stem) {
                out.push(stem.to_owned());
            }
        }
        out
    }
}

impl TryFrom<Written> for Rules {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let Written { least, suffixes: list, prefixes, repeat, buffers, vowels } = written;
        let mut suffixes: Vec<Vec<Box<str>>> = vec![Vec::new(); 256];
        for suffix in list {
            let last = suffix.bytes().last().ok_or("[stems] has an empty suffix")?;
            suffixes[usize::from(last)].push(suffix.into());
        }
        suffixes.iter_mut().for_each(|list| list.sort_by_key(|s| std::cmp::Reverse(s.len())));
        Ok(Self { suffixes, prefixes, least, repeat, buffers, vowels })
    }
}

impl Rules {
    /// The stem of a folded word.
    fn stem<'w>(&self, word: &'w str) -> &'w str {
        let mut stem = word;
        for prefix in &self.prefixes {
            if let Some(rest) = stem.strip_prefix(prefix.as_str())
                && rest.chars().count() >= self.least
            {
                stem = rest;
                break;
            }
        }
        for _ in 0..self.repeat {
            let Some(shorter) = self.cut_suffix(stem) else { break };
            stem = shorter;
        }
        stem
    }

    /// Whether an ending may follow a stem.
    fn joins(&self, stem: &str, ending: &str) -> bool {
        self.buffers.is_empty()
            || !ending.starts_with(|c| self.buffers.contains(c))
            || stem.ends_with(|c| self.vowels.contains(c))
    }

    fn cut_suffix<'w>(&self, word: &'w str) -> Option<&'w str> {
        let endings = &self.suffixes[usize::from(*word.as_bytes().last()?)];
        if endings.is_empty() {
            return None;
        }
        let from = match word.as_bytes().get(..self.least) {
            Some(first) if first.is_ascii() => self.least,
            _ => word.char_indices().map(|(at, _)| at).nth(self.least)?,
        };
        let fits = |ending: &&str| {
            word.len() >= from + ending.len()
                && word.ends_with(*ending)
                && self.joins(&word[..word.len() - ending.len()], ending)
        };
        endings.iter().map(AsRef::as_ref).find(fits).map(|ending| &word[..word.len() - ending.len()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Files;

    #[test]
    fn cuts_the_longest_ending_and_leaves_enough() {
        let mut files = Files::none();
        for (code, rules) in [
            ("en", "suffixes = [\"s\", \"es\", \"e\"]"),
            ("tr", "repeat = 2\nsuffixes = [\"lar\", \"da\"]"),
            ("ar", "suffixes = []\nprefixes = [\"ال\"]"),
        ] {
            files.put(format!("languages/{code}/language.toml"), format!("[stems]\nleast = 3\n{rules}"));
        }
        let stems = Stems::of(&Languages::parse(&files, &mut Vec::new()));
        for (language, word, want) in [
            ("en", "prices", "pric"),
            ("en", "price", "pric"),
            ("en", "gas", "gas"),
            ("tr", "dağlarda", "dağ"),
            ("ar", "العراق", "عراق"),
            ("xx", "prices", "prices"),
        ] {
            assert_eq!(stems.stem(Language::parse(language).unwrap(), word), want, "{word}");
        }
    }
}
