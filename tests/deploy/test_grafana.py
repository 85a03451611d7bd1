"""Dashboards: the committed JSON is what the script builds; panels explain themselves."""

import json

import pytest
import yaml
from conftest import DEPLOY, DOCS, check

HERE = DEPLOY / "grafana"
NAMES = ["newsroom", "pipeline", "broker"]


def dashboard(name):
    return json.loads((HERE / "dashboards" / f"{name}.json").read_text())


def panels(name):
    return [p for p in dashboard(name)["panels"] if p["type"] != "row"]


def test_the_committed_json_is_what_the_script_builds(tmp_path):
    check("python", HERE / "build.py", tmp_path)
    for name in NAMES:
        built = (tmp_path / f"{name}.json").read_text()
        assert built == (HERE / "dashboards" / f"{name}.json").read_text(), f"{name}: run deploy/grafana/build.py"
    assert sorted(p.stem for p in (HERE / "dashboards").iterdir()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_panel_says_how_to_read_it(name):
    found = panels(name)
    assert len(found) >= 12
    for panel in found:
        assert panel["description"].endswith("."), panel["title"]
        assert panel["targets"], panel["title"]
    titles = [p["title"] for p in found if p["type"] != "stat"]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("name", NAMES)
def test_panels_do_not_overlap_and_fill_their_rows(name):
    cells = set()
    for panel in dashboard(name)["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24, panel["title"]
        mine = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not mine & cells, panel["title"]
        cells |= mine
    height = max(y for _, y in cells) + 1
    assert len(cells) >= 0.95 * 24 * height


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_sections_of_the_runbook(name):
    sections = {line[3:].lower() for line in (DOCS / "RUNBOOK.md").read_text().splitlines() if line.startswith("## ")}
    linked = [link["url"].split("#")[1] for panel in panels(name) for link in panel.get("links", [])]
    assert linked
    assert set(linked) <= sections


def test_the_newsroom_counts_what_a_worker_did_before_it_was_scraped(tmp_path):
    """A worker starts five minutes before the end of a range of an hour, and its first scrape finds counts already."""
    young = 'job="presswatch", instance="b"'
    series = {
        f"process_start_time_seconds{{{young}}}": "_x115 6900x5",
        f'presswatch_articles_total{{{young}, outcome="alerted"}}': "_x115 16x5",
        f"presswatch_alerts_total{{{young}}}": "_x115 16x5",
        f'presswatch_country_articles_total{{{young}, country="AZ", name="Azerbaijan"}}': "_x115 2 3x4",
        f'presswatch_country_articles_total{{{young}, country="VU", name="Vanuatu"}}': "_x115 1x5",
        f'presswatch_country_articles_total{{{young}, country="FR", name="France"}}': "_x115 0x5",
        f'presswatch_topic_articles_total{{{young}, topic="medtop:20000642", name="economic sanction"}}': "_x115 4x5",
        f'presswatch_official_citations_total{{{young}, official="marco-rubio", name="Marco Rubio", citation="quoted"}}': "_x115 1x5",
        # one that has been there for long, and that Prometheus has not seen for most of the range
        'process_start_time_seconds{job="presswatch", instance="a"}': "0x30 _x84 0x6",
        'presswatch_country_articles_total{job="presswatch", instance="a", country="DE", name="Germany"}': "900x30 _x84 900x6",
    }
    wanted = {
        "Articles": [{"labels": "{}", "value": 16}],
        "Alerts": [{"labels": "{}", "value": 16}],
        "Countries": [{"labels": "{}", "value": 2}],
        "Topics": [{"labels": "{}", "value": 1}],
        "Officials cited": [{"labels": "{}", "value": 1}],
        "Most written about": [
            {"labels": '{country="AZ", name="Azerbaijan"}', "value": 3},
            {"labels": '{country="VU", name="Vanuatu"}', "value": 1},
        ],
        "Topics most written about": [
            {"labels": '{topic="medtop:20000642", name="economic sanction", key="20000642"}', "value": 4},
        ],
        "Quoted": [{"labels": '{official="marco-rubio", name="Marco Rubio"}', "value": 1}],
    }
    by_title = {panel["title"]: panel["targets"][0]["expr"] for panel in panels("newsroom")}
    tests = []
    for title, samples in wanted.items():
        expression = by_title[title]
        for variable, value in {"$__range_s": "3600", "$__range": "1h", "$instance": ".*", "$country": ".*", "$topic": ".*"}.items():
            expression = expression.replace(variable, value)
        tests.append({"expr": expression, "eval_time": "2h", "exp_samples": samples})
    case = {"interval": "1m", "input_series": [{"series": s, "values": v} for s, v in series.items()], "promql_expr_test": tests}
    file = tmp_path / "newsroom_test.yml"
    file.write_text(yaml.safe_dump({"evaluation_interval": "1m", "tests": [case]}))
    check("promtool", "test", "rules", file)


def test_counts_are_whole_numbers_and_series_have_names():
    for panel in panels("newsroom"):
        if panel["type"] in ("stat", "bargauge", "table"):
            assert panel["fieldConfig"]["defaults"]["decimals"] == 0, panel["title"]
        for target in panel["targets"]:
            assert target.get("legendFormat") in (None, "", "{{name}}", "{{citation}}"), panel["title"]


def test_names_lead_to_their_alerts_in_the_console():
    linked = {
        panel["title"]: panel["fieldConfig"]["defaults"]["links"][0]["url"]
        for panel in panels("newsroom") if panel["fieldConfig"]["defaults"].get("links")
    }
    assert linked["Most written about"] == "${console}?key=country.${__field.labels.country}"
    assert linked["Topics most written about"] == "${console}?key=topic.${__field.labels.key}"
    assert linked["Quoted"] == "${console}?key=official.${__field.labels.official}"
    assert len(linked) >= 8
    [console] = [v for v in dashboard("newsroom")["templating"]["list"] if v["name"] == "console"]
    ports = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["presswatch"]["ports"]
    assert console["query"] == "http://127.0.0.1:9464/" and "127.0.0.1:9464:9464" in ports


def test_what_is_provisioned_is_there():
    source = yaml.safe_load((HERE / "provisioning/datasources/prometheus.yml").read_text())["datasources"][0]
    scrape = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())["global"]["scrape_interval"]
    assert source["jsonData"]["timeInterval"] == scrape
    folder = yaml.safe_load((HERE / "provisioning/dashboards/presswatch.yml").read_text())["providers"][0]["options"]["path"]
    mounts = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["grafana"]["volumes"]
    assert f"./grafana/dashboards:{folder}:ro" in mounts
