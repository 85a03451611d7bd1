//! Holds the invariants of `docs/ARCHITECTURE.md` against the sources.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic and tell why")]

use std::fs;
use std::path::{Path, PathBuf};

/// Below these, nothing may touch the world.
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
        // tests may look at the clock
        if path.is_dir() || path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
            sources(&path, out);
        }
    }
}

/// The code of a file without its tests at the foot and without comments.
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

/// From the ground up: a part names none that stands behind it.
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

/// Imports against the order that are still there. This list only gets shorter.
/// `country` asks whether a name is a person's; nothing else of a slice is known to another.
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

#[test]
fn no_file_grows_past_its_reader() {
    let mut files = Vec::new();
    sources(&root(), &mut files);
    for file in files {
        let lines = code(&file).lines().count();
        assert!(lines <= 500, "{} has {lines} lines of code: it wants to be two files", file.display());
    }
}
