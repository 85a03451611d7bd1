//! Names, and where they end.

use crate::official::tests::at;

#[test]
fn a_name_goes_on_as_far_as_it_is_one() {
    let mut wrong = Vec::new();
    // what, language, sentence, its first word, an office before it, name
    for (what, language, sentence, first, titled, name) in [
        ("two words", "en", "They met Jan Kowalik there.", "Jan", false, "Jan Kowalik"),
        ("initials", "en", "They met J. B. Kowalik there.", "J", false, "J. B. Kowalik"),
        ("a particle", "en", "They met Jan van der Roe there.", "Jan", false, "Jan van der Roe"),
        ("a hyphen", "en", "They met Hugh Robin-Percy there.", "Hugh", false, "Hugh Robin-Percy"),
        ("a genitive", "en", "They read Jan Kowalik's book.", "Jan", false, "Jan Kowalik"),
        ("the surname first", "en", "They met Kim Jong-un there.", "Kim", false, "Kim Jong-un"),
        ("no name", "en", "They met on Monday there.", "Monday", false, ""),
        ("a street", "fr", "Ils habitent rue Jean Roux Avenue.", "Jean", false, "Jean Roux"),
        ("the paragraph's end", "en", "They met Jan\n\nKowalik left.", "Jan", false, "Jan"),
        ("a comma", "en", "They met Jan Kowalik, Lena Ortiz and others.", "Jan", false, "Jan Kowalik"),
        ("an article", "fr", "Ils ont vu Luc Le Roux hier.", "Luc", false, "Luc Le Roux"),
        ("an office behind an article", "fr", "Ils ont vu Luc Le Maire hier.", "Luc", false, "Luc Le Maire"),
        ("an article that is none", "fr", "Ils ont vu Luc. Le Roux est là.", "Luc", false, "Luc"),
        ("a town behind an office", "az", "Nazir Bakıda çıxış edib.", "Bakıda", true, ""),
        ("a town behind an office", "tr", "Bakan Paris'e gitti.", "Paris", true, ""),
        ("a town behind a surname", "az", "Nazir Məmmədov Bakıya gəlib.", "Məmmədov", true, "Məmmədov"),
        ("a surname that is a town", "en", "President Clinton spoke.", "Clinton", true, "Clinton"),
        ("a small first word", "de", "Es sprach Ministerin von Arnim.", "von", true, "von Arnim"),
        (
            "another person",
            "ru",
            "Приехала супруга президента Владимира Рао Елена Рао.",
            "Владимира",
            true,
            "Владимира Рао",
        ),
        ("whose office it is", "ru", "Губернатор Омской области приехал.", "Омской", true, ""),
    ] {
        let got = at(language, sentence, first, |marked, at| {
            marked.name_at(at.start, titled).map(|name| marked.text.slice(&name).to_owned())
        });
        if got.as_deref().unwrap_or_default() != name {
            wrong.push(format!("{what}: {sentence}\n  {got:?}, not {name:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
