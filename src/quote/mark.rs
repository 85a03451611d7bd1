//! Finds quoted stretches: the text between quotation marks, across paragraphs if need be.
//!
//! Decides which marks belong together, in linear time: a single pass that looks one mark ahead. Marks that are
//! crossed or never closed cost at most their own paragraph.

mod role;
mod single;

use std::ops::Range;

pub(super) use role::is_quotation_mark;
use role::{Role, roles, touches_left, touches_right, twin};
use single::{around, singles};

use crate::text::{Case, Gap, Kind, Text};

/// Most tokens of a quote that spans paragraphs without opening again in each; a longer one was never closed.
const RUN_ON: usize = 1500;

/// A quoted stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Includes the marks.
    pub tokens: Range<usize>,
    /// Whether it has a closing mark.
    pub closed: bool,
    /// How many words are between the marks.
    pub words: usize,
    /// Whether the marks are single ones.
    pub single: bool,
}

/// All quoted stretches in reading order, except those within others. `says` is whether a verb of saying starts at
/// a token, `owns` whether a bare apostrophe after it would make a possessive.
pub(super) fn stretches(
    text: &Text,
    says: &dyn Fn(usize) -> bool,
    owns: &dyn Fn(usize) -> bool,
) -> Vec<Stretch> {
    let mut marks = Vec::new();
    for (i, token) in text.tokens.iter().enumerate() {
        if is_quotation_mark(token) || token.first == ',' && twin(text, i) {
            marks.push(i);
        }
    }
    let roles = roles(text, &marks);
    let mut out = Vec::new();
    let mut covered = 0;
    let mut k = 0;
    while k < roles.len() {
        let (open, role) = roles[k];
        k += 1;
        if role == Role::Closes {
            continue;
        }
        if let Some(outer) = around(text, &marks, covered, open) {
            singles(text, &marks, covered..outer.start, owns, &mut out);
            covered = outer.end;
            k = roles.partition_point(|(at, _)| *at < outer.end);
            push(text, &mut out, outer, true, true);
            continue;
        }
        singles(text, &marks, covered..open, owns, &mut out);
        let (end, closed, next) = close(text, &roles, k, open, says);
        // a stray mark before complete quotes in marks of another kind
        let kind = text.tokens[open].first;
        let other = |(at, role): &(usize, Role)| *role == Role::Opens && text.tokens[*at].first != kind;
        if !closed && roles[k..next].iter().any(other) {
            continue;
        }
        k = next;
        covered = end;
        if !(closed && is_declined(text, open..end, says)) {
            push(text, &mut out, open..end, closed, false);
        }
    }
    singles(text, &marks, covered..text.tokens.len(), owns, &mut out);
    out
}

/// Most words of a name in quotation marks with an ending behind them.
const DECLINED: usize = 3;

/// “Reuters”ə: whether an ending joins the closing mark, as only names have.
fn is_declined(text: &Text, tokens: Range<usize>, says: &dyn Fn(usize) -> bool) -> bool {
    let joined = text.tokens.get(tokens.end).is_some_and(|t| {
        t.kind == Kind::Word && t.gap == Gap::None && t.case == Case::Lower && !says(tokens.end)
    });
    let words = text.tokens[tokens].iter().filter(|t| t.kind != Kind::Mark).count();
    joined && words <= DECLINED
}

/// Where a stretch that opens at `open` ends: the token after it, whether it is closed, and the index of the next
/// mark.
fn close(
    text: &Text,
    roles: &[(usize, Role)],
    mut k: usize,
    open: usize,
    says: &dyn Fn(usize) -> bool,
) -> (usize, bool, usize) {
    let kind = text.tokens[open].first;
    let mut paragraph = text.paragraph_of(open);
    let mut depth = 0;
    loop {
        let paragraph_end = text.paragraphs[paragraph].end;
        let next = roles.get(k).copied();
        if next.is_none_or(|(at, _)| at >= paragraph_end) && depth == 0 {
            let rest = open.max(text.paragraphs[paragraph].start)..paragraph_end;
            if let Some(end) = crossed(text, rest.clone()).or_else(|| lost(text, rest, says)) {
                return (end, true, k);
            }
        }
        let Some((at, role)) = next else {
            return (paragraph_end, false, k);
        };
        if at >= paragraph_end {
            let here = text.paragraph_of(at);
            let opens_again =
                here == paragraph + 1 && at == text.paragraphs[here].start && role != Role::Closes;
            if opens_again && text.tokens[at].first == kind {
                // each paragraph opens again, and only the last one closes
                paragraph = here;
                depth = 0;
                k += 1;
                continue;
            }
            // opened once and closed paragraphs later
            if role == Role::Closes && at - open <= RUN_ON && !straight_pair(text, roles, k, here) {
                paragraph = here;
                continue;
            }
            return (paragraph_end, false, k);
        }
        k += 1;
        let mark = text.tokens[at].first;
        match role {
            Role::Opens if mark == kind && mark != '"' && closes_twice(roles, k, paragraph_end) => {
                depth += 1;
            }
            Role::Opens if mark == kind && mark != '"' => {
                // the mark before it was never closed
                return (at, false, k - 1);
            }
            Role::Opens => {
                // a nested quote in other marks, as « „ “ »: its closing mark is not ours
                if pairs_within(kind, mark) {
                    depth += 1;
                } else if touches_left(text, at) {
                    return (at + 1, true, k);
                } else {
                    depth += 1;
                }
            }
            Role::Closes | Role::Either if depth > 0 => depth -= 1,
            Role::Closes | Role::Either => return (at + 1, true, k),
        }
    }
}

/// Where a double mark is closed by a single one that nothing opened: “We will miss it,' she said.
fn crossed(text: &Text, paragraph: Range<usize>) -> Option<usize> {
    let mark = |i: usize| text.tokens.get(i).filter(|t| t.kind == Kind::Mark).map(|t| t.first);
    let single = |i: &usize| matches!(mark(*i), Some('\'' | '’'));
    let stop = |i: usize| matches!(mark(i - 1), Some(',' | '.' | '!' | '?' | '…'));
    let at = (paragraph.start + 2..paragraph.end)
        .find(|i| single(i) && stop(*i) && text.tokens[*i].gap == Gap::None && !touches_right(text, *i))?;
    let opened = (paragraph.start + 1..at)
        .any(|i| matches!(mark(i), Some('‘' | '\'')) && !touches_left(text, i) && touches_right(text, i));
    (!opened).then_some(at + 1)
}

/// Most words of a clause that names the speaker at the end of a paragraph.
const CLAUSE: usize = 10;

/// Where the closing mark is missing in a paragraph that never closes: after the comma before "…, the union's
/// leader Paul Crane said." or "…, said Crane.", which are not the speaker's words.
fn lost(text: &Text, paragraph: Range<usize>, says: &dyn Fn(usize) -> bool) -> Option<usize> {
    let mark = |i: usize| (text.tokens[i].kind == Kind::Mark).then_some(text.tokens[i].first);
    let last = paragraph.end.checked_sub(2).filter(|_| mark(paragraph.end - 1) == Some('.'))?;
    let least = last.saturating_sub(CLAUSE).max(paragraph.start + 1);
    let comma = (least..last).rev().find(|i| matches!(mark(*i), Some(',' | '—' | '–')))?;
    let verb = |i: usize| says(i) && text.tokens[i].case == Case::Lower;
    let name = |i: usize| text.tokens[i].is_capital() && text.word(i).chars().count() > 1;
    let clause = comma + 1..last + 1;
    // "…, Crane said." and "…, said Crane." name somebody next to the verb
    let straight = clause.len() > 1 && verb(last) && name(last - 1);
    let inverted = clause.len() > 1 && verb(comma + 1) && name(comma + 2);
    // "…, — сказал он": the comma belongs to what is said
    let dash = mark(comma) != Some(',') && mark(comma - 1) == Some(',');
    let spoken = clause.clone().all(|i| mark(i).is_none_or(|c| matches!(c, '-' | '\'' | '’')));
    (spoken && (inverted || straight)).then_some(if dash { comma } else { comma + 1 })
}

/// Whether marks of the kind `inner` are known to nest within marks of the kind `outer`.
fn pairs_within(outer: char, inner: char) -> bool {
    matches!((outer, inner), ('«', '„' | '“' | '‹') | ('“' | '"', '«' | '„') | ('„', '«' | '‹'))
}

/// Whether two closing marks come before another opening one and the end of the paragraph, so that an opening mark
/// before them is nested.
fn closes_twice(roles: &[(usize, Role)], k: usize, end: usize) -> bool {
    roles[k.min(roles.len())..]
        .iter()
        .take(8)
        .take_while(|(at, role)| *at < end && *role != Role::Opens)
        .filter(|(_, role)| *role == Role::Closes)
        .count()
        >= 2
}

/// Whether the next mark is the first token of the paragraph `here`, and so closes nothing from before.
fn straight_pair(text: &Text, roles: &[(usize, Role)], k: usize, here: usize) -> bool {
    let (at, _) = roles[k];
    at == text.paragraphs[here].start
}

fn push(text: &Text, out: &mut Vec<Stretch>, tokens: Range<usize>, closed: bool, single: bool) {
    let words = text.tokens[tokens.clone()].iter().filter(|t| t.kind != Kind::Mark).count();
    if words > 0 {
        out.push(Stretch { tokens, closed, words, single });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Abbreviations, Field};

    #[test]
    fn finds_stretches() {
        for (raw, want) in [
            ("He said, “Go.” She left.", vec!["“Go.”"]),
            ("\"Go,\" he said. \"Now!\"", vec!["\"Go,\"", "\"Now!\""]),
            ("«Да», — сказал он. «Нет».", vec!["«Да»", "«Нет»"]),
            ("„Ja“, sagte er, „so ist es“.", vec!["„Ja“", "„so ist es“"]),
            ("«Он сказал „да“ и ушёл», — сказала она", vec!["«Он сказал „да“ и ушёл»"]),
            ("‘I don’t know,’ he said of the states’ rights.", vec!["‘I don’t know,’"]),
            ("It's Bob's and the dogs' food", vec![]),
            ("“One.\n\n“Two.\n\n“Three,” he said.", vec!["“One.\n\n“Two.\n\n“Three,”"]),
            ("“One.\n\nTwo ‘x’ two.\n\nThree,\" he said.", vec!["“One.\n\nTwo ‘x’ two.\n\nThree,\""]),
            ("“Never closed\n\nAnother “one” here.", vec!["“Never closed", "“one”"]),
            ("\"Never closed\n\nAnother \"one\" here.", vec!["\"Never closed", "\"one\""]),
            (
                "\"We were late, the driver Bob said.\n\n\"Two,\" he said.",
                vec!["\"We were late,", "\"Two,\""],
            ),
            ("\"Late, and nobody said.\n\n\"Two,\" he said.", vec!["\"Late, and nobody said.\n\n\"Two,\""]),
            ("“We will miss it,' she said.\n\n“Two,” he said.", vec!["“We will miss it,'", "“Two,”"]),
            ("“They said ‘go,’ and so\n\n“we went.”", vec!["“They said ‘go,’ and so\n\n“we went.”"]),
            ("He is 6'2\" tall.", vec![]),
            (
                "''Don't go to the Joneses' house,'' he said. ''Now.''",
                vec!["''Don't go to the Joneses' house,''", "''Now.''"],
            ),
            ("»Wir bleiben«, sagte er. »Das gilt.«", vec!["»Wir bleiben«", "»Das gilt.«"]),
            ("<<Да>>, - сказал он.", vec!["<<Да>>"]),
            (",,Ja'', sagte er. ``Go,'' he said.", vec![",,Ja''", "``Go,''"]),
            ("‘They called it “a mistake” here,’ he said.", vec!["‘They called it “a mistake” here,’"]),
            ("The “ political” thing", vec!["“ political”"]),
            ("\"Yes \"no\" yes\" end", vec!["\"Yes \"no\" yes\""]),
        ] {
            let text = Text::new(Field::Text, raw.to_owned(), &Abbreviations::default());
            let says = |i: usize| text.word(i) == "said";
            let found = stretches(&text, &says, &|i| text.word(i).ends_with('s'));
            let got: Vec<&str> = found.iter().map(|s| text.slice(&s.tokens)).collect();
            assert_eq!(got, want, "{raw}");
        }
    }

    #[test]
    fn marks_alone_take_linear_time() {
        for mark in ["\"", "“", "”", "' ", "«", "„ ", "“a\n\n"] {
            let text = Text::new(Field::Text, mark.repeat((1 << 20) / mark.len()), &Abbreviations::default());
            assert!(stretches(&text, &|_| true, &|_| true).len() <= text.tokens.len());
        }
    }
}
