//! Packs the files of `config/lexicon` and lists them for `include_bytes!`, so that adding a language or a topic is adding
//! a file, and says whether the evaluation sets lie beside the project: tests that need them are ignored where they do not.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use flate2::Compression;
use flate2::write::GzEncoder;

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
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let mut list = String::from("&[\n");
    for (number, file) in files.iter().enumerate() {
        let name = file.strip_prefix(&root).expect("found below it").to_str().expect("named in ASCII");
        let packed = out.join(format!("lexicon_{number}.gz"));
        fs::write(&packed, pack(file)).expect("OUT_DIR can be written");
        writeln!(list, "    ({name:?}, include_bytes!({:?})),", packed.display().to_string())
            .expect("a String takes it");
    }
    list.push(']');
    fs::write(out.join("lexicon_files.rs"), list).expect("OUT_DIR can be written");
}

/// A file's text, packed by gzip: as text the files were a quarter of the program.
fn pack(file: &Path) -> Vec<u8> {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(text.as_bytes()).and_then(|()| packed.finish()).expect("a Vec takes it")
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
