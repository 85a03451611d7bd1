//! What presswatch knows: countries, topics, officials, titles and cues, read from `config/lexicon`.
//!
//! Owns parsing and checking those files and building the one [`Scanner`] over all of them. The files are data
//! that a person reviews; the taggers decide what a hit means in its context.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::article::junk::Junk;
use crate::country::gazetteer::{self, Places};
use crate::document::{Builder, Vocabulary};
use crate::files::Files;
use crate::language::FunctionWords;
use crate::language::names::Names;
use crate::language::stem::Stems;
use crate::official;
use crate::official::holders::Officials;
use crate::official::titles::Titles;
use crate::quote;
use crate::quote::cues::Cues;
use crate::text::Abbreviations;
use crate::topic::tree::Topics;

/// Everything read from the lexicon's files, checked, with the automaton over it. Built once, shared by reference.
#[derive(Debug)]
pub struct Knowledge {
    /// Of the content of all files; the same files give the same version.
    pub version: String,
    /// For telling whether a declared language fits.
    pub function_words: FunctionWords,
    /// What stands around an article on its page.
    pub junk: Junk,
    /// Words of attribution.
    pub cues: Cues,
    /// Holders of office known by name.
    pub officials: Officials,
    /// The gazetteer.
    pub places: Places,
    /// What articles are about.
    pub topics: Topics,
    /// Words of offices.
    pub titles: Titles,
    /// All words and phrases of the others, looked up in one pass.
    pub vocabulary: Vocabulary,
}

/// What is wrong with the lexicon's files: every error of every file, one a line.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct KnowledgeError(pub Vec<String>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentences {
    dotted: Vec<String>,
    starters: Vec<String>,
}

impl Knowledge {
    /// The lexicon that is compiled in.
    pub fn compiled_in() -> Self {
        Self::parse(&Files::default()).expect("a test reads the files that are compiled in")
    }

    /// Reads and checks all files and builds the automaton.
    pub fn parse(files: &Files) -> Result<Self, KnowledgeError> {
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
        let cues = Cues::parse(files, &mut builder, &mut errors);
        let mut names = Names::parse(files, &mut errors);
        let places = gazetteer::parse(files, &mut builder, &mut errors);
        let topics = crate::topic::tree::parse(files, &mut builder, &mut errors);
        let titles = Titles::parse(files, &mut builder, &mut errors);
        let officials = Officials::parse(files, &titles, &mut names, &mut builder, &mut errors);
        if !errors.is_empty() {
            return Err(KnowledgeError(errors));
        }
        Ok(Self {
            version: version(files),
            function_words,
            junk,
            cues,
            officials,
            places,
            titles,
            topics,
            vocabulary: builder.build(names, abbreviations),
        })
    }

    /// What the persons of an article are looked up in.
    pub fn of_people(&self) -> official::Data<'_> {
        let Self { vocabulary, officials, titles, .. } = self;
        official::Data { vocabulary, holders: officials, titles }
    }

    /// What the attributions of an article are looked up in.
    pub fn of_quotes(&self) -> quote::Data<'_> {
        let Self { vocabulary, cues, .. } = self;
        quote::Data { vocabulary, cues }
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
        if let Err(e) = Knowledge::parse(&Files::default()) {
            panic!("{e}");
        }
    }
}
