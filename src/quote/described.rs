//! Descriptions that stand for a person: "the diver", "the diplomat", "the 56-year-old".
//!
//! Finds the name in the text that a description refers to. The names before the description are given in order,
//! each with the index of its person.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::grammar::Grammar;
use crate::language::word::Word;

/// Most tokens between a name and the word that describes its bearer.
const NEAR: usize = 6;
/// How many names before a description are considered.
const RECENT: usize = 48;

/// "The 56-year-old": the person with that age after their name. `words` are those after the number.
pub(super) fn aged(
    grammar: &Grammar,
    words: &[Box<str>],
    source: &Range<usize>,
    mentions: &[(Range<usize>, usize)],
) -> Option<usize> {
    let age = age(grammar, words, source)?;
    let years = grammar.text.word(age);
    let bears = |name: &Range<usize>| {
        matches!(grammar.mark(name.end), Some(',' | '('))
            && grammar.text.tokens.get(name.end + 1).is_some_and(|_| grammar.text.word(name.end + 1) == years)
    };
    let mut recent = mentions.iter().rev().take(RECENT);
    recent.find(|(name, _)| bears(name)).map(|(_, who)| *who)
}

/// The token of the number in "the 56-year-old".
pub(super) fn age(grammar: &Grammar, words: &[Box<str>], source: &Range<usize>) -> Option<usize> {
    // a hyphen joins each word to what comes before it
    let age =
        source.end.checked_sub(2 * words.len() + 1).filter(|i| *i >= source.start && !words.is_empty())?;
    let mut joined = words.iter().zip((age + 2..).step_by(2));
    joined.all(|(word, i)| grammar.word(i) == Some(word)).then_some(age)
}

/// The last person whose name is followed by a comma and the description, though it is not a title: "Peter Lang, a
/// diver from Kiel," is "the diver".
pub(super) fn apposed(
    grammar: &Grammar,
    source: &Range<usize>,
    mentions: &[(Range<usize>, usize)],
) -> Option<usize> {
    let word = grammar.word(source.end - 1).filter(|_| !grammar.capital(source.end - 1))?;
    let described = |name: &Range<usize>| {
        let sentence = &grammar.sentence(name.start);
        let mut behind = name.end..(name.end + NEAR + 2).min(sentence.end);
        let comma = grammar.mark(name.end) == Some(',');
        // the word must be the head of its phrase, before any preposition
        comma
            && behind.find(|t| grammar.word(*t).is_some_and(|w| w.eq_ignore_ascii_case(word))).is_some_and(
                |at| {
                    !(name.end..at)
                        .any(|t| grammar.finite(t) || grammar.is(t, Word::PREPOSITION | Word::RELATIVE))
                        && (grammar.is(at + 1, Word::PREPOSITION)
                            || grammar.mark(at + 1).is_some_and(|c| c == ',' || c == '.'))
                },
            )
    };
    let recent = mentions.iter().rev().take(RECENT);
    recent.into_iter().find(|(name, _)| name.len() > 1 && described(name)).map(|(_, who)| *who)
}

/// The person named last of those who have the description's last word before their name, or after it and a comma: "diplomat
/// Tatyana Poloskova" is "the diplomat", but "an aide to Tatyana Poloskova" is somebody else.
pub(super) fn described_as(
    grammar: &Grammar,
    title: &Range<usize>,
    own: &[usize],
    mentions: &[(Range<usize>, usize)],
    may_be: impl Fn(usize) -> bool,
) -> Option<usize> {
    let same = |a: usize, b: usize| alike(grammar.text.word(a), grammar.text.word(b));
    // whether the title ends at a token
    let says = |at: usize| {
        let start = (at + 1).checked_sub(title.len());
        start.is_some_and(|start| (start..=at).zip(title.clone()).all(|(a, b)| same(a, b)))
    };
    let links = |at: usize| {
        grammar.is(at, Word::PREPOSITION | Word::TO | Word::GENITIVE | Word::JOINS | Word::POSSESSIVE)
            || grammar.mark(at).is_some_and(|c| c != '-')
    };
    let ends = |at: usize| {
        grammar.finite(at) || grammar.cue(at).is_some() || grammar.is(at, Word::RELATIVE | Word::CONJUNCTION)
    };
    let described = |name: &Range<usize>| {
        let sentence = &grammar.sentence(name.start);
        let before = name.start.saturating_sub(NEAR).max(sentence.start)..name.start;
        let behind = name.end + 1..(name.end + NEAR).min(sentence.end);
        let apposed = grammar.mark(name.end) == Some(',');
        // "the mayor of Vale Novo, Ines Pinto, said"
        let closed = matches!(grammar.mark(name.end), Some(',' | '.' | ';'));
        let behind_comma = closed && name.start > 0 && grammar.mark(name.start - 1) == Some(',');
        let titled = |at: usize| {
            let gap = at + 1..name.start;
            says(at) && !gap.clone().any(ends) && (behind_comma || !gap.clone().any(links))
        };
        let called = |at: usize| {
            says(at)
                && !title.contains(&at)
                && !(name.end + 1..at).any(|at| ends(at) || links(at) && grammar.mark(at) != Some(','))
                && !grammar.finite(at + 1)
                && grammar.cue(at + 1).is_none()
        };
        let all_in = |words: &Range<usize>| own.iter().all(|own| words.clone().any(|at| same(at, *own)));
        before.clone().any(titled) && all_in(&before)
            || apposed && behind.clone().any(called) && all_in(&behind)
    };
    let called = mentions.iter().filter(|(name, who)| name.len() > 1 && described(name) && may_be(*who));
    let called: FxHashSet<usize> = called.map(|(_, who)| *who).collect();
    // of two ministers, the one named last
    mentions.iter().rev().map(|(_, who)| *who).find(|who| called.contains(who))
}

/// Whether two words differ at most in their capitals.
fn alike(a: &str, b: &str) -> bool {
    a == b || a.chars().flat_map(char::to_lowercase).eq(b.chars().flat_map(char::to_lowercase))
}
