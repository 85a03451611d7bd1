//! What follows a quote: «Q», — сказал Рао; “Q”, - deyə Rao bildirib; Rao, "Q" dedi; "Q" diyen Rao.

use super::{Orders, REACH, Told};
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::text::Gap;

/// Most tokens between a quote and its verb.
const FAR: usize = 18;
/// Most tokens between a quote and its verb if no mark separates them.
const NEAR: usize = 3;

/// How the text continues after a quote.
struct Edge {
    /// The first word after it.
    at: usize,
    /// Whether a comma, dash, "!" or "?" separates it from what follows.
    set_off: bool,
}

impl Orders<'_, '_> {
    /// What the words after a stretch say about it.
    pub(super) fn behind(&self, index: usize) -> Option<Told> {
        let g = self.grammar;
        let stretch = &g.stretches[index];
        let edge = self.edge(index)?;
        let end = self.clause_end(edge.at);
        let far = if edge.set_off { FAR } else { NEAR };
        let fits = |sort: Sort| matches!(sort, Sort::Verb | Sort::Source | Sort::Participle);
        let from = g.cues.partition_point(|c| c.start < edge.at);
        let near = g.cues[from..].iter().take_while(|c| c.start < end.min(edge.at + far));
        let outside = |start: usize| g.stretch(start).is_none();
        let cue = from + near.clone().position(|c| fits(c.sort) && outside(c.start))?;
        let place = &g.cues[cue];
        let commas = (edge.at..place.start).filter(|i| self.comma(*i)).count();
        if commas > 0 && (!g.verb_final || commas > 1) {
            return None;
        }
        let told = |source| Some(Told { cue: Some(cue), source, said: true, colon: false });
        match place.sort {
            Sort::Source => return edge.set_off.then(|| told(self.named_by(cue, end)))?,
            Sort::Participle => return told(g.phrase_after(place.end, end).map(|p| self.to_name(p))),
            _ => {}
        }
        if !g.verb_final {
            let source = self
                .after(place.end, end)
                .or_else(|| self.before(edge.at, place.start))
                .or_else(|| self.past_aside(place.end, end));
            return edge.set_off.then(|| told(source))?;
        }
        let beside = || self.given_by(cue, edge.at).or_else(|| self.before(edge.at, place.start));
        let between = edge.set_off.then(beside).flatten();
        if between.is_some() {
            return told(between);
        }
        // Rao, "Q" dedi
        let open = stretch.tokens.start;
        let from = self.sentence_start(open);
        if self.is_passive(cue) {
            let end = open - usize::from(open > from && self.comma(open - 1));
            return told(self.owner(end, from));
        }
        let source =
            self.before(from, open).or_else(|| (from == open).then(|| self.after(place.end, end))?);
        let said = edge.set_off || stretch.words >= super::SAID || source.is_some();
        Some(Told { cue: Some(cue), source, said, colon: false })
    }

    /// The subject behind an aside between commas: «Q», — сказал, открывая мост, *Рао*.
    fn past_aside(&self, from: usize, end: usize) -> Option<std::ops::Range<usize>> {
        let g = self.grammar;
        let clause = Word::THAT | Word::WH | Word::RELATIVE | Word::CONJUNCTION | Word::SUBORDINATOR;
        if !self.comma(from) || g.is(from + 1, clause) {
            return None;
        }
        let start = (from + 1..end).find(|i| self.comma(*i))? + 1;
        (self.name_at(start) || self.role_at(start, end)).then(|| self.after(start, end))?
    }

    /// How the sentence of a quote continues after it.
    fn edge(&self, index: usize) -> Option<Edge> {
        let g = self.grammar;
        let stretch = &g.stretches[index];
        let inner = g.mark(stretch.tokens.end.checked_sub(2)?);
        let mut set_off = matches!(inner, Some(',' | '،' | '!' | '?' | '؟' | '…'));
        let (mut at, mut stop) = (stretch.tokens.end, false);
        while let Some(mark) = g.mark(at).filter(|_| g.stretch(at).is_none()) {
            match mark {
                '.' | '։' => stop = true,
                ',' | '،' => set_off = true,
                '—' | '–' | '-' => (set_off, stop) = (true, false),
                _ => return None,
            }
            at += 1;
        }
        let next = g.text.tokens.get(at)?;
        // «Q!» Рао ушёл: a sentence of its own
        let own =
            g.text.sentence_of(at) != g.text.sentence_of(stretch.tokens.end - 1) && at == stretch.tokens.end;
        (stretch.closed && !stop && !own && next.gap != Gap::Paragraph).then_some(Edge { at, set_off })
    }

    /// Where the clause that starts at a token ends.
    pub(super) fn clause_end(&self, start: usize) -> usize {
        let g = self.grammar;
        // the verb may be the very last word
        if start >= g.text.tokens.len() {
            return start;
        }
        let sentence = &g.sentence(start);
        let most = sentence.end.min(start + REACH);
        let ends = |i: usize| match g.mark(i).filter(|_| g.stretch(i).is_none()) {
            Some('.') if g.shortens_title(i) => false,
            Some(';' | ':' | '.' | '։' | '՝' | '`' | '?' | '!') => {
                i + 1 == sentence.end || self.spaced(i + 1)
            }
            Some('—' | '–' | '-') => self.spaced(i) && self.spaced(i + 1),
            _ => {
                g.opens(i).is_some_and(|s| g.stretches[s].words >= super::SAID)
                    && (self.order.unmarked || g.mark(i - 1).is_some() && g.closes(i - 1).is_none())
            }
        };
        (start..most).find(|i| ends(*i)).unwrap_or(most)
    }

    /// Whether white space comes before a token.
    fn spaced(&self, i: usize) -> bool {
        self.grammar.text.tokens.get(i).is_none_or(|t| t.gap != Gap::None)
    }

    /// Whether a token is a comma outside quoted stretches.
    pub(super) fn comma(&self, i: usize) -> bool {
        matches!(self.grammar.mark(i), Some(',' | '،')) && self.grammar.stretch(i).is_none()
    }

    /// Where the words that lead to a quote at `open` start: with their sentence, or after an earlier quote in it.
    pub(super) fn sentence_start(&self, open: usize) -> usize {
        let g = self.grammar;
        let Some(before) = open.checked_sub(1).filter(|_| g.text.tokens[open].gap != Gap::Paragraph) else {
            return open;
        };
        let sentence = &g.sentence(before);
        if sentence.end <= open && !self.comma(before) && g.word(before).is_none() {
            return open;
        }
        let from = sentence.start.max(open.saturating_sub(REACH));
        let spoken = |i: &usize| g.closes(*i).is_some_and(|s| g.stretches[s].words >= super::SAID);
        (from..open).rev().find(spoken).map_or(from, |i| i + 1)
    }

    /// The speaker next to a cue that is not a verb: "по словам Рао", "по его словам".
    pub(super) fn named_by(&self, cue: usize, end: usize) -> Option<std::ops::Range<usize>> {
        let g = self.grammar;
        let place = &g.cues[cue];
        let own = Word::HE | Word::SHE | Word::PRONOUN | Word::OBJECT;
        let his = (place.start..place.end).find(|i| g.is(*i, own) && place.end - place.start > 2);
        let named = || {
            let phrase = g.phrase_after(g.past_time(place.end), end)?;
            Some(self.to_name(self.past_agency(phrase)))
        };
        his.map(|i| i..i + 1).or_else(named)
    }

    /// Cuts off who passes words on before the name of whom they are: "цитирует *ТАСС* Рао".
    fn past_agency(&self, phrase: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let g = self.grammar;
        if self.order.postpositions {
            return phrase;
        }
        let name = self.speakers.mention_from(g, phrase.start).map(|(name, _)| name);
        let name = name.filter(|n| n.start > phrase.start && n.end <= phrase.end);
        let agency = |i: usize| g.capital(i) || g.stretch(i).is_some();
        match name {
            Some(name) if (phrase.start..name.start).all(agency) => name.start..phrase.end,
            _ => self.past_outlet(phrase),
        }
    }
}
