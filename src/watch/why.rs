//! Why a watch does not match (or does): every clause, true or false, and what came closest to being true.

use serde::Serialize;

use super::explain::Explained;
use super::query::{Expr, Part, Scope, Tag, TagKind, Term};
use super::set::Workspace;
use super::view::{Article, Stretch, View};
use super::words::Words;
use crate::text::Span;

/// A line of the answer: a part of the query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Its depth in the query, from 0.
    pub depth: usize,
    /// AND, OR, NOT, a scope or field, or the clause in its canonical form.
    pub expr: String,
    /// Whether it holds where it is asked.
    pub holds: bool,
    /// The first places where it holds.
    pub spans: Vec<Span>,
    /// For a clause that does not hold: what comes closest, and what to write instead.
    pub nearest: Option<String>,
}

/// Most spans shown per clause.
const MOST_SPANS: usize = 5;

/// Every part of a query and whether it holds for an article, in the order of the query.
pub fn why(expr: &Expr, article: Article, words: &Words, workspace: &mut Workspace) -> Vec<Reason> {
    let view = workspace.view(article, words);
    let mut asker = Asker { view: &view, words, workspace, out: Vec::new() };
    asker.tell(expr, 0, &[]);
    asker.out
}

/// What encloses a part of a query and limits where it is asked.
#[derive(Debug, Clone, Copy)]
enum Around {
    Part(Part),
    Scope(Scope),
}

struct Asker<'a> {
    view: &'a View<'a>,
    words: &'a Words,
    workspace: &'a mut Workspace,
    out: Vec<Reason>,
}

impl Asker<'_> {
    fn holds(&mut self, expr: &Expr) -> bool {
        Explained::new(expr, self.words).matches(self.view, self.workspace.present()) == Some(true)
    }

    /// Where a clause holds in the whole article.
    fn places(&mut self, expr: &Expr) -> Vec<Stretch> {
        Explained::new(expr, self.words).places(self.view, self.workspace.present())
    }

    fn tell(&mut self, expr: &Expr, depth: usize, around: &[Around]) {
        let (name, parts, around): (String, Vec<&Expr>, Vec<Around>) = match expr {
            Expr::And(parts) => ("AND".to_owned(), parts.iter().collect(), around.to_vec()),
            Expr::Or(parts) => ("OR".to_owned(), parts.iter().collect(), around.to_vec()),
            Expr::Not(inner) => ("NOT".to_owned(), vec![&**inner], around.to_vec()),
            Expr::Within(part, inner) => {
                let inside = [around, &[Around::Part(*part)]].concat();
                (format!("{}:", part.name()), vec![&**inner], inside)
            }
            Expr::Scope(scope, inner) => {
                let inside = [around, &[Around::Scope(*scope)]].concat();
                (scope.name().to_owned(), vec![&**inner], inside)
            }
            _ => (expr.to_string(), Vec::new(), around.to_vec()),
        };
        let here = wrapped(expr, &around[..around.len() - usize::from(is_around(expr))]);
        let holds = self.holds(&here);
        let spans = if parts.is_empty() && holds { self.spans(&here) } else { Vec::new() };
        let nearest = if holds { None } else { self.nearest(expr, &here) };
        self.out.push(Reason { depth, expr: name, holds, spans, nearest });
        for part in parts {
            self.tell(part, depth + 1, &around);
        }
    }

    fn spans(&mut self, expr: &Expr) -> Vec<Span> {
        let places = self.places(expr);
        places.iter().take(MOST_SPANS).map(|place| self.view.span(*place)).collect()
    }

    /// What comes closest to a part that does not hold where it is asked (`here`).
    fn nearest(&mut self, expr: &Expr, here: &Expr) -> Option<String> {
        let elsewhere =
            !matches!(expr, Expr::And(_) | Expr::Or(_) | Expr::Not(_)) && here != expr && self.holds(expr);
        if elsewhere {
            let spans = self.spans(expr);
            let place = spans.first().map_or(String::new(), |s| format!(": {}", shown(s)));
            return Some(format!("it stands elsewhere{place}"));
        }
        match expr {
            Expr::Term(term) => self.nearest_term(term),
            Expr::Near { ordered, words, left, right } => {
                Some(self.nearest_pair(*ordered, *words, left, right))
            }
            Expr::AtLeast(count, inner) => {
                let mut places = self.places(inner);
                places.sort_unstable();
                places.dedup_by_key(|p| p.start);
                Some(format!("{}, {count} asked", number_of(places.len(), "place")))
            }
            Expr::Tag(tag) => self.nearest_tag(tag),
            Expr::Scope(scope, inner) if *scope != Scope::Quote => {
                let all = match &**inner {
                    Expr::And(parts) => {
                        parts.iter().all(|part| matches!(part, Expr::Not(_)) || self.holds(part))
                    }
                    _ => false,
                };
                let what = if *scope == Scope::Sentence { "sentence" } else { "paragraph" };
                all.then(|| format!("all of it stands there, but in no one {what}"))
            }
            _ => None,
        }
    }

    fn nearest_term(&mut self, term: &Term) -> Option<String> {
        let Term::Words { words, forms } = term else { return self.nearest_raw(term) };
        if !forms {
            let as_form = Expr::Term(Term::Words { words: words.clone(), forms: true });
            if let Some(span) = self.spans(&as_form).first() {
                return Some(format!("{} stands there: write {as_form}", shown(span)));
            }
        }
        let one = |word: &String| Expr::Term(Term::Words { words: vec![word.clone()], forms: *forms });
        if words.len() < 2 {
            return None;
        }
        let missing: Vec<String> = words.iter().filter(|word| !self.holds(&one(word))).cloned().collect();
        if missing.is_empty() {
            let (first, second) = (one(&words[0]), one(&words[words.len() - 1]));
            let apart = self.apart(&first, &second);
            let told = apart.map_or(String::new(), |(n, _)| format!(": nearest, {}", between(n)));
            return Some(format!("its words stand there, but not in a row{told}"));
        }
        Some(format!("not there: {}", missing.join(", ")))
    }

    fn nearest_raw(&mut self, term: &Term) -> Option<String> {
        let text = match term {
            Term::Raw(tokens) => tokens.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(" "),
            _ => return None,
        };
        let words = super::query::folded(&text);
        let folded = (!words.is_empty()).then_some(Expr::Term(Term::Words { words, forms: false }))?;
        let spans = self.spans(&folded);
        Some(format!("{} stands there, written otherwise", shown(spans.first()?)))
    }

    fn nearest_pair(&mut self, ordered: bool, words: u32, left: &Expr, right: &Expr) -> String {
        let missing: Vec<String> =
            [left, right].into_iter().filter(|side| !self.holds(side)).map(ToString::to_string).collect();
        if !missing.is_empty() {
            return format!("not there: {}", missing.join(", "));
        }
        let Some((apart, in_order)) = self.apart(left, right) else {
            return "one stands in the title and one in the text".to_owned();
        };
        if ordered && !in_order && apart <= words as usize {
            return "they stand there in the other order: NEAR takes both".to_owned();
        }
        format!("nearest, {}, {words} asked", between(apart))
    }

    /// The fewest words between the two in one field, and whether they are in this order there.
    fn apart(&mut self, left: &Expr, right: &Expr) -> Option<(usize, bool)> {
        let (mut left, mut right) = (self.places(left), self.places(right));
        // enough for a person to look at in one article; all pairs are compared
        left.truncate(2000);
        right.truncate(2000);
        let before = &self.view.words_before;
        let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (a, b)));
        let apart = pairs
            .filter(|(a, b)| (a.start < self.view.body) == (b.start < self.view.body))
            .filter_map(|(a, b)| {
                let (first, second) = if a.start <= b.start { (a, b) } else { (b, a) };
                let words = before[second.start as usize].checked_sub(before[first.end as usize])?;
                (first.end <= second.start).then_some((words as usize, a.start > b.start))
            });
        apart.min().map(|(words, turned)| (words, !turned))
    }

    fn nearest_tag(&mut self, tag: &Tag) -> Option<String> {
        let other = |kind| Expr::Tag(Tag { kind, value: tag.value.clone() });
        let (weaker, told) = match tag.kind {
            TagKind::About => (TagKind::Mentions, "the article names it, but is not about it: write"),
            TagKind::Said => (TagKind::Named, "named, but not quoted: write"),
            _ => return None,
        };
        let weaker = other(weaker);
        self.holds(&weaker).then(|| format!("{told} {weaker}"))
    }
}

fn is_around(expr: &Expr) -> bool {
    matches!(expr, Expr::Within(..) | Expr::Scope(..))
}

/// A part of a query, wrapped in what encloses it.
fn wrapped(expr: &Expr, around: &[Around]) -> Expr {
    around.iter().rev().fold(expr.clone(), |inner, around| match around {
        Around::Part(part) => Expr::Within(*part, Box::new(inner)),
        Around::Scope(scope) => Expr::Scope(*scope, Box::new(inner)),
    })
}

fn shown(span: &Span) -> String {
    let words: Vec<&str> = span.exact.split_whitespace().collect();
    if words.len() > 12 { format!("{} …", words[..12].join(" ")) } else { words.join(" ") }
}

fn between(words: usize) -> String {
    format!("{} {} between", number_of(words, "word"), if words == 1 { "lies" } else { "lie" })
}

fn number_of(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
