//! RabbitMQ, through lapin; the only part that imports it.
//!
//! Two connections, one to consume and one to publish, so that a blocked publisher (memory or disk alarm) still lets
//! acks through. Each reconnects with a jittered back-off, over all hosts in turn; lapin's own recovery is off (a
//! pending confirm would hang until it ends). Deliveries in flight are bounded by messages and by bytes ([`window`]).

mod ack;
mod consume;
mod dead;
mod health;
mod leave;
mod message;
mod probe;
mod publish;
mod readable;
mod receipt;
mod recent;
mod session;
mod subscribe;
mod topology;
mod unreached;
mod watches;
mod window;

pub use consume::{Bounds, RabbitInbox};
pub use dead::{DeadLetters, Handle};
pub use health::{Health, State};
pub use publish::{OnRefusal, Publisher};
pub use recent::Recent;
pub use session::Server;
pub use subscribe::Subscription;
pub use topology::{Names, TopologyError};
pub use watches::WatchStream;
