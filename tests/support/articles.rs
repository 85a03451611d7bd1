//! Articles that differ, made from a number; what they hold is known.

use serde_json::{Value, json};

const COUNTRIES: [(&str, &str, &str); 5] = [
    ("AZ", "Azerbaijan", "Baku"),
    ("GE", "Georgia", "Tbilisi"),
    ("FR", "France", "Paris"),
    ("JP", "Japan", "Tokyo"),
    ("BR", "Brazil", "Brasilia"),
];

/// The country that article `n` is about.
pub fn country(n: usize) -> &'static str {
    COUNTRIES[n % COUNTRIES.len()].0
}

/// Whether article `n` is about sanctions; else it is about an earthquake.
pub fn on_sanctions(n: usize) -> bool {
    n.is_multiple_of(3)
}

/// Article number `n` as an event.
pub fn event(n: usize) -> Value {
    let (_, country, capital) = COUNTRIES[n % COUNTRIES.len()];
    let story = if on_sanctions(n) {
        format!(
            "The economic sanctions against {country} stay in force, lawmakers said in file {n}. The sanctions list \
             grew by {n} names, and officials in {capital} called the sanctions unjust."
        )
    } else {
        format!(
            "An earthquake shook {country} on Monday, as report {n} tells. Rescuers in {capital} searched for survivors \
             of the earthquake, whose aftershocks were felt for {n} seconds."
        )
    };
    let title = if on_sanctions(n) { "Sanctions against" } else { "Earthquake in" };
    json!({
        "id": format!("article-{n}"),
        "url": format!("https://news.example.org/{n}"),
        "title": format!("{title} {country}, number {n}"),
        "body": story,
        "language": "en",
        "published_at": "2026-05-04T08:00:00Z",
        "source": {"name": "Example News", "domain": "news.example.org"},
    })
}

/// A message that is no article, with the reason for which it is dead. They differ by number.
pub fn broken(n: usize) -> (Vec<u8>, &'static str) {
    match n % 4 {
        0 => (format!("{{\"title\": \"cut off {n}").into_bytes(), "not-json"),
        1 => (
            json!({"title": "…", "body": " ", "url": format!("https://news.example.org/{n}")})
                .to_string()
                .into_bytes(),
            "no-text",
        ),
        2 => (
            [format!("{{\"title\": \"{n} ").as_bytes(), &[0xff, 0xfe], b"\", \"body\": \"x\"}"].concat(),
            "not-utf8",
        ),
        _ => (json!({"title": n, "body": ["a list"]}).to_string().into_bytes(), "wrong-schema"),
    }
}
