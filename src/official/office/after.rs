//! The office after a name, in an apposition.

use std::ops::Range;

use super::super::marks::Marked;
use super::{LONGEST, Phrase};
use crate::language::class::Class;
use crate::language::word::Word;

impl<'d> Marked<'d> {
    /// The office that starts at a token, after the comma of an apposition.
    pub fn office_after(&self, start: usize) -> Option<Phrase<'d>> {
        let mut t = start;
        let (mut head, mut strangers, mut firm): (Option<Range<usize>>, _, _) = (None, 0, false);
        let mut end = start;
        while t < start + LONGEST && t < self.text.tokens.len() && (t == start || !self.breaks(t)) {
            if let Some(mark) = self.mark(t) {
                if head.is_none() && mark.class.any(Class::OFFICE | Class::ROLE | Class::RANK) {
                    let next = self.mark(mark.end).filter(|_| !self.breaks(mark.end));
                    // "the party leader": only the last of several title words is the head
                    if !next.is_some_and(|n| n.class.any(Class::OFFICE) && !self.head_first()) {
                        head = Some(mark.start..mark.end);
                    }
                }
                t = mark.end;
                end = t;
                continue;
            }
            let genitive = self.genitive(t);
            if genitive > 0 {
                // "the mayor's *wife*", "the president's *chief of staff*": the head is what the first one has
                let next = self.mark(t + genitive).map_or_else(Class::default, |m| m.class);
                if next.any(Class::OFFICE | Class::ROLE | Class::RANK)
                    && head.as_ref().is_some_and(|h| h.end == t)
                {
                    head = None;
                }
                t += genitive;
                continue;
            }
            // "…, acompañó al ministro": the office of somebody else
            let governs = || self.function_word(t).any(Word::PREPOSITION);
            if head.is_none() && strangers > 0 && self.lower(t) && governs() {
                return None;
            }
            if self.small(t).any(Class::LINK) || self.is(t, '-') {
                t += 1;
                continue;
            }
            if self.elision(t + 1) == Some(t) {
                t += 2;
                continue;
            }
            if head.is_none() && (self.lower(t) || self.capital(t)) && strangers < 2 && !self.cue(t) {
                firm |= self.capital(t);
                strangers += 1;
                t += 1;
                continue;
            }
            // "chairman of President Reagan's council": it does not matter whose body it is
            if head.is_some()
                && self.capital(t)
                && self.genitive(t + 1) > 0
                && self.class(t - 1).any(Class::BARE | Class::STRONG)
            {
                t += 1 + self.genitive(t + 1);
                continue;
            }
            // "chairman of Siemens": the unknown word after the link owns the office
            firm |= head.is_some() && self.capital(t) && t > start && self.small(t - 1).any(Class::LINK);
            break;
        }
        let head = head?;
        // "…, Treasury Secretary James Baker and": the office of the next person in a list
        let follows = self.capital(end) && !self.breaks(end) && self.mark(end).is_none();
        let next_name = head.end == end || !self.head_first() || self.given(end) && self.capital(end + 1);
        if follows && next_name {
            return None;
        }
        let mut from = start;
        while from < head.start && self.mark(from).is_none() && self.small(from).any(Class::LINK) {
            from += 1;
        }
        Some(self.weigh(from..end, head, firm, true))
    }
}
