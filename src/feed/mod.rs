//! Feeds: polls RSS, Atom and JSON feeds and turns each new item into an article event.
//!
//! [`Feeder`] polls the feeds of a list, each on its own schedule, politely ([`hosts`], [`robots`]), and hands the
//! events to an [`Intake`](crate::broker::backend::Intake). A [`Memory`] records what was published: an item only after
//! its event is confirmed, and a feed's `ETag` only after all its items are. So after a crash an item may be published
//! twice, but none is lost.

mod address;
mod claims;
mod event;
mod fault;
mod fetch;
mod hosts;
mod item;
mod memory;
mod mend;
mod opml;
mod page;
mod poll;
mod read;
mod robots;
mod schedule;

pub use fault::{Fault, Kind};
pub use memory::{Memory, MemoryError};
pub use opml::{Feed, ListError, list};
pub use poll::Outcome;
pub use schedule::Feeder;
