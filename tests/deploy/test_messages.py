"""The message reference: parses, and says of real messages what holds."""

import json
import re
import subprocess

import jsonschema
import pytest
import yaml
from conftest import DEPLOY, DOCS, ROOT, check

SCHEMAS = DOCS / "schemas"


def validator(file):
    schema = json.loads((SCHEMAS / file).read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())


def samples():
    """The article events among the samples; one is broken on purpose."""
    files = sorted((DEPLOY / "samples").glob("*.json"))
    return [json.loads(file.read_text()) for file in files if "broken" not in file.name]


def test_the_asyncapi_document_is_valid_with_all_it_refers_to():
    told = check("node", ROOT / "tests/deploy/asyncapi.mjs", DOCS / "asyncapi.yaml").splitlines()
    assert [line.split()[:3] for line in told] == [
        ["receive", "articles", "article"], ["send", "alerts", "alert"], ["send", "notices", "notice"]]
    assert all(int(line.split()[3]) >= 9 for line in told), "a payload's schema was not found"


def test_the_samples_are_articles():
    articles = validator("article.v1.json")
    assert len(samples()) >= 6
    for sample in samples():
        articles.validate(sample)


@pytest.mark.parametrize("bad", [{}, {"title": "No body"}, {"body": 7}, {"body": "x", "authors": "One Person"}])
def test_what_is_no_article_does_not_pass_for_one(bad):
    assert not validator("article.v1.json").is_valid(bad)


def test_tagged_articles_are_as_their_schema_says(presswatch):
    text = "".join(json.dumps(sample) + "\n" for sample in samples())
    ran = subprocess.run([presswatch, "tag"], input=text, capture_output=True, text=True, check=True)
    tagged = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [t["id"] for t in tagged] == [s["id"] for s in samples()]
    schema = validator("tagged.v1.json")
    for article in tagged:
        schema.validate(article)
    # a schema that takes everything would prove nothing
    del article["countries"]
    assert not schema.is_valid(article)


def test_the_examples_in_the_asyncapi_document_are_articles():
    document = yaml.safe_load((DOCS / "asyncapi.yaml").read_text())
    examples = document["components"]["messages"]["article"]["examples"]
    assert examples
    for example in examples:
        validator("article.v1.json").validate(example["payload"])


def test_the_asyncapi_document_says_what_the_code_does(presswatch):
    document = yaml.safe_load((DOCS / "asyncapi.yaml").read_text())
    declared = check(presswatch, "topology", "--dry-run").splitlines()
    for channel in document["channels"].values():
        exchange = channel["bindings"]["amqp"]["exchange"]
        assert f"exchange `{exchange['name']}` ({exchange['type']})" in declared
    alert = (ROOT / "src/alert/mod.rs").read_text()
    content_type = re.search(r'pub const CONTENT_TYPE: &str = "(.+)";', alert)[1]
    for message in ["alert", "notice"]:
        assert document["components"]["messages"][message]["contentType"] == content_type
    told = document["channels"]["alerts"]["parameters"]["key"]["description"]
    of_notices = set(re.findall(r"`(\w+)\.[^`]+`", document["channels"]["notices"]["parameters"]["key"]["description"]))
    assert of_notices == {"owner", "watch", "severity"}
    keys = (ROOT / "src/alert/keys.rs").read_text()
    kinds = set(re.findall(r'Self::\w+ => "(\w+)",', keys))
    assert "owner" in kinds
    kinds.remove("owner")
    assert kinds == set(re.findall(r"`(\w+)\.[^`]+`", told))
    assert kinds == {"watch", "severity", "country", "mention", "topic", "official", "said"}
    every = re.search(r'pub const EVERY_ALERT: &str = "(.+)";', keys)[1]
    assert f"`{every}`" in told


def test_the_schema_of_articles_has_the_fields_that_are_read():
    reader = (ROOT / "src/article/decode/event.rs").read_text()
    schema = json.loads((SCHEMAS / "article.v1.json").read_text())["properties"]
    assert set(re.findall(r'\bevent\.\w+\("(\w+)"\)', reader)) == set(schema)
    assert set(re.findall(r'\bfields\.\w+\("(\w+)"\)', reader)) == set(schema["source"]["properties"])
