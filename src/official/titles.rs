//! Words of offices and ranks: the grammar's vocabulary, from each language's `titles.toml`.
//!
//! Owns reading and checking those files. [`crate::official`] decides how the words form an office.

mod cases;

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::document::{Builder, Forms, Letters, Meaning};
use crate::files::Files;
use crate::language::class::Class;
use crate::text::Language;

/// A phrase of the grammar, indexed by [`Meaning::Title`].
#[derive(Debug, Clone, Default)]
pub struct Term {
    /// What it can do.
    pub class: Class,
    /// The country of a public body: ISO 3166-1 alpha-2, or `EU`, `UN`, `NATO` ….
    pub country: Option<Box<str>>,
    /// The kind of office of a head.
    pub kind: Option<Kind>,
}

/// A kind of office in any language: offices of two kinds are not the same office in other words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Heads of state and government.
    Head,
    /// Ministers, and deputies of a head.
    Cabinet,
    /// Members of a parliament.
    Parliament,
    /// Governors and mayors.
    Local,
    /// Ambassadors and envoys.
    Envoy,
    /// Spokesmen, advisers, chiefs of staff.
    Staff,
    /// Judges and prosecutors.
    Court,
}

/// The grammar's vocabulary.
#[derive(Debug, Default)]
pub struct Titles {
    terms: Vec<Term>,
    head_first: FxHashSet<Language>,
    /// Long one-word heads by language and first letter, for recognising misprints.
    long: FxHashMap<(Language, char), Vec<Head>>,
    owner_endings: FxHashMap<Language, Vec<Box<str>>>,
    case_endings: FxHashMap<Language, Vec<Box<str>>>,
    /// By the ending of a title in the nominative, its endings in other cases.
    title_cases: FxHashMap<Language, Vec<(String, Vec<String>)>>,
    /// The first words of titles as listed, in the nominative, of languages with cases.
    nominative: FxHashSet<(Language, Box<str>)>,
    /// The conjunction that is written as one with a title behind it, Arabic "و", and the first words of titles with it.
    joined: FxHashMap<Language, (Box<str>, FxHashSet<Box<str>>)>,
    /// The first words of those who serve a person, in the nominative.
    attendants: FxHashSet<(Language, Box<str>)>,
    surname_endings: FxHashMap<Language, Vec<Box<str>>>,
    plural: FxHashMap<Language, FxHashSet<Box<str>>>,
    /// Those of them that are no singular: German "Minister" is both.
    only_plural: FxHashSet<(Language, Box<str>)>,
    /// Words of English titles, longest first; the titles in the data are in English.
    kinds: Vec<(String, Kind)>,
    /// Crowned titles in English.
    crowns: FxHashSet<String>,
    /// Presidents' titles in English.
    presidents: Vec<String>,
}

/// A one-word head and the number of its term.
type Head = (Box<str>, u32);

/// Prefix of a phrase that matches only as written: "судья" has the stem of "суд".
const EXACT: char = '=';

/// Letters from which a misspelt title word is recognised; shorter ones are too similar to other words.
const LONG: usize = 7;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Whether the head comes first and the portfolio after it, as in Russian or French.
    head_first: bool,
    /// The conjunction that is written as one with the word behind it.
    #[serde(default)]
    joined: Box<str>,
    strong: Vec<String>,
    bare: Vec<String>,
    of_country: Vec<String>,
    of_matter: Vec<String>,
    weak: Vec<String>,
    modifier: Vec<String>,
    past: Vec<String>,
    portfolio: Vec<String>,
    institution: Vec<String>,
    private: Vec<String>,
    /// Those of the institutions that are parties, and heads that are no public office in one.
    #[serde(default)]
    party: Vec<String>,
    #[serde(default)]
    party_post: Vec<String>,
    ruler: Vec<String>,
    rank: Vec<String>,
    role: Vec<String>,
    #[serde(default)]
    trade: Vec<String>,
    #[serde(default)]
    kin: Vec<String>,
    #[serde(default)]
    opener: Vec<String>,
    /// Words of the lists above for people who may serve a person named behind them, in the nominative.
    #[serde(default)]
    serves: Vec<String>,
    /// Things named after persons that precede the name ("aéroport") or follow it ("Airport").
    #[serde(default)]
    thing_before: Vec<String>,
    #[serde(default)]
    thing_behind: Vec<String>,
    /// Endings of adjectives that say whose office it is ("Омской").
    #[serde(default)]
    owner_endings: Vec<Box<str>>,
    /// Endings of nouns in oblique cases ("губернатор *Техаса*").
    #[serde(default)]
    case_endings: Vec<Box<str>>,
    /// By the ending of a title in the nominative, its endings in other cases: "а" of "глава" is "ы", "е", "у", "ой".
    #[serde(default)]
    title_cases: BTreeMap<String, String>,
    /// Endings that surnames have in every case ("енко").
    #[serde(default)]
    surname_endings: Vec<Box<str>>,
    /// Plural heads ("ministers"), as written.
    #[serde(default)]
    plural: Vec<Box<str>>,
    #[serde(default)]
    kind: BTreeMap<Kind, Vec<String>>,
    institution_of: BTreeMap<String, Vec<String>>,
}

impl Titles {
    /// Reads `languages/xx/titles.toml` and adds the phrases to the automaton. Errors name file and thing. `listed` is
    /// the language of the titles in the lexicon's lists of officials.
    pub fn parse(files: &Files, listed: Language, builder: &mut Builder, errors: &mut Vec<String>) -> Self {
        let mut out = Self::default();
        for (code, path, source) in files.of_languages("titles.toml") {
            let written: Written = match toml::from_str(source) {
                Ok(written) => written,
                Err(e) => {
                    errors.push(format!("{path}: {e}"));
                    continue;
                }
            };
            let Some(language) = Language::parse(code) else {
                errors.push(format!("{path}: unknown language `{code}`"));
                continue;
            };
            out.add(language, language == listed, written, builder);
        }
        out
    }

    fn add(&mut self, language: Language, listed: bool, written: Written, builder: &mut Builder) {
        let mut phrases: BTreeMap<String, Term> = BTreeMap::new();
        if listed {
            self.crowns.extend(written.ruler.iter().cloned());
            self.presidents.clone_from(&written.bare);
        }
        let plain = [
            (written.strong, Class::STRONG),
            (written.weak, Class::WEAK),
            (written.of_country, Class::OF_COUNTRY),
            (written.of_matter, Class::OF_MATTER),
            (written.bare, Class::BARE),
            (written.modifier, Class::MODIFIER),
            (written.past, Class::PAST),
            (written.portfolio, Class::PORTFOLIO),
            (written.institution, Class::INSTITUTION),
            (written.private, Class::PRIVATE),
            (written.party, Class::INSTITUTION | Class::PARTY),
            (written.party_post, Class::WEAK | Class::PARTY_POST),
            (written.ruler, Class::RULER),
            (written.rank, Class::RANK),
            (written.role, Class::ROLE),
            (written.trade, Class::ROLE | Class::TRADE),
            (written.kin, Class::ROLE | Class::KIN),
            (written.opener, Class::PORTFOLIO | Class::OPENER),
            (written.serves, Class::SERVES),
            (written.thing_before, Class::THING_BEFORE),
            (written.thing_behind, Class::THING_BEHIND),
        ];
        for (list, class) in plain {
            for phrase in list {
                if class.any(Class::SERVES) {
                    let first = phrase.split(' ').next().unwrap_or_default();
                    self.attendants.insert((language, first.to_lowercase().into()));
                }
                phrases.entry(phrase).or_default().class |= class;
            }
        }
        // "rzecznik prezydenta" as "rzecznik"
        let serves: Vec<String> = phrases
            .iter()
            .filter(|(_, t)| t.class.any(Class::SERVES))
            .map(|(p, _)| format!("{p} "))
            .collect();
        for (phrase, term) in &mut phrases {
            if term.class.any(Class::OFFICE) && serves.iter().any(|first| phrase.starts_with(first)) {
                term.class |= Class::SERVES;
            }
        }
        for (country, list) in written.institution_of {
            for phrase in list {
                let term = phrases.entry(phrase).or_default();
                term.class |= Class::INSTITUTION;
                term.country = Some(country.trim_end_matches('_').into());
            }
        }
        for (kind, list) in written.kind {
            for phrase in list {
                if listed {
                    self.kinds.push((format!(" {phrase} "), kind));
                }
                // a word that is no head has no kind
                for written in [format!("{EXACT}{phrase}"), phrase] {
                    if let Some(term) = phrases.get_mut(&written) {
                        term.kind = Some(kind);
                    }
                }
            }
        }
        self.kinds.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        if !written.joined.is_empty() {
            let heads = phrases.iter().filter(|(p, t)| t.class.any(Class::OFFICE) && !p.starts_with(EXACT));
            let joined: Vec<_> = heads.map(|(p, t)| (format!("{}{p}", written.joined), t.clone())).collect();
            let firsts = joined.iter().filter_map(|(p, _)| p.split(' ').next()).map(Into::into).collect();
            self.joined.insert(language, (written.joined, firsts));
            phrases.extend(joined);
        }
        let cases = written.title_cases.into_iter();
        let cases = cases.map(|(first, other)| (first, other.split_whitespace().map(Into::into).collect()));
        self.title_cases.entry(language).or_default().extend(cases);
        let only = written.plural.iter().filter(|plural| !phrases.contains_key(&***plural));
        self.only_plural.extend(only.map(|plural| (language, plural.clone())));
        // those in one form only stand behind all others: "=посла" is a case of "посол"
        let (exact, rest): (Vec<_>, Vec<_>) =
            phrases.into_iter().partition(|(phrase, _)| phrase.starts_with(EXACT));
        for (phrase, term) in rest.into_iter().chain(exact) {
            let meaning = Meaning::Title(builder.title(term.class));
            let letters = match (phrase.contains(char::is_uppercase), phrase.contains(char::is_lowercase)) {
                (false, _) => Letters::Any,
                (true, true) => Letters::Name,
                (true, false) => Letters::Exact,
            };
            match phrase.strip_prefix(EXACT) {
                Some(form) => builder.add(form, letters, Forms::Word, meaning),
                None => builder.add(&phrase, letters, Forms::Stem(language), meaning),
            }
            if term.class.any(Class::HEAD)
                && phrase.chars().count() >= LONG
                && phrase.chars().all(char::is_alphabetic)
                && let Some(first) = phrase.chars().next()
            {
                let list = self.long.entry((language, first)).or_default();
                list.push((phrase.as_str().into(), self.terms.len() as u32));
            }
            if !written.case_endings.is_empty()
                && term.class.any(Class::HEAD | Class::ROLE | Class::RANK)
                && let Some(first) = phrase.trim_start_matches(EXACT).split(' ').next()
            {
                let first = first.to_lowercase();
                if !(phrase.starts_with(EXACT) && self.is_case_of_listed(language, &first)) {
                    self.nominative.insert((language, first.into()));
                }
            }
            self.terms.push(term);
        }
        if written.head_first {
            self.head_first.insert(language);
        }
        self.owner_endings.entry(language).or_default().extend(written.owner_endings);
        self.case_endings.entry(language).or_default().extend(written.case_endings);
        self.surname_endings.entry(language).or_default().extend(written.surname_endings);
        self.plural.entry(language).or_default().extend(written.plural);
    }

    /// The phrase of a hit of the automaton.
    #[inline]
    pub fn term(&self, hit: u32) -> &Term {
        &self.terms[hit as usize]
    }

    /// The head that a word with one misprint means: a letter added, missing or wrong, or two swapped ("Represenative",
    /// "Secertary"). The first letter must be right.
    pub fn misprinted(&self, language: Language, word: &str) -> Option<&Term> {
        let first = word.chars().next()?.to_lowercase().next()?;
        let list = self.long.get(&(language, first))?;
        // there are too many words to compare each with care; nearly all differ in length or ending
        let like = |head: &str| {
            let end = |word: &str| (word.chars().next_back(), word.chars().rev().nth(1));
            let ((a, b), (c, d)) = (end(head), end(word));
            head.len().abs_diff(word.len()) <= 2 && (a == c || b == d || a == d || b == c)
        };
        let found = list.iter().find(|(head, _)| like(head) && one_apart(head, &word.to_lowercase()));
        found.map(|(_, term)| self.term(*term))
    }

    /// The conjunction that is written as one with a title: "*و*وزير".
    pub fn joined_to(&self, language: Language, word: &str) -> Option<&str> {
        let (joined, firsts) = self.joined.get(&language)?;
        firsts.contains(word).then_some(joined)
    }

    /// The kind of office of an English title.
    pub fn kind(&self, title: &str) -> Option<Kind> {
        let title = format!(" {} ", title.to_lowercase());
        let found = self.kinds.iter().filter_map(|(phrase, kind)| Some((title.find(phrase)?, *kind)));
        found.min_by_key(|(at, _)| *at).map(|(_, kind)| kind)
    }

    /// Whether an English title is a crowned one: "King".
    pub fn is_crown(&self, title: &str) -> bool {
        self.crowns.contains(&title.to_lowercase())
    }

    /// Whether an English title begins with a president's: "President of the Senate".
    pub fn presides(&self, title: &str) -> bool {
        let title = format!("{} ", title.to_lowercase());
        self.presidents
            .iter()
            .any(|bare| title.strip_prefix(bare.as_str()).is_some_and(|t| t.starts_with(' ')))
    }

    /// Whether a word in lower case is a plural head ("ministers").
    pub fn is_plural(&self, language: Language, word: &str) -> bool {
        self.plural.get(&language).is_some_and(|all| all.contains(word))
    }

    /// Whether a word is a plural title and no singular one.
    pub fn is_only_plural(&self, language: Language, word: &str) -> bool {
        self.only_plural.contains(&(language, word.to_lowercase().into()))
    }

    /// Whether this language puts the head of an office first ("министр обороны").
    pub fn head_first(&self, language: Language) -> bool {
        self.head_first.contains(&language)
    }
}

/// Whether one changed letter, or a swap of two neighbours, makes two words the same.
fn one_apart(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (x, y) = (&a[same..], &b[same..]);
    let swapped = || x.len() > 1 && y.len() > 1 && (x[0], x[1]) == (y[1], y[0]) && x[2..] == y[2..];
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Less => *x == y[1..],
        std::cmp::Ordering::Greater => x[1..] == *y,
        std::cmp::Ordering::Equal => x.is_empty() || x[1..] == y[1..] || swapped(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_misprints() {
        for (word, want) in [
            ("represenative", true),
            ("representatiive", true),
            ("represetnative", true),
            ("representative", true),
            ("representation", false),
            ("represented", false),
        ] {
            assert_eq!(one_apart("representative", word), want, "{word}");
        }
    }
}
