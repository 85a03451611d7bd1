mod hostile;

use std::sync::LazyLock;

use super::*;
use crate::files::Files;

static JUNK: LazyLock<Junk> = LazyLock::new(|| Junk::of(&Files::default(), &mut Vec::new()));

pub(super) const FIRST: &str = "The port of Harrow Bay reopened on Monday after four days of storms, the harbour office said, and the \
    first three ships were unloaded before noon, a day earlier than planned.";
pub(super) const SECOND: &str = "“We have never had so many vessels waiting,” said Mira Stelling, who runs the office, adding that the \
    last of them should be gone by Friday, if the weather holds as it is forecast.";

const THIRD: &str = "The pilots of the bay had asked for a deeper channel before the storms, as sand drifts onto the ground \
    at which the largest of the ships lie, and a survey of the sand is to be made in spring.";

pub(super) fn page(head: &str, body: &str) -> String {
    format!("<!DOCTYPE html><html lang=\"en-GB\"><head>{head}</head><body>{body}</body></html>")
}

#[test]
fn the_article_is_found_among_the_parts_of_a_page() {
    let html = page(
        "<title>Harbour reopens after storms | The Morning</title><meta property=og:site_name content='The Morning'>
         <meta property=article:published_time content=2025-03-03T14:05:00+01:00><meta name=author content='A. Writer'>
         <link rel=canonical href=https://morning.example/1>",
        &format!(
            "<nav><a href=/>Home</a> <a href=/p>Politics</a></nav><div id=cookieBanner>We use cookies, as all pages do.</div>
             <main class='content has-sidebar'><h1>Harbour reopens after storms</h1><div class=byline>By A. Writer</div>
             <article><p>{FIRST}</p><figure><img src=a.jpg><figcaption>A ship at the quay on Monday, waiting</figcaption></figure>
             <div class='share-bar'>Share this</div><p>{SECOND}</p><p>Advertisement</p><h2>A long wait</h2><p>{FIRST}</p>
             <blockquote class='embed-tweet'>Ships, at last! — Harbour watcher</blockquote>
             <p>{SECOND}</p><section class='relatedArticles'><h3>Related</h3><p>The mayor of Harrow Bay opens the new
             bridge that was built in two years.</p></section></article></main><footer>© The Morning</footer>"
        ),
    );
    let page = extract(&html, &JUNK);
    let text = super::super::plain::tidy(&page.text, page.title.as_deref().unwrap_or_default(), &JUNK);
    let want =
        [FIRST, SECOND, "A long wait", FIRST, "Ships, at last! — Harbour watcher", SECOND].join("\n\n");
    assert_eq!(text, want);
    assert_eq!(page.title.as_deref(), Some("Harbour reopens after storms"));
    assert_eq!(page.language.unwrap().as_str(), "en");
    assert_eq!(page.published_at.unwrap().to_string(), "2025-03-03T14:05:00+01:00");
    assert_eq!(page.site.as_deref(), Some("The Morning"));
    assert_eq!(page.url.as_deref(), Some("https://morning.example/1"));
    assert_eq!(page.authors, ["A. Writer"]);
}

#[test]
fn json_ld_gives_what_the_page_does_not_show() {
    let ld = format!(
        "<script type='application/ld+json'>{{\"@graph\": [{{\"@type\": \"NewsArticle\", \"headline\": \"Harbour &amp; port reopen\",
         \"datePublished\": \"2025-03-03\", \"author\": {{\"name\": \"A. Writer\"}}, \"publisher\": {{\"name\": \"The Morning\"}},
         \"articleBody\": \"{}\"}}]}}</script>",
        format!("{FIRST} {SECOND}").repeat(3)
    );
    let page = extract(&page(&ld, "<div id=app><p>Loading…</p></div>"), &JUNK);
    assert_eq!(page.title.as_deref(), Some("Harbour & port reopen"));
    assert_eq!(page.published_at.unwrap().to_string(), "2025-03-03T00:00:00Z");
    assert!(page.text.starts_with(FIRST), "{}", page.text);
}

#[test]
fn a_piece_of_html_is_the_body_already() {
    let html = format!("<p>{FIRST}</p><p>Short.</p><script>x()</script><ul><li>One<li>Two</ul>");
    assert_eq!(extract(&html, &JUNK).text, format!("{FIRST}\n\nShort.\n\nOne\nTwo"));
}

#[test]
fn a_title_is_on_one_line() {
    let html = page("<meta property=og:title content='Harbour\n  reopens'>", &format!("<p>{FIRST}</p>"));
    assert_eq!(extract(&html, &JUNK).title.as_deref(), Some("Harbour reopens"));
}

#[test]
fn a_marked_date_wins_over_a_teasers_and_an_unreadable_meta_hides_none() {
    let day = |head: &str, body: &str| {
        extract(&page(head, body), &JUNK).published_at.map(|at| at.to_string()).unwrap_or_default()
    };
    let teaser = "<aside><time datetime=2019-01-01>x</time></aside>";
    let marked = "<abbr class=published title=2025-03-03T14:05:00Z>today</abbr>";
    assert_eq!(day("", &format!("{teaser}{marked}<p>{FIRST}</p>")), "2025-03-03T14:05:00Z");
    let marked = "<span itemprop=datePublished content=2025-03-03>today</span>";
    assert_eq!(day("", &format!("{teaser}{marked}<p>{FIRST}</p>")), "2025-03-03T00:00:00Z");
    let metas = "<meta name=date content=today><meta name=dcterms.issued content=2025-03-03>";
    assert_eq!(day(metas, &format!("{teaser}<p>{FIRST}</p>")), "2025-03-03T00:00:00Z");
}

#[test]
fn the_day_is_read_where_pages_show_it() {
    let day = |head: &str, body: &str| {
        let html = page(head, &format!("{body}<p>{FIRST}</p>"));
        extract(&html, &JUNK).published_at.map_or_else(String::new, |at| at.to_string()[..10].to_owned())
    };
    for (name, head, body, want) in [
        ("an element named after a date", "", "<div class=entry-date>March 5, 2025</div>", "2025-03-05"),
        ("the text of a time", "", "<article><time>5 March 2025</time></article>", "2025-03-05"),
        (
            "a list of others is no article",
            "",
            "<ul><li><time datetime=2019-01-01>x</time></li></ul><div class=posted>05.03.2025</div>",
            "2025-03-05",
        ),
        (
            "JSON-LD of a page",
            "<script type='application/ld+json'>{\"@type\":\"WebPage\",\"datePublished\":\"2025-03-05\"}</script>",
            "",
            "2025-03-05",
        ),
        ("an address", "<link rel=canonical href=https://paper.example/2025/03/05/port>", "", "2025-03-05"),
        ("the last change", "<meta property=article:modified_time content=2025-03-06>", "", "2025-03-06"),
        ("nothing", "", "<div class=entry-date>soon</div>", ""),
    ] {
        assert_eq!(day(head, body), want, "{name}");
    }
    let html = page("<meta property=og:title content='Oil falls to - $75.50'>", &format!("<p>{FIRST}</p>"));
    assert_eq!(extract(&html, &JUNK).title.as_deref(), Some("Oil falls to - $75.50"));
}

/// The body of a page without its first and last lines.
fn body_of(head: &str, body: &str) -> String {
    let page = extract(&page(head, body), &JUNK);
    super::super::plain::tidy(&page.text, page.title.as_deref().unwrap_or_default(), &JUNK)
}

#[test]
fn an_article_in_several_containers_of_one_make_is_whole() {
    let group =
        |inner: &str| format!("<div class='group g1'><div><div class=inner>{inner}</div></div></div>");
    let parts = [
        format!("<p>{FIRST}</p>"),
        format!("<h2>A long wait</h2><p>{SECOND}</p>"),
        format!("<p>{THIRD}</p>"),
    ];
    let text = body_of(
        "",
        &format!("<article>{}</article>", parts.iter().map(|part| group(part)).collect::<String>()),
    );
    assert_eq!(text, [FIRST, "A long wait", SECOND, THIRD].join("\n\n"));
}

#[test]
fn what_lies_over_or_below_the_article_never_hides_it() {
    let paragraphs: String =
        [FIRST, SECOND, THIRD].iter().map(|text| format!("<div><div>{text}</div></div>")).collect();
    let article = format!("<div class=m><h1>Harbour reopens</h1>{paragraphs}</div>");
    let want = [FIRST, SECOND, THIRD].join("\n\n");
    let dialog =
        "<p>Your password must have eight letters at least, a capital among them, and a number as well.</p>"
            .repeat(4);
    for over in ["class=modal", "role=dialog", "id=onetrust-banner-sdk", "aria-modal=true"] {
        assert_eq!(body_of("", &format!("{article}<div {over}>{dialog}</div>")), want, "{over}");
    }
    let thread = "<li class=comment><p>I have said for years that nobody asks those who live at the harbour, said nobody.</p></li>";
    let below = format!("<section id=comments><ol>{}</ol></section>", thread.repeat(12));
    assert_eq!(body_of("", &format!("{article}{below}")), want);
}

#[test]
fn what_a_script_would_show_is_read() {
    let paragraphs: String = [FIRST, SECOND, THIRD].iter().map(|text| format!("<p>{text}</p>")).collect();
    let want = [FIRST, SECOND, THIRD].join("\n\n");
    let streamed = format!(
        "<main><template id=B:0></template></main><div hidden id=S:0><article>{paragraphs}</article></div>"
    );
    let noscript = format!("<div class=post><noscript>{paragraphs}</noscript></div>");
    let folded = format!(
        "<article><p>{FIRST}</p><p>{SECOND}</p><div style='display: none'><p>{THIRD}</p><p>{FIRST} Again.</p></div></article>"
    );
    assert_eq!(body_of("", &streamed), want);
    assert_eq!(body_of("", &noscript), want);
    assert_eq!(body_of("", &folded), format!("{want}\n\n{FIRST} Again."));
    // a part that would contain itself stays where it is
    let knot = format!("<div hidden id=S:0><template id=B:0></template>{paragraphs}</div>");
    assert!(body_of("", &knot).contains(SECOND));
}

#[test]
fn the_lead_stands_before_the_body() {
    let lead = "Two ships wait at Harrow Bay, and the harbour opens again.";
    let paragraphs: String = [FIRST, SECOND, THIRD].iter().map(|text| format!("<p>{text}</p>")).collect();
    let want = [lead, FIRST, SECOND, THIRD].join("\n\n");
    for body in [
        format!(
            "<article><header><h1>Harbour</h1><p>{lead}</p></header><div class=body>{paragraphs}</div></article>"
        ),
        format!(
            "<header class=article-header><h1>Harbour</h1><p class=lead>{lead}</p></header><div>{paragraphs}</div>"
        ),
        format!(
            "<h1>Harbour</h1><div class=article__standfirst><p>{lead}</p></div><div class=a><div>{paragraphs}</div></div>"
        ),
    ] {
        assert_eq!(body_of("", &body), want, "{body}");
    }
}

#[test]
fn links_to_others_advertisements_and_walls_are_no_part_of_the_article() {
    let paragraphs: String = [FIRST, SECOND, THIRD].iter().map(|text| format!("<p>{text}</p>")).collect();
    let want = [FIRST, SECOND, THIRD].join("\n\n");
    for other in [
        "<ul><li><a href=1>The mayor opens a bridge</a></li><li><a href=2>Storm hits the coast again</a></li></ul>",
        "<amp-ad type=x><div fallback>Visit the sunny coast with our agency this winter, and book early.</div></amp-ad>",
        "<div class=visually-hidden>Article content</div>",
        "<p>This article is for subscribers only. Already a subscriber? Log in.</p>",
    ] {
        assert_eq!(body_of("", &format!("<article>{paragraphs}{other}</article>")), want, "{other}");
    }
}

#[test]
fn json_ld_is_read_from_several_blocks_and_in_cdata() {
    let script = |json: &str| format!("<script type='application/ld+json'>{json}</script>");
    let body = format!("<article><p>{FIRST}</p><p>{SECOND}</p></article>");
    let head = script("{\"@type\":\"Article\",\"headline\":\"Harbour reopens\"}")
        + &script(
            "//<![CDATA[\n{\"@type\":\"NewsArticle\",\"headline\":\"Harbour reopens\",\"datePublished\":\"2025-03-03\",
             \"publisher\":{\"name\":\"The Morning\"},}\n//]]>",
        );
    let page = extract(&page(&head, &body), &JUNK);
    assert_eq!(page.title.as_deref(), Some("Harbour reopens"));
    assert_eq!(page.published_at.unwrap().to_string(), "2025-03-03T00:00:00Z");
    assert_eq!(page.site.as_deref(), Some("The Morning"));
    let list = format!("{{\"@type\":\"NewsArticle\",\"articleBody\":[\"{FIRST}\",\"{SECOND}\"]}}");
    assert_eq!(body_of(&script(&list), "<div id=app>Loading</div>"), format!("{FIRST}\n\n{SECOND}"));
}

#[test]
fn the_day_is_read_from_more_names_from_beside_the_headline_and_from_the_address() {
    let day = |head: &str, body: &str| {
        let html = page(head, &format!("{body}<p>{FIRST}</p>"));
        extract(&html, &JUNK).published_at.map_or_else(String::new, |at| at.to_string()[..10].to_owned())
    };
    for (name, head, body) in [
        ("meta", "<meta name=date.created content='2025-03-05 09:30:00'>", ""),
        ("meta", "<meta name=sw-pubdate content=2025-03-05>", ""),
        ("below", "", "<h1>Harbour reopens</h1><em>05.03.2025 09:30</em>"),
        ("above", "", "<span>05.03.25</span><h1>Harbour reopens</h1>"),
        ("address", "<meta property=og:url content=https://paper.example/news/2025-03-05-port.html>", ""),
    ] {
        assert_eq!(day(head, body), "2025-03-05", "{name}");
    }
}

#[test]
fn the_headline_is_what_the_page_shows_and_tells() {
    let title = |head: &str, body: &str| extract(&page(head, body), &JUNK).title.unwrap_or_default();
    let told = |headline: &str| {
        format!(
            "<script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"headline\":\"{headline}\"}}</script>"
        )
    };
    let og = "<meta property=og:title content='Harbour reopens after the storms'>";
    let heading = "<h1>Harbour reopens after the storms</h1>";
    assert_eq!(title(&(told("Harbour may reopen") + og), heading), "Harbour reopens after the storms");
    assert_eq!(title(&(told("Harbour may reopen") + og), ""), "Harbour may reopen");
    // words before it that heading and title do not share
    let kicker = "<meta property=og:title content='Storms in the bay: Harbour reopens after four days'>";
    let other = "<h1><span>After the storms</span> - Harbour reopens after four days</h1>";
    assert_eq!(title(kicker, other), "Harbour reopens after four days");
    assert_eq!(title(kicker, ""), "Storms in the bay: Harbour reopens after four days");
    // icons have titles, and the site's name is a heading
    let head = "<title>The Morning - News - Harbour reopens after the storms</title>";
    let body = format!("<svg><title>Search</title></svg><h1>The Morning</h1>{heading}<p>{FIRST}</p>");
    assert_eq!(title(head, &body), "Harbour reopens after the storms");
    let dated = "<meta property=og:title content='Harbour reopens after the storms | HM | 05.03.2025'>
        <meta property=og:site_name content=HM>";
    assert_eq!(title(dated, ""), "Harbour reopens after the storms");
}

#[test]
fn cards_pointers_tips_and_captions_are_no_part_of_the_article() {
    let paragraphs: String =
        [FIRST, SECOND, THIRD, FIRST, SECOND, THIRD].iter().map(|text| format!("<p>{text}</p>")).collect();
    let want = [FIRST, SECOND, THIRD, FIRST, SECOND, THIRD].join("\n\n");
    let said = "The mayor of Harrow Bay opens the new bridge that was built in two years, and all are glad.";
    for other in [
        "<p><b>ALSO HERE |</b> <a href=1>The mayor of Harrow Bay opens a bridge</a></p>".to_owned(),
        "<p>In the same matter: <a href=1>The mayor of the bay opens a bridge</a></p>".to_owned(),
        format!(
            "<div class=x><a href=1><img><h3>The mayor of Harrow Bay opens a bridge</h3></a><p>{said}</p></div>"
        ),
        format!(
            "<a href=1><div class=x><h3>The mayor of Harrow Bay opens a bridge</h3><p>{said}</p></div></a>"
        ),
        format!("<div class=js-tooltip-content><p>{said}</p></div>"),
        format!("<div class=relatedbroadcast><p>{said}</p></div>"),
        format!("<div><img alt='{said}'><p>{said} © A. Writer</p></div>"),
        format!("<div><img><p class=caption>{said}</p></div>"),
        "<div role=button><h2>Open the box</h2></div>".to_owned(),
        "<div><time>21 mins ago</time></div>".to_owned(),
    ] {
        let body = format!(
            "<article><h1>Harbour reopens</h1>{}{other}{}</article>",
            &paragraphs[..paragraphs.len() / 2],
            &paragraphs[paragraphs.len() / 2..]
        );
        assert_eq!(body_of("", &body), want, "{other}");
    }
    // several links after a colon are the sentence's own list
    let towns =
        "<p>Warned: <a href=1>Harrow Bay and its villages</a>, <a href=2>Upper Harrow and the coast</a></p>";
    assert!(
        body_of("", &format!("<article>{paragraphs}{towns}<p>{FIRST}</p></article>"))
            .contains("Upper Harrow")
    );
    let labels = format!("<article>{paragraphs}</article>");
    assert_eq!(
        body_of("", &labels.replace("</article>", "<p>News and more</p><p>Science</p></article>")),
        want
    );
    // a sentence that ends in a link is still a sentence
    let own = "<p>The office had told of it on Monday, and the pilots had asked for <a href=1>a deeper channel for the ships</a></p>";
    assert!(
        body_of("", &format!("<article>{paragraphs}{own}</article>"))
            .contains("deeper channel for the ships")
    );
}

#[test]
fn a_page_built_by_a_script_is_read_from_its_data() {
    let title = "<meta property=og:title content='Harrow Bay reopened'>";
    let data = format!("<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>{FIRST}</p>").replace('<', "\\u003c");
    let script =
        format!("<div id=app></div><script>x.push({{\"a\":\"b\",\"contentHtml\":\"{data}\"}})</script>");
    assert!(body_of(title, &script).starts_with(FIRST), "{}", body_of(title, &script));
    // scripts contain small print, too
    let other = "<meta property=og:title content='Oil falls below eighty'>";
    assert!(!body_of(other, &script).contains(FIRST));
}

#[test]
fn day_and_author_below_a_lead_and_names_of_owners_go() {
    let text = format!(
        "{FIRST}\n\n5 March 2025, 14:30\n\nBy A. Writer\n\n{SECOND}\n\nThe quay © A. Writer\n\n{THIRD}"
    );
    let want = [FIRST, SECOND, THIRD].join("\n\n");
    assert_eq!(super::super::plain::tidy(&text, "", &JUNK), want);
}
