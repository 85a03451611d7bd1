//! The embedded store: killed at random points, with a full disk, with a file from an older version, with its file
//! deleted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::support::articles::event;
use super::support::ledger::{report, short_or_long};
use super::support::{Worker, events, output, post, presswatch, wait_for};
use super::{count, sleep};

/// Posts numbered articles, each until it is accepted.
struct Poster {
    /// Address of the current worker.
    address: Mutex<String>,
    stop: AtomicBool,
    next: AtomicUsize,
    taken: AtomicUsize,
    /// Responses that refused an article, with the count of each.
    refused: Mutex<BTreeMap<String, usize>>,
}

impl Poster {
    /// Posts from several threads while `faults` happen; returns the number of accepted articles, which are all from 0
    /// on.
    fn post_during(worker: Worker, faults: impl FnOnce(&Self, Worker) -> Worker) -> (Worker, Self, usize) {
        let poster = Self {
            address: Mutex::new(worker.address.clone()),
            stop: AtomicBool::new(false),
            next: AtomicUsize::new(0),
            taken: AtomicUsize::new(0),
            refused: Mutex::default(),
        };
        let worker = std::thread::scope(|scope| {
            for _ in 0..64 {
                scope.spawn(|| poster.post());
            }
            let worker = faults(&poster, worker);
            poster.stop.store(true, Ordering::SeqCst);
            worker
        });
        let taken = poster.next.load(Ordering::SeqCst);
        (worker, poster, taken)
    }

    fn post(&self) {
        while !self.stop.load(Ordering::SeqCst) {
            let body = event(self.next.fetch_add(1, Ordering::SeqCst)).to_string();
            loop {
                let address = self.address.lock().unwrap().clone();
                match post(&address, body.as_bytes()) {
                    Some((202, _)) => break,
                    Some((_, answer)) => *self.refused.lock().unwrap().entry(answer).or_default() += 1,
                    None => {}
                }
                std::thread::sleep(Duration::from_millis(50));
            }
            self.taken.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }
}

/// Reads the alerts of a worker until there is one for each article from 0 to `articles`; returns all ids of each.
fn alerts(worker: &Worker, articles: usize) -> BTreeMap<usize, Vec<String>> {
    let mut alerts: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for alert in events(&worker.address, "/alerts", 0) {
        let number = alert["subject"].as_str().unwrap().strip_prefix("article-").unwrap().parse().unwrap();
        alerts.entry(number).or_default().push(alert["id"].as_str().unwrap().to_owned());
        if alerts.len() == articles {
            break;
        }
    }
    assert_eq!(alerts.keys().copied().collect::<Vec<_>>(), (0..articles).collect::<Vec<_>>());
    alerts
}

fn check(case: &str, alerts: &BTreeMap<usize, Vec<String>>, faults: usize) {
    let doubled = alerts.values().filter(|ids| ids.len() > 1).count();
    report(case, alerts.len(), faults, 0, doubled, 0);
    assert_eq!(doubled, 0, "{case}: the store holds an alert twice");
}

#[test]
fn killed_at_random_points() {
    let kills = short_or_long(5, 40);
    let folder = tempfile::tempdir().unwrap();
    let start = || Worker::start(&["--data-dir", folder.path().to_str().unwrap()]);
    let (worker, _, taken) = Poster::post_during(start(), |poster, mut worker| {
        for _ in 0..kills {
            std::thread::sleep(Duration::from_millis(fastrand::u64(1..700)));
            worker.kill();
            worker = start();
            poster.address.lock().unwrap().clone_from(&worker.address);
        }
        let some = poster.taken() + 100;
        wait_for("articles to be taken", || poster.taken() >= some);
        worker
    });
    check("store killed with SIGKILL", &alerts(&worker, taken), kills);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
}

/// A worker whose store is on a disk of its own, of this many megabytes. Only the worker sees the mount, which
/// disappears with it.
fn start_on_disk(folder: &Path, megabytes: usize) -> Worker {
    let mut command = Command::new("unshare");
    if !is_root() {
        command.arg("--map-root-user");
    }
    let script = "mount -t tmpfs -o size=$1m presswatch \"$2\" && shift 2 && exec \"$@\"";
    command.args(["--mount", "sh", "-c", script, "sh", &megabytes.to_string()]).arg(folder);
    command.arg(presswatch().get_program());
    Worker::start_by(command, &["--data-dir", folder.to_str().unwrap()])
}

/// Enlarges the worker's disk.
fn grow_disk(worker: &Worker, folder: &Path, megabytes: usize) {
    let mut command = Command::new("nsenter");
    command.args(["--target", &worker.id().to_string(), "--mount"]);
    if !is_root() {
        command.args(["--user", "--preserve-credentials"]);
    }
    command.args(["mount", "-o", &format!("remount,size={megabytes}m")]).arg(folder);
    assert!(command.status().unwrap().success());
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

/// What does not fit is refused, so that its sender keeps it; what was accepted is processed once there is room again,
/// by the same process.
#[test]
fn the_disk_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let worker = start_on_disk(folder.path(), short_or_long(4, 16));
    let (worker, poster, taken) = Poster::post_during(worker, |poster, worker| {
        wait_for("an article to be refused", || {
            poster.refused.lock().unwrap().values().sum::<usize>() >= 100
        });
        // it stays alive meanwhile
        sleep(short_or_long(1, 10));
        assert!(worker.get("/metrics").is_some());
        grow_disk(&worker, folder.path(), 256);
        let some = poster.taken() + 500;
        wait_for("articles to be taken", || poster.taken() >= some);
        worker
    });
    let refused = poster.refused.lock().unwrap();
    assert!(refused.keys().all(|why| why.contains("full")), "{refused:?}");
    let not_written = "presswatch_confirms_total{result=\"nack\"}";
    assert!(count(&worker, not_written) > 0, "none was in work when the disk became full");
    wait_for("all to be alerted", || count(&worker, "presswatch_alerts_total") >= taken);
    let case = format!("store's disk full ({} refusals)", refused.values().sum::<usize>());
    check(&case, &alerts(&worker, taken), 1);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
}

/// A file that an older version left behind, with articles, alerts and dead letters.
#[test]
fn the_file_is_of_an_older_version() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let old = rusqlite::Connection::open(folder.path().join("presswatch.sqlite")).unwrap();
    old.execute_batch(include_str!("store_v1.sql")).unwrap();
    for n in 0..300 {
        // a third was tried before
        old.execute(
            "INSERT INTO articles (body, attempts, first_seen, due) VALUES (?1, ?2, '2026-05-01T00:00:00Z', 0)",
            rusqlite::params![event(n).to_string().into_bytes(), i64::from(n % 3 == 0)],
        )
        .unwrap();
    }
    old.close().unwrap();
    let worker = Worker::start(&["--data-dir", data]);
    for n in 300..400 {
        wait_for("an article to be taken", || worker.post(event(n).to_string().as_bytes()) == Some(202));
    }
    let mut found = BTreeMap::new();
    for alert in events(&worker.address, "/alerts", 0).take(401) {
        let came = alert["data"]["received_at"].as_str().unwrap_or_default();
        // when they arrived, not when they were tagged
        let before = alert["subject"]
            .as_str()
            .unwrap()
            .strip_prefix("article-")
            .is_some_and(|n| n.parse::<usize>().unwrap() < 300);
        assert_eq!(came.starts_with("2026-05-01T00:00:00"), before, "{alert}");
        *found.entry(alert["subject"].as_str().unwrap().to_owned()).or_insert(0) += 1;
    }
    assert_eq!(found.remove("from-before"), Some(1), "the alert that was there");
    let want: BTreeSet<String> = (0..400).map(|n| format!("article-{n}")).collect();
    assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), want);
    report("store of an older version", 400, 1, 0, found.values().filter(|n| **n > 1).count(), 1);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    let (list, error, status) = output(presswatch().args(["dead", "list", "--data-dir", data]));
    assert_eq!(status, Some(0), "{error}");
    assert!(list.contains("not-json"), "{list}");
}

/// A worker whose file is deleted refuses articles, which would go to a file that no one finds again, and exits.
#[test]
fn the_file_is_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let worker = Worker::start(&["--data-dir", folder.path().to_str().unwrap()]);
    wait_for("an article to be taken", || worker.post(event(0).to_string().as_bytes()) == Some(202));
    for file in std::fs::read_dir(folder.path()).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    let taken = worker.post(event(1).to_string().as_bytes());
    assert!(taken != Some(202), "an article was taken into nowhere");
    wait_for("the worker to leave", || worker.get("/livez").is_none());
    let (status, log) = worker.stop();
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(log.contains("presswatch.sqlite") && log.contains("was deleted"), "{log}");
}
