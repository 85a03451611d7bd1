//! A word form as a key that is cheap to compare, for tables of recently seen forms.

use crate::language::small::number;

/// Slots of such a table; each form has a single slot it can be in.
pub(crate) const FORMS: usize = 1 << 14;

/// Bytes of the longest form that is remembered.
const LONGEST: usize = 32;

/// A form, padded with zeros. The only token with a zero byte is the NUL mark itself.
pub(crate) type ShortForm = [u128; LONGEST / 16];

/// The bytes of a form, if it is short enough.
#[inline]
pub(crate) fn short_form(raw: &[u8], start: usize, end: usize) -> Option<ShortForm> {
    match end - start {
        ..=16 => Some([number(raw, start, end), 0]),
        17..=LONGEST => Some([number(raw, start, start + 16), number(raw, start + 16, end)]),
        _ => None,
    }
}

/// The single slot that a form can be in.
#[inline]
pub(crate) fn place([first, second]: ShortForm, language: u32) -> usize {
    let mix = |hash: u64, half: u64| (hash.rotate_left(23) ^ half).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mix_both = |hash: u64, part: u128| mix(mix(hash, part as u64), (part >> 64) as u64);
    let mut hash = mix_both(u64::from(language), first);
    if second != 0 {
        hash = mix_both(hash, second);
    }
    (hash >> (64 - FORMS.trailing_zeros())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_its_bytes() {
        let raw = "a ab abc internationalisation zero";
        let forms: Vec<_> = [(0, 1), (2, 4), (5, 8), (9, 29), (30, 34)]
            .map(|(start, end)| short_form(raw.as_bytes(), start, end).unwrap())
            .to_vec();
        for (i, one) in forms.iter().enumerate() {
            assert_eq!(forms.iter().position(|f| f == one), Some(i));
        }
        // the same at the end of the text as with more text after it
        assert_eq!(short_form(b"zero", 0, 4), Some(forms[4]));
        assert_eq!(short_form(&[b'x'; 40], 0, 33), None);
    }
}
