//! What presswatch knows: countries, topics, officials, titles and cues, read from `config/lexicon`.
//!
//! Owns parsing and checking those files and building the one [`Scanner`] over all of them. The files are data
//! that a person reviews; the taggers in [`crate::tag`] decide what a hit means in its context.

pub mod cues;
pub mod files;
pub mod function_words;
pub mod junk;
pub mod known;
pub mod names;
pub mod officials;
pub mod places;
pub mod scan;
pub mod small;
pub mod stem;
pub mod titles;
pub mod topics;
pub mod weights;

use serde::Deserialize;
use sha2::{Digest, Sha256};

pub use files::Files;
pub use function_words::FunctionWords;
pub use junk::{Hyphen, Junk};
pub use known::Known;
pub use scan::{Builder, ByHash, Forms, Hit, Letters, Meaning, Scanner};
use stem::Stems;

use crate::text::Abbreviations;

/// Everything read from the lexicon's files, checked, with the automaton over it. Built once, shared by reference.
#[derive(Debug)]
pub struct Lexicon {
    /// Of the content of all files; the same files give the same version.
    pub version: String,
    /// For cutting sentences.
    pub abbreviations: Abbreviations,
    /// For telling whether a declared language fits.
    pub function_words: FunctionWords,
    /// What stands around an article on its page.
    pub junk: Junk,
    /// Words of attribution.
    pub cues: cues::Cues,
    /// Given names and name endings.
    pub names: names::Names,
    /// Holders of office known by name.
    pub officials: officials::Officials,
    /// The gazetteer.
    pub places: places::Places,
    /// What articles are about.
    pub topics: topics::Topics,
    /// Words of offices.
    pub titles: titles::Titles,
    /// Finds all phrases in one pass.
    pub scanner: Scanner,
    /// Words looked up before.
    memory: known::Memory,
}

/// What is wrong with the lexicon's files: every error of every file, one a line.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct LexiconError(pub Vec<String>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentences {
    dotted: Vec<String>,
    starters: Vec<String>,
}

impl Lexicon {
    /// The lexicon that is compiled in.
    pub fn compiled_in() -> Self {
        Self::parse(&Files::default()).expect("a test reads the files that are compiled in")
    }

    /// Reads and checks all files and builds the automaton.
    pub fn parse(files: &Files) -> Result<Self, LexiconError> {
        let mut errors: Vec<String> = files.unread().collect();
        let stems = files.get("stems.toml").map_or_else(|| Ok(Stems::default()), Stems::parse);
        let stems = stems.unwrap_or_else(|e| {
            errors.push(format!("stems.toml: {e}"));
            Stems::default()
        });
        let abbreviations = match files.get("sentences.toml").map(toml::from_str::<Sentences>) {
            None => Abbreviations::default(),
            Some(Ok(lists)) => Abbreviations {
                dotted: lists.dotted.into_iter().collect(),
                starters: lists.starters.into_iter().collect(),
            },
            Some(Err(e)) => {
                errors.push(format!("sentences.toml: {e}"));
                Abbreviations::default()
            }
        };
        let function_words = FunctionWords::of(files, &mut errors);
        let junk = Junk::of(files, &mut errors);
        let mut builder = Builder::new(stems);
        let cues = cues::Cues::parse(files, &mut builder, &mut errors);
        let mut names = names::Names::parse(files, &mut errors);
        let places = places::parse(files, &mut builder, &mut errors);
        let topics = topics::parse(files, &mut builder, &mut errors);
        let titles = titles::Titles::parse(files, &mut builder, &mut errors);
        let officials = officials::Officials::parse(files, &mut names, &mut builder, &mut errors);
        if !errors.is_empty() {
            return Err(LexiconError(errors));
        }
        Ok(Self {
            version: version(files),
            abbreviations,
            function_words,
            junk,
            cues,
            names,
            officials,
            places,
            titles,
            topics,
            scanner: builder.build(),
            memory: known::Memory::default(),
        })
    }

    /// A topic's code and those of its parents up to the top level.
    pub fn topic_and_parents<'l>(&'l self, code: &'l str) -> impl Iterator<Item = &'l str> {
        let known = self.topics.by_code(code).map(|index| self.topics.chain(index));
        let own = known.is_none().then_some(code);
        own.into_iter().chain(known.into_iter().flatten().map(|index| self.topics.topic(index).code.as_str()))
    }
}

/// The first 12 hexadecimal digits of the SHA-256 over all paths and contents.
fn version(files: &Files) -> String {
    let mut hash = Sha256::new();
    for (path, text) in files.all() {
        hash.update((path.len() as u64).to_le_bytes());
        hash.update(path);
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    crate::hex(&hash.finalize()[..6])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_in_lexicon_has_no_errors() {
        if let Err(e) = Lexicon::parse(&Files::default()) {
            panic!("{e}");
        }
    }
}
