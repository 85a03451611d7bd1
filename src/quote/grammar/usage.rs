//! How a language builds and punctuates its sentences: the `[usage]` table of its cues.

use serde::Deserialize;

/// Habits of a language that help to choose between readings of a sentence. All are off unless listed.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of its own in the data")]
pub struct Usage {
    /// Whether nouns describe the nouns after them, separated by a blank: "press secretary", "a Rao aide".
    pub compounds: bool,
    /// Whether quotation marks enclose speech and little else: no dash opens speech, and papers, films and firms
    /// are named without marks.
    pub marks_are_speech: bool,
    /// Whether "that" follows its verb without a comma, so that after a comma it does not open the verb's clause.
    pub that_without_comma: bool,
    /// Whether a headline continues with a capital after a colon, unless somebody says what follows.
    pub capital_behind_colon: bool,
}

impl Usage {
    /// Adds the entries of another file of the language.
    pub(in crate::quote) fn extend(&mut self, more: Self) {
        self.compounds |= more.compounds;
        self.marks_are_speech |= more.marks_are_speech;
        self.that_without_comma |= more.that_without_comma;
        self.capital_behind_colon |= more.capital_behind_colon;
    }
}
