//! Words between the head of an office and a name that are on no list: portfolios, parties, bodies.

use super::marks::Marked;
use super::titles::Kind;
use crate::language::class::Class;
use crate::language::word::Word;
use crate::text;

/// Words of a portfolio after the phrase that opens it: "по делам *развития отдалённых районов*".
const MATTER: usize = 5;
/// Tokens of a name in quotation marks: "«Блоку Юлії Тимошенко»".
const QUOTED: usize = 8;

impl Marked<'_> {
    /// The start of a complement that ends at a token, for languages in which the head comes first. It says what an
    /// office is for: an adjective ("регионального"), perhaps with its noun, the second of two portfolios, what follows
    /// "for matters of", or a party in quotation marks.
    pub fn complement(&self, t: usize, least: usize) -> Option<usize> {
        if !self.head_first() || self.uncased() {
            return None;
        }
        if let Some(open) = self.quoted(t, least) {
            return Some(open);
        }
        // "по делам Олимпиады-2014"
        if self.is_number(t) {
            return self.opened(t, least);
        }
        if !self.plain(t) {
            return None;
        }
        if self.ends_like_owner(t) {
            return Some(t);
        }
        let before = t.checked_sub(1).filter(|b| *b > least)?;
        if self.plain(before) && self.ends_like_owner(before) && self.lower(t) {
            return Some(before);
        }
        let matter = |t: usize| self.class(t).any(Class::PORTFOLIO | Class::INSTITUTION);
        if self.lower(t) && self.small(before).any(Class::AND) && matter(before - 1) {
            return Some(before);
        }
        self.opened(t, least)
    }

    /// The phrase "for matters of", if it is a few words to the left.
    fn opened(&self, t: usize, least: usize) -> Option<usize> {
        let mut at = t;
        for _ in 0..MATTER {
            at = at.checked_sub(1).filter(|at| *at >= least)?;
            if let Some(mark) = self.mark(at) {
                if mark.class.any(Class::OPENER) {
                    return Some(mark.start);
                }
                if mark.class.any(Class::OFFICE | Class::ROLE) {
                    return None;
                }
            } else if !(self.plain(at) || self.small(at).any(Class::LINK) || self.is_number(at)) {
                return None;
            }
        }
        None
    }

    /// Whether a token is a number or the hyphen before one.
    fn is_number(&self, t: usize) -> bool {
        let number = |t: usize| self.text.tokens.get(t).is_some_and(|n| n.kind == text::Kind::Number);
        number(t) || self.is(t, '-') && number(t + 1)
    }

    /// Whether a word has no known meaning here.
    fn plain(&self, t: usize) -> bool {
        self.text.tokens[t].kind == text::Kind::Word
            && self.mark(t).is_none()
            && !self.cue(t)
            && !self.small(t).any(Class::NOT_NAME | Class::HONORIFIC | Class::LINK)
            && self.function_word_in_any_case(t) == Word::default()
    }

    /// The opening quotation mark of a name that a token closes, if the name says whose office it is.
    fn quoted(&self, close: usize, least: usize) -> Option<usize> {
        if !self.closes_quotation(close) {
            return None;
        }
        let open =
            (least.max(close.saturating_sub(QUOTED))..close).rev().find(|t| self.opens_quotation(*t))?;
        let before = open.checked_sub(1)?;
        // "нардеп «Партії регіонів»": a member of one
        let owned = self.small(before).any(Class::LINK)
            || self.class(before).any(Class::INSTITUTION)
            || self.mark(before).is_some_and(|m| m.kind == Some(Kind::Parliament))
            || self.text.word(before).chars().all(char::is_uppercase);
        owned.then_some(open)
    }
}
