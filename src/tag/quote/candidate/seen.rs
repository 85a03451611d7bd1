//! What is to be seen about a cue and a content: the atoms that [`super::super::score`] weighs.

use std::ops::Range;

use super::{Extent, LONGEST, Look};
use crate::lexicon::cues::{Sort, Word};
use crate::tag::quote::score::Atom;

macro_rules! atoms {
    ($($name:ident = $value:literal),* $(,)?) => {
        $(pub(super) const $name: Atom = Atom::new($value);)*
    };
}

atoms! {
    L_NAME = "left=name", L_NOUN = "left=noun", L_PRONOUN = "left=pronoun", L_WHO = "left=who", L_AND = "left=and",
    L_TO = "left=to", L_COMMA = "left=comma", L_APPOSITION = "left=apposition", L_QUOTE = "left=quote",
    L_START = "left=start", L_OTHER = "left=other", L_GENITIVE = "left=genitive", L_HIS = "left=his", L_ARTICLE = "left=article",
    A_NONE = "aux=none", A_BE = "aux=be", A_HAVE = "aux=have", A_MODAL = "aux=modal", A_DO = "aux=do", A_NOT = "aux=not",
    R_THAT = "right=that", R_WH = "right=wh", R_TO = "right=to", R_PREP = "right=prep", R_OF = "right=of", R_AS = "right=as",
    R_CLAUSE = "right=clause", R_OBJECT = "right=object", R_COLON = "right=colon", R_QUOTE = "right=quote",
    R_THAT_FAR = "right=that-far", R_TO_FAR = "right=to-far", R_QUOTE_FAR = "right=quote-far", R_COLON_FAR = "right=colon-far",
    R_END = "right=end", R_COMMA = "right=comma", R_INVERTED = "right=inverted", R_PRONOUN = "right=pronoun", R_ING = "right=ing", R_BY = "right=by",
    F_BASE = "form=base", F_S = "form=s", F_ING = "form=ing", F_PAST = "form=past", F_NOUN = "form=noun", F_ADJECTIVE = "form=adjective", F_SOURCE = "form=source",
    E_STOP = "end=stop", E_COMMA = "end=comma", E_COMMA_AND = "end=comma-and", E_COMMA_ING = "end=comma-ing", E_COMMA_WHO = "end=comma-who",
    E_COMMA_SUB = "end=comma-sub", E_AND = "end=and", E_SUB = "end=sub", E_DASH = "end=dash", E_PREP = "end=prep", E_LEFT = "end=left", E_AROUND = "end=around", E_QUOTE = "end=quote", E_COMMA_NAME = "end=comma-name", E_ING = "end=ing",
    W_NONE = "who=none", W_NAME = "who=name", W_NOUN = "who=noun", W_PRONOUN = "who=",
    M_NONE = "mark=none", M_COMMA = "mark=comma", M_STOP = "mark=stop", M_ASKED = "mark=asked", M_OTHER = "mark=other",
    AFTER_NO = "after=no", AFTER_YES = "after=yes", BEFORE = "before=", AT = "at=", WORD = "word=", OPENS = "opens=",
    Q_NONE = "quote=none", Q_WHOLE = "quote=whole", Q_LAST = "quote=last", Q_WITHIN = "quote=within",
    S_RIGHT = "from=right", S_SUBJECT = "from=subject", S_SENTENCE = "from=sentence", S_QUOTE = "from=quote", S_COMMA = "from=comma",
}

const LENGTHS: [Atom; 8] = [
    Atom::new("length=1"),
    Atom::new("length=2"),
    Atom::new("length=3"),
    Atom::new("length=5"),
    Atom::new("length=8"),
    Atom::new("length=13"),
    Atom::new("length=22"),
    Atom::new("length=more"),
];

/// How many verbs a content has, and how many commas.
const VERBS: [Atom; 4] =
    [Atom::new("verbs=0"), Atom::new("verbs=1"), Atom::new("verbs=2"), Atom::new("verbs=3")];
const COMMAS: [Atom; 4] =
    [Atom::new("commas=0"), Atom::new("commas=1"), Atom::new("commas=2"), Atom::new("commas=3")];
/// Whether a content has a verb.
const CLAUSE: [Atom; 2] = [Atom::new("clause=no"), Atom::new("clause=yes")];
/// The sorts of a word, each as an atom with a prefix.
macro_rules! sorts {
    ($prefix:literal: $($sort:literal)*) => { [$(Atom::new(concat!($prefix, "=", $sort))),*] };
    ($prefix:literal) => {
        sorts!($prefix: "mark" "none" "verb" "pronoun" "article" "to" "preposition" "that" "name" "ing" "ed" "adverb" "plural" "word")
    };
}
/// The first word of a content.
const FIRST: [Atom; 14] = sorts!("first");
/// The word behind a content.
const NEXT: [Atom; 14] = sorts!("next");

fn length(tokens: &Range<usize>) -> Atom {
    LENGTHS[match tokens.len() {
        0 | 1 => 0,
        2 => 1,
        3 | 4 => 2,
        5..=7 => 3,
        8..=12 => 4,
        13..=21 => 5,
        22..=34 => 6,
        _ => 7,
    }]
}

impl Look<'_, '_> {
    /// A content with what is to be seen about it.
    pub(super) fn extent(&self, from: Atom, end: Atom, tokens: Range<usize>) -> Extent {
        let behind = tokens.end + usize::from(self.grammar.mark(tokens.end) == Some(','));
        // "and encouraged": what counts is the word behind the conjunction
        let behind = behind + usize::from(self.grammar.is(behind, Word::CONJUNCTION));
        let first = FIRST[self.sort_of(tokens.start)];
        let next = NEXT[self.sort_of(behind)];
        let g = self.grammar;
        let looked = tokens.start..tokens.end.min(tokens.start + LONGEST);
        let (verbs, commas) = g.verbs_and_commas(&looked);
        let seen = [from, end, length(&tokens), first, next, CLAUSE[usize::from(verbs > 0)]];
        let last = g.stretches.partition_point(|s| s.tokens.start < looked.end).checked_sub(1);
        let quote = match last.map(|s| &g.stretches[s].tokens) {
            Some(stretch) if *stretch == tokens => Q_WHOLE,
            Some(stretch) if stretch.start >= tokens.start && stretch.end == tokens.end => Q_LAST,
            Some(stretch) if stretch.start >= tokens.start => Q_WITHIN,
            _ => Q_NONE,
        };
        let edge = tokens.end + usize::from(g.mark(tokens.end) == Some(','));
        let near = [
            self.small(AT, Some(edge)),
            self.small(WORD, Some(behind)),
            self.small(OPENS, Some(tokens.start)),
            VERBS[verbs.min(3)],
            COMMAS[commas.min(3)],
            quote,
        ];
        Extent { tokens, seen, near }
    }

    /// The small word at a token, if there is one.
    pub(super) fn small(&self, kind: Atom, i: Option<usize>) -> Atom {
        let word = i.filter(|i| self.grammar.small(*i)).and_then(|i| Some((i, self.grammar.word(i)?)));
        word.map_or(kind, |(i, word)| kind.with_word(i, word))
    }

    /// What names a source.
    pub(super) fn who(&self, source: Option<&Range<usize>>) -> Atom {
        let g = self.grammar;
        match source {
            None => W_NONE,
            Some(s) if s.len() == 1 && g.small(s.start) => self.small(W_PRONOUN, Some(s.start)),
            Some(s) if g.capital(s.end - 1) => W_NAME,
            Some(_) => W_NOUN,
        }
    }

    /// The sort of a word, as an index into [`FIRST`] and [`NEXT`].
    fn sort_of(&self, i: usize) -> usize {
        let g = self.grammar;
        let Some(word) = g.word(i).filter(|_| i < self.sentence.end.max(self.place.end)) else {
            return usize::from(g.mark(i).is_none());
        };
        if g.finite(i) {
            2
        } else if g.is(i, Word::PRONOUN) {
            3
        } else if g.is(i, Word::DETERMINER) {
            4
        } else if g.is(i, Word::TO) {
            5
        } else if g.is(i, Word::PREPOSITION) {
            6
        } else if g.is(i, Word::THAT | Word::WH | Word::RELATIVE | Word::SUBORDINATOR) {
            7
        } else if g.capital(i) {
            8
        } else if word.ends_with("ing") {
            9
        } else if word.ends_with("ed") {
            10
        } else if g.adverb(i) {
            11
        } else if word.ends_with('s') {
            12
        } else {
            13
        }
    }

    pub(super) fn form(&self) -> Atom {
        let word = self.grammar.text.word(self.place.start);
        match self.place.sort {
            Sort::Noun => F_NOUN,
            Sort::Adjective => F_ADJECTIVE,
            Sort::Source => F_SOURCE,
            Sort::Verb if self.place.cue.base => F_BASE,
            Sort::Verb if word.ends_with("ing") => F_ING,
            Sort::Verb if word.ends_with('s') => F_S,
            Sort::Verb => F_PAST,
        }
    }
}
