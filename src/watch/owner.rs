//! Owners of watches: a desk, a customer. Each has tokens that allow it to read or write its own watches.

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::hex;

/// Length of a SHA-256 in hexadecimal.
const DIGEST: usize = 64;

/// Maximum length in bytes of an owner's name: it has to fit into a routing key after the kind.
const LONGEST: usize = 200;

/// What is wrong with an invalid owner name.
pub(super) const NO_OWNER: &str = "is made of other than a to z, 0 to 9, `-`, `_` and `.`, or of more than 200: it is part of \
                                   routing keys";

/// Whether this is a valid name for an owner of watches: notices are published under it.
pub fn is_owner(name: &str) -> bool {
    is_of_keys(name) && name.len() <= LONGEST
}

/// Whether a text is valid at the end of a routing key.
pub(super) fn is_of_keys(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// An owner as written in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// Unique; part of routing keys.
    pub id: String,
    /// Whether bare words in its watches match all their forms.
    #[serde(default)]
    pub forms: bool,
    /// SHA-256, in hexadecimal, of the tokens that may read its watches.
    #[serde(default)]
    pub read: Vec<String>,
    /// The same for the tokens that may write them as well.
    #[serde(default)]
    pub write: Vec<String>,
}

/// What a token allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum May {
    /// To read the owner's watches.
    Read,
    /// To write them as well.
    Write,
}

impl Owner {
    /// What is wrong with it.
    pub fn fault(&self) -> Option<String> {
        if !is_owner(&self.id) {
            return Some(format!("the id {NO_OWNER}"));
        }
        let is_digest = |text: &String| text.len() == DIGEST && text.bytes().all(|b| b.is_ascii_hexdigit());
        self.read.iter().chain(&self.write).find(|text| !is_digest(text)).map(|_| {
            "`read` and `write` take the SHA-256 of tokens, never a token: `presswatch watch token` makes both"
                .to_owned()
        })
    }

    /// What a token allows with its watches.
    pub fn lets(&self, token: &str) -> Option<May> {
        let digest = digest(token);
        let among = |digests: &[String]| digests.iter().any(|known| known.eq_ignore_ascii_case(&digest));
        if among(&self.write) {
            return Some(May::Write);
        }
        among(&self.read).then_some(May::Read)
    }
}

/// What a file holds in place of a token: the token can't be recovered from it.
pub fn digest(token: &str) -> String {
    hex(&Sha256::digest(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_lets_one_do_what_its_list_says() {
        let owner = Owner {
            id: "desk".to_owned(),
            read: vec![digest("look")],
            write: vec![digest("write").to_uppercase()],
            ..Owner::default()
        };
        assert_eq!(owner.fault(), None);
        assert_eq!(owner.lets("look"), Some(May::Read));
        assert_eq!(owner.lets("write"), Some(May::Write));
        assert_eq!(owner.lets(""), None);
        assert_eq!(owner.lets(&digest("look")), None, "what stands in the file is no token");
        let plain = Owner { id: "desk".to_owned(), read: vec!["secret".to_owned()], ..Owner::default() };
        assert!(plain.fault().is_some_and(|told| told.contains("SHA-256")));
        assert!(Owner { id: "a desk".to_owned(), ..Owner::default() }.fault().is_some());
    }
}
