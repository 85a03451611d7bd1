//! Renders a tagged article for a person: what was found, and the text with the evidence marked.
//!
//! Always written with colours; `anstream` strips them if the output is not a terminal or `NO_COLOR` is set. Text from
//! an article goes through [`visible`]: its escapes must not move the cursor, set the window title or fill the
//! clipboard.

use std::borrow::Cow;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use presswatch::article::Source;
use presswatch::official::Citation;
use presswatch::tagging::Tagged;
use presswatch::text::{Field, Span};
use serde::Deserialize;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const COUNTRY: Style = AnsiColor::Green.on_default();
const TOPIC: Style = AnsiColor::Yellow.on_default();
const OFFICIAL: Style = AnsiColor::Cyan.on_default().bold();
const QUOTE: Style = AnsiColor::Magenta.on_default();

/// Width of the labels on the left.
const LABEL: usize = 11;

/// Maximum width of the text.
const WIDTH: usize = 100;

/// The whole article with its text.
pub fn article(tagged: &Tagged) -> String {
    let mut out = summary(tagged);
    out.push('\n');
    for line in marked(tagged).lines() {
        out.push_str(line);
        out.push('\n');
    }
    out.push('\n');
    out
}

/// A character of an article made safe for a terminal: controls other than newline and tab, and invisible characters
/// that change text direction or break lines, become U+FFFD.
pub fn visible(c: char) -> char {
    let unseen = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    if unseen || (c.is_control() && !matches!(c, '\n' | '\t')) { '\u{fffd}' } else { c }
}

/// A text of an article that may have several lines, with any kind of line ending.
pub fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").chars().map(visible).collect()
}

/// A text of an article that must stay on one line: a newline would forge the next.
pub fn row(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { '\u{fffd}' } else { visible(c) }).collect()
}

/// A body for output: unchanged for a file or another program, made visible for a terminal.
pub fn body(body: &[u8], terminal: bool) -> Cow<'_, [u8]> {
    if terminal {
        Cow::Owned(lines(&String::from_utf8_lossy(body)).into_bytes())
    } else {
        Cow::Borrowed(body)
    }
}

/// A published alert.
#[derive(Debug, Deserialize)]
pub struct Alert {
    data: Tagged,
}

/// An alert without the text.
pub fn alert(alert: &Alert) -> String {
    summary(&alert.data)
}

/// A published notice, as far as it is shown.
#[derive(Debug, Deserialize)]
pub struct Notice {
    data: NoticeData,
}

#[derive(Debug, Deserialize)]
struct NoticeData {
    article: Reference,
    watches: Vec<Watch>,
}

#[derive(Debug, Deserialize)]
struct Reference {
    title: String,
    url: Option<String>,
    source: Source,
}

#[derive(Debug, Deserialize)]
struct Watch {
    name: String,
    severity: String,
    clauses: Vec<Clause>,
}

#[derive(Debug, Deserialize)]
struct Clause {
    excerpt: Option<Excerpt>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Excerpt {
    text: String,
}

/// A notice: the headline, and for each watch the sentences that made it match.
pub fn notice(notice: &Notice) -> String {
    let Reference { title, url, source } = &notice.data.article;
    let mut out = String::new();
    let title = if title.is_empty() { "(no headline)" } else { title };
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}", row(title));
    let facts = [source.name.as_ref().or(source.domain.as_ref()), url.as_ref()];
    let facts: Vec<&str> = facts.into_iter().flatten().map(String::as_str).collect();
    let _ = writeln!(out, "{DIM}{}{DIM:#}", row(&facts.join(" · ")));
    for watch in &notice.data.watches {
        line(&mut out, &row(&watch.severity), TOPIC, &watch.name);
        let mut shown: Vec<&str> = Vec::new();
        for Excerpt { text } in watch.clauses.iter().filter_map(|clause| clause.excerpt.as_ref()) {
            if !shown.contains(&text.as_str()) {
                shown.push(text);
                line(&mut out, "", Style::new(), text);
            }
        }
    }
    out
}

/// Headline and tags, without the text.
pub fn summary(tagged: &Tagged) -> String {
    let mut out = String::new();
    let title = if tagged.title.is_empty() { "(no headline)" } else { &tagged.title };
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}", row(title));
    let mut facts = vec![tagged.language.clone()];
    facts.extend(tagged.source.name.clone().or_else(|| tagged.source.domain.clone()));
    facts.extend(tagged.published_at.map(|t| t.local().strftime("%Y-%m-%d %H:%M").to_string()));
    let _ = writeln!(out, "{DIM}{}{DIM:#}", row(&facts.join(" · ")));
    let (focus, named): (Vec<_>, Vec<_>) = tagged.countries.iter().partition(|c| c.focus);
    let listed = |list: &[&presswatch::country::Country]| {
        list.iter().map(|c| format!("{} {}", c.code, c.name)).collect::<Vec<_>>().join(", ")
    };
    line(&mut out, "about", COUNTRY, &listed(&focus));
    line(&mut out, "names", DIM, &listed(&named));
    let topics: Vec<String> =
        tagged.topics.iter().map(|t| format!("{} {:.0}%", t.name, t.relevance * 100.0)).collect();
    line(&mut out, "topics", TOPIC, &topics.join(", "));
    for official in &tagged.officials {
        let country = official.country.as_ref().map_or(String::new(), |c| format!(", {c}"));
        let citation = match official.citation {
            Citation::Mentioned => "named",
            Citation::Paraphrased => "paraphrased",
            Citation::Quoted => "quoted",
        };
        let text = format!("{} ({}{country}): {citation}", official.name, official.office);
        line(&mut out, "official", OFFICIAL, &text);
    }
    for quote in tagged.quotes.iter().filter(|q| q.speaker.is_some()) {
        let speaker = quote.speaker.as_ref().map_or("?", |s| s.name.as_deref().unwrap_or(&s.mention.exact));
        let words = quote.exact.split_whitespace().collect::<Vec<_>>().join(" ");
        line(&mut out, "says", QUOTE, &format!("{speaker}: {}", short(&words, 160)));
    }
    out
}

fn line(out: &mut String, label: &str, style: Style, text: &str) {
    if !text.is_empty() {
        let _ = writeln!(out, "{DIM}{label:>LABEL$}{DIM:#}  {style}{}{style:#}", row(text));
    }
}

/// The first `most` characters, with an ellipsis if there are more.
pub fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The text with every tag's evidence in its colour; where spans overlap the shorter one wins.
fn marked(tagged: &Tagged) -> String {
    let chars: Vec<char> = tagged.text.chars().collect();
    let mut styles = vec![Style::new(); chars.len()];
    let mut paint = |spans: Vec<(u32, u32)>, style: Style| {
        for (start, end) in spans {
            styles[start as usize..end as usize].fill(style);
        }
    };
    let quotes = tagged.quotes.iter().filter(|q| q.field == Field::Text);
    paint(quotes.map(|q| (q.start, q.end)).collect(), QUOTE);
    paint(of(tagged.topics.iter().flat_map(|t| &t.evidence)), TOPIC);
    paint(of(tagged.countries.iter().flat_map(|c| &c.mentions)), COUNTRY);
    paint(of(tagged.officials.iter().flat_map(|o| &o.mentions)), OFFICIAL);
    let mut out = String::new();
    let mut column = 0;
    let mut style = Style::new();
    for (at, c) in chars.iter().enumerate() {
        if styles[at] != style {
            let _ = write!(out, "{style:#}{}", styles[at]);
            style = styles[at];
        }
        column = if *c == '\n' { 0 } else { column + 1 };
        // wraps at the first space after the width
        if *c == ' ' && column > WIDTH {
            out.push('\n');
            column = 0;
        } else if !(*c == '\r' && chars.get(at + 1) == Some(&'\n')) {
            out.push(visible(*c));
        }
    }
    let _ = write!(out, "{style:#}");
    out
}

fn of<'s>(spans: impl Iterator<Item = &'s Span>) -> Vec<(u32, u32)> {
    spans.filter(|s| s.field == Field::Text).map(|s| (s.start, s.end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sets the title, clears, writes the clipboard, clears with a single-character control, turns the direction.
    const BAD: &str =
        "Oil \u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}]52;c;cm0=\u{7}\u{9b}2J\r\u{7f}\u{202e}lio\u{2066}";

    fn is_clean(text: &str) {
        let bad = |c: &char| (c.is_control() && *c != '\n') || matches!(c, '\u{202e}' | '\u{2066}');
        assert!(!text.chars().any(|c| bad(&c)), "{text:?}");
    }

    #[test]
    fn escapes_of_an_article_become_visible() {
        is_clean(&lines(BAD));
        is_clean(&row(BAD));
        assert_eq!(lines("a\n\tb\u{1b}[0m"), "a\n\tb\u{fffd}[0m");
        assert_eq!(lines("a\r\nb\rc"), "a\nb\u{fffd}c");
        assert_eq!(row("a\nFAKE line"), "a\u{fffd}FAKE line");
        assert_eq!(row("Əliyev — «да» 中文 العربية"), "Əliyev — «да» 中文 العربية");
        let bytes = BAD.as_bytes();
        assert_eq!(body(bytes, false), bytes);
        is_clean(std::str::from_utf8(&body(bytes, true)).unwrap());
        assert_eq!(body(b"a\r\nb\xff", true).as_ref(), "a\nb\u{fffd}".as_bytes());
    }
}
