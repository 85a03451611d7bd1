use std::sync::Arc;

use super::*;
use crate::knowledge::Knowledge;
use crate::watch::parse;

#[test]
fn queries_of_others_mean_here_what_they_meant_there() {
    let words = Arc::clone(&Knowledge::compiled_in().watch_words);
    for (dialect, query, want) in [
        ("meltwater", "oil AND gas OR coal", "(oil AND gas) OR coal"),
        (
            "meltwater",
            "(oil OR gas) NEAR/5 price* NOT title:sport",
            "((oil OR gas) NEAR/5 price*) AND NOT title:(sport)",
        ),
        (
            "meltwater",
            "\"oil price\"~4 AND ingress:(bank OR loan)",
            "(oil NEAR/4 price) AND top:(bank OR loan)",
        ),
        (
            "brandwatch",
            "oil NEAR/3f bank AND {US} AND site:www.caliber.az",
            "(oil ONEAR/3 bank) AND raw:\"US\" AND site:caliber.az",
        ),
        ("brandwatch", "oil AND country:az AND language:ru", "oil AND from:AZ AND lang:ru"),
        ("lexis", "oil or gas and bank!", "(oil~ OR gas~) AND bank*"),
        ("lexis", "oil price w/5 bank AND NOT sport", "(\"oil price\"~ NEAR/5 bank~) AND NOT sport~"),
        (
            "lexis",
            "HLEAD(oil w/s bank) AND ATLEAST3(loan)",
            "top:(SENTENCE(oil~ AND bank~)) AND ATLEAST/3(loan~)",
        ),
        ("lexis", "\"oil price\" pre/2 rise", "\"oil price\"~ ONEAR/2 rise~"),
        (
            "factiva",
            "oil near5 bank and hd=loan not sport",
            "(oil NEAR/4 bank) AND title:(loan) AND NOT sport",
        ),
        ("factiva", "central bank same rate*", "PARAGRAPH(\"central bank\" AND rate*)"),
        ("factiva", "atleast3 loan and la=en", "ATLEAST/3(loan) AND lang:en"),
    ] {
        let got = import(query, Dialect::of_name(dialect).unwrap()).unwrap();
        assert_eq!(got.when, want, "{query}");
        assert!(parse(&got.when, false, &words).is_ok(), "{query}: {}", got.when);
    }
}

#[test]
fn what_is_lost_is_told() {
    for (dialect, query, want, note) in [
        ("meltwater", "wom?n AND oil", "oil", "list the words"),
        ("meltwater", "organi?ation AND oil", "organi* AND oil", "list the words"),
        ("meltwater", "oil gas", "oil AND gas", "side by side"),
        ("lexis", "oil AND SUBJECT(energy)", "oil~ AND energy~", "SUBJECT( )"),
        ("factiva", "rst=tbtn and oil", "oil", "`rst=tbtn`"),
        ("meltwater", "(a AND b) NEAR/3 c", "SENTENCE((a AND b) AND c)", "one sentence"),
        ("brandwatch", "ab* AND oil", "ab AND oil", "four letters"),
    ] {
        match import(query, Dialect::of_name(dialect).unwrap()) {
            Ok(got) => {
                assert_eq!(got.when, want, "{query}");
                assert!(got.notes.iter().any(|n| n.contains(note)), "{query}: {:?}", got.notes);
            }
            Err(error) => panic!("{query}: {error}"),
        }
    }
    for query in ["(oil", "oil)", "", "AND", "oil AND", &"(".repeat(500)] {
        assert!(import(query, Dialect::Meltwater).is_err(), "{query}");
    }
}
