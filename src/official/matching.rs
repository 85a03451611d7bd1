//! Finds people by whole name: no word of the text's name may contradict the name in the data.

use rustc_hash::FxHashMap;

use crate::language::names::Names;

/// How well a name in a text fits one in the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Only one of them has a certain given name ("Juan Hernández" for "Juan Orlando Hernández"): many may share such a
    /// name.
    Near,
    /// All words agree, apart from initials and patronymics.
    Whole,
}

/// Names in the data by the keys of their words.
#[derive(Debug, Default)]
pub(super) struct Index {
    forms: Vec<Form>,
    /// By the keys of first and last word, with a space between.
    ends: FxHashMap<Box<str>, Vec<u32>>,
    /// By the key of the last word.
    family: FxHashMap<Box<str>, Vec<u32>>,
    /// By the key of a name of one word: "Felipe VI".
    single: FxHashMap<Box<str>, Vec<u32>>,
    /// Names by the key of the last word, to match an initial for the first.
    last: FxHashMap<Box<str>, Vec<u32>>,
}

#[derive(Debug)]
struct Form {
    holder: u32,
    words: Box<[Box<str>]>,
}

impl Index {
    /// Adds a name; returns the key of its surname.
    pub fn add(&mut self, name: &str, holder: u32, names: &Names) -> Box<str> {
        let words = words_of(name, names);
        let last = words.last().cloned().unwrap_or_default();
        let enter = |map: &mut FxHashMap<Box<str>, Vec<u32>>, key: &str, value: u32| {
            let list = map.entry(key.into()).or_default();
            if !list.contains(&value) {
                list.push(value);
            }
        };
        enter(&mut self.family, &last, holder);
        if words.len() < 2 {
            enter(&mut self.single, &last, holder);
            return last;
        }
        let number = self.forms.len() as u32;
        let ends = format!("{} {last}", names.formal(&words[0]));
        enter(&mut self.ends, &ends, number);
        enter(&mut self.last, &last, number);
        self.forms.push(Form { holder, words });
        last
    }

    /// The holders whose name agrees with the words of a name, given by their keys, each with its best fit.
    pub fn by_name(&self, keys: &[String], names: &Names) -> Vec<(u32, Fit)> {
        let words = inner(keys.iter().flat_map(|key| key.split('-')), names);
        let [first, .., last] = words.as_slice() else { return Vec::new() };
        let list = if first.chars().count() == 1 {
            self.last.get(*last)
        } else {
            self.ends.get(format!("{} {last}", names.formal(first)).as_str())
        };
        let mut out: Vec<(u32, Fit)> = Vec::new();
        for form in list.into_iter().flatten().map(|number| &self.forms[*number as usize]) {
            let Some(fit) = agree(&form.words, &words, names) else { continue };
            match out.iter_mut().find(|(holder, _)| *holder == form.holder) {
                Some((_, best)) => *best = fit.max(*best),
                None => out.push((form.holder, fit)),
            }
        }
        out
    }

    /// The holders with this surname, by its key.
    #[inline]
    pub fn by_family(&self, key: &str) -> &[u32] {
        self.family.get(key).map_or(&[], Vec::as_slice)
    }

    /// The holders known by this one word, by its key: "Felipe".
    pub fn by_single(&self, key: &str) -> &[u32] {
        self.single.get(key).map_or(&[], Vec::as_slice)
    }

    /// Holders who share a first and last word.
    #[cfg(test)]
    pub fn namesakes(&self) -> impl Iterator<Item = (&str, Vec<u32>)> {
        self.ends.iter().map(|(name, list)| {
            let mut holders: Vec<u32> = list.iter().map(|n| self.forms[*n as usize].holder).collect();
            holders.sort_unstable();
            holders.dedup();
            (name.as_ref(), holders)
        })
    }
}

/// The keys of the words of a name in the data, without what [`inner`] leaves out.
fn words_of(name: &str, names: &Names) -> Box<[Box<str>]> {
    let language = names.language_of(name);
    let mut words: Vec<String> = Vec::new();
    for word in name.split([' ', '-']).filter(|w| !w.is_empty()) {
        if words.is_empty() || !names.is_number(word) || word.len() == 2 && word.ends_with('.') {
            words.push(names.key(word.trim_matches([',', '.']), language));
        }
    }
    inner(words.iter().map(String::as_str), names).into_iter().map(Into::into).collect()
}

/// The words of a name without the small ones in the middle: "Marine Le Pen" and "Marine le Pen" are one.
fn inner<'k>(keys: impl Iterator<Item = &'k str>, names: &Names) -> Vec<&'k str> {
    let words: Vec<&str> = keys.filter(|key| !key.is_empty()).collect();
    let last = words.len().saturating_sub(1);
    let keeps = |(at, word): &(usize, &&str)| *at == 0 || *at == last || !names.is_particle(word);
    words.iter().enumerate().filter(keeps).map(|(_, word)| *word).collect()
}

/// How well two names agree: first and last word must, and what is between them must not conflict.
fn agree(form: &[Box<str>], text: &[&str], names: &Names) -> Option<Fit> {
    let same = |a: &str, b: &str| {
        let initial = |a: &str, b: &str| a.chars().count() == 1 && b.starts_with(a);
        a == b || names.formal(a) == names.formal(b) || initial(a, b) || initial(b, a)
    };
    let (last, end) = (form.len() - 1, text.len() - 1);
    if !same(&form[0], text[0]) || form[last].as_ref() != text[end] {
        return None;
    }
    let mut fit = Fit::Whole;
    let mut leave = |word: &str| {
        if word.chars().count() > 1 && names.given(word).is_some() {
            fit = Fit::Near;
        }
        names.is_middle(word)
    };
    let mut at = 1;
    for word in &text[1..end] {
        let found = (at..last).find(|f| same(&form[*f], word));
        match found {
            Some(found) => {
                if !form[at..found].iter().all(|left| leave(left)) {
                    return None;
                }
                at = found + 1;
            }
            None if leave(word) => {}
            None => return None,
        }
    }
    form[at..last].iter().all(|left| leave(left)).then_some(fit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::text::Language;

    #[test]
    fn names_match_whole() {
        let knowledge = Knowledge::compiled_in();
        let names = &knowledge.vocabulary.names;
        for (data, text, want) in [
            ("Carlos Holmes Trujillo Garcia", "Carlos Garcia", None),
            ("Maria Dolores Aguero Lara", "Maria Lara", None),
            ("Kim Yo Jong", "Kim Jong", None),
            ("Kim Jong Un", "Kim Jong-un", Some(Fit::Whole)),
            ("Juan Orlando Hernández", "Juan Hernandez", Some(Fit::Near)),
            ("Donald Trump", "Donald J. Trump", Some(Fit::Whole)),
            ("Donald Trump", "D. Trump", Some(Fit::Whole)),
            ("Donald Trump", "Donald Smith Trump", None),
            ("Jean-Yves Le Drian", "Jean-Yves le Drian", Some(Fit::Whole)),
            ("Владимир Путин", "Владимира Владимировича Путина", Some(Fit::Whole)),
            ("Bernie Sanders", "Bernard Sanders", Some(Fit::Whole)),
        ] {
            let mut index = Index::default();
            index.add(data, 7, names);
            let keys: Vec<String> =
                text.split(' ').map(|w| names.key(w.trim_matches('.'), Language::UND)).collect();
            let got = index.by_name(&keys, names);
            assert_eq!(got.first().map(|(_, fit)| *fit), want, "{data} and {text}");
        }
    }
}
