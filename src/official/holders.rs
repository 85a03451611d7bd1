//! Holders of public office known by name: `config/lexicon/officials/*.tsv`.
//!
//! Owns reading and checking the rows and finding people by name. A row is one office of one person; rows with the same
//! name are the same person unless their `namesake` differs.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::document::{Builder, Forms, Letters, Meaning};
use crate::files::{Files, rows};
use crate::language::names::Names;
use crate::language::slug::slug;
use crate::official::matching::{Fit, Index};
use crate::official::rows::{read, reviewed};
use crate::official::titles::{Kind, Titles};
use crate::text::{Language, Script};

/// The columns of a file, in this order, as in its header row.
pub const COLUMNS: [&str; 10] =
    ["name", "aliases", "office", "country", "from", "to", "seen", "wikidata", "lone", "namesake"];

/// A person in public office.
#[derive(Debug, Clone)]
pub struct Holder {
    /// The full name in Latin letters.
    pub name: Box<str>,
    /// Other names and spellings, in any script.
    pub aliases: Vec<Box<str>>,
    /// See [`crate::official::Office::slug`].
    pub slug: Box<str>,
    /// `wd:Q…`, if verified.
    pub id: Option<Box<str>>,
    /// Whether the surname alone means this person in any article.
    pub lone: bool,
    /// Latest first.
    pub offices: Vec<Holding>,
}

/// An office and when it was held. Dates are `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; `None` if unknown.
#[derive(Debug, Clone)]
pub struct Holding {
    /// "Secretary of State".
    pub title: Box<str>,
    /// ISO 3166-1 alpha-2, or `EU`, `UN`, `NATO` ….
    pub country: Option<Box<str>>,
    /// First day.
    pub from: Option<Box<str>>,
    /// Last day; `None` if the office was still held when the row was reviewed.
    pub to: Option<Box<str>>,
    /// The last year in which it is known to have been held, if it is unknown whether it still is.
    pub seen: Option<Box<str>>,
    /// The kind of office.
    pub kind: Option<Kind>,
    /// Whether it is a crown: those who bear one are known by one name.
    pub crowned: bool,
    /// Whether it is a president's, unlike other heads'.
    pub presides: bool,
    /// File and line: "officials/world.tsv line 47".
    pub row: Box<str>,
    /// Whether every term of the person in this office is listed: only then can it be known to be over, or not yet
    /// begun.
    pub whole: bool,
}

/// A file of rows.
#[derive(Debug, Clone)]
pub struct List {
    /// "officials/world.tsv".
    pub path: Box<str>,
    /// The day after "reviewed" in its comments.
    pub reviewed: Option<jiff::civil::Date>,
}

/// How a day relates to an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// It was not held yet.
    Before,
    /// It was held, as far as is known.
    During,
    /// It was held no longer.
    After,
    /// It may be held: only a year in which it was held is known.
    Unknown,
}

impl Holding {
    /// How a day (`YYYY-MM-DD`) relates to this office.
    pub fn when(&self, day: &str) -> When {
        let cut = |date: &str| day[..date.len().min(day.len())].cmp(date);
        if self.from.as_deref().is_some_and(|from| cut(from).is_lt()) {
            When::Before
        } else if self.to.as_deref().is_some_and(|to| cut(to).is_gt()) {
            When::After
        } else {
            match self.seen.as_deref().map(cut) {
                _ if self.to.is_some() => When::During,
                Some(Ordering::Greater) => When::Unknown,
                Some(Ordering::Less) if self.from.is_none() => When::Unknown,
                _ => When::During,
            }
        }
    }
}

impl Holding {
    /// What an article of a day should call the office: "former President" if all terms are known, "Finance Minister
    /// (by 2019)".
    pub fn called(&self, when: When) -> String {
        match (when, self.seen.as_deref()) {
            (When::After, _) if self.whole => format!("former {}", self.title),
            (When::During | When::After | When::Before, _) | (When::Unknown, None) => self.title.to_string(),
            (When::Unknown, Some(year)) => format!("{} (by {year})", self.title),
        }
    }
}

impl Holder {
    /// Whether they bear or bore a crown.
    pub fn is_crowned(&self) -> bool {
        self.offices.iter().any(|office| office.crowned)
    }

    /// The office held on a day, else the last before it, else the first after it; the latest if no day is given.
    pub fn office(&self, day: Option<&str>) -> (&Holding, When) {
        let latest = &self.offices[0];
        let Some(day) = day else { return (latest, When::During) };
        let held = |when: When| self.offices.iter().find(|o| o.when(day) == when);
        held(When::During)
            .map(|o| (o, When::During))
            .or_else(|| held(When::After).map(|o| (o, When::After)))
            .or_else(|| held(When::Unknown).map(|o| (o, When::Unknown)))
            .unwrap_or((&self.offices[self.offices.len() - 1], When::Before))
    }

    /// [`Self::office`], or another held on the day, or ever if no day is given, that fits what the text calls them:
    /// "Prime Minister Mark Rutte", who now heads NATO.
    pub fn office_told(&self, day: Option<&str>, fits: impl Fn(&Holding) -> bool) -> (&Holding, When) {
        let usual = self.office(day);
        let held = |o: &&Holding| day.is_none_or(|day| o.when(day) == When::During);
        let told = if fits(usual.0) { None } else { self.offices.iter().filter(held).find(|o| fits(o)) };
        told.map_or(usual, |office| (office, When::During))
    }
}

/// Everybody in the files, indexed by [`Meaning::Official`].
#[derive(Debug, Default)]
pub struct Officials {
    holders: Vec<Holder>,
    lists: Vec<List>,
    index: Index,
}

impl Officials {
    /// Reads `officials/*.tsv` and each language's spellings of those names. Errors name file, line and thing.
    pub fn parse(
        files: &Files,
        titles: &Titles,
        names: &mut Names,
        builder: &mut Builder,
        errors: &mut Vec<String>,
    ) -> Self {
        let mut people: BTreeMap<String, (Holder, Vec<String>)> = BTreeMap::new();
        let mut out = Self::default();
        for (path, source) in files.below("officials") {
            read(path, source, &mut people, errors);
            out.lists.push(List { path: path.into(), reviewed: reviewed(source) });
        }
        for (_, path, source) in files.of_languages("officials.tsv") {
            spellings(path, source, &mut people, errors);
        }
        for (mut holder, aliases) in people.into_values() {
            holder.offices.sort_by(|a, b| latest(b).cmp(&latest(a)));
            for office in &mut holder.offices {
                office.kind = titles.kind(&office.title);
                office.crowned = titles.is_crown(&office.title);
                office.presides = titles.presides(&office.title);
            }
            let index = out.holders.len() as u32;
            for alias in std::iter::once(holder.name.as_ref()).chain(aliases.iter().map(String::as_str)) {
                out.add(alias, index, names, builder);
            }
            holder.aliases = aliases.into_iter().map(String::into_boxed_str).collect();
            out.holders.push(holder);
        }
        out
    }

    /// Adds a name. Names in scripts without case are added to the automaton, too, as no capital shows where they
    /// start.
    fn add(&mut self, alias: &str, index: u32, names: &mut Names, builder: &mut Builder) {
        let script = alias.chars().next().map_or(Script::Other, Script::of);
        if matches!(script, Script::Arabic | Script::Hebrew | Script::Georgian | Script::Other) {
            let forms = Forms::Stem(names.scripts.of_word(Language::UND, script));
            builder.add(alias, Letters::Any, forms, Meaning::Official(index));
        }
        alias.split([' ', '-']).for_each(|word| names.keep_whole(word));
        builder.family(&self.index.add(alias, index, names));
    }

    /// A person by number.
    pub fn holder(&self, index: u32) -> &Holder {
        &self.holders[index as usize]
    }

    /// All of them.
    pub fn holders(&self) -> &[Holder] {
        &self.holders
    }

    /// The files that they come from.
    pub fn lists(&self) -> &[List] {
        &self.lists
    }

    /// The holders whose name agrees with a name, given by the keys of its words.
    pub fn by_name(&self, keys: &[String], names: &Names) -> Vec<(u32, Fit)> {
        self.index.by_name(keys, names)
    }

    /// The holders with this surname, by its key.
    #[inline]
    pub fn by_family(&self, key: &str) -> &[u32] {
        self.index.by_family(key)
    }

    /// The holders known by this one word, by its key: "Felipe".
    pub fn by_single(&self, key: &str) -> &[u32] {
        self.index.by_single(key)
    }
}

fn latest(office: &Holding) -> (&str, &str) {
    (office.from.as_deref().or(office.seen.as_deref()).unwrap_or(""), office.to.as_deref().unwrap_or("9999"))
}

/// Reads `languages/xx/officials.tsv`: a listed holder's name, and spellings of it separated by `|`.
fn spellings(
    path: &str,
    source: &str,
    people: &mut BTreeMap<String, (Holder, Vec<String>)>,
    errors: &mut Vec<String>,
) {
    for (at, line) in rows(source) {
        let Some((name, list)) = line.split_once('\t') else {
            errors.push(format!("{path} line {at}: not `name<tab>spellings`"));
            continue;
        };
        match people.get_mut(&slug(&format!("{name} "))) {
            Some((_, known)) => known.extend(list.split('|').map(str::trim).map(str::to_owned)),
            None => errors.push(format!("{path} line {at}: `{name}` is in no file of officials/")),
        }
    }
}

/// Whether a code is an organisation's rather than a state's: "NATO", "EU".
pub(super) fn is_organisation(code: &str) -> bool {
    code.len() != 2 || matches!(code, "EU" | "UN")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;

    /// First and last day of an office, as comparable strings.
    fn span(office: &Holding) -> (&str, &str) {
        let last = office.to.as_deref().or(office.seen.as_deref()).unwrap_or("9999");
        (office.from.as_deref().or(office.seen.as_deref()).unwrap_or(""), last)
    }

    #[test]
    fn who_share_a_name_are_told_apart_by_country_or_time() {
        let knowledge = Knowledge::compiled_in();
        let officials = &knowledge.officials;
        let mut wrong = Vec::new();
        for (name, list) in officials.index.namesakes().filter(|(_, list)| list.len() > 1) {
            for (i, a) in list.iter().enumerate() {
                for b in &list[i + 1..] {
                    let (a, b) = (officials.holder(*a), officials.holder(*b));
                    let clash = a.offices.iter().any(|x| {
                        b.offices.iter().any(|y| {
                            let ((from, to), (since, until)) = (span(x), span(y));
                            x.country == y.country && from < until && since < to
                        })
                    });
                    if clash {
                        wrong.push(format!("{name}: {} and {}", a.slug, b.slug));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn the_offices_of_the_world_are_covered() {
        let knowledge = Knowledge::compiled_in();
        let officials = &knowledge.officials;
        let recent = |o: &&Holding| {
            o.to.as_deref().is_none_or(|to| to > "2022")
                && o.seen.as_deref().is_none_or(|seen| seen >= "2022")
        };
        let countries = |titles: &[&str]| -> std::collections::BTreeSet<&str> {
            let all = officials.holders.iter().flat_map(|h| h.offices.iter());
            all.filter(recent)
                .filter(|o| titles.iter().any(|t| o.title.contains(t)))
                .filter_map(|o| o.country.as_deref().filter(|c| c.len() == 2))
                .collect()
        };
        let least = |what: &str, got: usize, least: usize| assert!(got >= least, "{what}: {got} of {least}");
        let heads =
            ["President", "King", "Monarch", "Emir", "Sultan", "Emperor", "Prime Minister", "Premier"];
        let more = [
            "Chancellor",
            "Taoiseach",
            "Supreme Leader",
            "Chairman of the",
            "Captain Regent",
            "Governor-General",
        ];
        least("heads of state or government", countries(&[&heads[..], &more].concat()).len(), 190);
        let foreign = [
            "Foreign Affairs",
            "External Affairs",
            "Foreign Secretary",
            "Secretary of State",
            "Minister of State",
        ];
        least(
            "foreign ministers",
            countries(&[&foreign[..], &["International Relations"]].concat()).len(),
            170,
        );
        let matters: [(&str, &[&str]); 4] = [
            ("finance", &["Finance", "Treasur", "Exchequer", "Econom"]),
            ("defence", &["Defence", "Defense", "Armed Forces", "National Defen"]),
            (
                "interior",
                &["Interior", "Home ", "Internal", "Justice", "Public Safety", "Public Security", "Homeland"],
            ),
            ("central bank", &["Bank", "Bundesbank", "Federal Reserve"]),
        ];
        // the G20, the South Caucasus, Central Asia, the EU and most of the Middle East
        let groups = "AR AU BR CA CN FR DE IN ID IT JP KR MX RU SA ZA TR GB US AM AZ GE KZ KG UZ \
                      AT BE BG CY CZ DK EE FI GR HU IE LV LT LU MT NL PL PT RO SE SI SK ES EG IL IQ IR LB SY AE";
        for (what, titles) in matters {
            let have = countries(titles);
            let missing: Vec<&str> = groups.split_whitespace().filter(|c| !have.contains(c)).collect();
            assert!(missing.len() <= 4, "{what}: none known for {missing:?}");
        }
        least("persons", officials.holders.len(), 2_100);
        let congress = |title: &str, least: usize| {
            let of = officials
                .holders
                .iter()
                .filter(|h| h.offices.iter().any(|o| *o.title == *title && o.to.is_none()));
            assert!(of.count() >= least, "{title}");
        };
        congress("Senator", 100);
        congress("Representative", 425);
        let governors = officials.holders.iter().filter(|h| {
            h.offices
                .iter()
                .any(|o| o.title.starts_with("Governor of ") && o.country.as_deref() == Some("US"))
        });
        least("governors", governors.count(), 50);
    }
}
