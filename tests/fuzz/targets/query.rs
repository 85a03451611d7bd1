#![no_main]

#[path = "../any_input.rs"]
mod any_input;
#[path = "../pieces.rs"]
mod pieces;

libfuzzer_sys::fuzz_target!(|data: &[u8]| any_input::query(data));
