//! Finds the speakers of what [`super::content`] found, and makes [`Attribution`]s of it.
//!
//! Resolves a name, a description or a pronoun to a person of the article.

mod description;
mod reference;
mod role;
mod talk;

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::Data;
use super::confidence;
use super::content::Found;
use super::described::aged;
use super::grammar::Grammar;
use super::{Attribution, Kind, Speaker};
use crate::document::Meaning;
use crate::document::{Document, Mention};
use crate::language::class::Class;
use crate::language::word::Word;
use crate::official::Person;
use crate::quote::cues::Sort;
use crate::text::{Field, Script};

/// Most tokens of a title.
const TITLE: usize = 6;

/// The last source that is a person.
#[derive(Debug, Clone, Copy)]
struct Last {
    /// Who it is, if the text names them.
    who: Option<usize>,
    /// Where it starts.
    at: usize,
}

/// The people of the article, as possible sources.
pub(super) struct Speakers<'d> {
    pub(super) data: Data<'d>,
    pub(super) document: &'d Document,
    pub(super) people: &'d [Person],
    /// The tokens of each mention with the index of its person, in order: first for the title, then for the body.
    pub(super) mentions: [Vec<(Range<usize>, usize)>; 2],
    /// Whether each person is a woman, if the given name shows it.
    pub(super) female: Vec<Option<bool>>,
}

impl<'d> Speakers<'d> {
    pub fn new(document: &'d Document, data: Data<'d>, people: &'d [Person]) -> Self {
        let mut mentions = [Vec::new(), Vec::new()];
        for (who, person) in people.iter().enumerate() {
            for mention in &person.mentions {
                mentions[usize::from(mention.field == Field::Text)].push((mention.tokens.clone(), who));
            }
        }
        mentions.iter_mut().for_each(|list| list.sort_by_key(|(tokens, _)| tokens.start));
        let female = people
            .iter()
            .map(|p| {
                let first = p.name.split_whitespace().next()?;
                data.vocabulary.names.is_womans_name(first, document.language)
            })
            .collect();
        Self { data, document, people, mentions, female }
    }

    /// The attributions of one part, with their speakers.
    pub fn attribute(&mut self, grammar: &Grammar, found: Vec<Found>) -> Vec<Attribution> {
        let field = grammar.text.field;
        let mention = |tokens: Range<usize>| Mention { field, tokens };
        let mut known: FxHashMap<Range<usize>, Option<usize>> = FxHashMap::default();
        let mut last: Option<Last> = None;
        let mut out = Vec::with_capacity(found.len());
        let learnt = self.data.cues.weights(grammar.language).is_some();
        for mut f in found {
            self.take_name(grammar, &mut f);
            self.take_office(grammar, &mut f);
            let kind = kind(grammar, &f);
            let confidence = confidence::of(grammar, &f, learnt);
            let cue = f.cue.map(|c| cue(grammar, c));
            let subject = f.cue.is_some_and(|c| grammar.cues[c].sort == Sort::Verb);
            let speaker = f.source.map(|source| {
                let person = *known
                    .entry(source.clone())
                    .or_insert_with(|| self.person(grammar, &source, subject, last));
                if person.is_some() || self.is_stranger(grammar, &source) {
                    last = Some(Last { who: person, at: source.start });
                }
                Speaker { mention: mention(source), person }
            });
            out.push(Attribution {
                kind,
                content: mention(f.content),
                cue,
                speaker,
                nested: false,
                confidence,
            });
        }
        out
    }

    /// Whether a source contains the name of a person of the article.
    pub fn names(&self, grammar: &Grammar, source: &Range<usize>) -> bool {
        let list = &self.mentions[usize::from(grammar.text.field == Field::Text)];
        list.get(list.partition_point(|(tokens, _)| tokens.start < source.start))
            .is_some_and(|(tokens, _)| tokens.start < source.end)
    }

    /// The first name that ends after a token.
    pub(super) fn mention_from(&self, grammar: &Grammar, at: usize) -> Option<(Range<usize>, usize)> {
        let list = &self.mentions[usize::from(grammar.text.field == Field::Text)];
        list.get(list.partition_point(|(tokens, _)| tokens.end <= at)).cloned()
    }

    /// The name that ends right before a token.
    pub(super) fn mention_to(&self, grammar: &Grammar, end: usize) -> Option<Range<usize>> {
        let (name, _) = self.mention_from(grammar, end.checked_sub(1)?)?;
        (name.end == end).then_some(name)
    }

    /// Whether a person is named in a range.
    pub fn is_named_in(&self, grammar: &Grammar, who: usize, range: &Range<usize>) -> bool {
        let list = &self.mentions[usize::from(grammar.text.field == Field::Text)];
        let from = list.partition_point(|(tokens, _)| tokens.start < range.start);
        list[from..].iter().take_while(|(tokens, _)| tokens.start < range.end).any(|(_, w)| *w == who)
    }

    /// Extends a source to the name after its comma. "According to the coach, Henrik Solbakken, the match …": the name is
    /// cut off from what is said, unless no comma closes it: "According to the police, Marc Lenoir was arrested".
    pub(super) fn take_name(&self, grammar: &Grammar, found: &mut Found) {
        let Some(source) = found.source.clone() else { return };
        let named = self.with_name(grammar, source.clone());
        let content = &mut found.content;
        if content.start > source.start && content.start < named.end {
            if grammar.mark(named.end) != Some(',') || named.end + 1 >= content.end {
                return;
            }
            content.start = named.end + 1;
        }
        found.source = Some(named);
    }

    /// Extends a source in a language that puts the head of an office first to the whole office and its name, and cuts off
    /// whom it is told to: "министр науки *и высшего образования Рао*", "*министр науки и* высшего образования Рао",
    /// "«Полюсу» *эксперт Рао*".
    fn take_office(&self, grammar: &Grammar, found: &mut Found) {
        let Some(source) = found.source.clone() else { return };
        if !self.data.titles.head_first(grammar.language) || grammar.order.is_none_or(|o| o.postpositions) {
            return;
        }
        let whole = self.behind_outlet(grammar, &source);
        let whole = self.back_to_head(grammar, &whole).unwrap_or(whole);
        let whole = self.to_bearer(grammar, &whole).unwrap_or(whole);
        let content = &found.content;
        let cue = found.cue.map(|c| grammar.cues[c].start..grammar.cues[c].end);
        let free = |of: &Range<usize>| {
            whole.end <= of.start || of.end <= whole.start || source.start < of.end && of.start < source.end
        };
        if free(content) && cue.as_ref().is_none_or(free) {
            found.source = Some(whole);
        }
    }

    /// A source without a name in quotation marks at its start, if a person follows: "«Полюсу» *эксперт Рао*".
    fn behind_outlet(&self, grammar: &Grammar, source: &Range<usize>) -> Range<usize> {
        let outlet = grammar.opens(source.start).map(|s| grammar.stretches[s].tokens.end);
        let person = |at: usize| {
            let noun = || {
                let bearers = self.data.cues.bearers(grammar.language);
                let word = grammar.word(at).filter(|_| !grammar.capital(at));
                word.is_some_and(|w| bearers.is_some_and(|b| b.is_noun(w)))
            };
            grammar.name_starts(at) || self.role_from(grammar, at).is_some() || noun()
        };
        let end = outlet.filter(|end| *end < source.end && person(*end));
        end.unwrap_or(source.start)..source.end
    }

    /// A source that starts within an office, from the head of that office on.
    fn back_to_head(&self, grammar: &Grammar, source: &Range<usize>) -> Option<Range<usize>> {
        let and = source.start.checked_sub(1).filter(|i| grammar.is(*i, Word::CONJUNCTION))?;
        self.names(grammar, source).then_some(())?;
        let matter = self.matter_at(grammar, and)?;
        let head = self.role_to(grammar, matter.start)?;
        let from = grammar.sentence(and).start;
        let phrase = grammar.phrase_before(matter.start, from).filter(|p| p.end == matter.start);
        Some(phrase.map_or(head.start, |p| p.start.min(head.start))..source.end)
    }

    /// A source that ends within an office, or before the place where it is held, up to the name behind it.
    fn to_bearer(&self, grammar: &Grammar, source: &Range<usize>) -> Option<Range<usize>> {
        let at = source.end;
        if self.names(grammar, source) || !source.clone().any(|i| grammar.title_ends(i)) {
            return None;
        }
        let (name, who) = self.mention_from(grammar, at)?;
        let gap = at..name.start;
        let lower = |i: usize| grammar.word(i).is_some() && !grammar.capital(i) && grammar.cue(i).is_none();
        let and = grammar.is(at, Word::CONJUNCTION)
            && self.matter_at(grammar, at).is_some()
            && gap.len() > 1
            && gap.len() < TITLE
            && gap.clone().all(lower);
        let placed = grammar.is(at, Word::PREPOSITION) && gap.len() == 2 && self.is_place(grammar, at + 1);
        let words = grammar.text.slice(&(source.start..name.start));
        let own = self.people[who].office.as_ref().is_some_and(|office| words.trim() == office.title);
        let same = name.start < grammar.sentence(at).end;
        ((and || placed || own) && same).then_some(source.start..name.end)
    }

    /// What an office is for, where it goes on behind a conjunction: "*науки* и образования", "*науки и образования*".
    fn matter_at(&self, grammar: &Grammar, and: usize) -> Option<Range<usize>> {
        let part = self.document.part(grammar.text.field);
        let first = part.hits.partition_point(|h| (h.start as usize) + TITLE < and);
        let near = part.hits[first..].iter().take_while(|h| (h.start as usize) < and);
        let mut matters = near.filter_map(|h| match h.meaning {
            Meaning::Title(n) if self.data.vocabulary.title(n).any(Class::PORTFOLIO | Class::INSTITUTION) => {
                Some(h.start as usize..h.end as usize)
            }
            _ => None,
        });
        matters.find(|m| m.end >= and)
    }

    /// "the coach, Henrik Solbakken": extends a description to the name after its comma.
    fn with_name(&self, grammar: &Grammar, source: Range<usize>) -> Range<usize> {
        let list = &self.mentions[usize::from(grammar.text.field == Field::Text)];
        let first = |at: usize| list.partition_point(|(tokens, _)| tokens.start < at);
        // "Krogh's neighbour, Jens Toft" names somebody else
        let genitive = |at: usize| matches!(grammar.mark(at), Some('\'' | '’')) && at + 1 < source.end;
        let named = list
            .get(first(source.start))
            .is_some_and(|(tokens, _)| tokens.start < source.end && !genitive(tokens.end));
        if named || source.len() < 2 || grammar.mark(source.end) != Some(',') {
            return source;
        }
        let name = list.get(first(source.end)).filter(|(tokens, _)| tokens.start == source.end + 1);
        match name {
            Some((tokens, _)) => source.start..tokens.end,
            None => stranger(grammar, &source).unwrap_or(source),
        }
    }

    /// The person that a source means. `subject`: whether it is in the nominative, as the subject of a verb is.
    fn person(
        &self,
        grammar: &Grammar,
        source: &Range<usize>,
        subject: bool,
        last: Option<Last>,
    ) -> Option<usize> {
        let list = &self.mentions[usize::from(grammar.text.field == Field::Text)];
        let from = list.partition_point(|(tokens, _)| tokens.end <= source.start);
        if let Some(who) = self.head(grammar, source, subject) {
            return Some(who);
        }
        let before = &list[..from];
        let age = self.data.cues.age(grammar.language);
        if let Some(who) = aged(grammar, age, source, before) {
            return Some(who);
        }
        let Some(reference) = self.reference(grammar, source) else {
            return self.apposed_to(grammar, source, before);
        };
        if let Some(description) = &reference.description {
            if let Some(who) = self.called(grammar, description, &reference, before) {
                return Some(who);
            }
            // "the foreign ministry spokeswoman" is a certain one; "the minister" may be any office holder
            if !description.plain {
                return None;
            }
        }
        self.spoken_of(grammar, &reference, source.start, before, last)
    }

    /// Whether a source is somebody whom the text doesn't name and hasn't told of: "*an aide* said. He added …".
    fn is_stranger(&self, grammar: &Grammar, source: &Range<usize>) -> bool {
        grammar.is(source.start, Word::DETERMINER)
            && !grammar.is(source.start, Word::DEFINITE | Word::POSSESSIVE)
            && self.title(grammar, source).any(Class::OFFICE | Class::ROLE | Class::RANK)
            && !self.is_of_several(grammar, source.end - 1, false)
    }

    /// Whether a word is the name of a place, or a capitalised one in Latin letters, as foreign names are in other
    /// scripts.
    pub(super) fn is_place(&self, grammar: &Grammar, at: usize) -> bool {
        let mut here = self.document.part(grammar.text.field).hits_at(at);
        let token = &grammar.text.tokens[at];
        here.any(|h| matches!(h.meaning, Meaning::Place(_)) && h.end as usize == at + 1)
            || token.is_capital() && Script::of(token.first) == Script::Latin
    }
}

/// "the mayor of the town, Callum Hartigan": an unknown name, alone between its comma and the next mark.
fn stranger(grammar: &Grammar, source: &Range<usize>) -> Option<Range<usize>> {
    let first = source.end + 1;
    let count = (first..first + 4).take_while(|i| grammar.capital(*i)).count();
    let end = first + count;
    let over = grammar.mark(end).is_some_and(|c| matches!(c, ',' | '.' | ':' | ';'))
        && grammar.text.sentence_of(first) == grammar.text.sentence_of(source.end);
    let titled = source.clone().any(|i| grammar.title_ends(i));
    (count > 1 && over && titled).then_some(source.start..end)
}

/// A cue in the text, with its class.
fn cue(grammar: &Grammar, cue: usize) -> (Mention, String) {
    let place = &grammar.cues[cue];
    let mention = Mention { field: grammar.text.field, tokens: place.start..place.end };
    (mention, place.cue.class.name().to_owned())
}

/// How closely the content keeps to the speaker's words.
fn kind(grammar: &Grammar, found: &Found) -> Kind {
    let content = &found.content;
    let closed = grammar.opens(content.start).is_some()
        && grammar.stretch(content.end - 1).is_some_and(|s| grammar.stretches[s].tokens.end == content.end);
    if found.direct || closed && pieces_only(grammar, found) {
        Kind::Direct
    } else if content.clone().any(|i| grammar.opens(i).is_some()) {
        Kind::Mixed
    } else {
        Kind::Indirect
    }
}

/// Whether only the content's own cue and source are outside quotation marks.
fn pieces_only(grammar: &Grammar, found: &Found) -> bool {
    let content = &found.content;
    let cue = found.cue.map(|c| grammar.cues[c].start..grammar.cues[c].end);
    let Some(cue) = cue.filter(|c| content.start < c.start && c.end < content.end) else {
        return grammar.opens(content.start).is_some_and(|s| grammar.stretches[s].tokens.end == content.end);
    };
    grammar.stretch(cue.start).is_none()
}
