//! What a delivery ends as.

/// The outcome of a delivery; exactly one each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Its alert is confirmed.
    Alerted,
    /// It has no alert, or one confirmed a short while ago; notices to owners of watches are confirmed.
    Noticed,
    /// Nothing was found in it.
    Untagged,
    /// All its messages were confirmed a short while ago.
    Duplicate,
    /// To be retried.
    Retried,
    /// Dead-lettered.
    Dead,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Alerted, Self::Noticed, Self::Untagged, Self::Duplicate, Self::Retried, Self::Dead];

    /// As used in labels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Alerted => "alerted",
            Self::Noticed => "noticed",
            Self::Untagged => "untagged",
            Self::Duplicate => "duplicate",
            Self::Retried => "retried",
            Self::Dead => "dead",
        }
    }
}
