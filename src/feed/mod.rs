//! Feeds: RSS, Atom and JSON feeds are polled, and each new item becomes an article event.
//!
//! [`Feeder`] polls the feeds of a list, each in its time, politely ([`hosts`], [`robots`]), and hands the events to a
//! [`Intake`](crate::broker::backend::Intake). What it had is in a [`Memory`]: an item is remembered only after its event is confirmed, and a feed's
//! `ETag` only after all of its items are. So an item may be published twice after a crash, and never not at all.

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
