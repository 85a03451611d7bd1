//! Files of watches: TOML with `[[watch]]`, `[[list]]` and `[[owner]]`, or one JSON object a line.
//!
//! A bad watch never stops the others: what is wrong with it stands beside those that are good.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::query::{QueryError, parse};
use super::words::Words;
use super::{Severity, Watch};

/// A watch of a file, with what is done with its matches and its own tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What is matched; its query has the lists that it names put in.
    pub watch: Watch,
    /// The file that it stands in.
    pub file: String,
    /// How its matches are gathered: `story`, `article`, `none`.
    pub group: Option<String>,
    /// For how long nothing more is told after a match: `2h`.
    pub cooldown: Option<String>,
    /// The most that is told a day.
    pub max_per_day: Option<u32>,
    /// At which times what was held back is told: `["08:00"]`.
    pub digest: Vec<String>,
    /// By which ways.
    pub deliver: Vec<String>,
    /// The last day on which it is in force, in UTC.
    pub expires: Option<Date>,
    /// Texts that it has to match.
    pub matches: Vec<String>,
    /// Texts that it must not match.
    pub no_match: Vec<String>,
}

impl Written {
    /// Whether its last day is over on a day.
    pub fn is_over(&self, today: Date) -> bool {
        self.expires.is_some_and(|last| last < today)
    }
}

/// What is wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The watch, list or owner, if it is known.
    pub id: Option<String>,
    /// What is wrong, and what to do.
    pub message: String,
    /// The query, where it is wrong, and the column in it from 1.
    pub query: Option<(String, usize)>,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        if let Some(id) = &self.id {
            write!(f, ": {id}")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some((query, column)) = &self.query {
            // a long query is shown around the place
            let skip = column.saturating_sub(60);
            let line: String =
                query.chars().skip(skip).take(100).map(|c| if c.is_control() { ' ' } else { c }).collect();
            write!(f, "\n  {line}\n  {}^", " ".repeat(column - 1 - skip))?;
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tables {
    #[serde(default)]
    watch: Vec<toml::Table>,
    #[serde(default)]
    list: Vec<toml::Table>,
    #[serde(default)]
    owner: Vec<toml::Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    owner: Option<String>,
    when: String,
    #[serde(default)]
    severity: Severity,
    #[serde(default)]
    forms: Option<bool>,
    #[serde(default)]
    group: Option<String>,
    #[serde(default)]
    cooldown: Option<String>,
    #[serde(default)]
    max_per_day: Option<u32>,
    #[serde(default)]
    digest: Vec<String>,
    #[serde(default)]
    deliver: Vec<String>,
    #[serde(default)]
    expires: Option<String>,
    #[serde(default, rename = "match")]
    matches: Vec<String>,
    #[serde(default)]
    no_match: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    id: String,
    terms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Owner {
    id: String,
    #[serde(default)]
    forms: bool,
}

/// Reads files, given by name and text. Lists and owners hold in all of them.
pub fn read<'f>(
    files: impl IntoIterator<Item = (&'f str, &'f str)>,
    words: &Words,
) -> (Vec<Written>, Vec<Fault>) {
    let mut reader = Reader { words, lists: BTreeMap::new(), owners: BTreeMap::new(), faults: Vec::new() };
    let mut entries: Vec<(&str, Entry)> = Vec::new();
    for (file, text) in files {
        if file.rsplit('.').next() == Some("toml") {
            entries.extend(reader.tables(file, text).into_iter().map(|entry| (file, entry)));
        } else {
            entries.extend(reader.lines(file, text).into_iter().map(|entry| (file, entry)));
        }
    }
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut out = Vec::new();
    for (file, entry) in entries {
        let id = entry.id.clone();
        if let Some(first) = seen.get(&id) {
            reader.fault(file, Some(&id), format!("the id is taken by another watch, in {first}"));
            continue;
        }
        seen.insert(id, file);
        out.extend(reader.watch(file, entry));
    }
    (out, reader.faults)
}

/// Bytes of the name of an owner: it has to fit into a routing key with the kind before it.
const OWNER: usize = 200;

/// Whether somebody can be the owner of watches by that name: notices are published by it.
pub fn is_owner(name: &str) -> bool {
    is_of_keys(name) && name.len() <= OWNER
}

fn is_of_keys(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

struct Reader<'w> {
    words: &'w Words,
    /// Queries by the name of the list.
    lists: BTreeMap<String, String>,
    /// Whether bare words mean all forms.
    owners: BTreeMap<String, bool>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault(&mut self, file: &str, id: Option<&str>, message: impl Into<String>) {
        let (file, id) = (file.to_owned(), id.map(str::to_owned));
        self.faults.push(Fault { file, id, message: message.into(), query: None });
    }

    fn wrong_query(&mut self, file: &str, id: &str, query: &str, error: &QueryError) {
        let column = error.column;
        let (file, id) = (file.to_owned(), Some(id.to_owned()));
        self.faults.push(Fault {
            file,
            id,
            message: error.to_string(),
            query: Some((query.to_owned(), column)),
        });
    }

    /// A table as what it should be; what is wrong is noted.
    fn table<T: serde::de::DeserializeOwned>(&mut self, file: &str, table: toml::Table) -> Option<T> {
        let id = table.get("id").and_then(|id| id.as_str()).map(str::to_owned);
        match toml::Value::Table(table).try_into() {
            Ok(read) => Some(read),
            Err(error) => {
                self.fault(file, id.as_deref(), error.message());
                None
            }
        }
    }

    fn tables(&mut self, file: &str, text: &str) -> Vec<Entry> {
        let tables: Tables = match toml::from_str(text) {
            Ok(tables) => tables,
            Err(error) => {
                self.fault(file, None, error.to_string().trim_end());
                return Vec::new();
            }
        };
        for table in tables.owner {
            if let Some(Owner { id, forms }) = self.table(file, table) {
                self.owners.insert(id, forms);
            }
        }
        for table in tables.list {
            if let Some(list) = self.table(file, table) {
                self.list(file, list);
            }
        }
        tables.watch.into_iter().filter_map(|table| self.table(file, table)).collect()
    }

    fn lines(&mut self, file: &str, text: &str) -> Vec<Entry> {
        let mut out = Vec::new();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            match serde_json::from_str(line) {
                Ok(entry) => out.push(entry),
                Err(error) => self.fault(file, None, format!("line {}: {error}", at + 1)),
            }
        }
        out
    }

    fn list(&mut self, file: &str, list: List) {
        let mut terms = Vec::new();
        for term in list.terms {
            // several words without quotation marks are a phrase
            let bare = term.contains(' ') && !term.contains(['"', '“', '”', '(', ':']);
            let term = if bare { format!("\"{term}\"") } else { term };
            match parse(&term, false, self.words) {
                Ok(_) => terms.push(if term.contains(' ') && !bare { format!("({term})") } else { term }),
                Err(error) => self.wrong_query(file, &list.id, &term, &error),
            }
        }
        if terms.is_empty() {
            self.fault(file, Some(&list.id), "the list has no terms");
            return;
        }
        if self.lists.insert(list.id.clone(), format!("({})", terms.join(" OR "))).is_some() {
            self.fault(file, Some(&list.id), "there is another list of that id");
        }
    }

    /// A query with the lists that it names put in; what is wrong with that is noted.
    fn put_lists_in(&mut self, file: &str, id: &str, when: String, forms: bool) -> Option<String> {
        if !when.contains('@') {
            return Some(when);
        }
        match with_lists(&when, &self.lists) {
            Err(missing) => self.fault(file, Some(id), format!("there is no list `@{missing}`")),
            Ok(whole) => match parse(&whole, forms, self.words) {
                Ok(_) => return Some(whole),
                Err(error) => self.wrong_query(file, id, &whole, &error),
            },
        }
        None
    }

    fn watch(&mut self, file: &str, entry: Entry) -> Option<Written> {
        let Entry { id, name, owner, when, severity, forms, .. } = entry;
        if !is_of_keys(&id) {
            self.fault(
                file,
                Some(&id),
                "an id is made of a to z, 0 to 9, `-`, `_` and `.`: it is part of routing keys",
            );
            return None;
        }
        if let Some(owner) = owner.as_deref().filter(|owner| !is_owner(owner)) {
            let why = format!(
                "the owner `{owner}` is made of other than a to z, 0 to 9, `-`, `_` and `.`, or of more than {OWNER}: it is \
                 part of routing keys"
            );
            self.fault(file, Some(&id), why);
            return None;
        }
        let of_owner = owner.as_ref().and_then(|owner| self.owners.get(owner)).copied();
        let forms = forms.or(of_owner).unwrap_or(false);
        // as written first, so that the column is that of the file
        if let Err(error) = parse(&when, forms, self.words) {
            self.wrong_query(file, &id, &when, &error);
            return None;
        }
        let when = self.put_lists_in(file, &id, when, forms)?;
        let Ok(expires) = entry.expires.as_deref().map(str::parse::<Date>).transpose() else {
            self.fault(file, Some(&id), "`expires` takes a day such as 2026-12-31");
            return None;
        };
        let name = name.unwrap_or_else(|| id.clone());
        Some(Written {
            watch: Watch { id, name, owner, severity, when, forms },
            file: file.to_owned(),
            group: entry.group,
            cooldown: entry.cooldown,
            max_per_day: entry.max_per_day,
            digest: entry.digest,
            deliver: entry.deliver,
            expires,
            matches: entry.matches,
            no_match: entry.no_match,
        })
    }
}

/// A query with each `@list` replaced by its terms; else the name of a list that is not there.
fn with_lists(query: &str, lists: &BTreeMap<String, String>) -> Result<String, String> {
    let mut out = String::with_capacity(query.len());
    let mut quoted = false;
    let mut rest = query;
    while let Some(c) = rest.chars().next() {
        let before = out.chars().next_back().is_none_or(|c| c.is_whitespace() || c == '(' || c == ':');
        quoted ^= matches!(c, '"' | '“' | '”');
        if c == '@' && before && !quoted {
            let name = rest[1..].split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).next();
            let name = name.unwrap_or_default();
            out.push_str(lists.get(name).ok_or_else(|| name.to_owned())?);
            rest = &rest[1 + name.len()..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;

    #[test]
    fn a_bad_watch_does_not_stop_the_others() {
        let words = Knowledge::compiled_in().watch_words;
        let file = r#"
[[owner]]
id = "desk"
forms = true

[[list]]
id = "banks"
terms = ["Kapital Bank", "raw:\"ABB\"", "Pasha*"]

[[watch]]
id = "one"
when = "@banks AND (oil OR gas)"
owner = "desk"
severity = "high"

[[watch]]
id = "two"
when = "oil and gas"

[[watch]]
id = "three"
when = "@shops"

[[watch]]
id = "four"
when = "a"
sevrity = "high"

[[watch]]
id = "one"
when = "b"

[[watch]]
id = "last"
when = 'site:"a@b.az" AND "@banks"'
expires = "2026-12-31"
match = ["Oil."]
"#;
        let more = "{\"id\": \"six\", \"when\": \"x\", \"owner\": \"a desk\"}\n{\"id\": \"five\", \"when\": \"x\", \"name\": \"five\"}\n\n{\"id\": 5}\n";
        let (watches, faults) = read([("a.toml", file), ("b.ndjson", more), ("c.toml", "[[watch]")], &words);
        let ids: Vec<&str> = watches.iter().map(|w| w.watch.id.as_str()).collect();
        assert_eq!(ids, ["one", "last", "five"]);
        assert_eq!(watches[0].watch.when, "(\"Kapital Bank\" OR raw:\"ABB\" OR Pasha*) AND (oil OR gas)");
        assert!(watches[0].watch.forms && watches[0].watch.severity == Severity::High);
        assert_eq!(watches[1].expires, "2026-12-31".parse().ok());
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        for (fault, parts) in told.iter().zip([
            &["a.toml: four", "sevrity"][..],
            &["b.ndjson: line 4", "invalid type"],
            &["c.toml:", "expected"],
            &["a.toml: two: column 5", "write AND\n  oil and gas\n      ^"],
            &["a.toml: three", "no list `@shops`"],
            &["a.toml: one", "taken"],
            &["b.ndjson: six", "the owner `a desk`"],
        ]) {
            assert!(parts.iter().all(|part| fault.contains(part)), "{fault}: {parts:?}");
        }
        assert_eq!(told.len(), 7, "{told:#?}");
    }
}
