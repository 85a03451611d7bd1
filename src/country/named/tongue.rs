//! Adjectives that name a language, not a country: "She speaks *Portuguese* and Arabic", "translated into *Korean*".

use std::ops::Range;

use super::Reader;
use crate::country::gazetteer::{Context, Kind};
use crate::document::Meaning;
use crate::language::class::Class;
use crate::language::word::Word;
use crate::text::{Gap, Kind as Token};

/// Most tokens between a verb of speaking and the last language of a list.
const REACH: usize = 12;

impl Reader<'_> {
    /// Whether a word of speaking, learning or translating governs an adjective that no noun follows.
    pub(super) fn is_spoken(&self, tokens: &Range<usize>, context: &Context, sentence: usize) -> bool {
        let text = &self.part.text;
        let and = |t: usize| self.part.words.get(t).is_some_and(|w| w.small.any(Class::AND));
        let linked = |t: usize| {
            let word = text.word(t).to_lowercase();
            // "Arabic and Portuguese"
            let listed = and(t + 1) || text.tokens.get(t + 1).is_some_and(|next| next.is(','));
            text.tokens[t].kind == Token::Mark && matches!(text.tokens[t].first, ',' | '\'' | '’')
                || and(t)
                || listed
                || context.spoken_links.contains(word.as_str())
                || self.names_people(t)
        };
        let least = sentence.max(tokens.start.saturating_sub(REACH));
        let before = (least..tokens.start).rev().find(|t| !linked(*t));
        if !before.is_some_and(|t| context.spoken.contains(text.word(t).to_lowercase().as_str())) {
            return false;
        }
        // "studied Chinese and Russian *texts*"
        let most = text.tokens.len().min(tokens.end + REACH);
        let joins = |t: usize| {
            text.tokens[t].gap != Gap::Paragraph
                && (text.tokens[t].is(',') || and(t) || self.names_people(t) || t > tokens.end && and(t - 1))
        };
        let Some(next) = (tokens.end..most).find(|t| !joins(*t)) else { return true };
        let small = self.part.words[next].beside.word != Word::default();
        text.tokens[next].gap == Gap::Paragraph || text.tokens[next].kind != Token::Word || small
    }

    /// Whether a word is the adjective of a country.
    fn names_people(&self, token: usize) -> bool {
        self.part.hits_at(token).any(|hit| match hit.meaning {
            Meaning::Place(n) => {
                hit.tokens().len() == 1
                    && self.gazetteer.name(n).senses.iter().all(|s| s.kind == Kind::Adjective)
            }
            _ => false,
        })
    }
}
