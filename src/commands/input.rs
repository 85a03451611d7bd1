//! Splits files of articles into messages: one per line for NDJSON, one per file otherwise.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// A message and where it comes from.
#[derive(Debug)]
pub struct Piece {
    /// "news.ndjson line 3", or the file's name.
    pub place: String,
    /// The bytes.
    pub body: Vec<u8>,
    /// `None` to detect it from the content.
    pub content_type: Option<&'static str>,
}

/// All messages of the files, in order; of stdin if there are none. A folder stands for the files in it. A file that
/// can't be read yields an error in its place.
pub fn pieces(files: &[PathBuf]) -> Box<dyn Iterator<Item = anyhow::Result<Piece>> + Send> {
    if files.is_empty() {
        return match of(BufReader::new(std::io::stdin()), "stdin", None) {
            Ok(pieces) => pieces,
            Err(error) => Box::new(std::iter::once(Err(error))),
        };
    }
    let files = files.to_vec();
    Box::new(files.into_iter().flat_map(|path| match below(&path) {
        Some(inside) => pieces(&inside),
        None => open(&path).unwrap_or_else(|error| Box::new(std::iter::once(Err(error)))),
    }))
}

/// The files of a folder, by name; `None` if it is not a folder, or an empty or unreadable one (which [`open`]
/// reports).
fn below(path: &Path) -> Option<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = path.read_dir().ok()?.filter_map(|e| Some(e.ok()?.path())).collect();
    files.sort();
    (!files.is_empty()).then_some(files)
}

fn open(path: &Path) -> anyhow::Result<Box<dyn Iterator<Item = anyhow::Result<Piece>> + Send>> {
    let place = path.display().to_string();
    let file = File::open(path).with_context(|| format!("can't read `{place}`"))?;
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    of(BufReader::with_capacity(1 << 16, file), &place, Some(&extension))
}

/// Whether it begins with a letter or the like, so that it is neither JSON, HTML, empty nor compressed.
fn is_prose(body: &[u8]) -> bool {
    let first = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start().first();
    first.is_some_and(|byte| !matches!(byte, b'{' | b'[' | b'<' | ..b' '))
}

/// Splits a source according to its file extension or, failing that, its first bytes: a line that is a complete JSON
/// object makes it NDJSON.
fn of(
    mut source: impl BufRead + Send + 'static,
    place: &str,
    extension: Option<&str>,
) -> anyhow::Result<Box<dyn Iterator<Item = anyhow::Result<Piece>> + Send>> {
    let lines = match extension {
        Some("ndjson" | "jsonl") => true,
        Some("html" | "htm" | "txt" | "text" | "gz") => false,
        _ => {
            let head = source.fill_buf().with_context(|| format!("can't read `{place}`"))?;
            let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
            let whole = line.len() < head.len() || head.len() < 1 << 12;
            line.trim_ascii_start().starts_with(b"{")
                && (serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok() || !whole)
        }
    };
    let place = place.to_owned();
    if !lines {
        let mut body = Vec::new();
        source.read_to_end(&mut body).with_context(|| format!("can't read `{place}`"))?;
        let content_type = match extension {
            Some("html" | "htm") => Some("text/html"),
            Some("txt" | "text") => Some("text/plain"),
            Some("json") => None,
            // a person who pastes a text can't declare a type
            None if is_prose(&body) => Some("text/plain"),
            Some(_) if is_prose(&body) => {
                bail!(
                    "`{place}`: unknown kind of file; name it .txt, .html, .json or .ndjson, or pass it on standard input"
                );
            }
            _ => None,
        };
        return Ok(Box::new(std::iter::once(Ok(Piece { place, body, content_type }))));
    }
    Ok(Box::new(source.split(b'\n').enumerate().filter_map(move |(at, line)| {
        let place = format!("{place} line {}", at + 1);
        match line {
            Ok(body) if body.trim_ascii().is_empty() => None,
            Ok(body) => Some(Ok(Piece { place, body, content_type: None })),
            Err(error) => Some(Err(anyhow::Error::new(error).context(format!("can't read {place}")))),
        }
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &'static str, extension: Option<&str>) -> Vec<(String, usize)> {
        let pieces = of(text.as_bytes(), "x", extension).unwrap();
        pieces.map(|p| p.unwrap()).map(|p| (p.place, p.body.len())).collect()
    }

    #[test]
    fn lines_are_told_from_documents() {
        let place = |s: &str, n| (s.to_owned(), n);
        assert_eq!(cut("{\"a\":1}\n\n{\"b\":22}\n", None), [place("x line 1", 7), place("x line 3", 8)]);
        assert_eq!(cut("{\n \"a\": 1\n}\n", None), [place("x", 12)]);
        assert_eq!(cut("<p>Hm</p>\n", Some("html")), [place("x", 10)]);
        assert_eq!(cut("{bad\n{\"a\":1}\n", Some("ndjson")).len(), 2);
        assert_eq!(cut("plain words\nand more\n", None).len(), 1);
        let kind = |text: &'static str| {
            of(text.as_bytes(), "x", None).unwrap().next().unwrap().unwrap().content_type
        };
        assert_eq!(kind("plain words\nand more\n"), Some("text/plain"));
        assert_eq!(kind("{\"title\": \"cut"), None);
        assert_eq!(kind(" <p>Hm</p>"), None);
        assert_eq!(kind("\u{1f}\u{8b}packed"), None);
        assert!(
            of("# words".as_bytes(), "notes.md", Some("md")).err().unwrap().to_string().contains("notes.md")
        );
    }
}
