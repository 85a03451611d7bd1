//! Adds up what the words of an article say for each topic.
//!
//! Rules: each term gives its weight once, half of it again for the second and third time; twice as much in the
//! headline, half as much again in the first two sentences. A topic is believed when the sum reaches what its rule
//! asks for, more in long articles, where words come together by chance. Models: the logarithm of each count, scaled to
//! length 1, times the learnt weights, through the logistic function.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use crate::lexicon::{Lexicon, Meaning};
use crate::tag::{Document, Mention};
use crate::text::Field;

/// Words up to which an article is short: the evidence that a rule asks for grows with the root of the length above.
const SHORT: f32 = 250.0;

/// Most that the evidence asked for grows by.
const LONG: f32 = 2.0;

/// What a term gives in the headline and in the lede, against elsewhere.
const TITLE: f32 = 2.0;
const LEDE: f32 = 1.5;

/// What a phrase of `unless` takes away.
const UNLESS: f32 = 4.0;

/// Probability from which a model is believed.
const LIKELY: f32 = 0.5;

/// So many times the evidence that a rule asks for outweighs a model that does not believe the topic: the models are
/// learnt from news of some years only.
const PLENTY: f32 = 3.0;

/// Probability from which the likeliest section stands, believed or not: an article is about something.
const GUESS: f32 = 0.15;

/// What stands for a section's probability where no model tells it, times the square of what the likeliest section
/// that a model tells leaves over: of articles that editors put into a section, many name a crime or a strike as well.
const UNTOLD: f32 = 0.5;

/// A section's probability below which the rules of its topics need more.
const UNLIKELY: f32 = 0.1;

/// Most spans that are shown for a topic.
const SHOWN: usize = 12;

/// How often a term stands where.
#[derive(Debug, Default, Clone)]
struct Count {
    title: u32,
    lede: u32,
    body: u32,
    mentions: Vec<Mention>,
}

impl Count {
    fn all(&self) -> u32 {
        self.title + self.lede + self.body
    }

    /// By how much the weight of a term counts.
    fn factor(&self) -> f32 {
        let place = if self.title > 0 {
            TITLE
        } else if self.lede > 0 {
            LEDE
        } else {
            1.0
        };
        place + 0.5 * (self.all().min(3) - 1) as f32
    }
}

/// How often a term of a model stands in the article, in the headline twice, and where first.
#[derive(Debug, Clone)]
struct Learnt {
    count: u32,
    first: Mention,
}

impl Learnt {
    /// What goes into the model.
    fn value(&self) -> f32 {
        (1.0 + self.count as f32).ln()
    }
}

/// The evidence of one article.
#[derive(Debug)]
pub(super) struct Weighed<'l> {
    document: &'l Document,
    lexicon: &'l Lexicon,
    /// By term that has a rule.
    rules: Vec<(u32, Count)>,
    /// By term that a model knows.
    learnt: Vec<(u32, Learnt)>,
    /// Sum of the rules by topic.
    sums: FxHashMap<u16, f32>,
    /// Probability by the models.
    likely: FxHashMap<u16, f32>,
    /// What rules need is multiplied by this.
    length: f32,
}

impl<'l> Weighed<'l> {
    pub fn new(document: &'l Document, lexicon: &'l Lexicon) -> Self {
        let topics = &lexicon.topics;
        let mut ruled: FxHashMap<u32, Count> = FxHashMap::default();
        let mut learnt: FxHashMap<u32, Learnt> = FxHashMap::default();
        for part in document.parts() {
            let title = part.text.field == Field::Title;
            let lede =
                part.text.sentences.get(1).or_else(|| part.text.sentences.first()).map_or(0, |s| s.end);
            let mut covered = 0;
            let hits = &part.hits;
            for (at, hit) in hits.iter().enumerate() {
                let Meaning::Topic(number) = hit.meaning else { continue };
                let term = topics.term(number);
                let mention = || Mention { field: part.text.field, tokens: hit.tokens() };
                if !term.learnt.is_empty() {
                    let known = learnt.entry(number).or_insert_with(|| Learnt { count: 0, first: mention() });
                    known.count += if title { 2 } else { 1 };
                }
                if term.rules.is_empty() && term.unless.is_empty() {
                    continue;
                }
                // only the longest at a place: "economic sanctions" is no second hit for "sanctions"
                let longer = hits[at + 1..].iter().take_while(|h| h.start == hit.start).any(|h| {
                    h.end > hit.end
                        && matches!(h.meaning, Meaning::Topic(n) if !topics.term(n).rules.is_empty() || !topics.term(n).unless.is_empty())
                });
                if longer || hit.end <= covered {
                    continue;
                }
                covered = hit.end;
                let count = ruled.entry(number).or_default();
                if title {
                    count.title += 1;
                } else if (hit.start as usize) < lede {
                    count.lede += 1;
                } else {
                    count.body += 1;
                }
                if count.mentions.len() < SHOWN {
                    count.mentions.push(mention());
                }
            }
        }
        let mut rules: Vec<(u32, Count)> = ruled.into_iter().collect();
        rules.sort_by_key(|(number, _)| *number);
        let mut sums: FxHashMap<u16, f32> = FxHashMap::default();
        for (number, count) in &rules {
            let term = topics.term(*number);
            for (topic, weight) in &term.rules {
                *sums.entry(*topic).or_default() += weight * count.factor();
            }
            for topic in &term.unless {
                *sums.entry(*topic).or_default() -= UNLESS * count.factor();
            }
        }
        let words = (document.body.text.tokens.len() + document.title.text.tokens.len()) as f32;
        let length = (words / SHORT).sqrt().clamp(1.0, LONG);
        // sums of floats in one order, so that the same text gives the same figures
        let mut learnt: Vec<(u32, Learnt)> = learnt.into_iter().collect();
        learnt.sort_by_key(|(number, _)| *number);
        let likely = likely(document, lexicon, &learnt);
        Self { document, lexicon, rules, learnt, sums, likely, length }
    }

    /// Topics that hold, with their relevance. Where a model knows a topic in the language, it decides, unless a rule
    /// has plenty of evidence.
    pub fn believed(&self) -> Vec<(u16, f32)> {
        let best = self.likeliest_section();
        let untold = UNTOLD * (1.0 - best.map_or(0.0, |(_, likely)| likely)).powi(2);
        let mut out: FxHashMap<u16, f32> = FxHashMap::default();
        for (topic, sum) in &self.sums {
            let need = self.need(*topic);
            let believed = self.likely.get(topic).is_none_or(|likely| *likely >= LIKELY);
            if *sum >= need && (believed || *sum >= need * PLENTY) {
                let section = self.section(*topic).unwrap_or(untold);
                out.insert(*topic, sum / (sum + need) * section);
            }
        }
        for (topic, likely) in self.likely.iter().filter(|(_, p)| **p >= LIKELY) {
            let section = self.section(*topic).unwrap_or(untold);
            let relevance = out.entry(*topic).or_default();
            *relevance = relevance.max(likely * section);
        }
        if let Some((topic, likely)) = best {
            out.insert(topic, likely);
        }
        out.into_iter().collect()
    }

    fn likeliest_section(&self) -> Option<(u16, f32)> {
        let sections =
            self.likely.iter().filter(|(topic, _)| self.lexicon.topics.topic(**topic).broader.is_none());
        let best = sections.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)));
        best.map(|(topic, likely)| (*topic, *likely)).filter(|(_, likely)| *likely >= GUESS)
    }

    /// What the rule of a topic asks for in this article.
    fn need(&self, topic: u16) -> f32 {
        let least = self.lexicon.topics.topic(topic).least.unwrap_or(f32::MAX);
        let doubt = if self.section(topic).is_some_and(|p| p < UNLIKELY) { 1.5 } else { 1.0 };
        least * self.length * doubt
    }

    /// The probability of the section that a topic belongs to, where a model tells it.
    fn section(&self, topic: u16) -> Option<f32> {
        self.likely.get(&self.lexicon.topics.root(topic)).copied()
    }

    /// Where the words of a topic stand: those of the rules of it and of what is narrower, else those that a model
    /// goes by.
    pub fn evidence(&self, topic: u16) -> Vec<Mention> {
        let topics = &self.lexicon.topics;
        let of_rules = self.rules.iter().filter(|(number, _)| {
            topics
                .term(*number)
                .rules
                .iter()
                .any(|(t, weight)| *weight > 0.0 && topics.chain(*t).any(|c| c == topic))
        });
        let mut found: Vec<Mention> =
            of_rules.flat_map(|(_, count)| &count.mentions).take(SHOWN).cloned().collect();
        if found.is_empty() {
            let strongest = self.strongest(topic);
            found.extend(
                strongest.iter().take_while(|(gives, _)| *gives > 0.0).take(5).map(|(_, l)| l.first.clone()),
            );
        }
        found.sort_by_key(|m| (m.field, m.tokens.start));
        found
    }

    /// The terms that a model weighs for a topic, the strongest first, with what each gives.
    fn strongest(&self, topic: u16) -> Vec<(f32, &Learnt)> {
        let mut found: Vec<(f32, &Learnt)> = Vec::new();
        for (number, learnt) in &self.learnt {
            let topics = &self.lexicon.topics;
            let weights = &topics.term(*number).learnt;
            let of = |model: u8, slot: u8| topics.models()[usize::from(model)].bias[usize::from(slot)].0;
            let own = weights.iter().filter(|(model, slot, _)| of(*model, *slot) == topic);
            found.extend(own.map(|(.., weight)| (weight * learnt.value(), learnt)));
        }
        found.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        found
    }

    fn quoted(&self, mention: &Mention) -> &str {
        self.document.part(mention.field).text.slice(&mention.tokens)
    }

    /// For people: what each word gave, what was needed, what the models say.
    pub fn explain(&self, topic: u16) -> String {
        let entry = self.lexicon.topics.topic(topic);
        let mut out = format!("{} {}\n", entry.code, entry.name);
        if entry.least.is_some() {
            let sum = self.sums.get(&topic).copied().unwrap_or(0.0);
            let need = self.need(topic);
            let verdict = if sum >= need { "enough" } else { "not enough" };
            let _ = writeln!(out, "  rule: {sum:.1} of {need:.1}, {verdict}");
            for (number, count) in &self.rules {
                let term = self.lexicon.topics.term(*number);
                let own = term.rules.iter().filter(|(t, _)| *t == topic).map(|(_, weight)| *weight);
                for weight in own.chain(term.unless.iter().filter(|t| **t == topic).map(|_| -UNLESS)) {
                    let places = [(count.title, "headline"), (count.lede, "lede"), (count.body, "body")];
                    let places: Vec<String> = places
                        .iter()
                        .filter(|(n, _)| *n > 0)
                        .map(|(n, p)| format!("{n} in the {p}"))
                        .collect();
                    let gives = weight * count.factor();
                    let words = self.quoted(&count.mentions[0]);
                    let _ = writeln!(out, "    {gives:+.1} \"{words}\": {}", places.join(", "));
                }
            }
        } else {
            out.push_str("  no rule is written for it\n");
        }
        if let Some(likely) = self.likely.get(&topic) {
            let _ =
                writeln!(out, "  learnt: {:.0} % likely, {:.0} % are needed", likely * 100.0, LIKELY * 100.0);
            for (gives, learnt) in self.strongest(topic).iter().take(SHOWN) {
                let _ = writeln!(out, "    {gives:+.1} \"{}\"", self.quoted(&learnt.first));
            }
        } else {
            out.push_str("  nothing is learnt for it in this language\n");
        }
        let holds = self.believed().iter().any(|(t, _)| *t == topic);
        out.push_str(if holds { "  the article is about it\n" } else { "  the article is not about it\n" });
        out
    }
}

/// What the models of the text's language say.
fn likely(document: &Document, lexicon: &Lexicon, learnt: &[(u32, Learnt)]) -> FxHashMap<u16, f32> {
    let topics = &lexicon.topics;
    let mut out = FxHashMap::default();
    for (number, model) in topics.models().iter().enumerate() {
        if model.language != Some(document.language) {
            continue;
        }
        let mut square = 0.0;
        let mut sums = vec![0.0; model.bias.len()];
        for (term, learnt) in learnt {
            let value = learnt.value();
            let mut counted = false;
            let own = topics.term(*term).learnt.iter().filter(|(m, ..)| usize::from(*m) == number);
            for (_, slot, weight) in own {
                sums[usize::from(*slot)] += weight * value;
                counted = true;
            }
            if counted {
                square += value * value;
            }
        }
        let norm = square.sqrt().max(1.0);
        for ((topic, bias), sum) in model.bias.iter().zip(sums) {
            let odds = bias + sum / norm;
            out.insert(*topic, 1.0 / (1.0 + (-odds).exp()));
        }
    }
    out
}
