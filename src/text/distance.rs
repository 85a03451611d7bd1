//! How many letters two words differ by.

/// The Levenshtein distance in bytes; `most` + 1 for anything above `most`.
pub fn distance(one: &str, other: &str, most: usize) -> usize {
    if one.len().abs_diff(other.len()) > most {
        return most + 1;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.bytes().enumerate() {
        let mut before = std::mem::replace(&mut row[0], at + 1);
        let mut least = row[0];
        for (to, target) in other.bytes().enumerate() {
            let change = before + usize::from(letter != target);
            before = row[to + 1];
            row[to + 1] = change.min(row[to] + 1).min(before + 1);
            least = least.min(row[to + 1]);
        }
        if least > most {
            return most + 1;
        }
    }
    row[other.len()].min(most + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_levenshtein() {
        for (one, other, most, want) in [
            ("abc", "abc", 2, 0),
            ("abc", "axc", 2, 1),
            ("abc", "ab", 2, 1),
            ("abc", "cab", 2, 2),
            ("abcd", "wxyz", 2, 3),
            ("", "ab", 2, 2),
        ] {
            assert_eq!(distance(one, other, most), want, "{one} {other}");
        }
    }
}
