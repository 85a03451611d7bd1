use super::*;

const ENGLISH: &str = r#"
        lines = ["views", "share this article"]
        starts = ["read also:", "filed under", "© "]
        holds = ["all rights reserved"]
        ends = ["comments"]
        heads = ["read also"]
        months = ["january jan", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
    "#;

const TURKISH: &str = r#"
        lines = ["paylaşın"]
        starts = []
        holds = []
        ends = []
        heads = []
        months = ["ocak", "şubat", "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos", "eylül", "ekim", "kasım", "aralık"]
    "#;

fn read(english: &str, turkish: &str) -> (Junk, Vec<String>) {
    let mut files = Files::none();
    files.put("languages/en/junk.toml", english.to_owned());
    files.put("languages/tr/junk.toml", turkish.to_owned());
    let mut errors = Vec::new();
    let junk = Junk::of(&files, &mut errors);
    (junk, errors)
}

#[test]
fn tells_what_a_line_says() {
    let (junk, errors) = read(ENGLISH, TURKISH);
    assert!(errors.is_empty(), "{errors:?}");
    for (line, want) in [
        ("Views: 129", Some(Sign::Weak)),
        ("129 views", Some(Sign::Weak)),
        ("Her views: 129 pages", None),
        ("SHARE THIS ARTICLE!", Some(Sign::Strong)),
        ("Read also: ports reopen", Some(Sign::Strong)),
        ("Read also:", Some(Sign::Head)),
        ("Read also the report", None),
        ("Filed under: ports", Some(Sign::Strong)),
        ("Filed underground", None),
        ("© 2025 Morning", Some(Sign::Strong)),
        ("(c) Morning. All rights reserved.", Some(Sign::Strong)),
        ("Comments (12)", Some(Sign::End)),
        ("Comments by the minister", None),
        ("PAYLAŞIN", Some(Sign::Weak)),
        ("", None),
        ("12", None),
    ] {
        assert_eq!(junk.sign(line, &mut String::new()), want, "{line}");
    }
}

#[test]
fn no_line_that_says_something_is_passed_over() {
    let junk = Junk::of(&Files::default(), &mut Vec::new());
    let lists = [&junk.starts, &junk.holds, &junk.whole_heads];
    let phrases: Vec<&str> = lists.iter().flat_map(|list| list.all()).filter(|p| p.is_ascii()).collect();
    assert!(phrases.len() > 500);
    for phrase in phrases {
        for line in [
            phrase.to_owned(),
            phrase.to_uppercase(),
            phrase.replace('#', "1987"),
            format!("12. {}: 34", phrase.replace('#', "5")),
            format!("- {phrase}!"),
            format!("It was said: {phrase}"),
            format!("a12 {} b", phrase.replace('#', "1,5")),
        ] {
            let said = junk.judge(&line, &mut String::new());
            assert_eq!(junk.sign(&line, &mut String::new()), said, "{line}");
        }
    }
}

#[test]
fn every_error_is_told() {
    let (_, errors) = read(&ENGLISH.replace("\"views\"", "\"Views\""), &TURKISH.replace("\"ocak\", ", ""));
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(errors[0].contains("Views") && errors[1].contains("11"), "{errors:?}");
}
