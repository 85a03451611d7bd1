//! Sovereigns: a crowned title, a name of one word and perhaps a number. "King *Felipe VI*", "Kral *6. Felipe*".

use std::ops::Range;

use super::identity::{Draft, Gathering};
use super::marks::Marked;
use super::sighting::Sighting;
use super::who::only;
use crate::language::class::Class;
use crate::official::holders::{Holder, When};
use crate::text::Kind;

impl Marked<'_> {
    /// How many tokens separate a name from the title before it: the dot of "Gen. Roe", or the ordinal of
    /// "Kral 6. Felipe".
    pub fn between_title(&self, name: usize) -> usize {
        let Some(dot) = name.checked_sub(1).filter(|t| self.is(*t, '.')) else { return 0 };
        let number = |t: usize| self.text.tokens[t].kind == Kind::Number;
        if dot > 1 && number(dot - 1) && self.class(dot - 2).any(Class::RULER) { 2 } else { 1 }
    }

    /// Whether a crowned title precedes a name.
    fn is_crowned(&self, name: usize) -> bool {
        let title = name.checked_sub(1 + self.between_title(name));
        title.is_some_and(|t| !self.breaks(t + 1) && self.class(t).any(Class::RULER))
    }

    /// Whether a token of a name is only its number: "Felipe *VI*", "Kral *VI* Felipe". A single letter is one only
    /// with a crowned title, or behind a sovereign's name, as "Malcolm *X*" is none.
    pub fn numbers(&self, t: usize, name: &Range<usize>, before: Option<&String>) -> bool {
        let Some(letters) = roman(self.text.word(t)).map(|_| self.text.word(t).len()) else { return false };
        match before {
            None => t + 1 < name.end && self.is_crowned(name.start),
            Some(key) => {
                letters > 1 || self.is_crowned(name.start) || !self.data.holders.by_single(key).is_empty()
            }
        }
    }

    /// The number in a sovereign's name, or between title and name.
    fn number(&self, tokens: &Range<usize>) -> Option<u32> {
        let digits = |t: usize| self.text.word(t).parse().ok().filter(|_| self.is(t + 1, '.'));
        tokens.clone().find_map(|t| roman(self.text.word(t)).or_else(|| digits(t)))
    }

    /// Whether a name is a listed sovereign's as it stands: "Felipe VI" without a title, "König *Willem-Alexander*".
    pub fn is_sovereign(&self, name: &Range<usize>, keys: &[String]) -> bool {
        let ([key], true) = (keys, name.len() > 1) else { return false };
        let holders = &self.data.holders;
        if self.is_crowned(name.start) && !holders.by_name(keys, &self.data.vocabulary.names).is_empty() {
            return true;
        }
        let Some(number) = self.number(name) else { return false };
        holders.by_single(key).iter().any(|h| numbers_of(holders.holder(*h)).any(|own| own == number))
    }
}

impl Gathering<'_> {
    /// The crowned title of a sighting with its name, or the name with its number alone.
    pub fn ruler(&self, part: usize, sighting: &Sighting) -> Option<(usize, Range<usize>)> {
        let marked = &self.parts[part];
        let Range { start, end } = sighting.tokens;
        let head = sighting.office.as_ref().map(|office| office.head.clone());
        let crown = head.filter(|head| {
            head.end + marked.between_title(start) == start && marked.class(head.start).any(Class::RULER)
        });
        let from = crown.map(|head| head.start).or_else(|| sighting.sovereign.then_some(start))?;
        Some((part, from..end))
    }

    /// The sovereign that a person of one name is. "King *Philippe*" is nobody with that surname, and a king no prince.
    pub fn sovereign(&self, person: &Draft) -> Option<u32> {
        let officials = &self.data.holders;
        let names = &self.data.vocabulary.names;
        let (part, tokens) = person.ruler.as_ref()?;
        let marked = &self.parts[*part];
        let office = person.office.as_ref();
        let number = marked.number(tokens);
        let fits = |h: &u32| {
            let mut own = numbers_of(officials.holder(*h)).peekable();
            let same = number.is_none() || own.peek().is_none() || own.any(|own| Some(own) == number);
            same && self.alive(*h) && office.is_none_or(|office| self.fits(*h, office))
        };
        let crowned = |h: &u32| {
            let mut crowns = officials.holder(*h).offices.iter().filter(|o| o.crowned);
            crowns.any(|crown| office.is_none_or(|office| office.kind == crown.kind))
        };
        // "King Willem-Alexander"
        let named = officials.by_name(&person.keys, names).into_iter().map(|(h, _)| h);
        let mut list: Vec<u32> = officials.by_single(&person.keys[0]).iter().copied().chain(named).collect();
        list.retain(crowned);
        // as the data has it, title and name: "Ayatollah Khamenei"
        let titled = marked.with_key(tokens.start, |title| {
            officials.by_name(&[title.to_owned(), person.keys[0].clone()], names)
        });
        list.extend(titled.into_iter().map(|(h, _)| h));
        list.sort_unstable();
        list.dedup();
        list.retain(fits);
        // "King Abdullah II" is not the Abdullah who has no number
        let bears = |h: &u32| numbers_of(officials.holder(*h)).any(|own| Some(own) == number);
        if list.iter().any(bears) {
            list.retain(bears);
        }
        let reigns = |h: &u32| {
            let offices = &officials.holder(*h).offices;
            self.day.as_deref().is_none_or(|day| offices.iter().any(|o| o.when(day) == When::During))
        };
        let all = || list.iter().copied();
        only(all())
            .or_else(|| only(all().filter(|h| self.is_named(*h))))
            .or_else(|| only(all().filter(reigns)))
    }
}

/// The numbers that a sovereign's names have: 6 of "Felipe VI".
fn numbers_of(holder: &Holder) -> impl Iterator<Item = u32> {
    let names = holder.aliases.iter().chain([&holder.name]);
    names.flat_map(|name| name.split(' ')).filter_map(roman)
}

/// The value of a Roman number up to 89.
fn roman(word: &str) -> Option<u32> {
    let value = |c: char| match c {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        'L' => Some(50),
        _ => None,
    };
    let values: Vec<u32> = word.chars().map(value).collect::<Option<_>>()?;
    let less = |i: usize| values.get(i + 1).is_some_and(|next| *next > values[i]);
    let (minus, plus): (Vec<usize>, Vec<usize>) = (0..values.len()).partition(|i| less(*i));
    let sum = |of: &[usize]| of.iter().map(|i| values[*i]).sum::<u32>();
    sum(&plus).checked_sub(sum(&minus)).filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_roman_numbers() {
        for (word, want) in [
            ("I", Some(1)),
            ("VI", Some(6)),
            ("XIV", Some(14)),
            ("XVI", Some(16)),
            ("IX", Some(9)),
            ("Vi", None),
            ("", None),
        ] {
            assert_eq!(roman(word), want, "{word}");
        }
    }
}
