#!/usr/bin/env python3
"""Writes languages/de/officials_genitive.tsv: listed holders of office in the German genitive ("Donald Trumps Politik").

usage, from the project's root: config/lexicon/generate/german_genitives.py > config/lexicon/languages/de/officials_genitive.tsv

The spellings of languages/de/officials.tsv count too. A name ends in -s in the genitive unless it ends in a sibilant. Left out
are forms that are another holder's surname, and the members of the US Congress, of whom nobody writes so. Case endings of all
names (`name_endings`) would do the same for people who are not listed, but take the -s from nouns as well: "Annas Mutter",
"Gents Defensive".
"""
import csv
import os
import re
import unicodedata

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "officials")
FILES = ["heads", "leaders_2022", "ministers_2025", "ministers_2025_unchecked", "organisations", "united_states", "world"]
# known by one name, perhaps with a number: "König Felipes VI."
SOVEREIGNS = "sovereigns"
ENGLISH = ("King ", "Queen ", "Prince ", "Grand Duke ", "Emperor ")
NUMBER = re.compile(r"[IVX]+")
SIBILANTS = ("s", "ß", "x", "z", "ş", "š", "ś", "ž", "ż", "sh", "ch", "tsch", "sch")


def rows(name):
    with open(os.path.join(HERE, name + ".tsv"), encoding="utf8") as file:
        yield from csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")


def surname(name):
    return unicodedata.normalize("NFKD", name.split()[-1]).encode("ascii", "ignore").decode().lower()


def latin(name):
    return all(unicodedata.name(c, "").startswith("LATIN") for c in name if c.isalpha())


def genitive(name, taken):
    """The name with -s, before its number if it has one; None if it can't have one or is another holder's name then."""
    words = name.split()
    at = -2 if len(words) > 1 and NUMBER.fullmatch(words[-1]) else -1
    if " of " in name or not words[at][-1].isalpha() or words[at].lower().endswith(SIBILANTS):
        return None
    words[at] += "s"
    return " ".join(words) if surname(words[at]) not in taken else None


def main():
    people = {}
    for file in [*FILES, SOVEREIGNS]:
        for row in rows(file):
            spellings = [row["name"], *(row["aliases"] or "").split("|")]
            people.setdefault(row["name"], {}).update(dict.fromkeys(s.strip() for s in spellings if s.strip()))
    taken = {surname(row["name"]) for file in [*FILES, "us_congress"] for row in rows(file)}
    crowned = {row["name"] for row in rows(SOVEREIGNS)}
    with open(os.path.join(HERE, "..", "languages", "de", "officials.tsv"), encoding="utf8") as file:
        for line in file:
            name, _, spellings = line.strip().partition("\t")
            if name in people:
                people[name].update(dict.fromkeys(spellings.split("|")))
    print("# Listed holders of office in the German genitive: the listed name, forms parted by \"|\".")
    print("# Written by config/lexicon/generate/german_genitives.py from officials/*.tsv and officials.tsv; not edited by hand.")
    for name in sorted(people):
        ruler = name in crowned
        written = [s for s in people[name] if latin(s) and (" " in s or ruler)]
        if ruler:
            written = [s for s in written if not s.startswith(ENGLISH)]
        forms = list(filter(None, (genitive(s, taken) for s in written)))
        if forms:
            print(name + "\t" + "|".join(forms))


if __name__ == "__main__":
    main()
