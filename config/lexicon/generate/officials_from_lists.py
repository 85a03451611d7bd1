#!/usr/bin/env python3
"""Makes rows of officials from lists of others: facts with the period for which the list vouches.

usage: officials_from_lists.py REFERENCE_FOLDER OFFICIALS_FOLDER

Writes `us_congress.tsv`, `leaders_2022.tsv` and `ministers_2019.tsv` beside the files written by hand; whoever stands there is left out, and
whoever has the first and the last word of the name of somebody there: the tagger could not tell the two apart.

The first two were corrected by hand afterwards (names as newspapers write them, first days in the Senate), and the third
moved to config/optional: write into another folder than the lexicon's own, and compare.
"""
import csv, os, re, sys, unicodedata

ref, out = sys.argv[1:3]
HEAD = "name aliases office country from to seen wikidata lone namesake".split()
COUNTRY = {}

def plain(s): return "".join(c for c in unicodedata.normalize("NFKD", s) if not unicodedata.combining(c)).lower()

def rows(path):
    lines = [l for l in open(path, encoding="utf8").read().splitlines() if l and not l.startswith("#")]
    return [dict(zip(HEAD, l.split("\t"))) for l in lines[1:]]

LETTERS = str.maketrans({"ı": "i", "ə": "a", "ł": "l", "đ": "d", "ð": "d", "ø": "o"})

def ends(name):
    """First and last word, as the tagger compares names."""
    words = re.split(r"[ -]", plain(name).translate(LETTERS))
    return words[0], words[-1]

hand, known = {}, set()
for f in sorted(os.listdir(out)):
    if f.endswith(".tsv") and f not in ("us_congress.tsv", "leaders_2022.tsv", "ministers_2019.tsv"):
        for r in rows(os.path.join(out, f)):
            hand.setdefault(plain(r["name"]), []).append(r)
            known.update(ends(n) for n in [r["name"], *r["aliases"].split("|")] if " " in n)
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
    if plain(name) in hand or qid in ids or not name or name.startswith("Q") or ends(name) in known: continue
    office = r["positionLabel"]
    for tail in (" of the " + r["country"], " of " + r["country"]):
        if office.endswith(tail): office = office[: -len(tail)]
    office = office[0].upper() + office[1:]
    row = dict(name=name, office=office, country=code, **{"from": r["start_year"]}, to=r["end_year"], wikidata=qid)
    if not r["end_year"]: row["seen"] = "2022"
    leaders.append(row)
write("leaders_2022.tsv", "Heads of state and government in October 2022; `seen` is the last year that the list vouches for.", leaders)
def cased(name):
    """`Saad Eddine al-OTHMANI` -> `Saad Eddine al-Othmani`."""
    def word(w):
        if not w.isupper() or len(w) == 1 or re.fullmatch(r"[IVX]+", w) or "." in w: return w
        w = w[0] + w[1:].lower()
        return re.sub(r"^(Mc|O'|D')([a-z])", lambda m: m.group(1) + m.group(2).upper(), w)
    return " ".join("-".join(word(p) for p in w.split("-")) for w in name.split())

MATTERS = [
    (r"(Foreign Affairs|Foreign Relations|External Relations|External Affairs|Foreign & |Foreign Minister|Foreign Policy)", "Minister of Foreign Affairs"),
    (r"(Finance|Treasury|Economy &|Economic Affairs)", "Minister of Finance"),
    (r"(Defense|Defence|National Security)", "Minister of Defence"),
    (r"(Interior|Home Affairs|Internal Affairs)", "Minister of the Interior"),
]
known.update(ends(r["name"]) for r in leaders + congress)
taken = set(hand) | {plain(r["name"]) for r in leaders} | {plain(r["name"]) for r in congress}
ministers, seen_offices = [], set()
for r in csv.DictReader(open(os.path.join(ref, "cia_world_leaders_2019.csv"), encoding="utf8")):
    office, code = re.sub(r"^The Office of | \([^)]*\)$", "", r["office"]), r["iso2"]
    if not re.fullmatch("[A-Z]{2}", code): continue
    name = re.sub(r"\b(Dr|Gen|Lt|Col|Maj|Brig|Adm|Capt|Sir|Dame|Sheikh|Prince|Alhaji|Hon|Ret)\.?(, )?\s|,.*$|\([^)]*\)", "", r["name"] + " ").strip()
    if len(name.split()) < 2 or "VACANT" in name.upper() or '"' in name: continue
    title = None
    if re.search(r"(Governor|President|Chairman|Chair|Director),?( of the)? ?.*(Central Bank|National Bank|Reserve Bank|State Bank|Bank of|Monetary Authority|Federal Reserve)|(Central Bank|National Bank|Reserve Bank|Monetary).*(Governor|President|Chairman)", office): title = "Governor of the Central Bank"
    elif re.match(r"(Minister|Secretary|Sec\.|Min\.)", office) and not re.search(r"Delegate|Deputy|State for|Junior|Assistant", office):
        title = next((t for pattern, t in MATTERS if re.search(pattern, office)), None)
    elif re.fullmatch(r"(Prime Minister|President|Premier|Chancellor|Vice President|Deputy Prime Minister|First Deputy Prime Minister|King|Queen|Emir|Sultan)", office): title = office
    elif re.fullmatch(r"Ambassador to the US", office): title = "Ambassador to the United States"
    elif re.fullmatch(r"Permanent Representative to the UN, New York", office): title = "Permanent Representative to the United Nations"
    if not title: continue
    name = cased(name)
    if plain(name) in taken or ends(name) in known or (plain(name), title) in seen_offices or re.search("[^\\w .'’-]", name): continue
    seen_offices.add((plain(name), title))
    ministers.append(dict(name=name, office=title, country=code, seen="2019"))
# two people of one name in two countries, or a list's mistake: neither is told apart here
where = {}
for r in ministers: where.setdefault(ends(r["name"]), set()).add((plain(r["name"]), r["country"]))
ministers = [r for r in ministers if len(where[ends(r["name"])]) == 1]
write("ministers_2019.tsv", "Ministers, governors of central banks and ambassadors, in office in 2019 or not long before: `seen` is the year of the list.", ministers)
print(len(congress), len(leaders), len(ministers), "countries without a code:", sorted(unknown), file=sys.stderr)
