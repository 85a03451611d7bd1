//! The language by example: the tree that a query parses to, and what is refused, where and why.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::knowledge::Knowledge;

fn read(query: &str) -> Result<String, QueryError> {
    parse(query, false, &Knowledge::compiled_in().watch_words).map(|expr| expr.to_string())
}

#[test]
fn a_query_has_one_canonical_form() {
    for (query, want) in [
        ("Oil", "oil"),
        ("oil~", "oil~"),
        ("sanct*", "sanct*"),
        ("\"Oil Prices\"", "\"oil prices\""),
        ("“oil, prices”~", "\"oil prices\"~"),
        ("vice-president", "\"vice president\""),
        ("U.S.", "u.s."),
        // a group of two letters needs a capital, otherwise it is two words
        ("Ph.D", "Ph.d."),
        ("Xl.A", "Xl.a."),
        ("Erdoğan", "erdoğan"),
        ("\"AND\"", "\"and\""),
        ("a AND b AND c", "(a AND b AND c)"),
        ("a OR (b AND c)", "(a OR (b AND c))"),
        ("a NOT b NOT c", "(a AND NOT b AND NOT c)"),
        ("NOT (NOT a)", "NOT NOT a"),
        ("NOT a NEAR/3 b AND c", "(NOT a NEAR/3 b AND c)"),
        ("a NEAR/3 b ONEAR/0 c", "a NEAR/3 b ONEAR/0 c"),
        ("a NEAR/3 (b NEAR/4 c)", "a NEAR/3 (b NEAR/4 c)"),
        ("SENTENCE(a AND b)", "SENTENCE((a AND b))"),
        ("ATLEAST/3(a OR b)", "ATLEAST/3((a OR b))"),
        ("title:oil AND lead:(a OR b)", "(title:(oil) AND lead:((a OR b)))"),
        ("SENTENCE AND QUOTE", "(sentence AND quote)"),
        ("raw:\"Google+ \\\"x\\\"\"", "raw:\"Google+ \\\"x\\\"\""),
        ("raw:AT&T", "raw:\"AT&T\""),
        ("about:az", "about:az"),
        ("source:\"\n~x\"", "source:\"\n~x\""),
        // the lexer takes the separators of ASCII for white space, Unicode does not
        ("source:\"a\u{1c}x\"", "source:\"a\u{1c}x\""),
        ("topic:20000642", "topic:medtop:20000642"),
        ("topic:\"Economic  Sanction\"", "topic:medtop:20000642"),
        ("named:\"Marco Rubio\"", "named:\"Marco Rubio\""),
        ("said:office(\"Foreign Minister\", country:am)", "said:office(\"foreign minister\", country:AM)"),
        ("QUOTE(by:any AND kind:direct)", "QUOTE((by:any AND kind:direct))"),
        ("cue:deny", "QUOTE(cue:deny)"),
        ("site:caliber.az AND is:first", "(site:caliber.az AND is:first)"),
    ] {
        let got = read(query).unwrap_or_else(|e| panic!("{query}: {e}"));
        assert_eq!(got, want, "{query}");
        assert_eq!(read(&got).as_deref(), Ok(want), "not stable: {got}");
    }
}

#[test]
fn bare_words_mean_all_forms_where_a_watch_asks_for_it() {
    let query = "oil AND \"gas price\" AND title:bank AND named:any AND sanct*";
    let got = parse(query, true, &Knowledge::compiled_in().watch_words).unwrap().to_string();
    assert_eq!(got, "(oil~ AND \"gas price\" AND title:(bank~) AND named:any AND sanct*)");
}

#[test]
fn what_is_wrong_is_told_with_its_column_and_a_hint() {
    for (query, column, message, hint) in [
        ("", 1, "empty", "a word"),
        ("oil AND gas OR coal", 13, "mixed", "brackets"),
        ("NOT oil", 1, "only excluded", "must be there"),
        ("NOT a AND NOT b", 1, "only excluded", ""),
        ("a OR NOT b", 1, "only excluded", ""),
        ("title:(NOT a)", 1, "only excluded", ""),
        ("SENTENCE(NOT a)", 1, "only excluded", ""),
        ("NOT (a AND NOT b)", 1, "only excluded", ""),
        ("oil prices", 5, "without an operator", "quotation marks"),
        ("oil and gas", 5, "`and` is a word", "AND"),
        ("нефть AND (a", 11, "never closed", "`)`"),
        ("a)", 2, "not expected", "no bracket"),
        ("dev*", 1, "four letters", "list"),
        ("*ab", 1, "star", ""),
        ("a*b", 1, "star", ""),
        ("\"two words\"*", 1, "one word", "ONEAR/0"),
        // found by fuzzing: one word with the mark after it, two without
        ("U.S.U.S.%*", 1, "one word", "ONEAR/0"),
        ("\"a", 1, "never closed", ""),
        ("NEAR/3 a", 1, "nothing before", ""),
        ("a NEAR b", 3, "number of words", "NEAR/5"),
        ("a NEAR/ b", 3, "no operator here", "NEAR/5"),
        ("(a AND b) NEAR/3 c", 11, "NEAR joins", "SENTENCE"),
        ("a NEAR/500 b", 3, "at most", "PARAGRAPH"),
        ("a NEAR/99999999999 b", 3, "at most", ""),
        ("lang:en NEAR/3 a", 9, "NEAR joins", ""),
        ("ATLEAST(a)", 1, "needs a number", "ATLEAST/3"),
        ("ATLEAST/0(a)", 1, "1 to 100", ""),
        ("ATLEAST/2(a AND b)", 1, "counts words", ""),
        ("by:x", 1, "asks of a quote", "QUOTE(by:"),
        ("foo:bar", 1, "there is no `foo:`", "about: body:"),
        ("topic:nonsense", 7, "no topic", ""),
        ("topic:sanction", 7, "no topic `sanction`", "sanction"),
        ("about:AZE", 7, "two letters", "AZ"),
        ("is:new", 4, "first", ""),
        ("a AND", 6, "missing at the end", ""),
        ("()", 2, "`)` is not expected", ""),
        ("!!!", 1, "no word", "raw:"),
        ("AND", 1, "nothing before", ""),
        ("a AND title:", 13, "missing at the end", ""),
        ("said:office(\"\")", 6, "needs a word", ""),
        ("said:office(\"x\", )", 18, "country:XX", ""),
    ] {
        let error = read(query).map_or_else(|e| e, |tree| panic!("{query} was taken: {tree}"));
        assert_eq!(error.column, column, "{query}: {error}");
        assert!(error.message.contains(message), "{query}: {error}");
        assert!(error.hint.as_deref().unwrap_or("").contains(hint), "{query}: {error}");
        assert!(!error.expected.is_empty(), "{query}");
    }
}

#[test]
fn what_others_write_is_told_with_what_it_is_here() {
    for (query, column, hint) in [
        ("iran, oil", 5, "write AND or OR in place of the comma"),
        ("(iran, oil)", 6, "write AND or OR in place of the comma"),
        ("1,000 AND troops", 2, "\"1,000\""),
        ("iran And oil", 6, "write AND"),
        ("not iran AND oil", 5, "write NOT, in capitals"),
        ("oil near/5 gas", 5, "write NEAR/5"),
        ("oil near gas", 5, "write NEAR/5"),
        ("oil near5 gas", 5, "write NEAR/4"),
        ("oil w/5 gas", 5, "write NEAR/5"),
        ("oil pre/3 gas", 5, "write ONEAR/3"),
        ("oil NEAR/5f gas", 5, "write ONEAR/5"),
        ("oil NEAR/5.5 gas", 5, "write NEAR/5"),
        ("oil w/s gas", 5, "SENTENCE("),
        ("oil same gas", 5, "PARAGRAPH("),
        ("oil && gas", 5, "write AND"),
        ("oil || gas", 5, "write OR"),
        ("oil -gas", 5, "write NOT gas"),
        ("oil ANDNOT gas", 5, "write AND NOT"),
        ("\"oil price\"~5", 13, "write oil NEAR/5 price"),
        ("\"oil price", 1, "close it"),
        ("'oil price'", 6, "double quotation marks"),
        ("«oil price»", 6, "double quotation marks"),
        ("„oil price“", 11, "write the phrase as"),
        ("ATLEAST5(oil)", 9, "write ATLEAST/5( )"),
        ("ATLEAST 5(oil)", 9, "write ATLEAST/5( )"),
        ("sentence(oil AND gas)", 9, "write SENTENCE( )"),
        ("office(\"foreign minister\")", 7, "said:office("),
        ("HEADLINE(oil)", 9, "write title:( )"),
        ("headline:oil", 1, "it is title: here"),
        ("TITLE:oil", 1, "write title:oil"),
        ("mention:AZ", 1, "it is mentions: here"),
        ("url:bbc.co.uk", 1, "it is site: here"),
        ("langs:en", 1, "it is lang: here"),
        ("about:Azerbaijan", 7, "write about:AZ"),
        ("from:USA", 6, "write from:US"),
        ("about:(AZ OR GE)", 7, "(about:AZ OR about:GE)"),
        ("said:(\"A B\" AND \"C D\")", 6, "(said:\"A B\" AND said:\"C D\")"),
        ("named:Marco Rubio", 13, "named:\"Marco Rubio\""),
        ("title:oil price", 11, "title:\"oil price\""),
        ("named:\"Marco Rubio\"~", 7, "leave out the `~`"),
        ("said:office(foreign minister)", 21, "office(\"foreign minister\", country:AM)"),
        ("said:office(\"x\" country:AM)", 17, "country:AM"),
        ("topic:sanctions", 7, "did you mean topic:\"economic sanction\" (20000642)?"),
        ("topic:nonsense", 7, "presswatch keys"),
    ] {
        let error = read(query).map_or_else(|e| e, |tree| panic!("{query} was taken: {tree}"));
        assert_eq!(error.column, column, "{query}: {error}");
        assert!(error.hint.as_deref().unwrap_or("").contains(hint), "{query}: {error}");
        assert!(!error.expected.is_empty(), "{query}");
    }
    assert_eq!(read("said:office(\"x\", country:\"am\")").as_deref(), Ok("said:office(\"x\", country:AM)"));
}

#[test]
fn size_and_depth_are_bounded() {
    let many = |open: &str, close: &str, n: usize| format!("{}a{}", open.repeat(n), close.repeat(n));
    for (query, taken) in [
        (many("(", ")", 60), true),
        (many("(", ")", 100), false),
        (many("NOT NOT ", "", 20), true),
        (many("NOT ", "", 100), false),
        (many("title: ", "", 100), false),
        (many("SENTENCE(", ")", 60), true),
        (format!("a{}", " NEAR/3 b".repeat(100)), true),
        (format!("a{}", " NEAR/3 b".repeat(1000)), false),
        (format!("a{}", " OR b".repeat(10_000)), true),
        (format!("\"{}\"", "a ".repeat(32_000)), true),
        (format!("a{}", " OR b".repeat(20_000)), false),
    ] {
        assert_eq!(read(&query).is_ok(), taken, "{}", &query[..20.min(query.len())]);
    }
}

proptest! {
    /// Any mix of pieces gives a tree or an error, at once, and a tree's canonical form is stable.
    #[test]
    fn any_text_is_a_query_or_an_error(pieces in proptest::collection::vec(prop_oneof![
        8 => proptest::sample::select(&["a", "oil", "\"", "“", "(", ")", "AND", "OR", "NOT", "NEAR/3", "ONEAR/0", "~", "*", "title:", "top:",
            "QUOTE", "QUOTE(", "SENTENCE(", "said:", "by:", "office", "office(", ",", "raw:", "ATLEAST/2", "ATLEAST/2(", "near5", "w/5", "topic:sanctoin", "about:Azerbaidjan", "title:", "named:Marco", "-x", "'x", "🙂", "é", ":", "\\", " ", "\u{a0}"][..]).prop_map(str::to_owned),
        1 => any::<String>(),
    ], 0..24), glue in proptest::sample::select(&["", " "][..])) {
        let query = pieces.join(glue);
        // read once, before the time counts
        Knowledge::compiled_in();
        // repeated, since the machine may be busy
        let mut times = (0..50).map(|_| { let started = Instant::now(); let _ = read(&query); started.elapsed() });
        prop_assert!(times.any(|time| time < Duration::from_millis(1)), "{query}");
        match read(&query) {
            Ok(tree) => prop_assert_eq!(read(&tree), Ok(tree.clone())),
            Err(error) => prop_assert!(error.column <= query.chars().count() + 1),
        }
    }
}
