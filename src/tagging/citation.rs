//! How each official is cited, from the attributions whose speaker they are.

use crate::document::{Document, spans};
use crate::official::{Citation, Official, Person};
use crate::quote::{Attribution, Kind};

/// The officials among the people, in the order they are named.
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
        let (mentions, mentions_left_out) = spans(person.mentions.iter(), document);
        Some(Official {
            id: office.id.clone(),
            slug: office.slug.clone(),
            name: person.name.clone(),
            office: office.title.clone(),
            country: office.country.clone(),
            citation,
            mentions,
            mentions_left_out,
        })
    };
    people.iter().zip(strongest).filter_map(official).collect()
}
