#!/usr/bin/env python3
"""Makes the pictures of the dashboards in docs/dashboards: deploy/grafana/pictures/make.py [FOLDER]

A Prometheus of its own is filled with the invented figures of history.py and applies the rules of rules.yml; draw.py draws
what the dashboards' own queries find there, and Chromium takes the picture. Needs Debian's prometheus and chromium, and
playwright from PyPI.
"""

import base64
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import yaml
from playwright.sync_api import sync_playwright

import draw
import history

DEPLOY = Path(__file__).resolve().parents[2]
BOARDS = ["newsroom", "pipeline", "broker"]
# recording rules, each needing those before it: `promtool` sees none that it makes in the same go
LEVELS = [["tagged_articles:increase1h", "country_articles:increase1h", "topic_articles:increase1h", "official_citations:increase1h"],
          [":share1w"], [":expected1h"], ["queue_wait_seconds", "Spike"]]


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


@contextmanager
def prometheus(folder, rules):
    """Its address, while it runs over the data of a folder and applies some rules."""
    address = f"127.0.0.1:{free_port()}"
    (folder / "prometheus.yml").write_text(f"global: {{evaluation_interval: 5s}}\nrule_files: {json.dumps([str(r) for r in rules])}\n")
    running = subprocess.Popen(
        ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
         f"--web.listen-address={address}", "--log.level=error"])
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://{address}/-/ready", timeout=2).close()
                break
            except OSError:
                time.sleep(.1)
        yield f"http://{address}"
    finally:
        running.terminate()
        running.wait(30)


def run(*command):
    ran = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def parts(rules, wanted):
    """Of the text of a file of rules, those whose names end so, as one group; what an alert would be seen by is recorded."""
    chosen = []
    for rule in (rule for group in yaml.safe_load(rules)["groups"] for rule in group["rules"]):
        if not any(rule.get("record", rule.get("alert")).endswith(end) for end in wanted):
            continue
        if "alert" in rule:
            labels = {"alertname": rule["alert"], "alertstate": "firing", **rule["labels"]}
            rule = {"record": "ALERTS", "labels": labels, "expr": f"({rule['expr']}) * 0 + 1"}
        chosen.append(rule)
    return yaml.safe_dump({"groups": [{"name": "part", "rules": chosen}]})


def fill(folder, end):
    """Eight days of figures, and of what the rules make of them."""
    history.write(folder / "figures", end)
    run("promtool", "tsdb", "create-blocks-from", "openmetrics", "-q", folder / "figures", folder / "data")
    rules = (DEPLOY / "prometheus/rules.yml").read_text()
    for number, wanted in enumerate(LEVELS):
        part = folder / f"part{number}.yml"
        part.write_text(parts(rules, wanted))
        with prometheus(folder, []) as address:
            span = history.SHOWN if number > 1 else 8 * history.DAY - 3600
            run("promtool", "tsdb", "create-blocks-from", "rules", f"--start={end - span}", f"--end={end}", f"--url={address}",
                f"--eval-interval={'1m' if number > 1 else '5m'}", f"--output-dir={folder}/new", part)
        for block in (folder / "new").iterdir():
            if (block / "meta.json").exists():
                block.rename(folder / "data" / block.name)
        shutil.rmtree(folder / "new")


def take(pages, folder):
    """A picture of each page, as WebP, which Chromium itself makes of what it shows."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, page in pages.items():
            tab = browser.new_page(viewport={"width": 24 * draw.COLUMN + 40, "height": 800})
            tab.set_content(page)
            shown = base64.b64encode(tab.screenshot(full_page=True)).decode()
            packed = tab.evaluate(
                """async (png) => {
                    const image = new Image();
                    image.src = "data:image/png;base64," + png;
                    await image.decode();
                    const canvas = Object.assign(document.createElement("canvas"), {width: image.width, height: image.height});
                    canvas.getContext("2d").drawImage(image, 0, 0);
                    return canvas.toDataURL("image/webp", 0.85).split(",")[1];
                }""", shown)
            (folder / f"{name}.webp").write_bytes(base64.b64decode(packed))
            tab.close()
        browser.close()


def drawn():
    """The page of each dashboard."""
    end = int(time.time()) // 60 * 60
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        fill(folder, end)
        with prometheus(folder, []) as address:
            source = draw.Prometheus(address, end, history.SHOWN, 120)
            return {name: draw.page(json.loads((DEPLOY / f"grafana/dashboards/{name}.json").read_text()), source) for name in BOARDS}


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    take(drawn(), folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEPLOY.parent / "docs/dashboards")
