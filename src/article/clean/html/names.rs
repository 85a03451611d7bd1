//! The words in the `class` and `id` names of a page's parts.

/// Whether a word of a class list or id is `wanted`: `share-bar`, `shareBar` and `share_bar` contain `share`, `bar` and
/// `sharebar`.
pub(super) fn any_word(names: &str, wanted: &mut dyn FnMut(&str) -> bool) -> bool {
    for name in names.split_ascii_whitespace() {
        let (mut before, mut word) = (String::new(), String::new());
        let mut lower = false;
        for c in name.chars().chain(['-']) {
            if !c.is_ascii_alphanumeric() || c.is_ascii_uppercase() && lower {
                if !word.is_empty() {
                    if wanted(&word) || !before.is_empty() && wanted(&format!("{before}{word}")) {
                        return true;
                    }
                    before = std::mem::take(&mut word);
                }
                lower = false;
            }
            if c.is_ascii_alphanumeric() {
                lower = c.is_ascii_lowercase();
                word.push(c.to_ascii_lowercase());
            }
        }
        let whole = name.to_ascii_lowercase();
        if wanted(&whole) {
            return true;
        }
    }
    false
}
