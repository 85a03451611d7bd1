"""The pictures of the dashboards in the documents are of these dashboards, and every panel in them has data."""

import re
import sys

import pytest
from conftest import DEPLOY, DOCS
from test_grafana import NAMES, dashboard

sys.path.insert(0, str(DEPLOY / "grafana/pictures"))


@pytest.fixture(scope="module")
def pages():
    import make

    return make.drawn()


@pytest.mark.parametrize("name", NAMES)
def test_every_panel_is_drawn_with_data(pages, name):
    titles = re.findall(r"<h3>(.*?)</h3>", pages[name])
    assert len(titles) == len([p for p in dashboard(name)["panels"] if p["type"] != "row"])
    empty = [title for title, drawn in zip(titles, pages[name].split("<h3>")[1:]) if "no data" in drawn]
    assert not empty


def test_the_newsroom_shows_names_and_the_spikes_of_the_invented_history(pages):
    page = pages["newsroom"]
    spikes = page.split("<h3>Spikes now</h3>")[1].split("</section>")[0]
    assert re.search(r">[1-9]</text>", spikes)
    for words in ["Vanuatu", "economic sanction", "Marco Rubio"]:
        assert words in page
    assert "medtop:" not in page


def test_a_picture_of_each_lies_in_the_documents(pages, tmp_path):
    import make

    make.take({"broker": pages["broker"]}, tmp_path)
    assert (tmp_path / "broker.webp").read_bytes()[8:12] == b"WEBP"
    for name in NAMES:
        picture = DOCS / "dashboards" / f"{name}.webp"
        assert picture.read_bytes()[8:12] == b"WEBP"
        assert f"dashboards/{name}.webp" in (DOCS / "DASHBOARDS.md").read_text()
