//! `presswatch tag`: articles in, tagged articles out, in the same order, using all cores.

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use presswatch::article::decode::Message;
use presswatch::catalogue::Catalogue;
use presswatch::config::Settings;
use presswatch::pipeline::Pipeline;
use presswatch::tagging::{Explained, Tagged};
use presswatch::watch::{Match, WatchSet, Workspace};
use rayon::prelude::*;
use serde::Serialize;

use super::input::{Piece, pieces};
use super::{pretty, written};

/// Bytes read before they are tagged together: enough for all cores, few enough for memory.
const CHUNK: usize = 4 << 20;

/// Tags all files, or stdin. Unreadable input is reported on stderr and makes the exit status 1; the rest is tagged.
pub fn run(
    files: &[PathBuf],
    pretty: bool,
    why: Option<&str>,
    watches: &[PathBuf],
    settings: &Settings,
) -> anyhow::Result<ExitCode> {
    let pipeline = super::pipeline(settings)?;
    let (watches, mut failed) = match watches {
        [] => (None, false),
        paths => {
            let (set, faults) = super::watch::load(paths, &pipeline)?;
            faults.iter().for_each(|fault| tell!("error: {}", pretty::lines(&fault.to_string())));
            (Some(set), !faults.is_empty())
        }
    };
    let show = match why {
        Some("focus") => Show::Why(Explained::Focus),
        Some("quotes") => Show::Why(Explained::Quotes),
        Some(name) => Show::Why(Explained::Topic(topic(name, &pipeline)?)),
        None if pretty => Show::Pretty,
        None => Show::Json,
    };
    // only output for a person has colours to strip when piped
    let out: Box<dyn Write> = match show {
        Show::Pretty => Box::new(anstream::stdout()),
        Show::Json | Show::Why(_) => Box::new(std::io::stdout()),
    };
    let mut out = BufWriter::with_capacity(1 << 18, out);
    let mut input = pieces(files);
    loop {
        let mut chunk = Vec::new();
        let mut bytes = 0;
        for piece in input.by_ref() {
            bytes += piece.as_ref().map_or(0, |p| p.body.len());
            chunk.push(piece);
            if bytes >= CHUNK {
                break;
            }
        }
        if chunk.is_empty() {
            break;
        }
        let tagged: Vec<_> = chunk
            .into_par_iter()
            .map_init(Workspace::default, |work, piece| tag(&piece?, show, &pipeline, watches.as_ref(), work))
            .collect();
        for result in tagged {
            match result {
                Ok(lines) => written(out.write_all(&lines))?,
                Err(error) => {
                    // it may contain a location or a charset of the article
                    tell!("error: {}", pretty::lines(&format!("{error:#}")));
                    failed = true;
                }
            }
        }
    }
    written(out.flush())?;
    for (id, why) in watches.iter().flat_map(WatchSet::aside) {
        tell!("error: {id} was set aside, and is missing from here on: {why}");
        failed = true;
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The topic with a code or a name; if a name may mean several, the likeliest, with a note.
fn topic(name: &str, pipeline: &Pipeline) -> anyhow::Result<u16> {
    let topics = &pipeline.lexicon.topics;
    if let Some(topic) = topics.by_code(name) {
        return Ok(topic);
    }
    let catalogue = Catalogue::new(&pipeline.lexicon);
    let found = catalogue.topics(name);
    let topic = found.first().and_then(|(code, _)| topics.by_code(code));
    let topic = topic.with_context(|| {
        format!(
            "`--why {name}`: no topic has that code or name; `presswatch keys NAME` finds topics by name, and `focus` and \
             `quotes` can be asked for too"
        )
    })?;
    if let [_, others @ ..] = &found[..]
        && !others.is_empty()
    {
        let others: Vec<String> = others.iter().map(|(code, name)| format!("{code} {name}")).collect();
        let chosen = topics.topic(topic);
        tell!(
            "note: `{name}` is taken for {} {}; there are {} too",
            chosen.code,
            chosen.name,
            others.join(", ")
        );
    }
    Ok(topic)
}

/// What to write for an article.
#[derive(Debug, Clone, Copy)]
enum Show {
    Json,
    Pretty,
    /// Why this was or was not found.
    Why(Explained),
}

/// A tagged article and the watches that match it.
#[derive(Serialize)]
struct Watched {
    #[serde(flatten)]
    tagged: Tagged,
    watches: Vec<Match>,
}

fn tag(
    piece: &Piece,
    show: Show,
    pipeline: &Pipeline,
    watches: Option<&WatchSet>,
    workspace: &mut Workspace,
) -> anyhow::Result<Vec<u8>> {
    let message = Message { body: &piece.body, content_type: piece.content_type, ..Message::default() };
    if let Show::Why(what) = show {
        let told = pipeline.explain(message, what).with_context(|| piece.place.clone())?;
        return Ok(pretty::lines(&told).into_bytes());
    }
    if let (Some(watches), Show::Json) = (watches, show) {
        let analysed = pipeline.analyse(message).with_context(|| piece.place.clone())?;
        let watches = watches.matches(analysed.article(), workspace);
        let mut line = serde_json::to_vec(&Watched { tagged: analysed.tagged, watches })?;
        line.push(b'\n');
        return Ok(line);
    }
    let tagged = pipeline.tag(message).with_context(|| piece.place.clone())?;
    if let Show::Pretty = show {
        return Ok(pretty::article(&tagged).into_bytes());
    }
    let mut line = serde_json::to_vec(&tagged).expect("tags hold nothing that JSON can't");
    line.push(b'\n');
    Ok(line)
}
