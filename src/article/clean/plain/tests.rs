use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::files::Files;

static JUNK: LazyLock<Junk> = LazyLock::new(|| Junk::of(&Files::default(), &mut Vec::new()));

const FIRST: &str = "The port of Harrow Bay reopened on Monday after four days of storms, the harbour office said, and the \
    first three ships were unloaded before noon.";
const SECOND: &str = "“We have never had so many vessels waiting,” said Mira Stelling, who runs the office, adding that the \
    last of them should be gone by Friday.";
const LAST: &str = "Fishermen welcomed the news.";

fn page(above: &str, below: &str) -> String {
    format!("{above}\n\n{FIRST}\n\n{SECOND}\n\n{LAST}\n\n{below}\n")
}

fn body() -> String {
    format!("{FIRST}\n\n{SECOND}\n\n{LAST}")
}

#[test]
fn the_page_around_a_body_is_taken_off() {
    for (name, above, below) in [
        (
            "English",
            "Home\nPolitics\nSport\nSearch\nShare\nHarbour reopens after four days of storms\n3 March 2025, 14:05",
            "Views: 88\nCopy link\nAny use of materials is allowed only with a link to the source\nLatest news\nMayor opens new bridge",
        ),
        (
            "Russian buttons",
            "Главная\nПоиск\nПоделиться\nHarbour reopens after four days of storms\n3 марта 2025, 14:05",
            "Просмотров: 88\nСсылка скопирована\nЧитайте также:\nНовый мост открыт\nПоделиться в соцсетях",
        ),
        (
            "Azerbaijani buttons",
            "Ana səhifə\nAxtarış\nPaylaş\nHarbour reopens after four days of storms\n3 mart 2025 14:05",
            "Baxış sayı: 88\nXəbəri paylaş\nSon xəbərlər\nYeni körpü açıldı",
        ),
    ] {
        let cleared = clear(page(above, below), "", &JUNK);
        assert_eq!(cleared.text, body(), "{name}");
        assert_eq!(cleared.title.as_deref(), Some("Harbour reopens after four days of storms"), "{name}");
        assert_eq!(cleared.published_at.unwrap().to_string(), "2025-03-03T14:05:00Z", "{name}");
    }
}

#[test]
fn junk_between_paragraphs_goes_and_subheads_stay() {
    let text = format!(
        "Menu\nSearch\nShare on Facebook\n{FIRST}\nAdvertisement\n\nRead also:\nMayor opens new bridge\nNew bridge opened\n\
         {SECOND}\nA long wait\n{FIRST}\nComments (3)\nNice. I was there and it was as it is written here, more or less, believe me."
    );
    assert_eq!(clear(text, "", &JUNK).text, format!("{FIRST}\n\n{SECOND}\nA long wait\n{FIRST}"));
}

#[test]
fn a_known_title_is_dropped_only_with_the_page() {
    let title = "Harbour reopens after storms";
    let clean = format!("{title}\n\n{FIRST}\n\n{SECOND}");
    assert_eq!(clear(clean.clone(), title, &JUNK).text, clean);
    let scraped = format!(
        "Menu\nHome\nShare this article\nMayor opens new bridge\n{title}\nThe wait is over for ships\n{FIRST}\n\n{SECOND}\nViews: 12"
    );
    let cleared = clear(scraped, title, &JUNK);
    assert_eq!(cleared.text, format!("The wait is over for ships\n{FIRST}\n\n{SECOND}"));
    assert_eq!(cleared.title, None);
}

#[test]
fn a_text_without_a_page_comes_out_as_it_went_in() {
    for text in [
        body(),
        format!("{FIRST}\r\n\r\n \t{SECOND}\u{a0}\n\n\n\n{LAST}\n\n"),
        format!("{FIRST}\n\nRead also: Mayor opens new bridge\n\n{SECOND}"),
        format!(
            "{FIRST}\n\nImage copyright Getty Images\n\n{SECOND}\n\nImage copyright Getty Images\n\n{FIRST}"
        ),
        "Gold 1,900\nSilver 22\nComments\n".to_owned(),
        "Home\nSearch\nShare this article\nViews: 12\nCopy link\n".to_owned(),
        String::new(),
    ] {
        assert_eq!(clear(text.clone(), "", &JUNK), Cleared { text, ..Cleared::default() });
    }
}

#[test]
fn the_headline_of_a_bare_text_is_its_first_line() {
    let text = format!("Harbour reopens after the storm\n\n{FIRST}\n\n{SECOND}\n");
    assert_eq!(headline(&text, &JUNK), Some(("Harbour reopens after the storm", 33)));
    // a sentence; no line of its own; nothing below it that is a sentence
    for text in [
        format!("The harbour reopens after the storm.\n\n{FIRST}"),
        format!("Harbour reopens after\n{FIRST}"),
        "Harbour reopens after the storm\n\nMayor opens new bridge".to_owned(),
        "Harbour reopens after the storm\n\n".to_owned(),
    ] {
        assert_eq!(headline(&text, &JUNK), None, "{text}");
    }
}

#[test]
fn the_text_of_a_page_loses_its_last_junk() {
    let text = format!(
        "Harbour reopens\n\n3 March 2025\n\n{FIRST}\n\nRead also: bridge\n\nA long wait\n\n{SECOND}\n\nRelated articles\n\nMayor opens new bridge"
    );
    assert_eq!(tidy(&text, "Harbour reopens", &JUNK), format!("{FIRST}\n\nA long wait\n\n{SECOND}"));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(\\PC{0,20}|Views: 1|Share this|Comments|\n|3 March 2025|[a-z ]{90}\\.){0,40}", title in "\\PC{0,9}") {
        let cleared = clear(text.clone(), &title, &JUNK);
        prop_assert!(cleared.text.len() <= text.len());
        tidy(&text, &title, &JUNK);
    }

    #[test]
    fn prose_comes_out_as_it_went_in(paragraphs in proptest::collection::vec("[A-Z][a-zа-я“”,]{2,9}( [a-zа-яə,]{2,9}){5,60}[.?!]", 1..12)) {
        let text = paragraphs.join("\n\n");
        prop_assert_eq!(clear(text.clone(), "", &JUNK).text, text);
    }
}
