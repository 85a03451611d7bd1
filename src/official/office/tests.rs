//! Offices before a name and after its comma, by their words.

use std::ops::Range;

use super::Phrase;
use crate::official::marks::Marked;
use crate::official::tests::at;

/// What a row tests, a language, a sentence, a name in it, and the office next to that.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// The words of an office, followed by "(not public)" if it isn't; empty if none is read.
fn told(phrase: Option<Phrase>) -> String {
    let words = |p: Phrase| format!("{}{}", p.words(), if p.public { "" } else { " (not public)" });
    phrase.map(words).unwrap_or_default()
}

/// Compares the office read next to each name with that of the row.
fn hold(rows: &[Row], read: impl Fn(&Marked, Range<usize>) -> String) {
    let mut wrong = Vec::new();
    for (what, language, sentence, name, office) in rows {
        let got = at(language, sentence, name, &read);
        if got != *office {
            wrong.push(format!("{what}: {sentence}\n  {got:?}, not {office:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_office_ends_where_the_name_starts() {
    let rows = [
        ("a head alone", "en", "He met President Orlov there.", "Orlov", "President"),
        ("what it is for", "en", "He met Finance Minister Jan Kowalik.", "Jan Kowalik", "Finance Minister"),
        (
            "its country",
            "en",
            "He met Dutch Finance Minister Jan Kowalik.",
            "Jan Kowalik",
            "Dutch Finance Minister",
        ),
        (
            "no longer held",
            "en",
            "He met former Prime Minister Jan Kowalik.",
            "Jan Kowalik",
            "former Prime Minister",
        ),
        (
            "a body",
            "en",
            "He met Bank of England Governor Jan Kowalik.",
            "Jan Kowalik",
            "Bank of England Governor",
        ),
        ("a firm's", "en", "He met Acme Chairman Jan Kowalik.", "Jan Kowalik", "Chairman (not public)"),
        ("a job", "en", "He met the analyst Jan Kowalik.", "Jan Kowalik", "analyst (not public)"),
        ("another's", "en", "He told reporters Jan Kowalik left.", "Jan Kowalik", ""),
        ("the sentence before", "en", "He met the minister. Jan Kowalik left.", "Jan Kowalik", ""),
        ("the paragraph before", "en", "The finance minister\n\nJan Kowalik left.", "Jan Kowalik", ""),
        (
            "the head first",
            "fr",
            "Il a vu le ministre de l'Intérieur Jean Roux.",
            "Jean Roux",
            "ministre de l'Intérieur",
        ),
        (
            "the head first",
            "es",
            "Habló la ministra de Defensa Ana Roble.",
            "Ana Roble",
            "ministra de Defensa",
        ),
        ("one word", "de", "Es sprach Innenminister Jan Kowalik.", "Jan Kowalik", "Innenminister"),
        (
            "a region",
            "ru",
            "Приехал губернатор Омской области Иван Рао.",
            "Иван Рао",
            "губернатор Омской области",
        ),
        ("kin of another", "uk", "Приїхала дружина депутата Юрія Орлова.", "Юрія Орлова", "депутата"),
        (
            "the country first",
            "az",
            "Azərbaycan Prezidenti Rövşən Rao gəlib.",
            "Rövşən Rao",
            "Azərbaycan Prezidenti",
        ),
    ];
    hold(&rows, |marked, name| told(marked.office_before(name.start)));
}

#[test]
fn an_office_starts_behind_the_comma() {
    let rows = [
        ("an article", "en", "Lena Ortiz, the House speaker, left.", "Lena Ortiz", "House speaker"),
        (
            "what it is for",
            "en",
            "Lena Ortiz, the minister for trade, left.",
            "Lena Ortiz",
            "minister for trade",
        ),
        (
            "a body",
            "en",
            "Lena Ortiz, governor of the Bank of England, left.",
            "Lena Ortiz",
            "governor of the Bank of England",
        ),
        ("a firm's", "en", "Lena Ortiz, chairman of Acme, left.", "Lena Ortiz", "chairman (not public)"),
        ("a job", "en", "Lena Ortiz, an analyst, left.", "Lena Ortiz", "analyst (not public)"),
        (
            "the next in a list",
            "en",
            "Lena Ortiz, Treasury Secretary Jan Kowalik and others left.",
            "Lena Ortiz",
            "",
        ),
        ("no office", "en", "Lena Ortiz, who was late, left.", "Lena Ortiz", ""),
        (
            "the head first",
            "fr",
            "Jean Roux, ministre de l'Intérieur, a parlé.",
            "Jean Roux",
            "ministre de l'Intérieur",
        ),
        ("one word", "de", "Jan Kowalik, Innenminister, sprach.", "Jan Kowalik", "Innenminister"),
    ];
    hold(&rows, |marked, name| told(marked.office_after(name.end + 1)));
}
