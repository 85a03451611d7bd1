//! Whole sentences in, officials out.

mod days;

use super::*;
use crate::knowledge::Knowledge;
use crate::text::Language;

/// Calls `read` on a sentence with the tokens of `name` in it.
pub(super) fn at<T>(
    language: &str,
    sentence: &str,
    name: &str,
    read: impl FnOnce(&marks::Marked, std::ops::Range<usize>) -> T,
) -> T {
    let lexicon = Knowledge::compiled_in();
    let language = Language::parse(language).unwrap();
    let source = crate::article::Source::default();
    let body = sentence.to_owned();
    let document = Document::new(String::new(), body, language, None, source, &lexicon.vocabulary);
    let marked = marks::Marked::new(&document.body, language, lexicon.of_people());
    let tokens = &document.body.text.tokens;
    let from = document.body.text.raw.find(name).unwrap();
    let first = tokens.partition_point(|t| (t.end as usize) <= from);
    let last = tokens.partition_point(|t| (t.start as usize) < from + name.len());
    read(&marked, first..last)
}

/// "name: office (country): mentions" for each person.
pub(super) fn found(language: &str, day: &str, title: &str, body: &str) -> Vec<String> {
    let lexicon = Knowledge::compiled_in();
    let day = format!("{day}T12:00:00Z").parse().ok();
    let language = Language::parse(language).unwrap();
    let document = Document::new(
        title.to_owned(),
        body.to_owned(),
        language,
        day,
        crate::article::Source::default(),
        &lexicon.vocabulary,
    );
    people(&document, lexicon.of_people())
        .iter()
        .map(|p| {
            let office = p
                .office
                .as_ref()
                .map_or("-".to_owned(), |o| format!("{} ({})", o.title, o.country.as_deref().unwrap_or("?")));
            let spans: Vec<String> = p.mentions.iter().map(|m| m.span(&document).exact).collect();
            format!("{}: {office}: {}", p.name, spans.join(" | "))
        })
        .collect()
}

#[test]
fn finds_officials_by_their_titles() {
    for (text, want) in [
        (
            "Finance Minister Jan Kowalik said taxes would fall. Kowalik gave no date.",
            "Jan Kowalik: Finance Minister (?): Jan Kowalik | Kowalik",
        ),
        (
            "Deputy Treasury secretary Ruth Ames resigned.",
            "Ruth Ames: Deputy Treasury secretary (?): Ruth Ames",
        ),
        ("Lena Ortiz, the House speaker, left.", "Lena Ortiz: House speaker (?): Lena Ortiz"),
        (
            "The chairman of the Federal Reserve Board, Tom Alder, wrote to banks.",
            "Tom Alder: chairman of the Federal Reserve Board (US): Tom Alder",
        ),
        (
            "He spoke to Governor of the Bank of England Hugh Robin-Percy today.",
            "Hugh Robin-Percy: Governor of the Bank of England (GB): Hugh Robin-Percy",
        ),
        (
            "Talks failed, Dutch Finance Miniister H. Onno Vlaar said, and Vlaar left.",
            "H. Onno Vlaar: Dutch Finance Miniister (NL): H. Onno Vlaar | Vlaar",
        ),
        ("He met World Bank (WB) head Michel Sand.", "Michel Sand: World Bank (WB) head (WB): Michel Sand"),
        (
            "EC Trade Commissioner, Willy Vlaar has written to him.",
            "Willy Vlaar: EC Trade Commissioner (EU): Willy Vlaar",
        ),
        ("President Orlov left. \"No,\" Orlov said.", "Orlov: President (?): Orlov | Orlov"),
    ] {
        assert_eq!(found("en", "1991-05-01", "", text), [want], "{text}");
    }
}

#[test]
fn a_holder_may_be_named_within_an_office() {
    let text = "Ruth Ames, Chairman of President Orlov's Council of Economic Advisers, left.";
    let want = [
        "Ruth Ames: Chairman of President Orlov's Council of Economic Advisers (US): Ruth Ames",
        "Orlov: President (?): Orlov",
    ];
    assert_eq!(found("en", "1991-05-01", "", text), want);
}

#[test]
fn firms_have_no_officials() {
    for text in [
        "Acme Corp President Walter Flint said profits rose.",
        "Walter Flint, chairman of Acme Corp, said profits rose.",
        "Acme Chairman Walter Flint said profits rose.",
    ] {
        assert!(
            found("en", "", "", text).iter().all(|p| p.contains(": -: ")),
            "{text}: {:?}",
            found("en", "", "", text)
        );
    }
}

#[test]
fn a_suffix_belongs_to_the_name() {
    let got =
        found("en", "2016-09-25", "", "They met with Joseph R. Biden Jr. and Queen Elizabeth II there.");
    assert!(got.contains(&"Joe Biden: Vice President (US): Joseph R. Biden Jr".to_owned()), "{got:?}");
    assert!(got.iter().any(|p| p.ends_with("Elizabeth II")), "{got:?}");
}

#[test]
fn a_place_behind_a_title_is_the_office_s() {
    for (language, text) in [
        ("ru", "Мэр Перми подал в отставку. Губернатор Омской области приехал позже."),
        ("uk", "Мер Львова подав у відставку."),
    ] {
        assert_eq!(found(language, "2026-03-01", "", text), [""; 0], "{text}");
    }
}

#[test]
fn knows_leaders_by_their_spelling_in_each_language() {
    for (language, text, want) in [
        ("uk", "Емманюель Макрон прибув до Києва.", "Emmanuel Macron"),
        ("az", "Fridrix Merts Bakıya gəlib.", "Friedrich Merz"),
        ("tr", "Mesud Pezeşkiyan Ankara'ya geldi.", "Masoud Pezeshkian"),
        ("ar", "وصل سيرغي لافروف إلى القاهرة.", "Sergey Lavrov"),
    ] {
        let got = found(language, "2025-06-01", "", text);
        assert!(got.len() == 1 && got[0].starts_with(want), "{text}: {got:?}");
    }
}

#[test]
fn a_name_that_ends_like_a_case_is_whole() {
    let surnames = ["Kobaxidze", "Meloni", "Əliyev", "Bayramov", "Merts"];
    for (language, text, want) in [
        ("az", "İrakli Kobaxidze Bakıya gəlib.", "Irakli Kobakhidze"),
        (
            "az",
            "Bakıda Corciya Meloni ilə görüş olub. Meloninin səfəri başa çatıb. Meloni gedib.",
            "Giorgia Meloni",
        ),
        ("az", "Nazir Corciya Meloniyə zəng edib.", "Giorgia Meloni"),
        ("az", "Mehriban Əliyeva çıxış edib. Əliyeva qonaqları salamlayıb.", "Mehriban Aliyeva"),
        ("tr", "Giorgia Meloni Ankara'ya geldi. Meloni'nin ziyareti sürüyor.", "Giorgia Meloni"),
        // while cases are still recognised
        ("az", "Onlar İlham Əliyevi qarşılayıb. Əliyevə məktub verilib.", "Ilham Aliyev"),
        ("az", "Ceyhun Bayramovun səfəri başa çatıb. Bayramovu qarşılayıblar.", "Jeyhun Bayramov"),
        ("az", "Bu barədə Fridrix Mertsin ofisi bildirib. Mertsə sual verilib.", "Friedrich Merz"),
    ] {
        let got = found(language, "2025-06-01", "", text);
        assert!(got.len() == 1 && got[0].starts_with(want), "{text}: {got:?}");
        let mentions = got[0].matches(" | ").count() + 1;
        let surname = text.split_whitespace().filter(|w| surnames.iter().any(|s| w.starts_with(s))).count();
        assert_eq!(mentions, surname, "{text}: {got:?}");
    }
}

#[test]
fn who_presides_over_a_club_holds_no_office() {
    for (language, text) in [
        ("de", "Präsident Karl Huber des Schützenvereins trat zurück."),
        ("en", "President John Hale of the Chess Club resigned."),
        ("en", "Party leader Nils Holmqvist stepped down."),
    ] {
        assert_eq!(officials(language, text), [""; 0], "{text}");
    }
}

#[test]
fn each_of_a_list_has_their_own_country() {
    let foreign = "ministres des Affaires étrangères";
    for (language, text, want) in [
        (
            "fr",
            "Les ministres des Affaires étrangères français Paul Lenoir et allemand Karl Weidinger ont signé.",
            [
                format!("Paul Lenoir: {foreign} français (FR): Paul Lenoir"),
                format!("Karl Weidinger: {foreign} (DE): Karl Weidinger"),
            ],
        ),
        (
            "es",
            "Los presidentes de Chile, Marta Rojas, y de Perú, Luis Quispe, hablaron ayer.",
            [
                "Marta Rojas: presidentes de Chile (CL): Marta Rojas".to_owned(),
                "Luis Quispe: presidentes (PE): Luis Quispe".to_owned(),
            ],
        ),
        (
            "de",
            "Die Präsidenten Finnlands, Jukka Salo, und Estlands, Mart Tamm, trafen sich.",
            [
                "Jukka Salo: Präsidenten Finnlands (FI): Jukka Salo".to_owned(),
                "Mart Tamm: Präsidenten (EE): Mart Tamm".to_owned(),
            ],
        ),
    ] {
        assert_eq!(found(language, "2026-03-01", "", text), want, "{text}");
    }
}

#[test]
fn a_minister_without_a_country_has_that_of_the_row() {
    for (language, text, want) in [
        (
            "de",
            "Innenminister Dobrindt sprach am Montag.",
            "Alexander Dobrindt: Minister of the Interior (DE)",
        ),
        (
            "es",
            "La ministra de Defensa Margarita Robles habló.",
            "Margarita Robles: Minister of Defence (ES)",
        ),
        ("fr", "Le Premier ministre François Bayrou a parlé.", "François Bayrou: Prime Minister (FR)"),
        (
            "fr",
            "Le ministre de la Culture Aubin Dupontel a parlé.",
            "Aubin Dupontel: ministre de la Culture (?)",
        ),
        ("es", "El ministro de Economía Pedro Zubeldía habló.", "Pedro Zubeldía: ministro de Economía (?)"),
    ] {
        let got = found(language, "2025-06-01", "", text);
        assert!(got.len() == 1 && got[0].starts_with(want), "{text}: {got:?}");
    }
}

#[test]
fn a_name_is_shown_in_its_first_case_where_that_is_sure() {
    for (text, want) in [
        ("Bu barədə deputat Aydın Mirzəzadəyə sual verilib.", "Aydın Mirzəzadə:"),
        ("Nazir Rövşən Tağızadəni qarşılayıblar.", "Rövşən Tağızadə:"),
        ("Nazir Rövşən Tağıyevin cavabı gəlib.", "Rövşən Tağıyev:"),
        ("Nazir Sevda Quliyevaya məktub yazılıb.", "Sevda Quliyeva:"),
        ("Nazir Sevda Quliyeva cavab verib.", "Sevda Quliyeva:"),
        // such endings may be part of the name
        ("Nazir Rövşən Çəmənzəni qarşılayıblar.", "Rövşən Çəmənzəni:"),
    ] {
        let got = found("az", "2025-06-01", "", text);
        assert!(got.len() == 1 && got[0].starts_with(want), "{text}: {got:?}");
    }
}

/// The names of officials in a sentence, with their offices.
fn officials(language: &str, text: &str) -> Vec<String> {
    let all = found(language, "2016-09-25", "", text);
    all.iter().filter(|p| !p.contains(": -: ")).map(|p| p.rsplit_once(": ").unwrap().0.to_owned()).collect()
}

#[test]
fn what_is_no_name_is_nobody() {
    for (language, text) in [
        ("en", "The theatre Sleeping Weazel, which premiered her play, closed on Friday."),
        ("en", "A spokesman for British Waterways said the aqueduct will be inspected."),
        ("en", "The firm \"President Motors\" sold ten cars."),
        ("en", "The Chief Justice said the plan was wrong."),
        ("de", "Das Hotel „Präsident Wilson“ schloss am Montag."),
        ("de", "Der Bürgermeister von St. Margarethen folgt nach."),
        ("es", "Abrió el Centro de Desarrollo de Energías Renovables."),
        ("es", "La ministra de Seguridad Social llegó tarde."),
        ("es", "Habló la directora de Innovación para el Crecimiento Inclusivo de la empresa."),
        ("es", "La vecina Pilar Martínez, acompañó hoy al ministro británico de Sanidad."),
        ("ru", "После встречи с министрами иностранных дел НАТО в Анталье Орлова отправилась в Киев."),
        ("ru", "Старший помощник руководителя Следкома России сообщил об этом."),
        ("ru", "Король Филипп Киркоров сел на диету."),
        ("uk", "ТОВ «Прем'єр Лізинг» не змогло добитися арешту майна."),
    ] {
        assert_eq!(officials(language, text), [""; 0], "{text}");
    }
}

#[test]
fn the_bearer_of_an_office_is_the_one_it_is_said_of() {
    let mut wrong = Vec::new();
    for (language, text, want) in [
        (
            "en",
            "Rep. Walter C. \"Bobby\" Flint opened his yard for the cookout.",
            &["Walter C. \"Bobby\" Flint: Rep (?)"][..],
        ),
        (
            "en",
            "Sen. Tom Alder came. A photo of Ruth Alder was sent around. They thanked Senator Alder.",
            &["Tom Alder: Sen (?)"],
        ),
        (
            "en",
            "Ruth Ames was director for the National Security Council under President Tom Alder.",
            &["Tom Alder: President (?)"],
        ),
        (
            "de",
            "Finanzminister Karl Weber das Amt zu geben, war der Plan.",
            &["Karl Weber: Finanzminister (?)"],
        ),
        ("de", "Minister Karl Weber sagte, die Preise sinken.", &["Karl Weber: Minister (?)"]),
        (
            "ru",
            "Глава комиссии по атомной энергии Дан Меридор заявил, что переговоры идут.",
            &["Дан Меридор: Глава комиссии по атомной энергии (?)"],
        ),
        ("ru", "Он принял министра юстиции Хайнца Брауна.", &["Хайнц Браун: министра юстиции (?)"]),
        (
            "uk",
            "Раду очолює депутат облради від ВО «Батьківщина» Ігор Ткачук.",
            &["Ігор Ткачук: депутат облради від ВО «Батьківщина» (UA)"],
        ),
        (
            "uk",
            "Це заявила державна уповноважена Агія Загребельська.",
            &["Агія Загребельська: державна уповноважена (?)"],
        ),
        (
            "ru",
            "Папа римский Бенедикт XVI приехал в Кёльн.",
            &["Папа римский Бенедикт XVI: Папа римский (?)"],
        ),
        (
            "uk",
            "Фірма близька до екс-міністра освіти Олександра Аніщенка.",
            &["Олександр Аніщенко: екс-міністра освіти (?)"],
        ),
        (
            "uk",
            "Він працював разом із братом міністра Віталія Хомутинніка Юрієм.",
            &["Віталій Хомутиннік: міністра (?)"],
        ),
    ] {
        let got = officials(language, text);
        if got != want {
            wrong.push(format!("{text}\n  {got:?}, not {want:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
