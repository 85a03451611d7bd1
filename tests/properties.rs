//! What holds for any input: nothing panics, every span lies in the text and contains what it says, and time is linear.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic and tell why")]

#[path = "fuzz/any_input.rs"]
mod any_input;
#[path = "fuzz/pieces.rs"]
mod pieces;

use std::time::{Duration, Instant};

use any_input::{PIPELINE, check};
use pieces::PIECES;
use presswatch::article::decode::Message;
use proptest::prelude::*;

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-zA-Z]{1,9}",
    ];
    let glue = proptest::sample::select(&["", " ", " ", " ", "\n"][..]);
    proptest::collection::vec((piece, glue), 0..120)
        .prop_map(|parts| parts.into_iter().map(|(piece, glue)| piece + glue).collect())
}

proptest! {
    #[test]
    fn any_bytes_are_an_article_or_an_error(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        for kind in [None, Some("text/plain"), Some("text/html"), Some("application/json"), Some("x/y; charset=utf-16")] {
            check(&body, kind);
        }
    }

    #[test]
    fn spans_hold_what_they_say(title in text(), body in text(), language in proptest::sample::select(&["en", "ru", "tr", "ar", "xx", ""][..])) {
        let event = serde_json::json!({ "id": "p", "title": title, "body": body, "language": language });
        check(event.to_string().as_bytes(), None);
    }

    #[test]
    fn pages_hold_what_they_say(body in text()) {
        check(format!("<html><body><article><h1>News</h1><p>{body}</p></article></body></html>").as_bytes(), Some("text/html"));
        check(body.as_bytes(), Some("text/plain"));
    }

    #[test]
    fn any_query_is_asked(query in proptest::collection::vec(1u8.., 0..24), body in proptest::collection::vec(any::<u8>(), 0..60)) {
        any_input::query(&[&query[..], &[0], &body[..]].concat());
    }

    #[test]
    fn broken_events_are_told(mut event in text().prop_map(|b| serde_json::json!({ "id": "p", "title": "t", "body": b }).to_string().into_bytes()), at in any::<proptest::sample::Index>(), byte in any::<u8>()) {
        let at = at.index(event.len());
        event[at] = byte;
        check(&event, None);
        event.truncate(at);
        check(&event, None);
    }
}

/// What fuzzing has found, one sample per target.
#[test]
fn inputs_of_the_fuzzer_hold() {
    for (target, hold) in
        [("decode", any_input::decode as fn(&[u8])), ("clean", any_input::clean), ("tag", any_input::tag)]
    {
        let folder = format!("{}/tests/fuzz/seeds/{target}", env!("CARGO_MANIFEST_DIR"));
        let inputs: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(inputs.len() > 10, "seeds of {target} are missing");
        inputs.iter().for_each(|input| hold(&std::fs::read(input).unwrap()));
    }
}

fn time(body: &str) -> Duration {
    let event = serde_json::json!({ "id": "long", "title": "t", "body": body, "language": "en" }).to_string();
    let started = Instant::now();
    let message = Message { body: event.as_bytes(), ..Message::default() };
    let _ = PIPELINE.tag(message);
    started.elapsed()
}

/// Eight times the text may take eight times as long, but not 64 times: the limit is 24.
#[test]
fn time_is_linear_in_the_length() {
    const SMALL: usize = 1 << 17;
    let _ = time("warm up");
    let mut report = String::new();
    for unit in [
        "\"",
        "“",
        "«",
        "' ",
        "\" a ",
        "“a” ",
        "(",
        "<",
        "[",
        "— ",
        "- ",
        ",",
        ".",
        "a.",
        // runs of full stops
        ". ",
        "(. ",
        "! ",
        ".\" ",
        ".) ",
        "?! ",
        ".\u{a0}",
        ". ★ ",
        "\n\"",
        "\n\n",
        "A ",
        "Smith ",
        "said ",
        "said that ",
        "\"a,\" said he. ",
        "he said, \"a\" and ",
        "U.S. ",
        "Paris, ",
        "of the ",
        "President ",
        "the minister ",
        "1 ",
        "1",
        "a",
        "é",
        "и ",
        "сказал ",
        "\u{301}",
        "\u{200b}",
        "John Smith of ",
        "According to ",
        "oil ",
        "<p>",
        "&amp;",
        "Share\n",
        "TRUMP: We go.\n\n",
        "Q: Do you?\n\nA: I do.\n\n",
        "— Да.\n\n",
        // as many persons, speakers and turns as fit
        "Minister John Smith# said he knew. ",
        "John# Smith met Mary Smith#. ",
        "John Smith#: I say so.\n\n",
        "“Yes,” said the Paris# mayor. ",
    ] {
        // numbered in letters, so that they are names: "Smithbd"
        let letters =
            |n: usize| n.to_string().bytes().map(|digit| char::from(digit + b'a' - b'0')).collect::<String>();
        // a letter at the very end: what a run of full stops touches decides whether it ends a sentence
        let fill = |bytes: usize| {
            (0..bytes / unit.len()).map(|n| unit.replace('#', &letters(n))).collect::<String>() + "x"
        };
        if std::env::var_os("PRESSWATCH_LONG").is_some() {
            eprintln!("{unit:?}: 8 MiB in {:?}", time(&fill(8 << 20)));
        }
        // best of three, repeated, to allow for a busy machine
        let best = |bytes: usize| (0..3).map(|_| time(&fill(bytes))).min().unwrap();
        let mut tries = (0..3).map(|_| (best(SMALL), best(8 * SMALL)));
        let steep = |(small, large): &(Duration, Duration)| *large > *small * 24 + Duration::from_millis(50);
        if let Some((small, large)) = tries.by_ref().take_while(steep).nth(2) {
            report += &format!("{unit:?}: {small:?}, eight times as long: {large:?}\n");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}
