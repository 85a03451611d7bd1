//! Which name in a source is who speaks: its head. "The minister *Rao*" is Rao; "critics of President Rao", "a Rao aide",
//! "помощник министра Рао" are not, and "Rao adviser *Lee*" is Lee.

use std::ops::Range;

use super::grammar::Grammar;
use super::speaker::Speakers;
use crate::language::class::Class;
use crate::language::word::Word;
use crate::text::{Field, Language};

/// What a title that a person bears can be.
fn borne() -> Class {
    Class::OFFICE | Class::ROLE | Class::RANK
}

impl Speakers<'_> {
    /// The person whose name is the head of a source. `subject`: the source stands in the first case.
    pub(super) fn head(&self, grammar: &Grammar, source: &Range<usize>, subject: bool) -> Option<usize> {
        let list = &self.mentions[usize::from(grammar.text.field == Field::Text)];
        let from = list.partition_point(|(name, _)| name.end <= source.start);
        let names = &list[from..];
        let names = &names[..names.partition_point(|(name, _)| name.start < source.end)];
        let head = names.iter().enumerate().find(|(i, (name, who))| {
            let leads_to_another =
                names.get(i + 1).is_some_and(|(next, _)| runs_on(grammar, name.end..next.start));
            let owns =
                self.owns(grammar, source, name) || self.is_in_genitive(grammar, source, name, *who, subject);
            !leads_to_another && !owns && !self.is_governed(grammar, source, name.start)
        });
        head.map(|(_, (_, who))| *who)
    }

    /// Whether a name belongs to a preposition, by itself or with its title: "critics of *President Rao*", but not "the
    /// president of India *Rao*".
    fn is_governed(&self, grammar: &Grammar, source: &Range<usize>, name: usize) -> bool {
        let links = Word::PREPOSITION | Word::TO | Word::GENITIVE;
        let link = (source.start..name).rev().find(|i| grammar.is(*i, links));
        link.is_some_and(|at| at + 1 == name || self.title(grammar, &(at + 1..name)).any(borne()))
    }

    /// Whether what stands behind a name is the name's: "*Rao*'s party", "a *Rao* aide", "the *Rao* administration".
    fn owns(&self, grammar: &Grammar, source: &Range<usize>, name: &Range<usize>) -> bool {
        let behind = name.end..source.end;
        if behind.len() > 1 && matches!(grammar.mark(name.end), Some('\'' | '’')) {
            return true;
        }
        let Some(word) =
            grammar.word(name.end).filter(|_| grammar.language == Language::EN && !behind.is_empty())
        else {
            return false;
        };
        let noun = !grammar.capital(name.end) && !grammar.small(name.end) && !word.ends_with("ly");
        noun || self.title(grammar, &behind).any(borne() | Class::INSTITUTION)
    }

    /// Whether a name stands in the genitive beside the noun that speaks: "советник *Рао*", "*Raonun* köməkçisi".
    fn is_in_genitive(
        &self,
        grammar: &Grammar,
        source: &Range<usize>,
        name: &Range<usize>,
        who: usize,
        subject: bool,
    ) -> bool {
        let language = grammar.language.as_str();
        let beside = match language {
            "ru" | "uk" => subject && source.start < name.start,
            "az" | "hy" => name.end < source.end,
            _ => false,
        };
        let last = |name: &str| name.split_whitespace().last().unwrap_or_default().to_lowercase();
        let (word, first_case) =
            (grammar.text.word(name.end - 1).to_lowercase(), last(&self.people[who].name));
        beside
            && match language {
                "az" => {
                    let key = |word: &str| self.data.vocabulary.names.key(word, Language::UND);
                    let ending = key(&word).strip_prefix(&key(&first_case)).map(str::to_owned);
                    matches!(ending.as_deref(), Some("in" | "un" | "nin" | "nun"))
                }
                "hy" => word.ends_with('ի') && !first_case.ends_with(['i', 'ի']),
                _ => is_slavic_genitive(&word, &first_case),
            }
    }
}

/// Whether words lead from one name on to the next, as from whose the speaker is to the speaker: no mark or conjunction
/// parts them.
fn runs_on(grammar: &Grammar, mut between: Range<usize>) -> bool {
    between.all(|i| {
        (grammar.word(i).is_some() || grammar.mark(i) == Some('-'))
            && !grammar.is(i, Word::CONJUNCTION | Word::PREPOSITION | Word::RELATIVE)
    })
}

/// Whether a Russian or Ukrainian surname stands in the genitive, as far as its first case tells, which may be in Latin
/// letters: "Песков" ends like "Peskov" with a consonant, "Пескова" does not. Names in "-o", "-i", "-u" have no cases.
fn is_slavic_genitive(word: &str, first_case: &str) -> bool {
    let feminine = word.ends_with(['ы', 'и', 'і', 'ї']) || word.ends_with("ой") || word.ends_with("ої");
    match first_case.chars().next_back() {
        Some('o' | 'i' | 'u') | None => false,
        Some('y' | 'j') => word.ends_with("го"),
        Some('a') => feminine,
        Some(last) if last.is_ascii() => word.ends_with(['а', 'я']) || word.ends_with("го"),
        Some('а' | 'я') => word != first_case && feminine,
        Some(_) => word != first_case && (word.ends_with(['а', 'я']) || word.ends_with("го")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_genitive_is_told_by_its_end_and_the_first_case() {
        for (word, first_case) in [
            ("пескова", "peskov"),
            ("зеленского", "zelensky"),
            ("захаровой", "zakharova"),
            ("байдена", "biden"),
            ("гордеева", "гордеев"),
        ] {
            assert!(is_slavic_genitive(word, first_case), "{word}");
        }
        for (word, first_case) in [
            ("песков", "peskov"),
            ("зеленский", "zelensky"),
            ("захарова", "zakharova"),
            ("кеннеди", "kennedy"),
            ("лукашенко", "lukashenko"),
            ("мелони", "meloni"),
            ("дуда", "duda"),
            ("гордеева", "гордеева"),
            ("меркель", "merkel"),
        ] {
            assert!(!is_slavic_genitive(word, first_case), "{word}");
        }
    }
}
