//! Closed sets of labels.

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

/// The results for notices: published (confirmed), unroutable (published, but with no route), failed (not accepted; the
/// article is retried).
pub const NOTICES: [&str; 3] = [NOTICE_PUBLISHED, NOTICE_UNROUTABLE, NOTICE_FAILED];
/// See [`NOTICES`].
pub const NOTICE_PUBLISHED: &str = "published";
/// See [`NOTICES`].
pub const NOTICE_UNROUTABLE: &str = "unroutable";
/// See [`NOTICES`].
pub const NOTICE_FAILED: &str = "failed";

/// The states by which watches are counted: all in force; those of them that are set aside; those that are not as their
/// file has them now.
pub const WATCHES_STATES: [&str; 3] = [WATCHES_IN_FORCE, WATCHES_ASIDE, WATCHES_STALE];
/// See [`WATCHES_STATES`].
pub const WATCHES_IN_FORCE: &str = "in-force";
/// See [`WATCHES_STATES`].
pub const WATCHES_ASIDE: &str = "set-aside";
/// See [`WATCHES_STATES`].
pub const WATCHES_STALE: &str = "stale";
