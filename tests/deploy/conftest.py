"""Where things are, and the whole stack as `deploy/local` starts it."""

import json
import os
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pika
import pytest

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCS = ROOT / "docs"


def check(*command, cwd=ROOT, **more):
    """Runs a command that has to succeed and gives its output."""
    ran = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, check=False, **more)
    assert ran.returncode == 0, f"{' '.join(map(str, command))}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def free_port():
    """A port of the loopback interface that nothing listens on now."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def until(what, seconds, found):
    """What `found` gives, once it gives something."""
    deadline = time.monotonic() + seconds
    while True:
        if (value := found()):
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.1)


@pytest.fixture(scope="session")
def presswatch():
    """The binary."""
    return Path(os.environ["PRESSWATCH"]).resolve(strict=True)


class Stack:
    """RabbitMQ, presswatch and Prometheus, run by `deploy/local`."""

    def __init__(self, ports):
        self.ports = ports

    def amqp(self, user):
        return f"amqp://{user}:{user}-demo@127.0.0.1:{self.ports['AMQP']}/%2f"

    def get(self, port, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[port]}{path}", timeout=10) as answer:
            return answer.read().decode()

    def metrics(self):
        return self.get("HTTP", "/metrics")

    def query(self, expression):
        """The samples of an instant query."""
        answer = json.loads(self.get("PROMETHEUS", "/api/v1/query?" + urllib.parse.urlencode({"query": expression})))
        return answer["data"]["result"]

    def channel(self, user):
        return pika.BlockingConnection(pika.URLParameters(self.amqp(user))).channel()

    def feed(self, articles, content_type="application/json"):
        """Publishes articles, each confirmed; bytes are published as they are."""
        channel = self.channel("feeder")
        channel.confirm_delivery()
        for article in articles:
            body = article if isinstance(article, bytes) else json.dumps(article).encode()
            properties = pika.BasicProperties(content_type=content_type, delivery_mode=2)
            channel.basic_publish("articles", "feed.test", body, properties, mandatory=True)
        channel.connection.close()

    def total(self, metric):
        """The sum of a metric over its labels, as the worker tells it now."""
        lines = [line for line in self.metrics().splitlines() if line.split("{")[0].split(" ")[0] == metric]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


@pytest.fixture(scope="session")
def stack(presswatch, tmp_path_factory):
    """The stack, without the samples; ends with the tests."""
    folder = tmp_path_factory.mktemp("local")
    state, log = folder / "state", folder / "log"
    command = [DEPLOY / "local", "--presswatch", presswatch, "--no-samples", "--state", state, "--every", "1s"]
    with log.open("w") as out:
        running = subprocess.Popen(command, stdout=out, stderr=out, cwd=ROOT)
    try:
        until("deploy/local", 150, lambda: state.exists() or running.poll() is not None)
        assert running.poll() is None, log.read_text()
        yield Stack(dict(line.split("=", 1) for line in state.read_text().splitlines()))
        assert running.poll() is None, log.read_text()
    finally:
        running.terminate()
        running.wait(60)
