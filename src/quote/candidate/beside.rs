//! Clauses that name the speaker of the quote next to them: after it ("…", a dit X) or before it (X sagte: "…").
//!
//! For languages whose subject may be on either side of the verb and apart from it (`free_subject` in their data).
//! [`super::chunk`] finds the phrase of the clause that is the subject.

use std::ops::Range;

use super::chunk::{first_governed, subject, topic_before};
use super::{Complement, Extent, Look, Read, Subject};
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::quote::model::observation::{Aux, End, Left, Right, Start};
use crate::text::{Case, Gap};

/// Most tokens between a quote and the verb of the clause that names its speaker.
const NEAR: usize = 16;
/// Fewest tokens of reported speech.
const LEAST: usize = 3;
/// Most words of a name in quotation marks.
const NAME: usize = 3;
/// Most tokens of a clause that introduces a quote.
const LEAD: usize = 40;

impl Look<'_, '_> {
    /// Reads a verb that has a quote or reported speech next to its clause.
    pub(super) fn read_beside(&self, extents: &mut Vec<Extent>) -> Option<Read> {
        let g = self.grammar;
        if !g.free_subject || g.stretch(self.place.start).is_some() {
            return None;
        }
        self.behind(extents)
            .or_else(|| self.leading(extents))
            .or_else(|| self.read_as_told(extents))
            .or_else(|| self.reported(extents))
    }

    /// The verb with its auxiliaries and clitics: "a-t-il", "s'est".
    pub(super) fn verb_group(&self) -> Range<usize> {
        let g = self.grammar;
        let mut start = self.place.start;
        let part = |i: usize| {
            g.is(i, Word::AUXILIARY | Word::NEGATION)
                || g.adverb(i)
                || g.is(i, Word::OBJECT) && !g.is(i, Word::PRONOUN)
                || matches!(g.mark(i), Some('\'' | '’')) && g.text.tokens[i].gap == Gap::None
        };
        let inside = |i: usize| g.stretch(i) == g.stretch(self.place.start);
        while start > self.sentence.start && part(start - 1) && inside(start - 1) {
            start -= 1;
        }
        let reflexive = |i: usize| g.is(i, Word::OBJECT) && !g.is(i, Word::PRONOUN | Word::DETERMINER);
        let end = (self.place.end..self.sentence.end).take_while(|i| reflexive(*i)).count();
        start..self.place.end + end
    }

    /// "…", a affirmé vendredi X.
    fn behind(&self, extents: &mut Vec<Extent>) -> Option<Read> {
        let g = self.grammar;
        if self.is_gerund() {
            return None;
        }
        let group = self.verb_group();
        let least = group.start.saturating_sub(NEAR);
        let at = (least..group.start).rev().find(|i| g.closes(*i).is_some())?;
        let stretch = g.closes(at).filter(|s| g.stretches[*s].closed)?;
        let mut start = at + 1;
        while start < group.start && g.mark(start).is_some_and(|c| matches!(c, ',' | '—' | '–' | '-' | '.'))
        {
            start += 1;
        }
        let between = start..group.start;
        let broken = |i: usize| {
            g.text.tokens[i].gap == Gap::Paragraph
                || matches!(g.mark(i), Some(',' | ':' | ';' | '.' | '!' | '?'))
                || self.other_verb(i)
                || g.is(i, Word::RELATIVE | Word::THAT | Word::SUBORDINATOR | Word::CONJUNCTION)
        };
        if between.clone().any(broken) || g.text.tokens[start].gap == Gap::Paragraph {
            return None;
        }
        let comma = g.mark(at + 1).is_some_and(|c| matches!(c, ',' | '—' | '–' | '-'));
        let inner = g.mark(at - 1);
        let spoken = comma || inner.is_some_and(|c| matches!(c, ',' | '!' | '?' | '…'));
        // «…». Dijo X is left out; "… “a word” said X" has no comma either, but the verb follows at once
        let lower = g.text.tokens[start].case == Case::Lower;
        if !spoken && (!lower || !between.is_empty()) || g.text.tokens[start].case != Case::Lower && !comma {
            return None;
        }
        // Der „Nordkurier“ berichtete …: an outlet, or something else that is only called so
        let open = g.stretches[stretch].tokens.start;
        let article = open > 0 && g.is(open - 1, Word::DETERMINER) && !g.is(open - 1, Word::PRONOUN);
        if !spoken && article && g.stretches[stretch].words <= NAME {
            return None;
        }
        let end = self.clause_end(group.end);
        let clause = start..end;
        // "…", lui ont répondu, comme d'autres, les "gilets jaunes": the subject comes after further commas
        let farther = || {
            let comma = g.mark(end) == Some(',') && g.opens(end + 1).is_none();
            comma.then(|| self.clause_end(end + 1)).and_then(|last| {
                let next = self.clause_end(last + 1);
                subject(g, &(start..last), &group).or_else(|| subject(g, &(start..next), &group))
            })
        };
        let source = self
            .source_in(&clause, &group)
            .or_else(farther)
            .or_else(|| topic_before(g, open).filter(|_| spoken))?;
        let from = self.left_of_quote(stretch);
        let mut tokens = from..g.stretches[stretch].tokens.end;
        // "…", a dit X, "…"
        if g.mark(end) == Some(',')
            && let Some(next) =
                g.opens(end + 1).or_else(|| g.opens(end + 2).filter(|_| g.is(end + 1, Word::THAT)))
        {
            tokens.end = g.stretches[next].tokens.end;
        }
        let from = if from < open { Start::Sentence } else { Start::Quote };
        extents.push(Extent::new(from, End::Left, tokens));
        Some(Read {
            source: Some(source),
            seen: self.seen(Left::Quote, Aux::None, Right::Inverted, true),
            quoted: true,
        })
    }

    /// X sagte am Freitag: "…"
    fn leading(&self, extents: &mut Vec<Extent>) -> Option<Read> {
        let g = self.grammar;
        let most = (self.place.end + LEAD).min(g.text.tokens.len());
        let open = (self.place.end..most)
            .find(|i| g.opens(*i).is_some_and(|s| g.stretches[s].words > 3 || led(g, *i)))?;
        let stretch = g.opens(open)?;
        let lead = open.checked_sub(1)?;
        if g.mark(lead) != Some(':')
            || g.text.paragraph_of(lead) != g.text.paragraph_of(self.place.start) && open - lead > 1
        {
            return None;
        }
        let between = self.place.end..lead;
        let broken = |i: usize| {
            matches!(g.mark(i), Some(':' | ';' | '.' | '!' | '?'))
                && g.text.tokens[i].gap != Gap::None
                && g.text.tokens[i + 1].is_capital()
                || self.other_verb(i)
                || g.is(i, Word::THAT)
        };
        if between.clone().any(broken) {
            return None;
        }
        let start = self.clause_start();
        let source = self.source_in(&(start..lead), &self.verb_group()).or_else(|| topic_before(g, start))?;
        extents.push(Extent::new(Start::Quote, End::Quote, g.stretches[stretch].tokens.clone()));
        Some(Read {
            source: Some(source),
            seen: self.seen(Left::Start, Aux::None, Right::Quote, true),
            quoted: true,
        })
    }

    /// The subject of a clause. In "heißt es in dem Bericht" it follows a preposition.
    fn source_in(&self, clause: &Range<usize>, group: &Range<usize>) -> Option<Range<usize>> {
        let g = self.grammar;
        let last = self.place.end - 1;
        if last > self.place.start && g.is(last, Word::PRONOUN) {
            // "heißt es in dem Bericht", "In dem Bericht heißt es"
            let whole = g.is(clause.start, Word::PREPOSITION)
                && !(clause.start..self.place.start).any(|i| g.mark(i) == Some(','));
            let before = || first_governed(g, clause.start..self.place.start).filter(|_| whole);
            return first_governed(g, self.place.end..clause.end).or_else(before);
        }
        let main = self.behind_subordinate(clause, group).and_then(|start| {
            let found = subject(g, &(start..clause.end), group)?;
            let called = found.len() > 1 && found.clone().all(|i| g.capital(i));
            (called || found.clone().any(|i| g.named(i) || g.title_ends(i))).then_some(found)
        });
        main.or_else(|| subject(g, clause, group))
    }

    /// Auf die Frage, ob er gehe, | antwortete X: where the main clause starts, if its verb follows a subordinate
    /// clause.
    fn behind_subordinate(&self, clause: &Range<usize>, group: &Range<usize>) -> Option<usize> {
        let g = self.grammar;
        let comma = group.start.checked_sub(1).filter(|i| *i > clause.start && g.mark(*i) == Some(','))?;
        let subordinate = Word::SUBORDINATOR | Word::WH | Word::THAT | Word::AS_TOLD;
        let opens = |i: usize| g.mark(i) == Some(',') && g.is(i + 1, subordinate);
        let found = g.is(clause.start, subordinate) || (clause.start..comma).any(opens);
        found.then_some(group.start)
    }

    /// The subject after a verb: right after it or, where subjects are free, anywhere in its clause.
    pub(super) fn subject_after(&self, start: usize) -> Option<Range<usize>> {
        let g = self.grammar;
        if !g.free_subject {
            return g.phrase_after(start, self.sentence.end);
        }
        let group = self.verb_group();
        self.source_in(&(group.start..self.clause_end(group.end)), &group)
    }

    /// The subject of a verb that is followed by what is said: "Nach dem Besuch sprach der Minister von …".
    pub(super) fn subject_of_clause(&self, left: &Subject, right: &Complement) -> Option<Range<usize>> {
        let g = self.grammar;
        let open = !matches!(left.kind, Left::Quote | Left::Comma) && g.stretch(self.place.start).is_none();
        if !g.free_subject || self.place.sort != Sort::Verb || !open {
            return None;
        }
        let end = self.clause_end(self.place.end).min(right.start.max(self.place.end));
        subject(g, &(self.clause_start()..end), &self.verb_group())
    }

    /// "ajoutant", "asegurando": the speaker is the subject of the sentence, not whoever comes next.
    pub(super) fn is_gerund(&self) -> bool {
        let word = self.grammar.text.word(self.place.end - 1);
        self.grammar.gerunds.iter().any(|e| word.len() > e.len() && word.ends_with(e.as_str()))
    }

    /// X sagte am Freitag, die Brücke werde gesperrt. X drohte, die Brücke zu sperren.
    fn reported(&self, extents: &mut Vec<Extent>) -> Option<Read> {
        let g = self.grammar;
        let stop = self.stop();
        let mut near = self.place.end..stop.min(self.place.end + LEAD);
        let comma = near.find(|i| g.mark(*i) == Some(',') && g.stretch(*i).is_none())?;
        let that = g.is(comma + 1, Word::THAT | Word::RELATIVE) && !g.is(comma + 1, Word::DETERMINER);
        if that || (self.place.end..comma).any(|i| self.other_verb(i)) {
            return None;
        }
        let content = comma + 1..stop;
        let told = |i: usize| g.is_reported(i) && g.stretch(i).is_none();
        let infinitive = || !g.is(content.start, Word::PREPOSITION) && self.has_infinitive(&content);
        if content.len() < LEAST || !(content.clone().any(told) || infinitive()) {
            return None;
        }
        // "Dem Mann wurde vorgeworfen, er habe …"
        if (self.clause_start()..comma).any(|i| g.is_small(i, Word::BE)) {
            return None;
        }
        let source = self.source_in(&(self.clause_start()..comma), &self.verb_group())?;
        let right = if comma == self.place.end { Right::That } else { Right::ThatFar };
        self.push_right(content.start, stop, Start::Right, extents);
        extents.truncate(1);
        Some(Read { source: Some(source), seen: self.seen(Left::Name, Aux::None, right, true), quoted: true })
    }

    /// Whether a clause of the content ends with an infinitive that the verb governs: "zu sperren", "anzukündigen".
    fn has_infinitive(&self, content: &Range<usize>) -> bool {
        let g = self.grammar;
        let ends = |i: usize| i + 1 == content.end || g.mark(i + 1) == Some(',');
        content.clone().any(|i| g.stretch(i).is_none() && ends(i) && g.is_governed_infinitive(i))
    }

    /// Where the clause of a verb that introduces a quote starts.
    pub(super) fn clause_start(&self) -> usize {
        let g = self.grammar;
        let least = self.sentence.start.max(self.place.start.saturating_sub(LEAD));
        let parts =
            |i: usize| g.closes(i).is_some_and(|s| g.stretches[s].words > 3) || g.mark(i) == Some(';');
        (least..self.place.start).rev().find(|i| parts(*i)).map_or(least, |i| i + 1)
    }

    /// Where the clause after a quote ends.
    pub(super) fn clause_end(&self, from: usize) -> usize {
        let g = self.grammar;
        let most = self.sentence.end.min(from + LEAD);
        let ends = |i: usize| {
            g.opens(i).is_some_and(|s| g.stretches[s].words > 3)
                || matches!(g.mark(i), Some(';' | ':' | '(' | ','))
                || matches!(g.mark(i), Some('.' | '!' | '?')) && i + 1 >= self.sentence.end
                || matches!(g.mark(i), Some('—' | '–')) && g.text.tokens[i].gap != Gap::None
                || g.is(i, Word::SUBORDINATOR | Word::THAT | Word::RELATIVE) && !g.is(i, Word::DETERMINER)
        };
        (from..most).find(|i| ends(*i)).unwrap_or(most)
    }

    /// Whether a token belongs to another verb of saying.
    pub(super) fn other_verb(&self, i: usize) -> bool {
        let g = self.grammar;
        g.cue(i).is_some_and(|c| {
            let other = &g.cues[c];
            other.sort == Sort::Verb
                && other.start != self.place.start
                && !g.named(i)
                && g.text.tokens[i].case == Case::Lower
        })
    }
}

/// Whether a colon introduces the stretch that opens at a token.
fn led(g: &crate::quote::grammar::Grammar, i: usize) -> bool {
    i > 0 && g.mark(i - 1) == Some(':')
}
