//! Finds the day in a URL.

use crate::article::{Published, date};

/// ".../2025/03/05/...", ".../2025-03-05-port", ".../05-03-2025-port", ".../20250305/port", ".../A2025030509300001".
pub(in crate::article::clean) fn day(url: &str) -> Option<Published> {
    let path = url.split(['?', '#']).next()?;
    // an archive's URL contains the page's own
    let path = path.rsplit_once("://").map_or(path, |(_, rest)| rest);
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    parts
        .windows(3)
        .find_map(|three| of(three[0], three[1], three[2]))
        .or_else(|| parts.iter().find_map(|part| in_words(part)))
        .or_else(|| parts.iter().find_map(|part| in_number(part)))
}

fn of(year: &str, month: &str, day: &str) -> Option<Published> {
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    let whole = digits(year, 4) && digits(month, 2) && digits(day, 2);
    whole.then(|| date::parse(&format!("{year}-{month}-{day}"))).flatten()
}

/// The first numbers of a part of the path: year, month and day, or day, month and year.
fn in_words(part: &str) -> Option<Published> {
    let mut numbers = part.splitn(4, ['-', '.', '_']);
    let (first, second, third) = (numbers.next()?, numbers.next()?, numbers.next()?);
    of(first, second, third).or_else(|| of(third, second, first))
}

/// A number that is a day, or begins with a day and a time: "20250305", "A2025030509300001", "08112021-port".
fn in_number(part: &str) -> Option<Published> {
    let from = part.find(|c: char| c.is_ascii_digit())?;
    let number = &part[from..];
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    let number = &number[..end];
    let two = |at: usize| number.get(at..at + 2).and_then(|two| two.parse::<u8>().ok());
    let this_century = |year: &str| year.starts_with("20") || year.starts_with("199");
    match number.len() {
        8 if from == 0 && this_century(&number[4..]) && !this_century(number) => {
            of(&number[4..], &number[2..4], &number[..2])
        }
        8 if this_century(number) => of(&number[..4], &number[4..6], &number[6..]),
        12.. if this_century(number) && two(8)? < 24 && two(10)? < 60 => {
            of(&number[..4], &number[4..6], &number[6..8])
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_day_and_no_other_number() {
        for (url, want) in [
            ("https://paper.example/2025/03/05/port", "2025-03-05"),
            ("https://paper.example/news/2025-03-05-port.html", "2025-03-05"),
            ("https://paper.example/news/05-03-2025-port", "2025-03-05"),
            ("https://paper.example/05.03.2025/port", "2025-03-05"),
            ("https://paper.example/local/20250305/115/port.html", "2025-03-05"),
            ("https://paper.example/news/A2025030509300001", "2025-03-05"),
            ("https://paper.example/view/AKR20250305151300004", "2025-03-05"),
            ("https://paper.example/news/05032025-port-reopens", "2025-03-05"),
            ("https://archive.example/web/20250307220355/http://paper.example/2025/03/05/port", "2025-03-05"),
            ("https://paper.example/news/2025/port", ""),
            ("https://paper.example/news/12345678", ""),
            ("https://paper.example/news/20251399", ""),
            ("https://paper.example/news/2025030599990001", ""),
            ("https://paper.example/?day=20250305", ""),
            ("https://2025-03-05.example/port", ""),
        ] {
            let got = day(url).map_or_else(String::new, |day| day.day().to_string());
            assert_eq!(got, want, "{url}");
        }
    }
}
