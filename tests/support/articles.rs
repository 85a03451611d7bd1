//! Distinct articles, each made from a number, with known content.

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

/// Whether article `n` is about sanctions; otherwise it is about an earthquake.
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

/// Sentences to fill an article with, as in a longer report; `{}` is a number.
const SENTENCES: [&str; 16] = [
    "The ministry said on Tuesday that {} households had been without power since the storm.",
    "\"We will rebuild the road before the winter,\" the mayor told reporters, adding that {} workers were on site.",
    "Nobody was hurt, according to the fire service, which sent {} engines from the neighbouring towns.",
    "Prices rose by 0.{} percent in the third quarter, less than economists had expected.",
    "Talks between the two governments are to go on next week in Vienna, where {} delegates are expected.",
    "The court heard {} witnesses in the first week and adjourned the case until the autumn.",
    "A spokeswoman declined to say how many of the {} boats had reached the harbour.",
    "Farmers in the valley have waited for rain since the spring, and {} wells have run dry.",
    "The company, which employs {} people in the region, wants to close its older plant.",
    "Critics say that the law leaves too much to the police; its authors call that a misreading.",
    "In the second half the visitors pressed, but the goalkeeper held what came, {} shots in all.",
    "The museum will show {} drawings that had been thought lost for a century.",
    "Schools stay closed until Monday, and {} buses take the children of the outer villages to town.",
    "Doctors at the hospital treated {} people for smoke, most of whom went home the same day.",
    "The opposition called the budget a collection of hopes and asked for {} changes.",
    "It was the longest session since the parliament moved into its new building {} years ago.",
];

/// Article number `n` of about this many bytes, as JSON.
pub fn sized(n: usize, bytes: usize) -> String {
    let mut event = event(n);
    let mut body = event["body"].as_str().unwrap().to_owned();
    let room = bytes.saturating_sub(event.to_string().len());
    let end = body.len() + room;
    for at in 0.. {
        let sentence =
            SENTENCES[(n * 7 + at * 5) % SENTENCES.len()].replace("{}", &((n + at) % 90 + 2).to_string());
        if body.len() + sentence.len() + 2 > end {
            break;
        }
        body.push_str(if at % 3 == 0 { "\n\n" } else { " " });
        body.push_str(&sentence);
    }
    event["body"] = body.into();
    event.to_string()
}

/// A message that is not an article, with the reason for its dead letter. They differ by number.
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
