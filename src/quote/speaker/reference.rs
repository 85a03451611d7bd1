//! Sources that name nobody: pronouns, descriptions, ages. Whom of those named before they mean.

use std::ops::Range;

use super::description::Description;
use super::{Last, Speakers};
use crate::language::word::Word;
use crate::quote::described::{age, apposed, described_as};
use crate::quote::grammar::Grammar;

/// How many paragraphs after the last mention of a person a pronoun may still mean them.
const MEMORY: usize = 3;

/// Most tokens of a description that is no title: "the young diver".
const APPOSED: usize = 3;

/// How many names after the last speaker are looked at for somebody else who takes over.
const SINCE: usize = 8;

/// Most tokens before a name that opens its sentence, for its title.
const HEAD: usize = 6;

/// A mention in the text, and the index of its person.
type Mentions = [(Range<usize>, usize)];

/// What a source that names nobody says about whom it means.
pub(super) struct Reference<'d> {
    /// Whether it is a woman, if the source tells.
    woman: Option<bool>,
    /// The title; none for a pronoun.
    pub description: Option<Description<'d>>,
    /// Whether it is an age: "the 34-year-old".
    of_age: bool,
}

impl<'d> Speakers<'d> {
    /// What a source says, if it is a pronoun, a title or an age.
    pub(super) fn reference<'g>(
        &self,
        grammar: &'g Grammar<'d>,
        source: &Range<usize>,
    ) -> Option<Reference<'g>>
    where
        'd: 'g,
    {
        let starts = |sort| grammar.is(source.start, sort);
        let pronoun = |sort| source.len() == 1 && starts(sort);
        let (he, she) = (pronoun(Word::HE), pronoun(Word::SHE));
        let woman = match (starts(Word::MASCULINE), starts(Word::FEMININE)) {
            (man, woman) if man != woman => Some(woman),
            _ => (he != she).then_some(she),
        };
        let description = self.description(grammar, source, woman == Some(true));
        let of_age = age(grammar, self.data.cues.age(grammar.language), source).is_some();
        let refers = he || she || of_age || description.is_some();
        refers.then_some(Reference { woman, description, of_age })
    }

    /// Whom a description that is no title means: "Peter Lang, a diver from Kiel," is "the diver".
    pub(super) fn apposed_to(
        &self,
        grammar: &Grammar,
        source: &Range<usize>,
        before: &Mentions,
    ) -> Option<usize> {
        let articles = self.has_articles(grammar);
        let definite =
            grammar.is(source.start, Word::DEFINITE) || !articles && !grammar.capital(source.end - 1);
        (definite && source.len() <= APPOSED).then(|| apposed(grammar, source, before)).flatten()
    }

    /// Whom the text calls what a description says.
    pub(super) fn called(
        &self,
        grammar: &Grammar,
        description: &Description,
        reference: &Reference,
        before: &Mentions,
    ) -> Option<usize> {
        let (title, own) = (&description.title, &description.own);
        let may_be = |who| self.may_be(description, who) && self.is_of_gender(grammar, reference, who);
        let called = described_as(grammar, title, own, before, may_be);
        called.filter(|_| self.may_be_called(grammar, description))
    }

    /// The last speaker, or else whoever was named last, if they fit. `at`: where the source starts.
    pub(super) fn spoken_of(
        &self,
        grammar: &Grammar,
        reference: &Reference,
        at: usize,
        before: &Mentions,
        last: Option<Last>,
    ) -> Option<usize> {
        let here = grammar.text.paragraph_of(at);
        let near = |at: usize| grammar.text.paragraph_of(at) + MEMORY >= here;
        let description = reference.description.as_ref();
        let fits = |who: usize| {
            self.is_of_gender(grammar, reference, who) && description.is_none_or(|d| self.fits(d, who))
        };
        // a pronoun means whom the sentences before it are about, known or not
        let passes = |who: &usize| {
            let named = before.iter().rev().find(|(_, w)| w == who);
            description.is_some()
                || named.is_none_or(|(tokens, _)| !self.stranger_between(grammar, tokens.end, at))
        };
        let last = last.filter(|l| l.at < at && near(l.at));
        let goes_on = |who| description.is_some_and(|d| self.may_go_on(grammar, d, who));
        if let Some(Last { who: Some(who), at }) = last
            && (fits(who) || goes_on(who))
        {
            let mut since = before.iter().rev().take_while(|(t, _)| t.start > at);
            // "the 56-year-old" may be anybody named since
            if reference.of_age {
                return since.all(|(_, w)| *w == who).then_some(who).filter(passes);
            }
            // somebody else named since, at the start of a sentence, takes over
            let takes_over = since.take(SINCE).find(|(t, w)| {
                *w != who
                    && fits(*w)
                    && !Self::hangs(grammar, t.start)
                    && grammar.sentence(t.start).start + HEAD >= t.start
            });
            return Some(takes_over.map_or(who, |(_, w)| *w)).filter(passes);
        }
        if reference.of_age {
            return None;
        }
        // not whoever was named before one whom the text doesn't name
        let since = last.filter(|l| l.who.is_none() && description.is_none()).map_or(0, |l| l.at);
        let may = |name: &Range<usize>, who| name.start >= since && near(name.start) && fits(who);
        Self::subject_near(grammar, before, may).filter(passes)
    }

    /// Whether nothing shows that a person is of another gender than a source says.
    fn is_of_gender(&self, grammar: &Grammar, reference: &Reference, who: usize) -> bool {
        reference.woman.is_none_or(|woman| self.is_woman(grammar, who).is_none_or(|f| f == woman))
    }
}
