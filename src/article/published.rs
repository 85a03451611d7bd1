//! When an article was published, with the offset that its publisher wrote: readers see the day of that place.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time and an offset from UTC. Written as RFC 3339: `2026-03-01T00:30:00+09:00`, or with `Z` if the offset
/// is zero or unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    at: Timestamp,
    offset: Offset,
}

impl Published {
    /// A point in time with the offset of the clocks that showed it.
    pub(super) fn new(at: Timestamp, offset: Offset) -> Self {
        Self { at, offset }
    }

    /// The point in time.
    pub fn instant(self) -> Timestamp {
        self.at
    }

    /// Date and time as the publisher's clock showed them.
    pub fn local(self) -> DateTime {
        self.offset.to_datetime(self.at)
    }

    /// The day that the publisher's readers see.
    pub fn day(self) -> Date {
        self.local().date()
    }
}

impl From<Timestamp> for Published {
    fn from(at: Timestamp) -> Self {
        Self::new(at, Offset::UTC)
    }
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.offset == Offset::UTC {
            return self.at.fmt(f);
        }
        self.at.display_with_offset(self.offset).fmt(f)
    }
}

impl FromStr for Published {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let at = text.parse()?;
        let offset = Pieces::parse(text).ok().and_then(|pieces| pieces.to_numeric_offset());
        Ok(Self::new(at, offset.unwrap_or(Offset::UTC)))
    }
}

impl Serialize for Published {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Published {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readers_day_stays_with_the_point_in_time() {
        for (text, written, day) in [
            ("2026-03-01T00:30:00+09:00", "2026-03-01T00:30:00+09:00", "2026-03-01"),
            ("2026-02-28T15:30:00Z", "2026-02-28T15:30:00Z", "2026-02-28"),
            ("2026-02-28T15:30:00+00:00", "2026-02-28T15:30:00Z", "2026-02-28"),
            ("2026-02-28T20:30:00.5-05:00", "2026-02-28T20:30:00.5-05:00", "2026-02-28"),
        ] {
            let published: Published = text.parse().unwrap();
            assert_eq!(
                (published.to_string().as_str(), published.day().to_string().as_str()),
                (written, day)
            );
            let json = serde_json::to_string(&published).unwrap();
            assert_eq!(serde_json::from_str::<Published>(&json).unwrap(), published);
        }
        let [tokyo, utc] = ["2026-03-01T00:30:00+09:00", "2026-02-28T15:30:00Z"]
            .map(|text| text.parse::<Published>().unwrap());
        assert_eq!(tokyo.instant(), utc.instant());
    }
}
