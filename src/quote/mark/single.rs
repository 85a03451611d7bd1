//! Stretches between single marks, next to double ones and around them.

use std::ops::Range;

use super::role::{touches_left, touches_right, twin};
use super::{Stretch, push};
use crate::text::{Gap, Kind, Text};

/// ‘He called it “a mistake,” and left,’ she said: the stretch between single marks that contains the double marks
/// from `open` on.
pub(super) fn around(text: &Text, marks: &[usize], from: usize, open: usize) -> Option<Range<usize>> {
    let paragraph = &text.paragraphs[text.paragraph_of(open)];
    let single = |i: usize| matches!(text.tokens[i].first, '‘' | '’' | '\'');
    let closes = |i: usize| {
        let stop = i > 0 && text.tokens[i - 1].kind == Kind::Mark && text.tokens[i - 1].first != '-';
        single(i) && stop && text.tokens[i].gap == Gap::None && !touches_right(text, i)
    };
    let opens = |i: usize| {
        let first = text.tokens[i].first;
        let word = text.tokens.get(i + 1).is_some_and(|t| t.kind == Kind::Word);
        let twins = twin(text, i) || i > 0 && twin(text, i - 1);
        matches!(first, '‘' | '\'') && word && !twins && !touches_left(text, i) && touches_right(text, i)
    };
    let first = marks.partition_point(|i| *i < paragraph.start.max(from));
    let at = marks.partition_point(|i| *i < open);
    let start =
        marks[first..at].iter().rev().copied().find(|i| opens(*i) || closes(*i)).filter(|i| opens(*i))?;
    let mut next = marks[at..].iter().copied().take_while(|i| *i < paragraph.end);
    let end = next.find(|i| closes(*i))?;
    // the double marks within come in pairs
    let doubles = marks[at..].iter().take_while(|i| **i < end).filter(|i| !single(**i)).count();
    (doubles.is_multiple_of(2)).then_some(start..end + 1)
}

/// Stretches between single marks, as in British papers, in a range without double ones.
pub(super) fn singles(
    text: &Text,
    marks: &[usize],
    range: Range<usize>,
    owns: &dyn Fn(usize) -> bool,
    out: &mut Vec<Stretch>,
) {
    let mut open: Option<(usize, bool)> = None;
    let mut paragraph_end = 0;
    let first = marks.partition_point(|i| *i < range.start);
    for i in marks[first..].iter().copied().take_while(|i| *i < range.end) {
        let token = &text.tokens[i];
        if i >= paragraph_end {
            open = None;
        }
        if !matches!(token.first, '‘' | '’' | '\'' | '‚' | '`') {
            continue;
        }
        if i > range.start && twin(text, i - 1) {
            continue;
        }
        let double = twin(text, i) && i + 1 < range.end;
        let last = i + usize::from(double);
        let (left, right) = (touches_left(text, i), touches_right(text, last));
        if !left && right && token.first != '’' {
            let number = text.tokens[last + 1].kind == Kind::Number && !double;
            if open.is_none() && !number && last + 1 < range.end {
                open = Some((i, double));
                paragraph_end = text.paragraphs[text.paragraph_of(i)].end;
            }
        } else if left && !right && token.first != '‘' {
            let Some((start, _)) = open.filter(|(_, twin)| *twin == double) else { continue };
            // "the states' rights": a possessive closes nothing, unless a mark comes before or after its apostrophe
            let before = &text.tokens[i - 1];
            let behind = text.tokens.get(last + 1);
            let stop = double
                || before.kind == Kind::Mark
                || behind.is_none_or(|t| t.kind == Kind::Mark || t.gap == Gap::Paragraph)
                || !owns(i - 1);
            if stop {
                push(text, out, start..last + 1, true, !double);
                open = None;
            }
        }
    }
}
