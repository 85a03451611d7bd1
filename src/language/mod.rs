//! What a language is, read from its folder in `config/lexicon/languages`: its small words, stems, name endings.

pub mod class;
pub mod function_words;
pub mod grams;
pub mod names;
pub mod number;
pub mod profile;
pub mod scripts;
pub mod slug;
pub mod small;
pub mod stem;
pub mod word;

pub use function_words::FunctionWords;
pub use profile::Languages;
