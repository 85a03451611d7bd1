"""Lists the adjectives of countries (languages/*/adjectives.tsv) whose meaning Unicode CLDR does not confirm.

usage: check_adjectives.py [LANGUAGE ...]

An adjective is confirmed where it begins as CLDR's name in its language for the country does, for a language spoken there, or
for a territory whose name holds the adjective (American Samoa, British Virgin Islands). Needs babel 2.19 (CLDR: Unicode
licence v3). What it lists is for a person to read.
"""
import os
import pathlib
import sys
import unicodedata

from babel import Locale
from babel.languages import get_official_languages

LANGUAGES = pathlib.Path(__file__).resolve().parent.parent / "languages"
# letters that a form and a name must begin with alike
LEAST = 3
# territories and languages that hold an adjective of the country
MORE_TERRITORIES = {"US": ["AS", "VI"], "GB": ["VG", "IO"], "KP": ["KR"], "KR": ["KP"]}
MORE_LANGUAGES = {
    "GB": ["sco", "gd", "cy"], "ES": ["ca"], "RU": ["ce"], "CN": ["bo"], "MM": ["my"], "GE": ["ab"], "KG": ["ky"], "IE": ["ga"],
}


def plain(text):
    """The letters without case, accents, apostrophes and the dotless i."""
    text = unicodedata.normalize("NFD", text.replace("İ", "i").lower())
    return "".join(c for c in text if not unicodedata.combining(c) and c not in "'’ʼ").replace("ı", "i")


def starts(text):
    """A word and, of Arabic, the word without its article."""
    words = plain(text).replace("-", " ").split()
    return words + [w.removeprefix("ال") for w in words]


def unconfirmed(language):
    locale = Locale.parse(language)
    for line in (LANGUAGES / language / "adjectives.tsv").read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        code, forms = line.split("\t")[:2]
        spoken = list(get_official_languages(code, de_facto=True)) + MORE_LANGUAGES.get(code, [])
        names = [locale.territories.get(c, "") for c in [code, *MORE_TERRITORIES.get(code, [])]]
        names += [locale.languages.get(c, "") for c in spoken]
        known = [w for name in names for w in starts(name)]
        for form in forms.split("|"):
            if not any(len(os.path.commonprefix([f, k])) >= LEAST for f in starts(form) for k in known):
                yield code, form


if __name__ == "__main__":
    for language in sys.argv[1:] or sorted(p.parent.name for p in LANGUAGES.glob("*/adjectives.tsv")):
        print(language, "  ".join(f"{code} {form}" for code, form in unconfirmed(language)))
