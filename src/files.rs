//! The lexicon's files as text: those compiled in, overlaid with an operator's own.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;

use flate2::bufread::GzDecoder;

/// `config/lexicon` at build time: path below it, and content packed by gzip.
static COMPILED_IN: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/lexicon_files.rs"));

/// Names of files that a language's folder may hold.
const OF_LANGUAGE: [&str; 12] = [
    "adjectives.tsv",
    "cues.toml",
    "cue_weights.tsv",
    "forms.tsv",
    "junk.toml",
    "language.toml",
    "names.toml",
    "number.toml",
    "officials.tsv",
    "places.toml",
    "titles.toml",
    "topics.toml",
];

/// Knowledge files by their path below `config/lexicon` ("topics/economy.toml").
#[derive(Debug, Clone)]
pub struct Files(BTreeMap<Cow<'static, str>, String>);

impl Default for Files {
    /// The files compiled in. Unpacking them takes some 10 MB and as many hundredths of a second.
    fn default() -> Self {
        Self::compiled_in(|_| true)
    }
}

impl Files {
    /// Those of the files compiled in whose path is wanted; the others stay packed.
    pub fn compiled_in(wanted: impl Fn(&str) -> bool) -> Self {
        let unpacked = |(path, packed): &(&'static str, &[u8])| {
            let mut text = String::new();
            GzDecoder::new(*packed).read_to_string(&mut text).expect("build.rs packed it");
            (Cow::Borrowed(*path), text)
        };
        Self(COMPILED_IN.iter().filter(|(path, _)| wanted(path)).map(unpacked).collect())
    }

    /// No files; for tests.
    pub fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// Adds a file, replacing any at that path.
    pub fn put(&mut self, path: impl Into<Cow<'static, str>>, text: impl Into<String>) {
        self.0.insert(path.into(), text.into());
    }

    /// The file at exactly this path.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// All files below a folder, with their paths, ordered by path.
    pub fn below<'f>(&'f self, folder: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.0
            .iter()
            .map(|(path, text)| (path.as_ref(), text.as_str()))
            .filter(move |(path, _)| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    }

    /// The files of this name in all languages (`languages/xx/cues.toml`), along with an operator's own
    /// (`languages/xx/cues_NAME.toml`): code, path and text, ordered by code.
    pub fn of_languages<'f>(&'f self, name: &'f str) -> impl Iterator<Item = (&'f str, &'f str, &'f str)> {
        self.below("languages").filter_map(move |(path, text)| {
            let (code, file) = path.strip_prefix("languages/")?.split_once('/')?;
            is_named(file, name).then_some((code, path, text))
        })
    }

    /// A complaint for each file that no part of the lexicon reads: a misspelt path would otherwise go unnoticed.
    pub fn unread(&self) -> impl Iterator<Item = String> {
        let is_read = |path: &str| {
            let (folder, file) = path.split_once('/').unwrap_or(("", path));
            let (stem, kind) = file.rsplit_once('.').unwrap_or((file, ""));
            match (folder, kind) {
                ("names" | "topics", "toml") | ("officials", "tsv") => true,
                ("topics", "tsv") => stem.starts_with("learnt_"),
                ("languages", _) => file
                    .split_once('/')
                    .is_some_and(|(_, file)| OF_LANGUAGE.iter().any(|name| is_named(file, name))),
                _ => false,
            }
        };
        let known = |path: &str| COMPILED_IN.iter().any(|(own, _)| *own == path);
        self.0.keys().filter(move |path| !is_read(path) && !known(path)).map(|path| {
            format!(
                "{path}: no part of the lexicon reads it; files of your own go to topics/NAME.toml, officials/NAME.tsv, \
                 names/NAME.toml, languages/CODE/titles_NAME.toml or languages/CODE/cues_NAME.toml, others take the path of \
                 the one that they replace"
            )
        })
    }

    /// Drops all weights learnt from news: those of topics, of the focus and of cues. Handwritten rules remain.
    pub fn forget_learnt(&mut self) {
        self.0.retain(|path, _| {
            let file = path.rsplit('/').next().unwrap_or(path);
            !(path.starts_with("topics/learnt_")
                || path == "places/focus.tsv"
                || is_named(file, "cue_weights.tsv"))
        });
    }

    /// All files, ordered by path.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (path.as_ref(), text.as_str()))
    }
}

/// The rows of a table: the lines that are neither empty nor comments, numbered from 1 in the file. There is no
/// quoting: a tab always ends a cell.
pub fn rows(source: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(source.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// Weights by the name of what they weigh, in order: a line is `name<tab>weight`, or a comment after `#`. Errors name
/// file and line.
pub fn weights<'s>(path: &str, source: &'s str, errors: &mut Vec<String>) -> Vec<(&'s str, f32)> {
    let read = rows(source).filter_map(|(number, line)| {
        let read = line.split_once('\t').and_then(|(name, weight)| Some((name, weight.parse().ok()?)));
        if read.is_none() {
            errors.push(format!("{path} line {number}: not `name<tab>weight`"));
        }
        read
    });
    read.collect()
}

/// A line of weights for several outcomes.
#[derive(Debug)]
pub struct Outcomes<'s> {
    /// From 1.
    pub line: usize,
    /// What is weighed.
    pub name: &'s str,
    /// What it weighs for each outcome.
    pub weights: Vec<(&'s str, f32)>,
}

/// The same for several outcomes: `name<tab>outcome=weight<tab>…` a line.
pub fn weights_by_outcome<'s>(path: &str, source: &'s str, errors: &mut Vec<String>) -> Vec<Outcomes<'s>> {
    let weight = |cell: &'s str| {
        let (outcome, weight) = cell.split_once('=')?;
        Some((outcome, weight.parse().ok()?))
    };
    let mut read = Vec::new();
    for (number, line) in rows(source) {
        let cells =
            line.split_once('\t').map(|(name, cells)| (name, cells.split('\t').map(weight).collect()));
        match cells {
            Some((name, Some(weights))) => read.push(Outcomes { line: number, name, weights }),
            _ => errors.push(format!("{path} line {number}: not `name<tab>outcome=weight<tab>…`")),
        }
    }
    read
}

/// Whether a file has this name, or this name followed by `_` and more: `cues_mine.toml` counts as `cues.toml`.
fn is_named(file: &str, name: &str) -> bool {
    let (Some((stem, extension)), Some((own_stem, own_extension))) =
        (file.rsplit_once('.'), name.rsplit_once('.'))
    else {
        return false;
    };
    extension == own_extension
        && stem.strip_prefix(own_stem).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_the_files_of_its_folder_and_own_ones_beside_them() {
        let mut files = Files::none();
        for path in [
            "languages/en/cues.toml",
            "languages/en/cues_mine.toml",
            "languages/de/cues.toml",
            "languages/de/cues.tsv",
        ] {
            files.put(path, "");
        }
        let found: Vec<_> = files.of_languages("cues.toml").map(|(code, path, _)| (code, path)).collect();
        assert_eq!(
            found,
            [
                ("de", "languages/de/cues.toml"),
                ("en", "languages/en/cues.toml"),
                ("en", "languages/en/cues_mine.toml")
            ]
        );
        let unread: Vec<_> = files.unread().collect();
        assert!(unread.len() == 1 && unread[0].starts_with("languages/de/cues.tsv"), "{unread:?}");
    }

    #[test]
    fn a_file_at_an_old_path_is_told() {
        let mut files = Files::none();
        files.put("cues/mine.toml", "");
        assert!(files.unread().next().is_some_and(|told| told.contains("languages/CODE/cues_NAME.toml")));
    }
}
