//! Singular and plural: what `word~` of a watch takes as one word, in languages whose stems are too coarse for it.
//!
//! The rules are data: `languages/xx/number.toml`.

use std::borrow::Cow;

use rustc_hash::FxHashSet;
use serde::Deserialize;

/// The plural endings of one language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// Code points of the shortest word that is changed.
    least: usize,
    /// Words that look like plurals but are not.
    alike: FxHashSet<String>,
    endings: Vec<Ending>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ending {
    of: String,
    /// Code points to cut.
    cut: usize,
    /// What replaces them.
    #[serde(default)]
    put: String,
    /// Code points of the shortest word with this ending.
    #[serde(default)]
    least: usize,
}

impl Number {
    /// Reads `number.toml`.
    pub fn parse(source: &str) -> Result<Self, String> {
        toml::from_str(source).map_err(|e| e.to_string())
    }

    /// The singular of a folded word; the word itself if it is no plural.
    pub fn singular<'w>(&self, word: &'w str) -> Cow<'w, str> {
        let letters = if word.is_ascii() { word.len() } else { word.chars().count() };
        if letters < self.least || self.alike.contains(word) {
            return word.into();
        }
        let fits = |e: &&Ending| letters >= e.least && word.ends_with(&e.of);
        let Some(ending) = self.endings.iter().find(fits) else { return word.into() };
        let end = word.char_indices().rev().map(|(at, _)| at).take(ending.cut).last().unwrap_or(word.len());
        if ending.put.is_empty() {
            word[..end].into()
        } else {
            format!("{}{}", &word[..end], ending.put).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Files;

    #[test]
    fn plurals_are_told_from_what_is_written_alike() {
        let files = Files::default();
        let number = Number::parse(files.get("languages/en/number.toml").unwrap()).unwrap();
        for (word, want) in [
            ("sanctions", "sanction"),
            ("policies", "policy"),
            ("police", "police"),
            ("news", "news"),
            ("ties", "tie"),
            ("churches", "church"),
            ("taxes", "tax"),
            ("virus", "virus"),
            ("press", "press"),
            ("gas", "gas"),
            ("crisis", "crisis"),
        ] {
            assert_eq!(number.singular(word), want, "{word}");
        }
    }
}
