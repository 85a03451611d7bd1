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


def test_what_is_provisioned_is_there():
    source = yaml.safe_load((HERE / "provisioning/datasources/prometheus.yml").read_text())["datasources"][0]
    scrape = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())["global"]["scrape_interval"]
    assert source["jsonData"]["timeInterval"] == scrape
    folder = yaml.safe_load((HERE / "provisioning/dashboards/presswatch.yml").read_text())["providers"][0]["options"]["path"]
    mounts = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["grafana"]["volumes"]
    assert f"./grafana/dashboards:{folder}:ro" in mounts
