"""Where things are, and the whole stack as `deploy/local` starts it."""

import email
import email.policy
import http.server
import json
import os
import socket
import socketserver
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pika
import pytest
import yaml

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


class Sink:
    """Takes what alarms are told by: POSTs of JSON, and mail over SMTP."""

    def __init__(self):
        self.posts, self.mails = [], []
        sink = self

        class Hook(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                sink.posts.append((self.path, body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        class Mail(socketserver.StreamRequestHandler):
            def handle(self):
                def say(line):
                    self.wfile.write(f"{line}\r\n".encode())

                say("220 sink")
                to = []
                while line := self.rfile.readline().decode().strip():
                    word = line.split(" ")[0].upper()
                    if word == "RCPT":
                        to.append(line)
                    if word == "DATA":
                        say("354 go on")
                        text = b"".join(iter(self.rfile.readline, b".\r\n"))
                        sink.mails.append((to, email.message_from_bytes(text, policy=email.policy.default)))
                    say("221 bye" if word == "QUIT" else "250 sink")

        self.servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook),
                        socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)]
        for server in self.servers:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
        self.hook, self.smtp = (server.server_address[1] for server in self.servers)


def alarms(sink):
    """Alertmanager's settings with the receivers of the example, whose addresses lead to the sink."""
    settings = yaml.safe_load((DEPLOY / "alertmanager/alertmanager.yml").read_text())
    example = (DEPLOY / "alertmanager/receivers.example.yml").read_text()
    for real, here in [
        ("mail.example:587", f"127.0.0.1:{sink.smtp}"),
        ("https://pager.example", f"http://127.0.0.1:{sink.hook}"),
        ("https://chat.example", f"http://127.0.0.1:{sink.hook}"),
    ]:
        assert real in example
        example = example.replace(real, here)
    settings.update(yaml.safe_load(example))
    # the sink has neither users nor TLS
    settings["global"] = {k: v for k, v in settings["global"].items() if "auth" not in k} | {"smtp_require_tls": False}
    for route in [settings["route"], *settings["route"]["routes"]]:
        route["group_wait"] = "1s"
    return yaml.safe_dump(settings)


@pytest.fixture(scope="session")
def sink():
    return Sink()


@pytest.fixture(scope="session")
def stack(presswatch, tmp_path_factory, sink):
    """The stack, without the samples; ends with the tests."""
    folder = tmp_path_factory.mktemp("local")
    state, log = folder / "state", folder / "log"
    (folder / "alertmanager.yml").write_text(alarms(sink))
    # of owners, and in no other test's articles: alerts are as without them
    watches = folder / "watches"
    watches.mkdir()
    (watches / "desks.toml").write_text("".join(
        f"[[watch]]\nid = 'of-{owner}'\nname = 'Valves'\nowner = '{owner}'\nseverity = 'high'\nwhen = 'valve~ NEAR/5 zugzwang'\n"
        for owner in ["desk-energy", "desk-sport"]))
    # of everybody, in the articles of test_live alone: the metrics count no owner's matches
    (watches / "live.toml").write_text("[[watch]]\nid = 'live'\nwhen = '\"the right decision for our country\"'\n")
    command = [DEPLOY / "local", "--presswatch", presswatch, "--no-samples", "--state", state, "--every", "1s",
               "--alarms", folder / "alertmanager.yml"]
    with log.open("w") as out:
        environment = {**os.environ, "PRESSWATCH__WATCHES__DIR": str(watches)}
        running = subprocess.Popen(command, stdout=out, stderr=out, cwd=ROOT, env=environment)
    try:
        until("deploy/local", 150, lambda: state.exists() or running.poll() is not None)
        assert running.poll() is None, log.read_text()
        yield Stack(dict(line.split("=", 1) for line in state.read_text().splitlines()))
        assert running.poll() is None, log.read_text()
    finally:
        running.terminate()
        running.wait(60)
