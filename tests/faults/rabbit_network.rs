//! The network loses confirms, cuts connections, and goes silent.

use super::support::ledger::{Feed, account, prepare, settle, short_or_long};
use super::support::proxy::{Fault, Proxy};
use super::support::rabbit::Rabbit;
use super::support::{Worker, wait_for};
use super::{SLOW, count};

/// Confirms that never arrive, a connection cut between them, and a peer that vanishes without a word. The heartbeat
/// detects the silence; what was not confirmed is published again under the same id.
#[test]
fn loses_confirms_and_falls_silent() {
    let rounds = short_or_long(1, 4);
    let heartbeat = [("broker.heartbeat", short_or_long("2", "10"))];
    let rabbit = Rabbit::start();
    let url = rabbit.url();
    prepare(&url);
    let proxy = Proxy::before(rabbit.port());
    let worker = Worker::start_with(&heartbeat, &["--broker-url", &rabbit.url_at(proxy.port)]);
    let feed = Feed::start(&url, SLOW);
    for _ in 0..rounds {
        for fault in [Some(Fault::Deaf), Some(Fault::Cut), None] {
            feed.more(SLOW);
            let (faults, reconnects) = (proxy.faults(), count(&worker, "presswatch_reconnects_total"));
            match fault {
                Some(fault) => proxy.after_confirms(fastrand::u64(20..200), fault),
                None => proxy.half_open(),
            }
            wait_for("the fault", || proxy.faults() > faults);
            wait_for("the reconnect", || count(&worker, "presswatch_reconnects_total") > reconnects);
            wait_for("the worker", || worker.get("/readyz").is_some_and(|(status, _)| status == 200));
        }
    }
    feed.more(SLOW);
    let confirmed = feed.finish();
    settle(&rabbit, &worker);
    let (status, log) = worker.stop();
    assert!(status.success(), "{log}");
    let account = account(&url, &["all"]);
    account.check("confirms lost, connections cut and half open", &confirmed, proxy.faults());
    assert!(account.doubled() > 0, "no confirm was lost: the test tests nothing");
}
