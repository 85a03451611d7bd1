//! What is observed of a cue, for the learnt model and for the rules.

use super::kind::{Kind, Observed};
use super::observation::{Aux, Class, Form, Left, Mark, Right, Who};

/// What is observed of a cue.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is an observation of its own")]
pub(crate) struct Seen {
    /// The number of its name.
    pub cue: u16,
    pub class: Class,
    pub form: Form,
    pub left: Left,
    pub aux: Aux,
    pub right: Right,
    pub who: Who,
    /// The number of the function word before it.
    pub before: u16,
    pub mark: Mark,
    /// Whether another cue comes before it in the sentence.
    pub after: bool,
    /// Whether it is within a quoted stretch.
    pub within: bool,
    /// Whether a quoted stretch next to it is its content.
    pub quoted: bool,
    /// Whether "to" comes before it. Only the rules ask for it.
    pub infinitive: bool,
}

impl Seen {
    /// The observations in the form that the learnt model takes.
    pub fn observed(&self) -> Observed {
        let mut out = Observed::default();
        out.put(Kind::Cue, self.cue);
        out.put(Kind::Class, self.class);
        out.put(Kind::Form, self.form);
        out.put(Kind::Left, self.left);
        out.put(Kind::Aux, self.aux);
        out.put(Kind::Right, self.right);
        out.put(Kind::Who, self.who);
        out.put(Kind::Before, self.before);
        out.put(Kind::Mark, self.mark);
        out.put(Kind::After, self.after);
        out.put(Kind::Within, self.within);
        out.put(Kind::Quoted, self.quoted);
        out
    }
}
