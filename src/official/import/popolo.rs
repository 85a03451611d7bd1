//! Popolo JSON, as published by parliaments and `EveryPolitician`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Row;
use crate::text::capitalised;

#[derive(Deserialize)]
struct File {
    persons: Vec<Person>,
    #[serde(default)]
    memberships: Vec<Membership>,
    #[serde(default)]
    organizations: Vec<Named>,
    #[serde(default)]
    posts: Vec<Named>,
}

#[derive(Deserialize)]
struct Person {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    other_names: Vec<Name>,
    #[serde(default)]
    identifiers: Vec<Identifier>,
}

#[derive(Deserialize)]
struct Name {
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct Identifier {
    #[serde(default)]
    scheme: String,
    #[serde(default)]
    identifier: String,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    #[serde(alias = "label")]
    name: Option<String>,
}

#[derive(Deserialize)]
struct Membership {
    person_id: String,
    organization_id: Option<String>,
    post_id: Option<String>,
    role: Option<String>,
    label: Option<String>,
    start_date: Option<String>,
    end_date: Option<String>,
}

/// One row per membership of a known person.
pub(super) fn read(source: &str) -> Result<Vec<Row>, String> {
    let file: File = serde_json::from_str(source).map_err(|e| format!("no Popolo JSON: {e}"))?;
    let persons: BTreeMap<&str, &Person> = file.persons.iter().map(|p| (p.id.as_str(), p)).collect();
    let names = |list: &[Named]| -> BTreeMap<String, String> {
        list.iter().filter_map(|n| Some((n.id.clone(), n.name.clone()?))).collect()
    };
    let (organizations, posts) = (names(&file.organizations), names(&file.posts));
    let rows = file.memberships.iter().filter_map(|membership| {
        let person = persons.get(membership.person_id.as_str())?;
        let organization = membership.organization_id.as_ref().and_then(|id| organizations.get(id));
        let post = membership.post_id.as_ref().and_then(|id| posts.get(id));
        let office = match (post.or(membership.label.as_ref()), organization) {
            (Some(post), _) => post.clone(),
            (None, Some(body)) => format!("{} of {body}", role(membership.role.as_deref())),
            (None, None) => role(membership.role.as_deref()),
        };
        let wikidata = person.identifiers.iter().find(|i| i.scheme == "wikidata");
        Some(Row {
            name: person.name.clone(),
            aliases: person.other_names.iter().map(|n| n.name.clone()).collect(),
            office,
            country: String::new(),
            from: membership.start_date.clone().unwrap_or_default(),
            to: membership.end_date.clone().unwrap_or_default(),
            wikidata: wikidata.map(|i| i.identifier.clone()).unwrap_or_default(),
            key: person.id.clone(),
        })
    });
    Ok(rows.collect())
}

/// Capitalises a role: "member" becomes "Member".
fn role(role: Option<&str>) -> String {
    capitalised(role.filter(|r| !r.is_empty()).unwrap_or("member"))
}
