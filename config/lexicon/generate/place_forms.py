#!/usr/bin/env python3
"""Writes config/lexicon/languages/LANGUAGE/forms.tsv: the forms of countries, capitals and large cities as they stand in a text.

usage, from the project's root: pip install pymorphy3 pymorphy3-dicts-uk; place_forms.py ru|uk|hy|ar > config/lexicon/languages/XX/forms.tsv

Names come from countries.tsv, more_names.tsv, cities.tsv and exonyms.tsv. Russian and Ukrainian cases are those of
OpenCorpora's and VESUM's dictionaries by pymorphy3 (MIT); a city whose name can be another word or a person's is left
out. Armenian endings follow the noun classes of place names. In Arabic the conjunctions and prepositions that are
written together with the next word are joined on, and the hamza may be missing.
"""
import sys

# thousand inhabitants; where a dictionary knows a place's name from other words, smaller ones too
LARGE = {"ru": 30, "uk": 30, "hy": 100, "ar": 250}
PLACES = "config/lexicon/places/"


def rows(file):
    with open(PLACES + file, encoding="utf8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines if line.strip() and not line.startswith("#")]


def script(word):
    for first, last, name in (("Ѐ", "ӿ", "cyrillic"), ("Ա", "֏", "armenian"), ("؀", "ۿ", "arabic")):
        if first <= word[0] <= last:
            return name
    return "latin"


SCRIPT = {"ru": "cyrillic", "uk": "cyrillic", "hy": "armenian", "ar": "arabic"}
OTHERS = {"ru": "іїєґІЇЄҐӯҳқҷ", "uk": "ыэъёЫЭЪЁӯҳқҷ", "hy": "", "ar": "پچژگکیەێۆڤۇېھہڵںےۀ"}


def names(language):
    """Code, English name of the city or "-", name in the language."""
    for code, _, capital, *forms in rows("countries.tsv"):
        for form in forms:
            if form.startswith(language + "="):
                yield code, "-", form[len(language) + 1:]
    for code, kind, of, forms in rows("more_names.tsv"):
        if of == language and kind == "name":
            for form in forms.split("|"):
                yield code, "-", form
    capitals = {(row[2], row[0]) for row in rows("countries.tsv")}
    seen = set()
    for row in rows("cities.tsv"):
        name, code, size, forms = row[0], row[1], int(row[3]), row[5] if len(row) > 5 else ""
        if ((name, code) in capitals or size >= LARGE[language]) and (name, code) not in seen:
            seen.add((name, code))
            for form in forms.split("|"):
                if form and script(form) == SCRIPT[language] and not set(form) & set(OTHERS[language]):
                    yield code, name, form
    for name, code, of, forms in rows("exonyms.tsv"):
        if of == language:
            for form in forms.split("|"):
                yield code, name, form


def slavic(language):
    import pymorphy3

    morph = pymorphy3.MorphAnalyzer(lang=language)
    # the Ukrainian dictionary does not mark names of places
    place = {"ru": "Geox", "uk": "inan"}[language]

    def known(word):
        return [p for p in morph.parse(word) if p.is_known]

    def own(p, lower):
        """Whether a reading is of the place: by its mark, or in Ukrainian by its first form."""
        return place in set(p.tag.grammemes) and (language == "ru" or p.normal_form == lower)

    def inflect(code, city, name, capital):
        lower = name.lower()
        if " " in name or "-" in name or len(name) < 3:
            return []
        doubtful = city != "-" and not capital
        if doubtful and not all(own(p, lower) for p in known(lower)):
            return []
        for p in known(lower):
            grammemes = set(p.tag.grammemes)
            if "NOUN" in grammemes and "nomn" in grammemes and own(p, lower) and p.normal_form == lower:
                forms = {f.word for f in p.lexeme if "plur" not in f.tag.grammemes or "plur" in grammemes}
                if doubtful:
                    forms = {f for f in forms if all(own(q, lower) for q in known(f))}
                return sorted(f[0].upper() + f[1:] for f in forms if f != lower)
        return []

    return inflect


def armenian(code, city, name, capital):
    if " " in name or len(name) < 3:
        return []
    last = name[-1]
    if last == "ա" or name.endswith("ո"):
        ends = ["ն", "յի", "յին", "յից", "յով", "յում", "յան"] if last == "ա" else ["ն", "յի", "յին", "յից", "յով", "յում"]
    elif name.endswith("ու"):
        return [name + "ն"] + [name[:-2] + "վ" + e for e in ("ի", "ին", "ից", "ով", "ում")]
    elif last in "իե":
        ends = ["ն", "ի", "ին", "ից", "ով", "ում"]
    elif last.isalpha():
        ends = ["ը", "ն", "ի", "ին", "ից", "ով", "ում"]
    else:
        return []
    return [name + e for e in ends]


# countries and cities whose name with a letter before it is an everyday word
ARABIC_WORDS = {"مالي", "بنين", "عمان", "لندن", "الجزيرة", "غانا", "توغو", "فاس", "سلا", "المدينة", "حماة", "طرابلس"}


def arabic(code, city, name, capital):
    # a city's name of three letters with one more is too often another word
    if len(name) < (3 if city == "-" else 4) or name in ARABIC_WORDS:
        return []
    bare = name.translate(str.maketrans("أإآ", "ااا"))
    out = [] if bare == name else [bare]
    for form in {name, bare}:
        article = form.startswith("ال")
        out += [letter + form for letter in "وبفك"]
        out += ["لل" + form[2:], "ولل" + form[2:]] if article else ["ل" + form, "ول" + form]
        out += ["وب" + form]
    return sorted(out)


def main():
    language = sys.argv[1]
    inflect = slavic(language) if language in ("ru", "uk") else {"hy": armenian, "ar": arabic}[language]
    print("# Forms of names as they stand in a text, beside the name itself: code, English name of the city or - for the")
    print("# country, forms parted by \"|\". Written by config/lexicon/generate/place_forms.py, which names the sources.")
    capitals = {(row[2], row[0]) for row in rows("countries.tsv")}
    out = {}
    for code, city, name in names(language):
        forms = inflect(code, city, name, (city, code) in capitals)
        if forms:
            list_ = out.setdefault((code, city), [])
            list_ += [f for f in forms if f not in list_]
    for (code, city), forms in out.items():
        print(code, city, "|".join(forms), sep="\t")


if __name__ == "__main__":
    main()
