//! Which names an inflected form can be: stems are short, so several names and common words can share one.

use crate::country::gazetteer::{Kind, Name, Places, one_i};
use crate::text::Language;

/// Keeps the names nearest to a written form of a shared stem: "Нигерии" is Nigeria and no form of Niger, "Suriye" is
/// Syria and no town with an ending. These are the nearest country and whatever is as near.
pub(super) fn nearest(written: &str, names: &mut Vec<Name<'_>>) {
    if names.len() < 2 {
        return;
    }
    let written = written.to_lowercase();
    // a surname of the same stem takes nothing from a people: "Поляки" beside "Поляков"
    let listed = |name: &Name<'_>| {
        let people = name.senses.iter().any(|s| s.kind == Kind::Adjective);
        people && name.written == Some(written.as_str())
    };
    if names.iter().any(listed) {
        names.retain(|name| listed(name) || name.senses.iter().any(|s| s.kind != Kind::Nothing));
    }
    let of_country = |name: &Name<'_>| name.senses.iter().any(|s| s.kind == Kind::Country);
    if !names.iter().any(of_country) {
        return;
    }
    // number of differing letters; of two equally near, the one with more in common
    let distance = |name: &Name<'_>| {
        let Some(form) = name.written else { return (0, 0) };
        let common = written.chars().zip(form.chars()).take_while(|(a, b)| a == b).count();
        let differ = written.chars().count() + form.chars().count() - 2 * common;
        (differ, if differ == 0 { 0 } else { usize::MAX - common })
    };
    if let Some(least) = names.iter().filter(|name| of_country(name)).map(distance).min() {
        names.retain(|name| distance(name) <= least);
    }
}

/// A name's form in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form<'t> {
    pub written: &'t str,
    pub language: Language,
    /// Whether an apostrophe separates it from an ending.
    pub apostrophe: bool,
    /// Whether its capital means nothing: it begins a sentence, or is in a headline where most words have one.
    pub any_capital: bool,
}

/// For a language that only appends endings to names: keeps the names that are whole in what is written. "Bağda" is a
/// form of vineyard, not of Baghdad ("Bağdad"), though they share a stem. Returns whether what remains may be a common
/// word: one that is listed, or, where a capital means nothing, a Turkish town with an ending and no apostrophe before
/// it.
pub(super) fn whole(form: Form<'_>, places: &Places, names: &mut Vec<Name<'_>>) -> bool {
    let written = one_i(form.written);
    names.retain(|name| name.written.is_none_or(|own| written.starts_with(&one_i(own))));
    // only names are written so: "Ordu'da"
    if form.apostrophe {
        return false;
    }
    let is_word = |name: &str| places.is_word(form.language, name);
    is_word(&written)
        || names.iter().any(|name| {
            let Some(own) = name.written.map(one_i) else { return false };
            let ending = &written[own.len()..];
            let town = name.senses.iter().all(|s| matches!(s.kind, Kind::City | Kind::Capital));
            let lacks_one = places.takes_apostrophe(form.language, ending);
            town && lacks_one && form.any_capital || is_word(&own)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;

    #[test]
    fn a_name_stands_whole_before_its_endings() {
        let lexicon = Knowledge::compiled_in();
        let town = [crate::country::gazetteer::Sense {
            country: 0,
            kind: Kind::City,
            region: [0; 2],
            population: 900,
        }];
        for (language, own, written, apostrophe, any_capital, want) in [
            ("az", "bağdad", "Bağda", false, true, None),
            ("az", "bağdad", "Bağdadda", false, true, Some(false)),
            ("az", "bakı", "BAKIDA", false, true, Some(false)),
            ("tr", "kaduna", "Kadın", false, false, None),
            ("tr", "ordu", "Ordu", false, true, Some(true)),
            ("tr", "ordu", "Ordu", true, true, Some(false)),
            ("tr", "bakü", "Baküde", false, true, Some(true)),
            ("tr", "bakü", "Baküde", false, false, Some(false)),
            ("tr", "bakü", "Bakülü", false, true, Some(false)),
        ] {
            let language = Language::parse(language).unwrap();
            let mut names = vec![Name { written: Some(own), senses: &town, ..Name::default() }];
            let word =
                whole(Form { written, language, apostrophe, any_capital }, &lexicon.places, &mut names);
            assert_eq!((!names.is_empty()).then_some(word), want, "{written}");
        }
    }
}
