//! The id of an article whose event gives none, and the domain that a URL names.

use sha2::{Digest, Sha256};

/// From the URL, else from the content.
pub(super) fn of(url: Option<&str>, title: &str, body: &str) -> String {
    url.map_or_else(|| of_content(title, body), of_url)
}

/// The same for every event of one page; the part behind `#` names a place within it.
fn of_url(url: &str) -> String {
    let page = url.split('#').next().unwrap_or_default();
    digest("url", &[page])
}

/// The same for every event of the same title and body.
pub(super) fn of_content(title: &str, body: &str) -> String {
    digest("text", &[title, body])
}

/// `url-` or `text-` and 32 hexadecimal digits of a SHA-256.
fn digest(kind: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    format!("{kind}-{}", crate::hex(&hash.finalize()[..16]))
}

/// The host of an absolute URL in small letters, without `www.`, user and port.
pub(in crate::article) fn domain(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (host.contains('.') && !host.contains(char::is_whitespace)).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_the_host_without_www() {
        for (url, want) in [
            ("https://www.Example.org/a?b#c", Some("example.org")),
            ("http://user:pass@news.example.org:8080", Some("news.example.org")),
            ("urn:newsml:example.org:1", None),
            ("https://", None),
            ("https://localhost/a", None),
        ] {
            assert_eq!(domain(url).as_deref(), want, "{url}");
        }
    }

    #[test]
    fn an_id_stays_the_same_for_the_same_page() {
        assert_eq!(of(Some("https://a.example/1#x"), "t", "b"), of(Some("https://a.example/1"), "u", "c"));
        assert_ne!(
            of(Some("https://a.example/1?id=2"), "t", "b"),
            of(Some("https://a.example/1?id=3"), "t", "b")
        );
        assert_eq!(of(None, "t", "b"), of_content("t", "b"));
        assert_ne!(of_content("ab", "c"), of_content("a", "bc"));
    }
}
