"""Writes language_codes.tsv: the two-letter codes of ISO 639-1 with their names.

    language_codes.py > config/lexicon/language_codes.tsv

Needs the iso-codes package of Debian (the codes) and Babel (Unicode CLDR, the names in English). A code is taken only if
both have it.
"""
import json
import sys

from babel import Locale

TABLE = "/usr/share/iso-codes/json/iso_639-2.json"

HEADER = """\
# Codes of languages: of two letters (ISO 639-1), of three letters (ISO 639-2/T), name in English.
# Written by config/lexicon/generate/language_codes.py from iso-codes and Unicode CLDR; not edited by hand.
"""

with open(TABLE, encoding="utf-8") as file:
    table = json.load(file)["639-2"]
names = Locale("en").languages
sys.stdout.write(HEADER)
for row in sorted((row for row in table if "alpha_2" in row), key=lambda row: row["alpha_2"]):
    if name := names.get(row["alpha_2"]):
        print(row["alpha_2"], row["alpha_3"], name, sep="\t")
