//! How an official is cited: by whose attributions they are the speaker of.

use super::{Citation, Official, Person};
use crate::tag::Document;
use crate::tag::quote::{Attribution, Kind};
use crate::text::{Field, Gap};

/// The officials among the people, in the order in which they are named.
pub fn officials(document: &Document, people: &[Person], attributions: &[Attribution]) -> Vec<Official> {
    let mut strongest = vec![Citation::Mentioned; people.len()];
    for attribution in attributions {
        let citation = match attribution.kind {
            Kind::Direct | Kind::Mixed => Citation::Quoted,
            Kind::Indirect => Citation::Paraphrased,
        };
        if let Some(who) = attribution.speaker.as_ref().and_then(|s| s.person) {
            strongest[who] = strongest[who].max(citation);
        }
    }
    let official = |(person, citation): (&Person, Citation)| {
        let office = person.office.as_ref()?;
        if citation == Citation::Mentioned && owns_only(document, person) {
            return None;
        }
        Some(Official {
            id: office.id.clone(),
            slug: office.slug.clone(),
            name: person.name.clone(),
            office: office.title.clone(),
            country: office.country.clone(),
            citation,
            mentions: person.mentions.iter().map(|m| m.span(document)).collect(),
        })
    };
    people.iter().zip(strongest).filter_map(official).collect()
}

/// Whether a person is named a single time, in the body, as the owner of something ("President Orlov's tax plan"):
/// it is the plan that the article is about.
fn owns_only(document: &Document, person: &Person) -> bool {
    let [mention] = &person.mentions[..] else { return false };
    let (text, end) = (&document.body.text, mention.tokens.end);
    mention.field == Field::Text
        && text.tokens.get(end).is_some_and(|t| t.gap == Gap::None && matches!(t.first, '\'' | '’'))
        && text.tokens.get(end + 1).is_some_and(|t| t.gap == Gap::None)
        && text.word(end + 1) == "s"
}
