//! Where terms, phrases and NEAR hold in an article.

use super::region::Region;
use super::{Eval, Node, get, op};
use crate::watch::view::Stretch;

impl Eval<'_> {
    /// All places of a term, a tag, a NEAR or an OR of them in a region, in no particular order.
    pub(super) fn places(&mut self, at: usize, region: Region) -> Vec<Stretch> {
        let Node { op, mut at, end } = self.node(at);
        let mut out = Vec::new();
        match op {
            op::OR => {
                while at < end {
                    out.extend(self.places(at, region));
                    at = self.node(at).end;
                }
            }
            op::ANY | op::SAID => {
                let view = self.view;
                let mut add = |eval: &mut Self, id: u32| {
                    eval.present.places(view, id, |place| {
                        let inside = if op == op::SAID { region.touches(place) } else { region.holds(place) };
                        out.extend(Some(place).filter(|_| inside));
                    });
                    false
                };
                if op == op::SAID {
                    let id = get(self.code, &mut at);
                    add(self, id);
                } else {
                    self.any_id(&mut at, add);
                }
            }
            op::PHRASE => self.phrases(at, region, &mut out),
            op::RAW => self.raws(at, region, &mut out),
            op::NEAR => out = self.nears(at, region),
            op::CLAUSE => {
                get(self.code, &mut at);
                return self.places(at, region);
            }
            _ => {}
        }
        if !self.step(out.len()) {
            out.clear();
        }
        out
    }

    fn phrases(&mut self, mut at: usize, region: Region, out: &mut Vec<Stretch>) {
        let view = self.view;
        let mut starts = Vec::new();
        self.any_id(&mut at, |eval, id| {
            eval.present.places(view, id, |place| starts.push(place.start));
            false
        });
        starts.sort_unstable();
        starts.dedup();
        let count = get(self.code, &mut at);
        for start in starts {
            let first = view.words_before[start as usize];
            let mut slots = at;
            let follows = (first..first + count).all(|number| {
                let Some(&token) = view.word_at.get(number as usize) else { return false };
                let same = view.sentence_of[token as usize] == view.sentence_of[start as usize];
                let mut found = false;
                // reads every id, so that `slots` ends at the next slot
                self.any_id(&mut slots, |eval, id| {
                    found = found || eval.present.is_at(view, token, id);
                    false
                });
                same && found && self.step(1)
            });
            if follows {
                let last = view.word_at[(first + count - 1) as usize];
                out.extend(Some(Stretch::new(start, last + 1)).filter(|place| region.holds(*place)));
            }
        }
    }

    fn raws(&mut self, mut at: usize, region: Region, out: &mut Vec<Stretch>) {
        let view = self.view;
        let (anchor, id) = (get(self.code, &mut at), get(self.code, &mut at));
        let count = get(self.code, &mut at);
        let mut starts: Vec<u32> = Vec::new();
        if anchor == 0 {
            starts.extend(0..view.end);
        } else {
            self.present.places(view, id, |place| starts.extend((place.start + 1).checked_sub(anchor)));
        }
        for start in starts {
            let mut tokens = at;
            let (text, first) = view.text_at(start);
            let written = (0..count).all(|n| {
                let gap = self.code[tokens] != 0;
                tokens += 1;
                let length = get(self.code, &mut tokens) as usize;
                let bytes = &self.code[tokens..tokens + length];
                tokens += length;
                text.tokens.get((start - first + n) as usize).is_some_and(|token| {
                    let spaced = token.gap > crate::text::Gap::None;
                    text.of(token).as_bytes() == bytes && (n == 0 || spaced == gap)
                })
            });
            if !self.step(1) {
                return;
            }
            if written {
                out.extend(Some(Stretch::new(start, start + count)).filter(|place| region.holds(*place)));
            }
        }
    }

    /// The hulls of pairs that are near each other.
    fn nears(&mut self, mut at: usize, region: Region) -> Vec<Stretch> {
        let ordered = self.code[at] != 0;
        at += 1;
        let words = get(self.code, &mut at);
        let mut left = self.places(at, region);
        if left.is_empty() {
            return left;
        }
        let mut right = self.places(self.node(at).end, region);
        left.sort_unstable();
        right.sort_unstable();
        let mut out = Vec::new();
        self.follow(&left, &right, words, &mut out);
        if !ordered {
            self.follow(&right, &left, words, &mut out);
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// The hulls of each of `first` with each of `second` that follows it, at most `words` words apart.
    fn follow(&mut self, first: &[Stretch], second: &[Stretch], words: u32, out: &mut Vec<Stretch>) {
        let before = &self.view.words_before;
        let body = self.view.body;
        for a in first {
            let from = second.partition_point(|b| b.start < a.end);
            let mut found = 0;
            for b in &second[from..] {
                let apart = before[b.start as usize] - before[a.end as usize];
                if apart > words || (a.start < body) != (b.start < body) {
                    break;
                }
                out.push(Stretch::new(a.start, b.end));
                found += 1;
            }
            self.steps = self.steps.saturating_sub(found + 1);
            if self.steps == 0 {
                out.clear();
                return;
            }
        }
    }
}
