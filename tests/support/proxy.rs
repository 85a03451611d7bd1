//! A TCP proxy in front of the broker that loses confirms or goes silent, as a network does when a host vanishes.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// The connection that faults are for: others get confirms too, but are neither waited for nor counted.
const HIT: &str = "presswatch publish";

/// What happens to a connection once the broker has confirmed enough over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// What the broker sends is dropped from then on; what is sent to it still arrives.
    Deaf,
    /// The connection is cut.
    Cut,
}

/// A running proxy. Its threads end with the test.
#[derive(Debug)]
pub struct Proxy {
    /// The port for clients to connect to.
    pub port: u16,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// The next fault, and after how many confirms on one connection.
    next: Mutex<Option<(u64, Fault)>>,
    /// Faults so far.
    faults: AtomicUsize,
    /// Connections so far.
    count: AtomicUsize,
    /// Connections that publish alerts.
    publishing: Mutex<BTreeSet<usize>>,
    /// Connections with a number below this are silent in both directions.
    silent: AtomicUsize,
}

impl Proxy {
    /// Starts a proxy in front of a port.
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
                std::thread::spawn(move || shared.to_broker(number, from, to));
                let shared = Arc::clone(&own);
                std::thread::spawn(move || shared.to_client(number, server, client));
            }
        });
        Self { port, shared }
    }

    /// The next connection of the publisher to receive this many confirms has a fault, once.
    pub fn after_confirms(&self, confirms: u64, fault: Fault) {
        *self.shared.next.lock().unwrap() = Some((confirms, fault));
    }

    /// Number of faults so far.
    pub fn faults(&self) -> usize {
        self.shared.faults.load(Ordering::SeqCst)
    }

    /// From now on nothing passes over the current connections, in either direction. None is closed.
    pub fn half_open(&self) {
        self.shared.silent.store(self.shared.count.load(Ordering::SeqCst), Ordering::SeqCst);
        self.shared.faults.fetch_add(1, Ordering::SeqCst);
    }
}

impl Shared {
    fn is_silent(&self, number: usize) -> bool {
        number < self.silent.load(Ordering::SeqCst)
    }

    fn to_broker(&self, number: usize, mut client: TcpStream, mut broker: TcpStream) {
        let mut buffer = [0; 16 << 10];
        let mut named = false;
        while let Ok(read @ 1..) = client.read(&mut buffer) {
            // it states its name in its first frame, long before it publishes
            if !named && let Some(name) = name(&buffer[..read]) {
                named = true;
                if name == HIT.as_bytes() {
                    self.publishing.lock().unwrap().insert(number);
                }
            }
            if !self.is_silent(number) && broker.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        let _ = broker.shutdown(Shutdown::Write);
    }

    /// Frame by frame, so that confirms are seen.
    fn to_client(&self, number: usize, mut broker: TcpStream, mut client: TcpStream) {
        let mut deaf = false;
        while let Some(frame) = frame(&mut broker) {
            let confirms = confirms(&frame);
            match self.fault_at(number, confirms) {
                Some(Fault::Deaf) => deaf = true,
                Some(Fault::Cut) => break,
                None => {}
            }
            let swallowed = deaf || self.is_silent(number);
            if !swallowed && client.write_all(&frame).is_err() {
                break;
            }
        }
        let _ = (client.shutdown(Shutdown::Both), broker.shutdown(Shutdown::Both));
    }

    /// Takes the fault that is due.
    fn fault_at(&self, number: usize, confirms: u64) -> Option<Fault> {
        if !self.publishing.lock().unwrap().contains(&number) {
            return None;
        }
        let mut next = self.next.lock().unwrap();
        let (_, fault) = next.take_if(|(after, _)| confirms >= *after)?;
        self.faults.fetch_add(1, Ordering::SeqCst);
        Some(fault)
    }
}

/// The name of a connection, if these bytes contain it among the client's properties.
fn name(bytes: &[u8]) -> Option<&[u8]> {
    const KEY: &[u8] = b"connection_name";
    let value = bytes.windows(KEY.len()).position(|part| part == KEY)? + KEY.len();
    // its type, then its length
    let length = u32::from_be_bytes(bytes.get(value + 1..value + 5)?.try_into().unwrap()) as usize;
    bytes.get(value + 5..value + 5 + length)
}

/// A complete AMQP frame: type, channel, length, that many bytes, an end.
fn frame(from: &mut TcpStream) -> Option<Vec<u8>> {
    let mut head = [0; 7];
    from.read_exact(&mut head).ok()?;
    let length = u32::from_be_bytes(head[3..7].try_into().unwrap()) as usize;
    let mut frame = head.to_vec();
    frame.resize(head.len() + length + 1, 0);
    from.read_exact(&mut frame[head.len()..]).ok()?;
    Some(frame)
}

/// How many messages on its channel a frame confirms: the tag of a `basic.ack` counts them.
fn confirms(frame: &[u8]) -> u64 {
    const METHOD: u8 = 1;
    const BASIC_ACK: [u8; 4] = [0, 60, 0, 80];
    if frame[0] != METHOD || frame.get(7..11) != Some(&BASIC_ACK) {
        return 0;
    }
    u64::from_be_bytes(frame[11..19].try_into().unwrap())
}
