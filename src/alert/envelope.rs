//! The contents of an outbox: one message for subscribers, of whatever kind.

use std::io;

use serde::Serialize;

use super::{Alert, CONTENT_TYPE, RoutingKey};
use crate::knowledge::Knowledge;

/// The audience of a message. Each kind travels separately: what is for one owner never ends up among what everyone may
/// read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Everyone who receives alerts.
    Everybody,
    /// One owner of watches, by name.
    Owner(String),
}

/// A message for subscribers. A delivery may become several; its article is acked when all of them are confirmed.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// See [`Audience`].
    pub to: Audience,
    /// Stays the same when the same is sent again, so that subscribers can recognise a duplicate.
    pub id: String,
    /// The `type` of CloudEvents and of AMQP.
    pub r#type: &'static str,
    /// The keys that subscribers bind with; the first is the one it is published with.
    pub keys: Vec<RoutingKey>,
    /// Media type of the body.
    pub content_type: &'static str,
    /// Exactly as published.
    pub body: Vec<u8>,
}

impl Alert {
    /// The alert as published: its JSON, with the routing keys of its tags in this lexicon.
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

/// A message as JSON, about `bytes` long.
pub(super) fn written(message: &impl Serialize, bytes: usize) -> Vec<u8> {
    let mut body = Body(Vec::with_capacity(bytes));
    serde_json::to_writer(&mut body, message).expect("a message holds nothing that JSON can't");
    body.0
}

/// A writer for JSON, which arrives mostly as single characters: the `Write` of `Vec` is slow for those.
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
