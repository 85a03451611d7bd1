//! Files of watches: TOML with `[[watch]]`, `[[list]]` and `[[owner]]`, or one JSON object per line.
//!
//! A bad watch never stops the others: its fault is reported next to the good ones.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::entry::{Entry, Shelf, Written, Wrong};
use super::owner::Owner;
use super::query::{QueryError, parse};
use super::words::Words;

/// A fault in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The watch, list or owner, if known.
    pub id: Option<String>,
    /// What is wrong, and what to do about it.
    pub message: String,
    /// The query at fault, and what is wrong with it.
    pub query: Option<(String, QueryError)>,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        if let Some(id) = &self.id {
            write!(f, ": {id}")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some((query, error)) = &self.query {
            write!(f, "\n{}", error.marked(query))?;
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
struct List {
    id: String,
    terms: Vec<String>,
}

/// The contents of the files.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// The valid watches.
    pub watches: Vec<Written>,
    /// What is wrong with the rest.
    pub faults: Vec<Fault>,
    /// Lists and owners; they apply to all files and to watches written over HTTP.
    pub shelf: Shelf,
}

/// Reads files, given as name and text.
pub fn read<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>, words: &Words) -> Files {
    let mut reader = Reader { words, out: Files::default() };
    let mut entries: Vec<(&str, Entry)> = Vec::new();
    for (file, text) in files {
        if file.rsplit('.').next() == Some("toml") {
            entries.extend(reader.tables(file, text).into_iter().map(|entry| (file, entry)));
        } else {
            entries.extend(reader.lines(file, text).into_iter().map(|entry| (file, entry)));
        }
    }
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (file, entry) in entries {
        let id = entry.id.clone();
        if let Some(first) = seen.get(&id) {
            reader.fault(file, Some(&id), format!("the id is taken by another watch, in {first}"));
            continue;
        }
        seen.insert(id.clone(), file);
        let whole = (!entry.is_plain()).then(|| Box::new(entry.clone()));
        match reader.out.shelf.watch(entry, words) {
            Ok(watch) => reader.out.watches.push(Written { file: file.to_owned(), entry: whole, ..watch }),
            Err(wrong) => reader.fault(file, Some(&id), wrong),
        }
    }
    reader.out
}

struct Reader<'w> {
    words: &'w Words,
    out: Files,
}

impl Reader<'_> {
    fn fault(&mut self, file: &str, id: Option<&str>, wrong: impl Into<Wrong>) {
        let (file, id, Wrong { message, query }) = (file.to_owned(), id.map(str::to_owned), wrong.into());
        self.out.faults.push(Fault { file, id, message, query });
    }

    /// Deserializes a table; records a fault if that fails.
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
            let Some(owner) = self.table::<Owner>(file, table) else { continue };
            match owner.fault() {
                Some(wrong) => self.fault(file, Some(&owner.id), wrong),
                None => drop(self.out.shelf.owners.insert(owner.id.clone(), owner)),
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
                Err(error) => self.fault(file, Some(&list.id), Wrong::of_query(&term, error)),
            }
        }
        if terms.is_empty() {
            self.fault(file, Some(&list.id), "the list has no terms");
            return;
        }
        let terms = format!("({})", terms.join(" OR "));
        if self.out.shelf.lists.insert(list.id.clone(), terms).is_some() {
            self.fault(file, Some(&list.id), "there is another list of that id");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::knowledge::Knowledge;
    use crate::watch::Severity;

    #[test]
    fn a_bad_watch_does_not_stop_the_others() {
        let words = Arc::clone(&Knowledge::compiled_in().watch_words);
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
        let files = [("a.toml", file), ("b.ndjson", more), ("c.toml", "[[watch]")];
        let Files { watches, faults, shelf } = read(files, &words);
        assert!(shelf.owners["desk"].forms && shelf.lists.contains_key("banks"));
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
