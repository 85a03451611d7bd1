//! The commands as a person or a script runs them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;
use support::articles::event;
use support::{output, presswatch};

/// Runs `presswatch tag` with this text on standard input.
fn tag(arguments: &[&str], input: &str) -> (String, String, Option<i32>) {
    let mut child = presswatch()
        .arg("tag")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let feed = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let out = child.wait_with_output().unwrap();
    feed.join().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(out.stdout), text(out.stderr), out.status.code())
}

#[test]
fn tag_keeps_the_order_and_goes_on_behind_a_bad_line() {
    let mut lines: Vec<String> = (0..500).map(|n| event(n).to_string()).collect();
    lines[250] = "{\"title\": \"cut".to_owned();
    let (out, error, status) = tag(&[], &lines.join("\n"));
    assert_eq!(status, Some(1));
    assert!(error.contains("line 251"), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
    let ids: Vec<String> = out
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).unwrap()["id"].as_str().unwrap().to_owned())
        .collect();
    let want: Vec<String> = (0..500).filter(|n| *n != 250).map(|n| format!("article-{n}")).collect();
    assert_eq!(ids, want);
}

#[test]
fn tag_reads_html_and_text_and_tells_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    let text = folder.path().join("page.txt");
    let story = "The foreign minister of Georgia said in Tbilisi on Monday that the talks with Azerbaijan would go on.";
    std::fs::write(&page, format!("<html><title>Talks</title><body><nav>Menu</nav><article><h1>Talks go on</h1><p>{story}</p><p>{story}</p></article></body></html>")).unwrap();
    std::fs::write(&text, format!("Talks go on\n\n{story}\n")).unwrap();
    for file in [&page, &text] {
        let (out, error, status) = output(presswatch().arg("tag").arg(file));
        assert_eq!(status, Some(0), "{error}");
        let tagged: Value = serde_json::from_str(&out).unwrap();
        let codes: Vec<&str> =
            tagged["countries"].as_array().unwrap().iter().map(|c| c["code"].as_str().unwrap()).collect();
        assert!(codes.contains(&"GE") && codes.contains(&"AZ"), "{out}");
        assert!(!tagged["text"].as_str().unwrap().contains("Menu"));
    }
    let (out, _, status) = output(presswatch().args(["tag", "--pretty"]).arg(&text));
    assert_eq!(status, Some(0));
    assert!(out.contains("Georgia") && out.contains("Talks go on"), "{out}");
    for (why, told) in [
        ("20000642", ["medtop:20000642 economic sanction", "not about it"]),
        ("focus", ["AZ Azerbaijan", "lede: "]),
        ("quotes", ["\"said\", source: The foreign minister of Georgia", "cue=say"]),
    ] {
        let (out, _, status) = output(presswatch().args(["tag", "--why", why]).arg(&text));
        assert_eq!(status, Some(0));
        assert!(told.iter().all(|part| out.contains(part)), "{why}: {out}");
    }
}

#[test]
fn keys_are_found_by_name() {
    let nobody = ["--http-listen", "127.0.0.1:1"];
    for (name, want) in [
        (&["azer"][..], "country.AZ mention.AZ"),
        (&["Рубио"], "said.marco-rubio official.marco-rubio"),
        (&["economic", "sanc"], "topic.20000642"),
    ] {
        let (out, error, status) = output(presswatch().arg("keys").args(name).args(nobody));
        assert_eq!(status, Some(0), "{error}");
        assert!(out.lines().next().unwrap().starts_with(want), "{name:?}: {out}");
        assert!(!out.contains("last hour"), "nobody runs who could count: {out}");
    }
    let (out, error, status) = output(presswatch().args(["keys", "xyzzyx"]).args(nobody));
    assert_eq!((out.as_str(), status), ("", Some(1)));
    assert!(error.contains("nothing in the lexicon is called `xyzzyx`"), "{error}");
    // a topic by name
    let (out, error, status) = tag(&["--why", "economic sanction"], "The talks in Tbilisi go on.");
    assert_eq!(status, Some(0), "{error}");
    assert!(out.contains("medtop:20000642 economic sanction") && error.is_empty(), "{out} {error}");
    let (out, error, status) = tag(&["--why", "gas"], "The talks in Tbilisi go on.");
    assert_eq!(status, Some(0), "{error}");
    assert!(out.contains("gas") && error.contains("note: `gas` is taken for"), "{out} {error}");
    let (_, error, status) = tag(&["--why", "xyzzyx"], "The talks in Tbilisi go on.");
    assert_eq!(status, Some(1));
    assert!(error.contains("no topic has that code or name"), "{error}");
    // keys that no alert can have are reported before waiting for anything
    let keys = ["said.rubio", "country.XX", "watch.oil", "severity.high", "severity.huge"];
    let (_, error, _) =
        output(presswatch().arg("subscribe").args(keys).args(["--broker-url", "amqp://127.0.0.1:1"]));
    assert!(
        error.contains("no such official in the lexicon: `rubio`; did you mean said.marco-rubio"),
        "{error}"
    );
    assert!(
        error.contains("no such country in the lexicon: `XX`") && error.contains("`severity.huge`"),
        "{error}"
    );
    assert!(
        !error.contains("`watch.oil`") && !error.contains("`severity.high`"),
        "watches may have any id: {error}"
    );
}

#[test]
fn escapes_of_an_article_do_not_reach_the_terminal() {
    let bad = "\u{1b}]52;c;cm0=\u{7}\u{9b}2J\u{202e}";
    let article = serde_json::json!({
        "title": format!("Talks in Tbilisi {bad}go on"),
        "body": format!("The government of Georgia met in Tbilisi on Monday. {bad}It will meet again.\n\nMore."),
        "source": { "name": format!("Desk{bad}") },
    });
    // the colours are ours and are dropped where there is no terminal; no escape of the article may remain
    for arguments in [&["--pretty"][..], &["--why", "20000642"]] {
        for colours in ["0", "1"] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("article.json");
            std::fs::write(&file, article.to_string()).unwrap();
            let mut command = presswatch();
            let command = command.arg("tag").args(arguments).arg(&file).env("CLICOLOR_FORCE", colours);
            let (out, error, status) = output(command);
            assert_eq!(status, Some(0), "{error}");
            assert!(out.contains("Georgia") || out.contains("economic sanction"), "{out:?}");
            for escape in ["\u{1b}]", "\u{7}", "\u{9b}", "\u{202e}"] {
                assert!(!out.contains(escape), "{escape:?} is in {out:?}");
            }
        }
    }
}

#[test]
fn reasons_that_the_broker_writes_are_known() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("presswatch.sqlite"), "").unwrap();
    for reason in ["expired", "maxlen", "rejected", "delivery_limit", "unreadable-envelope"] {
        let mut command = presswatch();
        command.args(["dead", "list", "--reason", reason, "--data-dir"]).arg(folder.path());
        let (_, error, status) = output(&mut command);
        assert_eq!(status, Some(0), "{reason}: {error}");
    }
}

#[test]
fn errors_say_what_where_and_what_to_do() {
    let (_, error, status) = output(presswatch().args(["tag", "no/such/file.html"]));
    assert_eq!(status, Some(1));
    assert!(error.contains("no/such/file.html"), "{error}");
    let (_, error, status) = tag(&["--why", "99999999"], "x");
    assert_eq!(status, Some(1));
    assert!(error.contains("99999999"), "{error}");
    let (_, error, status) = output(presswatch().arg("config").env("PRESSWATCH__WORKER__PREFETCHH", "1"));
    assert_eq!(status, Some(2));
    assert!(error.contains("worker.prefetchh") && error.contains("worker.prefetch"), "{error}");
    let (_, error, status) = output(presswatch().arg("config").env("PRESSWATCH__WORKER__PREFETCH", "many"));
    assert_eq!(status, Some(2));
    assert!(error.contains("worker.prefetch") && error.contains("from 1 to 65535"), "{error}");
    let (_, error, status) = output(presswatch().args(["config", "--config", "nowhere.toml"]));
    assert_eq!(status, Some(2));
    assert!(error.contains("nowhere.toml"), "{error}");
    let (_, _, status) = output(presswatch().arg("tagg"));
    assert_eq!(status, Some(2));
}

#[test]
fn settings_that_only_a_person_can_put_right_end_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere");
    let nowhere = nowhere.to_str().unwrap();
    let run = ["run", "--http-listen", "127.0.0.1:0"];
    for (arguments, words) in [
        (&["--broker-url", "http://mq.example"][..], "`broker.url` takes amqp://"),
        (&["--lexicon-dir", nowhere], "nowhere"),
        (&["--log-level", "loud"], "`log.level`: takes a level"),
    ] {
        let (_, error, status) = output(presswatch().args(run).args(arguments));
        assert_eq!(status, Some(2), "{error}");
        assert!(error.contains(words), "{error}");
    }
    for (arguments, words) in [
        (&["publish", "article.json"][..], "`broker.url` is empty"),
        (&["subscribe", "alert"], "--broker-url"),
        (&["dead", "list", "--reason", "bad-luck"], "no-text"),
        (&["dead", "list", "--older-than", "yesterday"], "7d"),
        (&["dead", "replay", "--rate", "0"], "--rate"),
    ] {
        let (_, error, status) = output(presswatch().args(arguments));
        assert_eq!(status, Some(2), "{error}");
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn a_text_on_standard_input_is_one() {
    let (out, error, status) =
        tag(&[], "The government in Tbilisi resigned on Monday, officials of Georgia said.\n");
    assert_eq!(status, Some(0), "{error}");
    assert!(out.contains("\"GE\""), "{out}");
    let (_, error, status) = tag(&[], "");
    assert_eq!(status, Some(1));
    assert!(error.contains("stdin") && error.contains("empty"), "{error}");
}

#[test]
fn looking_for_the_dead_in_a_wrong_folder_makes_no_store_there() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("wrong");
    let dead = |path: &std::path::Path, arguments: &[&str]| {
        output(presswatch().args(["dead", "list", "--data-dir"]).arg(path).args(arguments))
    };
    let (_, error, status) = dead(&wrong, &[]);
    assert_eq!(status, Some(1));
    assert!(error.contains("no store is there") && !wrong.exists(), "{error}");
    let file = folder.path().join("presswatch.sqlite");
    std::fs::write(&file, "a letter ".repeat(500)).unwrap();
    let (_, error, status) = dead(folder.path(), &[]);
    assert_eq!(status, Some(1));
    assert!(error.contains("presswatch.sqlite` is not a presswatch store"), "{error}");
    std::fs::write(&file, "").unwrap();
    let (_, error, status) = dead(folder.path(), &["--older-than", "7d"]);
    assert_eq!(status, Some(0), "{error}");
    assert!(error.contains("no dead letters of the kind asked for"), "{error}");
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_in_peace() {
    let reference = |out: Stdio| {
        let ended =
            presswatch().args(["config", "--reference"]).stdout(out).stderr(Stdio::piped()).output().unwrap();
        (String::from_utf8(ended.stderr).unwrap(), ended.status.code())
    };
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    assert_eq!(reference(writer.into()), (String::new(), Some(0)));
    let (error, status) = reference(std::fs::File::create("/dev/full").unwrap().into());
    assert_eq!(status, Some(1));
    assert!(error.starts_with("error: can't write to standard output: "), "{error}");
}

#[test]
fn the_settings_in_force_hide_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("url");
    std::fs::write(&secret, "amqp://user:geheim@broker:5672/%2f\n").unwrap();
    let (out, error, status) = output(
        presswatch()
            .args(["config", "--log-level", "debug"])
            .env("PRESSWATCH__BROKER__URL_FILE", &secret)
            .env("PRESSWATCH__HTTP__TOKEN", "auch-geheim"),
    );
    assert_eq!(status, Some(0), "{error}");
    assert!(out.contains("broker:5672") && out.contains("level = \"debug\""), "{out}");
    assert!(!out.contains("geheim"), "{out}");
}

#[test]
fn the_demo_shows_the_whole_road() {
    let (out, error, status) = output(presswatch().args(["demo", "--once"]));
    assert_eq!(status, Some(0), "{error}");
    for word in ["alerted", "duplicate", "dead", "Azerbaijan", "said.ilham-aliyev"] {
        assert!(out.contains(word), "{word} is not in:\n{out}");
    }
    // keys with their names; of the topics only the narrowest
    let keys: Vec<&str> = out.lines().filter_map(|line| line.trim_start().strip_prefix("keys  ")).collect();
    assert!(keys.len() >= 12, "{out}");
    for key in ["country.AZ Azerbaijan", "topic.20000642 economic sanction", "said.ilham-aliyev Ilham Aliyev"]
    {
        assert!(keys.iter().any(|line| line.split(" · ").any(|one| one == key)), "{key} is not in {keys:#?}");
    }
    assert!(
        !keys.iter().any(|line| line.contains("topic.11000000") && line.contains("topic.20000642")),
        "{keys:#?}"
    );
}

#[test]
fn an_operator_adds_a_topic() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("topics")).unwrap();
    let rule = "[[topic]]\ncode = \"x:bees\"\nname = \"bees\"\nen = \"beekeeper*5\"\n";
    std::fs::write(folder.path().join("topics/mine.toml"), rule).unwrap();
    let lexicon = folder.path().to_str().unwrap();
    let article =
        r#"{"title": "Beekeepers meet", "body": "The beekeepers of the valley met on Sunday and talked."}"#;
    let (out, error, status) = tag(&["--lexicon-dir", lexicon], article);
    assert_eq!(status, Some(0), "{error}");
    assert!(out.contains("\"x:bees\""), "{out}");
    std::fs::write(folder.path().join("topics/mine.toml"), "[[topic]]\ncode = \"x:bees\"\n").unwrap();
    let (_, error, status) = tag(&["--lexicon-dir", lexicon], article);
    assert_eq!(status, Some(2));
    assert!(error.contains("topics/mine.toml") && error.contains("x:bees"), "{error}");
    std::fs::rename(folder.path().join("topics"), folder.path().join("topic")).unwrap();
    let (_, error, status) = tag(&["--lexicon-dir", lexicon], article);
    assert_eq!(status, Some(2));
    assert!(error.contains("topic/mine.toml: no part of the lexicon reads it"), "{error}");
}

#[test]
fn officials_import_makes_a_file_that_tag_reads() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("parliament.json");
    let popolo = r#"{"persons": [{"id": "1", "name": "Oskar Kivistik"}],
        "memberships": [{"person_id": "1", "label": "Speaker of Parliament", "start_date": "2023-04-10"}]}"#;
    std::fs::write(&list, popolo).unwrap();
    let import = |arguments: &[&str]| {
        let mut command = presswatch();
        command.arg("--lexicon-dir").arg(folder.path().join("lexicon"));
        std::fs::create_dir_all(folder.path().join("lexicon")).unwrap();
        output(command.args(["officials", "import"]).arg(&list).args(arguments))
    };
    let (out, error, status) = import(&["--country", "ee"]);
    assert_eq!(status, Some(0), "{error}");
    assert!(out.contains("Oskar Kivistik\t\tSpeaker of Parliament\tEE\t2023-04-10"), "{out}");
    let (_, error, status) = import(&["--country", "ee", "--name", "parliament"]);
    assert_eq!(status, Some(0), "{error}");

    let article = folder.path().join("article.txt");
    std::fs::write(&article, "Vote in Tallinn\n\nOskar Kivistik opened the sitting in Tallinn on Monday.\n")
        .unwrap();
    let mut command = presswatch();
    command.arg("--lexicon-dir").arg(folder.path().join("lexicon"));
    let (out, error, _) = output(command.arg("tag").arg(&article));
    let tagged: Value = serde_json::from_str(&out).expect(&error);
    assert_eq!(tagged["officials"][0]["slug"], "oskar-kivistik", "{out}");

    std::fs::write(&list, "a letter").unwrap();
    let (_, error, status) = import(&[]);
    assert_eq!(status, Some(1));
    assert!(error.contains("--format"), "{error}");
    let (_, error, _) = import(&["--format", "popolo"]);
    assert!(error.contains("no Popolo JSON"), "{error}");
}

#[test]
fn the_page_of_settings_is_what_the_program_says() {
    let (page, error, status) = output(presswatch().args(["config", "--reference"]));
    assert_eq!(status, Some(0), "{error}");
    assert!(page.contains("`PRESSWATCH__HTTP__LISTEN`, `--http-listen`"), "{page}");
    let committed = include_str!("../docs/CONFIGURATION.md");
    assert!(page == committed, "run: presswatch config --reference > docs/CONFIGURATION.md");
}

#[test]
fn officials_check_fails_on_rows_that_contradict_each_other() {
    let (out, error, status) = output(presswatch().args(["officials", "check"]));
    assert_eq!(status, Some(0), "{out}{error}");
    assert!(out.contains("offices are known for 2025 only"), "{out}");

    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("officials")).unwrap();
    let rows = "name\taliases\toffice\tcountry\tfrom\tto\tseen\twikidata\tlone\tnamesake\n\
                Oskar Kivistik\t\tPresident\tXX\t2020-01-01\t\t\tQ11\t\t\n\
                Ann Kivistik\t\tPresident\tXX\t2022-01-01\t\t\tQ11\t\t\n";
    std::fs::write(folder.path().join("officials/own.tsv"), rows).unwrap();
    let mut command = presswatch();
    command.arg("--lexicon-dir").arg(folder.path());
    let (out, _, status) = output(command.args(["officials", "check"]));
    assert_eq!(status, Some(1), "{out}");
    assert!(out.contains("contradiction: wd:Q11 is the id of"), "{out}");
    assert!(
        out.contains("contradiction: XX: Oskar Kivistik (officials/own.tsv line 2) is President when"),
        "{out}"
    );
    assert!(out.contains("old: officials/own.tsv: says nowhere when it was reviewed"), "{out}");
}
