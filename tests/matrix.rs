//! Plain sentences, names × sentences × languages: each has one right answer. `tests/matrix/README.md` explains how.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic and tell why")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use presswatch::article::decode::{Limits, Message};
use presswatch::knowledge::Knowledge;
use presswatch::pipeline::Pipeline;
use presswatch::tagging::Tagged;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matrix {
    ambiguous: BTreeMap<String, Vec<String>>,
    sentence: Vec<Frame>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame {
    language: String,
    #[serde(default)]
    title: String,
    body: String,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    focus: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Traps {
    sentence: Vec<Trap>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trap {
    language: String,
    body: String,
    countries: BTreeSet<String>,
    officials: Option<BTreeSet<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Articles {
    article: Vec<Article>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Article {
    #[serde(default)]
    title: String,
    text: String,
    /// Each must be found, itself or a narrower one.
    #[serde(default)]
    topics: Vec<String>,
    /// None of these may be found.
    #[serde(default)]
    not: Vec<String>,
    /// No topic at all may be found.
    #[serde(default)]
    none: bool,
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn tag(pipeline: &Pipeline, language: &str, title: &str, body: &str) -> Tagged {
    let title = if title.is_empty() { "-" } else { title };
    let event = serde_json::json!({ "title": title, "body": body, "language": language }).to_string();
    pipeline.tag(Message { body: event.as_bytes(), ..Message::default() }).unwrap()
}

fn pipeline() -> Pipeline {
    Pipeline::new(Knowledge::compiled_in(), Limits::default())
}

/// Code and name of every country in a language; if the language lists forms of names, each of them.
fn names(source: &str, language: &str) -> Vec<(String, String)> {
    let plain = names_of(source, language);
    if !plain.is_empty() {
        return plain;
    }
    let forms = read(&format!("config/lexicon/languages/{language}/forms.tsv"));
    let rows = forms.lines().filter_map(|row| row.split_once("\t-\t"));
    rows.flat_map(|(code, forms)| forms.split('|').map(move |form| (code.to_owned(), form.to_owned())))
        .collect()
}

/// Code and name of every country that `countries.tsv` names in a language.
fn names_of(source: &str, language: &str) -> Vec<(String, String)> {
    let rows = source.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.filter_map(|row| {
        let cells: Vec<&str> = row.split('\t').collect();
        let name = if language == "en" {
            Some(cells[1])
        } else {
            cells[3..].iter().find_map(|cell| cell.strip_prefix(language)?.strip_prefix('='))
        };
        Some((cells[0].to_owned(), name?.to_owned()))
    })
    .collect()
}

#[test]
fn every_country_is_named_in_every_sentence() {
    let pipeline = pipeline();
    let matrix: Matrix = toml::from_str(&read("tests/matrix/countries.toml")).unwrap();
    let source = read("config/lexicon/places/countries.tsv");
    let mut wrong = Vec::new();
    let mut tried = 0;
    for frame in &matrix.sentence {
        let ambiguous = matrix.ambiguous.get(&frame.language).cloned().unwrap_or_default();
        let mut names = names(&source, &frame.language);
        names.retain(|(code, _)| !ambiguous.contains(code));
        assert!(names.len() > 200, "{} has only {} names", frame.language, names.len());
        for (at, (code, name)) in names.iter().enumerate() {
            // primes, so that neighbours in the list never appear together
            let (y, z) = (&names[(at + 37) % names.len()], &names[(at + 97) % names.len()]);
            let fill = |text: &str| text.replace("{X}", name).replace("{Y}", &y.1).replace("{Z}", &z.1);
            let mut want: BTreeSet<&str> = frame.also.iter().map(String::as_str).collect();
            want.insert(code);
            for (gap, other) in [("{Y}", y), ("{Z}", z)] {
                if frame.body.contains(gap) {
                    want.insert(&other.0);
                }
            }
            let tagged = tag(&pipeline, &frame.language, &fill(&frame.title), &fill(&frame.body));
            let got: BTreeSet<&str> = tagged.countries.iter().map(|c| c.code.as_str()).collect();
            let focus: BTreeSet<&str> =
                tagged.countries.iter().filter(|c| c.focus).map(|c| c.code.as_str()).collect();
            let about = frame.focus.is_empty() || focus == BTreeSet::from([code.as_str()]);
            tried += 1;
            if got != want || !about {
                wrong.push(format!("{}{}: {got:?}, about {focus:?}", fill(&frame.title), fill(&frame.body)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Abroad {
    sentence: Vec<Resident>,
}

/// A sentence with a town, for papers of some countries.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resident {
    language: String,
    body: String,
    homes: Vec<String>,
    /// Towns by country.
    towns: BTreeMap<String, Vec<String>>,
}

#[test]
fn a_town_abroad_is_not_one_of_the_papers_own_country() {
    let pipeline = pipeline();
    let abroad: Abroad = toml::from_str(&read("tests/matrix/abroad.toml")).unwrap();
    let mut wrong = Vec::new();
    let mut tried = 0;
    for Resident { language, body, homes, towns } in abroad.sentence {
        let named = towns.iter().flat_map(|(country, names)| names.iter().map(move |name| (country, name)));
        for ((country, town), home) in named.flat_map(|town| homes.iter().map(move |home| (town, home))) {
            let body = body.replace("{X}", town);
            let source = serde_json::json!({ "name": "Paper", "domain": "paper.example", "country": home });
            let event =
                serde_json::json!({ "title": "", "body": body, "language": language, "source": source });
            let event = event.to_string();
            let tagged = pipeline.tag(Message { body: event.as_bytes(), ..Message::default() }).unwrap();
            let got: Vec<&str> = tagged.countries.iter().map(|c| c.code.as_str()).collect();
            tried += 1;
            if got != [country] {
                wrong.push(format!("{body} in {home}: {got:?}"));
            }
        }
    }
    assert!(tried > 200, "{tried}");
    assert!(wrong.is_empty(), "{} of {tried} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_trap_is_read_right() {
    let pipeline = pipeline();
    let traps: Traps = toml::from_str(&read("tests/matrix/traps.toml")).unwrap();
    let mut wrong = Vec::new();
    for trap in traps.sentence {
        let tagged = tag(&pipeline, &trap.language, "", &trap.body);
        let countries: BTreeSet<String> = tagged.countries.iter().map(|c| c.code.clone()).collect();
        let officials: BTreeSet<String> = tagged.officials.iter().map(|o| o.slug.clone()).collect();
        if countries != trap.countries || trap.officials.is_some_and(|want| want != officials) {
            wrong.push(format!("{}: {countries:?} {officials:?}", trap.body));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_plain_article_has_its_topics() {
    let pipeline = pipeline();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrix");
    let mut wrong = Vec::new();
    let mut tried = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(language) = name.strip_prefix("topics_").and_then(|rest| rest.strip_suffix(".toml")) else {
            continue;
        };
        let articles: Articles = toml::from_str(&read(&format!("tests/matrix/{name}"))).unwrap();
        for article in articles.article {
            let tagged = tag(&pipeline, language, &article.title, &article.text);
            let mut broader = BTreeSet::new();
            for topic in &tagged.topics {
                broader.extend(pipeline.lexicon.topic_and_parents(&topic.code));
            }
            let has = |code: &String| broader.contains(format!("medtop:{code}").as_str());
            let right = article.topics.iter().all(has)
                && !article.not.iter().any(has)
                && (!article.none || tagged.topics.is_empty());
            tried += 1;
            if !right {
                let got: Vec<&str> = tagged.topics.iter().map(|t| t.name.as_str()).collect();
                wrong.push(format!("{language}: {} {}: {got:?}", article.title, article.text));
            }
        }
    }
    assert!(tried > 0, "there are articles");
    assert!(wrong.is_empty(), "{} of {tried} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    leaders: Vec<String>,
    ordinary: Vec<Ordinary>,
    leader: Vec<Leaders>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ordinary {
    language: String,
    given: String,
    family: String,
    trades: String,
    sentences: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Leaders {
    language: String,
    sentences: Vec<String>,
}

/// Reports the sentences that went wrong, if any.
fn judge(what: &str, all: usize, wrong: &[String]) {
    eprintln!("{what}: {} of {all} wrong", wrong.len());
    let first = &wrong[..wrong.len().min(40)];
    assert!(wrong.is_empty(), "{what}: {} of {all} wrong\n{}", wrong.len(), first.join("\n"));
}

#[test]
fn ordinary_people_hold_no_office() {
    let people: People = toml::from_str(&read("tests/matrix/people.toml")).unwrap();
    let pipeline = pipeline();
    for list in people.ordinary {
        let (mut all, mut wrong) = (0, Vec::new());
        let trades: Vec<&str> = list.trades.split(',').collect();
        let names =
            list.given.split(' ').flat_map(|g| list.family.split(' ').map(move |f| format!("{g} {f}")));
        for (n, name) in names.enumerate() {
            let trade = trades[n % trades.len()];
            let mut letters = trade.chars();
            let capital = letters.next().unwrap().to_uppercase().chain(letters).collect::<String>();
            for sentence in &list.sentences {
                let body =
                    sentence.replace("{name}", &name).replace("{trade}", trade).replace("{Trade}", &capital);
                let tagged = tag(&pipeline, &list.language, "", &body);
                all += 1;
                wrong.extend(tagged.officials.first().map(|o| format!("{body}: {}, {}", o.slug, o.office)));
            }
        }
        assert!(all >= 600, "{}", list.language);
        judge(&format!("ordinary {}", list.language), all, &wrong);
    }
}

#[test]
fn todays_leaders_are_found_in_any_story() {
    let people: People = toml::from_str(&read("tests/matrix/people.toml")).unwrap();
    let pipeline = pipeline();
    // the data's own spelling in the language's script
    let spellings = |slug: &str, language: &str, first: std::ops::RangeInclusive<char>| -> Option<String> {
        let rows =
            ["heads", "world", "united_states"].map(|f| read(&format!("config/lexicon/officials/{f}.tsv")));
        let of = |name: &str| presswatch::language::slug::slug(name) == slug;
        let cells = rows.iter().flat_map(|text| text.lines()).map(|l| l.split('\t').collect::<Vec<_>>());
        let all = cells.filter(|c| c.len() > 2 && of(c[0])).flat_map(|c| {
            std::iter::once(c[0].to_owned()).chain(c[1].split('|').map(str::to_owned)).collect::<Vec<_>>()
        });
        let fits =
            |name: &String| name.contains(' ') && name.chars().next().is_some_and(|c| first.contains(&c));
        let all: Vec<String> = all.filter(fits).collect();
        let own = |name: &&String| language != "uk" || name.contains(['і', 'ї', 'є', 'І']);
        all.iter().find(own).or(all.first()).cloned()
    };
    for list in people.leader {
        let script = match list.language.as_str() {
            "ru" | "uk" => 'А'..='я',
            "hy" => 'Ա'..='ֆ',
            "ar" => 'ء'..='ي',
            _ => 'A'..='z',
        };
        let (mut all, mut wrong) = (0, Vec::new());
        for slug in &people.leaders {
            let Some(name) = spellings(slug, &list.language, script.clone()) else { continue };
            for sentence in &list.sentences {
                let body = sentence.replace("{name}", &name);
                let tagged = tag(&pipeline, &list.language, "", &body);
                all += 1;
                if !tagged.officials.iter().any(|o| o.slug == *slug) {
                    wrong.push(body);
                }
            }
        }
        assert!(all > list.sentences.len() * 2, "{}", list.language);
        judge(&format!("leaders {}", list.language), all, &wrong);
    }
}
