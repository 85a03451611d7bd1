//! Surnames of the article's persons that are also place names: "Jordan" of "Michael Jordan".

use rustc_hash::FxHashSet;

use crate::document::{Document, Meaning, Mention};
use crate::official::Person;
use crate::text::Case;

/// The surnames, in lower case, of all persons with a known given name, or with a first word that is unknown.
pub(super) fn surnames(document: &Document, people: &[Person]) -> FxHashSet<String> {
    let full = people.iter().flat_map(|p| &p.mentions).filter(|m| m.tokens.len() > 1);
    full.filter_map(|mention| {
        let part = document.part(mention.field);
        let given = part.words[mention.tokens.start].given;
        (given || is_unknown(document, mention)).then_some(())?;
        Some(part.text.word(mention.tokens.end - 1).to_lowercase())
    })
    .collect()
}

/// Whether a name starts with a word unknown to the lexicon: "Sasha Sudan", but not "Minister Jordan".
fn is_unknown(document: &Document, mention: &Mention) -> bool {
    let part = document.part(mention.field);
    let first = mention.tokens.start;
    let known = part
        .hits_at(first)
        .any(|h| matches!(h.meaning, Meaning::Place(_) | Meaning::Title(_) | Meaning::Topic(_)));
    mention.tokens.len() == 2 && part.text.tokens[first].case == Case::Title && !known
}
