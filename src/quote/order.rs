//! Finds who says a quoted stretch by the order of quote, verb and speaker, in languages with an `[order]` table.
//!
//! There is a file for each pattern: the words [`behind`] a quote, the words that [`lead`] to it, a sentence that
//! refers [`back`] to it, a [`clause`] of reported speech before its verb, a [`place`] that speaks. They rely on the
//! language's data alone. [`subject`] finds the speaker among the words around a verb. Where no pattern fits, what
//! [`super::content`] found stays.

mod back;
mod behind;
mod clause;
mod lead;
mod place;
pub(super) mod profile;
mod subject;

use std::ops::Range;

use super::content::{Found, SAID};
use super::grammar::Grammar;
use super::speaker::Speakers;
use super::title::{is_title, names_thing};
use crate::language::word::Word;
use crate::quote::cues::{Order, Sort};

/// How many tokens of a sentence next to a quote are read.
const REACH: usize = 60;
/// How many paragraphs after a name a verb without a subject may still mean it.
const MEMORY: usize = 3;
/// How many earlier attributions are searched for one with the same stretch in its content; a limit keeps the time
/// linear.
const NEIGHBOURS: usize = 12;

/// One part of the article, with the word order of its language.
struct Orders<'o, 'd> {
    grammar: &'o Grammar<'d>,
    speakers: &'o Speakers<'d>,
    order: &'o Order,
}

/// What a pattern says about a quote.
struct Told {
    /// Index into the grammar's cues.
    cue: Option<usize>,
    source: Option<Range<usize>>,
    /// Whether marks or a verb right next to it show that it is said, however short it is.
    said: bool,
    /// Whether a colon introduces it.
    colon: bool,
}

/// The last speaker that a pattern found.
struct Last {
    source: Range<usize>,
    /// The later of the quote's end and its verb.
    at: usize,
}

/// Corrects and completes attributions by the patterns.
pub(super) fn settle(grammar: &Grammar, speakers: &Speakers, found: &mut Vec<Found>) {
    let Some(order) = grammar.order else { return };
    let orders = Orders { grammar, speakers, order };
    orders.settle_reported(found);
    orders.settle_clauses(found);
    orders.settle_behind(found);
    let mut last: Option<Last> = None;
    let mut more = Vec::new();
    for index in 0..grammar.stretches.len() {
        let Some(mut told) = orders.told(index).or_else(|| orders.on(index, last.as_ref())) else {
            orders.leave(found, index);
            continue;
        };
        let passive = told.cue.is_some_and(|cue| orders.is_passive(cue));
        if told.source.is_none() && order.drops_subject && !passive {
            told.source = orders.meant(found, index, told.cue, last.as_ref());
        }
        if let Some(source) = &told.source {
            let end = grammar.stretches[index].tokens.end;
            let at = told.cue.map_or(end, |c| grammar.cues[c].start.max(end));
            last = Some(Last { source: source.clone(), at });
        }
        more.extend(orders.place(found, index, told));
    }
    found.append(&mut more);
    orders.drop_relays(found);
    found.sort_by_key(|f| (f.content.start, f.content.end));
}

impl Orders<'_, '_> {
    /// What the first pattern that fits says. A colon after a verb and its subject leaves nothing open, unless it ends
    /// its sentence, as colons do in Armenian texts, and verb and subject come right behind the quote.
    fn told(&self, index: usize) -> Option<Told> {
        let named = |told: &Told| told.cue.is_some() && told.source.is_some();
        let lead = self.lead(index);
        let sure = lead.as_ref().is_some_and(|lead| lead.colon && named(lead));
        let open = self.grammar.stretches[index].tokens.start;
        if sure && self.grammar.sentence(open).start != open {
            return lead;
        }
        let behind = self.behind(index);
        if sure {
            return behind.filter(named).or(lead);
        }
        behind.or_else(|| self.back(index)).or(lead)
    }

    /// Drops who only passes on what a person says: "Как сообщает *ТАСС*, Рао заявил, что …".
    fn drop_relays(&self, found: &mut Vec<Found>) {
        let g = self.grammar;
        let person = |s: &Range<usize>| self.speakers.mention_to(g, s.end).is_some();
        let names = |cue: usize| self.order.naming.iter().any(|n| **n == *g.cues[cue].cue.lemma);
        let told = |f: &Found| {
            let cue = f.cue.filter(|cue| !names(*cue))?;
            Some((f.source.clone().filter(|s| person(s))?, g.cues[cue].start))
        };
        let mut people: Vec<(Range<usize>, usize)> = found.iter().filter_map(told).collect();
        people.sort_by_key(|(_, verb)| *verb);
        found.retain(|f| {
            let agency = f.source.as_ref().is_some_and(|s| !person(s) && !g.is(s.start, Word::PRONOUN));
            let from = people.partition_point(|(_, verb)| *verb < f.content.start);
            let within = people[from..].iter().take(NEIGHBOURS).take_while(|(_, verb)| *verb < f.content.end);
            let mut passed =
                within.filter(|(source, _)| f.content.start <= source.start && source.end <= f.content.end);
            f.direct || !agency || passed.next().is_none()
        });
    }

    /// Index of the longest nearby attribution whose content overlaps a stretch.
    fn at(&self, found: &[Found], index: usize) -> Option<usize> {
        let tokens = &self.grammar.stretches[index].tokens;
        let end = found.partition_point(|f| f.content.start < tokens.end);
        let near = end.saturating_sub(NEIGHBOURS)..end;
        near.filter(|i| tokens.start < found[*i].content.end).max_by_key(|i| found[*i].content.len())
    }

    /// Whom a verb without a subject means: whoever spoke last.
    fn meant(
        &self,
        found: &[Found],
        index: usize,
        cue: Option<usize>,
        last: Option<&Last>,
    ) -> Option<Range<usize>> {
        let before = cue.and_then(|c| self.spoke_before(found, self.grammar.cues[c].start));
        let source = match (&before, last) {
            (Some(before), Some(last)) if last.at > before.at => &last.source,
            (Some(before), _) => &before.source,
            (None, last) => &last?.source,
        };
        self.remembers(source, index).then(|| source.clone())
    }

    /// The speaker of the last verb before a token.
    fn spoke_before(&self, found: &[Found], at: usize) -> Option<Last> {
        let g = self.grammar;
        let end = found.partition_point(|f| f.content.start < at);
        let near = found[end.saturating_sub(NEIGHBOURS)..end].iter();
        let told = near.filter_map(|f| Some((g.cues[f.cue?].start, f.source.clone()?)));
        let before = told.filter(|(cue, _)| *cue < at).max_by_key(|(cue, _)| *cue);
        before.map(|(at, source)| Last { source, at })
    }

    /// Whether a source is named near enough to be meant without being named again.
    fn remembers(&self, source: &Range<usize>, index: usize) -> bool {
        let g = self.grammar;
        let here = g.text.paragraph_of(g.stretches[index].tokens.start);
        source.start < g.stretches[index].tokens.start && g.text.paragraph_of(source.start) + MEMORY >= here
    }

    /// A quote that continues after the sentence with its verb: «Q», — сказал Рао. — «Q».
    fn on(&self, index: usize, last: Option<&Last>) -> Option<Told> {
        let g = self.grammar;
        let open = g.stretches[index].tokens.start;
        let last = last?;
        let dash = open.checked_sub(1).filter(|i| matches!(g.mark(*i), Some('—' | '–' | '-')))?;
        let stop = dash.checked_sub(1).filter(|i| matches!(g.mark(*i), Some('.' | '։' | ':' | '!' | '?')))?;
        let next = last.at < stop && g.text.sentence_of(last.at) == g.text.sentence_of(stop);
        let same = g.text.paragraph_of(last.at) == g.text.paragraph_of(open);
        (next && same).then(|| Told {
            cue: None,
            source: Some(last.source.clone()),
            said: true,
            colon: false,
        })
    }

    /// Treats a quote that fits no pattern and has no cue: drops a source from another paragraph, unless the quote
    /// opens its own.
    fn leave(&self, found: &mut [Found], index: usize) {
        let g = self.grammar;
        let Some(at) = self.at(found, index).filter(|at| found[*at].cue.is_none()) else { return };
        let here = g.text.paragraph_of(g.stretches[index].tokens.start);
        let other = |source: &Range<usize>| g.text.paragraph_of(source.start) != here;
        let opens = g.text.paragraphs[here].start == found[at].content.start;
        // also drops a pronoun that is no subject: "по *его* словам"
        let object = |s: &Range<usize>| s.len() == 1 && g.is(s.start, Word::OBJECT);
        let source = found[at].source.as_ref();
        if source.is_some_and(|s| other(s) && !opens || object(s)) {
            found[at].source = None;
        }
    }

    /// Adds what a pattern says to the attribution of a stretch, or makes a new one.
    fn place(&self, found: &mut [Found], index: usize, told: Told) -> Option<Found> {
        let tokens = &self.grammar.stretches[index].tokens;
        let Some(at) = self.at(found, index) else {
            let short = self.grammar.stretches[index].words < SAID;
            let name = short || is_title(self.grammar, tokens) || names_thing(self.grammar, tokens);
            let Told { cue, source, said, .. } = told;
            let own = Found { cue, source, content: tokens.clone(), direct: true, score: 1.0 };
            return (said || !name).then_some(own);
        };
        if let Some(own) = self.part(&mut found[at], index, &told) {
            let near = at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS).min(found.len());
            let double = near.into_iter().find(|i| found[*i].content == own.content);
            let Some(double) = double else { return Some(own) };
            found[double] = own;
            return None;
        }
        let at = &mut found[at];
        let own = at.content.start >= tokens.start && at.content.start < tokens.end;
        let same = at.cue.is_some() && at.cue == told.cue;
        if own || same || at.source.is_none() {
            if told.source.is_some() || own && self.order.drops_subject {
                at.source = told.source;
            }
            if own && told.cue.is_some() {
                at.cue = told.cue;
            }
        } else if told.said && at.cue.is_none() {
            (at.cue, at.source) = (told.cue, told.source);
        }
        None
    }

    /// Separates a quote from the rest of an attribution's content: marks and "that" around it, its own speaker, or
    /// reported speech before a colon or another verb. Returns the quote as a new attribution if the rest stays.
    fn part(&self, at: &mut Found, index: usize, told: &Told) -> Option<Found> {
        let g = self.grammar;
        let tokens = &g.stretches[index].tokens;
        let before = at.content.start..tokens.start;
        // a quote of many pieces is already separated from what comes before them
        if before.len() > 2 * REACH {
            return None;
        }
        let bare = |i: usize| g.word(i).is_none() || g.is(i, Word::THAT);
        let whole = before.clone().chain(tokens.end..at.content.end).all(bare);
        let within = |i: usize| before.contains(&i);
        // a few quoted words on the way are no quote of their own: 'One of them "off the record" said: "…"'
        let spoken = |s: usize| g.stretches[s].words >= SAID || g.stretches[s].tokens.start == before.start;
        let other = before.clone().rev().find(|i| g.closes(*i).is_some_and(spoken));
        let owner = told.source.as_ref().is_some_and(|s| within(s.start) && told.said && other.is_none());
        let own = at.cue.is_some() && at.cue == told.cue && other.is_none();
        let leads = own && told.cue.is_some_and(|c| within(g.cues[c].start));
        // "Habere göre *Rao, "…" dedi*"
        let cue = |i: usize| told.cue.is_some_and(|c| (g.cues[c].start..g.cues[c].end).contains(&i));
        let ends = (tokens.end..at.content.end).all(|i| bare(i) || cue(i));
        if whole || (owner || leads) && ends {
            (at.content, at.direct) = (tokens.clone(), true);
            return None;
        }
        let verb = told.cue.filter(|c| at.cue != Some(*c)).map(|c| g.cues[c].start).filter(|i| within(*i));
        let edge = verb.or(told.colon.then_some(tokens.start)).filter(|_| at.content.end <= tokens.end)?;
        let last = || (before.start..edge).rev().find(|i| g.word(*i).is_some());
        let end = other.or_else(last)?;
        at.content.end = end + 1;
        let (cue, source) = (told.cue, told.source.clone().or_else(|| at.source.clone()));
        Some(Found { cue, source, content: tokens.clone(), direct: true, score: at.score })
    }

    /// Makes a place that reports something the source, rather than a name within the phrase for it.
    fn settle_places(&self, found: &mut [Found]) {
        let g = self.grammar;
        for at in found.iter_mut().filter(|f| !f.direct && f.source.is_some()) {
            let Some(cue) = at.cue.filter(|c| g.cues[*c].sort == Sort::Verb) else { continue };
            let verb = g.cues[cue].start;
            let from = g.sentence(verb).start;
            let place = self.place_before(cue, from.max(verb.saturating_sub(REACH)));
            if let Some(place) = place.filter(|p| at.source.as_ref().is_some_and(|s| p.contains(&s.start))) {
                at.source = Some(place);
            }
        }
    }

    /// Finds the subjects of reported speech, which may be far from their verbs.
    fn settle_reported(&self, found: &mut [Found]) {
        let g = self.grammar;
        if !self.order.several.is_empty() {
            self.settle_places(found);
        }
        if !self.order.postpositions && !self.order.verb_first {
            return;
        }
        for at in found.iter_mut().filter(|f| !f.direct) {
            let Some(cue) = at.cue.filter(|c| g.cues[*c].sort == Sort::Verb) else { continue };
            let sentence = &g.sentence(g.cues[cue].start);
            let end = at.content.start.max(g.cues[cue].end).min(sentence.end);
            let start = sentence.start.max(g.cues[cue].start.saturating_sub(REACH));
            let source = self.given_by(cue, start).or_else(|| self.subject_of(cue, start, end));
            at.source = source.or_else(|| at.source.take());
        }
    }
}
