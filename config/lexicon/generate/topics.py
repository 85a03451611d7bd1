#!/usr/bin/env python3
"""Writes config/lexicon/topics/tree.tsv from a list of the IPTC Media Topics: code, name, broader code.

usage: topics.py MEDIA_TOPICS.tsv > tree.tsv

MEDIA_TOPICS.tsv: code, label, parent, retired, … with a head line, as exported from https://cv.iptc.org/newscodes/mediatopic
(IPTC NewsCodes, CC BY 4.0). Codes that IPTC retired stay: news archives and rules use them.
"""
import csv, sys

print("# IPTC Media Topics (https://iptc.org/standards/media-topics/, CC BY 4.0): code, name, broader code.")
print("# Written by config/lexicon/generate/topics.py; not edited by hand.")
for row in csv.DictReader(open(sys.argv[1], encoding="utf8"), delimiter="\t"):
    print(f"{row['code']}\t{row['label']}\t{row['parent']}".rstrip("\t"))
