//! How much the broker may send ahead. The prefetch counts messages, and RabbitMQ has no limit by bytes, so the
//! prefetch is derived from the sizes seen, and what exceeds the bytes in flight is requeued.

use std::collections::VecDeque;

/// Number of recent bodies whose sizes predict the next.
const SIZES: usize = 32;

/// Deliveries after a change of the prefetch before it may grow.
const SETTLED: usize = 256;

/// The current prefetch, and what it should be.
#[derive(Debug)]
pub(super) struct Window {
    most: u16,
    bytes: usize,
    prefetch: u16,
    sizes: VecDeque<usize>,
    since_change: usize,
}

impl Window {
    /// A window of at most `most` messages and `bytes` bytes.
    pub fn new(most: u16, bytes: usize) -> Self {
        Self { most, bytes, prefetch: most, sizes: VecDeque::with_capacity(SIZES), since_change: 0 }
    }

    /// Records the size of a body.
    pub fn saw(&mut self, bytes: usize) {
        if self.sizes.len() == SIZES {
            self.sizes.pop_front();
        }
        self.sizes.push_back(bytes);
        self.since_change += 1;
    }

    /// Whether the prefetch may at least double.
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

    /// The number of bodies, as last seen, that fill half of the room.
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
