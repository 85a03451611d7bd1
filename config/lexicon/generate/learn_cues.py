#!/usr/bin/env python3
"""Learns which words attribute where: writes config/lexicon/cues/LANGUAGE.tsv.

usage: learn_cues.py GOLD.jsonl.gz PROPOSALS.ndjson > en.tsv

GOLD: a line an article, {"event": {"id", "body"}, "gold": {"attributions": [{"content": [{"start", "end"}]}]}}.
PROPOSALS: what `cargo run --release --example cue_candidates` prints for the events: for each cue the contents that
the tagger would weigh, with their features.

Logistic regression over the features. A proposal is right when it overlaps with the content of an attribution by
more than half of the longer of the two. Plain Python, the same output for the same input.
"""
import collections, gzip, json, math, random, sys

PASSES, RATE, DECAY, LEAST, SHOWN = 8, 0.12, 4e-5, 5, 0.04


def main():
    gold = {}
    for line in gzip.open(sys.argv[1], "rt", encoding="utf8"):
        row = json.loads(line)
        contents = [a["content"] for a in row["gold"]["attributions"] if a["content"]]
        gold[row["event"]["id"]] = [(min(c["start"] for c in cs), max(c["end"] for c in cs)) for cs in contents]
    rows, counts = [], collections.Counter()
    for line in open(sys.argv[2], encoding="utf8"):
        article = json.loads(line)
        spans = sorted(gold[article["id"]])
        for p in article["proposals"]:
            best = 0.0
            for s, e in spans:
                if s >= p["end"]:
                    break
                best = max(best, (min(e, p["end"]) - max(s, p["start"])) / max(e - s, p["end"] - p["start"]))
            rows.append((p["features"], 1.0 if best >= 0.55 else 0.0))
            counts.update(p["features"])
    names = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= LEAST))}
    data = [([names[f] for f in fs if f in names], y) for fs, y in rows]
    print(f"{len(data)} proposals, {sum(y for _, y in data):.0f} right, {len(names)} features", file=sys.stderr)
    weights, squares = [0.0] * len(names), [1e-6] * len(names)
    shuffle = random.Random(1)
    for turn in range(PASSES):
        shuffle.shuffle(data)
        loss = 0.0
        for fs, y in data:
            z = sum(weights[f] for f in fs)
            p = 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))
            loss -= math.log(max(1e-9, p if y else 1 - p))
            g = p - y
            for f in fs:
                d = g + DECAY * 100 * weights[f]
                squares[f] += d * d
                weights[f] -= RATE * d / math.sqrt(squares[f])
        print(f"pass {turn}: loss {loss / len(data):.4f}", file=sys.stderr)
    print("# How much each observation speaks for a cue's attributing a content: feature, weight (natural logarithm of odds).")
    print("# Learnt by config/lexicon/generate/learn_cues.py from the training part of PolNeAR; not written by hand.")
    for name in sorted(names):
        if abs(weights[names[name]]) >= SHOWN:
            print(f"{name}\t{weights[names[name]]:.2f}")


main()
