//! A TCP proxy before the broker that loses confirms or falls silent, as a network does that loses a host without a word.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// The connection whose faults tests ask for: others confirm too, and are neither waited for nor counted.
const HIT: &str = "presswatch publish";

/// What happens to a connection once the broker has confirmed enough over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// What the broker sends is swallowed from then on; what it gets still arrives.
    Deaf,
    /// It is cut.
    Cut,
}

/// A running proxy. Its threads end with the test.
#[derive(Debug)]
pub struct Proxy {
    /// Where clients connect.
    pub port: u16,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// The fault to come, and after how many confirms on one connection.
    next: Mutex<Option<(u64, Fault)>>,
    /// Faults that came.
    faults: AtomicUsize,
    /// Connections so far.
    count: AtomicUsize,
    /// Those that alerts are published over.
    publishing: Mutex<BTreeSet<usize>>,
    /// Connections of an earlier number than this are silent both ways.
    silent: AtomicUsize,
}

impl Proxy {
    /// Starts one before a port.
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

    /// The next connection of the publisher over which the broker confirms so many messages has a fault; one connection,
    /// once.
    pub fn after_confirms(&self, confirms: u64, fault: Fault) {
        *self.shared.next.lock().unwrap() = Some((confirms, fault));
    }

    /// Faults that came so far.
    pub fn faults(&self) -> usize {
        self.shared.faults.load(Ordering::SeqCst)
    }

    /// From now on nothing passes over the connections of this moment, in neither direction. None is closed.
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
            // it tells its name in its first frame, long before it publishes
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

    /// The fault that is due, taken.
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

/// The name of a connection, if these bytes tell it among the client's properties.
fn name(bytes: &[u8]) -> Option<&[u8]> {
    const KEY: &[u8] = b"connection_name";
    let value = bytes.windows(KEY.len()).position(|part| part == KEY)? + KEY.len();
    // its type, its length
    let length = u32::from_be_bytes(bytes.get(value + 1..value + 5)?.try_into().unwrap()) as usize;
    bytes.get(value + 5..value + 5 + length)
}

/// A whole frame of AMQP: type, channel, length, that many bytes, an end.
fn frame(from: &mut TcpStream) -> Option<Vec<u8>> {
    let mut head = [0; 7];
    from.read_exact(&mut head).ok()?;
    let length = u32::from_be_bytes(head[3..7].try_into().unwrap()) as usize;
    let mut frame = head.to_vec();
    frame.resize(head.len() + length + 1, 0);
    from.read_exact(&mut frame[head.len()..]).ok()?;
    Some(frame)
}

/// How many messages of its channel a frame confirms: the tag of a `basic.ack` counts them.
fn confirms(frame: &[u8]) -> u64 {
    const METHOD: u8 = 1;
    const BASIC_ACK: [u8; 4] = [0, 60, 0, 80];
    if frame[0] != METHOD || frame.get(7..11) != Some(&BASIC_ACK) {
        return 0;
    }
    u64::from_be_bytes(frame[11..19].try_into().unwrap())
}
