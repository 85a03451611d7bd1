//! What comes after a cue, and where its content starts.

use super::{Complement, FAR, Look};
use crate::language::word::Word;
use crate::quote::grammar::ING;
use crate::quote::model::observation::Right;
use crate::text::Gap;

impl Look<'_, '_> {
    /// The complement of a verb or adjective.
    pub(super) fn right(&self) -> Complement {
        let g = self.grammar;
        let end = self.sentence.end;
        let mut r = self.place.end;
        while r < end
            && (g.adverb(r) && !g.is(r, Word::DETERMINER)
                || g.is(r, Word::TIME)
                || g.is(r, Word::PREPOSITION) && g.is(r + 1, Word::TIME))
        {
            r += 1;
        }
        let at = |kind, start| Complement { kind, start };
        if r >= end {
            return at(Right::End, r);
        }
        if g.opens(r).is_some() {
            return at(Right::Quote, r);
        }
        if let Some(mark) = g.mark(r) {
            return match mark {
                ':' if r + 1 < g.text.tokens.len() && g.opens(r + 1).is_some() => at(Right::Quote, r + 1),
                ',' if r + 1 < end && g.opens(r + 1).is_some() => at(Right::Quote, r + 1),
                // "заявила, что", "sagte, dass"
                ',' if g.is(r + 1, Word::THAT) && !g.usage.that_without_comma => at(Right::That, r + 2),
                ':' => at(Right::Colon, r + 1),
                ',' => at(Right::Comma, r + 1),
                '$' | '£' | '€' | '@' | '#' => at(Right::Object, r),
                _ => at(Right::End, r),
            };
        }
        if g.is(r, Word::THAT) {
            if g.opens(r + 1).is_some() {
                return at(Right::Quote, r + 1);
            }
            // "bildirib ki, …"
            return at(Right::That, r + 1 + usize::from(g.mark(r + 1) == Some(',')));
        }
        // in "sicherte zu, dass" no word follows
        if g.is(r, Word::TO) && g.word(r + 1).is_some() {
            return if g.is(r + 1, Word::DETERMINER | Word::OBJECT) || g.capital(r + 1) {
                self.far(r, Right::Prep)
            } else {
                at(Right::To, r)
            };
        }
        if g.is(r, Word::WH) {
            return at(Right::Wh, r);
        }
        if g.is_small(r, Word::AS) {
            return at(Right::As, r + 1);
        }
        if g.is_small(r, Word::OF) {
            return self.far(r, Right::Of);
        }
        if g.is_small(r, Word::BY) {
            return self.far(r, Right::By);
        }
        if g.is(r, Word::PREPOSITION) {
            return self.far(r, Right::Prep);
        }
        if g.is(r, Word::CONJUNCTION | Word::SUBORDINATOR) {
            return at(Right::End, r);
        }
        // "Heute sagte er, dass …"
        if g.free_subject
            && g.is(r, Word::PRONOUN)
            && g.mark(r + 1) == Some(',')
            && g.is(r + 2, Word::THAT)
            && !g.usage.that_without_comma
        {
            return at(Right::ThatFar, r + 3);
        }
        if g.is(r, Word::PRONOUN) && !g.is(r, Word::OBJECT) {
            return at(Right::Clause, r);
        }
        if g.has(r, ING) {
            return at(Right::Ing, r);
        }
        let object = if g.is(r, Word::OBJECT) { Right::Pronoun } else { Right::Object };
        self.far(r, object)
    }

    /// "told *the BBC* she was": where the subject of the verb at `finite` starts behind whom it is told to.
    fn behind_addressee(&self, start: usize, finite: usize) -> usize {
        let g = self.grammar;
        let opens = |i: &usize| {
            let governed = g.is(i - 1, Word::PREPOSITION | Word::DETERMINER | Word::CONJUNCTION);
            g.is(*i, Word::PRONOUN | Word::DETERMINER) && !governed
        };
        let subject = self.place.cue.addressed.then(|| (start + 1..finite).find(opens)).flatten();
        subject.unwrap_or(start)
    }

    /// Looks past what directly follows the cue for a clause, "that", an infinitive or a quote further on.
    fn far(&self, r: usize, near: Right) -> Complement {
        let g = self.grammar;
        let end = self.sentence.end.min(r + FAR);
        let starts_object = near == Right::Object || near == Right::Pronoun;
        let mut commas = 0;
        for i in r..end {
            if i > r
                && g.opens(i)
                    .is_some_and(|s| g.stretches[s].words > 3 || matches!(g.mark(i - 1), Some(':' | ',')))
            {
                return Complement { kind: Right::QuoteFar, start: i };
            }
            match g.mark(i) {
                Some(':') => {
                    let start = i + 1;
                    return Complement {
                        kind: if g.opens(start).is_some() { Right::QuoteFar } else { Right::ColonFar },
                        start,
                    };
                }
                Some(';' | '—' | '–' | '.')
                    if g.text.tokens[i].gap != Gap::None || i + 1 == self.sentence.end =>
                {
                    break;
                }
                Some(',') => {
                    // "рассказал журналистам, что", "sagte am Montag, dass"
                    if g.is(i + 1, Word::THAT) && !g.usage.that_without_comma {
                        return Complement { kind: Right::ThatFar, start: i + 2 };
                    }
                    commas += 1;
                    if commas > 1 || starts_object {
                        if g.opens(i + 1).is_some() {
                            return Complement { kind: Right::QuoteFar, start: i + 1 };
                        }
                        break;
                    }
                }
                _ => {}
            }
            if i == r {
                continue;
            }
            if g.is(i, Word::THAT) && (g.free_subject || !g.finite(i + 1) || g.has(i + 1, ING)) {
                return Complement { kind: Right::ThatFar, start: i + 1 };
            }
            if starts_object && commas == 0 {
                if g.is_small(i, Word::AS) && i < r + 7 {
                    return Complement { kind: Right::As, start: r };
                }
                if g.is(i, Word::TO) && !g.is(i + 1, Word::DETERMINER) && !g.capital(i + 1) {
                    return Complement { kind: Right::ToFar, start: r };
                }
                if g.finite(i) && !g.is(i - 1, Word::TO | Word::RELATIVE) {
                    return Complement { kind: Right::Clause, start: self.behind_addressee(r, i) };
                }
            }
            if (g.finite(i) || g.is(i, Word::WH | Word::SUBORDINATOR)) && commas == 0 && !starts_object {
                break;
            }
            if g.is(i, Word::WH | Word::CONJUNCTION) && near == Right::Pronoun {
                break;
            }
        }
        let start = if near == Right::Object || near == Right::Pronoun { r } else { r + 1 };
        Complement { kind: near, start }
    }
}
