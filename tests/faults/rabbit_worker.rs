//! The worker is killed, stopped, and hangs.

use super::support::Worker;
use super::support::ledger::{Feed, account, prepare, prepare_owner, settle, short_or_long};
use super::support::rabbit::Rabbit;
use super::support::wait_for;
use super::{FAST, SLOW, count, sleep, work_in_flight, worker};

#[test]
fn killed_again_and_again() {
    let kills = short_or_long(4, 20);
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let feed = Feed::start(&url, FAST / 2);
    for _ in 0..kills {
        let worker = worker(&url);
        let some = f64::from(fastrand::u32(1..400));
        wait_for("alerts", || worker.metric("presswatch_alerts_total") >= some);
        worker.kill();
    }
    let confirmed = feed.finish();
    let worker = worker(&url);
    settle(&rabbit, &worker);
    assert!(worker.stop().0.success());
    account(&url, &["all"]).check("worker killed with SIGKILL", &confirmed, kills);
}

/// An article is finished when its alert and all its notices are confirmed: whichever of them were published before the
/// kill, the rest follow, under the same ids.
#[test]
fn killed_while_owners_are_told() {
    let kills = short_or_long(4, 20);
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    for owner in ["sea", "land"] {
        prepare_owner(&url, owner, owner);
    }
    let folder = tempfile::tempdir().unwrap();
    let watch = |owner: &str| {
        format!("[[watch]]\nid = \"{owner}\"\nowner = \"{owner}\"\nwhen = 'earthquake OR sanctions'\n")
    };
    std::fs::write(folder.path().join("a.toml"), ["sea", "land", "nobody"].map(watch).concat()).unwrap();
    let settings = [("watches.dir", folder.path().to_str().unwrap())];
    let start = || Worker::start_with(&settings, &["--broker-url", &url]);
    let feed = Feed::start(&url, FAST / 4);
    for _ in 0..kills {
        let worker = start();
        let some = f64::from(fastrand::u32(1..400));
        wait_for("alerts", || worker.metric("presswatch_alerts_total") >= some);
        worker.kill();
    }
    let confirmed = feed.finish();
    let worker = start();
    settle(&rabbit, &worker);
    assert!(worker.stop().0.success());
    for queue in ["all", "sea", "land"] {
        account(&url, &[queue]).check(&format!("worker killed, queue {queue}"), &confirmed, kills);
    }
}

/// Each time it finishes what it took and no more: nothing is lost or duplicated.
#[test]
fn stopped_under_load_finishes_what_it_took() {
    let stops = short_or_long(4, 10);
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let feed = Feed::start(&url, FAST);
    for _ in 0..stops {
        let worker = worker(&url);
        work_in_flight(&worker);
        let (status, log) = worker.stop();
        assert!(status.success(), "{log}");
    }
    let confirmed = feed.finish();
    let worker = worker(&url);
    settle(&rabbit, &worker);
    assert!(worker.stop().0.success());
    let account = account(&url, &["all"]);
    account.check("worker stopped with SIGTERM", &confirmed, stops);
    assert_eq!(account.doubled(), 0, "what was finished came again");
}

#[test]
fn one_of_two_hangs() {
    let seconds = short_or_long(8, 60);
    let heartbeat = [("broker.heartbeat", short_or_long("2", "10"))];
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let start = || Worker::start_with(&heartbeat, &["--broker-url", &url]);
    let (one, other) = (start(), start());
    let feed = Feed::start(&url, SLOW);
    feed.more(SLOW);
    work_in_flight(&other);
    other.signal("STOP");
    sleep(seconds);
    other.signal("CONT");
    feed.more(SLOW);
    let confirmed = feed.finish();
    settle(&rabbit, &one);
    settle(&rabbit, &other);
    assert!(count(&other, "presswatch_reconnects_total") >= 1, "the broker never gave it up");
    for worker in [one, other] {
        let (status, log) = worker.stop();
        assert!(status.success(), "{log}");
    }
    account(&url, &["all"]).check("one of two workers hangs (SIGSTOP)", &confirmed, 1);
}
