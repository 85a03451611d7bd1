//! One delivery through the pipeline, with a panic caught for it alone.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;

use crate::article::decode::{DecodeError, Message};
use crate::broker::Delivery;
use crate::pipeline::{Pipeline, Ready, Verdict};

/// What the pipeline says of a delivery.
#[derive(Debug)]
pub(super) enum Judged {
    /// Something was found.
    Alert(Ready),
    /// Nothing was found; holds the article's id.
    Untagged(String),
    /// No article.
    Bad(DecodeError),
    /// The tagger panicked; holds its message.
    Panicked(String),
}

impl Judged {
    /// The article's id, as far as it got.
    pub fn article_id(&self) -> &str {
        match self {
            Self::Alert(ready) => &ready.alert.subject,
            Self::Untagged(id) => id,
            Self::Bad(_) | Self::Panicked(_) => "",
        }
    }
}

pub(super) fn judge<R>(delivery: &Delivery<R>, pipeline: &Pipeline) -> Judged {
    let message = Message {
        body: &delivery.body,
        content_type: delivery.content_type.as_deref(),
        content_encoding: delivery.content_encoding.as_deref(),
    };
    // the pipeline holds nothing that changes, so nothing can be left half changed
    match catch_unwind(AssertUnwindSafe(|| pipeline.process(message, Timestamp::now()))) {
        Ok(Ok(Verdict::Alert(ready))) => Judged::Alert(ready),
        Ok(Ok(Verdict::Untagged(id))) => Judged::Untagged(id),
        Ok(Err(error)) => Judged::Bad(error),
        Err(panic) => Judged::Panicked(format!("the tagger panicked: {}", words(panic.as_ref()))),
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
