//! Turns of a conversation, without quotation marks: after a label ("Q:", "TRUMP:", "Песков:") or a dash.
//!
//! Decides which paragraphs are turns. A label alone is not enough, as lists, captions and profiles have labels
//! too: something must show that somebody speaks. [`super::speaker`] finds out whose turn it is.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::content::Found;
use super::grammar::Grammar;
use super::speaker::Speakers;
use crate::document::Scanned;
use crate::language::word::Word;
use crate::quote::cues::{Sort, Talk};
use crate::text::{Case, Gap, Kind};

/// Most tokens of a label: "Secretary of State Marco Rubio (R-Fla.):" has ten.
const LABEL: usize = 12;
/// How many turns make a transcript, in which a turn may continue over paragraphs without a label.
const TRANSCRIPT: usize = 4;
/// How many paragraphs a turn may continue over.
const GOES_ON: usize = 8;

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// The turn of the person named in the label.
    Label,
    /// The turn of whoever asks.
    Asks,
    /// The turn of the guest.
    Answers,
}

/// What somebody says in a conversation, or in a headline after its colon.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    pub content: Range<usize>,
    /// "Q", "TRUMP"; a dash names nobody.
    pub label: Option<Range<usize>>,
    pub by: By,
    /// Index into the grammar's cues, if the line names its speaker.
    pub cue: Option<usize>,
    /// Whether all of it is in the speaker's words.
    pub direct: bool,
}

/// A paragraph that opens like a turn.
struct Line {
    paragraph: usize,
    label: Range<usize>,
    content: Range<usize>,
    opens: Opens,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Opens {
    Asks,
    Answers,
    /// The label names a person of the article.
    Person(usize),
    /// All in capitals: "THE PRESIDENT".
    Capitals,
    Dash,
}

/// How many turns a label has, and whether "I" or "we" is in any of them.
#[derive(Default, Clone, Copy)]
struct Label {
    turns: usize,
    own: bool,
}

/// Whether a part has a colon or a dash. Without one it has neither turns nor the label of a headline.
pub(super) fn has_labels(part: &Scanned) -> bool {
    part.text.tokens.iter().any(|t| t.kind == Kind::Mark && matches!(t.first, ':' | '—' | '–' | '-' | '―'))
}

/// The turns of the body, in order. `found` are the attributions found by other signs.
pub(super) fn find(grammar: &Grammar, speakers: &Speakers, talk: &Talk, found: &[Found]) -> Vec<Turn> {
    let paragraphs = grammar.text.paragraphs.iter().enumerate();
    let lines: Vec<Line> = paragraphs
        .filter(|(_, tokens)| tokens.start >= grammar.story)
        .filter_map(|(paragraph, tokens)| line(grammar, speakers, talk, paragraph, tokens.clone()))
        .collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let mut out = labelled(grammar, talk, &lines);
    out.extend(dashed(grammar, talk, &lines));
    out.sort_by_key(|t| t.content.start);
    go_on(grammar, speakers, found, &mut out);
    out
}

/// Reads how a paragraph opens.
fn line(
    grammar: &Grammar,
    speakers: &Speakers,
    talk: &Talk,
    paragraph: usize,
    tokens: Range<usize>,
) -> Option<Line> {
    let Range { mut start, end } = tokens;
    if matches!(grammar.mark(start), Some('—' | '–' | '-' | '―')) {
        let content = start + 1..end;
        let spaced = grammar.text.tokens.get(start + 1).is_some_and(|t| {
            // —Vamos, —¿Vamos?: the Spanish dash touches what it introduces
            let touches = t.gap == Gap::None && grammar.mark(start) == Some('—');
            (t.gap == Gap::Space || touches) && t.is_capital() || touches && matches!(t.first, '¿' | '¡')
        });
        let dash = spaced && !grammar.usage.marks_are_speech && stops(grammar, &content);
        return dash.then_some(Line { paragraph, label: start..start, content, opens: Opens::Dash });
    }
    // a quotation mark that a site puts around the whole conversation
    start += usize::from(end > start + 2 && matches!(grammar.mark(start), Some('"' | '“' | '«')));
    let near = start + 1..end.min(start + LABEL);
    let asks = |label: &Range<usize>| talk.question.iter().any(|w| is(grammar, label, w));
    let answers = |label: &Range<usize>| talk.answer.iter().any(|w| is(grammar, label, w));
    // "Q. Is it safe?"
    let stop = grammar.mark(start + 1) == Some('.') && grammar.text.tokens[start].case == Case::Upper;
    let colon = near.clone().find(|i| grammar.mark(*i) == Some(':'));
    let letter = start..start + 1;
    let at = match colon {
        Some(at) if at + 1 < end && grammar.text.tokens[at + 1].gap != Gap::None => at,
        _ if stop && start + 2 < end && (asks(&letter) || answers(&letter)) => start + 1,
        // "Q    Mr. President, …" in the transcripts of the White House
        _ if talk.unmarked.iter().any(|label| label == grammar.text.word(start))
            && grammar.text.tokens.get(start + 1).is_some_and(|t| t.is_capital() && t.gap == Gap::Space) =>
        {
            start
        }
        _ => return None,
    };
    let (label, content) = (start..at.max(start + 1), at + 1..end);
    let opens = if asks(&label) {
        Opens::Asks
    } else if answers(&label) {
        Opens::Answers
    } else if grammar.opens(content.start).is_some() || !stops(grammar, &content) {
        return None;
    } else if let Some(who) = speakers.labels(grammar, &label) {
        Opens::Person(who)
    } else if in_capitals(grammar, &label) {
        Opens::Capitals
    } else {
        return None;
    };
    Some(Line { paragraph, label, content, opens })
}

/// Whether a label is a listed word, capitalised.
fn is(grammar: &Grammar, label: &Range<usize>, word: &str) -> bool {
    grammar.text.tokens[label.start].is_capital() && grammar.text.slice(label).to_lowercase() == word
}

/// Whether a paragraph is at least a sentence: it starts with a capital and ends with a final mark.
fn stops(grammar: &Grammar, content: &Range<usize>) -> bool {
    let first = &grammar.text.tokens[content.start];
    let opens = first.kind != Kind::Word || first.case != Case::Lower;
    opens
        && matches!(
            grammar.mark(content.end - 1),
            Some('.' | '?' | '!' | '…' | ')' | '"' | '”' | '»' | '—' | '-')
        )
}

/// Whether a label is in capitals: "THE PRESIDENT", "MS. LEAVITT", "SEN. CRUZ (R-TX)".
fn in_capitals(grammar: &Grammar, label: &Range<usize>) -> bool {
    let capitals = |i: usize| {
        let token = &grammar.text.tokens[i];
        match token.kind {
            Kind::Word => token.case == Case::Upper,
            Kind::Mark => matches!(token.first, '.' | '-' | '\'' | '’' | '(' | ')'),
            Kind::Number => false,
        }
    };
    let last = grammar.text.tokens[label.end - 1];
    label.clone().all(capitals) && (last.end - last.start > 1 || label.len() > 1)
}

/// Whether the speakers refer to themselves: "I", "our".
pub(super) fn own(grammar: &Grammar, talk: &Talk, content: &Range<usize>) -> bool {
    content.clone().any(|i| {
        grammar.word(i).is_some_and(|w| {
            talk.own.contains(w) || w.chars().count() <= 8 && talk.own.contains(w.to_lowercase().as_str())
        })
    })
}

/// The turns among the paragraphs with a label.
fn labelled(grammar: &Grammar, talk: &Talk, lines: &[Line]) -> Vec<Turn> {
    let asked = lines.iter().any(|l| l.opens == Opens::Asks);
    let key = |line: &Line| match line.opens {
        Opens::Person(who) => Some((who, "")),
        Opens::Capitals => Some((usize::MAX, grammar.text.slice(&line.label))),
        _ => None,
    };
    let mut labels: FxHashMap<(usize, &str), Label> = FxHashMap::default();
    let mut answered = false;
    for line in lines.iter().filter(|l| !matches!(l.opens, Opens::Asks | Opens::Dash)) {
        let own = own(grammar, talk, &line.content);
        // an explainer answers its own questions, and says "I" only in these
        answered |= own;
        if let Some(key) = key(line) {
            let label = labels.entry(key).or_default();
            label.turns += 1;
            label.own |= own;
        }
    }
    let strangers = labels.iter().filter(|((who, _), l)| *who == usize::MAX && l.own);
    let (count, most) = strangers.fold((0, 0), |(n, most), (_, l)| (n + 1, most.max(l.turns)));
    let people = labels.iter().any(|((who, _), l)| *who != usize::MAX && l.own);
    let holds = |line: &&Line| {
        let label = key(line).and_then(|k| labels.get(&k)).copied().unwrap_or_default();
        match line.opens {
            Opens::Dash => false,
            Opens::Asks => answered,
            Opens::Answers => asked && answered,
            Opens::Person(_) => asked && answered || label.own,
            Opens::Capitals => asked && answered || label.own && (people || count > 1 && most > 1),
        }
    };
    let turn = |line: &Line| Turn {
        content: line.content.clone(),
        label: Some(line.label.clone()),
        by: match line.opens {
            Opens::Asks => By::Asks,
            Opens::Answers => By::Answers,
            _ => By::Label,
        },
        cue: None,
        direct: true,
    };
    lines.iter().filter(holds).map(turn).collect()
}

/// The turns among the paragraphs with a dash: questions with their answers, and lines that name their speaker.
fn dashed(grammar: &Grammar, talk: &Talk, lines: &[Line]) -> Vec<Turn> {
    let text = grammar.text;
    let asks = |paragraph: usize| grammar.mark(text.paragraphs[paragraph].end - 1) == Some('?');
    let mut out: Vec<Turn> = Vec::new();
    let mut said: Vec<Turn> = Vec::new();
    let mut answered = None;
    let mut any_own = false;
    for line in lines.iter().filter(|l| l.opens == Opens::Dash) {
        if let Some(turn) = told(grammar, line) {
            said.push(turn);
            continue;
        }
        let Some(before) = line.paragraph.checked_sub(1).filter(|b| asks(*b) && answered != Some(*b)) else {
            continue;
        };
        answered = Some(line.paragraph);
        any_own |= own(grammar, talk, &line.content);
        let question = &text.paragraphs[before];
        let dash = usize::from(grammar.word(question.start).is_none());
        for (content, by) in
            [(question.start + dash..question.end, By::Asks), (line.content.clone(), By::Answers)]
        {
            out.push(Turn { content, label: None, by, cue: None, direct: true });
        }
    }
    if !any_own {
        out.clear();
    }
    out.append(&mut said);
    out
}

/// "— Вода уходит, — говорит староста Анна Лосева. — Но дороги нет."; "—El agua baja —dice la alcaldesa—. No hay
/// camino.": a line that names its speaker between dashes.
fn told(grammar: &Grammar, line: &Line) -> Option<Turn> {
    let dash = |i: usize| matches!(grammar.mark(i), Some('—' | '–' | '-' | '―'));
    let ends = |i: usize| matches!(grammar.mark(i), Some(',' | '.' | '!' | '?' | '…'));
    let Range { start, end } = line.content;
    let from = grammar.cues.partition_point(|c| c.start < start + 2);
    let cues = grammar.cues[from..].iter().enumerate().take_while(|(_, c)| c.end < end);
    let mut verbs = cues.filter(|(_, c)| c.sort == Sort::Verb);
    let gap = |i: usize| grammar.text.tokens.get(i).map_or(Gap::None, |t| t.gap);
    let raya = |i: usize| dash(i) && gap(i) == Gap::Space && gap(i + 1) == Gap::None;
    // "– Nie wiem – powiedziała": the same dash again, without a mark before it
    let again = |i: usize| start > 0 && grammar.mark(i) == grammar.mark(start - 1) && gap(i) == gap(i + 1);
    let told = |i: usize| dash(i) && (ends(i - 1) || again(i)) || raya(i);
    let (cue, place) = verbs.find(|(_, c)| told(c.start - 1))?;
    // "powiedziała w środę *Anna Lis*"
    let named = || {
        let clause = place.end..grammar.sentence(place.end).end.min(end);
        let name = clause.clone().take_while(|i| !dash(*i)).find(|i| grammar.name_starts(*i))?;
        let length = (name..clause.end).take_while(|i| grammar.named(*i)).count();
        (!grammar.is(name - 1, Word::PREPOSITION)).then_some(name..name + length)
    };
    let source = grammar.phrase_after(place.end, end).or_else(named)?;
    let closes = |i: usize| dash(i) && (ends(i - 1) || gap(i) == Gap::None && ends(i + 1) && i + 2 < end);
    let on = (source.end..end - 1).any(closes);
    let content = start..if on { end } else { place.start - 1 };
    Some(Turn { content, label: Some(source), by: By::Label, cue: Some(from + cue), direct: true })
}

/// In a transcript, extends each turn up to the next label, over paragraphs that neither name its speaker nor quote
/// others.
fn go_on(grammar: &Grammar, speakers: &Speakers, found: &[Found], turns: &mut [Turn]) {
    if turns.len() < TRANSCRIPT {
        return;
    }
    let text = grammar.text;
    let quotes = |tokens: &Range<usize>| {
        let from = found.partition_point(|f| f.content.start < tokens.start);
        found[from..]
            .iter()
            .take_while(|f| f.content.start < tokens.end)
            .any(|f| f.cue.is_some() && f.source.as_ref().is_some_and(|s| speakers.names(grammar, s)))
    };
    for i in 0..turns.len() - 1 {
        if turns[i].by == By::Asks || turns[i].cue.is_some() {
            continue;
        }
        let first = text.paragraph_of(turns[i].content.start) + 1;
        let next = turns[i + 1].content.start;
        let who = turns[i].label.as_ref().and_then(|l| speakers.labels(grammar, l));
        let rest = first..(first + GOES_ON).min(text.paragraphs.len());
        let goes_on = rest.map(|p| &text.paragraphs[p]).take_while(|tokens| {
            tokens.end <= next
                && stops(grammar, tokens)
                && !who.is_some_and(|w| speakers.is_named_in(grammar, w, tokens))
                && !quotes(tokens)
        });
        if let Some(last) = goes_on.last() {
            turns[i].content.end = last.end;
        }
    }
}
