//! A sentence that refers back to the quote before it: «Q». Об этом заявил Рао; “Q”. Trend xəbər verir ki, bunu Rao
//! deyib.

use super::{Orders, REACH, Told};
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::text::Gap;

/// How many tokens may come before the words that refer back.
const NEAR: usize = 3;

impl Orders<'_, '_> {
    /// What the sentence after a stretch says about it.
    pub(super) fn back(&self, index: usize) -> Option<Told> {
        let g = self.grammar;
        let stretch = &g.stretches[index];
        let open = stretch.tokens.start;
        let whole = open == g.sentence(open).start || g.text.tokens[open].gap == Gap::Paragraph;
        let mut start = stretch.tokens.end;
        while g.mark(start).is_some_and(|c| matches!(c, '.' | ',' | '—' | '–' | '-'))
            && g.stretch(start).is_none()
        {
            start += 1;
        }
        if !whole || !stretch.closed || start >= g.text.tokens.len() {
            return None;
        }
        let end = g.sentence(start).end.min(start + REACH);
        let leads = |i: &usize| *i < start + NEAR || g.is(*i - 1, Word::THAT) || self.comma(*i - 1);
        let behind = (start..end).filter(leads).find_map(|i| self.looks_back(i))?;
        let cues = self.cues_in(behind, end);
        // "Об этом сообщает агентство со ссылкой на Рао"
        let reference = cues.iter().find(|c| g.cues[**c].sort == Sort::Source);
        if let Some(source) = reference.and_then(|c| self.named_by(*c, end)) {
            return Some(Told { cue: reference.copied(), source: Some(source), said: true, colon: false });
        }
        let cue = *cues.iter().find(|c| g.cues[**c].sort == Sort::Verb)?;
        let source = self.subject_of(cue, behind, end)?;
        Some(Told { cue: Some(cue), source: Some(source), said: true, colon: false })
    }

    /// The token after a phrase that refers back, if there is one at `start`.
    fn looks_back(&self, start: usize) -> Option<usize> {
        let behind = |phrase: &String| {
            let mut words = phrase.split(' ').enumerate();
            let like = |(i, word): (usize, &str)| {
                self.grammar.word(start + i).is_some_and(|w| w.to_lowercase() == word)
            };
            words.clone().all(like).then(|| start + words.by_ref().count())
        };
        self.order.back.iter().find_map(behind)
    }
}
