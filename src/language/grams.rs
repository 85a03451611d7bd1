//! Identifies the language of a headline by letter n-grams: a headline is too short for small words, but still has the
//! typical endings and joints.

use std::hash::{BuildHasher, BuildHasherDefault};

use rustc_hash::FxHasher;

use crate::files::{Files, rows};
use crate::language::scripts::Scripts;
use crate::text::{Language, Script, is_letter};

/// The file with the weights.
const FILE: &str = "grams.tsv";

/// Lengths of the n-grams.
const RUNS: std::ops::RangeInclusive<usize> = 2..=4;

/// The weight of an n-gram that is rare in a language.
const RARE: f32 = -13.0;

/// The lead that the likeliest language needs over the next.
const AHEAD: f32 = 5.0;

/// Letters below which no language is guessed.
const LEAST: usize = 12;

/// How usual letter n-grams are in each language.
#[derive(Debug, Clone, Default)]
pub struct Grams {
    languages: Vec<Language>,
    priors: Vec<f32>,
    /// Hash of the n-gram, index of the language, weight; sorted.
    weights: Vec<(u64, u8, f32)>,
}

impl Grams {
    /// Reads `grams.tsv`. Errors name file and line.
    pub fn parse(files: &Files, errors: &mut Vec<String>) -> Self {
        let mut out = Self::default();
        for (at, row) in rows(files.get(FILE).unwrap_or_default()) {
            if out.row(row).is_none() {
                errors.push(format!("{FILE} line {at}: a language, a weight and runs, by tabs"));
            }
        }
        out.weights.sort_unstable_by_key(|(run, language, _)| (*run, *language));
        out.weights.shrink_to_fit();
        out
    }

    fn row(&mut self, row: &str) -> Option<()> {
        let mut cells = row.split('\t');
        let (language, weight, runs) = (Language::parse(cells.next()?)?, cells.next()?, cells.next()?);
        let number = self.languages.iter().position(|known| *known == language).unwrap_or_else(|| {
            self.languages.push(language);
            self.priors.push(0.0);
            self.languages.len() - 1
        });
        if weight == "prior" {
            self.priors[number] = runs.parse().ok()?;
            return Some(());
        }
        let (weight, number) = (weight.parse().ok()?, u8::try_from(number).ok()?);
        self.weights.extend(runs.split(' ').map(|run| (hash(run), number, weight)));
        Some(())
    }

    /// Whether a language is one of those it can guess.
    pub fn knows(&self, language: Language) -> bool {
        self.languages.contains(&language)
    }

    /// The language of a short text; `None` if it has too few letters, or two languages are about as likely.
    pub fn guess(&self, text: &str, scripts: &Scripts) -> Option<Language> {
        let count = |script| text.chars().filter(|c| is_letter(*c) && Script::of(*c) == script).count();
        let letters = text.chars().filter(|c| is_letter(*c)).count();
        let mut scores: Vec<(f32, usize)> = self
            .languages
            .iter()
            .enumerate()
            .filter(|(_, language)| {
                let script = scripts.of(**language);
                // names of brands and networks are in Latin letters in texts of every script
                count(script) * 4 > letters * if script == Script::Latin { 3 } else { 1 }
            })
            .map(|(number, _)| (self.priors[number], number))
            .collect();
        if letters < LEAST || scores.is_empty() {
            return None;
        }
        self.add_up(text, &mut scores);
        scores.sort_by(|a, b| b.0.total_cmp(&a.0));
        let ahead = scores.get(1).is_none_or(|second| scores[0].0 - second.0 >= AHEAD);
        ahead.then(|| self.languages[scores[0].1])
    }

    fn add_up(&self, text: &str, scores: &mut [(f32, usize)]) {
        let mut run = String::new();
        for word in text.split(|c: char| !is_letter(c)).filter(|word| !word.is_empty()) {
            let mut letters = vec!['_'];
            letters.extend(word.chars().flat_map(char::to_lowercase).filter(|c| *c != '\u{307}'));
            letters.push('_');
            for window in RUNS.flat_map(|length| letters.windows(length)) {
                run.clear();
                run.extend(window);
                let key = hash(&run);
                let from = self.weights.partition_point(|(run, ..)| *run < key);
                let own = self.weights[from..].iter().take_while(|(run, ..)| *run == key);
                scores.iter_mut().for_each(|(score, _)| *score += RARE);
                for (_, language, weight) in own {
                    if let Some((score, _)) =
                        scores.iter_mut().find(|(_, number)| *number == usize::from(*language))
                    {
                        *score += weight - RARE;
                    }
                }
            }
        }
    }
}

fn hash(run: &str) -> u64 {
    BuildHasherDefault::<FxHasher>::default().hash_one(run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Languages;

    #[test]
    fn headlines_are_told() {
        let files = Files::default();
        let mut errors = Vec::new();
        let grams = Grams::parse(&files, &mut errors);
        let scripts = Languages::parse(&files, &mut errors).scripts;
        assert!(errors.is_empty(), "{errors:?}");
        for (text, want) in [
            ("Governor signs bill on school lunches", Some("en")),
            ("Gouverneur unterschreibt Gesetz zum Schulessen", Some("de")),
            ("Le gouverneur signe la loi sur les cantines", Some("fr")),
            ("El gobernador firma la ley de comedores", Some("es")),
            ("Vali okul yemekleri yasasını imzaladı", Some("tr")),
            ("Qubernator məktəb yeməkləri qanununu imzalayıb", Some("az")),
            ("Gubernator podpisał ustawę o stołówkach", Some("pl")),
            ("Губернатор подписал закон о столовых", Some("ru")),
            ("Губернатор підписав закон про їдальні", Some("uk")),
            ("Տպել Facebook Twitter WhatsApp Կիսվել ընկերների", None),
            ("Oil up 3 pct", None),
            ("", None),
        ] {
            assert_eq!(grams.guess(text, &scripts), want.and_then(Language::parse), "{text}");
        }
    }
}
