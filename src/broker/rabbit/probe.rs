//! What is done differently after a connection broke while consuming: one message at a time, made readable.

use std::time::Duration;

use super::topology::ARTICLE_DELIVERIES;

/// Pause before reconnecting while one message at a time is taken. A message that breaks even a connection that makes
/// messages readable does so until the broker dead-letters it after [`ARTICLE_DELIVERIES`], and nothing else is taken
/// meanwhile: that must be over soon.
pub(super) const QUICK: Duration = Duration::from_millis(20);

/// Quick reconnects in a row: enough for one such message. Whatever else breaks them gets the growing pause.
const QUICK_IN_A_ROW: i32 = ARTICLE_DELIVERIES + ARTICLE_DELIVERIES / 2;

/// How many messages after one that lapin can't read the detour is kept: a publisher of one publishes more, and each
/// that breaks a connection costs everything prefetched with it one more delivery.
const DETOUR: u32 = 10_000;

/// After a connection that broke while consuming, takes one message at a time over a connection that makes messages
/// readable.
///
/// A message that lapin can't read breaks the connection, and the broker counts the break as a delivery of everything
/// it had sent ahead. With the usual prefetch the good articles after such a message would reach the delivery limit
/// together with it. Everything that came back is at the head of the queue: it is taken one by one, so that only the
/// bad message is counted further, and made readable ([`super::readable`]), so that the bad one breaks nothing again.
#[derive(Debug, Default)]
pub(super) struct Probe {
    /// How many of the next messages may still be the bad one.
    left: u16,
    /// How many more messages are to be made readable, whatever `left` is.
    detour: u32,
    /// The prefetch in force.
    prefetch: u16,
    /// The subscription takes one message at a time.
    alone: bool,
    /// Connections in a row that broke before a message came.
    broken: i32,
    /// The last connection broke.
    just_broke: bool,
}

impl Probe {
    /// The prefetch for the next subscription, where `usual` is the one without a probe.
    pub fn prefetch(&mut self, usual: u16) -> u16 {
        self.alone = self.left > 0;
        self.prefetch = if self.alone { 1 } else { usual };
        self.prefetch
    }

    /// Records that the connection broke while consuming: what it held comes again.
    pub fn broke(&mut self) {
        self.left = self.left.max(self.prefetch);
        self.broken += 1;
        self.just_broke = true;
    }

    /// Records that a message was read; `mended` if lapin alone could not have read it.
    pub fn read(&mut self, mended: bool) {
        self.broken = 0;
        self.left = self.left.saturating_sub(1);
        self.detour = if mended { DETOUR } else { self.detour.saturating_sub(1) };
    }

    /// Whether the next connection is to make messages readable.
    pub fn needs_readable(&self) -> bool {
        self.left > 0 || self.detour > 0
    }

    /// Whether one message at a time is taken.
    pub fn is_alone(&self) -> bool {
        self.alone
    }

    /// Whether the subscription takes one message at a time but no longer needs to.
    pub fn is_over(&self) -> bool {
        self.alone && self.left == 0
    }

    /// Whether to reconnect at once. Not after the first break: that may be a broker that is stopping, and then all
    /// workers come at the same time.
    pub fn is_quick(&mut self) -> bool {
        std::mem::take(&mut self.just_broke) && (2..=QUICK_IN_A_ROW).contains(&self.broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_came_back_is_taken_alone_after_a_break() {
        let mut probe = Probe::default();
        assert_eq!(probe.prefetch(3), 3);
        assert!(!probe.is_over() && !probe.needs_readable());
        probe.broke();
        assert!(!probe.is_quick(), "the broker may be stopping");
        assert!(probe.needs_readable());
        assert_eq!(probe.prefetch(3), 1);
        probe.read(false);
        probe.read(false);
        assert!(!probe.is_over());
        // the third one is bad in a way that nothing mends
        for _ in 0..ARTICLE_DELIVERIES {
            probe.broke();
            assert!(probe.is_quick() || probe.broken == 1);
            assert!(!probe.is_quick(), "nothing broke since, so the broker can't be reached");
            assert_eq!(probe.prefetch(3), 1);
        }
        probe.read(false);
        assert!(probe.is_over() && !probe.needs_readable());
        assert_eq!(probe.prefetch(3), 3);
    }

    #[test]
    fn after_a_message_that_was_mended_more_of_them_are_awaited() {
        let mut probe = Probe::default();
        probe.prefetch(2);
        probe.broke();
        probe.prefetch(2);
        probe.read(true);
        probe.read(false);
        assert!(probe.is_over() && probe.needs_readable());
        assert_eq!(probe.prefetch(300), 300, "they break nothing, so many may be on their way");
        (1..DETOUR).for_each(|_| probe.read(false));
        assert!(!probe.needs_readable());
    }

    #[test]
    fn quick_connections_end_where_it_is_no_single_message() {
        let mut probe = Probe::default();
        let quick = (0..1000).filter(|_| {
            probe.broke();
            probe.is_quick()
        });
        assert_eq!(i32::try_from(quick.count()).unwrap(), QUICK_IN_A_ROW - 1);
    }
}
