//! The numbers by which weights are looked up: of an observation, and of a feature that joins several.

use crate::language::word::hash;

/// The number that stands for one observation, "right=that": [`join`] of what stands before the sign and behind it.
pub const fn atom(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let mut sign = 0;
    while sign < bytes.len() && bytes[sign] != b'=' {
        sign += 1;
    }
    let (kind, value) = bytes.split_at(sign);
    match value {
        [_, value @ ..] => join(hash(kind), hash(value)),
        [] => join(hash(kind), hash(&[])),
    }
}

/// The number of an observation, of the numbers of its kind and its value: "next" and "because".
#[inline]
pub const fn join(kind: u32, value: u32) -> u32 {
    let both = (kind as u64) << 32 | value as u64;
    (both.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// The number that stands for a feature, several observations at once in a fixed order: that of the observations
/// before (0 for none) and one more.
#[inline]
pub const fn feature(before: u64, atom: u32) -> u64 {
    (before.rotate_left(23) ^ atom as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
