//! The values that can be observed of a cue and its contents, with their names in the weights file.

/// Enums of the values of an observation, each with its name in the weights file.
macro_rules! values {
    ($($(#[$doc:meta])* $values:ident { $($value:ident = $name:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $values { $($value),* }

        impl $values {
            /// In the order of the values.
            pub const NAMES: &[&str] = &[$($name),*];
        }

        impl From<$values> for u16 {
            #[inline]
            fn from(value: $values) -> Self {
                value as Self
            }
        }
    )*};
}

values! {
    /// What comes before a cue.
    Left {
        Name = "name", Noun = "noun", Pronoun = "pronoun", Who = "who", And = "and", To = "to", Comma = "comma",
        Apposition = "apposition", Quote = "quote", Start = "start", Other = "other", Genitive = "genitive",
        His = "his", Article = "article",
    }

    /// The auxiliary before a cue.
    Aux { None = "none", Be = "be", Have = "have", Modal = "modal", Do = "do", Not = "not" }

    /// What comes after a cue.
    Right {
        That = "that", Wh = "wh", To = "to", Prep = "prep", Of = "of", As = "as", Clause = "clause",
        Object = "object", Colon = "colon", Quote = "quote", ThatFar = "that-far", ToFar = "to-far",
        QuoteFar = "quote-far", ColonFar = "colon-far", End = "end", Comma = "comma", Inverted = "inverted",
        Pronoun = "pronoun", Ing = "ing", By = "by",
    }

    /// The form of a cue.
    Form {
        Base = "base", S = "s", Ing = "ing", Past = "past", Noun = "noun", Adjective = "adjective",
        Source = "source",
    }

    /// The class of a cue, spelt alike in alerts and in `cues.toml`.
    Class {
        Neutral = "neutral", Claim = "claim", Deny = "deny", Accuse = "accuse", Warn = "warn", Promise = "promise",
        Praise = "praise", Criticise = "criticise", Order = "order", Ask = "ask", View = "view",
    }

    /// The mark that ends a quote before a cue.
    Mark { None = "none", Comma = "comma", Stop = "stop", Asked = "asked", Other = "other" }

    /// Where a content starts.
    Start { Right = "right", Subject = "subject", Sentence = "sentence", Quote = "quote", Comma = "comma" }

    /// What ends a content.
    End {
        Stop = "stop", Comma = "comma", CommaAnd = "comma-and", CommaIng = "comma-ing", CommaWho = "comma-who",
        CommaSub = "comma-sub", And = "and", Sub = "sub", Dash = "dash", Prep = "prep", Left = "left",
        Around = "around", Quote = "quote", CommaName = "comma-name", Ing = "ing",
    }

    /// Whether a content contains a quote, and where.
    Holds { None = "none", Whole = "whole", Last = "last", Within = "within" }

    /// How many tokens a content has: so many, but fewer than the next value.
    Length {
        One = "1", Two = "2", Three = "3", Five = "5", Eight = "8", Thirteen = "13", TwentyTwo = "22", Most = "more",
    }

    /// How many verbs or commas a content has; the last value means more as well.
    Count { None = "0", One = "1", Two = "2", Three = "3" }

    /// What kind of word starts a content, or comes after it.
    Edge {
        Mark = "mark", None = "none", Verb = "verb", Pronoun = "pronoun", Article = "article", To = "to",
        Preposition = "preposition", That = "that", Name = "name", Ing = "ing", Ed = "ed", Adverb = "adverb",
        Plural = "plural", Word = "word",
    }
}

/// What kind of word names a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    None,
    Name,
    Noun,
    /// With its number among the function words of the language.
    Pronoun(u16),
}

impl Who {
    /// The names of all but pronouns.
    pub const NAMES: &[&str] = &["none", "name", "noun"];
}

impl From<Who> for u16 {
    #[inline]
    fn from(who: Who) -> Self {
        match who {
            Who::None => 0,
            Who::Name => 1,
            Who::Noun => 2,
            Who::Pronoun(word) => word.saturating_add(Who::NAMES.len() as Self),
        }
    }
}

impl Length {
    #[inline]
    pub fn of(tokens: usize) -> Self {
        match tokens {
            0 | 1 => Self::One,
            2 => Self::Two,
            3 | 4 => Self::Three,
            5..=7 => Self::Five,
            8..=12 => Self::Eight,
            13..=21 => Self::Thirteen,
            22..=34 => Self::TwentyTwo,
            _ => Self::Most,
        }
    }
}

impl Count {
    #[inline]
    pub fn of(number: usize) -> Self {
        match number {
            0 => Self::None,
            1 => Self::One,
            2 => Self::Two,
            _ => Self::Three,
        }
    }
}

impl Class {
    pub const ALL: [Self; Self::NAMES.len()] = [
        Self::Neutral,
        Self::Claim,
        Self::Deny,
        Self::Accuse,
        Self::Warn,
        Self::Promise,
        Self::Praise,
        Self::Criticise,
        Self::Order,
        Self::Ask,
        Self::View,
    ];

    /// The class with a name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// Whether its cues tell what somebody thinks of a thing rather than what they say: "criticised the law that
    /// …".
    pub fn is_view(self) -> bool {
        matches!(self, Self::View | Self::Praise | Self::Criticise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_found_by_its_name() {
        for (number, name) in Class::NAMES.iter().enumerate() {
            assert_eq!(Class::named(name).map(|class| class as usize), Some(number), "{name}");
        }
        assert_eq!(Class::named("shout"), None);
    }
}
