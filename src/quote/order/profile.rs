//! How a language orders speaker, verb and quote: the `[order]` table of its cues.

use serde::Deserialize;

/// What distinguishes a subject from other words, and where it is. Endings are lower-case.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of its own in the data")]
pub struct Order {
    /// Whether the verb comes before its subject wherever it can.
    pub verb_first: bool,
    /// Whether a quote may follow its verb without a mark, so that only its length tells it from a name.
    pub unmarked: bool,
    /// Whether function words govern what comes before them.
    pub postpositions: bool,
    /// Whether a verb may lack a subject, and then has that of the verb before it.
    pub drops_subject: bool,
    /// Marks that introduce a quote, besides the comma and the dash.
    pub leads: String,
    /// Phrases that refer back to the words just quoted, in lower case: "about this".
    pub back: Vec<String>,
    /// Endings of a subject, such as an article.
    pub subject: Vec<String>,
    /// Those of them that no other word ends with.
    pub article: Vec<String>,
    /// Endings of cases that a subject cannot have.
    pub oblique: Vec<String>,
    /// Endings of nominative names that look like another case.
    pub first: Vec<String>,
    /// Lemmas of verbs that call something by the quoted words: "called it “a failure”".
    pub naming: Vec<String>,
    /// Nouns for what an agency passes on, behind its name, in lower case: "передаёт ТАСС *слова* Рао".
    pub words: Vec<String>,
    /// Lemmas of verbs without a speaker: whatever contains the words is named before them, "in the statement by
    /// the ministry".
    pub passive: Vec<String>,
    /// Endings of plural verbs, which need no subject: "*В мэрии* сообщили".
    pub several: Vec<String>,
    /// Prepositions before a place that speaks, behind such a verb: "сообщили *в* мэрии"; where words are governed by
    /// their endings, those of the noun for what a passive verb's words stand in: "açıklama*da*". In lower case.
    pub within: Vec<String>,
    /// Endings of where the words of a passive verb come from: "nazirlik*dən* bildirilib".
    pub source: Vec<String>,
    /// Endings of the genitive.
    pub genitive: Vec<String>,
}

impl Order {
    /// Whether a lower-case word is in the genitive.
    pub fn is_genitive(&self, word: &str) -> bool {
        ends(&self.genitive, word) && !ends(&self.first, word)
    }

    /// Whether a lower-case word is in a case that a subject cannot have.
    pub fn is_oblique(&self, word: &str) -> bool {
        ends(&self.oblique, word) && !ends(&self.first, word)
    }

    /// Whether a lower-case verb is a plural that needs no subject.
    pub fn is_of_several(&self, verb: &str) -> bool {
        ends(&self.several, verb)
    }

    /// Whether a verb, by its lemma, has no speaker.
    pub fn is_passive(&self, lemma: &str) -> bool {
        self.passive.iter().any(|own| own == lemma)
    }

    /// Whether a lower-case word certainly ends with an article.
    pub fn has_article(&self, word: &str) -> bool {
        ends(&self.article, word)
    }

    /// Whether a lower-case word has the ending of a subject.
    pub fn is_subject(&self, word: &str) -> bool {
        ends(&self.subject, word) && !self.is_oblique(word) && !self.is_genitive(word)
    }
}

fn ends(endings: &[String], word: &str) -> bool {
    endings.iter().any(|e| word.strip_suffix(e.as_str()).is_some_and(|stem| stem.chars().count() > 1))
}
