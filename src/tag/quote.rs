//! Who says what: attributions with source, cue and content.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::official::Person;
use super::{Document, Mention};
use crate::lexicon::Lexicon;
use crate::text::{Field, Span};

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
    /// The reporting words, with their class from the lexicon ("neutral", "deny").
    pub cue: Option<(Mention, String)>,
    /// Who says it.
    pub speaker: Option<Speaker>,
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
        Quote { kind: self.kind, field, start, end, exact, cue, cue_class, speaker }
    }
}

/// Finds all attributions, in order of their content.
pub fn attributions(_document: &Document, _lexicon: &Lexicon, _people: &[Person]) -> Vec<Attribution> {
    Vec::new()
}
