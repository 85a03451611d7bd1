//! Restores blanks that were lost where a page's blocks were joined: "… last week.The meeting …".

use std::borrow::Cow;

/// Fewest letters of a word, or digits of a number, before a stop: "e.V.", "Nr.Vier" and "1.Liga" have fewer.
const LEAST: usize = 4;

/// The text with a blank between each sentence and the next that directly follows its stop. A name that contains a dot
/// ("Node.Js", "example.Com/news") stays as it is. A text without such places is returned unchanged, byte for byte.
pub(super) fn parted(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for stop in memchr::memchr3_iter(b'.', b'!', b'?', text.as_bytes()) {
        let (before, behind) = (&text[..stop], &text[stop + 1..]);
        let closed = behind.chars().next().filter(|c| closes(*c)).map_or(0, char::len_utf8);
        if starts_sentence(&behind[closed..]) && (closed > 0 || ends_word(before)) {
            let at = stop + 1 + closed;
            out.push_str(&text[copied..at]);
            out.push(' ');
            copied = at;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Whether a mark closes and never opens a quote, in any language whose quotes can be distinguished.
fn closes(mark: char) -> bool {
    matches!(mark, '”' | ')')
}

/// Whether a text ends with a word in lower case, a long number or the end of a quote, as a sentence does.
fn ends_word(text: &str) -> bool {
    let last = text.chars().next_back();
    if last.is_some_and(closes) {
        return true;
    }
    let digits = text.chars().rev().take_while(char::is_ascii_digit).count();
    if digits > 0 {
        return digits >= LEAST;
    }
    let word = text.chars().rev().take_while(|c| c.is_alphabetic());
    let (mut letters, mut small) = (0, true);
    for letter in word {
        letters += 1;
        small &= letter.is_lowercase();
    }
    small && letters >= LEAST
}

/// Whether a text starts with a capitalised word that is followed by a blank or a mark.
fn starts_sentence(text: &str) -> bool {
    let mut letters = text.chars();
    let first = letters.next().is_some_and(char::is_uppercase);
    let rest = letters.as_str().trim_start_matches(|c: char| c.is_alphabetic() && c.is_lowercase());
    first && rest.chars().next().is_some_and(|c| c.is_whitespace() || matches!(c, ',' | '-' | '\'' | '’'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_blank_is_put_back() {
        for (raw, want) in [
            ("They meet next week.The talks go on.", "They meet next week. The talks go on."),
            ("It began in 2009.On Tuesday he spoke.", "It began in 2009. On Tuesday he spoke."),
            ("They share “values”.Mr Roe spoke.", "They share “values”. Mr Roe spoke."),
            ("“We go on.”An aide spoke.", "“We go on.” An aide spoke."),
            ("Ils sont partis.L'eau monte!Tous rient.", "Ils sont partis. L'eau monte! Tous rient."),
            ("Они ушли вечером.Вице-мэр остался.", "Они ушли вечером. Вице-мэр остался."),
        ] {
            assert_eq!(parted(raw), want);
        }
    }

    #[test]
    fn what_belongs_together_stays_so() {
        for raw in [
            "They use Node.Js now.",
            "Read example.Com/news for more.",
            "Der Verein e.V.Bonn lud ein.",
            "Sie spielt in der 1.Liga mit.",
            "He works for Booking.Com now.",
            "They met. The talks go on... And on?! Yes.",
            "Go to news.BBC.co.uk today.",
            "He said.\"We go on.\" She left.",
        ] {
            assert!(matches!(parted(raw), Cow::Borrowed(_)), "{}", parted(raw));
        }
    }
}
