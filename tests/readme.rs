//! What the docs tell readers to type exists: every `presswatch …` in a shell block is an existing command, with flags
//! that it has, on files that exist; and every variable belongs to a setting.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use support::{output, presswatch};

#[test]
fn every_command_of_the_pages_is_one_of_the_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![root.join("README.md")];
    for folder in ["docs", "docs/tagging", "deploy/rabbitmq"] {
        pages.extend(root.join(folder).read_dir().unwrap().map(|e| e.unwrap().path()));
    }
    let (mut faults, mut seen) = (Vec::new(), BTreeSet::new());
    let reference = output(presswatch().args(["config", "--reference"])).0;
    for page in pages.iter().filter(|p| p.extension().is_some_and(|e| e == "md")) {
        for line in shell(&std::fs::read_to_string(page).unwrap()) {
            for command in commands(&line) {
                let fault = fault(&command, root, &mut seen);
                faults.extend(fault.map(|f| format!("{}: `{}`: {f}", page.display(), command.join(" "))));
            }
            let variable = |c: char| c.is_ascii_uppercase() || c == '_';
            for name in line.split(|c| !variable(c)).filter(|n| n.starts_with("PRESSWATCH__")) {
                let is_known = |name: &str| reference.contains(&format!("`{name}`"));
                let known = is_known(name) || is_known(name.trim_end_matches("_FILE"));
                if !known && name != "PRESSWATCH__SECTION__KEY" {
                    faults.push(format!("{}: there is no `{name}`", page.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let wanted = [
        "dead list",
        "dead replay",
        "dead show",
        "demo",
        "officials import",
        "publish",
        "run",
        "subscribe",
        "tag",
    ];
    assert!(wanted.iter().all(|c| seen.contains(*c)), "too little is found in the pages: {seen:?}");
}

/// The lines of all shell blocks, without comments, and the text between backticks in the prose.
fn shell(page: &str) -> Vec<String> {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in page.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
        } else if inside {
            lines.push(line.split(" #").next().unwrap().to_owned());
        } else {
            lines.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    lines
}

/// The arguments of each presswatch call on a line, by name or with `cargo run`, up to a redirection or the next
/// command.
fn commands(line: &str) -> Vec<Vec<String>> {
    let line = line.replace("cargo run --release --", "presswatch");
    let words: Vec<&str> = line.split_whitespace().collect();
    let begins = |i: usize| i == 0 || matches!(words[i - 1], "&&" | "|" | "$");
    let starts = (0..words.len()).filter(|i| words[*i] == "presswatch" && begins(*i));
    starts
        .map(|i| {
            let own = words[i + 1..].iter().take_while(|w| !matches!(**w, "<" | ">" | "|" | "&&"));
            own.map(|w| w.trim_matches(['"', '\'']).to_owned()).collect()
        })
        .collect()
}

/// What is wrong with a call; records the subcommand in `seen`.
fn fault(arguments: &[String], root: &Path, seen: &mut BTreeSet<String>) -> Option<String> {
    let mut subcommand = Vec::new();
    let mut help = help(&subcommand)?;
    let mut given = false;
    for word in arguments {
        if let Some(flag) = word.strip_prefix("--") {
            let flag = format!("--{}", flag.split('=').next().unwrap());
            let Some(line) = help.lines().find(|l| l.split_whitespace().any(|w| w == flag)) else {
                return Some(format!("there is no `{flag}`"));
            };
            given = line.contains('<');
        } else if given {
            given = false;
        } else if help.contains("\nCommands:\n") {
            subcommand.push(word.as_str());
            help = match self::help(&subcommand) {
                Some(help) => help,
                None => return Some(format!("there is no `{}`", subcommand.join(" "))),
            };
        } else if word.contains("deploy/") && !root.join(word).exists() {
            return Some(format!("there is no file `{word}`"));
        }
    }
    seen.insert(subcommand.join(" "));
    None
}

/// The help of a subcommand; `None` if it does not exist.
fn help(subcommand: &[&str]) -> Option<String> {
    let (out, _, status) = output(presswatch().args(subcommand).arg("--help"));
    (status == Some(0)).then_some(out)
}
