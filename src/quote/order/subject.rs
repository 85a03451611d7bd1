//! Finds the speaker among the words around a verb: the noun phrase that can be its subject.
//!
//! A subject is a name, an office or a pronoun in the nominative that nothing governs. Where its ending leaves that
//! open, its place decides.

mod before;

use std::ops::Range;

use super::Orders;
use crate::language::class::Class;
use crate::language::word::Word;
use crate::text::{Case, Gap};

/// The classes of titles by which a person is called.
fn role() -> Class {
    Class::OFFICE | Class::ROLE | Class::RANK
}

impl Orders<'_, '_> {
    /// The subject of a verb of saying within a range.
    pub(super) fn subject_of(&self, cue: usize, from: usize, end: usize) -> Option<Range<usize>> {
        let place = &self.grammar.cues[cue];
        let (start, behind) = (place.start, place.end);
        let clause = self.clause_end(behind).min(end);
        if self.grammar.verb_final {
            return self.before(from, start);
        }
        if self.order.verb_first {
            if let Some(beside) = self.beside_verb(from, start) {
                return Some(beside);
            }
            let after = self.after(behind, clause);
            return after.or_else(|| self.framed(from, start)).or_else(|| self.before(from, start));
        }
        self.before(from, start).or_else(|| self.after(behind, clause))
    }

    /// A name or title with the ending of a subject right before a verb, in languages that have one: "*Ռաոն* կոչ է արել
    /// փակել դռները".
    fn beside_verb(&self, from: usize, verb: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        let subject = |i: usize| g.word(i).is_some_and(|w| self.order.is_subject(&w.to_lowercase()));
        let last = verb.checked_sub(1).filter(|i| *i >= from && subject(*i))?;
        let named = self.speakers.mention_to(g, verb).is_some() || self.speakers.role_to(g, verb).is_some();
        let apart = g.stretch(last).is_none() && named;
        self.before(from, verb).filter(|phrase| apart && phrase.end == verb)
    }

    /// The subject between an auxiliary and the verb: "وكان راو قد قال".
    fn framed(&self, from: usize, verb: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        let mut end = verb;
        while end > from && (g.is(end - 1, Word::AUXILIARY) || g.adverb(end - 1)) {
            end -= 1;
        }
        let phrase = g.phrase_before(end, from).filter(|_| end < verb)?;
        (phrase.start > from && g.is(phrase.start - 1, Word::AUXILIARY)).then_some(phrase)
    }

    /// The subject after a verb, up to `end`.
    pub(super) fn after(&self, from: usize, end: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        let mut i = from;
        while i < end {
            if g.is(i, Word::PRONOUN) {
                return Some(i..i + 1);
            }
            if g.is(i, Word::PREPOSITION) && !self.order.postpositions {
                i = self.past_object(i + 1, end);
                continue;
            }
            let skipped = Word::AUXILIARY
                | Word::TIME
                | Word::OBJECT
                | Word::ADDRESSEE
                | Word::NEGATION
                | Word::PREPOSITION
                | Word::DETERMINER;
            let number = g.word(i).is_none() && g.mark(i).is_none();
            if g.adverb(i) || g.is(i, skipped) || number || self.is_lower_oblique(i) {
                i += 1;
                continue;
            }
            let over = Word::THAT | Word::WH | Word::RELATIVE | Word::CONJUNCTION | Word::SUBORDINATOR;
            if g.mark(i).is_some() && g.opens(i).is_none() || g.is(i, over) {
                return None;
            }
            let phrase = self.past_outlet(self.fit(g.phrase_after(i, end)?, end));
            let governed = self.order.postpositions && g.is(phrase.end, Word::PREPOSITION);
            if !governed {
                return Some(phrase);
            }
            i = phrase.end.max(i + 1);
        }
        None
    }

    /// Cuts off whom it is told to, or who passes it on: "сказал *РИА Новости* эксперт Рао", "*газете «Полюс»* эксперт Рао",
    /// "передаёт *ТАСС слова* Рао".
    pub(super) fn past_outlet(&self, phrase: Range<usize>) -> Range<usize> {
        let g = self.grammar;
        let Range { start, end } = phrase;
        let words = |i: &usize| g.word(*i).is_some_and(|w| self.order.words.iter().any(|own| own == w));
        if let Some(at) = (start + 1..end.saturating_sub(1)).find(words) {
            return at + 1..end;
        }
        let thing = |i: usize| {
            let bearers = self.speakers.data.cues.bearers(g.language);
            g.word(i).is_some_and(|w| bearers.is_some_and(|b| b.is_thing(&w.to_lowercase())))
        };
        let outlet = |i: usize| {
            g.capital(i) || g.stretch(i).is_some() || g.mark(i) == Some('-') || i == start && thing(i)
        };
        let name = self.speakers.mention_from(g, start).map(|(name, _)| name).filter(|n| n.end <= end);
        let Some(name) = name.filter(|_| !self.order.postpositions) else {
            return phrase;
        };
        let role = (start + 1..name.start).find(|i| self.role_at(*i, name.start));
        let cut = role.filter(|at| (start..*at).all(outlet) && !self.role_at(start, end));
        cut.unwrap_or(start)..end
    }

    /// Whether a lower-case word is in a case that a subject cannot have: "журналистам".
    fn is_lower_oblique(&self, i: usize) -> bool {
        let g = self.grammar;
        let lower = g.text.tokens[i].case == Case::Lower;
        lower && g.word(i).is_some_and(|w| self.order.is_oblique(w))
    }

    /// Where the phrase that a preposition governs ends: before a name or an office that starts a new phrase.
    fn past_object(&self, start: usize, end: usize) -> usize {
        let g = self.grammar;
        let mut i = (start + 1).min(end);
        // "с президентом *Рао*" includes the name
        let titled = |i: usize| self.speakers.title(g, &(start..i)).any(role());
        while i < end {
            // "у п'ятницю" is one word
            let joins = matches!(g.mark(i), Some('-' | '\'' | '’'));
            let hyphen = joins && g.text.tokens[i].gap == Gap::None;
            let edge = g.mark(i).is_some() && g.stretch(i).is_none() && !hyphen
                || g.is(i, Word::PREPOSITION | Word::PRONOUN)
                || g.cue(i).is_some();
            let lower = g.text.tokens[i].case == Case::Lower && !hyphen;
            // "в Москве *представитель* Рао", "у Twitter *адміністрація*"
            let placed = i == start + 1 && lower && self.speakers.is_place(g, start);
            // "на встрече с рыбаками *Рао*": a plural is nobody's title
            let untitled = |i: usize| !titled(i) || self.is_lower_oblique(i - 1);
            let anew = self.name_at(i) && untitled(i) || self.role_at(i, end) || placed;
            // «Полюс» *Рао*
            let behind_mark = g.closes(i - 1).is_some() && g.capital(i);
            if edge || anew || behind_mark {
                return i;
            }
            i += 1;
        }
        i
    }

    /// Whether a person's name in the nominative starts at a token.
    pub(super) fn name_at(&self, i: usize) -> bool {
        let starts = |(name, who): (Range<usize>, usize)| {
            let base = self.speakers.people[who].name.split_whitespace().last();
            let same = base.is_some_and(|b| Some(b) == self.grammar.word(name.end - 1));
            name.start == i && (same || self.order.postpositions) && self.first_case(&name)
        };
        self.speakers.mention_from(self.grammar, i).is_some_and(starts)
    }

    /// Whether a lower-case title starts at a token.
    pub(super) fn role_at(&self, i: usize, end: usize) -> bool {
        let g = self.grammar;
        let lower = g.text.tokens[i].case == Case::Lower;
        lower
            && self
                .speakers
                .role_from(g, i)
                .is_some_and(|t| t.end <= end && !self.is_lower_oblique(t.end - 1))
    }

    /// Whether a name is in the nominative, as far as its ending shows.
    fn first_case(&self, name: &Range<usize>) -> bool {
        let g = self.grammar;
        let Some(last) = g.word(name.end - 1).filter(|_| self.order.postpositions) else { return true };
        // an apostrophe separates a name from its case ending
        if last.contains(['\'', '’']) || self.case_hangs(name.end) || self.is_inflected(name) {
            return false;
        }
        let last = last.to_lowercase();
        !self.order.is_oblique(&last) && !self.order.is_genitive(&last)
    }

    /// Whether a person's name has a case ending: "Putinə", from what the lexicon or the text calls him elsewhere.
    fn is_inflected(&self, name: &Range<usize>) -> bool {
        let g = self.grammar;
        let named = self.speakers.mention_from(g, name.start).filter(|(tokens, _)| tokens.end == name.end);
        let (Some((_, who)), Some(word)) = (named, g.word(name.end - 1)) else { return false };
        let names = &self.speakers.data.vocabulary.names;
        let same = self.speakers.people[who].name.split([' ', '-']).any(|part| part == word);
        !same && names.shares_letters(g.language) && names.is_inflected(word, g.language)
    }

    /// Whether an apostrophe and a case ending follow a word.
    fn case_hangs(&self, end: usize) -> bool {
        let g = self.grammar;
        let tokens = &g.text.tokens;
        let joined = |i: usize| tokens.get(i).is_some_and(|t| t.gap == Gap::None);
        matches!(g.mark(end), Some('\'' | '’'))
            && joined(end)
            && joined(end + 1)
            && g.word(end + 1).is_some()
            && tokens[end + 1].case == Case::Lower
    }

    /// Whether a capitalised word that belongs to no person's name is in a case that a subject cannot have: "Marston
    /// *Londra'da* dedi".
    pub(super) fn is_apart(&self, i: usize) -> bool {
        let g = self.grammar;
        let inside = self.speakers.mention_from(g, i).is_some_and(|(name, _)| name.start < i);
        let Some(word) = g.word(i).filter(|_| g.capital(i) && self.order.postpositions && !inside) else {
            return false;
        };
        let alone = self.speakers.mention_from(g, i).filter(|(name, _)| name.start == i);
        alone.is_some_and(|(name, _)| !self.first_case(&name))
            || self.case_hangs(i + 1)
            || self.speakers.data.vocabulary.names.shares_letters(g.language)
                && self.order.is_oblique(&word.to_lowercase())
            || self.is_another_surname(i)
    }

    /// Whether a word behind a typical surname is another one in another case: "Quliyev *Həsənova* deyib".
    fn is_another_surname(&self, i: usize) -> bool {
        let g = self.grammar;
        let like = |word: &str| self.speakers.data.titles.ends_like_surname(g.language, word);
        let names = &self.speakers.data.vocabulary.names;
        i > 0
            && names.shares_letters(g.language)
            && g.word(i).is_some_and(|word| names.first_cases(word, g.language).any(like))
            && g.word(i - 1).is_some_and(like)
    }

    /// Cuts off what follows the word with the ending of a subject.
    fn fit(&self, phrase: Range<usize>, to: usize) -> Range<usize> {
        let g = self.grammar;
        if self.order.subject.is_empty() {
            return phrase;
        }
        if let Some(end) = self.article_in(&phrase) {
            return phrase.start..end;
        }
        // "դեսպան, արաբագետ Ռաոն": the article is on the last of several descriptions
        let more = self.comma(phrase.end).then(|| g.phrase_after(phrase.end + 1, to)).flatten();
        let end = more.and_then(|more| self.article_in(&more)).unwrap_or(phrase.end);
        phrase.start..end
    }

    /// The end of the first word of a phrase that has an article and is not followed by a name.
    fn article_in(&self, phrase: &Range<usize>) -> Option<usize> {
        let g = self.grammar;
        let ends = |i: &usize| {
            let word = g.word(*i).filter(|_| g.stretch(*i).is_none()).map(str::to_lowercase);
            word.is_some_and(|w| self.order.has_article(&w)) && !g.capital(*i + 1)
        };
        phrase.clone().find(ends).map(|i| i + 1)
    }

    /// Cuts a phrase off after a name in it that other words follow: "цитирует *Рао* газета «Полюс»".
    pub(super) fn to_name(&self, phrase: Range<usize>) -> Range<usize> {
        let g = self.grammar;
        let Range { start, end } = phrase;
        let named = |t: usize| {
            let run = (start..t).rev().take_while(|i| g.capital(*i)).count();
            run > 1 || run > 0 && self.speakers.mention_to(g, t).is_some()
        };
        let titled = |t: usize| (t + 1..=end).any(|e| self.speakers.role_to(g, e).is_some());
        let goes_on = |t: usize| g.capital(t) || titled(t) || g.mark(t).is_some() && g.stretch(t).is_none();
        let name = (start + 1..end).find(|t| named(*t) && !goes_on(*t));
        start..name.unwrap_or(end)
    }

    /// The first person in a range whose name is in the nominative.
    pub(super) fn person_in(&self, from: usize, end: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        let named = |t: &usize| {
            self.speakers.mention_to(g, *t).is_some()
                && self.is_subject_end(*t, from..end, true)
                && !self.is_governed(*t, from)
        };
        let t = (from + 1..=end).find(named)?;
        self.whole(t, from)
    }
}
