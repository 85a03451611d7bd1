//! The tags of an article, as watches ask for them.

use super::{Evidence, Person, Said, Speaker, Story, View};
use crate::official::Official;
use crate::quote::Quote;
use crate::text::{Kind, Token, fold};
use crate::watch::key;
use crate::watch::query::TagKind;
use crate::watch::words::{self, Words};

impl<'a> View<'a> {
    pub(super) fn add_tags(&mut self, words: &Words) {
        let article = self.article;
        for (n, country) in (0..).zip(article.countries) {
            self.tags.push((key::tag(TagKind::Mentions, &country.code), Evidence::Country(n)));
            if country.focus {
                self.tags.push((key::tag(TagKind::About, &country.code), Evidence::Country(n)));
            }
        }
        for (n, topic) in (0..).zip(article.topics) {
            let chain = words.chain(&topic.code);
            self.tags.extend(chain.map(|code| (key::tag(TagKind::Topic, code), Evidence::Topic(n))));
        }
        let source = &article.document.source;
        if let Some(country) = &source.country {
            self.tags.push((key::tag(TagKind::From, country), Evidence::None));
        }
        let mut name = String::new();
        fold(source.name.as_deref().unwrap_or_default(), &mut name);
        self.tags.push((key::tag(TagKind::Source, &name), Evidence::None));
        self.tags.push((key::tag(TagKind::Lang, article.document.language.as_str()), Evidence::None));
        let host = article.url.and_then(host);
        for host in [source.domain.as_deref(), host].into_iter().flatten().filter(|h| !h.is_empty()) {
            let host = host.to_lowercase();
            let behind_dots = host.match_indices('.').map(|(at, _)| at + 1);
            for at in std::iter::once(0).chain(behind_dots) {
                self.tags.push((key::tag(TagKind::Site, &host[at..]), Evidence::None));
            }
        }
        let Story { first, copy, update } = article.story;
        for (word, is) in [("first", first), ("copy", copy), ("update", update)] {
            if is {
                self.tags.push((key::tag(TagKind::Is, word), Evidence::None));
            }
        }
        self.people = article.officials.iter().map(person).collect();
        for (n, quote) in (0..).zip(article.quotes) {
            self.add_quote(n, quote);
        }
    }

    fn add_quote(&mut self, number: u32, quote: &'a Quote) {
        let stretch = self.stretch(quote.field, quote.start, quote.end);
        let mut keys = vec![key::tag(TagKind::Kind, kind(quote.kind))];
        keys.extend(quote.cue_class.as_deref().map(|class| key::tag(TagKind::Cue, class)));
        self.tags.extend(keys.iter().map(|key| (*key, Evidence::None)));
        let speaker = quote.speaker.as_ref().map(|s| self.speaker(s.name.as_deref(), s.official.as_deref()));
        if let Some(speaker) = speaker {
            self.speakers[speaker as usize].quotes.push(number);
        }
        self.quotes.push(Said { stretch, speaker, keys });
    }

    /// The number of a speaker, added if new.
    fn speaker(&mut self, name: Option<&'a str>, official: Option<&'a str>) -> u32 {
        let known = self.speakers.iter().position(|s| s.name == name && s.official == official);
        if let Some(known) = known {
            return known as u32;
        }
        let names = name.map_or_else(Vec::new, |name| {
            std::iter::once(key::word(&words::name(name))).chain(official.map(key::word)).collect()
        });
        let officials = (0..).zip(self.article.officials);
        let people = officials.filter(|(_, o)| official == Some(&o.slug)).map(|(n, _)| n).collect();
        self.speakers.push(Speaker { name, official, names, people, quotes: Vec::new() });
        self.speakers.len() as u32 - 1
    }
}

fn kind(kind: crate::quote::Kind) -> &'static str {
    match kind {
        crate::quote::Kind::Direct => "direct",
        crate::quote::Kind::Mixed => "mixed",
        crate::quote::Kind::Indirect => "indirect",
    }
}

fn person(official: &Official) -> Person<'_> {
    let office = crate::text::tokens(&official.office);
    let mut folded = String::new();
    let mut word = |t: &Token| {
        fold(&official.office[t.start as usize..t.end as usize], &mut folded);
        key::word(&folded)
    };
    Person {
        names: vec![key::word(&words::name(&official.name)), key::word(&official.slug)],
        office: office.iter().filter(|t| t.kind != Kind::Mark).map(&mut word).collect(),
        country: official.country.as_deref(),
    }
}

/// The host of a URL, without port and user.
fn host(url: &str) -> Option<&str> {
    let rest = match url.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)) => {
            rest
        }
        _ => url.strip_prefix("//")?,
    };
    let all = rest.split(['/', '?', '#']).next()?;
    let host = all.rsplit('@').next()?;
    match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split(':').next(),
    }
}
