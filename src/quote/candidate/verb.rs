//! Verbs and adjectives: "X said that …", "“…,” said X", "X was told that …".
//!
//! The patterns are tried in the order of [`Look::read_verb`]. Those called `read_…` read a whole sentence and end
//! the search; each of the others fills in something still missing from the [`Clause`]: the speaker, or the content
//! before or after the verb.

use std::ops::Range;

use super::{Complement, Extent, FAR, Look, Read, Subject, chunk};
use crate::language::word::Word;
use crate::quote::cues::Sort;
use crate::quote::model::observation::{Aux, End, Form, Left, Right, Start};
use crate::quote::model::seen::Seen;

/// What is known so far about the clause of a verb.
struct Clause {
    left: Subject,
    right: Complement,
    /// The end of the sentence without its final mark.
    stop: usize,
    /// The quote that closes right before the verb and its subject.
    quote: Option<usize>,
    /// Whether a comma comes right before them.
    comma: bool,
    source: Option<Range<usize>>,
    /// How the clause continues after the verb.
    kind: Right,
    /// Where the verb ends, including a subject right after it.
    end: usize,
    /// Whether a quote next to the verb is its content.
    quoted: bool,
}

impl Look<'_, '_> {
    pub(super) fn read_verb(&self, extents: &mut Vec<Extent>) -> Read {
        let within = self.read_between_dashes(extents).or_else(|| self.read_between_commas(extents));
        if let Some(read) = within.or_else(|| self.read_beside(extents)) {
            return read;
        }
        let mut clause = self.clause();
        self.find_inverted(&mut clause, extents);
        self.find_between_verb_and_that(&mut clause);
        if let Some(read) = self.read_said_before(&clause.left, extents) {
            return read;
        }
        self.find_before_quote(&mut clause);
        self.take_before(&mut clause, extents);
        self.take_behind(&mut clause, extents);
        let source = self.speaker_of(&clause);
        // "Viele kamen nach Ulm, das den Plan ablehnt": the clause before it has its own subject
        if self.grammar.free_subject
            && !clause.quoted
            && let Some(source) = &source
        {
            extents.retain(|e| {
                e.end != End::Left
                    || e.start != Start::Sentence
                    || e.tokens.end <= source.start
                    || source.end <= e.tokens.start
            });
        }
        let Clause { left, kind, quote, quoted, .. } = clause;
        let seen = Seen { mark: self.quote_mark(quote), ..self.seen(left.kind, left.aux, kind, quoted) };
        Read { source, seen, quoted }
    }

    /// The clause before further patterns are tried: the subject before the verb, the complement after it.
    fn clause(&self) -> Clause {
        let g = self.grammar;
        let (left, right) = (self.left(), self.right());
        Clause {
            stop: self.stop(),
            quote: self.behind_quote(left.at),
            comma: left.at > self.sentence.start && g.mark(left.at - 1) == Some(','),
            source: self.subject_of_clause(&left, &right).or_else(|| left.source.clone()),
            kind: right.kind,
            end: right.start,
            quoted: false,
            left,
            right,
        }
    }

    /// "…," said Smith; Said Smith: "…".
    fn find_inverted(&self, clause: &mut Clause, extents: &mut Vec<Extent>) {
        let g = self.grammar;
        let open =
            clause.source.is_none() || matches!(clause.left.kind, Left::Quote | Left::Start | Left::Comma);
        let beside = clause.quote.is_some() || clause.comma || clause.left.kind == Left::Start;
        // "Zudem sagte Rao, dass …", "Ayer dijo Rao que …"
        if g.free_subject
            && clause.quote.is_none()
            && matches!(clause.kind, Right::That | Right::ThatFar)
            && let Some(source) = &clause.source
        {
            let comma = usize::from(g.mark(source.end) == Some(','));
            if source.start >= self.place.end && source.end + comma + 1 == clause.right.start {
                clause.kind = Right::That;
            }
            return;
        }
        // "قال راو في بيان إن": what stands between the subject and "that" is no end of its clause
        let verb_first = g.order.is_some_and(|o| o.verb_first);
        if verb_first && clause.quote.is_none() && matches!(clause.kind, Right::That | Right::ThatFar) {
            return;
        }
        if self.form() == Form::Ing || !open || !beside || self.place.sort != Sort::Verb {
            return;
        }
        let start = self.place.end + usize::from(g.mark(self.place.end) == Some(','));
        let ends = |at: usize| clause.quote.is_some() || !g.finite(at) && self.ends_clause(at);
        let Some(subject) = self.subject_after(start).filter(|subject| ends(subject.end)) else { return };
        clause.end = subject.end;
        clause.source = Some(subject);
        clause.kind = Right::Inverted;
        // Said Ellis: "…"; said Ellis, who owns the farm: "…"
        let described = (clause.end..self.sentence.end.min(clause.end + FAR))
            .find(|i| g.mark(*i) == Some(':'))
            .filter(|_| g.mark(clause.end) == Some(','))
            .filter(|i| g.opens(i + 1).is_some());
        let lead = described.unwrap_or(clause.end);
        if clause.quote.is_none()
            && matches!(g.mark(lead), Some(':' | ','))
            && let Some(stretch) = g.opens(lead + 1)
        {
            clause.quoted = true;
            extents.push(Extent::new(Start::Quote, End::Quote, g.stretches[stretch].tokens.clone()));
        }
    }

    /// "قال وزير الخارجية فؤاد حسين إن …": the verb comes first, its subject before "that".
    fn find_between_verb_and_that(&self, clause: &mut Clause) {
        let g = self.grammar;
        if clause.kind == Right::ThatFar && clause.source.is_none() && g.order.is_some_and(|o| o.verb_first) {
            clause.source = g.phrase_after(self.place.end, clause.right.start.saturating_sub(1));
        }
    }

    /// Erdoğan, "…" dedi: the subject comes before the quote.
    fn find_before_quote(&self, clause: &mut Clause) {
        let g = self.grammar;
        if let Some(stretch) = clause.quote.filter(|_| clause.source.is_none()) {
            let open = g.stretches[stretch].tokens.start;
            let end = open - usize::from(open > 0 && matches!(g.mark(open - 1), Some(',' | ':')));
            clause.source = g.phrase_before(end, self.left_start().min(end));
        }
    }

    /// Takes what comes before the verb as its content: the quote that ends there, or the sentence up to the comma.
    fn take_before(&self, clause: &mut Clause, extents: &mut Vec<Extent>) {
        let g = self.grammar;
        let Clause { left, kind, stop, end, .. } = clause;
        // "“…,” language that could bar anybody": the clause describes the noun before it
        if left.kind == Left::Who && !g.free_subject && !g.verb_final {
            return;
        }
        if let Some(stretch) = clause.quote
            && self.may_be_said(stretch, left.at, *kind)
            && self.place.sort == Sort::Verb
            && (clause.source.is_some() || *kind == Right::End)
        {
            clause.quoted = true;
            let start = self.left_of_quote(stretch);
            let quote = &g.stretches[stretch].tokens;
            let from = if start < quote.start { Start::Sentence } else { Start::Quote };
            extents.push(Extent::new(from, End::Left, start..quote.end));
            return;
        }
        let set_off = |i: usize| g.mark(i).is_some_and(|c| matches!(c, ',' | '—' | '–'));
        let start = self.left_start();
        // "…, das den Plan ablehnt": the clause describes the noun before it
        if left.at <= self.sentence.start
            || g.free_subject && self.starts_relative(left.at)
            || !set_off(left.at - 1)
            || !matches!(*kind, Right::End | Right::Comma | Right::Inverted | Right::Prep | Right::Colon)
                && !self.is_told_to_somebody(*kind, start..left.at - 1)
            || left.at <= start + 2
        {
            return;
        }
        extents.push(Extent::new(Start::Sentence, End::Left, start..left.at - 1));
        // "the price, he said, will fall"
        if (*kind == Right::Comma || set_off(*end)) && *stop > *end + 2 {
            extents.push(Extent::new(Start::Sentence, End::Around, start..*stop));
        }
    }

    /// "Prices will rise, a spokesman told *Reuters*.": whether the addressee ends the clause, and the clause
    /// before it is what is told.
    fn is_told_to_somebody(&self, kind: Right, before: Range<usize>) -> bool {
        if kind != Right::Object || !self.place.cue.addressed {
            return false;
        }
        let g = self.grammar;
        // "…," Anna Rao, a lawyer, told Reuters
        let name_or_quote = before.is_empty()
            || g.capital(before.end - 1)
            || before.clone().any(|i| g.opens(i).is_some() || g.stretch(i).is_some());
        let whom = || g.phrase_after(self.place.end, self.sentence.end);
        !name_or_quote
            && g.verbs_and_commas(&before).0 > 0
            && whom().is_some_and(|whom| whom.start == self.place.end && self.ends_clause(whom.end))
    }

    /// Takes what comes after the verb as its content, or as the second half of a quote split by the cue.
    fn take_behind(&self, clause: &mut Clause, extents: &mut Vec<Extent>) {
        let g = self.grammar;
        let (start, stop) = (clause.right.start, clause.stop);
        let split = matches!(clause.kind, Right::Quote | Right::QuoteFar);
        if matches!(clause.kind, Right::End | Right::Inverted | Right::Comma) || clause.quoted && !split {
            return;
        }
        if let Some(stretch) = g.opens(start)
            && split
        {
            let tokens = g.stretches[stretch].tokens.clone();
            let whole =
                tokens.end + 1 >= self.sentence.end || tokens.end >= stop || self.ends_clause(tokens.end);
            if clause.quoted {
                // "…," he said, "…" is one quote, split by its cue
                for extent in extents.iter_mut() {
                    extent.tokens.end = tokens.end;
                }
            } else {
                if whole {
                    clause.quoted = true;
                    extents.clear();
                }
                extents.push(Extent::new(Start::Quote, End::Quote, tokens));
            }
        }
        if !(clause.quoted && split) {
            self.push_right(start, stop, Start::Right, extents);
        }
        // "the mayor was said to have left": the subject is part of what is said
        if self.is_passive(&clause.left)
            && let Some(subject) = &clause.left.source
        {
            self.push_right(start, stop, Start::Subject, extents);
            for extent in extents.iter_mut().filter(|e| e.start == Start::Subject) {
                extent.tokens.start = subject.start;
            }
        }
    }

    /// The speaker, as far as the clause names one; in a passive, the phrase after "by".
    fn speaker_of(&self, clause: &Clause) -> Option<Range<usize>> {
        let g = self.grammar;
        let mut source = clause.source.clone();
        if g.free_subject && source.is_none() && self.place.sort == Sort::Verb {
            source = chunk::subject(g, &(self.sentence.start..self.place.start), &self.verb_group());
        }
        if self.is_passive(&clause.left) {
            let mut near = self.place.end..self.sentence.end.min(self.place.end + FAR);
            let by = near.find(|i| g.is_small(*i, Word::BY));
            source = by.and_then(|i| g.phrase_after(i + 1, self.sentence.end));
        }
        if g.verb_final && clause.quoted && clause.kind != Right::Inverted {
            let open = clause.quote.map_or(self.place.start, |s| g.stretches[s].tokens.start);
            source = self.subject_before(open).or(source);
        }
        source
    }

    fn is_passive(&self, left: &Subject) -> bool {
        left.aux == Aux::Be && self.form() == Form::Past
    }
}

#[cfg(test)]
mod tests {
    use crate::article::Source;
    use crate::document::Document;
    use crate::knowledge::Knowledge;
    use crate::quote::candidate::readings;
    use crate::quote::grammar::Grammar;
    use crate::text::Language;

    /// The source of the verb `cue` in a sentence, and the contents that it may have.
    fn read(knowledge: &Knowledge, language: &str, sentence: &str, cue: &str) -> (String, Vec<String>) {
        let language = Language::parse(language).unwrap();
        let vocabulary = &knowledge.vocabulary;
        let body = sentence.to_owned();
        let document = Document::new(String::new(), body, language, None, Source::default(), vocabulary);
        let grammar = Grammar::new(&document.body, language, knowledge.of_quotes());
        let all = readings(&grammar);
        let word = |at: usize| grammar.text.slice(&(grammar.cues[at].start..grammar.cues[at].end));
        let reading = all.list.iter().find(|r| word(r.cue) == cue).unwrap();
        let source = reading.source.as_ref().map(|s| grammar.text.slice(s).to_owned());
        let contents = all.extents(reading).iter().map(|e| grammar.text.slice(&e.tokens).to_owned());
        (source.unwrap_or_default(), contents.collect())
    }

    #[test]
    fn each_pattern_finds_source_and_content() {
        let knowledge = Knowledge::compiled_in();
        let mut wrong = Vec::new();
        // pattern, language, sentence, cue, source, content
        for (pattern, language, sentence, cue, source, content) in [
            (
                "that",
                "en",
                "The mayor said that the bridge is old.",
                "said",
                "The mayor",
                "the bridge is old",
            ),
            ("a clause", "en", "Jane Roe said the bridge is old.", "said", "Jane Roe", "the bridge is old"),
            (
                "inverted",
                "en",
                "“The bridge is old,” said Jane Roe.",
                "said",
                "Jane Roe",
                "“The bridge is old,”",
            ),
            (
                "inverted, a quote behind",
                "en",
                "Said Jane Roe: “We wait here.”",
                "Said",
                "Jane Roe",
                "“We wait here.”",
            ),
            ("behind a quote", "en", "“We wait here,” Jane Roe said.", "said", "Jane Roe", "“We wait here,”"),
            (
                "split",
                "en",
                "“We wait here,” Jane Roe said, “until it rains.”",
                "said",
                "Jane Roe",
                "“We wait here,” Jane Roe said, “until it rains.”",
            ),
            (
                "set off",
                "en",
                "The bridge is very old, the mayor said.",
                "said",
                "the mayor",
                "The bridge is very old",
            ),
            (
                "passive",
                "en",
                "It was announced by the mayor that the bridge is old.",
                "announced",
                "the mayor",
                "the bridge is old",
            ),
            ("clitics", "en", "They've said that the bridge is old.", "said", "They", "the bridge is old"),
            (
                "between dashes",
                "ru",
                "«Мост очень старый, — сказал Мирзоян. — Мы ждём здесь».",
                "сказал",
                "Мирзоян",
                "«Мост очень старый, — сказал Мирзоян. — Мы ждём здесь»",
            ),
            (
                "comma and that",
                "ru",
                "Мэр сказал, что мост очень старый.",
                "сказал",
                "Мэр",
                "мост очень старый",
            ),
            (
                "verb at the end",
                "tr",
                "Ayşe Kaya, \"Köprü çok eski\" dedi.",
                "dedi",
                "Ayşe Kaya",
                "\"Köprü çok eski\"",
            ),
        ] {
            let (named, contents) = read(&knowledge, language, sentence, cue);
            if named != source || !contents.iter().any(|c| c == content) {
                wrong.push(format!("{pattern}: {sentence}\n  {named:?} {contents:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
