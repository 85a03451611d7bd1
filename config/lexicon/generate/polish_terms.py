#!/usr/bin/env python3
"""Adds to Polish terms the forms whose stems differ: "wypadek" is "wypadku" in the next case, which no ending tells.

usage, from the project's root: pip install morfeusz2; polish_terms.py < TERMS     prints tables for languages/pl/topics.toml

TERMS: a line a topic, `code name = term*weight | term*weight`, each term in its first form. Cases are those of SGJP's dictionary (Morfeusz, 2-clause BSD), stems those of languages/pl/language.toml.
"""
import itertools
import sys
import tomllib

import morfeusz2

RULES = tomllib.load(open("config/lexicon/languages/pl/language.toml", "rb"))["stems"]
SUFFIXES = sorted(RULES["suffixes"], key=len, reverse=True)
# forms of a phrase at most
MOST = 8
morfeusz = morfeusz2.Morfeusz()


def stem(word):
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= RULES["least"]:
            return word[: -len(suffix)]
    return word


def variants(word, alone=True):
    """The word, and one form for each further stem of it; within a phrase what is no first form stays as it is."""
    if not word.isalpha() or word.isupper() or len(word) < 3 or any(c.isupper() for c in word[1:]):
        return [word]
    read = [r[2] for r in morfeusz.analyse(word) if r[0] == 0 and r[1] == 1]
    wanted = ("subst", "adj", "ger", "ppas", "praet")
    read = [r for r in read if r[2].startswith(wanted)]
    if not read or not alone and not any("nom" in r[2] or r[2].startswith("praet") for r in read):
        return [word]
    out, stems = [word], {stem(word.lower())}
    _, lemma, tag, *_ = read[0]
    kind = tag.split(":")[0]
    for form, _, tag, *_ in morfeusz.generate(lemma):
        parts = tag.split(":")
        if parts[0] != kind or "voc" in parts[2:3] or tag.endswith((":neg", ":com", ":sup")) or parts[0] == "depr":
            continue
        if kind == "subst" and parts[1] == "pl" and word[0].isupper():
            continue  # a name has no plural
        if not alone and kind in ("adj", "ppas", "praet") and "m1" in tag and ":pl:" in tag and "nom" in tag:
            continue  # a phrase is of things
        if stem(form.lower()) not in stems:
            stems.add(stem(form.lower()))
            out.append(word[0] + form[1:] if word[0].isupper() else form)
    return out


def expand(term):
    term, star, weight = term.strip().partition("*")
    words = term.split(" ")
    rows = [variants(w, len(words) == 1) if len(words) == 1 or len(w) > 3 else [w] for w in words]
    forms = [" ".join(row) for row in itertools.islice(itertools.product(*rows), MOST)]
    return [form + star + weight for form in forms]


def topics(text):
    for line in text.strip().split("\n"):
        head, terms = line.split(" = ")
        code, name = head.split(" ", 1)
        yield code, name, terms


def main():
    for code, name, terms in topics(sys.stdin.read()):
        out = []
        for term in terms.split("|"):
            known = {t.partition("*")[0].strip() for t in out}
            out += [form for form in expand(term) if form.partition("*")[0] not in known]
        print(f'\n[[topic]]\ncode = "{code}" # {name}\nterms = "{" | ".join(out)}"')


main()
