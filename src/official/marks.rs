//! What each token can be in the name of an office: the longest title or place that starts there.

use std::cell::RefCell;

use super::Data;
use super::holders::is_organisation;
use super::titles::Kind;
use crate::document::{Known, Meaning, Scanned};
use crate::language::class::Class;
use crate::language::word::Word;
use crate::text::{self, Case, Gap, Language, Text};

/// Marks that may open a quotation, whatever the language.
const OPENING: [char; 6] = ['"', '“', '„', '«', '»', '‘'];
/// Marks that may close one.
const CLOSING: [char; 6] = ['"', '”', '“', '»', '«', '’'];

/// A phrase of the grammar, or a place, found in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark<'l> {
    pub start: usize,
    pub end: usize,
    pub class: Class,
    /// The country of a public body or a place.
    pub country: Option<&'l str>,
    pub place: bool,
    /// The kind of office.
    pub kind: Option<Kind>,
    /// Whether a cue of reported speech starts here.
    pub cue: bool,
}

/// A part of the document with what each of its tokens can be.
#[derive(Debug)]
pub(super) struct Marked<'d> {
    pub text: &'d Text,
    pub language: Language,
    pub data: Data<'d>,
    words: &'d [Known],
    /// For each token, 1 + index into `list`, or 0.
    at: Vec<u32>,
    list: Vec<Mark<'d>>,
    pub part: &'d Scanned,
    /// The key computed last; a reused buffer.
    key: RefCell<String>,
}

impl<'d> Marked<'d> {
    pub fn new(part: &'d Scanned, language: Language, data: Data<'d>) -> Self {
        let mut at = vec![0; part.text.tokens.len()];
        let mut list: Vec<Mark> = Vec::new();
        let mut covered = 0;
        let nothing = Mark {
            start: 0,
            end: 0,
            class: Class::default(),
            country: None,
            place: false,
            kind: None,
            cue: false,
        };
        // the longest at the current token
        let mut best = nothing;
        let mut take = |best: Mark<'d>| {
            if best.end > 0 && best.start >= covered {
                covered = best.end;
                list.push(best);
                at[best.start..best.end].fill(list.len() as u32);
            }
        };
        for hit in &part.hits {
            let fits = match hit.meaning {
                Meaning::Title(_) | Meaning::Cue(_) => true,
                Meaning::Place(n) => data.vocabulary.place(n).firm,
                Meaning::Topic(_) | Meaning::Official(_) => false,
            };
            if !fits {
                continue;
            }
            let (start, end) = (hit.start as usize, hit.end as usize);
            if start != best.start || best.end == 0 {
                take(best);
                best = Mark { start, ..nothing };
            }
            if end < best.end {
                continue;
            }
            if end > best.end {
                best = Mark { start, end, ..nothing };
            }
            match hit.meaning {
                Meaning::Title(n) => {
                    let term = data.titles.term(n);
                    best.class |= term.class;
                    best.country = best.country.or(term.country.as_deref());
                    best.kind = best.kind.or(term.kind);
                }
                Meaning::Place(n) => {
                    best.place = true;
                    best.country = best.country.or(data.vocabulary.place(n).country());
                }
                Meaning::Cue(_) => best.cue = true,
                Meaning::Topic(_) | Meaning::Official(_) => {}
            }
        }
        take(best);
        let mut marked = Self {
            text: &part.text,
            language,
            data,
            words: &part.words,
            at,
            list,
            part,
            key: RefCell::default(),
        };
        marked.read_misprints();
        marked
    }

    /// Marks misspelt title words, if the word is otherwise unknown and a name may follow.
    fn read_misprints(&mut self) {
        let text = self.text;
        for (t, token) in text.tokens.iter().enumerate().skip(1) {
            // nearly all tokens are in lower case or short
            if token.case != Case::Title
                || token.end - token.start < 7
                || self.at[t] != 0
                || !self.capital(t + 1)
                || self.breaks(t + 1)
            {
                continue;
            }
            if let Some(term) = self.data.titles.misprinted(self.language, self.text.word(t)) {
                self.list.push(Mark {
                    start: t,
                    end: t + 1,
                    class: term.class,
                    country: None,
                    place: false,
                    kind: term.kind,
                    cue: false,
                });
                self.at[t] = self.list.len() as u32;
            }
        }
    }

    /// The title or place that covers a token.
    pub fn mark(&self, token: usize) -> Option<&Mark<'d>> {
        self.any_mark(token).filter(|m| m.class.of_office() || m.place)
    }

    /// Whether a cue of reported speech covers a token.
    pub fn cue(&self, token: usize) -> bool {
        self.any_mark(token).is_some_and(|m| m.cue)
    }

    /// Whether a token is a kind of thing named after persons: "aéroport" before its name, "Airport" after it.
    pub fn thing(&self, token: usize, sort: Class) -> bool {
        self.any_mark(token).is_some_and(|m| m.class.any(sort))
    }

    /// Whether anything covers a token.
    pub fn marked(&self, token: usize) -> bool {
        self.at[token] != 0
    }

    fn any_mark(&self, token: usize) -> Option<&Mark<'d>> {
        self.at.get(token).filter(|n| **n != 0).map(|n| &self.list[*n as usize - 1])
    }

    /// The classes of the mark that covers a token.
    pub fn class(&self, token: usize) -> Class {
        self.mark(token).map_or_else(Class::default, |m| m.class)
    }

    /// Whether a single word may be a town or region in an oblique case ("Перми", but not "Иванов", which has
    /// no ending of one), or an indeclinable one.
    pub fn owns_as_place(&self, token: usize) -> bool {
        let places = self.part.hits_at(token).filter_map(|h| match h.meaning {
            Meaning::Place(n) if h.end as usize == token + 1 => Some(n),
            _ => None,
        });
        let word = self.text.word(token).to_lowercase();
        let (mut any, mut first_case) = (false, false);
        for place in places {
            any |= self.data.vocabulary.place(place).place;
            first_case |= self.data.vocabulary.place_as_written(place) == word;
        }
        let names = &self.data.vocabulary.names;
        any && if first_case {
            names.has_one_case(&word)
        } else {
            names.may_be_declined(&word, self.language)
        }
    }

    /// The countries and organisations that are named, directly or through a public body.
    pub fn countries(&self) -> impl Iterator<Item = &'d str> {
        self.list.iter().filter_map(|m| m.country)
    }

    /// The countries whose public bodies are named.
    pub fn bodies(&self) -> impl Iterator<Item = &'d str> {
        let of_state = |m: &&Mark| m.class.any(Class::INSTITUTION);
        self.list.iter().filter(of_state).filter_map(|m| m.country).filter(|c| !is_organisation(c))
    }

    /// Whether any public office or body is named.
    pub fn names_office(&self) -> bool {
        self.list.iter().any(|m| {
            m.class.any(Class::STRONG)
                || m.class.any(Class::INSTITUTION) && !m.class.any(Class::PRIVATE | Class::PORTFOLIO)
        })
    }

    /// Whether members of a parliament are named.
    pub fn names_member(&self) -> bool {
        self.list.iter().any(|m| m.kind == Some(Kind::Parliament))
    }

    /// Whether any firm is named.
    pub fn names_firm(&self) -> bool {
        self.list.iter().any(|m| {
            m.class.any(Class::PRIVATE)
                && !m.class.any(Class::INSTITUTION | Class::PORTFOLIO | Class::HEAD)
                && self.capital(m.start)
        })
    }

    /// What a token can be as a small word ("of", "Mr", "Monday").
    pub fn small(&self, token: usize) -> Class {
        self.words.get(token).map_or_else(Class::default, |word| word.small)
    }

    /// What a token, as it is written, may do as a function word.
    pub fn function_word(&self, token: usize) -> Word {
        self.data.vocabulary.word(self.language, self.text.word(token))
    }

    /// What a token may do as a function word, also with a capital.
    pub fn function_word_in_any_case(&self, token: usize) -> Word {
        self.data.vocabulary.word(self.language, &self.text.word(token).to_lowercase())
    }

    /// Whether a token may open a quotation.
    pub fn opens_quotation(&self, token: usize) -> bool {
        OPENING.iter().any(|mark| self.is(token, *mark))
    }

    /// Whether a token may close a quotation.
    pub fn closes_quotation(&self, token: usize) -> bool {
        CLOSING.iter().any(|mark| self.is(token, *mark))
    }

    /// The result of `ask` for the key of a token.
    pub fn with_key<T>(&self, token: usize, ask: impl FnOnce(&str) -> T) -> T {
        let mut key = self.key.borrow_mut();
        self.data.vocabulary.names.key_into(self.text.word(token), self.language, &mut key);
        ask(&key)
    }

    /// Whether a word is a given name.
    pub fn given(&self, token: usize) -> bool {
        self.capital(token) && self.words[token].given
    }

    /// Whether a word is the surname of an official.
    pub fn family(&self, token: usize) -> bool {
        self.words[token].family
    }

    /// Whether a word in lower case may occur within a name: "van", "bin".
    pub fn particle(&self, token: usize) -> bool {
        // Turkish "da" between two names is "too", not a part of one
        let too = || self.function_word(token).any(Word::ADVERB);
        self.lower(token) && self.words[token].particle && !too()
    }

    /// Whether a capitalised word that is a small word elsewhere may occur within a name: "Le", "La", "Van".
    pub fn capital_particle(&self, token: usize) -> bool {
        self.capital(token) && self.words[token].particle
    }

    /// Whether a token starts a paragraph or is past the end of the text.
    pub fn breaks(&self, token: usize) -> bool {
        self.text.tokens.get(token).is_none_or(|t| t.gap == Gap::Paragraph)
    }

    /// Whether a token is the mark `c`.
    pub fn is(&self, token: usize, c: char) -> bool {
        self.text.tokens.get(token).is_some_and(|t| t.is(c))
    }

    /// Whether a token is a word with a capital.
    pub fn capital(&self, token: usize) -> bool {
        self.text.tokens.get(token).is_some_and(|t| t.kind == text::Kind::Word && t.is_capital())
    }

    /// Whether a token is a word in lower case.
    pub fn lower(&self, token: usize) -> bool {
        self.text.tokens.get(token).is_some_and(|t| t.kind == text::Kind::Word && t.case == Case::Lower)
    }

    /// The number of tokens in an apostrophe genitive at a token: two for `'s`, one for `'`, else 0. In languages with an
    /// ending for it, the ending counts, too: `Almanya'nın`, `NATO-nun`.
    pub fn genitive(&self, token: usize) -> usize {
        let names = &self.data.vocabulary.names;
        let hung = |t: usize, marks: &[char]| {
            self.text.tokens.get(t).is_some_and(|k| k.gap == Gap::None && marks.contains(&k.first))
        };
        let joined = self.text.tokens.get(token + 1).is_some_and(|t| t.gap == Gap::None);
        // a hyphen behind an abbreviation, not "Kim Jong-un"
        let short = || token > 0 && self.text.tokens[token - 1].case == Case::Upper;
        if joined
            && (hung(token, &['\'', '’']) || hung(token, &['-']) && short())
            && names.is_owner_case(self.text.word(token + 1), self.language)
        {
            2
        } else if !hung(token, &['\'', '’']) {
            0
        } else if self.text.tokens.get(token + 1).is_some_and(|t| t.gap == Gap::None)
            && self.data.vocabulary.names.is_owner_ending(self.text.word(token + 1))
        {
            2
        } else {
            let before = &self.text.raw[..self.text.tokens[token].start as usize];
            let owner = self.data.vocabulary.names.ends_like_owner(before);
            usize::from(owner && self.text.tokens.get(token + 1).is_some_and(|t| t.gap != Gap::None))
        }
    }
}
