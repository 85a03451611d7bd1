//! Names of people: given names, and the key that all spellings and inflected forms of a name share.

mod cases;
mod endings;
mod read;

use rustc_hash::{FxHashMap, FxHashSet};

use self::cases::{Declined, Surnames};
pub use self::endings::Endings;
use crate::language::scripts::Scripts;
use crate::language::slug::bare;
use crate::text::fold;
use crate::text::{Language, Script};

/// Given names, from `config/lexicon/names`, and the endings that names take in each language.
#[derive(Debug, Default)]
pub struct Names {
    /// By [`Names::key`], with the name in the nominative.
    given: FxHashMap<Box<str>, Given>,
    /// Further given names with a key of those: "Виктория" beside "Виктор".
    more_given: FxHashMap<Box<str>, Vec<Given>>,
    /// Small words inside a name: "van", "bin", "de".
    particles: FxHashSet<Box<str>>,
    family_first: FxHashSet<Box<str>>,
    endings: FxHashMap<Language, Endings>,
    /// Languages in which a second surname may follow the first.
    two_surnames: FxHashSet<Language>,
    /// Letters that show which language's endings a name of the lexicon loses, if not those of its script's first
    /// language.
    letters: Vec<(Language, Box<str>)>,
    /// The script of each language.
    pub scripts: Scripts,
    /// Words of the lexicon's names in Latin letters, lower case with diacritics, that look as if they had a case
    /// ending: "irakli".
    whole: FxHashSet<Box<str>>,
    /// From the key of a short form to that of the full one.
    short: FxHashMap<Box<str>, Box<str>>,
    /// How keys of patronymics end: "вич".
    fathers: Vec<Box<str>>,
    /// Words after a surname that are not part of it: "Jr".
    suffixes: FxHashSet<Box<str>>,
    /// Given names that include the next word: "عبد".
    halves: FxHashSet<Box<str>>,
    /// Words that join a surname to the kind of firm: "and", in "Smith and Sons".
    of_firms: FxHashSet<Box<str>>,
    /// Words before a woman's name: "Mrs".
    women: FxHashSet<Box<str>>,
    /// Possessive endings after an apostrophe: "s".
    owners: Vec<Box<str>>,
    /// Endings that do the same behind an apostrophe or a hyphen, by language: "Türkiye'nin", "NATO-nun".
    owner_cases: FxHashMap<Language, Vec<Box<str>>>,
    /// Endings of indeclinable words: "Баку", "Сочи".
    one_case: Vec<Box<str>>,
    /// How adjectives of countries begin and end, where no capital marks them.
    adjectives: Vec<(Box<str>, Vec<Box<str>>)>,
    surnames: Vec<Surnames>,
    /// Where a language lists them: the keys of given names by their other cases.
    cases: FxHashMap<Language, FxHashMap<Box<str>, Box<str>>>,
    /// Given names that are also another one in another case, by language.
    also_cases: FxHashSet<(Language, Box<str>)>,
    /// How surnames decline where the whole form decides; the first that fits counts.
    declined: FxHashMap<Language, Vec<Declined>>,
}

/// A given name.
#[derive(Debug, Clone)]
pub struct Given {
    /// In the nominative.
    pub name: Box<str>,
    /// Whether women bear it; `None` if the lexicon does not say.
    pub female: Option<bool>,
}

impl Names {
    /// Whether a second surname may follow the first in a language: "Pedro Sánchez Gómez" is not Pedro Sánchez.
    pub fn has_two_surnames(&self, language: Language) -> bool {
        self.two_surnames.contains(&language)
    }

    /// The language whose endings a name of the lexicon loses, as identified by its letters, if at all.
    pub fn language_of(&self, name: &str) -> Language {
        let name = name.to_lowercase();
        let told = self.letters.iter().find(|(_, letters)| name.contains(|c| letters.contains(c)));
        told.map_or(Language::UND, |(language, _)| *language)
    }

    /// Registers a word of a name in Latin letters, so that its end is never taken for a case ending ("Meloni") or for
    /// the beginning of one ("Makron", whose genitive is "Makronun").
    pub fn keep_whole(&mut self, word: &str) {
        let mut small = String::new();
        fold(word, &mut small);
        let latin = small.chars().next().is_some_and(|c| Script::of(c) == Script::Latin);
        let like_case = |e: &Endings| {
            e.cut(&small).len() < small.len() || e.shared.iter().any(|s| small.ends_with(s.as_str()))
        };
        if latin && self.endings.values().any(like_case) {
            self.whole.insert(small.into());
        }
    }

    /// The given name with this key, of which a word is a form; the first of several.
    #[inline]
    pub fn given(&self, key: &str) -> Option<&Given> {
        self.given.get(key)
    }

    /// All given names with this key.
    pub fn all_given<'n>(&'n self, key: &str) -> impl Iterator<Item = &'n Given> + Clone {
        self.given.get(key).into_iter().chain(self.more_given.get(key).into_iter().flatten())
    }

    /// Whether the bearer of a given name in the nominative is a woman, if the lists show it.
    pub fn is_womans_name(&self, name: &str, language: Language) -> Option<bool> {
        let key = self.key(name, language);
        let mut all = self.all_given(&key);
        let own = all.clone().find(|given| *given.name == *name);
        let first = own.or_else(|| all.next())?;
        let agree = own.is_some() || all.all(|given| given.female == first.female);
        first.female.filter(|_| agree)
    }

    /// Whether a word in lower case may occur within a name.
    pub fn is_particle(&self, word: &str) -> bool {
        self.particles.contains(word)
    }

    /// Whether a name with or without this key may be the same person's: an initial, another given name, a patronymic.
    pub fn is_middle(&self, key: &str) -> bool {
        key.chars().count() == 1
            || self.given(key).is_some()
            || self.fathers.iter().any(|end| key.ends_with(end.as_ref()) && key.len() > end.len() + 2)
    }

    /// Whether a word follows a surname without being part of it: "Jr".
    pub fn is_suffix(&self, word: &str) -> bool {
        self.suffixes.contains(word)
    }

    /// Whether a word of a name of the lexicon numbers its bearers: "III", "Jr.".
    pub fn is_number(&self, word: &str) -> bool {
        self.is_suffix(word) || word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | '.'))
    }

    /// Whether a given name includes the next word.
    pub fn is_half(&self, word: &str) -> bool {
        self.halves.contains(word)
    }

    /// Whether a word joins a surname to the kind of firm.
    pub fn joins_firm(&self, word: &str) -> bool {
        self.of_firms.contains(word)
    }

    /// Whether a word in a script without case begins with the article that adjectives and surnames take.
    pub fn has_article(&self, word: &str) -> bool {
        self.adjectives.iter().any(|(begin, _)| word.starts_with(begin.as_ref()))
    }

    /// Whether a word precedes only the names of women: "Mrs".
    pub fn is_of_woman(&self, word: &str) -> bool {
        self.women.contains(word)
    }

    /// Whether letters after an apostrophe make the name before it a possessive.
    pub fn is_owner_ending(&self, letters: &str) -> bool {
        self.owners.iter().any(|owner| owner.eq_ignore_ascii_case(letters))
    }

    /// Whether letters after an apostrophe or a hyphen are a language's ending for a possessor.
    pub fn is_owner_case(&self, letters: &str, language: Language) -> bool {
        self.owner_cases.get(&language).is_some_and(|all| all.iter().any(|ending| **ending == *letters))
    }

    /// Whether a language attaches an article to the end of a name.
    pub fn attaches_article(&self, language: Language) -> bool {
        self.endings.get(&language).is_some_and(|endings| endings.article.is_some())
    }

    /// Whether a bare apostrophe after a text makes its last name a possessive.
    pub fn ends_like_owner(&self, text: &str) -> bool {
        self.owners.iter().any(|owner| text.ends_with(owner.as_ref()))
    }

    /// Whether a word in lower case may be indeclinable.
    pub fn has_one_case(&self, word: &str) -> bool {
        self.one_case.iter().any(|end| word.ends_with(end.as_ref()))
    }

    /// Whether a word in a script without case looks like the adjective of a country.
    pub fn is_adjective(&self, word: &str) -> bool {
        let fits = |ends: &[Box<str>]| ends.iter().any(|end| word.ends_with(end.as_ref()));
        self.adjectives.iter().any(|(begin, ends)| word.starts_with(begin.as_ref()) && fits(ends))
    }

    /// The key of the full form of a short given name ("bob" is "robert"); any other key unchanged.
    pub fn formal<'n>(&'n self, key: &'n str) -> &'n str {
        self.short.get(key).map_or(key, AsRef::as_ref)
    }

    /// Whether a key is that of a surname which precedes the given name ("Deng Xiaoping").
    pub fn is_family_first(&self, key: &str) -> bool {
        self.family_first.contains(key)
    }

    /// The word without its final article, in languages that put it there.
    pub fn article<'w>(&self, word: &'w str, language: Language) -> Option<&'w str> {
        let endings = self.endings.get(&language)?;
        let sure = |ending: &String| endings.certain(ending, word);
        let plain = endings.article.as_deref().and_then(|article| word.strip_suffix(article));
        plain.or_else(|| endings.article_behind.iter().find_map(sure))
    }

    /// Whether a word of a name in Latin letters has a case ending. A word that the lexicon has as written has none.
    pub fn is_inflected(&self, word: &str, language: Language) -> bool {
        let mut key = String::new();
        fold(word, &mut key);
        let whole = key.chars().count();
        let latin = key.chars().next().is_some_and(|c| Script::of(c) == Script::Latin);
        latin && {
            self.key_of_folded(language, &mut key);
            key.chars().count() < whole
        }
    }

    /// Further keys of a word in Latin letters whose ending may be cut off in several ways.
    pub fn other_keys(&self, word: &str, language: Language) -> Vec<String> {
        if !self.shares_letters(language) || !self.is_inflected(word, language) {
            return Vec::new();
        }
        let own = self.key(word, language);
        let folded = |base: &str| {
            let mut key = String::new();
            fold(base, &mut key);
            key.chars().map(bare).collect()
        };
        self.first_cases(word, language).map(folded).filter(|key| *key != own).collect()
    }

    /// The key that all spellings and inflected forms of a word of a name share: lower case without diacritics, and
    /// without the ending in languages that inflect names, unless the lexicon has the word as written.
    pub fn key(&self, word: &str, language: Language) -> String {
        let mut key = String::new();
        self.key_into(word, language, &mut key);
        key
    }

    /// [`Names::key`], written into an existing string.
    pub fn key_into(&self, word: &str, language: Language, key: &mut String) {
        fold(word, key);
        self.key_of_folded(language, key);
    }

    /// [`Names::key`] of a folded word.
    pub fn key_of_folded(&self, language: Language, key: &mut String) {
        if let Some(name) = self.cases.get(&language).and_then(|cases| cases.get(key.as_str())) {
            name.as_ref().clone_into(key);
            return;
        }
        let script = key.chars().next().map_or(Script::Other, Script::of);
        if let Some(endings) = self.endings.get(&self.scripts.of_word(language, script)) {
            let listed = |word: &str| script == Script::Latin && self.whole.contains(word);
            let mut stem = endings.cut(key).len();
            if stem < key.len() && !endings.shared.is_empty() {
                stem = endings.rests(key).find(|rest| listed(rest)).map_or(stem, str::len);
            }
            if stem < key.len() && !listed(key) {
                key.truncate(stem);
            }
        }
        if !key.is_ascii() {
            *key = key.chars().map(bare).collect();
        }
    }
}
