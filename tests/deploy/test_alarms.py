"""Alertmanager: its settings are valid, each severity has its receiver, and an alarm arrives there."""

import datetime
import json
import urllib.request

import pytest
import yaml
from conftest import DEPLOY, Sink, alarms, check, until

HERE = DEPLOY / "alertmanager"


def test_the_settings_are_valid_with_and_without_the_receivers_of_the_example(tmp_path):
    check("amtool", "check-config", HERE / "alertmanager.yml")
    (tmp_path / "alertmanager.yml").write_text(alarms(Sink()))
    check("amtool", "check-config", tmp_path / "alertmanager.yml")
    names = [
        [receiver["name"] for receiver in yaml.safe_load((HERE / file).read_text())["receivers"]]
        for file in ["alertmanager.yml", "receivers.example.yml"]
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize(("severity", "receiver"), [("page", "on-call"), ("ticket", "operations"), ("news", "newsroom")])
def test_each_severity_has_its_receiver(severity, receiver):
    routed = check("amtool", "config", "routes", "test", f"--config.file={HERE / 'alertmanager.yml'}", f"severity={severity}")
    assert routed.split() == [receiver]
    rules = (DEPLOY / "prometheus/rules.yml").read_text()
    assert f"severity: {severity}" in rules


def test_what_is_inhibited_is_an_alarm_of_ours():
    rules = yaml.safe_load((DEPLOY / "prometheus/rules.yml").read_text())["groups"]
    ours = {rule["alert"] for group in rules for rule in group["rules"] if "alert" in rule}
    for rule in yaml.safe_load((HERE / "alertmanager.yml").read_text())["inhibit_rules"]:
        for matcher in rule["source_matchers"] + rule["target_matchers"]:
            assert set(matcher.split('"')[1].split("|")) <= ours


def test_prometheus_knows_where_it_is():
    [to] = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())["alerting"]["alertmanagers"]
    [target] = to["static_configs"][0]["targets"]
    name, port = target.split(":")
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"][name]
    assert f"127.0.0.1:{port}:{port}" in service["ports"]


def test_an_alarm_of_the_worker_arrives_by_mail(stack, sink):
    # the whole road: articles that are none, the worker's counter, the rule, Alertmanager, a mail
    until("the first scrape", 30, lambda: stack.query("presswatch_dead_total"))
    stack.feed([f'{{"title": "broken {n}"'.encode() for n in range(6)])
    found = until("the mail", 60, lambda: [m for m in sink.mails if "PresswatchDeadLettersGrowing" in str(m[1]["subject"])])
    to, mail = found[0]
    assert to == ["RCPT TO:<operations@news.example>"]
    text = mail.get_body(("html", "plain")).get_content()
    assert "articles were dead-lettered in 15 minutes: not-json" in text
    assert "presswatchdeadlettersgrowing" in text


def ring(stack, **labels):
    """An alarm as Prometheus would tell it, with the annotations of its rule."""
    groups = yaml.safe_load((DEPLOY / "prometheus/rules.yml").read_text())["groups"]
    [rule] = [r for g in groups for r in g["rules"] if r.get("alert") == labels["alertname"]]
    words = {"{{ $labels.name }}": labels.get("name", ""), "{{ $labels.country }}": labels.get("country", ""),
             '{{ $value | printf "%.0f" }}': "24", "{{ $labels.instance }}": labels.get("instance", "")}
    annotations = {}
    for name, text in rule["annotations"].items():
        for word, value in words.items():
            text = text.replace(word, value)
        annotations[name] = text
    ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=5)
    alarm = {"labels": {**labels, **rule["labels"]}, "annotations": annotations, "endsAt": ends.isoformat()}
    request = urllib.request.Request(
        f"http://127.0.0.1:{stack.ports['ALERTMANAGER']}/api/v2/alerts", json.dumps([alarm]).encode(),
        {"Content-Type": "application/json"})
    assert urllib.request.urlopen(request, timeout=10).status == 200


def test_news_go_to_the_desk_by_mail_and_chat_with_a_link_to_the_alerts(stack, sink):
    ring(stack, alertname="PresswatchCountrySpike", country="VU", name="Vanuatu")
    mails = until("the mail", 60, lambda: [m for m in sink.mails if "in the news" in str(m[1]["subject"])])
    to, mail = mails[0]
    assert (to, str(mail["subject"])) == (["RCPT TO:<desk@news.example>"], "Vanuatu in the news")
    text = mail.get_body(("html",)).get_content()
    assert "Vanuatu is in the news: 24 articles in the last hour." in text
    assert "http://127.0.0.1:9464/?key=country.VU" in text
    posts = until("the channel", 60, lambda: [body for path, body in sink.posts if path == "/hooks/desk"])
    [attachment] = posts[0]["attachments"]
    assert attachment["title"].startswith("Vanuatu is in the news")
    assert attachment["title_link"] == "http://127.0.0.1:9464/?key=country.VU"


def test_a_page_goes_to_the_webhook(stack, sink):
    ring(stack, alertname="PresswatchBrokerDown", instance="a:9464")
    posts = until("the webhook", 60, lambda: [body for path, body in sink.posts if path == "/hooks/presswatch"])
    assert posts[0]["status"] == "firing"
    [alarm] = posts[0]["alerts"]
    assert alarm["labels"]["alertname"] == "PresswatchBrokerDown"
    assert alarm["annotations"]["runbook"] == "docs/RUNBOOK.md#presswatchbrokerdown"
