//! The log of alerts: read by number and by time, bounded, and without waiting for the writer.

use super::*;
use crate::broker::tail::Next;

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
    assert!(matches!(tail.after(5), Next::Alert(a) if a.body == b"6"));
    // an alert that is already there is not published again
    publish(&store, 6..=6, "country.JP").await;
    assert!(matches!(tail.after(6), Next::None));
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
