//! The message reference: JSON Schemas of what presswatch publishes, generated from the published types.
//!
//! Draft 07, as in AsyncAPI. The files in `docs/schemas` are the output; a test keeps the two in step.

use schemars::generate::SchemaSettings;
use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use crate::alert::notice::{self, Notice};
use crate::alert::{Alert, Data};
use crate::tagging::Tagged;

/// Prefix of each schema's `$id`, which ends with its file name without `.json`: a name, not an address. The worker
/// serves the files under `/schemas/`.
const NAMES: &str = "urn:presswatch:schema:";

/// What articles are sent as. Written by hand: the reader takes much more than it asks for.
const ARTICLE: &str = include_str!("schema/article.v1.json");

/// File name and schema of everything published, and of the article event.
pub fn all() -> [(&'static str, Value); 6] {
    [
        ("article.v1.json", serde_json::from_str(ARTICLE).expect("a test reads it")),
        ("alert.v1.json", schema::<Alert>("alert.v1.json", "A presswatch alert: a CloudEvents 1.0 object.")),
        (
            "alert.article.v1.json",
            schema::<Data>("alert.article.v1.json", "The `data` of a presswatch alert."),
        ),
        (
            "notice.v1.json",
            schema::<Notice>(
                "notice.v1.json",
                "A presswatch notice to an owner of watches: a CloudEvents 1.0 object.",
            ),
        ),
        (
            "notice.watch.v1.json",
            schema::<notice::Data>("notice.watch.v1.json", "The `data` of a presswatch notice."),
        ),
        ("tagged.v1.json", schema::<Tagged>("tagged.v1.json", "What `presswatch tag` prints, one a line.")),
    ]
}

/// The schema of a type as serialized: a field that is always present is required, none is `null`.
fn schema<T: JsonSchema>(file: &str, description: &str) -> Value {
    let settings = SchemaSettings::draft07().for_serialize().with_transform(for_readers);
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("$id".to_owned(), format!("{NAMES}{}", file.trim_end_matches(".json")).into());
    schema.insert("description".to_owned(), description.into());
    schema.into()
}

/// Our formats that JSON Schema knows. A strict validator (ajv 8 by default) rejects a schema with any other.
const FORMATS: [&str; 1] = ["date-time"];

/// Removes what only Rust can use: links to other items in the documentation, sentences that consist of nothing else,
/// and formats such as `uint32`.
fn for_readers(schema: &mut Schema) {
    if schema.get("format").and_then(Value::as_str).is_some_and(|format| !FORMATS.contains(&format)) {
        schema.remove("format");
    }
    if let Some(Value::String(text)) = schema.get("description") {
        let told: Vec<&str> = text.split_inclusive(['.', ';']).filter(|part| !part.contains("[`")).collect();
        let told = told.concat().trim().trim_end_matches(';').to_owned();
        if told.is_empty() {
            schema.remove("description");
        } else {
            schema.insert("description".to_owned(), told.into());
        }
    }
    transform_subschemas(&mut for_readers, schema);
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_committed_schemas_are_those_of_the_types() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas");
        let update = std::env::var_os("UPDATE_SCHEMAS").is_some();
        for (file, schema) in all() {
            let now = match file {
                "article.v1.json" => ARTICLE.to_owned(),
                _ => serde_json::to_string_pretty(&schema).unwrap() + "\n",
            };
            let path = folder.join(file);
            if update {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&path, &now).unwrap();
            }
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(now == committed, "{file} is old: run the tests once with UPDATE_SCHEMAS=1");
        }
    }

    #[test]
    fn every_alert_names_the_schema_of_its_data() {
        let data = all()[2].1.clone();
        assert_eq!(data["$id"], crate::alert::SCHEMA);
        assert_eq!(all()[4].1["$id"], notice::SCHEMA);
    }

    #[test]
    fn formats_are_those_of_json_schema() {
        for (file, schema) in all() {
            let text = schema.to_string();
            let formats = text.split("\"format\":\"").skip(1).filter_map(|rest| rest.split('"').next());
            let unknown: Vec<&str> = formats.filter(|format| !FORMATS.contains(format)).collect();
            assert!(unknown.is_empty(), "{file}: {unknown:?}");
        }
    }

    #[test]
    fn descriptions_are_for_readers_of_json() {
        for (file, schema) in all().into_iter().skip(1) {
            let text = schema.to_string();
            assert!(!text.contains("[`"), "{file} links to Rust");
            assert!(text.contains("code points"), "{file} has lost its descriptions");
        }
    }
}
