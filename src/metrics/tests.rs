use super::*;
use crate::files::Files;

#[test]
fn all_metrics_of_closed_sets_are_there_from_the_start() {
    let text = Metrics::new(&Knowledge::parse(&Files::default()).unwrap()).text();
    for line in [
        "presswatch_articles_total{outcome=\"alerted\"} 0",
        "presswatch_dead_total{reason=\"not-json\"} 0",
        "presswatch_confirms_total{result=\"ack\"} 0",
        "presswatch_notices_total{result=\"published\"} 0",
        "presswatch_notices_total{result=\"unroutable\"} 0",
        "presswatch_in_flight 0",
        "presswatch_watches{state=\"set-aside\"} 0",
        "presswatch_watch_faults 0",
        "presswatch_broker_up 0",
        "presswatch_officials_reviewed_timestamp_seconds{list=\"heads\"} ",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn what_the_lexicon_can_tell_is_there_at_nought_under_its_name() {
    let lexicon = Knowledge::parse(&Files::default()).unwrap();
    let text = Metrics::new(&lexicon).text();
    for line in [
        "presswatch_country_articles_total{country=\"VU\",name=\"Vanuatu\"} 0",
        "presswatch_topic_articles_total{name=\"economic sanction\",topic=\"medtop:20000642\"} 0",
        "presswatch_official_citations_total{citation=\"quoted\",name=\"Marco Rubio\",official=\"marco-rubio\"} 0",
        "presswatch_official_citations_total{citation=\"mentioned\",name=\"all others\",official=\"other\"} 0",
    ] {
        assert!(text.contains(line), "{line} is not there");
    }
    assert!(!text.contains("name=\"\""), "Prometheus has no empty labels");
    let series = text.lines().filter(|line| !line.starts_with('#')).count();
    // a few hundred bytes each per scrape: more would be a burden on a Prometheus with many workers
    assert!((5_000..15_000).contains(&series), "{series}");
}
