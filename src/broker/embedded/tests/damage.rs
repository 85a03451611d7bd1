//! A store whose file is gone or damaged.

use super::*;

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
