//! The store by itself: order, retries, dead letters, migration, and that nothing is there twice.

mod damage;
mod log;

use bytes::Bytes;

use super::inbox::EmbeddedReceipt;
use super::*;
use crate::broker::{Delivery, Disposition, Inbox as _, Reason, Receipt as _};

fn article(text: &str) -> Incoming {
    let body = Bytes::copy_from_slice(text.as_bytes());
    Incoming { body, content_type: None, content_encoding: None, traceparent: None }
}

const KEEP: Keep = Keep { alerts: 10, notices: 10, articles: 10 };

fn open(folder: &Path) -> Embedded {
    Embedded::open(folder, KEEP, Delays(vec![Duration::from_millis(30)])).unwrap()
}

async fn body(inbox: &mut EmbeddedInbox) -> (String, Delivery<EmbeddedReceipt>) {
    let delivery = inbox.next().await.unwrap();
    (String::from_utf8(delivery.body.to_vec()).unwrap(), delivery)
}

#[tokio::test]
async fn articles_come_in_order_and_unsettled_ones_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for text in ["one", "two", "three"] {
        store.accept(article(text)).await.unwrap();
    }
    let mut inbox = store.inbox();
    let (text, first) = body(&mut inbox).await;
    assert_eq!(text, "one");
    first.receipt.settle(Disposition::Ack).await.unwrap();
    let (text, _unsettled) = body(&mut inbox).await;
    assert_eq!(text, "two");
    // as after a crash: a new inbox begins with whatever was never settled
    let (text, _) = body(&mut store.inbox()).await;
    assert_eq!(text, "two");
    assert_eq!(store.waiting().await.unwrap(), 2);
}

#[tokio::test]
async fn a_retry_waits_and_counts() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.accept(article("one")).await.unwrap();
    let mut inbox = store.inbox();
    let (_, first) = body(&mut inbox).await;
    assert_eq!(first.attempts, 0);
    first.receipt.settle(Disposition::Retry { error: "full".to_owned() }).await.unwrap();
    // it does not hold up later articles, and comes once
    store.accept(article("two")).await.unwrap();
    assert_eq!(body(&mut inbox).await.0, "two");
    let (text, again) = body(&mut inbox).await;
    assert_eq!((text.as_str(), again.attempts), ("one", 1));
    let more = tokio::time::timeout(Duration::from_millis(700), inbox.next()).await;
    assert!(more.is_err(), "nothing is handed out twice");
}

#[tokio::test]
async fn the_dead_keep_their_reason_and_can_be_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.accept(article("bad")).await.unwrap();
    let mut inbox = store.inbox();
    let (_, bad) = body(&mut inbox).await;
    let dead = Disposition::Dead { reason: Reason::TAGGER_PANICKED, error: "words".to_owned() };
    bad.receipt.settle(dead).await.unwrap();
    let dead = store.dead_after(0).await.unwrap();
    assert_eq!((dead[0].reason.as_str(), dead[0].error.as_str()), ("tagger-panicked", "words"));
    assert_eq!(dead[0].body, b"bad");
    assert!(
        store.dead_at(dead[0].place).await.unwrap().is_some() && store.dead_at(7).await.unwrap().is_none()
    );
    assert!(store.replay(dead[0].place).await.unwrap());
    assert!(!store.replay(dead[0].place).await.unwrap(), "it is gone");
    assert!(store.dead_after(0).await.unwrap().is_empty());
    assert_eq!(body(&mut inbox).await.0, "bad");
}

#[tokio::test]
async fn the_dead_come_in_pages_and_are_dropped_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let mut inbox = store.inbox();
    for n in 0..250 {
        store.accept(article(&n.to_string())).await.unwrap();
        let dead = Disposition::Dead { reason: Reason::DAMAGED, error: String::new() };
        body(&mut inbox).await.1.receipt.settle(dead).await.unwrap();
    }
    let (mut row, mut pages) = (0, Vec::new());
    loop {
        let page = store.dead_after(row).await.unwrap();
        let Some(last) = page.last() else { break };
        row = last.place;
        pages.push((page.len(), last.behind));
    }
    assert_eq!(pages, [(100, 150), (100, 50), (50, 0)]);
    assert!(store.drop_dead(row).await.unwrap() && !store.drop_dead(row).await.unwrap());
    assert_eq!(store.dead_after(200).await.unwrap().len(), 49);
}

#[tokio::test]
async fn one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let _store = open(folder.path());
    let error = Store::open(folder.path(), KEEP).unwrap_err();
    assert!(matches!(error, StoreError::InUse(_)), "{error}");
}

#[test]
fn an_older_file_is_brought_up_and_a_newer_one_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), KEEP).unwrap();
    drop(store);
    let file = folder.path().join("presswatch.sqlite");
    let raw = rusqlite::Connection::open(&file).unwrap();
    raw.execute_batch(
        "DROP INDEX retries_by_due; DROP TABLE notices; DROP TABLE watch_changes; DROP TABLE unalerted; \
         PRAGMA user_version = 1",
    )
    .unwrap();
    drop(raw);
    drop(Store::open(folder.path(), KEEP).unwrap());
    let raw = rusqlite::Connection::open(&file).unwrap();
    let index: i64 = raw
        .query_row(
            "SELECT count(*) FROM sqlite_master WHERE name IN ('retries_by_due', 'notices', 'watch_changes', 'unalerted')",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert_eq!(index, 4);
    raw.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(raw);
    let error = Store::open(folder.path(), KEEP).unwrap_err().to_string();
    assert!(error.contains("version 99"), "{error}");
}

#[test]
fn an_alert_that_is_there_already_deletes_none() {
    let folder = tempfile::tempdir().unwrap();
    let store = store::Store::open(folder.path(), Keep { alerts: 1000, ..KEEP }).unwrap();
    for n in 0..100 {
        store.publish(&format!("alert-{n}"), "[]".to_owned(), b"{}".to_vec()).unwrap();
    }
    // rows of another table, up to a number at which alerts are pruned
    let now = Timestamp::UNIX_EPOCH;
    for _ in 0..3000 {
        store.accept(&article("one"), now).unwrap();
    }
    assert!(store.publish("alert-0", "[]".to_owned(), b"{}".to_vec()).unwrap().is_none());
    assert_eq!(store.alerts_after(0, &|_| true).unwrap().alerts.len(), 100);
}

#[tokio::test]
async fn articles_without_an_alert_are_kept_the_latest_of_them_and_each_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let keep = async |id: &str, text: &str| {
        let url = Some(format!("https://news.example/{id}"));
        store.keep(Unalerted { id: id.to_owned(), url, body: text.as_bytes().to_vec() }).await;
        // nobody waits for it: it is there with whatever is written next
        store.ready().await.unwrap();
    };
    let read = async |number, most| {
        let page = store.unalerted_before(number, most).await.unwrap();
        let bodies: Vec<String> =
            page.alerts.iter().map(|a| String::from_utf8(a.body.clone()).unwrap()).collect();
        (bodies.join(" "), page.reached, page.ended)
    };
    assert_eq!(read(u64::MAX, 3).await, (String::new(), u64::MAX, true));
    for n in 1..=12 {
        keep(&n.to_string(), &format!("t{n}")).await;
    }
    keep("5", "again").await;
    assert_eq!(read(u64::MAX, 3).await, ("again t12 t11".to_owned(), 11, false));
    assert_eq!(read(11, 20).await, ("t10 t9 t8 t7 t6 t4".to_owned(), 4, true));
    let find = async |name: &str| store.unalerted(name.to_owned()).await.unwrap().map(|a| a.body);
    assert_eq!(find("5").await.as_deref(), Some(&b"again"[..]));
    assert_eq!(find("https://news.example/12").await.as_deref(), Some(&b"t12"[..]));
    assert_eq!((find("1").await, find("").await), (None, None));
    // none of it is among the alerts
    assert!(store.alerts_after(0, |_| true).await.unwrap().alerts.is_empty());
    drop(store);
    let again = open_when_free(folder.path()).await;
    assert_eq!(again.unalerted("12".to_owned()).await.unwrap().map(|a| a.number), Some(12));
}

#[tokio::test]
async fn notices_are_kept_for_their_owner_apart_from_alerts() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let publish = async |owner: &str, n: usize| {
        let keys = vec![RoutingKey::new(crate::alert::Kind::Owner, owner)];
        let (to, id, body) = (Audience::Owner(owner.to_owned()), format!("{owner}-{n}"), format!("{n}"));
        let envelope = Envelope { to, id, r#type: "t", keys, content_type: "c", body: body.into_bytes() };
        assert_eq!(store.publish(&envelope, None).await.unwrap(), None);
    };
    let read = async |owner: &str, after, most| {
        let page = store.notices_of(owner, after, most).await.unwrap();
        let bodies: Vec<String> =
            page.alerts.iter().map(|n| String::from_utf8(n.body.clone()).unwrap()).collect();
        (bodies.join(" "), page.reached, page.gone)
    };
    publish("few", 1).await;
    for n in 1..=25 {
        publish("many", n).await;
        // published again, it is there only once
        publish("many", n).await;
    }
    publish("few", 2).await;
    // numbered separately, and one owner's many don't push out another's few
    assert_eq!(read("few", 0, 10).await, ("1 2".to_owned(), 2, 0));
    assert_eq!(read("few", 1, 10).await, ("2".to_owned(), 2, 0));
    assert_eq!(read("many", 3, 3).await, ("16 17 18".to_owned(), 18, 12));
    assert_eq!(read("many", 25, 3).await, (String::new(), 25, 0));
    assert_eq!(read("many", u64::MAX, 3).await, (String::new(), u64::MAX, 0));
    assert_eq!(read("man", 0, 3).await, (String::new(), 0, 0));
    let page = store.notices_of("few", 0, 1).await.unwrap();
    assert_eq!((page.alerts[0].keys.as_str(), page.alerts[0].id.as_str()), ("owner.few", "1"));
    // none of it is among the alerts
    assert!(store.alerts_after(0, |_| true).await.unwrap().alerts.is_empty());
    assert_eq!((store.tail().newest(), store.alert("few-1".to_owned()).await.unwrap().is_none()), (0, true));
    drop(store);
    let again = open_when_free(folder.path()).await;
    assert_eq!(again.notices_of("few", 0, 10).await.unwrap().alerts.len(), 2);
}

/// The store's thread releases its file a moment after the last handle is dropped.
async fn open_when_free(folder: &Path) -> Embedded {
    for _ in 0..100 {
        if let Ok(store) = Embedded::open(folder, KEEP, Delays(Vec::new())) {
            return store;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the store stays in use");
}
