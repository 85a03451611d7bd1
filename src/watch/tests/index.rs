//! The index finds the same as running every query.

use std::sync::Arc;

use proptest::prelude::*;

use super::{PORT, set};
use crate::knowledge::Knowledge;
use crate::watch::forms::Forms;
use crate::watch::set::Hit;
use crate::watch::view::View;
use crate::watch::{Workspace, explain, parse, present};

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
