"""Draws a dashboard as a page: each panel at its place, with what its own queries find in a Prometheus.

It is no Grafana: it knows the kinds of panels, units and settings that our dashboards use, and draws them plainly.
"""

import html
import json
import math
import re
import urllib.parse
import urllib.request

from history import PLACES

COLUMN, LINE, GAP = 62, 38, 8
COLOURS = ["#3d71d9", "#e0752d", "#37872d", "#b877d9", "#f2495c", "#8ab8ff", "#c4a000", "#5f9ea0", "#a35e37", "#7a7a7a", "#d683ce", "#0a437c"]
NAMED = {"green": "#37872d", "yellow": "#c69500", "red": "#d10e2c", "blue": "#1f60c4"}


class Prometheus:
    """Answers queries over a range that ends at a time, in seconds since 1970."""

    def __init__(self, address, end, span, step):
        self.address, self.end, self.span, self.step = address, end, span, step

    def filled(self, expression):
        for variable, value in {"$__rate_interval": "4m", "$__range_s": str(self.span), "$__range": f"{self.span}s"}.items():
            expression = expression.replace(variable, value)
        # the variables that the reader chooses: all
        return re.sub(r"[$][a-z]+", ".*", expression)

    def ask(self, path, **query):
        with urllib.request.urlopen(f"{self.address}/api/v1/{path}?{urllib.parse.urlencode(query)}", timeout=60) as answer:
            return json.load(answer)["data"]["result"]

    def now(self, expression):
        """(labels, value) of each series."""
        found = self.ask("query", query=self.filled(expression), time=self.end)
        return [(s["metric"], float(s["value"][1])) for s in found]

    def over_time(self, expression):
        """(labels, [(time, value)]) of each series."""
        found = self.ask("query_range", query=self.filled(expression), start=self.end - self.span, end=self.end, step=self.step)
        return [(s["metric"], [(t, float(v)) for t, v in s["values"]]) for s in found]


def said(value, unit, decimals=None):
    """A value in its unit, as a person reads it."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "–"
    if unit == "s":
        for length, name in [(86400, "d"), (3600, "h"), (60, "min"), (1, "s")]:
            if value >= length:
                return f"{value / length:.3g} {name}"
        return f"{value * 1000:.3g} ms"
    if unit == "bytes":
        for size, name in [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]:
            if value >= size:
                return f"{value / size:.3g} {name}"
    if unit == "percentunit":
        return f"{value * 100:.3g} %"
    text = f"{value:,.{decimals}f}" if decimals is not None else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return text + (" /s" if unit == "cps" else "")


def legend(target, labels):
    """What a series is called."""
    form = target.get("legendFormat") or ""
    if form:
        return re.sub(r"{{\s*(\w+)\s*}}", lambda m: labels.get(m[1], ""), form)
    return ", ".join(f"{k}={v}" for k, v in labels.items() if k != "__name__")


def colour_of(defaults, value):
    """The colour of the highest threshold that a value reaches."""
    found = "blue"
    for step in (defaults.get("thresholds") or {}).get("steps", []):
        if step.get("value") is None or value >= step["value"]:
            found = step["color"]
    return NAMED.get(found, found)


def text(x, y, words, size=12, colour="#24292e", anchor="start", weight=400):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" font-weight="{weight}">'
            f"{html.escape(words)}</text>")


def nothing(width, height):
    return text(width / 2, height / 2, "no data", 13, "#999", "middle")


def stat(panel, prometheus, width, height):
    [target] = panel["targets"]
    found = prometheus.now(target["expr"])
    if not found:
        return nothing(width, height)
    value, defaults = found[0][1], panel["fieldConfig"]["defaults"]
    words = said(value, defaults.get("unit"), defaults.get("decimals"))
    for mapping in defaults.get("mappings", []):
        words = mapping["options"].get(f"{value:.0f}", {}).get("text", words)
    return text(width / 2, height / 2 + 14, words, 38, colour_of(defaults, value), "middle", 600)


def bargauge(panel, prometheus, width, height):
    [target] = panel["targets"]
    found = sorted(((v, legend(target, labels)) for labels, v in prometheus.now(target["expr"])), reverse=True)
    if not found:
        return nothing(width, height)
    out, slot, most = [], height / len(found), found[0][0] or 1
    left = min(200, width * .42)
    for at, (value, name) in enumerate(found):
        y, bar = at * slot, (width - left - 70) * value / most
        size = min(13, slot * .72)
        out.append(text(left - 8, y + slot * .72, name, size, anchor="end"))
        out.append(f'<rect x="{left}" y="{y + 2:.1f}" width="{bar:.1f}" height="{slot - 4:.1f}" rx="2" fill="#1f60c4" opacity=".8"/>')
        out.append(text(left + bar + 6, y + slot * .72, said(value, "short", 0), size, weight=600))
    return "".join(out)


def scale(low, high):
    """Round marks between two values."""
    if high <= low:
        high = low + 1
    raw = (high - low) / 4
    power = 10 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw)
    first = math.floor(low / step) * step
    count = math.ceil((high - first) / step - 1e-9)
    return [first + n * step for n in range(count + 1)]


def grid(prometheus, marks, unit, left, right, height):
    """Lines at the marks and at whole hours, and how to place a point."""
    top, bottom = 6, height - 20
    start, span = prometheus.end - prometheus.span, prometheus.span
    x = lambda t: left + (t - start) / span * (right - left)
    y = lambda v: bottom - (v - marks[0]) / (marks[-1] - marks[0]) * (bottom - top)
    out = []
    for mark in marks:
        out.append(f'<line x1="{left}" x2="{right}" y1="{y(mark):.1f}" y2="{y(mark):.1f}" stroke="#e3e5e8"/>')
        out.append(text(left - 6, y(mark) + 4, said(mark, unit), 11, "#6a737d", "end"))
    for hours in range(span // 3600 + 1):
        at = start + hours * 3600
        out.append(text(x(at), height - 4, f"−{span // 3600 - hours} h" if hours * 3600 < span else "now", 11, "#6a737d", "middle"))
    return out, x, y


def timeseries(panel, prometheus, width, height):
    defaults = panel["fieldConfig"]["defaults"]
    custom, unit = defaults.get("custom", {}), defaults.get("unit")
    series = [(legend(t, labels), points) for t in panel["targets"] for labels, points in prometheus.over_time(t["expr"])]
    if not series:
        return nothing(width, height)
    series.sort(key=lambda s: -s[1][-1][1])
    series = series[:12]
    stacked = (custom.get("stacking") or {}).get("mode") == "normal"
    beside = min(230, max(width * .34, 190))
    floor, drawn = {}, []
    for name, points in series:
        if stacked:
            points = [(t, floor.get(t, 0), floor.get(t, 0) + v) for t, v in points]
            floor.update({t: v for t, _, v in points})
        else:
            points = [(t, 0, v) for t, v in points if math.isfinite(v)]
        drawn.append((name, points))
    values = [v for _, points in drawn for _, _, v in points] or [0]
    low = min(values) if custom.get("axisSoftMin") is None else min(custom["axisSoftMin"], *values)
    out, x, y = grid(prometheus, scale(low, max(values)), unit, 58, width - beside, height)
    rows = []
    for at, ((name, points), (_, raw)) in enumerate(zip(drawn, series)):
        colour = COLOURS[at % len(COLOURS)]
        line = " ".join(f"{x(t):.1f},{y(v):.1f}" for t, _, v in points)
        if stacked:
            back = " ".join(f"{x(t):.1f},{y(b):.1f}" for t, b, _ in reversed(points))
            out.append(f'<polygon points="{line} {back}" fill="{colour}" opacity=".3"/>')
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.4"/>')
        row = 14 + at * 17
        if row < height - 6:
            rows.append(f'<rect x="{width - beside + 14}" y="{row - 7}" width="12" height="4" fill="{colour}"/>')
            rows.append(text(width - beside + 32, row, name, 11.5))
            rows.append(text(width - 2, row, said(raw[-1][1], unit), 11.5, anchor="end"))
    return "".join(out + rows)


def heatmap(panel, prometheus, width, height):
    [target] = panel["targets"]
    by_bound = {labels["le"]: points for labels, points in prometheus.over_time(target["expr"])}
    bounds = sorted((b for b in by_bound if b != "+Inf"), key=float)
    if not bounds:
        return nothing(width, height)
    below = {b: dict(by_bound[b]) for b in bounds}
    times = sorted(below[bounds[0]])[::3]
    cells = {(t, b): max(0, below[b].get(t, 0) - (below[bounds[i - 1]].get(t, 0) if i else 0)) for i, b in enumerate(bounds) for t in times}
    most, (left, right) = max(cells.values()) or 1, (58, width - 16)
    tall, wide = (height - 26) / len(bounds), (right - left) / len(times)
    out = []
    for i, bound in enumerate(bounds):
        y = height - 20 - (i + 1) * tall
        out.append(text(left - 6, y + tall * .5, said(float(bound), "s"), 11, "#6a737d", "end"))
        for j, t in enumerate(times):
            if cells[t, bound] > 0:
                out.append(f'<rect x="{left + j * wide:.1f}" y="{y:.1f}" width="{wide + .3:.1f}" height="{tall - 1:.1f}" fill="#1f60c4" opacity="{(cells[t, bound] / most) ** .5:.2f}"/>')
    for hours in range(prometheus.span // 3600 + 1):
        ago = prometheus.span // 3600 - hours
        out.append(text(left + (right - left) * hours * 3600 / prometheus.span, height - 4, f"−{ago} h" if ago else "now", 11, "#6a737d", "middle"))
    return "".join(out)


def table(panel, prometheus, width, height):
    options = next(t["options"] for t in panel["transformations"] if t["id"] == "organize")
    hidden, names = options["excludeByName"], options["renameByName"]
    many, found = len(panel["targets"]) > 1, {}
    for target in panel["targets"]:
        for labels, value in prometheus.now(target["expr"]):
            cells = {k: v for k, v in labels.items() if not hidden.get(k)}
            row = found.setdefault(json.dumps(cells, sort_keys=True), cells)
            row[f"Value #{target['refId']}" if many else "Value"] = value
    if not found:
        return nothing(width, height)
    named = [{names.get(k, k): v for k, v in row.items() if not hidden.get(k)} for row in found.values()]
    columns = list(dict.fromkeys(k for row in named for k in row))
    # names before codes, numbers last
    columns.sort(key=lambda c: (any(isinstance(r.get(c), float) for r in named), c not in ("country", "topic", "queue")))
    for by in ((panel.get("options") or {}).get("sortBy") or [])[:1]:
        named.sort(key=lambda row: row.get(by["displayName"], 0), reverse=by.get("desc", False))
    defaults, out = panel["fieldConfig"]["defaults"], []
    place = [width * (i + .02) / len(columns) for i in range(len(columns))]
    for x, column in zip(place, columns):
        out.append(text(x, 14, column, 12, "#6a737d", weight=600))
    for at, row in enumerate(named[: int((height - 24) // 27)]):
        y = 38 + at * 27
        out.append(f'<line x1="0" x2="{width}" y1="{y - 18}" y2="{y - 18}" stroke="#e3e5e8"/>')
        for x, column in zip(place, columns):
            value = row.get(column, "")
            if isinstance(value, float):
                value = said(value, defaults.get("unit"), defaults.get("decimals"))
            out.append(text(x, y, str(value), 13))
    return "".join(out)


def geomap(panel, prometheus, width, height):
    [target] = panel["targets"]
    found = sorted(prometheus.now(target["expr"]), key=lambda s: -s[1])
    if not found:
        return nothing(width, height)
    x = lambda longitude: (longitude + 135) / 320 * width
    y = lambda latitude: height - (latitude + 45) / 120 * height
    out = [f'<rect width="{width}" height="{height}" fill="#eef3f8"/>']
    for line in range(-120, 181, 30):
        out.append(f'<line x1="{x(line):.0f}" x2="{x(line):.0f}" y1="0" y2="{height}" stroke="#dde5ee"/>')
    for line in range(-30, 61, 30):
        out.append(f'<line x1="0" x2="{width}" y1="{y(line):.0f}" y2="{y(line):.0f}" stroke="#dde5ee"/>')
    most = found[0][1]
    for labels, value in found:
        latitude, longitude = PLACES[labels["country"]]
        size = 5 + 25 * math.sqrt(value / most)
        out.append(f'<circle cx="{x(longitude):.1f}" cy="{y(latitude):.1f}" r="{size:.1f}" fill="#1f60c4" opacity=".45"/>')
        out.append(text(x(longitude), y(latitude) + 4, labels["country"], 11, "#10233f", "middle", 600))
    return "".join(out)


KINDS = {"stat": stat, "bargauge": bargauge, "timeseries": timeseries, "heatmap": heatmap, "table": table, "geomap": geomap}


def page(board, prometheus):
    """The dashboard as HTML, as wide as it is, without its variables and links."""
    out, bottom = [], 0
    for panel in board["panels"]:
        at = panel["gridPos"]
        left, top = at["x"] * COLUMN, at["y"] * LINE
        width, height = at["w"] * COLUMN - GAP, at["h"] * LINE - GAP
        bottom = max(bottom, top + height)
        box = f"left:{left}px;top:{top}px;width:{width}px;height:{height}px"
        if panel["type"] == "row":
            out.append(f'<h2 style="{box}">{html.escape(panel["title"])}</h2>')
            continue
        inner, tall = width - 24, height - 44
        drawn = KINDS[panel["type"]](panel, prometheus, inner, tall)
        out.append(f'<section style="{box}"><h3>{html.escape(panel["title"])}</h3>'
                   f'<svg width="{inner}" height="{tall}">{drawn}</svg></section>')
    style = (
        "body{margin:20px;background:#f4f5f5;font:14px 'Inter','DejaVu Sans',sans-serif;color:#24292e}"
        f"main{{position:relative;width:{24 * COLUMN}px;height:{bottom + 4}px}}h1{{font-size:20px;margin:0 0 14px}}"
        "h2,section{position:absolute;margin:0;box-sizing:border-box}h2{font-size:15px;padding-top:8px}"
        "section{background:#fff;border:1px solid #dcdfe3;border-radius:3px;padding:8px 12px;overflow:hidden}"
        "h3{font-size:13px;font-weight:600;margin:0 0 8px}svg{display:block}")
    return (f'<!doctype html><meta charset="utf-8"><style>{style}</style>'
            f'<h1>{html.escape(board["title"])}</h1><main>{"".join(out)}</main>')
