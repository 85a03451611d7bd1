#!/usr/bin/env python3
"""Writes the dashboards' JSON: deploy/grafana/build.py [FOLDER], by default dashboards/ beside this file.

Needs grafana-foundation-sdk from PyPI, whose types check what is built.
"""

import json
import sys
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder

import broker
import newsroom
import pipeline


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for dashboard in (newsroom, pipeline, broker):
        text = json.dumps(dashboard.build(), cls=JSONEncoder, indent=1, sort_keys=True, ensure_ascii=False)
        (folder / f"{dashboard.__name__}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "dashboards")
