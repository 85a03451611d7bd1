//! An item of a feed, and how it is recognised later.

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::article::decode;

/// Identifies an item: part of a SHA-256.
pub(super) type Key = [u8; 16];

/// An item as given in the feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Item {
    /// `guid` or `id`, if it has one.
    pub guid: Option<String>,
    /// URL of its page, absolute.
    pub link: Option<Url>,
    /// May contain tags and entities.
    pub title: String,
    /// Its longest text in the feed.
    pub text: String,
    pub published: Option<Timestamp>,
    pub authors: Vec<String>,
    pub language: Option<String>,
}

/// An item with its keys.
#[derive(Debug, Clone)]
pub(super) struct Keyed {
    pub item: Item,
    /// The item is known if any of these is.
    pub keys: Vec<Key>,
    /// The id for its event; `None` if the link provides one, which is the same in all feeds with that link.
    pub id: Option<String>,
    /// Whether no other item has this link.
    pub own_link: bool,
}

/// The items of a feed, each once, with their keys.
///
/// A link identifies an item across feeds, a guid only within its feed. Both are used, since either may change from one
/// reading to the next; but one shared by several items of the feed identifies none of them. An item with neither is
/// identified by its title and text.
pub(super) fn keyed(feed: &Url, items: Vec<Item>) -> Vec<Keyed> {
    let (mut guids, mut links) = (FxHashMap::default(), FxHashMap::default());
    // an item listed twice would share both with itself
    let mut whole = rustc_hash::FxHashSet::default();
    let items: Vec<Item> = items
        .into_iter()
        .filter(|item| whole.insert((item.guid.clone(), item.link.clone(), item.title.clone())))
        .collect();
    for item in &items {
        if let Some(guid) = &item.guid {
            *guids.entry(guid.clone()).or_insert(0_usize) += 1;
        }
        if let Some(link) = &item.link {
            *links.entry(decode::id_of_url(link.as_str())).or_insert(0_usize) += 1;
        }
    }
    let with_keys = |item: Item| {
        let link =
            item.link.as_ref().map(|link| decode::id_of_url(link.as_str())).filter(|link| links[link] == 1);
        let guid = item.guid.as_ref().filter(|guid| guids[*guid] == 1);
        let mut keys = Vec::new();
        keys.extend(link.as_ref().map(|link| key("link", &[link])));
        keys.extend(guid.map(|guid| key("guid", &[feed.as_str(), guid])));
        if keys.is_empty() {
            keys.push(key("text", &[feed.as_str(), &item.title, &item.text]));
        }
        let own_link = link.is_some();
        let id = (!own_link).then(|| format!("feed-{}", crate::hex(&keys[0])));
        Keyed { item, keys, id, own_link }
    };
    let mut out: Vec<Keyed> = Vec::with_capacity(items.len());
    let mut seen = rustc_hash::FxHashSet::default();
    for keyed in items.into_iter().map(with_keys) {
        if seen.insert(keyed.keys.clone()) {
            out.push(keyed);
        }
    }
    out
}

fn key(kind: &str, parts: &[&str]) -> Key {
    let mut hash = Sha256::new();
    for part in [kind].iter().chain(parts) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    let mut out = Key::default();
    out.copy_from_slice(&digest[..16]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(guid: &str, link: &str, title: &str) -> Item {
        Item {
            guid: (!guid.is_empty()).then(|| guid.to_owned()),
            link: Url::parse(link).ok(),
            title: title.to_owned(),
            ..Item::default()
        }
    }

    fn of(items: &[Item]) -> Vec<Keyed> {
        keyed(&Url::parse("https://a.example/feed").unwrap(), items.to_vec())
    }

    fn same(a: &Item, b: &Item) -> bool {
        let (a, b) = (of(std::slice::from_ref(a)), of(std::slice::from_ref(b)));
        a[0].keys.iter().any(|key| b[0].keys.contains(key))
    }

    #[test]
    fn an_item_is_known_by_its_link_or_its_guid() {
        let first = item("4711", "https://a.example/1?utm_source=rss", "Port");
        assert!(same(&first, &item("4712", "https://a.example/1", "Port")), "the guid changed");
        assert!(same(&first, &item("4711", "https://a.example/1-port-deepened", "Port")), "the link changed");
        assert!(!same(&first, &item("4712", "https://a.example/2", "Port")));
        assert!(same(&item("", "", "Port"), &item("", "", "Port")));
        assert!(!same(&item("", "", "Port"), &item("", "", "Harbour")));
    }

    #[test]
    fn what_several_items_share_tells_none_of_them() {
        let home = "https://a.example/";
        let all =
            of(&[item("1", home, "one"), item("2", home, "two"), item("2", "https://a.example/3", "three")]);
        assert_eq!(all.len(), 3);
        assert!(!all[0].own_link && all[0].id.is_some() && all[2].own_link && all[2].id.is_none());
        let keys: rustc_hash::FxHashSet<Key> = all.iter().flat_map(|k| k.keys.clone()).collect();
        assert_eq!(keys.len(), 3, "{all:?}");
        // the same item twice counts once
        assert_eq!(of(&[item("1", home, "one"), item("1", home, "one")]).len(), 1);
    }
}
