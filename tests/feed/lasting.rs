//! Feeds polled for long: through kills, restarts and a broker that goes away.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::rabbit::Rabbit;
use crate::support::web::{Page, Web};
use crate::support::{Worker, events, output, presswatch, wait_for};
use crate::{RSS, feed, item, once, rss, stored, text};

#[test]
fn nothing_is_lost_when_the_program_is_killed_in_the_middle() {
    const ITEMS: usize = 30;
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    let data = folder.path();
    web.put("/robots.txt", Page::new(404, ""));
    for n in 0..ITEMS {
        let page = Page::of("text/html", format!("<p>The full text of page {n}.</p>"));
        web.put(&format!("/page/{n}"), page.waiting(Duration::from_millis(50)));
    }
    let items: String = (0..ITEMS).map(|n| item(&web, n)).collect();
    web.put("/feed", Page::of(RSS, rss(&items)).with("etag", "\"1\""));
    for round in 1..=2 {
        let mut child = feed(data).args(["--full", &web.url("/feed")]).stderr(Stdio::null()).spawn().unwrap();
        let asked = || (0..ITEMS).map(|n| web.requests(&format!("/page/{n}")).len()).sum::<usize>();
        wait_for("some pages", || asked() >= round * 8);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let (said, error, status) = output(feed(data).args(["--once", "--full", &web.url("/feed")]));
    assert_eq!(status, Some(0), "{said}{error}");
    let all = stored(data);
    let urls: BTreeSet<&str> = all.iter().map(|event| text(event, "url")).collect();
    assert_eq!(urls.len(), ITEMS);
    // what was confirmed before a kill is not published again, except what was not remembered yet
    assert!(all.len() <= ITEMS + 2 * 8, "{}", all.len());
    assert!(once(data, &[web.url("/feed")]).0.contains("0 articles published"));
    assert_eq!(web.requests("/feed").last().unwrap().status, 304);
}

#[test]
fn run_with_feeds_is_a_whole_press_watch() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    let data = folder.path().join("data");
    web.put("/feed", Page::of(RSS, rss(&item(&web, 1))));
    web.put("/broken", Page::of(RSS, "<rss"));
    let list = folder.path().join("feeds.opml");
    let outline = |path: &str| format!("<outline xmlUrl='{}'/>", web.url(path));
    std::fs::write(&list, format!("<opml><body>{}{}</body></opml>", outline("/feed"), outline("/broken")))
        .unwrap();
    let settings = [
        ("feeds.private", "127.0.0.1"),
        ("feeds.host_pause", "0"),
        ("feeds.interval", "1"),
        ("data_dir", data.to_str().unwrap()),
    ];
    let start = || Worker::start_with(&settings, &["--feeds", list.to_str().unwrap()]);
    let worker = start();
    let alert = events(&worker.address, "/alerts?key=country.AZ", 0).next().unwrap();
    assert_eq!(alert["data"]["title"], "Sanctions list grows by 1", "{alert}");
    // a second article while it runs
    web.put("/feed", Page::of(RSS, rss(&[item(&web, 2), item(&web, 1)].concat())));
    let second = events(&worker.address, "/alerts?key=country.AZ", 0).nth(1).unwrap();
    assert_eq!(second["data"]["title"], "Sanctions list grows by 2");
    wait_for("the fault to be counted", || {
        worker.metric("presswatch_feed_errors_total{kind=\"not-a-feed\"}") >= 1.0
    });
    assert!((worker.metric("presswatch_feed_items_total{result=\"published\"}") - 2.0).abs() < 0.1);
    assert!((worker.metric("presswatch_feeds{state=\"polled\"}") - 2.0).abs() < 0.1);
    assert!((worker.metric("presswatch_feeds{state=\"failing\"}") - 1.0).abs() < 0.1);
    // another program on the same folder is told what to do
    let (_, error, status) = once(&data, &[web.url("/feed")]);
    assert_eq!(status, Some(1), "{error}");
    assert!(
        error.contains("in use by another presswatch") && error.contains("presswatch run --feeds"),
        "{error}"
    );
    // it ends at once even if a feed hangs
    web.put("/feed", Page::of(RSS, rss("")).waiting(Duration::from_mins(1)));
    let asked = web.requests("/feed").len();
    wait_for("the feed that hangs to be asked", || web.requests("/feed").len() > asked);
    let stopped = Instant::now();
    let (status, log) = worker.stop();
    assert!(status.success() && stopped.elapsed() < Duration::from_secs(5), "{:?}\n{log}", stopped.elapsed());
    assert!(log.contains("a feed could not be polled") && log.contains("/broken"), "{log}");
    // known items are still known after a restart
    web.put("/feed", Page::of(RSS, rss(&[item(&web, 2), item(&web, 1)].concat())));
    let worker = start();
    wait_for("the feed to be read", || worker.metric("presswatch_feed_items_total{result=\"known\"}") >= 2.0);
    assert!(worker.metric("presswatch_feed_items_total{result=\"published\"}") < 0.1);
    assert!(worker.stop().0.success());
}

#[test]
fn articles_of_feeds_are_confirmed_by_rabbitmq() {
    const ITEMS: usize = 40;
    let mut rabbit = Rabbit::start();
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    let data = folder.path();
    let items = |count: usize| rss(&(0..count).map(|n| item(&web, n)).collect::<String>());
    web.put("/feed", Page::of(RSS, items(ITEMS / 2)).with("etag", "\"1\""));
    let url = rabbit.url();
    let broker = ["--broker-url", &url];
    assert_eq!(output(presswatch().arg("topology").args(broker)).2, Some(0));
    let mut child = feed(data).args(broker).arg(web.url("/feed")).stderr(Stdio::null()).spawn().unwrap();
    wait_for("the first articles", || rabbit.messages("presswatch.articles") == ITEMS as u64 / 2);
    // the broker crashes, and returns after the feed has more items
    rabbit.crash();
    web.put("/feed", Page::of(RSS, items(ITEMS)).with("etag", "\"2\""));
    let asked = web.requests("/feed").len();
    wait_for("the feed to be read", || web.requests("/feed").len() > asked);
    rabbit.restart();
    wait_for("all articles", || rabbit.messages("presswatch.articles") >= ITEMS as u64);
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
    let (said, error, status) = output(feed(data).args(broker).args(["--once", &web.url("/feed")]));
    assert_eq!((status, said.contains("0 articles published")), (Some(0), true), "{said}{error}");
    // no broker: reported at once
    rabbit.crash();
    let (_, error, status) = output(feed(data).args(broker).args(["--once", &web.url("/feed")]));
    assert_eq!(status, Some(1));
    assert!(error.contains("can't reach the broker at amqp://") && !error.contains("guest:guest"), "{error}");
}
