//! Tests of watches over an article whose tags are given.

mod advice;
mod changes;
mod index;
mod meaning;

use std::sync::LazyLock;

use super::*;
use crate::article::Source;
use crate::country::Country;
use crate::document::Document;
use crate::knowledge::Knowledge;
use crate::official::{Citation, Official};
use crate::quote::{Kind, Quote, QuoteSpeaker};
use crate::text::{Field, Language};
use crate::topic::Topic;

/// An article with the tags that a test gives it.
struct Given {
    document: Document,
    countries: Vec<Country>,
    topics: Vec<Topic>,
    officials: Vec<Official>,
    quotes: Vec<Quote>,
    story: Story,
}

impl Given {
    fn new(language: &str, title: &str, body: &str) -> Self {
        let source = Source {
            name: Some("Harbour Post".to_owned()),
            domain: Some("harbour.example".to_owned()),
            country: Some("AZ".to_owned()),
        };
        let language = Language::parse(language).unwrap();
        let (title, body) = (title.to_owned(), body.to_owned());
        let document =
            Document::new(title, body, language, None, source, &Knowledge::compiled_in().vocabulary);
        let (countries, topics, officials) = (Vec::new(), Vec::new(), Vec::new());
        Self { document, countries, topics, officials, quotes: Vec::new(), story: Story::default() }
    }

    /// The span of these words in the body.
    fn span(&self, exact: &str) -> Span {
        let raw = &self.document.body.text.raw;
        let at = raw.find(exact).unwrap_or_else(|| panic!("{exact} is not in the body"));
        let start = raw[..at].chars().count() as u32;
        let end = start + exact.chars().count() as u32;
        Span { field: Field::Text, start, end, exact: exact.to_owned() }
    }

    fn article(&self) -> Article<'_> {
        let Self { document, countries, topics, officials, quotes, story } = self;
        let url = Some("https://desk@en.harbour.example:8080/news/1?a=b");
        Article { document, url, countries, topics, officials, quotes, story: *story }
    }

    fn with_country(mut self, code: &str, focus: bool, exact: &str) -> Self {
        let (code, mentions) = (code.to_owned(), vec![self.span(exact)]);
        let country =
            Country { name: code.clone(), code, focus, salience: 0.5, mentions, mentions_left_out: 0 };
        self.countries.push(country);
        self
    }

    fn with_quote(
        mut self,
        exact: &str,
        cue_class: &str,
        speaker: Option<(&str, &str, Option<&str>)>,
    ) -> Self {
        let Span { field, start, end, exact } = self.span(exact);
        let speaker = speaker.map(|(mention, name, official)| QuoteSpeaker {
            mention: self.span(mention),
            name: Some(name.to_owned()),
            official: official.map(str::to_owned),
        });
        let (kind, cue_class) = (Kind::Direct, Some(cue_class.to_owned()));
        self.quotes.push(Quote {
            kind,
            field,
            start,
            end,
            exact,
            cue: None,
            cue_class,
            speaker,
            nested: false,
            confidence: 1.0,
        });
        self
    }
}

/// An article that has one of each.
static PORT: LazyLock<Given> = LazyLock::new(|| {
    let body = "Baku put new tariffs on U.S.-led shippers. Freight rates, however, rose.\n\n\
        \"We reject the tariffs on Iran,\" Ruth Ames said. Policy makers waited. Freight fell; Erdoğan left AT&T in Google+ talks.";
    let mut given = Given::new("en", "Tariffs hit freight", body)
        .with_country("AZ", true, "Baku")
        .with_country("IR", false, "Iran")
        .with_quote(
            "\"We reject the tariffs on Iran,\"",
            "deny",
            Some(("Ruth Ames", "Ruth Ames", Some("ruth-ames"))),
        );
    let evidence = vec![given.span("tariffs")];
    given.topics.push(Topic {
        code: "medtop:20000642".to_owned(),
        name: "economic sanction".to_owned(),
        relevance: 1.0,
        evidence,
        evidence_left_out: 0,
    });
    let mentions = vec![given.span("Ruth Ames")];
    given.officials.push(Official {
        id: None,
        slug: "ruth-ames".to_owned(),
        name: "Ruth Ames".to_owned(),
        office: "US Secretary of State".to_owned(),
        country: Some("US".to_owned()),
        citation: Citation::Quoted,
        mentions,
        mentions_left_out: 0,
    });
    given
});

fn set(queries: &[&str]) -> WatchSet {
    let watch = |(n, when): (usize, &&str)| Watch {
        id: format!("w{n}"),
        name: format!("name {n}"),
        when: (*when).to_owned(),
        ..Watch::default()
    };
    let (set, refused) =
        WatchSet::of(Knowledge::compiled_in().watch_words.clone(), queries.iter().enumerate().map(watch));
    assert_eq!(refused, [], "a query of a test is wrong");
    set
}

fn matches(given: &Given, query: &str) -> bool {
    !set(&[query]).matches(given.article(), &mut Workspace::default()).is_empty()
}
