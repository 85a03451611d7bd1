//! A TCP proxy before the broker that can fall silent, as a network does that loses a host without a word.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What a proxy does with the connections that it has.
#[derive(Debug, Default)]
pub struct Proxy {
    /// Where clients connect.
    pub port: u16,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Connections of an earlier number than this get nothing more from the broker.
    deaf: AtomicUsize,
    /// Nor does the broker get anything from them.
    dumb: AtomicBool,
    count: AtomicUsize,
}

impl Proxy {
    /// Starts one before a port. Its threads end with the test.
    pub fn before(broker: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(("127.0.0.1", broker)) else { continue };
                let number = own.count.fetch_add(1, Ordering::SeqCst);
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let shared = Arc::clone(&own);
                std::thread::spawn(move || {
                    pump(from, to, || {
                        shared.deaf.load(Ordering::SeqCst) > number && shared.dumb.load(Ordering::SeqCst)
                    });
                });
                let shared = Arc::clone(&own);
                std::thread::spawn(move || {
                    pump(server, client, || shared.deaf.load(Ordering::SeqCst) > number);
                });
            }
        });
        Self { port, shared }
    }

    /// From now on, the connections of this moment get nothing from the broker; with `both`, the broker gets nothing
    /// from them either. None is closed.
    pub fn silence(&self, both: bool) {
        self.shared.dumb.store(both, Ordering::SeqCst);
        self.shared.deaf.store(self.shared.count.load(Ordering::SeqCst), Ordering::SeqCst);
    }
}

fn pump(mut from: TcpStream, mut to: TcpStream, swallow: impl Fn() -> bool) {
    let mut buffer = [0; 16 << 10];
    while let Ok(read) = from.read(&mut buffer) {
        if read == 0 {
            break;
        }
        if !swallow() && to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
