"""A worker under load, scraped by a real Prometheus: every query of every panel and rule finds something."""

import json
import os
import random
import re
import string
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml
from conftest import DEPLOY, DOCS, check, until

DASHBOARDS = sorted((DEPLOY / "grafana/dashboards").glob("*.json"))

# what Grafana puts in place of its variables
VARIABLES = {
    "$__rate_interval": "15s", "$__range_s": "3600", "$__range": "1h", "$instance": ".*", "$country": ".*", "$topic": ".*",
    "$node": ".*", "$subscriber": ".*",
}

STORIES = [
    ("AZERBAIJAN", "Azerbaijan raises oil exports", "BAKU, March 3 - Azerbaijan raised its oil exports, the government in Baku said.", "Azerbaijani President Ilham Aliyev"),
    ("US", "US imposes sanctions on Iran", "WASHINGTON, March 3 - The United States imposed economic sanctions on Iran on Tuesday.", "US Secretary of State Marco Rubio"),
    ("DE", "Germany votes on budget", "BERLIN, March 3 - Germany's parliament passed the federal budget on Tuesday.", "German Chancellor Olaf Scholz"),
    ("JP", "Inflation in Japan slows", "TOKYO, March 3 - Consumer price inflation in Japan slowed for a third month.", "Bank of Japan Governor Kazuo Ueda"),
]


def story(number):
    """One article: a country, a topic, an official who is quoted and one who is not."""
    _, title, lede, official = STORIES[number % len(STORIES)]
    body = f'{lede}\n\n"This is the right decision for our country," {official} told reporters.\n\nForeign ministers met on Monday.'
    return {"id": f"live-{number}", "title": f"{title} ({number})", "body": body, "language": "en", "published_at": "2026-03-03T10:00:00Z"}


@pytest.fixture(scope="module")
def loaded(stack):
    """The stack after some load, good and bad, with a subscriber's queue that nobody reads."""
    left = stack.channel("subscriber")
    left.queue_declare("subscriber.test.left", durable=True, arguments={"x-queue-type": "quorum"})
    left.queue_bind("subscriber.test.left", "alerts", "#")
    settled = stack.total("presswatch_articles_total")
    # in two goes, so that rates see it grow
    for start in (0, 400):
        stack.feed([story(n) for n in range(start, start + 400)])
        stack.feed([b"this is no article", b"{}", {"id": f"live-empty-{start}", "title": "x", "body": "Nothing to see."}])
        want = settled + (start // 400 + 1) * 403
        until("all settled", 60, lambda want=want: stack.total("presswatch_articles_total") >= want)
        seen = stack.total("presswatch_articles_total")
        until("scraped", 30, lambda seen=seen: stack.query(f"sum(presswatch_articles_total) >= {seen}"))
    until("queues scraped", 30, lambda: stack.query('rabbitmq_detailed_queue_messages{queue="subscriber.test.left"} > 0'))
    until("rules applied", 60, lambda: stack.query("presswatch:country_articles:expected1h"))
    return stack


def filled(expression):
    for variable, value in VARIABLES.items():
        expression = expression.replace(variable, value)
    # what is left stands for a group of a regular expression
    assert not re.search(r"[$][a-z_{]", expression), expression
    return expression


def queries(dashboard):
    for panel in json.loads(dashboard.read_text())["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]


def shown(loaded, title, ranking=False):
    """What a panel of the newsroom shows: its number, or its legend and number of each bar."""
    [target] = [expression for panel, expression in queries(DEPLOY / "grafana/dashboards/newsroom.json") if panel == title]
    found = {sample["metric"].get("name", ""): float(sample["value"][1]) for sample in loaded.query(filled(target))}
    return found if ranking else found[""]


def test_the_newsroom_shows_what_was_counted_by_name(loaded):
    lines = [line for line in loaded.metrics().splitlines() if line.startswith("presswatch_country_articles_total")]
    counted = {re.search('name="([^"]+)"', line)[1]: float(line.rsplit(" ", 1)[1]) for line in lines}
    counted = {name: number for name, number in counted.items() if number}
    assert {"Azerbaijan", "United States", "Germany", "Japan"} <= set(counted)
    assert shown(loaded, "Countries") == len(counted)
    assert shown(loaded, "Most written about", ranking=True) == pytest.approx(counted, rel=0.02)
    topics = shown(loaded, "Topics most written about", ranking=True)
    assert "economic sanction" in topics and not [name for name in topics if "medtop" in name]
    assert "Ilham Aliyev" in shown(loaded, "Quoted", ranking=True)


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda path: path.stem)
def test_every_query_of_every_panel_finds_something(loaded, dashboard):
    asked = list(queries(dashboard))
    assert len(asked) >= 15

    def empty():
        return [(title, expression) for title, expression in asked if not loaded.query(filled(expression))]

    # a rate needs two scrapes of a series
    until(f"data for all of {dashboard.stem}: {empty()}", 30, lambda: not empty())


def annotation(name):
    """The query of an annotation, the same in all dashboards."""
    lists = [json.loads(file.read_text())["annotations"]["list"] for file in DASHBOARDS]
    found = {a["expr"] for marks in lists for a in marks if a["name"] == name}
    assert len(found) == 1
    return found.pop()


def test_restarts_are_marked_when_the_worker_started(loaded):
    [sample] = loaded.query(annotation("Restarts"))
    started = float(sample["value"][1]) / 1000
    # what /proc says, to the second
    ticks = int(Path(f"/proc/{loaded.ports['WORKER_PID']}/stat").read_text().rsplit(")", 1)[1].split()[19])
    booted = int(re.search(r"^btime (\d+)$", Path("/proc/stat").read_text(), re.M)[1])
    assert abs(started - (booted + ticks / os.sysconf("SC_CLK_TCK"))) < 15


def test_lexicon_changes_are_marked_once_and_starts_are_not(tmp_path):
    case = {
        "interval": "30s",
        "input_series": [
            {"series": 'presswatch_build_info{instance="a", lexicon="old"}', "values": "1x9 _x20"},
            {"series": 'presswatch_build_info{instance="a", lexicon="new"}', "values": "_x9 1x20"},
            {"series": 'presswatch_build_info{instance="b", lexicon="new"}', "values": "_x20 1x9"},
        ],
        "promql_expr_test": [
            {"expr": annotation("Lexicon changes"), "eval_time": at, "exp_samples": expected}
            for at, expected in [("1m", []), ("4m", []), ("5m", [{"labels": '{lexicon="new"}', "value": 1}]), ("8m", []), ("11m", [])]
        ],
    }
    file = tmp_path / "annotations_test.yml"
    file.write_text(yaml.safe_dump({"evaluation_interval": "30s", "tests": [case]}))
    check("promtool", "test", "rules", file)


def test_every_alert_in_a_subscribers_queue_is_as_its_schema_says(loaded):
    schema = json.loads((DOCS / "schemas/alert.v1.json").read_text())
    validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
    channel = loaded.channel("subscriber")
    seen = 0
    for method, properties, body in channel.consume("subscriber.test.left", inactivity_timeout=5):
        if method is None:
            break
        alert = json.loads(body)
        validator.validate(alert)
        assert (properties.message_id, properties.content_type) == (alert["id"], "application/cloudevents+json")
        seen += 1
        if seen == 800:
            break
    # closing puts them back: the queue stays one that nobody reads
    channel.connection.close()
    assert seen == 800
    assert not validator.is_valid({**alert, "specversion": "2.0"})


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda path: path.stem)
def test_every_variable_offers_values(loaded, dashboard):
    offered = 0
    for variable in json.loads(dashboard.read_text())["templating"]["list"]:
        if variable["type"] == "query":
            series, label = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"]).groups()
            assert {sample["metric"][label] for sample in loaded.query(series)}, variable["name"]
            offered += 1
    assert offered


def test_every_recording_rule_has_a_value_and_no_rule_fails(loaded):
    groups = json.loads(loaded.get("PROMETHEUS", "/api/v1/rules"))["data"]["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert not [(rule["name"], rule.get("lastError")) for rule in rules if rule["health"] == "err"]
    for rule in rules:
        # what looks back an hour has nothing yet; `promtool test rules` runs those over weeks
        if rule["type"] == "recording" and "offset" not in rule["query"]:
            assert loaded.query(rule["name"]), rule["name"]


def test_every_metric_and_label_that_a_rule_names_exists(loaded):
    text = "\n".join(rule["expr"] for group in yaml.safe_load((DEPLOY / "prometheus/rules.yml").read_text())["groups"] for rule in group["rules"])
    for name in set(re.findall(r"\b((?:presswatch_|rabbitmq_)\w+)", text)) - {"rabbitmq_alarms_"}:
        assert loaded.query(name), name
    for metric, label, values in re.findall(r'\b(presswatch_\w+)\{(\w+)=~?"([^"]+)"', text):
        for value in values.split("|"):
            assert loaded.query(f'{metric}{{{label}="{value}"}}'), f"{metric} has no {label} {value}"


def test_no_page_is_due_on_a_healthy_stack(loaded):
    assert not loaded.query('ALERTS{severity="page", alertstate="firing"}')


def test_the_metrics_are_free_of_lint(loaded):
    ran = subprocess.run(["promtool", "check", "metrics"], input=loaded.metrics(), capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout + ran.stderr


def test_what_articles_say_makes_no_series(loaded):
    """10,000 officials, places and topics that no lexicon knows, and feeds with names of their own."""
    chance = random.Random(6)

    def word():
        return "".join(chance.choices(string.ascii_lowercase, k=9)).capitalize()

    def unknown(number):
        minister = f"{word()} {word()}"
        body = (f"{word().upper()} - {word()} Minister {minister} said on Monday that {word()} would leave {word()}.\n\n"
                f'"We do not know {word()}," said {minister}, the deputy president of {word()}.')
        return {"id": f"unknown-{number}-{word()}", "title": f"{minister} resigns as minister of {word()}", "body": body,
                "language": "en", "source": {"name": word(), "domain": f"{word()}.example"}}

    def series():
        return {line.rsplit(" ", 1)[0] for line in loaded.metrics().splitlines() if not line.startswith("#")}

    # the first hundred may fill what is known and was not yet seen: outcomes, `other`
    settled = loaded.total("presswatch_articles_total")
    loaded.feed(unknown(n) for n in range(100))
    until("the first hundred", 60, lambda: loaded.total("presswatch_articles_total") >= settled + 100)
    before = series()
    loaded.feed(unknown(n) for n in range(100, 10_000))
    until("ten thousand", 240, lambda: loaded.total("presswatch_articles_total") >= settled + 10_000)
    new = series() - before
    print(f"{len(before)} series before, {len(new)} more after")
    # a random word may happen to be a place of the lexicon
    assert len(new) <= 20, sorted(new)[:40]
