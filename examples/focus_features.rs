//! Prints the features that the country tagger weighs for each article on standard input (NDJSON events), one line per
//! article; `config/lexicon/generate/learn_focus.py` learns the weights from them.

use std::io::{BufRead, Write};

use presswatch::article::clean::clean;
use presswatch::article::decode::{Limits, Message, decode};
use presswatch::document::Document;
use presswatch::knowledge::Knowledge;
use presswatch::{
    country::{focus_features, tag},
    official::people,
};

fn main() -> anyhow::Result<()> {
    let lexicon = Knowledge::compiled_in();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let message = Message { body: line.as_bytes(), ..Message::default() };
        let article = clean(decode(message, &Limits::default())?, &lexicon);
        let id = article.id.clone();
        let document = Document::of(article, &lexicon.vocabulary);
        let people = people(&document, lexicon.of_people());
        let features = focus_features(&document, &lexicon.places, &people);
        let dateline = tag(&document, &lexicon.places, &people).dateline.and_then(|d| d.country);
        serde_json::to_writer(
            &mut out,
            &serde_json::json!({ "id": id, "countries": features, "dateline": dateline }),
        )?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
