#!/usr/bin/env python3
"""Learns which words attribute where: writes config/lexicon/languages/LANGUAGE/cue_weights.tsv.

usage: learn_cues.py GOLD.jsonl.gz PROPOSALS.ndjson > config/lexicon/languages/en/cue_weights.tsv

GOLD: a line an article, {"event": {"id", "body"}, "gold": {"attributions": [{"content": [{"start", "end"}]}]}}.
PROPOSALS: what `cargo run --release --example cue_candidates` prints for the events: for each cue the contents that
the tagger would weigh, with their features.

For each cue one of its proposals is right, or none: a softmax over them, where none weighs nothing. A proposal is right
when it overlaps with the content of an attribution by half of the longer of the two. Plain Python, the same output for
the same input; takes some minutes.
"""
import collections, gzip, itertools, json, math, random, sys

PASSES, RATE, DECAY, LEAST, SHOWN = 12, 0.05, 0.03, 12, 0.08


def main():
    gold = {}
    for line in gzip.open(sys.argv[1], "rt", encoding="utf8"):
        row = json.loads(line)
        contents = [a["content"] for a in row["gold"]["attributions"] if a["content"]]
        gold[row["event"]["id"]] = [(min(c["start"] for c in cs), max(c["end"] for c in cs)) for cs in contents]
    cues, counts = [], collections.Counter()
    for line in open(sys.argv[2], encoding="utf8"):
        article = json.loads(line)
        spans = sorted(gold[article["id"]])
        for _, proposals in itertools.groupby(article["proposals"], key=lambda p: p["cue"]):
            rows = [(p["features"], is_right(p, spans)) for p in proposals]
            cues.append(rows)
            for features, _ in rows:
                counts.update(features)
    names = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= LEAST))}
    data = [[([names[f] for f in fs if f in names], right) for fs, right in rows] for rows in cues]
    print(f"{len(data)} cues, {len(names)} features", file=sys.stderr)
    weights = learn(data, len(names))
    print("# How much each observation speaks for a cue's attributing a content: feature, weight (natural logarithm of odds).")
    print("# Learnt by config/lexicon/generate/learn_cues.py from the training part of PolNeAR; not written by hand. What is not")
    print("# listed weighs 0: a cue of cues.toml without a line here is judged by its class, its form and what is around it.")
    for name in sorted(names):
        if abs(weights[names[name]]) >= SHOWN:
            print(f"{name}\t{weights[names[name]]:.2f}")


def is_right(p, spans):
    for s, e in spans:
        if s >= p["end"]:
            return False
        if (min(e, p["end"]) - max(s, p["start"])) * 2 >= max(e - s, p["end"] - p["start"]):
            return True
    return False


def learn(data, size):
    weights, squares = [0.0] * size, [1e-6] * size
    shuffle = random.Random(1)
    for turn in range(PASSES):
        shuffle.shuffle(data)
        loss = 0.0
        for rows in data:
            sums = [sum([weights[f] for f in fs]) for fs, _ in rows]
            most = max(0.0, *sums)
            odds = [math.exp(z - most) for z in sums]
            none = math.exp(-most)
            whole = sum(odds) + none
            right = sum(o for o, (_, y) in zip(odds, rows) if y)
            loss -= math.log(max(1e-9, (right or none) / whole))
            for o, (fs, y) in zip(odds, rows):
                g = o / whole - (o / right if y and right else 0.0)
                if abs(g) < 1e-4:
                    continue
                for f in fs:
                    d = g + DECAY * weights[f]
                    squares[f] += d * d
                    weights[f] -= RATE * d / math.sqrt(squares[f])
        print(f"pass {turn}: loss {loss / len(data):.4f}", file=sys.stderr)
    return weights


main()
