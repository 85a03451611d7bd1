//! Reads each language's words around names of places.

use super::super::{Context, Kind, one_i};
use super::{CONTEXT, Reader, WrittenContext, holds_abbreviation, language_of, plain};
use crate::document::Letters;
use crate::files::Files;
use crate::text::{Language, capitalised};

impl Reader<'_> {
    /// What each language says about place names, ordered by language code.
    pub fn written_contexts(&mut self, files: &Files) -> Vec<(Language, WrittenContext)> {
        let mut out = Vec::new();
        for (code, path, source) in files.of_languages(CONTEXT) {
            match language_of(code).and_then(|l| Ok((l, toml::from_str(source).map_err(|e| e.to_string())?)))
            {
                Ok(of_language) => out.push(of_language),
                Err(error) => self.errors.push(format!("{path}: {error}")),
            }
        }
        out
    }

    pub fn contexts(&mut self, contexts: Vec<(Language, WrittenContext)>) {
        for (language, written) in contexts {
            let words = written.words.split_whitespace().map(|word| one_i(word).into());
            self.places.words.entry(language).or_default().extend(words);
            let set = |text: &str| text.split_whitespace().map(Into::into).collect();
            let phrases = |text: &str| text.split('|').map(|p| p.trim().into()).collect();
            if written.apostrophe {
                self.places.apostrophes.insert(language, written.no_apostrophe.as_str().into());
            }
            if !written.home_if_doubtful.is_empty() {
                match self.code(&written.home_if_doubtful) {
                    Ok(country) => {
                        self.places.doubtful_homes.insert(language, country);
                    }
                    Err(error) => self.errors.push(format!("languages/{language}/{CONTEXT}: {error}")),
                }
            }
            for code in written.namesakes.split_whitespace() {
                match self.code(code) {
                    Ok(country) => {
                        self.places.namesakes.entry(language).or_default().insert(country);
                    }
                    Err(error) => self.errors.push(format!("languages/{language}/{CONTEXT}: {error}")),
                }
            }
            let context = Context {
                county: set(&written.county),
                saint: set(&written.saint),
                saint_short: set(&written.saint_short),
                locative: set(&written.locative),
                organisation: set(&written.organisation),
                settlement: set(&written.settlement),
                of_state: set(&written.of_state),
                street: set(&written.street),
                possessed: set(&written.possessed),
                streets: set(&written.streets),
                street_links: phrases(&written.street_links),
                called: phrases(&written.called),
                quoted: set(&written.quoted),
                any_street: set(&written.any_street),
                thing: set(&written.thing),
                spoken: set(&written.spoken),
                spoken_links: set(&written.spoken_links),
                pact: set(&written.pact),
                pact_by_adjective: written.pact_by_adjective,
                said: set(&written.said),
                kinds: set(&written.kinds),
                kind_links: set(&written.kind_links),
                kind_endings: written.kind_endings.split_whitespace().map(Into::into).collect(),
                capital_nouns: written.capital_nouns,
                shouted: set(&written.shouted),
            };
            for phrase in written.not_places.split('|').map(str::trim).filter(|p| !p.is_empty()) {
                let nothing = plain(0, Kind::Nothing);
                if holds_abbreviation(phrase) {
                    // as written, also at the head of a sentence: Guam's government is not that of GUAM
                    self.add(phrase, None, Letters::Exact, nothing);
                    self.add(&capitalised(phrase), None, Letters::Exact, nothing);
                } else {
                    self.add(phrase, self.inflected(language), Letters::Name, nothing);
                }
            }
            for (code, phrases) in &written.hints {
                match self.code(code) {
                    Ok(country) => {
                        for phrase in phrases.split('|').map(str::trim).filter(|p| !p.is_empty()) {
                            self.add(phrase, None, Letters::Name, plain(country, Kind::Hint));
                        }
                    }
                    Err(error) => self.errors.push(format!("languages/{language}/{CONTEXT}: {error}")),
                }
            }
            // a language may have several such files
            self.places.contexts.entry(language).or_default().join(context);
        }
        self.places.contexts_with(self.fallback);
    }
}
