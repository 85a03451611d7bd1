//! Quoted stretches that are the title of a work: a film, a book, a song.

use std::ops::Range;

use super::grammar::Grammar;
use crate::text::{Case, Kind, Script};

/// Whether a stretch is the title of a work: all its longer words are capitalised and no mark ends it.
pub(super) fn is_title(grammar: &Grammar, tokens: &Range<usize>) -> bool {
    let (mut capital, mut small) = (0, 0);
    for token in
        grammar.text.tokens[tokens.clone()].iter().filter(|t| t.kind == Kind::Word && t.end - t.start > 3)
    {
        if token.is_capital() {
            capital += 1;
        } else {
            small += 1;
        }
    }
    let inner = tokens.end.saturating_sub(2);
    let stop = grammar.mark(inner).is_some_and(|c| matches!(c, '.' | ',' | '!' | '?'));
    capital > 1 && small == 0 && !stop
}

/// The museum shows "Winter of the Tin Soldiers": whether a title comes right after a lower-case word, to which it
/// belongs.
pub(super) fn names_work(grammar: &Grammar, tokens: &Range<usize>) -> bool {
    let before = tokens.start.checked_sub(1).and_then(|i| grammar.word(i));
    let small = |i: usize| grammar.text.tokens[i].case == Case::Lower && grammar.word(i).is_some();
    before.is_some() && is_title(grammar, tokens) && tokens.start > 0 && small(tokens.start - 1)
}

/// Роман «Белый шум и чёрный снег»: in Cyrillic, titles are lower-case but for the first word. A capital there
/// shows a name, as words quoted in mid-sentence start in lower case.
pub(super) fn names_thing(grammar: &Grammar, tokens: &Range<usize>) -> bool {
    let text = grammar.text;
    let before = tokens.start.checked_sub(1).filter(|i| text.tokens[*i].kind == Kind::Word);
    let inner = tokens.end.saturating_sub(2);
    let stop = grammar.mark(inner).is_some_and(|c| matches!(c, '.' | ',' | '!' | '?' | '…'));
    Script::of(text.tokens[tokens.start + 1].first) == Script::Cyrillic
        && before.is_some_and(|i| text.sentence_of(i) == text.sentence_of(tokens.start))
        && text.tokens[tokens.start + 1].is_capital()
        && !stop
}
