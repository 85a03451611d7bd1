//! Checks the sources against the invariants of `docs/ARCHITECTURE.md`.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic and tell why")]

use std::fs;
use std::path::{Path, PathBuf};

/// Nothing below these may do I/O.
const PURE: &[&str] = &[
    "text",
    "files.rs",
    "language",
    "document",
    "article",
    "country",
    "topic",
    "official",
    "quote",
    "watch",
    "knowledge.rs",
    "tagging.rs",
    "alert",
    "catalogue.rs",
    "pipeline.rs",
];

fn sources(below: &Path, out: &mut Vec<PathBuf>) {
    if below.is_file() {
        out.push(below.to_owned());
        return;
    }
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        // tests may use the clock
        let tests = path.ends_with("tests") || path.ends_with("tests.rs");
        if !tests && (path.is_dir() || path.extension().is_some_and(|e| e == "rs")) {
            sources(&path, out);
        }
    }
}

/// The code of a file, without comments and without the tests at its end.
fn code(path: &Path) -> String {
    let source = fs::read_to_string(path).unwrap();
    let head = source.split("#[cfg(test)]\nmod tests").next().unwrap();
    head.lines().filter(|l| !l.trim_start().starts_with("//")).map(|l| format!("{l}\n")).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn the_pure_part_touches_neither_runtime_nor_world() {
    let mut files = Vec::new();
    PURE.iter().for_each(|part| sources(&root().join(part), &mut files));
    assert!(files.len() >= 15);
    let banned = [
        "tokio",
        "lapin",
        "prometheus",
        "axum",
        "rusqlite",
        "std::fs",
        "Timestamp::now",
        "Instant::now",
        "SystemTime",
    ];
    for file in files {
        for word in banned {
            assert!(!code(&file).contains(word), "{} is pure but names {word}", file.display());
        }
    }
}

/// From the bottom up: a part refers to none that comes after it.
const ORDER: &[&str] = &[
    "text",
    "files",
    "language",
    "document",
    "country",
    "topic",
    "official",
    "quote",
    "watch",
    "tagging",
    "alert",
    "catalogue",
    "pipeline",
];

/// Remaining imports that break the order. This list only gets shorter. `country` asks whether a name is a person's; no
/// other slice knows about another one.
const KNOTS: &[(&str, &str)] = &[("country", "official")];

#[test]
fn imports_run_downwards() {
    let mut found = std::collections::BTreeSet::new();
    for (at, part) in ORDER.iter().enumerate() {
        let mut files = Vec::new();
        let folder = root().join(part);
        sources(&if folder.is_dir() { folder } else { root().join(format!("{part}.rs")) }, &mut files);
        for file in files {
            let code = code(&file);
            for above in &ORDER[at + 1..] {
                if code.contains(&format!("crate::{above}::")) {
                    found.insert((*part, *above));
                }
            }
        }
    }
    let known = KNOTS.iter().copied().collect();
    assert_eq!(found, known, "found on the left, listed on the right");
}

#[test]
fn only_broker_rabbit_imports_lapin() {
    let mut files = Vec::new();
    sources(&root(), &mut files);
    for file in files {
        let inside = file.components().any(|c| c.as_os_str() == "rabbit");
        assert!(inside || !code(&file).contains("lapin::"), "{} names lapin", file.display());
    }
}

#[test]
fn nothing_above_the_brokers_names_one() {
    let mut files = Vec::new();
    ["http", "feed", "worker", "commands"].iter().for_each(|part| sources(&root().join(part), &mut files));
    assert!(files.len() >= 15);
    for file in files {
        for broker in ["rabbit::", "embedded::", "::Rabbit", "::Embedded"] {
            assert!(!code(&file).contains(broker), "{} names {broker}", file.display());
        }
    }
}

#[test]
fn there_is_one_way_into_the_pipeline() {
    let mut files = Vec::new();
    sources(&root(), &mut files);
    for file in files.iter().filter(|f| !f.ends_with("pipeline.rs")) {
        let parts = file.strip_prefix(root()).unwrap();
        let within = ["article", "tagging.rs"].iter().any(|part| parts.starts_with(part));
        for call in ["decode::decode", "clean::clean", "tagging::tag("] {
            assert!(
                within || !code(file).contains(call),
                "{} goes past the pipeline by {call}",
                file.display()
            );
        }
    }
}

/// The map: its text, and what it has in backticks that looks like a path.
fn map() -> (String, Vec<String>) {
    let text = fs::read_to_string(root().join("../docs/ARCHITECTURE.md")).unwrap();
    // its drawing is in three backticks
    let prose: String = text.split("```").step_by(2).collect();
    let quoted = prose.split('`').skip(1).step_by(2).map(|path| path.replace("xx", "en"));
    let is_file = |path: &str| {
        let kind = Path::new(path).extension().and_then(|kind| kind.to_str());
        kind.is_some_and(|kind| ["rs", "toml", "tsv", "js", "md"].contains(&kind))
    };
    let is_path = |path: &String| !path.contains([' ', ':']) && (path.contains('/') || is_file(path));
    (text, quoted.filter(is_path).collect())
}

#[test]
fn every_path_on_the_map_is_there() {
    let (_, paths) = map();
    assert!(paths.len() > 50, "{paths:?}");
    let project = root().join("..");
    let folders =
        ["src", "tests", "config/lexicon", "config/lexicon/languages/en", "src/http/console", "tests/fuzz"];
    let mut parts: Vec<PathBuf> = folders.iter().map(|folder| project.join(folder)).collect();
    // a file in the row of its folder goes by its name alone
    parts.extend(fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()));
    parts.push(project);
    parts.push(root().join("broker/rabbit"));
    let gone: Vec<&String> =
        paths.iter().filter(|path| !parts.iter().any(|part| part.join(path).exists())).collect();
    assert!(gone.is_empty(), "docs/ARCHITECTURE.md names what is not there: {gone:?}");
}

#[test]
fn every_part_is_on_the_map() {
    let (text, _) = map();
    for entry in fs::read_dir(root()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(name == "lib" || text.contains(&format!("`src/{name}")), "no row for src/{name}");
    }
}

#[test]
fn no_file_grows_past_its_reader() {
    let mut files = Vec::new();
    sources(&root(), &mut files);
    for file in files {
        let lines = code(&file).lines().count();
        assert!(lines <= 500, "{} has {lines} lines of code: it wants to be two files", file.display());
    }
}

/// Files that may contain letters or words of single languages, each with the reason.
const OF_NO_LANGUAGE: &[(&str, &str)] = &[
    ("alert/keys.rs", "kinds of routing keys"),
    ("alert/mod.rs", "kinds of routing keys"),
    ("article/clean/html/captions.rs", "names of HTML's elements"),
    ("article/clean/html/links.rs", "names of HTML's elements"),
    ("article/clean/html/mod.rs", "names of HTML's elements"),
    ("article/clean/html/prune.rs", "names of HTML's elements and of parts of pages"),
    ("article/clean/html/render.rs", "names of HTML's elements"),
    ("article/clean/language.rs", "ISO 639: codes of the languages that `whatlang` names"),
    ("article/clean/letters.rs", "letters that look alike"),
    ("article/clean/letters/recode.rs", "code pages"),
    ("article/date/words.rs", "letters of time zones in machines' dates"),
    ("article/decode/jsonld.rs", "types of schema.org"),
    ("article/decode/ninjs.rs", "keys and values of ninjs"),
    ("article/decode/unpack.rs", "encodings of HTTP"),
    ("article/junk.rs", "folding of letters"),
    ("country/evidence.rs", "codes of countries and domains"),
    ("country/focus.rs", "codes of countries"),
    ("country/gazetteer.rs", "folding of letters"),
    ("files.rs", "names of folders"),
    ("language/class.rs", "names of roles"),
    ("language/slug.rs", "letters without their marks, Cyrillic in Latin letters"),
    ("language/stem.rs", "the name of a default"),
    ("language/word.rs", "names of roles"),
    ("official/holders.rs", "names of columns, codes of organisations"),
    ("official/rows.rs", "a value of columns"),
    ("official/import/congress.rs", "keys of congress-legislators"),
    ("official/import/ftm.rs", "keys of FollowTheMoney"),
    ("quote/model/kind.rs", "names of observations"),
    ("quote/model/observation.rs", "names of observations"),
    ("text/fold.rs", "folding of letters"),
    ("text/language.rs", "the code of no language"),
    ("watch/import/field.rs", "words of other query languages"),
    ("watch/import/joint.rs", "words of other query languages"),
    ("watch/import/lex.rs", "words of other query languages"),
    ("watch/import/term.rs", "words of the query language"),
    ("watch/program.rs", "words of the query language"),
    ("watch/query/hint.rs", "words of other query languages"),
    ("watch/query/odd.rs", "words of the query language"),
    ("watch/query/parser.rs", "words of the query language"),
    ("watch/query/show.rs", "words of the query language"),
    ("watch/query/value.rs", "words of the query language"),
    ("watch/view/tags.rs", "values of the query language"),
    ("watch/warn.rs", "words of the query language"),
    ("watch/why.rs", "words of the query language"),
    ("watch/words.rs", "values of the query language"),
];

/// The texts of string and character literals, without escapes.
fn literals(code: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let (mark, behind) = (rest.as_bytes()[at], &rest[at + 1..]);
        rest = match mark {
            b'/' if behind.starts_with('/') => behind.find('\n').map_or("", |end| &behind[end..]),
            b'"' => {
                let mut end = 0;
                while !behind[end..].starts_with('"') {
                    end += if behind[end..].starts_with('\\') { 2 } else { 1 };
                    while !behind.is_char_boundary(end) {
                        end += 1;
                    }
                }
                out.push(behind[..end].to_owned());
                &behind[end + 1..]
            }
            // a lifetime has no closing quote
            b'\'' => {
                let mut letters = behind.chars();
                match (letters.next(), letters.next()) {
                    (Some('\\'), _) => {
                        let end = behind[2..].find('\'').map_or(behind.len(), |end| end + 3);
                        &behind[end..]
                    }
                    (Some(letter), Some('\'')) => {
                        out.push(letter.to_string());
                        &behind[letter.len_utf8() + 1..]
                    }
                    _ => behind,
                }
            }
            _ => behind,
        };
    }
    out
}

/// The codes of all languages, and their stop words of more than one letter.
fn languages() -> (Vec<String>, std::collections::BTreeSet<String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/lexicon/languages");
    let (mut codes, mut words) = (Vec::new(), std::collections::BTreeSet::new());
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        codes.push(entry.file_name().into_string().unwrap());
        let source = fs::read_to_string(entry.path().join("language.toml")).unwrap();
        let profile: toml::Table = toml::from_str(&source).unwrap();
        let lists = profile.get("words").and_then(toml::Value::as_table).into_iter().flatten();
        let lists = lists.filter_map(|(_, list)| list.as_str());
        words.extend(
            lists.flat_map(str::split_whitespace).filter(|w| w.chars().count() > 1).map(str::to_owned),
        );
    }
    (codes, words)
}

#[test]
fn no_language_stands_in_the_code() {
    let (codes, words) = languages();
    assert!(codes.len() > 10 && words.len() > 1000);
    let mut files = Vec::new();
    PURE.iter().for_each(|part| sources(&root().join(part), &mut files));
    let mut wrong = Vec::new();
    for path in files {
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        let found: Vec<String> = literals(&code(&path))
            .into_iter()
            .filter(|text| {
                let letter = text.chars().any(|c| !c.is_ascii() && c.is_alphabetic());
                letter || codes.contains(text) || words.contains(&text.to_lowercase())
            })
            .collect();
        let known = OF_NO_LANGUAGE.iter().any(|(file, _)| *file == name);
        if !found.is_empty() && !known {
            wrong.push(format!("{name}: {}", found.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "words of single languages are data:\n{}", wrong.join("\n"));
}

/// No constant in the code names a single language: `Language::EN`, `*b"en\0"`.
#[test]
fn no_language_is_a_constant() {
    let mut files = Vec::new();
    sources(&root(), &mut files);
    let mut wrong = Vec::new();
    for path in files {
        let code = code(&path);
        let constants = code.match_indices("Language::").map(|(at, text)| &code[at + text.len()..]);
        let named = constants.filter(|rest| {
            let name: String = rest.chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect();
            name.len() > 1 && name != "UND"
        });
        if named.count() > 0 {
            wrong.push(path.strip_prefix(root()).unwrap().display().to_string());
        }
    }
    assert!(wrong.is_empty(), "what holds of a single language is data: {wrong:?}");
}
