//! Connections over which every message can be read: for listing dead letters, and for the worker after a connection
//! broke.
//!
//! RabbitMQ accepts short strings of any bytes (`message_id`, `content_type`, a header name, the routing key), lapin
//! only UTF-8: a message with others breaks its connection and is requeued at the head of the queue, before everything
//! else in it. Such bytes are replaced here, between the broker and lapin, one by one, so that no length changes. It is
//! done on a socket of this process, since lapin takes no other kind of stream. As that is slower, the worker takes
//! this detour only while it needs it.

use std::collections::HashMap;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use lapin::tcp::{AMQPUriTcpExt as _, AsyncTcpStream, OwnedTLSConfig};
use lapin::uri::AMQPUri;
use lapin::{Connection, ConnectionProperties};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_util::compat::FuturesAsyncReadCompatExt as _;

/// Replaces a byte that is not UTF-8: "substitute", which no publisher writes by itself.
const SUBSTITUTE: u8 = 0x1a;

/// Frame types.
const METHOD: u8 = 1;
const HEADER: u8 = 2;

/// Bytes of a frame's type, channel and length.
const FRAME_START: usize = 7;

/// Largest frame read: the broker's have 128 KiB unless configured otherwise.
const FRAME_BYTES: usize = 16 << 20;

/// Classes and numbers of the methods that announce a message: `basic.get-ok`, `basic.deliver`.
const GET_OK: [u8; 4] = [0, 60, 0, 71];
const DELIVER: [u8; 4] = [0, 60, 0, 60];

/// Properties of a message in the order of their flags, from the highest bit.
const PROPERTIES: [Kind; 14] = [
    Kind::Short("content_type"),
    Kind::Short("content_encoding"),
    Kind::Table,    // headers
    Kind::Bytes(1), // delivery_mode
    Kind::Bytes(1), // priority
    Kind::Short("correlation_id"),
    Kind::Short("reply_to"),
    Kind::Short("expiration"),
    Kind::Short("message_id"),
    Kind::Bytes(8), // timestamp
    Kind::Short("type"),
    Kind::Short("user_id"),
    Kind::Short("app_id"),
    Kind::Short("cluster_id"),
];

/// How long the description of one message may get, in bytes; the last header name may exceed it.
const WORDS: usize = 512;

/// How a property is encoded.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Short(&'static str),
    Table,
    Bytes(usize),
}

/// What lapin could not have read as it came, by delivery tag: only one channel of a connection receives messages.
#[derive(Debug, Clone, Default)]
pub(super) struct Mended(Arc<Mutex<HashMap<u64, String>>>);

impl Mended {
    /// What was replaced in this delivery, in words; `None` if nothing was. Returned once.
    pub fn take(&self, tag: u64) -> Option<String> {
        let what = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&tag)?;
        Some(format!("not UTF-8, with U+001A for each byte that can't be read: {what}"))
    }

    fn note(&self, tag: u64, what: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(tag, what);
    }
}

/// Connects as lapin would; what lapin can't read is made readable and recorded.
pub(super) async fn connect(
    uri: AMQPUri,
    properties: ConnectionProperties,
    tls: OwnedTLSConfig,
    mended: Mended,
) -> lapin::Result<Connection> {
    let runtime = lapin::runtime::default_runtime()?;
    let connecting = async move |uri: AMQPUri, runtime| {
        let broker = uri.connect_with_config_async(tls.as_ref(), &runtime).await?.compat();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let own = AsyncTcpStream::connect(&runtime, listener.local_addr()?);
        let (own, accepted) = tokio::join!(own, listener.accept());
        let (lapin, _) = accepted?;
        lapin.set_nodelay(true)?;
        let mender = Mender::new(mended.clone());
        #[expect(clippy::disallowed_methods, reason = "it ends with the connection, whose end lapin tells")]
        tokio::spawn(async move {
            let (from_broker, mut to_broker) = tokio::io::split(broker);
            let (mut from_lapin, to_lapin) = lapin.into_split();
            // when either side leaves, both end
            let ended = tokio::select! {
                ended = pass_on(BufReader::new(from_broker), to_lapin, mender) => ended,
                ended = tokio::io::copy(&mut from_lapin, &mut to_broker) => ended.map(|_| ()),
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection that makes messages readable has ended");
            }
        });
        Ok(own?)
    };
    Connection::connector(uri, runtime, connecting, properties).await
}

/// Passes on frames until there are no more.
async fn pass_on(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut mender: Mender,
) -> io::Result<()> {
    let mut frame = vec![0; FRAME_START];
    loop {
        frame.truncate(FRAME_START);
        match from.read_exact(&mut frame).await {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            read => read?,
        };
        let length = u32::from_be_bytes([frame[3], frame[4], frame[5], frame[6]]) as usize;
        if length > FRAME_BYTES {
            return Err(io::Error::other(format!("a frame of {length} bytes")));
        }
        // including the byte that ends the frame
        frame.resize(FRAME_START + length + 1, 0);
        from.read_exact(&mut frame[FRAME_START..]).await?;
        mender.mend(frame[0], &mut frame[FRAME_START..FRAME_START + length]);
        to.write_all(&frame).await?;
    }
}

/// Mends frames one by one.
struct Mender {
    mended: Mended,
    /// The tag of the coming message, and what was replaced in the method that announced it.
    coming: Option<(u64, String)>,
}

impl Mender {
    fn new(mended: Mended) -> Self {
        Self { mended, coming: None }
    }

    /// Replaces non-UTF-8 bytes in a frame of that type where lapin requires UTF-8. A truncated frame is left as it is:
    /// lapin refuses it.
    fn mend(&mut self, kind: u8, payload: &mut [u8]) {
        let is = |method: &[u8]| kind == METHOD && payload.starts_with(method);
        let (got, delivered) = (is(&GET_OK), is(&DELIVER));
        if got || delivered {
            let mut rest = Rest { bytes: payload, bad: String::new() };
            self.coming = rest.announced(delivered).map(|tag| (tag, rest.bad));
        } else if kind == HEADER {
            let (tag, bad) = self.coming.take().unzip();
            let mut rest = Rest { bytes: payload, bad: bad.unwrap_or_default() };
            let _ = rest.header();
            if let Some(tag) = tag.filter(|_| !rest.bad.is_empty()) {
                self.mended.note(tag, rest.bad);
            }
        }
    }
}

/// The rest of a payload; each method advances past what it reads, and returns `None` if the payload ends too early.
struct Rest<'p> {
    bytes: &'p mut [u8],
    /// Name and value of everything that was not UTF-8.
    bad: String,
}

impl<'p> Rest<'p> {
    fn take(&mut self, length: usize) -> Option<&'p mut [u8]> {
        let (taken, rest) = std::mem::take(&mut self.bytes).split_at_mut_checked(length)?;
        self.bytes = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte[0])
    }

    fn long(&mut self) -> Option<usize> {
        let bytes: [u8; 4] = (&*self.take(4)?).try_into().ok()?;
        Some(u32::from_be_bytes(bytes) as usize)
    }

    fn short_string(&mut self, name: &str) -> Option<()> {
        let length = self.byte()?;
        let mut text = self.take(length.into())?;
        if std::str::from_utf8(text).is_err() && self.bad.len() < WORDS {
            let comma = if self.bad.is_empty() { "" } else { ", " };
            self.bad.push_str(&format!("{comma}{name} `{}`", in_words(text)));
        }
        while let Err(error) = std::str::from_utf8(text) {
            let bad = error.valid_up_to();
            // a truncated character reaches to the end
            let length = error.error_len().unwrap_or(text.len() - bad);
            text[bad..bad + length].fill(SUBSTITUTE);
            text = &mut text[bad + length..];
        }
        Some(())
    }

    fn header(&mut self) -> Option<()> {
        // class, weight, length of the body
        self.take(2 + 2 + 8)?;
        let flags = u16::from_be_bytes((&*self.take(2)?).try_into().ok()?);
        let is_set = |at: &usize| flags & (1 << (15 - at)) != 0;
        for at in (0..PROPERTIES.len()).filter(is_set) {
            match PROPERTIES[at] {
                Kind::Short(name) => self.short_string(name)?,
                Kind::Table => self.table()?,
                Kind::Bytes(length) => drop(self.take(length)?),
            }
        }
        Some(())
    }

    /// Reads the method that announces a message, which names the consumer if it was `delivered`. Returns the delivery
    /// tag.
    fn announced(&mut self, delivered: bool) -> Option<u64> {
        self.take(GET_OK.len())?;
        if delivered {
            self.short_string("consumer tag")?;
        }
        let tag = u64::from_be_bytes((&*self.take(8)?).try_into().ok()?);
        // the `redelivered` flag
        self.byte()?;
        self.short_string("exchange")?;
        self.short_string("routing key")?;
        Some(tag)
    }

    /// Skips a table with everything nested in it, without recursion: it may be thousands deep.
    fn table(&mut self) -> Option<()> {
        let length = self.long()?;
        // what is open: how many bytes follow its end, and whether it is a table
        let mut open = vec![(self.bytes.len().checked_sub(length)?, true)];
        while let Some(&(behind, is_table)) = open.last() {
            if self.bytes.len() <= behind {
                open.pop();
                continue;
            }
            if is_table {
                self.short_string("name of a header")?;
            }
            let length = match self.byte()? {
                kind @ (b'F' | b'A') => {
                    let length = self.long()?;
                    open.push((self.bytes.len().checked_sub(length)?, kind == b'F'));
                    0
                }
                b'S' | b'x' => self.long()?,
                b't' | b'b' | b'B' => 1,
                b's' | b'u' | b'U' => 2,
                b'I' | b'i' | b'f' => 4,
                b'D' => 5,
                b'l' | b'L' | b'd' | b'T' => 8,
                b'V' => 0,
                _ => return None,
            };
            self.take(length)?;
        }
        Some(())
    }
}

/// Text with its invalid bytes as `\xff`.
fn in_words(text: &[u8]) -> String {
    text.utf8_chunks().map(|part| format!("{}{}", part.valid(), part.invalid().escape_ascii())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(bytes: &[u8]) -> Vec<u8> {
        [&[bytes.len() as u8], bytes].concat()
    }

    fn long(bytes: &[u8]) -> Vec<u8> {
        [&(bytes.len() as u32).to_be_bytes(), bytes].concat()
    }

    fn header(flags: u16, properties: &[u8]) -> Vec<u8> {
        [&[0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2][..], &flags.to_be_bytes(), properties].concat()
    }

    #[test]
    fn only_what_is_not_utf8_in_a_short_string_is_replaced() {
        let headers = |name: &[u8]| {
            let inner = [short(name), b"t\x01".to_vec()].concat();
            let list = [b"S".to_vec(), long(b"\xff"), b"F".to_vec(), long(&inner), b"V".to_vec()].concat();
            let all = [short(b"list"), b"A".to_vec(), long(&list), short(name), b"I\0\0\0\x01".to_vec()];
            long(&all.concat())
        };
        let message = |text: &[u8]| {
            let properties = [short(text), headers(text), b"\x02".to_vec(), short(text)].concat();
            header((1 << 15) | (1 << 13) | (1 << 12) | (1 << 7), &properties)
        };
        let mended = Mended::default();
        let mut mender = Mender::new(mended.clone());
        let got = |key: &[u8]| {
            [&GET_OK[..], &[0, 0, 0, 0, 0, 0, 0, 7, 0], &short(b"dead"), &short(key), &[0; 4]].concat()
        };
        let delivered = |tag: u8, key: &[u8]| {
            let start = [&DELIVER[..], &short(b"me"), &[0, 0, 0, 0, 0, 0, 0, tag, 1]].concat();
            [start, short(b"articles"), short(key)].concat()
        };
        let mut pass = |kind, mut payload: Vec<u8>| {
            mender.mend(kind, &mut payload);
            payload
        };
        assert_eq!(pass(METHOD, got(b"\xff")), got(b"\x1a"));
        let bad = pass(HEADER, message(b"a\xff\xc3\xa9\xfe\xe2\x82"));
        assert_eq!(bad, message(b"a\x1a\xc3\xa9\x1a\x1a\x1a"));
        assert_eq!(pass(METHOD, delivered(8, b"key")), delivered(8, b"key"));
        let good = message("на Баку\u{1a}".as_bytes());
        assert_eq!(pass(HEADER, good.clone()), good);
        assert_eq!(pass(METHOD, delivered(9, b"Qu\xe9bec")), delivered(9, b"Qu\x1abec"));
        pass(HEADER, good);
        let words = mended.take(7).unwrap();
        let name = r"`a\xffé\xfe\xe2\x82`";
        assert!(
            words.contains(&format!(r"routing key `\xff`, content_type {name}, name of a header {name}")),
            "{words}"
        );
        assert_eq!((mended.take(7), mended.take(8)), (None, None));
        assert!(mended.take(9).unwrap().ends_with(r"routing key `Qu\xe9bec`"));
    }

    #[test]
    fn what_ends_too_early_ends_nothing() {
        let table =
            [short(b"x"), b"F".to_vec(), long(&[short(b"y"), b"S\0\0\0\x09".to_vec()].concat())].concat();
        let whole = header((1 << 15) | (1 << 13), &[short(b"\xff"), long(&table)].concat());
        let mut mender = Mender::new(Mended::default());
        for end in 0..whole.len() {
            mender.mend(HEADER, &mut whole[..end].to_vec());
        }
        mender.mend(METHOD, &mut GET_OK.to_vec());
        mender.mend(METHOD, &mut DELIVER.to_vec());
    }

    #[tokio::test]
    async fn frames_are_passed_on_one_by_one() {
        let frame = |kind: u8, payload: &[u8]| [&[kind, 0, 1][..], &long(payload), &[0xce]].concat();
        let body = frame(3, b"\xff\xfe");
        let came = [frame(HEADER, &header(1 << 7, b"\x01\xff")), body.clone()].concat();
        let mut out = Vec::new();
        pass_on(&came[..], &mut out, Mender::new(Mended::default())).await.unwrap();
        assert_eq!(out, [frame(HEADER, &header(1 << 7, b"\x01\x1a")), body].concat());
        // the answer of a server that speaks another version
        let mender = Mender::new(Mended::default());
        assert!(pass_on(&b"AMQP\0\0\x09\x01"[..], &mut Vec::new(), mender).await.is_err());
    }
}
