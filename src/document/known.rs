//! What the lexicon knows of a word regardless of context, looked up once per form rather than per token.
//!
//! News repeats its words: a table of recently seen forms answers for nearly all tokens, without folding, stemming or
//! hashing them. Its size is fixed, however much text goes through it.

use std::fmt;
use std::sync::Mutex;

use rustc_hash::FxHashMap;

use super::scan::Ids;
use super::short_form::{FORMS, ShortForm, place, short_form};
use super::vocabulary::Vocabulary;
use crate::language::class::Class;
use crate::language::small::{Small, SmallWords};
use crate::text::{Case, Kind, Language, Text, Token, fold, small_letters};

/// What the lexicon knows of one word.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known {
    /// Its ids in the trie of phrases.
    pub ids: Ids,
    /// What it can be as a small word ("of", "Mr", "Monday").
    pub small: Class,
    /// What it can be as a small word next to a cue ("that", "her").
    pub beside: Small,
    /// Whether it is a given name, regardless of case.
    pub given: bool,
    /// Whether it is an official's surname.
    pub family: bool,
    /// Whether it may occur within a name, regardless of case: "van", "Le".
    pub particle: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    form: ShortForm,
    /// [`Language::number`] of the text's language; 0 for an empty slot.
    language: u32,
    known: Known,
}

/// Tables of recently seen forms, one for each thread at work; each text borrows one.
#[derive(Default)]
pub(crate) struct Memory(Mutex<Vec<Box<[Slot]>>>);

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

impl Memory {
    fn take(&self) -> Box<[Slot]> {
        let kept = self.0.lock().ok().and_then(|mut tables| tables.pop());
        kept.unwrap_or_else(|| vec![Slot::default(); FORMS].into())
    }

    fn give_back(&self, table: Box<[Slot]>) {
        if let Ok(mut tables) = self.0.lock() {
            tables.push(table);
        }
    }
}

impl Vocabulary {
    /// What is known of each token of a text in this language.
    pub fn known(&self, text: &Text, language: Language) -> Vec<Known> {
        let mut table = self.memory.take();
        let mut asker = Asker {
            vocabulary: self,
            language,
            small: self.classes(language),
            beside: self.small_words(language),
            buffer: String::new(),
        };
        let number = language.number();
        let mut known = Vec::with_capacity(text.tokens.len());
        for token in &text.tokens {
            let Some(form) = short_form(text.raw.as_bytes(), token.start as usize, token.end as usize) else {
                known.push(asker.look_up(text, token));
                continue;
            };
            let slot = &mut table[place(form, number)];
            if slot.form != form || slot.language != number {
                *slot = Slot { form, language: number, known: asker.look_up(text, token) };
            }
            known.push(slot.known);
        }
        self.memory.give_back(table);
        known
    }
}

/// Looks words up for texts of one language.
struct Asker<'l> {
    vocabulary: &'l Vocabulary,
    language: Language,
    small: Option<&'l FxHashMap<Box<str>, Class>>,
    beside: Option<&'l SmallWords>,
    buffer: String,
}

impl Asker<'_> {
    /// Depends only on the token's letters and the language: the token's other fields follow from its letters.
    fn look_up(&mut self, text: &Text, token: &Token) -> Known {
        let word = text.of(token);
        let Self { vocabulary, language, small, beside, buffer } = self;
        let small = small.filter(|_| token.kind != Kind::Number).and_then(|words| {
            if token.case == Case::Lower {
                return words.get(word);
            }
            small_letters(word, buffer);
            words.get(buffer.as_str())
        });
        let small = small.copied().unwrap_or_default();
        let beside = beside.filter(|_| token.kind == Kind::Word);
        let beside = beside.map(|words| words.of(text, token, buffer)).unwrap_or_default();
        fold(word, buffer);
        let ids = vocabulary.scanner.ids(buffer, token, *language);
        if token.kind != Kind::Word {
            return Known { ids, small, ..Known::default() };
        }
        let particle =
            vocabulary.names.is_particle(if token.case == Case::Lower { word } else { buffer.as_str() });
        vocabulary.names.key_of_folded(*language, buffer);
        Known {
            ids,
            small,
            beside,
            given: vocabulary.names.given(buffer).is_some(),
            family: vocabulary.columns.families.contains(buffer.as_str()),
            particle,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Files;
    use crate::knowledge::Knowledge;
    use crate::text::Field;

    #[test]
    fn what_is_known_does_not_depend_on_what_was_seen_before() {
        let parsed = || Knowledge::parse(&Files::default()).unwrap().vocabulary;
        let vocabulary = parsed();
        let (en, fr) = (Language::EN, Language::parse("fr").unwrap());
        let raw = "Mr. van Jordan et les ministres de France, the Ministers of internationalisation-incomprehensibilities 45th";
        let text = Text::new(Field::Text, raw.to_owned(), &vocabulary.abbreviations);
        let fresh = |language| format!("{:?}", parsed().known(&text, language));
        let (english, french) = (fresh(en), fresh(fr));
        for _ in 0..2 {
            assert_eq!(format!("{:?}", vocabulary.known(&text, en)), english);
            assert_eq!(format!("{:?}", vocabulary.known(&text, fr)), french);
        }
        assert_ne!(english, french);
    }
}
