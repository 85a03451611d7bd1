//! How a language orders speaker, verb and quote: the table `[order]` of its cues.

use serde::Deserialize;

/// What tells a subject from other words, and where it stands. Endings are in small letters.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of its own in the data")]
pub struct Order {
    /// Whether the verb stands before its subject wherever it can.
    pub verb_first: bool,
    /// Whether a quote may follow its verb without a mark: its length then tells it from a name.
    pub unmarked: bool,
    /// Whether small words govern what stands before them.
    pub postpositions: bool,
    /// Whether a verb needs no subject: it is then that of the verb before.
    pub drops_subject: bool,
    /// Marks beside the comma and the dash behind which a quote follows.
    pub leads: String,
    /// Phrases that stand for the words quoted before, in small letters: "about this".
    pub back: Vec<String>,
    /// What a subject ends with: an article.
    pub subject: Vec<String>,
    /// Those of them that no other word ends with.
    pub article: Vec<String>,
    /// Endings of cases in which no subject stands.
    pub oblique: Vec<String>,
    /// Endings of names in the first case that look like another.
    pub first: Vec<String>,
    /// Lemmas of verbs that call something by what is quoted: "called it “a failure”".
    pub naming: Vec<String>,
    /// Lemmas of verbs that name nobody: the words stand in what is named before them, "in the statement by the ministry".
    pub passive: Vec<String>,
    /// Endings of verbs of which several are the subject, or nobody: "*В мэрии* сообщили".
    pub several: Vec<String>,
    /// Endings of words that tell whose something is.
    pub genitive: Vec<String>,
}

impl Order {
    /// Whether a word in small letters stands in a case that tells whose something is.
    pub fn is_genitive(&self, word: &str) -> bool {
        ends(&self.genitive, word) && !ends(&self.first, word)
    }

    /// Whether a word in small letters stands in a case in which no subject does.
    pub fn is_oblique(&self, word: &str) -> bool {
        ends(&self.oblique, word) && !ends(&self.first, word)
    }

    /// Whether a verb in small letters has several for its subject, or nobody.
    pub fn is_of_several(&self, verb: &str) -> bool {
        ends(&self.several, verb)
    }

    /// Whether a word in small letters surely ends with an article.
    pub fn has_article(&self, word: &str) -> bool {
        ends(&self.article, word)
    }

    /// Whether a word in small letters ends as a subject does.
    pub fn is_subject(&self, word: &str) -> bool {
        ends(&self.subject, word) && !self.is_oblique(word) && !self.is_genitive(word)
    }
}

fn ends(endings: &[String], word: &str) -> bool {
    endings.iter().any(|e| word.strip_suffix(e.as_str()).is_some_and(|stem| stem.chars().count() > 1))
}
