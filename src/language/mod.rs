//! What a language is, read from `config/lexicon`: its small words, stems, names, titles.

pub mod class;
pub mod function_words;
pub mod names;
pub mod number;
pub mod small;
pub mod stem;
pub mod word;

pub use function_words::FunctionWords;
