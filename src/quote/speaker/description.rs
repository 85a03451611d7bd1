//! Descriptions by a title, without a name: "the minister". They mean only who fits them by office and country.

use std::ops::Range;

use super::super::grammar::Grammar;
use super::Speakers;
use crate::document::Meaning;
use crate::language::class::Class;
use crate::language::word::Word;
use crate::official::titles::Kind;

/// Most tokens of a description.
const LONGEST: usize = 4;

/// What a description says about the person that it means.
#[derive(Debug, Clone)]
pub(in crate::quote) struct Description<'d> {
    /// The tokens of the title that ends it.
    pub title: Range<usize>,
    /// Those before it that name somebody or something: "*Vale Party* leader".
    pub own: Vec<usize>,
    /// Its last word.
    word: &'d str,
    class: Class,
    kind: Option<Kind>,
    country: Option<&'d str>,
    /// Whether it is an office alone, but for an article and a country: "the Belgian minister", not "the finance
    /// minister".
    pub plain: bool,
}

impl<'d> Speakers<'d> {
    /// What a source says about a person whom it does not name, if it is a title that one person holds.
    pub fn description<'g>(
        &self,
        grammar: &'g Grammar<'d>,
        source: &Range<usize>,
        woman: bool,
    ) -> Option<Description<'g>>
    where
        'd: 'g,
    {
        let articles = self.has_articles(grammar);
        let definite = grammar.is(source.start, Word::DEFINITE);
        if self.people.is_empty() || source.len() > LONGEST || articles && !definite {
            return None;
        }
        // "le président *polonais*"
        let country = source.clone().rev().find_map(|i| self.country_at(grammar, i));
        let behind = source.len() > 1 && self.country_at(grammar, source.end - 1).is_some();
        let noun = source.start..source.end - usize::from(behind);
        let last = noun.end - 1;
        let word = grammar.word(last)?;
        let small = self.data.vocabulary.word(grammar.language, &word.to_lowercase()) != Word::default();
        let class = self.title(grammar, &noun);
        let titled = class.any(Class::OFFICE | Class::ROLE | Class::RANK);
        if small || !titled || !articles && grammar.capital(last) || self.is_of_several(grammar, last, woman)
        {
            return None;
        }
        if !articles && !self.is_whole(grammar, source) {
            return None;
        }
        let kind = self.kind_of(grammar, &noun);
        let plain = class.any(Class::OFFICE) && source.len() <= 2 + usize::from(country.is_some());
        let title = self.title_range(grammar, &noun);
        let own = (source.start..title.start)
            .filter(|i| grammar.capital(*i) && *i != grammar.sentence(*i).start)
            .filter(|i| self.country_at(grammar, *i).is_none())
            .collect();
        Some(Description { title, own, word, class, kind, country, plain })
    }

    /// Whether a person fits a description: by the country, and by the kind of office or the very word.
    pub fn fits(&self, description: &Description, who: usize) -> bool {
        let Some(office) = self.people[who].office.as_ref() else { return false };
        let mut words = office.title.split_whitespace().map(|w| w.eq_ignore_ascii_case(description.word));
        let same = match (description.kind, office.kind) {
            // "the chancellor" may be one of the exchequer
            (Some(kind), Some(own)) => kind == own || words.next() == Some(true),
            _ => words.any(|same| same),
        };
        same && self.of_country(description, who)
    }

    /// Whether whoever spoke last may be called so where nouns have no article: "дипломат" of a minister, where no list
    /// tells which office the word means.
    pub fn may_go_on(&self, grammar: &Grammar, description: &Description, who: usize) -> bool {
        let articles = self.has_articles(grammar);
        let attached = grammar.order.is_some_and(|o| o.verb_first);
        let held = self.people[who].office.is_some() && description.kind.is_none();
        let plain = description.plain && description.country.is_none();
        !articles && !attached && held && plain && !description.class.any(Class::SERVES)
    }

    /// Whether nothing that is known of a person's office speaks against a description that the text gave them.
    pub fn may_be(&self, description: &Description, who: usize) -> bool {
        let own = self.people[who].office.as_ref().and_then(|office| office.kind);
        let other = own.is_some_and(|own| description.kind.is_some_and(|kind| kind != own));
        !other && self.of_country(description, who)
    }

    /// Whether it may stand for whoever is named behind the word: in a language with cases, who is named behind
    /// "spokesman" is whom he speaks for.
    pub fn may_be_called(&self, grammar: &Grammar, description: &Description) -> bool {
        let articles = self.has_articles(grammar);
        articles || !description.class.any(Class::SERVES)
    }

    /// Whether the language has a definite article.
    pub(super) fn has_articles(&self, grammar: &Grammar) -> bool {
        self.data.vocabulary.has_words(grammar.language, Word::DEFINITE)
    }

    fn of_country(&self, description: &Description, who: usize) -> bool {
        let own = self.people[who].office.as_ref().and_then(|office| office.country.as_deref());
        description.country.is_none_or(|country| own.is_none_or(|own| own == country))
    }

    /// The longest title within a source that ends where it ends.
    fn title_range(&self, grammar: &Grammar, source: &Range<usize>) -> Range<usize> {
        let part = self.document.part(grammar.text.field);
        let from = part.hits.partition_point(|hit| (hit.start as usize) < source.start);
        let title = part.hits[from..]
            .iter()
            .take_while(|hit| (hit.start as usize) < source.end)
            .find(|hit| matches!(hit.meaning, Meaning::Title(_)) && hit.end as usize == source.end);
        title.map_or(source.end - 1, |hit| hit.start as usize)..source.end
    }

    /// Whether a title is one of several people: "the ministers".
    pub fn is_of_several(&self, grammar: &Grammar, last: usize, woman: bool) -> bool {
        let word = grammar.text.word(last).to_lowercase();
        let titles = self.data.titles;
        titles.is_only_plural(grammar.language, &word) || woman && titles.is_plural(grammar.language, &word)
    }

    /// Whether a source says nothing besides the title that ends it, and what it may have before it: "этот
    /// *министр*", "литовский *премьер*", but not "адвокат *президента*".
    fn is_whole(&self, grammar: &Grammar, source: &Range<usize>) -> bool {
        let part = self.document.part(grammar.text.field);
        let beside = |i: usize| {
            let known = part.hits_over(i).any(|hit| match hit.meaning {
                Meaning::Place(_) => !grammar.capital(i) || i == grammar.sentence(i).start,
                Meaning::Title(n) => {
                    let class = self.data.vocabulary.title(n);
                    class.any(Class::MODIFIER | Class::PAST) || hit.end as usize == source.end
                }
                _ => false,
            });
            let word = part.words.get(i).map_or_else(Class::default, |word| word.small);
            let small = (grammar.small(i) || word.any(Class::NOT_NAME)) && !grammar.capital(i);
            let small = small && !grammar.is(i, Word::PREPOSITION | Word::CONJUNCTION);
            known || small
        };
        source.clone().all(beside)
    }

    /// The country of a place or an adjective at a token.
    fn country_at(&self, grammar: &Grammar, at: usize) -> Option<&'d str> {
        let mut here = self.document.part(grammar.text.field).hits_over(at);
        here.find_map(|hit| match hit.meaning {
            Meaning::Place(n) => self.data.vocabulary.place(n).country(),
            _ => None,
        })
    }
}
