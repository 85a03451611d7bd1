//! Imports office holders from published formats: Popolo JSON, `FollowTheMoney` entities (OpenSanctions),
//! congress-legislators JSON. The results are rows of `officials/*.tsv`.
//!
//! Sources: <https://www.popoloproject.com/specs/>, <https://followthemoney.tech/explorer/>,
//! <https://github.com/unitedstates/congress-legislators>. Reads only what a row needs.

mod congress;
mod ftm;
mod popolo;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::holders::{COLUMNS, Officials};
use super::rows::is_date;
use crate::language::slug::slug;

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object with `persons`, `memberships`, `organizations`, `posts`.
    Popolo,
    /// One JSON entity per line, with `schema` and `properties`.
    FollowTheMoney,
    /// A list of `id`, `name`, `terms`.
    Congress,
}

impl Format {
    /// Recognises a format by features that no other has.
    pub fn guess(source: &str) -> Option<Self> {
        let has = |word: &str| source.contains(word);
        if has("\"schema\"") && has("\"properties\"") {
            Some(Self::FollowTheMoney)
        } else if has("\"persons\"") {
            Some(Self::Popolo)
        } else if has("terms") && has("name") && has("id") {
            Some(Self::Congress)
        } else {
            None
        }
    }
}

/// One office of one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// In Latin letters.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// Without the country.
    pub office: String,
    /// ISO 3166-1 alpha-2 in capitals, or empty.
    pub country: String,
    /// First day, or empty.
    pub from: String,
    /// Last day, or empty.
    pub to: String,
    /// `Q…`, or empty.
    pub wikidata: String,
    /// The person's id in the source, which distinguishes two persons of one name.
    pub key: String,
}

/// Reads a file. `country` is used if the file names none; `today` (`YYYY-MM-DD`) determines which terms have ended.
///
/// # Errors
/// Says what is wrong and where: not the format, or nobody with name and office in it.
pub fn read(source: &str, format: Format, country: &str, today: &str) -> Result<Vec<Row>, String> {
    let mut rows = match format {
        Format::Popolo => popolo::read(source)?,
        Format::FollowTheMoney => ftm::read(source)?,
        Format::Congress => congress::read(source)?,
    };
    for row in &mut rows {
        row.tidy(country, today);
    }
    rows.retain(|row| !row.name.is_empty() && !row.office.is_empty());
    rows.sort_by(|a, b| (&a.name, &a.key, &a.from).cmp(&(&b.name, &b.key, &b.from)));
    rows.dedup();
    if rows.is_empty() {
        return Err("nobody in it has both a name in Latin letters and an office".to_owned());
    }
    Ok(rows)
}

impl Row {
    /// Converts all cells to the form that the lexicon requires.
    fn tidy(&mut self, country: &str, today: &str) {
        self.name = clean(&self.name);
        self.office = clean(&self.office);
        let latin = |text: &String| text.chars().any(|c| c.is_ascii_alphabetic());
        if !latin(&self.name) {
            let name = self.aliases.iter().find(|a| latin(a)).map(|a| clean(a)).unwrap_or_default();
            self.aliases.push(std::mem::replace(&mut self.name, name));
        }
        let mut aliases: Vec<String> = self.aliases.iter().map(|alias| clean(alias)).collect();
        aliases.sort();
        aliases.dedup();
        // a single word would make everybody with that surname this person
        aliases.retain(|alias| *alias != self.name && alias.contains(' '));
        self.aliases = aliases;
        let code = self.country.to_uppercase();
        let known = code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
        self.country = if known { code } else { country.to_owned() };
        for date in [&mut self.from, &mut self.to] {
            // a time may follow
            date.truncate(date.find('T').unwrap_or(date.len()));
            if !is_date(date) {
                date.clear();
            }
        }
        if self.to.as_str() >= today {
            self.to.clear();
        }
        if !self.to.is_empty() && self.from > self.to {
            (self.from, self.to) = (String::new(), String::new());
        }
        let number = self.wikidata.strip_prefix('Q').unwrap_or_default();
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            self.wikidata.clear();
        }
    }
}

/// Removes the characters that separate cells and spellings.
fn clean(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c == '|').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Formats the rows as a file of `officials/`. Namesakes are distinguished, from each other and from those in `known`.
pub fn write(rows: &[Row], known: &Officials) -> String {
    // the first person with a name gets no `namesake`
    let mut bearers: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut out = COLUMNS.join("\t");
    out.push('\n');
    for row in rows {
        let slug = slug(&row.name);
        let other = known.holders().iter().find(|h| *h.slug == *slug).and_then(|h| h.id.as_deref());
        let taken = other.is_some_and(|id| {
            !row.wikidata.is_empty() && id.strip_prefix("wd:") != Some(row.wikidata.as_str())
        });
        let bearers = bearers.entry(slug).or_default();
        let at = bearers.iter().position(|key| *key == row.key).unwrap_or_else(|| {
            bearers.push(&row.key);
            bearers.len() - 1
        });
        let namesake = match at + usize::from(taken) {
            0 => String::new(),
            n => (n + 1).to_string(),
        };
        let Row { name, office, country, from, to, wikidata, .. } = row;
        let aliases = row.aliases.join("|");
        let _ =
            writeln!(out, "{name}\t{aliases}\t{office}\t{country}\t{from}\t{to}\t\t{wikidata}\t\t{namesake}");
    }
    out
}
