//! Which alerts a reader wants: by routing keys, as a topic exchange would select them, and by what an alert says about
//! its article.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use memchr::memmem;
use serde::Deserialize;

use crate::alert::Pattern;

/// By how much the alerts may be out of order: an article may be published after later ones because it was retried.
const OUT_OF_ORDER: SignedDuration = SignedDuration::from_hours(1);

/// A reader's filter; every part of it must match. The empty one matches all alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Topic exchange patterns of which at least one must match some key; empty for any key.
    pub any: Vec<Pattern>,
    /// Patterns that must each match some key.
    pub all: Vec<Pattern>,
    /// Patterns that no key may match.
    pub none: Vec<Pattern>,
    /// Names or domains of sources, in lower case; empty for any.
    pub sources: Vec<String>,
    /// Language codes; empty for any.
    pub languages: Vec<String>,
    /// Words or phrases in lower case that must all appear in the title or text, each at the beginning of a word.
    pub words: Vec<String>,
    /// The article was received then or later.
    pub from: Option<Timestamp>,
    /// The article was received before then.
    pub to: Option<Timestamp>,
    /// The id or the URL of the article.
    pub article: Option<String>,
}

/// What to do with an alert examined on the way back in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// It is wanted.
    Take,
    /// It is not wanted.
    Leave,
    /// Stop: neither it nor any earlier one is wanted.
    End,
}

/// The part of an alert that a filter needs, read without the rest.
#[derive(Deserialize)]
struct Alert<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow, default)]
    id: Cow<'a, str>,
    #[serde(borrow, default)]
    url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    title: Cow<'a, str>,
    #[serde(borrow)]
    text: Cow<'a, str>,
    #[serde(borrow)]
    language: Cow<'a, str>,
    #[serde(borrow)]
    source: Source<'a>,
    received_at: Timestamp,
}

#[derive(Deserialize)]
struct Source<'a> {
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    domain: Option<Cow<'a, str>>,
}

/// When the article of an alert or a notice was received; `None` if the body is neither.
pub fn received_at(body: &[u8]) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Message {
        data: Received,
    }
    #[derive(Deserialize)]
    struct Received {
        received_at: Timestamp,
    }
    serde_json::from_slice::<Message>(body).ok().map(|message| message.data.received_at)
}

impl Wanted {
    /// Whether an alert with these keys, separated by spaces, is wanted as far as its keys go.
    pub fn by_keys(&self, keys: &str) -> bool {
        let fits = |pattern: &Pattern| keys.split(' ').any(|key| pattern.fits(key));
        Pattern::fits_any(&self.any, keys) && self.all.iter().all(fits) && !self.none.iter().any(fits)
    }

    /// Whether the keys alone decide.
    pub fn is_by_keys(&self) -> bool {
        self.sources.is_empty()
            && self.languages.is_empty()
            && self.words.is_empty()
            && self.from.is_none()
            && self.to.is_none()
            && self.article.is_none()
    }

    /// Whether an alert whose keys match is wanted.
    pub fn by_body(&self, body: &[u8]) -> Look {
        if self.is_by_keys() {
            return Look::Take;
        }
        // most are another's, which a look at the bytes tells: JSON writes ids and URLs with quotes or backslashes otherwise
        let is_plain = |name: &String| !name.contains(['"', '\\']) && !name.contains(char::is_control);
        if self
            .article
            .as_ref()
            .is_some_and(|name| is_plain(name) && memmem::find(body, name.as_bytes()).is_none())
        {
            return Look::Leave;
        }
        let Ok(Alert { data }) = serde_json::from_slice::<Alert<'_>>(body) else { return Look::Leave };
        if self.from.is_some_and(|from| data.received_at < from) {
            let long_before = self.from.is_some_and(|from| data.received_at < from - OUT_OF_ORDER);
            return if long_before { Look::End } else { Look::Leave };
        }
        let in_time = self.to.is_none_or(|to| data.received_at < to);
        let of_source = |wanted: &String| {
            let names = [&data.source.name, &data.source.domain];
            names.into_iter().flatten().any(|name| name.to_lowercase() == *wanted)
        };
        let of_language = self.languages.is_empty() || self.languages.iter().any(|l| *l == data.language);
        let is_asked = |name: &String| data.id == *name || data.url.as_deref() == Some(name);
        let fits = in_time && self.article.as_ref().is_none_or(is_asked);
        let fits = fits && of_language && (self.sources.is_empty() || self.sources.iter().any(of_source));
        if fits && (self.words.is_empty() || self.in_text(&data)) { Look::Take } else { Look::Leave }
    }

    fn in_text(&self, data: &Data<'_>) -> bool {
        let (title, text) = (data.title.to_lowercase(), data.text.to_lowercase());
        self.words.iter().all(|word| holds(&title, word) || holds(&text, word))
    }
}

/// Whether a word, or the beginning of one, appears in a text.
fn holds(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn keys_are_wanted_by_any_all_and_none() {
        let keys = "alert country.AZ mention.AZ mention.RU topic.20000642";
        for (any, all, none, want) in [
            (&[][..], &[][..], &[][..], true),
            (&["country.AM", "country.AZ"], &[], &[], true),
            (&["country.AM"], &[], &[], false),
            (&["country.*"], &["topic.20000642", "mention.RU"], &[], true),
            (&["country.*"], &["topic.20000642", "mention.GE"], &[], false),
            (&[], &["country.AZ"], &["mention.RU"], false),
            (&[], &[], &["country.RU", "said.*"], true),
        ] {
            let patterns = |list: &[&str]| list.iter().map(|text| Pattern::new(*text)).collect();
            let wanted =
                Wanted { any: patterns(any), all: patterns(all), none: patterns(none), ..Wanted::default() };
            assert_eq!(wanted.by_keys(keys), want, "{wanted:?}");
        }
    }

    #[test]
    fn alerts_are_wanted_by_what_they_tell() {
        let body = serde_json::json!({ "id": "1", "data": {
            "id": "a \"1\"", "url": "https://wire.example/1", "title": "Gas for \"Baku\"", "text": "Die Öl- und Gaspreise steigen.", "language": "de",
            "source": { "name": "Example Wire", "domain": "wire.example" }, "received_at": "2026-03-03T10:00:00Z",
            "quotes": [],
        }});
        let body = body.to_string();
        let at = |hour: &str| Some(format!("2026-03-03T{hour}:00Z").parse().unwrap());
        let wanted = |change: fn(&mut Wanted)| {
            let mut wanted = Wanted::default();
            change(&mut wanted);
            wanted
        };
        for (wanted, want) in [
            (wanted(|_| {}), Look::Take),
            (wanted(|w| w.sources = list(&["example wire"])), Look::Take),
            (wanted(|w| w.sources = list(&["other", "wire.example"])), Look::Take),
            (wanted(|w| w.sources = list(&["example"])), Look::Leave),
            (wanted(|w| w.languages = list(&["en", "de"])), Look::Take),
            (wanted(|w| w.languages = list(&["en"])), Look::Leave),
            (wanted(|w| w.words = list(&["gaspreis", "baku"])), Look::Take),
            (wanted(|w| w.words = list(&["öl- und gas"])), Look::Take),
            // matches only from the beginning of a word
            (wanted(|w| w.words = list(&["preise"])), Look::Leave),
            (wanted(|w| w.words = list(&["gas", "oil"])), Look::Leave),
            (Wanted { from: at("10:00"), to: at("10:01"), ..Wanted::default() }, Look::Take),
            (Wanted { to: at("10:00"), ..Wanted::default() }, Look::Leave),
            (Wanted { from: at("10:01"), ..Wanted::default() }, Look::Leave),
            (Wanted { from: at("11:01"), ..Wanted::default() }, Look::End),
            (wanted(|w| w.article = Some("a \"1\"".to_owned())), Look::Take),
            (wanted(|w| w.article = Some("https://wire.example/1".to_owned())), Look::Take),
            (wanted(|w| w.article = Some("https://wire.example/".to_owned())), Look::Leave),
            // named elsewhere in the alert
            (wanted(|w| w.article = Some("Example Wire".to_owned())), Look::Leave),
            (wanted(|w| w.article = Some("other".to_owned())), Look::Leave),
        ] {
            assert_eq!(wanted.by_body(body.as_bytes()), want, "{wanted:?}");
        }
        assert_eq!(wanted(|w| w.languages = list(&["de"])).by_body(b"{}"), Look::Leave);
        assert_eq!(received_at(body.as_bytes()), at("10:00"));
    }
}
