//! Words of offices and ranks: the grammar's vocabulary, `titles.toml` of each language.
//!
//! Owns reading and checking those files. How the words make up an office is [`crate::official`]'s to decide.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::document::{Builder, Forms, Letters, Meaning};
use crate::files::Files;
use crate::language::class::Class;
use crate::text::Language;

/// A phrase of the grammar; indexed by [`Meaning::Title`].
#[derive(Debug, Clone)]
pub struct Term {
    /// What it can do.
    pub class: Class,
    /// Whose public body it is: ISO 3166-1 alpha-2, or `EU`, `UN`, `NATO` ….
    pub country: Option<Box<str>>,
}

/// The grammar's vocabulary.
#[derive(Debug, Default)]
pub struct Titles {
    terms: Vec<Term>,
    head_first: FxHashSet<Language>,
    /// Heads of one long word, by language and first letter: what a misprint may stand for.
    long: FxHashMap<(Language, char), Vec<Head>>,
}

/// A head of one word and the number of its term.
type Head = (Box<str>, u32);

/// Letters of a title word that a misprint is recognised in; shorter ones are too like other words.
const LONG: usize = 7;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Whether the head comes first and what it is for behind it, as in Russian or French.
    head_first: bool,
    strong: Vec<String>,
    bare: Vec<String>,
    of_country: Vec<String>,
    of_matter: Vec<String>,
    weak: Vec<String>,
    modifier: Vec<String>,
    past: Vec<String>,
    portfolio: Vec<String>,
    institution: Vec<String>,
    private: Vec<String>,
    ruler: Vec<String>,
    rank: Vec<String>,
    role: Vec<String>,
    institution_of: BTreeMap<String, Vec<String>>,
}

impl Titles {
    /// Reads `languages/xx/titles.toml` and adds their phrases to the automaton. Errors name file and thing.
    pub fn parse(files: &Files, builder: &mut Builder, errors: &mut Vec<String>) -> Self {
        let mut out = Self::default();
        for (code, path, source) in files.of_languages("titles.toml") {
            let written: Written = match toml::from_str(source) {
                Ok(written) => written,
                Err(e) => {
                    errors.push(format!("{path}: {e}"));
                    continue;
                }
            };
            let Some(language) = Language::parse(code) else {
                errors.push(format!("{path}: unknown language `{code}`"));
                continue;
            };
            out.add(language, written, builder);
        }
        out
    }

    fn add(&mut self, language: Language, written: Written, builder: &mut Builder) {
        let mut phrases: BTreeMap<String, Term> = BTreeMap::new();
        let plain = [
            (written.strong, Class::STRONG),
            (written.weak, Class::WEAK),
            (written.of_country, Class::OF_COUNTRY),
            (written.of_matter, Class::OF_MATTER),
            (written.bare, Class::BARE),
            (written.modifier, Class::MODIFIER),
            (written.past, Class::PAST),
            (written.portfolio, Class::PORTFOLIO),
            (written.institution, Class::INSTITUTION),
            (written.private, Class::PRIVATE),
            (written.ruler, Class::RULER),
            (written.rank, Class::RANK),
            (written.role, Class::ROLE),
        ];
        for (list, class) in plain {
            for phrase in list {
                phrases.entry(phrase).or_insert(Term { class: Class::default(), country: None }).class |=
                    class;
            }
        }
        for (country, list) in written.institution_of {
            for phrase in list {
                let term = phrases.entry(phrase).or_insert(Term { class: Class::default(), country: None });
                term.class |= Class::INSTITUTION;
                term.country = Some(country.trim_end_matches('_').into());
            }
        }
        for (phrase, term) in phrases {
            let meaning = Meaning::Title(builder.title(term.class));
            let letters = match (phrase.contains(char::is_uppercase), phrase.contains(char::is_lowercase)) {
                (false, _) => Letters::Any,
                (true, true) => Letters::Name,
                (true, false) => Letters::Exact,
            };
            builder.add(&phrase, letters, Forms::Stem(language), meaning);
            if term.class.any(Class::HEAD)
                && phrase.chars().count() >= LONG
                && phrase.chars().all(char::is_alphabetic)
                && let Some(first) = phrase.chars().next()
            {
                let list = self.long.entry((language, first)).or_default();
                list.push((phrase.as_str().into(), self.terms.len() as u32));
            }
            self.terms.push(term);
        }
        if written.head_first {
            self.head_first.insert(language);
        }
    }

    /// The phrase that a hit of the automaton stands for.
    #[inline]
    pub fn term(&self, hit: u32) -> &Term {
        &self.terms[hit as usize]
    }

    /// The head that a word with one misprint stands for: a letter too many, too few, another, or two swapped
    /// ("Represenative", "Secertary"). The first letter is right.
    pub fn misprinted(&self, language: Language, word: &str) -> Option<&Term> {
        let first = word.chars().next()?.to_lowercase().next()?;
        let list = self.long.get(&(language, first))?;
        // the words are too many to compare each with care: by far most differ in length or end
        let like = |head: &str| {
            let end = |word: &str| (word.chars().next_back(), word.chars().rev().nth(1));
            let ((a, b), (c, d)) = (end(head), end(word));
            head.len().abs_diff(word.len()) <= 2 && (a == c || b == d || a == d || b == c)
        };
        let found = list.iter().find(|(head, _)| like(head) && one_apart(head, &word.to_lowercase()));
        found.map(|(_, term)| self.term(*term))
    }

    /// Whether offices of this language put their head first ("министр обороны").
    pub fn head_first(&self, language: Language) -> bool {
        self.head_first.contains(&language)
    }
}

/// Whether one change of a letter, or a swap of two neighbours, makes two words the same.
fn one_apart(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (x, y) = (&a[same..], &b[same..]);
    let swapped = || x.len() > 1 && y.len() > 1 && (x[0], x[1]) == (y[1], y[0]) && x[2..] == y[2..];
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Less => *x == y[1..],
        std::cmp::Ordering::Greater => x[1..] == *y,
        std::cmp::Ordering::Equal => x.is_empty() || x[1..] == y[1..] || swapped(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_misprints() {
        for (word, want) in [
            ("represenative", true),
            ("representatiive", true),
            ("represetnative", true),
            ("representative", true),
            ("representation", false),
            ("represented", false),
        ] {
            assert_eq!(one_apart("representative", word), want, "{word}");
        }
    }
}
