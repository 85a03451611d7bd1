//! A query compiled to bytecode: nodes in sequence, the cheap ones first.
//!
//! The bytecode itself is in [`code`]. The compiler also returns what an article must contain for the query to match it.

mod code;

use code::{any, ids_of, node, put, put_ids};
pub(super) use code::{finds_one, get, op};

use super::dictionary::Dictionary;
use super::key;
use super::query::{Expr, Part, Scope, Tag, TagKind, Term, Value};
use super::words::{self, Words};

/// What must be present: one of these.
#[derive(Debug, Clone, Default)]
pub(super) struct Need {
    /// Each with another id that must be present too, if there is one.
    pub ids: Vec<(u32, Option<u32>)>,
    /// The share of articles that contain one of them.
    pub cost: f32,
}

/// A compiled part of a query.
struct Node {
    bytes: Vec<u8>,
    /// What must be present in an article; `None` if nothing can be named.
    need: Option<Need>,
    /// What must occur in the region in question.
    local: Option<Need>,
    /// The cost of evaluating it: 0 looks ids up, the highest class merges places.
    class: u8,
}

/// A compiled query.
#[derive(Debug)]
pub(super) struct Program {
    pub bytes: Vec<u8>,
    pub need: Option<Need>,
}

/// Compiles a query. With `clauses`, each clause is added there and marked in the bytecode, to explain a match.
pub(super) fn compile<'e>(
    expr: &'e Expr,
    dictionary: &mut Dictionary,
    words: &Words,
    clauses: Option<&mut Vec<&'e Expr>>,
) -> Program {
    let node = Compiler { dictionary, words, clauses }.node(expr, true);
    Program { bytes: node.bytes, need: node.need }
}

struct Compiler<'c, 'e> {
    dictionary: &'c mut Dictionary,
    words: &'c Words,
    clauses: Option<&'c mut Vec<&'e Expr>>,
}

fn cheapest(needs: impl Iterator<Item = Option<Need>>) -> Option<Need> {
    needs.flatten().min_by(|a, b| a.cost.total_cmp(&b.cost))
}

/// The cheapest need, its unguarded ids guarded by the cheapest other single id that must be present.
fn guarded(needs: &[Option<Need>]) -> Option<Need> {
    let best = needs.iter().enumerate().filter_map(|(i, n)| Some((i, n.as_ref()?)));
    let (at, best) = best.min_by(|a, b| a.1.cost.total_cmp(&b.1.cost))?;
    let mut best = best.clone();
    let single = |n: &Need| (n.ids.len() == 1).then(|| (n.ids[0].0, n.cost));
    let others = needs.iter().enumerate().filter(|(i, _)| *i != at).filter_map(|(_, n)| single(n.as_ref()?));
    if let Some((guard, _)) = others.min_by(|a, b| a.1.total_cmp(&b.1)) {
        best.ids.iter_mut().for_each(|(_, beside)| *beside = beside.or(Some(guard)));
    }
    Some(best)
}

fn either(needs: Vec<Option<Need>>) -> Option<Need> {
    let mut all = Need::default();
    for need in needs {
        let need = need?;
        all.cost += need.cost;
        all.ids.extend(need.ids);
    }
    all.ids.sort_unstable();
    // an id with two different guards: keep it without one, which covers both
    all.ids.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same && next.1 != kept.1 {
            kept.1 = None;
        }
        same
    });
    Some(all)
}

impl<'e> Compiler<'_, 'e> {
    /// `told`: whether it is a clause of its own, not part of a NEAR or ATLEAST.
    fn node(&mut self, expr: &'e Expr, told: bool) -> Node {
        let clause = matches!(expr, Expr::Near { .. } | Expr::AtLeast(..) | Expr::Term(_) | Expr::Tag(_));
        let number = match &mut self.clauses {
            Some(clauses) if clause && told => {
                clauses.push(expr);
                Some(clauses.len() as u32 - 1)
            }
            _ => None,
        };
        let mut made = self.bare(expr, told && !clause);
        if let Some(number) = number {
            let mut body = Vec::new();
            put(number, &mut body);
            body.append(&mut made.bytes);
            made.bytes = node(op::CLAUSE, &body);
        }
        made
    }

    fn bare(&mut self, expr: &'e Expr, told: bool) -> Node {
        match expr {
            Expr::And(parts) => self.and(parts, told),
            Expr::Or(parts) => self.or(parts, told),
            Expr::Not(inner) => {
                // what is absent is not reported
                let clauses = self.clauses.take();
                let inner = self.node(inner, false);
                self.clauses = clauses;
                Node { bytes: node(op::NOT, &inner.bytes), need: None, local: None, class: inner.class }
            }
            Expr::Near { ordered, words, left, right } => {
                let (left, right) = (self.node(left, false), self.node(right, false));
                let mut body = vec![u8::from(*ordered)];
                put(*words, &mut body);
                body.extend(left.bytes);
                body.extend(right.bytes);
                Node {
                    bytes: node(op::NEAR, &body),
                    need: guarded(&[left.need, right.need]),
                    local: cheapest([left.local, right.local].into_iter()),
                    class: 4,
                }
            }
            Expr::AtLeast(count, inner) => {
                let inner = self.node(inner, false);
                let mut body = Vec::new();
                put(*count, &mut body);
                body.extend(inner.bytes);
                Node { bytes: node(op::ATLEAST, &body), class: 3, ..inner }
            }
            Expr::Within(part, inner) => {
                let inner = self.node(inner, told);
                let number = match part {
                    Part::Title => 0,
                    Part::Body => 1,
                    Part::Lead => 2,
                    Part::Top => 3,
                };
                let mut body = vec![number];
                body.extend(inner.bytes);
                Node { bytes: node(op::PART, &body), class: inner.class.max(1), ..inner }
            }
            Expr::Scope(scope, inner) => self.scope(*scope, inner, told),
            Expr::Term(term) => self.term(term),
            Expr::Tag(tag) => self.tag(tag),
        }
    }

    fn and(&mut self, parts: &'e [Expr], told: bool) -> Node {
        let mut nodes: Vec<Node> = parts.iter().map(|part| self.node(part, told)).collect();
        let cost = |n: &Node| n.need.as_ref().map_or(1.0, |need| need.cost);
        nodes.sort_by(|a, b| a.class.cmp(&b.class).then(cost(a).total_cmp(&cost(b))));
        let bytes: Vec<u8> = nodes.iter().flat_map(|n| n.bytes.iter().copied()).collect();
        let class = nodes.iter().map(|n| n.class).max().unwrap_or(0);
        let needs: Vec<Option<Need>> = nodes.iter_mut().map(|n| n.need.take()).collect();
        let local = cheapest(nodes.into_iter().map(|n| n.local));
        Node { bytes: node(op::AND, &bytes), need: guarded(&needs), local, class }
    }

    fn or(&mut self, parts: &'e [Expr], told: bool) -> Node {
        let mut nodes: Vec<Node> = parts.iter().map(|part| self.node(part, told)).collect();
        nodes.sort_by_key(|n| n.class);
        let class = nodes.iter().map(|n| n.class).max().unwrap_or(0);
        let mut ids = Vec::new();
        let mut bytes = Vec::new();
        let mut rest = 0;
        for made in &nodes {
            // merge plain look-ups into one
            if made.bytes[0] == op::ANY {
                ids.extend(ids_of(&made.bytes));
            } else {
                bytes.extend_from_slice(&made.bytes);
                rest += 1;
            }
        }
        let mut all = Vec::new();
        if !ids.is_empty() {
            all = any(&mut ids);
        }
        if rest > 0 {
            all.extend(bytes);
            all = node(op::OR, &all);
        }
        let (needs, locals) = nodes.into_iter().map(|n| (n.need, n.local)).unzip();
        Node { bytes: all, need: either(needs), local: either(locals), class }
    }

    fn scope(&mut self, scope: Scope, inner: &'e Expr, told: bool) -> Node {
        let inner = self.node(inner, told);
        let mut body = Vec::new();
        let op = match scope {
            Scope::Sentence => op::SENTENCE,
            Scope::Paragraph => op::PARAGRAPH,
            Scope::Quote => op::QUOTE,
        };
        if scope != Scope::Quote {
            let ids = inner.local.iter().flat_map(|need| need.ids.iter().map(|(id, _)| *id));
            let ids: Vec<u32> = ids.collect();
            put_ids(if ids.len() > 64 { &[] } else { &ids }, &mut body);
        }
        body.extend(inner.bytes);
        Node { bytes: node(op, &body), need: inner.need, local: inner.local, class: inner.class.max(3) }
    }

    /// A look-up of ids, all of which have places.
    fn look_up(&mut self, keys: &[u64]) -> Node {
        let mut ids: Vec<u32> = keys.iter().map(|key| self.dictionary.id(*key, self.words)).collect();
        let bytes = any(&mut ids);
        let need = Some(self.need(&ids));
        Node { bytes, need: need.clone(), local: need, class: 0 }
    }

    fn need(&self, ids: &[u32]) -> Need {
        let cost = ids.iter().map(|id| self.dictionary.cost(*id)).sum();
        Need { ids: ids.iter().map(|id| (*id, None)).collect(), cost }
    }

    /// The keys of one word of a term.
    fn keys(&self, word: &str, forms: bool) -> Vec<u64> {
        let mut keys = vec![key::word(word)];
        if forms {
            keys.extend(self.words.form_keys(word));
        }
        keys
    }

    fn term(&mut self, term: &Term) -> Node {
        match term {
            Term::Words { words, forms } if words.len() == 1 => self.look_up(&self.keys(&words[0], *forms)),
            Term::Words { words, forms } => self.phrase(words, *forms),
            Term::Prefix(beginning) => {
                let key = self.dictionary.prefix(beginning, self.words);
                self.look_up(&[key])
            }
            Term::Raw(tokens) => self.raw(tokens),
        }
    }

    fn phrase(&mut self, phrase: &[String], forms: bool) -> Node {
        let exact: Option<Vec<u64>> = (!forms).then(|| phrase.iter().map(|w| key::word(w)).collect());
        if let Some(keys) = &exact
            && keys.len() == 2
        {
            let pair = self.dictionary.pair(keys[0], keys[1], self.words);
            return self.look_up(&[pair]);
        }
        let mut slots = Vec::new();
        for word in phrase {
            let keys = self.keys(word, forms);
            let mut ids: Vec<u32> = keys.iter().map(|key| self.dictionary.id(*key, self.words)).collect();
            ids.sort_unstable();
            ids.dedup();
            slots.push(ids);
        }
        let mut need = cheapest(slots.iter().map(|ids| Some(self.need(ids))));
        let mut starts = slots[0].clone();
        if let Some(keys) = exact {
            let pairs: Vec<u32> = keys
                .windows(2)
                .map(|two| {
                    let pair = self.dictionary.pair(two[0], two[1], self.words);
                    self.dictionary.id(pair, self.words)
                })
                .collect();
            starts = vec![pairs[0]];
            need = cheapest(pairs.iter().map(|pair| Some(self.need(&[*pair]))));
        }
        let mut body = Vec::new();
        put_ids(&starts, &mut body);
        put(slots.len() as u32, &mut body);
        slots.iter().for_each(|ids| put_ids(ids, &mut body));
        // the place of a pair is where it begins, which can only be in the sentence of the phrase
        Node { bytes: node(op::PHRASE, &body), need: need.clone(), local: need, class: 2 }
    }

    fn raw(&mut self, tokens: &[(String, bool)]) -> Node {
        let word = |text: &str| {
            let first = crate::text::tokens(text).first().map(|t| t.kind)?;
            let mut folded = String::new();
            crate::text::fold(text, &mut folded);
            (first != crate::text::Kind::Mark).then_some(folded)
        };
        let words = tokens.iter().enumerate().filter_map(|(i, (text, _))| Some((i, word(text)?)));
        let ids: Vec<(usize, u32)> =
            words.map(|(i, w)| (i, self.dictionary.id(key::word(&w), self.words))).collect();
        let cost = |id: u32| self.dictionary.cost(id);
        let rarest = ids.iter().min_by(|a, b| cost(a.1).total_cmp(&cost(b.1))).copied();
        let mut body = Vec::new();
        put(rarest.map_or(0, |(i, _)| i as u32 + 1), &mut body);
        put(rarest.map_or(0, |(_, id)| id), &mut body);
        put(tokens.len() as u32, &mut body);
        for (text, gap) in tokens {
            body.push(u8::from(*gap));
            put(text.len() as u32, &mut body);
            body.extend_from_slice(text.as_bytes());
        }
        let need = rarest.map(|(_, id)| self.need(&[id]));
        Node { bytes: node(op::RAW, &body), need: need.clone(), local: need, class: 2 }
    }

    fn tag(&mut self, tag: &Tag) -> Node {
        let key = key_of(tag);
        if let (Value::Office { words, .. }, TagKind::Named | TagKind::Said | TagKind::By) =
            (&tag.value, tag.kind)
        {
            self.dictionary.asks_office(words.len());
        }
        if tag.kind.has_places() && tag.kind != TagKind::Said {
            return self.look_up(&[key]);
        }
        let id = self.dictionary.id(key, self.words);
        let mut body = Vec::new();
        put(id, &mut body);
        let op = match tag.kind {
            TagKind::Said => op::SAID,
            kind if kind.is_of_quote() => op::OF_QUOTE,
            _ => op::WHOLE,
        };
        Node { bytes: node(op, &body), need: Some(self.need(&[id])), local: None, class: 0 }
    }
}

/// The key under which an article has a tag.
pub(super) fn key_of(tag: &Tag) -> u64 {
    // someone says something: `by:` of a quote is `said:` of the article
    let kind = if tag.kind == TagKind::By { TagKind::Said } else { tag.kind };
    match &tag.value {
        Value::Office { words, country } => {
            let keys: Vec<u64> = words.iter().map(|w| key::word(w)).collect();
            key::of_person(kind, key::office(&keys, country.as_deref()))
        }
        Value::Text(text) => match kind {
            TagKind::About | TagKind::Mentions | TagKind::From => key::tag(kind, &text.to_ascii_uppercase()),
            TagKind::Lang | TagKind::Site => key::tag(kind, &text.to_lowercase()),
            TagKind::Source => {
                let mut name = String::new();
                crate::text::fold(text, &mut name);
                key::tag(kind, &name)
            }
            TagKind::Said if text == "any" => key::of_person(kind, key::ANYBODY),
            TagKind::Named | TagKind::Said => key::of_person(kind, key::word(&words::name(text))),
            _ => key::tag(kind, text),
        },
    }
}
