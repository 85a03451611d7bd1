//! Who speaks in a turn of a conversation, and whom the label of a headline names.

use std::ops::Range;

use super::{Speakers, cue, kind};
use crate::document::Mention;
use crate::language::class::Class;
use crate::language::word::Word;
use crate::quote::content::Found;
use crate::quote::grammar::Grammar;
use crate::quote::turn::{By, Turn};
use crate::quote::{Attribution, Speaker, confidence};
use crate::text::{Case, Field};

/// How many people named before a conversation may be its guest.
const GUESTS: usize = 16;

impl Speakers<'_> {
    /// The turns of a conversation, with their speakers.
    pub fn turns(&self, grammar: &Grammar, turns: Vec<Turn>) -> Vec<Attribution> {
        let field = grammar.text.field;
        let first = turns.first().map_or(0, |t| t.content.start);
        let answered = turns.iter().any(|t| t.by == By::Answers);
        let guest = answered.then(|| self.guest(first, &turns)).flatten();
        let attribution = |mut turn: Turn| {
            // "rzecznik policji w Łodzi *Piotr Rao*"
            if turn.cue.is_some() {
                turn.label = turn.label.map(|label| self.to_bearer(grammar, &label).unwrap_or(label));
            }
            let mention = turn.label.clone().map(|tokens| Mention { field, tokens });
            let person = match (turn.by, &turn.label) {
                (By::Asks, _) | (By::Label, None) => None,
                (By::Answers, _) => guest.as_ref().map(|(who, _)| *who),
                (By::Label, Some(label)) => {
                    self.labels(grammar, label).or_else(|| self.person(grammar, label, false, None))
                }
            };
            let named =
                || guest.as_ref().filter(|_| turn.by == By::Answers).map(|(_, mention)| mention.clone());
            let found = Found {
                cue: turn.cue,
                source: None,
                direct: turn.direct
                    || grammar
                        .opens(turn.content.start)
                        .is_some_and(|s| grammar.stretches[s].tokens == turn.content),
                content: turn.content,
                score: 0.0,
            };
            Attribution {
                kind: kind(grammar, &found),
                cue: found.cue.map(|c| cue(grammar, c)),
                speaker: mention.or_else(named).map(|mention| Speaker { mention, person }),
                content: Mention { field, tokens: found.content },
                nested: false,
                confidence: confidence::TURN,
            }
        };
        turns.into_iter().map(attribution).collect()
    }

    /// The guest of a conversation: the only person named in the headline or before the first turn, or the one
    /// named most. Nobody counts who is named in the answers.
    fn guest(&self, first: usize, turns: &[Turn]) -> Option<(usize, Mention)> {
        let [title, body] = &self.mentions;
        let intro = &body[..body.partition_point(|(tokens, _)| tokens.start < first)];
        let answers = |at: usize| {
            let next = turns.partition_point(|t| t.content.start <= at);
            next.checked_sub(1).is_some_and(|t| turns[t].by == By::Answers && turns[t].content.contains(&at))
        };
        let mut counts: Vec<(usize, usize)> = Vec::new();
        for (_, who) in title.iter().chain(intro) {
            match counts.iter().position(|(w, _)| w == who) {
                Some(i) => counts[i].1 += 1,
                None if counts.len() < GUESTS => counts.push((*who, 1)),
                None => {}
            }
        }
        counts.retain(|(who, _)| !body.iter().any(|(tokens, w)| w == who && answers(tokens.start)));
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let who = match counts[..] {
            [(who, _)] => who,
            [(who, most), (_, second), ..] if most > second => who,
            _ => return None,
        };
        let last = |list: &[(Range<usize>, usize)], field| {
            let found = list.iter().rev().find(|(_, w)| *w == who);
            found.map(|(tokens, _)| Mention { field, tokens: tokens.clone() })
        };
        let mention = last(intro, Field::Text).or_else(|| last(title, Field::Title))?;
        Some((who, mention))
    }

    /// The person whom a label names: before the name there is at most an office, after it at most something in
    /// brackets.
    pub fn labels(&self, grammar: &Grammar, label: &Range<usize>) -> Option<usize> {
        let list = &self.mentions[usize::from(grammar.text.field == Field::Text)];
        let from = list.partition_point(|(tokens, _)| tokens.start < label.start);
        let mut within = list[from..].iter().take_while(|(tokens, _)| tokens.end <= label.end);
        let (name, who) = within.next()?;
        let behind = name.end == label.end || grammar.mark(name.end) == Some('(');
        let before = label.start..name.start;
        let lower = |i: usize| grammar.word(i).is_some() && grammar.text.tokens[i].case == Case::Lower;
        let titled = self.is_office(grammar, &before) || before.len() <= 3 && before.clone().all(lower);
        let sole = within.next().is_none();
        (behind && titled && sole && !before.clone().any(|i| grammar.is(i, Word::PREPOSITION)))
            .then_some(*who)
    }

    /// The name at the start of a label that goes on to say what the conversation is about: "*Minister Sandvik* on
    /// the strike".
    pub fn opens(&self, grammar: &Grammar, label: &Range<usize>) -> Option<Range<usize>> {
        let list = &self.mentions[usize::from(grammar.text.field == Field::Text)];
        let (name, _) = list.get(list.partition_point(|(tokens, _)| tokens.start < label.start))?;
        let named = label.start..name.end;
        let about = name.end < label.end && grammar.is(name.end, Word::PREPOSITION);
        (about && self.labels(grammar, &named).is_some()).then_some(named)
    }

    /// Whether words end with an office, a role or a public body.
    pub fn is_office(&self, grammar: &Grammar, tokens: &Range<usize>) -> bool {
        // "Minister:", "МИД РФ:", but not "Living in Downing Street:"
        if tokens.is_empty() || tokens.clone().skip(1).any(|i| grammar.is(i, Word::PREPOSITION)) {
            return false;
        }
        let dot = usize::from(tokens.len() > 1 && grammar.mark(tokens.end - 1) == Some('.'));
        self.title(grammar, &(tokens.start..tokens.end - dot))
            .any(Class::OFFICE | Class::ROLE | Class::RANK | Class::INSTITUTION)
    }
}
