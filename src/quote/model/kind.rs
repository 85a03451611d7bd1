//! The kinds of observations, and how the weights file writes one: "right=that".
//!
//! A new observation needs an enum of its values in [`super::observation`], a [`Kind`] with a line in its table,
//! and a place in some joins in [`super::joins`].

use super::observation::{Aux, Class, Count, Edge, End, Form, Holds, Left, Length, Mark, Right, Start, Who};

/// A kind of observation: first those of the cue, then of where a content starts, then of the whole content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// True of every cue: its value is always 0.
    Bias,
    /// The name of the cue.
    Cue,
    Class,
    Form,
    Left,
    Aux,
    Right,
    /// What kind of word names the source.
    Who,
    /// The function word before the cue.
    Before,
    Mark,
    /// Whether another cue comes before it in the sentence.
    After,
    /// Whether it is within a quoted stretch.
    Within,
    /// Whether a quoted stretch next to it is its content.
    Quoted,
    /// What the first word of the content is, and which function word.
    First,
    Opens,
    Start,
    End,
    /// The function word right after the content, the one after a conjunction there, and what kind of word that is.
    At,
    Word,
    Next,
    Length,
    /// Whether it has a verb.
    Clause,
    Verbs,
    Commas,
    Holds,
}

/// The values of a kind of observation.
#[derive(Debug, Clone, Copy)]
enum Values {
    /// Only these.
    Listed(&'static [&'static str]),
    /// These, or a function word of the language, or none.
    Word(&'static [&'static str]),
    /// A cue of the language.
    Cue,
}

const NO_YES: Values = Values::Listed(&["no", "yes"]);

impl Kind {
    /// Each at the index of its number, with its name in the weights file and its possible values.
    const ALL: [(Self, &'static str, Values); 25] = [
        (Self::Bias, "bias", Values::Listed(&["yes"])),
        (Self::Cue, "cue", Values::Cue),
        (Self::Class, "class", Values::Listed(Class::NAMES)),
        (Self::Form, "form", Values::Listed(Form::NAMES)),
        (Self::Left, "left", Values::Listed(Left::NAMES)),
        (Self::Aux, "aux", Values::Listed(Aux::NAMES)),
        (Self::Right, "right", Values::Listed(Right::NAMES)),
        (Self::Who, "who", Values::Word(Who::NAMES)),
        (Self::Before, "before", Values::Word(&[])),
        (Self::Mark, "mark", Values::Listed(Mark::NAMES)),
        (Self::After, "after", NO_YES),
        (Self::Within, "within", NO_YES),
        (Self::Quoted, "quoted", NO_YES),
        (Self::First, "first", Values::Listed(Edge::NAMES)),
        (Self::Opens, "opens", Values::Word(&[])),
        (Self::Start, "from", Values::Listed(Start::NAMES)),
        (Self::End, "end", Values::Listed(End::NAMES)),
        (Self::At, "at", Values::Word(&[])),
        (Self::Word, "word", Values::Word(&[])),
        (Self::Next, "next", Values::Listed(Edge::NAMES)),
        (Self::Length, "length", Values::Listed(Length::NAMES)),
        (Self::Clause, "clause", NO_YES),
        (Self::Verbs, "verbs", Values::Listed(Count::NAMES)),
        (Self::Commas, "commas", Values::Listed(Count::NAMES)),
        (Self::Holds, "quote", Values::Listed(Holds::NAMES)),
    ];

    /// How many values there are, if all languages have the same.
    pub fn listed(self) -> Option<usize> {
        match Self::ALL[self as usize].2 {
            Values::Listed(listed) => Some(listed.len()),
            Values::Word(_) | Values::Cue => None,
        }
    }

    /// How an observation is written.
    pub fn write(self, value: u16, names: Names<'_>) -> String {
        let (_, kind, values) = Self::ALL[self as usize];
        let value = usize::from(value);
        let written = match values {
            Values::Listed(listed) => listed[value].to_owned(),
            Values::Word(listed) => {
                let word = || at(names.words, value - listed.len());
                listed.get(value).map_or_else(word, |name| (*name).to_owned())
            }
            Values::Cue => at(names.cues, value).replace(' ', "_"),
        };
        format!("{kind}={written}")
    }

    /// The kind and the values that a name stands for, or `None` if there is no such name. There is no value if the
    /// language lists no such cue or function word, and there are two if a function word is spelt like a listed
    /// value: "who=none".
    pub fn read(name: &str, names: Names<'_>) -> Option<(Self, [Option<u16>; 2])> {
        let (kind, written) = name.split_once('=')?;
        let (kind, _, values) = Self::ALL.iter().find(|(_, own, _)| *own == kind)?;
        let among = |listed: &[&str]| listed.iter().position(|own| *own == written);
        let found = match values {
            Values::Listed(listed) => [Some(among(listed)?), None],
            Values::Word(listed) => {
                [among(listed), number(names.words, written).map(|word| word + listed.len())]
            }
            Values::Cue => [number(names.cues, &written.replace('_', " ")), None],
        };
        Some((*kind, found.map(|value| value.and_then(|value| u16::try_from(value).ok()))))
    }
}

/// The cues and the function words of a language, sorted, with numbers from 1.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Names<'n> {
    pub cues: &'n [Box<str>],
    pub words: &'n [Box<str>],
}

/// The name for a number; empty for 0.
fn at(list: &[Box<str>], number: usize) -> String {
    number.checked_sub(1).and_then(|at| list.get(at)).map_or_else(String::new, ToString::to_string)
}

/// The number of a name; 0 if it is empty.
fn number(list: &[Box<str>], name: &str) -> Option<usize> {
    if name.is_empty() {
        return Some(0);
    }
    list.binary_search_by(|own| (**own).cmp(name)).ok().map(|at| at + 1)
}

/// What is observed of a cue and one of its contents: one value of each kind.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Observed([u16; Kind::ALL.len()]);

impl Observed {
    #[inline]
    pub fn put(&mut self, kind: Kind, value: impl Into<u16>) {
        self.0[kind as usize] = value.into();
    }

    /// The same with one more value.
    pub fn with(mut self, kind: Kind, value: u16) -> Self {
        self.put(kind, value);
        self
    }

    #[inline]
    pub fn of(&self, kind: Kind) -> u16 {
        self.0[kind as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_own_number_and_name() {
        for (number, (kind, name, _)) in Kind::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, number, "{name}");
            assert_eq!(Kind::ALL.iter().filter(|(_, own, _)| own == name).count(), 1, "{name}");
        }
    }

    #[test]
    fn observations_are_read_as_they_are_written() {
        let [cues, words] = [["according to", "say"], ["he", "none"]].map(|list| list.map(Box::<str>::from));
        let names = Names { cues: &cues, words: &words };
        for (name, kind, value) in [
            ("right=that-far", Kind::Right, Right::ThatFar.into()),
            ("cue=according_to", Kind::Cue, 1),
            ("before=he", Kind::Before, 1),
            ("before=", Kind::Before, 0),
            ("who=noun", Kind::Who, Who::Noun.into()),
            ("who=he", Kind::Who, Who::Pronoun(1).into()),
            ("within=yes", Kind::Within, u16::from(true)),
        ] {
            let (read, values) = Kind::read(name, names).unwrap();
            assert_eq!((read, values.into_iter().flatten().collect()), (kind, vec![value]), "{name}");
            assert_eq!(kind.write(value, names), name);
        }
        let both = [Some(Who::None.into()), Some(Who::Pronoun(2).into())];
        assert_eq!(Kind::read("who=none", names), Some((Kind::Who, both)));
        assert_eq!(Kind::read("before=she", names), Some((Kind::Before, [None, None])), "no small word");
        assert_eq!(Kind::read("right=behind", names), None);
        assert_eq!(Kind::read("beside=that", names), None);
    }
}
