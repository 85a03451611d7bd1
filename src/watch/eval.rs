//! Runs a program over an article: whether it matches, and by which clauses.
//!
//! The semantics are those of the reference evaluator, place by place. Steps bound the work, not a clock, so that a
//! watch gives the same answer on every worker.

mod places;
mod region;

use region::Region;

use super::dictionary::Dictionary;
use super::present::{Present, is_of_quote};
use super::program::{get, op};
use super::view::{Stretch, View};

/// Steps after which a program is aborted: about 5 ms.
pub(super) const MOST_STEPS: u32 = 1 << 20;

/// A clause that holds: its number in the program and its places.
pub(super) type Told = (u32, Vec<Stretch>);

/// Evaluates programs over one article.
pub(super) struct Eval<'e> {
    pub view: &'e View<'e>,
    pub present: &'e Present,
    pub dictionary: &'e Dictionary,
    code: &'e [u8],
    /// Steps left.
    steps: u32,
    /// The clauses that hold, if they are to be reported.
    told: Option<Vec<Told>>,
}

/// A node of a program.
struct Node {
    op: u8,
    /// Where its contents begin and end.
    at: usize,
    end: usize,
}

impl<'e> Eval<'e> {
    /// An evaluator for one article.
    pub fn new(view: &'e View<'e>, present: &'e Present, dictionary: &'e Dictionary) -> Self {
        Self { view, present, dictionary, code: &[], steps: MOST_STEPS, told: None }
    }

    /// Whether a program matches; `None` if that takes too many steps to tell.
    pub fn matches(&mut self, code: &'e [u8]) -> Option<bool> {
        self.code = code;
        self.steps = MOST_STEPS;
        let whole = Region::whole(self.view);
        let matches = self.holds(0, whole, None);
        (self.steps > 0).then_some(matches)
    }

    /// The steps that the last program took.
    pub fn taken(&self) -> u32 {
        MOST_STEPS - self.steps
    }

    /// The clauses by which a program matches, if it does.
    pub fn clauses(&mut self, code: &'e [u8]) -> Option<Vec<Told>> {
        self.told = Some(Vec::new());
        let matches = self.matches(code);
        let told = self.told.take();
        told.filter(|_| matches == Some(true))
    }

    #[inline]
    fn node(&self, mut at: usize) -> Node {
        let op = self.code[at];
        at += 1;
        let length = get(self.code, &mut at) as usize;
        Node { op, at, end: at + length }
    }

    /// Takes steps; false if too few are left.
    #[inline]
    fn step(&mut self, steps: usize) -> bool {
        self.steps = self.steps.saturating_sub(steps.max(1) as u32);
        self.steps > 0
    }

    /// Reads a row of ids and hands each on until one is accepted.
    #[inline]
    fn any_id(&mut self, at: &mut usize, mut takes: impl FnMut(&mut Self, u32) -> bool) -> bool {
        let count = get(self.code, at);
        let mut id = 0;
        for _ in 0..count {
            id += get(self.code, at);
            if takes(self, id) {
                return true;
            }
        }
        false
    }

    fn holds(&mut self, start: usize, region: Region, quote: Option<u32>) -> bool {
        let Node { op, mut at, end } = self.node(start);
        if !self.step(1) {
            return false;
        }
        match op {
            op::AND => {
                let mark = self.mark();
                while at < end {
                    if !self.holds(at, region, quote) {
                        self.forget(mark);
                        return false;
                    }
                    at = self.node(at).end;
                }
                true
            }
            op::OR => {
                let mut found = false;
                while at < end {
                    found |= self.holds(at, region, quote);
                    if found && self.told.is_none() {
                        return true;
                    }
                    at = self.node(at).end;
                }
                found
            }
            op::NOT => {
                let told = self.told.take();
                let found = self.holds(at, region, quote);
                self.told = told;
                !found
            }
            op::ANY if region.whole => self.any_id(&mut at, |eval, id| eval.present.holds(id)),
            op::ANY => self.any_id(&mut at, |eval, id| eval.stands(id, |place| region.holds(place))),
            op::WHOLE => {
                let id = get(self.code, &mut at);
                self.present.holds(id)
            }
            op::SAID => {
                let id = get(self.code, &mut at);
                if region.whole {
                    self.present.holds(id)
                } else {
                    self.stands(id, |place| region.touches(place))
                }
            }
            op::OF_QUOTE => {
                let key = self.dictionary.key(get(self.code, &mut at));
                quote.is_some_and(|q| is_of_quote(self.view, q, key, self.dictionary.longest_office()))
            }
            op::PART => {
                let part = self.part(self.code[at]);
                region.within(part).is_some_and(|inner| self.holds(at + 1, inner, quote))
            }
            op::SENTENCE | op::PARAGRAPH => self.in_one(op, at, region, quote),
            op::QUOTE => (0..self.view.quotes.len() as u32).any(|number| {
                let stretch = self.view.quotes[number as usize].stretch;
                let inner = stretch.and_then(|stretch| region.of(self.view, stretch));
                inner.is_some_and(|inner| self.holds(at, inner, Some(number)))
            }),
            op::ATLEAST => {
                let count = get(self.code, &mut at) as usize;
                let mut places = self.places(at, region);
                places.sort_unstable();
                places.dedup_by_key(|p| p.start);
                places.len() >= count
            }
            op::CLAUSE => self.clause(at, region, quote),
            _ => !self.places(start, region).is_empty(),
        }
    }

    fn mark(&self) -> usize {
        self.told.as_ref().map_or(0, Vec::len)
    }

    /// Drops the clauses reported since a mark.
    fn forget(&mut self, mark: usize) {
        if let Some(told) = &mut self.told {
            told.truncate(mark);
        }
    }

    fn clause(&mut self, mut at: usize, region: Region, quote: Option<u32>) -> bool {
        let number = get(self.code, &mut at);
        if !self.holds(at, region, quote) {
            return false;
        }
        if self.told.is_some() {
            let mut places = match self.node(at).op {
                op::WHOLE => Vec::new(),
                op::OF_QUOTE => {
                    quote.and_then(|q| self.view.quotes[q as usize].stretch).into_iter().collect()
                }
                op::ATLEAST => {
                    let mut inner = self.node(at).at;
                    get(self.code, &mut inner);
                    self.places(inner, region)
                }
                _ => self.places(at, region),
            };
            places.sort_unstable();
            places.dedup();
            if let Some(told) = &mut self.told {
                told.push((number, places));
            }
        }
        true
    }

    fn part(&self, number: u8) -> [Option<Stretch>; 2] {
        let title = Stretch::new(0, self.view.body);
        match number {
            0 => [Some(title), None],
            1 => [None, Some(Stretch::new(self.view.body, self.view.end))],
            2 => [None, Some(self.view.lead)],
            _ => [Some(title), Some(self.view.lead)],
        }
    }

    /// Whether an id occurs at a place that is accepted.
    fn stands(&mut self, id: u32, takes: impl Fn(Stretch) -> bool) -> bool {
        let (mut found, mut steps) = (false, 0);
        self.present.places(self.view, id, |place| {
            steps += 1;
            found |= takes(place);
        });
        self.step(steps) && found
    }

    /// Whether the node at `at` holds in a single sentence or paragraph.
    fn in_one(&mut self, op: u8, mut at: usize, region: Region, quote: Option<u32>) -> bool {
        let view = self.view;
        let all = if op == op::SENTENCE { &view.sentences } else { &view.paragraphs };
        let mut asked: Vec<u32> = Vec::new();
        let known = self.code[at] != 0;
        self.any_id(&mut at, |eval, id| {
            let before = asked.len();
            eval.present.places(view, id, |place| {
                if op == op::SENTENCE {
                    asked.push(view.sentence_of[place.start as usize]);
                } else {
                    asked.push(view.paragraphs.partition_point(|p| p.end <= place.start) as u32);
                }
            });
            !eval.step(asked.len() - before)
        });
        if self.steps == 0 {
            return false;
        }
        if known {
            asked.sort_unstable();
            asked.dedup();
        } else {
            asked = (0..all.len() as u32).collect();
        }
        asked.into_iter().filter_map(|n| all.get(n as usize)).any(|stretch| {
            let inner = region.of(view, *stretch);
            inner.is_some_and(|inner| self.holds(at, inner, quote))
        })
    }
}
