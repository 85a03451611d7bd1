//! From a message to an alert: the one path for `run`, `tag`, `demo`, the tests and the benches.

use std::io;

use jiff::Timestamp;

use crate::alert::Alert;
use crate::article::clean::clean;
use crate::article::decode::{DecodeError, Limits, Message, decode};
use crate::document::Document;
use crate::knowledge::Knowledge;
use crate::tagging::{Analysed, Tagged, analyse, tag};
use crate::topic;

/// Decodes, cleans and tags. Shared by all tasks; remembers words only, to be faster: what comes out does not depend on what came before.
#[derive(Debug)]
pub struct Pipeline {
    /// What it knows.
    pub lexicon: Knowledge,
    /// What it takes.
    pub limits: Limits,
}

/// An alert ready to be published.
#[derive(Debug, Clone)]
pub struct Ready {
    /// See [`Alert::id`].
    pub id: String,
    /// The alert as JSON.
    pub body: Vec<u8>,
    /// See [`Alert::routing_keys`].
    pub keys: Vec<String>,
    /// The alert itself, for counting.
    pub alert: Box<Alert>,
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
    /// One article, tagged.
    pub fn tag(&self, message: Message<'_>) -> Result<Tagged, DecodeError> {
        Ok(tag(clean(decode(message, &self.limits)?, &self.lexicon), &self.lexicon))
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
        let article = self.tag(message)?;
        if !article.has_tags() {
            return Ok(Verdict::Untagged(article.id));
        }
        let alert = Alert::new(article, &self.lexicon, received_at);
        let keys = alert.routing_keys(&self.lexicon);
        let mut body = Body(Vec::with_capacity(2048 + 4 * alert.data.article.text.len()));
        serde_json::to_writer(&mut body, &alert).expect("an alert holds nothing that JSON can't");
        Ok(Verdict::Alert(Ready { id: alert.id.clone(), body: body.0, keys, alert: Box::new(alert) }))
    }
}

/// Takes JSON in as it is written: mostly single marks, for which the way of `Vec` is long.
struct Body(Vec<u8>);

impl io::Write for Body {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match bytes {
            [one] => self.0.push(*one),
            more => self.0.extend_from_slice(more),
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
