//! What stands behind a cue: where its content starts.

use super::{FAR, Look, Right};
use crate::language::word::Word;
use crate::quote::grammar::ING;
use crate::quote::weights::atom::Atom;
use crate::quote::weights::atom::{
    R_AS, R_BY, R_CLAUSE, R_COLON, R_COLON_FAR, R_COMMA, R_END, R_ING, R_OBJECT, R_OF, R_PREP, R_PRONOUN,
    R_QUOTE, R_QUOTE_FAR, R_THAT, R_THAT_FAR, R_TO, R_TO_FAR, R_WH,
};
use crate::text::Gap;

impl Look<'_, '_> {
    /// The complement behind a verb or adjective.
    pub(super) fn right(&self) -> Right {
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
        let at = |kind, start| Right { kind, start };
        if r >= end {
            return at(R_END, r);
        }
        if g.opens(r).is_some() {
            return at(R_QUOTE, r);
        }
        if let Some(mark) = g.mark(r) {
            return match mark {
                ':' if r + 1 < g.text.tokens.len() && g.opens(r + 1).is_some() => at(R_QUOTE, r + 1),
                ',' if r + 1 < end && g.opens(r + 1).is_some() => at(R_QUOTE, r + 1),
                // "заявила, что", "sagte, dass"
                ',' if g.is(r + 1, Word::THAT) && !g.usage.that_without_comma => at(R_THAT, r + 2),
                ':' => at(R_COLON, r + 1),
                ',' => at(R_COMMA, r + 1),
                '$' | '£' | '€' | '@' | '#' => at(R_OBJECT, r),
                _ => at(R_END, r),
            };
        }
        if g.is(r, Word::THAT) {
            if g.opens(r + 1).is_some() {
                return at(R_QUOTE, r + 1);
            }
            // "bildirib ki, …"
            return at(R_THAT, r + 1 + usize::from(g.mark(r + 1) == Some(',')));
        }
        // "sicherte zu, dass" has none
        if g.is(r, Word::TO) && g.word(r + 1).is_some() {
            return if g.is(r + 1, Word::DETERMINER | Word::OBJECT) || g.capital(r + 1) {
                self.far(r, R_PREP)
            } else {
                at(R_TO, r)
            };
        }
        if g.is(r, Word::WH) {
            return at(R_WH, r);
        }
        if g.is_small(r, Word::AS) {
            return at(R_AS, r + 1);
        }
        if g.is_small(r, Word::OF) {
            return self.far(r, R_OF);
        }
        if g.is_small(r, Word::BY) {
            return self.far(r, R_BY);
        }
        if g.is(r, Word::PREPOSITION) {
            return self.far(r, R_PREP);
        }
        if g.is(r, Word::CONJUNCTION | Word::SUBORDINATOR) {
            return at(R_END, r);
        }
        // "Heute sagte er, dass …"
        if g.free_subject
            && g.is(r, Word::PRONOUN)
            && g.mark(r + 1) == Some(',')
            && g.is(r + 2, Word::THAT)
            && !g.usage.that_without_comma
        {
            return at(R_THAT_FAR, r + 3);
        }
        if g.is(r, Word::PRONOUN) && !g.is(r, Word::OBJECT) {
            return at(R_CLAUSE, r);
        }
        if g.has(r, ING) {
            return at(R_ING, r);
        }
        let object = if g.is(r, Word::OBJECT) { R_PRONOUN } else { R_OBJECT };
        self.far(r, object)
    }

    /// Looks over what stands directly behind the cue for a clause, "that", an infinitive or a quote farther on.
    fn far(&self, r: usize, near: Atom) -> Right {
        let g = self.grammar;
        let end = self.sentence.end.min(r + FAR);
        let starts_object = near == R_OBJECT || near == R_PRONOUN;
        let mut commas = 0;
        for i in r..end {
            if i > r
                && g.opens(i)
                    .is_some_and(|s| g.stretches[s].words > 3 || matches!(g.mark(i - 1), Some(':' | ',')))
            {
                return Right { kind: R_QUOTE_FAR, start: i };
            }
            match g.mark(i) {
                Some(':') => {
                    let start = i + 1;
                    return Right {
                        kind: if g.opens(start).is_some() { R_QUOTE_FAR } else { R_COLON_FAR },
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
                        return Right { kind: R_THAT_FAR, start: i + 2 };
                    }
                    commas += 1;
                    if commas > 1 || starts_object {
                        if g.opens(i + 1).is_some() {
                            return Right { kind: R_QUOTE_FAR, start: i + 1 };
                        }
                        break;
                    }
                }
                _ => {}
            }
            if i == r {
                continue;
            }
            if g.is(i, Word::THAT) && (g.free_subject || !g.finite(i + 1)) {
                return Right { kind: R_THAT_FAR, start: i + 1 };
            }
            if starts_object && commas == 0 {
                if g.is_small(i, Word::AS) && i < r + 7 {
                    return Right { kind: R_AS, start: r };
                }
                if g.is(i, Word::TO) && !g.is(i + 1, Word::DETERMINER) && !g.capital(i + 1) {
                    return Right { kind: R_TO_FAR, start: r };
                }
                if g.finite(i) && !g.is(i - 1, Word::TO | Word::RELATIVE) {
                    return Right { kind: R_CLAUSE, start: r };
                }
            }
            if (g.finite(i) || g.is(i, Word::WH | Word::SUBORDINATOR)) && commas == 0 && !starts_object {
                break;
            }
            if g.is(i, Word::WH | Word::CONJUNCTION) && near == R_PRONOUN {
                break;
            }
        }
        let start = if near == R_OBJECT || near == R_PRONOUN { r } else { r + 1 };
        Right { kind: near, start }
    }
}
