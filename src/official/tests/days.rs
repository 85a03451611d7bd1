//! Who holds which office on which day.

use super::found;

/// Asserts that one person is found in a text of a day, whose line starts with `want`.
fn assert_only(language: &str, day: &str, text: &str, want: &str) {
    let got = found(language, day, "", text);
    assert!(got.len() == 1 && got[0].starts_with(want), "{text} {day}: {got:?}");
}

#[test]
fn knows_holders_as_of_the_day() {
    for (day, want) in [
        ("2024-05-01", "Marco Rubio: Senator (US): Marco Rubio | Rubio"),
        ("2025-04-15", "Marco Rubio: Secretary of State (US): Marco Rubio | Rubio"),
    ] {
        assert_eq!(found("en", day, "", "Marco Rubio spoke. They wrote to Rubio."), [want], "{day}");
    }
}

#[test]
fn tells_sovereigns_of_one_name_apart() {
    for (day, text, want) in [
        ("2010-09-10", "King Abdullah II arrived in Paris.", "Abdullah II: King (JO)"),
        ("2010-09-10", "Jordan's King Abdullah arrived in Paris.", "Abdullah II: King (JO)"),
        (
            "2010-09-10",
            "King Abdullah spoke in Riyadh, the Saudi capital.",
            "Abdullah of Saudi Arabia: King (SA)",
        ),
        ("2020-09-10", "King Abdullah arrived in Paris.", "Abdullah II: King (JO)"),
        // both reigned
        ("2010-09-10", "King Abdullah arrived in Paris.", "King Abdullah: King (?)"),
    ] {
        assert_only("en", day, text, want);
    }
}

#[test]
fn without_a_date_the_text_tells_which_office() {
    for (day, text, want) in [
        ("", "Prime Minister Mark Rutte said so.", "Mark Rutte: Prime Minister (NL): Mark Rutte"),
        ("", "Mark Rutte said so.", "Mark Rutte: Secretary General (NATO): Mark Rutte"),
        ("", "Former Prime Minister Mark Rutte said so.", "Mark Rutte: Secretary General (NATO): Mark Rutte"),
        (
            "2025-03-01",
            "Secretary General Mark Rutte said so.",
            "Mark Rutte: Secretary General (NATO): Mark Rutte",
        ),
        ("2015-03-01", "Prime Minister Mark Rutte said so.", "Mark Rutte: Prime Minister (NL): Mark Rutte"),
    ] {
        assert_eq!(found("en", day, "", text), [want], "{day} {text}");
    }
}

#[test]
fn nobody_holds_an_office_before_its_first_day() {
    for (language, day, text, want) in [
        ("fr", "2018-05-01", "François Bayrou a parlé lundi.", "François Bayrou: -"),
        ("fr", "2025-02-01", "François Bayrou a parlé lundi.", "François Bayrou: Prime Minister (FR)"),
        ("fr", "2016-05-01", "Edouard Philippe a parlé lundi.", "Édouard Philippe: -"),
        ("fr", "2018-05-01", "Edouard Philippe a parlé lundi.", "Édouard Philippe: Prime Minister (FR)"),
        ("ru", "2013-05-01", "Дмитрий Медведев выступил.", "Dmitry Medvedev: Prime Minister (RU)"),
        ("hy", "2012-05-01", "Տիգրան Սարգսյանը մեկնեց։", "Tigran Sargsyan: Prime Minister (AM)"),
        ("az", "2019-01-10", "Novruz Məmmədov qayıtdı.", "Novruz Mammadov: Prime Minister (AZ)"),
        ("ru", "2001-05-05", "Курманбек Бакиев выступил.", "Kurmanbek Bakiyev: Prime Minister (KG)"),
        ("ru", "2008-05-05", "Курманбек Бакиев выступил.", "Kurmanbek Bakiyev: President (KG)"),
        ("ar", "2017-10-10", "وصل سعد الحريري إلى بيروت.", "Saad Hariri: Prime Minister (LB)"),
        ("en", "1995-03-10", "Benazir Bhutto spoke.", "Benazir Bhutto: Prime Minister (PK)"),
        ("en", "2007-12-28", "Benazir Bhutto was killed.", "Benazir Bhutto: former Prime Minister (PK)"),
        ("en", "2010-05-01", "Donald Trump opened a hotel.", "Donald Trump: -"),
        ("en", "2017-03-05", "Joe Biden spoke on Sunday.", "Joe Biden: Vice President (US)"),
        // without a day, the latest office
        ("en", "", "Joe Biden spoke on Sunday.", "Joe Biden: President (US)"),
    ] {
        assert_only(language, day, text, want);
    }
}

#[test]
fn the_terms_of_heads_are_told_by_the_day() {
    for (language, day, text, want) in [
        ("en", "1991-06-01", "Vaclav Havel spoke in Prague.", "Václav Havel: President (CZ)"),
        ("en", "2005-06-01", "Vaclav Havel spoke in Prague.", "Václav Havel: former President (CZ)"),
        ("en", "1999-10-01", "Vladimir Putin spoke in Moscow.", "Vladimir Putin: Prime Minister (RU)"),
        (
            "ru",
            "1996-06-01",
            "Переговоры с Виктором Черномырдиным закончились.",
            "Viktor Chernomyrdin: Prime Minister (RU)",
        ),
        ("uk", "2015-06-01", "Арсеній Яценюк виступив у Києві.", "Arseniy Yatsenyuk: Prime Minister (UA)"),
        ("pl", "2003-06-01", "Leszek Miller wystąpił w Warszawie.", "Leszek Miller: Prime Minister (PL)"),
        ("de", "2015-06-01", "Werner Faymann sprach in Wien.", "Werner Faymann: Chancellor (AT)"),
        ("en", "2010-03-01", "Mihai Ghimpu spoke in Chisinau.", "Mihai Ghimpu: Acting President (MD)"),
        // two heads of one surname: by the day, by the country, else the later one
        ("en", "2020-03-01", "Romanian Prime Minister Orban spoke.", "Ludovic Orban: Prime Minister (RO)"),
        ("en", "2022-03-01", "Prime Minister Orban spoke.", "Viktor Orbán: Prime Minister (HU)"),
        ("en", "", "Prime Minister Orban spoke.", "Viktor Orbán: Prime Minister (HU)"),
        ("en", "1998-03-01", "President Herzog spoke.", "Roman Herzog: President (DE)"),
        ("en", "", "President Herzog spoke.", "Isaac Herzog: President (IL)"),
        // namesakes with a trade
        ("en", "2015-06-01", "Heinz Fischer, a baker from Graz, won.", "Heinz Fischer: -"),
        ("en", "2015-06-01", "The gymnast Miro Cerar won gold in 1964.", "Miro Cerar: -"),
    ] {
        assert_only(language, day, text, want);
    }
}
