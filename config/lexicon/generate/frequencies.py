#!/usr/bin/env python3
"""Writes config/lexicon/frequencies.tsv: how many articles hold each of the commoner words, by language.

    frequencies.py TAGGED… > config/lexicon/frequencies.tsv

TAGGED: output of `presswatch tag`, news of all kinds. Only the index of watches reads the table: it asks an article for
the rarest word of a query first. A wrong figure makes it slower, never wrong, and each worker corrects it by what it
sees. So shares are rounded down to powers of two, and words in less than one article of 128 are left out.
"""
import collections, gzip, json, math, re, sys

WORD = re.compile(r"[^\W\d_][\w\u00ad\u200c\u200d\u0300-\u036f\u064b-\u065f]*")
FOLDED = str.maketrans({"ё": "е", "Ё": "е", "İ": "i", "\u00ad": None, "\u0307": None, "\u0301": None})


def main():
    seen, held = collections.Counter(), collections.defaultdict(collections.Counter)
    for path in sys.argv[1:]:
        with (gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")) as lines:
            for line in lines:
                article = json.loads(line)
                language = article["language"]
                seen[language] += 1
                text = article["title"] + "\n" + article["text"]
                held[language].update({w.translate(FOLDED).lower().translate(FOLDED) for w in WORD.findall(text)})
    print("# How many articles hold a word: language, share (rounded down to a power of two), words.")
    print("# Written by config/lexicon/generate/frequencies.py; not edited by hand.")
    for language in sorted(held):
        n = seen[language]
        if n < 100:
            continue
        rows = collections.defaultdict(list)
        for word, count in held[language].items():
            if count >= max(3, n / 128):
                rows[math.floor(math.log2(count / n))].append(word)
        for power in sorted(rows, reverse=True):
            print(f"{language}\t{2.0 ** power:g}\t{' '.join(sorted(rows[power]))}")


main()
