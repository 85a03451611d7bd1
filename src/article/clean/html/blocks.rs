//! The paragraphs of a page, to recover what the extractor left out: it takes only the one container with the highest
//! score, and many pages split their article over several containers of the same kind.

use std::hash::{Hash as _, Hasher as _};

use dom_query::{Document, NodeId, NodeRef};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::prune::LEAD;
use super::render;

/// Bytes from which a line is a paragraph rather than a label.
const PROSE: usize = 60;

/// Elements above a paragraph that identify the kind of its place.
const LEVELS: usize = 4;

/// A paragraph or a heading.
#[derive(Debug)]
struct Block {
    text: String,
    /// A hash of the elements above, by name and class.
    place: u64,
    /// The `<article>` that contains it.
    article: Option<NodeId>,
    /// `h1` headings before it.
    headed: usize,
    lead: bool,
    heading: bool,
    prose: bool,
}

impl Block {
    /// The part of it that is one paragraph in the extractor's text.
    fn first(&self) -> &str {
        self.text.split("\n\n").next().unwrap_or_default()
    }
}

/// All blocks of a page, in order.
#[derive(Debug, Default)]
pub(super) struct Blocks(Vec<Block>);

impl Blocks {
    pub(super) fn of(document: &Document) -> Self {
        let root = document.html_root();
        // elements that contain other blocks are no paragraphs themselves
        let mut outer: FxHashSet<NodeId> = FxHashSet::default();
        let mut found = Vec::new();
        let mut headed = 0;
        for node in root.descendants_it() {
            let Some(name) = node.qual_name_ref() else { continue };
            headed += usize::from(&*name.local == "h1");
            if !render::is_block(&name.local) {
                continue;
            }
            let above = node
                .ancestors_it(None)
                .find(|above| above.qual_name_ref().is_some_and(|name| render::is_block(&name.local)));
            outer.extend(above.map(|above| above.id));
            if matches!(&*name.local, "p" | "div" | "blockquote" | "h2" | "h3" | "h4" | "section") {
                found.push((node, headed));
            }
        }
        let blocks = found.into_iter().filter(|(node, _)| !outer.contains(&node.id));
        Self(blocks.filter_map(|(node, headed)| block(&node, headed)).collect())
    }

    /// The extractor's text with what it left out: leads before it, and paragraphs in places of the same kind.
    pub(super) fn complete(&self, text: String) -> String {
        let mut lines: Vec<&str> = text.split("\n\n").collect();
        let mut found = self.find(&lines);
        let taken = self.heaviest(&text, &found);
        if let Some(place) = taken {
            let all = self.0.iter().filter(|block| block.place == place);
            lines = all.map(|block| block.text.as_str()).collect();
            found = self.find(&lines);
        }
        let both = self.0.iter().zip(&found);
        let known: Vec<&Block> =
            both.filter(|(block, line)| block.prose && line.is_some()).map(|(block, _)| block).collect();
        let is_first = |(block, line): (&Block, &Option<usize>)| block.prose && line.is_some();
        let Some(first) = self.0.iter().zip(&found).position(is_first) else { return text };
        // above the first paragraph there is a date or a name, which is looked for there later
        let top = found[first].unwrap_or_default();
        let belongs = |block: &Block| {
            known
                .iter()
                .any(|k| k.place == block.place && k.article == block.article && k.headed == block.headed)
        };
        let seen: FxHashSet<&str> = lines.iter().copied().collect();
        let mut added: FxHashMap<usize, Vec<&Block>> = FxHashMap::default();
        // headings wait for the paragraph below them
        let mut waiting: Vec<&Block> = Vec::new();
        let (mut behind, mut count) = (0, 0);
        for (at, block) in self.0.iter().enumerate() {
            if let Some(line) = found[at] {
                if count > 0 {
                    added.entry(behind).or_default().append(&mut waiting);
                }
                waiting.clear();
                behind = behind.max(line + 1);
                continue;
            }
            if seen.contains(block.first()) {
                continue;
            }
            if block.lead && at < first && block.headed == self.0[first].headed {
                added.entry(top).or_default().push(block);
                count += 1;
            } else if block.heading && belongs_by_place(block, &known) {
                waiting.push(block);
            } else if block.prose && belongs(block) {
                let list = added.entry(behind).or_default();
                list.append(&mut waiting);
                list.push(block);
                count += 1;
            }
        }
        if count == 0 && taken.is_none() {
            return text;
        }
        let mut out: Vec<&str> = Vec::new();
        for at in 0..=lines.len() {
            out.extend(added.get(&at).into_iter().flatten().map(|block| block.text.as_str()));
            out.extend(lines.get(at));
        }
        out.join("\n\n")
    }

    /// The index of the line that each block corresponds to.
    fn find(&self, lines: &[&str]) -> Vec<Option<usize>> {
        let at: FxHashMap<&str, usize> =
            lines.iter().enumerate().rev().map(|(at, line)| (*line, at)).collect();
        self.0.iter().map(|block| at.get(block.first()).copied()).collect()
    }

    /// The place with more than twice the prose that the extractor found, unless it is a comment thread below the
    /// article: a page's dialog may have paragraphs while its article has none marked up as such.
    fn heaviest(&self, text: &str, found: &[Option<usize>]) -> Option<u64> {
        let mut by_place: FxHashMap<u64, usize> = FxHashMap::default();
        for block in self.0.iter().filter(|block| block.prose) {
            *by_place.entry(block.place).or_default() += block.text.len();
        }
        let (place, size) = by_place.into_iter().max_by_key(|(place, size)| (*size, *place))?;
        let start = self.0.iter().position(|block| block.prose && block.place == place)?;
        let other = found.iter().position(Option::is_some)?;
        let before = start < other || self.0[other].headed == 0 && self.0[start].headed > 0;
        (size > text.len() * 2 && before && self.0[other].place != place).then_some(place)
    }
}

fn belongs_by_place(block: &Block, known: &[&Block]) -> bool {
    known.iter().any(|k| k.place == block.place && k.article == block.article)
}

fn block(node: &NodeRef<'_>, headed: usize) -> Option<Block> {
    let text = render::text_of(node);
    if text.is_empty() {
        return None;
    }
    let links = node.descendants_it().filter(|inner| inner.has_name("a"));
    let linked: usize = links.map(|link| link.text().len()).sum();
    let mut place = FxHasher::default();
    let mut article = None;
    let mut lead = node.has_attr(LEAD);
    for (level, above) in node.ancestors_it(None).enumerate() {
        let Some(name) = above.qual_name_ref() else { break };
        if article.is_none() && &*name.local == "article" {
            article = Some(above.id);
        }
        if level < LEVELS {
            lead |= above.has_attr(LEAD);
            name.local.hash(&mut place);
            // digits only number parts of the same kind
            let class = above.class().unwrap_or_default();
            class.chars().filter(|c| !c.is_ascii_digit()).for_each(|c| c.hash(&mut place));
        }
    }
    let heading = node.qual_name_ref().is_some_and(|name| matches!(&*name.local, "h2" | "h3" | "h4"));
    let prose = !heading && text.len() >= PROSE && linked * 2 < text.len();
    Some(Block { place: place.finish(), article, headed, lead, heading, prose, text })
}
