//! Prints the words of each article on standard input (NDJSON events) as written and stemmed, one line per article;
//! `config/lexicon/generate/learn_topics.py` learns the weights from them.

use std::io::{BufRead, Write};

use presswatch::article::clean::clean;
use presswatch::article::decode::{Limits, Message, decode};
use presswatch::document::{Document, Scanned};
use presswatch::knowledge::Knowledge;
use presswatch::text::Kind;

fn main() -> anyhow::Result<()> {
    let lexicon = Knowledge::compiled_in();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let message = Message { body: line.as_bytes(), ..Message::default() };
        let article = clean(decode(message, &Limits::default())?, &lexicon);
        let (id, language) = (article.id.clone(), article.language);
        let document = Document::of(article, &lexicon.vocabulary);
        let words = |part: &Scanned| -> Vec<[String; 2]> {
            (0..part.text.tokens.len())
                .map(|i| match part.text.tokens[i].kind {
                    Kind::Word => {
                        let stem = lexicon.vocabulary.scanner.stem(part.text.word(i), language);
                        [part.text.word(i).to_lowercase(), stem]
                    }
                    _ => [String::new(), String::new()],
                })
                .collect()
        };
        let line = serde_json::json!({
            "id": id, "language": language.as_str(), "title": words(&document.title), "body": words(&document.body)
        });
        serde_json::to_writer(&mut out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
