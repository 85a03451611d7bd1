//! The reference of all settings, generated from the file of defaults and from what the keys accept.
//!
//! `docs/CONFIGURATION.md` is its output; a test keeps the two in step.

use super::{DEFAULTS, PREFIX, allowed};

const HEAD: &str = "# Configuration

Every setting of presswatch. `presswatch config --reference` writes this page, `presswatch config` the settings in force.

Layers, each over the one before: the defaults below, `--config FILE` (TOML), the environment, flags. A key that does not
exist or a value of the wrong kind ends the program with status 2 and a message that names the layer, the key and what is
allowed. A secret, or any other value, may lie in a file of its own: put `_FILE` behind the name of its variable. In a
variable a list is parted by commas.
";

/// One key of the file of defaults.
struct Entry<'d> {
    section: &'d str,
    name: &'d str,
    default: &'d str,
    told: Vec<&'d str>,
}

/// The reference in Markdown, one table per section. `flags` are the keys that have a flag.
pub fn markdown(flags: &[&str]) -> String {
    let mut out = HEAD.to_owned();
    let mut section = None;
    for entry in entries() {
        if section != Some(entry.section) {
            section = Some(entry.section);
            let title = if entry.section.is_empty() { "At the top" } else { entry.section };
            out += &format!("\n## {title}\n| key | default | what it is |\n| --- | --- | --- |\n");
        }
        let key = match entry.section {
            "" => entry.name.to_owned(),
            section => format!("{section}.{}", entry.name),
        };
        let mut set_by = format!("`{PREFIX}{}`", key.replace('.', "__").to_uppercase());
        if flags.contains(&key.as_str()) {
            set_by += &format!(", `--{}`", key.replace(['.', '_'], "-"));
        }
        let told = entry.told.join(" ").replace('|', "\\|");
        let takes = allowed(&key).map_or_else(String::new, |takes| format!(" It {takes}."));
        out += &format!("| `{key}` | `{}` | {told}{takes}<br>{set_by} |\n", entry.default);
    }
    out
}

/// The keys in file order; the comment lines directly above a key explain it.
fn entries() -> Vec<Entry<'static>> {
    let (mut section, mut told, mut out) = ("", Vec::new(), Vec::new());
    for line in DEFAULTS.lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix('#') {
            told.push(comment.trim());
        } else if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name;
        } else if let Some((name, default)) = line.split_once(" = ") {
            out.push(Entry { section, name, default, told: std::mem::take(&mut told) });
            continue;
        }
        if !line.starts_with('#') {
            told.clear();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use config::{Config, File, FileFormat};

    use super::*;

    #[test]
    fn every_key_is_told_and_explained() {
        let defaults =
            Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml)).build().unwrap();
        let known = super::super::layers::leaves("", &defaults.cache.kind);
        let page = markdown(&[]);
        for key in &known {
            assert!(page.contains(&format!("\n| `{key}` | ")), "{key} is missing");
        }
        let entries = entries();
        assert_eq!(entries.len(), known.len());
        let silent: Vec<&str> = entries.iter().filter(|e| e.told.is_empty()).map(|e| e.name).collect();
        assert!(silent.is_empty(), "without an explanation: {silent:?}");
    }
}
