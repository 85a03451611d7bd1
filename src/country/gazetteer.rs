//! The gazetteer: names of countries, peoples, regions, cities and seats of power, and what each may refer to.
//!
//! Owns reading and checking `config/lexicon/places`. A name that several places share has a sense for each;
//! [`crate::country`] finds which one a text means.

mod names;
mod read;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::country::weights::Weights;
use crate::country::{sense, support};
use crate::document::PlaceWord;
use crate::text::Language;
pub use names::Name;
use names::Names;
pub(crate) use read::parse;

/// The kind of thing that a name refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The country itself, by any name: "Azerbaijan", "Soviet Union", "Nagorno-Karabakh".
    Country,
    /// Its adjective or its people, or those of a town in it: "Azerbaijani", "Finns", "Londoner".
    Adjective,
    /// A seat of power or a body of state: "Kremlin", "Bundestag".
    Seat,
    /// A state, province or part: "Texas", "Bavaria".
    Region,
    /// A short form of a region that needs a town before it: "Calif.", "La.".
    Abbreviation,
    /// The country's capital.
    Capital,
    /// A town.
    City,
    /// A word of public life that suggests the country without naming it: "sheriff".
    Hint,
    /// A phrase that contains a place name but is no place: "Guinea pig".
    Nothing,
}

/// One thing that a name may refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sense {
    /// The index of the country; see [`Places::country`].
    pub country: u16,
    /// See [`Kind`].
    pub kind: Kind,
    /// State or province of the US or Canada, as two capitals; zeros if none.
    pub region: [u8; 2],
    /// Thousands of inhabitants; 0 unless it is a town, or a town's adjective.
    pub population: u32,
}

impl Sense {
    /// Whether it is a part of the country, or the adjective of a town.
    pub fn is_local(&self) -> bool {
        match self.kind {
            Kind::Capital | Kind::City | Kind::Region => true,
            Kind::Adjective => self.population > 0,
            _ => false,
        }
    }
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
    /// Words before a place.
    pub locative: FxHashSet<Box<str>>,
    /// Words after a name that is part of an organisation's.
    pub organisation: FxHashSet<Box<str>>,
    /// Words after a name that is a place of its own.
    pub settlement: FxHashSet<Box<str>>,
    /// Words after a name of both a country and a state that make it the state's: "lawmakers".
    pub of_state: FxHashSet<Box<str>>,
    /// Last words of the names of streets, rivers and houses, which never name a country.
    pub street: FxHashSet<Box<str>>,
    /// The same in the form that follows a noun they are called by: Azerbaijani for "its street".
    pub possessed: FxHashSet<Box<str>>,
    /// Kinds of streets that precede the name they are called by: "calle".
    pub streets: FxHashSet<Box<str>>,
    /// What may come between such a word and the name: "de la".
    pub street_links: FxHashSet<Box<str>>,
    /// Other things, directly before a name they are called by: "Café".
    pub called: FxHashSet<Box<str>>,
    /// Houses, ships and the like, beside a name in quotation marks: the hotel "Ukraine".
    pub quoted: FxHashSet<Box<str>>,
    /// Words before a street that is any street of a place: "una".
    pub any_street: FxHashSet<Box<str>>,
    /// Dishes, breeds and the like after an adjective, which then names no country.
    pub thing: FxHashSet<Box<str>>,
    /// Words of speaking, before an adjective that then names a language if no noun follows: "speaks".
    pub spoken: FxHashSet<Box<str>>,
    /// Words that may come between the two: "fluent".
    pub spoken_links: FxHashSet<Box<str>>,
    /// Treaties and the like, behind the name of a town that they are called by: "the Minsk agreements".
    pub pact: FxHashSet<Box<str>>,
    /// Whether only an adjective before them is part of such a name: "Минские соглашения", but not "с Минском соглашение".
    pub pact_by_adjective: bool,
    /// Words after a name that make it a part of [`Places::doubtful_home`].
    pub county: FxHashSet<Box<str>>,
    /// "Saint", before a name that is a saint's if more of the name follows.
    pub saint: FxHashSet<Box<str>>,
    /// The same, abbreviated and followed by a dot.
    pub saint_short: FxHashSet<Box<str>>,
    /// Verbs of saying whose subject can only be a person or a capital.
    pub said: FxHashSet<Box<str>>,
    /// Kinds of places, directly before their names: "city", "province".
    pub kinds: FxHashSet<Box<str>>,
    /// Words between such a kind and the name: "of".
    pub kind_links: FxHashSet<Box<str>>,
    /// Endings of such kinds: "stadt" in "Hafenstadt".
    pub kind_endings: Vec<Box<str>>,
    /// Whether every noun is capitalised, so that a capital before a name means nothing.
    pub capital_nouns: bool,
    /// Short names of countries that are common words in an all-caps headline: "US".
    pub shouted: FxHashSet<Box<str>>,
}

impl Context {
    /// Adds the words of another language, whose names occur in this language's texts, too.
    fn extend(&mut self, other: &Self) {
        for (own, theirs) in [
            (&mut self.locative, &other.locative),
            (&mut self.organisation, &other.organisation),
            (&mut self.settlement, &other.settlement),
            (&mut self.of_state, &other.of_state),
            (&mut self.street, &other.street),
            (&mut self.possessed, &other.possessed),
            (&mut self.streets, &other.streets),
            (&mut self.street_links, &other.street_links),
            (&mut self.called, &other.called),
            (&mut self.quoted, &other.quoted),
            (&mut self.thing, &other.thing),
            (&mut self.spoken, &other.spoken),
            (&mut self.spoken_links, &other.spoken_links),
            (&mut self.pact, &other.pact),
            (&mut self.county, &other.county),
            (&mut self.saint, &other.saint),
            (&mut self.saint_short, &other.saint_short),
            (&mut self.said, &other.said),
        ] {
            own.extend(theirs.iter().cloned());
        }
    }

    /// Adds what another file of the same language says.
    fn join(&mut self, other: Self) {
        self.extend(&other);
        self.any_street.extend(other.any_street);
        self.kinds.extend(other.kinds);
        self.kind_links.extend(other.kind_links);
        self.kind_endings.extend(other.kind_endings);
        self.shouted.extend(other.shouted);
        self.capital_nouns |= other.capital_nouns;
        self.pact_by_adjective |= other.pact_by_adjective;
    }

    /// Whether the words before a name are those of a street or another thing that is called by it.
    pub fn is_called(&self, lead: &str) -> bool {
        let (street, link) = lead.split_once(' ').unwrap_or((lead, ""));
        // "вул. Московській"
        let street = street.strip_suffix('.').unwrap_or(street);
        self.called.contains(lead)
            || self.streets.contains(street) && (link.is_empty() || self.street_links.contains(link))
    }

    /// Whether a word in lower case is a kind of place that precedes its name.
    pub fn is_kind(&self, word: &str) -> bool {
        self.kinds.contains(word) || self.kind_endings.iter().any(|ending| word.ends_with(&**ending))
    }
}

/// A name in lower case with a single letter i: an all-caps text may write Turkish i with or without its dot.
pub fn one_i(name: &str) -> String {
    name.to_lowercase().chars().filter(|c| *c != '\u{307}').map(|c| if c == 'ı' { 'i' } else { c }).collect()
}

/// Everything known about places.
#[derive(Debug, Default)]
pub struct Places {
    countries: Vec<Country>,
    by_code: FxHashMap<Box<str>, u16>,
    names: Names,
    contexts: FxHashMap<Language, Context>,
    /// The language whose words are used for languages that have none.
    fallback: Option<Language>,
    /// Common words that are also place names, as returned by [`one_i`].
    words: FxHashMap<Language, FxHashSet<Box<str>>>,
    /// Languages in which an apostrophe separates endings from names, with the first letters of endings that need none.
    apostrophes: FxHashMap<Language, Box<str>>,
    /// By language: the country of most papers whose domain does not show their country.
    doubtful_homes: FxHashMap<Language, u16>,
    /// By language: countries whose towns and districts bear the names of each other's towns.
    namesakes: FxHashMap<Language, FxHashSet<u16>>,
    /// Weights by feature for the focus of a story.
    pub focus: FxHashMap<Box<str>, f32>,
    /// Weights of the observations that speak for or against a place.
    pub support: Weights<support::Observation>,
    /// Weights of the observations that tell which place a name means.
    pub senses: Weights<sense::Observation>,
}

impl Places {
    /// The name of a [`super::Meaning::Place`].
    #[inline]
    pub fn name(&self, number: u32) -> Name<'_> {
        self.names.get(number)
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

    /// The index of the country with this code.
    pub fn by_code(&self, code: &str) -> Option<u16> {
        self.by_code.get(code).copied()
    }

    /// Whether a name, as returned by [`one_i`], is a common word of a language: "adam" is "man" in Turkish.
    pub fn is_word(&self, language: Language, name: &str) -> bool {
        self.words.get(&language).is_some_and(|words| words.contains(name))
    }

    /// Whether a language separates this ending from a name with an apostrophe.
    pub fn takes_apostrophe(&self, language: Language, ending: &str) -> bool {
        self.apostrophes
            .get(&language)
            .is_some_and(|without| !ending.is_empty() && !ending.starts_with(|c| without.contains(c)))
    }

    /// The country of most papers in a language whose domain does not show their country.
    pub fn doubtful_home(&self, language: Language) -> Option<u16> {
        self.doubtful_homes.get(&language).copied()
    }

    /// Whether the towns and districts of a country are called like those of another, in texts of a language.
    pub fn share_names(&self, language: Language, country: u16, other: u16) -> bool {
        self.namesakes.get(&language).is_some_and(|all| all.contains(&country) && all.contains(&other))
    }

    /// Adds the fallback's words around names to those of every other language.
    fn contexts_with(&mut self, fallback: Language) {
        let Some(common) = self.contexts.remove(&fallback) else { return };
        self.contexts.values_mut().for_each(|context| context.extend(&common));
        self.contexts.insert(fallback, common);
    }

    /// The words around names in a language, or of English if it has none.
    pub fn context(&self, language: Language) -> Option<&Context> {
        self.contexts.get(&language).or_else(|| self.contexts.get(&self.fallback?))
    }

    /// What other parts need to know of a name.
    fn word(&self, number: u32) -> PlaceWord {
        let name = self.name(number);
        // a town called China takes nothing away from the country
        let sure =
            name.senses.iter().find(|s| s.kind == Kind::Country).or(name.senses.first()).filter(|own| {
                let town = |s: &Sense| own.kind == Kind::Country && s.kind == Kind::City;
                name.senses.iter().all(|s| s.country == own.country || town(s))
                    && matches!(own.kind, Kind::Country | Kind::Adjective | Kind::Seat)
                    && !own.is_local()
            });
        PlaceWord {
            firm: name.is_firm(),
            // who leads a Moscow club has no office of Moscow
            place: name.senses.iter().any(|s| match s.kind {
                Kind::Hint | Kind::Nothing => false,
                Kind::Adjective => !s.is_local(),
                _ => true,
            }),
            code: sure.map_or([0; 2], |sense| read::two(&self.country(sense.country).code)),
            only: name.only,
        }
    }
}
