//! Verbs that stand with their speaker within the quotation marks, between dashes or commas.

use super::{Extent, FAR, Look, Read};
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::quote::model::observation::{Aux, End, Left, Right, Start};
use crate::quote::model::seen::Seen;
use crate::text::Gap;

impl Look<'_, '_> {
    /// «…, — сказал Мирзоян. — …»: the cue is within the quotation marks, between dashes.
    pub(super) fn read_between_dashes(&self, extents: &mut Vec<Extent>) -> Option<Read> {
        let g = self.grammar;
        let start = self.place.start;
        let stretch = &g.stretches[g.stretch(start)?].tokens;
        let ends = |i: usize| matches!(g.mark(i), Some(',' | '.' | '!' | '?' | '…' | '։'));
        // a comma may touch the dash: «…,- ասաց Ռաոն,- …»
        let apart = |i: usize| g.text.tokens[i].gap != Gap::None || i > 0 && ends(i - 1);
        let dash = |i: usize| matches!(g.mark(i), Some('—' | '–' | '-')) && apart(i);
        if start < 2 || !dash(start - 1) || !ends(start - 2) {
            return None;
        }
        let helps = (self.place.end..stretch.end).take_while(|i| g.is(*i, Word::AUXILIARY)).count();
        let source = g.phrase_after(self.place.end + helps, stretch.end)?;
        let mut behind = source.end..(source.end + FAR).min(stretch.end);
        if !behind.any(|i| dash(i) && ends(i - 1)) {
            return None;
        }
        extents.push(Extent::new(Start::Quote, End::Around, stretch.clone()));
        let seen = Seen { within: false, ..self.seen(Left::Quote, Aux::None, Right::Inverted, true) };
        Some(Read { source: Some(source), seen, quoted: true })
    }

    /// « Le pont, a dit Jeanne Roux, est vieux » : the cue is within the quotation marks, between commas.
    pub(super) fn read_between_commas(&self, extents: &mut Vec<Extent>) -> Option<Read> {
        let g = self.grammar;
        let stretch = &g.stretches[g.stretch(self.place.start)?].tokens;
        let group = self.verb_group();
        let comma = |i: usize| g.mark(i) == Some(',');
        let set_off = group.start > stretch.start + 2 && comma(group.start - 1);
        if !g.free_subject || !set_off || self.place.sort != Sort::Verb || self.is_gerund() {
            return None;
        }
        let from = (group.end..stretch.end).find(|i| !g.is(*i, Word::TIME))?;
        let source = g.phrase_after(from, stretch.end).filter(|s| s.start == from && comma(s.end))?;
        // "dit le garçon" may be told by anybody, a name is told by the reporter
        if !source.clone().any(|i| g.capital(i)) {
            return None;
        }
        extents.push(Extent::new(Start::Quote, End::Around, stretch.clone()));
        let seen = Seen { within: false, ..self.seen(Left::Quote, Aux::None, Right::Inverted, true) };
        Some(Read { source: Some(source), seen, quoted: true })
    }
}
