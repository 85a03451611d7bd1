//! The id of an article whose event gives none, and the domain of a URL.

use sha2::{Digest, Sha256};

/// The id from the URL, else from the content.
pub(super) fn of(url: Option<&str>, title: &str, body: &str) -> String {
    url.map_or_else(|| of_content(title, body), of_url)
}

/// The id of an article with this URL, the same for every event of one page. The fragment, the case of the host and
/// tracking parameters make no difference.
pub fn of_url(url: &str) -> String {
    let page = url.trim().split('#').next().unwrap_or_default();
    let (address, query) = page.split_once('?').map_or((page, None), |(a, q)| (a, Some(q)));
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let host = rest.find('/').unwrap_or(rest.len());
    let mut one = match scheme {
        "" => address.to_owned(),
        _ => format!(
            "{}://{}{}",
            scheme.to_ascii_lowercase(),
            rest[..host].to_ascii_lowercase(),
            &rest[host..]
        ),
    };
    let kept = query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !counts_readers(pair));
    for (at, pair) in kept.enumerate() {
        one.push(if at == 0 { '?' } else { '&' });
        one.push_str(pair);
    }
    digest("url", &[&one])
}

/// Whether a parameter tracks the link or campaign that a reader came from.
fn counts_readers(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
    name.starts_with("utm_")
        || name.starts_with("at_")
        || name.starts_with("mtm_")
        || name.starts_with("pk_")
        || matches!(
            name.as_str(),
            "fbclid"
                | "gclid"
                | "dclid"
                | "gbraid"
                | "wbraid"
                | "yclid"
                | "ysclid"
                | "msclkid"
                | "twclid"
                | "ttclid"
                | "igshid"
                | "mc_cid"
                | "mc_eid"
                | "_openstat"
                | "cmpid"
                | "ocid"
                | "ito"
                | "smid"
                | "xtor"
                | "wt_mc"
                | "_ga"
                | "_gl"
                | "ref_src"
                | "guccounter"
                | "__twitter_impression"
        )
}

/// The same for every event with the same title and body.
pub(super) fn of_content(title: &str, body: &str) -> String {
    digest("text", &[title, body])
}

/// `url-` or `text-` and the first 32 hexadecimal digits of a SHA-256.
fn digest(kind: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    format!("{kind}-{}", crate::hex(&hash.finalize()[..16]))
}

/// The host of an absolute URL in lower case, without `www.`, user and port.
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
        for same in [
            "https://a.example/1?utm_source=x&utm_medium=y",
            "HTTPS://A.Example/1",
            "https://a.example/1?fbclid=q#top",
            "https://a.example/1?",
        ] {
            assert_eq!(of_url(same), of_url("https://a.example/1"), "{same}");
        }
        assert_eq!(of_url("https://a.example/1?id=2&gclid=3"), of_url("https://a.example/1?id=2"));
        assert_ne!(of_url("https://a.example/News"), of_url("https://a.example/news"));
        assert_eq!(of(None, "t", "b"), of_content("t", "b"));
        assert_ne!(of_content("ab", "c"), of_content("a", "bc"));
    }
}
