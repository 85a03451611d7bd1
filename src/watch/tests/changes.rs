//! Sets of watches that change, and what each watch costs.

use super::{Given, PORT, set};
use crate::watch::*;

#[test]
fn a_set_changes_without_touching_the_one_before() {
    let first = set(&["freight", "baku", "tokyo", "freight"]);
    let ids = |set: &WatchSet| {
        let found = set.matches(PORT.article(), &mut Workspace::default());
        found.into_iter().map(|m| m.id).collect::<Vec<_>>().join(" ")
    };
    let new = |id: &str, when: &str| Watch { id: id.to_owned(), when: when.to_owned(), ..Watch::default() };
    assert_eq!((ids(&first).as_str(), first.queries()), ("w0 w1 w3", 3), "one query is kept once");
    let second = first.with(new("w1", "tokyo")).unwrap().with(new("w9", "tariffs")).unwrap();
    assert_eq!(ids(&second), "w0 w3 w9");
    let third = second.without("w0").unwrap();
    assert_eq!((ids(&third).as_str(), third.len()), ("w3 w9", 4));
    assert!(third.without("w0").is_none());
    assert!(third.with(new("w3", "bad (")).is_err());
    // changes made during a merge are kept
    let merging = third.begin_merge();
    let changed =
        merging.with(new("w3", "tokyo")).unwrap().with(new("w8", "baku")).unwrap().without("w9").unwrap();
    let merged = merging.merge();
    let whole = changed.adopt(merged);
    assert_eq!((ids(&changed).as_str(), ids(&whole).as_str()), ("w8", "w8"));
    assert_eq!((whole.len(), changed.len()), (4, 4));
    assert_eq!(whole.get("w1").map(|w| w.when).as_deref(), Some("tokyo"));
    assert_eq!(ids(&first), "w0 w1 w3");
}

#[test]
fn a_watch_that_takes_too_long_is_set_aside_and_named() {
    let body = format!("{}coal", "oil gas ".repeat(40_000));
    let given = Given::new("en", "", &body);
    let dear = "oil NEAR/100 gas NEAR/100 oil NEAR/100 gas NEAR/100 coal";
    let set = set(&[dear, "gas"]);
    let mut workspace = Workspace::default();
    let found = set.matches(given.article(), &mut workspace);
    assert_eq!(found.len(), 1);
    assert_eq!(set.aside(), [("w0".to_owned(), Aside::TooDear)]);
    let other = set.with(Watch { id: "w0".to_owned(), when: "oil".to_owned(), ..Watch::default() }).unwrap();
    assert_eq!(other.aside(), []);
    assert_eq!(other.matches(given.article(), &mut workspace).len(), 2);
}

#[test]
fn what_a_watch_costs_is_kept_while_its_query_is() {
    let (oil, gas) = (Given::new("en", "", "Oil rose near gas."), Given::new("en", "", "Gas and oil."));
    let set = set(&["oil AND rose", "gas", "zugzwang"]);
    let mut workspace = Workspace::default();
    for article in [&oil, &gas, &gas] {
        set.matches(article.article(), &mut workspace);
    }
    let told = |set: &WatchSet, id: &str| set.cost(id).map(|cost| (cost.candidates, cost.matches));
    assert_eq!(told(&set, "w1"), Some((3, 3)));
    assert_eq!(told(&set, "w2"), Some((0, 0)));
    assert_eq!(told(&set, "w9"), None);
    let (candidates, matches) = told(&set, "w0").unwrap();
    assert!(candidates >= 1 && matches == 1, "{candidates}");
    // another watch is changed, all are merged, all are read again: those that stay as they are keep theirs
    let change = |when: &str| Watch { id: "w2".to_owned(), when: when.to_owned(), ..Watch::default() };
    let changed = set.with(change("rose")).unwrap();
    let merged = changed.adopt(changed.begin_merge().merge());
    let (again, _) = WatchSet::of(set.words().clone(), changed.watches());
    again.take_costs(&changed);
    for other in [&changed, &merged, &again] {
        assert_eq!((told(other, "w0"), told(other, "w1")), (told(&set, "w0"), Some((3, 3))));
        assert_eq!(told(other, "w2"), Some((0, 0)));
    }
    let renamed = Watch { name: "Gas".to_owned(), when: "gas".to_owned(), ..change("") };
    let renamed = changed.with(Watch { id: "w1".to_owned(), ..renamed }).unwrap();
    assert!(renamed.cost("w1").is_some());
    let other = changed.with(Watch { id: "w1".to_owned(), ..change("gas~") }).unwrap();
    assert_eq!(told(&other, "w1"), Some((0, 0)), "another query");
}

#[test]
fn watches_without_owner_are_counted() {
    let owned = |id: &str| Watch {
        id: id.to_owned(),
        owner: Some("desk".to_owned()),
        when: "oil".to_owned(),
        ..Watch::default()
    };
    let set = set(&["oil", "gas"]).with(owned("a")).unwrap().with(owned("b")).unwrap();
    assert_eq!((set.len(), set.open()), (4, 2));
    let set = set.without("a").unwrap().without("w0").unwrap();
    assert_eq!((set.len(), set.open()), (2, 1));
}
