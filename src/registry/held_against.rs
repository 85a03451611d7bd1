//! Checks a watch against the texts that it must match, and must not.

use serde_json::json;

use crate::article::decode::Message;
use crate::catalogue::Catalogue;
use crate::official::holders::Holder;
use crate::pipeline::Pipeline;
use crate::quote::{cue_classes, is_cue_class};
use crate::text::fold;
use crate::watch::entry::Written;
use crate::watch::{TagKind, WatchSet, Workspace};

/// Whether the lexicon knows what a tag asks for, a class of cues or a person by folded name or slug; if not, what may be
/// meant, as it is written in a query.
pub fn knows(kind: TagKind, what: &str, pipeline: &Pipeline) -> Result<(), Vec<String>> {
    if kind == TagKind::Cue {
        return if is_cue_class(what) { Ok(()) } else { Err(classes_like(what)) };
    }
    let mut name = String::new();
    let mut is_it = |holder: &Holder| {
        fold(&holder.name, &mut name);
        *holder.slug == *what || name == what
    };
    if pipeline.lexicon.officials.holders().iter().any(&mut is_it) {
        return Ok(());
    }
    let catalogue = Catalogue::of_officials(&pipeline.lexicon);
    Err(catalogue.officials(what).into_iter().map(|(slug, name)| format!("\"{name}\" ({slug})")).collect())
}

/// The classes that begin like this one, else all.
fn classes_like(what: &str) -> Vec<String> {
    let begins = |class: &&str| what.get(..3).is_some_and(|letters| class.starts_with(letters));
    let like: Vec<String> = cue_classes().filter(begins).map(str::to_owned).collect();
    if like.is_empty() { cue_classes().map(str::to_owned).collect() } else { like }
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
                failures.push(format!("a test is not an article: {error}: {text}"));
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
