//! Parses a day, and perhaps a time and a zone, among words and marks as content management systems write them.

use std::sync::LazyLock;

use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use crate::article::junk::Junk;
use crate::article::published::Published;
use crate::files::Files;

/// Names of months in many languages. Machine-readable dates always use the compiled-in data.
static MONTHS: LazyLock<Junk> = LazyLock::new(|| {
    let files = Files::compiled_in(|path| path.ends_with("junk.toml"));
    Junk::of(&files, &mut Vec::new())
});

/// Hours by zone abbreviation; ambiguous abbreviations are left out.
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

/// A day, and perhaps a time and a zone, in any order that content management systems write them, with at most `most`
/// other words.
pub(in crate::article) fn of_words(text: &str, most: usize) -> Option<Published> {
    // JavaScript puts the zone's name after its offset
    let text = text.split_once(" (").map_or(text, |(head, _)| head);
    let mut pieces = pieces(text);
    let clock = Clock::take(&mut pieces);
    let (day, rest) = day(&pieces, clock.halves)?;
    if rest > most {
        return None;
    }
    // a zone's abbreviation may follow a year; in "15:28:56 CET 2024" it follows the time, as usual
    let at = clock.zone.to_timestamp(day.to_datetime(clock.time)).ok()?;
    Some(Published::new(at, clock.zone))
}

/// The time of day with its zone.
struct Clock {
    time: Time,
    zone: Offset,
    /// Whether it has AM or PM, as is usual where the month comes first.
    halves: bool,
}

impl Clock {
    /// Takes the time out of the pieces, so that only those of the day are left.
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

/// "+04:00", "+0400", "+04" or "-3", and where it ends; never the day after a dash.
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

/// The day that the pieces give, and how many other words there are.
fn day(pieces: &[Piece<'_>], month_first: bool) -> Option<(Date, usize)> {
    let mut numbers: Vec<(&str, usize)> = Vec::new();
    let mut month = None;
    let mut words = 0;
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            // "10 AM": an hour without minutes
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
        // 5 March or 3 May: better none than a wrong one
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
