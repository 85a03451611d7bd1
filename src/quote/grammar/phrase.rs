//! Noun phrases, found by function words alone.

use std::ops::Range;

use super::{ED, Grammar, ING, S};
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::text::{Case, Gap, Kind};

/// Most tokens of a noun phrase.
const LONGEST_PHRASE: usize = 24;
/// Most words that say when, before a subject.
const DAY: usize = 3;

impl Grammar<'_> {
    /// Whether a token may be part of a noun phrase.
    fn nominal(&self, i: usize) -> bool {
        let Some(token) = self.text.tokens.get(i) else { return false };
        match token.kind {
            Kind::Number => true,
            Kind::Mark => match token.first {
                // "June 29 - Barclays"
                '-' if token.gap != Gap::None
                    && self.text.tokens.get(i + 1).is_some_and(|n| n.gap != Gap::None) =>
                {
                    false
                }
                '-' | '&' | '%' | '$' | '€' | '£' | '#' | '@' | '_' | '/' | '\u{2010}' | '\u{2011}' => {
                    true
                }
                '\'' | '’' => {
                    token.gap == Gap::None
                        && self
                            .text
                            .tokens
                            .get(i + 1)
                            .is_some_and(|n| n.gap == Gap::None || i > 0 && self.has(i - 1, S))
                }
                '.' if self.shortens_title(i) => true,
                '.' => {
                    token.gap == Gap::None
                        && i > 0
                        && self.capital(i - 1)
                        && self.text.tokens[i - 1].end - self.text.tokens[i - 1].start <= 4
                        && self.capital(i + 1)
                }
                _ => false,
            },
            Kind::Word => {
                let stops = Word::PRONOUN
                    | Word::AUXILIARY
                    | Word::SUBORDINATOR
                    | Word::WH
                    | Word::RELATIVE
                    | Word::NEGATION
                    | Word::TO
                    | Word::SAID;
                let alone = self.is(i, Word::DETERMINER);
                let sort = self.cue(i).map(|c| self.cues[c].sort);
                // ", saying anybody who": a participle after a comma; "kaydeden Saymaz": one before its subject
                let participle = self.mark(i.wrapping_sub(1)) == Some(',') && sort == Some(Sort::Verb)
                    || sort == Some(Sort::Participle);
                let small_word = self.is(i, stops) && !alone || self.finite(i) || participle;
                !self.is(i, Word::VERB) && (self.capital(i) || !small_word)
            }
        }
    }

    /// Whether a dot ends a short title in lower case before a name, or before another one: "gen. Jan Rao",
    /// "st. sierż. Jan Rao", "prof. dr hab. Jan Rao".
    pub fn shortens_title(&self, dot: usize) -> bool {
        let Some(before) = dot.checked_sub(1) else { return false };
        let last = |i: usize| self.title_ends(i) || self.mark(i) == Some('.') && self.title_ends(i - 1);
        let title = self.title_ends(dot) || self.title_ends(before);
        self.text.tokens[before].case == Case::Lower
            && self.text.tokens[dot].gap == Gap::None
            && self.text.sentence_of(before)
                == self.text.sentence_of((dot + 1).min(self.text.tokens.len() - 1))
            && (title && (self.capital(dot + 1) || self.title_ends(dot + 1))
                || self.mark(dot + 2) == Some('.') && (title || last(dot + 1) || last(dot + 2)))
    }

    /// The noun phrase that ends right before `end` and does not start before `from`.
    pub fn phrase_before(&self, end: usize, from: usize) -> Option<Range<usize>> {
        let least = from.max(end.saturating_sub(LONGEST_PHRASE));
        let mut start = end;
        while start > least {
            let i = start - 1;
            let spoken = |s: usize| {
                self.stretches[s].words > 3
                    || i > 0 && matches!(self.mark(i - 1), Some(',' | '.' | '?' | '!'))
            };
            if self.closes(i).is_some_and(spoken) {
                break;
            }
            let scare =
                self.stretch(i).is_some_and(|s| self.stretches[s].words <= 3) && self.mark(i).is_some();
            let joined = self.is(i, Word::CONJUNCTION)
                && i > least
                && start < end
                && self.capital(i - 1)
                && self.capital(i + 1)
                || self.is(i, Word::CONJUNCTION) && i > least && self.is(i - 1, Word::DETERMINER);
            if self.is(i, Word::CONJUNCTION) {
                if !joined {
                    break;
                }
            } else if !(self.nominal(i) || scare || i > least && start < end && self.binds(i, start)) {
                break;
            }
            start = i;
            if self.text.tokens[i].gap == Gap::Paragraph {
                break;
            }
        }
        self.trim(start..end)
    }

    /// Whether a phrase starts with a day or the like, right before its article: "*Last week* the mayor", "*Two
    /// days later* the firm".
    fn tells_when(&self, range: &Range<usize>) -> bool {
        let article = (range.start + 1..range.end).find(|i| self.is(*i, Word::ARTICLE));
        article.is_some_and(|at| {
            at - range.start <= DAY
                && (self.is(at - 1, Word::TIME) || self.adverb(at - 1))
                && !(range.start + 1..at).any(|i| self.capital(i) && !self.is(i, Word::TIME))
        })
    }

    /// Whether "to" links a noun to its recipient: "an aide to Minister Rao", "the letter to the board".
    fn binds(&self, to: usize, next: usize) -> bool {
        let noun = to - 1;
        self.is(to, Word::TO)
            && (self.capital(next) || self.is(next, Word::DETERMINER))
            && self.word(noun).is_some()
            && !(self.small(noun) || self.finite(noun) || self.adverb(noun) || self.has(noun, ING | ED))
            && self.cue(noun).is_none()
    }

    /// Cuts off words that cannot start a subject, and marks at the end.
    fn trim(&self, mut range: Range<usize>) -> Option<Range<usize>> {
        while !range.is_empty() {
            let i = range.start;
            if self.is(i, Word::PREPOSITION) && !self.is(i, Word::DETERMINER) {
                // "In an interview the mayor": the last article starts the subject, or else the last run of
                // capitals
                let inner = i + 1..range.end;
                let article = inner
                    .clone()
                    .skip(1)
                    .rev()
                    .find(|t| self.is(*t, Word::DETERMINER) && !self.is(*t - 1, Word::PREPOSITION));
                let mut run = range.end;
                while run > inner.start && (self.capital(run - 1) || self.mark(run - 1).is_some()) {
                    run -= 1;
                }
                // "On Sunday Lindahl"
                run += usize::from(self.is(run, Word::TIME) && run + 1 < range.end && self.capital(run + 1));
                range.start = article.unwrap_or(if run < range.end { run } else { inner.start });
            } else if self.mark(i).is_some_and(|c| !matches!(c, '$' | '@' | '#' | '“' | '"' | '‘' | '«'))
                // "Commenting on the mayor's statement"
                || self.has(i, ING) && self.cue(i).is_some() && self.is(i + 1, Word::PREPOSITION) && range.len() > 2
                || self.adverb(i) && !self.is(i, Word::DETERMINER)
                || self.is(i, Word::CONJUNCTION)
                || self.is(i, Word::TIME) && range.len() > 1 && self.text.tokens[i].case == Case::Lower
                || self.tells_when(&range)
            {
                range.start += 1;
            } else {
                break;
            }
        }
        while range.end > range.start
            && self.mark(range.end - 1).is_some_and(|c| c != '%' && self.stretch(range.end - 1).is_none())
        {
            range.end -= 1;
        }
        (!range.is_empty() && range.clone().any(|i| self.text.tokens[i].kind != Kind::Mark)).then_some(range)
    }

    /// Whether an adverb stands between an article and an adjective: "a *visibly* upset Tom Reed".
    fn modifies(&self, i: usize, start: usize) -> bool {
        i > start
            && self.is(i - 1, Word::DETERMINER)
            && self.word(i + 1).is_some()
            && !self.small(i + 1)
            && !self.capital(i + 1)
            && self.cue(i + 1).is_none_or(|c| self.cues[c].sort == Sort::Adjective)
    }

    /// Where a time or an adverb at `start` ends: "как отметил *в пятницу* Рао".
    pub fn past_time(&self, start: usize) -> usize {
        let when = |i: usize| self.is(i, Word::TIME) || self.adverb(i);
        let mut at = start;
        loop {
            at += match () {
                () if when(at) => 1,
                () if self.is(at, Word::PREPOSITION) && when(at + 1) => 2,
                () => return at,
            };
        }
    }

    /// Whether a word stands between two capitalised ones: "Tobías *de* Quiroga", "Rosa *de* la Serna".
    fn joins_names(&self, i: usize) -> bool {
        let behind = self.capital(i + 1) || self.is(i + 1, Word::DETERMINER) && self.capital(i + 2);
        self.is_small(i, Word::JOINS) && self.capital(i - 1) && behind
    }

    /// The noun phrase that starts at `start` and does not reach beyond `to`. Includes what follows with "of" and
    /// "for".
    pub fn phrase_after(&self, start: usize, to: usize) -> Option<Range<usize>> {
        let most = to.min(start + LONGEST_PHRASE);
        if start >= most {
            return None;
        }
        if self.is(start, Word::PRONOUN | Word::OBJECT)
            && !self.is(start, Word::DETERMINER)
            && !self.is_small(start + 1, Word::OF)
        {
            return Some(start..start + 1);
        }
        let mut end = start;
        while end < most {
            let i = end;
            if i > start && self.text.tokens[i].gap == Gap::Paragraph
                || self.opens(i).is_some_and(|s| self.stretches[s].words > 3)
            {
                break;
            }
            let scare =
                self.stretch(i).is_some_and(|s| self.stretches[s].words <= 3) && self.mark(i).is_some();
            if self.is(i, Word::TIME) && (i == start || !self.is(i - 1, Word::DETERMINER)) {
                break;
            }
            if self.is(i, Word::PREPOSITION) && !self.capital(i) {
                let continues = self.is_small(i, Word::CONTINUES)
                    || self.is_small(i, Word::CONTINUES_NAME) && self.capital(i + 1)
                    || i > start && self.joins_names(i);
                if i == start || !continues || self.is(i + 1, Word::TIME | Word::PRONOUN) {
                    break;
                }
            } else if self.is(i, Word::CONJUNCTION) {
                if !(i > start && i + 1 < most && (self.capital(i + 1) && self.capital(i - 1))) {
                    break;
                }
            } else if i > start
                && self.is(i, Word::OBJECT | Word::THAT)
                && !self.is(i, Word::DETERMINER)
                && !self.is_small(i - 1, Word::OF)
                || self.adverb(i) && !self.modifies(i, start)
                || !(self.nominal(i) || scare)
            {
                break;
            }
            end += 1;
        }
        while end > start
            && (self.mark(end - 1).is_some_and(|c| c != '%' && self.stretch(end - 1).is_none())
                || self.is(end - 1, Word::PREPOSITION | Word::DETERMINER)
                    && !self.capital(end - 1)
                    && end - 1 > start)
        {
            end -= 1;
        }
        let article = end == start + 1 && self.is(start, Word::ARTICLE);
        (end > start && !article && (start..end).any(|i| self.text.tokens[i].kind != Kind::Mark))
            .then_some(start..end)
    }
}
