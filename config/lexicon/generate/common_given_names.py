#!/usr/bin/env python3
"""Collects given names that are common in some country, for config/lexicon/names/common.toml.

usage: common_given_names.py > ../names/common.toml          (from this folder; pip install gender-guesser names-dataset english-words)

A name is taken if two lists know it: the one of gender-guesser (Jörg Michael's nam_dict) and that of names-dataset, which
has to place it among the 450 commonest of a country of ours and give the gender of four fifths of its bearers. Left out
are names that other files here have, words and places of the lexicon, English words, surnames, and those below.
"""
import collections, glob, os, re, sys, tomllib, unicodedata

import gender_guesser
from english_words import get_english_words_set
from names_dataset import NameDataset

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
# words of some language, parties, titles and places
OUT = set("""Standa Spas Galin Gard Santo Vid Lex Lies Reine Romane Romana Limor Kalina Iskra Perla Paloma Flor Gana Mami Tota
İslam Saadet Rahman Uday Pepe Jura Jure Kata Merima Buse Melek Sema Ata Aman Constança Hari Tia Haci Hacı Mandy Nisha Rosen
Titta Fina Ela Pancho Italo Felice Umid Max Pele Orazio Samat Bratislav Serena Tonka Ranka Vesna Rade Sultan""".split())
COUNTRIES = set("""FR BE CH ES MX AR CO DE AT GB US IT TR PL RU UA AZ AM GE KZ NL PT BR SE NO DK FI GR RO HU CZ RS HR BG IE CA IR EG MA
DZ TN LB IL IN CL PE""".split())
COMMONEST = 450


def plain(name):
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


def of_lexicon():
    taken = set()
    for path in glob.glob(f"{HERE}/names/*.toml") + glob.glob(f"{HERE}/languages/*/names.toml"):
        if path.endswith("common.toml"): continue
        lists = tomllib.load(open(path, "rb"))
        for sort in ("male", "female", "either"): taken.update(lists.get(sort, "").lower().split())
    for line in open(f"{HERE}/frequencies.tsv"):
        if not line.startswith("#"): taken.update(line.split("\t")[2].lower().split())
    for name in ("cities", "countries", "regions_other", "regions_us_ca", "exonyms"):
        for line in open(f"{HERE}/places/{name}.tsv"):
            if not line.startswith("#"): taken.update(w.strip().lower() for w in re.split(r"[\t|;,]", line))
    return taken


def best(ranks):
    return min((rank for country, rank in (ranks or {}).items() if rank and country in COUNTRIES), default=10**9)


taken = of_lexicon() | get_english_words_set(["gcide", "web2"], lower=True)
known = collections.defaultdict(set)
path = os.path.join(os.path.dirname(gender_guesser.__file__), "data", "nam_dict.txt")
for line in open(path, encoding="utf-8"):
    gender, name = line[:3].strip()[-1:], line[3:29].strip()
    if not line.startswith(("#", "=")) and gender in ("M", "F") and not set(name) & set("+-< "): known[name].add(gender)
second = NameDataset()
names = {"M": set(), "F": set()}
for name in known:
    if len(name) < 4 or name in OUT or name.lower() in taken: continue
    entry = second.first_names.get(name) or second.first_names.get(plain(name))
    if not entry: continue
    gender, share = max((entry.get("gender") or {"": 0}).items(), key=lambda pair: pair[1])
    rank, as_surname = best(entry.get("rank")), best((second.last_names.get(name) or {}).get("rank"))
    if share >= 0.8 and gender in known[name] and rank <= COMMONEST and as_surname * 2 >= rank: names[gender].add(name)

print("# Given names that are common in some country, each in two lists; made by generate/common_given_names.py.")
print("# Sources: gender-guesser 0.4.0 (nam_dict, GNU FDL), names-dataset 3.3.1 (Apache-2.0); taken on 28 November 2026.")
for sort, gender in (("male", "M"), ("female", "F")):
    print(f'\n{sort} = """')
    line = ""
    for name in sorted(names[gender]):
        if len(line) + len(name) > 118: print(line); line = ""
        line += (" " if line else "") + name
    print(line + '\n"""')
