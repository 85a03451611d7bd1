#!/usr/bin/env python3
"""Makes rows of officials from lists of others: facts with the period for which the list vouches.

usage: officials_from_lists.py REFERENCE_FOLDER OFFICIALS_FOLDER

Writes `us_congress.tsv` and `leaders_2022.tsv` beside the files written by hand; whoever stands there is left out.
"""
import csv, os, re, sys, unicodedata

ref, out = sys.argv[1:3]
HEAD = "name aliases office country from to seen wikidata lone namesake".split()
COUNTRY = {}

def plain(s): return "".join(c for c in unicodedata.normalize("NFKD", s) if not unicodedata.combining(c)).lower()

def rows(path):
    lines = [l for l in open(path, encoding="utf8").read().splitlines() if l and not l.startswith("#")]
    return [dict(zip(HEAD, l.split("\t"))) for l in lines[1:]]

hand = {}
for f in sorted(os.listdir(out)):
    if f.endswith(".tsv") and f not in ("us_congress.tsv", "leaders_2022.tsv", "ministers_2019.tsv"):
        for r in rows(os.path.join(out, f)): hand.setdefault(plain(r["name"]), []).append(r)
ids = {r["wikidata"] for rs in hand.values() for r in rs if r["wikidata"]}

def write(name, about, table):
    with open(os.path.join(out, name), "w", encoding="utf8") as f:
        f.write(f"# {about}\n# Made by generate/officials_from_lists.py; columns as in world.tsv.\n" + "\t".join(HEAD) + "\n")
        for r in table: f.write("\t".join(r.get(k, "") for k in HEAD) + "\n")

def everyday(name):
    """The name that newspapers use: the nickname in quotes for the first, no middle initials, no "Jr."; and the full one."""
    full = re.sub(r",? (Jr|Sr)\.?$", "", name)
    nick = re.search(r' "(\w+)"', full)
    full = re.sub(r' "\w+"', "", full)
    words = full.split()
    short = [w for i, w in enumerate(words) if i == 0 or not re.fullmatch(r"[A-Z]\.", w)]
    if nick: return " ".join([nick.group(1)] + short[1:]), " ".join(short)
    return " ".join(short), ""

congress, names = [], set()
for line in open(os.path.join(ref, "us_congress_2026-06.tsv"), encoding="utf8").read().splitlines()[1:]:
    qid, name, chamber, state, party, since = line.split("\t")
    office = "Senator" if chamber == "Senate" else "Representative"
    name, full = everyday(name)
    if name in names: name = full or name
    names.add(name)
    if any(r["wikidata"] == qid and r["office"] == office for rs in hand.values() for r in rs): continue
    congress.append(dict(name=name, aliases=full, office=office, country="US", **{"from": since}, wikidata=qid))
write("us_congress.tsv", "Members of the Congress of the United States as of June 2026; `from` is the start of their service in this chamber.", congress)

iso = {}
for r in csv.DictReader(open(os.path.join(ref, "cia_world_leaders_2019.csv"), encoding="utf8")):
    iso[r["country"]] = r["iso2"]
iso.update({"People's Republic of China": "CN", "United States of America": "US", "United States": "US", "Republic of Ireland": "IE", "Ireland": "IE", "The Bahamas": "BS", "The Gambia": "GM", "Czech Republic": "CZ", "Eswatini": "SZ", "North Macedonia": "MK",
    "Myanmar": "MM", "South Korea": "KR", "North Korea": "KP", "Ivory Coast": "CI", "Cape Verde": "CV", "East Timor": "TL", "Democratic Republic of the Congo": "CD", "Republic of the Congo": "CG", "Federated States of Micronesia": "FM", "São Tomé and Príncipe": "ST", "Vatican City": "VA",
    "Kingdom of Denmark": "DK", "Denmark": "DK", "Netherlands": "NL", "Kingdom of the Netherlands": "NL", "Realm of New Zealand": "NZ", "Palestine": "PS", "State of Palestine": "PS", "Taiwan": "TW", "Kosovo": "XK", "Andorra": "AD", "Monaco": "MC", "Liechtenstein": "LI", "Guinea-Bissau": "GW", "Georgia": "GE"})
leaders, unknown = [], set()
for r in csv.DictReader(open(os.path.join(ref, "world_leaders_2022.csv"), encoding="utf8")):
    name, qid = r["officeholderLabel"], r["officeholder"]
    code = iso.get(r["country"])
    if not code: unknown.add(r["country"]); continue
    if plain(name) in hand or qid in ids or not name or name.startswith("Q"): continue
    office = r["positionLabel"]
    for tail in (" of the " + r["country"], " of " + r["country"]):
        if office.endswith(tail): office = office[: -len(tail)]
    office = office[0].upper() + office[1:]
    row = dict(name=name, office=office, country=code, **{"from": r["start_year"]}, to=r["end_year"], wikidata=qid)
    if not r["end_year"]: row["seen"] = "2022"
    leaders.append(row)
write("leaders_2022.tsv", "Heads of state and government in October 2022; `seen` is the last year that the list vouches for.", leaders)
print(len(congress), len(leaders), "countries without a code:", sorted(unknown), file=sys.stderr)
