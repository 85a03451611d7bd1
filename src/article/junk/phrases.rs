//! Finds phrases at given places of a line by their first four bytes, which quickly rules out nearly all lines.

use rustc_hash::FxHashMap;

/// Phrases to look for at certain places of a line, by their first bytes.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// By first four bytes.
    by_head: FxHashMap<u32, Vec<Box<str>>>,
    /// Shorter phrases.
    short: Vec<Box<str>>,
    /// By byte: whether a shorter phrase may begin with it; empty if there is none.
    short_firsts: Vec<bool>,
    /// One bit per [`slot`] for the heads in use, which saves nearly all look-ups.
    heads: Vec<u64>,
    /// Whether any head contains a number.
    numbers: bool,
}

/// The slot of a head among 65,536, regardless of case.
fn slot(head: u32) -> usize {
    ((head | 0x2020_2020).wrapping_mul(0x9e37_79b9) >> 16) as usize
}

impl Phrases {
    /// All of them.
    #[cfg(test)]
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.by_head.values().flatten().chain(&self.short).map(AsRef::as_ref)
    }

    pub fn add(&mut self, phrase: &str) {
        self.heads.resize(1 << 10, 0);
        let Some(head) = phrase.as_bytes().first_chunk() else { return self.add_short(phrase) };
        let head = u32::from_le_bytes(*head);
        self.by_head.entry(head).or_default().push(phrase.into());
        self.heads[slot(head) / 64] |= 1 << (slot(head) % 64);
        self.numbers |= head.to_le_bytes().contains(&b'#');
    }

    fn add_short(&mut self, phrase: &str) {
        self.short_firsts.resize(256, false);
        let first = phrase.as_bytes()[0];
        if first == b'#' {
            self.short_firsts[usize::from(b'0')..=usize::from(b'9')].fill(true);
        }
        self.short_firsts[usize::from(first)] = true;
        self.short_firsts[usize::from(first.to_ascii_uppercase())] = true;
        self.short.push(phrase.into());
    }

    /// Whether one of the phrases may be at the beginning of `rest`, folded or not.
    #[inline]
    pub fn may_be(&self, rest: &[u8]) -> bool {
        let Some(head) = rest.first_chunk::<4>() else { return !self.short.is_empty() };
        let slot = slot(u32::from_le_bytes(*head));
        self.heads.get(slot / 64).is_some_and(|bits| bits & (1 << (slot % 64)) != 0)
            || self.numbers && head.iter().any(u8::is_ascii_digit)
            || self.short_firsts.get(usize::from(head[0])) == Some(&true)
    }

    /// Whether one of the phrases is at `at` and `fits` there.
    pub fn any_at(&self, line: &str, at: usize, fits: impl Fn(&str, usize, &str) -> bool) -> bool {
        let rest = &line.as_bytes()[at..];
        let head = rest.first_chunk().map(|head| u32::from_le_bytes(*head));
        let list = head.and_then(|head| self.by_head.get(&head));
        list.into_iter()
            .flatten()
            .chain(&self.short)
            .any(|phrase| rest.starts_with(phrase.as_bytes()) && fits(line, at, phrase))
    }
}

/// Whether a word may begin at `at`.
pub(super) fn begins_word(line: &str, at: usize) -> bool {
    line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric())
}

/// Whether no word continues after a phrase at `at`.
pub(super) fn ends(line: &str, at: usize, phrase: &str) -> bool {
    phrase.chars().next_back().is_some_and(|c| !c.is_alphanumeric())
        || line[at + phrase.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric())
}
