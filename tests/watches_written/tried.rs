//! Queries tried on articles that are kept, and what is told of each clause.

use serde_json::{Value, json};

use crate::support::rabbit::Rabbit;
use crate::support::watches::Desk;
use crate::support::{self, Worker, wait_for};
use crate::{alerted, folder, on_store, post, post_as};

#[test]
fn a_query_is_tried_on_what_is_kept_and_each_clause_explained() {
    let data = tempfile::tempdir().unwrap();
    let worker = on_store(&data);
    let desk = Desk::new(&worker.address);
    assert_eq!(desk.create("oil", "oil").status, 201);
    for n in 0..10 {
        let what = if n % 2 == 0 { "oil" } else { "gas" };
        post(
            &worker,
            &format!("{n}"),
            &format!("Azerbaijan said that {what} number {n} would be sold to Georgia."),
        );
    }
    wait_for("the alerts", || alerted(&worker).len() == 10);
    let tried = desk.ask(
        "POST",
        "/watches/try",
        &[],
        &json!({ "when": "(oil OR gas) AND mentions:GE", "id": "oil" }),
    );
    assert_eq!(tried.status, 200, "{tried:?}");
    let told = tried.body;
    assert_eq!((&told["looked_at"], &told["found"]["matched"]), (&10.into(), &10.into()), "{told}");
    let against = &told["against_now"];
    assert_eq!((&against["more"], &against["fewer"]), (&json!(5), &json!(0)));
    let added = against["added"].as_array().unwrap();
    assert!(
        added.len() == 5 && added.iter().all(|a| a["title"] == "Hm" && a["alert"].is_string()),
        "{against}"
    );
    assert_eq!(against["lost"], json!([]));
    let hit = &told["found"]["samples"][0];
    assert!(hit["clauses"].as_array().unwrap().len() >= 2 && hit["title"] == "Hm", "{hit}");
    let wrong = desk.ask("POST", "/watches/try", &[], &json!({ "when": "oil AND", "articles": 0 }));
    assert_eq!(wrong.status, 422);
    assert!(wrong.body["column"].is_u64(), "{wrong:?}");
    // the same through the command line
    let listen = format!("--http-listen={}", worker.address);
    let when = "(oil OR gas) NOT oil";
    let (out, error, status) =
        support::output(support::presswatch().args(["watch", "try", "--kept", "--when", when, &listen]));
    assert_eq!(status, Some(0), "{error}");
    assert!(out.contains("query: 5 of 10 articles") && out.contains("takes away 5"), "{out}");
    // why one matches and another does not
    let page: Value = serde_json::from_str(&worker.get("/alerts.json").unwrap().1).unwrap();
    for row in page["alerts"].as_array().unwrap() {
        let (id, number) = (row["alert"]["id"].as_str().unwrap(), &row["number"]);
        let even = row["alert"]["data"]["id"].as_str().unwrap().parse::<u32>().unwrap() % 2 == 0;
        let why = desk.get(&format!("/watches/oil/why?alert={id}&at={number}")).body;
        assert_eq!(why["matches"], even, "{why}");
        assert_eq!(why["clauses"][0]["expr"], "oil", "{why}");
    }
    assert_eq!(desk.get("/watches/oil/why?alert=0123").status, 404);
}

/// A worker in which three articles were processed: one with an alert, one with a notice alone, one with neither.
fn with_articles(worker: &Worker) {
    for (id, body) in [
        ("tagged", "Oil of Japan."),
        ("noticed", "It was a wobble of the table."),
        ("bare", "It was a chair."),
    ] {
        let url = format!("https://news.example/{id}");
        let article = json!({ "id": id, "url": url, "title": format!("The {id}"), "body": body });
        assert_eq!(worker.post(article.to_string().as_bytes()), Some(202));
    }
    let ended =
        |outcome: &str| worker.metric(&format!("presswatch_articles_total{{outcome=\"{outcome}\"}}")) > 0.5;
    wait_for("the articles", || ["alerted", "noticed", "untagged"].into_iter().all(ended));
}

fn articles_without_an_alert_are_seen(worker: &Worker) {
    let desk = Desk::new(&worker.address);
    let query = "oil OR wobble OR chair";
    let tried = desk.ask("POST", "/watches/try", &[], &json!({ "when": query })).body;
    assert_eq!((&tried["looked_at"], &tried["found"]["matched"]), (&json!(3), &json!(3)), "{tried}");
    let other = desk.ask("POST", "/watches/try", &[], &json!({ "when": "chairs" })).body;
    let forms = json!([{ "word": "chairs", "articles": 0, "others": [["chair", 1]] }]);
    assert_eq!((&other["found"]["matched"], &other["found"]["forms"]), (&json!(0), &forms), "{other}");
    let samples = tried["found"]["samples"].as_array().unwrap().iter();
    let mut ids: Vec<(&str, bool)> =
        samples.map(|s| (s["id"].as_str().unwrap(), s["alert"].is_string())).collect();
    ids.sort_unstable();
    assert_eq!(ids, [("bare", false), ("noticed", false), ("tagged", true)]);
    let listen = format!("--http-listen={}", worker.address);
    let (out, error, status) =
        support::output(support::presswatch().args(["watch", "try", "--kept", "--when", query, &listen]));
    assert!(status == Some(0) && out.contains("query: 3 of 3 articles"), "{out}{error}");
    // page by page
    let page = desk.get("/articles.json?limit=2").body;
    let next = page["next"].as_str().unwrap();
    let rest = desk.get(&format!("/articles.json?limit=2&before={next}")).body;
    let all = [&page, &rest].into_iter().flat_map(|page| page["articles"].as_array().unwrap());
    let mut all: Vec<&str> = all.map(|kept| kept["article"]["id"].as_str().unwrap()).collect();
    all.sort_unstable();
    assert_eq!((all, &rest["next"]), (vec!["bare", "noticed", "tagged"], &Value::Null));
    // by id or URL
    assert_eq!(desk.create("chair", "chair").status, 201);
    for (article, matches) in [
        ("bare", true),
        ("tagged", false),
        ("https://news.example/bare", true),
        ("https://news.example/tagged", false),
    ] {
        let why = desk.get(&format!("/watches/chair/why?article={article}"));
        assert_eq!((why.status, &why.body["matches"]), (200, &json!(matches)), "{article}: {why:?}");
    }
    for (asked, status) in [("article=none", 404), ("article=bare&alert=1", 400), ("", 400)] {
        assert_eq!(desk.get(&format!("/watches/chair/why?{asked}")).status, status, "{asked}");
    }
    // one that comes again with an alert counts once
    post(worker, "bare", "It was a chair.");
    wait_for("the alert", || alerted(worker).contains_key("bare"));
    let tried = desk.ask("POST", "/watches/try", &[], &json!({ "id": "chair" })).body;
    assert_eq!((&tried["looked_at"], &tried["found"]["matched"]), (&json!(3), &json!(1)), "{tried}");
    assert_eq!(desk.ask("POST", "/watches/try", &[], &json!({ "id": "none" })).status, 400);
}

#[test]
fn watches_are_tried_on_articles_without_an_alert_too() {
    let data = tempfile::tempdir().unwrap();
    let watches = folder("[[watch]]\nid = \"theirs\"\nowner = \"desk\"\nwhen = 'wobble'\n");
    let start = || {
        Worker::start_with(
            &[("watches.dir", watches.path().to_str().unwrap())],
            &["--data-dir", data.path().to_str().unwrap()],
        )
    };
    let worker = start();
    with_articles(&worker);
    // they are kept across a restart
    assert!(worker.stop().0.success());
    articles_without_an_alert_are_seen(&start());
}

#[test]
fn over_rabbitmq_too() {
    let rabbit = Rabbit::start();
    let watches = folder("[[watch]]\nid = \"theirs\"\nowner = \"desk\"\nwhen = 'wobble'\n");
    let worker = Worker::start_with(
        &[("watches.dir", watches.path().to_str().unwrap())],
        &["--broker-url", &rabbit.url()],
    );
    with_articles(&worker);
    wait_for("the alert", || alerted(&worker).contains_key("tagged"));
    articles_without_an_alert_are_seen(&worker);
}

#[test]
fn each_exclusion_tells_what_it_takes_away_and_who_may_not_try_sees_no_articles() {
    let data = tempfile::tempdir().unwrap();
    let worker = Worker::start_with(
        &[("http.token", "of the worker")],
        &["--data-dir", data.path().to_str().unwrap()],
    );
    let anybody = Desk::new(&worker.address);
    let operator = anybody.with("of the worker");
    assert_eq!(operator.create("oil", "oil").status, 201);
    for (n, body) in
        ["Oil rose in Japan.", "Oil and gas rose in Japan.", "Oil and coal rose in Japan."].iter().enumerate()
    {
        post_as(&worker, "of the worker", &n.to_string(), body);
    }
    wait_for("the alerts", || alerted(&worker).len() == 3);
    let query = "SENTENCE(oil NOT (gas OR coal)) AND (rose OR zugzwang OR title:checkmate) NOT wobble";
    let tried = operator.ask("POST", "/watches/try", &[], &json!({ "when": query, "id": "oil" })).body;
    assert_eq!(tried["found"]["takes_away"], json!([["NOT (gas OR coal)", 2], ["NOT wobble", 0]]), "{tried}");
    let warnings = tried["warnings"].to_string();
    for part in [
        "NOT (gas OR coal) takes away 2 of 3, which is over half",
        "in none of 3 articles: zugzwang, title:(checkmate)",
    ] {
        assert!(warnings.contains(part), "{part}: {warnings}");
    }
    let lost = tried["against_now"]["lost"].as_array().unwrap();
    assert_eq!((lost.len(), &tried["against_now"]["fewer"]), (2, &json!(2)), "{tried}");
    // costly requests are not for everybody
    let tests = |desk: &Desk| desk.get("/watches/oil/health").body["tests"].clone();
    assert_eq!((tests(&anybody), tests(&operator)), (Value::Null, json!({ "passed": 0, "failed": [] })));
    assert_eq!(anybody.get("/articles.json").status, 401);
    assert_eq!(anybody.get("/watches/oil/why?article=1").status, 401);
    assert_eq!(anybody.ask("POST", "/watches/try", &[], &json!({ "when": "oil" })).status, 401);
    assert_eq!(operator.get("/watches/oil/why?article=1").status, 200);
}
