//! Who says what: attributions with source, cue and content.
//!
//! In the order in which they work:
//!
//! | file | what it owns |
//! | --- | --- |
//! | [`mark`] | what stands between quotation marks; [`title`]: whether that is the title of a work |
//! | [`grammar`] | a shallow parse of the sentences: what each token is, which words are cues where they stand, noun phrases |
//! | [`candidate`] | the sources and contents that a cue may have, a file a sort of cue |
//! | [`score`] | the likeliest content of a cue, by the learnt [`model`] or by rule |
//! | [`content`] | what is believed, and what belongs to one attribution |
//! | [`reported`], [`order`], [`turn`], [`headline`] | what is told by other signs: verb forms, the order of words, labels, a colon |
//! | [`bearer`], [`named`] | what is dropped: sources that cannot speak, names of things |
//! | [`speaker`] | which person the source is: [`head`] a name, [`described`] a description, [`meant`] a pronoun |
//! | [`nested`], [`confidence`] | what stands within the words of another, and how sure all of it is |
//! | [`explain`] | for a person: each cue, what it may attribute, and what speaks for that |
//!
//! [`cues`] holds what the languages tell of all this.

mod bearer;
mod candidate;
mod confidence;
mod content;
pub mod cues;
mod described;
mod explain;
mod grammar;
mod head;
mod headline;
mod mark;
mod meant;
mod model;
mod named;
mod nested;
mod order;
mod reported;
mod score;
mod speaker;
mod title;
mod turn;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::{Document, Mention, Scanned, Vocabulary};
use crate::official::Person;
use crate::quote::cues::{Cues, Talk};
use crate::quote::model::joins::joins;
use crate::text::{Field, Span};

/// What attributions are looked up in.
#[derive(Debug, Clone, Copy)]
pub struct Data<'d> {
    /// Words and what others register of their phrases.
    pub vocabulary: &'d Vocabulary,
    /// Words of attribution.
    pub cues: &'d Cues,
}

/// How near the reporter keeps to the speaker's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// All between quotation marks.
    Direct,
    /// Reported speech with quoted pieces.
    Mixed,
    /// Reported speech.
    Indirect,
}

/// Source, cue and content in token ranges, before they become spans.
#[derive(Debug, Clone)]
pub struct Attribution {
    /// See [`Kind`].
    pub kind: Kind,
    /// What is attributed.
    pub content: Mention,
    /// The reporting words, with their class from the data ("neutral", "deny").
    pub cue: Option<(Mention, String)>,
    /// Who says it.
    pub speaker: Option<Speaker>,
    /// Whether it stands within the words of another.
    pub nested: bool,
    /// How likely it is right, 0 to 1.
    pub confidence: f32,
}

/// The source of an attribution.
#[derive(Debug, Clone)]
pub struct Speaker {
    /// As named here: a name, a description, a pronoun, an organisation.
    pub mention: Mention,
    /// Index into the people of the article, if it is one of them.
    pub person: Option<usize>,
}

/// An attribution as it is handed out.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Quote {
    /// See [`Kind`].
    pub kind: Kind,
    /// Of the content.
    pub field: Field,
    /// Code points before the content.
    pub start: u32,
    /// Code points up to its end.
    pub end: u32,
    /// The content.
    pub exact: String,
    /// The reporting words.
    pub cue: Option<Span>,
    /// "neutral", "claim", "deny" …; none without a cue.
    pub cue_class: Option<String>,
    /// Who says it.
    pub speaker: Option<QuoteSpeaker>,
    /// Whether it stands within the words of another, who tells what somebody said; left out if it does not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nested: bool,
    /// How likely it is that these are somebody's words, and of the speaker if one is named: 0 to 1.
    pub confidence: f32,
}

/// The source of a [`Quote`].
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct QuoteSpeaker {
    /// Where the speaker is named here.
    pub mention: Span,
    /// Full name, if the speaker is a person named in the article.
    pub name: Option<String>,
    /// Slug, if the speaker is an official.
    pub official: Option<String>,
}

impl Attribution {
    /// The form that is handed out.
    pub fn quote(&self, document: &Document, people: &[Person]) -> Quote {
        let Span { field, start, end, exact } = self.content.span(document);
        let (cue, cue_class) = self.cue.as_ref().map(|(m, c)| (m.span(document), c.clone())).unzip();
        let speaker = self.speaker.as_ref().map(|s| {
            let person = s.person.map(|i| &people[i]);
            QuoteSpeaker {
                mention: s.mention.span(document),
                name: person.map(|p| p.name.clone()),
                official: person.and_then(|p| p.office.as_ref()).map(|o| o.slug.clone()),
            }
        });
        let (nested, confidence) = (self.nested, self.confidence);
        Quote { kind: self.kind, field, start, end, exact, cue, cue_class, speaker, nested, confidence }
    }
}

/// Finds all attributions that are sure enough, in order of their content, those of the title first. `story` is the token of the body
/// with which the story starts.
pub fn attributions(
    document: &Document,
    data: Data<'_>,
    people: &[Person],
    story: usize,
) -> Vec<Attribution> {
    let mut speakers = speaker::Speakers::new(document, data, people);
    let body = of_part(document, data, &mut speakers, &document.body, story, &[]);
    // what a headline says stands in the body in other words
    let mut out = of_part(document, data, &mut speakers, &document.title, 0, &body);
    out.extend(body);
    out.retain(|a| a.confidence >= data.cues.least);
    out
}

/// Why words of an article are, or are not, thought to be somebody's: of each cue, what it may attribute and what speaks
/// for it. `story` as in [`attributions`].
pub fn explain(document: &Document, data: Data<'_>, people: &[Person], story: usize) -> String {
    let speakers = speaker::Speakers::new(document, data, people);
    let names = data.cues.names(data.vocabulary.small_words(document.language));
    let of_part = |part, story| {
        let grammar = parsed(document, data, &speakers, part, story);
        explain::explain(&grammar, names, data)
    };
    let told = of_part(&document.title, 0) + &of_part(&document.body, story);
    if told.is_empty() { "no word of the article attributes anything\n".to_owned() } else { told }
}

/// A part with the people of the article noted in it.
fn parsed<'d>(
    document: &Document,
    data: Data<'d>,
    speakers: &speaker::Speakers,
    part: &'d Scanned,
    story: usize,
) -> grammar::Grammar<'d> {
    let mut grammar = grammar::Grammar::new(part, document.language, data);
    grammar.story = story;
    grammar.name(&speakers.mentions[usize::from(part.text.field == Field::Text)]);
    grammar
}

/// The attributions of one part; `said` are those of the body, for its headline.
fn of_part(
    document: &Document,
    data: Data<'_>,
    speakers: &mut speaker::Speakers,
    part: &Scanned,
    story: usize,
    said: &[Attribution],
) -> Vec<Attribution> {
    if !(grammar::Grammar::has_quotes(part) || turn::has_labels(part)) {
        return Vec::new();
    }
    let grammar = parsed(document, data, speakers, part, story);
    let mut found = content::find(&grammar, data);
    order::settle(&grammar, speakers, &mut found);
    let turns = match (data.cues.talk(grammar.language), part.text.field) {
        (None, _) => Vec::new(),
        (Some(talk), Field::Text) => spoken(&grammar, speakers, talk, &mut found),
        (Some(talk), Field::Title) => {
            let turn = headline::find(&grammar, speakers, talk, &document.body.text, said);
            in_headline(turn, &mut found)
        }
    };
    speakers.keep_bearers(&grammar, &mut found);
    let mut out = speakers.attribute(&grammar, found);
    if !turns.is_empty() {
        out.extend(speakers.turns(&grammar, turns));
        out.sort_by_key(|a| a.content.tokens.start);
    }
    nested::mark(&mut out);
    out
}

/// The turns of the body; takes away from what is `found` by other signs whatever is part of one.
fn spoken(
    grammar: &grammar::Grammar,
    speakers: &speaker::Speakers,
    talk: &Talk,
    found: &mut Vec<content::Found>,
) -> Vec<turn::Turn> {
    let turns = turn::find(grammar, speakers, talk, found);
    let within = |start: usize| {
        let next = turns.partition_point(|t| t.content.start <= start);
        next > 0 && turns[next - 1].content.end > start
    };
    if !turns.is_empty() {
        found.retain(|f| !within(f.content.start) && !f.cue.is_some_and(|c| within(grammar.cues[c].start)));
    }
    turns
}

/// What a headline says behind its colon, unless a cue says whose it is.
fn in_headline(turn: Option<turn::Turn>, found: &mut Vec<content::Found>) -> Vec<turn::Turn> {
    let told = |turn: &turn::Turn| {
        let by_cue = |f: &content::Found| f.cue.is_some() && f.source.is_some();
        found.iter().any(|f| by_cue(f) && content::same(&f.content, &turn.content))
    };
    let turn = turn.filter(|t| !told(t));
    if let Some(turn) = &turn {
        let overlaps =
            |f: &content::Found| f.content.start < turn.content.end && turn.content.start < f.content.end;
        found.retain(|f| f.cue.is_some() || !overlaps(f));
    }
    turn.into_iter().collect()
}

/// A content that a cue of the body was thought to have, for learning the weights of cues.
#[derive(Debug, Clone, Serialize)]
pub struct Proposal {
    /// Number of the cue in the body: its proposals exclude each other.
    pub cue: usize,
    /// The cue's first code point.
    pub at: u32,
    /// Code points before the content.
    pub start: u32,
    /// Code points up to its end.
    pub end: u32,
    /// What weights are learnt for.
    pub features: Vec<String>,
}

/// All contents that are weighed for the cues of the body.
pub fn proposals(document: &Document, data: Data<'_>) -> Vec<Proposal> {
    let grammar = grammar::Grammar::new(&document.body, document.language, data);
    let text = grammar.text;
    let names = data.cues.names(data.vocabulary.small_words(document.language));
    let readings = candidate::readings(&grammar);
    let mut out = Vec::new();
    for reading in &readings.list {
        let place = &grammar.cues[reading.cue];
        let cue = reading.seen.observed();
        for extent in readings.extents(reading) {
            let mut observed = cue;
            reading.observe_start(&grammar, extent, &mut observed);
            reading.observe(&grammar, extent, &mut observed);
            let Span { start, end, .. } = text.span(&extent.tokens);
            out.push(Proposal {
                cue: reading.cue,
                at: text.tokens[place.start].chars,
                start,
                end,
                features: joins().map(|join| join.write(&observed, names)).collect(),
            });
        }
    }
    out
}
