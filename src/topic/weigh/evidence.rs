//! What speaks for a topic: the words to show, and the sums explained.

use std::fmt::Write as _;

use super::{LIKELY, Learnt, Place, SHOWN, UNLESS, Weighed};
use crate::document::Mention;
use crate::topic::tree::Model;

impl Weighed<'_> {
    /// Where the words of a topic occur: those of its rules and of narrower topics' rules, else those that a model goes
    /// by.
    pub fn evidence(&self, topic: u16) -> Vec<Mention> {
        let topics = self.topics;
        let root = topics.root(topic);
        let of_topic = |term: u32| {
            let mut rules = topics.term(term).rules.iter();
            let within = |t: u16| topics.root(t) == root && topics.chain(t).any(|c| c == topic);
            rules.any(|(t, weight)| *weight > 0.0 && within(*t))
        };
        let terms = self.rules.iter().map(|(term, _)| *term).filter(|term| of_topic(*term));
        let mut found: Vec<Mention> =
            terms.flat_map(|term| self.places_of(term)).take(SHOWN).map(Place::mention).collect();
        if found.is_empty() {
            let strongest = self.strongest(topic);
            found.extend(
                strongest
                    .iter()
                    .take_while(|(gives, _)| *gives > 0.0)
                    .take(5)
                    .map(|(_, l)| l.first.mention()),
            );
        }
        found.sort_by_key(|m| (m.field, m.tokens.start));
        found
    }

    /// The terms that a model weighs for a topic, the strongest first, with what each contributes.
    pub(super) fn strongest(&self, topic: u16) -> Vec<(f32, &Learnt)> {
        let topics = self.topics;
        // the topic's slot in each model
        let slot = |m: &Model| m.bias.iter().position(|(t, _)| *t == topic).map(|slot| slot as u8);
        let slots: Vec<Option<u8>> = topics.models().iter().map(slot).collect();
        let mut found: Vec<(f32, &Learnt)> = Vec::new();
        for learnt in &self.learnt {
            let weights = topics.term(learnt.term).learnt.iter();
            let own = weights.filter(|(model, slot, _)| slots[usize::from(*model)] == Some(*slot));
            found.extend(own.map(|(.., weight)| (weight * learnt.value(), learnt)));
        }
        found.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        found
    }

    fn places_of(&self, term: u32) -> impl Iterator<Item = Place> + '_ {
        self.places.iter().filter(move |(t, _)| *t == term).map(|(_, place)| *place).take(SHOWN)
    }

    fn quoted(&self, place: Place) -> &str {
        let mention = place.mention();
        self.document.part(mention.field).text.slice(&mention.tokens)
    }

    /// Explains to people what each word contributed, what was needed, what the models say.
    pub fn explain(&self, topic: u16) -> String {
        let entry = self.topics.topic(topic);
        let mut out = format!("{} {}\n", entry.code, entry.name);
        if entry.least.is_some() {
            let sum = self.sum_of(topic);
            let need = self.need(topic);
            let verdict = if sum >= need { "enough" } else { "not enough" };
            let _ = writeln!(out, "  rule: {sum:.1} of {need:.1}, {verdict}");
            for (number, count) in &self.rules {
                let term = self.topics.term(*number);
                let own = term.rules.iter().filter(|(t, _)| *t == topic).map(|(_, weight)| *weight);
                for weight in own.chain(term.unless.iter().filter(|t| **t == topic).map(|_| -UNLESS)) {
                    let places = [(count.title, "headline"), (count.lede, "lede"), (count.body, "body")];
                    let places: Vec<String> = places
                        .iter()
                        .filter(|(n, _)| *n > 0)
                        .map(|(n, p)| format!("{n} in the {p}"))
                        .collect();
                    let gives = weight * count.factor();
                    let words = self.places_of(*number).next().map_or("", |place| self.quoted(place));
                    let _ = writeln!(out, "    {gives:+.1} \"{words}\": {}", places.join(", "));
                }
            }
        } else {
            out.push_str("  no rule is written for it\n");
        }
        if let Some(likely) = self.likely_of(topic) {
            let _ =
                writeln!(out, "  learnt: {:.0} % likely, {:.0} % are needed", likely * 100.0, LIKELY * 100.0);
            if likely >= LIKELY && !self.spoken_of(topic) {
                out.push_str("    not taken: no rule speaks for it, and too little else does\n");
            }
            for (gives, learnt) in self.strongest(topic).iter().take(SHOWN) {
                let _ = writeln!(out, "    {gives:+.1} \"{}\"", self.quoted(learnt.first));
            }
        } else {
            out.push_str("  nothing is learnt for it in this language\n");
        }
        let holds = self.believed().iter().any(|(t, _)| *t == topic);
        out.push_str(if holds { "  the article is about it\n" } else { "  the article is not about it\n" });
        out
    }
}
