//! Connections over which each message can be read, for looking at the dead.
//!
//! RabbitMQ takes short strings of any bytes (`message_id`, `content_type`, the name of a header), lapin only UTF-8: one
//! other message breaks its connection, and goes back to the head of the queue, before all that lies behind it. Between
//! the broker and lapin such bytes are replaced here, one by one, so that no length changes. It is done on a socket of
//! this process, since lapin takes no stream of any other kind: a detour that the worker does not take for its speed.

use std::io;
use std::net::Ipv4Addr;

use lapin::tcp::{AMQPUriTcpExt as _, AsyncTcpStream, OwnedTLSConfig};
use lapin::uri::AMQPUri;
use lapin::{BasicProperties, Connection, ConnectionProperties};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_util::compat::FuturesAsyncReadCompatExt as _;

/// Stands for a byte that is not UTF-8: "substitute", which no publisher writes by itself.
const SUBSTITUTE: u8 = 0x1a;

/// Kinds of frames.
const METHOD: u8 = 1;
const HEADER: u8 = 2;

/// Kind, channel and length of a frame.
const FRAME_START: usize = 7;

/// Largest frame that is read: the broker's have 128 KiB unless it is told otherwise.
const FRAME_BYTES: usize = 16 << 20;

/// Class and number of `basic.get-ok`.
const GET_OK: [u8; 4] = [0, 60, 0, 71];

/// Properties of a message in the order of their flags, from the highest bit on.
const PROPERTIES: [Kind; 14] = [
    Kind::Short,    // content_type
    Kind::Short,    // content_encoding
    Kind::Table,    // headers
    Kind::Bytes(1), // delivery_mode
    Kind::Bytes(1), // priority
    Kind::Short,    // correlation_id
    Kind::Short,    // reply_to
    Kind::Short,    // expiration
    Kind::Short,    // message_id
    Kind::Bytes(8), // timestamp
    Kind::Short,    // type
    Kind::Short,    // user_id
    Kind::Short,    // app_id
    Kind::Short,    // cluster_id
];

/// How a property goes over the wire.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Short,
    Table,
    Bytes(usize),
}

/// Connects as lapin would, with what it can't read made readable.
pub(super) async fn connect(
    uri: AMQPUri,
    properties: ConnectionProperties,
    tls: OwnedTLSConfig,
) -> lapin::Result<Connection> {
    let runtime = lapin::runtime::default_runtime()?;
    let connecting = async move |uri: AMQPUri, runtime| {
        let broker = uri.connect_with_config_async(tls.as_ref(), &runtime).await?.compat();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let own = AsyncTcpStream::connect(&runtime, listener.local_addr()?);
        let (own, accepted) = tokio::join!(own, listener.accept());
        let (lapin, _) = accepted?;
        lapin.set_nodelay(true)?;
        #[expect(clippy::disallowed_methods, reason = "it ends with the connection, whose end lapin tells")]
        tokio::spawn(async move {
            let (from_broker, mut to_broker) = tokio::io::split(broker);
            let (mut from_lapin, to_lapin) = lapin.into_split();
            // whoever leaves first ends both
            let ended = tokio::select! {
                ended = pass_on(BufReader::new(from_broker), to_lapin) => ended,
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

/// Whether something was replaced in the short strings of a message.
pub(super) fn was_mended(properties: &BasicProperties) -> bool {
    let has = |text: &str| text.as_bytes().contains(&SUBSTITUTE);
    let names = properties.headers().as_ref().is_some_and(|h| h.inner().keys().any(|k| has(k.as_str())));
    names
        || [
            properties.content_type(),
            properties.content_encoding(),
            properties.correlation_id(),
            properties.reply_to(),
            properties.expiration(),
            properties.message_id(),
            properties.kind(),
            properties.user_id(),
            properties.app_id(),
            properties.cluster_id(),
        ]
        .into_iter()
        .flatten()
        .any(|text| has(text.as_str()))
}

/// Passes frames on until there are no more.
async fn pass_on(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) -> io::Result<()> {
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
        // with the byte that ends it
        frame.resize(FRAME_START + length + 1, 0);
        from.read_exact(&mut frame[FRAME_START..]).await?;
        mend(frame[0], &mut frame[FRAME_START..FRAME_START + length]);
        to.write_all(&frame).await?;
    }
}

/// Replaces in a frame of that kind what is not UTF-8 where lapin asks for it. What ends too early is left as it is:
/// lapin refuses it.
fn mend(kind: u8, payload: &mut [u8]) {
    let mut rest = Rest(payload);
    let _ = match kind {
        HEADER => rest.header(),
        METHOD if rest.0.starts_with(&GET_OK) => rest.get_ok(),
        _ => None,
    };
}

/// What is left of a payload; each method passes over what it reads, and gives none if that ends too early.
struct Rest<'p>(&'p mut [u8]);

impl<'p> Rest<'p> {
    fn take(&mut self, length: usize) -> Option<&'p mut [u8]> {
        let (taken, rest) = std::mem::take(&mut self.0).split_at_mut_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte[0])
    }

    fn long(&mut self) -> Option<usize> {
        let bytes: [u8; 4] = (&*self.take(4)?).try_into().ok()?;
        Some(u32::from_be_bytes(bytes) as usize)
    }

    fn short_string(&mut self) -> Option<()> {
        let length = self.byte()?;
        let mut text = self.take(length.into())?;
        while let Err(error) = std::str::from_utf8(text) {
            let bad = error.valid_up_to();
            // one that is cut off goes up to the end
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
                Kind::Short => self.short_string()?,
                Kind::Table => self.table()?,
                Kind::Bytes(length) => drop(self.take(length)?),
            }
        }
        Some(())
    }

    fn get_ok(&mut self) -> Option<()> {
        // its name, the delivery tag, whether it was delivered before
        self.take(GET_OK.len() + 8 + 1)?;
        self.short_string()?;
        self.short_string()
    }

    /// A table with all that nests in it, without recursion: it may be thousands deep.
    fn table(&mut self) -> Option<()> {
        let length = self.long()?;
        // what is open: how much is left behind its end, and whether it is a table
        let mut open = vec![(self.0.len().checked_sub(length)?, true)];
        while let Some(&(behind, is_table)) = open.last() {
            if self.0.len() <= behind {
                open.pop();
                continue;
            }
            if is_table {
                self.short_string()?;
            }
            let length = match self.byte()? {
                kind @ (b'F' | b'A') => {
                    let length = self.long()?;
                    open.push((self.0.len().checked_sub(length)?, kind == b'F'));
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
        let mut payload = message(b"a\xff\xc3\xa9\xfe\xe2\x82");
        mend(HEADER, &mut payload);
        assert_eq!(payload, message(b"a\x1a\xc3\xa9\x1a\x1a\x1a"));
        let mut good = message("на Баку".as_bytes());
        mend(HEADER, &mut good);
        assert_eq!(good, message("на Баку".as_bytes()));
        let got = |key: &[u8]| [&GET_OK[..], &[0; 9], &short(b"dead"), &short(key), &[0; 4]].concat();
        let mut payload = got(b"\xff");
        mend(METHOD, &mut payload);
        assert_eq!(payload, got(b"\x1a"));
    }

    #[test]
    fn what_ends_too_early_ends_nothing() {
        let table =
            [short(b"x"), b"F".to_vec(), long(&[short(b"y"), b"S\0\0\0\x09".to_vec()].concat())].concat();
        let whole = header((1 << 15) | (1 << 13), &[short(b"\xff"), long(&table)].concat());
        for end in 0..whole.len() {
            mend(HEADER, &mut whole[..end].to_vec());
        }
        mend(METHOD, &mut GET_OK.to_vec());
    }

    #[tokio::test]
    async fn frames_are_passed_on_one_by_one() {
        let frame = |kind: u8, payload: &[u8]| [&[kind, 0, 1][..], &long(payload), &[0xce]].concat();
        let body = frame(3, b"\xff\xfe");
        let came = [frame(HEADER, &header(1 << 7, b"\x01\xff")), body.clone()].concat();
        let mut out = Vec::new();
        pass_on(&came[..], &mut out).await.unwrap();
        assert_eq!(out, [frame(HEADER, &header(1 << 7, b"\x01\x1a")), body].concat());
        // what a server says that speaks another version
        assert!(pass_on(&b"AMQP\0\0\x09\x01"[..], &mut Vec::new()).await.is_err());
    }
}
