//! Runs a program over an article: whether it matches, and by which clauses.
//!
//! The semantics are those of the reference evaluator, place by place. Steps bound the work, not a clock, so that a
//! watch gives the same answer on every worker.

use super::dictionary::Dictionary;
use super::present::{Present, is_of_quote};
use super::program::{get, op};
use super::view::{Stretch, View};

/// Steps after which a program is aborted: about 5 ms.
pub(super) const MOST_STEPS: u32 = 1 << 20;

/// The part of an article that a query looks at: one stretch per field.
#[derive(Debug, Clone, Copy)]
struct Region {
    /// The whole article, where tags without a place count too.
    whole: bool,
    /// Empty for a field that is left out.
    parts: [Stretch; 2],
}

impl Region {
    fn whole(view: &View) -> Self {
        Self { whole: true, parts: [Stretch::new(0, view.body), Stretch::new(view.body, view.end)] }
    }

    /// Its overlap with some stretches, one per field; `None` if there is none.
    fn within(&self, [title, body]: [Option<Stretch>; 2]) -> Option<Self> {
        let nothing = Stretch::new(0, 0);
        if self.whole {
            // a field exists even if it is empty
            let parts = [title.unwrap_or(nothing), body.unwrap_or(nothing)];
            return Some(Self { whole: false, parts });
        }
        let common = |n: usize, stretch: Option<Stretch>| stretch.and_then(|s| s.common(self.parts[n]));
        let parts = [common(0, title), common(1, body)];
        if parts == [None, None] {
            return None;
        }
        Some(Self { whole: false, parts: parts.map(|p| p.unwrap_or(nothing)) })
    }

    fn of(self, view: &View, stretch: Stretch) -> Option<Self> {
        self.within(if stretch.start < view.body { [Some(stretch), None] } else { [None, Some(stretch)] })
    }

    fn holds(&self, place: Stretch) -> bool {
        self.whole || self.parts.iter().any(|part| part.holds(place))
    }

    fn touches(&self, place: Stretch) -> bool {
        self.whole || self.parts.iter().any(|part| part.common(place).is_some())
    }
}

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

    /// All places of a term, a tag, a NEAR or an OR of them in a region, in no particular order.
    fn places(&mut self, at: usize, region: Region) -> Vec<Stretch> {
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
