//! What an outbox carries: one message for subscribers, whatever it tells.

use std::io;

use serde::Serialize;

use super::{Alert, CONTENT_TYPE, RoutingKey};
use crate::knowledge::Knowledge;

/// Whom a message is for. Each kind goes a way of its own: what is for one owner is never among what all may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Whoever gets alerts.
    Everybody,
    /// One owner of watches, by name.
    Owner(String),
}

/// A message for subscribers. A delivery may become several; its article is acked when all of them are confirmed.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// See [`Audience`].
    pub to: Audience,
    /// The same whenever the same is told again, so that subscribers know a copy.
    pub id: String,
    /// CloudEvents `type`, and AMQP's.
    pub r#type: &'static str,
    /// What subscribers bind by; it is published by the first.
    pub keys: Vec<RoutingKey>,
    /// Media type of the body.
    pub content_type: &'static str,
    /// As it is published, to the byte.
    pub body: Vec<u8>,
}

impl Alert {
    /// The alert as it is published: its JSON, with the keys that its tags have in this lexicon.
    pub fn envelope(&self, lexicon: &Knowledge) -> Envelope {
        Envelope {
            to: Audience::Everybody,
            id: self.id.clone(),
            r#type: self.r#type,
            keys: RoutingKey::of(&self.data.article, &self.data.watches, lexicon),
            content_type: CONTENT_TYPE,
            body: written(self, 2048 + 4 * self.data.article.text.len()),
        }
    }
}

/// A message as JSON, of about so many bytes.
pub(super) fn written(message: &impl Serialize, bytes: usize) -> Vec<u8> {
    let mut body = Body(Vec::with_capacity(bytes));
    serde_json::to_writer(&mut body, message).expect("a message holds nothing that JSON can't");
    body.0
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
