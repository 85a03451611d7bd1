//! Points in time as articles and pages write them for machines.
//!
//! A time without a zone is taken for UTC: the publisher's zone is not known, and the day is right nearly always.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt::rfc2822};

/// RFC 3339 and its relatives (a blank for the `T`, `+0400`, no zone, no time), or RFC 2822.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > 64 {
        return None;
    }
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Some(exact);
    }
    if let Ok(local) = text.parse::<DateTime>() {
        return utc(local);
    }
    if let Ok(day) = text.parse::<Date>() {
        return utc(day.to_datetime(jiff::civil::Time::midnight()));
    }
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// Seconds since 1970, or milliseconds if as seconds they would lie beyond the year 5000.
pub(super) fn from_epoch(number: i64) -> Option<Timestamp> {
    if number.abs() < 100_000_000_000 {
        Timestamp::from_second(number).ok()
    } else {
        Timestamp::from_millisecond(number).ok()
    }
}

/// A time of day and a day, taken for UTC.
pub(super) fn utc(local: DateTime) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(local).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_that_publishers_use() {
        for (text, want) in [
            ("2025-04-15T11:42:00Z", Some("2025-04-15T11:42:00Z")),
            ("2025-04-15T11:42:00+04:00", Some("2025-04-15T07:42:00Z")),
            ("2025-04-15T11:42:00+0400", Some("2025-04-15T07:42:00Z")),
            ("2025-04-15T11:42+04", Some("2025-04-15T07:42:00Z")),
            ("2025-04-15T11:42:00.123456Z", Some("2025-04-15T11:42:00.123456Z")),
            ("2025-04-15 11:42:00 +04:00", None),
            ("2025-04-15 11:42:00+04:00", Some("2025-04-15T07:42:00Z")),
            ("2025-04-15 11:42:00", Some("2025-04-15T11:42:00Z")),
            ("2025-04-15T11:42", Some("2025-04-15T11:42:00Z")),
            (" 2025-04-15 ", Some("2025-04-15T00:00:00Z")),
            ("20250415", Some("2025-04-15T00:00:00Z")),
            ("Tue, 15 Apr 2025 11:42:00 +0400", Some("2025-04-15T07:42:00Z")),
            ("15 Apr 2025 11:42:00 GMT", Some("2025-04-15T11:42:00Z")),
            ("yesterday", None),
            ("", None),
            ("2025-13-45", None),
        ] {
            assert_eq!(parse(text).map(|t| t.to_string()).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn tells_seconds_from_milliseconds() {
        assert_eq!(from_epoch(1_744_717_320).unwrap().to_string(), "2025-04-15T11:42:00Z");
        assert_eq!(from_epoch(1_744_717_320_000).unwrap().to_string(), "2025-04-15T11:42:00Z");
        assert!(from_epoch(i64::MAX).is_none());
    }
}
