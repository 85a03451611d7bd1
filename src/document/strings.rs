//! Many short strings in one piece of memory: a hundred thousand of their own take twice the room, and leave holes
//! between them that nothing fits into.

/// Strings by number, in the order in which they were added.
#[derive(Debug, Default)]
pub struct Strings {
    text: String,
    /// Where each ends; it begins where the one before ends.
    ends: Vec<u32>,
}

impl Strings {
    /// The string with this number; empty if there is none.
    pub fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let from = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.ends.get(at).map_or("", |end| &self.text[from as usize..*end as usize])
    }
}

impl<'s> FromIterator<&'s str> for Strings {
    fn from_iter<I: IntoIterator<Item = &'s str>>(strings: I) -> Self {
        let mut all = Self::default();
        for string in strings {
            all.text.push_str(string);
            all.ends.push(all.text.len() as u32);
        }
        all.text.shrink_to_fit();
        all.ends.shrink_to_fit();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_string_is_found_by_its_number() {
        let all: Strings = ["баку", "", "paris"].into_iter().collect();
        let found: Vec<&str> = (0..4).map(|number| all.get(number)).collect();
        assert_eq!(found, ["баку", "", "paris", ""]);
    }
}
