"""Rules: right in form, each alert tested both ways and explained in the runbook."""

import re

import yaml
from conftest import DEPLOY, DOCS, check

HERE = DEPLOY / "prometheus"
TESTS = ["rules_test.yml", "news_test.yml"]


def alerts():
    groups = yaml.safe_load((HERE / "rules.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"] if "alert" in rule]


def test_rules_and_scrapes_are_valid():
    check("promtool", "check", "rules", "--lint-fatal", HERE / "rules.yml")
    check("promtool", "check", "config", "--syntax-only", HERE / "prometheus.yml")


def test_the_alerts_fire_and_keep_silent_as_their_tests_say():
    for file in TESTS:
        check("promtool", "test", "rules", HERE / file)


def test_every_alert_is_tested_both_ways():
    fires, silent = set(), set()
    for file in TESTS:
        for case in yaml.safe_load((HERE / file).read_text())["tests"]:
            for expected in case["alert_rule_test"]:
                (fires if expected["exp_alerts"] else silent).add(expected["alertname"])
    names = {rule["alert"] for rule in alerts()}
    assert len(names) >= 15
    assert fires == names
    assert silent == names


def test_every_alert_has_its_section_in_the_runbook_and_no_section_is_left_over():
    text = (DOCS / "RUNBOOK.md").read_text()
    sections = re.findall(r"^## (\w+)$", text, re.M)
    assert sorted(sections) == sorted(rule["alert"] for rule in alerts())
    for rule in alerts():
        assert rule["annotations"]["runbook"] == f"docs/RUNBOOK.md#{rule['alert'].lower()}"
        section = text.split(f"## {rule['alert']}\n")[1]
        assert section.startswith(f"**{rule['labels']['severity']}"), f"{rule['alert']}: severities differ"
