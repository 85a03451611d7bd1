//! Why a watch does not match, and what is wrong with one that never will.

use std::sync::Arc;

use super::PORT;
use crate::knowledge::Knowledge;
use crate::watch::*;

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
        ("QUOTE(cue:denies AND tariffs)", "`denies` is not a class of cues"),
        (
            "lang:english AND tariffs",
            "`english` is not the code of a language, such as `en`: nothing will be found by it; did you mean `en` (English)?",
        ),
        ("lang:zz AND tariffs", "`zz` is not the code of a language"),
        ("mentions:UK AND tariffs", "did you mean `GB` (United Kingdom)?"),
        ("said:office(\"foreign minister\", country:XX)", "`XX` is the code of no country"),
        ("said:\"Jan Kowalik\" AND tariffs", "did you mean `somebody`?"),
        ("named:any AND tariffs", "only in said: and by:"),
        ("QUOTE(kind:quoted AND tariffs)", "`quoted` is not a kind of quote"),
        ("site:bbc.co.uk/news AND tariffs", "not the name of a site"),
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
