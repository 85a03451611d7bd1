//! Adds up what the words of an article say for each topic.
//!
//! Rules: each term gives its weight once, and half of it again for each of its second and third occurrences; a term in
//! the headline counts twice, in the first two sentences one and a half times. A topic is believed when the sum reaches
//! what its rule requires, which grows in long articles, where words come together by chance. Models: the log of each
//! count, scaled to length 1, times the learnt weights, through the logistic function.

mod count;
mod evidence;

use count::{Count, Learnt, Place, strongest};

use crate::document::{Document, Hit, Meaning};
use crate::text::Field;
use crate::topic::tree::{Model, Topics};

/// Words up to which an article is short. Beyond that, the evidence a rule requires grows with the square root of the
/// length.
const SHORT: f32 = 250.0;

/// The most by which the required evidence grows.
const LONG: f32 = 2.0;

/// What a phrase of `unless` subtracts.
const UNLESS: f32 = 4.0;

/// Probability from which a model is believed.
const LIKELY: f32 = 0.5;

/// How many times the required evidence a rule needs to overrule a model that rejects the topic: the models are learnt
/// from the news of a few years.
const PLENTY: f32 = 3.0;

/// The same in a few sentences, of which a model knows too few words to reject anything.
const PLENTY_IN_BRIEF: f32 = 1.0;

/// Words up to which a text is no more than a few sentences.
const BRIEF: usize = 30;

/// Probability from which the likeliest section is accepted, believed or not: every article is about something.
const GUESS: f32 = 0.15;

/// A section's assumed probability where no model covers it, before it is multiplied by the square of what the
/// likeliest covered section leaves: many articles that editors put into another section name a crime or a strike as
/// well.
const UNTOLD: f32 = 0.5;

/// The likeliest section is accepted below [`LIKELY`] if it exceeds this fraction of what the rules give a topic of a
/// section that no model covers (0.5 to 1): the models know six sections, and would force crime and disasters into
/// them. With 0.4 the section is right for 0.851 of English articles of all sections, 0.821 without this rule; on
/// `MasakhaNEWS`, which was not learnt from, 0.842 and 0.850.
const AGAINST: f32 = 0.4;

/// A section's probability below which the rules of its topics need more evidence.
const UNLIKELY: f32 = 0.1;

/// A section's probability below which a model alone does not suffice for its topics: a rule's term must occur too.
const UNHEARD: f32 = 0.03;

/// How many different words must speak for a section of which no rule holds: in a few sentences "farmer" alone is no
/// evidence of the economy.
const EVIDENT: usize = 8;

/// The same for a topic of whose rule no term occurs: "police" and "gas" tell nothing of natural gas.
const SPOKEN: usize = 4;

/// Most spans shown for a topic.
const SHOWN: usize = 12;

/// The evidence of one article, in lists rather than tables by term or topic, since an article has few of them.
#[derive(Debug)]
pub(super) struct Weighed<'l> {
    document: &'l Document,
    topics: &'l Topics,
    /// Terms that have a rule, in order.
    rules: Vec<(u32, Count)>,
    /// Where those terms occur.
    places: Vec<(u32, Place)>,
    /// Terms that a model knows, in order.
    learnt: Vec<Learnt>,
    /// Sums of the rules. Few topics have one, so scanning them is cheaper than a table.
    sums: Vec<(u16, f32)>,
    /// Topics that a model of the language covers, with their probability.
    likely: Vec<(u16, f32)>,
    /// Factor for the evidence that rules need.
    length: f32,
    /// Factor for the evidence that a rule needs to overrule a model.
    plenty: f32,
    /// Whether the text is no more than a few sentences.
    brief: bool,
}

impl<'l> Weighed<'l> {
    pub fn new(document: &'l Document, topics: &'l Topics) -> Self {
        let words = document.body.text.tokens.len() + document.title.text.tokens.len();
        let brief = words <= BRIEF;
        let length = (words as f32 / SHORT).sqrt().clamp(1.0, LONG);
        let plenty = if brief { PLENTY_IN_BRIEF } else { PLENTY };
        let mut own = Self {
            document,
            topics,
            rules: Vec::new(),
            places: Vec::new(),
            learnt: Vec::new(),
            sums: Vec::new(),
            likely: Vec::new(),
            length,
            plenty,
            brief,
        };
        own.count();
        own.sum();
        own.likely = likely(document, topics, &own.learnt);
        own
    }

    /// Counts the terms.
    fn count(&mut self) {
        let topics = self.topics;
        // the term in the upper half, the index of the place in the lower
        let mut learnt: Vec<u64> = Vec::with_capacity(self.document.body.hits.len());
        let mut firsts: Vec<Place> = Vec::with_capacity(self.document.body.hits.len());
        for part in self.document.parts() {
            let field = part.text.field;
            let lede =
                part.text.sentences.get(1).or_else(|| part.text.sentences.first()).map_or(0, |s| s.end);
            let mut covered = 0;
            for (at, hit) in part.hits.iter().enumerate() {
                let Meaning::Topic(term) = hit.meaning else { continue };
                let mut kind = topics.kind(term);
                kind.ruled &= kind.counts_in(self.document.language);
                let place = Place { field, start: hit.start, end: hit.end };
                if kind.learnt {
                    learnt.push(u64::from(term) << 32 | firsts.len() as u64);
                    firsts.push(place);
                }
                // only the longest at a place: "economic sanctions" is not also a hit for "sanctions"
                let is_longer = |h: &Hit| {
                    h.end > hit.end && matches!(h.meaning, Meaning::Topic(t) if topics.kind(t).ruled)
                };
                let mut same_start = part.hits[at + 1..].iter().take_while(|h| h.start == hit.start);
                if !kind.ruled || hit.end <= covered || same_start.any(is_longer) {
                    continue;
                }
                covered = hit.end;
                let mut count = Count::default();
                if field == Field::Title {
                    count.title = 1;
                } else if (hit.start as usize) < lede {
                    count.lede = 1;
                } else {
                    count.body = 1;
                }
                let same_span = part.hits[at..].iter().take_while(|h| h.start == hit.start);
                for term in strongest(topics, self.document.language, same_span.filter(|h| h.end == hit.end))
                {
                    self.rules.push((term, count));
                    self.places.push((term, place));
                }
            }
        }
        // one entry per term, with its first place; ordered by term, so that the same words give the same figures
        learnt.sort_unstable();
        self.learnt.reserve(learnt.len());
        for key in learnt {
            let (term, first) = ((key >> 32) as u32, firsts[key as u32 as usize]);
            let count = if first.field == Field::Title { 2 } else { 1 };
            match self.learnt.last_mut().filter(|last| last.term == term) {
                Some(last) => last.count += count,
                None => self.learnt.push(Learnt { term, count, first }),
            }
        }
        self.rules.sort_by_key(|(term, _)| *term);
        self.rules.dedup_by(|later, first| {
            let same = later.0 == first.0;
            if same {
                first.1.title += later.1.title;
                first.1.lede += later.1.lede;
                first.1.body += later.1.body;
            }
            same
        });
    }

    /// Adds up the rules.
    fn sum(&mut self) {
        for (term, count) in &self.rules {
            let term = self.topics.term(*term);
            let factor = count.factor();
            let gives = term.rules.iter().map(|(topic, weight)| (*topic, weight * factor));
            for (topic, gives) in gives.chain(term.unless.iter().map(|topic| (*topic, -UNLESS * factor))) {
                match self.sums.iter_mut().find(|(t, _)| *t == topic) {
                    Some((_, sum)) => *sum += gives,
                    None => self.sums.push((topic, gives)),
                }
            }
        }
    }

    fn sum_of(&self, topic: u16) -> f32 {
        of_topic(&self.sums, topic).unwrap_or(0.0)
    }

    fn likely_of(&self, topic: u16) -> Option<f32> {
        of_topic(&self.likely, topic)
    }

    /// Topics that hold, with their relevance. Where a model covers a topic in the language, it decides, unless a rule
    /// has plenty of evidence.
    pub fn believed(&self) -> Vec<(u16, f32)> {
        let best = self.likeliest_section();
        let untold = UNTOLD * (1.0 - best.map_or(0.0, |(_, likely)| likely)).powi(2);
        let mut out: Vec<(u16, f32)> = Vec::new();
        for &(topic, sum) in &self.sums {
            let need = self.need(topic);
            let believed = self.likely_of(topic).is_none_or(|likely| likely >= LIKELY);
            if sum >= need && (believed || sum >= need * self.plenty) {
                add(&mut out, topic, sum / (sum + need) * self.section(topic).unwrap_or(untold));
            }
        }
        let told = self.likely.iter().filter(|(t, likely)| *likely >= LIKELY && self.spoken_of(*t));
        for &(topic, likely) in told {
            add(&mut out, topic, likely * self.section(topic).unwrap_or(untold));
        }
        let others = out.iter().filter(|(topic, _)| self.section(*topic).is_none());
        let other = others.map(|(_, relevance)| relevance / untold).fold(0.0, f32::max);
        if let Some((topic, likely)) = best.filter(|(topic, likely)| {
            (*likely >= LIKELY || *likely > AGAINST * other) && self.is_evident(*topic)
        }) {
            add(&mut out, topic, likely);
        }
        out
    }

    /// The share of tags with this relevance that are right. Rules alone give 0.25 to 0.5; 66 % to 96 % of those tags
    /// name a section that an editor chose or would accept (measured on Russian articles; German, Turkish, Spanish and
    /// Armenian ones differ by at most 6 %). What models give is already a probability.
    pub fn calibrated(&self, relevance: f32) -> f32 {
        if self.likely.is_empty() { 0.36 + 1.2 * relevance.clamp(0.0, 0.5) } else { relevance }
    }

    /// Whether a topic from a model may be kept: a section that has evidence; another topic if a term of its rule, or of
    /// a narrower topic's, is in the article, or else if many words speak for it and its section is not all but ruled
    /// out, since the model alone may go by words that co-occur with the topic by chance. A phrase that speaks against it
    /// outweighs the model.
    fn spoken_of(&self, topic: u16) -> bool {
        if self.sum_of(topic) < 0.0 {
            return false;
        }
        let entry = self.topics.topic(topic);
        let speaks = |t: u16| self.topics.chain(t).any(|c| c == topic);
        if entry.broader.is_none() {
            return self.is_evident(topic);
        }
        entry.least.is_none()
            || self.sums.iter().any(|(t, sum)| *sum > 0.0 && speaks(*t))
            || self.section(topic).is_none_or(|p| p >= UNHEARD) && self.has_words(topic, SPOKEN)
    }

    /// Whether a section from a model has evidence: a rule of it holds, or so many words speak for it that it is no
    /// chance.
    fn is_evident(&self, section: u16) -> bool {
        let holds = |topic: u16, sum: f32| sum >= self.need(topic) && self.topics.root(topic) == section;
        self.sums.iter().any(|(topic, sum)| holds(*topic, *sum)) || self.has_words(section, EVIDENT)
    }

    /// Whether at least so many different words speak for a topic in a model.
    fn has_words(&self, topic: u16, least: usize) -> bool {
        self.strongest(topic).iter().filter(|(gives, _)| *gives > 0.0).count() >= least
    }

    fn likeliest_section(&self) -> Option<(u16, f32)> {
        let is_section = |topic: u16| self.topics.topic(topic).broader.is_none();
        let sections = self.likely.iter().copied().filter(|(topic, _)| is_section(*topic));
        let best = sections.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        best.filter(|(_, likely)| *likely >= GUESS)
    }

    /// The evidence that a topic's rule requires in this article.
    fn need(&self, topic: u16) -> f32 {
        let least = self.topics.topic(topic).least.unwrap_or(f32::MAX);
        let doubtful = !self.brief && self.section(topic).is_some_and(|p| p < UNLIKELY);
        let doubt = if doubtful { 1.5 } else { 1.0 };
        least * self.length * doubt
    }

    /// The probability of the section that a topic belongs to, if a model covers it.
    fn section(&self, topic: u16) -> Option<f32> {
        self.likely_of(self.topics.root(topic))
    }
}

/// Adds a topic to a short list, or raises its relevance there.
fn add(list: &mut Vec<(u16, f32)>, topic: u16, relevance: f32) {
    match list.iter_mut().find(|(t, _)| *t == topic) {
        Some((_, known)) => *known = known.max(relevance),
        None => list.push((topic, relevance)),
    }
}

/// The value that a short list has for a topic.
fn of_topic(list: &[(u16, f32)], topic: u16) -> Option<f32> {
    list.iter().find(|(t, _)| *t == topic).map(|(_, value)| *value)
}

/// The probability of each topic that the models of the text's language cover.
fn likely(document: &Document, topics: &Topics, learnt: &[Learnt]) -> Vec<(u16, f32)> {
    let own = |m: &Model| m.language == Some(document.language);
    // for all models in a row, which is cheaper than checking the language of each weight
    let starts: Vec<usize> =
        topics.models().iter().scan(0, |end, m| Some(std::mem::replace(end, *end + m.bias.len()))).collect();
    let mut odds = vec![0.0_f32; topics.models().iter().map(|m| m.bias.len()).sum()];
    let mut squares = vec![0.0_f32; starts.len()];
    for learnt in learnt {
        let value = learnt.value();
        // the weights of a term are ordered by model
        let (mut last, mut start) = (None, 0);
        for &(model, slot, weight) in topics.term(learnt.term).learnt {
            if last != Some(model) {
                last = Some(model);
                start = starts[usize::from(model)];
                squares[usize::from(model)] += value * value;
            }
            odds[start + usize::from(slot)] += weight * value;
        }
    }
    let mut out = Vec::with_capacity(odds.len());
    for ((model, start), square) in
        topics.models().iter().zip(starts).zip(squares).filter(|((m, _), _)| own(m))
    {
        let norm = square.sqrt().max(1.0);
        for ((topic, bias), sum) in model.bias.iter().zip(&odds[start..]) {
            out.push((*topic, 1.0 / (1.0 + (-(bias + sum / norm)).exp())));
        }
    }
    out
}
