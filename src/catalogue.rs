//! A directory of routing keys: the countries, topics and officials of the lexicon under all their names, for people
//! who don't know the keys.
//!
//! Names are compared as slugs, so case, diacritics and script do not matter: "Рубио" finds "Marco Rubio".

mod entry;

pub use entry::{Entry, Kind};

use crate::alert::{self, EVERY_ALERT};
use crate::country::gazetteer;
use crate::knowledge::Knowledge;
use crate::language::slug::slug;
use crate::official::holders::Holder;
use crate::text::distance;
use crate::topic::tree::Topic;

/// Mistakes that a name may have and still be suggested.
const MISTAKES: usize = 2;

/// Letters from which a word may have one mistake.
const MISTAKABLE: usize = 4;

/// Most names to suggest for a key that does not exist.
const OFFERED: usize = 3;

/// Why no alert has a key, and which keys may be meant.
#[derive(Debug)]
pub struct Unknown {
    /// The kind of thing that does not exist; `None` if the key is malformed.
    pub kind: Option<Kind>,
    /// Suggested keys with their names.
    pub meant: Vec<(String, Box<str>)>,
}

/// Everything that alerts are tagged with, by name.
#[derive(Debug)]
pub struct Catalogue {
    entries: Vec<Entry>,
}

impl Catalogue {
    /// Builds the catalogue of a lexicon.
    pub fn new(lexicon: &Knowledge) -> Self {
        let mut entries = countries(lexicon);
        entries.extend(topics(lexicon));
        entries.extend(officials(lexicon));
        Self { entries }
    }

    /// Builds a catalogue of the officials alone.
    pub fn of_officials(lexicon: &Knowledge) -> Self {
        Self { entries: officials(lexicon) }
    }

    /// The entries that a query may mean, likeliest first, at most `most`; equally good ones by how `often` they came
    /// up lately.
    pub fn search(&self, text: &str, most: usize, often: impl Fn(&Entry) -> u64) -> Vec<&Entry> {
        self.find(text, |_| true, most, often)
    }

    fn find(
        &self,
        text: &str,
        of: impl Fn(&Entry) -> bool,
        most: usize,
        often: impl Fn(&Entry) -> u64,
    ) -> Vec<&Entry> {
        if !text.contains(char::is_alphanumeric) {
            return Vec::new();
        }
        let wanted = slug(text);
        let mut found: Vec<_> = self
            .entries
            .iter()
            .filter(|entry| of(entry))
            .filter_map(|entry| entry.rank(&wanted).map(|(fit, length)| (fit, entry, length)))
            .map(|(fit, entry, length)| ((fit, u64::MAX - often(entry), entry.kind, length), entry))
            .collect();
        found.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.name.cmp(&other.name)));
        found.into_iter().take(most).map(|(_, entry)| entry).collect()
    }

    /// The topics that a name or code may mean, likeliest first, with their codes.
    pub fn topics(&self, name: &str) -> Vec<(&str, &str)> {
        let found = self.find(name, |entry| entry.kind == Kind::Topic, OFFERED, |_| 0);
        found.into_iter().map(|entry| (entry.code.as_str(), entry.name.as_ref())).collect()
    }

    /// The officials that a name may mean, likeliest first, by slug and name; those whose name is alike if none has it.
    pub fn officials(&self, name: &str) -> Vec<(&str, &str)> {
        let of = |entry: &Entry| entry.kind == Kind::Official;
        let mut found = self.find(name, of, OFFERED, |_| 0);
        if found.is_empty() {
            found = self.alike(name, of);
        }
        found.into_iter().map(|entry| (entry.code.as_str(), entry.name.as_ref())).collect()
    }

    /// What is wrong with a key that no article can get; `None` for a pattern, and for a key that exists.
    pub fn unknown(&self, key: &str) -> Option<Unknown> {
        if key.contains(['*', '#']) || key == EVERY_ALERT {
            return None;
        }
        let of_key = alert::Kind::of(key).filter(|_| key.contains('.'));
        // the lexicon does not know which watches exist
        let of_watch = matches!(of_key, Some(alert::Kind::Watch | alert::Kind::Severity));
        if of_watch && alert::Pattern::new(key).is_possible() {
            return None;
        }
        let kinds = [Kind::Country, Kind::Topic, Kind::Official];
        let kind = kinds.into_iter().find(|kind| of_key.is_some_and(|of| kind.of_keys().contains(&of)));
        let of = |entry: &Entry| kind.is_none_or(|kind| kind == entry.kind);
        if kind.is_some() && self.entries.iter().any(|entry| of(entry) && entry.keys().any(|own| own == key))
        {
            return None;
        }
        let name = key.split_once('.').filter(|_| kind.is_some()).map_or(key, |(_, name)| name);
        let mut found = self.find(name, of, OFFERED, |_| 0);
        if found.is_empty() {
            found = self.alike(name, of);
        }
        let meant = found.into_iter().filter_map(|entry| {
            let same = entry.keys().find(|own| of_key.is_some() && alert::Kind::of(own) == of_key);
            same.or_else(|| entry.keys().next()).map(|key| (key, entry.name.clone()))
        });
        Some(Unknown { kind, meant: meant.collect() })
    }

    /// Entries with a name that differs from the text by a few letters, else those whose name is part of it, as in old
    /// keys ("angus-s-king-jr"), else those of the same last word, if they are few.
    fn alike(&self, text: &str, of: impl Fn(&Entry) -> bool) -> Vec<&Entry> {
        let wanted = slug(text);
        let most = (wanted.len() / MISTAKABLE).min(MISTAKES);
        let near = |entry: &Entry| {
            let names = entry.slugs[..entry.names].iter();
            names.map(|slug| distance(slug, &wanted, most)).min().filter(|distance| *distance <= most)
        };
        let entries = || self.entries.iter().filter(|entry| of(entry));
        let mut found: Vec<_> = entries().filter_map(|entry| near(entry).map(|d| (d, entry))).collect();
        if found.is_empty() {
            let fuller =
                |entry: &&Entry| entry.slugs[..entry.names].iter().any(|slug| has_name(&wanted, slug));
            found.extend(entries().filter(fuller).map(|entry| (most, entry)));
        }
        if found.is_empty() {
            let namesake =
                |entry: &&Entry| entry.slugs[..entry.names].iter().any(|slug| has_surname(slug, &wanted));
            found.extend(entries().filter(namesake).map(|entry| (most, entry)));
            found.truncate(if found.len() > OFFERED { 0 } else { OFFERED });
        }
        found.sort_by_key(|(distance, entry)| (*distance, entry.kind));
        found.into_iter().take(OFFERED).map(|(_, entry)| entry).collect()
    }
}

/// The countries of a lexicon.
fn countries(lexicon: &Knowledge) -> Vec<Entry> {
    let entry = |country: &gazetteer::Country| {
        let mut entry = Entry::new(Kind::Country, &country.name, String::new(), country.code.clone());
        let called = |name: bool| {
            let is = move |kind| matches!(kind, gazetteer::Kind::Country) == name;
            country.called.iter().filter(move |(_, kind)| is(*kind)).map(|(form, _)| form.as_ref())
        };
        entry.also(std::iter::once(country.code.as_str()).chain(called(true)));
        entry.names = entry.slugs.len();
        entry.also(called(false));
        entry
    };
    lexicon.places.countries().iter().map(entry).collect()
}

/// Its topics, with the words that point to them.
fn topics(lexicon: &Knowledge) -> Vec<Entry> {
    let entry = |topic: &Topic| {
        let broader = topic.broader.map(|b| lexicon.topics.topic(b).name.clone());
        let mut entry = Entry::new(Kind::Topic, &topic.name, broader.unwrap_or_default(), topic.code.clone());
        entry.also(topic.code.rsplit(':').take(1));
        entry.names = entry.slugs.len();
        entry
    };
    let mut entries: Vec<Entry> = lexicon.topics.all().iter().map(entry).collect();
    for (topic, word) in lexicon.topics.words() {
        entries[usize::from(*topic)].also(std::iter::once(word.as_ref()));
    }
    entries
}

/// Its holders of office.
fn officials(lexicon: &Knowledge) -> Vec<Entry> {
    let entry = |holder: &Holder| {
        let mut entry = Entry::new(Kind::Official, &holder.name, office(holder), holder.slug.clone().into());
        entry.also(std::iter::once(holder.slug.as_ref()).chain(holder.aliases.iter().map(AsRef::as_ref)));
        entry.names = entry.slugs.len();
        entry
    };
    lexicon.officials.holders().iter().map(entry).collect()
}

/// Whether a name has several words, all of which are in a fuller name.
fn has_name(fuller: &str, name: &str) -> bool {
    name.contains('-') && name.split('-').all(|word| fuller.split('-').any(|other| other == word))
}

/// Whether two full names end in the same word: a surname, or the last word of a longer name.
fn has_surname(slug: &str, wanted: &str) -> bool {
    match (slug.rsplit_once('-'), wanted.rsplit_once('-')) {
        (Some((_, last)), Some((_, other))) => last == other && last.len() >= MISTAKABLE,
        _ => false,
    }
}

/// The latest office, with its country.
fn office(holder: &Holder) -> String {
    let latest = &holder.offices[0];
    let country = latest.country.as_deref();
    country.map_or_else(|| latest.title.to_string(), |country| format!("{}, {country}", latest.title))
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(&Knowledge::compiled_in()));

    fn first(text: &str) -> Option<String> {
        CATALOGUE.search(text, 1, |_| 0).first().and_then(|entry| entry.keys().next())
    }

    #[test]
    fn things_are_found_by_their_names_in_any_language() {
        for (text, key) in [
            ("Azer", "country.AZ"),
            ("russ", "country.RU"),
            ("azərbaycan", "country.AZ"),
            ("Азербайджан", "country.AZ"),
            ("Ադրբեջան", "country.AZ"),
            ("أذربيجان", "country.AZ"),
            ("Allemagne", "country.DE"),
            ("AZ", "country.AZ"),
            ("Kremlin", "country.RU"),
            ("Baku", "country.AZ"),
            ("Рубио", "said.marco-rubio"),
            ("marco rub", "said.marco-rubio"),
            ("economic sanction", "topic.20000642"),
            ("sanctions", "topic.20000642"),
            ("санкции", "topic.20000642"),
            ("20000642", "topic.20000642"),
        ] {
            assert_eq!(first(text).as_deref(), Some(key), "{text}");
        }
        assert_eq!(
            first("санкц").as_deref(),
            Some("topic.20000642"),
            "the beginning of a word, if it is long enough"
        );
        let of_aze = CATALOGUE.search("aze", 50, |_| 0);
        assert!(of_aze.iter().all(|entry| entry.kind != Kind::Topic), "no name of a topic begins so");
        for nothing in ["", " … ", "xyzzyx"] {
            assert_eq!(first(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn what_came_lately_stands_before_what_fits_as_well() {
        let found = |often: fn(&Entry) -> u64| {
            let found = CATALOGUE.search("aliyev", 1, often);
            found.first().map(|entry| entry.code.clone())
        };
        let last = CATALOGUE.search("aliyev", 50, |_| 0).last().map(|entry| entry.code.clone());
        assert_ne!(found(|_| 0), None);
        assert_ne!(found(|_| 0), last);
        assert_eq!(found(|entry| u64::from(&*entry.name == "Ilham Aliyev")).as_deref(), Some("ilham-aliyev"));
    }

    #[test]
    fn a_key_that_there_is_not_is_told_with_those_that_may_be_meant() {
        for (key, kind, meant) in [
            ("said.rubio", Some(Kind::Official), "said.marco-rubio"),
            ("official.marko-rubjo", Some(Kind::Official), "official.marco-rubio"),
            ("said.bernard-sanders", Some(Kind::Official), "said.bernie-sanders"),
            ("said.angus-s-king-jr", Some(Kind::Official), "said.angus-king"),
            ("official.abdulla-nigmatovich-aripov", Some(Kind::Official), "official.abdulla-aripov"),
            ("country.azerbaijan", Some(Kind::Country), "country.AZ"),
            ("mention.Azerbaidjan", Some(Kind::Country), "mention.AZ"),
            ("topic.economic sanction", Some(Kind::Topic), "topic.20000642"),
            ("azerbaijan", None, "country.AZ"),
        ] {
            let unknown = CATALOGUE.unknown(key).unwrap();
            assert_eq!(unknown.kind, kind, "{key}");
            assert!(unknown.meant.iter().any(|(k, _)| k == meant), "{key}: {:?}", unknown.meant);
        }
        for (name, meant) in [
            ("Marko Rubio", "marco-rubio"),
            ("Rubio", "marco-rubio"),
            ("John Rubio", "marco-rubio"),
            ("Марко Рубио", "marco-rubio"),
            ("Ilham Eliyev", "ilham-aliyev"),
        ] {
            let found = CATALOGUE.officials(name);
            assert!(found.iter().any(|(slug, _)| *slug == meant), "{name}: {found:?}");
        }
        assert_eq!(CATALOGUE.officials("Jan Zugzwang"), []);
        let nobody = CATALOGUE.unknown("country.XX").unwrap();
        assert_eq!((nobody.kind, nobody.meant.len()), (Some(Kind::Country), 0));
        for key in ["country.AZ", "mention.*", "#", "alert", "topic.20000642", "said.marco-rubio"] {
            assert!(CATALOGUE.unknown(key).is_none(), "{key}");
        }
    }
}
