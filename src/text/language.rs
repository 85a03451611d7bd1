//! Languages and scripts, as far as the taggers tell them apart.

use std::fmt;

/// The primary subtag of a BCP 47 tag, in lower case: `en`, `ru`, `az`; `und` when unknown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language([u8; 3]);

impl Language {
    /// Undetermined.
    pub const UND: Self = Self(*b"und");
    /// English, for tests only: what holds for a single language is data.
    #[cfg(test)]
    pub const EN: Self = Self(*b"en\0");

    /// Takes `en`, `en-US`, `EN_gb`, `rus`; `None` unless the primary subtag is two or three ASCII letters.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default().as_bytes();
        if !(2..=3).contains(&primary.len()) || !primary.iter().all(u8::is_ascii_alphabetic) {
            return None;
        }
        let mut code = [0; 3];
        for (to, from) in code.iter_mut().zip(primary) {
            *to = from.to_ascii_lowercase();
        }
        Some(Self(code))
    }

    /// The subtag.
    pub fn as_str(&self) -> &str {
        let end = if self.0[2] == 0 { 2 } else { 3 };
        std::str::from_utf8(&self.0[..end]).expect("made from ASCII letters")
    }

    /// The subtag as a number, for tables.
    #[inline]
    pub fn number(self) -> u32 {
        u32::from_le_bytes([self.0[0], self.0[1], self.0[2], 0])
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The writing system of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Script {
    Latin,
    Cyrillic,
    Armenian,
    Georgian,
    Arabic,
    Greek,
    Hebrew,
    Other,
}

impl Script {
    /// The script with this Unicode name.
    pub fn named(name: &str) -> Option<Self> {
        const ALL: [Script; 8] = [
            Script::Latin,
            Script::Cyrillic,
            Script::Armenian,
            Script::Georgian,
            Script::Arabic,
            Script::Greek,
            Script::Hebrew,
            Script::Other,
        ];
        ALL.into_iter().find(|script| format!("{script:?}") == name)
    }

    /// The script of a letter, by Unicode block.
    #[inline]
    pub fn of(letter: char) -> Self {
        match letter as u32 {
            // up to the phonetic letters, which include the lower-case form of Azerbaijani "Ə"
            0..=0x2af | 0x1e00..=0x1eff => Self::Latin,
            0x370..=0x3ff | 0x1f00..=0x1fff => Self::Greek,
            0x400..=0x52f => Self::Cyrillic,
            0x530..=0x58f => Self::Armenian,
            0x590..=0x5ff => Self::Hebrew,
            0x600..=0x6ff | 0x750..=0x77f | 0x8a0..=0x8ff | 0xfb50..=0xfdff | 0xfe70..=0xfeff => Self::Arabic,
            0x10a0..=0x10ff | 0x1c90..=0x1cbf => Self::Georgian,
            _ => Self::Other,
        }
    }
}

/// [`char::is_alphabetic`] with a fast path for the letters of the languages known here.
#[inline]
pub fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_alphabetic(),
        '\u{c0}'..='\u{24f}' => !matches!(c, '×' | '÷'),
        '\u{400}'..='\u{481}' | '\u{531}'..='\u{556}' | '\u{561}'..='\u{587}' | '\u{620}'..='\u{64a}' => true,
        '\u{2000}'..='\u{206f}' => false,
        _ => c.is_alphabetic(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_unicode() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_letter(c), c.is_alphabetic(), "{c:?}");
        }
    }

    #[test]
    fn reads_the_primary_subtag() {
        for (tag, want) in [("en", "en"), ("EN-us", "en"), ("rus", "rus"), ("az_Latn_AZ", "az")] {
            assert_eq!(Language::parse(tag).unwrap().as_str(), want, "{tag}");
        }
        for tag in ["", "e", "engl", "1a", "-", "рус"] {
            assert!(Language::parse(tag).is_none(), "{tag}");
        }
    }
}
