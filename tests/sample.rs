//! The scraped page that presswatch was first asked to read; it is kept next to the project where it is developed.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use presswatch::article::decode::{Limits, Message};
use presswatch::knowledge::Knowledge;
use presswatch::official::Citation;
use presswatch::pipeline::Pipeline;
use presswatch::tagging::Tagged;

fn tagged() -> (Tagged, Pipeline) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples/caliber_2025-04-15.txt");
    let page = std::fs::read(path).unwrap();
    let pipeline = Pipeline::new(Knowledge::compiled_in(), Limits::default());
    let message = Message { body: &page, content_type: Some("text/plain"), ..Message::default() };
    (pipeline.tag(message).unwrap(), pipeline)
}

#[test]
#[cfg_attr(not(evaluation_sets), ignore = "the sample is not on this machine")]
fn the_page_around_the_article_is_gone() {
    let (got, _) = tagged();
    assert!(got.title.starts_with("Thirty-six “lost” congress members"), "{}", got.title);
    for junk in ["twitter", "Views: 129", "copy link", "Any use of materials", "Ссылка скопирована"]
    {
        assert!(!got.text.contains(junk), "{junk} is left");
    }
    assert!(got.text.starts_with("Thirty-six U.S. congress members"), "{}", got.text);
    assert!(got.text.trim_end().ends_with("Velizade concluded."));
    assert_eq!(got.text.split_whitespace().count(), 837);
    assert_eq!(got.language, "en");
    assert_eq!(got.published_at.unwrap().to_string(), "2025-04-15T11:42:00Z");
}

#[test]
#[cfg_attr(not(evaluation_sets), ignore = "the sample is not on this machine")]
fn countries_and_topics_are_those_of_the_story() {
    let (got, pipeline) = tagged();
    let focus: Vec<&str> = got.countries.iter().filter(|c| c.focus).map(|c| c.code.as_str()).collect();
    for code in ["AZ", "US", "AM"] {
        assert!(focus.contains(&code), "{code} is not in focus: {focus:?}");
    }
    for code in ["RU", "IL"] {
        assert!(got.countries.iter().any(|c| c.code == code), "{code} is not mentioned");
    }
    for code in ["medtop:20000642", "medtop:20000592", "medtop:20000080", "medtop:20000638"] {
        let holds = got.topics.iter().any(|t| pipeline.lexicon.topic_and_parents(&t.code).any(|c| c == code));
        assert!(holds, "{code} is not among {:?}", got.topics.iter().map(|t| &t.code).collect::<Vec<_>>());
    }
}

#[test]
#[cfg_attr(not(evaluation_sets), ignore = "the sample is not on this machine")]
fn officials_are_named_and_experts_speak() {
    let (got, _) = tagged();
    for (name, country) in [("Marco Rubio", "US"), ("Donald Trump", "US"), ("Ilham Aliyev", "AZ")] {
        let official = got.officials.iter().find(|o| o.name == name);
        let official = official.unwrap_or_else(|| panic!("{name} is missing: {:?}", got.officials));
        assert_eq!(official.country.as_deref(), Some(country));
        assert_ne!(official.citation, Citation::Quoted, "{name}");
    }
    assert!(got.officials.iter().all(|o| !o.name.contains("Poloskova") && !o.name.contains("Velizade")));
    // by position, since no text of the article is kept here: the two long statements, each spanning several paragraphs
    let paragraphs: Vec<&str> = got.text.split('\n').filter(|p| !p.trim().is_empty()).collect();
    assert_eq!(paragraphs.len(), 15);
    for (at, speaker) in [(6..=8, "Tatyana Poloskova"), (10..=14, "Ilgar Velizade")] {
        for paragraph in &paragraphs[at] {
            let words: String = paragraph.chars().skip(30).take(60).collect();
            let quote = got.quotes.iter().find(|q| q.exact.contains(&words));
            let name = quote.and_then(|q| q.speaker.as_ref()).and_then(|s| s.name.as_deref());
            assert_eq!(name, Some(speaker), "{words}");
        }
    }
}
