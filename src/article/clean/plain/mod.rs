//! Extracts the article from scraped plain text: removes menus, buttons, counters, small print, lists of other
//! articles.
//!
//! A text in which nothing of that kind is found is returned unchanged, byte for byte. Otherwise each line is
//! classified ([`line`]), the run of paragraphs is found, and the headline and the date are looked for above it.

pub(super) mod date;
mod line;

use crate::article::Published;
use crate::article::junk::{Junk, Sign};
pub(super) use line::ends_a_sentence;
use line::{Kind, Line};

/// What remains of a text, and what was above the body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cleared {
    /// The body.
    pub(super) text: String,
    /// The headline, if it was wanted and found.
    pub(super) title: Option<String>,
    /// The date above the body, or directly below it.
    pub(super) published_at: Option<Published>,
}

/// The weight of junk from which a text's other lines are doubted as well: a strong sign weighs 2, a weak one 1. A
/// quoted button or a photo credit within an article stays below that.
const ENOUGH: usize = 4;

/// Cleans a text that came as plain text.
pub(super) fn clear(text: String, title: &str, junk: &Junk) -> Cleared {
    let weight = weigh(&text, junk);
    if weight < ENOUGH {
        return Cleared { text, ..Cleared::default() };
    }
    let lines = line::classify(&text, junk);
    let Some(body) = Body::find(&lines, title) else {
        return Cleared { text, ..Cleared::default() };
    };
    let (headline, deck) = body.headline(&lines, title);
    let keep = body.keep(&lines, deck);
    let near = body.start.saturating_sub(12)..(body.end + 6).min(lines.len());
    let published_at = lines[near].iter().find_map(|line| match line.kind {
        Kind::Date(date) => Some(date),
        _ => None,
    });
    Cleared { text: join(&lines, &keep), title: headline, published_at }
}

/// Takes the headline off a text that is no page: a line that does not end like a sentence, apart from the paragraph
/// below it. Returns the headline and where the body begins.
pub(super) fn headline<'t>(text: &'t str, junk: &Junk) -> Option<(&'t str, usize)> {
    let lines = line::classify(text, junk);
    let mut written = lines.iter().enumerate().filter(|(_, line)| line.kind != Kind::Blank);
    let ((first, head), (next, below)) = (written.next()?, written.next()?);
    let apart = next > first + 1 && matches!(below.kind, Kind::Prose | Kind::Sentence);
    let body = lines[..next].iter().map(|line| line.whole.len()).sum();
    (apart && head.kind == Kind::Short && head.is_headline()).then_some((head.text, body))
}

/// Cleans the text found in a page: most of it is the article, so unclassified lines are trusted.
pub(super) fn tidy(text: &str, title: &str, junk: &Junk) -> String {
    let lines = line::classify(text, junk);
    let mut keep: Vec<bool> = lines.iter().map(|line| !line.is_junk()).collect();
    let first = lines.iter().position(|line| line.kind == Kind::Prose).unwrap_or(lines.len());
    let total = prose(&lines);
    let second = lines.iter().skip(first + 1).position(|line| line.kind == Kind::Prose);
    let second = second.map_or(first, |at| first + 1 + at);
    let (mut seen, mut below_head) = (0, false);
    for (at, line) in lines.iter().enumerate() {
        // a lead may precede the day and the byline
        let head = at < second && matches!(line.kind, Kind::Date(_) | Kind::Byline);
        keep[at] &= !(head || at < first && is_headline(line.text, title));
        seen += if line.kind == Kind::Prose { line.text.len() } else { 0 };
        if line.kind == Kind::Junk(Sign::End) && seen * 6 > total * 5 {
            keep[at..].fill(false);
            break;
        }
        match line.kind {
            Kind::Junk(sign) => below_head |= sign >= Sign::Head,
            Kind::Prose | Kind::Sentence => below_head = false,
            Kind::Short => keep[at] &= !below_head,
            _ => {}
        }
    }
    join(&lines, &keep)
}

/// The weight of the junk at both ends of a text, counting each sign once; stops when it is enough.
///
/// What is between the paragraphs of a clean article (a caption, a link to another) is no sign of a page. On either
/// side one paragraph is skipped, as small print can be as long.
fn weigh(text: &str, junk: &Junk) -> usize {
    let mut buffer = String::new();
    let mut seen = Vec::new();
    let mut weight = 0;
    let mut add = |line: &str| {
        if let Some(sign) = junk.sign(line, &mut buffer)
            && !seen.contains(&buffer)
        {
            seen.push(buffer.clone());
            weight += if sign == Sign::Weak { 1 } else { 2 };
        }
        weight >= ENOUGH
    };
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut paragraphs = 0;
    for line in lines.by_ref() {
        paragraphs += usize::from(line::is_paragraph(line));
        if paragraphs == 2 {
            break;
        }
        if add(line) {
            return ENOUGH;
        }
    }
    for line in lines.rev() {
        paragraphs += usize::from(line::is_paragraph(line));
        if paragraphs == 4 || add(line) {
            break;
        }
    }
    weight
}

/// The number of bytes of prose.
fn prose(lines: &[Line<'_>]) -> usize {
    lines.iter().filter(|line| line.kind == Kind::Prose).map(|line| line.text.len()).sum()
}

/// The lines of the article's body; `end` is exclusive.
#[derive(Debug, Clone, Copy)]
struct Body {
    start: usize,
    end: usize,
}

impl Body {
    /// The lines from the first to the last paragraph: after the headline if it is known, and before a list of other
    /// articles that follows most of the prose.
    fn find(lines: &[Line<'_>], title: &str) -> Option<Self> {
        let is_prose = |line: &Line<'_>| line.kind == Kind::Prose;
        let total = prose(lines);
        let mut from = 0;
        if !title.trim().is_empty()
            && let Some(at) = lines.iter().position(|line| same(line.text, title))
            && prose(&lines[at..]) * 2 > total
        {
            from = at + 1;
        }
        let mut start = from + lines[from..].iter().position(is_prose)?;
        let mut end = lines.iter().rposition(is_prose)? + 1;
        let total = prose(&lines[start..]);
        let mut seen = 0;
        for (at, line) in lines.iter().enumerate().take(end).skip(start) {
            seen += if is_prose(line) { line.text.len() } else { 0 };
            if line.kind == Kind::Junk(Sign::End) && seen * 2 > total {
                end = lines[..at].iter().rposition(is_prose)? + 1;
                break;
            }
        }
        let written = |line: &Line<'_>| line.kind != Kind::Blank;
        while let Some(at) =
            lines[from..start].iter().rposition(written).filter(|at| lines[from + at].is_said())
        {
            start = from + at;
        }
        while let Some(at) = lines[end..].iter().position(written).filter(|at| lines[end + at].is_said()) {
            end += at + 1;
        }
        Some(Self { start, end })
    }

    /// The headline above the body if the event gives none, and the line from which decks are kept.
    fn headline(self, lines: &[Line<'_>], title: &str) -> (Option<String>, usize) {
        if !title.trim().is_empty() {
            let known = lines[..self.start].iter().rposition(|line| same(line.text, title));
            return (None, known.map_or(self.start, |at| at + 1));
        }
        let mut found = None;
        for (at, line) in lines[..self.start].iter().enumerate().rev() {
            match line.kind {
                Kind::Date(_) | Kind::Byline | Kind::Blank => {}
                Kind::Short | Kind::Sentence if line.is_headline() => found = Some(at),
                _ if found.is_some() => break,
                _ => {}
            }
        }
        (found.map(|at| lines[at].text.to_owned()), found.map_or(self.start, |at| at + 1))
    }

    /// Which lines to keep: paragraphs, what is between them except junk, and decks between headline and body.
    fn keep(self, lines: &[Line<'_>], deck: usize) -> Vec<bool> {
        let mut keep = vec![false; lines.len()];
        let mut below_head = false;
        for (at, line) in lines.iter().enumerate().take(self.end).skip(deck.min(self.start)) {
            let in_body = at >= self.start;
            keep[at] = match line.kind {
                Kind::Prose | Kind::Sentence => true,
                Kind::Blank => in_body,
                Kind::Short => (in_body && !below_head) || (!in_body && line.words >= 4),
                Kind::Date(_) | Kind::Byline => in_body && !below_head,
                Kind::Junk(_) => false,
            };
            match line.kind {
                Kind::Prose => below_head = false,
                Kind::Junk(sign) => below_head |= sign >= Sign::Head,
                _ => {}
            }
        }
        keep
    }
}

/// Joins the kept lines as in the source; where lines are dropped, at most one blank line remains.
fn join(lines: &[Line<'_>], keep: &[bool]) -> String {
    let mut out = String::new();
    let mut gap = false;
    for (line, keep) in lines.iter().zip(keep) {
        if !keep || (line.kind == Kind::Blank && (gap || out.is_empty())) {
            gap |= line.kind != Kind::Blank;
            continue;
        }
        if line.kind != Kind::Blank && gap && !out.is_empty() && !out.ends_with("\n\n") {
            out.push('\n');
        }
        gap &= line.kind == Kind::Blank;
        out.push_str(line.whole);
    }
    out.truncate(out.trim_end().len());
    out
}

/// Whether a line is the headline, perhaps after a word or two.
fn is_headline(line: &str, title: &str) -> bool {
    let behind = [": ", " - ", " – ", " | "].iter().filter_map(|mark| line.split_once(mark));
    same(line, title) || title.len() > 20 && behind.into_iter().any(|(_, rest)| same(rest, title))
}

/// Whether a line equals the headline, comparing only letters and digits.
fn same(line: &str, title: &str) -> bool {
    let letters = |text: &'_ str| -> Vec<char> {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let close = line.len() <= title.len() * 2 + 16 && title.len() <= line.len() * 2 + 16;
    close && !title.is_empty() && letters(line) == letters(title)
}

#[cfg(test)]
mod tests;
