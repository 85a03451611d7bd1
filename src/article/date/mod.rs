//! Parses machine-readable points in time of articles and pages.
//!
//! A time without a zone is taken as UTC: the publisher's zone is unknown, and the day is nearly always right. A time
//! with an offset keeps it. Placeholders for "no date" (year 1, the Unix epoch) give `None`.

mod words;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt::rfc2822};

use super::published::Published;
pub(super) use words::of_words;

/// Bytes of the longest date; JavaScript's own has 66.
const LONGEST: usize = 100;

/// Words besides the month's name; a text with more of them is a sentence.
const WORDS: usize = 5;

/// RFC 3339 and its relatives, RFC 2822, `Date` of .NET and Java, Unix time, and days and times as content management
/// systems write them: "Mar 5, 2024 3:28 PM", "05.03.2024 15:28", "Tue Mar 05 15:28:56 CET 2024".
pub(super) fn parse(text: &str) -> Option<Published> {
    let text = text.trim();
    if text.len() > LONGEST || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let found =
        exact(text).or_else(|| of_number(text)).or_else(|| of_net(text)).or_else(|| of_words(text, WORDS));
    found.or_else(|| day_before_fault(text)).and_then(real)
}

/// The day of a malformed time: "2025-04-15T11:42:00:123Z".
fn day_before_fault(text: &str) -> Option<Published> {
    let (day, rest) = text.split_at_checked(10)?;
    let day = day.parse::<Date>().ok().filter(|_| rest.starts_with('T'))?;
    utc(day.to_datetime(Time::midnight()))
}

/// The standard formats.
fn exact(text: &str) -> Option<Published> {
    if let Ok(exact) = text.parse::<Published>() {
        return Some(exact);
    }
    if let Ok(local) = text.parse::<DateTime>() {
        return utc(local);
    }
    if let Ok(day) = text.parse::<Date>() {
        return utc(day.to_datetime(Time::midnight()));
    }
    let at = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    // the parser does not return the offset
    Some(of_words(text, WORDS).filter(|found| found.instant() == at).unwrap_or_else(|| at.into()))
}

/// A text of digits: Unix time in seconds or smaller units, or `20240305152856`.
fn of_number(text: &str) -> Option<Published> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    if matches!(whole.len(), 12 | 14) && fraction.is_empty() && matches!(&whole[..2], "19" | "20") {
        let part = |at: usize| whole.get(at..at + 2).map_or(Some(0), |two| two.parse::<i8>().ok());
        let local =
            DateTime::new(whole[..4].parse().ok()?, part(4)?, part(6)?, part(8)?, part(10)?, part(12)?, 0);
        if let Ok(local) = local {
            return utc(local);
        }
    }
    (whole.len() >= 9).then(|| from_epoch_with_fraction(text.parse().ok()?))?
}

/// `/Date(1709648936000+0100)/`: Unix time in milliseconds, regardless of the zone.
fn of_net(text: &str) -> Option<Published> {
    let (_, number) = text.split_once("Date(")?;
    let end = number.char_indices().skip(1).find(|(_, c)| !c.is_ascii_digit()).map(|(at, _)| at)?;
    Timestamp::from_millisecond(number[..end].parse().ok()?).ok().map(Published::from)
}

/// `None` for placeholders for "no date": before daily news, the Unix epoch, or far in the future.
fn real(time: Published) -> Option<Published> {
    const DAY: i64 = 86_400;
    /// 1900-01-02 and 2200-01-01.
    const KNOWN: std::ops::Range<i64> = -2_208_902_400..7_258_118_400;
    let seconds = time.instant().as_second();
    (KNOWN.contains(&seconds) && !(-DAY..DAY).contains(&seconds)).then_some(time)
}

/// Unix time in seconds, or in milliseconds, microseconds or nanoseconds if only that gives a plausible year. Eight
/// digits that are a day (`20240305`) are that day.
pub(super) fn from_epoch(number: i64) -> Option<Published> {
    let at = |time: Result<Timestamp, jiff::Error>| time.ok().map(Published::from);
    let day = || {
        let date =
            Date::new(i16::try_from(number / 10_000).ok()?, (number / 100 % 100) as i8, (number % 100) as i8);
        utc(date.ok()?.to_datetime(Time::midnight()))
    };
    let time = match number.unsigned_abs() {
        19_000_101..=21_991_231 if day().is_some() => day(),
        0..100_000_000_000 => at(Timestamp::from_second(number)),
        100_000_000_000..100_000_000_000_000 => at(Timestamp::from_millisecond(number)),
        100_000_000_000_000..100_000_000_000_000_000 => at(Timestamp::from_microsecond(number)),
        _ => at(Timestamp::from_nanosecond(number.into())),
    };
    time.and_then(real)
}

/// The same for a number with a fraction, as written by Python.
pub(super) fn from_epoch_with_fraction(number: f64) -> Option<Published> {
    if number.abs() < 100_000_000_000.0 {
        return Timestamp::from_millisecond((number * 1000.0) as i64)
            .ok()
            .map(Published::from)
            .and_then(real);
    }
    from_epoch(number as i64)
}

/// A local date and time, taken as UTC.
pub(super) fn utc(local: DateTime) -> Option<Published> {
    TimeZone::UTC.to_timestamp(local).ok().map(Published::from)
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
            ("2025-04-15T11:42:00:123Z", Some("2025-04-15T00:00:00Z")),
            ("2025-04-15T11:42+04", Some("2025-04-15T07:42:00Z")),
            ("2025-04-15T11:42:00.123456Z", Some("2025-04-15T11:42:00.123456Z")),
            ("2025-04-15 11:42:00 +04:00", Some("2025-04-15T07:42:00Z")),
            ("2025-04-15 11:42:00 +0400", Some("2025-04-15T07:42:00Z")),
            ("2025-04-15 11:42:00.123 +0400 UTC", Some("2025-04-15T07:42:00Z")),
            ("2025-04-15 11:42:00 UTC", Some("2025-04-15T11:42:00Z")),
            ("2025-4-5 9:42", Some("2025-04-05T09:42:00Z")),
            ("2025-4-5T9:42:07+03", Some("2025-04-05T06:42:07Z")),
            ("2025/04/15 11:42", Some("2025-04-15T11:42:00Z")),
            ("Tue Apr 15 11:42:00 CEST 2025", Some("2025-04-15T09:42:00Z")),
            ("Tue Apr 15 2025 11:42:00 GMT+0400 (Azerbaijan Standard Time)", Some("2025-04-15T07:42:00Z")),
            ("Tuesday, 15-Apr-25 11:42:00 GMT", Some("2025-04-15T11:42:00Z")),
            ("mar 15 abr 2025", Some("2025-04-15T00:00:00Z")),
            ("15 April 2025 at 10am", Some("2025-04-15T00:00:00Z")),
            ("2025年4月15日 11:42", Some("2025-04-15T11:42:00Z")),
            ("1er avril 2025", Some("2025-04-01T00:00:00Z")),
            ("Tue, 15 Apr 2025 11:42:00 +04:00", Some("2025-04-15T07:42:00Z")),
            ("2025-04-15T11:42:00 +0400", Some("2025-04-15T07:42:00Z")),
            ("Apr 15, 2025", Some("2025-04-15T00:00:00Z")),
            ("April 15, 2025 at 1:42 PM EDT", Some("2025-04-15T17:42:00Z")),
            ("15 апреля 2025, 11:42", Some("2025-04-15T11:42:00Z")),
            ("11:42 15.04.2025", Some("2025-04-15T11:42:00Z")),
            ("11:42 - 15.04.2025", Some("2025-04-15T11:42:00Z")),
            ("15.4.2025", Some("2025-04-15T00:00:00Z")),
            ("4/5/2025 12:07:09 AM", Some("2025-04-05T00:07:09Z")),
            ("4/5/2025 12:07", None),
            ("4/25/2025", Some("2025-04-25T00:00:00Z")),
            ("/Date(1744717320000)/", Some("2025-04-15T11:42:00Z")),
            ("/Date(1744717320000+0400)/", Some("2025-04-15T11:42:00Z")),
            ("1744717320", Some("2025-04-15T11:42:00Z")),
            ("1744717320.5", Some("2025-04-15T11:42:00.5Z")),
            ("1744717320000", Some("2025-04-15T11:42:00Z")),
            ("20250415114200", Some("2025-04-15T11:42:00Z")),
            ("0001-01-01T00:00:00Z", None),
            ("0001-01-01 00:00:00", None),
            ("1970-01-01T00:00:00Z", None),
            ("1970-01-01T00:00:00+04:00", None),
            ("/Date(-62135596800000)/", None),
            ("Thu, 01 Jan 1970 00:00:00 GMT", None),
            ("9999-12-31", None),
            ("0", None),
            ("31.02.2025", None),
            ("12345", None),
            ("The board met on 15 April 2025 in the town, both sides said", None),
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
            assert_eq!(parse(text).map(|t| t.instant().to_string()).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn tells_seconds_from_milliseconds() {
        assert_eq!(from_epoch(1_744_717_320).unwrap().to_string(), "2025-04-15T11:42:00Z");
        assert_eq!(from_epoch(1_744_717_320_000).unwrap().to_string(), "2025-04-15T11:42:00Z");
        assert_eq!(from_epoch(1_744_717_320_000_000).unwrap().to_string(), "2025-04-15T11:42:00Z");
        assert_eq!(from_epoch(20_250_415).unwrap().to_string(), "2025-04-15T00:00:00Z");
        assert_eq!(from_epoch_with_fraction(1_744_717_320.5).unwrap().to_string(), "2025-04-15T11:42:00.5Z");
        assert!(from_epoch(i64::MAX).is_none() && from_epoch(0).is_none());
        assert!(from_epoch_with_fraction(f64::NAN).is_none());
    }
}
