//! The United States congress-legislators, as JSON.

use serde::Deserialize;

use super::Row;

#[derive(Deserialize)]
struct Legislator {
    id: Id,
    name: Name,
    #[serde(default)]
    terms: Vec<Term>,
}

#[derive(Deserialize)]
struct Id {
    bioguide: Option<String>,
    wikidata: Option<String>,
}

#[derive(Deserialize)]
struct Name {
    first: String,
    last: String,
    nickname: Option<String>,
    official_full: Option<String>,
}

#[derive(Deserialize)]
struct Term {
    r#type: String,
    start: String,
    end: String,
}

/// One row for each run of consecutive terms in one chamber.
pub(super) fn read(source: &str) -> Result<Vec<Row>, String> {
    if source.trim_start().starts_with('-') {
        return Err(
            "the list of legislators is YAML: take its JSON form, of the branch `gh-pages`".to_owned()
        );
    }
    let list: Vec<Legislator> =
        serde_json::from_str(source).map_err(|e| format!("no list of legislators: {e}"))?;
    Ok(list.iter().flat_map(rows).collect())
}

fn rows(legislator: &Legislator) -> Vec<Row> {
    let Legislator { id, name, terms } = legislator;
    let short = format!("{} {}", name.first, name.last);
    let nick = name.nickname.as_ref().map(|nick| format!("{nick} {}", name.last));
    let mut rows: Vec<Row> = Vec::new();
    for term in terms {
        let office = match term.r#type.as_str() {
            "sen" => "Senator",
            "rep" => "Representative",
            _ => continue,
        };
        // a Congress ends and the next begins on 3 January, or some days later
        let goes_on = |row: &&mut Row| row.office == office && row.to.get(..4) == term.start.get(..4);
        if let Some(row) = rows.last_mut().filter(goes_on) {
            row.to.clone_from(&term.end);
            continue;
        }
        rows.push(Row {
            name: name.official_full.clone().unwrap_or_else(|| short.clone()),
            aliases: std::iter::once(short.clone()).chain(nick.clone()).collect(),
            office: office.to_owned(),
            country: "US".to_owned(),
            from: term.start.clone(),
            to: term.end.clone(),
            wikidata: id.wikidata.clone().unwrap_or_default(),
            key: id.bioguide.clone().or_else(|| id.wikidata.clone()).unwrap_or_default(),
        });
    }
    rows
}
