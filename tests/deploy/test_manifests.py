"""Compose, Kubernetes, systemd and RabbitMQ's definitions: valid, and in agreement with each other."""

import base64
import hashlib
import json
import re

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


def shutdown_timeout():
    return seconds(re.search(r'^shutdown_timeout = "(\w+)"', (KUBERNETES / "presswatch.toml").read_text(), re.M)[1])


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


def test_every_stop_leaves_time_for_the_drain():
    drain = shutdown_timeout()
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["presswatch"]
    unit = (DEPLOY / "systemd/presswatch.service").read_text()
    assert documents("deployment.yaml")[0]["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] >= drain + 10
    assert seconds(compose["stop_grace_period"]) >= drain + 10
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", unit, re.M)[1]) >= drain + 10


def test_the_queue_is_scaled_by_what_is_unacked_too():
    trigger = documents("scaledobject.yaml")[1]["spec"]["triggers"][0]["metadata"]
    # only the management API tells of unacked messages
    assert (trigger["protocol"], trigger["excludeUnacknowledged"]) == ("http", "false")


def test_the_unit_is_valid_and_hardened(tmp_path):
    unit = (DEPLOY / "systemd/presswatch.service").read_text()
    stand_in = tmp_path / "presswatch.service"
    stand_in.write_text(unit.replace("/usr/local/bin/presswatch", "/bin/true"))
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
    ]
    for user, what, name, allowed in rows:
        assert may(user, what, name) == allowed, (user, what, name)
