//! Names of people: given names, and the key under which the spellings and case forms of one name meet.

use deunicode::deunicode_char;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::files::Files;
use crate::language::Languages;
use crate::language::scripts::Scripts;
use crate::text::fold;
use crate::text::{Language, Script};

/// Given names, from `config/lexicon/names`, and the endings that names take in each language.
#[derive(Debug, Default)]
pub struct Names {
    /// By [`Names::key`], with the name in its first form.
    given: FxHashMap<Box<str>, Given>,
    /// Small words inside a name: "van", "bin", "de".
    particles: FxHashSet<Box<str>>,
    family_first: FxHashSet<Box<str>>,
    endings: FxHashMap<Language, Endings>,
    /// What each language is written in.
    pub scripts: Scripts,
    /// Words of the lexicon's names in small Latin letters with their marks, as far as they end like a case: "irakli".
    whole: FxHashSet<Box<str>>,
    /// From the key of a short form to that of the full one.
    short: FxHashMap<Box<str>, Box<str>>,
}

/// A given name.
#[derive(Debug, Clone)]
pub struct Given {
    /// As it is written in the first case.
    pub name: Box<str>,
    /// Whether women bear it; none for a name of which the lexicon does not say.
    pub female: Option<bool>,
}

/// The cases that names of persons take.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endings {
    /// Code points that must stay.
    least: usize,
    /// Longest first after [`Endings::sort`].
    suffixes: Vec<String>,
    /// The article where it is an ending: it stands at the last word of a name, and is no part of it.
    article: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    particles: String,
    #[serde(default)]
    family_first: String,
    #[serde(default)]
    male: String,
    #[serde(default)]
    female: String,
    #[serde(default)]
    either: String,
    #[serde(default)]
    short: FxHashMap<String, String>,
}

impl Names {
    /// Reads `names/*.toml`, and `names.toml` of each language. Errors name file and thing.
    pub fn parse(files: &Files, languages: &Languages, errors: &mut Vec<String>) -> Self {
        let endings =
            languages.all().filter_map(|(code, profile)| Some((code, profile.name_endings.clone()?)));
        let mut out =
            Self { endings: endings.collect(), scripts: languages.scripts.clone(), ..Self::default() };
        let mut lists = Vec::new();
        let of_languages = files.of_languages("names.toml").map(|(_, path, source)| (path, source));
        for (path, source) in files.below("names").chain(of_languages) {
            let written: Written = match toml::from_str(source) {
                Ok(written) => written,
                Err(e) => {
                    errors.push(format!("{path}: {e}"));
                    continue;
                }
            };
            out.particles.extend(written.particles.split_whitespace().map(Into::into));
            for (full, forms) in written.short {
                let full = full.to_lowercase();
                let forms = forms.split_whitespace().map(|f| (f.to_lowercase().into(), full.as_str().into()));
                out.short.extend(forms);
            }
            out.family_first.extend(written.family_first.split_whitespace().map(|w| w.to_lowercase().into()));
            lists.push((written.male, Some(false)));
            lists.push((written.female, Some(true)));
            lists.push((written.either, None));
        }
        for (list, female) in lists {
            for name in list.split_whitespace() {
                out.keep_whole(name);
                let key = out.key(name, Language::UND);
                out.given.entry(key.into()).or_insert(Given { name: name.into(), female });
            }
        }
        out
    }

    /// Takes note of a word of a name in Latin letters, so that no text takes its end for a case ("Meloni").
    pub fn keep_whole(&mut self, word: &str) {
        let mut small = String::new();
        fold(word, &mut small);
        let latin = small.chars().next().is_some_and(|c| Script::of(c) == Script::Latin);
        if latin && self.endings.values().any(|e| e.cut(&small).len() < small.len()) {
            self.whole.insert(small.into());
        }
    }

    /// The given name that a word is a form of.
    #[inline]
    pub fn given(&self, key: &str) -> Option<&Given> {
        self.given.get(key)
    }

    /// Whether a word in small letters may stand within a name.
    pub fn is_particle(&self, word: &str) -> bool {
        self.particles.contains(word)
    }

    /// The keys of first and last word, with the full form of a short given name: what the
    /// lexicon's officials are found by.
    pub fn full_key(&self, keys: &[String]) -> String {
        let first = keys[0].split('-').next().unwrap_or_default();
        let last = keys[keys.len() - 1].rsplit('-').next().unwrap_or_default();
        format!("{} {last}", self.formal(first))
    }

    /// The full form of a short given name ("bob" is "robert"), by key; any other as it is.
    pub fn formal<'n>(&'n self, key: &'n str) -> &'n str {
        self.short.get(key).map_or(key, AsRef::as_ref)
    }

    /// Whether a key is that of a surname that stands before the given name ("Deng Xiaoping").
    pub fn is_family_first(&self, key: &str) -> bool {
        self.family_first.contains(key)
    }

    /// The word without the article at its end, in languages that put it there.
    pub fn article<'w>(&self, word: &'w str, language: Language) -> Option<&'w str> {
        word.strip_suffix(self.endings.get(&language)?.article.as_deref()?)
    }

    /// What all spellings and case forms of a word of a name share: small letters without marks above or below,
    /// and in languages that inflect names without the ending, unless the lexicon has the word as it is written.
    pub fn key(&self, word: &str, language: Language) -> String {
        let mut key = String::new();
        self.key_into(word, language, &mut key);
        key
    }

    /// [`Names::key`] into a string that is there already.
    pub fn key_into(&self, word: &str, language: Language, key: &mut String) {
        fold(word, key);
        self.key_of_folded(language, key);
    }

    /// [`Names::key`] of what is folded already.
    pub fn key_of_folded(&self, language: Language, key: &mut String) {
        let script = key.chars().next().map_or(Script::Other, Script::of);
        if let Some(endings) = self.endings.get(&self.scripts.of_word(language, script)) {
            let stem = endings.cut(key).len();
            if stem < key.len() && !(script == Script::Latin && self.whole.contains(key.as_str())) {
                key.truncate(stem);
            }
        }
        if !key.is_ascii() {
            *key = key.chars().map(bare).collect();
        }
    }
}

impl Endings {
    /// Puts the longest first: it is cut off.
    pub(super) fn sort(&mut self) {
        self.suffixes.sort_by_key(|s| std::cmp::Reverse(s.len()));
    }

    fn cut<'w>(&self, word: &'w str) -> &'w str {
        self.suffixes
            .iter()
            .find_map(|s| word.strip_suffix(s.as_str()).filter(|rest| rest.chars().count() >= self.least))
            .unwrap_or(word)
    }
}

/// A Latin letter without its mark; any other as it is.
fn bare(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ə' | 'æ' => 'a',
        'ç' | 'ć' | 'č' | 'ĉ' | 'ċ' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' | 'ĝ' | 'ġ' | 'ģ' => 'g',
        'ì'..='ï' | 'ī' | 'ĭ' | 'į' | 'ı' => 'i',
        'ķ' => 'k',
        'ł' | 'ĺ' | 'ļ' | 'ľ' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' => 'o',
        'ŕ' | 'ř' => 'r',
        'ś' | 'ş' | 'š' | 'ș' => 's',
        'ť' | 'ţ' | 'ț' => 't',
        'ù'..='ü' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        _ => c,
    }
}

/// Bytes of a slug: a routing key has 255 at most.
const SLUG: usize = 100;

/// A name in small ASCII letters with hyphens, for routing keys: "Ilham Əliyev" becomes `ilham-aliyev`. Never empty, so
/// that a name in any script can be subscribed to.
pub fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut gap = false;
    // "İ" becomes two in small letters: "i" and a dot
    for c in name.chars().flat_map(char::to_lowercase).filter(|c| *c != '\u{307}') {
        let mut piece = [0; 4];
        let mut other = String::new();
        let latin: &str = match bare(c) {
            b if b.is_ascii_alphanumeric() => b.encode_utf8(&mut piece),
            b if b.is_alphanumeric() && transliterate(b).is_empty() => {
                other.extend(
                    deunicode_char(b).unwrap_or_default().chars().filter(char::is_ascii_alphanumeric),
                );
                other.make_ascii_lowercase();
                &other
            }
            b => transliterate(b),
        };
        if out.len() + latin.len() >= SLUG {
            break;
        }
        if latin.is_empty() {
            gap |= !(c == '\'' || c == '’' || c == 'ь' || c == 'ъ' || c == '.' || c == 'ʼ');
            continue;
        }
        if gap && !out.is_empty() {
            out.push('-');
        }
        gap = false;
        out.push_str(latin);
    }
    if out.is_empty() { "unnamed".to_owned() } else { out }
}

/// Cyrillic by the rules of BGN/PCGN as newspapers simplify them; empty for what has no rule.
fn transliterate(c: char) -> &'static str {
    match c {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' | 'ғ' => "g",
        'д' => "d",
        'е' | 'ё' | 'э' | 'є' => "e",
        'ж' | 'җ' => "zh",
        'з' => "z",
        'и' | 'і' | 'ї' => "i",
        'й' | 'ы' => "y",
        'к' | 'қ' => "k",
        'л' => "l",
        'м' => "m",
        'н' | 'ң' => "n",
        'о' | 'ө' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ў' | 'ү' | 'ұ' => "u",
        'ф' => "f",
        'х' => "kh",
        'һ' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ю' => "yu",
        'я' => "ya",
        'ß' => "ss",
        'þ' => "th",
        'œ' => "oe",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_any_script_has_a_slug() {
        for (name, want) in [
            ("Ilham Əliyev", "ilham-aliyev"),
            ("Владимир Зеленский", "vladimir-zelenskiy"),
            ("Նիկոլ Փաշինյան", "nikol-pashinyan"),
            ("João d'Ávila-Sá Jr.", "joao-davila-sa-jr"),
            ("…", "unnamed"),
        ] {
            assert_eq!(slug(name), want);
        }
        assert!(slug(&"Long ".repeat(99)).len() <= SLUG);
        assert!(!slug("أحمد الشامي").is_empty());
    }
}
