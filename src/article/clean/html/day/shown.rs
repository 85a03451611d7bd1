//! Finds the day that a page shows, marked as the day of publication or in a short text near the headline.
//!
//! The page is walked once. Lists of other articles, comments and the page's footer are skipped.

use dom_query::{Document, NodeId, NodeRef};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::clean::html::names::any_word;
use crate::article::clean::html::{render, title};
use crate::article::clean::plain::date::of_line;
use crate::article::junk::Junk;
use crate::article::{Published, date};

/// Elements whose text is invisible or does not belong to the page.
const UNSEEN: [&str; 9] =
    ["script", "style", "template", "noscript", "option", "select", "textarea", "svg", "iframe"];

/// Texts below and above the headline within which a day is the article's.
const BELOW: usize = 60;
const ABOVE: usize = 15;

/// Bytes of prose below the headline after which no day is looked for.
const PROSE: usize = 1500;

/// Bytes from which a text is prose.
const PARAGRAPH: usize = 80;

/// Bytes of the longest text that may consist of a day and little else.
const LONGEST: usize = 160;

/// Levels below an element named after a date that inherit this.
const LEVELS: u8 = 4;

/// Nodes of an element to inspect to find out what it is.
const NODES: usize = 60;

/// Bytes from which a link's text is a headline.
const HEADLINE: usize = 25;

/// Bytes of the longest title; a longer one is no headline, and each is compared with all others.
const TITLE: usize = 600;

/// Most headings to look at; a hostile page has thousands.
const HEADINGS: usize = 200;

/// Most texts between the day of publication and that of the last change.
const BESIDE: usize = 6;

/// What an element says about the texts in it.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "what elements around it say, each by itself")]
struct State {
    /// Whether it is invisible or part of the page's frame.
    unseen: bool,
    /// The innermost part whose name says that it contains other articles or comments.
    other: Option<usize>,
    linked: bool,
    /// Whether it is a list entry or beside the article, where a day is as often as not another article's.
    listed: bool,
    /// Whether it is in the main part of the page.
    main: bool,
    /// Levels below that still inherit its name after a date.
    dated: u8,
    /// Levels below that still inherit its mark as the day of publication.
    marked: u8,
}

/// How certain it is that a day is the article's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A short text.
    Text,
    /// In an element named after a date.
    Named,
    /// In an element marked as the day of publication.
    Marked,
}

/// A day shown on the page.
#[derive(Debug, Clone, Copy)]
struct Seen {
    day: Published,
    rank: Rank,
    /// Texts before it.
    at: usize,
    /// Bytes of prose before it.
    prose: usize,
    main: bool,
    other: Option<usize>,
}

/// A part of the page whose name says that it contains other articles or comments.
#[derive(Debug, Clone, Copy)]
struct Other {
    above: Option<usize>,
    /// Bytes of prose in it.
    prose: usize,
}

/// Percentage of the page's prose above which a part is not what its name says.
const MOST: usize = 40;

/// All days that the page shows, and where the headline is.
#[derive(Debug, Default)]
struct Walk {
    seen: Vec<Seen>,
    others: Vec<Other>,
    /// Texts and bytes of prose before the headline.
    headline: Option<(usize, usize)>,
    texts: usize,
    prose: usize,
}

/// The article's own day.
pub(super) fn day(
    document: &Document,
    titles: &[String],
    title: Option<&str>,
    junk: &Junk,
) -> Option<Published> {
    let body = document.body()?;
    let short = |title: &&str| title.len() <= TITLE;
    let own: Vec<&str> = title.into_iter().filter(short).collect();
    let all: Vec<&str> = titles.iter().map(String::as_str).filter(short).collect();
    // the page's headings are among its titles, and so is the site's name
    let headline = headline(document, &own).or_else(|| headline(document, &all));
    let headline = headline.or_else(|| title::headings(document).into_iter().next().map(|(node, _)| node));
    let walk = Walk::of(&body, headline, junk);
    walk.marked().or_else(|| walk.near()).or_else(|| walk.only()).map(|seen| seen.day)
}

/// The heading that matches a title, preferably an `h1`.
fn headline<'d>(document: &'d Document, titles: &[&str]) -> Option<NodeRef<'d>> {
    let headings = document.select("h1, h2, h3, h4, h5, [itemprop=headline]");
    let named = |node: &&NodeRef<'_>| {
        let text = render::inline_text(node);
        if text.len() > TITLE {
            return false;
        }
        let beside = |above: NodeRef<'_>| above.has_name("a") || above.has_name("aside");
        !node.ancestors_it(None).any(beside)
            && titles
                .iter()
                .any(|own| title::holds(own, &text) || text.len() < own.len() * 2 && title::holds(&text, own))
    };
    let nodes = &headings.nodes()[..headings.nodes().len().min(HEADINGS)];
    let first = |node: &&NodeRef<'_>| node.has_name("h1");
    let found = nodes.iter().filter(first).find(named).or_else(|| nodes.iter().find(named));
    found.copied()
}

impl Walk {
    fn of(body: &NodeRef<'_>, headline: Option<NodeRef<'_>>, junk: &Junk) -> Self {
        let mut walk = Self::default();
        // whatever contains the headline is not beside the article, regardless of its name
        let holders: FxHashSet<NodeId> =
            headline.iter().flat_map(|node| node.ancestors_it(None)).map(|above| above.id).collect();
        let mut states: FxHashMap<NodeId, State> = FxHashMap::default();
        for node in body.descendants_it() {
            let above = node.parent().and_then(|parent| states.get(&parent.id).copied()).unwrap_or_default();
            if headline.is_some_and(|headline| headline.id == node.id) {
                walk.headline = Some((walk.texts, walk.prose));
            }
            if node.is_element() {
                let mut state = above.within(&node, junk);
                if !holders.contains(&node.id) && is_other(&node, junk) {
                    walk.others.push(Other { above: state.other, prose: 0 });
                    state.other = Some(walk.others.len() - 1);
                }
                states.insert(node.id, state);
                walk.element(&node, state, junk);
            } else if node.is_text() {
                walk.text(&node, above, junk);
            }
        }
        let total = walk.prose;
        let stays = |seen: &Seen| {
            let named = std::iter::successors(seen.other, |at| walk.others[*at].above);
            named.into_iter().all(|at| walk.others[at].prose * 100 > total * MOST)
        };
        walk.seen = std::mem::take(&mut walk.seen).into_iter().filter(stays).collect();
        walk
    }

    fn element(&mut self, node: &NodeRef<'_>, state: State, junk: &Junk) {
        if state.unseen {
            return;
        }
        // a `title` attribute is a tooltip for readers, except on an `abbr`
        let told = match (state.marked == LEVELS, node.has_name("abbr")) {
            (true, _) => &["datetime", "content", "title"][..],
            (false, true) => &["title"],
            (false, false) => &["datetime"],
        };
        let own = told.iter().find_map(|name| date::parse(&node.attr(name)?));
        let named = state.dated == LEVELS || state.marked == LEVELS;
        if let Some(day) = own {
            let shown = (named && node.has_name("time")).then(|| in_pieces(node, junk)).flatten();
            // the machine-readable time may be that of the last change
            let day =
                shown.filter(|shown| shown.day() < day.day().yesterday().unwrap_or(day.day())).unwrap_or(day);
            self.add(day, state);
        } else if named && let Some(day) = in_pieces(node, junk) {
            self.add(day, state);
        }
    }

    fn text(&mut self, node: &NodeRef<'_>, state: State, junk: &Junk) {
        let text = node.text();
        let text = text.trim();
        if text.is_empty() || state.unseen {
            return;
        }
        self.texts += 1;
        if text.len() >= PARAGRAPH && !state.linked {
            self.prose += text.len();
            let mut other = state.other;
            while let Some(at) = other {
                self.others[at].prose += text.len();
                other = self.others[at].above;
            }
        }
        if state.linked && state.dated == 0 || text.len() > LONGEST {
            return;
        }
        if let Some(day) = of_text(text, junk).filter(|_| state.dated > 0 || !is_of_paragraph(node)) {
            self.add(day, state);
        }
    }

    fn add(&mut self, day: Published, state: State) {
        let rank = match (state.marked, state.dated) {
            (1.., _) => Rank::Marked,
            (_, 1..) if !state.listed => Rank::Named,
            _ => Rank::Text,
        };
        self.seen.push(Seen {
            day,
            rank,
            at: self.texts,
            prose: self.prose,
            main: state.main,
            other: state.other,
        });
    }

    /// How far a day is from the headline; one above it counts as farther.
    fn distance(&self, seen: &Seen) -> usize {
        let headline = self.headline.map_or(0, |(at, _)| at);
        if seen.at >= headline { seen.at - headline } else { headline - seen.at + 4 }
    }

    /// The nearest day that is marked as the day of publication.
    fn marked(&self) -> Option<&Seen> {
        let marked = self.seen.iter().filter(|seen| seen.rank == Rank::Marked);
        marked.min_by_key(|seen| self.distance(seen))
    }

    /// The day nearest to the headline; of two next to each other the earlier, as the later is that of a change.
    fn near(&self) -> Option<&Seen> {
        let (headline, prose) = self.headline?;
        let near = |seen: &&Seen| {
            if seen.at >= headline {
                seen.at - headline <= BELOW && seen.prose - prose <= PROSE
            } else {
                headline - seen.at <= ABOVE
            }
        };
        // a text that is nothing but a day may be about the events in the article
        let cost = |seen: &&Seen| self.distance(seen) + if seen.rank == Rank::Text { 4 } else { 0 };
        let best = self.seen.iter().filter(near).min_by_key(cost)?;
        let beside = self.seen.iter().filter(near).filter(|other| {
            other.rank >= best.rank.max(Rank::Named)
                && other.main == best.main
                && other.at.abs_diff(best.at) <= BESIDE
                && (other.at < headline) == (best.at < headline)
        });
        beside.chain([best]).min_by_key(|other| other.day.day())
    }

    /// The only day on the page: in elements named after dates, else anywhere.
    fn only(&self) -> Option<&Seen> {
        let one = |wanted: &dyn Fn(&&Seen) -> bool| {
            let mut found = self.seen.iter().filter(wanted);
            let first = found.next()?;
            found.all(|other| other.day.day() == first.day.day()).then_some(first)
        };
        one(&|seen| seen.main && seen.rank > Rank::Text)
            .or_else(|| one(&|seen| seen.rank > Rank::Text))
            .or_else(|| one(&|_| true))
    }
}

impl State {
    /// The state of an element within one of this state.
    fn within(self, node: &NodeRef<'_>, junk: &Junk) -> Self {
        let mut state = self;
        state.dated = state.dated.saturating_sub(1);
        state.marked = state.marked.saturating_sub(1);
        let Some(name) = node.qual_name_ref() else { return state };
        let name = &*name.local;
        match name {
            "nav" | "figure" | "figcaption" => state.unseen = true,
            "footer" => state.unseen |= !state.main,
            "a" => state.linked = true,
            "li" | "aside" => state.listed = true,
            "article" | "main" => state.main = true,
            "time" | "abbr" => state.dated = LEVELS,
            name => state.unseen |= UNSEEN.contains(&name),
        }
        let property = node.attr("itemprop").or_else(|| node.attr("property"));
        if property.is_some_and(|value| value.eq_ignore_ascii_case("datePublished"))
            || node.has_attr("pubdate")
        {
            state.marked = LEVELS;
        }
        for names in [node.class(), node.id_attr()].into_iter().flatten() {
            any_word(&names, &mut |word| {
                if junk.is_of_day(word) {
                    state.dated = LEVELS;
                }
                if name == "abbr" && word == "published" {
                    state.marked = LEVELS;
                }
                false
            });
        }
        state
    }
}

/// Whether an element contains other articles or comments: by its name, or as an entry with a link to one.
fn is_other(node: &NodeRef<'_>, junk: &Junk) -> bool {
    if ["aside", "li"].iter().any(|name| node.has_name(name)) && holds_a_headline(node) {
        return true;
    }
    let names = [node.class(), node.id_attr()];
    names.into_iter().flatten().any(|names| {
        any_word(&names, &mut |word| {
            junk.is_of_others(word) && (!junk.is_of_teasers(word) || holds_a_headline(node))
        })
    })
}

/// Whether a text is part of a longer paragraph, whose days are not that of publication.
fn is_of_paragraph(node: &NodeRef<'_>) -> bool {
    let above = node
        .ancestors_it(Some(4))
        .find(|above| ["p", "blockquote", "td"].iter().any(|name| above.has_name(name)));
    above.is_some_and(|above| bytes_in(&above) > LONGEST)
}

/// Whether an element has a link as long as a headline, and no `h1`.
fn holds_a_headline(node: &NodeRef<'_>) -> bool {
    let inner = || node.descendants_it().take(NODES);
    inner().any(|inner| inner.has_name("a") && bytes_in(&inner) >= HEADLINE)
        && !inner().any(|inner| inner.has_name("h1"))
}

/// Bytes of text among the first nodes of an element.
fn bytes_in(node: &NodeRef<'_>) -> usize {
    let texts = node.descendants_it().take(NODES).filter(NodeRef::is_text);
    texts.map(|text| text.text().trim().len()).sum()
}

/// The day in a short text: in all of it, or in one of the pieces between its marks.
fn of_text(text: &str, junk: &Junk) -> Option<Published> {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    of_line(text, junk).or_else(|| {
        let mut pieces = [" - ", " – ", " — ", "|", "•", "·", "/ ", ", "]
            .iter()
            .filter_map(|mark| text.split_once(mark).map(|(head, _)| head.trim()));
        pieces.find_map(|piece| of_line(piece, junk))
    })
}

/// The day of an element that splits it into several texts.
fn in_pieces(node: &NodeRef<'_>, junk: &Junk) -> Option<Published> {
    let mut text = String::new();
    for (count, inner) in node.descendants_it().enumerate() {
        if count > NODES || text.len() > LONGEST {
            return None;
        }
        if inner.is_text() {
            text.push_str(inner.text().trim());
            text.push(' ');
        }
    }
    of_text(text.trim(), junk)
}
