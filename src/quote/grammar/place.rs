//! Decides which listed words are cues in their sentence: "press" is not in "press secretary", and "so-called"
//! never is.
//!
//! Chooses among the readings of a word, and rules out verb forms that say nothing.

use super::sight::{ED, FINITE, ING, S};
use super::{Data, Grammar, Place};
use crate::document::{Meaning, Scanned};
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::text::{Case, Field, Gap, Kind, Token};

/// Most tokens between a participle and its auxiliary.
const AUXILIARY: usize = 8;
/// Most tokens between a verb and its particle.
const CLAUSE: usize = 24;
/// Most words before the last one of a compound.
const COMPOUND: usize = 3;

impl<'d> Grammar<'d> {
    /// Chooses among the cues that start at one token: the longest, and the sort that fits the words before it.
    pub(super) fn place_cues(&mut self, part: &'d Scanned, data: Data<'d>) {
        let mut hits = part.hits.iter().filter_map(|h| match h.meaning {
            Meaning::Cue(n) => Some((h.start as usize, h.end as usize, data.cues.cue(n))),
            _ => None,
        });
        let mut next = hits.next();
        let mut covered = 0;
        while let Some((start, mut end, mut cue)) = next {
            let noun_here = self.takes_noun(start);
            next = hits.next();
            while let Some((s, e, other)) = next.filter(|n| n.0 == start) {
                debug_assert_eq!(s, start);
                let better = e > end
                    || e == end
                        && (cue.sort == Sort::Verb && other.sort == Sort::Noun && noun_here
                            || cue.sort == Sort::Noun && other.sort == Sort::Verb && !noun_here);
                if better {
                    (end, cue) = (e, other);
                }
                next = hits.next();
            }
            if start < covered {
                continue;
            }
            covered = end;
            let verb = cue.sort == Sort::Verb && end == start + 1;
            if verb && (self.is_name_part(start, cue.base) || self.is_behind_particle(start)) {
                continue;
            }
            if verb && (self.lacks_particle(start, data) || self.lacks_auxiliary(start, data)) {
                continue;
            }
            if verb && cue.base && self.ends_singular(start) {
                continue;
            }
            if verb && (cue.base && self.in_compound(start) || self.describes(start) || self.hung(start)) {
                continue;
            }
            if verb && (cue.base || self.has(start, S)) && self.ends_object(start) {
                continue;
            }
            // "on critical infrastructure"
            let noun_behind = self.text.tokens.get(end).is_some_and(|t| {
                t.kind == Kind::Word && t.gap == Gap::Space && t.case == Case::Lower && !self.small(end)
            });
            if cue.sort == Sort::Adjective && noun_here && noun_behind {
                continue;
            }
            self.cues.push(Place { start, end, cue, sort: cue.sort });
            let index = self.cues.len() as u32;
            self.sights[start..end].iter_mut().for_each(|s| s.cue = index);
            if cue.sort == Sort::Verb && !noun_here && !self.has(start, ING) {
                self.sights[start].traits |= FINITE;
            }
        }
    }

    /// Whether a noun is likelier at `i` than a verb: after an article, a preposition, a genitive or an adjective.
    fn takes_noun(&self, i: usize) -> bool {
        i > 0
            && self.text.tokens[i].gap != Gap::Paragraph
            && (self.is(i - 1, Word::DETERMINER)
                || self.is(i - 1, Word::PREPOSITION)
                || self.genitive_before(i)
                || self.word(i - 1).is_some_and(|w| self.adjectives.iter().any(|e| w.ends_with(e.as_str()))))
    }

    /// "White House press secretary", "Indiana State Fair": a verb's base form between a singular name and a noun
    /// is no verb.
    fn in_compound(&self, i: usize) -> bool {
        self.usage.compounds
            && i > 0
            && self.text.tokens[i].gap != Gap::Paragraph
            && self.capital(i - 1)
            && self.stretch(i - 1) == self.stretch(i)
            && !self.has(i - 1, S)
            && self.text.tokens.get(i + 1).is_some_and(|t| {
                t.case == Case::Lower || t.kind == Kind::Word && self.text.tokens[i].is_capital()
            })
            && !self.small(i + 1)
    }

    /// Whether a word that is only a part of names comes before: "عثمان بن *طالب*".
    fn is_behind_particle(&self, i: usize) -> bool {
        let before = i.checked_sub(1).filter(|t| !self.small(*t));
        before.and_then(|t| self.word(t)).is_some_and(|word| self.is_name_particle(word))
    }

    /// "An opinion poll showed": a base form that ends a noun phrase with "a" is no verb, if another verb follows.
    fn ends_singular(&self, i: usize) -> bool {
        let noun = |t: usize| self.text.tokens[t].kind == Kind::Word && !self.small(t);
        let nouns = (1..=COMPOUND).take_while(|n| *n < i && noun(i - n)).count();
        let at = i.saturating_sub(nouns + 1);
        let indefinite = self.is(at, Word::ARTICLE) && !self.is(at, Word::DEFINITE);
        self.usage.compounds && nouns > 0 && indefinite && (self.has(i + 1, ED) || self.is(i + 1, Word::VERB))
    }

    /// "left its benchmark interest rates": a form that ends the object of a verb which says nothing is no verb.
    fn ends_object(&self, i: usize) -> bool {
        let beside = |t: usize| t > 0 && self.text.tokens[t].gap == Gap::Space;
        let noun = |t: usize| self.text.tokens[t].kind == Kind::Word && !self.capital(t) && !self.small(t);
        let mut at = i;
        while beside(at) && i - at < COMPOUND && noun(at - 1) {
            at -= 1;
        }
        let nouns = i - at;
        if beside(at) && self.is(at - 1, Word::DETERMINER) {
            at -= 1;
        }
        nouns > 0
            && beside(at)
            && self.is(at - 1, Word::VERB)
            && !self.is(at - 1, Word::AUXILIARY)
            && self.cue(at - 1).is_none()
    }

    /// "Secretary of State", "Judge A. B. Sample", "the plant's press officer": a verb form that is part of a name
    /// or a noun phrase.
    fn is_name_part(&self, i: usize, base: bool) -> bool {
        let token = &self.text.tokens[i];
        let next = self.text.tokens.get(i + 1);
        let noun_behind =
            next.is_some_and(|t| t.kind == Kind::Word && t.case == Case::Lower) && !self.small(i + 1);
        if base && self.usage.compounds && self.genitive_before(i) && noun_behind {
            return true;
        }
        if self.text.field != Field::Text || !token.is_capital() {
            return false;
        }
        let spaced = token.gap != Gap::None;
        let mark = self.mark(i.wrapping_sub(1)).is_some_and(|c| spaced || !matches!(c, '-' | '\'' | '’'));
        let head = mark || self.sentence(i).start == i;
        !head || base && next.is_some_and(Token::is_capital)
    }

    /// "le dialogue annoncé par Macron": a participle without an auxiliary before it attributes nothing.
    fn lacks_auxiliary(&self, i: usize, data: Data<'d>) -> bool {
        let word = self.text.word(i);
        let participle =
            data.cues.participle_endings(self.language).iter().any(|e| word.ends_with(e.as_str()));
        let helps = |t: &usize| self.is(*t, Word::AUXILIARY);
        let ends = |t: &usize| matches!(self.mark(*t), Some(',' | '.' | ';' | ':'));
        participle && !(i.saturating_sub(AUXILIARY)..i).rev().take_while(|t| !ends(t)).any(|t| helps(&t))
    }

    /// "gab das Geld zurück": the particle is missing that would make the verb one of saying.
    fn lacks_particle(&self, i: usize, data: Data<'d>) -> bool {
        let Some(particles) = data.cues.particles(self.language, self.text.word(i)) else { return false };
        let clause = i + 1..self.text.tokens.len().min(i + CLAUSE);
        let over = |t: usize| {
            self.text.tokens.get(t).is_none_or(|n| n.kind == Kind::Mark || n.gap == Gap::Paragraph)
                || self.is(t, Word::THAT | Word::CONJUNCTION)
        };
        let end = clause.clone().find(|t| matches!(self.mark(*t), Some('.' | ';' | '!' | '?')));
        let mut clause = clause.start..end.unwrap_or(clause.end);
        !clause.any(|t| self.word(t).is_some_and(|w| particles.iter().any(|p| **p == *w)) && over(t + 1))
    }

    /// "the planning committee": a participle between an article and a noun attributes nothing.
    fn describes(&self, i: usize) -> bool {
        self.usage.compounds
            && i > 0
            && self.has(i, ING)
            && self.is(i - 1, Word::DETERMINER)
            && self.text.tokens.get(i + 1).is_some_and(|t| t.kind == Kind::Word && t.case == Case::Lower)
            && !self.small(i + 1)
    }

    /// "so-called", "self-proclaimed": the second half of a compound attributes nothing.
    fn hung(&self, i: usize) -> bool {
        i > 1
            && self.mark(i - 1) == Some('-')
            && self.text.tokens[i].gap == Gap::None
            && self.text.tokens[i - 1].gap == Gap::None
    }
}
