//! The parts of a query that are tried by themselves: it without one of its exclusions, and each of its clauses.

use crate::watch::Expr;

/// The most parts of a kind that are tried: each is a query of its own.
const MOST: usize = 100;

/// A part of a query, as a person reads it, and the query to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub shown: String,
    pub expr: Expr,
}

/// For each NOT at any depth, in the order of the query: the NOT, and the query without it. One that is all that is asked
/// can't be taken out.
pub(super) fn without_each(expr: &Expr) -> Vec<Part> {
    let mut out = Vec::new();
    for number in 0..MOST {
        let mut taker = Taker { left: number, taken: None };
        let rest = taker.rest(expr);
        match (taker.taken, rest) {
            (Some(shown), Some(expr)) => out.push(Part { shown, expr }),
            (Some(_), None) => {}
            (None, _) => break,
        }
    }
    out
}

/// Takes one NOT out of a query.
struct Taker {
    /// How many come before it.
    left: usize,
    /// What was taken out.
    taken: Option<String>,
}

impl Taker {
    /// What is left of a part of the query; `None` for nothing.
    fn rest(&mut self, expr: &Expr) -> Option<Expr> {
        match expr {
            Expr::Not(_) if self.left == 0 && self.taken.is_none() => {
                self.taken = Some(expr.to_string());
                None
            }
            Expr::Not(inner) => {
                self.left = self.left.saturating_sub(1);
                self.rest(inner).map(|inner| Expr::Not(Box::new(inner)))
            }
            Expr::And(parts) => self.joined(parts, Expr::And),
            Expr::Or(parts) => self.joined(parts, Expr::Or),
            Expr::Within(part, inner) => self.rest(inner).map(|inner| Expr::Within(*part, Box::new(inner))),
            Expr::Scope(scope, inner) => self.rest(inner).map(|inner| Expr::Scope(*scope, Box::new(inner))),
            // nothing is excluded within these
            Expr::Near { .. } | Expr::AtLeast(..) | Expr::Term(_) | Expr::Tag(_) => Some(expr.clone()),
        }
    }

    fn joined(&mut self, parts: &[Expr], join: fn(Vec<Expr>) -> Expr) -> Option<Expr> {
        let mut left: Vec<Expr> = parts.iter().filter_map(|part| self.rest(part)).collect();
        if left.len() > 1 { Some(join(left)) } else { left.pop() }
    }
}

/// The clauses that a query asks for, each within what encloses it, once each; none if it has only one.
pub(super) fn clauses(expr: &Expr) -> Vec<Part> {
    let mut out = Vec::new();
    add_clauses(expr, &mut Vec::new(), &mut out);
    if out.len() < 2 {
        out.clear();
    }
    out
}

fn add_clauses<'e>(expr: &'e Expr, around: &mut Vec<&'e Expr>, out: &mut Vec<Part>) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| add_clauses(part, around, out)),
        Expr::Not(_) => {}
        Expr::Within(_, inner) | Expr::Scope(_, inner) => {
            around.push(expr);
            add_clauses(inner, around, out);
            around.pop();
        }
        Expr::Near { .. } | Expr::AtLeast(..) | Expr::Term(_) | Expr::Tag(_) => {
            let expr = around.iter().rev().fold(expr.clone(), |inner, around| match around {
                Expr::Within(part, _) => Expr::Within(*part, Box::new(inner)),
                Expr::Scope(scope, _) => Expr::Scope(*scope, Box::new(inner)),
                _ => inner,
            });
            let part = Part { shown: expr.to_string(), expr };
            if out.len() < MOST && !out.contains(&part) {
                out.push(part);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::watch::parse;

    fn told(parts: &[Part]) -> Vec<String> {
        parts.iter().map(|part| format!("{}: {}", part.shown, part.expr)).collect()
    }

    fn read(query: &str) -> Expr {
        parse(query, false, &Knowledge::compiled_in().watch_words).unwrap_or_else(|e| panic!("{query}: {e}"))
    }

    #[test]
    fn each_exclusion_is_taken_out_wherever_it_is() {
        for (query, wanted) in [
            ("oil", &[][..]),
            ("oil NOT gas", &["NOT gas: oil"]),
            ("oil NOT gas NOT coal", &["NOT gas: (oil AND NOT coal)", "NOT coal: (oil AND NOT gas)"]),
            ("SENTENCE(oil NOT gas) AND coal", &["NOT gas: (SENTENCE(oil) AND coal)"]),
            (
                "(oil AND NOT gas) OR title:(coal NOT wind)",
                &[
                    "NOT gas: (oil OR title:((coal AND NOT wind)))",
                    "NOT wind: ((oil AND NOT gas) OR title:(coal))",
                ],
            ),
            ("oil NOT (gas NOT coal)", &["NOT (gas AND NOT coal): oil", "NOT coal: (oil AND NOT gas)"]),
            ("oil NOT gas AND (coal OR wind NEAR/3 sun)", &["NOT gas: (oil AND (coal OR wind NEAR/3 sun))"]),
        ] {
            assert_eq!(told(&without_each(&read(query))), wanted, "{query}");
        }
    }

    #[test]
    fn clauses_keep_what_encloses_them() {
        for (query, wanted) in [
            ("oil", &[][..]),
            ("oil NOT gas", &[]),
            ("oil AND (coal OR oil) NOT gas", &["oil: oil", "coal: coal"]),
            (
                "title:(oil AND coal) AND SENTENCE(wind NEAR/2 sun NOT gas)",
                &[
                    "title:(oil): title:(oil)",
                    "title:(coal): title:(coal)",
                    "SENTENCE(wind NEAR/2 sun): SENTENCE(wind NEAR/2 sun)",
                ],
            ),
        ] {
            assert_eq!(told(&clauses(&read(query))), wanted, "{query}");
        }
    }
}
