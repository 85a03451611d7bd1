//! Surnames that stand alone, and the names of headlines.

use super::super::described::Told;
use super::{Draft, Gathering};
use crate::document::Mention;
use crate::text::Field;

impl Gathering<'_> {
    /// Takes lone surnames; each refers to the bearer named last before it.
    pub fn take_lone(&mut self, part: usize, lone: &[usize]) {
        for &t in lone {
            if let Some(who) = self.bearer(part, t) {
                self.mention(who, part, t..t + 1);
            }
        }
    }

    /// Takes the names of a headline. Any word may have a capital there, so each one is looked up, and includes the
    /// given name before it.
    pub fn take_headline(&mut self) {
        let mut t = 0;
        while t < self.parts[0].text.tokens.len() {
            if let Some(who) = self.parts[0].capital(t).then(|| self.bearer(0, t)).flatten() {
                let marked = &self.parts[0];
                let before = t > 0
                    && !marked.breaks(t)
                    && marked.capital(t - 1)
                    && self.people[who].keys.len() > 1
                    && marked.data.vocabulary.names.key(marked.text.word(t - 1), marked.language)
                        == self.people[who].keys[0];
                self.mention(who, 0, t - usize::from(before)..t + 1);
            }
            t += 1;
        }
    }

    pub fn bearer(&mut self, part: usize, t: usize) -> Option<usize> {
        let marked = &self.parts[part];
        if self.families.is_empty() && !marked.family(t) {
            return None;
        }
        if marked.is_of_thing(&(t..t + 1)) {
            return None;
        }
        let (officials, families) = (&self.data.holders, &self.families);
        let (list, holders) = marked.with_key(t, |key| (families.get(key), officials.by_family(key)));
        let others = || self.other_keys(part, &(t..t + 1)).into_iter().find_map(|key| families.get(&key));
        let list = if list.is_none() && holders.is_empty() { others() } else { list };
        if let Some(list) = list {
            // the one named last before this place; the mentions in the body are in order only within a kind
            let field = if part == 0 { Field::Title } else { Field::Text };
            let near = |who: &usize| {
                let before = |m: &&Mention| m.field == field && m.tokens.start < t;
                self.people[*who].mentions.iter().rev().filter(before).map(|m| m.tokens.start).max()
            };
            return if list.len() == 1 { Some(list[0]) } else { list.iter().copied().max_by_key(near) };
        }
        let holder = holders.iter().copied().find(|h| officials.holder(*h).lone && self.alive(*h))?;
        let key = marked.with_key(t, str::to_owned);
        let who = self.people.len();
        self.people.push(Draft {
            keys: vec![key],
            others: Vec::new(),
            lady: false,
            fullest: (part, t..t + 1),
            office: None,
            told: Told::default(),
            ruler: None,
            holder: Some(holder),
            mentions: Vec::new(),
        });
        self.enter(who);
        Some(who)
    }
}
