//! Finds paragraphs and sentences in a row of tokens.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::token::{Case, Gap, Kind, Token};

/// Words whose dot does not end a sentence ("Mr.", "Gen.", "г."), and words that start one so often that
/// even an acronym's dot before them does ("in the U.S. The…"). The lists are data: `config/lexicon/sentences.toml`.
#[derive(Debug, Clone, Default)]
pub struct Abbreviations {
    /// In small letters, without the dot.
    pub dotted: FxHashSet<String>,
    /// As written at the start of a sentence: "The", "He".
    pub starters: FxHashSet<String>,
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

/// Token ranges of sentences within each paragraph. A closing quotation mark or bracket behind the full stop
/// belongs to the sentence that it closes.
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
        while i < paragraph.end {
            if ends_sentence(raw, tokens, i, paragraph.end, abbreviations) {
                let mut end = i + 1;
                while end < paragraph.end && closes(&tokens[end]) {
                    end += 1;
                }
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

/// A mark that touches the stop before it and closes something.
fn closes(token: &Token) -> bool {
    token.gap == Gap::None
        && token.kind == Kind::Mark
        && matches!(token.first, '.' | '!' | '?' | '…' | '"' | '”' | '’' | '\'' | '»' | '“' | ')' | ']')
}

fn ends_sentence(raw: &str, tokens: &[Token], i: usize, end: usize, abbreviations: &Abbreviations) -> bool {
    let token = &tokens[i];
    let word = |t: &Token| &raw[t.start as usize..t.end as usize];
    let acronym = token.kind == Kind::Word && !token.plain && raw.as_bytes()[token.end as usize - 1] == b'.';
    let stop = token.kind == Kind::Mark && matches!(token.first, '.' | '!' | '?' | '…' | '։' | '؟' | '。');
    if !(acronym || stop) {
        return false;
    }
    let mut next = i + 1;
    while next < end && closes(&tokens[next]) {
        next += 1;
    }
    let Some(follower) = tokens[..end].get(next) else { return true };
    if follower.gap == Gap::None {
        return false;
    }
    // an opening quote or bracket hides the word that decides
    let opener =
        tokens[next..end].iter().find(|t| t.kind != Kind::Mark || matches!(t.first, '-' | '–' | '—'));
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
    let Some(before) =
        i.checked_sub(1).map(|b| &tokens[b]).filter(|b| b.kind == Kind::Word && token.gap == Gap::None)
    else {
        return true;
    };
    let initial =
        before.case == Case::Upper && before.end - before.start <= 2 && word(before).chars().count() == 1;
    !initial && !abbreviations.dotted.contains(&word(before).to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::super::{Field, Text};
    use super::*;

    #[test]
    fn splits_sentences() {
        let set = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
        let abbreviations = Abbreviations { dotted: set(&["mr", "gen", "г"]), starters: set(&["The"]) };
        for (raw, want) in [
            ("Mr. Smith spoke. He left.", 2),
            ("Gen. J. R. Smith spoke.", 1),
            ("In the U.S. The vote was close.", 2),
            ("In the U.S. Senate they voted.", 1),
            ("\"Go!\" he said. \"Now.\" They went.", 3),
            ("It rose 1.5 pct. on May 3. Then fell", 2),
            ("В 2020 г. Баку ответил. Ереван молчал.", 2),
            ("Really?! Yes…", 2),
        ] {
            let text = Text::new(Field::Text, raw.to_owned(), &abbreviations);
            let got: Vec<&str> = text.sentences.iter().map(|s| text.slice(s)).collect();
            assert_eq!(got.len(), want, "{got:?}");
        }
    }
}
