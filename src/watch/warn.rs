//! What a query probably does not mean: reported when it is checked, never a reason to refuse it.

use rustc_hash::FxHashMap;

use super::dictionary::Dictionary;
use super::program::compile;
use super::query::{Expr, Tag, TagKind, Term, Value};
use super::words::{self, Words};
use super::{Watch, key};
use crate::text::Language;

/// A word is common if at least this share of articles contains it.
const COMMON: f32 = 0.02;

/// A watch that runs on more than this share of articles is reported as expensive.
const MUCH: f32 = 0.3;

/// Warnings about a watch whose query was parsed to `expr`. `knows` says whether the lexicon knows what a tag asks for:
/// a person by name or slug, a country by its code, a class of cues.
pub fn warnings(
    watch: &Watch,
    expr: &Expr,
    words: &Words,
    knows: &dyn Fn(TagKind, &str) -> bool,
) -> Vec<String> {
    let mut out = Vec::new();
    capitals(&watch.when, words, &mut out);
    each(expr, &mut |part| {
        let Expr::Tag(Tag { kind, value: Value::Text(what) }) = part else { return };
        match kind {
            TagKind::Named | TagKind::Said | TagKind::By
                if what != "any" && !knows(*kind, &words::name(what)) =>
            {
                out.push(format!(
                    "the lexicon knows nobody by the name of `{what}`: only that very name will be found"
                ));
            }
            TagKind::About | TagKind::Mentions | TagKind::From if !knows(*kind, &what.to_uppercase()) => {
                out.push(format!("`{what}` is the code of no country: nothing will be found by it"));
            }
            TagKind::Cue if !knows(*kind, what) => {
                out.push(format!(
                    "`{what}` is no class of cues, such as `deny`: nothing will be found by it"
                ));
            }
            TagKind::Lang if what.len() > 3 || Language::parse(what).is_none() => {
                out.push(format!(
                    "`{what}` is no code of a language, such as `en`: nothing will be found by it"
                ));
            }
            _ => {}
        }
    });
    if !watch.forms {
        unasked_forms(expr, words, &mut out);
    }
    let need = compile(expr, &mut Dictionary::default(), words, None).need;
    match need {
        None => out.push("it is asked of every article: nothing it asks for can be looked up".to_owned()),
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

/// Short words in capitals that are also common words in lower case: US matches "us".
fn capitals(query: &str, words: &Words, out: &mut Vec<String>) {
    let ends = |c: char| !(c.is_alphanumeric() || c == ':' || c == '/');
    let bare: String = query.split(['"', '“', '”']).step_by(2).collect::<Vec<_>>().join(" ");
    for word in bare.split(ends).filter(|w| (2..=4).contains(&w.chars().count())) {
        let operator = matches!(word, "AND" | "OR" | "NOT" | "NEAR");
        let common = || words.share(key::word(&word.to_lowercase())).is_some_and(|share| share >= COMMON);
        if word.chars().all(char::is_uppercase) && !operator && common() {
            let small = word.to_lowercase();
            out.push(format!("`{word}` finds `{small}` too: raw:\"{word}\" finds it as written"));
        }
    }
}

/// Words with other forms that are common but not asked for.
fn unasked_forms(expr: &Expr, words: &Words, out: &mut Vec<String>) {
    // each word asked for alone, with whether it is asked for as it stands, and the forms that it may be one of
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
