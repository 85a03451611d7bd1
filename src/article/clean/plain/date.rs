//! The day on a line of its own: "15 April 2025 11:42", "Apr. 15, 2025", "15.04.2025", "2025-04-15".
//!
//! Names of months are data: `months` in each language's `junk.toml`.

use jiff::civil::{Date, Time};

use crate::article::Published;
use crate::article::date::{of_words, utc};
use crate::article::junk::Junk;

/// Bytes of the longest line that can be a date with a few words around it.
const LONGEST: usize = 90;

/// Most words besides the date.
const WORDS: usize = 5;

/// The day, and the time if there is one, of a line that says little else. A time without a zone is taken as UTC.
pub(in crate::article::clean) fn of_line(line: &str, junk: &Junk) -> Option<Published> {
    read(line, WORDS, junk)
}

/// The day of a text that is nothing but a date, perhaps with a weekday.
pub(in crate::article::clean) fn is_day(text: &str, junk: &Junk) -> Option<Published> {
    read(text, 1, junk)
}

fn read(line: &str, most: usize, junk: &Junk) -> Option<Published> {
    if line.len() > LONGEST || !line.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut parts = Vec::new();
    for word in line.split(|c: char| !(c.is_alphanumeric() || matches!(c, ':' | '-' | '.' | '/'))) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if !word.is_empty() {
            parts.push(Part::of(word, junk));
        }
    }
    let words = parts.iter().filter(|part| matches!(part, Part::Word)).count();
    if words > most {
        return None;
    }
    let date = parts.iter().enumerate().find_map(|(at, part)| match *part {
        Part::Date(date) => Some(date),
        Part::Month(month) => written(&parts, at, month),
        _ => None,
    });
    // "2025年3月5日", "2025. 3. 5." and others that are not separated by blanks
    let Some(date) = date else { return of_words(line, most).filter(|_| has_a_year(line)) };
    let time = parts.iter().find_map(|part| match *part {
        Part::Time(time) => Some(time),
        _ => None,
    });
    utc(date.to_datetime(time.unwrap_or_default()))
}

/// Whether a text has a number that can only be a year: "5 May, 12 o'clock" has none.
fn has_a_year(text: &str) -> bool {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit());
    numbers.any(|number| number.len() == 4 && (number.starts_with("19") || number.starts_with("20")))
}

/// A word of a date line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Number(i16),
    Month(i8),
    Date(Date),
    Time(Time),
    Word,
}

impl Part {
    fn of(word: &str, junk: &Junk) -> Self {
        if let Some(number) = word.parse().ok().or_else(|| ordinal(word, junk)) {
            return Self::Number(number);
        }
        if let Some(date) = numeric(word) {
            return Self::Date(date);
        }
        if let Some(time) = time(word) {
            return Self::Time(time);
        }
        junk.month(&word.to_lowercase()).map_or(Self::Word, Self::Month)
    }
}

/// Day and year around a month's name: "15 April 2025", "April 15, 2025", "15 de abril de 2025".
fn written(parts: &[Part], at: usize, month: i8) -> Option<Date> {
    let number = |part: Option<&Part>| match part {
        Some(Part::Number(number)) => Some(*number),
        _ => None,
    };
    let is_word = |part: Option<&Part>| matches!(part, Some(Part::Word));
    let behind = |from: usize| number(parts.get(from + usize::from(is_word(parts.get(from)))));
    let before = at.checked_sub(1).and_then(|i| {
        number(parts.get(i))
            .or_else(|| if is_word(parts.get(i)) { number(parts.get(i.checked_sub(1)?)) } else { None })
    });
    let (day, year) = match (before, behind(at + 1)) {
        (Some(day), Some(year)) if year > 31 => (day, year),
        (_, Some(day)) => (day, behind(at + 2)?),
        _ => return None,
    };
    date(year, month, day)
}

/// The number in "15th".
fn ordinal(word: &str, junk: &Junk) -> Option<i16> {
    let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
    junk.is_ordinal(&word[digits.len()..]).then(|| digits.parse().ok())?
}

/// "2025-04-15", "15.04.2025", "15/04/2025"; `None` if day and month could be swapped.
fn numeric(word: &str) -> Option<Date> {
    let word = word.split_once('T').map_or(word, |(day, _)| day);
    let mark = ['-', '.', '/'].into_iter().find(|mark| word.contains(*mark))?;
    let mut numbers = word.split(mark).map(|n| n.parse::<i16>().ok());
    let (a, b, c) = (numbers.next()??, numbers.next()??, numbers.next()??);
    if numbers.next().is_some() {
        return None;
    }
    if a > 31 {
        return date(a, i8::try_from(b).ok()?, c);
    }
    let (day, month) = match mark {
        '/' if a > 12 => (a, b),
        '/' if b > 12 => (b, a),
        '/' if a != b => return None,
        _ => (a, b),
    };
    // "15.04.25": only writers who use points are certain to put the day first
    let short =
        mark == '.' && (1..50).contains(&c) && word.rsplit(mark).next().is_some_and(|year| year.len() == 2);
    let c = if short { c + 2000 } else { c };
    date(c, i8::try_from(month).ok()?, day)
}

fn date(year: i16, month: i8, day: i16) -> Option<Date> {
    if !(1900..2200).contains(&year) {
        return None;
    }
    Date::new(year, month, i8::try_from(day).ok()?).ok()
}

/// "11:42", "11:42:05".
fn time(word: &str) -> Option<Time> {
    let mut numbers = word.split(':').map(|n| n.parse::<i8>().ok());
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    Time::new(hour, minute, numbers.next().unwrap_or(Some(0))?, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Files;

    #[test]
    fn reads_the_dates_of_pages() {
        let junk = Junk::of(&Files::default(), &mut Vec::new());
        for (line, want) in [
            ("15 April 2025 11:42", Some("2025-04-15T11:42:00Z")),
            ("15.04.25", Some("2025-04-15T00:00:00Z")),
            ("15/04/25", None),
            ("April 15, 2025", Some("2025-04-15T00:00:00Z")),
            ("Tuesday, Apr. 15th, 2025 at 09:05", Some("2025-04-15T09:05:00Z")),
            ("11:42, 15 апреля 2025 г.", Some("2025-04-15T11:42:00Z")),
            ("15 aprel 2025, 11:42", Some("2025-04-15T11:42:00Z")),
            ("15 Nisan 2025 Salı", Some("2025-04-15T00:00:00Z")),
            ("15 квітня 2025", Some("2025-04-15T00:00:00Z")),
            ("15 ապրիլի 2025", Some("2025-04-15T00:00:00Z")),
            ("le 1er avril 2025 à 11:42", Some("2025-04-01T11:42:00Z")),
            ("15. April 2025", Some("2025-04-15T00:00:00Z")),
            ("15 de abril de 2025", Some("2025-04-15T00:00:00Z")),
            ("15 أبريل 2025", Some("2025-04-15T00:00:00Z")),
            ("15.04.2025 | 11:42", Some("2025-04-15T11:42:00Z")),
            ("2025-04-15", Some("2025-04-15T00:00:00Z")),
            ("15/04/2025", Some("2025-04-15T00:00:00Z")),
            ("04/15/2025", Some("2025-04-15T00:00:00Z")),
            ("04/05/2025", None),
            ("31 February 2025", None),
            ("15 April, 12 Uhr", None),
            ("2025年4月15日 11:42", Some("2025-04-15T11:42:00Z")),
            ("April 2025", None),
            ("15 April", None),
            ("The talks of 15 April 2025 brought no result, both sides said", None),
            ("11:42", None),
            ("9 9 9", None),
            ("May 99999 2025", None),
        ] {
            assert_eq!(of_line(line, &junk).map(|t| t.to_string()).as_deref(), want, "{line}");
        }
    }
}
