//! Cues that follow their speaker: "Rayevin sözlərinə görə, …", "Ռաոյի խոսքով՝ …".

use std::ops::Range;

use super::{Extent, Look, Read};
use crate::language::word::Word;
use crate::quote::model::observation::{Aux, End, Left, Right, Start};
use crate::text::Case;

impl Look<'_, '_> {
    /// Takes the noun phrase right before the cue as the source of what follows it in the sentence.
    pub(super) fn read_postposed(&self, extents: &mut Vec<Extent>) -> Option<Read> {
        let g = self.grammar;
        let start = self.place.start;
        let least = self.left_start().min(start);
        let pronoun = start > least && g.is(start - 1, Word::HE | Word::SHE | Word::PRONOUN);
        let mut source = if pronoun { start - 1..start } else { g.phrase_before(start, least)? };
        if g.capital_nouns {
            source.start = self.noun_start(&source);
        }
        let from = self.place.end
            + usize::from(g.mark(self.place.end).is_some() && g.opens(self.place.end).is_none());
        let stop = self.stop();
        let quoted = g.opens(from);
        match quoted {
            Some(stretch) => {
                extents.push(Extent::new(Start::Quote, End::Quote, g.stretches[stretch].tokens.clone()));
            }
            // "Das Beben war Berichten zufolge zu spüren": the cue is in the middle of what is said
            None if g.free_subject && source.start > least => {
                extents.push(Extent::new(Start::Sentence, End::Around, least..stop));
            }
            None if from < stop => extents.push(Extent::new(Start::Comma, End::Stop, from..stop)),
            None => return None,
        }
        let seen = self.seen(Left::Start, Aux::None, Right::End, quoted.is_some());
        Some(Read { source: Some(source), seen, quoted: quoted.is_some() })
    }

    /// Where the noun phrase at the end of a range starts, if nouns are capitalised: after the last lower-case word
    /// that follows a noun, "die Firma warf *Berichten der Zeitung* zufolge".
    fn noun_start(&self, range: &Range<usize>) -> usize {
        let g = self.grammar;
        let small = |i: usize| g.text.tokens[i].case == Case::Lower && g.word(i).is_some();
        let joins = |i: usize| g.is(i, Word::JOINS | Word::CONJUNCTION | Word::DETERMINER);
        let over = |i: usize| {
            let behind = i > range.start && g.capital(i - 1) && small(i) && !joins(i);
            behind || small(i) && (g.finite(i) || g.is(i, Word::OBJECT) && !g.is(i, Word::DETERMINER))
        };
        range.clone().rev().find(|i| over(*i)).map_or(range.start, |i| i + 1)
    }
}
