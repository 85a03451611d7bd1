"""Compose, Kubernetes, systemd and RabbitMQ's definitions: valid, and in agreement with each other."""

import base64
import hashlib
import json
import os
import re
import tomllib

import pytest
import yaml
from conftest import DEPLOY, ROOT, check

KUBERNETES = DEPLOY / "kubernetes"


def documents(file):
    return list(yaml.safe_load_all((KUBERNETES / file).read_text()))


def resources():
    return yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["resources"]


def seconds(text):
    return int(re.fullmatch(r"(\d+)s", text)[1])


def compose(service):
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"][service]


def unit():
    return (DEPLOY / "systemd/presswatch.service").read_text()


def settings(presswatch, *flags, **environment):
    """The settings in force, as the program itself takes them; it ends with an error on any that it doesn't know."""
    shell = {name: value for name, value in os.environ.items() if not name.startswith("PRESSWATCH__")}
    return tomllib.loads(check(presswatch, *flags, "config", env={**shell, **environment}))


def test_compose_fits_its_schema():
    check("check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")


def test_compose_mounts_what_exists_and_publishes_on_loopback_only():
    for name, service in yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"].items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert not source.startswith(".") or (DEPLOY / source).exists(), f"{name}: {source}"
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), f"{name}: {port}"
        assert not service["image"].endswith(":latest"), name


def test_kubernetes_manifests_fit_the_schemas_of_the_api():
    known = [f for f in resources() if not {d["apiVersion"] for d in documents(f)} & {"keda.sh/v1alpha1", "monitoring.coreos.com/v1"}]
    assert len(known) == 5
    for file in known:
        check("kubernetes-validate", "--strict", KUBERNETES / file)


def test_custom_resources_fit_the_schemas_of_keda_and_the_prometheus_operator():
    checked = check("node", ROOT / "tests/deploy/custom_resources.mjs", KUBERNETES / "scaledobject.yaml", KUBERNETES / "podmonitor.yaml")
    assert checked.split() == ["TriggerAuthentication", "ScaledObject", "PodMonitor"]


def test_all_manifests_are_in_the_kustomization_and_select_the_same_pods():
    files = {p.name for p in KUBERNETES.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(resources()) == files
    label = {"app.kubernetes.io/name": "presswatch"}
    assert documents("deployment.yaml")[0]["spec"]["template"]["metadata"]["labels"] == label
    for file in ["poddisruptionbudget.yaml", "podmonitor.yaml"]:
        assert documents(file)[0]["spec"]["selector"]["matchLabels"] == label
    assert documents("networkpolicy.yaml")[0]["spec"]["podSelector"]["matchLabels"] == label
    assert documents("service.yaml")[0]["spec"]["selector"] == label


def in_kubernetes(presswatch, secret):
    container = documents("deployment.yaml")[0]["spec"]["template"]["spec"]["containers"][0]
    assert container["args"][1:] == ["--config", "/etc/presswatch/presswatch.toml"]
    # the secret lies elsewhere here
    environment = {e["name"]: str(secret) if e["name"].endswith("_FILE") else e["value"] for e in container["env"]}
    return settings(presswatch, "--config", KUBERNETES / "presswatch.toml", **environment)


def under_systemd(presswatch, secret):
    lines = re.findall(r"^Environment=(\w+)=(.*)$", unit(), re.M)
    return settings(presswatch, **{name: str(secret) if name.endswith("_FILE") else value for name, value in lines})


def in_compose(presswatch, _secret):
    return settings(presswatch, **compose("presswatch")["environment"])


@pytest.mark.parametrize(("taken", "grace"), [
    (in_kubernetes, lambda: documents("deployment.yaml")[0]["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]),
    (under_systemd, lambda: int(re.search(r"^TimeoutStopSec=(\d+)$", unit(), re.M)[1])),
    (in_compose, lambda: seconds(compose("presswatch")["stop_grace_period"])),
], ids=["kubernetes", "systemd", "compose"])
def test_the_program_takes_the_settings_and_every_stop_leaves_time_for_the_drain(presswatch, tmp_path, taken, grace):
    secret = tmp_path / "broker-url"
    secret.write_text("amqp://worker:geheim@rabbitmq.example:5672/%2f\n")
    told = taken(presswatch, secret)
    assert told["broker"]["url"].startswith("amqp://worker:********@"), "the broker's address has not arrived"
    assert grace() >= told["shutdown_timeout"] + 10


def test_a_setting_that_is_unknown_or_of_the_wrong_kind_is_an_error(presswatch, tmp_path):
    for bad in ['shutdown_timeout = "30s"', "[http]\nlisten_on = 1"]:
        (tmp_path / "bad.toml").write_text(bad)
        with pytest.raises(AssertionError, match="bad.toml"):
            settings(presswatch, "--config", tmp_path / "bad.toml")


def test_compose_starts_each_service_after_what_it_waits_for():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    for name, service in services.items():
        for other, wait in service.get("depends_on", {}).items():
            # the image of presswatch brings its own check
            assert wait["condition"] != "service_healthy" or "healthcheck" in services[other] or other == "presswatch", name
    assert services["samples"]["restart"] == "no", "fed once"
    assert services["samples"]["depends_on"]["presswatch"]["condition"] == "service_healthy"


def test_the_queue_is_scaled_by_what_is_unacked_too():
    trigger = documents("scaledobject.yaml")[1]["spec"]["triggers"][0]["metadata"]
    # only the management API tells of unacked messages
    assert (trigger["protocol"], trigger["excludeUnacknowledged"]) == ("http", "false")


def test_the_unit_is_valid_and_hardened(tmp_path):
    stand_in = tmp_path / "presswatch.service"
    stand_in.write_text(unit().replace("/usr/local/bin/presswatch", "/bin/true"))
    check("systemd-analyze", "verify", "--man=no", stand_in)
    report = check("systemd-analyze", "security", "--offline=true", DEPLOY / "systemd/presswatch.service")
    assert float(re.search(r"exposure level.*: ([\d.]+)", report)[1]) <= 1.5


@pytest.fixture(scope="module")
def definitions():
    return json.loads((DEPLOY / "rabbitmq/definitions.json").read_text())


def test_the_demo_passwords_are_the_documented_ones(definitions):
    for user in definitions["users"]:
        stored = base64.b64decode(user["password_hash"])
        assert hashlib.sha256(stored[:4] + f"{user['name']}-demo".encode()).digest() == stored[4:], user["name"]


def test_rights_are_as_small_as_they_can_be(definitions):
    rights = {p["user"]: {k: re.compile(p[k]) for k in ("configure", "write", "read")} for p in definitions["permissions"]}
    assert set(rights) == {u["name"] for u in definitions["users"]}

    def may(user, what, name):
        return bool(rights[user][what].search(name))

    rows = [
        # user, right, name, allowed
        ("worker", "configure", "presswatch.articles.retry.5s", True),
        ("worker", "read", "presswatch.articles", True),
        ("worker", "write", "alerts", True),
        ("worker", "write", "amq.default", True),
        ("worker", "configure", "subscriber.baku.desk", False),
        ("worker", "read", "subscriber.baku.desk", False),
        ("worker", "configure", "alerts-of-others", False),
        ("tagger", "configure", "presswatch.articles", False),
        ("tagger", "read", "presswatch.dead", False),
        ("operator", "read", "presswatch.articles", False),
        ("operator", "write", "alerts", False),
        ("feeder", "write", "articles", True),
        ("feeder", "write", "alerts", False),
        ("feeder", "read", "presswatch.articles", False),
        ("subscriber", "read", "alerts", True),
        ("subscriber", "read", "presswatch.articles", False),
        ("subscriber", "write", "alerts", False),
        ("subscriber", "configure", "presswatch.articles", False),
        ("baku", "configure", "subscriber.baku.desk", True),
        ("baku", "configure", "subscriber.other", False),
        ("monitor", "read", "alerts", False),
        ("worker", "configure", "notices.unrouted", True),
        ("worker", "configure", "notices-of-others", False),
        ("tagger", "write", "notices", True),
        ("tagger", "read", "notices", False),
        ("subscriber", "read", "notices", False),
        ("baku", "read", "notices", False),
        ("desk-energy", "read", "notices", True),
        ("desk-energy", "read", "notices.unrouted", False),
        ("desk-energy", "read", "alerts", False),
        ("desk-energy", "write", "notices", False),
    ]
    # one who may read notices may bind by their own owner alone
    readers = {p["user"] for p in definitions["permissions"] if re.search(p["read"], "notices")} - {"worker"}
    bound = {p["user"]: p["read"] for p in definitions["topic_permissions"] if p["exchange"] == "notices"}
    assert bound == {user: rf"^owner\.{user}$" for user in readers}
    for user, what, name, allowed in rows:
        assert may(user, what, name) == allowed, (user, what, name)
