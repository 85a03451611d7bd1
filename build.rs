//! Lists the files of `config/lexicon` for `include_str!`, so that adding a language or a topic is adding a file, and says
//! whether the evaluation sets lie beside the project: tests that need them are ignored where they do not.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let project = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    println!("cargo::rustc-check-cfg=cfg(evaluation_sets)");
    if project.join("../shared/eval/score.py").exists() {
        println!("cargo::rustc-cfg=evaluation_sets");
    }
    let root = project.join("config/lexicon");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&root).expect("found below it").to_str().expect("named in ASCII");
        writeln!(list, "    ({name:?}, include_str!({:?})),", file.display().to_string())
            .expect("a String takes it");
    }
    list.push(']');
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("lexicon_files.rs");
    fs::write(out, list).expect("OUT_DIR can be written");
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("config/lexicon is part of the project") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|e| e == "toml" || e == "tsv") {
            files.push(path);
        }
    }
}
