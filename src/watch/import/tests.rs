use std::sync::Arc;

use proptest::prelude::*;

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
fn each_service_has_its_own_way_of_writing() {
    let words = Arc::clone(&Knowledge::compiled_in().watch_words);
    for (dialect, query, want) in [
        // NEAR without a number
        ("meltwater", "oil NEAR bank", "oil NEAR/4 bank"),
        ("meltwater", "oil ONEAR bank", "oil ONEAR/4 bank"),
        ("meltwater", "title:\"oil price\" OR ingress:bank", "title:(\"oil price\") OR top:(bank)"),
        ("meltwater", "\"oil price*\"", "(oil ONEAR/0 price*)"),
        ("meltwater", "\"oil and gas\" -\"gas station\"", "\"oil and gas\" AND NOT \"gas station\""),
        ("meltwater", "oil AND -gas", "oil AND NOT gas"),
        ("meltwater", "oil-rich AND AT&T", "oil-rich AND AT&T"),
        ("meltwater", "1,000 AND 10:30", "\"1,000\" AND \"10:30\""),
        ("meltwater", "url:\"https://www.bbc.co.uk\" AND oil", "site:bbc.co.uk AND oil"),
        ("meltwater", "source:\"Harbour Post\" AND oil", "source:\"Harbour Post\" AND oil"),
        ("brandwatch", "raw:Google+ AND price", "raw:\"Google+\" AND price"),
        ("brandwatch", "site:*.bbc.com AND oil", "site:bbc.com AND oil"),
        ("brandwatch", "\"oil price\"~5", "(oil NEAR/5 price)"),
        ("brandwatch", "(oil NOT gas) AND title:(bank OR loan)", "oil AND NOT gas AND title:(bank OR loan)"),
        ("lexis", "ALLCAPS(us) and oil", "raw:\"US\" AND oil~"),
        ("lexis", "NOCAPS(AID) and oil", "raw:\"aid\" AND oil~"),
        ("lexis", "SINGULAR(bank) and \"oil price\"", "bank AND \"oil price\"~"),
        ("lexis", "ALLCAPS(us or uk) w/3 oil", "(raw:\"US\" OR raw:\"UK\") NEAR/3 oil~"),
        ("lexis", "oil onear/3 bank", "oil~ ONEAR/3 bank~"),
        ("lexis", "bankrupt! w/25 student or college", "bankrupt* NEAR/25 (student~ OR college~)"),
        // in order, counted from word to word
        ("factiva", "president w/2 clinton", "president ONEAR/1 clinton"),
        ("factiva", "oil adj bank", "oil ONEAR/0 bank"),
        ("factiva", "boeing/N30/airbus", "boeing NEAR/29 airbus"),
        ("factiva", "[oil or gas] and hd=(price or rate)", "(oil OR gas) AND title:(price OR rate)"),
        ("factiva", "oil not gas and bank or loan", "(oil AND NOT gas AND bank) OR loan"),
    ] {
        let got = import(query, Dialect::of_name(dialect).unwrap()).unwrap();
        assert_eq!(got.when, want, "{query}");
        assert!(parse(&got.when, false, &words).is_ok(), "{query}: {}", got.when);
        assert_eq!(got.notes.len(), usize::from(query.contains("price*")), "{query}: {:?}", got.notes);
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
        ("meltwater", "oil and gas", "oil AND gas", "`and` was taken for AND"),
        ("meltwater", "(oil OR gas)^9 AND bank^3", "(oil OR gas) AND bank", "^9"),
        ("meltwater", "author:(smith OR jones) AND oil", "oil", "`author:( )`"),
        ("meltwater", "\"oil price rise\"~5", "(oil NEAR/5 price NEAR/5 rise)", "each word"),
        ("meltwater", "url:bbc.co.uk/news AND oil", "site:bbc.co.uk AND oil", "`/news`"),
        ("meltwater", "oil AND \"…\"", "oil", "no word is in it"),
        ("brandwatch", "@bbc AND oil", "oil", "`@bbc` was left out: an account"),
        ("brandwatch", "#oil AND bank", "raw:\"#oil\" AND bank", "as written only"),
        ("brandwatch", "engagingWith:@bbc AND oil", "oil", "`engagingWith:@bbc`"),
        ("brandwatch", "country:usa AND oil", "oil", "from:AZ"),
        ("brandwatch", "author:\"John Smith\" AND oil", "oil", "author:John Smith"),
        (
            "brandwatch",
            "((oil OR gas) AND (price OR rate))~5",
            "(oil OR gas) NEAR/5 (price OR rate)",
            "NEAR/5",
        ),
        ("brandwatch", "<<<brand>>> oil", "oil", "comment"),
        ("lexis", "oil w/seg bank", "oil~ AND bank~", "W/SEG became AND"),
        ("lexis", "rico NOT W/5 puerto", "SENTENCE(rico~ AND NOT puerto~)", "one sentence"),
        ("lexis", "oil w/200 bank", "oil~ NEAR/100 bank~", "not 200"),
        ("lexis", "oil and LENGTH(>500)", "oil~", "LENGTH( )"),
        ("lexis", "oil and DATE(geq (1/1/2024) and leq (2/1/2024)) and bank", "oil~ AND bank~", "DATE( )"),
        ("lexis", "CAPS(aids) and oil", "aids~ AND oil~", "CAPS( )"),
        ("lexis", "PLURAL(loans) and oil", "loans AND oil~", "PLURAL( )"),
        ("lexis", "oil and DATE geq 1/1/2024", "oil~", "`DATE geq 1/1/2024` was left out"),
        ("brandwatch", "oil AND rating:[1 TO 5] AND bank", "oil AND bank", "`rating:[1 TO 5]`"),
        ("brandwatch", "oil NEAR bank", "oil NEAR/4 bank", "NEAR/4"),
        ("factiva", "wc > 500 and oil", "oil", "`wc > 500` was left out"),
        ("factiva", "wc>500 and oil", "oil", "`wc>500` was left out"),
        ("factiva", "oil and date from 20240101 to 20240601 and bank", "oil AND bank", "range of dates"),
        ("factiva", "oil and date after 01/01/2024", "oil", "range of dates"),
        ("factiva", "toyota/F50/ and oil", "lead:(toyota) AND oil", "/F50/"),
        ("factiva", "rst=(tbtn or tfin) and oil", "oil", "`rst=( )`"),
        ("factiva", "engineer$3 and fds=ibm", "engineer*", "`fds=ibm`"),
        ("factiva", "president % clinton", "president ONEAR/1 clinton", "at most one"),
    ] {
        match import(query, Dialect::of_name(dialect).unwrap()) {
            Ok(got) => {
                assert_eq!(got.when, want, "{query}");
                assert!(got.notes.iter().any(|n| n.contains(note)), "{query}: {:?}", got.notes);
            }
            Err(error) => panic!("{query}: {error}"),
        }
    }
    for query in ["(oil", "oil)", "", "AND", "oil AND", "@bbc", "-", "^9", "~5", &"(".repeat(500)] {
        assert!(import(query, Dialect::Meltwater).is_err(), "{query}");
    }
}

proptest! {
    /// Whatever a query of another service is, it becomes one that can be parsed, or is refused.
    #[test]
    fn what_is_imported_can_be_parsed(pieces in proptest::collection::vec(proptest::sample::select(&["oil", "gas*", "\"a b\"", "\"oil pri*\"~3", "(", ")", "AND", "OR",
        "NOT", "and", "NEAR/3", "NEAR", "w/5", "adj3", "same", "w/s", "/N3/", "/F9/", "HLEAD(", "ALLCAPS(", "DATE(", "title:", "hd=", "rst=", "url:", "@x", "#x", "-x", "^3", "~4",
        "{US}", "[", "]", "wc>5", "date", "20240101", "%", "$", "1,000", "a:b", "<<<", "é", "„"][..]), 0..12), dialect in 0..4usize) {
        let query = pieces.join(" ");
        let dialect = [Dialect::Meltwater, Dialect::Brandwatch, Dialect::Lexis, Dialect::Factiva][dialect];
        if let Ok(got) = import(&query, dialect) {
            let words = &Knowledge::compiled_in().watch_words;
            match parse(&got.when, false, words) {
                Ok(_) => {}
                // what asks for nothing there asks for nothing here
                Err(error) => prop_assert!(error.message.contains("only excluded") || error.message.contains("stands at a place"), "{query}: {}: {error}", got.when),
            }
        }
    }
}
