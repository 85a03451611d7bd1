//! Sentences that end with their verb: other clauses and the quote come between the subject and the cue.

use std::ops::Range;

use super::{Extent, Look, Read, Subject};
use crate::language::word::Word;
use crate::quote::model::observation::{Aux, End, Left, Right, Start};

/// Marks that may come between a quote and the next sentence.
const MARKS: [char; 5] = [',', '.', '—', '–', '-'];

impl Look<'_, '_> {
    /// 'kaydeden Saymaz, "…"': a participle, then the speaker, then the quote.
    pub(super) fn read_participle(&self, extents: &mut Vec<Extent>) -> Option<Read> {
        let g = self.grammar;
        let source = g.phrase_after(self.place.end, self.sentence.end)?;
        let open = source.end + usize::from(matches!(g.mark(source.end), Some(',' | ':')));
        let stretch = g.opens(open)?;
        extents.push(Extent::new(Start::Quote, End::Quote, g.stretches[stretch].tokens.clone()));
        Some(Read {
            source: Some(source),
            seen: self.seen(Left::Start, Aux::None, Right::Quote, true),
            quoted: true,
        })
    }

    /// The subject of a sentence whose quote starts at `open`. In 'Saymaz, … hatırlatarak, "…"' a clause comes
    /// between them.
    pub(super) fn subject_before(&self, open: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        let least = self.left_start().min(open);
        let end = open - usize::from(open > least && matches!(g.mark(open - 1), Some(',' | ':')));
        let named = |end: usize| {
            let phrase = g.phrase_before(end, least)?;
            (g.capital(phrase.end - 1) && !self.has_ending(phrase.end - 1)).then_some(phrase)
        };
        // a comma or a particle sets off the subject
        let set_off = |i: &usize| g.mark(*i) == Some(',') || g.is(*i, Word::ADVERB);
        named(end)
            .or_else(|| (least..end).rev().filter(set_off).find_map(named))
            .or_else(|| g.phrase_before(end, least))
    }

    /// Whether an apostrophe separates a name from a case ending, so that it cannot be a subject.
    fn has_ending(&self, i: usize) -> bool {
        self.grammar.text.word(i).contains(['\'', '’'])
    }

    /// “…”. Trend xəbər verir ki, bunu Bayramov deyib: the quote comes first, and the next sentence refers to it by
    /// a pronoun.
    pub(super) fn read_said_before(&self, left: &Subject, extents: &mut Vec<Extent>) -> Option<Read> {
        let g = self.grammar;
        let source = left.source.clone()?;
        if !g.verb_final || source.start == 0 || !g.is(source.start - 1, Word::SAID) {
            return None;
        }
        let mut i = self.sentence.start.checked_sub(1)?;
        while g.closes(i).is_none() && g.mark(i).is_some_and(|c| MARKS.contains(&c)) {
            i = i.checked_sub(1)?;
        }
        let stretch = g.closes(i)?;
        extents.push(Extent::new(Start::Quote, End::Left, g.stretches[stretch].tokens.clone()));
        Some(Read {
            source: Some(source),
            seen: self.seen(Left::Quote, Aux::None, Right::End, true),
            quoted: true,
        })
    }
}
