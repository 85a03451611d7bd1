//! All names in flat lists: most of them have one sense and no form, and with a list of its own each would take four
//! times the memory.

use std::sync::Arc;

use super::{Kind, Sense};
use crate::document::Strings;
use crate::text::Language;

/// A name with its senses, likeliest first.
#[derive(Debug, Clone, Copy, Default)]
pub struct Name<'n> {
    /// What it may refer to.
    pub senses: &'n [Sense],
    /// Whether it is also a common word of the language: "Reading".
    pub word: bool,
    /// In lower case, for a name that is matched in all its forms.
    pub written: Option<&'n str>,
    /// The language whose texts it is limited to, if other languages have words that look the same.
    pub only: Option<Language>,
}

impl Name<'_> {
    /// Whether it is first and foremost a place, and not a small town that a person may be named after.
    pub fn is_firm(&self) -> bool {
        self.senses.first().is_some_and(|s| match s.kind {
            Kind::Country | Kind::Seat | Kind::Region | Kind::Capital => true,
            Kind::Adjective => !s.is_local(),
            Kind::City => s.population >= 1000,
            Kind::Abbreviation | Kind::Hint | Kind::Nothing => false,
        })
    }
}

/// A name while the files are read; see [`Name`].
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub senses: Vec<Sense>,
    pub word: bool,
    pub written: Option<Box<str>>,
    pub only: Option<Language>,
}

/// All names by their numbers.
#[derive(Debug, Default)]
pub(super) struct Names {
    stored: Vec<Stored>,
    senses: Vec<Sense>,
    /// [`Name::written`]; empty for none.
    written: Arc<Strings>,
}

#[derive(Debug)]
struct Stored {
    /// Where its senses end; they begin where those of the name before end.
    senses: u32,
    word: bool,
    only: Option<Language>,
}

impl Names {
    /// Puts the names as read, whose numbers are their places in the list, into their final form.
    pub fn of(mut drafts: Vec<Draft>) -> Self {
        let mut names = Self {
            stored: Vec::with_capacity(drafts.len()),
            senses: Vec::with_capacity(drafts.iter().map(|draft| draft.senses.len()).sum()),
            written: Arc::new(
                drafts.iter().map(|draft| draft.written.as_deref().unwrap_or_default()).collect(),
            ),
        };
        for draft in &mut drafts {
            draft.senses.sort_by_key(|s| (s.kind, std::cmp::Reverse(s.population)));
            names.senses.extend(&draft.senses);
            let senses = names.senses.len() as u32;
            names.stored.push(Stored { senses, word: draft.word, only: draft.only });
        }
        names
    }

    /// The name with this number.
    #[inline]
    pub fn get(&self, number: u32) -> Name<'_> {
        let at = number as usize;
        let from = at.checked_sub(1).map_or(0, |before| self.stored[before].senses);
        let Stored { senses, word, only } = self.stored[at];
        let written = Some(self.written.get(number)).filter(|written| !written.is_empty());
        Name { senses: &self.senses[from as usize..senses as usize], word, written, only }
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        self.stored.len() as u32
    }

    /// The names as written, by their numbers.
    pub fn written(&self) -> Arc<Strings> {
        Arc::clone(&self.written)
    }
}
