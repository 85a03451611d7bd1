//! Pages made to cost a parser more than others.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::article::clean::plain;

/// Pages of about `size` bytes that cost a parser or an extractor more than others.
fn hostile(size: usize) -> Vec<(&'static str, String)> {
    let fill = |piece: &str| format!("<html>{}", piece.repeat(size / piece.len()));
    let count = |piece: &dyn Fn(usize) -> String| {
        let mut html = String::from("<html>");
        let mut i = 0;
        while html.len() < size {
            html.push_str(&piece(i));
            i += 1;
        }
        html
    };
    vec![
        ("nested", fill("<div>")),
        ("deep but closed", fill(&format!("{}a,b,c{}", "<div>".repeat(90), "</div>".repeat(90)))),
        ("open brackets", fill("<")),
        ("unclosed comments", fill("<!--")),
        ("end tags", fill("</")),
        ("scripts", fill("<script></")),
        ("newlines", fill("\n")),
        ("quotation marks", fill("\"")),
        ("quotes in a tag", format!("<html><p {}", "='".repeat(size / 2))),
        ("entities", fill("&amp")),
        ("paragraphs", fill("<p>a")),
        ("breaks", fill("<br>")),
        ("links", fill("<a href=x>a</a>, ")),
        ("siblings", fill("<div class=share><p>The harbour, the port, the sea.</p></div>")),
        ("one long text", fill("The harbour, the port, the sea. ")),
        ("many attributes", format!("<html><p {}", count(&|i| format!("a{i} ")))),
        ("formatting elements", count(&|i| format!("<p><b id={i}></p><p>a"))),
        ("formatting in tables", count(&|i| format!("<b id={i}><table></b></table>"))),
    ]
}

/// Extracts each page; returns the slowest and its time.
fn slowest(size: usize) -> (&'static str, Duration) {
    let took = hostile(size).into_iter().map(|(name, html)| {
        let start = Instant::now();
        let page = extract(&html, &JUNK);
        plain::tidy(&page.text, "", &JUNK);
        (name, start.elapsed())
    });
    took.max_by_key(|(_, took)| *took).unwrap()
}

#[test]
fn hostile_pages_take_no_longer_than_others() {
    let (name, took) = slowest(128 << 10);
    // 20,000 nested elements took dom_smoothie alone 7.5 s; half a second is much for 128 KiB, but machines are busy
    assert!(took < Duration::from_millis(1500), "{name}: {took:?}");
}

#[test]
#[ignore = "takes ten seconds; run it in a release build"]
fn the_largest_hostile_pages_take_under_two_seconds() {
    for size in [3 << 20, 8 << 20] {
        let (name, took) = slowest(size);
        assert!(took < Duration::from_secs(2), "{name}: {took:?}");
    }
}

proptest! {
    #[test]
    fn no_html_makes_it_panic(
        pieces in proptest::collection::vec(
            "(<p>|</p>|<div class=share>|</div>|<table>|<td>|<b>|</b>|<html>|<body>|<h1>|<article>|<br>|<a href=x>|</a>|<script>|<!--|<svg>|<template>|<select>|<frameset>|The harbour reopened, they said. |&amp;|\\PC{0,6}|<)", 0..60)
    ) {
        let html = pieces.concat();
        extract(&html, &JUNK);
        extract(&format!("<html>{html}"), &JUNK);
        looks_like_html(&html);
        render::text_of_tags(&html);
    }
}

#[test]
fn a_title_that_names_sites_without_end_takes_neither_stack_nor_time() {
    let title = format!("Harbour reopens{}", " - a.co".repeat(100_000));
    let html = page(&format!("<title>{title}</title>"), &format!("<p>{FIRST}</p>"));
    assert!(extract(&html, &JUNK).title.unwrap().starts_with("Harbour reopens"));
}
