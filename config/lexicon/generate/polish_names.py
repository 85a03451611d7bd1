#!/usr/bin/env python3
"""Writes config/lexicon/languages/pl/names_cases.toml: the other cases of given names in Polish.

usage, from the project's root: pip install morfeusz2; polish_names.py > config/lexicon/languages/pl/names_cases.toml

Names are those of the lists of given names that SGJP's dictionary (Morfeusz, 2-clause BSD) knows as given names; it has
their cases too. A form of a name that is not Polish is left out if it is also another word, and so are those of WORDS; of
the forms that are a name themselves, those of Polish ones are listed apart. A form of two names goes to the Polish one.
"""
import glob
import textwrap
import tomllib

import morfeusz2

OWN = "config/lexicon/languages/pl/"
WORDS = {"Marzenie", "Sylwestra", "Sylwestrem", "Sylwestrze", "Laury", "Laurze", "Wiktorię", "Wiktorią", "Oliwią", "Różą", "Różę", "Juli"}
CASES = ("gen", "dat", "acc", "inst", "loc")
morfeusz = morfeusz2.Morfeusz()


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
known = set(own)
for path in glob.glob("config/lexicon/names/*.toml"):
    written = tomllib.load(open(path, "rb"))
    for gender in ("male", "female"):
        words = written.get(gender, "")
        known |= {w for w in (words if isinstance(words, str) else " ".join(words)).split() if w.isalpha()}

OTHER = ("subst", "adj", "fin", "praet", "adv", "inf", "impt")
names_of = {}
for name in sorted(known):
    if not given(name)[0]:
        continue
    for form in forms(name):
        other = form in WORDS or name not in own and any(
            "imię" not in kinds and tag.split(":")[0] in OTHER and "nazwisko" not in kinds for _, _, tag, kinds, _ in given(form)[1])
        if form.isalpha() and len(form) > 2 and form != name and not other:
            names_of.setdefault(form, set()).add(name)

table, clashing = {}, set()
for form, names in names_of.items():
    names = names & own or names
    if form in own:
        clashing.add(form)
    elif len(names) == 1:
        table.setdefault(*names, set()).add(form)

print("# Given names in the cases of Polish; made by generate/polish_names.py, which names the source.")
print("# Source: SGJP through Morfeusz (2-clause BSD), taken on 29 November 2026.")
print("\n# Names that are also another name in another case.")
print('also_cases = """')
print(textwrap.fill(" ".join(sorted(clashing)), 116))
print('"""')
print("\n[cases]")
for name in sorted(table):
    print(f'"{name}" = "{" ".join(sorted(table[name]))}"')
