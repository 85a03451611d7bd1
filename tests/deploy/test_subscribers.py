"""The examples that docs/SUBSCRIBING.md shows, each against a real broker: each gets the alerts of its keys and no others."""

import json
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from conftest import DOCS, ROOT, check, until

EXAMPLES = DOCS / "examples"

# what the taggers are surest of: two capitals, two countries, nothing in common
BAKU = {
    "title": "Azerbaijan opens new bridge in Baku",
    "body": "BAKU, March 3 - Azerbaijan opened a new bridge in Baku on Tuesday. Azerbaijan paid for it, said officials in Baku.",
}
TOKYO = {
    "title": "Japan opens new bridge in Tokyo",
    "body": "TOKYO, March 3 - Japan opened a new bridge in Tokyo on Tuesday. Japan paid for it, said officials in Tokyo.",
}


def articles(run):
    """Five of each, numbered; `run` keeps the tests apart."""
    for number in range(5):
        for place, article in [("baku", BAKU), ("tokyo", TOKYO)]:
            yield {**article, "id": f"{run}-{place}-{number}", "language": "en", "title": f"{article['title']} ({run} {number})"}


def python(_presswatch):
    return [sys.executable, EXAMPLES / "subscribe.py"]


def node(_presswatch):
    # where its package is installed
    tools = Path(os.environ["TOOLS"])
    return ["node", shutil.copy(EXAMPLES / "subscribe.mjs", tools / "subscribe.mjs")]


def rust(presswatch):
    # with the profile of the binary: its dependencies are compiled already
    profile = presswatch.parent.name
    check("cargo", "build", "--locked", "--profile", profile, "--example", "subscribe")
    return [Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / profile / "examples/subscribe"]


@pytest.mark.parametrize("language", [python, node, rust])
def test_a_subscriber_gets_the_alerts_of_its_keys_once_and_no_others(stack, presswatch, language):
    run = uuid.uuid4().hex[:8]
    environment = {**os.environ, "AMQP_URL": stack.amqp("subscriber")}
    # both keys match: still once
    command = [*language(presswatch), f"test.{run}", "country.AZ", "mention.AZ"]
    subscriber = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert "listening on" in subscriber.stderr.readline()
        settled = stack.total("presswatch_articles_total")
        stack.feed(articles(run))
        got = [json.loads(subscriber.stdout.readline()) for _ in range(5)]
        # all ten are settled, so nothing more is on its way but what the broker has routed already
        until("all settled", 30, lambda: stack.total("presswatch_articles_total") >= settled + 10)
        queue = stack.channel("subscriber").queue_declare(f"subscriber.test.{run}", passive=True).method
        until("the queue is empty", 10, lambda: queue.message_count == 0)
    finally:
        subscriber.terminate()
        rest = subscriber.communicate(timeout=30)[0]
    assert rest == ""
    assert {alert["title"] for alert in got} == {a["title"] for a in articles(run) if "-baku-" in a["id"]}
    assert all("AZ" in alert["countries"] for alert in got)
    assert len({alert["id"] for alert in got}) == 5


def test_an_owner_of_watches_is_told_what_matched_and_where(stack):
    run = uuid.uuid4().hex[:8]
    environment = {**os.environ, "AMQP_URL": stack.amqp("desk-energy")}
    command = [sys.executable, EXAMPLES / "notices.py", "desk-energy"]
    subscriber = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert "listening on" in subscriber.stderr.readline()
        article = {"id": run, "title": f"Hm {run}", "url": f"https://wire.example/{run}", "source": {"name": "Wire"},
                   "body": "So it was. Déjà vu: all valves of the zugzwang kind were shut."}
        stack.feed([article])
        got = [subscriber.stdout.readline() for _ in range(5)]
    finally:
        subscriber.terminate()
        rest = subscriber.communicate(timeout=30)[0]
    assert "".join(got) == (
        f"Hm {run}\nWire https://wire.example/{run}\n[high] Valves\n"
        "  Déjà vu: all *valves of the zugzwang* kind were shut.\n\n"
    )
    assert rest == ""


def test_rabbitmqadmin_takes_what_a_binding_gathers(stack):
    run = uuid.uuid4().hex[:8]
    environment = {**os.environ, "MANAGEMENT_PORT": stack.ports["MANAGEMENT"]}
    command = [EXAMPLES / "subscribe.sh", f"test.{run}", "country.AZ"]
    assert json.loads(check(*command, env=environment)) == []
    stack.feed(articles(run))
    got = []
    until("five alerts", 30, lambda: got.extend(json.loads(check(*command, env=environment))) or len(got) >= 5)
    alerts = [json.loads(message["payload"]) for message in got]
    assert {alert["subject"] for alert in alerts} == {f"{run}-baku-{n}" for n in range(5)}


def test_a_binding_of_the_headers_exchange_asks_for_all_of_its_keys(stack):
    run = uuid.uuid4().hex[:8]
    channel = stack.channel("subscriber")
    line = next(line for line in (DOCS / "SUBSCRIBING.md").read_text().splitlines() if "alerts.match\", arguments=" in line)
    got = {}
    for name, topic in [("both", "mention.AZ"), ("never", "country.JP")]:
        queue = got[name] = f"subscriber.{name}.{run}"
        channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
        # as the page has it, but for the second key
        exec(line.replace("topic.20000642", topic), {"channel": channel, "queue": queue})
    settled = stack.total("presswatch_articles_total")
    stack.feed(articles(run))
    until("all settled", 30, lambda: stack.total("presswatch_articles_total") >= settled + 10)

    def waiting(name):
        return channel.queue_declare(got[name], passive=True).method.message_count

    until("five in the queue of both", 30, lambda: waiting("both") == 5)
    assert waiting("never") == 0
    for queue in got.values():
        channel.queue_delete(queue)
    channel.connection.close()


def test_a_user_of_one_country_can_bind_only_its_key(stack):
    channel = stack.channel("baku")
    queue = f"subscriber.baku.{uuid.uuid4().hex[:8]}"
    channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(queue, "alerts", "country.AZ")
    import pika

    for key in ["country.JP", "#", "country.*"]:
        with pytest.raises(pika.exceptions.ChannelClosedByBroker) as refused:
            stack.channel("baku").queue_bind(queue, "alerts", key)
        assert refused.value.reply_code == 403, key
