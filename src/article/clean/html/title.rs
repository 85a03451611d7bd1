//! The headline of a page: which of those that it names, and without the site's name.

use dom_query::Document;

use super::render;
use crate::article::decode;

/// Most names of sites and sections that are taken off a headline; a page made to hurt could have thousands.
const SITES: usize = 4;

/// Headings of the first rank that are looked at.
const HEADINGS: usize = 8;

/// What parts a headline from the site's name.
const MARKS: [&str; 14] =
    [" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " • ", " · ", " / ", " ‹ ", " › ", "｜", " : "];

/// The headings of the first rank: those of the article, then the others that are in no page's head.
pub(super) fn headings(document: &Document) -> Vec<String> {
    let mut ranked: Vec<(u8, String)> = Vec::new();
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
        ranked.push((rank, text));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, text)| text).collect()
}

/// The names that a site has.
pub(super) struct Sites {
    /// Letters and digits of its name.
    name: String,
    /// Words of it.
    words: usize,
    /// The part of its domain that is a name: "caliber" of caliber.az.
    label: String,
}

impl Sites {
    pub(super) fn new(name: Option<&str>, url: Option<&str>) -> Self {
        let name = name.unwrap_or_default();
        let domain = url.and_then(decode::domain).unwrap_or_default();
        // the longest part: "bbc.co.uk", "www1.wdr.de"
        let label = domain.rsplit('.').skip(1).max_by_key(|part| part.len()).unwrap_or_default();
        Self { name: letters(name), words: name.split_whitespace().count(), label: letters(label) }
    }

    /// Whether a piece of a title is the site's name, whole or with a word or two more.
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
            // a single word of the name may be what the headline speaks of: "Georgia" of "Georgia Today"
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

/// Letters and digits in small letters.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether one is the other, or begins with the whole of it.
pub(super) fn begins(a: &str, b: &str) -> bool {
    let (a, b) = (letters(a), letters(b));
    let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    short == long || short.len() > 20 && long.starts_with(short.as_str())
}

/// Whether a title has the whole of a headline in it.
pub(super) fn holds(title: &str, headline: &str) -> bool {
    let (title, own) = (letters(title), letters(headline));
    title == own || own.chars().count() > HEADING && title.contains(&own)
}

/// The first of the titles that is more than the site's name, freed of it.
pub(super) fn choose(titles: &[String], headings: &[String], sites: &Sites) -> Option<String> {
    let known: Vec<String> = headings.iter().map(|heading| letters(heading)).collect();
    // what hangs on one title and is another one is the site's name
    let hangs_on = |title: &str| {
        let own = letters(title);
        titles.iter().any(|other| {
            MARKS.iter().any(|mark| other.rsplit_once(mark).is_some_and(|(_, tail)| letters(tail) == own))
        })
    };
    let mut cut = titles.iter().map(|title| without_site(title, &known, sites));
    cut.find(|title| !sites.is_all(title) && !hangs_on(title))
        .or_else(|| titles.iter().find(|t| !t.trim().is_empty()).cloned())
}

/// A headline on one line, without " | Site" behind it or "Site: " before it.
fn without_site(title: &str, headings: &[String], sites: &Sites) -> String {
    let mut title = title.trim();
    for _ in 0..SITES {
        let ends = |at: usize, behind: usize| {
            let (head, tail) = (title[..at].trim(), title[behind..].trim());
            // what stands before the mark is the heading of the page: so the rest is none of it
            if sites.is(tail) || !head.is_empty() && headings.contains(&letters(head)) {
                Some(head)
            } else if sites.is_all(head) || headings.contains(&letters(tail)) {
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
            if sites.is_all(head) {
                Some(title[behind..].trim())
            } else {
                headings.contains(&letters(head)).then_some(head)
            }
        });
        match cut {
            Some(left) if !left.is_empty() => title = left,
            _ => break,
        }
    }
    // a section and the site may hang on without a mark that is known
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

/// Letters of a heading that no headline begins with by chance.
const HEADING: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sites_name_is_taken_off_and_never_the_headline() {
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
            assert_eq!(without_site(title, &[], &sites), want, "{title}");
        }
        let known = [letters("Two berths open")];
        let other = Sites::new(None, None);
        assert_eq!(without_site("Two berths open - Die Neue", &known, &other), "Two berths open");
        assert_eq!(without_site("Two berths open | HT | 28.04.2023", &known, &other), "Two berths open");
    }

    #[test]
    fn a_title_that_is_the_site_gives_way_to_the_next() {
        let sites = Sites::new(Some("Harbour Today"), None);
        let titles = ["Harbour Today", "Two berths open"].map(str::to_owned);
        assert_eq!(choose(&titles, &[], &sites).as_deref(), Some("Two berths open"));
        assert_eq!(choose(&titles[..1], &[], &sites).as_deref(), Some("Harbour Today"));
        assert_eq!(choose(&[], &[], &sites), None);
    }
}
