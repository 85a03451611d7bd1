#!/usr/bin/env python3
"""Collects given names from lists of office holders, for config/lexicon/names/world.toml.

usage: given_names.py cia_world_leaders.csv us_congress.tsv > ../names/world.toml

In the first list surnames are written in capitals, so all before them are given names. Words that are English
words, places or surnames more often than given names are left out by hand below.
"""
import csv, re, sys

OUT = set("""Abdul Agha Alain-Guillaume Al An Art Bay Baron Bill Blade Brig Capt Chief Col Count Crown Day Dr Duke Emir Gen General His Her Hon Indian
In King Lady Lord Lt Maj Major Marshal Mme Mr Mrs Ms Prince Princess Queen Rear Sheikh Shaykh Sir Sultan The Vice Will Mark May June April August
German English French Israel Jordan Georgia China India Asia Chad Mali Cuba Paris London Sidney Sydney Victoria Florence Madison Lincoln Dakota
Young Page Rich Bob-Tail Grace Hope Faith Joy Art Bond Price Banks Stone Long Rock Angel Jesus Christian Santa San Saint Mount New Great Deutsche Merrill Morgan Drew Carter
Wells Chase Charter Standard First National General Golden Silver Nation Sky Sun Star Bay Port Lake River Hill Marine Mar Van De El La Le Ng Do So To No Ha He Ho Hu La Li Ma Na
Delta Eden Ford Dean Grant Guy Judge Major Max Miles Pat Pierce Ray Rose Ruby Tanner Troy Wade Ward West""".split())
names = set()
for row in csv.DictReader(open(sys.argv[1])):
    words = row["name"].split()
    if len(words) < 2: continue
    for w in words[:1]:
        if re.fullmatch(r"[A-Z][a-z]{2,}(-[A-Z][a-z]+)?", w): names.add(w)
for line in open(sys.argv[2]).read().splitlines()[1:]:
    w = line.split("\t")[1].split()[0]
    if re.fullmatch(r"[A-Z][a-z]{2,}", w): names.add(w)
names = sorted(n for n in names if n not in OUT)
print("# Given names of the world's ministers and members of parliament; made by generate/given_names.py, reviewed by hand.")
print('\neither = """')
line = ""
for n in names:
    if len(line) + len(n) > 150: print(line.rstrip()); line = ""
    line += n + " "
print(line.rstrip()); print('"""')
