//! Which name in a source is its head, and so the speaker: "The minister *Rao*" is Rao; "critics of President Rao",
//! "a Rao aide" and "помощник министра Рао" are not, and "Rao adviser *Lee*" is Lee.

pub(super) mod genitive;

use std::ops::Range;

use super::grammar::{Grammar, ING};
use super::speaker::Speakers;
use crate::language::class::Class;
use crate::language::word::Word;
use crate::quote::cues::Beside;
use crate::text::Field;

/// The classes of titles that a person can bear.
fn borne() -> Class {
    Class::OFFICE | Class::ROLE | Class::RANK
}

impl Speakers<'_> {
    /// The person whose name is the head of a source. `subject`: whether the source is in the nominative.
    pub(super) fn head(&self, grammar: &Grammar, source: &Range<usize>, subject: bool) -> Option<usize> {
        let list = &self.mentions[usize::from(grammar.text.field == Field::Text)];
        let from = list.partition_point(|(name, _)| name.end <= source.start);
        let names = &list[from..];
        let names = &names[..names.partition_point(|(name, _)| name.start < source.end)];
        let head = names.iter().enumerate().find(|(i, (name, who))| {
            let leads_to_another =
                names.get(i + 1).is_some_and(|(next, _)| runs_on(grammar, name.end..next.start));
            let owns =
                self.owns(grammar, source, name) || self.is_in_genitive(grammar, source, name, *who, subject);
            !leads_to_another && !owns && !self.is_governed(grammar, source, name.start)
        });
        head.map(|(_, (_, who))| *who)
    }

    /// Whether a preposition governs a name, by itself or with its title: "critics of *President Rao*", but not
    /// "the president of India *Rao*".
    fn is_governed(&self, grammar: &Grammar, source: &Range<usize>, name: usize) -> bool {
        // "в канцелярии губернатора *Рао*": the place speaks, not the person
        let first = source.start;
        let place = first > 0 && grammar.is(first - 1, Word::PREPOSITION) && !grammar.capital(first);
        let within = first + usize::from(grammar.is(first, Word::PREPOSITION));
        let ordered = grammar.order.is_some_and(|o| !o.postpositions && !o.verb_first);
        let person = || self.role_from(grammar, within).is_some();
        if ordered && (place || within > first) && within < name && !person() {
            return true;
        }
        // "lawyers *representing* Rao", but not "a smiling Rao"
        let verb = name.wrapping_sub(1);
        if grammar.usage.compounds
            && name > source.start + 1
            && grammar.has(verb, ING)
            && !grammar.capital(verb)
            && !grammar.small(verb - 1)
            && !grammar.adverb(verb - 1)
            && grammar.word(verb - 1).is_some()
        {
            return true;
        }
        let links = Word::PREPOSITION | Word::TO | Word::GENITIVE;
        let link = (source.start..name).rev().find(|i| grammar.is(*i, links));
        // "la porte-parole d'Emmanuel Macron"
        let direct = |at: usize| (at + 1..name).all(|i| matches!(grammar.mark(i), Some('\'' | '’')));
        link.is_some_and(|at| direct(at) || self.title(grammar, &(at + 1..name)).any(borne()))
    }

    /// Whether what follows a name belongs to it: "*Rao*'s party", "a *Rao* aide", "the *Rao* administration".
    fn owns(&self, grammar: &Grammar, source: &Range<usize>, name: &Range<usize>) -> bool {
        let behind = name.end..source.end;
        if behind.len() > 1 && matches!(grammar.mark(name.end), Some('\'' | '’')) {
            return true;
        }
        let Some(word) = grammar.word(name.end).filter(|_| grammar.usage.compounds && !behind.is_empty())
        else {
            return false;
        };
        let noun = !grammar.capital(name.end) && !grammar.small(name.end) && !grammar.endings.is_adverb(word);
        noun || self.title(grammar, &behind).any(borne() | Class::INSTITUTION)
    }

    /// Whether a name is a genitive next to the noun that speaks: "советник *Рао*", "*Raonun* köməkçisi".
    fn is_in_genitive(
        &self,
        grammar: &Grammar,
        source: &Range<usize>,
        name: &Range<usize>,
        who: usize,
        subject: bool,
    ) -> bool {
        let Some(genitive) = self.data.cues.genitive(grammar.language) else { return false };
        // after a noun in another case, the name may be in that case too and say who the noun is
        let behind = genitive.stands == Beside::Behind;
        let beside = match genitive.stands {
            Beside::Behind => subject && source.start < name.start,
            Beside::Before => name.end < source.end,
            Beside::Either => name.end < source.end || subject && source.start < name.start,
        };
        if self.serves_another(grammar, genitive, source, name, who) {
            return true;
        }
        if behind && source.start < name.start && self.is_served(grammar, source, name, subject) {
            return true;
        }
        let first_case = || {
            let name = self.people[who].name.split_whitespace().last().unwrap_or_default();
            name.to_lowercase()
        };
        let word = || grammar.text.word(name.end - 1).to_lowercase();
        beside && genitive.is(&self.data.vocabulary.names, &word(), &first_case())
    }

    /// Whether a noun beside a name, or within what looks like one, makes it that of whom the speaker serves: "*Karl
    /// Weidingers* Anwalt", "der Anwalt *Karl Weidingers*". The nominative of an unknown name is never seen.
    fn serves_another(
        &self,
        grammar: &Grammar,
        genitive: &genitive::Genitive,
        source: &Range<usize>,
        name: &Range<usize>,
        who: usize,
    ) -> bool {
        let serves = |i: usize| grammar.word(i).is_some_and(|w| genitive.serves(&w.to_lowercase()));
        let names = &self.data.vocabulary.names;
        let hung = |i: usize| genitive.is_hung(names, &grammar.text.word(i).to_lowercase());
        if (name.start + 2..name.end).any(|i| serves(i) && hung(i - 1)) {
            return true;
        }
        // without an article the noun is the speaker's own: "Sprecher Lars Peters"
        let behind = || {
            source.start + 1 < name.start
                && serves(name.start - 1)
                && (source.start..name.start - 1).any(|i| grammar.is(i, Word::DETERMINER))
                && self.people[who].office.is_none()
        };
        hung(name.end - 1) && (name.end < source.end && serves(name.end) || behind())
    }

    /// Whether a name behind a noun is of the person whom the noun's bearer serves or is kin to: "córka *Jana Rao*",
    /// "пресс-секретарь президента *Ивана Рао*".
    fn is_served(
        &self,
        grammar: &Grammar,
        source: &Range<usize>,
        name: &Range<usize>,
        subject: bool,
    ) -> bool {
        let title = self.title(grammar, &(source.start..name.start));
        let names = &self.data.vocabulary.names;
        let whole = grammar.mark(name.start + 1) != Some('-');
        let first = grammar.text.word(name.start);
        match names.in_first_case(first, grammar.language).filter(|_| whole) {
            _ if name.len() == 1 => false,
            Some(first) => !first && (subject || title.any(Class::KIN)),
            // no list tells: of kin it is likely, of others if both words may be in another case
            None if title.any(Class::KIN) => true,
            None => {
                let declined = |t: usize| names.may_be_declined(grammar.text.word(t), grammar.language);
                subject && title.any(Class::SERVES) && declined(name.start) && declined(name.end - 1)
            }
        }
    }
}

/// Whether the text between two names leads from one to the other, as from an employer to the speaker: no mark,
/// conjunction, preposition or relative pronoun separates them.
fn runs_on(grammar: &Grammar, mut between: Range<usize>) -> bool {
    between.all(|i| {
        (grammar.word(i).is_some() || grammar.mark(i) == Some('-'))
            && !grammar.is(i, Word::CONJUNCTION | Word::PREPOSITION | Word::RELATIVE)
    })
}
