//! The W3C trace context that arrives with an article and is passed on with its alert.

/// Length in bytes of a `traceparent` of version 00.
const LENGTH: usize = 55;

/// The `traceparent` if it is a valid one of version 00; anything else is dropped. If any length were allowed, a
/// publisher could make headers too large for a frame.
pub fn valid(text: &str) -> Option<String> {
    if text.len() != LENGTH {
        return None;
    }
    let mut parts = text.split('-');
    let mut part = |length: usize| {
        let hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        parts.next().filter(|part| part.len() == length && part.bytes().all(hex))
    };
    let (version, trace, parent, _flags) = (part(2)?, part(32)?, part(16)?, part(2)?);
    let is_set = |id: &str| id.bytes().any(|b| b != b'0');
    (version == "00" && is_set(trace) && is_set(parent)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_valid_one_is_passed_on() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(valid(good).as_deref(), Some(good));
        for bad in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01",
            "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-é",
            &"0".repeat(LENGTH),
            &"0".repeat(140_000),
        ] {
            assert_eq!(valid(bad), None, "{bad}");
        }
    }
}
