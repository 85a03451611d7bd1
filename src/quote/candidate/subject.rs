//! What comes before a cue: its subject and auxiliaries.

use std::ops::Range;

use super::{FAR, Look, REACH, Subject};
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::quote::grammar::ING;
use crate::quote::model::observation::{Aux, Form, Left};
use crate::text::{Case, Gap};

impl Look<'_, '_> {
    /// The source and the auxiliaries before a verb or adjective.
    pub(super) fn left(&self) -> Subject {
        let g = self.grammar;
        let least = self.sentence.start.max(self.place.start.saturating_sub(REACH));
        let mut i = self.place.start;
        let mut aux = Aux::None;
        let mut negated = false;
        while i > least {
            let prev = i - 1;
            let hung = prev > least
                && matches!(g.mark(prev - 1), Some('\'' | '’'))
                && g.text.tokens[prev].gap == Gap::None;
            let clitic = hung && g.is_small(prev, Word::CLITIC);
            // "'s" may be a verb as well as a possessive ending
            let is =
                || g.makes_owner(prev) && matches!(self.form(), Form::Ing | Form::Past | Form::Adjective);
            if clitic || hung && is() {
                if clitic && g.is(prev, Word::NEGATION) {
                    negated = true;
                } else if aux == Aux::None {
                    aux = if clitic { self.auxiliary(prev) } else { Aux::Be };
                }
                i -= 2;
            } else if g.is(prev, Word::NEGATION) && !g.is(prev, Word::CONJUNCTION) {
                negated = true;
                i -= 1;
            } else if g.adverb(prev) && !(g.is(prev, Word::DETERMINER))
                || g.is(prev, Word::TIME) && g.text.tokens[prev].is_capital() && i - least > 2
            {
                i -= 1;
                if g.is(i, Word::TIME) && i > least && g.is_small(i - 1, Word::ON) {
                    i -= 1;
                }
            } else if g.is(prev, Word::AUXILIARY) {
                if aux == Aux::None {
                    // a detached "re" may be any auxiliary
                    aux = if g.is(prev, Word::CLITIC) { Aux::Modal } else { self.auxiliary(prev) };
                }
                i -= 1;
            } else {
                break;
            }
        }
        if negated {
            aux = Aux::Not;
        }
        i = self.before_brackets(i, least);
        let (kind, source) = self.subject(i, least);
        let at = source
            .as_ref()
            .filter(|s| s.end <= self.place.start && !matches!(kind, Left::And | Left::To | Left::Comma))
            .map_or(i, |s| s.start);
        Subject { kind, source, aux, at }
    }

    /// Where brackets that end before a token start: "Tatyana Poloskova *(Russia)* said".
    fn before_brackets(&self, end: usize, least: usize) -> usize {
        let g = self.grammar;
        if end <= least || g.mark(end - 1) != Some(')') {
            return end;
        }
        let open = (least..end - 1).rev().take(8).find(|t| g.mark(*t) == Some('('));
        open.filter(|open| *open > least).unwrap_or(end)
    }

    /// A name with the title before its comma: "*the mayor,* Callum Hartigan, a former teacher, said".
    fn with_title(&self, name: Range<usize>, least: usize) -> Range<usize> {
        let g = self.grammar;
        let comma = name.start.checked_sub(1).filter(|i| *i > least && g.mark(*i) == Some(','));
        let title = comma.and_then(|comma| g.phrase_before(comma, least).filter(|p| p.end == comma));
        let title = title
            .filter(|p| g.title_ends(p.end - 1) && g.is(p.start, Word::DETERMINER) && g.capital(name.start));
        title.map_or(name.start, |p| p.start)..name.end
    }

    /// Which auxiliary a token is.
    fn auxiliary(&self, i: usize) -> Aux {
        let kinds = [(Word::BE, Aux::Be), (Word::HAVE, Aux::Have), (Word::DO, Aux::Do)];
        let found = kinds.into_iter().find(|(sort, _)| self.grammar.is_small(i, *sort));
        found.map_or(Aux::Modal, |(_, kind)| kind)
    }

    fn subject(&self, i: usize, least: usize) -> (Left, Option<Range<usize>>) {
        let g = self.grammar;
        let inherited = || self.earlier.clone().or_else(|| self.first_subject(least));
        if i <= least {
            return (Left::Start, None);
        }
        let prev = i - 1;
        if g.closes(prev).is_some_and(|s| g.stretches[s].words > 3)
            || g.closes(prev).is_some()
                && g.mark(prev.saturating_sub(1)).is_some_and(|c| matches!(c, ',' | '.' | '?' | '!'))
        {
            return (Left::Quote, None);
        }
        match g.mark(prev) {
            Some(',' | '—' | '–') => {
                // "Smith gave no details of what he planned, saying": the source is the subject of the sentence
                if self.form() == Form::Ing {
                    let quoted = prev > least && g.closes(prev - 1).is_some();
                    let first = self.first.clone().filter(|_| !quoted && g.stretch(i).is_none());
                    return (Left::Comma, first.or_else(inherited));
                }
                // "Nordvik, which is based in Troy, the capital, said"
                if let Some(phrase) = self.described_at_head(prev, least) {
                    return (Left::Apposition, Some(phrase));
                }
                // "Smith, the mayor of Troy, said": look before the comma that opens the description
                let mut at = prev;
                for _ in 0..3 {
                    // not a comma within the quote that ends here: “We came home, all of us”, said
                    let like = |t: &usize| g.mark(*t) == g.mark(prev) && g.stretch(*t) == g.stretch(prev);
                    let Some(comma) = (least..at).rev().find(like) else { break };
                    if let Some(phrase) = g.phrase_before(self.before_brackets(comma, least), least)
                        && (phrase.clone().any(|t| g.capital(t)) || g.is(phrase.start, Word::DETERMINER))
                        && at - comma > 1
                        && !(comma + 1..prev).any(|t| g.stretch(t).is_some_and(|s| g.stretches[s].words > 5))
                    {
                        return (Left::Apposition, Some(self.with_title(phrase, least)));
                    }
                    at = comma;
                }
                if prev > least && g.closes(prev - 1).is_some() {
                    return (Left::Quote, None);
                }
                return (Left::Comma, None);
            }
            Some(c) if !matches!(c, '.' | ')' | '%' | '\'' | '’') => return (Left::Other, None),
            _ => {}
        }
        if g.is(prev, Word::TO) && self.place.cue.base {
            return (Left::To, inherited());
        }
        if g.is(prev, Word::CONJUNCTION) {
            return (Left::And, inherited());
        }
        // "Reuters quoted *the mayor* as saying"
        if let Some(object) = self.quoted_as(prev, least) {
            return (Left::Comma, Some(object));
        }
        // "while chanting", "recalled thinking": the source is the subject of the sentence
        if self.form() == Form::Ing
            && (g.is(prev, Word::SUBORDINATOR | Word::PREPOSITION) && !g.is(prev, Word::DETERMINER)
                || g.finite(prev) && !g.is(prev, Word::AUXILIARY))
        {
            return (Left::Comma, inherited());
        }
        if g.is(prev, Word::RELATIVE) && !g.is(prev, Word::DETERMINER) {
            let end = prev - usize::from(prev > least && g.mark(prev - 1) == Some(','));
            let phrase = g.phrase_before(end, least);
            return (Left::Who, phrase.map(|p| p.start..prev + 1).or(Some(prev..i)));
        }
        if g.is(prev, Word::PRONOUN) {
            return (Left::Pronoun, Some(prev..i));
        }
        match g.phrase_before(i, least) {
            Some(p) if p.len() == 1 && g.article(p.start) => (Left::Article, None),
            Some(p) if g.capital(p.end - 1) => (Left::Name, Some(p)),
            Some(p) if p.len() == 1 && g.is(p.start, Word::DETERMINER) => (Left::Pronoun, Some(p)),
            Some(p) => (Left::Noun, Some(p)),
            None => (Left::Other, None),
        }
    }

    /// The phrase at the head of the sentence that a relative clause up to a comma describes.
    fn described_at_head(&self, end: usize, least: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        let comma = |i: &usize| g.mark(*i) == Some(',') && g.stretch(*i) == g.stretch(end);
        let first = (least..end).find(comma).filter(|i| g.is(i + 1, Word::RELATIVE))?;
        let goes_on = |i: usize| g.is(i + 1, Word::CONJUNCTION | Word::RELATIVE) || g.cue(i + 1).is_some();
        let phrase = g.phrase_before(first, least)?;
        let head = phrase.start == self.sentence.start && phrase.clone().any(|i| g.capital(i));
        (head && !(first + 1..end).filter(comma).any(goes_on)).then_some(phrase)
    }

    /// Whom another verb quotes "as saying", if this cue is that "saying".
    fn quoted_as(&self, before: usize, least: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        if self.form() != Form::Ing || !g.is_small(before, Word::AS) {
            return None;
        }
        let object = g.phrase_before(before, least)?;
        let verb = object.start.checked_sub(1).and_then(|i| g.cue(i))?;
        (g.cues[verb].sort == Sort::Verb && g.stretch(before).is_none()).then_some(object)
    }

    /// Whether this verb only introduces the person whom it quotes "as saying".
    pub(super) fn quotes_as(&self) -> bool {
        let g = self.grammar;
        if self.place.sort != Sort::Verb || g.word(self.place.end).is_none() {
            return false;
        }
        let said = |i: usize| g.has(i, ING) && g.cue(i).is_some_and(|c| g.cues[c].sort == Sort::Verb);
        let near = self.place.end + 1..self.sentence.end.min(self.place.end + FAR);
        let at = near.into_iter().find(|i| g.is_small(*i, Word::AS));
        at.filter(|i| said(i + 1))
            .and_then(|i| g.phrase_before(i, self.place.end))
            .is_some_and(|object| object.start == self.place.end)
    }

    /// The subject of the first verb of the sentence.
    fn first_subject(&self, least: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        // "Dean, a former chairman, poked at …, tweeting": the name at the start of the sentence
        if least == self.sentence.start
            && g.capital(least)
            && let Some(phrase) = g.phrase_after(least, self.place.start)
            && g.capital(phrase.end - 1)
        {
            return Some(phrase);
        }
        // "Dean Alder poked at …, tweeting": no list has the verb
        let name = (least..self.place.start).take_while(|i| g.capital(*i)).count();
        if least == self.sentence.start && name > 1 && g.text.tokens[least + name].case == Case::Lower {
            return Some(least..least + name);
        }
        let verb = (least..self.place.start).find(|i| g.finite(*i))?;
        let mut end = verb;
        while end > least && (g.adverb(end - 1) || g.is(end - 1, Word::AUXILIARY)) {
            end -= 1;
        }
        if end > least && g.is(end - 1, Word::PRONOUN) {
            return Some(end - 1..end);
        }
        g.phrase_before(end, least)
    }
}
