//! From a message to the alerts and notices about it: the one path for `run`, `tag`, `demo`, the tests and the benches.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;

use crate::alert::{self, Alert, Envelope, Unalerted, notice};
use crate::article::clean::clean;
use crate::article::decode::{DecodeError, Limits, Message, decode};
use crate::document::Document;
use crate::knowledge::Knowledge;
use crate::tagging::{Analysed, Explained, Tagged, analyse, explain, tag};
use crate::watch::{Match, WatchSet, Watches, Work};

/// Decodes, cleans and tags. Shared by all tasks; caches only words, for speed: the output does not depend on earlier
/// input.
#[derive(Debug)]
pub struct Pipeline {
    /// What it knows.
    pub lexicon: Arc<Knowledge>,
    /// The limits on input.
    pub limits: Limits,
    /// The watches in force.
    pub watches: Watches,
}

/// The pipeline in force, which can be replaced while articles are processed: each is tagged with one lexicon from
/// start to end. Cheap to clone; all clones change together.
#[derive(Debug, Clone)]
pub struct Live(Arc<RwLock<Arc<Pipeline>>>);

impl Live {
    /// Starts with a first one in force.
    pub fn new(pipeline: Pipeline) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(pipeline))))
    }

    /// The one in force; a holder keeps it unchanged.
    pub fn current(&self) -> Arc<Pipeline> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another in force for all later articles.
    pub fn replace(&self, pipeline: Pipeline) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pipeline);
    }
}

/// An alert and the message that carries it. Followers of alerts in this process get this type and nothing else, so
/// that no notice can reach them.
#[derive(Debug, Clone)]
pub struct Alerted {
    /// The alert itself, for counting.
    pub alert: Box<Alert>,
    /// The message to publish.
    pub envelope: Envelope,
}

/// The messages for one article: at least one.
#[derive(Debug, Clone)]
pub struct Ready {
    /// The article's id.
    pub id: String,
    /// Where it was published.
    pub url: Option<String>,
    /// For everybody; `None` for an article without tags that matches only watches with an owner, since an empty alert
    /// would reveal them.
    pub alert: Option<Alerted>,
    /// For individual owners of watches, one message each.
    pub notices: Vec<Envelope>,
    /// What is kept of the article if there is no alert.
    pub unalerted: Option<Unalerted>,
}

impl Ready {
    /// The messages to publish: the alert first.
    pub fn envelopes(&self) -> impl Iterator<Item = &Envelope> {
        self.alert.iter().map(|alerted| &alerted.envelope).chain(&self.notices)
    }

    /// Bytes of all messages.
    pub fn bytes(&self) -> usize {
        self.envelopes().map(|envelope| envelope.body.len()).sum()
    }
}

/// The result for a message that is an article.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// Something was found to publish.
    Ready(Box<Ready>),
    /// Nothing was found; this is kept of the article.
    Untagged(Box<Unalerted>),
}

impl Pipeline {
    /// A pipeline without watches.
    pub fn new(lexicon: impl Into<Arc<Knowledge>>, limits: Limits) -> Self {
        let lexicon = lexicon.into();
        let watches = Watches::new(WatchSet::new(Arc::clone(&lexicon.watch_words)));
        Self { lexicon, limits, watches }
    }

    /// Tags one article.
    pub fn tag(&self, message: Message<'_>) -> Result<Tagged, DecodeError> {
        Ok(tag(clean(decode(message, &self.limits)?, &self.lexicon), &self.lexicon))
    }

    /// Whether a message is an article; if not, the reason to dead-letter it.
    pub fn check(&self, message: Message<'_>) -> Result<(), DecodeError> {
        decode(message, &self.limits).map(drop)
    }

    /// Tags one article and returns it with the document that watches are evaluated on.
    pub fn analyse(&self, message: Message<'_>) -> Result<Analysed, DecodeError> {
        Ok(analyse(clean(decode(message, &self.limits)?, &self.lexicon), &self.lexicon))
    }

    /// Explains why something was or was not found in an article, for a person to read.
    pub fn explain(&self, message: Message<'_>, what: Explained) -> Result<String, DecodeError> {
        let article = clean(decode(message, &self.limits)?, &self.lexicon);
        let title = article.title.clone();
        let document = Document::of(article, &self.lexicon.vocabulary);
        Ok(format!("{title}\n{}", explain(&document, &self.lexicon, what)))
    }

    /// Turns a message received at `received_at` into an alert, and a notice for each owner of a watch that matches.
    pub fn process(&self, message: Message<'_>, received_at: Timestamp) -> Result<Verdict, DecodeError> {
        self.process_observed(message, received_at, |ask| {
            ask();
        })
    }

    /// Like [`Self::process`]. `around` gets the function that evaluates the watches, if there are any, and calls it
    /// once: this part has no clock.
    pub fn process_observed(
        &self,
        message: Message<'_>,
        received_at: Timestamp,
        around: impl FnOnce(&mut dyn FnMut() -> Work),
    ) -> Result<Verdict, DecodeError> {
        if self.watches.current().is_empty() {
            return Ok(self.verdict(self.tag(message)?, Vec::new(), Vec::new(), received_at));
        }
        let analysed = self.analyse(message)?;
        let mut matches = Vec::new();
        around(&mut || {
            let (found, work) = self.watches.matches(analysed.article());
            matches = found;
            work
        });
        let (owned, open): (Vec<Match>, _) = matches.into_iter().partition(|found| found.owner.is_some());
        let notices = if owned.is_empty() {
            Vec::new()
        } else {
            let alert = alert::id(&analysed.tagged, &self.lexicon);
            notice::notices(&analysed, &alert, owned, &self.lexicon, received_at)
        };
        Ok(self.verdict(analysed.tagged, open, notices, received_at))
    }

    /// `watches` are those that everybody may see.
    fn verdict(
        &self,
        article: Tagged,
        watches: Vec<Match>,
        notices: Vec<Envelope>,
        received_at: Timestamp,
    ) -> Verdict {
        let is_alert = article.has_tags() || !watches.is_empty();
        let unalerted = (!is_alert).then(|| Unalerted::new(&article, received_at));
        let unalerted = match unalerted {
            Some(kept) if notices.is_empty() => return Verdict::Untagged(Box::new(kept)),
            unalerted => unalerted,
        };
        let (id, url) = (article.id.clone(), article.url.clone());
        let alert = is_alert.then(|| {
            let alert = Box::new(Alert::new(article, watches, &self.lexicon, received_at));
            let envelope = alert.envelope(&self.lexicon);
            Alerted { alert, envelope }
        });
        Verdict::Ready(Box::new(Ready { id, url, alert, notices, unalerted }))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::alert::{Audience, RoutingKey};
    use crate::watch::{Severity, Watch};

    fn pipeline() -> Pipeline {
        Pipeline::new(Knowledge::compiled_in(), Limits::default())
    }

    fn watch(id: &str, owner: &str, when: &str) -> Watch {
        let owner = (!owner.is_empty()).then(|| owner.to_owned());
        Watch {
            id: id.to_owned(),
            name: format!("name of {id}"),
            owner,
            severity: Severity::High,
            when: when.to_owned(),
            forms: false,
        }
    }

    fn process(pipeline: &Pipeline, title: &str, body: &str) -> Option<Ready> {
        let event = json!({ "id": "7", "url": "https://news.example/7", "title": title, "body": body });
        let event = event.to_string();
        let message = Message { body: event.as_bytes(), ..Message::default() };
        match pipeline.process(message, Timestamp::UNIX_EPOCH).unwrap() {
            Verdict::Ready(ready) => Some(*ready),
            Verdict::Untagged(_) => None,
        }
    }

    fn json_of(envelope: &Envelope) -> Value {
        serde_json::from_slice(&envelope.body).unwrap()
    }

    fn ids(message: &Value) -> Vec<&str> {
        message["data"]["watches"].as_array().unwrap().iter().map(|w| w["id"].as_str().unwrap()).collect()
    }

    const BRIDGE: &str = "Japan opened a bridge of steel in Tokyo. \"Steel is cheap,\" Prime Minister said.";

    #[test]
    fn an_owner_is_told_of_their_own_watches_alone() {
        let pipeline = pipeline();
        for watch in [
            watch("open", "", "bridge"),
            watch("a-one", "desk-a", "steel"),
            watch("a-two", "desk-a", "bridge"),
            watch("b-one", "desk-b", "bridge NEAR/3 steel"),
            watch("b-none", "desk-b", "zugzwang"),
            watch("c-none", "desk-c", "zugzwang"),
        ] {
            pipeline.watches.put(watch).unwrap();
        }
        let ready = process(&pipeline, "A bridge", BRIDGE).unwrap();
        let alert = ready.alert.as_ref().unwrap();
        let told = json_of(&alert.envelope);
        assert_eq!(ids(&told), ["open"]);
        assert_eq!((&alert.envelope.to, ready.envelopes().count()), (&Audience::Everybody, 3));
        assert!(!RoutingKey::join(&alert.envelope.keys).contains("-one"));
        let [a, b] = &ready.notices[..] else { panic!("{:?}", ready.notices) };
        assert_eq!((&a.to, &b.to), (&Audience::Owner("desk-a".into()), &Audience::Owner("desk-b".into())));
        assert_eq!(RoutingKey::join(&a.keys), "owner.desk-a severity.high watch.a-one watch.a-two");
        let (a, b) = (json_of(a), json_of(b));
        assert_eq!((ids(&a), ids(&b)), (vec!["a-one", "a-two"], vec!["b-one"]));
        for (notice, owner) in [(&a, "desk-a"), (&b, "desk-b")] {
            let data = &notice["data"];
            assert_eq!((&data["owner"], &data["alert"]), (&owner.into(), &told["id"]));
            assert_eq!(notice["subject"], "7");
            assert_eq!(data["article"]["url"], "https://news.example/7");
            assert!(data["article"].get("text").is_none(), "{data}");
            for tags in ["countries", "topics", "officials", "quotes", "tagger", "received_at"] {
                assert_eq!(data[tags], told["data"][tags], "{tags}");
            }
        }
        // usable without the text
        let clause = &b["data"]["watches"][0]["clauses"][0];
        assert_eq!(clause["excerpt"]["text"], "Japan opened a bridge of steel in Tokyo.");
        assert_eq!(clause["excerpt"]["marks"][0], json!({ "start": 15, "end": 30 }));
        // processed again, it is the same
        let again = process(&pipeline, "A bridge", BRIDGE).unwrap();
        let ids = |ready: &Ready| ready.envelopes().map(|e| e.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&ready), ids(&again));
        assert_eq!(ids(&ready).into_iter().collect::<BTreeSet<_>>().len(), 3);
    }

    #[test]
    fn an_article_without_tags_is_no_alert_when_only_owners_are_told() {
        let pipeline = pipeline();
        pipeline.watches.put(watch("theirs", "desk", "wobble")).unwrap();
        let ready = process(&pipeline, "Hm", "It was a wobble of the table.").unwrap();
        assert!(ready.alert.is_none() && ready.notices.len() == 1);
        assert_eq!((ready.id.as_str(), ready.url.as_deref()), ("7", Some("https://news.example/7")));
        assert_eq!(ready.bytes(), ready.notices[0].body.len());
        pipeline.watches.put(watch("open", "", "table")).unwrap();
        let ready = process(&pipeline, "Hm", "It was a wobble of the table.").unwrap();
        assert!(ready.alert.is_some() && ready.notices.len() == 1);
        assert!(process(&pipeline, "Hm", "It was a chair.").is_none());
    }

    #[test]
    fn a_notice_stays_small_however_many_watches_match() {
        let pipeline = pipeline();
        let words: Vec<String> = (0..300).map(|n| format!("bolt{n}")).collect();
        let put = |watches: Vec<Watch>| {
            let lexicon = Arc::clone(&pipeline.lexicon.watch_words);
            pipeline.watches.replace(WatchSet::of(lexicon, watches).0);
        };
        let any = words.join(" OR ");
        let mut watches: Vec<Watch> = (0..100).map(|n| watch(&format!("w{n}"), "desk", &any)).collect();
        put(watches.clone());
        let ready = process(&pipeline, "Hm", &format!("{}.", words.join(" "))).unwrap();
        let notice = json_of(&ready.notices[0]);
        assert_eq!(ids(&notice).len(), 100);
        assert!(ready.notices[0].body.len() < 300 << 10, "{}", ready.notices[0].body.len());
        let first = &notice["data"]["watches"][0];
        let told = first["clauses"].as_array().unwrap().len();
        assert!((1..=20).contains(&told), "{told}");
        assert_eq!(
            (&first["clauses_left_out"], &notice["data"]["watches_left_out"]),
            (&json!(300 - told), &json!(0))
        );
        // of very many, only those that matter most are kept
        watches.extend((0..3000).map(|n| Watch {
            name: "long ".repeat(60),
            severity: if n == 2999 { Severity::Critical } else { Severity::Low },
            ..watch(&format!("x{n}"), "desk", "bolt1")
        }));
        put(watches);
        let ready = process(&pipeline, "Hm", &format!("{}.", words.join(" "))).unwrap();
        let notice = json_of(&ready.notices[0]);
        assert!(ready.notices[0].body.len() < 600 << 10, "{}", ready.notices[0].body.len());
        let told = ids(&notice);
        assert!(told.contains(&"x2999") && told.contains(&"w99") && told.is_sorted(), "{told:?}");
        assert_eq!(notice["data"]["watches_left_out"], 3100 - told.len());
    }

    const WORDS: [&str; 6] = ["wobble", "table", "zugzwang", "Japan", "bridge", "steel"];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn nobody_is_told_of_anothers(
            watches in proptest::collection::vec((0usize..4, 0usize..WORDS.len(), any::<bool>()), 0..24),
            article in proptest::collection::vec(0usize..WORDS.len(), 1..8),
        ) {
            let pipeline = &*SHARED;
            let owner = |n: usize| if n == 0 { String::new() } else { format!("owner{n}xyz") };
            let (set, refused) = WatchSet::of(
                Arc::clone(&pipeline.lexicon.watch_words),
                watches.iter().enumerate().map(|(n, (of, word, phrase))| {
                    let when = if *phrase { format!("{} OR {}", WORDS[*word], WORDS[0]) } else { WORDS[*word].to_owned() };
                    watch(&format!("w{n}of{of}q"), &owner(*of), &when)
                }),
            );
            prop_assert!(refused.is_empty());
            pipeline.watches.replace(set);
            let body: Vec<&str> = article.iter().map(|n| WORDS[*n]).collect();
            let Some(ready) = process(pipeline, "Hm", &format!("{}.", body.join(" "))) else { return Ok(()) };
            prop_assert!(ready.envelopes().count() > 0);
            let matched = |of: usize| watches.iter().any(|(own, word, phrase)| {
                *own == of && (article.contains(word) || *phrase && article.contains(&0))
            });
            for of in 1..4 {
                let to = Audience::Owner(owner(of));
                prop_assert_eq!(ready.notices.iter().filter(|notice| notice.to == to).count(), usize::from(matched(of)));
            }
            for envelope in ready.envelopes() {
                let all = format!("{}\n{}", RoutingKey::join(&envelope.keys), String::from_utf8_lossy(&envelope.body));
                let own = (1..4).find(|of| envelope.to == Audience::Owner(owner(*of))).unwrap_or(0);
                for of in (0..4).filter(|of| *of != own) {
                    prop_assert!(!all.contains(&format!("of{of}q")), "{} is told of {}: {}", own, of, all);
                    prop_assert!(of == 0 || !all.contains(&owner(of)), "{} is told of {}: {}", own, of, all);
                }
            }
        }
    }

    static SHARED: std::sync::LazyLock<Pipeline> = std::sync::LazyLock::new(pipeline);
}
