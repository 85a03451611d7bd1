//! What a query probably does not mean: reported when it is checked, never a reason to refuse it.

use rustc_hash::FxHashMap;

use super::codes::Named;
use super::dictionary::Dictionary;
use super::program::compile;
use super::query::{Expr, Tag, TagKind, Term, Value, bare_words, oddities};
use super::words::{self, Words};
use super::{Watch, key};

/// A word is common if at least this share of articles contains it.
const COMMON: f32 = 0.02;

/// A watch that runs on more than this share of articles is reported as expensive.
const MUCH: f32 = 0.3;

/// What may be meant by the value of a tag that the lexicon does not know, as it is written in a query; `Ok` if it knows
/// the value. Asked of persons, by folded name or slug, and of classes of cues.
pub type Knows<'k> = &'k dyn Fn(TagKind, &str) -> Result<(), Vec<String>>;

/// Warnings about a watch whose query was parsed to `expr`.
pub fn warnings(watch: &Watch, expr: &Expr, words: &Words, knows: Knows) -> Vec<String> {
    let mut out = oddities(&watch.when);
    capitals(&watch.when, words, &mut out);
    each(expr, &mut |part| {
        if let Expr::Tag(tag) = part {
            out.extend(of_tag(tag, words, knows));
        }
    });
    if !watch.forms {
        unasked_forms(expr, words, &mut out);
    }
    let need = compile(expr, &mut Dictionary::default(), words, None).need;
    match need {
        None => out.push("it is asked of every article: nothing it asks for can be looked up".to_owned()),
        _ if is_broad(expr, words) => out.push(format!(
            "`{expr}` asks for no word, topic or person: it may match a large part of all articles"
        )),
        Some(need) if need.cost > MUCH => {
            let share = (need.cost.min(1.0) * 100.0).round();
            out.push(format!("it is asked of about {share} % of all articles: its rarest part is common"));
        }
        Some(_) => {}
    }
    out.sort();
    out.dedup();
    out
}

/// What is wrong with the value of a tag.
fn of_tag(tag: &Tag, words: &Words, knows: Knows) -> Option<String> {
    let Tag { kind, value } = tag;
    let codes = &words.codes;
    let meant = |like: Option<&Named>| like.map(|like| format!("`{}` ({})", like.code, like.name));
    let no_country = |code: &str| {
        let like = suggested(meant(codes.country_like(code)).as_slice());
        format!("`{code}` is the code of no country: nothing will be found by it{like}")
    };
    let what = match value {
        // an organisation may have an office that the lexicon does not know
        Value::Office { country: Some(code), .. } if code.len() == 2 && !codes.has_offices(code) => {
            return Some(no_country(code));
        }
        Value::Office { .. } => return None,
        Value::Text(what) => what,
    };
    match kind {
        TagKind::Named if what == "any" => {
            Some("`any` finds nobody in named:, only in said: and by:".to_owned())
        }
        TagKind::Named | TagKind::Said | TagKind::By if what != "any" => {
            let like = suggested(&knows(*kind, &words::name(what)).err()?);
            Some(format!(
                "the lexicon knows nobody by the name of `{what}`: only that very name will be found{like}"
            ))
        }
        TagKind::About | TagKind::Mentions | TagKind::From if !codes.is_country(what) => {
            Some(no_country(what))
        }
        TagKind::Cue => {
            let like = suggested(&knows(*kind, what).err()?);
            Some(format!("`{what}` is not a class of cues: nothing will be found by it{like}"))
        }
        TagKind::Kind if !matches!(what.as_str(), "direct" | "mixed" | "indirect") => {
            Some(format!("`{what}` is not a kind of quote: kind: takes direct, mixed and indirect"))
        }
        TagKind::Lang if !codes.is_language(what) => {
            let like = suggested(meant(codes.language_like(what)).as_slice());
            Some(format!(
                "`{what}` is not the code of a language, such as `en`: nothing will be found by it{like}"
            ))
        }
        TagKind::Site if what.contains(['/', '*', ':']) => Some(format!(
            "`{what}` is not the name of a site, such as `bbc.co.uk`: nothing will be found by it"
        )),
        _ => None,
    }
}

/// What to add to a warning if something may be meant.
fn suggested(meant: &[String]) -> String {
    if meant.is_empty() { String::new() } else { format!("; did you mean {}?", meant.join(", ")) }
}

/// Whether it holds for whatever is in some language, or quotes somebody.
fn is_broad(expr: &Expr, words: &Words) -> bool {
    match expr {
        Expr::And(parts) => parts.iter().all(|part| matches!(part, Expr::Not(_)) || is_broad(part, words)),
        Expr::Or(parts) => parts.iter().any(|part| is_broad(part, words)),
        Expr::Within(_, inner) | Expr::Scope(_, inner) => is_broad(inner, words),
        Expr::Tag(Tag { kind: TagKind::Lang, value: Value::Text(code) }) => words.codes.is_language(code),
        Expr::Tag(Tag { kind: TagKind::Kind, .. }) => true,
        Expr::Tag(Tag { kind: TagKind::Said | TagKind::By, value: Value::Text(who) }) => who == "any",
        Expr::Tag(Tag { kind: TagKind::Is, value: Value::Text(place) }) => place == "first",
        _ => false,
    }
}

/// Short words in capitals that are also common words in lower case: US matches "us".
fn capitals(query: &str, words: &Words, out: &mut Vec<String>) {
    for (text, quoted) in bare_words(query) {
        let parts = if quoted { vec![text.as_str()] } else { text.split(['-', '/', '.']).collect() };
        for word in parts.into_iter().map(|part| part.trim_matches(|c: char| !c.is_alphanumeric())) {
            let short = (2..=4).contains(&word.chars().count()) && word.chars().all(char::is_uppercase);
            let small = word.to_lowercase();
            if short && words.share(key::word(&small)).is_some_and(|share| share >= COMMON) {
                out.push(format!("`{word}` finds `{small}` too: raw:\"{word}\" finds it as written"));
            }
        }
    }
}

/// Words with other forms that are common but not asked for.
fn unasked_forms(expr: &Expr, words: &Words, out: &mut Vec<String>) {
    // each word asked for alone, with whether it is asked for as written, and the forms that it may be one of
    let mut asked: Vec<(&str, bool, Vec<u64>)> = Vec::new();
    each(expr, &mut |part| {
        if let Expr::Term(Term::Words { words: term, forms }) = part
            && term.len() == 1
        {
            asked.push((&term[0], !forms, words.form_keys(&term[0])));
        }
    });
    asked.sort();
    asked.dedup();
    let own = |word: &str| words.share(key::word(word)).unwrap_or(words.rare());
    // what the words asked for share of each form: "sanction OR sanctions" asks for both
    let mut of_form: FxHashMap<u64, f32> = FxHashMap::default();
    for (word, _, forms) in &asked {
        for form in forms {
            *of_form.entry(*form).or_default() += own(word);
        }
    }
    for (word, _, forms) in asked.iter().filter(|(_, bare, _)| *bare) {
        let commoner = |form: &u64| {
            let all = words.share(*form).unwrap_or(0.0);
            all > COMMON && all > own(word) * 2.0 + of_form.get(form).copied().unwrap_or_default()
        };
        if forms.iter().any(commoner) {
            out.push(format!(
                "`{word}` is found in this form alone, and others are commoner: {word}~ finds them all"
            ));
        }
    }
}

/// Visits every part of a query.
pub(super) fn each<'e>(expr: &'e Expr, told: &mut impl FnMut(&'e Expr)) {
    told(expr);
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| each(part, told)),
        Expr::Not(inner) | Expr::AtLeast(_, inner) | Expr::Within(_, inner) | Expr::Scope(_, inner) => {
            each(inner, told);
        }
        Expr::Near { left, right, .. } => {
            each(left, told);
            each(right, told);
        }
        Expr::Term(_) | Expr::Tag(_) => {}
    }
}
