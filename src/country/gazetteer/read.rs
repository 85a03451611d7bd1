//! Reads the files of `config/lexicon/places`, and each language's adjectives and forms. Every error names file, line
//! and thing.

mod contexts;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::names::{Draft, Names};
use super::{Country, Kind, Places, Sense};
use crate::country::weights::Weights;
use crate::document::{Builder, Forms, Letters, Meaning};
use crate::files::{Files, rows, weights};
use crate::language::Languages;
use crate::text::{Language, Script};

/// Thousands of inhabitants from which a town is matched in its inflected forms, too.
const INFLECTED: u32 = 300;

/// Before the name of the town that an adjective or an inhabitant is of.
const OF_TOWN: &str = "@adjective ";

/// A language's words around place names, and how it inflects towns.
const CONTEXT: &str = "places.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "keys of a file")]
struct WrittenContext {
    towns_by_stem: bool,
    apostrophe: bool,
    no_apostrophe: String,
    home_if_doubtful: String,
    namesakes: String,
    county: String,
    saint: String,
    saint_short: String,
    latin_towns_by_stem: bool,
    words: String,
    home: String,
    locative: String,
    organisation: String,
    settlement: String,
    of_state: String,
    street: String,
    possessed: String,
    streets: String,
    street_links: String,
    called: String,
    quoted: String,
    any_street: String,
    thing: String,
    spoken: String,
    spoken_links: String,
    pact: String,
    pact_by_adjective: bool,
    said: String,
    kinds: String,
    kind_endings: String,
    kind_links: String,
    capital_nouns: bool,
    shouted: String,
    not_places: String,
    hints: FxHashMap<String, String>,
}

/// Reads all files and adds their names to the automaton.
pub(crate) fn parse(
    files: &Files,
    languages: &Languages,
    builder: &mut Builder,
    errors: &mut Vec<String>,
) -> Places {
    let mut reader = Reader {
        places: Places::default(),
        names: Vec::new(),
        builder,
        errors,
        ids: FxHashMap::default(),
        capitals: FxHashSet::default(),
        fallback: languages.fallback(),
        stemmed: Vec::new(),
        homes: FxHashSet::default(),
        inflecting: Vec::new(),
        forms_of: None,
    };
    let contexts = reader.written_contexts(files);
    for (language, context) in &contexts {
        if context.towns_by_stem {
            reader.stemmed.push((*language, languages.scripts.of(*language)));
            let home = context.home.split_whitespace();
            reader.homes.extend(home.map(|code| (*language, code.into())));
        }
        if context.latin_towns_by_stem {
            reader.inflecting.push(*language);
        }
    }
    reader.countries(files);
    for (code, path, source) in files.of_languages("adjectives.tsv") {
        reader.adjectives(path, code, source);
    }
    reader.lines(files, "places/more_names.tsv", 4, Reader::more_name);
    reader.lines(files, "places/regions_other.tsv", 3, Reader::region);
    reader.lines(files, "places/regions_us_ca.tsv", 4, Reader::state);
    reader.lines(files, "places/cities.tsv", 2, Reader::city);
    reader.lines(files, "places/exonyms.tsv", 4, Reader::exonym);
    for (code, path, _) in files.of_languages("forms.tsv") {
        reader.forms_of =
            Language::parse(code).filter(|language| languages.scripts.of(*language) == Script::Latin);
        reader.lines(files, path, 3, Reader::forms);
    }
    let focus = "places/focus.tsv";
    let learnt = files.get(focus).map(|source| weights(focus, source, reader.errors)).unwrap_or_default();
    reader.places.focus.extend(learnt.into_iter().map(|(name, weight)| (Box::from(name), weight)));
    reader.places.support = Weights::parse(files, reader.errors);
    reader.places.senses = Weights::parse(files, reader.errors);
    reader.contexts(contexts);
    reader.places.fallback = Some(reader.fallback);
    let mut places = reader.places;
    places.names = Names::of(reader.names);
    let words = (0..places.names.len()).map(|number| places.word(number)).collect();
    reader.builder.places(words, places.names.written());
    places
}

struct Reader<'r> {
    places: Places,
    names: Vec<Draft>,
    builder: &'r mut Builder,
    errors: &'r mut Vec<String>,
    /// The number of each name, by its written form and which of its forms match.
    ids: FxHashMap<(Box<str>, Forms), u32>,
    capitals: FxHashSet<(Box<str>, u16)>,
    /// The language whose names occur in texts of all languages.
    fallback: Language,
    /// Languages with a script of their own, in which multi-word towns, and those at home, are matched by their stems.
    stemmed: Vec<(Language, Script)>,
    /// Languages with each country whose towns they match by stem.
    homes: FxHashSet<(Language, Box<str>)>,
    /// Languages in Latin script that match capitals and large towns by stem.
    inflecting: Vec<Language>,
    /// The language to whose texts the forms being read are limited, since other languages share its letters and have
    /// other words that look the same.
    forms_of: Option<Language>,
}

impl Reader<'_> {
    /// Passes each line that is no comment, split at tabs, to `take`, and reports its errors with their place.
    fn lines(
        &mut self,
        files: &Files,
        path: &str,
        least: usize,
        take: fn(&mut Self, &[&str]) -> Result<(), String>,
    ) {
        let Some(source) = files.get(path) else { return };
        for (at, line) in rows(source) {
            let cells: Vec<&str> = line.split('\t').collect();
            let result = if cells.len() < least {
                Err(format!("{least} columns are needed"))
            } else {
                take(self, &cells)
            };
            if let Err(error) = result {
                self.errors.push(format!("{path} line {at}: {error}"));
            }
        }
    }

    fn countries(&mut self, files: &Files) {
        self.lines(files, "places/countries.tsv", 3, |reader, cells| {
            let index = reader.places.countries.len() as u16;
            let (code, name) = (cells[0], cells[1]);
            let country = Country { code: code.to_owned(), name: name.to_owned(), called: Vec::new() };
            reader.places.countries.push(country);
            if reader.places.by_code.insert(code.into(), index).is_some() {
                return Err(format!("`{code}` is listed twice"));
            }
            if !cells[2].is_empty() {
                reader.capitals.insert((cells[2].into(), index));
            }
            let sense = plain(index, Kind::Country);
            reader.add(name, None, Letters::Name, sense);
            for cell in &cells[3..] {
                let (language, form) = cell.split_once('=').ok_or("names are written language=form")?;
                reader.add(form, Some(language_of(language)?), Letters::Name, sense);
            }
            Ok(())
        });
    }

    fn adjectives(&mut self, path: &str, language: &str, source: &str) {
        for (at, line) in rows(source) {
            let mut take = || -> Result<(), String> {
                let language = language_of(language)?;
                let (code, forms) = line.split_once('\t').ok_or("2 columns are needed")?;
                let sense = plain(self.code(code)?, Kind::Adjective);
                for form in forms.split('|') {
                    self.add(form, self.inflected(language), Letters::Name, sense);
                }
                Ok(())
            };
            if let Err(error) = take() {
                self.errors.push(format!("{path} line {at}: {error}"));
            }
        }
    }

    fn more_name(&mut self, cells: &[&str]) -> Result<(), String> {
        let country = self.code(cells[0])?;
        let (kind, letters) = match cells[1] {
            "name" | "historical" | "disputed" => (Kind::Country, Letters::Name),
            "abbreviation" => (Kind::Country, Letters::Exact),
            "seat" | "institution" => (Kind::Seat, Letters::Name),
            other => return Err(format!("unknown kind `{other}`")),
        };
        let language = self.forms_of_code(cells[2])?;
        for form in cells[3].split('|') {
            self.add(form, language, letters, plain(country, kind));
        }
        Ok(())
    }

    fn region(&mut self, cells: &[&str]) -> Result<(), String> {
        let country = self.code(cells[0])?;
        let language = self.forms_of_code(cells[1])?;
        for form in cells[2].split('|') {
            self.add(form, language, Letters::Name, plain(country, Kind::Region));
        }
        Ok(())
    }

    fn state(&mut self, cells: &[&str]) -> Result<(), String> {
        let country = self.code(cells[0])?;
        let region = two(cells[1]);
        for form in cells[2].split('|') {
            self.add(form, None, Letters::Name, Sense { region, ..plain(country, Kind::Region) });
        }
        for form in cells[3].split('|').filter(|f| *f != "-") {
            // in all caps, as in old wire copy, the dotted ones occur, too
            let dotted = form.contains('.');
            let letters = if dotted { Letters::Name } else { Letters::Exact };
            self.add(form, None, letters, Sense { region, ..plain(country, Kind::Abbreviation) });
        }
        Ok(())
    }

    fn city(&mut self, cells: &[&str]) -> Result<(), String> {
        let country = self.code(cells[1])?;
        let cell = |i: usize| cells.get(i).copied().unwrap_or_default();
        let population =
            cell(3).parse().map_err(|_| format!("`{}` is not a number of inhabitants", cell(3)))?;
        let kind =
            if self.capitals.contains(&(cells[0].into(), country)) { Kind::Capital } else { Kind::City };
        let sense = Sense { country, kind, region: two(cell(2)), population };
        let id = self.add(cells[0], None, Letters::Name, sense);
        self.names[id as usize].word |= cell(4) == "word";
        if kind == Kind::Capital || population >= INFLECTED {
            for language in self.inflecting.clone() {
                self.add(cells[0], Some(language), Letters::Name, sense);
            }
        }
        for form in cell(5).split('|').filter(|f| !f.is_empty()) {
            // A single-word town abroad matches only as written: its stem would collide with common words. Large towns
            // have their forms listed.
            let script = Script::of(form.chars().next().unwrap_or('a'));
            let mut by_stem = false;
            for (language, _) in self.stemmed.clone().into_iter().filter(|(_, own)| *own == script) {
                if form.contains([' ', '-']) || self.homes.contains(&(language, cells[1].into())) {
                    self.add(form, Some(language), Letters::Name, sense);
                    by_stem = true;
                }
            }
            if !by_stem {
                self.add(form, None, Letters::Name, sense);
            }
        }
        Ok(())
    }

    fn exonym(&mut self, cells: &[&str]) -> Result<(), String> {
        let country = self.code(cells[1])?;
        let sense = self.city_of(cells[0], country).ok_or_else(|| no_city(cells[0], cells[1]))?;
        let language = self.forms_of_code(cells[2])?;
        for form in cells[3].split('|') {
            self.add(form, language, Letters::Name, sense);
        }
        Ok(())
    }

    /// Reads forms that match as written, without stemming.
    fn forms(&mut self, cells: &[&str]) -> Result<(), String> {
        let country = self.code(cells[0])?;
        let sense = match cells[1] {
            "-" => plain(country, Kind::Country),
            "@adjective" => plain(country, Kind::Adjective),
            "@seat" => plain(country, Kind::Seat),
            "@region" => plain(country, Kind::Region),
            what => {
                let city = what.strip_prefix(OF_TOWN).unwrap_or(what);
                let sense = self.city_of(city, country).ok_or_else(|| no_city(city, cells[0]))?;
                let kind = if what.starts_with(OF_TOWN) { Kind::Adjective } else { sense.kind };
                Sense { kind, ..sense }
            }
        };
        for form in cells[2].split('|') {
            let id = match self.forms_of {
                Some(language) => self.add_as(form, Forms::WordIn(language), Letters::Name, sense),
                None => self.add(form, None, Letters::Name, sense),
            };
            self.names[id as usize].written = Some(form.to_lowercase().into());
        }
        Ok(())
    }

    /// The largest city of this English name in a country.
    fn city_of(&self, name: &str, country: u16) -> Option<Sense> {
        let id = self.ids.get(&(name.into(), Forms::Word))?;
        let senses = &self.names[*id as usize].senses;
        senses.iter().filter(|s| s.country == country).max_by_key(|s| s.population).copied()
    }

    /// Adds a form of a name: as written in any language, or inflected in one language.
    fn add(&mut self, form: &str, language: Option<Language>, letters: Letters, sense: Sense) -> u32 {
        self.add_as(form, language.map_or(Forms::Word, Forms::Stem), letters, sense)
    }

    fn add_as(&mut self, form: &str, forms: Forms, letters: Letters, sense: Sense) -> u32 {
        let names = &mut self.names;
        let id = *self.ids.entry((form.into(), forms)).or_insert_with(|| {
            let written = matches!(forms, Forms::Stem(_)).then(|| form.to_lowercase().into());
            let only = if let Forms::WordIn(language) = forms { Some(language) } else { None };
            names.push(Draft { written, only, ..Draft::default() });
            names.len() as u32 - 1
        });
        let senses = &mut names[id as usize].senses;
        if !senses.contains(&sense) {
            // nearly all of the hundred thousand names have just one
            senses.reserve_exact(1);
            senses.push(sense);
            if matches!(sense.kind, Kind::Country | Kind::Adjective | Kind::Seat | Kind::Capital) {
                self.places.countries[sense.country as usize].called.push((form.into(), sense.kind));
            }
        }
        self.builder.add(form, letters, forms, Meaning::Place(id));
        id
    }

    /// The language in whose inflected forms a name is matched; `None` for one that matches as written in any language.
    fn inflected(&self, language: Language) -> Option<Language> {
        (language != self.fallback).then_some(language)
    }

    fn forms_of_code(&self, code: &str) -> Result<Option<Language>, String> {
        let language = language_of(code)?;
        Ok(self.inflected(language).filter(|language| *language != Language::UND))
    }

    fn code(&self, code: &str) -> Result<u16, String> {
        self.places.by_code(code).ok_or_else(|| format!("`{code}` is not a code of countries.tsv"))
    }
}

/// Whether a word of a phrase is written in capitals alone.
fn holds_abbreviation(phrase: &str) -> bool {
    phrase.split(' ').any(|word| word.chars().nth(1).is_some() && word.chars().all(char::is_uppercase))
}

fn plain(country: u16, kind: Kind) -> Sense {
    Sense { country, kind, region: [0; 2], population: 0 }
}

pub(super) fn two(code: &str) -> [u8; 2] {
    match code.as_bytes() {
        [a, b] => [*a, *b],
        _ => [0; 2],
    }
}

fn no_city(name: &str, code: &str) -> String {
    format!("`{name}` is not a city of {code} in cities.tsv")
}

fn language_of(code: &str) -> Result<Language, String> {
    Language::parse(code).ok_or_else(|| format!("unknown language `{code}`"))
}
