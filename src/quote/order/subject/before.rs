//! The subject in front of its verb.

use std::ops::Range;

use super::super::Orders;
use super::role;
use crate::language::word::Word;
use crate::quote::cues::Sort;

impl Orders<'_, '_> {
    /// The subject before a verb or quote at `end`: the one right before it, or else the first.
    pub fn before(&self, from: usize, end: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        let mut near = end;
        let passed = Word::AUXILIARY | Word::TIME | Word::NEGATION | Word::OBJECT;
        while near > from
            && (g.adverb(near - 1)
                || g.is(near - 1, passed) && !g.is(near - 1, Word::PRONOUN)
                || self.comma(near - 1)
                || self.leads(near - 1))
        {
            near -= 1;
        }
        if near == from {
            return None;
        }
        let ends =
            |t: usize, sure: bool| self.is_subject_end(t, from..near, sure) && !self.is_governed(t, from);
        if ends(near, true) {
            return self.whole(near, from);
        }
        let set_off = |t: usize| self.comma(t) || g.adverb(t) || self.speakers.mention_to(g, t).is_some();
        let sure = (from + 1..=near).find(|t| ends(*t, true) && set_off(*t));
        let first = || (from + 1..=near).find(|t| ends(*t, true));
        let t = sure.or_else(first).or_else(|| (from + 1..=near).find(|t| ends(*t, false)))?;
        self.whole(t, from)
    }

    /// Whether a mark may come between a subject and its verb or quote.
    pub fn leads(&self, i: usize) -> bool {
        let mark = self.grammar.mark(i).filter(|_| self.grammar.stretch(i).is_none());
        mark.is_some_and(|c| matches!(c, '—' | '–' | '-') || self.order.leads.contains(c))
    }

    /// Whether a subject can end right before a token. If not `sure`, a name or a noun with an article is enough
    /// anywhere.
    pub fn is_subject_end(&self, t: usize, within: Range<usize>, sure: bool) -> bool {
        let g = self.grammar;
        let Range { start: from, end: near } = within;
        let last = t - 1;
        if g.is(last, Word::PRONOUN) && !g.is(last, Word::WH) {
            return g.stretch(last).is_none();
        }
        let Some(word) = g.word(last).filter(|_| g.cue(last).is_none() && g.stretch(last).is_none()) else {
            return false;
        };
        if g.small(last) && !g.capital(last)
            || self.order.postpositions && g.is(t, Word::PREPOSITION)
            || self.order.postpositions && self.case_hangs(t)
            || self.is_another_surname(last)
        {
            return false;
        }
        let name = self.speakers.mention_to(g, t);
        if !self.first_case(&name.clone().unwrap_or(last..t)) {
            return false;
        }
        let ending = self.order.subject.is_empty() || self.order.is_subject(&word.to_lowercase());
        if name.is_some() {
            return ending || t == near;
        }
        let titled = self.speakers.role_to(g, t).is_some();
        let goes_on = g.capital(t) && !self.is_apart(t)
            || titled && self.speakers.mention_from(g, t).is_some_and(|(n, _)| n.start == t);
        if goes_on {
            return false;
        }
        if titled {
            return ending || self.order.subject.is_empty();
        }
        if !sure && t == near && self.order.has_article(&word.to_lowercase()) {
            return true;
        }
        let run = (from..t).rev().take_while(|i| g.capital(*i)).count();
        let set_off = self.comma(t) || g.adverb(t) || t == near || self.is_apart(t);
        let named = run > 1 && (!sure || t - run == from || self.speakers.role_to(g, t - run).is_some());
        run > 0 && ending && (set_off || named)
    }

    /// Whether a preposition governs the phrase that ends right before a token.
    pub fn is_governed(&self, t: usize, from: usize) -> bool {
        let g = self.grammar;
        if self.order.postpositions {
            return false;
        }
        let start = self.name_start(t, from);
        let plain = |i: usize| g.word(i).is_some() || g.stretch(i).is_some();
        let mut i = start;
        while i > from && plain(i - 1) && !g.is(i - 1, Word::PREPOSITION) && g.cue(i - 1).is_none() {
            i -= 1;
        }
        let Some(preposition) = i.checked_sub(1).filter(|p| *p >= from && g.is(*p, Word::PREPOSITION)) else {
            return false;
        };
        // "в интервью газете Рао": the preposition governs another noun
        preposition + 1 == start || self.speakers.title(g, &(preposition + 1..start)).any(role())
    }

    /// Where the name that ends right before a token starts.
    pub fn name_start(&self, t: usize, from: usize) -> usize {
        let g = self.grammar;
        if let Some(name) = self.speakers.mention_to(g, t) {
            return name.start.max(from);
        }
        let run = (from..t).rev().take_while(|i| g.capital(*i) && g.stretch(*i).is_none()).count();
        t - run.max(1)
    }

    /// The whole noun phrase that ends right before a token.
    pub fn whole(&self, t: usize, from: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        if g.is(t - 1, Word::PRONOUN) {
            return Some(t - 1..t);
        }
        let phrase = g.phrase_before(t, from)?;
        let name = self.name_start(t, from);
        let cuts = |i: &usize| {
            g.is(*i, Word::PREPOSITION | Word::TIME | Word::SAID | Word::CONJUNCTION)
                || g.adverb(*i)
                || g.cue(*i).is_some_and(|c| g.cues[c].sort == Sort::Source)
                || self.order.postpositions
                    && g.word(*i).is_some_and(|w| self.order.is_oblique(&w.to_lowercase()))
        };
        let Some(cut) = (phrase.start.min(name)..name).rev().find(cuts) else { return Some(phrase) };
        if self.order.postpositions || !g.is(cut, Word::PREPOSITION) {
            return Some(cut + 1..t);
        }
        let title = (cut + 2..name).find(|i| self.role_at(*i, name));
        Some(title.unwrap_or(name)..t)
    }

    /// Whose words they are: the genitive noun phrase that ends right before a token.
    pub fn owner(&self, t: usize, from: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        if t > from && g.is(t - 1, Word::HE | Word::SHE | Word::PRONOUN) {
            return Some(t - 1..t);
        }
        let phrase = g.phrase_before(t, from)?;
        let cuts = |i: &usize| !self.order.postpositions && g.is(*i, Word::PREPOSITION);
        let start = phrase.clone().rev().find(cuts).map_or(phrase.start, |i| i + 1);
        (start < phrase.end).then_some(start..phrase.end)
    }
}
