//! The store by itself: order, retries, dead letters, migration, and that nothing is there twice.

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

/// Publishes alerts with one key.
async fn publish(store: &Embedded, ids: impl Iterator<Item = u64>, key: &'static str) {
    for id in ids {
        let work = move |s: &Store| {
            s.publish(&id.to_string(), key.to_owned(), id.to_string().into()).map(Written::Alert)
        };
        store.writes.write(work).await.unwrap();
    }
}

#[tokio::test]
async fn alerts_are_read_while_the_writer_is_busy() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    publish(&store, 1..=3, "country.AZ").await;
    publish(&store, 4..=6, "country.JP").await;
    let (done, busy) = std::sync::mpsc::channel::<()>();
    let write = store.writes.write(move |_| {
        busy.recv().ok();
        Ok(Written::Done)
    });
    let read = async {
        let read = store.alerts_after(1, |keys| keys == "country.JP");
        let page =
            tokio::time::timeout(Duration::from_secs(20), read).await.expect("a read waits for no writer");
        drop(done);
        page.unwrap()
    };
    let (written, page) = tokio::join!(write, read);
    written.unwrap();
    assert_eq!(page.alerts.iter().map(|a| a.number).collect::<Vec<_>>(), [4, 5, 6]);
    assert_eq!(page.reached, 6);
    // a follower that has caught up needs no read at all
    let tail = store.tail();
    assert_eq!(tail.newest(), 6);
    assert!(matches!(tail.after(5), super::super::tail::Next::Alert(a) if a.body == b"6"));
    // an alert that is already there is not published again
    publish(&store, 6..=6, "country.JP").await;
    assert!(matches!(tail.after(6), super::super::tail::Next::None));
}

#[tokio::test]
async fn who_was_away_is_told_what_the_store_keeps_no_more() {
    let folder = tempfile::tempdir().unwrap();
    // of the first thousand the last ten are kept
    let store = open(folder.path());
    publish(&store, 1..=1005, "country.AZ").await;
    let page = store.alerts_after(3, |_| true).await.unwrap();
    assert_eq!((page.gone, page.alerts[0].number, page.reached), (987, 991, 1005));
    let page = store.alerts_after(990, |_| true).await.unwrap();
    assert_eq!((page.gone, page.alerts.len()), (0, 15));
    let before = async |number, most, wanted: &Wanted| {
        let older = store.alerts_before(number, most, Arc::new(wanted.clone())).await.unwrap();
        let numbers: Vec<u64> = older.alerts.iter().map(|alert| alert.number).collect();
        (numbers, older.reached, older.looked_at, older.ended)
    };
    let all = Wanted::default();
    assert_eq!(before(u64::MAX, 3, &all).await, (vec![1005, 1004, 1003], 1003, 3, false));
    assert_eq!(before(993, 3, &all).await, (vec![992, 991], 991, 2, true));
    assert_eq!(before(991, 3, &all).await, (vec![], 991, 0, true));
    let none = Wanted { any: vec![crate::alert::Pattern::new("country.JP")], ..all };
    assert_eq!(before(u64::MAX, 3, &none).await, (vec![], 991, 15, true));
    assert_eq!(store.alert("1000".to_owned()).await.unwrap().unwrap().number, 1000);
    assert!(store.alert("3".to_owned()).await.unwrap().is_none());
    // numbering continues even where no alert is left
    rusqlite::Connection::open(folder.path().join(store::FILE))
        .unwrap()
        .execute("DELETE FROM alerts", [])
        .unwrap();
    let page = store.alerts_after(1000, |_| true).await.unwrap();
    assert_eq!((page.gone, page.reached), (5, 1000));
}

#[tokio::test]
async fn the_place_of_a_time_in_the_log_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = Embedded::open(folder.path(), Keep { alerts: 100_000, ..KEEP }, Delays(Vec::new())).unwrap();
    let at = |minute: u64| Timestamp::from_second(60 * minute.cast_signed()).unwrap();
    for minute in 1..=1500_u64 {
        let body = format!(
            r#"{{"data":{{"title":"","text":"","language":"en","source":{{}},"received_at":"{}"}}}}"#,
            at(minute)
        );
        let work = move |s: &Store| {
            s.publish(&minute.to_string(), "alert".to_owned(), body.into()).map(Written::Alert)
        };
        store.writes.write(work).await.unwrap();
    }
    // all received before are below it, and some more
    for (minute, below) in [(0, 1001), (1, 1001), (100, 1100), (1000, 2000), (9999, 2501)] {
        assert_eq!(store.number_at(at(minute)).await.unwrap(), below, "{minute}");
    }
    let wanted = Wanted { from: Some(at(998)), to: Some(at(1000)), ..Wanted::default() };
    let older = store.alerts_before(2000, 10, Arc::new(wanted)).await.unwrap();
    assert_eq!(older.alerts.iter().map(|a| a.number).collect::<Vec<_>>(), [999, 998]);
    // it ends once everything is long before
    assert!(older.ended && older.reached > 900 && older.reached < 998, "{}", older.reached);
}

#[tokio::test]
async fn a_page_of_the_log_is_bounded_by_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for id in 0..20 {
        let work = move |s: &Store| {
            s.publish(&format!("{id}"), "k".to_owned(), vec![b' '; 100_000]).map(Written::Alert)
        };
        store.writes.write(work).await.unwrap();
    }
    let page = store.alerts_after(0, |_| true).await.unwrap();
    assert_eq!((page.alerts.len(), page.reached), (3, 3));
}

#[tokio::test]
async fn a_store_whose_file_is_gone_takes_nothing_more() {
    for replaced in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        store.accept(article("one")).await.unwrap();
        let mut inbox = store.inbox();
        let (_, one) = body(&mut inbox).await;
        let file = folder.path().join(store::FILE);
        std::fs::rename(&file, folder.path().join("away")).unwrap();
        if replaced {
            std::fs::write(&file, "").unwrap();
        }
        let error = store.accept(article("two")).await.unwrap_err().to_string();
        assert!(error.contains("presswatch.sqlite` was deleted"), "{error}");
        assert!(store.is_lost() && store.ready().await.is_err());
        let soon = Duration::from_secs(20);
        assert!(tokio::time::timeout(soon, inbox.next()).await.unwrap().is_none());
        let settled = tokio::time::timeout(soon, one.receipt.settle(Disposition::Ack)).await.unwrap();
        assert!(settled.is_err());
    }
}

#[tokio::test]
async fn an_article_of_damaged_values_is_dead_and_holds_up_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for text in ["one", "two", "three", "four"] {
        store.accept(article(text)).await.unwrap();
    }
    let raw = rusqlite::Connection::open(folder.path().join(store::FILE)).unwrap();
    raw.execute_batch(
        "UPDATE articles SET body = 'words' WHERE row = 2;
         UPDATE articles SET attempts = 9223372036854775807, due = 0 WHERE row = 3;
         UPDATE articles SET attempts = 1, due = 0, content_type = x'ff' WHERE row = 4",
    )
    .unwrap();
    let mut inbox = store.inbox();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let (text, delivery) = body(&mut inbox).await;
        seen.push((text, delivery.attempts));
        delivery.receipt.settle(Disposition::Retry { error: String::new() }).await.unwrap();
    }
    assert_eq!(seen, [("three".to_owned(), u32::MAX), ("one".to_owned(), 0)]);
    let dead = store.dead_after(0).await.unwrap();
    let mut dead: Vec<_> = dead.iter().map(|d| (d.reason.as_str(), d.body.as_slice())).collect();
    dead.sort_unstable();
    assert_eq!(dead, [("damaged", b"four".as_slice()), ("damaged", b"words")]);
    // the attempt count stays unchanged
    let (text, three) = body(&mut inbox).await;
    assert_eq!((text.as_str(), three.attempts), ("three", u32::MAX));
}

#[tokio::test]
async fn a_damaged_page_holds_up_no_other() {
    for size in [100, 10_000] {
        let folder = tempfile::tempdir().unwrap();
        let store = store::Store::open(folder.path(), KEEP).unwrap();
        for n in 0..300 {
            store.accept(&article(&format!("{n:0size$}")), Timestamp::UNIX_EPOCH).unwrap();
        }
        drop(store);
        let file = folder.path().join(store::FILE);
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2 / 4096 * 4096;
        bytes[middle..middle + 4096].fill(0xff);
        std::fs::write(&file, bytes).unwrap();
        let store = open(folder.path());
        let mut inbox = store.inbox();
        let mut seen = std::collections::BTreeSet::new();
        let mut deliveries = Vec::new();
        let soon = Duration::from_secs(30);
        while !seen.contains("299") {
            let delivery = tokio::time::timeout(soon, inbox.next()).await.expect("not held up").unwrap();
            seen.insert(String::from_utf8_lossy(&delivery.body).trim_start_matches('0').to_owned());
            deliveries.push(delivery);
        }
        // all at once: those next to the damage may stay, and take a few others of their group with them
        let settled = deliveries.into_iter().map(|d| d.receipt.settle(Disposition::Ack));
        let settled =
            tokio::time::timeout(soon, futures_util::future::join_all(settled)).await.expect("not held up");
        let stayed = settled.iter().filter(|s| s.is_err()).count();
        assert!(stayed <= 100, "{size}: {stayed} stayed");
        assert!((260..=300).contains(&seen.len()), "{size}: {}", seen.len());
        assert!(store.ready().await.is_ok());
    }
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
