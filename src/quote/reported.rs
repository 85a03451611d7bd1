//! Sentences of reported speech that name no speaker: "Die Brücke sei alt. Sie werde im Sommer gesperrt."
//!
//! In a language with verb forms for reported speech, a sentence with such a form continues what the sentence
//! before it reports, up to the end of the paragraph.

use super::content::Found;
use super::grammar::Grammar;
use crate::language::word::Word;
use crate::quote::cues::Sort;

/// Fewest tokens of such a sentence.
const LEAST: usize = 4;

/// Adds the sentences that continue what an attribution reports.
pub(super) fn go_on(grammar: &Grammar, found: &mut Vec<Found>) {
    let text = grammar.text;
    let mut extra: Vec<Found> = Vec::new();
    for (at, sentence) in text.sentences.iter().enumerate().skip(1) {
        let outside = |i: &usize| grammar.stretch(*i).is_none();
        let told = sentence.clone().filter(outside).any(|i| grammar.is_reported(i));
        if !told || sentence.len() < LEAST || sentence.start < grammar.story {
            continue;
        }
        let says = |i: usize| {
            grammar.cue(i).is_some_and(|c| matches!(grammar.cues[c].sort, Sort::Verb | Sort::Source))
        };
        let before = &text.sentences[at - 1];
        let near = text.paragraph_of(before.start) == text.paragraph_of(sentence.start);
        if !near
            || sentence.clone().filter(outside).any(says)
            || grammar.is(sentence.start, Word::SUBORDINATOR)
        {
            continue;
        }
        let speaks = |f: &&Found| f.source.is_some() && before.contains(&(f.content.end - 1));
        let last = found.iter().chain(&extra).filter(speaks).max_by_key(|f| f.content.end);
        let Some(source) = last.and_then(|f| f.source.clone()) else { continue };
        let mut end = sentence.end;
        let stop =
            |i: usize| matches!(grammar.mark(i), Some('.' | '!' | '?')) && grammar.stretch(i).is_none();
        while end > sentence.start + 1 && stop(end - 1) {
            end -= 1;
        }
        let content = sentence.start..end;
        found.retain(|f| f.source.is_some() || !content.contains(&f.content.start));
        if !found.iter().any(|f| f.content.start < content.end && content.start < f.content.end) {
            extra.push(Found { cue: None, source: Some(source), content, direct: false, score: 0.0 });
        }
    }
    found.append(&mut extra);
}
