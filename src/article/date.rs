//! Points in time as articles and pages write them for machines.
//!
//! A time without a zone is taken for UTC: the publisher's zone is not known, and the day is right nearly always. What
//! stands for "no date" (year 1, the day that computers count from) is none.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, fmt::rfc2822};

use crate::article::junk::Junk;
use crate::files::Files;

/// Bytes of the longest date; JavaScript's own takes 66.
const LONGEST: usize = 100;

/// Words besides the month's name; more of them are a sentence.
const WORDS: usize = 5;

/// Names of months in many languages. A machine's date is read by the data compiled in.
static MONTHS: LazyLock<Junk> = LazyLock::new(|| Junk::of(&Files::default(), &mut Vec::new()));

/// Zones by their letters, with their hours; those that stand for several places are left out.
const ZONES: [(&str, i8); 29] = [
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("ut", 0),
    ("wet", 0),
    ("west", 1),
    ("cet", 1),
    ("met", 1),
    ("mez", 1),
    ("bst", 1),
    ("cest", 2),
    ("mest", 2),
    ("mesz", 2),
    ("eet", 2),
    ("sast", 2),
    ("eest", 3),
    ("msk", 3),
    ("мск", 3),
    ("trt", 3),
    ("azt", 4),
    ("get", 4),
    ("jst", 9),
    ("kst", 9),
    ("est", -5),
    ("edt", -4),
    ("cdt", -5),
    ("mst", -7),
    ("pst", -8),
    ("pdt", -7),
];

/// RFC 3339 and its relatives, RFC 2822, `Date` of .NET and Java, seconds since 1970, and days and times as content
/// systems write them: "Mar 5, 2024 3:28 PM", "05.03.2024 15:28", "Tue Mar 05 15:28:56 CET 2024".
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > LONGEST || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let found = exact(text).or_else(|| of_number(text)).or_else(|| of_net(text)).or_else(|| of_words(text));
    found.or_else(|| day_before_fault(text)).and_then(real)
}

/// The day of a time that is written wrong: "2025-04-15T11:42:00:123Z".
fn day_before_fault(text: &str) -> Option<Timestamp> {
    let (day, rest) = text.split_at_checked(10)?;
    let day = day.parse::<Date>().ok().filter(|_| rest.starts_with('T'))?;
    utc(day.to_datetime(Time::midnight()))
}

/// The standards.
fn exact(text: &str) -> Option<Timestamp> {
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Some(exact);
    }
    if let Ok(local) = text.parse::<DateTime>() {
        return utc(local);
    }
    if let Ok(day) = text.parse::<Date>() {
        return utc(day.to_datetime(Time::midnight()));
    }
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// A text of digits: seconds and their parts, or `20240305152856`.
fn of_number(text: &str) -> Option<Timestamp> {
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

/// `/Date(1709648936000+0100)/`: milliseconds since 1970, whatever the zone says.
fn of_net(text: &str) -> Option<Timestamp> {
    let (_, number) = text.split_once("Date(")?;
    let end = number.char_indices().skip(1).find(|(_, c)| !c.is_ascii_digit()).map(|(at, _)| at)?;
    Timestamp::from_millisecond(number[..end].parse().ok()?).ok()
}

/// None for what stands for "no date": before news was printed daily, the day that computers count from, far ahead.
fn real(time: Timestamp) -> Option<Timestamp> {
    const DAY: i64 = 86_400;
    /// 1900-01-02 and 2200-01-01.
    const KNOWN: std::ops::Range<i64> = -2_208_902_400..7_258_118_400;
    let seconds = time.as_second();
    (KNOWN.contains(&seconds) && !(-DAY..DAY).contains(&seconds)).then_some(time)
}

/// Seconds since 1970, or what they must be in for the year to be one of ours: milliseconds, microseconds,
/// nanoseconds. Eight digits that are a day (`20240305`) are that day.
pub(super) fn from_epoch(number: i64) -> Option<Timestamp> {
    let day = || {
        let date =
            Date::new(i16::try_from(number / 10_000).ok()?, (number / 100 % 100) as i8, (number % 100) as i8);
        utc(date.ok()?.to_datetime(Time::midnight()))
    };
    let time = match number.unsigned_abs() {
        19_000_101..=21_991_231 if day().is_some() => day(),
        0..100_000_000_000 => Timestamp::from_second(number).ok(),
        100_000_000_000..100_000_000_000_000 => Timestamp::from_millisecond(number).ok(),
        100_000_000_000_000..100_000_000_000_000_000 => Timestamp::from_microsecond(number).ok(),
        _ => Timestamp::from_nanosecond(number.into()).ok(),
    };
    time.and_then(real)
}

/// The same for a number with a fraction, as Python writes it.
pub(super) fn from_epoch_with_fraction(number: f64) -> Option<Timestamp> {
    if number.abs() < 100_000_000_000.0 {
        return Timestamp::from_millisecond((number * 1000.0) as i64).ok().and_then(real);
    }
    from_epoch(number as i64)
}

/// A piece of a date in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'t> {
    Number(&'t str),
    Word(&'t str),
    Mark(char),
    Blank,
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let kind = |c: char| match c {
        c if c.is_ascii_digit() => 0,
        c if c.is_alphabetic() => 1,
        c if c.is_whitespace() => 2,
        _ => 3,
    };
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same = |c: char| kind(c) == kind(first) && kind(first) != 3;
        let end = rest.find(|c| !same(c)).unwrap_or(rest.len()).max(first.len_utf8());
        let (piece, behind) = rest.split_at(end);
        out.push(match kind(first) {
            0 => Piece::Number(piece),
            1 => Piece::Word(piece),
            2 => Piece::Blank,
            _ => Piece::Mark(first),
        });
        rest = behind;
    }
    out
}

/// A day, and perhaps a time and a zone, in any order that content systems write them.
fn of_words(text: &str) -> Option<Timestamp> {
    // JavaScript names its zone behind the number
    let text = text.split_once(" (").map_or(text, |(head, _)| head);
    let mut pieces = pieces(text);
    let clock = Clock::take(&mut pieces);
    let (day, rest) = day(&pieces, clock.halves)?;
    if rest > WORDS {
        return None;
    }
    let local = utc(day.to_datetime(clock.time))?;
    // a zone's letters may stand behind a year: "15:28:56 CET 2024" has them at the time, which is the usual
    Some(local - jiff::SignedDuration::from_secs(i64::from(clock.zone.seconds())))
}

/// The time of day with its zone.
struct Clock {
    time: Time,
    zone: Offset,
    /// Whether it has AM or PM, as those do who write the month first.
    halves: bool,
}

impl Clock {
    /// Takes the time out of the pieces, so that only the day is left of them.
    fn take(pieces: &mut Vec<Piece<'_>>) -> Self {
        let mut clock = Self { time: Time::midnight(), zone: Offset::UTC, halves: false };
        let two = |piece: Option<&Piece<'_>>| match piece {
            Some(Piece::Number(digits)) if digits.len() <= 2 => digits.parse::<i8>().ok(),
            _ => None,
        };
        let colon = |piece: Option<&Piece<'_>>| piece == Some(&Piece::Mark(':'));
        let start = (0..pieces.len()).find(|&at| {
            two(pieces.get(at)).is_some() && colon(pieces.get(at + 1)) && two(pieces.get(at + 2)).is_some()
        });
        let Some(start) = start else { return clock };
        let (mut hour, minute) =
            (two(pieces.get(start)).unwrap_or(0), two(pieces.get(start + 2)).unwrap_or(0));
        let mut end = start + 3;
        let mut second = 0;
        if colon(pieces.get(end))
            && let Some(found) = two(pieces.get(end + 1))
        {
            second = found;
            end += 2;
            let fraction = matches!(pieces.get(end), Some(Piece::Mark('.' | ',')));
            if fraction && matches!(pieces.get(end + 1), Some(Piece::Number(_))) {
                end += 2;
            }
        }
        let behind_blank = |at: usize| at + usize::from(pieces.get(at) == Some(&Piece::Blank));
        if let Some(Piece::Word(word)) = pieces.get(behind_blank(end)) {
            let half = word.to_ascii_lowercase();
            if matches!(half.as_str(), "am" | "pm") {
                hour = hour % 12 + if half == "pm" { 12 } else { 0 };
                clock.halves = true;
                end = behind_blank(end) + 1;
            }
        }
        if let Some(Piece::Word(word)) = pieces.get(behind_blank(end)) {
            let word = word.to_lowercase();
            if let Some((_, hours)) = ZONES.iter().find(|(zone, _)| *zone == word) {
                clock.zone = Offset::constant(*hours);
                end = behind_blank(end) + 1;
            }
        }
        if let Some((zone, behind)) = offset(pieces, behind_blank(end)) {
            clock.zone = zone;
            end = behind;
        }
        clock.time = Time::new(hour, minute, second.min(59), 0).unwrap_or(Time::midnight());
        pieces.splice(start..end, [Piece::Blank]);
        clock
    }
}

/// "+04:00", "+0400", "+04", "-3", and where it ends; never the day behind a dash.
fn offset(pieces: &[Piece<'_>], at: usize) -> Option<(Offset, usize)> {
    let sign = match pieces.get(at)? {
        Piece::Mark('+') => 1,
        Piece::Mark('-' | '−') => -1,
        _ => return None,
    };
    let Some(Piece::Number(digits)) = pieces.get(at + 1) else { return None };
    let (hours, minutes, end) = match (digits.len(), pieces.get(at + 2), pieces.get(at + 3)) {
        (1 | 2, Some(Piece::Mark(':')), Some(Piece::Number(minutes))) => {
            (digits.parse::<i32>().ok()?, minutes.parse::<i32>().ok()?, at + 4)
        }
        (1 | 2, None | Some(Piece::Blank), _) => (digits.parse().ok()?, 0, at + 2),
        (4, _, _) => (digits[..2].parse().ok()?, digits[2..].parse().ok()?, at + 2),
        _ => return None,
    };
    if hours > 15 || minutes > 59 {
        return None;
    }
    Some((Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()?, end))
}

/// The day that the pieces give, and how many words stand around it.
fn day(pieces: &[Piece<'_>], month_first: bool) -> Option<(Date, usize)> {
    let mut numbers: Vec<(&str, usize)> = Vec::new();
    let mut month = None;
    let mut words = 0;
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            // "10 AM": an hour alone
            Piece::Number(_) if is_hour(&pieces[at + 1..]) => {}
            Piece::Number(digits) => numbers.push((digits, at)),
            Piece::Word(word) => {
                // the last one: "mar" is Tuesday as well as March
                match MONTHS.month(&word.to_lowercase()) {
                    Some(found) => month = Some(found),
                    None => words += 1,
                }
            }
            _ => {}
        }
    }
    let value = |at: usize| numbers.get(at).and_then(|(digits, _)| digits.parse::<i16>().ok());
    if let Some(month) = month {
        let &[(first, _), (second, _)] = numbers.as_slice() else { return None };
        let (day, year, short) = if first.len() == 4 {
            (value(1)?, value(0)?, false)
        } else {
            (value(0)?, value(1)?, second.len() == 2)
        };
        let year = if short { year + 2000 } else { year };
        return Some((new(year, month, day)?, words));
    }
    let &[(first, at), (_, _), (last, end)] = numbers.as_slice() else { return None };
    let (a, b, c) = (value(0)?, value(1)?, value(2)?);
    let marks = &pieces[at..end];
    let mark = marks.iter().find_map(|piece| if let Piece::Mark(mark) = piece { Some(*mark) } else { None });
    let (year, month, day) = match (first.len(), last.len(), mark) {
        (4, _, _) => (a, b, c),
        (_, 4, Some('/')) if a <= 12 && (month_first || b > 12) => (c, a, b),
        // the fifth of March, or the third of May: better none than a wrong one
        (_, 4, Some('/')) if a <= 12 && b <= 12 && a != b => return None,
        (_, 4, Some('.' | '-' | '/')) => (c, b, a),
        _ => return None,
    };
    Some((new(year, i8::try_from(month).ok()?, day)?, words))
}

fn is_hour(behind: &[Piece<'_>]) -> bool {
    let next = behind.iter().find(|piece| **piece != Piece::Blank);
    matches!(next, Some(Piece::Word(word)) if word.eq_ignore_ascii_case("am") || word.eq_ignore_ascii_case("pm"))
}

fn new(year: i16, month: i8, day: i16) -> Option<Date> {
    Date::new(year, month, i8::try_from(day).ok()?).ok()
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
            assert_eq!(parse(text).map(|t| t.to_string()).as_deref(), want, "{text}");
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
