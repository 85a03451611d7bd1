//! Why a message is not an article.

/// Why a message is not an article. None of these is transient, so such a message is never retried.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The message is larger than `limits.message_bytes`.
    #[error(
        "message of {bytes} bytes is over the limit of {limit}; raise `limits.message_bytes` or send less"
    )]
    TooLarge {
        /// Size of the message as received.
        bytes: usize,
        /// The limit in force.
        limit: usize,
    },
    /// The message unpacks to more than `limits.unpacked_bytes`.
    #[error("message unpacks to more than {limit} bytes; raise `limits.unpacked_bytes` or send less")]
    UnpacksTooLarge {
        /// The limit in force.
        limit: usize,
    },
    /// An unsupported content encoding, or data that does not match its encoding.
    #[error("content encoding: {0}")]
    BadEncoding(String),
    /// Text in an encoding other than UTF-8.
    #[error("not UTF-8: byte {at} can't be read; convert the message before it is sent")]
    NotUtf8 {
        /// Offset of the first byte that is not UTF-8.
        at: usize,
    },
    /// Neither JSON nor a declared or recognisable text type.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// JSON nested too deep to read.
    #[error("JSON is nested more than {limit} deep; send the article flat")]
    TooDeep {
        /// The most levels allowed.
        limit: usize,
    },
    /// JSON, but not an article event in a known format.
    #[error("not an article event: {0}")]
    WrongSchema(String),
    /// An agency's notice that it withdraws an item, whose text must not be spread as news.
    #[error("the agency has withdrawn this item (`pubstatus` is `{0}`), so it gives no alert")]
    Canceled(String),
    /// Neither title nor body has a letter.
    #[error("no text: neither title nor body has a letter; give a `body` or `html`")]
    NoText,
}

impl DecodeError {
    /// All reasons, for labels of metrics and filters.
    pub const REASONS: [&'static str; 9] = [
        "bad-encoding",
        "canceled",
        "no-text",
        "not-json",
        "not-utf8",
        "too-deep",
        "too-large",
        "unpacks-too-large",
        "wrong-schema",
    ];

    /// The reason as a word from a closed set, for headers and metrics.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too-large",
            Self::UnpacksTooLarge { .. } => "unpacks-too-large",
            Self::BadEncoding(_) => "bad-encoding",
            Self::NotUtf8 { .. } => "not-utf8",
            Self::NotJson(_) => "not-json",
            Self::TooDeep { .. } => "too-deep",
            Self::WrongSchema(_) => "wrong-schema",
            Self::Canceled(_) => "canceled",
            Self::NoText => "no-text",
        }
    }
}
