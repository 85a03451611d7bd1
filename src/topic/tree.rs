//! Topics: the part of the IPTC Media Topics tree that presswatch knows, the words that speak for each, and learnt
//! weights.
//!
//! Owns reading and checking `config/lexicon/topics`: `tree.tsv` with codes, names and broader topics, `*.toml` with
//! handwritten rules, `learnt_*.tsv` with word weights learnt from news whose topics were assigned by editors.
//! Operators add topics of their own with codes such as `x:drones` in a file of the same format.

mod read;

use rustc_hash::FxHashMap;

use crate::text::Language;
pub(crate) use read::parse;

/// A topic.
#[derive(Debug, Default)]
pub struct Topic {
    /// `medtop:20000642`, or an operator's own `x:…`.
    pub code: String,
    /// In English.
    pub name: String,
    /// The index of the broader topic.
    pub broader: Option<u16>,
    /// The evidence from which its rule holds; `None` if it has no rule.
    pub least: Option<f32>,
}

/// What a phrase says about topics.
#[derive(Debug, Clone, Copy)]
pub struct Term<'t> {
    /// Topics whose rules include it, each with its weight there.
    pub rules: &'t [(u16, f32)],
    /// Topics whose rules it takes evidence from, since the word means something else in it.
    pub unless: &'t [u16],
    /// Learnt model, index into its [`Model::bias`], and weight; ordered by model.
    pub learnt: &'t [(u8, u8, f32)],
}

/// The fields of a [`Term`] while they are read.
#[derive(Debug, Default)]
struct Fields {
    only: Option<Language>,
    rules: Vec<(u16, f32)>,
    unless: Vec<u16>,
    learnt: Vec<(u8, u8, f32)>,
}

/// The fields of all terms, each stored contiguously, since all of them are read for every phrase found.
#[derive(Debug, Default)]
struct Rows {
    rules: Vec<(u16, f32)>,
    unless: Vec<u16>,
    learnt: Vec<(u8, u8, f32)>,
    /// By term, with one more after the last: where each term begins in the fields above.
    from: Vec<[u32; 3]>,
}

impl Rows {
    fn of(terms: Vec<Fields>) -> Self {
        let mut rows = Self::default();
        for term in terms {
            rows.from.push(rows.ends());
            rows.rules.extend(term.rules);
            rows.unless.extend(term.unless);
            rows.learnt.extend(term.learnt);
        }
        rows.from.push(rows.ends());
        rows
    }

    fn ends(&self) -> [u32; 3] {
        [self.rules.len(), self.unless.len(), self.learnt.len()].map(|length| length as u32)
    }

    #[inline]
    fn term(&self, number: u32) -> Term<'_> {
        let (from, to) = (self.from[number as usize], self.from[number as usize + 1]);
        let range = |row: usize| from[row] as usize..to[row] as usize;
        Term { rules: &self.rules[range(0)], unless: &self.unless[range(1)], learnt: &self.learnt[range(2)] }
    }
}

/// Which kinds of evidence a phrase gives; read for every phrase found.
#[derive(Debug, Default, Clone, Copy)]
pub struct Kind {
    /// Whether a rule has it.
    pub ruled: bool,
    /// Whether a model has it.
    pub learnt: bool,
    /// The language whose texts it is limited to; `None` if it counts in all.
    pub only: Option<Language>,
}

impl Kind {
    /// Whether it counts in texts of a language.
    #[inline]
    pub fn counts_in(self, language: Language) -> bool {
        self.only.is_none_or(|only| only == language)
    }
}

/// A linear model (logistic regression): the weights of words for some topics in one language.
#[derive(Debug, Default)]
pub struct Model {
    /// Such as `sections_en`.
    pub name: String,
    /// The language of the texts that it reads.
    pub language: Option<Language>,
    /// The topics that it covers, each with its log odds (natural logarithm) before any word is seen.
    pub bias: Vec<(u16, f32)>,
}

/// All topics.
#[derive(Debug, Default)]
pub struct Topics {
    list: Vec<Topic>,
    by_code: FxHashMap<String, u16>,
    /// By term; used while the files are read.
    terms: Vec<Fields>,
    rows: Rows,
    /// By term.
    kinds: Vec<Kind>,
    models: Vec<Model>,
    /// Rule terms that say much about their topic, as written, in all languages: for people who search for topics.
    words: Vec<(u16, Box<str>)>,
    /// By topic: the top of its chain.
    roots: Vec<u16>,
}

impl Topics {
    /// A topic by its index.
    #[inline]
    pub fn topic(&self, index: u16) -> &Topic {
        &self.list[index as usize]
    }

    /// How many topics there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All topics.
    pub fn all(&self) -> &[Topic] {
        &self.list
    }

    /// The index of a code, with or without `medtop:`.
    pub fn by_code(&self, code: &str) -> Option<u16> {
        self.by_code.get(code).or_else(|| self.by_code.get(&format!("medtop:{code}"))).copied()
    }

    /// The phrase of a [`super::Meaning::Topic`].
    #[inline]
    pub fn term(&self, number: u32) -> Term<'_> {
        self.rows.term(number)
    }

    /// What kinds of evidence a phrase gives.
    #[inline]
    pub fn kind(&self, number: u32) -> Kind {
        self.kinds[number as usize]
    }

    /// Words and phrases that say much about a topic, with the topic's index.
    pub fn words(&self) -> &[(u16, Box<str>)] {
        &self.words
    }

    /// The learnt models.
    #[inline]
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// A topic and its ancestors, up to the top.
    pub fn chain(&self, index: u16) -> impl Iterator<Item = u16> {
        std::iter::successors(Some(index), |i| self.list[*i as usize].broader)
    }

    /// The topic at the top of a topic's chain.
    #[inline]
    pub fn root(&self, index: u16) -> u16 {
        self.roots[index as usize]
    }

    /// Derives what depends on all files.
    fn finish(mut self) -> Self {
        let kind = |t: &Fields| Kind {
            ruled: !(t.rules.is_empty() && t.unless.is_empty()),
            learnt: !t.learnt.is_empty(),
            only: t.only,
        };
        self.kinds = self.terms.iter().map(kind).collect();
        self.rows = Rows::of(std::mem::take(&mut self.terms));
        self.roots = (0..self.list.len() as u16).map(|i| self.chain(i).last().unwrap_or(i)).collect();
        self
    }
}
