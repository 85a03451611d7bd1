//! What can be observed about a cue and a content, each a number: what weights are learnt for.
//!
//! Owns the names, by which the weights are learnt, and the numbers, by which they are looked up.

use super::key::{atom, join};
use crate::language::word::letters;
use crate::quote::cues::CLASSES;

/// One observation, "right=that": its number below, its index above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Atom(u64);

impl Atom {
    /// An observation that has no place among others.
    pub const fn alone(number: u32) -> Self {
        Self(number as u64)
    }

    /// See [`super::key::atom`].
    #[inline]
    pub const fn number(self) -> u32 {
        self.0 as u32
    }

    /// Its place among all of its kind; 0 if it ends with a word.
    #[inline]
    pub const fn index(self) -> usize {
        (self.0 >> 32) as usize
    }

    /// All observations of a kind.
    const fn all<const N: usize>(names: [&str; N]) -> [Self; N] {
        let mut all = [Self(0); N];
        let mut i = 0;
        while i < N {
            all[i] = Self((i as u64) << 32 | atom(names[i]) as u64);
            i += 1;
        }
        all
    }
}

/// An observation that ends with a small word: "next=" with "because".
#[derive(Debug, Clone, Copy)]
pub(crate) struct OfWord {
    pub name: &'static str,
    number: u32,
}

impl OfWord {
    const fn new(name: &'static str) -> Self {
        Self { name, number: letters(name) }
    }

    /// With the word of this number, see [`crate::language::word::letters`].
    #[inline]
    pub const fn with(self, word: u32) -> Atom {
        Atom::alone(join(self.number, word))
    }
}

/// The small word before a cue.
pub(crate) const BEFORE: OfWord = OfWord::new("before");
/// The small word at the end of a content.
pub(crate) const AT: OfWord = OfWord::new("at");
/// The small word behind that end.
pub(crate) const WORD: OfWord = OfWord::new("word");
/// The small word that a content starts with.
pub(crate) const OPENS: OfWord = OfWord::new("opens");
/// The pronoun that is the source.
pub(crate) const PRONOUN: OfWord = OfWord::new("who");
/// The observations that end with a small word, or with nothing.
pub(crate) const OF_WORDS: [OfWord; 5] = [BEFORE, AT, WORD, OPENS, PRONOUN];

/// What holds of every cue.
pub(crate) const BIAS: Atom = Atom::alone(atom("bias"));

/// The values of a kind of observation, numbered from 0.
macro_rules! kind {
    ($(#[$doc:meta])* $names:ident $atoms:ident $kind:literal: $($value:literal)*) => {
        pub(crate) const $names: [&str; [$($value),*].len()] = [$(concat!($kind, "=", $value)),*];
        $(#[$doc])*
        pub(crate) const $atoms: [Atom; $names.len()] = Atom::all($names);
    };
}

/// The same with a name for each.
macro_rules! named {
    ($(#[$doc:meta])* $names:ident $atoms:ident $kind:literal: $($atom:ident $value:literal)*) => {
        kind! { $(#[$doc])* $names $atoms $kind: $($value)* }
        named! { @each $atoms 0; $($atom)* }
    };
    (@each $atoms:ident $index:expr; $atom:ident $($rest:ident)*) => {
        pub(crate) const $atom: Atom = $atoms[$index];
        named! { @each $atoms $index + 1; $($rest)* }
    };
    (@each $atoms:ident $index:expr;) => {};
}

named! { /// What stands before a cue.
LEFT_NAMES LEFTS "left":
L_NAME "name" L_NOUN "noun" L_PRONOUN "pronoun" L_WHO "who" L_AND "and" L_TO "to" L_COMMA "comma"
L_APPOSITION "apposition" L_QUOTE "quote" L_START "start" L_OTHER "other" L_GENITIVE "genitive" L_HIS "his"
L_ARTICLE "article" }
named! { /// The auxiliary before a cue.
AUX_NAMES AUXES "aux":
A_NONE "none" A_BE "be" A_HAVE "have" A_MODAL "modal" A_DO "do" A_NOT "not" }
named! { /// What stands behind a cue.
RIGHT_NAMES RIGHTS "right":
R_THAT "that" R_WH "wh" R_TO "to" R_PREP "prep" R_OF "of" R_AS "as" R_CLAUSE "clause" R_OBJECT "object"
R_COLON "colon" R_QUOTE "quote" R_THAT_FAR "that-far" R_TO_FAR "to-far" R_QUOTE_FAR "quote-far" R_COLON_FAR
"colon-far" R_END "end" R_COMMA "comma" R_INVERTED "inverted" R_PRONOUN "pronoun" R_ING "ing" R_BY "by" }
named! { /// The form of a cue.
FORM_NAMES FORMS "form":
F_BASE "base" F_S "s" F_ING "ing" F_PAST "past" F_NOUN "noun" F_ADJECTIVE "adjective" F_SOURCE "source" }
named! { /// What ends a content.
END_NAMES ENDS "end":
E_STOP "stop" E_COMMA "comma" E_COMMA_AND "comma-and" E_COMMA_ING "comma-ing" E_COMMA_WHO "comma-who"
E_COMMA_SUB "comma-sub" E_AND "and" E_SUB "sub" E_DASH "dash" E_PREP "prep" E_LEFT "left" E_AROUND "around"
E_QUOTE "quote" E_COMMA_NAME "comma-name" E_ING "ing" }
named! { /// What names the source; a pronoun is one [`OfWord`].
WHO_NAMES WHOS "who":
W_NONE "none" W_NAME "name" W_NOUN "noun" }
named! { /// The mark that ends a quote before a cue.
MARK_NAMES MARKS "mark":
M_NONE "none" M_COMMA "comma" M_STOP "stop" M_ASKED "asked" M_OTHER "other" }
named! { /// Whether another cue stands before a cue in its sentence.
AFTER_NAMES AFTERS "after":
AFTER_NO "no" AFTER_YES "yes" }
named! { /// Whether a content holds a quote.
QUOTE_NAMES QUOTES "quote":
Q_NONE "none" Q_WHOLE "whole" Q_LAST "last" Q_WITHIN "within" }
named! { /// Where a content starts from.
FROM_NAMES FROMS "from":
S_RIGHT "right" S_SUBJECT "subject" S_SENTENCE "sentence" S_QUOTE "quote" S_COMMA "comma" }
kind! { /// The class of a cue, in the order of [`CLASSES`].
CLASS_NAMES CLASS "class":
"neutral" "claim" "deny" "accuse" "warn" "promise" "praise" "criticise" "order" "ask" "view" }
kind! { /// Whether a cue stands within a quoted stretch.
WITHIN_NAMES WITHIN "within": "no" "yes" }
kind! { /// Whether a quoted stretch stands beside a cue as its content.
QUOTED_NAMES QUOTED "quoted": "no" "yes" }
kind! { /// The length of a content.
LENGTH_NAMES LENGTHS "length": "1" "2" "3" "5" "8" "13" "22" "more" }
kind! { /// How many verbs a content has.
VERB_NAMES VERBS "verbs": "0" "1" "2" "3" }
kind! { /// How many commas a content has.
COMMA_NAMES COMMAS "commas": "0" "1" "2" "3" }
kind! { /// Whether a content has a verb.
CLAUSE_NAMES CLAUSE "clause": "no" "yes" }
kind! { /// The sort of the first word of a content.
FIRST_NAMES FIRST "first":
"mark" "none" "verb" "pronoun" "article" "to" "preposition" "that" "name" "ing" "ed" "adverb" "plural" "word" }
kind! { /// The sort of the word behind a content.
NEXT_NAMES NEXT "next":
"mark" "none" "verb" "pronoun" "article" "to" "preposition" "that" "name" "ing" "ed" "adverb" "plural" "word" }

const _: () = assert!(CLASS.len() == CLASSES.len());

/// The names of all observations that end with no small word.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let kinds: [&[&str]; 19] = [
        &LEFT_NAMES,
        &AUX_NAMES,
        &RIGHT_NAMES,
        &FORM_NAMES,
        &END_NAMES,
        &WHO_NAMES,
        &MARK_NAMES,
        &AFTER_NAMES,
        &QUOTE_NAMES,
        &FROM_NAMES,
        &CLASS_NAMES,
        &WITHIN_NAMES,
        &QUOTED_NAMES,
        &LENGTH_NAMES,
        &VERB_NAMES,
        &COMMA_NAMES,
        &CLAUSE_NAMES,
        &FIRST_NAMES,
        &NEXT_NAMES,
    ];
    ["bias"].into_iter().chain(kinds.into_iter().flatten().copied())
}
