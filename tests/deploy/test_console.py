"""The console in a real browser: Debian's Chromium, headless, against a worker on the embedded store and on RabbitMQ."""

import base64
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
import xml.dom.minidom
from pathlib import Path

import pika
import pytest
from conftest import DOCS, ROOT, free_port, until
from playwright.sync_api import expect, sync_playwright

# the machine may be slow and busy
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

BAKU = {
    "id": "baku", "url": "https://wire.example/baku", "title": "Azerbaijan raises oil exports", "language": "en",
    "body": 'BAKU, March 3 - Azerbaijan raised its oil exports.\n\n"We are ready," President Ilham Aliyev told reporters.\n',
    "published_at": "2026-03-03T10:00:00Z", "source": {"name": "Example Wire", "domain": "wire.example"},
}
TOKYO = {
    "id": "tokyo", "title": "Strong earthquake shakes Japan", "language": "en", "source": {"name": "Relief News"},
    "body": "TOKYO, March 3 - A strong earthquake shook Japan on Tuesday. Rescuers in Tokyo searched for survivors.",
}


# its letters where there is no font with flags
AZERBAIJAN = re.compile("^(🇦🇿|AZ) Azerbaijan$")


class Worker:
    """presswatch on the embedded store, or with other arguments; it can be ended and started again."""

    def __init__(self, presswatch, *arguments, token=""):
        self.environment = {**os.environ, "PRESSWATCH__HTTP__TOKEN": token}
        self.command = [presswatch, "run", *arguments, "--http-listen", f"127.0.0.1:{free_port()}"]
        self.address = f"http://{self.command[-1]}"
        self.start()

    def start(self):
        self.running = subprocess.Popen([*self.command, "--log-level", "error"], env=self.environment)
        until("the worker", 60, self.ready)

    def ready(self):
        assert self.running.poll() is None
        try:
            return urllib.request.urlopen(f"{self.address}/readyz", timeout=5).status == 200
        except OSError:
            return False

    def end(self):
        self.running.kill()
        self.running.wait(60)

    def post(self, *articles, path="/articles"):
        body = "\n".join(map(json.dumps, articles)).encode()
        request = urllib.request.Request(self.address + path, body, {"content-type": "application/x-ndjson"})
        assert urllib.request.urlopen(request, timeout=60).status == 202


@pytest.fixture
def worker(presswatch, tmp_path):
    worker = Worker(presswatch, "--data-dir", tmp_path / "data")
    yield worker
    worker.end()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        # root, as in CI, has no sandbox
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser):
    """Opens a page; what it complains of fails the test, unless it is `expected`."""
    complaints, contexts = [], []

    def open_page(address, expected=None, **more):
        context = browser.new_context(locale="en-GB", timezone_id="UTC", **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)

        def complain(text):
            if not (expected and re.search(expected, text)):
                complaints.append(text)

        page.on("console", lambda message: complain(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complain(str(error)))
        page.goto(address)
        expect(page.locator("#stream")).to_have_text("live")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


def headlines(page):
    return page.locator("#alerts h3")


def test_alerts_appear_with_their_tags_and_quotes(worker, visit):
    worker.post(TOKYO)
    page = visit(worker.address)
    # what was before the page, then what comes
    expect(headlines(page)).to_have_text([TOKYO["title"]])
    worker.post(BAKU)
    expect(headlines(page)).to_have_text([BAKU["title"], TOKYO["title"]])
    card = page.locator("#alerts article").first
    expect(card.locator(".meta")).to_have_text("Example Wire · 3 Mar 2026, 10:00 · came in just now · en · wire.example")
    expect(card.locator(".country").first).to_have_text(AZERBAIJAN)
    expect(card.locator(".topic", has_text="oil and gas")).to_have_count(1)
    expect(card.locator(".official")).to_have_text("Ilham Aliyev quoted")
    expect(card.locator("blockquote")).to_have_text(re.compile('^"We are ready,"— Ilham Aliyev, President, (🇦🇿|AZ)Copy$'))
    expect(page.locator("#broker")).to_have_text("embedded store up")
    expect(page.locator("#outcomes div", has_text="alerted").locator("dd")).to_have_text("2")
    for list_, name in [("countries", "Japan"), ("topics", "earthquake"), ("officials", "Ilham Aliyev")]:
        expect(page.locator(f"#{list_} button", has_text=name)).to_be_visible()


def test_an_alert_opens_by_keyboard_with_all_evidence_marked(worker, visit):
    # beyond the basic plane, offsets in code points and in UTF-16 part ways
    worker.post({**BAKU, "body": BAKU["body"].replace("- A", "- 😀 𝔘 A")})
    page = visit(worker.address)
    expect(headlines(page)).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    body = page.locator(".body")
    expect(body.locator(".words:not(.title) mark.country")).to_have_text(["BAKU", "Azerbaijan"])
    for kind, text in [("official", "Ilham Aliyev"), ("quote", '"We are ready,"'), ("cue", "told"), ("topic", "oil exports")]:
        expect(body.locator(f".words mark.{kind}", has_text=text).last).to_have_text(text)
    expect(body.locator("td code", has_text="said.ilham-aliyev")).to_be_visible()
    # nothing moves away from who reads
    worker.post(TOKYO)
    expect(page.locator("#pause")).to_have_text("Go on (1 new)")
    page.keyboard.press("Enter")
    expect(body).to_be_hidden()
    expect(headlines(page)).to_have_text([TOKYO["title"], BAKU["title"]])


def test_a_key_filters_what_was_and_what_comes(worker, visit):
    worker.post(BAKU, TOKYO)
    page = visit(worker.address)
    expect(headlines(page)).to_have_count(2)
    page.keyboard.press("/")
    page.keyboard.type("country.JP said.nobody")
    page.keyboard.press("Enter")
    expect(headlines(page)).to_have_text([TOKYO["title"]])
    worker.post({**BAKU, "id": "2", "title": "Azerbaijan raises oil exports again"}, {**TOKYO, "id": "3", "title": "Second earthquake in Japan"})
    expect(headlines(page)).to_have_text(["Second earthquake in Japan", TOKYO["title"]])
    # the stream to copy is that of the page, and so is its address
    command = page.locator("#command").text_content()
    assert command == f"curl -N '{worker.address}/alerts?key=country.JP&key=said.nobody'"
    assert page.url == f"{worker.address}/?key=country.JP&key=said.nobody"
    page.reload()
    expect(headlines(page)).to_have_count(2)
    # a tag is a key too
    page.locator("#clear").click()
    expect(headlines(page)).to_have_count(4)
    page.locator("#alerts .country", has_text="Azerbaijan").first.click()
    expect(headlines(page)).to_have_count(2)
    expect(page.locator("#heading")).to_have_text("Alerts of Azerbaijan")


def names(page):
    """What the filter is made of, each with how it is meant."""
    return page.locator("#chosen li").evaluate_all("all => all.map(li => [li.className, li.querySelector('span').textContent])")


def test_who_knows_no_keys_types_names(worker, visit):
    ru = {"id": "ru", "title": "Рубио прибыл в Баку", "language": "ru",
          "body": "БАКУ, 3 марта. Госсекретарь США Марко Рубио заявил, что переговоры в Азербайджане прошли хорошо."}
    worker.post(TOKYO, BAKU, ru)
    page = visit(worker.address)
    expect(headlines(page)).to_have_count(3)
    page.keyboard.press("/")
    page.keyboard.type("Рубио")
    expect(page.locator("#offers li").first).to_contain_text("Marco Rubio")
    expect(page.locator("#offers li").first).to_contain_text("official")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#key")).to_have_attribute("aria-activedescendant", "offer-0")
    page.keyboard.press("Enter")
    assert names(page) == [["any", "Marco Rubio"]]
    expect(headlines(page)).to_have_text([ru["title"]])
    # typed and sent at once; one more of any
    page.keyboard.type("japa")
    page.keyboard.press("Enter")
    expect(headlines(page)).to_have_text([ru["title"], TOKYO["title"]])
    expect(page.locator("#heading")).to_have_text("Alerts of Marco Rubio or Japan")
    # not, by a minus; and, by its button
    page.locator("#clear").click()
    page.locator("#key").fill("-sanctions")
    page.locator("#key").press("Enter")
    expect(page.locator("#chosen li")).to_have_class(["none"])
    page.locator("#key").fill("Azer")
    expect(page.locator("#offers li").first).to_contain_text("Azerbaijan")
    page.locator("#offers li").first.click()
    expect(headlines(page)).to_have_count(2)
    page.locator("#chosen .any .mode").click()
    expect(page.locator("#chosen .all")).to_contain_text("Azerbaijan")
    page.locator("#chosen .all .mode").click()
    expect(headlines(page)).to_have_text([TOKYO["title"]])
    assert urllib.parse.parse_qs(page.url.split("?")[1]) == {"not": ["topic.20000642", "country.AZ"]}
    # the names are found again from the address alone
    page.reload()
    expect(page.locator("#heading")).to_have_text("Alerts of not economic sanction, not Azerbaijan")
    page.locator("#chosen .remove").last.click()
    expect(headlines(page)).to_have_count(3)
    # what is no name is looked for in the texts
    page.locator("#key").fill("survivors")
    page.locator("#key").press("Enter")
    expect(headlines(page)).to_have_text([TOKYO["title"]])
    page.locator("#clear").click()
    page.locator("#more summary").click()
    page.locator("#language").fill("ru")
    page.locator("#language").press("Tab")
    expect(headlines(page)).to_have_text([ru["title"]])
    page.locator("#language").fill("")
    page.locator("#source").fill("relief news")
    page.locator("#source").press("Tab")
    expect(headlines(page)).to_have_text([TOKYO["title"]])
    page.locator("#clear").click()
    expect(headlines(page)).to_have_count(3)
    # in the time that it came in
    page.locator("#to").fill("2020-01-01T00:00")
    page.locator("#to").press("Tab")
    expect(page.locator("#stream")).to_have_text("the past only")
    expect(page.locator("#none")).to_contain_text("No alert of until 1 Jan 2020")


def test_the_past_is_loaded_page_by_page_also_after_a_restart(worker, visit):
    countries = ["Azerbaijan", "Japan", "Brazil", "France", "Kenya"]
    worker.post(*({"title": f"{countries[n % 5]} builds bridge {n}", "body": f"{countries[n % 5]} builds bridge {n}, it was said."} for n in range(120)))
    page = visit(worker.address)
    until("all of them", 60, lambda: page.locator("#outcomes div", has_text="alerted").locator("dd").inner_text() == "120")
    page.goto("about:blank")
    worker.end()
    worker.start()
    page = visit(worker.address)
    expect(headlines(page)).to_have_count(50)
    expect(page.locator("#covered")).to_have_text("· 120 alerts")
    page.locator("#older").click()
    expect(headlines(page)).to_have_count(100)
    page.locator("#older").click()
    expect(headlines(page)).to_have_count(120)
    assert len(set(headlines(page).all_inner_texts())) == 120
    expect(page.locator("#reached")).to_have_text("120 shown, all that is kept")
    expect(page.locator("#older")).to_be_hidden()
    page.locator("#countries button", has_text="Kenya").click()
    expect(headlines(page)).to_have_count(24)
    expect(page.locator("#reached")).to_have_text("24 shown, all that is kept")


def test_one_alert_has_an_address_that_can_be_passed_on(worker, visit):
    worker.post(BAKU, TOKYO)
    page = visit(worker.address, permissions=["clipboard-read", "clipboard-write"])
    headlines(page).locator("button", has_text=BAKU["title"]).click()
    page.locator("#alerts button", has_text="Copy the link").click()
    expect(page.locator("#alerts button", has_text="Copied")).to_be_visible()
    address = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(re.escape(worker.address) + r"/alerts/[0-9a-f]{32}\?at=[12]", address), address
    # a quote, too, with who said it, where and when
    page.locator("#alerts blockquote .copy").first.click()
    expect(page.locator("#alerts blockquote .copy").first).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == (
        '"We are ready,"\n— Ilham Aliyev, President, AZ\n'
        "Azerbaijan raises oil exports — Example Wire, 3 Mar 2026, 10:00\nhttps://wire.example/baku")
    page = visit(address)
    expect(page.locator("#linked h3")).to_have_text(BAKU["title"])
    expect(page.locator("#linked .words:not(.title)")).to_contain_text("Azerbaijan raised its oil exports")
    expect(headlines(page)).to_have_count(2)
    page.locator("#linked button", has_text="Close").click()
    expect(page.locator("#linked h3")).to_have_count(0)
    page = visit(address.replace("/alerts/", "/alerts/0"), expected="404")
    expect(page.locator("#linked")).to_have_text("The alert that the link names is not kept any more.")


def test_what_is_shown_is_saved_as_a_file(worker, visit):
    worker.post({**BAKU, "title": '=HYPERLINK("x") Azerbaijan, raises oil exports'}, TOKYO)
    page = visit(worker.address)
    expect(headlines(page)).to_have_count(2)
    page.locator("#options summary").click()

    def saved(button):
        with page.expect_download() as download:
            page.locator(button).click()
        return Path(download.value.path()).read_text(encoding="utf-8-sig"), download.value.suggested_filename

    text, name = saved("#json")
    assert [alert["data"]["title"] for alert in json.loads(text)] == headlines(page).all_inner_texts()
    assert re.fullmatch(r"presswatch-[\dT-]+\.json", name)
    text, _ = saved("#csv")
    head, *rows = csv.reader(io.StringIO(text))
    rows = {row[head.index("headline")]: dict(zip(head, row)) for row in rows}
    assert set(rows) == {TOKYO["title"], '\'=HYPERLINK("x") Azerbaijan, raises oil exports'}, "no formula"
    baku = next(row for title, row in rows.items() if "Azerbaijan" in title)
    assert (baku["countries"], baku["source"], baku["officials"]) == ("Azerbaijan", "Example Wire", "Ilham Aliyev (quoted)")
    assert baku["quote"] == '"We are ready,"\n— Ilham Aliyev, President, AZ'


@pytest.fixture
def watching(presswatch, tmp_path):
    """A worker with watches in force."""
    folder = tmp_path / "watches"
    folder.mkdir()
    (folder / "desk.toml").write_text("""
[[watch]]
id = "oil.exports"
name = "Oil leaves <Baku>"
severity = "high"
when = 'oil NEAR/2 export~ AND said:any'

[[watch]]
id = "quakes"
name = "Quakes"
when = 'earthquake'
match = ["An earthquake."]
""")
    os.environ["PRESSWATCH__WATCHES__DIR"] = str(folder)
    worker = Worker(presswatch, "--data-dir", tmp_path / "data")
    del os.environ["PRESSWATCH__WATCHES__DIR"]
    yield worker
    worker.end()


def test_watches_are_listed_with_their_health_and_an_alert_says_why_it_matched(watching, visit):
    watching.post(BAKU, TOKYO, {**BAKU, "id": "2", "title": "Azerbaijan raises oil exports again"})
    page = visit(watching.address)
    expect(headlines(page)).to_have_count(3)
    expect(page.locator("#inforce")).to_have_text("· 2")
    page.locator("#watches summary").click()
    rows = page.locator("#watchlist > li")
    expect(rows.locator(".name")).to_have_text(["Oil leaves <Baku>", "Quakes"])
    expect(rows.first.locator("p")).to_have_text(re.compile(r"^high · 2 a day · last just now · asked of [\d.]+\s% · 1 candidate a match · p99 \d+\s[nµ]s$"))
    page.locator("#watchesby").select_option("silent")
    expect(rows).to_have_count(2)
    rows.filter(has_text="Quakes").locator(".query").click()
    expect(rows.filter(has_text="Quakes").locator("code")).to_have_text("earthquake")
    expect(rows.filter(has_text="Quakes")).to_contain_text("Its own tests: 1 passed")
    # its alerts, by a click or by name
    rows.locator(".name", has_text="Quakes").click()
    expect(headlines(page)).to_have_text([TOKYO["title"]])
    expect(page.locator("#heading")).to_have_text("Alerts of Quakes")
    page.locator("#clear").click()
    page.locator("#key").fill("leaves")
    expect(page.locator("#offers li").first).to_contain_text("watch · high · 2 in the last hour")
    page.locator("#offers li").first.click()
    expect(headlines(page)).to_have_count(2)
    assert urllib.parse.parse_qs(page.url.split("?")[1]) == {"key": ["watch.oil.exports"]}
    # why it matched
    card = page.locator("#alerts article").first
    expect(card.locator(".chips .watch")).to_have_text("Oil leaves <Baku> high")
    card.locator("h3 button").click()
    marks = card.locator(".words:not(.title) mark.watch")
    assert {"oil", "exports"} <= set(" ".join(marks.all_inner_texts()).split())
    expect(marks.first).to_have_attribute("title", re.compile("watch Oil leaves <Baku>: oil NEAR/2 exports?~"))
    expect(card.locator(".legend mark.watch")).to_be_visible()
    row = card.locator("tr", has_text="Oil leaves <Baku>, watch, high")
    expect(row).to_contain_text("watch.oil.exports")
    expect(row).to_contain_text("said:any")
    axe = (Path(os.environ["TOOLS"]) / "node_modules/axe-core/axe.min.js").read_text()
    page.evaluate(axe)
    assert page.evaluate("axe.run().then((r) => r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`))") == []


def test_a_shown_query_outlives_a_load_of_the_watches(watching, visit):
    page = visit(watching.address)

    slow = lambda route: (page.wait_for_timeout(1000), route.continue_())
    page.locator("#watches summary").click()
    rows = page.locator("#watchlist > li")
    expect(rows).to_have_count(2)
    page.route("**/watches?*", slow)
    # the query is asked for while the list in another order is still on its way
    page.locator("#watchesby").select_option("name")
    quakes = rows.filter(has_text="Quakes")
    with page.expect_response("**/watches?*"):
        quakes.locator(".query").click()
    page.unroute("**/watches?*", slow)
    expect(quakes.locator("code")).to_have_text("earthquake")
    with page.expect_response("**/watches?*"):
        page.locator("#watchesby").select_option("cost")
    expect(quakes.locator("code")).to_have_text("earthquake")
    expect(quakes.locator(".query")).to_have_attribute("aria-expanded", "true")
    quakes.locator(".query").click()
    expect(rows.locator("code")).to_have_count(0)
    expect(quakes.locator(".query")).to_have_attribute("aria-expanded", "false")


def test_a_watch_is_written_with_its_errors_and_hits_beside_it(worker, visit):
    worker.post(BAKU, TOKYO)
    page = visit(worker.address, expected="422|412")
    expect(headlines(page)).to_have_count(2)
    page.locator("#watches summary").click()
    expect(page.locator("#watchestold")).to_contain_text("No watches yet.")
    page.locator("#newwatch").click()
    page.locator("#w-name").fill("Oil & gas, exports")
    expect(page.locator("#w-id")).to_have_value("oil-gas-exports")
    # what is wrong is told as one types, and where
    page.locator("#w-when").fill("oil and export~")
    expect(page.locator("#w-wrong")).to_contain_text("write AND")
    expect(page.locator("#w-place mark")).to_have_text("and")
    page.locator("#w-when").fill("oil AND export~")
    expect(page.locator("#w-wrong")).to_have_text("")
    expect(page.locator("#w-place")).to_be_hidden()
    expect(page.locator("#w-told")).to_have_text("Of the latest 2 articles it matches 1.")
    expect(page.locator("#w-hits a")).to_have_text(BAKU["title"])
    # its own tests have to hold
    page.locator("#editor summary", has_text="tests").click()
    page.locator("#w-nomatch").fill("Oil exports rose.")
    page.locator("#editor button[type=submit]").click()
    expect(page.locator("#editortold")).to_contain_text("matches, but must not: Oil exports rose.")
    page.locator("#w-nomatch").fill("Oil fell.")
    page.locator("#editor button[type=submit]").click()
    expect(page.locator("#editortold")).to_have_text("Saved, and in force.")
    rows = page.locator("#watchlist > li")
    expect(rows.locator(".name")).to_have_text(["Oil & gas, exports"])
    worker.post({**BAKU, "id": "2", "title": "Azerbaijan raises oil exports again"})
    expect(page.locator("#alerts .chips .watch")).to_have_text("Oil & gas, exports medium")
    # changed, with what that would change; then undone
    page.locator("#w-when").fill("earthquake")
    expect(page.locator("#w-told")).to_contain_text("than now 1 more, 2 fewer")
    again = "Azerbaijan raises oil exports again"
    expect(page.locator("#w-changes li")).to_have_text([f"now also {TOKYO['title']}", f"no more {again}", f"no more {BAKU['title']}"])
    axe = (Path(os.environ["TOOLS"]) / "node_modules/axe-core/axe.min.js").read_text()
    page.evaluate(axe)
    assert page.evaluate("axe.run().then((r) => r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`))") == []
    page.locator("#editor button[type=submit]").click()
    expect(page.locator("#editortold")).to_have_text("Saved, and in force.")
    page.locator("#editorpast summary").click()
    expect(page.locator("#w-past li")).to_have_count(2)
    page.locator("#editorundo").click()
    expect(page.locator("#editortold")).to_have_text("As it was before.")
    expect(page.locator("#w-when")).to_have_value("oil AND export~")
    # quieted and asked again from the list
    rows.locator(".tool", has_text="quiet").click()
    expect(rows.locator("p")).to_have_text("medium · quiet: it is not asked")
    rows.locator(".tool", has_text="ask").click()
    expect(rows.locator("p")).to_contain_text("a day")
    # one who saves over what another changed meanwhile is told so
    page.locator("#editor button[type=submit]").click()
    expect(page.locator("#editortold")).to_contain_text("changed meanwhile")
    rows.locator(".tool", has_text="change").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#editorremove").click()
    expect(page.locator("#editor")).to_be_hidden()
    expect(rows).to_have_count(0)


def test_who_may_not_write_is_asked_for_the_token(presswatch, tmp_path, visit):
    worker = Worker(presswatch, "--data-dir", tmp_path / "data", token="open sesame")
    try:
        page = visit(worker.address, expected="401")
        page.locator("#watches summary").click()
        page.locator("#newwatch").click()
        page.locator("#w-name").fill("Oil")
        page.locator("#w-when").fill("oil")
        expect(page.locator("#w-wrong")).to_contain_text("Authorization")
        page.locator("#token").fill("open sesame")
        page.locator("#editor button[type=submit]").click()
        expect(page.locator("#editortold")).to_have_text("Saved, and in force.")
        page.goto("about:blank")
    finally:
        worker.end()


def test_without_watches_nothing_is_said_of_them(worker, visit):
    worker.post(BAKU)
    page = visit(worker.address)
    expect(headlines(page)).to_have_count(1)
    expect(page.locator("#covered")).to_contain_text("1 alert")
    expect(page.locator("#inforce")).to_have_text("")
    headlines(page).locator("button").click()
    expect(page.locator("#alerts mark.cue").first).to_be_visible()
    expect(page.locator("#alerts mark.watch")).to_have_count(0)


def test_a_notification_is_given_while_nobody_looks(worker, visit):
    page = visit(worker.address, permissions=["notifications"])
    page.locator("#options summary").click()
    # what the browser would show; headless it shows nothing
    page.evaluate("() => { window.given = []; window.Notification = class { static permission = 'granted'; static requestPermission = async () => 'granted'; constructor(title, more) { window.given.push([title, more.body]); } }; }")
    page.locator("#notify").check()
    expect(page.locator("#notify")).to_be_checked()
    page.wait_for_timeout(1500)
    worker.post(TOKYO)
    expect(headlines(page)).to_have_count(1)
    assert page.evaluate("window.given") == [], "who looks sees it"
    page.evaluate("() => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => true }); document.dispatchEvent(new Event('visibilitychange')); }")
    page.wait_for_timeout(2500)
    worker.post(BAKU)
    page.wait_for_function("window.given.length === 1")
    assert page.evaluate("window.given") == [[BAKU["title"], "Example Wire"]]


def dead_letters(page):
    page.locator("#outcomes button").click()
    return page.locator("#deadlist > li")


def test_the_dead_are_looked_at_replayed_and_dropped(worker, visit):
    hostile = "<img src=x onerror=pwned()> no body"
    worker.post({"id": "1", "title": hostile}, path="/articles?accept=all")
    page = visit(worker.address)
    expect(page.locator("#outcomes div", has_text="dead").locator("dd")).to_have_text("1")
    worker.post({"id": "2", "title": "Nor has this one", "source": {"name": "Relief News"}}, path="/articles?accept=all")
    expect(page.locator("#outcomes div", has_text="dead").locator("dd")).to_have_text("2")
    # who loads again while the first load is on its way sees each letter once
    slow = lambda route: (page.wait_for_timeout(300), route.continue_())
    page.route("**/dead?after=*", slow)
    letters = dead_letters(page)
    page.locator("#deadagain").click()
    page.wait_for_timeout(1500)
    page.unroute("**/dead?after=*", slow)
    expect(letters.locator("h3")).to_have_text([hostile, "Nor has this one"])
    expect(letters.last.locator("strong")).to_have_text("wrong-schema")
    expect(letters.last).to_contain_text("Relief News")
    letters.last.locator("button", has_text="Body").click()
    assert json.loads(letters.last.locator("pre").inner_text())["id"] == "2"
    # one that is tried again is dead again, as another
    letters.last.locator("button", has_text="Replay").click()
    expect(letters).to_have_count(1)
    expect(page.locator("#outcomes div", has_text="dead").locator("dd")).to_have_text("3")
    page.locator("#deadagain").click()
    expect(letters).to_have_count(2)
    # what is dropped is asked for, and gone for good
    page.once("dialog", lambda dialog: dialog.dismiss())
    letters.first.locator("button", has_text="Drop").click()
    page.once("dialog", lambda dialog: dialog.accept())
    letters.first.locator("button", has_text="Drop").click()
    expect(letters).to_have_count(1)
    page.locator("#deadagain").click()
    expect(letters.locator("h3")).to_have_text(["Nor has this one"])
    page.locator("#deadclose").click()
    expect(page.locator("#dead")).to_be_hidden()


def test_the_dead_ask_for_the_token(presswatch, tmp_path, visit):
    worker = Worker(presswatch, "--data-dir", tmp_path / "data", token="open sesame")
    try:
        page = visit(worker.address, expected="401")
        dead_letters(page)
        expect(page.locator("#deadtold")).to_contain_text("Authorization")
        page.locator("#token").fill("open sesame")
        page.locator("#deadagain").click()
        expect(page.locator("#deadtold")).to_have_text("No dead letters.")
        # its stream ends before the worker does
        page.goto("about:blank")
    finally:
        worker.end()


def test_over_rabbitmq_the_dead_are_looked_at_replayed_and_dropped(stack, visit):
    stack.feed([b'{"id": "dead-1", "title": "Without a body"}'])
    page = visit(f"http://127.0.0.1:{stack.ports['HTTP']}/")
    dead_letters(page)

    def listed():
        page.locator("#deadagain").click()
        expect(page.locator("#deadtold")).not_to_have_text("…")
        return page.locator("#deadlist > li", has_text="Without a body")

    until("the dead one", 60, lambda: listed().count() == 1)
    letter = listed()
    letter.locator("button", has_text="Body").click()
    expect(letter.locator("pre")).to_contain_text("dead-1")
    before = stack.total("presswatch_dead_total")
    letter.locator("button", has_text="Replay").click()
    expect(page.locator("#deadtold")).to_have_text("Put back to work.")
    until("it to be dead again", 60, lambda: stack.total("presswatch_dead_total") > before)
    page.once("dialog", lambda dialog: dialog.accept())
    until("it to be listed again", 60, lambda: listed().count() == 1)
    listed().locator("button", has_text="Drop").click()
    expect(page.locator("#deadtold")).to_have_text("Dropped.")
    assert listed().count() == 0


def test_how_the_reader_likes_it_is_remembered(worker, visit):
    worker.post(BAKU)
    page = visit(worker.address)
    expect(page.locator("#alerts blockquote")).to_be_visible()
    page.locator("#options summary").click()
    page.locator("#compact").check()
    expect(page.locator("#alerts blockquote")).to_be_hidden()
    page.locator("#sound").check()
    page.reload()
    expect(headlines(page)).to_have_count(1)
    expect(page.locator("#alerts blockquote")).to_be_hidden()
    # a sound is made for what comes
    page.evaluate("() => { window.made = 0; const start = OscillatorNode.prototype.start; OscillatorNode.prototype.start = function () { window.made += 1; start.call(this); }; }")
    worker.post(TOKYO)
    expect(headlines(page)).to_have_count(2)
    page.wait_for_function("window.made === 1")


def test_over_rabbitmq_each_worker_shows_what_all_publish(stack, presswatch, visit):
    second = Worker(presswatch, "--broker-url", stack.amqp("worker"))
    try:
        before = stack.total("presswatch_alerts_total")
        titles = [f"Mongolia builds bridge {n}" for n in range(30)]
        stack.feed([{"id": f"mn-{n}", "title": title, "body": f"{title}, it was said in Ulan Bator."} for n, title in enumerate(titles)])
        first = f"http://127.0.0.1:{stack.ports['HTTP']}"
        for address in [first, second.address]:
            page = visit(address + "/?key=country.MN")
            expect(headlines(page)).to_have_count(30)
            expect(page.locator("#own")).to_be_hidden()
        assert stack.total("presswatch_alerts_total") - before < 30, "the second has its share"
        # what comes is shown by both, whoever tagged it, and there after a restart
        stack.feed([{"id": "mn-30", "title": "Mongolia votes", "body": "ULAN BATOR - Mongolia votes on Tuesday."}])
        expect(headlines(page).first).to_have_text("Mongolia votes")
        page.goto("about:blank")
        second.end()
        second.start()
        page = visit(second.address + "/?key=country.MN")
        expect(headlines(page)).to_have_count(31)
        page.goto("about:blank")
    finally:
        second.end()


def test_a_new_key_shows_what_fits_though_an_alert_is_open(worker, visit):
    worker.post(BAKU, TOKYO)
    page = visit(worker.address)
    expect(headlines(page)).to_have_count(2)
    headlines(page).locator("button", has_text=BAKU["title"]).click()
    expect(page.locator("#stream")).to_have_text("paused while you read")
    page.locator("#alerts .country", has_text="Japan").first.click()
    expect(headlines(page)).to_have_text([TOKYO["title"]])
    expect(page.locator("#empty")).to_be_hidden()
    expect(page.locator("#stream")).to_have_text("live")
    # also after a restart, out of the store
    page.goto("about:blank")
    worker.end()
    worker.start()
    page = visit(worker.address + "/?key=country.AZ")
    expect(headlines(page)).to_have_text([BAKU["title"]])


def test_who_reads_is_told_of_the_pause_and_it_ends_with_the_reading(worker, visit):
    worker.post(BAKU)
    page = visit(worker.address)
    expect(headlines(page)).to_have_count(1)
    # what comes with the page is not new
    page.wait_for_timeout(1500)
    headlines(page).locator("button").click()
    expect(page.locator("#stream")).to_have_text("paused while you read")
    worker.post(TOKYO)
    expect(page.locator("#stream")).to_have_text("paused while you read, 1 new")
    expect(page).to_have_title("(1) presswatch")
    expect(headlines(page)).to_have_count(1)
    headlines(page).locator("button").click()
    expect(page.locator("#stream")).to_have_text("live")
    expect(headlines(page)).to_have_text([TOKYO["title"], BAKU["title"]])
    expect(page).to_have_title("presswatch")
    # the button holds it whatever is opened and closed
    page.locator("#pause").click()
    expect(page.locator("#stream")).to_have_text("paused")
    headlines(page).locator("button").first.click()
    headlines(page).locator("button").first.click()
    expect(page.locator("#stream")).to_have_text("paused")
    page.locator("#pause").click()
    expect(page.locator("#stream")).to_have_text("live")


def test_the_title_counts_what_came_while_nobody_looked(worker, visit):
    page = visit(worker.address)
    expect(page.locator("#stream")).to_have_text("live")
    page.wait_for_timeout(1500)
    look = "hidden => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden }); document.dispatchEvent(new Event('visibilitychange')); }"
    page.evaluate(look, True)
    worker.post(BAKU, TOKYO)
    expect(page).to_have_title("(2) presswatch")
    page.evaluate(look, False)
    expect(page).to_have_title("presswatch")


def test_it_is_told_how_long_ago_an_alert_came_in(worker, visit):
    worker.post(BAKU)
    page = visit(worker.address)
    time_ = page.locator("#alerts .meta time")
    expect(time_).to_have_text("came in just now")
    for later, text in [(150, "2 minutes ago"), (3 * 3600 + 60, "3 hours ago"), (24 * 3600 + 60, "1 day ago")]:
        page.evaluate("seconds => { window.now ??= Date.now; Date.now = () => window.now.call(Date) + 1000 * seconds; }", later)
        expect(time_).to_have_text("came in " + text)


def consumers(stack, queue):
    """How many read from a queue; none if it is not there."""
    channel = stack.channel("subscriber")
    try:
        return channel.queue_declare(queue, passive=True).method.consumer_count
    except pika.exceptions.ChannelClosedByBroker:
        return 0
    finally:
        channel.connection.close()


def test_over_rabbitmq_what_is_copied_brings_the_same_alerts(stack, presswatch, visit, tmp_path):
    page = visit(f"http://127.0.0.1:{stack.ports['HTTP']}/?key=country.GY&key=said.nobody")
    expect(page.locator("#broker")).to_have_text("RabbitMQ up")
    page.locator("#binding summary").click()
    expect(page.locator("#command")).to_have_text("presswatch subscribe 'country.GY' 'said.nobody'")

    def copied(way):
        page.locator("#way").select_option(way)
        return page.locator("#command").inner_text()

    # as one would paste them into a terminal
    tools = f"{presswatch.parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": tools, "PRESSWATCH__BROKER__URL": stack.amqp("subscriber")}
    # where its user has said where RabbitMQ is
    conf = {"hostname": "127.0.0.1", "port": stack.ports["MANAGEMENT"], "username": "subscriber", "password": "subscriber-demo"}
    (tmp_path / ".rabbitmqadmin.conf").write_text("[default]\n" + "".join(f"{key} = {value}\n" for key, value in conf.items()))
    told = subprocess.run(["bash", "-ec", copied("admin1")], env={**environment, "HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60)
    assert told.stdout.split("\n")[:3] == ["queue declared", "binding declared", "binding declared"], told
    running = {
        way: subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for way, command in [("terminal", ["bash", "-c", "exec " + copied("terminal")]), ("python", [sys.executable, "-c", copied("python")])]
    }
    title = "Guyana votes on its oil fund"
    try:
        # both bind before they read
        notes = iter(running["terminal"].stderr.readline, "")
        assert any("waiting for alerts" in line for line in notes)
        until("Python to read", 60, lambda: consumers(stack, "subscriber.mine"))
        stack.feed([TOKYO, {"id": "guyana", "title": title, "body": "GEORGETOWN, March 3 - Guyana votes on its oil fund on Tuesday.", "language": "en"}])
        expect(headlines(page)).to_have_text([title])
        for way, process in running.items():
            assert title in process.stdout.readline(), way
    finally:
        for process in running.values():
            process.kill()
            process.wait(60)
        channel = stack.channel("subscriber")
        channel.queue_delete("subscriber.mine")
        channel.connection.close()
    # what a binding can't say is told, and offered where it works
    page.locator("#key").fill("-country.JP")
    page.locator("#key").press("Enter")
    expect(page.locator("#limits")).to_be_visible()
    assert page.locator("#way option").all_inner_texts() == ["curl, as they come", "Feed (Atom)"]
    feed = urllib.request.urlopen(copied("feed"), timeout=30).read()
    entries = xml.dom.minidom.parseString(feed).getElementsByTagName("entry")
    assert [entry.getElementsByTagName("title")[0].firstChild.data for entry in entries] == [title]


def test_the_page_comes_back_after_a_lost_connection_and_misses_nothing(worker, visit):
    page = visit(worker.address, expected="ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE")
    worker.post(BAKU)
    expect(headlines(page)).to_have_count(1)
    worker.end()
    expect(page.locator("#stream")).to_have_text("connection lost, trying again")
    expect(page.locator("#broker")).to_have_text("worker does not answer")
    worker.start()
    # most likely while the page is still away
    worker.post(TOKYO)
    expect(page.locator("#stream")).to_have_text("live")
    expect(page.locator("#broker")).to_have_text("embedded store up")
    expect(headlines(page)).to_have_text([TOKYO["title"], BAKU["title"]])


def test_scripts_in_every_field_are_shown_as_text(worker, visit):
    def script(field):
        return f"<script>pwned('{field}')</script><img src=x onerror=\"pwned('{field}')\"><b>{field}</b>"

    hostile = {
        "id": script("id"), "title": "Azerbaijan " + script("title"), "url": "javascript:pwned('url')",
        "language": "en", "published_at": "2026-03-03T10:00:00Z", "authors": [script("author")],
        "body": BAKU["body"] + f"\n\n\"Azerbaijan {script('quote')} is ready,\" President {script('name')} Aliyev told {script('body')}.\n",
        "source": {"name": script("source"), "domain": script("domain"), "country": "AZ"},
    }
    page = visit(worker.address, expected="violates the following Content Security Policy")
    listen = "() => { window.ran = []; window.pwned = (field) => window.ran.push(field); }"
    page.evaluate(listen)
    whole = page.evaluate("document.querySelectorAll('script, img, b').length")
    worker.post(hostile)
    expect(headlines(page)).to_have_text([hostile["title"]])
    headlines(page).locator("button").click()
    expect(page.locator("#alerts .words:not(.title)")).to_contain_text(script("quote"))
    expect(page.locator("#alerts .meta")).to_contain_text(script("source"))
    assert page.locator("#alerts .meta a[href]").count() == 0, "javascript: is no address to follow"
    page.locator("#try summary").click()
    page.locator("#article").fill(json.dumps(hostile))
    page.locator("#tag button[type=submit]").click()
    expect(page.locator("#result h3")).to_have_text(hostile["title"])
    # a key of one's own, and what the address says
    page.goto(f"{worker.address}/?" + urllib.parse.urlencode({"key": script("key").replace(" ", "/")}))
    expect(page.locator("#heading")).to_contain_text("<script>")
    page.evaluate(listen)
    assert page.evaluate("document.querySelectorAll('script, img, b').length") == whole
    assert page.evaluate("window.ran") == []
    # and were there markup, the policy would not run it
    page.evaluate("() => document.body.append(Object.assign(document.createElement('script'), { textContent: \"pwned('inline')\" }))")
    page.evaluate("() => document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"pwned(1)\" onload=\"pwned(2)\">')")
    page.wait_for_function("document.querySelector('body > img').complete")
    assert page.evaluate("window.ran") == []


def test_a_hundred_alerts_a_second_leave_the_page_at_hand(worker, visit):
    page = visit(worker.address)
    # the longest time that the page did nothing
    page.evaluate("""() => {
        window.longest = 0;
        let last = performance.now();
        setInterval(() => { const now = performance.now(); window.longest = Math.max(window.longest, now - last); last = now; }, 50);
    }""")
    countries = ["Azerbaijan", "Japan", "Brazil", "France", "Kenya"]
    sent = 1000

    def flood():
        start = time.monotonic()
        for batch in range(0, sent, 20):
            worker.post(*({"title": f"{countries[n % 5]} builds bridge {n}", "body": f"{countries[n % 5]} builds bridge {n}, it was said.\n\n" + "Long. " * 200}
                          for n in range(batch, batch + 20)))
            time.sleep(max(0, start + (batch + 20) / 100 - time.monotonic()))

    flooding = threading.Thread(target=flood)
    flooding.start()
    expect(page.locator("#sampled")).to_be_visible()
    assert flooding.is_alive(), "it tells while they come"
    # and can be worked with
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#alerts .body mark").first).to_be_visible()
    expect(page.locator("#pause")).to_contain_text("Go on")
    page.locator("#pause").click()
    flooding.join()

    def told():
        left, came = re.search(r"([\d,]+) of ([\d,]+) were left out", page.locator("#sampled").inner_text()).groups()
        return int(left.replace(",", "")), int(came.replace(",", ""))

    # each is shown or told to be left out
    until("all accounted for", 60, lambda: told()[1] == sent and headlines(page).count() == min(200, sent - told()[0]))
    longest = page.evaluate("window.longest")
    print(f"{headlines(page).count()} of {sent} shown; at most {longest:.0f} ms without an answer")
    assert longest < 5000


@pytest.mark.parametrize("text", [
    BAKU["body"],
    f"<!doctype html><html><body><nav>Menu</nav><article><h1>{BAKU['title']}</h1><p>{BAKU['body']}</p></article></body></html>",
    json.dumps(BAKU),
], ids=["text", "page", "event"])
def test_a_pasted_article_shows_its_tags(worker, visit, text):
    page = visit(worker.address)
    page.locator("#try summary").click()
    page.locator("#article").fill(text)
    page.locator("#tag button[type=submit]").click()
    expect(page.locator("#tagged")).to_contain_text("attribution")
    expect(page.locator("#result .country").first).to_have_text(AZERBAIJAN)
    expect(page.locator("#result .words mark.quote").last).to_have_text('"We are ready,"')
    expect(headlines(page)).to_have_count(0)


def test_a_pasted_article_that_is_none_is_told(worker, visit):
    page = visit(worker.address, expected="422")
    page.locator("#try summary").click()
    page.locator("#article").fill('{"title": 1}')
    page.locator("#tag button[type=submit]").click()
    expect(page.locator("#tagged.error")).to_contain_text("not an article event")


def test_a_pasted_address_is_told_from_a_text(worker, visit):
    page = visit(worker.address)
    page.locator("#try summary").click()
    page.locator("#article").fill("https://wire.example/baku?from=desk\n")
    page.locator("#tag button[type=submit]").click()
    expect(page.locator("#tagged.error")).to_contain_text("nothing is fetched")
    page.locator("#article").fill("https://wire.example/baku\n\n" + BAKU["body"])
    page.locator("#tag button[type=submit]").click()
    expect(page.locator("#result .country").first).to_have_text(AZERBAIJAN)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_fits_and_is_accessible(worker, visit, scheme, width):
    worker.post(TOKYO, BAKU)
    page = visit(worker.address, color_scheme=scheme, viewport={"width": width, "height": 800})
    expect(headlines(page)).to_have_count(2)
    expect(page.locator("#countries button")).to_have_count(2)
    headlines(page).locator("button", has_text=BAKU["title"]).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe = (Path(os.environ["TOOLS"]) / "node_modules/axe-core/axe.min.js").read_text()
    page.evaluate(axe)
    violations = "axe.run().then((r) => r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`))"
    assert page.evaluate(violations) == []
    # and with all of it open, a filter chosen and names offered
    page.locator("#key").fill("japan")
    page.locator("#key").press("Enter")
    expect(headlines(page)).to_have_text([TOKYO["title"]])
    for details in ["#more", "#binding", "#options", "#try"]:
        page.locator(f"{details} summary").click()
    page.locator("#key").fill("azer")
    expect(page.locator("#offers li").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(violations) == []


@pytest.mark.skipif("CONSOLE_PICTURE" not in os.environ, reason="takes the picture of the README")
def test_the_picture_is_taken(worker, visit):
    for sample in sorted((ROOT / "deploy/samples").glob("*.json")):
        if "broken" not in sample.name:
            worker.post(json.loads(sample.read_text()))
    page = visit(worker.address, viewport={"width": 1180, "height": 780})
    expect(headlines(page)).to_have_count(11)
    headlines(page).locator("button", has_text="US weighs sanctions").click()
    page.locator("#alerts article", has_text="US weighs sanctions").evaluate("card => card.scrollIntoView()")
    # Playwright itself knows PNG and JPEG alone, several times as large
    picture = page.context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": 88})
    (DOCS / "console.webp").write_bytes(base64.b64decode(picture["data"]))
