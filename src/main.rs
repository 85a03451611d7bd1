//! The command line.

use std::io::{BufRead, Write};

use presswatch::article::decode::{Limits, Message};
use presswatch::lexicon::Lexicon;
use presswatch::pipeline::Pipeline;

fn main() -> anyhow::Result<()> {
    let pipeline = Pipeline { lexicon: Lexicon::compiled_in(), limits: Limits::default() };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let tagged = pipeline.tag(Message { body: line.as_bytes(), ..Message::default() })?;
        serde_json::to_writer(&mut out, &tagged)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
