use super::super::tests::{FIRST, SECOND, page};
use crate::article::clean::html::extract;
use crate::article::junk::Junk;
use crate::files::Files;

fn day(head: &str, body: &str) -> String {
    let junk = Junk::of(&Files::default(), &mut Vec::new());
    let found = extract(&page(head, body), &junk).published_at;
    found.map_or_else(String::new, |published| published.day().to_string())
}

#[test]
fn the_readers_day_is_that_of_the_publishers_clock() {
    let meta = |time: &str| format!("<meta property=article:published_time content={time}>");
    assert_eq!(day(&meta("2025-03-05T00:30:00+09:00"), ""), "2025-03-05");
    assert_eq!(day(&meta("2025-03-05T22:30:00-05:00"), ""), "2025-03-05");
    assert_eq!(day(&meta("2025-03-05T22:30:00Z"), ""), "2025-03-05");
}

#[test]
fn the_day_is_told_by_data_titles_and_addresses() {
    let script = |json: &str| format!("<script type=application/ld+json>{json}</script>");
    for (name, head) in [
        (
            "what a review speaks of has a day of its own",
            script(
                r#"{"@graph":[{"@type":"ClaimReview","itemReviewed":{"@type":"Claim","datePublished":"2025-01-01"},
                "datePublished":"2025-03-05 15:44"}]}"#,
            ),
        ),
        (
            "comments too",
            script(
                r#"[{"@type":"Comment","datePublished":"2025-01-01"},{"@type":"WebPage","datePublished":"2025-03-05"}]"#,
            ),
        ),
        (
            "data that no parser reads",
            script(r#"{"@type":"NewsArticle", oops "datePublished": "2025-03-05"}"#),
        ),
        (
            "the printed issue is of the next day",
            "<meta name=date content=2025-03-06>".to_owned()
                + &script(
                    r#"{"@type":"NewsArticle","headline":"A","datePublished":"2025-03-05T19:30:00+01:00"}"#,
                ),
        ),
        ("a piece of the title", "<title>Harbour reopens | The Morning | 05.03.2025</title>".to_owned()),
        ("at its beginning", "<meta property=og:title content='05.03.2025 - Harbour reopens'>".to_owned()),
        ("an address", "<link rel=canonical href=https://paper.example/a/20250305/7/port.html>".to_owned()),
    ] {
        assert_eq!(day(&head, &format!("<p>{FIRST}</p>")), "2025-03-05", "{name}");
    }
    assert_eq!(day("<title>What happened on 5 March 2025 in the harbour of the town</title>", ""), "");
}

#[test]
fn the_day_near_the_headline_is_the_articles() {
    let head = "<title>Harbour reopens after storms | The Morning</title>";
    let menu = "<h1>The Morning</h1>".to_owned() + &"<a href=/x>Politics</a> <span>Sports</span>".repeat(50);
    let article = format!("<h2>Harbour reopens after storms</h2>%<p>{FIRST}</p><p>{SECOND}</p>");
    for (name, below) in [
        ("a text", "<div>von A. Writer | 05.03.2025 | 14:30 Uhr</div>"),
        ("short year", "<div>Mi 05.03.25 | 14:07 Uhr | Von</div>"),
        ("a list of facts", "<ul><li>5 March 2025</li><li>2 comments</li></ul>"),
        ("signs for year, month and day", "<p class=date>2025年03月05日</p>"),
        ("in several texts", "<div class=entry-date><b>5</b> <i>March</i> 2025</div>"),
        ("the last change beside it", "<time>5 March 2025</time> <time>9 March 2025</time>"),
        ("the machine's time is that of a change", "<time datetime=2025-03-09>5 March 2025</time>"),
        (
            "a picture before",
            "<figure><img><figcaption>Foto: 01.01.2024</figcaption></figure><i>05.03.2025</i>",
        ),
        (
            "with its source",
            "<p>05.03.2025 - 04:30 - Fonte: Agencia - Foto: A. Silva / Harbour News of the Bay</p>",
        ),
    ] {
        assert_eq!(day(head, &(menu.clone() + &article.replace('%', below))), "2025-03-05", "{name}");
    }
    let above = format!("{menu}<div>05.03.25</div>{}", article.replace('%', ""));
    assert_eq!(day(head, &above), "2025-03-05");
}

#[test]
fn a_day_of_something_else_is_none() {
    let head = "<title>Harbour reopens after storms</title>";
    let article = format!("<h1>Harbour reopens after storms</h1>%<p>{FIRST}</p><p>{SECOND}</p>");
    let others = [
        "<div class=related><h3>More</h3><time>1 January 2024</time></div>",
        "<aside><a href=1>The mayor opens the bridge to the town</a> 01.01.2024</aside>",
        "<div class=teaser><a href=1>The mayor opens the bridge to the town</a> <span class=date>01.01.2024</span></div>",
        "<div id=comments><div class=date>01.01.2024</div></div>",
        "<figure><img><figcaption>The quay on 01.01.2024</figcaption></figure>",
        "<p>The board met on 1 January 2024 with <a href=1>the pilots</a> of the bay, who had asked for a deeper channel before \
         the storms, and a survey of the sand that is to be made in spring was agreed.</p>",
        "<footer>© 01.01.2024</footer>",
    ];
    for other in others {
        assert_eq!(day(head, &article.replace('%', other)), "", "{other}");
        let both = format!("{other}<div class=posted>05.03.2025</div>");
        assert_eq!(day(head, &article.replace('%', &both)), "2025-03-05", "{other}");
    }
    // days far from the headline count if they are all the same
    let far = "<p>The pilots of the bay had asked for a deeper channel before the storms, as sand drifts onto the ground.</p>".repeat(30);
    let with = |tail: &str| day(head, &article.replace('%', &format!("{far}{tail}")));
    assert_eq!(with("<div>05.03.2025</div>"), "2025-03-05");
    assert_eq!(with("<div>05.03.2025</div><div>06.03.2025</div>"), "");
}

#[test]
fn a_name_that_many_parts_have_hides_no_article() {
    let head = "<title>Harbour reopens after storms</title>";
    let article =
        format!("<h1>Harbour reopens after storms</h1><span>05.03.2025</span><p>{FIRST}</p><p>{SECOND}</p>");
    assert_eq!(day(head, &format!("<div class='with-sidebar widget'>{article}</div>")), "2025-03-05");
    let apart = format!("<h1>The Blog</h1><div class='inner sidebar'><i>05.03.2025</i><p>{FIRST}</p></div>");
    assert_eq!(day("", &apart), "2025-03-05");
}
