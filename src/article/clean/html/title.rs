//! Chooses the headline of a page among its candidates, and removes the site's name.

use dom_query::{Document, NodeRef};

use super::render;
use crate::article::clean::plain::date::is_day;
use crate::article::decode;
use crate::article::junk::Junk;

/// Most names of sites and sections to remove from a headline; a hostile page could have thousands.
const SITES: usize = 4;

/// Most `h1` headings to look at.
const HEADINGS: usize = 8;

/// Marks that separate a headline from the site's name.
const MARKS: [&str; 14] =
    [" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " • ", " · ", " / ", " ‹ ", " › ", "｜", " : "];

/// The `h1` headings: those in an article, then the others outside of page headers, then the rest.
pub(super) fn headings(document: &Document) -> Vec<(NodeRef<'_>, String)> {
    let mut ranked: Vec<(u8, NodeRef<'_>, String)> = Vec::new();
    for node in document.select("h1").nodes().iter().take(HEADINGS) {
        let text = render::inline_text(node);
        if !text.chars().any(char::is_alphabetic) {
            continue;
        }
        let within = |names: &[&str]| {
            node.ancestors_it(None)
                .any(|above| above.qual_name_ref().is_some_and(|name| names.contains(&&*name.local)))
        };
        let rank = match (within(&["article", "main"]), within(&["header", "nav", "footer", "aside"])) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => 2,
        };
        ranked.push((rank, *node, text));
    }
    ranked.sort_by_key(|(rank, ..)| *rank);
    ranked.into_iter().map(|(_, node, text)| (node, text)).collect()
}

/// The pieces of a title between marks.
pub(super) fn pieces(title: &str) -> impl Iterator<Item = &str> {
    title.split(['|', '·', '•', '»', '«', '｜']).flat_map(|piece| piece.split(" - ")).flat_map(|piece| {
        let parts = piece.split(" – ").flat_map(|part| part.split(" — ")).flat_map(|part| part.split(", "));
        parts.map(str::trim)
    })
}

/// The names of a site.
pub(super) struct Sites {
    /// Letters and digits of its name.
    name: String,
    /// The number of words in it.
    words: usize,
    /// The part of its domain that is a name: "caliber" of caliber.az.
    label: String,
}

impl Sites {
    pub(super) fn new(name: Option<&str>, url: Option<&str>) -> Self {
        let name = name.unwrap_or_default();
        let domain = url.and_then(decode::domain).unwrap_or_default();
        // the longest label: "bbc.co.uk", "www1.wdr.de"
        let label = domain.rsplit('.').skip(1).max_by_key(|part| part.len()).unwrap_or_default();
        Self { name: letters(name), words: name.split_whitespace().count(), label: letters(label) }
    }

    /// Whether a piece of a title is the site's name, alone or with another word or two.
    fn is(&self, piece: &str) -> bool {
        let own = letters(piece);
        let words = piece.split_whitespace().count();
        let long = |name: &str| name.len() > 3;
        if own.is_empty() {
            return false;
        }
        own == self.name
            || own == self.label
            || long(&self.name) && words <= self.words + 2 && own.contains(&self.name)
            // a single word of the name may be the subject of the headline: "Georgia" of "Georgia Today"
            || long(&own) && words > 1 && self.name.contains(&own)
            || long(&self.label) && words <= 3 && own.contains(&self.label)
            || is_domain(piece)
    }

    /// Whether a title is nothing but the site's name.
    fn is_all(&self, title: &str) -> bool {
        let own = letters(title);
        own.is_empty() || own == self.name || own == self.label || is_domain(title)
    }
}

fn is_domain(piece: &str) -> bool {
    !piece.contains(' ')
        && piece.rsplit_once('.').is_some_and(|(name, tld)| {
            (2..=4).contains(&tld.len())
                && tld.bytes().all(|b| b.is_ascii_alphabetic())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
        })
}

/// Letters and digits in lower case.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether the texts are equal or one begins with the other.
pub(super) fn begins(a: &str, b: &str) -> bool {
    let (a, b) = (letters(a), letters(b));
    let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    short == long || short.len() > 20 && long.starts_with(short.as_str())
}

/// Whether a title contains a whole headline.
pub(super) fn holds(title: &str, headline: &str) -> bool {
    let (title, own) = (letters(title), letters(headline));
    title == own || own.chars().count() > HEADING && title.contains(&own)
}

/// The first title that is more than the site's name, with that name removed.
pub(super) fn choose(titles: &[String], headings: &[String], sites: &Sites, junk: &Junk) -> Option<String> {
    let known: Vec<String> = headings.iter().map(|heading| letters(heading)).collect();
    // a title that is appended to another title is the site's name
    let hangs_on = |title: &str| {
        let own = letters(title);
        titles.iter().any(|other| {
            MARKS.iter().any(|mark| other.rsplit_once(mark).is_some_and(|(_, tail)| letters(tail) == own))
        })
    };
    let cut = titles.iter().map(|title| without_site(title, &known, sites, junk));
    let cut: Vec<String> = cut.filter(|title| !sites.is_all(title) && !hangs_on(title)).collect();
    // a title that is also the page's heading is more reliable
    let shown = |title: &&String| {
        let own = letters(title);
        known.contains(&own) && cut.iter().filter(|other| letters(other) == own).count() > 1
    };
    let chosen = cut.iter().find(shown).or_else(|| cut.first()).cloned();
    let chosen = chosen.map(|title| without_kicker(&title, headings).unwrap_or(title));
    chosen.or_else(|| titles.iter().find(|t| !t.trim().is_empty()).cloned())
}

/// A title without its kicker ("Harbour: …"), if a heading has the same text after another kicker.
fn without_kicker(title: &str, headings: &[String]) -> Option<String> {
    let behind = |text: &'_ str| {
        let marks = MARKS.iter().chain(&[": "]);
        marks.filter_map(|mark| text.find(mark).map(|at| at + mark.len())).min()
    };
    let is_kicker = |text: &str, at: usize| text[..at].split_whitespace().take(KICKER + 1).count() <= KICKER;
    let at = behind(title).filter(|at| is_kicker(title, *at))?;
    let tail = title[at..].trim();
    let own = letters(tail);
    let same = |heading: &String| {
        behind(heading).is_some_and(|at| is_kicker(heading, at) && letters(&heading[at..]) == own)
    };
    let whole = letters(title);
    let shown = headings.iter().any(|heading| same(heading) && letters(heading) != whole);
    (own.chars().count() > KICKED && shown).then(|| tail.to_owned())
}

/// Most words in a kicker.
const KICKER: usize = 5;

/// Letters from which the rest is a headline without its kicker.
const KICKED: usize = 20;

/// A headline on one line, without " | Site" after it or "Site: " before it.
fn without_site(title: &str, headings: &[String], sites: &Sites, junk: &Junk) -> String {
    let known = |piece: &str| !piece.is_empty() && headings.contains(&letters(piece));
    // next to a longer piece, a heading of a word or two is the name of the site or a section
    let is_short = |piece: &str, other: &str| {
        piece.split_whitespace().count() <= SHORT && letters(piece).len() * 2 < letters(other).len()
    };
    let is_heading = |piece: &str, other: &str| known(piece) && !is_short(piece, other);
    let is_name = |piece: &str, other: &str| known(piece) && is_short(piece, other);
    let is_other = |piece: &str| sites.is_all(piece) || is_day(piece, junk).is_some();
    let mut title = title.trim();
    for _ in 0..SITES {
        let ends = |at: usize, behind: usize| {
            let (head, tail) = (title[..at].trim(), title[behind..].trim());
            // the page's heading precedes the mark, so the rest is not part of it
            if sites.is(tail) || is_day(tail, junk).is_some() || is_heading(head, tail) {
                Some(head)
            } else if is_other(head) || is_heading(tail, head) {
                Some(tail)
            } else if is_name(tail, head) {
                Some(head)
            } else if is_name(head, tail) {
                Some(tail)
            } else {
                None
            }
        };
        let last = MARKS.iter().filter_map(|mark| title.rfind(mark).map(|at| (at, at + mark.len()))).max();
        let first = MARKS
            .iter()
            .chain(&[": "])
            .filter_map(|mark| title.find(mark).map(|at| (at, at + mark.len())))
            .min();
        let in_brackets = title.strip_suffix([')', ']']).and_then(|open| {
            let at = open.rfind(['(', '['])?;
            sites.is(&open[at + 1..]).then(|| title[..at].trim())
        });
        let cut = in_brackets.or_else(|| last.and_then(|(at, behind)| ends(at, behind))).or_else(|| {
            let (at, behind) = first?;
            let head = title[..at].trim();
            let rest = title[behind..].trim();
            if is_other(head) || is_name(head, rest) {
                Some(rest)
            } else {
                is_heading(head, rest).then_some(head)
            }
        });
        match cut {
            Some(left) if !left.is_empty() => title = left,
            _ => break,
        }
    }
    // a section and the site may follow without a known mark
    let own = letters(title);
    if let Some(heading) =
        headings.iter().find(|h| h.chars().count() > HEADING && own.starts_with(h.as_str()))
    {
        let mut left = heading.chars().count();
        let end = title.char_indices().find(|(_, c)| {
            if c.is_alphanumeric() {
                if left == 0 {
                    return true;
                }
                left = left.saturating_sub(c.to_lowercase().count());
            }
            false
        });
        let (head, tail) = title.split_at(end.map_or(title.len(), |(at, _)| at));
        let name = letters(tail);
        if !sites.name.is_empty() && name.ends_with(&sites.name) {
            title = head.trim_end_matches(|c: char| {
                c.is_whitespace() || matches!(c, '-' | '|' | '–' | '—' | '·' | ':' | '/')
            });
        }
    }
    if title.contains(['\n', '\r']) {
        return title.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    title.to_owned()
}

/// Most words of a heading that is a name.
const SHORT: usize = 3;

/// Letters from which a headline does not begin with a heading by chance.
const HEADING: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sites_name_is_taken_off_and_never_the_headline() {
        let junk = Junk::of(&crate::files::Files::default(), &mut Vec::new());
        let sites = Sites::new(Some("Harbour Today"), Some("https://www.harbourtoday.example/1"));
        for (title, want) in [
            ("Two berths open | Harbour Today", "Two berths open"),
            ("Two berths open • Harbour Today", "Two berths open"),
            ("Two berths open · Harbour Today", "Two berths open"),
            ("Two berths open / harbourtoday.example", "Two berths open"),
            ("Two berths open (Harbour Today)", "Two berths open"),
            ("Two berths open - Ports - Harbour Today", "Two berths open - Ports"),
            ("Harbour Today: Two berths open", "Two berths open"),
            ("Harbour Today | Two berths open", "Two berths open"),
            ("Two berths open – Harbour", "Two berths open – Harbour"),
            ("Minister: two berths open - $75.50", "Minister: two berths open - $75.50"),
            ("Two\n berths", "Two berths"),
        ] {
            assert_eq!(without_site(title, &[], &sites, &junk), want, "{title}");
        }
        let known = [letters("Two berths open")];
        let other = Sites::new(None, None);
        assert_eq!(without_site("Two berths open - Die Neue", &known, &other, &junk), "Two berths open");
        assert_eq!(
            without_site("Two berths open | HT | 28.04.2023", &known, &other, &junk),
            "Two berths open"
        );
    }

    #[test]
    fn a_title_that_is_the_site_gives_way_to_the_next() {
        let junk = Junk::of(&crate::files::Files::default(), &mut Vec::new());
        let sites = Sites::new(Some("Harbour Today"), None);
        let titles = ["Harbour Today", "Two berths open"].map(str::to_owned);
        assert_eq!(choose(&titles, &[], &sites, &junk).as_deref(), Some("Two berths open"));
        assert_eq!(choose(&titles[..1], &[], &sites, &junk).as_deref(), Some("Harbour Today"));
        assert_eq!(choose(&[], &[], &sites, &junk), None);
    }
}
