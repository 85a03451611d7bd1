//! What a small word can be in a sentence, in any language.

use std::ops::{BitOr, BitOrAssign};

/// What a small word can be: a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Word(u64);

impl Word {
    /// The sorts of small words in bit order, by their names in `[words]`.
    const NAMES: [&str; 41] = [
        "determiner",
        "pronoun",
        "object",
        "auxiliary",
        "preposition",
        "conjunction",
        "subordinator",
        "that",
        "wh",
        "relative",
        "to",
        "negation",
        "adverb",
        "time",
        "verb",
        "addressee",
        "he",
        "she",
        "genitive",
        "said",
        "joins",
        "dative",
        "reported",
        "masculine",
        "feminine",
        "person",
        "article",
        "definite",
        "possessive",
        "be",
        "have",
        "do",
        "clitic",
        "as",
        "of",
        "by",
        "from",
        "on",
        "continues",
        "continues_name",
        "as_told",
    ];
    /// No small word.
    pub const NONE: Self = Self(0);
    /// "the".
    pub const DETERMINER: Self = Self(1);
    /// "he", as a subject.
    pub const PRONOUN: Self = Self(1 << 1);
    /// "him".
    pub const OBJECT: Self = Self(1 << 2);
    /// "has", "would".
    pub const AUXILIARY: Self = Self(1 << 3);
    /// "of".
    pub const PREPOSITION: Self = Self(1 << 4);
    /// "and".
    pub const CONJUNCTION: Self = Self(1 << 5);
    /// "because".
    pub const SUBORDINATOR: Self = Self(1 << 6);
    /// "that", before a clause.
    pub const THAT: Self = Self(1 << 7);
    /// "whether".
    pub const WH: Self = Self(1 << 8);
    /// "who", after a noun.
    pub const RELATIVE: Self = Self(1 << 9);
    /// "to", before an infinitive.
    pub const TO: Self = Self(1 << 10);
    /// "not".
    pub const NEGATION: Self = Self(1 << 11);
    /// "also".
    pub const ADVERB: Self = Self(1 << 12);
    /// "Monday".
    pub const TIME: Self = Self(1 << 13);
    /// A common finite verb that attributes nothing: "went".
    pub const VERB: Self = Self(1 << 14);
    /// Somebody who is told something, without a name: "reporters".
    pub const ADDRESSEE: Self = Self(1 << 15);
    /// A word that refers to a man: "he", "his".
    pub const HE: Self = Self(1 << 16);
    /// A word that refers to a woman: "she", "her".
    pub const SHE: Self = Self(1 << 17);
    /// An article that makes what follows belong to what precedes it: "du", "des".
    pub const GENITIVE: Self = Self(1 << 18);
    /// A pronoun for the words quoted before, as an object: Azerbaijani "bunu".
    pub const SAID: Self = Self(1 << 19);
    /// A word that continues a noun phrase: "de", "von", "des".
    pub const JOINS: Self = Self(1 << 20);
    /// An article that marks the addressee rather than the speaker: "dem".
    pub const DATIVE: Self = Self(1 << 21);
    /// A verb form of reported speech: German "sei", "habe".
    pub const REPORTED: Self = Self(1 << 22);
    /// An article or title of a man's description: "le", "M.".
    pub const MASCULINE: Self = Self(1 << 23);
    /// An article or title of a woman's description: "la", "Frau".
    pub const FEMININE: Self = Self(1 << 24);
    /// A word that continues only after the name of a person: "who", not "which".
    pub const PERSON: Self = Self(1 << 25);
    /// An article that names nobody by itself: "the", "a".
    pub const ARTICLE: Self = Self(1 << 26);
    /// The article of something named before: "the".
    pub const DEFINITE: Self = Self(1 << 27);
    /// A word that says whose the noun after it is: "his".
    pub const POSSESSIVE: Self = Self(1 << 28);
    /// An auxiliary that turns a participle into a passive: "was".
    pub const BE: Self = Self(1 << 29);
    /// An auxiliary of the perfect: "had".
    pub const HAVE: Self = Self(1 << 30);
    /// An auxiliary that only carries a negation or a question: "did".
    pub const DO: Self = Self(1 << 31);
    /// An auxiliary or negation attached to the word before it by an apostrophe: "ve", "t".
    pub const CLITIC: Self = Self(1 << 32);
    /// "as", before what something is called, or before a participle: "quoted as saying".
    pub const AS: Self = Self(1 << 33);
    /// "of", before what a noun belongs to, or what is spoken of.
    pub const OF: Self = Self(1 << 34);
    /// "by", before the agent, after a passive or a noun.
    pub const BY: Self = Self(1 << 35);
    /// "from", before the source of a statement.
    pub const FROM: Self = Self(1 << 36);
    /// "on", before a day.
    pub const ON: Self = Self(1 << 37);
    /// A preposition that continues the noun phrase before it: "for" in "the minister for health".
    pub const CONTINUES: Self = Self(1 << 38);
    /// The same, but only before a name: "in" in "the court in Kiel".
    pub const CONTINUES_NAME: Self = Self(1 << 39);
    /// What leads to a clause that only names who tells the rest: German "wie" in "wie Rao mitteilte".
    pub const AS_TOLD: Self = Self(1 << 40);

    /// The sort of words with this name, as the files write it.
    pub fn named(sort: &str) -> Option<Self> {
        Self::NAMES.iter().position(|name| *name == sort).map(|bit| Self(1 << bit))
    }

    /// Whether the two have a sort in common.
    #[inline]
    pub const fn any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }
}

impl BitOr for Word {
    type Output = Self;

    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Word {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
