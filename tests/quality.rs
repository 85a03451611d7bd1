//! Minimum quality of the tags, on real news with gold labels made by others. The floors only rise.
//!
//! The sets are kept next to the project where it is developed (`../shared/eval`) and are not part of it; if they are
//! missing, the test is ignored (`build.rs`).

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic and tell why")]

use std::path::Path;
use std::process::{Command, Stdio};

/// Set, score, measure, floor: slightly below the figure given in `docs/TAGGING.md`.
const FLOORS: &[(&str, &str, &str, f64)] = &[
    ("pages_dev", "body", "F1", 0.965),
    // without the dateline's country: for 84 of 100 articles the editors' label is just where the story was filed
    ("reuters_dev", "focus_no_dateline", "F1", 0.83),
    ("reuters_dev", "officials", "R", 0.985),
    ("reuters_dev", "officials", "F1", 0.89),
    // the topic weights are learnt from these sets, so these three only show that they are in use; a model that
    // memorises less scores lower here and higher elsewhere, see docs/tagging/topics.md
    ("reuters_dev", "topics", "F1", 0.95),
    ("bbc_dev", "top", "F1", 0.99),
    ("masakha_dev", "top", "F1", 0.99),
    ("trnews_dev", "mentioned", "F1", 0.935),
    ("lgl_dev", "mentioned", "F1", 0.88),
    ("polnear_dev", "direct", "detected", 0.995),
    ("polnear_dev", "direct", "speaker_right", 0.91),
    ("polnear_dev", "attributions", "F1", 0.635),
];

#[test]
#[cfg_attr(not(evaluation_sets), ignore = "the evaluation sets are not on this machine")]
fn the_scores_stay_above_their_floors() {
    let eval = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval");
    let mut sets: Vec<&str> = FLOORS.iter().map(|f| f.0).collect();
    sets.dedup();
    let mut report = String::new();
    for set in sets {
        let output = Command::new("python3")
            .arg(eval.join("score.py"))
            .arg(eval.join(format!("{set}.jsonl.gz")))
            .args(["--json", "--", env!("CARGO_BIN_EXE_presswatch"), "tag"])
            .stderr(Stdio::inherit())
            .output()
            .expect("python3 runs the scorer");
        assert!(output.status.success(), "{set}: the scorer failed");
        let scores: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(scores["missing"], 0, "{set}: articles without output");
        for (_, score, measure, floor) in FLOORS.iter().filter(|f| f.0 == set) {
            let got = scores[score][measure].as_f64().unwrap();
            eprintln!("{set} {score} {measure} {got:.3} (floor {floor})");
            if got < *floor {
                report += &format!("{set} {score} {measure} fell to {got:.3}, below {floor}\n");
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
}
