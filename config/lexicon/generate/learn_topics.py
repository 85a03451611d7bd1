#!/usr/bin/env python3
"""Learns weights of words for topics: writes config/lexicon/topics/learnt_{markets_en,sections_en,sections_fr}.tsv.

usage: learn_topics.py DIR REUTERS BBC MASAKHA [half]     (needs scikit-learn)

Each of the three is PREFIX of PREFIX.jsonl.gz, gold articles ({"event": {"id"}, "gold": {"topics" or "top"}}), and of
PREFIX.words, what `cargo run --release --example topic_words` prints for their events. DIR gets the files. `half`
learns from every other article only, so that the rest can be a test.

Features: stems and pairs of neighbouring stems; value ln(1 + count), those of the headline count twice, scaled to
length 1 (src/topic/weigh.rs computes the same). Words that stand in a fifth of the articles are left out, chi²
picks the most telling of the rest, a logistic regression learns their weights (with all words, and half of the
articles to learn from, MasakhaNEWS falls from 0.87 to 0.83). The topics of markets are rare and may come together:
their weights are those of a linear support vector machine (held-out F1 0.903 against 0.895), scaled to odds, and the
bias is moved to where F1 is best on held-out thirds.
"""
import collections, gzip, json, math, sys

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_selection import chi2
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.svm import LinearSVC

# Reuters-21578 topics that one Media Topic covers
MARKETS = {
    "20000178": "earn", "20000204": "acq", "20000391": "money-fx", "20001243": "crude", "20000263": "nat-gas",
    "20000373": "trade", "20000371": "interest", "20000343": "ship", "20000359": "gnp", "20000370": "cpi wpi",
    "20000365": "jobs", "20000375": "bop", "20000215": "livestock carcass hog", "20000318": "gold silver",
    "20000319": "iron-steel", "20000321": "copper alum zinc tin lead nickel",
    "20000212": "grain wheat corn rice barley oilseed soybean",
    "20000389": "sugar coffee cocoa cotton rubber orange palm-oil veg-oil", "20000379": "money-supply",
}
OF_LABEL = {label: code for code, labels in MARKETS.items() for label in labels.split()}
LEAST_ARTICLES = 3
MOST_OF_ARTICLES = 0.2
SECTION_TERMS, MARKET_TERMS = 3000, 6000


class Articles:
    def __init__(self, prefix, half):
        gold = {}
        for line in gzip.open(prefix + ".jsonl.gz", "rt", encoding="utf8"):
            row = json.loads(line)
            gold[row["event"]["id"]] = row["gold"]
        learnt = set(sorted(gold)[::2]) if half else set(gold)
        self.rows = []
        for line in open(prefix + ".words", encoding="utf8"):
            row = json.loads(line)
            if row["id"] in learnt:
                self.rows.append((row, gold[row["id"]]))


def counts(row, surfaces):
    """Of stems and pairs of stems; `surfaces` learns how they are written."""
    out = collections.Counter()
    for part, weight in (("title", 2), ("body", 1)):
        words = row[part]
        for i, (surface, stem) in enumerate(words):
            if not surface or surface.isdigit():
                continue
            out[stem] += weight
            surfaces[stem][surface] += 1
            if i + 1 < len(words) and words[i + 1][0] and not words[i + 1][0].isdigit():
                pair = stem + " " + words[i + 1][1]
                out[pair] += weight
                surfaces[pair][surface + " " + words[i + 1][0]] += 1
    return out


def matrix(rows, index):
    data, columns, ends = [], [], [0]
    for row in rows:
        found = [(index[t], math.log(1 + c)) for t, c in row.items() if t in index]
        length = max(1.0, math.sqrt(sum(v * v for _, v in found)))
        for column, value in sorted(found):
            columns.append(column)
            data.append(value / length)
        ends.append(len(data))
    return csr_matrix((data, columns, ends), shape=(len(rows), len(index)))


def best_shift(odds, truth):
    """What to subtract from the odds so that F1 is best at 0."""
    order = np.argsort(-odds)
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + truth.sum())
    at = int(np.argmax(f1))
    below = odds[order[at + 1]] if at + 1 < len(order) else odds[order[at]] - 1
    return (odds[order[at]] + below) / 2


def choose(x, truths, most):
    common = np.asarray((x > 0).sum(axis=0)).ravel() > MOST_OF_ARTICLES * x.shape[0]
    score = np.max([chi2(x, truth)[0] for truth in truths.values()], axis=0)
    score[common] = -1
    used = np.zeros(x.shape[1], dtype=bool)
    used[np.argsort(-score, kind="stable")[:most]] = True
    return used & ~common


def learn(path, rows, labels, most, shift, surfaces):
    """`labels`: a set of codes for each row."""
    frequency = collections.Counter(t for row in rows for t in row)
    index = {t: i for i, t in enumerate(sorted(t for t, n in frequency.items() if n >= LEAST_ARTICLES))}
    x = matrix(rows, index)
    codes = sorted({c for l in labels for c in l})
    truths = {c: np.array([c in l for l in labels], dtype=int) for c in codes}
    used = choose(x, truths, most)
    terms = [t for t, i in index.items() if used[i]]
    index = {t: i for i, t in enumerate(terms)}
    x = matrix(rows, index)
    weights, biases = {}, {}
    for code in codes:
        y = truths[code]
        moved, scale = 0.0, 1.0
        if shift:
            model = LinearSVC(C=0.3, random_state=1)
            odds = cross_val_predict(model, x, y, cv=KFold(3, shuffle=True, random_state=1), method="decision_function")
            moved = best_shift(odds, y)
            # what a support vector machine says becomes odds (Platt 1999)
            scale = LogisticRegression(C=1e6).fit(odds.reshape(-1, 1), y).coef_[0][0]
        else:
            model = LogisticRegression(solver="liblinear", C=30.0, random_state=1)
        model.fit(x, y)
        weights[code] = model.coef_[0] * scale
        biases[code] = (model.intercept_[0] - moved) * scale
    with open(path, "w", encoding="utf8") as out:
        out.write("# Weights of words (natural logarithm of odds): word or pair of words, then topic=weight. Learnt by\n")
        out.write("# config/lexicon/generate/learn_topics.py from news that editors gave topics to; not edited by hand.\n")
        out.write("(bias)\t" + "\t".join(f"{c}={biases[c]:.2f}" for c in codes) + "\n")
        lines = {}
        for term, i in index.items():
            cells = [f"{c}={weights[c][i]:.1f}" for c in codes if abs(weights[c][i]) >= 0.25]
            if cells:
                lines[surfaces[term].most_common(1)[0][0]] = cells
        for phrase in sorted(lines):
            out.write(phrase + "\t" + "\t".join(lines[phrase]) + "\n")
    print(f"{path}: {len(rows)} articles, {len(codes)} topics, {len(lines)} terms", file=sys.stderr)


def main():
    folder, half = sys.argv[1], sys.argv[5:] == ["half"]
    reuters, bbc, masakha = (Articles(p, half) for p in sys.argv[2:5])
    for language in ("en", "fr"):
        surfaces = collections.defaultdict(collections.Counter)
        news = [(row, g) for a in (bbc, masakha) for row, g in a.rows if g.get("top") and row["language"] == language]
        sections = [counts(row, surfaces) for row, _ in news]
        labels = [{g["top"]} for _, g in news]
        learn(f"{folder}/learnt_sections_{language}.tsv", sections, labels, SECTION_TERMS, False, surfaces)
        if language == "en":
            market = [(row, g) for row, g in reuters.rows if g.get("topics") is not None]
            rows = [counts(row, surfaces) for row, _ in market]
            labels_market = [{OF_LABEL[t] for t in g["topics"] if t in OF_LABEL} for _, g in market]
            # what is no news of business has none of these topics
            others = [(c, set()) for c, l in zip(sections, labels) if "04000000" not in l]
            rows += [c for c, _ in others]
            labels_market += [l for _, l in others]
            learn(f"{folder}/learnt_markets_en.tsv", rows, labels_market, MARKET_TERMS, True, surfaces)


main()
