//! Watches as written, packed: one text holds all their strings.

use rustc_hash::FxHashMap;

use super::{Severity, Watch, key};
use crate::document::scan::ByHash;

/// Packed watches. Each is known by its number, from 0.
#[derive(Debug, Default)]
pub(super) struct Store {
    /// Id, name and query of each, concatenated.
    text: String,
    rows: Vec<Row>,
    owners: Vec<Box<str>>,
    owner_numbers: FxHashMap<Box<str>, u32>,
    /// By the key of an id.
    by_id: ByHash<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    /// Where its text begins; it ends where the next one begins.
    start: u32,
    /// Length of the id in bytes.
    id: u16,
    /// Length of the name in bytes.
    name: u16,
    /// Number of the owner from 1, 0 if there is none; above it the severity and forms.
    rest: u32,
}

/// Bits of [`Row::rest`] for the owner.
const OWNER: u32 = 28;

impl Store {
    /// Adds a watch. Truncates ids and names to 64 KiB.
    pub fn add(&mut self, watch: &Watch) {
        let number = self.rows.len() as u32;
        let owner = watch.owner.as_deref().map_or(0, |owner| self.owner_number(owner));
        let severity = match watch.severity {
            Severity::Low => 0,
            Severity::Medium => 1,
            Severity::High => 2,
            Severity::Critical => 3,
        };
        let rest = owner | severity << OWNER | u32::from(watch.forms) << (OWNER + 2);
        let start = self.text.len() as u32;
        let [id, name] = [&watch.id, &watch.name].map(|text| cut(text));
        [id, name, watch.when.as_str()].into_iter().for_each(|text| self.text.push_str(text));
        self.rows.push(Row { start, id: id.len() as u16, name: name.len() as u16, rest });
        self.by_id.insert(key::word(&watch.id), number);
    }

    fn owner_number(&mut self, owner: &str) -> u32 {
        if let Some(known) = self.owner_numbers.get(owner) {
            return *known;
        }
        self.owners.push(owner.into());
        self.owner_numbers.insert(owner.into(), self.owners.len() as u32);
        self.owners.len() as u32
    }

    /// The number of watches.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The number of a watch.
    pub fn find(&self, id: &str) -> Option<u32> {
        self.by_id.get(&key::word(id)).copied().filter(|number| self.id(*number) == id)
    }

    /// The id of a watch.
    pub fn id(&self, number: u32) -> &str {
        let row = self.rows[number as usize];
        &self.text[row.start as usize..][..usize::from(row.id)]
    }

    /// The query of a watch, and whether its bare words match all their forms.
    pub fn query(&self, number: u32) -> (&str, bool) {
        let row = self.rows[number as usize];
        let end = self.rows.get(number as usize + 1).map_or(self.text.len(), |next| next.start as usize);
        let start = row.start as usize + usize::from(row.id) + usize::from(row.name);
        (&self.text[start..end], row.rest >> (OWNER + 2) & 1 == 1)
    }

    /// Whether a watch has an owner.
    pub fn is_owned(&self, number: u32) -> bool {
        self.rows[number as usize].rest & ((1 << OWNER) - 1) != 0
    }

    /// A watch as it was written.
    pub fn watch(&self, number: u32) -> Watch {
        let row = self.rows[number as usize];
        let end = self.rows.get(number as usize + 1).map_or(self.text.len(), |next| next.start as usize);
        let (id, rest) = self.text[row.start as usize..end].split_at(usize::from(row.id));
        let (name, when) = rest.split_at(usize::from(row.name));
        let owner = (row.rest & ((1 << OWNER) - 1)).checked_sub(1);
        let severity = match row.rest >> OWNER & 3 {
            0 => Severity::Low,
            1 => Severity::Medium,
            2 => Severity::High,
            _ => Severity::Critical,
        };
        Watch {
            id: id.to_owned(),
            name: name.to_owned(),
            owner: owner.map(|n| self.owners[n as usize].to_string()),
            severity,
            when: when.to_owned(),
            forms: row.rest >> (OWNER + 2) & 1 == 1,
        }
    }

    /// Frees what is only needed while it grows.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.rows.shrink_to_fit();
        self.by_id.shrink_to_fit();
        self.owner_numbers = FxHashMap::default();
    }

    /// Approximate size in bytes.
    pub fn bytes(&self) -> usize {
        self.text.capacity() + 12 * self.rows.capacity() + 17 * self.by_id.capacity()
    }
}

/// As much of the beginning of a text as fits in 64 KiB.
fn cut(text: &str) -> &str {
    let end = (0..=text.len().min(usize::from(u16::MAX))).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or(0)]
}
