//! What each query means for an article, matching or not.

use super::{Given, PORT, matches, set};
use crate::watch::*;

#[test]
fn a_query_means_this() {
    for (query, want) in [
        // words: this very form, upper or lower case
        ("tariffs", true),
        ("tariff", false),
        ("TARIFFS", true),
        ("erdogan", true),
        ("Erdoğan", true),
        ("erdoğán", false),
        ("u.s.", true),
        ("US", false),
        ("U.S.-led", true),
        ("AT&T", true),
        // all forms
        ("tariff~", true),
        ("policies~", true),
        ("police~", false),
        ("shipper~", true),
        // prefixes
        ("polic*", true),
        ("tarifs*", false),
        ("erdog*", true),
        // phrases: consecutive words, across marks, within a sentence
        ("\"freight rates\"", true),
        ("\"rates however\"", true),
        ("\"shippers freight\"", false),
        ("\"freight rate\"", false),
        ("\"freight rate\"~", true),
        ("\"put new tariffs\"", true),
        ("\"put new tariff\"", false),
        ("\"put new tariff\"~", true),
        ("\"new tariffs on u.s. led shippers\"", true),
        ("\"new tariffs on led shippers\"", false),
        // as written
        ("raw:\"U.S.\"", true),
        ("raw:\"u.s.\"", false),
        ("raw:\"Google+\"", true),
        ("raw:\"Google +\"", false),
        ("raw:\"; Erdoğan\"", true),
        ("raw:\";\"", true),
        ("raw:\"%\"", false),
        // operators
        ("freight AND baku", true),
        ("freight AND tokyo", false),
        ("freight OR tokyo", true),
        ("freight NOT tokyo", true),
        ("freight NOT baku", false),
        ("freight AND NOT (tokyo OR baku)", false),
        ("NOT (NOT freight)", true),
        ("NOT (NOT tokyo)", false),
        // near
        ("baku NEAR/2 tariffs", true),
        ("baku NEAR/1 tariffs", false),
        ("tariffs NEAR/2 baku", true),
        ("tariffs ONEAR/2 baku", false),
        ("baku ONEAR/2 tariffs", true),
        ("(baku OR tokyo) NEAR/2 (tariffs OR freight)", true),
        ("hit NEAR/0 freight", true),
        ("freight NEAR/100 hit", true),
        ("hit NEAR/100 baku", false),
        ("\"new tariffs\" NEAR/1 u.s.", true),
        ("baku NEAR/1 new NEAR/1 tariffs", true),
        ("baku NEAR/1 new NEAR/0 u.s.", false),
        ("shippers NEAR/0 (baku NEAR/3 on)", false),
        ("shippers NEAR/2 (baku NEAR/4 on)", true),
        ("baku NEAR/3 baku", false),
        // scopes
        ("SENTENCE(baku AND tariffs)", true),
        ("SENTENCE(baku AND rates)", false),
        ("SENTENCE(freight NOT rates)", true),
        ("SENTENCE(rates NOT freight)", false),
        ("SENTENCE(\"freight rates\" AND however)", true),
        ("SENTENCE(baku NEAR/9 rates)", false),
        ("PARAGRAPH(baku AND rates)", true),
        ("PARAGRAPH(baku AND iran)", false),
        ("PARAGRAPH(SENTENCE(baku AND tariffs) AND rates)", true),
        ("tariffs AND SENTENCE(NOT tariffs)", true),
        ("ATLEAST/3(tariffs)", true),
        ("ATLEAST/4(tariffs)", false),
        ("ATLEAST/6(tariffs OR freight)", true),
        ("ATLEAST/7(tariffs OR freight)", false),
        ("ATLEAST/2(baku OR tokyo)", false),
        ("ATLEAST/1(baku NEAR/2 tariffs)", true),
        ("ATLEAST/4(tariff~)", false),
        // fields
        ("title:freight", true),
        ("title:baku", false),
        ("title:(freight AND tariffs)", true),
        ("title:\"tariffs hit\"", true),
        ("body:hit", false),
        ("body:\"tariffs on\"", true),
        ("lead:baku", true),
        ("lead:hit", false),
        ("top:hit", true),
        ("top:(hit AND baku)", true),
        ("title:(lang:en)", true),
        // tags
        ("about:AZ", true),
        ("about:IR", false),
        ("mentions:IR", true),
        ("mentions:ir NEAR/2 tariffs", true),
        ("about:AZ NEAR/2 iran", false),
        ("title:(mentions:IR)", false),
        ("SENTENCE(mentions:IR AND reject)", true),
        ("SENTENCE(mentions:IR AND baku)", false),
        ("topic:20000642", true),
        ("topic:\"economic sanction\"", true),
        ("topic:20000638", true),
        ("topic:20000002", false),
        ("topic:11000000", true),
        ("topic:15000000", false),
        ("named:\"Ruth  Ames\"", true),
        ("named:ruth-ames", true),
        ("named:\"Jan Kowalik\"", false),
        ("named:office(\"secretary of state\")", true),
        ("named:\"Ruth Ames\" NEAR/1 iran", true),
        ("said:\"Ruth Ames\"", true),
        ("said:any", true),
        ("said:\"Jan Kowalik\"", false),
        ("said:office(\"secretary of state\")", true),
        ("said:office(\"secretary of state\", country:US)", true),
        ("said:office(\"secretary of state\", country:GB)", false),
        ("said:office(\"secretary state\")", false),
        ("PARAGRAPH(said:any AND freight)", true),
        ("PARAGRAPH(said:any AND baku)", false),
        ("QUOTE(by:ruth-ames AND iran)", true),
        ("QUOTE(by:ruth-ames AND baku)", false),
        ("QUOTE(by:any AND iran)", true),
        ("QUOTE(by:office(\"secretary of state\", country:US))", true),
        ("QUOTE(cue:deny AND tariffs)", true),
        ("cue:deny", true),
        ("cue:claim", false),
        ("QUOTE(kind:direct)", true),
        ("QUOTE(kind:indirect)", false),
        ("QUOTE(iran NOT baku)", true),
        ("QUOTE(baku)", false),
        ("QUOTE(SENTENCE(by:any AND iran))", true),
        // about the whole article
        ("from:AZ AND freight", true),
        ("from:US AND freight", false),
        ("site:harbour.example", true),
        ("site:en.harbour.example", true),
        ("site:example", true),
        ("site:bour.example", false),
        ("lang:en", true),
        ("lang:ru", false),
        ("source:\"harbour post\"", true),
        ("source:harbour", false),
        ("is:first", true),
        ("is:copy", false),
    ] {
        assert_eq!(matches(&PORT, query), want, "{query}");
    }
}

#[test]
fn forms_are_those_of_the_word_s_own_language() {
    let ru =
        Given::new("ru", "Порт ввёл пошлины", "Министр говорил о пошлинах. Склад закрыт. Oil tankers wait.");
    let az = Given::new("az", "Liman", "Almaniyanın dənizçiləri Bakıya gəldi.");
    for (given, query, want) in [
        (&ru, "пошлины", true),
        (&ru, "пошлина", false),
        (&ru, "пошлина~", true),
        (&ru, "SENTENCE(пошлина~ AND министр)", true),
        (&ru, "SENTENCE(пошлина~ AND склад)", false),
        (&ru, "ввел", true),
        (&ru, "пошл*", true),
        (&ru, "tanker~", true),
        (&ru, "\"oil tanker\"~", true),
        (&az, "almaniya~", true),
        (&az, "almaniya", false),
        (&az, "bakı~", true),
        (&az, "gəldi", true),
    ] {
        assert_eq!(matches(given, query), want, "{query}");
    }
}

#[test]
fn the_place_in_a_story_is_asked_of() {
    let mut given = Given::new("en", "Port", "A port.");
    given.story = Story { first: false, copy: true, update: true };
    for (query, want) in [("is:first", false), ("is:copy", true), ("is:update AND port", true)] {
        assert_eq!(matches(&given, query), want, "{query}");
    }
}

#[test]
fn the_lead_ends_with_the_sentence_of_the_fiftieth_word() {
    let body = format!("{}alpha ends here. Beta follows.", "One two three four five. ".repeat(9));
    let given = Given::new("en", "", &format!("{body} {}", "Six seven eight nine ten. ".repeat(3)));
    for (query, want) in [("lead:alpha", true), ("lead:beta", true), ("lead:six", false), ("body:six", true)]
    {
        assert_eq!(matches(&given, query), want, "{query}");
    }
}

#[test]
fn a_match_says_by_which_clauses_and_where() {
    let query = "(tokyo OR freight) AND NOT seoul AND SENTENCE(baku NEAR/2 tariffs AND lang:en) AND said:\"Ruth Ames\"";
    let found = set(&[query]).matches(PORT.article(), &mut Workspace::default());
    let told: Vec<String> = found[0]
        .clauses
        .iter()
        .map(|c| {
            format!(
                "{}: {}",
                c.expr,
                c.spans.iter().map(|s| s.exact.as_str()).collect::<Vec<_>>().join(" | ")
            )
        })
        .collect();
    let want = [
        "freight: freight | Freight | Freight",
        "baku NEAR/2 tariffs: Baku put new tariffs",
        "lang:en: ",
        "said:\"Ruth Ames\": \"We reject the tariffs on Iran,\"",
    ];
    assert_eq!(told, want);
    assert_eq!((found[0].id.as_str(), found[0].severity), ("w0", Severity::Medium));
}
