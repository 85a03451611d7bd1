//! The full page of an item.

use url::Url;

use super::fault::{Fault, Kind, shown};
use super::fetch::{Fetcher, Got, Want};
use super::robots::Robots;
use crate::article::decode;

/// The HTML of a page, if its host permits fetching it.
pub(super) async fn fetch(
    fetcher: &Fetcher,
    robots: &Robots,
    url: &Url,
    bytes: usize,
) -> Result<String, Fault> {
    let want = Want { accept: "text/html, application/xhtml+xml;q=0.9, */*;q=0.1", bytes, ..Want::default() };
    let got = fetcher.get(url, &want, async |url| robots.check(fetcher, url).await).await?;
    let no_page = |what: &str| Fault::new(Kind::NotAFeed, format!("{}: {what}", shown(url)));
    let Got::Body(body) = got else { return Err(no_page("no page came")) };
    let kind = body.content_type.as_deref().and_then(|kind| kind.split(';').next()).unwrap_or("text/html");
    if !matches!(kind.trim().to_ascii_lowercase().as_str(), "text/html" | "application/xhtml+xml") {
        return Err(no_page(&format!("it is `{}`, no page", kind.trim())));
    }
    let text = decode::text(&body.bytes, body.content_type.as_deref());
    text.map(std::borrow::Cow::into_owned).map_err(|error| no_page(&error.to_string()))
}
