//! Splits tokens into paragraphs and sentences.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::token::{Case, Gap, Kind, Token};

/// Words whose dot does not end a sentence ("Mr.", "Gen.", "г."), and words that start one so often that even an
/// acronym's dot before them ends it ("in the U.S. The…"). The lists are data: `[words]` in `language.toml`.
#[derive(Debug, Clone, Default)]
pub struct Abbreviations {
    /// In lower case, without the dot.
    pub dotted: FxHashSet<String>,
    /// The same for words whose dot ends no sentence before a number only: "no. 5".
    pub numbered: FxHashSet<String>,
    /// As written at the start of a sentence: "The", "He".
    pub starters: FxHashSet<String>,
    /// As written after a number with a dot that is an ordinal: "Oktober" in "am 12. Oktober".
    pub ordinals: FxHashSet<String>,
}

/// Token ranges between paragraph gaps.
pub(super) fn paragraphs(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (i, t) in tokens.iter().enumerate() {
        if i > start && t.gap == Gap::Paragraph {
            out.push(start..i);
            start = i;
        }
    }
    if start < tokens.len() {
        out.push(start..tokens.len());
    }
    out
}

/// Token ranges of the sentences within each paragraph. A closing quotation mark or bracket after the full stop belongs
/// to the sentence that it closes.
pub(super) fn sentences(
    raw: &str,
    tokens: &[Token],
    paragraphs: &[Range<usize>],
    abbreviations: &Abbreviations,
) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for paragraph in paragraphs {
        let mut start = paragraph.start;
        let mut i = start;
        let mut ahead = Ahead::new(tokens, paragraph);
        while i < paragraph.end {
            if ends_sentence(raw, i, &mut ahead, abbreviations) {
                let end = ahead.behind_marks(i + 1);
                out.push(start..end);
                start = end;
                i = end;
            } else {
                i += 1;
            }
        }
        if start < paragraph.end {
            out.push(start..paragraph.end);
        }
    }
    out
}

/// Whether a token is a closing mark that touches the stop before it.
fn closes(token: &Token) -> bool {
    token.gap == Gap::None
        && token.kind == Kind::Mark
        && matches!(token.first, '.' | '!' | '?' | '…' | '"' | '”' | '’' | '\'' | '»' | '“' | ')' | ']')
}

/// A memo of what lies ahead in a paragraph. Without it, a run of stops would be read to its end from each of them, in
/// quadratic time. Query it in reading order.
struct Ahead<'t> {
    /// Up to the end of the paragraph.
    tokens: &'t [Token],
    /// The end of the run of closing marks read last.
    marks_end: usize,
    /// The word, number or dash after marks that was found last.
    opener: usize,
}

impl<'t> Ahead<'t> {
    fn new(tokens: &'t [Token], paragraph: &Range<usize>) -> Self {
        Self { tokens: &tokens[..paragraph.end], marks_end: paragraph.start, opener: paragraph.start }
    }

    /// The first token from `at` on that is no closing mark, or the end of the paragraph.
    fn behind_marks(&mut self, at: usize) -> usize {
        if self.marks_end < at {
            self.marks_end = self.first_from(at, |t| !closes(t));
        }
        self.marks_end
    }

    /// The word, number or dash that decides whether a sentence starts at `at`, seen through opening quotes and
    /// brackets.
    fn opener(&mut self, at: usize) -> Option<&'t Token> {
        if self.opener < at {
            self.opener = self.first_from(at, |t| t.kind != Kind::Mark || matches!(t.first, '-' | '–' | '—'));
        }
        self.tokens.get(self.opener)
    }

    fn first_from(&self, at: usize, wanted: impl Fn(&Token) -> bool) -> usize {
        self.tokens[at..].iter().position(wanted).map_or(self.tokens.len(), |n| at + n)
    }
}

fn ends_sentence(raw: &str, i: usize, ahead: &mut Ahead<'_>, abbreviations: &Abbreviations) -> bool {
    let tokens = ahead.tokens;
    let token = &tokens[i];
    let word = |t: &Token| &raw[t.start as usize..t.end as usize];
    let acronym = token.kind == Kind::Word && !token.plain && raw.as_bytes()[token.end as usize - 1] == b'.';
    let stop = token.kind == Kind::Mark && matches!(token.first, '.' | '!' | '?' | '…' | '։' | '؟' | '。');
    if !(acronym || stop) {
        return false;
    }
    let next = ahead.behind_marks(i + 1);
    let Some(follower) = tokens.get(next) else { return true };
    if follower.gap == Gap::None {
        return false;
    }
    let opener = ahead.opener(next);
    let starts = opener.is_none_or(|t| match t.kind {
        Kind::Word => t.case != Case::Lower || !t.first.is_lowercase(),
        Kind::Number => true,
        Kind::Mark => next > i + 1,
    });
    if !starts {
        return false;
    }
    if acronym {
        return opener.is_some_and(|t| abbreviations.starters.contains(word(t)));
    }
    if token.first != '.' || next > i + 1 {
        return true;
    }
    if is_ordinal(tokens, i) && opener.is_some_and(|t| abbreviations.ordinals.contains(word(t))) {
        return false;
    }
    let Some(before) =
        i.checked_sub(1).map(|b| &tokens[b]).filter(|b| b.kind == Kind::Word && token.gap == Gap::None)
    else {
        return true;
    };
    let initial =
        before.case == Case::Upper && before.end - before.start <= 2 && word(before).chars().count() == 1;
    let lower = word(before).to_lowercase();
    let numbered = abbreviations.numbered.contains(&lower) && opener.is_some_and(|t| t.kind == Kind::Number);
    !initial && !numbered && !abbreviations.dotted.contains(&lower)
}

/// Whether a dot may make an ordinal: "am 12." has a day or a century before it, and a word in small letters before that.
fn is_ordinal(tokens: &[Token], dot: usize) -> bool {
    let [before, number] = dot.checked_sub(2).map_or(&[][..], |from| &tokens[from..dot]) else {
        return false;
    };
    let short = number.kind == Kind::Number && number.end - number.start <= 2;
    short && tokens[dot].gap == Gap::None && before.kind == Kind::Word && before.case == Case::Lower
}

#[cfg(test)]
mod tests {
    use super::super::{Field, Text};
    use super::*;

    #[test]
    fn splits_sentences() {
        let set = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
        let abbreviations = Abbreviations {
            dotted: set(&["mr", "gen", "г"]),
            numbered: set(&["no"]),
            starters: set(&["The"]),
            ordinals: set(&["Oktober"]),
        };
        for (raw, want) in [
            ("Mr. Smith spoke. He left.", 2),
            ("Gen. J. R. Smith spoke.", 1),
            ("In the U.S. The vote was close.", 2),
            ("In the U.S. Senate they voted.", 1),
            ("\"Go!\" he said. \"Now.\" They went.", 3),
            ("It rose 1.5 pct. on May 3. Then fell", 2),
            ("В 2020 г. Баку ответил. Ереван молчал.", 2),
            ("Er kommt am 12. Oktober nach Ulm. Wir auch.", 2),
            ("Er kommt um 12. Wir auch.", 2),
            ("Es sind 120. Oktober war es.", 2),
            ("Really?! Yes…", 2),
            // runs of marks, each read only once
            ("No. . . He left.", 4),
            ("No... he said.", 1),
            ("No......x. Yes.", 2),
            ("(. (. (. He left.", 4),
            ("Go?!?! \" . He left.", 3),
        ] {
            let text = Text::new(Field::Text, raw.to_owned(), &abbreviations);
            let got: Vec<&str> = text.sentences.iter().map(|s| text.slice(s)).collect();
            assert_eq!(got.len(), want, "{got:?}");
        }
    }
}
