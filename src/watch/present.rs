//! Which keys of a segment's dictionary occur in an article, and where.

use super::dictionary::Dictionary;
use super::forms::Form;
use super::key;
use super::query::TagKind;
use super::view::{Evidence, NONE, Stretch, View};
use crate::document::scan::ByHash;
use crate::text::{fold, unmarked};

/// The contents of an article by key, for looking up a few keys repeatedly.
#[derive(Debug)]
pub(super) struct Keys {
    /// The first entry of a key.
    heads: ByHash<u32>,
    /// The first is a dummy.
    entries: Vec<Entry>,
}

impl Keys {
    fn of(view: &View) -> Self {
        let mut keys = Self { heads: ByHash::default(), entries: Vec::new() };
        keys.entries.push(Entry { source: Source::Tag(Evidence::None), next: 0 });
        for (number, form) in (0..).zip(&view.forms) {
            for key in [form.word, form.plain, form.forms].into_iter().filter(|key| *key != 0) {
                keys.add(key, Source::Form(number));
            }
        }
        view.tags.iter().for_each(|(key, evidence)| keys.add(*key, Source::Tag(*evidence)));
        keys
    }

    fn add(&mut self, key: u64, source: Source) {
        let head = self.heads.entry(key).or_default();
        let next = std::mem::replace(head, self.entries.len() as u32);
        self.entries.push(Entry { source, next });
    }

    fn sources(&self, key: u64, mut each: impl FnMut(Source)) {
        let mut at = self.heads.get(&key).copied().unwrap_or_default();
        while at != 0 {
            let entry = self.entries[at as usize];
            each(entry.source);
            at = entry.next;
        }
    }
}

/// Where something occurs.
#[derive(Debug, Clone, Copy)]
enum Source {
    /// At all tokens of a form.
    Form(u32),
    /// Where a tag was found.
    Tag(Evidence),
    /// At this place.
    Place(Stretch),
}

/// One source of an id.
#[derive(Debug, Clone, Copy)]
struct Entry {
    source: Source,
    /// The next of the same id; 0 after the last.
    next: u32,
}

/// The ids that occur in an article. Reused for the next one.
#[derive(Debug)]
pub(super) struct Present {
    /// A hash table: each id with its first entry; 0 in an empty slot.
    slots: Vec<(u32, u32)>,
    /// The number of slots, a power of two, minus one.
    mask: u32,
    /// The first is a dummy.
    entries: Vec<Entry>,
    /// A bitset over 16 bits of each id's hash: an id whose bit is unset is not present.
    filter: Vec<u64>,
    /// All ids, each once.
    pub ids: Vec<u32>,
    /// By form: the ids of the word with and without its diacritics.
    word_ids: Vec<[u32; 2]>,
}

impl Default for Present {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            mask: 0,
            entries: Vec::new(),
            filter: vec![0; FILTER_BITS / 64],
            ids: Vec::new(),
            word_ids: Vec::new(),
        }
    }
}

const FILTER_BITS: usize = 1 << 16;

/// The filter bit of an id, from 16 bits of its hash. Bit 0 is always set.
#[inline]
pub(super) fn filter_bit(id: u32) -> u16 {
    ((id.wrapping_mul(0x9e37_79b1)) >> 16) as u16
}

impl Present {
    /// Finds which keys of a dictionary are present.
    pub fn fill(&mut self, view: &View, dictionary: &Dictionary) {
        let most = (view.forms.len() * 4 + view.tags.len() * 2 + 64).min(dictionary.len() * 2 + 16);
        let slots = most.next_power_of_two();
        self.slots.clear();
        self.slots.resize(slots, (0, 0));
        self.mask = slots as u32 - 1;
        self.entries.clear();
        self.entries.push(Entry { source: Source::Tag(Evidence::None), next: 0 });
        self.filter.fill(0);
        self.filter[0] = 1;
        self.ids.clear();
        if let Some(pairs) = dictionary.of_one_pairs() {
            self.add_of_one(view, dictionary, pairs);
        } else {
            self.add_words(view, dictionary);
            for (key, evidence) in &view.tags {
                self.add(dictionary.get(*key), Source::Tag(*evidence));
            }
        }
        self.add_people(view, dictionary);
    }

    /// Looks up the few keys of a single query in the article.
    fn add_of_one(&mut self, view: &View, dictionary: &Dictionary, pairs: &[[u32; 3]]) {
        let keys = view.keys.get_or_init(|| Keys::of(view));
        for id in 1..dictionary.len() as u32 {
            keys.sources(dictionary.key(id), |source| self.add(Some(id), source));
        }
        if dictionary.has_prefixes() {
            for (number, form) in (0..).zip(&view.forms) {
                self.add_prefixes(view, dictionary, number, form, &mut String::new());
            }
        }
        for &[first, second, pair] in pairs {
            let mut starts = Vec::new();
            self.places(view, first, |place| starts.push(place.start));
            for start in starts {
                let next = view.words_before[start as usize] + 1;
                let Some(&next) = view.word_at.get(next as usize) else { continue };
                let same = view.sentence_of[start as usize] == view.sentence_of[next as usize];
                if same && self.is_at(view, next, second) {
                    self.add(Some(pair), Source::Place(Stretch::new(start, next + 1)));
                }
            }
        }
    }

    fn add_prefixes(
        &mut self,
        view: &View,
        dictionary: &Dictionary,
        number: u32,
        form: &Form,
        folded: &mut String,
    ) {
        let source = Source::Form(number);
        let lengths =
            [form.prefix, form.plain_prefix].map(|key| if key == 0 { 0 } else { dictionary.lengths(key) });
        if lengths == [0, 0] {
            return;
        }
        fold(view.word(view.places(number)[0]), folded);
        let plain = unmarked(folded);
        Dictionary::prefixes(folded, lengths[0], |key| self.add(dictionary.get(key), source));
        if let Some(plain) = plain {
            Dictionary::prefixes(&plain, lengths[1], |key| self.add(dictionary.get(key), source));
        }
    }

    fn add_words(&mut self, view: &View, dictionary: &Dictionary) {
        self.word_ids.clear();
        let mut folded = String::new();
        let mut begins = false;
        for (number, form) in (0..).zip(&view.forms) {
            let source = Source::Form(number);
            let word = dictionary.get(form.word);
            let plain = if form.plain == 0 { None } else { dictionary.get(form.plain) };
            self.add(word, source);
            self.add(plain, source);
            if form.forms != 0 {
                self.add(dictionary.get(form.forms), source);
            }
            let ids = [word, plain].map(Option::unwrap_or_default);
            begins |= ids.iter().any(|id| dictionary.begins_pair(*id));
            self.word_ids.push(ids);
            self.add_prefixes(view, dictionary, number, form, &mut folded);
        }
        if begins {
            self.add_pairs(view, dictionary);
        }
    }

    /// Adds pairs of consecutive words within a sentence; marks between them do not count.
    fn add_pairs(&mut self, view: &View, dictionary: &Dictionary) {
        let ids_at = |token: u32, ids: &[[u32; 2]]| ids[view.form_of[token as usize] as usize];
        for two in view.word_at.windows(2) {
            let (first, second) = (ids_at(two[0], &self.word_ids), ids_at(two[1], &self.word_ids));
            for a in first.into_iter().filter(|id| dictionary.begins_pair(*id)) {
                for b in second.into_iter().filter(|id| dictionary.ends_pair(*id)) {
                    if view.sentence_of[two[0] as usize] != view.sentence_of[two[1] as usize] {
                        continue;
                    }
                    let pair = dictionary.get(key::pair(dictionary.key(a), dictionary.key(b)));
                    self.add(pair, Source::Place(Stretch::new(two[0], two[1] + 1)));
                }
            }
        }
    }

    fn add_people(&mut self, view: &View, dictionary: &Dictionary) {
        let longest = dictionary.longest_office();
        let mut add = |kind, who, evidence| {
            self.add(dictionary.get(key::of_person(kind, who)), Source::Tag(evidence));
        };
        for (number, _) in (0..).zip(&view.people) {
            whos(view, number, longest, |who| add(TagKind::Named, who, Evidence::Official(number)));
        }
        for (number, speaker) in (0..).zip(&view.speakers) {
            let said = Evidence::Quotes(number);
            add(TagKind::Said, key::ANYBODY, said);
            for &name in &speaker.names {
                add(TagKind::Said, name, said);
                add(TagKind::Named, name, Evidence::Speaker(number));
            }
            for &person in &speaker.people {
                whos(view, person, longest, |who| add(TagKind::Said, who, said));
            }
        }
    }

    fn add(&mut self, id: Option<u32>, source: Source) {
        let Some(id) = id else { return };
        let mut at = id.wrapping_mul(0x9e37_79b1) >> 7 & self.mask;
        // the ids present fill less than half of the slots
        while self.slots[at as usize].0 != id && self.slots[at as usize].0 != 0 {
            at = (at + 1) & self.mask;
        }
        let (known, head) = self.slots[at as usize];
        if known == 0 {
            self.ids.push(id);
            let bit = filter_bit(id);
            self.filter[usize::from(bit) / 64] |= 1 << (bit % 64);
            if self.ids.len() * 2 > self.slots.len() {
                self.slots[at as usize] = (id, self.entries.len() as u32);
                self.entries.push(Entry { source, next: 0 });
                self.grow();
                return;
            }
        }
        self.slots[at as usize] = (id, self.entries.len() as u32);
        self.entries.push(Entry { source, next: head });
    }

    fn grow(&mut self) {
        let slots = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![(0, 0); slots]);
        self.mask = slots as u32 - 1;
        for (id, head) in old.into_iter().filter(|(id, _)| *id != 0) {
            let mut at = id.wrapping_mul(0x9e37_79b1) >> 7 & self.mask;
            while self.slots[at as usize].0 != 0 {
                at = (at + 1) & self.mask;
            }
            self.slots[at as usize] = (id, head);
        }
    }

    /// Whether an id with this filter bit may be present.
    #[inline]
    pub fn may_hold(&self, bit: u16) -> bool {
        self.filter[usize::from(bit) / 64] & 1 << (bit % 64) != 0
    }

    /// The first entry of an id; 0 if it is not present.
    #[inline]
    fn head(&self, id: u32) -> u32 {
        if !self.may_hold(filter_bit(id)) {
            return 0;
        }
        let mut at = id.wrapping_mul(0x9e37_79b1) >> 7 & self.mask;
        loop {
            let (known, head) = self.slots[at as usize];
            if known == id {
                return head;
            }
            if known == 0 {
                return 0;
            }
            at = (at + 1) & self.mask;
        }
    }

    /// Whether an id is present in the article.
    #[inline]
    pub fn holds(&self, id: u32) -> bool {
        self.head(id) != 0
    }

    /// Whether the word at a token has this id.
    pub fn is_at(&self, view: &View, token: u32, id: u32) -> bool {
        let form = view.form_of[token as usize];
        let mut at = self.head(id);
        while at != 0 {
            let entry = self.entries[at as usize];
            if matches!(entry.source, Source::Form(own) if own == form && form != NONE) {
                return true;
            }
            at = entry.next;
        }
        false
    }

    /// All places of an id, in no particular order.
    #[inline]
    pub fn places(&self, view: &View, id: u32, mut each: impl FnMut(Stretch)) {
        let mut at = self.head(id);
        while at != 0 {
            let entry = self.entries[at as usize];
            match entry.source {
                Source::Form(form) => view.places(form).iter().for_each(|t| each(Stretch::new(*t, *t + 1))),
                Source::Tag(evidence) => view.evidence(evidence, &mut each),
                Source::Place(place) => each(place),
            }
            at = entry.next;
        }
    }
}

/// All keys that an official may be asked for by: name, slug, consecutive words of the office.
pub(super) fn whos(view: &View, person: u32, longest: usize, mut each: impl FnMut(u64)) {
    let person = &view.people[person as usize];
    person.names.iter().copied().for_each(&mut each);
    let words = if longest == 0 { &[][..] } else { &person.office[..] };
    for first in 0..words.len() {
        let mut office = key::OFFICE;
        for word in words[first..].iter().take(longest) {
            office = key::longer_office(office, *word);
            each(office);
            if person.country.is_some() {
                each(key::of_country(office, person.country));
            }
        }
    }
}

/// Whether a quote meets the condition of `OF_QUOTE`, given its key.
pub(super) fn is_of_quote(view: &View, quote: u32, asked: u64, longest: usize) -> bool {
    let quote = &view.quotes[quote as usize];
    if quote.keys.contains(&asked) {
        return true;
    }
    let Some(speaker) = quote.speaker.map(|s| &view.speakers[s as usize]) else { return false };
    let is = |who: u64| key::of_person(TagKind::Said, who) == asked;
    if is(key::ANYBODY) || speaker.names.iter().any(|name| is(*name)) {
        return true;
    }
    let mut found = false;
    for &person in &speaker.people {
        whos(view, person, longest, |who| found |= is(who));
    }
    found
}
