//! What each query means for an article, matching or not; and that the index finds the same as running every query.

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::forms::Forms;
use super::set::Hit;
use super::view::View;
use super::*;
use crate::article::Source;
use crate::country::Country;
use crate::document::Document;
use crate::knowledge::Knowledge;
use crate::official::{Citation, Official};
use crate::quote::{Kind, Quote, QuoteSpeaker};
use crate::text::{Field, Language};
use crate::topic::Topic;

/// An article with the tags that a test gives it.
struct Given {
    document: Document,
    countries: Vec<Country>,
    topics: Vec<Topic>,
    officials: Vec<Official>,
    quotes: Vec<Quote>,
    story: Story,
}

impl Given {
    fn new(language: &str, title: &str, body: &str) -> Self {
        let source = Source {
            name: Some("Harbour Post".to_owned()),
            domain: Some("harbour.example".to_owned()),
            country: Some("AZ".to_owned()),
        };
        let language = Language::parse(language).unwrap();
        let (title, body) = (title.to_owned(), body.to_owned());
        let document =
            Document::new(title, body, language, None, source, &Knowledge::compiled_in().vocabulary);
        let (countries, topics, officials) = (Vec::new(), Vec::new(), Vec::new());
        Self { document, countries, topics, officials, quotes: Vec::new(), story: Story::default() }
    }

    /// The span of these words in the body.
    fn span(&self, exact: &str) -> Span {
        let raw = &self.document.body.text.raw;
        let at = raw.find(exact).unwrap_or_else(|| panic!("{exact} is not in the body"));
        let start = raw[..at].chars().count() as u32;
        let end = start + exact.chars().count() as u32;
        Span { field: Field::Text, start, end, exact: exact.to_owned() }
    }

    fn article(&self) -> Article<'_> {
        let Self { document, countries, topics, officials, quotes, story } = self;
        let url = Some("https://desk@en.harbour.example:8080/news/1?a=b");
        Article { document, url, countries, topics, officials, quotes, story: *story }
    }

    fn with_country(mut self, code: &str, focus: bool, exact: &str) -> Self {
        let (code, mentions) = (code.to_owned(), vec![self.span(exact)]);
        let country =
            Country { name: code.clone(), code, focus, salience: 0.5, mentions, mentions_left_out: 0 };
        self.countries.push(country);
        self
    }

    fn with_quote(
        mut self,
        exact: &str,
        cue_class: &str,
        speaker: Option<(&str, &str, Option<&str>)>,
    ) -> Self {
        let Span { field, start, end, exact } = self.span(exact);
        let speaker = speaker.map(|(mention, name, official)| QuoteSpeaker {
            mention: self.span(mention),
            name: Some(name.to_owned()),
            official: official.map(str::to_owned),
        });
        let (kind, cue_class) = (Kind::Direct, Some(cue_class.to_owned()));
        self.quotes.push(Quote {
            kind,
            field,
            start,
            end,
            exact,
            cue: None,
            cue_class,
            speaker,
            nested: false,
            confidence: 1.0,
        });
        self
    }
}

/// An article that has one of each.
static PORT: LazyLock<Given> = LazyLock::new(|| {
    let body = "Baku put new tariffs on U.S.-led shippers. Freight rates, however, rose.\n\n\
        \"We reject the tariffs on Iran,\" Ruth Ames said. Policy makers waited. Freight fell; Erdoğan left AT&T in Google+ talks.";
    let mut given = Given::new("en", "Tariffs hit freight", body)
        .with_country("AZ", true, "Baku")
        .with_country("IR", false, "Iran")
        .with_quote(
            "\"We reject the tariffs on Iran,\"",
            "deny",
            Some(("Ruth Ames", "Ruth Ames", Some("ruth-ames"))),
        );
    let evidence = vec![given.span("tariffs")];
    given.topics.push(Topic {
        code: "medtop:20000642".to_owned(),
        name: "economic sanction".to_owned(),
        relevance: 1.0,
        evidence,
        evidence_left_out: 0,
    });
    let mentions = vec![given.span("Ruth Ames")];
    given.officials.push(Official {
        id: None,
        slug: "ruth-ames".to_owned(),
        name: "Ruth Ames".to_owned(),
        office: "US Secretary of State".to_owned(),
        country: Some("US".to_owned()),
        citation: Citation::Quoted,
        mentions,
        mentions_left_out: 0,
    });
    given
});

fn set(queries: &[&str]) -> WatchSet {
    let watch = |(n, when): (usize, &&str)| Watch {
        id: format!("w{n}"),
        name: format!("name {n}"),
        when: (*when).to_owned(),
        ..Watch::default()
    };
    let (set, refused) =
        WatchSet::of(Knowledge::compiled_in().watch_words.clone(), queries.iter().enumerate().map(watch));
    assert_eq!(refused, [], "a query of a test is wrong");
    set
}

fn matches(given: &Given, query: &str) -> bool {
    !set(&[query]).matches(given.article(), &mut Workspace::default()).is_empty()
}

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

#[test]
fn a_set_changes_without_touching_the_one_before() {
    let first = set(&["freight", "baku", "tokyo", "freight"]);
    let ids = |set: &WatchSet| {
        let found = set.matches(PORT.article(), &mut Workspace::default());
        found.into_iter().map(|m| m.id).collect::<Vec<_>>().join(" ")
    };
    let new = |id: &str, when: &str| Watch { id: id.to_owned(), when: when.to_owned(), ..Watch::default() };
    assert_eq!((ids(&first).as_str(), first.queries()), ("w0 w1 w3", 3), "one query is kept once");
    let second = first.with(new("w1", "tokyo")).unwrap().with(new("w9", "tariffs")).unwrap();
    assert_eq!(ids(&second), "w0 w3 w9");
    let third = second.without("w0").unwrap();
    assert_eq!((ids(&third).as_str(), third.len()), ("w3 w9", 4));
    assert!(third.without("w0").is_none());
    assert!(third.with(new("w3", "bad (")).is_err());
    // changes made during a merge are kept
    let merging = third.begin_merge();
    let changed =
        merging.with(new("w3", "tokyo")).unwrap().with(new("w8", "baku")).unwrap().without("w9").unwrap();
    let merged = merging.merge();
    let whole = changed.adopt(merged);
    assert_eq!((ids(&changed).as_str(), ids(&whole).as_str()), ("w8", "w8"));
    assert_eq!((whole.len(), changed.len()), (4, 4));
    assert_eq!(whole.get("w1").map(|w| w.when).as_deref(), Some("tokyo"));
    assert_eq!(ids(&first), "w0 w1 w3");
}

#[test]
fn a_watch_that_takes_too_long_is_set_aside_and_named() {
    let body = format!("{}coal", "oil gas ".repeat(40_000));
    let given = Given::new("en", "", &body);
    let dear = "oil NEAR/100 gas NEAR/100 oil NEAR/100 gas NEAR/100 coal";
    let set = set(&[dear, "gas"]);
    let mut workspace = Workspace::default();
    let found = set.matches(given.article(), &mut workspace);
    assert_eq!(found.len(), 1);
    assert_eq!(set.aside(), [("w0".to_owned(), Aside::TooDear)]);
    let other = set.with(Watch { id: "w0".to_owned(), when: "oil".to_owned(), ..Watch::default() }).unwrap();
    assert_eq!(other.aside(), []);
    assert_eq!(other.matches(given.article(), &mut workspace).len(), 2);
}

#[test]
fn what_a_watch_costs_is_kept_while_its_query_is() {
    let (oil, gas) = (Given::new("en", "", "Oil rose near gas."), Given::new("en", "", "Gas and oil."));
    let set = set(&["oil AND rose", "gas", "zugzwang"]);
    let mut workspace = Workspace::default();
    for article in [&oil, &gas, &gas] {
        set.matches(article.article(), &mut workspace);
    }
    let told = |set: &WatchSet, id: &str| set.cost(id).map(|cost| (cost.candidates, cost.matches));
    assert_eq!(told(&set, "w1"), Some((3, 3)));
    assert_eq!(told(&set, "w2"), Some((0, 0)));
    assert_eq!(told(&set, "w9"), None);
    let (candidates, matches) = told(&set, "w0").unwrap();
    assert!(candidates >= 1 && matches == 1, "{candidates}");
    // another watch is changed, all are merged, all are read again: those that stay as they are keep theirs
    let change = |when: &str| Watch { id: "w2".to_owned(), when: when.to_owned(), ..Watch::default() };
    let changed = set.with(change("rose")).unwrap();
    let merged = changed.adopt(changed.begin_merge().merge());
    let (again, _) = WatchSet::of(set.words().clone(), changed.watches());
    again.take_costs(&changed);
    for other in [&changed, &merged, &again] {
        assert_eq!((told(other, "w0"), told(other, "w1")), (told(&set, "w0"), Some((3, 3))));
        assert_eq!(told(other, "w2"), Some((0, 0)));
    }
    let renamed = Watch { name: "Gas".to_owned(), when: "gas".to_owned(), ..change("") };
    let renamed = changed.with(Watch { id: "w1".to_owned(), ..renamed }).unwrap();
    assert!(renamed.cost("w1").is_some());
    let other = changed.with(Watch { id: "w1".to_owned(), ..change("gas~") }).unwrap();
    assert_eq!(told(&other, "w1"), Some((0, 0)), "another query");
}

#[test]
fn watches_without_owner_are_counted() {
    let owned = |id: &str| Watch {
        id: id.to_owned(),
        owner: Some("desk".to_owned()),
        when: "oil".to_owned(),
        ..Watch::default()
    };
    let set = set(&["oil", "gas"]).with(owned("a")).unwrap().with(owned("b")).unwrap();
    assert_eq!((set.len(), set.open()), (4, 2));
    let set = set.without("a").unwrap().without("w0").unwrap();
    assert_eq!((set.len(), set.open()), (2, 1));
}

#[test]
fn why_tells_what_came_nearest() {
    let told = |query: &str| {
        let expr = parse(query, false, &Knowledge::compiled_in().watch_words).unwrap();
        let reasons =
            why(&expr, PORT.article(), &Knowledge::compiled_in().watch_words, &mut Workspace::default());
        let line = |r: &Reason| {
            let sign = if r.holds { "+" } else { "-" };
            format!(
                "{}{sign} {}{}",
                " ".repeat(r.depth),
                r.expr,
                r.nearest.as_ref().map_or(String::new(), |n| format!(" ({n})"))
            )
        };
        reasons.iter().map(line).collect::<Vec<_>>()
    };
    for (query, want) in [
        ("freight", &["+ freight"][..]),
        ("tariff", &["- tariff (Tariffs stands there: write tariff~)"]),
        ("tokyo", &["- tokyo"]),
        ("baku NEAR/1 tariffs", &["- baku NEAR/1 tariffs (nearest, 2 words lie between, 1 asked)"]),
        (
            "tariffs ONEAR/2 baku",
            &["- tariffs ONEAR/2 baku (they stand there in the other order: NEAR takes both)"],
        ),
        ("baku NEAR/5 tokyo", &["- baku NEAR/5 tokyo (not there: tokyo)"]),
        ("hit NEAR/9 baku", &["- hit NEAR/9 baku (one stands in the title and one in the text)"]),
        ("ATLEAST/4(tariffs)", &["- ATLEAST/4(tariffs) (3 places, 4 asked)"]),
        (
            "\"new freight\"",
            &["- \"new freight\" (its words stand there, but not in a row: nearest, 5 words lie between)"],
        ),
        ("raw:\"BAKU\"", &["- raw:\"BAKU\" (Baku stands there, written otherwise)"]),
        ("about:IR", &["- about:IR (the article names it, but is not about it: write mentions:IR)"]),
        ("title:baku", &["- title:", " - baku (it stands elsewhere: Baku)"]),
        (
            "SENTENCE(baku AND rates) AND NOT freight",
            &[
                "- AND",
                " - SENTENCE (all of it stands there, but in no one sentence)",
                "  - AND",
                "   + baku",
                "   + rates",
                " - NOT",
                "  + freight",
            ],
        ),
    ] {
        assert_eq!(told(query), want, "{query}");
    }
}

#[test]
fn a_query_that_may_not_mean_it_is_warned_of() {
    let words = &Arc::clone(&Knowledge::compiled_in().watch_words);
    let told = |query: &str| {
        let watch = Watch { when: query.to_owned(), ..Watch::default() };
        warnings(&watch, &parse(query, false, words).unwrap(), words, &|_, what| {
            if matches!(what, "ruth ames" | "deny") { Ok(()) } else { Err(vec!["`somebody`".to_owned()]) }
        })
        .join("; ")
    };
    for (query, want) in [
        ("US AND tariffs", "raw:\"US\""),
        ("named:\"Jan Kowalik\" AND tariffs", "knows nobody by the name of `Jan Kowalik`"),
        ("the OR of", "% of all articles"),
        ("raw:\"%\"", "asked of every article"),
        ("санкция AND erdogan", "санкция~"),
        ("sanction AND said", "sanction~"),
        ("about:XX AND tariffs", "`XX` is the code of no country"),
        ("QUOTE(cue:denies AND tariffs)", "`denies` is no class of cues"),
        (
            "lang:english AND tariffs",
            "`english` is no code of a language, such as `en`: nothing will be found by it; did you mean `en` (English)?",
        ),
        ("lang:zz AND tariffs", "`zz` is no code of a language"),
        ("mentions:UK AND tariffs", "did you mean `GB` (United Kingdom)?"),
        ("said:office(\"foreign minister\", country:XX)", "`XX` is the code of no country"),
        ("said:\"Jan Kowalik\" AND tariffs", "did you mean `somebody`?"),
        ("named:any AND tariffs", "only in said: and by:"),
        ("QUOTE(kind:quoted AND tariffs)", "`quoted` is no kind of quote"),
        ("site:bbc.co.uk/news AND tariffs", "no name of a site"),
        ("lang:en", "asks for no word, topic or person"),
        ("said:any AND lang:en", "asks for no word, topic or person"),
        ("QUOTE(kind:direct) OR zugzwang", "asks for no word, topic or person"),
        ("is:first NOT zugzwang", "asks for no word, topic or person"),
        ("\"US\" AND tariffs", "raw:\"US\""),
        ("tariffs AND -oil", "NOT oil excludes it"),
        ("tariffs AND \"oil pric*\"", "a star within quotation marks finds nothing"),
    ] {
        assert!(told(query).contains(want), "{query}: {}", told(query));
    }
    for query in [
        "named:\"Ruth Ames\"",
        "raw:\"US\" AND tariffs",
        "erdogan AND SOCAR",
        "sanction OR sanctions",
        "about:az AND lang:en",
        "QUOTE(cue:deny AND oil)",
        "said:any AND zugzwang",
        "lang:ka AND (zugzwang OR kavkaz)",
        "said:office(\"secretary general\", country:NATO)",
        "said:office(\"foreign minister\", country:\"AM\")",
        "site:bbc.co.uk AND zugzwang",
        "raw:\"US\" AND source:\"US\" AND zugzwang",
    ] {
        assert_eq!(told(query), "", "{query}");
    }
}

const WORDS: &[&str] = &[
    "freight",
    "tariffs",
    "tariff~",
    "baku",
    "iran",
    "tokyo",
    "polic*",
    "erdogan",
    "\"freight rates\"",
    "\"new tariffs on\"",
    "rates",
    "on",
    "raw:\"Google+\"",
    "mentions:IR",
    "about:AZ",
    "topic:11000000",
    "named:ruth-ames",
    "said:any",
    "talks",
    "left",
    "\"at t\"~",
    "hit",
];

/// A query in the language, of any shape.
fn query() -> impl Strategy<Value = String> {
    let word = proptest::sample::select(WORDS).prop_map(str::to_owned);
    let spanned = word.clone().prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            (inner.clone(), 0..12, inner.clone(), any::<bool>())
                .prop_map(|(a, n, b, o)| format!("({a} {}NEAR/{n} {b})", if o { "O" } else { "" })),
            proptest::collection::vec(inner, 2..4).prop_map(|parts| format!("({})", parts.join(" OR "))),
        ]
    });
    let leaf = prop_oneof![
        4 => word,
        2 => spanned.clone(),
        1 => (1..5, spanned).prop_map(|(n, e)| format!("ATLEAST/{n}({e})")),
        1 => proptest::sample::select(&["lang:en", "lang:ru", "is:first", "from:AZ", "site:harbour.example", "cue:deny"][..]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        let scope = proptest::sample::select(
            &["SENTENCE(", "PARAGRAPH(", "QUOTE(", "title:(", "body:(", "lead:(", "top:("][..],
        );
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..5)
                .prop_map(|parts| format!("({})", parts.join(" AND "))),
            proptest::collection::vec(inner.clone(), 2..5)
                .prop_map(|parts| format!("({})", parts.join(" OR "))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} NOT {b})")),
            (scope, inner.clone()).prop_map(|(scope, e)| format!("{scope}{e})")),
            inner.prop_map(|e| format!("(NOT {e})")),
        ]
    })
}

proptest! {
    /// The index runs every watch that matches; explaining a match agrees with testing for it.
    #[test]
    fn the_index_finds_what_asking_all_finds(queries in proptest::collection::vec(query(), 1..12)) {
        let words = &Arc::clone(&Knowledge::compiled_in().watch_words);
        let taken: Vec<&str> = queries.iter().map(String::as_str).filter(|q| parse(q, false, words).is_ok()).collect();
        let set = set(&taken);
        let mut workspace = Workspace::default();
        let mut hits: Vec<Hit> = Vec::new();
        let view = View::new(PORT.article(), words, &mut Forms::default());
        set.hits(&view, &mut workspace, &mut hits);
        let mut found: Vec<String> = hits.iter().map(|hit| set.watch(*hit).id).collect();
        let mut all = set.ids_of_all(&view, &mut workspace);
        found.sort();
        all.sort();
        prop_assert_eq!(&found, &all);
        let mut told: Vec<String> = set.matches(PORT.article(), &mut workspace).into_iter().filter(|m| !m.clauses.is_empty()).map(|m| m.id).collect();
        told.sort();
        // a match that rests only on an exclusion, in some arm, has no clause to report
        prop_assert!(told.iter().all(|id| found.contains(id)));
        for (n, query) in taken.iter().enumerate() {
            let expr = parse(query, false, words).unwrap();
            let alone = explain::Explained::new(&expr, words).matches(&view, &mut present::Present::default());
            prop_assert_eq!(alone, Some(found.contains(&format!("w{n}"))), "{}", query);
        }
    }
}
