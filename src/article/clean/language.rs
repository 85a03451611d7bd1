//! The language of a cleaned text: the declared one if it fits; for a short text the one that its letters or n-grams
//! identify; else the guess of `whatlang` if that fits, else the language with the most small words in it.

use whatlang::Lang;

use crate::language::FunctionWords;
use crate::text::{Language, Script, is_letter, small_letters};

/// Code points to sample from the middle of the text: its beginning may be a dateline or a name.
const SAMPLE: usize = 600;

/// One running word in this many must be a small word of the declared language. In news of the languages known here the
/// rate is from one in three (English, French) to one in ten (Azerbaijani, Turkish).
const ONE_IN: usize = 20;

/// Letters below which there is no decision: names and numbers look alike in all languages.
const ENOUGH: usize = 24;

/// Letters below which a lack of small words means nothing.
const FEW: usize = 200;

/// The language of a text; `declared` comes from the event or the page. [`Language::UND`] if it is undecidable.
pub(super) fn of(title: &str, text: &str, declared: Option<Language>, words: &FunctionWords) -> Language {
    let mut sample = middle(text);
    if !tells(sample) {
        sample = title;
    }
    if let Some(language) = declared
        && fits(sample, language, words)
    {
        return language;
    }
    let few = sample.chars().filter(|c| is_letter(*c)).nth(FEW - 1).is_none();
    let short = few.then(|| format!("{title} {}", middle(text)));
    let by_letters = || words.by_letters(short.as_deref()?);
    let by_runs = || words.by_runs(short.as_deref()?);
    if !tells(sample) {
        return declared.or_else(by_letters).or_else(by_runs).unwrap_or(Language::UND);
    }
    let guess = whatlang::detect(sample);
    let guess = guess.and_then(|g| Some((Language::parse(code(g.lang()))?, g.is_reliable())));
    // `whatlang` weighs seventy languages and is often wrong about headlines in the languages known here
    let foreign = guess.is_some_and(|(language, reliable)| reliable && !words.has_runs(language));
    if !foreign && let Some(language) = by_letters().or_else(by_runs) {
        return language;
    }
    // tables and lists have few small words; the headline helps
    let lower = || format!("{title} {sample}").to_lowercase();
    // a doubtful guess must not have fewer small words than another language
    let doubted = |language| words.most(&running(&lower())).is_some_and(|most| most != language);
    if let Some((language, reliable)) = guess
        && (reliable || words.knows(language) && !doubted(language))
        && fits(sample, language, words)
    {
        return language;
    }
    match (words.most(&running(&lower())), guess) {
        (Some(language), _) | (None, Some((language, true))) => language,
        _ => by_letters().unwrap_or(Language::UND),
    }
}

/// Up to [`SAMPLE`] code points from the middle, cut at blanks.
fn middle(text: &str) -> &str {
    let edge = |from: usize| (from..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    // letters of most scripts take two bytes
    let from = edge((text.len() / 2).saturating_sub(SAMPLE));
    let from =
        if from == 0 { 0 } else { text[from..].find(char::is_whitespace).map_or(from, |at| from + at) };
    let rest = &text[from..];
    let short = &rest.as_bytes()[..rest.len().min(SAMPLE)];
    if short.len() == rest.len() || short.is_ascii() {
        return &rest[..short.len()];
    }
    let mut ends = rest.char_indices().map(|(at, _)| at);
    &rest[..ends.nth(SAMPLE).unwrap_or(rest.len())]
}

/// Whether there are enough letters to decide.
fn tells(sample: &str) -> bool {
    sample.chars().filter(|c| is_letter(*c)).nth(ENOUGH - 1).is_some()
}

/// The number of letters of a script, and of all scripts.
fn letters(sample: &str, script: Script) -> (usize, usize) {
    // in most texts nearly all are ASCII and need no decoding
    let latin = sample.bytes().filter(u8::is_ascii_alphabetic).count();
    let (mut own, mut all) = (if script == Script::Latin { latin } else { 0 }, latin);
    if !sample.is_ascii() {
        for c in sample.chars().filter(|c| !c.is_ascii() && is_letter(*c)) {
            all += 1;
            own += usize::from(Script::of(c) == script);
        }
    }
    (own, all)
}

/// Words and numbers as written.
fn running(text: &str) -> impl Iterator<Item = &str> + Clone {
    // nearly all characters are ASCII, for which checking the byte is enough
    let is_part =
        |c: char| if c.is_ascii() { c.is_ascii_alphanumeric() } else { is_letter(c) || c.is_numeric() };
    text.split(move |c| !is_part(c)).filter(|word| !word.is_empty())
}

/// Whether most letters are of the language's script and, if its small words are known, there are enough of them.
fn fits(sample: &str, language: Language, words: &FunctionWords) -> bool {
    let (own, letters) = letters(sample, words.scripts.of(language));
    if own * 2 <= letters {
        return false;
    }
    if letters < ENOUGH {
        return true;
    }
    let Some(known) = words.of_language(language) else { return true };
    let (mut found, mut all) = (0, 0);
    let most = sample.len().div_ceil(2);
    let mut lower = String::new();
    for word in running(sample) {
        all += 1;
        let small = word.bytes().all(|b| b.is_ascii_lowercase());
        if !small {
            small_letters(word, &mut lower);
        }
        found += usize::from(known.contains(if small { word } else { lower.as_str() }));
        // enough, however many words are left
        if found * ONE_IN >= most {
            return true;
        }
    }
    // a sentence or two may have no small word at all, but then it has none of another language either
    found * ONE_IN >= all || letters < FEW && words.most(&running(&sample.to_lowercase())).is_none()
}

/// The two-letter code, if the language has one: <https://www.loc.gov/standards/iso639-2/php/code_list.php>.
fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Afr => "af",
        Lang::Aka => "ak",
        Lang::Amh => "am",
        Lang::Ara => "ar",
        Lang::Aze => "az",
        Lang::Bel => "be",
        Lang::Ben => "bn",
        Lang::Bul => "bg",
        Lang::Cat => "ca",
        Lang::Ces => "cs",
        Lang::Cmn => "zh",
        Lang::Cym => "cy",
        Lang::Dan => "da",
        Lang::Deu => "de",
        Lang::Ell => "el",
        Lang::Eng => "en",
        Lang::Epo => "eo",
        Lang::Est => "et",
        Lang::Fin => "fi",
        Lang::Fra => "fr",
        Lang::Guj => "gu",
        Lang::Heb => "he",
        Lang::Hin => "hi",
        Lang::Hrv => "hr",
        Lang::Hun => "hu",
        Lang::Hye => "hy",
        Lang::Ind => "id",
        Lang::Ita => "it",
        Lang::Jav => "jv",
        Lang::Jpn => "ja",
        Lang::Kan => "kn",
        Lang::Kat => "ka",
        Lang::Khm => "km",
        Lang::Kor => "ko",
        Lang::Lat => "la",
        Lang::Lav => "lv",
        Lang::Lit => "lt",
        Lang::Mal => "ml",
        Lang::Mar => "mr",
        Lang::Mkd => "mk",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Nld => "nl",
        Lang::Nob => "nb",
        Lang::Ori => "or",
        Lang::Pan => "pa",
        Lang::Pes => "fa",
        Lang::Pol => "pl",
        Lang::Por => "pt",
        Lang::Ron => "ro",
        Lang::Rus => "ru",
        Lang::Sin => "si",
        Lang::Slk => "sk",
        Lang::Slv => "sl",
        Lang::Sna => "sn",
        Lang::Spa => "es",
        Lang::Srp => "sr",
        Lang::Swe => "sv",
        Lang::Tam => "ta",
        Lang::Tel => "te",
        Lang::Tgl => "tl",
        Lang::Tha => "th",
        Lang::Tuk => "tk",
        Lang::Tur => "tr",
        Lang::Ukr => "uk",
        Lang::Urd => "ur",
        Lang::Uzb => "uz",
        Lang::Vie => "vi",
        Lang::Yid => "yi",
        Lang::Zul => "zu",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Files;
    use crate::language::Languages;

    #[test]
    fn the_declared_language_counts_if_it_fits() {
        let words = FunctionWords::of(&Languages::parse(&Files::default(), &mut Vec::new()));
        let english = "The ministers of both countries said on Monday that the talks had been useful.";
        let russian = "Министры обеих стран заявили в понедельник, что переговоры были полезными и что они продолжатся.";
        let azerbaijani =
            "Nazirlər bazar ertəsi bildiriblər ki, danışıqlar faydalı olub və bu iş davam etdiriləcək.";
        for (text, declared, want) in [
            (english, None, "en"),
            (english, Some("en"), "en"),
            (english, Some("ru"), "en"),
            (english, Some("fr"), "en"),
            (russian, None, "ru"),
            (russian, Some("en"), "ru"),
            (azerbaijani, Some("az"), "az"),
            (azerbaijani, Some("en"), "az"),
            ("Almanya hükümeti açıklama yaptı.", Some("tr"), "tr"),
            ("Мэр Перми подал в отставку", None, "ru"),
            ("Мер Львова подав у відставку", None, "uk"),
            ("Bakı meri Eldar Əzizov", None, "az"),
            ("Bär im Wald gesichtet", None, "de"),
            ("Detienen a banda de ladrones", None, "es"),
            ("Зал ждал. Наступила весна.", None, "ru"),
            ("Президент принял посла соседней страны", None, "ru"),
            ("A drone strike hit Kharkiv on Monday, officials said. Two drones fell.", None, "en"),
            ("Oil up 3 pct", Some("en"), "en"),
            ("Oil up 3 pct", None, "und"),
            ("", Some("en"), "en"),
            ("", None, "und"),
            ("Shr 45 cts vs 58 cts. Net 1.1 mln vs 829,000. Sales 7.9 mln vs 9.4 mln", None, "en"),
            (
                "Les ministres ont dit lundi que les discussions avaient été utiles et qu'elles continueraient.",
                Some("fr"),
                "fr",
            ),
        ] {
            let declared = declared.and_then(Language::parse);
            assert_eq!(of("", text, declared, &words).as_str(), want, "{text} declared {declared:?}");
        }
        let menu = format!("Новости Главная Контакты\n{}", [english; 12].join("\n"));
        assert_eq!(of("", &menu, None, &words).as_str(), "en");
    }

    #[test]
    fn the_sample_is_cut_at_characters() {
        for text in ["", "a", &"я".repeat(3000), &"𝒳 ".repeat(999), &" ".repeat(5000)] {
            assert!(text.contains(middle(text)));
            assert!(middle(text).chars().count() <= SAMPLE);
        }
    }
}
