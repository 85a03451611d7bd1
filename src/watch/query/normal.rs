//! A form that two queries share if one is the other in another order.

use super::{Expr, Tag, TagKind, Value};
use crate::watch::words;

impl Expr {
    /// The query with its parts in a fixed order, none of them twice, in canonical form: twins have the same.
    pub fn normal(&self) -> String {
        normal(self).to_string()
    }
}

fn normal(expr: &Expr) -> Expr {
    let boxed = |inner: &Expr| Box::new(normal(inner));
    match expr {
        Expr::And(parts) => joined(parts, true),
        Expr::Or(parts) => joined(parts, false),
        Expr::Not(inner) => match normal(inner) {
            Expr::Not(twice) => *twice,
            inner => Expr::Not(Box::new(inner)),
        },
        Expr::Near { ordered, words, left, right } => {
            let (mut left, mut right) = (boxed(left), boxed(right));
            if !ordered && left.to_string() > right.to_string() {
                std::mem::swap(&mut left, &mut right);
            }
            Expr::Near { ordered: *ordered, words: *words, left, right }
        }
        Expr::AtLeast(count, inner) => Expr::AtLeast(*count, boxed(inner)),
        Expr::Within(part, inner) => Expr::Within(*part, boxed(inner)),
        Expr::Scope(scope, inner) => Expr::Scope(*scope, boxed(inner)),
        Expr::Term(term) => Expr::Term(term.clone()),
        Expr::Tag(tag) => Expr::Tag(Tag { kind: tag.kind, value: value(tag) }),
    }
}

/// Parts joined by AND or OR, with those of the same joint within them.
fn joined(parts: &[Expr], by_and: bool) -> Expr {
    let mut all = Vec::new();
    for part in parts {
        match (normal(part), by_and) {
            (Expr::And(inner), true) | (Expr::Or(inner), false) => all.extend(inner),
            (other, _) => all.push(other),
        }
    }
    all.sort_by_cached_key(ToString::to_string);
    all.dedup();
    match all.pop() {
        Some(only) if all.is_empty() => only,
        last => {
            all.extend(last);
            if by_and { Expr::And(all) } else { Expr::Or(all) }
        }
    }
}

/// The value of a tag as it is compared.
fn value(tag: &Tag) -> Value {
    match (&tag.value, tag.kind) {
        (Value::Text(text), TagKind::About | TagKind::Mentions | TagKind::From) => {
            Value::Text(text.to_uppercase())
        }
        (Value::Text(text), TagKind::Lang | TagKind::Site) => Value::Text(text.to_lowercase()),
        (Value::Text(text), TagKind::Named | TagKind::Said | TagKind::By | TagKind::Source) => {
            Value::Text(words::name(text))
        }
        (value, _) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use crate::knowledge::Knowledge;
    use crate::watch::parse;

    #[test]
    fn twins_have_one_normal_form() {
        let knowledge = Knowledge::compiled_in();
        let normal = |query: &str| parse(query, false, &knowledge.watch_words).unwrap().normal();
        for (one, other) in [
            ("a AND b", "b AND a"),
            ("a AND b AND c", "c AND (b AND a)"),
            ("a OR (b AND c)", "(c AND b) OR a"),
            ("a OR a", "a"),
            ("a NOT b", "NOT b AND a"),
            ("NOT (NOT a)", "a"),
            ("a NEAR/3 b", "b NEAR/3 a"),
            ("SENTENCE(a AND b)", "SENTENCE(b AND a)"),
            ("about:az AND lang:EN", "lang:en AND about:AZ"),
            ("named:\"Marco Rubio\"", "named:\"marco  rubio\""),
        ] {
            assert_eq!(normal(one), normal(other));
        }
        for (one, other) in [
            ("a ONEAR/3 b", "b ONEAR/3 a"),
            ("a NEAR/3 b", "a NEAR/4 b"),
            ("a AND b", "a OR b"),
            ("a", "a~"),
            ("title:a", "a"),
            ("raw:\"US\"", "raw:\"us\""),
        ] {
            assert_ne!(normal(one), normal(other));
        }
    }
}
