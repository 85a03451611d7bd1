//! Sentences in which a word behind or before a title is no name, or not the bearer's.

use super::tests::found;

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
    for (language, text, want) in [
        (
            "en",
            "Rep. Robert C. \"Bobby\" Scott opened his yard for the cookout.",
            &["Robert C. \"Bobby\" Scott: Rep (?)"][..],
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
        (
            "de",
            "Der Bürgermeister von St. Margarethen, Gerd Brand, folgt nach.",
            &["Gerd Brand: Bürgermeister (?)"],
        ),
        ("de", "Minister Karlsen sagte, die Preise sinken.", &["Karlsen: Minister (?)"]),
        (
            "ru",
            "Он сидел рядом с Ольгой Орловой, главы МВФ Кристин Лагард не было.",
            &["Christine Lagarde: Managing Director of the International Monetary Fund (IMF)"],
        ),
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
        ("ru", "Папа римский Бенедикт XVI приехал в Кёльн.", &["Бенедикт XVI: Папа римский (?)"]),
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
        assert_eq!(officials(language, text), want, "{text}");
    }
}
