//! Prints the features that the quote tagger weighs for the body of each article on standard input (NDJSON events), one
//! line per article; `config/lexicon/generate/learn_cues.py` learns the weights from them.

use std::io::{BufRead, Write};

use presswatch::article::decode::{Limits, Message, decode};
use presswatch::article::{Content, clean::clean};
use presswatch::document::Document;
use presswatch::knowledge::Knowledge;
use presswatch::quote::proposals;

fn main() -> anyhow::Result<()> {
    let lexicon = Knowledge::compiled_in();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let message = Message { body: line.as_bytes(), ..Message::default() };
        let mut article = decode(message, &Limits::default())?;
        // gold labels refer to the body as received
        let raw = match &article.content {
            Content::Text(text) => text.clone(),
            Content::Html(_) => String::new(),
        };
        article.content = Content::Text(raw.clone());
        let article = clean(article, &lexicon);
        let document = Document::new(
            article.title,
            raw,
            article.language,
            article.published_at,
            article.source,
            &lexicon.vocabulary,
        );
        serde_json::to_writer(
            &mut out,
            &serde_json::json!({ "id": article.id, "proposals": proposals(&document, lexicon.of_quotes()) }),
        )?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
