//! What a quotation mark does in its place, judged by its shape and by what touches it.

use crate::text::{Gap, Kind, Text, Token};

/// What a mark does in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Opens,
    Closes,
    Either,
}

/// The role of a token, if it is a double mark.
fn double(text: &Text, i: usize) -> Option<Role> {
    let token = &text.tokens[i];
    if token.kind != Kind::Mark {
        return None;
    }
    match token.first {
        // »…« in German books and papers, «…» elsewhere
        '»' | '›' if !touches_left(text, i) && touches_right(text, i) => Some(Role::Opens),
        '«' | '‹' if touches_left(text, i) && !touches_right(text, i) => Some(Role::Closes),
        '„' | '«' | '‹' => Some(Role::Opens),
        '»' | '›' => Some(Role::Closes),
        '<' | '`' | ',' if twin(text, i) && !(i > 0 && twin(text, i - 1)) && touches_right(text, i + 1) => {
            Some(Role::Opens)
        }
        '>' if i > 0 && twin(text, i - 1) => Some(Role::Closes),
        // closes behind „, opens elsewhere
        '“' => {
            Some(if touches_left(text, i) && !touches_right(text, i) { Role::Closes } else { Role::Opens })
        }
        '”' | '"' | '＂' | '‟' | '″' => {
            // an inch, a second, or a mark within a word
            if text.word(i.saturating_sub(1)).ends_with(|c: char| c.is_ascii_digit())
                && touches_left(text, i)
                && token.first == '"'
                && touches_right(text, i)
            {
                return None;
            }
            Some(match (touches_left(text, i), touches_right(text, i)) {
                (true, false) => Role::Closes,
                (false, true) if token.first != '”' => Role::Opens,
                _ => Role::Either,
            })
        }
        _ => None,
    }
}

/// Whether the same mark is at `i` and right after it, as on a typewriter: two commas, two backticks, two
/// apostrophes.
pub(super) fn twin(text: &Text, i: usize) -> bool {
    text.tokens.get(i).zip(text.tokens.get(i + 1)).is_some_and(|(a, b)| {
        a.kind == Kind::Mark && b.kind == Kind::Mark && a.first == b.first && b.gap == Gap::None
    })
}

/// Whether the token before touches `i` and is more than an opening bracket or dash.
pub(super) fn touches_left(text: &Text, i: usize) -> bool {
    i > 0
        && text.tokens[i].gap == Gap::None
        && !(text.tokens[i - 1].kind == Kind::Mark
            && matches!(text.tokens[i - 1].first, '(' | '[' | '—' | '–' | '-' | '/' | '‘' | '\''))
}

/// Whether the token after `i` touches it and is a word, a number or something that may start a quote.
pub(super) fn touches_right(text: &Text, i: usize) -> bool {
    text.tokens.get(i + 1).is_some_and(|t| {
        t.gap == Gap::None
            && (t.kind != Kind::Mark
                || matches!(t.first, '‘' | '\'' | '[' | '(' | '…' | '$' | '€' | '£' | '#' | '@'))
    })
}

/// Whether a token is a quotation mark of any kind.
#[inline]
pub(in crate::quote) fn is_quotation_mark(token: &Token) -> bool {
    token.kind == Kind::Mark
        && matches!(
            token.first,
            '"' | '″'
                | '\''
                | '`'
                | '<'
                | '>'
                | '«'
                | '»'
                | '‘'
                | '’'
                | '‚'
                | '“'
                | '”'
                | '„'
                | '‟'
                | '‹'
                | '›'
                | '＂'
        )
}

/// The roles of all double marks. Two apostrophes close what two backticks or two commas opened.
pub(super) fn roles(text: &Text, marks: &[usize]) -> Vec<(usize, Role)> {
    let mut typed = false;
    let mut out = Vec::with_capacity(marks.len());
    for i in marks.iter().copied() {
        let first = text.tokens[i].first;
        if let Some(role) = double(text, i) {
            typed |= matches!(first, '`' | ',');
            out.push((i, role));
        } else if typed && first == '\'' && i > 0 && twin(text, i - 1) && touches_left(text, i - 1) {
            typed = false;
            out.push((i, Role::Closes));
        }
    }
    out
}
