#!/usr/bin/env python3
"""Learns what makes a country the focus of a story: writes config/lexicon/places/focus.tsv.

usage: learn_focus.py GOLD.jsonl.gz FEATURES.ndjson [half] > focus.tsv

GOLD: a line an article, {"event": {"id"}, "gold": {"focus": ["US"]}}. FEATURES: what
`cargo run --release --example focus_features` prints for the events. `half` learns from every other article only, so
that the rest can be a test. Logistic regression; each country counts by the inverse root of its frequency, so that
the rule does not become "it is the US". Plain Python, the same output for the same input.
The country of the dateline is left out: editors gave it for where a story was written. So are the two observations whose
weights are set by hand in src/country/focus.rs.
"""
import collections, gzip, json, math, random, sys

PASSES, RATE, DECAY = 40, 0.1, 2e-4
PASSING, OFFICE = "in passing, among others", "before an office"


def main():
    gold = {}
    for line in gzip.open(sys.argv[1], "rt", encoding="utf8"):
        row = json.loads(line)
        if row["gold"].get("focus"):
            gold[row["event"]["id"]] = set(row["gold"]["focus"])
    ids = sorted(gold)
    if sys.argv[3:] == ["half"]:
        gold = {i: gold[i] for i in ids[::2]}
    frequency = collections.Counter(c for g in gold.values() for c in g)
    data = []
    for line in open(sys.argv[2], encoding="utf8"):
        row = json.loads(line)
        g = gold.get(row["id"])
        if g is None:
            continue
        # a story about nothing but where it was written tells nothing of the others
        if not g - {row["dateline"]}:
            continue
        for code, features in row["countries"]:
            # what editors gave for where a story was written tells nothing of what it is about
            if code == row["dateline"] or PASSING in features:
                continue
            data.append(([f for f in features if f != OFFICE], float(code in g), (1000 / max(1000, frequency[code])) ** 0.5))
    weights, squares = collections.Counter(), collections.Counter()
    shuffle = random.Random(1)
    for turn in range(PASSES):
        shuffle.shuffle(data)
        loss = 0.0
        for features, y, importance in data:
            z = sum(weights[f] for f in features)
            p = 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))
            loss -= math.log(max(1e-9, p if y else 1 - p))
            for f in features:
                d = (p - y) * importance + DECAY * weights[f]
                squares[f] += d * d
                weights[f] -= RATE * d / math.sqrt(squares[f] + 1e-9)
        print(f"pass {turn}: loss {loss / len(data):.4f}", file=sys.stderr)
    print("# How much each observation speaks for a country's being what the story is about: feature, weight (natural")
    print("# logarithm of odds). Learnt by config/lexicon/generate/learn_focus.py from Reuters-21578; not written by hand.")
    for name in sorted(weights):
        print(f"{name}\t{weights[name]:.2f}")


main()
