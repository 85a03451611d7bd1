//! `FollowTheMoney` entities, one per line, as exported by OpenSanctions.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Row;

#[derive(Deserialize)]
struct Entity {
    id: String,
    schema: String,
    #[serde(default)]
    caption: String,
    properties: BTreeMap<String, Vec<serde_json::Value>>,
}

impl Entity {
    fn all(&self, property: &str) -> impl Iterator<Item = &str> {
        self.properties.get(property).into_iter().flatten().filter_map(|value| value.as_str())
    }

    fn first(&self, property: &str) -> &str {
        self.all(property).next().unwrap_or_default()
    }

    fn row(&self) -> Row {
        let name = if self.caption.is_empty() { self.first("name") } else { &self.caption };
        let wikidata = if self.id.starts_with('Q') { &self.id } else { self.first("wikidataId") };
        Row {
            name: name.to_owned(),
            aliases: ["name", "alias"].iter().flat_map(|p| self.all(p)).map(str::to_owned).collect(),
            country: ["country", "citizenship", "nationality"]
                .iter()
                .map(|p| self.first(p))
                .find(|code| !code.is_empty())
                .unwrap_or_default()
                .to_owned(),
            wikidata: wikidata.to_owned(),
            key: self.id.clone(),
            ..Row::default()
        }
    }
}

/// One row per occupancy; persons without one get a row for each of their positions.
pub(super) fn read(source: &str) -> Result<Vec<Row>, String> {
    let (mut persons, mut posts, mut occupancies) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for (at, line) in source.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let entity: Entity = serde_json::from_str(line)
            .map_err(|e| format!("line {} is not a FollowTheMoney entity: {e}", at + 1))?;
        match entity.schema.as_str() {
            "Person" => drop(persons.insert(entity.id.clone(), entity)),
            "Position" => drop(posts.insert(entity.id.clone(), entity)),
            "Occupancy" => occupancies.push(entity),
            _ => {}
        }
    }
    let mut rows = Vec::new();
    let mut placed = std::collections::BTreeSet::new();
    for occupancy in &occupancies {
        let (Some(person), Some(post)) =
            (persons.get(occupancy.first("holder")), posts.get(occupancy.first("post")))
        else {
            continue;
        };
        let row = person.row();
        let country = post.first("country");
        placed.insert(&person.id);
        rows.push(Row {
            office: post.first("name").to_owned(),
            country: if country.is_empty() { row.country.clone() } else { country.to_owned() },
            from: occupancy.first("startDate").to_owned(),
            to: occupancy.first("endDate").to_owned(),
            ..row
        });
    }
    for person in persons.values().filter(|person| !placed.contains(&person.id)) {
        rows.extend(person.all("position").map(|office| Row { office: office.to_owned(), ..person.row() }));
    }
    Ok(rows)
}
