//! Whom a pronoun may mean: the person whom the sentences before it are about, rather than others whom they
//! mention.

use std::ops::Range;

use super::grammar::Grammar;
use super::speaker::Speakers;
use crate::document::Meaning;
use crate::language::word::Word;
use crate::text::Field;

/// How many names before a pronoun are considered.
const RECENT: usize = 12;
/// Most tokens of a title before a name.
const TITLE: usize = 7;
/// Most tokens of a name that are looked at.
const NAME: usize = 4;
/// How many mentions of a person are searched for a title.
const MENTIONS: usize = 4;

impl Speakers<'_> {
    /// The person named last who fits; within a sentence, the first one whom no preposition governs.
    pub(super) fn subject_near(
        grammar: &Grammar,
        before: &[(Range<usize>, usize)],
        fits: impl Fn(&Range<usize>, usize) -> bool,
    ) -> Option<usize> {
        let recent = &before[before.len().saturating_sub(RECENT)..];
        let sentence = |name: &Range<usize>| grammar.text.sentence_of(name.start);
        let mut best: Option<(usize, bool, usize)> = None;
        for (name, who) in recent.iter().rev().filter(|(name, who)| fits(name, *who)) {
            let (at, free) = (sentence(name), !Self::hangs(grammar, name.start));
            match best {
                // go back to an earlier sentence only while every name found was governed
                Some((there, true, _)) if there != at => break,
                Some(_) if !free => {}
                _ => best = Some((at, free, *who)),
            }
        }
        best.map(|(_, _, who)| who)
    }

    /// Whether a preposition governs a name, by itself or with its title: "with Minister Rao".
    pub(super) fn hangs(grammar: &Grammar, name: usize) -> bool {
        let least = name.saturating_sub(TITLE);
        let mut at = name;
        while at > least && (grammar.title_ends(at - 1) || grammar.is(at - 1, Word::DETERMINER)) {
            at -= 1;
        }
        at > 0 && grammar.is(at - 1, Word::PREPOSITION | Word::TO | Word::GENITIVE | Word::JOINS)
    }

    /// Whether a sentence that starts between two tokens is about somebody whom no list knows: "Koulamallah Torde is
    /// free. He says …".
    pub(super) fn stranger_between(&self, grammar: &Grammar, from: usize, to: usize) -> bool {
        let sentences = &grammar.text.sentences;
        let (first, last) = (grammar.text.sentence_of(from) + 1, grammar.text.sentence_of(to));
        sentences.get(first..=last).into_iter().flatten().any(|sentence| {
            let head = sentence.start;
            let name = (head..to.min(head + NAME)).take_while(|i| grammar.capital(*i)).count();
            let plain = |i: usize| !grammar.named(i) && !grammar.title_ends(i) && !self.in_place(grammar, i);
            name > 1 && grammar.stretch(head).is_none() && (head..head + name).all(plain)
        })
    }

    /// Whether a place's name covers a token.
    fn in_place(&self, grammar: &Grammar, at: usize) -> bool {
        let mut here = self.document.part(grammar.text.field).hits_over(at);
        here.any(|h| matches!(h.meaning, Meaning::Place(_)))
    }

    /// Whether a person is a woman, going by the given name, or else by the article or "Mrs" before the name and
    /// its title.
    pub(super) fn is_woman(&self, grammar: &Grammar, who: usize) -> Option<bool> {
        self.female[who].or_else(|| {
            let field = grammar.text.field;
            let mentions =
                self.people[who].mentions.iter().filter(|m| m.field == field && field == Field::Text);
            mentions.take(MENTIONS).find_map(|m| titled(grammar, m.tokens.start))
        })
    }
}

/// What the word before a name and its title shows: "la présidente de la région, Anne Roux", "Frau Roux".
fn titled(grammar: &Grammar, name: usize) -> Option<bool> {
    let least = name.saturating_sub(TITLE);
    let sort = |i: usize| match (grammar.is(i, Word::MASCULINE), grammar.is(i, Word::FEMININE)) {
        (man, woman) if man != woman => Some(woman),
        _ => None,
    };
    let mut title = false;
    for i in (least..name).rev() {
        if grammar.finite(i) || grammar.mark(i).is_some_and(|c| !matches!(c, ',' | '.' | '\'' | '’' | '-'))
        {
            return None;
        }
        title |= grammar.title_ends(i);
        let beside = i + 1 == name || i + 2 == name && grammar.mark(i + 1) == Some('.');
        if let Some(woman) = sort(i).filter(|_| beside || title && grammar.title_ends(i + 1)) {
            return Some(woman);
        }
    }
    None
}
