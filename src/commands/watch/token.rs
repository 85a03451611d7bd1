//! `presswatch watch token`: makes a token for an owner of watches.

use std::fs::File;
use std::io::Read as _;
use std::process::ExitCode;

use anyhow::Context as _;
use presswatch::watch::owner::digest;

/// Random bytes in a token: enough that it can't be guessed.
const BYTES: usize = 32;

/// Prints a new token, and what to write into the file for it. The token is stored nowhere.
pub fn run() -> anyhow::Result<ExitCode> {
    let mut bytes = [0; BYTES];
    let source = "/dev/urandom";
    File::open(source).and_then(|mut file| file.read_exact(&mut bytes)).context(source)?;
    let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    say!("{token}")?;
    tell!(
        "give it to the owner: it is stored nowhere. Add to a file in `watches.dir`, for an owner who may write:"
    );
    tell!("  [[owner]]\n  id = \"…\"\n  write = [\"{}\"]", digest(&token));
    tell!("With `read` instead of `write` they may only look.");
    Ok(ExitCode::SUCCESS)
}
