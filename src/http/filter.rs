//! The filters in the query of `/alerts` and related paths.

use std::borrow::Cow;

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::problem;
use crate::alert::Pattern;
use crate::broker::wanted::Wanted;

/// The names of the filters.
const FILTERS: [&str; 8] = ["key", "and", "not", "source", "language", "text", "from", "to"];

/// The most values of one filter.
const MOST: usize = 100;

/// The values of a query parameter.
pub(super) fn given<'q>(
    query: &'q str,
    wanted: &'static str,
) -> impl Iterator<Item = Cow<'q, str>> + use<'q> {
    form_urlencoded::parse(query.as_bytes()).filter(move |(name, _)| name == wanted).map(|(_, value)| value)
}

/// A query parameter as a number.
pub(super) fn number<T: std::str::FromStr>(query: &str, wanted: &'static str) -> Option<T> {
    given(query, wanted).find_map(|value| value.parse().ok())
}

/// Filters: `key` (any of them), `and` (each), `not` (none), `source` and `language` (any), `text` (each word), `from`,
/// `to`. A name that is neither a filter nor one of `others` is refused: a filter misspelt would let everything pass.
pub(super) fn wanted(query: &str, others: &[&str]) -> Result<Wanted, Response> {
    let known = |name: &str| FILTERS.contains(&name) || others.contains(&name);
    if let Some((name, _)) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| !known(name)) {
        let known: Vec<String> = FILTERS.iter().chain(others).map(|name| format!("`{name}`")).collect();
        let why = format!("`{name}` is not a parameter here; there are {}", known.join(", "));
        return Err(problem(StatusCode::BAD_REQUEST, &why));
    }
    let list = |name| given(query, name).map(Cow::into_owned).filter(|value| !value.trim().is_empty());
    let patterns = |name| list(name).map(Pattern::new).collect();
    let small = |name| list(name).map(|value| value.trim().to_lowercase());
    let wanted = Wanted {
        any: patterns("key"),
        all: patterns("and"),
        none: patterns("not"),
        sources: small("source").collect(),
        languages: small("language").collect(),
        words: list("text").flat_map(|text| words(&text)).collect(),
        from: time(query, "from")?,
        to: time(query, "to")?,
        article: None,
    };
    let Wanted { any, all, none, sources, languages, words, .. } = &wanted;
    let patterns = [any, all, none].map(Vec::len);
    if patterns.into_iter().chain([sources, languages, words].map(Vec::len)).any(|many| many > MOST) {
        let why = format!("more than {MOST} values of one name");
        return Err(problem(StatusCode::BAD_REQUEST, &why));
    }
    Ok(wanted)
}

/// Search words in lower case; anything in quotation marks is one.
fn words(text: &str) -> Vec<String> {
    let parts = text.split('"').enumerate();
    let phrases = parts.flat_map(|(at, part)| {
        let one = at % 2 == 1;
        let phrase = one.then(|| part.trim()).into_iter();
        phrase.chain(part.split_whitespace().filter(move |_| !one))
    });
    phrases.filter(|phrase| !phrase.is_empty()).map(str::to_lowercase).collect()
}

/// An instant, or the beginning of a day.
fn time(query: &str, name: &'static str) -> Result<Option<Timestamp>, Response> {
    let Some(text) = given(query, name).find(|value| !value.is_empty()) else { return Ok(None) };
    let day = || format!("{text}T00:00:00Z").parse();
    text.parse().or_else(|_| day()).map(Some).map_err(|_: jiff::Error| {
        let why =
            format!("`{name}` takes an instant such as 2026-03-03T10:00:00Z, or a day such as 2026-03-03");
        problem(StatusCode::BAD_REQUEST, &why)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read() {
        let query = "key=country.AZ&key=said.*&and=topic.1&not=mention.RU&source=Example+Wire&language=en&language=DE\
                     &text=Oil+%22gas+pipe%22&from=2026-03-03&to=2026-03-04T10:00:00Z&limit=3&before=x";
        let list = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        let want = Wanted {
            any: vec![Pattern::new("country.AZ"), Pattern::new("said.*")],
            all: vec![Pattern::new("topic.1")],
            none: vec![Pattern::new("mention.RU")],
            sources: list(&["example wire"]),
            languages: list(&["en", "de"]),
            words: list(&["oil", "gas pipe"]),
            from: "2026-03-03T00:00:00Z".parse().ok(),
            to: "2026-03-04T10:00:00Z".parse().ok(),
            article: None,
        };
        let numbers = ["limit", "before"];
        assert_eq!(wanted(query, &numbers).unwrap(), want);
        assert_eq!(wanted(query, &["limit"]).unwrap_err().status(), StatusCode::BAD_REQUEST);
        assert_eq!(wanted("keyy=country.AZ", &numbers).unwrap_err().status(), StatusCode::BAD_REQUEST);
        assert_eq!((number(query, "limit"), number::<u64>(query, "before")), (Some(3), None));
        assert_eq!(wanted("key=&text=+&from=", &[]).unwrap(), Wanted::default());
        assert_eq!(wanted("from=yesterday", &[]).unwrap_err().status(), StatusCode::BAD_REQUEST);
        assert_eq!(wanted(&"key=a&".repeat(101), &[]).unwrap_err().status(), StatusCode::BAD_REQUEST);
    }
}
