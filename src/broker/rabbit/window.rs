//! How much the broker may send ahead. The prefetch counts messages, and RabbitMQ has no limit by bytes, so the prefetch
//! is set by the sizes seen, and what does not fit into the bytes in flight goes back to the queue.

use std::collections::VecDeque;

/// Bodies whose sizes tell what comes next.
const SIZES: usize = 32;

/// Deliveries after a change of the prefetch before it may grow.
const SETTLED: usize = 256;

/// The prefetch in force, and what it should be.
#[derive(Debug)]
pub(super) struct Window {
    most: u16,
    bytes: usize,
    prefetch: u16,
    sizes: VecDeque<usize>,
    since_change: usize,
}

impl Window {
    /// At most so many messages and bytes.
    pub fn new(most: u16, bytes: usize) -> Self {
        Self { most, bytes, prefetch: most, sizes: VecDeque::with_capacity(SIZES), since_change: 0 }
    }

    /// Notes a body that came.
    pub fn saw(&mut self, bytes: usize) {
        if self.sizes.len() == SIZES {
            self.sizes.pop_front();
        }
        self.sizes.push_back(bytes);
        self.since_change += 1;
    }

    /// Whether the prefetch may be at least twice of what it is.
    pub fn may_grow(&self) -> bool {
        self.prefetch < self.most
            && self.since_change >= SETTLED
            && self.fitting() >= self.prefetch.saturating_mul(2).min(self.most)
    }

    /// The prefetch for the next subscription.
    pub fn prefetch(&mut self) -> u16 {
        self.prefetch = self.fitting();
        self.since_change = 0;
        self.prefetch
    }

    /// So many bodies as they came last fill half of the room.
    fn fitting(&self) -> u16 {
        let Some(mean) = self.sizes.iter().sum::<usize>().checked_div(self.sizes.len()) else {
            return self.most;
        };
        u16::try_from(self.bytes / 2 / mean.max(1)).unwrap_or(u16::MAX).clamp(1, self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefetch_follows_the_sizes() {
        let mut window = Window::new(1000, 32 << 20);
        assert_eq!(window.prefetch(), 1000);
        (0..SIZES).for_each(|_| window.saw(2 << 20));
        assert_eq!(window.prefetch(), 8);
        (0..SETTLED - 1).for_each(|_| window.saw(2 << 10));
        assert!(!window.may_grow());
        window.saw(2 << 10);
        assert!(window.may_grow());
        assert_eq!(window.prefetch(), 1000);
        assert!(!window.may_grow());
    }
}
