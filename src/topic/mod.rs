//! Which IPTC Media Topics an article is about.
//!
//! Two kinds of evidence: handwritten rules, which sum the weights of words, and linear models learnt from news whose
//! topics were assigned by editors. [`weigh`] adds both up.

pub mod tree;
mod weigh;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::{Document, is_zero, spans};
use crate::text::Span;
use crate::topic::tree::Topics;

/// A topic of the article.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Topic {
    /// `medtop:20000642`, or an operator's own `x:…`.
    pub code: String,
    /// In English.
    pub name: String,
    /// 0 to 1.
    pub relevance: f32,
    /// The words that it was found by.
    pub evidence: Vec<Span>,
    /// How many more there are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub evidence_left_out: u32,
}

/// Finds the most specific topics that hold, most relevant first.
pub fn tag(document: &Document, topics: &Topics) -> Vec<Topic> {
    let weighed = weigh::Weighed::new(document, topics);
    let mut found: Vec<(u16, f32)> = weighed.believed();
    // a broader topic adds nothing to a narrower one; its likelihood goes to the strongest of those
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let all = found.clone();
    let narrower = |broad: u16| move |(t, _): &(u16, f32)| topics.chain(*t).skip(1).any(|b| b == broad);
    found.retain(|(t, _)| !all.iter().any(narrower(*t)));
    for (broad, relevance) in all {
        if let Some((_, own)) = found.iter_mut().find(|(t, r)| narrower(broad)(&(*t, *r))) {
            *own = own.max(relevance);
        }
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    found
        .into_iter()
        .map(|(index, relevance)| {
            let topic = topics.topic(index);
            let (evidence, evidence_left_out) = spans(weighed.evidence(index).iter(), document);
            Topic {
                code: topic.code.clone(),
                name: topic.name.clone(),
                relevance: (weighed.calibrated(relevance) * 100.0).round() / 100.0,
                evidence,
                evidence_left_out,
            }
        })
        .collect()
}

/// Why a topic was or was not found: what each word contributed, what was needed, what the models say.
pub fn explain(document: &Document, topics: &Topics, topic: u16) -> String {
    weigh::Weighed::new(document, topics).explain(topic)
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};
    use std::sync::LazyLock;

    use super::*;
    use crate::article::Source;
    use crate::files::Files;
    use crate::knowledge::Knowledge;
    use crate::text::Language;

    const TREE: &str = "01\tculture\n02\tpolitics\n03\tsanctions\t02\n";
    const RULES: &str = r#"
[[topic]]
code = "03"
en = "sanctions*3 | embargo*3 | OFAC*4"
unless = "sanctioned by the league"

[[topic]]
code = "x:drones"
name = "drones"
broader = "02"
least = 2
en = "drone | unmanned aircraft*3"
ru = "беспилотник*3"
"#;
    static LEXICON: LazyLock<Knowledge> = LazyLock::new(|| {
        let mut files = Files::none();
        files.put("topics/tree.tsv", TREE);
        files.put("topics/rules.toml", RULES);
        files.put(
            "topics/learnt_sections_en.tsv",
            "(bias)\t01=-2.0\t02=-2.0\nopera\t01=9.0\t02=-3.0\nsenate\t02=9.0\n",
        );
        for (_, path, source) in Files::default().of_languages("language.toml") {
            files.put(path.to_owned(), source.to_owned());
        }
        Knowledge::parse(&files).unwrap()
    });

    fn document(language: &str, title: &str, body: &str) -> Document {
        let language = Language::parse(language).unwrap();
        Document::new(
            title.to_owned(),
            body.to_owned(),
            language,
            None,
            Source::default(),
            &LEXICON.vocabulary,
        )
    }

    fn found(language: &str, title: &str, body: &str) -> Vec<String> {
        tag(&document(language, title, body), &LEXICON.topics).into_iter().map(|t| t.code).collect()
    }

    /// A body that says nothing of a topic before its last sentence.
    fn behind(last: &str) -> String {
        format!("The weather was fine. Many people walked in the park. They ate ice cream. {last}")
    }

    #[test]
    fn the_headline_counts_more_than_a_passing_mention() {
        assert_eq!(found("en", "", &behind("Nobody spoke of sanctions.")), [""; 0]);
        assert_eq!(found("en", "New sanctions", &behind("Nobody spoke.")), ["medtop:03"]);
        assert_eq!(found("en", "", "Sanctions came. The embargo stays."), ["medtop:03"]);
        // a long article needs more evidence
        let long = behind("Sanctions and the embargo stay.") + &" Nothing else was said there.".repeat(200);
        assert_eq!(found("en", "", &long), [""; 0]);
    }

    #[test]
    fn words_are_found_in_all_forms_but_capitals_only_as_written() {
        assert_eq!(found("ru", "", "Сбиты беспилотники. О беспилотниках сообщили утром."), ["x:drones"]);
        assert_eq!(found("en", "OFAC acts", ""), ["medtop:03"]);
        assert_eq!(found("en", "Ofac acts", ""), [""; 0]);
    }

    #[test]
    fn a_word_of_unless_takes_evidence_away() {
        assert_eq!(found("en", "", "Sanctions and embargo: he was sanctioned by the league."), [""; 0]);
    }

    #[test]
    fn the_narrower_topic_implies_the_broader() {
        assert_eq!(
            found("en", "Senate votes", "The Senate voted on sanctions and an embargo."),
            ["medtop:03"]
        );
        let chain: Vec<&str> = LEXICON.topic_and_parents("x:drones").collect();
        assert_eq!(chain, ["x:drones", "medtop:02"]);
    }

    #[test]
    fn a_model_alone_tells_no_topic_by_a_word_or_two_or_of_a_section_that_is_ruled_out() {
        let mut files = Files::none();
        files.put("topics/tree.tsv", TREE);
        files.put("topics/rules.toml", RULES);
        files.put("topics/learnt_sections_en.tsv", "(bias)\t01=-2.0\t02=-2.0\nopera\t01=9.0\t02=-3.0\n");
        let markets = "(bias)\t03=-2.0\nriver\t03=9.0\nbarge\t03=9.0\nquay\t03=9.0\nferry\t03=9.0\n";
        files.put("topics/learnt_markets_en.tsv", markets);
        let lexicon = Knowledge::parse(&files).unwrap();
        for (body, want) in [
            ("They met at the river, by the quay, on a barge and a ferry.", true),
            ("They met at the river, on a barge.", false),
            ("The opera stands at the river, by the quay, on a barge and a ferry.", false),
            ("Sanctions closed the opera at the river.", true),
        ] {
            let (body, en) = (body.to_owned(), Language::EN);
            let document =
                Document::new(String::new(), body.clone(), en, None, Source::default(), &lexicon.vocabulary);
            let told = tag(&document, &lexicon.topics).iter().any(|t| t.code == "medtop:03");
            assert_eq!(told, want, "{body}");
            let why = explain(&document, &lexicon.topics, lexicon.topics.by_code("03").unwrap());
            assert_eq!(why.contains("not taken"), !want, "{why}");
        }
    }

    /// What is found by a model with a bias for culture, by a number of words that each speak for it with a weight.
    fn found_by_model(weight: f32, words: usize, body: &str) -> Vec<String> {
        let terms = ["opera", "tenor", "chorus", "aria", "soprano", "overture", "ballet", "violin"];
        let model: String = terms.iter().map(|term| format!("{term}\t01={weight}\n")).collect();
        let mut files = Files::none();
        files.put("topics/tree.tsv", "01\tculture\n02\tcrime\n03\ttheft\t02\n");
        files.put("topics/rules.toml", "[[topic]]\ncode = \"03\"\nen = \"thieves*4\"\n");
        files.put("topics/learnt_sections_en.tsv", format!("(bias)\t01=-1.4\n{model}"));
        let lexicon = Knowledge::parse(&files).unwrap();
        let body = format!("{body} {}.", terms[..words].join(", the "));
        let document =
            Document::new(String::new(), body, Language::EN, None, Source::default(), &lexicon.vocabulary);
        tag(&document, &lexicon.topics).into_iter().map(|t| t.code).collect()
    }

    #[test]
    fn a_section_that_a_model_tells_needs_eight_words() {
        assert_eq!(found_by_model(5.0, 7, "They met at the"), [""; 0]);
        assert_eq!(found_by_model(5.0, 8, "They met at the"), ["medtop:01"]);
    }

    #[test]
    fn the_likeliest_section_gives_way_to_a_topic_of_one_that_no_model_tells() {
        // a chance of a fifth, and nearly certain
        assert_eq!(found_by_model(0.01, 8, "They met at the"), ["medtop:01"]);
        assert_eq!(found_by_model(0.01, 8, "The thieves met at the"), ["medtop:03"]);
        assert_eq!(found_by_model(5.0, 8, "The thieves met at the"), ["medtop:01", "medtop:03"]);
    }

    #[test]
    fn evidence_and_reasons_are_told() {
        let document = document("en", "New sanctions", "The embargo hurts the opera.");
        let topics = tag(&document, &LEXICON.topics);
        let own = topics.iter().find(|t| t.code == "medtop:03").unwrap();
        let exact: Vec<&str> = own.evidence.iter().map(|s| s.exact.as_str()).collect();
        assert_eq!(exact, ["sanctions", "embargo"]);
        let why = |code: &str| explain(&document, &LEXICON.topics, LEXICON.topics.by_code(code).unwrap());
        assert!(why("03").contains("+6.0 \"sanctions\": 1 in the headline"), "{}", why("03"));
        assert!(why("03").contains("the article is about it"));
        assert!(why("x:drones").contains("rule: 0.0 of 2.0, not enough"), "{}", why("x:drones"));
        assert!(why("01").contains("\"opera\""), "{}", why("01"));
    }

    #[test]
    fn an_unlikely_section_needs_more_evidence_but_in_a_few_sentences() {
        for (sentences, need) in [(1, "of 2.0"), (9, "of 3.0")] {
            let body = "The embargo hurts the opera. ".repeat(sentences);
            let document = document("en", "New sanctions", &body);
            let drones = LEXICON.topics.by_code("x:drones").unwrap();
            let why = explain(&document, &LEXICON.topics, drones);
            assert!(why.contains(need), "{sentences}: {why}");
        }
    }

    #[test]
    fn every_error_of_the_files_is_told() {
        let mut files = Files::none();
        files.put(
            "topics/tree.tsv",
            "01\tculture\n01\tagain\n02\tlost\t99\n03\n04\tround\t05\n05\tand round\t04\n",
        );
        files.put(
            "topics/mine.toml",
            "[[topic]]\ncode = \"77\"\nen = \"a\"\n[[topic]]\ncode = \"01\"\nen = \"a*b\"\n[[topic]]\ncode = \"x:y\"\nname = \"y\"\nenglish = \"a\"\n",
        );
        files.put("topics/learnt_s_en.tsv", "word\t01\n");
        let errors = Knowledge::parse(&files).unwrap_err().to_string();
        for part in [
            "twice",
            "`99`",
            "`04` can't be broader",
            "code, name and broader",
            "`77`",
            "`b` is not a weight",
            "`english`",
            "learnt_s_en.tsv line 1",
        ] {
            assert!(errors.contains(part), "{part} is not in:\n{errors}");
        }
    }

    #[test]
    fn of_terms_that_share_a_stem_the_strongest_counts_whatever_their_order() {
        for terms in ["mine*1 | mining*3", "mining*3 | mine*1"] {
            let mut files = Files::none();
            files.put("topics/tree.tsv", "01\tmining\n");
            files.put("languages/en/language.toml", "[stems]\nleast = 3\nsuffixes = [\"s\", \"ing\", \"e\"]");
            let rule = format!("[[topic]]\ncode = \"01\"\nterms = \"{terms}\"\n");
            files.put("languages/en/topics.toml", rule);
            let lexicon = Knowledge::parse(&files).unwrap();
            let (body, en) = ("A mine opened. The mine is deep.".to_owned(), Language::EN);
            let document =
                Document::new(String::new(), body, en, None, Source::default(), &lexicon.vocabulary);
            let why = explain(&document, &lexicon.topics, 0);
            assert!(why.contains("rule: 6.0"), "{terms}: {why}");
        }
    }

    #[test]
    fn enough_topics_have_rules_in_each_language() {
        let lexicon = Knowledge::compiled_in();
        let mut languages: HashMap<String, HashSet<u16>> = HashMap::new();
        for (language, _, source) in Files::default().of_languages("topics.toml") {
            for line in source.lines() {
                if let Some(rest) = line.strip_prefix("code = \"") {
                    let code = lexicon.topics.by_code(rest.split('"').next().unwrap());
                    languages.entry(language.to_owned()).or_default().insert(code.unwrap());
                }
            }
        }
        for language in ["ar", "az", "de", "en", "es", "fr", "hy", "ru", "tr", "uk"] {
            let own = languages[language].len();
            assert!(own >= 220, "{own} topics have rules in {language}");
        }
    }

    #[test]
    fn the_tree_is_that_of_iptc() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/reference/iptc_media_topics.tsv");
        let Ok(list) = std::fs::read_to_string(path) else { return };
        let known: HashMap<&str, (&str, &str)> =
            list.lines().map(|l| l.split('\t').collect::<Vec<_>>()).map(|c| (c[0], (c[1], c[2]))).collect();
        let lexicon = Knowledge::compiled_in();
        for topic in lexicon.topics.all() {
            let code = topic.code.strip_prefix("medtop:").unwrap();
            let broader = topic.broader.map_or("", |b| &lexicon.topics.topic(b).code["medtop:".len()..]);
            assert_eq!(known.get(code), Some(&(topic.name.as_str(), broader)), "{code}");
        }
    }
}
