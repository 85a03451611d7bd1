//! How a language builds and punctuates its sentences: the table `[usage]` of its cues.

use serde::Deserialize;

/// Habits of a language that tell one reading of a sentence from another. A language that lists none has none of them.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of its own in the data")]
pub struct Usage {
    /// Whether nouns stand before the nouns that they describe, parted by a blank: "press secretary", "a Rao aide".
    pub compounds: bool,
    /// Whether speech stands between quotation marks, and little else does: no dash opens what somebody says, and
    /// papers, films and firms are named without marks.
    pub marks_are_speech: bool,
    /// Whether "that" follows the verb whose clause it opens without a comma: behind one it opens none.
    pub that_without_comma: bool,
    /// Whether a headline goes on with a capital behind a colon, unless somebody says what follows.
    pub capital_behind_colon: bool,
}

impl Usage {
    /// Takes in what a further file of the language has.
    pub(in crate::quote) fn extend(&mut self, more: Self) {
        self.compounds |= more.compounds;
        self.marks_are_speech |= more.marks_are_speech;
        self.that_without_comma |= more.that_without_comma;
        self.capital_behind_colon |= more.capital_behind_colon;
    }
}
