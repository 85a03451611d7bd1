//! The word forms of an article: each is looked up once and remembered across articles.

use rustc_hash::FxHashMap;

use super::key;
use super::words::Words;
use crate::document::short_form::{FORMS, ShortForm, place, short_form};
use crate::text::{Kind, Language, Script, Text, Token, fold, unmarked};

/// The keys of one form of a word; 0 where it has none.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Form {
    /// As written, folded.
    pub word: u64,
    /// Without diacritics.
    pub plain: u64,
    /// Shared with its other forms.
    pub forms: u64,
    /// Its first four letters.
    pub prefix: u64,
    /// Its first four letters without diacritics.
    pub plain_prefix: u64,
}

/// Cache of the forms seen last, one per worker thread. It holds a fixed number of them, however much text passes
/// through.
#[derive(Debug)]
pub struct Forms {
    slots: Box<[Slot]>,
    details: Box<[Form]>,
    /// Forms of the current article that are too long for the cache, by word.
    long: FxHashMap<Box<str>, u32>,
    /// Number of the current article.
    article: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    letters: ShortForm,
    /// [`Language::number`]; 0 if the slot is empty.
    language: u32,
    /// The article in which it was last seen, and its number there.
    article: u32,
    number: u32,
}

impl Default for Forms {
    fn default() -> Self {
        Self {
            slots: vec![Slot::default(); FORMS].into(),
            details: vec![Form::default(); FORMS].into(),
            long: FxHashMap::default(),
            article: 0,
        }
    }
}

impl Forms {
    pub(super) fn begin(&mut self) {
        self.long.clear();
        self.article = self.article.wrapping_add(1);
        if self.article == 0 {
            self.slots.fill(Slot::default());
            self.article = 1;
        }
    }
}

/// Numbers the forms of one article.
pub(super) struct Asker<'l> {
    pub words: &'l Words,
    pub language: Language,
    pub memory: &'l mut Forms,
    pub buffer: String,
}

impl Asker<'_> {
    /// The number of a token's form in `forms`; a new form is added there.
    #[inline]
    pub fn form(&mut self, text: &Text, token: &Token, forms: &mut Vec<Form>) -> u32 {
        let word = text.of(token);
        let number = forms.len() as u32;
        let letters = short_form(text.raw.as_bytes(), token.start as usize, token.end as usize);
        let Some(letters) = letters else {
            if let Some(known) = self.memory.long.get(word) {
                return *known;
            }
            self.memory.long.insert(word.into(), number);
            forms.push(self.look_up(word, token));
            return number;
        };
        let language = self.language.number();
        let place = place(letters, language);
        let slot = self.memory.slots[place];
        let known = slot.letters == letters && slot.language == language;
        if known && slot.article == self.memory.article {
            return slot.number;
        }
        if !known {
            self.memory.details[place] = self.look_up(word, token);
        }
        self.memory.slots[place] = Slot { letters, language, article: self.memory.article, number };
        forms.push(self.memory.details[place]);
        number
    }

    fn look_up(&mut self, word: &str, token: &Token) -> Form {
        let folded = &mut self.buffer;
        fold(word, folded);
        let mut form = Form { word: key::word(folded), prefix: prefix(folded), ..Form::default() };
        if token.kind == Kind::Word {
            let language = self.words.language_of(self.language, Script::of(token.first));
            form.forms = self.words.form_key(language, folded).unwrap_or_default();
            if let Some(plain) = unmarked(folded) {
                form.plain = key::word(&plain);
                form.plain_prefix = prefix(&plain);
            }
        }
        form
    }
}

/// The key of the first four letters; 0 if the word is shorter.
fn prefix(word: &str) -> u64 {
    let end = match word.as_bytes().get(..4) {
        Some(first) if first.is_ascii() => 4,
        _ => match word.char_indices().nth(3) {
            Some((at, c)) => at + c.len_utf8(),
            None => return 0,
        },
    };
    key::prefix(&word[..end])
}
