#!/usr/bin/env python3
"""Writes config/lexicon/languages/pl/names_cases.toml: Polish given names in the cases that no ending of name_endings tells.

usage, from the project's root: pip install morfeusz2; polish_names.py > config/lexicon/languages/pl/names_cases.toml

Names are those of the lists of given names that SGJP's dictionary (Morfeusz, 2-clause BSD) knows as given names; it has
their cases too. A form of a name that is not Polish is left out if it is also another word, and so are those of WORDS.
"""
import glob
import textwrap
import tomllib

import morfeusz2

OWN = "config/lexicon/languages/pl/"
ENDINGS = tomllib.load(open(OWN + "language.toml", "rb"))["name_endings"]
WORDS = {"Marzenie", "Sylwestra", "Sylwestrem", "Sylwestrze", "Laury", "Laurze", "Wiktorię", "Wiktorią", "Oliwią", "Różą", "Różę", "Juli"}
CASES = ("gen", "dat", "acc", "inst", "loc")
morfeusz = morfeusz2.Morfeusz()


def key(word):
    ends = [e for e in ENDINGS["suffixes"] if word.endswith(e) and len(word) - len(e) >= ENDINGS["least"]]
    return word[: -len(max(ends, key=len))] if ends else word


def given(word):
    """Whether the dictionary knows a word as a given name, and all its readings."""
    read = [r[2] for r in morfeusz.analyse(word) if r[0] == 0 and r[1] == 1]
    return any("imię" in names for *_, names, _ in read), read


def forms(name):
    """The other cases of a name in the singular."""
    for form, _, tag, kinds, _ in morfeusz.generate(name):
        kind, *rest = tag.split(":")
        if kind == "subst" and "imię" in kinds and rest[0] == "sg" and set(rest[1].split(".")) & set(CASES):
            yield form


own = tomllib.load(open(OWN + "names.toml", "rb"))
own = {*own["male"].split(), *own["female"].split()}
listed = {"male": set(), "female": set()}
for path in glob.glob("config/lexicon/names/*.toml") + [OWN + "names.toml"]:
    written = tomllib.load(open(path, "rb"))
    for gender in listed:
        words = written.get(gender, "")
        listed[gender] |= {w for w in (words if isinstance(words, str) else " ".join(words)).split() if w.isalpha()}
known = listed["male"] | listed["female"]

print("# Polish given names in the cases that no ending tells; made by generate/polish_names.py, which names the source.")
print("# Source: SGJP through Morfeusz (2-clause BSD), taken on 29 November 2026.")
for gender, names in listed.items():
    out = set()
    for name in names:
        if not given(name)[0]:
            continue
        for form in forms(name):
            other = form in WORDS or name not in own and any("imię" not in kinds and tag.split(":")[0] in ("subst", "adj", "fin", "praet", "adv", "inf", "impt")
                        and "nazwisko" not in kinds for _, _, tag, kinds, _ in given(form)[1])
            if form.isalpha() and len(form) > (2 if form[-1] in "yąę" else 3) and form not in known and key(form) not in known and not other:
                out.add(form)
    print(f'\n{gender} = """')
    print(textwrap.fill(" ".join(sorted(out)), 116))
    print('"""')
