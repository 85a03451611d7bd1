//! Who says what: attributions with source, cue and content.
//!
//! The files, in the order in which they work:
//!
//! | file | what it does |
//! | --- | --- |
//! | [`mark`] | finds the text between quotation marks; [`title`]: whether that is the title of a work |
//! | [`grammar`] | parses sentences in a shallow way: what each token is, which words are cues, noun phrases |
//! | [`candidate`] | proposes sources and contents for each cue, in one file per sort of cue |
//! | [`score`] | chooses the likeliest content of a cue, by the learnt [`model`] or by rule |
//! | [`content`] | decides which contents are believed, and what belongs to one attribution |
//! | [`reported`], [`order`], [`turn`], [`headline`] | find attributions by verb forms, word order, labels and colons |
//! | [`bearer`], [`named`] | drop sources that cannot speak, and names of things |
//! | [`speaker`] | finds the person: [`head`] from a name, [`described`] from a description, [`meant`] from a pronoun |
//! | [`nested`], [`confidence`] | mark what is within the words of another, and say how certain an attribution is |
//! | [`explain`] | explains to a person what each cue may attribute, and why |
//!
//! [`cues`] holds the data of each language.

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
use crate::official::titles::Titles;
use crate::quote::cues::{Cues, Talk};
use crate::quote::model::joins::joins;
use crate::text::{Field, Span};

/// Whether a class of cues has this name: "deny".
pub fn is_cue_class(name: &str) -> bool {
    model::observation::Class::named(name).is_some()
}

/// The names of all classes of cues.
pub fn cue_classes() -> impl Iterator<Item = &'static str> {
    model::observation::Class::ALL.into_iter().map(model::observation::Class::name)
}

/// The data that attributions are found with.
#[derive(Debug, Clone, Copy)]
pub struct Data<'d> {
    /// The words and the phrases of all languages.
    pub vocabulary: &'d Vocabulary,
    /// Cues of attribution.
    pub cues: &'d Cues,
    /// Titles of people, with the kind of office that each is.
    pub titles: &'d Titles,
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

/// An attribution in ranges of tokens, before it becomes a [`Quote`].
#[derive(Debug, Clone)]
pub struct Attribution {
    /// See [`Kind`].
    pub kind: Kind,
    /// What is attributed.
    pub content: Mention,
    /// The reporting words, and their class from the data ("neutral", "deny").
    pub cue: Option<(Mention, String)>,
    /// Who says it.
    pub speaker: Option<Speaker>,
    /// Whether it is within the words of another attribution.
    pub nested: bool,
    /// How likely it is to be right, 0 to 1.
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
    /// The attribution as it is published.
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

/// Finds all attributions with enough confidence, in order of their content, those of the title first. `story` is
/// the token of the body where the story starts.
pub fn attributions(
    document: &Document,
    data: Data<'_>,
    people: &[Person],
    story: usize,
) -> Vec<Attribution> {
    let mut speakers = speaker::Speakers::new(document, data, people);
    let body = of_part(document, data, &mut speakers, &document.body, story, &[]);
    // the headline often says what the body says in other words
    let mut out = of_part(document, data, &mut speakers, &document.title, 0, &body);
    out.extend(body);
    out.retain(|a| a.confidence >= data.cues.least);
    out
}

/// Explains why words of an article are, or are not, attributed to somebody: what each cue may attribute, and the
/// evidence for it. `story` is as in [`attributions`].
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

/// Parses a part, and marks where it names the people of the article.
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

/// The attributions of one part. For the title, `said` are those of the body.
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

/// The turns of the body. Removes from `found` whatever is part of one.
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

/// What a headline says after its colon, unless a cue tells whose words these are.
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

/// A possible content of a cue in the body, for learning the weights of cues.
#[derive(Debug, Clone, Serialize)]
pub struct Proposal {
    /// Number of the cue in the body. At most one of its proposals is right.
    pub cue: usize,
    /// The cue's first code point.
    pub at: u32,
    /// Code points before the content.
    pub start: u32,
    /// Code points up to its end.
    pub end: u32,
    /// The features whose weights are learnt.
    pub features: Vec<String>,
}

/// All proposed contents of the cues in the body.
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
