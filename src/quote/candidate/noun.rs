//! Cues other than verbs: "according to X", "his claim that".

use super::{Complement, Extent, FAR, Look, REACH, Read};
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::quote::model::observation::{Aux, End, Left, Right, Start};
use crate::text::{Case, Kind};

impl Look<'_, '_> {
    /// "according to X, …" and "…, according to X".
    pub(super) fn read_source(&self, extents: &mut Vec<Extent>) -> Option<Read> {
        let g = self.grammar;
        if !self.stands_right() {
            return None;
        }
        // "по его словам", "in her view": the cue contains its source
        let his = (self.place.start..self.place.end).find(|i| {
            g.is(*i, Word::HE | Word::SHE | Word::PRONOUN | Word::OBJECT)
                && self.place.end - self.place.start > 2
                // "a-t-on indiqué au ministère": nobody in particular
                && g.mark(i.wrapping_sub(1)) != Some('-')
        });
        let source = match his {
            Some(i) => i..i + 1,
            None => self.named_source()?,
        };
        let group_end = source.end.max(self.place.end);
        let stop = self.stop();
        let start = self.left_of_source();
        // "…, selon qui il faut attendre"
        if g.free_subject && source.end <= self.place.start {
            self.push_right(self.place.end + 1, stop, Start::Right, extents);
            extents.truncate(1);
            let seen = self.seen(Left::Other, Aux::None, Right::That, true);
            return Some(Read { source: Some(source), seen, quoted: true });
        }
        let mut quoted = false;
        // "Laut BBC sagte der Minister, dass …": the speaker is the subject of the verb, not the outlet
        if g.free_subject && self.place.start == self.sentence.start && self.tells_of_another(group_end) {
            return None;
        }
        if let Some(stretch) = self.behind_quote(self.place.start).filter(|s| self.is_said(*s)) {
            // "…," according to Smith
            let tokens = self.left_of_quote(stretch)..g.stretches[stretch].tokens.end;
            let from = if tokens == g.stretches[stretch].tokens { Start::Quote } else { Start::Sentence };
            extents.push(Extent::new(from, End::Left, tokens));
            let seen = self.seen(Left::Quote, Aux::None, Right::End, true);
            return Some(Read { source: Some(source), seen, quoted: true });
        }
        let opens = self.place.start <= self.sentence.start + 2 && g.stretch(self.sentence.start).is_none();
        // a comma follows the source, perhaps after a description of it
        let far = group_end..stop.min(group_end + FAR * 2);
        let mut comma = far.clone().find(|i| g.mark(*i) == Some(','));
        // "according to Lars Moe, a biologist, two years"
        if let Some(first) = comma
            && g.article(first + 1)
            && let Some(second) = (first + 2..far.end).find(|i| g.mark(*i) == Some(','))
            && !(first..second).any(|i| g.finite(i))
        {
            comma = Some(second);
        }
        if opens {
            let from = comma.map_or(group_end, |c| c + 1);
            if from < stop {
                if let Some(s) = g.opens(from) {
                    quoted = true;
                    let tokens = g.stretches[s].tokens.clone();
                    extents.push(Extent::new(Start::Quote, End::Quote, tokens));
                }
                let stop = g.stretch(stop - 1).map_or(stop, |s| stop.max(g.stretches[s].tokens.end));
                let tokens = from..stop;
                extents.push(Extent::new(Start::Comma, End::Stop, tokens));
            }
        } else {
            let end = self.place.start - usize::from(g.mark(self.place.start - 1) == Some(','));
            if g.free_subject && end <= start && group_end + 2 < stop {
                // "…; nach Angaben der Stadt fehlt Geld"
                extents.push(Extent::new(Start::Comma, End::Stop, group_end..stop));
            } else if g.free_subject && end == self.place.start && group_end < stop {
                // "Das Werk stellt nach Angaben der Stadt im Mai den Betrieb ein": the cue is in the middle of what
                // is said
                extents.push(Extent::new(Start::Sentence, End::Around, start..stop));
            } else if end > start {
                extents.push(Extent::new(Start::Sentence, End::Left, start..end));
                // "…, so Rao, die auch angab": the clause after it describes the source
                let about = |c: usize| g.free_subject && c == group_end && self.starts_relative(c + 1);
                if comma.is_some_and(|c| c + 2 < stop && !about(c)) {
                    extents.push(Extent::new(Start::Sentence, End::Around, start..stop));
                    // "the price, by his account, will fall": the content continues after the cue
                    if comma == Some(group_end) && end < self.place.start {
                        extents.swap(0, 1);
                    }
                }
                // only the clause right before the cue
                let clause = (start + 1..end)
                    .rev()
                    .take(REACH)
                    .find(|i| matches!(g.boundary_mark(*i), Some(',' | ';' | '—')));
                if let Some(c) = clause.filter(|c| c + 3 < end) {
                    let tokens = c + 1..end;
                    extents.push(Extent::new(Start::Comma, End::Left, tokens));
                }
            }
        }
        let left = if opens { Left::Start } else { Left::Other };
        let seen = self.seen(left, Aux::None, Right::End, quoted);
        Some(Read { source: Some(source), seen, quoted: false })
    }

    /// Whether a relative clause starts at a token. An article counts too if no noun follows it.
    pub(super) fn starts_relative(&self, at: usize) -> bool {
        let g = self.grammar;
        g.is(at, Word::RELATIVE)
            || g.capital_nouns
                && g.is(at, Word::DETERMINER | Word::JOINS)
                && (g.adverb(at + 1)
                    || g.finite(at + 1)
                    || g.is(at + 1, Word::PREPOSITION | Word::DETERMINER))
    }

    /// Whether a verb of saying starts at a token and is followed by what is said.
    fn tells_of_another(&self, at: usize) -> bool {
        let g = self.grammar;
        let verb = g.cue(at).is_some_and(|c| g.cues[c].sort == Sort::Verb && g.cues[c].start == at);
        let said = |i: usize| {
            g.opens(i).is_some_and(|s| g.stretches[s].words > 3)
                || g.mark(i) == Some(',') && g.is(i + 1, Word::THAT)
                || g.is_reported(i)
        };
        verb && (at + 1..self.sentence.end).any(said)
    }

    /// "his claim that …", "a statement by X that …".
    pub(super) fn read_noun(&self, extents: &mut Vec<Extent>) -> Option<Read> {
        let g = self.grammar;
        let least = self.sentence.start.max(self.place.start.saturating_sub(REACH));
        let mut i = self.place.start;
        while i > least
            && g.word(i - 1).is_some()
            && !g.genitive_before(i)
            && self.place.start - i < 3
            && !g.is(
                i - 1,
                Word::DETERMINER | Word::PREPOSITION | Word::CONJUNCTION | Word::PRONOUN | Word::AUXILIARY,
            )
            && !g.finite(i - 1)
        {
            i -= 1;
        }
        let (kind, mut source) = if i > least && g.genitive_before(i) {
            let end = if g.makes_owner(i - 1) { i - 2 } else { i - 1 };
            let source = g.phrase_before(end, least);
            (Left::Genitive, source.filter(|s| !s.clone().all(|t| g.is(t, Word::TIME))))
        } else if i > least && g.is(i - 1, Word::POSSESSIVE) {
            (Left::His, Some(i - 1..i))
        } else if i > least && g.is(i - 1, Word::DETERMINER) {
            (Left::Article, None)
        } else {
            (Left::Other, None)
        };
        let mut right = self.right();
        if (right.kind == Right::By || g.is_small(self.place.end, Word::FROM))
            && let Some(p) = g.phrase_after(self.place.end + 1, self.sentence.end)
        {
            // "a tweet from Rao read: “…”": the verb is none of the name's words
            let led = matches!(g.mark(p.end), Some(':' | ',')) && g.opens(p.end + 1).is_some();
            let last = p.end - 1;
            let named = last > p.start && (g.capital(last - 1) || g.title_ends(last - 1));
            let verb = led && named && !g.capital(last) && !g.title_ends(last);
            let p = p.start..p.end - usize::from(verb);
            if right.kind == Right::By || right.kind == Right::Prep {
                right = Complement { kind: Right::By, start: p.end };
            }
            source = source.or(Some(p));
        }
        if source.is_none() && kind == Left::Other && !matches!(right.kind, Right::That | Right::To) {
            return None;
        }
        if matches!(right.kind, Right::End | Right::Comma) {
            return None;
        }
        let quote = g.opens(right.start).map(|s| &g.stretches[s]).filter(|s| s.closed && s.words > 2);
        match quote.filter(|s| {
            g.finite(s.tokens.end)
                || g.text
                    .tokens
                    .get(s.tokens.end)
                    .is_some_and(|t| t.case == Case::Lower && t.kind == Kind::Word)
        }) {
            // the claim that "…" drew laughter
            Some(stretch) => extents.push(Extent::new(Start::Quote, End::Quote, stretch.tokens.clone())),
            None => self.push_right(right.start, self.stop(), Start::Right, extents),
        }
        let seen = self.seen(kind, Aux::None, right.kind, false);
        Some(Read { source, seen, quoted: false })
    }
}
