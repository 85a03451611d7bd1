//! The gazetteer: names of countries, peoples, regions, cities and seats of power, and what each may stand for.
//!
//! Owns reading and checking `config/gazetteer/places`. A name that several places share has a sense for each; which
//! one a text means is for [`crate::country`] to find.

mod read;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::country::support::Support;
use crate::document::PlaceWord;
use crate::text::Language;
pub(crate) use read::parse;

/// What sort of thing a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The country by a name: "Azerbaijan", "Soviet Union", "Nagorno-Karabakh".
    Country,
    /// Its adjective or its people: "Azerbaijani", "Finns".
    Adjective,
    /// A seat of power or a body of state: "Kremlin", "Bundestag".
    Seat,
    /// A state, province or part: "Texas", "Bavaria".
    Region,
    /// A short form of a region, which needs a town before it: "Calif.", "La.".
    Abbreviation,
    /// The country's capital.
    Capital,
    /// A town.
    City,
    /// A word of public life that tells the country without naming it: "sheriff".
    Hint,
    /// A phrase with a place's name in it that is no place: "Guinea pig".
    Nothing,
}

/// One thing that a name may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sense {
    /// Index of the country; see [`Places::country`].
    pub country: u16,
    /// See [`Kind`].
    pub kind: Kind,
    /// State or province of the US and Canada, as two capitals; zeros for none.
    pub region: [u8; 2],
    /// Inhabitants in thousands; 0 for what is no town.
    pub population: u32,
}

/// A name with its senses, the likeliest first.
#[derive(Debug, Default)]
pub struct Name {
    /// What it may stand for.
    pub senses: Vec<Sense>,
    /// Whether it is a word of the language as well: "Reading".
    pub word: bool,
    /// In small letters, for a name that is found in all its forms.
    pub written: Option<Box<str>>,
    /// The language of the texts that it stands in, if others have words that look the same.
    pub only: Option<Language>,
}

/// A country of ISO 3166-1, or XK.
#[derive(Debug)]
pub struct Country {
    /// Alpha-2.
    pub code: String,
    /// In English.
    pub name: String,
    /// What people may call it, in all languages of the lexicon: names, adjectives, seats of power, capitals.
    pub called: Vec<(Box<str>, Kind)>,
}

/// Words around names; see `places.toml` of a language.
#[derive(Debug, Default)]
pub struct Context {
    /// Stand before a place.
    pub locative: FxHashSet<Box<str>>,
    /// Stand behind a name that is part of an organisation's.
    pub organisation: FxHashSet<Box<str>>,
    /// Stand behind a name that is a place of its own.
    pub settlement: FxHashSet<Box<str>>,
    /// End a street's name, which names no country whatever stands before it.
    pub street: FxHashSet<Box<str>>,
    /// Dishes, breeds and the like behind an adjective, which then names no country.
    pub thing: FxHashSet<Box<str>>,
    /// Behind a name, make it that of a part of [`Places::doubtful_home`].
    pub county: FxHashSet<Box<str>>,
    /// "Saint", before a name that is a saint's where more of a name follows.
    pub saint: FxHashSet<Box<str>>,
    /// The same cut short, with a dot behind it.
    pub saint_short: FxHashSet<Box<str>>,
    /// Verbs of saying that only a person or a capital does.
    pub said: FxHashSet<Box<str>>,
    /// What a place is, right before its name: "city", "province".
    pub kinds: FxHashSet<Box<str>>,
    /// Stand between such a word and the name: "of".
    pub kind_links: FxHashSet<Box<str>>,
    /// Endings of such words: "stadt" of "Hafenstadt".
    pub kind_endings: Vec<Box<str>>,
    /// Whether every noun has a capital, so that one before a name tells nothing.
    pub capital_nouns: bool,
    /// Short names of countries that are a common word in a headline of capitals: "US".
    pub shouted: FxHashSet<Box<str>>,
}

impl Context {
    /// Takes the words of another language in beside its own: names from there stand in its texts.
    fn extend(&mut self, other: &Self) {
        for (own, theirs) in [
            (&mut self.locative, &other.locative),
            (&mut self.organisation, &other.organisation),
            (&mut self.settlement, &other.settlement),
            (&mut self.street, &other.street),
            (&mut self.thing, &other.thing),
            (&mut self.county, &other.county),
            (&mut self.saint, &other.saint),
            (&mut self.saint_short, &other.saint_short),
            (&mut self.said, &other.said),
        ] {
            own.extend(theirs.iter().cloned());
        }
    }

    /// Whether a word, in small letters, tells what the place is whose name stands behind it.
    pub fn is_kind(&self, word: &str) -> bool {
        self.kinds.contains(word) || self.kind_endings.iter().any(|ending| word.ends_with(&**ending))
    }
}

/// A name in small letters, with one letter i: a text in capitals may have that of Turkish with a dot or without.
pub fn one_i(name: &str) -> String {
    name.to_lowercase().chars().filter(|c| *c != '\u{307}').map(|c| if c == 'ı' { 'i' } else { c }).collect()
}

/// Everything known about places.
#[derive(Debug, Default)]
pub struct Places {
    countries: Vec<Country>,
    by_code: FxHashMap<Box<str>, u16>,
    names: Vec<Name>,
    contexts: FxHashMap<Language, Context>,
    /// The language whose words are taken for one that has none.
    fallback: Option<Language>,
    /// Common words that are names of places too, as [`one_i`] gives them.
    words: FxHashMap<Language, FxHashSet<Box<str>>>,
    /// Languages in which endings of names stand behind an apostrophe, with the first letters of those that don't.
    apostrophes: FxHashMap<Language, Box<str>>,
    /// By language: the country that most papers are printed in whose domain tells none.
    doubtful_homes: FxHashMap<Language, u16>,
    /// Weights of what makes a country the focus of a story, by feature.
    pub focus: FxHashMap<Box<str>, f32>,
    /// Weights of what makes a name that of a place.
    pub support: Support,
}

impl Places {
    /// The name behind a [`super::Meaning::Place`].
    #[inline]
    pub fn name(&self, number: u32) -> &Name {
        &self.names[number as usize]
    }

    /// A country by its index.
    #[inline]
    pub fn country(&self, index: u16) -> &Country {
        &self.countries[index as usize]
    }

    /// All countries.
    pub fn countries(&self) -> &[Country] {
        &self.countries
    }

    /// The index of a code.
    pub fn by_code(&self, code: &str) -> Option<u16> {
        self.by_code.get(code).copied()
    }

    /// Whether a name, as [`one_i`] gives it, is a common word of a language: "adam", a man in Turkish.
    pub fn is_word(&self, language: Language, name: &str) -> bool {
        self.words.get(&language).is_some_and(|words| words.contains(name))
    }

    /// Whether an ending of a name should stand behind an apostrophe in a language.
    pub fn takes_apostrophe(&self, language: Language, ending: &str) -> bool {
        self.apostrophes
            .get(&language)
            .is_some_and(|without| !ending.is_empty() && !ending.starts_with(|c| without.contains(c)))
    }

    /// The country that most papers in a language are printed in whose domain tells none.
    pub fn doubtful_home(&self, language: Language) -> Option<u16> {
        self.doubtful_homes.get(&language).copied()
    }

    /// Gives each language's words around names those of the fallback too.
    fn contexts_with(&mut self, fallback: Language) {
        let Some(common) = self.contexts.remove(&fallback) else { return };
        self.contexts.values_mut().for_each(|context| context.extend(&common));
        self.contexts.insert(fallback, common);
    }

    /// The words around names in a language; those of English where it has none.
    pub fn context(&self, language: Language) -> Option<&Context> {
        self.contexts.get(&language).or_else(|| self.contexts.get(&self.fallback?))
    }

    /// What others know of a name.
    fn word(&self, number: u32) -> PlaceWord {
        let name = self.name(number);
        let sure = name.senses.first().filter(|first| {
            name.senses.iter().all(|s| s.country == first.country)
                && matches!(first.kind, Kind::Country | Kind::Adjective | Kind::Seat)
        });
        PlaceWord {
            firm: self.is_firm(number),
            place: name.senses.iter().any(|s| !matches!(s.kind, Kind::Hint | Kind::Nothing)),
            code: sure.map_or([0; 2], |sense| read::two(&self.country(sense.country).code)),
            written: name.written.clone(),
            only: name.only,
        }
    }

    /// Whether a name is that of a place first of all: no small town that a person may be named after.
    #[inline]
    pub fn is_firm(&self, number: u32) -> bool {
        self.names[number as usize].senses.first().is_some_and(|s| match s.kind {
            Kind::Country | Kind::Adjective | Kind::Seat | Kind::Region | Kind::Capital => true,
            Kind::City => s.population >= 1000,
            Kind::Abbreviation | Kind::Hint | Kind::Nothing => false,
        })
    }
}
