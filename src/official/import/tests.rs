use super::*;
use crate::files::Files;
use crate::knowledge::Knowledge;

fn lines(source: &str, format: Format) -> Vec<String> {
    let rows = read(source, format, "EE", "2026-01-01").unwrap();
    write(&rows, &Officials::default()).lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn reads_popolo() {
    let source = r#"{"persons": [
        {"id": "p1", "name": "Mari Tamm", "other_names": [{"name": "Мари Тамм"}, {"name": "Tamm"}],
         "identifiers": [{"scheme": "wikidata", "identifier": "Q42"}]},
        {"id": "p2", "name": "Jaan\tKask"}, {"id": "p3", "name": "Nobody"}],
      "organizations": [{"id": "o1", "name": "Riigikogu"}],
      "posts": [{"id": "t1", "label": "Minister of Finance"}],
      "memberships": [
        {"person_id": "p1", "organization_id": "o1", "role": "member", "start_date": "2019-04-04", "end_date": "2023-04-09"},
        {"person_id": "p1", "post_id": "t1", "start_date": "2023-04-17"},
        {"person_id": "p2", "organization_id": "o1"},
        {"person_id": "gone", "organization_id": "o1"}]}"#;
    assert_eq!(Format::guess(source), Some(Format::Popolo));
    assert_eq!(
        lines(source, Format::Popolo),
        [
            "Jaan Kask\t\tMember of Riigikogu\tEE\t\t\t\t\t\t",
            "Mari Tamm\tМари Тамм\tMember of Riigikogu\tEE\t2019-04-04\t2023-04-09\t\tQ42\t\t",
            "Mari Tamm\tМари Тамм\tMinister of Finance\tEE\t2023-04-17\t\t\tQ42\t\t",
        ]
    );
}

#[test]
fn reads_follow_the_money() {
    let source = r#"{"id": "Q7", "schema": "Person", "caption": "Иван Петров", "properties": {"name": ["Иван Петров", "Ivan Petrov"], "country": ["bg"], "position": ["Deputy Minister of Energy"]}}
{"id": "a", "schema": "Person", "properties": {"name": ["Ivan Petrov"], "wikidataId": ["Q9"]}}
{"id": "post", "schema": "Position", "properties": {"name": ["Mayor of Ruse"], "country": ["bg"]}}
{"id": "o", "schema": "Occupancy", "properties": {"holder": ["a"], "post": ["post"], "startDate": ["2020"], "endDate": ["2024-11-10"]}}
{"id": "c", "schema": "Company", "properties": {"name": ["Petrov Ltd"]}}"#;
    assert_eq!(Format::guess(source), Some(Format::FollowTheMoney));
    assert_eq!(
        lines(source, Format::FollowTheMoney),
        [
            "Ivan Petrov\tИван Петров\tDeputy Minister of Energy\tBG\t\t\t\tQ7\t\t",
            "Ivan Petrov\t\tMayor of Ruse\tBG\t2020\t2024-11-10\t\tQ9\t\t2",
        ]
    );
}

#[test]
fn reads_congress_legislators() {
    let source = r#"[{
  "id": {"bioguide": "X000001", "wikidata": "Q5"},
  "name": {"first": "Anna", "last": "Doe", "official_full": "Anna B. Doe"},
  "terms": [
    {"type": "rep", "start": "2015-01-06", "end": "2017-01-03", "state": "CA", "district": 2},
    {"type": "rep", "start": "2017-01-03", "end": "2019-01-03", "state": "CA", "district": 2},
    {"type": "sen", "start": "2021-01-03", "end": "2027-01-03", "state": "CA"}
  ]
}]"#;
    assert_eq!(Format::guess(source), Some(Format::Congress));
    assert_eq!(
        lines(source, Format::Congress),
        [
            "Anna B. Doe\tAnna Doe\tRepresentative\tUS\t2015-01-06\t2019-01-03\t\tQ5\t\t",
            "Anna B. Doe\tAnna Doe\tSenator\tUS\t2021-01-03\t\t\tQ5\t\t",
        ]
    );
}

#[test]
fn tells_what_is_wrong() {
    let error = |source, format| read(source, format, "", "2026-01-01").unwrap_err();
    assert!(error("{\"persons\": 1}", Format::Popolo).contains("Popolo"));
    assert!(error("{\"persons\": []}", Format::Popolo).contains("nobody"));
    assert!(error("{}\n{\"schema\": 1}", Format::FollowTheMoney).contains("line 1"));
    assert!(error("[{\"id\": 1", Format::Congress).contains("legislators"));
    assert!(error("- id: {bioguide: X000001}", Format::Congress).contains("JSON"));
    assert_eq!(Format::guess("<html>"), None);
}

#[test]
fn a_namesake_of_a_known_person_is_kept_apart() {
    let known = Knowledge::compiled_in();
    let holder = known.officials.holders().iter().find(|h| h.id.is_some()).unwrap();
    let source = serde_json::json!([{ "id": { "bioguide": "X", "wikidata": "Q1" },
        "name": { "first": "", "last": "", "official_full": holder.name },
        "terms": [{ "type": "sen", "start": "2021-01-03", "end": "2023-01-03" }] }]);
    let rows = read(&source.to_string(), Format::Congress, "", "2026-01-01").unwrap();
    let mut files = Files::default();
    files.put("officials/imported.tsv".to_owned(), write(&rows, &known.officials));
    let both = Knowledge::parse(&files).unwrap();
    assert_eq!(both.officials.holders().len(), known.officials.holders().len() + 1);
}
