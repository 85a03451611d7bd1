//! Recognises picture captions by the page's own descriptions of its pictures.

use dom_query::{Document, NodeRef};
use rustc_hash::FxHashSet;

use super::prune::Mass;

/// Letters of the shortest description that counts as a caption rather than a name.
const SHORTEST: usize = 20;

/// Bytes of the longest text to check.
const LONGEST: usize = 500;

/// The `alt` and `title` of the page's pictures, reduced to letters.
#[derive(Debug, Default)]
pub(super) struct Captions(FxHashSet<String>);

impl Captions {
    pub(super) fn of(document: &Document) -> Self {
        let mut all = FxHashSet::default();
        for picture in &document.select("img") {
            for name in ["alt", "title"] {
                let told = picture.attr(name).filter(|told| told.len() <= LONGEST);
                let told = letters(&told.unwrap_or_default());
                if told.chars().count() >= SHORTEST {
                    all.insert(told);
                }
            }
        }
        Self(all)
    }

    /// Whether a block consists of a picture's description and, at most, a credit.
    pub(super) fn is_one(&self, node: &NodeRef<'_>, name: &str, mass: Mass) -> bool {
        let block = matches!(name, "p" | "div" | "span" | "small" | "em" | "dd" | "li" | "td");
        if self.0.is_empty() || !block || !(SHORTEST..=LONGEST).contains(&mass.text) {
            return false;
        }
        let text = node.text();
        let whole = text.split('©').next().unwrap_or_default();
        self.0.contains(&letters(whole)) || self.0.contains(&letters(&text))
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
