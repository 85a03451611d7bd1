//! Cues behind their speaker: "Rayevin sözlərinə görə, …", "Ռաոյի խոսքով՝ …".

use super::{Extent, Look, Read};
use crate::language::word::Word;
use crate::quote::weights::atom::{A_NONE, E_QUOTE, E_STOP, L_START, R_END, S_COMMA, S_QUOTE};

impl Look<'_, '_> {
    /// Whoever stands right before the cue says what follows it in the sentence.
    pub(super) fn read_postposed(&self, extents: &mut Vec<Extent>) -> Option<Read> {
        let g = self.grammar;
        let start = self.place.start;
        let least = self.left_start().min(start);
        let pronoun = start > least && g.is(start - 1, Word::HE | Word::SHE | Word::PRONOUN);
        let source = if pronoun { start - 1..start } else { g.phrase_before(start, least)? };
        let from = self.place.end
            + usize::from(g.mark(self.place.end).is_some() && g.opens(self.place.end).is_none());
        let stop = self.stop();
        let quoted = g.opens(from);
        match quoted {
            Some(stretch) => {
                extents.push(Extent::new(S_QUOTE, E_QUOTE, g.stretches[stretch].tokens.clone()));
            }
            None if from < stop => extents.push(Extent::new(S_COMMA, E_STOP, from..stop)),
            None => return None,
        }
        let seen = self.seen(L_START, A_NONE, R_END, quoted.is_some());
        Some(Read { source: Some(source), seen, quoted: quoted.is_some() })
    }
}
