//! The part of an article that a query looks at.

use crate::watch::view::{Stretch, View};

/// The part of an article that a query looks at: one stretch per field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Region {
    /// The whole article, where tags without a place count too.
    pub whole: bool,
    /// Empty for a field that is left out.
    pub parts: [Stretch; 2],
}

impl Region {
    pub fn whole(view: &View) -> Self {
        Self { whole: true, parts: [Stretch::new(0, view.body), Stretch::new(view.body, view.end)] }
    }

    /// Its overlap with some stretches, one per field; `None` if there is none.
    pub fn within(&self, [title, body]: [Option<Stretch>; 2]) -> Option<Self> {
        let nothing = Stretch::new(0, 0);
        if self.whole {
            // a field exists even if it is empty
            let parts = [title.unwrap_or(nothing), body.unwrap_or(nothing)];
            return Some(Self { whole: false, parts });
        }
        let common = |n: usize, stretch: Option<Stretch>| stretch.and_then(|s| s.common(self.parts[n]));
        let parts = [common(0, title), common(1, body)];
        if parts == [None, None] {
            return None;
        }
        Some(Self { whole: false, parts: parts.map(|p| p.unwrap_or(nothing)) })
    }

    pub fn of(self, view: &View, stretch: Stretch) -> Option<Self> {
        self.within(if stretch.start < view.body { [Some(stretch), None] } else { [None, Some(stretch)] })
    }

    pub fn holds(&self, place: Stretch) -> bool {
        self.whole || self.parts.iter().any(|part| part.holds(place))
    }

    pub fn touches(&self, place: Stretch) -> bool {
        self.whole || self.parts.iter().any(|part| part.common(place).is_some())
    }
}
