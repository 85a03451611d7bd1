"""The console in a real browser: Debian's Chromium, headless, against a worker on the embedded store and on RabbitMQ."""

import base64
import json
import os
import re
import shutil
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

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


class Worker:
    """presswatch on the embedded store; it can be ended and started again."""

    def __init__(self, presswatch, data):
        self.command = [presswatch, "run", "--data-dir", data, "--http-listen", f"127.0.0.1:{free_port()}"]
        self.address = f"http://{self.command[-1]}"
        self.start()

    def start(self):
        self.running = subprocess.Popen([*self.command, "--log-level", "error"])
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

    def post(self, *articles):
        body = "\n".join(map(json.dumps, articles)).encode()
        request = urllib.request.Request(f"{self.address}/articles", body, {"content-type": "application/x-ndjson"})
        assert urllib.request.urlopen(request, timeout=60).status == 202


@pytest.fixture
def worker(presswatch, tmp_path):
    worker = Worker(presswatch, tmp_path / "data")
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
    expect(card.locator(".country").first).to_have_text("🇦🇿 Azerbaijan")
    expect(card.locator(".topic", has_text="oil and gas")).to_have_count(1)
    expect(card.locator(".official")).to_have_text("Ilham Aliyev quoted")
    expect(card.locator("blockquote")).to_have_text('"We are ready,"— Ilham Aliyev, President, 🇦🇿')
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
    command = page.locator("#command").inner_text()
    assert command == f"curl -N '{worker.address}/alerts?key=country.JP&key=said.nobody'"
    assert page.url == f"{worker.address}/?key=country.JP&key=said.nobody"
    page.reload()
    expect(headlines(page)).to_have_count(2)
    # a tag is a key too
    page.locator("#clear").click()
    expect(headlines(page)).to_have_count(4)
    page.locator("#alerts .country", has_text="Azerbaijan").first.click()
    expect(headlines(page)).to_have_count(2)
    expect(page.locator("#heading")).to_have_text("Alerts of country.AZ")


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


def test_over_rabbitmq_the_binding_to_copy_brings_the_same_alerts(stack, visit):
    page = visit(f"http://127.0.0.1:{stack.ports['HTTP']}/?key=country.GY")
    expect(page.locator("#broker")).to_have_text("RabbitMQ up")
    expect(page.locator("#command")).to_contain_text("rabbitmqadmin")
    command = page.locator("#command").inner_text()
    bound = re.fullmatch(r"rabbitmqadmin declare binding source='(.+)' destination=YOUR_QUEUE routing_key='(.+)'", command)
    channel = stack.channel("subscriber")
    channel.queue_declare("subscriber.test.console", durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_bind("subscriber.test.console", bound[1], bound[2])
    title = "Guyana votes on its oil fund"
    stack.feed([TOKYO, {"id": "guyana", "title": title, "body": "GEORGETOWN, March 3 - Guyana votes on its oil fund on Tuesday.", "language": "en"}])
    expect(headlines(page)).to_have_text([title])
    message = until("the alert in the queue", 60, lambda: channel.basic_get("subscriber.test.console", auto_ack=True)[2])
    assert json.loads(message)["data"]["title"] == title
    channel.queue_delete("subscriber.test.console")
    channel.connection.close()


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
    assert page.locator("#alerts a[href]").count() == 0, "javascript: is no address to follow"
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
    expect(page.locator("#result .country").first).to_have_text("🇦🇿 Azerbaijan")
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
    expect(page.locator("#result .country").first).to_have_text("🇦🇿 Azerbaijan")


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
    found = page.evaluate("axe.run().then((r) => r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`))")
    assert found == []


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
