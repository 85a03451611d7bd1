//! The name of a person in lower-case ASCII letters with hyphens, as in routing keys.

use deunicode::deunicode_char;

/// Bytes of a slug; a routing key has at most 255.
const SLUG: usize = 100;

/// A name in lower-case ASCII letters with hyphens, for routing keys: "Ilham Əliyev" becomes `ilham-aliyev`. Never
/// empty, so that a name in any script can be subscribed to.
pub fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut gap = false;
    // "İ" becomes two characters in lower case: "i" and a dot
    for c in name.chars().flat_map(char::to_lowercase).filter(|c| *c != '\u{307}') {
        let mut piece = [0; 4];
        let mut other = String::new();
        let latin: &str = match bare(c) {
            b if b.is_ascii_alphanumeric() => b.encode_utf8(&mut piece),
            b if b.is_alphanumeric() && transliterate(b).is_empty() => {
                other.extend(
                    deunicode_char(b).unwrap_or_default().chars().filter(char::is_ascii_alphanumeric),
                );
                other.make_ascii_lowercase();
                &other
            }
            b => transliterate(b),
        };
        if out.len() + latin.len() >= SLUG {
            break;
        }
        if latin.is_empty() {
            gap |= !(c == '\'' || c == '’' || c == 'ь' || c == 'ъ' || c == '.' || c == 'ʼ');
            continue;
        }
        if gap && !out.is_empty() {
            out.push('-');
        }
        gap = false;
        out.push_str(latin);
    }
    if out.is_empty() { "unnamed".to_owned() } else { out }
}

/// A letter without its diacritic or hook, as some spell a name.
pub(super) fn bare(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ə' | 'æ' => 'a',
        'ç' | 'ć' | 'č' | 'ĉ' | 'ċ' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' | 'ĝ' | 'ġ' | 'ģ' => 'g',
        'ì'..='ï' | 'ī' | 'ĭ' | 'į' | 'ı' => 'i',
        'ķ' => 'k',
        'ł' | 'ĺ' | 'ļ' | 'ľ' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' => 'o',
        'ŕ' | 'ř' => 'r',
        'ś' | 'ş' | 'š' | 'ș' => 's',
        'ť' | 'ţ' | 'ț' => 't',
        'ù'..='ü' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ґ' | 'ғ' => 'г',
        _ => c,
    }
}

/// Transliterates Cyrillic by BGN/PCGN, as newspapers simplify it; empty for letters without a rule.
fn transliterate(c: char) -> &'static str {
    match c {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' | 'ғ' => "g",
        'д' => "d",
        'е' | 'ё' | 'э' | 'є' => "e",
        'ж' | 'җ' => "zh",
        'з' => "z",
        'и' | 'і' | 'ї' => "i",
        'й' | 'ы' => "y",
        'к' | 'қ' => "k",
        'л' => "l",
        'м' => "m",
        'н' | 'ң' => "n",
        'о' | 'ө' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ў' | 'ү' | 'ұ' => "u",
        'ф' => "f",
        'х' => "kh",
        'һ' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ю' => "yu",
        'я' => "ya",
        'ß' => "ss",
        'þ' => "th",
        'œ' => "oe",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_any_script_has_a_slug() {
        for (name, want) in [
            ("Ilham Əliyev", "ilham-aliyev"),
            ("Владимир Зеленский", "vladimir-zelenskiy"),
            ("Նիկոլ Փաշինյան", "nikol-pashinyan"),
            ("João d'Ávila-Sá Jr.", "joao-davila-sa-jr"),
            ("…", "unnamed"),
        ] {
            assert_eq!(slug(name), want);
        }
        assert!(slug(&"Long ".repeat(99)).len() <= SLUG);
        assert!(!slug("أحمد الشامي").is_empty());
    }
}
