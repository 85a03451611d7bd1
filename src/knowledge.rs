//! What presswatch knows: countries, topics, officials, titles and cues, read from `config/lexicon`.
//!
//! Owns parsing and checking those files and building the one [`Scanner`] over all of them. The files are data that
//! people review; the taggers decide what a hit means in its context.

use std::sync::{Arc, LazyLock};

use sha2::{Digest, Sha256};

use crate::article::junk::Junk;
use crate::country::gazetteer::{self, Places};
use crate::document::{Builder, Vocabulary};
use crate::files::Files;
use crate::language::names::Names;
use crate::language::stem::Stems;
use crate::language::{FunctionWords, Languages};
use crate::official;
use crate::official::holders::Officials;
use crate::official::titles::Titles;
use crate::quote;
use crate::quote::cues::Cues;
use crate::topic::tree::Topics;
use crate::watch::{Codes, Words};

/// Everything read from the lexicon's files, checked, with the automaton over it. Built once, shared by reference.
#[derive(Debug)]
pub struct Knowledge {
    /// A hash of all files: the same files give the same version.
    pub version: String,
    /// To check whether a declared language fits the text.
    pub function_words: FunctionWords,
    /// Boilerplate around an article on its page.
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
    /// What watches need to know of words and topics.
    pub watch_words: Arc<Words>,
    /// All words and phrases of the fields above, looked up in one pass.
    pub vocabulary: Vocabulary,
}

/// Every error in the lexicon's files, one per line.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct KnowledgeError(pub Vec<String>);

impl Knowledge {
    /// The compiled-in lexicon, read once per process.
    pub fn compiled_in() -> Arc<Self> {
        static KNOWLEDGE: LazyLock<Arc<Knowledge>> = LazyLock::new(|| {
            Arc::new(
                Knowledge::parse(&Files::default()).expect("a test reads the files that are compiled in"),
            )
        });
        Arc::clone(&KNOWLEDGE)
    }

    /// Reads and checks all files and builds the automaton.
    pub fn parse(files: &Files) -> Result<Self, KnowledgeError> {
        let mut errors: Vec<String> = files.unread().collect();
        let languages = Languages::parse(files, &mut errors);
        let junk = Junk::of(files, &mut errors);
        let mut builder = Builder::new(Stems::of(&languages), languages.scripts.clone());
        builder.languages(&languages);
        let cues = Cues::parse(files, languages.fallback(), &mut builder, &mut errors);
        let mut names = Names::parse(files, &languages, &mut errors);
        let places = gazetteer::parse(files, &languages, &mut builder, &mut errors);
        let topics = crate::topic::tree::parse(files, &mut builder, &mut errors);
        let titles = Titles::parse(files, languages.fallback(), &mut builder, &mut errors);
        let officials = Officials::parse(files, &titles, &mut names, &mut builder, &mut errors);
        let chain = |at: u16| topics.chain(at).map(|broad| topics.topic(broad).code.as_str()).collect();
        let of_tree = (0..topics.len() as u16).map(|at| {
            let topic = topics.topic(at);
            (topic.code.as_str(), topic.name.as_str(), chain(at))
        });
        let offices = officials.holders().iter().flat_map(|holder| &holder.offices);
        let of_offices = offices.filter_map(|office| office.country.as_deref());
        let codes = Codes::parse(files, places.countries(), of_offices, &mut errors);
        let watch_words = Arc::new(Words::parse(files, &languages, of_tree, codes, &mut errors));
        if !errors.is_empty() {
            return Err(KnowledgeError(errors));
        }
        Ok(Self {
            version: version(files),
            function_words: FunctionWords::of(&languages),
            junk,
            cues,
            officials,
            places,
            titles,
            topics,
            watch_words,
            vocabulary: builder.build(names, languages.abbreviations()),
        })
    }

    /// The data for finding the persons of an article.
    pub fn of_people(&self) -> official::Data<'_> {
        let Self { vocabulary, officials, titles, .. } = self;
        official::Data { vocabulary, holders: officials, titles }
    }

    /// The data for finding the attributions of an article.
    pub fn of_quotes(&self) -> quote::Data<'_> {
        let Self { vocabulary, cues, titles, .. } = self;
        quote::Data { vocabulary, cues, titles }
    }

    /// A topic's code and those of its ancestors, up to the top level.
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
