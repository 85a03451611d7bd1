#!/usr/bin/env python3
"""Writes config/lexicon/grams.tsv: how usual runs of two to four letters are in words of each language, for headlines.

usage, from the project's root: pip install wordfreq; grams.py > config/lexicon/grams.tsv

From the 15,000 commonest words of each language in wordfreq 3.1 (CC BY-SA 4.0), each by the root of its frequency;
Azerbaijani, which wordfreq lacks, from the words of its own folder. `_` is the edge of a word. The weight is the natural
logarithm of the run's share, in halves.
"""
import collections
import math
import re

from wordfreq import top_n_list, word_frequency

LANGUAGES = "az de en es fr it nl pl pt ru tr uk".split()
CYRILLIC = {"ru", "uk"}
RUNS, KEPT = (2, 3, 4), 2500
# languages that articles are tagged in: a doubtful headline is theirs
TAGGED, PRIOR = "az de en es fr pl ru tr uk".split(), 18


def words(language):
    if language != "az":
        return {w: word_frequency(w, language) ** 0.5 for w in top_n_list(language, 15000) if w.isalpha()}
    found = collections.Counter()
    for file in ("topics", "cues", "titles", "language"):
        with open(f"config/lexicon/languages/az/{file}.toml", encoding="utf8") as source:
            text = " ".join(re.findall(r'"([^"]*)"', source.read()))
        found.update(w for w in re.findall(r"[^\W\d_]{2,}", text.replace("İ", "i").lower()))
    return {w: n**0.5 for w, n in found.items()}


def main():
    print("# Runs of letters in words of a language: language, weight (natural logarithm of the share), runs; _ is the edge of a word.")
    print("# prior: what speaks for a language before its runs are looked at.")
    print("# Written by config/lexicon/generate/grams.py, which names the source; not edited by hand.")
    for language in TAGGED:
        print(f"{language}\tprior\t{PRIOR}")
    for language in LANGUAGES:
        counts = collections.Counter()
        for word, weight in words(language).items():
            if bool(re.search("[\u0400-\u04ff]", word)) != (language in CYRILLIC):
                continue
            word = "_" + word.replace("i̇", "i") + "_"
            for run in RUNS:
                for at in range(len(word) - run + 1):
                    counts[word[at : at + run]] += weight
        total = sum(counts.values())
        rows = collections.defaultdict(list)
        for run, weight in sorted(counts.items(), key=lambda c: (-c[1], c[0]))[:KEPT]:
            rows[round(math.log(weight / total) * 2) / 2].append(run)
        for weight in sorted(rows, reverse=True):
            print(f"{language}\t{weight}\t{' '.join(sorted(rows[weight]))}")


main()
