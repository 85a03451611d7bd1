//! Checks a watch against the texts that it must match, and must not.

use serde_json::json;

use crate::article::decode::Message;
use crate::knowledge::Knowledge;
use crate::pipeline::Pipeline;
use crate::quote::is_cue_class;
use crate::watch::entry::Written;
use crate::watch::{TagKind, WatchSet, Workspace};

/// Whether the lexicon knows what a tag asks for: a country by its code, otherwise a person by folded name or slug.
pub fn knows(kind: TagKind, what: &str, pipeline: &Pipeline) -> bool {
    let Knowledge { officials, places, .. } = &*pipeline.lexicon;
    match kind {
        TagKind::About | TagKind::Mentions | TagKind::From => places.by_code(what).is_some(),
        TagKind::Cue => is_cue_class(what),
        _ => officials.holders().iter().any(|h| *h.slug == *what || h.name.to_lowercase() == what),
    }
}

/// What is wrong, one line per text; empty if all is right.
pub fn failures(watch: &Written, pipeline: &Pipeline, workspace: &mut Workspace) -> Vec<String> {
    if watch.matches.is_empty() && watch.no_match.is_empty() {
        return Vec::new();
    }
    let (set, _) = WatchSet::of(pipeline.lexicon.watch_words.clone(), [watch.watch.clone()]);
    let asked =
        watch.matches.iter().map(|text| (text, true)).chain(watch.no_match.iter().map(|t| (t, false)));
    let mut failures = Vec::new();
    for (text, want) in asked {
        // a headline is followed by an empty line
        let (title, body) = text.split_once("\n\n").unwrap_or(("", text));
        let event = json!({ "id": "test", "title": title.trim(), "body": body }).to_string();
        let matches = match pipeline.analyse(Message { body: event.as_bytes(), ..Message::default() }) {
            Ok(analysed) => !set.matches(analysed.article(), workspace).is_empty(),
            Err(error) => {
                failures.push(format!("a test is no article: {error}: {text}"));
                continue;
            }
        };
        match (matches, want) {
            (false, true) => failures.push(format!("does not match: {text}")),
            (true, false) => failures.push(format!("matches, but must not: {text}")),
            _ => {}
        }
    }
    failures
}
