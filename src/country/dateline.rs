//! The dateline of a wire story, the place it was filed from: "BAKU, Azerbaijan, April 15. /Trend/", "WASHINGTON
//! (Reuters) -", "Баку, 15 апреля —".

use std::ops::Range;

use crate::country::gazetteer::Places;
use crate::document::Document;
use crate::document::Meaning;
use crate::text::{Case, Gap, Kind};

/// Most tokens in a dateline.
const LONGEST: usize = 22;

/// Most words in the place itself.
const PLACE: usize = 4;

/// Most small words in a dateline: the month's, or "of".
const SMALL: usize = 3;

/// A dateline in the tokens of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The town.
    pub place: Range<usize>,
    /// The whole dateline, up to the mark that ends it.
    pub all: Range<usize>,
}

/// The dateline of the body, if it starts with one.
pub(super) fn find(document: &Document, gazetteer: &Places) -> Option<Line> {
    let text = &document.body.text;
    let tokens = &text.tokens;
    if !tokens.first()?.is_capital() {
        return None;
    }
    let known = document.body.hits.iter().take_while(|h| h.start == 0).filter_map(|h| match h.meaning {
        Meaning::Place(n) if !gazetteer.name(n).senses.is_empty() => Some(h.end as usize),
        _ => None,
    });
    let known = known.max();
    let shout = tokens
        .iter()
        .take(PLACE)
        .enumerate()
        .take_while(|(i, t)| {
            t.kind == Kind::Word && t.case == Case::Upper && (*i == 0 || t.gap == Gap::Space)
        })
        .count();
    let end = known.unwrap_or(0).max(shout);
    if end == 0 || shout == 0 && tokens.get(end).is_none_or(|t| t.kind != Kind::Mark) {
        return None;
    }
    let mut small = 0;
    let mut slashes = 0;
    let mut numbers = 0;
    for i in end..tokens.len().min(LONGEST) {
        let token = &tokens[i];
        match token.kind {
            Kind::Mark => match token.first {
                '—' | '–' => return Some(Line { place: 0..end, all: 0..i }),
                // not a hyphen within a word
                '-' if token.gap != Gap::None || tokens.get(i + 1).is_some_and(|t| t.gap != Gap::None) => {
                    return Some(Line { place: 0..end, all: 0..i });
                }
                '/' => {
                    slashes += 1;
                    if slashes == 2 {
                        return Some(Line { place: 0..end, all: 0..i });
                    }
                }
                ',' | '.' | '(' | ')' | '-' => {}
                // "TRUMP: We will": a colon alone does not make a name a place
                ':' => {
                    let place = shout > 0 && known.is_some() || numbers > 0;
                    return place.then_some(Line { place: 0..end, all: 0..i });
                }
                _ => return None,
            },
            Kind::Number => numbers += 1,
            Kind::Word if token.is_capital() => {
                // "BAKU, April 15. The president": a sentence starts after the date
                let stop = tokens[i - 1].is('.') && numbers > 0 && slashes == 0;
                if stop && (shout > 0 || tokens[i].gap == Gap::Paragraph) {
                    return Some(Line { place: 0..end, all: 0..i - 1 });
                }
                // "LONDON March 3 The": without any mark, only capitals show where it ends
                if token.gap == Gap::Paragraph {
                    return None;
                }
            }
            Kind::Word => {
                small += 1;
                if small > SMALL {
                    return None;
                }
            }
        }
    }
    None
}
