//! The role in the description of a speaker.

use std::ops::Range;

use super::super::grammar::Grammar;
use super::{Speakers, TITLE};
use crate::document::Meaning;
use crate::language::class::Class;
use crate::official::titles as office;

impl Speakers<'_> {
    /// A person's title that starts at a token.
    pub fn role_from(&self, grammar: &Grammar, start: usize) -> Option<Range<usize>> {
        self.role(grammar, start, |t| t.start == start)
    }

    /// A person's title that ends right before a token.
    pub fn role_to(&self, grammar: &Grammar, end: usize) -> Option<Range<usize>> {
        self.role(grammar, end.saturating_sub(TITLE), |t| t.end == end)
    }

    /// The first title of a person near a token that meets a condition.
    pub fn role(
        &self,
        grammar: &Grammar,
        from: usize,
        holds: impl Fn(&Range<usize>) -> bool,
    ) -> Option<Range<usize>> {
        let part = self.document.part(grammar.text.field);
        let first = part.hits.partition_point(|h| (h.start as usize) < from);
        let near = part.hits[first..].iter().take_while(|h| (h.start as usize) <= from + TITLE);
        let mut titles = near.filter_map(|h| match h.meaning {
            Meaning::Title(n) => {
                let class = self.data.vocabulary.title(n);
                let tokens = h.start as usize..h.end as usize;
                class.any(Class::OFFICE | Class::ROLE | Class::RANK).then_some(tokens)
            }
            _ => None,
        });
        titles.find(holds)
    }

    /// The kind of office that a description ends with.
    pub fn kind_of(&self, grammar: &Grammar, tokens: &Range<usize>) -> Option<office::Kind> {
        self.titles_at(grammar, tokens).find_map(|n| self.data.titles.term(n).kind)
    }

    /// The classes of the titles that end where a range ends.
    pub fn title(&self, grammar: &Grammar, tokens: &Range<usize>) -> Class {
        self.titles_at(grammar, tokens)
            .fold(Class::default(), |class, n| class | self.data.vocabulary.title(n))
    }

    /// The numbers of the titles within a range that end where it ends.
    pub fn titles_at(&self, grammar: &Grammar, tokens: &Range<usize>) -> impl Iterator<Item = u32> {
        let part = self.document.part(grammar.text.field);
        let from = part.hits.partition_point(|h| (h.start as usize) < tokens.start);
        let end = tokens.end;
        let within = part.hits[from..].iter().take_while(move |h| (h.start as usize) < end);
        within.filter(move |h| h.end as usize == end).filter_map(|h| match h.meaning {
            Meaning::Title(n) => Some(n),
            _ => None,
        })
    }
}
