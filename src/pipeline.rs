//! From a message to an alert: the one path for `run`, `tag`, `demo`, the tests and the benches.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;

use crate::alert::{Alert, Envelope};
use crate::article::clean::clean;
use crate::article::decode::{DecodeError, Limits, Message, decode};
use crate::document::Document;
use crate::knowledge::Knowledge;
use crate::tagging::{Analysed, Tagged, analyse, tag};
use crate::topic;
use crate::watch::{WatchSet, Watches};

/// Decodes, cleans and tags. Shared by all tasks; remembers words only, to be faster: what comes out does not depend on what came before.
#[derive(Debug)]
pub struct Pipeline {
    /// What it knows.
    pub lexicon: Knowledge,
    /// What it takes.
    pub limits: Limits,
    /// The watches in force.
    pub watches: Watches,
}

/// The pipeline in force, which can be changed while articles run: each is tagged by one lexicon, from end to end.
/// Cheap to clone; all clones change together.
#[derive(Debug, Clone)]
pub struct Live(Arc<RwLock<Arc<Pipeline>>>);

impl Live {
    /// Puts a first one in force.
    pub fn new(pipeline: Pipeline) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(pipeline))))
    }

    /// The one in force; it stays as it is for who holds it.
    pub fn current(&self) -> Arc<Pipeline> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another in force for all articles that come from now on.
    pub fn replace(&self, pipeline: Pipeline) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pipeline);
    }
}

/// What goes out for one article.
#[derive(Debug, Clone)]
pub struct Ready {
    /// The alert itself, for counting.
    pub alert: Box<Alert>,
    /// The messages to publish: the alert first.
    pub envelopes: Vec<Envelope>,
}

impl Ready {
    /// Bytes of all messages.
    pub fn bytes(&self) -> usize {
        self.envelopes.iter().map(|envelope| envelope.body.len()).sum()
    }
}

/// What becomes of a message that is an article.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// Something was found.
    Alert(Ready),
    /// Nothing was found; holds the article's id.
    Untagged(String),
}

impl Pipeline {
    /// Without watches.
    pub fn new(lexicon: Knowledge, limits: Limits) -> Self {
        let watches = Watches::new(WatchSet::new(Arc::clone(&lexicon.watch_words)));
        Self { lexicon, limits, watches }
    }

    /// One article, tagged.
    pub fn tag(&self, message: Message<'_>) -> Result<Tagged, DecodeError> {
        Ok(tag(clean(decode(message, &self.limits)?, &self.lexicon), &self.lexicon))
    }

    /// Whether a message is an article; the reason for which it would be dead, if it is none.
    pub fn check(&self, message: Message<'_>) -> Result<(), DecodeError> {
        decode(message, &self.limits).map(drop)
    }

    /// One article, tagged, with the document that watches are asked of.
    pub fn analyse(&self, message: Message<'_>) -> Result<Analysed, DecodeError> {
        Ok(analyse(clean(decode(message, &self.limits)?, &self.lexicon), &self.lexicon))
    }

    /// Why a topic of the lexicon was or was not found in an article, for a person to read.
    pub fn explain(&self, message: Message<'_>, topic: u16) -> Result<String, DecodeError> {
        let article = clean(decode(message, &self.limits)?, &self.lexicon);
        let title = article.title.clone();
        let document = Document::of(article, &self.lexicon.vocabulary);
        Ok(format!("{title}\n{}", topic::explain(&document, &self.lexicon.topics, topic)))
    }

    /// One message that came in at `received_at`, as an alert.
    pub fn process(&self, message: Message<'_>, received_at: Timestamp) -> Result<Verdict, DecodeError> {
        let (article, watches) = if self.watches.current().is_empty() {
            (self.tag(message)?, Vec::new())
        } else {
            let analysed = self.analyse(message)?;
            let watches = self.watches.matches(analysed.article());
            (analysed.tagged, watches)
        };
        if !article.has_tags() && watches.is_empty() {
            return Ok(Verdict::Untagged(article.id));
        }
        let alert = Box::new(Alert::new(article, watches, &self.lexicon, received_at));
        let envelope = alert.envelope(&self.lexicon);
        Ok(Verdict::Alert(Ready { alert, envelopes: vec![envelope] }))
    }
}
