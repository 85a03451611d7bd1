//! The codes that tags take: of countries and of languages; which one may be meant by what is none.

use rustc_hash::{FxHashMap, FxHashSet};

use super::words::plain;
use crate::country::gazetteer::{Country, Kind};
use crate::files::{Files, rows};
use crate::text::distance;

/// Letters from which the beginning of a name stands for it: "aze".
const BEGINNING: usize = 3;

/// Letters from which a name may have mistakes, and how many.
const MISTAKABLE: usize = 5;
const MISTAKES: usize = 2;

/// Maximum length in bytes of a text that is taken for a misspelt name: comparing takes time.
const LONGEST: usize = 64;

/// See the module.
#[derive(Debug, Default)]
pub struct Codes {
    /// Codes and names in English.
    countries: Vec<Named>,
    /// By any name of a country, in lower case: its number.
    called: FxHashMap<Box<str>, usize>,
    /// Codes of organisations whose offices the lexicon has: `EU`, `NATO`.
    bodies: FxHashSet<Box<str>>,
    languages: Vec<Named>,
}

/// A code and what it stands for.
#[derive(Debug)]
pub struct Named {
    /// The code.
    pub code: Box<str>,
    /// Its name in English.
    pub name: Box<str>,
    /// The code of three letters, if there is one.
    three: Option<Box<str>>,
}

impl Codes {
    /// Reads `language_codes.tsv`; the caller gives the countries, and the codes that offices have.
    pub fn parse<'c>(
        files: &Files,
        countries: &[Country],
        of_offices: impl Iterator<Item = &'c str>,
        errors: &mut Vec<String>,
    ) -> Self {
        let mut codes = Self::default();
        for country in countries {
            let number = codes.countries.len();
            let (code, name) = (country.code.as_str().into(), country.name.as_str().into());
            codes.countries.push(Named { code, name, three: None });
            let names = country.called.iter().filter(|(_, kind)| *kind == Kind::Country);
            for name in names.map(|(name, _)| &**name).chain([country.name.as_str()]) {
                codes.called.entry(plain(name).into()).or_insert(number);
            }
        }
        codes.bodies = of_offices.map(Into::into).collect();
        for (at, line) in rows(files.get("language_codes.tsv").unwrap_or_default()) {
            match line.split('\t').collect::<Vec<_>>()[..] {
                [code, three, name] => {
                    let (code, name, three) = (code.into(), name.into(), Some(three.into()));
                    codes.languages.push(Named { code, name, three });
                }
                _ => errors.push(format!("language_codes.tsv line {at}: two codes and a name, by tabs")),
            }
        }
        codes
    }

    /// Whether this is the code of a country, in any case.
    pub fn is_country(&self, code: &str) -> bool {
        self.countries.iter().any(|country| country.code.eq_ignore_ascii_case(code))
    }

    /// Whether an office may have this code: that of a country, or of an organisation.
    pub fn has_offices(&self, code: &str) -> bool {
        self.is_country(code) || self.bodies.contains(code)
    }

    /// The country that may have been meant.
    pub fn country_like(&self, text: &str) -> Option<&Named> {
        if text.len() > LONGEST {
            return None;
        }
        let by_name = self.called.get(plain(text).as_str()).map(|number| &self.countries[*number]);
        by_name.or_else(|| like(&self.countries, text))
    }

    /// Whether this is the code of a language, in any case; always if the lexicon has no table of them.
    pub fn is_language(&self, code: &str) -> bool {
        self.languages.is_empty() || self.languages.iter().any(|known| known.code.eq_ignore_ascii_case(code))
    }

    /// The codes of all languages.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.languages.iter().map(|known| &*known.code)
    }

    /// The language that may have been meant.
    pub fn language_like(&self, text: &str) -> Option<&Named> {
        let main = text.split(['-', '_']).next().unwrap_or_default();
        let same = |code: &str| code.eq_ignore_ascii_case(main);
        let by_code =
            self.languages.iter().find(|known| same(&known.code) || known.three.as_deref().is_some_and(same));
        by_code.or_else(|| like(&self.languages, text))
    }
}

/// The only one whose name begins so, else the one whose name differs by a few letters.
fn like<'n>(all: &'n [Named], text: &str) -> Option<&'n Named> {
    let text = plain(text);
    if text.len() < BEGINNING || text.len() > LONGEST {
        return None;
    }
    let named = |known: &&Named| plain(&known.name);
    let mut begin = all.iter().filter(|known| named(known).starts_with(&text));
    if let (Some(only), None) = (begin.next(), begin.next()) {
        return Some(only);
    }
    let most = if text.len() < MISTAKABLE { 0 } else { MISTAKES };
    let near = all.iter().map(|known| (distance(&named(&known), &text, most), known));
    near.filter(|(mistakes, _)| *mistakes <= most)
        .min_by_key(|(mistakes, _)| *mistakes)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use crate::knowledge::Knowledge;

    #[test]
    fn what_is_no_code_is_told_with_the_one_that_may_be_meant() {
        let knowledge = Knowledge::compiled_in();
        let codes = &knowledge.watch_words.codes;
        for (text, code) in [
            ("Azerbaijan", Some("AZ")),
            ("AZE", Some("AZ")),
            ("azerbaidjan", Some("AZ")),
            ("Азербайджан", Some("AZ")),
            ("UK", Some("GB")),
            ("USA", Some("US")),
            ("XX", None),
            ("united", None),
            ("", None),
        ] {
            assert_eq!(codes.country_like(text).map(|known| &*known.code), code, "{text}");
        }
        for (text, code) in [
            ("english", Some("en")),
            ("EN-us", Some("en")),
            ("rus", Some("ru")),
            ("azeri", None),
            ("turkisch", Some("tr")),
            ("zz", None),
        ] {
            assert_eq!(codes.language_like(text).map(|known| &*known.code), code, "{text}");
        }
        assert!(codes.is_country("az") && !codes.is_country("XX"));
        assert!(codes.has_offices("NATO") && codes.has_offices("AM") && !codes.has_offices("XX"));
        assert!(codes.is_language("sw") && codes.is_language("EN") && !codes.is_language("zz"));
        let every = crate::files::Files::default();
        for (code, ..) in every.of_languages("language.toml") {
            assert!(codes.is_language(code), "{code} has a folder");
        }
    }
}
