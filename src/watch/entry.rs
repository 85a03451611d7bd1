//! A watch as people write it, in a file or over HTTP, and the lists and owners that go with it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::owner::{NO_OWNER, Owner, is_of_keys, is_owner};
use super::query::{QueryError, parse};
use super::words::Words;
use super::{Severity, Watch};

/// The fields of a watch, unchecked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Unique; part of routing keys.
    pub id: String,
    /// For people; defaults to the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The only one notified of its matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The query; `@list` stands for the terms of a list.
    pub when: String,
    /// How much a match matters.
    #[serde(default)]
    pub severity: Severity,
    /// Whether bare words match all their forms; defaults to the owner's setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forms: Option<bool>,
    /// Kept but not in force.
    #[serde(default, skip_serializing_if = "is_false")]
    pub quiet: bool,
    /// How its matches are grouped: `story`, `article`, `none`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// How long to stay silent after a match: `2h`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooldown: Option<String>,
    /// Maximum number of notices per day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_per_day: Option<u32>,
    /// Times at which held-back matches are sent: `["08:00"]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub digest: Vec<String>,
    /// Delivery channels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deliver: Vec<String>,
    /// Last day on which it is in force, as in `2026-12-31`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Texts that it must match.
    #[serde(default, rename = "match", skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<String>,
    /// Texts that it must not match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_match: Vec<String>,
}

impl Entry {
    /// Whether a [`Watch`] in force says all of it.
    pub fn is_plain(&self) -> bool {
        let Self { forms, quiet, group, cooldown, max_per_day, digest, deliver, expires, .. } = self;
        let is_bare = forms.is_none() && !quiet && expires.is_none();
        let is_told_plainly = group.is_none() && cooldown.is_none() && max_per_day.is_none();
        let lists_nothing =
            [digest, deliver, &self.matches, &self.no_match].iter().all(|list| list.is_empty());
        // in force, the lists of a query are expanded
        is_bare && is_told_plainly && lists_nothing && !self.when.contains('@')
    }

    /// A plain one, from the watch in force.
    pub fn of(watch: Watch) -> Self {
        let Watch { id, name, owner, severity, when, .. } = watch;
        let name = (name != id).then_some(name);
        Self { id, name, owner, when, severity, ..Self::default() }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks for it")]
fn is_false(value: &bool) -> bool {
    !value
}

/// A checked watch, with what becomes of its matches and its own tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The watch to match, with the lists expanded in its query.
    pub watch: Watch,
    /// The file that defines it; empty if it was written over HTTP.
    pub file: String,
    /// As written, for one of a file that is not [plain](Entry::is_plain).
    pub entry: Option<Box<Entry>>,
    /// See [`Entry::quiet`].
    pub quiet: bool,
    /// Last day on which it is in force, in UTC.
    pub expires: Option<Date>,
    /// Texts that it must match.
    pub matches: Vec<String>,
    /// Texts that it must not match.
    pub no_match: Vec<String>,
}

impl Written {
    /// Whether its last day is past.
    pub fn is_over(&self, today: Date) -> bool {
        self.expires.is_some_and(|last| last < today)
    }

    /// Whether it is matched against articles on that day.
    pub fn is_in_force(&self, today: Date) -> bool {
        !self.quiet && !self.is_over(today)
    }
}

/// What is wrong with a watch, worded for its author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong, and what to do.
    pub message: String,
    /// The query at fault and the column in it, from 1.
    pub query: Option<(String, usize)>,
}

impl Wrong {
    pub(super) fn of_query(query: &str, error: &QueryError) -> Self {
        Self { message: error.to_string(), query: Some((query.to_owned(), error.column)) }
    }
}

impl From<String> for Wrong {
    fn from(message: String) -> Self {
        Self { message, query: None }
    }
}

impl From<&str> for Wrong {
    fn from(message: &str) -> Self {
        message.to_owned().into()
    }
}

/// What watches may refer to: the lists and owners of all files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    /// Queries by list name.
    pub lists: BTreeMap<String, String>,
    /// By id.
    pub owners: BTreeMap<String, Owner>,
}

impl Shelf {
    /// Checks a watch.
    pub fn watch(&self, entry: Entry, words: &Words) -> Result<Written, Wrong> {
        let Entry { id, name, owner, when, severity, forms, .. } = entry;
        if !is_of_keys(&id) {
            return Err(
                "an id is made of a to z, 0 to 9, `-`, `_` and `.`: it is part of routing keys".into()
            );
        }
        if let Some(owner) = owner.as_deref().filter(|owner| !is_owner(owner)) {
            return Err(format!("the owner `{owner}` {NO_OWNER}").into());
        }
        let of_owner = owner.as_ref().and_then(|owner| self.owners.get(owner)).map(|owner| owner.forms);
        let forms = forms.or(of_owner).unwrap_or(false);
        // parsed as written first, so that the column refers to what was written
        parse(&when, forms, words).map_err(|error| Wrong::of_query(&when, &error))?;
        let when = self.with_lists(when, forms, words)?;
        let Ok(expires) = entry.expires.as_deref().map(str::parse::<Date>).transpose() else {
            return Err("`expires` takes a day such as 2026-12-31".into());
        };
        let name = name.unwrap_or_else(|| id.clone());
        Ok(Written {
            watch: Watch { id, name, owner, severity, when, forms },
            file: String::new(),
            entry: None,
            quiet: entry.quiet,
            expires,
            matches: entry.matches,
            no_match: entry.no_match,
        })
    }

    /// A query with the lists that it names expanded.
    fn with_lists(&self, when: String, forms: bool, words: &Words) -> Result<String, Wrong> {
        if !when.contains('@') {
            return Ok(when);
        }
        let whole = put_in(&when, &self.lists).map_err(|missing| format!("there is no list `@{missing}`"))?;
        parse(&whole, forms, words).map_err(|error| Wrong::of_query(&whole, &error))?;
        Ok(whole)
    }
}

/// A query with each `@list` replaced by its terms, or the name of a list that does not exist.
fn put_in(query: &str, lists: &BTreeMap<String, String>) -> Result<String, String> {
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

    #[test]
    fn a_plain_watch_is_the_same_from_what_is_in_force() {
        let plain = Entry { id: "oil".to_owned(), when: "oil".to_owned(), ..Entry::default() };
        let named = Entry { name: Some("Oil".to_owned()), owner: Some("desk".to_owned()), ..plain.clone() };
        for entry in [&plain, &named] {
            assert!(entry.is_plain());
            let Entry { id, name, owner, when, severity, .. } = entry.clone();
            let name = name.unwrap_or_else(|| id.clone());
            assert_eq!(Entry::of(Watch { id, name, owner, severity, when, forms: true }), *entry);
        }
        let changes: [fn(&mut Entry); 7] = [
            |e| e.quiet = true,
            |e| e.forms = Some(false),
            |e| e.when = "@oils".to_owned(),
            |e| e.expires = Some("2026-12-31".to_owned()),
            |e| e.max_per_day = Some(3),
            |e| e.no_match = vec!["Gas.".to_owned()],
            |e| e.digest = vec!["08:00".to_owned()],
        ];
        for (number, change) in changes.iter().enumerate() {
            let mut entry = plain.clone();
            change(&mut entry);
            assert!(!entry.is_plain(), "{number}");
        }
    }
}
